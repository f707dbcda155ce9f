//! `client_id`: the client's public name at the authorization server.

use alloc::string::String;
use core::fmt;

use super::InvalidValue;
use crate::grammar::VSCHAR;

/// A client identifier (RFC 6749 section 2.2; grammar of appendix A.1, never empty here because an empty parameter
/// counts as absent). It is public: knowing it proves nothing.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ClientId(String);

impl ClientId {
    /// Checks the grammar: one or more printable ASCII characters.
    ///
    /// # Errors
    /// [`InvalidValue`] when the text is empty or holds anything else.
    pub fn new(text: impl Into<String>) -> Result<Self, InvalidValue> {
        let text = text.into();
        // req: RFC6749-A.1-1, RFC6749-2.2-3
        InvalidValue::unless_of(VSCHAR, &text, "client_id", "one or more printable ASCII characters")?;
        Ok(Self(text))
    }

    /// The identifier.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ClientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    // req(test): RFC6749-A.1-1, RFC6749-2.2-3
    fn takes_any_printable_ascii_of_any_length() {
        assert_eq!(ClientId::new("s6BhdRkqt3").unwrap().as_str(), "s6BhdRkqt3");
        assert!(ClientId::new(" ~").is_ok());
        assert!(ClientId::new("x".repeat(65_536)).is_ok());
        for bad in ["", "é", "a\tb", "\u{7f}"] {
            assert!(ClientId::new(bad).is_err(), "{bad:?}");
        }
    }
}
