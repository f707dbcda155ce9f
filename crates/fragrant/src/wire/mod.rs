//! Text to parameters and back: borrowed views, and no judgement about what the parameters mean together.
//!
//! ```text
//! form        application/x-www-form-urlencoded: pairs, encoding (RFC 6749 appendix B)
//! text        one name or value of it: structure, decoding, and grammars told without decoding
//! name        which of the names that came back may be shown
//! redirect    what came back, cut up: the address, its query, a hash router's route, the fragment
//! parameters  one pass over a part of it: structure, repeated names, every known parameter in its slot
//! known       which names are an answer's own
//! slot        where each of them stands, and how it is written
//! flaw        what can be wrong with the structure
//! request     the same for the authorization request's query
//! bearer      the Authorization and WWW-Authenticate headers (RFC 6750)
//! ```

pub mod bearer;
mod blocks;
mod escapes;
pub mod flaw;
pub mod form;
mod known;
pub(crate) mod name;
pub mod parameters;
pub mod redirect;
pub mod request;
mod slot;
mod text;

pub use flaw::{Flaw, FlawKind};
pub use name::may_be_shown;
pub use parameters::Parameters;
pub use redirect::{Redirect, RedirectParameters};
pub use request::{RequestQuery, Unusable};

use crate::target::IS_SMALL;

/// How much is read before a text is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(clippy::exhaustive_structs)] // two settings, written as a literal
pub struct Limits {
    /// The longest input, in **bytes**.
    pub max_len: usize,
    /// The most parameters; empty ones (`&&`) do not count.
    pub max_parameters: usize,
}

impl Limits {
    /// 64 KiB and 64 parameters: more than any provider sends, little enough to be read in no time.
    pub const DEFAULT: Self = Self { max_len: 64 * 1024, max_parameters: 64 };
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// What stands before and behind the first `byte`, an ASCII one. It does what `split_once` does, in less time.
#[inline]
fn split_at_first(text: &str, byte: u8) -> Option<(&str, &str)> {
    let bytes = text.as_bytes();
    let start = if IS_SMALL {
        0
    } else {
        let (blocks, _) = bytes.as_chunks::<32>();
        // A fold over all bytes of a block is turned into vector code, where a search is not.
        let holds = |block: &&[u8; 32]| block.iter().fold(false, |is_there, own| is_there | (*own == byte));
        32 * blocks.iter().take_while(|block| !holds(block)).count()
    };
    let at = start + bytes.get(start..)?.iter().position(|own| *own == byte)?;
    Some((cut(text, 0, at), cut(text, at + 1, text.len())))
}

/// What stands from one place to another, both of which are beside an ASCII byte or an end.
#[inline]
fn cut(text: &str, start: usize, end: usize) -> &str {
    text.get(start..end).unwrap_or_default()
}

/// What stands between the bytes of one kind, an ASCII one.
fn pieces(text: &str, byte: u8) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    core::iter::from_fn(move || {
        let text = rest?;
        let (piece, next) = match split_at_first(text, byte) {
            Some((piece, next)) => (piece, Some(next)),
            None => (text, None),
        };
        rest = next;
        Some(piece)
    })
}
