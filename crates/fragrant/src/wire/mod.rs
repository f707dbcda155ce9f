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
