//! An API call that has not had its last word.

use alloc::string::String;

#[derive(Clone, PartialEq, Eq)]
pub(super) struct Call {
    pub(super) method: String,
    pub(super) address: String,
    /// The number of the token that it was made with; `None` while it waits for one.
    pub(super) token: Option<u64>,
    /// It was made once and refused.
    pub(super) was_refused: bool,
}
