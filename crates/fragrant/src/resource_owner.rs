//! The resource owner: the person (or entity) who can grant access (RFC 6749 section 1.1), and what that person can do.
//!
//! The protocol sees very little of a person: that somebody logged in, and what was decided. Everything else happens
//! on the authorization server's pages. Someone who closes the page does something too, and no message tells anybody
//! of it: the client's pending request just ends by its age.

use alloc::string::String;
use core::fmt;

use crate::value::{InvalidValue, Scope};

/// What a resource owner decides on the consent page.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(clippy::exhaustive_enums)] // complete: nothing, a part, everything
pub enum Decision {
    /// No token.
    Deny,
    /// A token for these names alone, which must be among those that the page showed.
    Grant(Scope),
    /// A token for all that the page showed.
    GrantAll,
}

/// What a resource owner can do on the authorization server's pages.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Action {
    /// Close the page, or walk away. Nobody is told.
    Close,
    /// Decide on the consent page.
    Decide(Decision),
    /// Log in on the login page, as this person.
    LogIn(ResourceOwnerId),
}

/// The name under which the authorization server knows a resource owner: its own affair, never on the wire of this
/// grant.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ResourceOwnerId(String);

impl ResourceOwnerId {
    /// Takes any text that is not empty and has no control characters.
    ///
    /// # Errors
    /// [`InvalidValue`] when it is empty or has one.
    pub fn new(text: impl Into<String>) -> Result<Self, InvalidValue> {
        let text = text.into();
        let bad = text.find(char::is_control);
        if bad.is_some() || text.is_empty() {
            let expected = "text that is not empty and has no control characters";
            return Err(InvalidValue::new("resource owner", bad, expected));
        }
        Ok(Self(text))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ResourceOwnerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_resource_owner_has_a_plain_name() {
        assert_eq!(ResourceOwnerId::new("Zoë 7").unwrap().as_str(), "Zoë 7");
        for bad in ["", "a\n", "\u{0}", "a\u{85}"] {
            assert!(ResourceOwnerId::new(bad).is_err(), "{bad:?}");
        }
        assert_eq!(ResourceOwnerId::new("a\n").unwrap_err().at(), Some(1));
    }
}
