//! Why an input was not taken.

use core::fmt;

use thiserror::Error;

use super::input::InputKind;
use super::phase::Phase;
use crate::client::{ApiRequestError, BeginError};
use crate::text;

/// Why an input was not taken. The session is as it was before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Error)]
#[non_exhaustive]
pub enum HandleError {
    /// The API request cannot be made.
    #[error(transparent)]
    ApiRequest(#[from] ApiRequestError),
    /// The authorization request cannot be made.
    #[error(transparent)]
    Begin(#[from] BeginError),
    /// A call of that name is under way.
    #[error("call: expected a name that no call under way has")]
    CallRepeated,
    /// The effects of the last input have not all been taken.
    #[error("effects are waiting; take them with `next_effect` until there are none")]
    EffectsPending,
    /// Nothing is done about such an input in this phase. An adapter may pass over it: what comes too late is not wrong.
    #[error(fmt = write_unexpected)]
    UnexpectedInput {
        /// What came.
        input: InputKind,
        /// Where the session stood.
        phase: Phase,
    },
}

fn write_unexpected(input: &InputKind, phase: &Phase, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    text::write(f, &["unexpected input: `", input.as_str(), "` while `"])?;
    fmt::Display::fmt(phase, f)?;
    f.write_str("`")
}
