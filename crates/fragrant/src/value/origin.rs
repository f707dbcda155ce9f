//! An origin: where a token may be sent, and who may ask.

use alloc::string::String;
use core::fmt;

use super::{HttpUri, InvalidUri};

/// Scheme, host and port of an HTTP address (RFC 6454), in the form browsers write: `https://host` or
/// `https://host:port`. Two origins are equal when all three parts are.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Origin(String);

impl Origin {
    /// Reads an origin, written without a path (`https://api.example`).
    ///
    /// # Errors
    /// [`InvalidUri`] when it is not in normal form or has a path, a query or a fragment.
    pub fn new(text: impl Into<String>) -> Result<Self, InvalidUri> {
        let mut text = text.into();
        let len = text.len();
        text.push('/');
        let uri = HttpUri::parse(text)?;
        if uri.origin().len() != len || uri.as_str().len() != len + 1 {
            return Err(InvalidUri::NotAnOrigin);
        }
        Ok(Self::of(&uri))
    }

    /// The origin of an address.
    pub fn of(uri: &HttpUri) -> Self {
        Self(uri.origin().into())
    }

    /// The origin's text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_equal_parts_are_equal() {
        let listed = Origin::new("https://api.example").unwrap();
        let of = |text: &str| Origin::of(&HttpUri::parse(text).unwrap());
        assert_eq!(of("https://api.example/v1/me?x=1"), listed);
        for other in [
            "http://api.example/",
            "https://api.example.evil.example/",
            "https://api.example:8443/",
            "https://xapi.example/",
        ] {
            assert_ne!(of(other), listed, "{other}");
        }
    }

    #[test]
    fn an_origin_has_no_path() {
        for bad in
            ["https://api.example/", "https://api.example/x", "https://api.example?x", "api.example", ""]
        {
            assert!(Origin::new(bad).is_err(), "{bad:?}");
        }
    }
}
