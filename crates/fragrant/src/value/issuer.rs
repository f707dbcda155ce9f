//! `iss`: which authorization server answered (RFC 9207).

use alloc::string::String;
use core::fmt;

use super::InvalidValue;
use crate::grammar;

/// An issuer identifier: an HTTP address without query and fragment (RFC 9207 section 2). Compared byte by byte, so a
/// trailing slash counts.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Issuer(String);

impl Issuer {
    /// Checks that the text is an `https://` (or, for test servers, `http://`) address without `?` and `#`.
    ///
    /// # Errors
    /// [`InvalidValue`] when it is not.
    pub fn new(text: impl Into<String>) -> Result<Self, InvalidValue> {
        let text = text.into();
        let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
        let has_host = rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'));
        // req: RFC9207-2-2
        if !has_host || text.contains(['?', '#']) || !grammar::is_uri_reference(&text) {
            return Err(InvalidValue::new("iss", None, "an https address without query and fragment"));
        }
        Ok(Self(text))
    }

    /// The identifier.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    // req(test): RFC9207-2-2
    fn grammar() {
        assert!(Issuer::new("https://as.example").is_ok());
        assert!(Issuer::new("https://as.example/tenant/").is_ok());
        assert!(Issuer::new("http://127.0.0.1:18104").is_ok());
        for bad in ["", "as.example", "https://", "https:///x", "https://a?b", "https://a#b", "https://a b"] {
            assert!(Issuer::new(bad).is_err(), "{bad:?}");
        }
    }
}
