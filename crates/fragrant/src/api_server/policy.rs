//! What an API server decides for all its calls.

use crate::message::Realm;
use crate::value::Origin;

/// The settings of an API server. The default is strict.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Policy {
    /// What its challenges call it.
    pub realm: Realm,
    /// Which API server this is. A token that was issued for certain API servers is refused by all others, and so by
    /// one that does not know its own name (RFC 9700 section 2.3).
    pub audience: Option<Origin>,
    /// Takes a token from a form body too (RFC 6750 section 2.2), which no client should need.
    pub accepts_form_tokens: bool,
    /// Takes a token from the query of the address too (RFC 6750 section 2.3).
    ///
    /// **What it gives away.** Addresses end up in logs, histories and `Referer` headers, and the token with them.
    pub dangerous_query_tokens: bool,
}

impl Policy {
    /// The strict settings: a token comes in the `Authorization` header or not at all.
    pub const fn new(realm: Realm) -> Self {
        Self { realm, audience: None, accepts_form_tokens: false, dangerous_query_tokens: false }
    }
}
