//! What can be wrong with the structure of what came back.

use alloc::string::String;
use core::fmt;

use thiserror::Error;

use super::form::{Fault, Text};
use super::name::Shown;

/// A flaw in the structure of what came back.
#[derive(Clone, PartialEq, Eq, Error)]
#[error("{kind}")]
pub struct Flaw {
    /// What it is.
    pub kind: FlawKind,
    /// The decoded name of the parameter it is in, where that is sound.
    pub parameter: Option<String>,
    /// The offset of that parameter's first byte in the input, or of the flaw where it is in none.
    pub offset: usize,
}

impl fmt::Debug for Flaw {
    /// Shows the parameter's name only if [it may be shown](super::may_be_shown).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Flaw")
            .field("kind", &self.kind)
            .field("parameter", &Shown::of(&self.parameter))
            .field("offset", &self.offset)
            .finish()
    }
}

/// The kinds of flaws, in the order in which they are judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Error)]
#[non_exhaustive]
pub enum FlawKind {
    /// More bytes than the limit.
    #[error("longer than the limit")]
    TooLong,
    /// More parameters than the limit.
    #[error("more parameters than the limit")]
    TooManyParameters,
    /// A name or a value whose structure is bad.
    #[error("{0}")]
    Malformed(Fault),
    /// A known parameter that stands there already.
    #[error("the parameter occurs twice")]
    Duplicate,
}

/// A [`Flaw`] where it stands. Most that are found are not told, as another comes before them.
#[derive(Clone, Copy)]
pub(super) struct FlawAt<'a> {
    pub(super) kind: FlawKind,
    pub(super) parameter: Option<Text<'a>>,
    pub(super) offset: usize,
}

impl From<FlawAt<'_>> for Flaw {
    fn from(found: FlawAt<'_>) -> Self {
        let parameter = found.parameter.map(|name| name.decode().into_owned());
        Self { kind: found.kind, parameter, offset: found.offset }
    }
}
