//! The authorization endpoint's address.

use alloc::string::String;
use core::fmt;

use thiserror::Error;

use super::{Host, HttpUri, InvalidUri, Origin};
use crate::grammar;
use crate::spec::RequestParameter;
use crate::text::{self, pieces};

/// Where step 1 sends the user agent (RFC 6749 section 3.1): `https`, no fragment; a query of its own is kept.
///
/// `http` is taken for this machine only (`127.0.0.0/8`, `[::1]`, `localhost`), where test servers live.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AuthorizationEndpoint(HttpUri);

/// Why an address is no authorization endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Error)]
#[non_exhaustive]
pub enum InvalidEndpoint {
    /// Not a normal address.
    #[error(fmt = write_uri)]
    Uri(#[from] InvalidUri),
    /// It has a fragment (RFC 6749 section 3.1 forbids it).
    #[error("authorization endpoint: a fragment is not allowed")]
    Fragment,
    /// Its own query holds a parameter that every request sets, which would then be there twice.
    #[error(fmt = write_request_parameter)]
    RequestParameter(&'static str),
    /// `http` to another machine.
    #[error("authorization endpoint: expected https (http only for this machine)")]
    Insecure,
}

fn write_uri(invalid: &InvalidUri, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_str("authorization endpoint: ")?;
    fmt::Display::fmt(invalid, f)
}

fn write_request_parameter(name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    text::write(f, &["authorization endpoint: its query must not hold `", name, "`, which the request sets"])
}

impl AuthorizationEndpoint {
    /// Reads the endpoint's address.
    ///
    /// # Errors
    /// [`InvalidEndpoint`] says what is wrong.
    pub fn new(text: impl Into<String>) -> Result<Self, InvalidEndpoint> {
        let uri = HttpUri::parse(text)?;
        // req: RFC6749-3.1-3
        if uri.fragment().is_some() {
            return Err(InvalidEndpoint::Fragment);
        }
        let query = uri.query().unwrap_or_default();
        for pair in pieces(query, b'&') {
            let name = pieces(pair, b'=').next().unwrap_or_default();
            let names = |own: &&RequestParameter| grammar::unescaped(name).eq(own.name().bytes());
            let mut reserved = RequestParameter::ALL.iter().filter(|parameter| parameter.is_reserved());
            if let Some(parameter) = reserved.find(names) {
                return Err(InvalidEndpoint::RequestParameter(parameter.name()));
            }
        }
        // req: RFC6749-3.1-4
        if !uri.is_https() && uri.host_kind() == Host::Other {
            return Err(InvalidEndpoint::Insecure);
        }
        Ok(Self(uri))
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The address in its parts.
    pub fn uri(&self) -> &HttpUri {
        &self.0
    }

    /// The server's origin, which messages from its windows must come from.
    pub fn origin(&self) -> Origin {
        Origin::of(&self.0)
    }
}

impl fmt::Display for AuthorizationEndpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    // req(test): RFC6749-3.1-3, RFC6749-3.1-4
    fn https_without_fragment_or_this_machine() {
        assert!(AuthorizationEndpoint::new("https://as.example/authorize?tenant=1").is_ok());
        assert!(AuthorizationEndpoint::new("http://127.0.0.1:8080/authorize").is_ok());
        assert!(AuthorizationEndpoint::new("http://localhost/authorize").is_ok());
        assert_eq!(AuthorizationEndpoint::new("http://as.example/authorize"), Err(InvalidEndpoint::Insecure));
        assert_eq!(
            AuthorizationEndpoint::new("https://as.example/authorize#x"),
            Err(InvalidEndpoint::Fragment)
        );
        assert_eq!(
            AuthorizationEndpoint::new("https://as.example/authorize?tenant=1&st%61te=x"),
            Err(InvalidEndpoint::RequestParameter("state"))
        );
        assert_eq!(AuthorizationEndpoint::new("as.example"), Err(InvalidEndpoint::Uri(InvalidUri::Scheme)));
    }

    #[test]
    fn its_origin_is_that_of_its_address() {
        let endpoint = AuthorizationEndpoint::new("https://as.example:8443/authorize?tenant=1").unwrap();
        assert_eq!(endpoint.uri().path(), "/authorize");
        assert_eq!(endpoint.origin().as_str(), "https://as.example:8443");
    }
}
