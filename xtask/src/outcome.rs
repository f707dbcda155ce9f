//! How a part ends.

/// `Ok` is a pass, so that a part gives up with `?` at the first thing that is not as it should be.
pub(crate) type Outcome<T = ()> = Result<T, Shortfall>;

/// Why a part did not pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Shortfall {
    /// The project is not as it should be. Holds the reason.
    Failed(String),
    /// The part could not look, since something is missing on this machine. Holds the way to get it.
    Skipped(String),
}

/// A failure, ready for `?`.
pub(crate) fn failed<T>(reason: impl Into<String>) -> Outcome<T> {
    Err(Shortfall::Failed(reason.into()))
}

/// A failure for each complaint there is, a line each; a pass if there is none.
pub(crate) fn none_of(complaints: &[String]) -> Outcome {
    match complaints {
        [] => Ok(()),
        [only] => failed(only.as_str()),
        many => failed(format!("{} complaints:\n{}", many.len(), many.join("\n"))),
    }
}
