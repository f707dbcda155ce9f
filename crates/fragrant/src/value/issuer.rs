//! `iss`: which authorization server answered (RFC 9207).

use alloc::string::String;
use core::fmt;

use super::InvalidValue;
use crate::grammar;
use crate::text::{holds, pieces, split_at_last};

/// An issuer identifier: an HTTP address without query and fragment (RFC 9207 section 2). Compared byte by byte, so a
/// trailing slash counts.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Issuer(String);

impl Issuer {
    /// Checks that the text is an `https://` address without `?` and `#`; `http://` is taken for this machine
    /// (`127.0.0.1`, `[::1]`, `localhost`), where test servers live.
    ///
    /// # Errors
    /// [`InvalidValue`] when it is not.
    pub fn new(text: impl Into<String>) -> Result<Self, InvalidValue> {
        let text = text.into();
        let is_host = |rest: &str| !rest.is_empty() && !rest.starts_with('/');
        let is_local = |rest: &str| {
            let host = pieces(rest, b'/').next().unwrap_or_default();
            let name = split_at_last(host, b':').map_or(host, |(name, port)| {
                if port.bytes().all(|byte| byte.is_ascii_digit()) { name } else { host }
            });
            ["127.0.0.1", "[::1]", "localhost"].contains(&name)
        };
        let has_host = text.strip_prefix("https://").is_some_and(is_host)
            || text.strip_prefix("http://").is_some_and(is_local);
        // req: RFC9207-2-2
        if !has_host || holds(&text, b'?') || holds(&text, b'#') || !grammar::is_uri_reference(&text) {
            return Err(InvalidValue::new(
                "iss",
                None,
                "an https address (http only for this machine) without query and fragment",
            ));
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
        for local in ["http://127.0.0.1:18104", "http://[::1]", "http://[::1]:9/x", "http://localhost/tenant"]
        {
            assert!(Issuer::new(local).is_ok(), "{local}");
        }
        for bad in [
            "",
            "as.example",
            "https://",
            "https:///x",
            "https://a?b",
            "http://as.example",
            "http://127.0.0.1.evil.example",
            "http://localhost:x",
            "https://a#b",
            "https://a b",
        ] {
            assert!(Issuer::new(bad).is_err(), "{bad:?}");
        }
    }
}
