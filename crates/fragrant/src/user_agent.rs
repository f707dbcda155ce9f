//! The user agent: what a browser does to fragments and redirects.
//!
//! The whole grant rests on one habit of browsers: the fragment of an address stays with them. These are its rules as pure
//! functions, for programs that play a user agent and for the model; a real browser has them built in.
//!
//! [`follow`] knows no more of addresses than the grant needs. It resolves an absolute address, in normal form as
//! [`HttpUri`] reads it, and a path that begins with one `/`. It leaves out the other relative references of RFC 3986
//! section 4.2: a path that begins elsewhere (`login`, `../login`), a query or a fragment alone (`?x`, `#x`), nothing at
//! all, and `//host/path`, which keeps the scheme and changes the host. They are refused, and nothing is repaired.

use alloc::string::String;
use core::fmt;

use thiserror::Error;

use crate::value::{HttpUri, InvalidUri};

/// A `Location` that leads nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Error)]
#[non_exhaustive]
pub enum BadLocation {
    /// Neither an absolute address nor a path on the same server.
    #[error("Location: expected an absolute address or a path that begins with `/`")]
    Relative,
    /// An `http` or `https` address that is not in normal form.
    #[error("Location: {0}")]
    Uri(#[from] InvalidUri),
}

/// Where a redirect leads. `Debug` shows no fragment, which may hold a token.
#[derive(Clone, PartialEq, Eq, Hash)]
#[allow(clippy::exhaustive_enums)] // either the browser loads it or somebody else does
pub enum Destination {
    /// An address that the browser loads.
    Http(HttpUri),
    /// An address in another scheme, handed to the app that has claimed it (RFC 8252 section 7.1).
    App(String),
}

impl Destination {
    /// The address, its fragment included.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Http(uri) => uri.as_str(),
            Self::App(address) => address,
        }
    }
}

impl fmt::Debug for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Http(uri) => f.debug_tuple("Http").field(uri).finish(),
            Self::App(address) => {
                write!(f, "App({}: (redacted))", crate::value::scheme(address).unwrap_or_default())
            }
        }
    }
}

/// Follows a redirect from `current`. A `Location` without a fragment inherits the fragment of the address it is followed
/// from (RFC 9110 section 10.2.2): which is why an authorization server must always write one of its own.
///
/// # Errors
/// [`BadLocation`] when it leads nowhere.
pub fn follow(current: &HttpUri, location: &str) -> Result<Destination, BadLocation> {
    let mut target = String::new();
    // `//host/path` would leave the server while looking like a path.
    if location.starts_with('/') && !location.starts_with("//") {
        target.push_str(current.origin());
    }
    target.push_str(location);
    if let (false, Some(fragment)) = (location.contains('#'), current.fragment()) {
        target.push('#');
        target.push_str(fragment);
    }
    match crate::value::scheme(&target) {
        None => Err(BadLocation::Relative),
        Some("http" | "https") => Ok(Destination::Http(HttpUri::parse(target)?)),
        Some(_) => Ok(Destination::App(target)),
    }
}

/// The address as the server gets to see it: without the fragment (RFC 6749 section 4.2).
// req: RFC6749-4.2-1
pub fn request_target(uri: &HttpUri) -> &str {
    uri.without_fragment()
}

/// Whether a redirect of this status is followed with the same method and body. `307` and `308` repeat the request, its body
/// included: a login form would be posted on to the client (RFC 9700 section 4.12). After every other status a `GET`
/// follows.
pub const fn repeats_the_request(status: u16) -> bool {
    matches!(status, 307 | 308)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn uri(text: &str) -> HttpUri {
        HttpUri::parse(text).unwrap()
    }

    #[test]
    fn a_location_without_a_fragment_inherits_the_current_one() {
        let current = uri("https://as.example/authorize?x=1#leaked=1");
        for (location, expected) in [
            ("https://app.example/cb", "https://app.example/cb#leaked=1"),
            ("https://app.example/cb#access_token=x", "https://app.example/cb#access_token=x"),
            ("https://app.example/cb#_", "https://app.example/cb#_"),
            ("https://app.example/cb#", "https://app.example/cb#"),
            ("/login?next=1", "https://as.example/login?next=1#leaked=1"),
            ("com.example.app:/cb", "com.example.app:/cb#leaked=1"),
        ] {
            assert_eq!(follow(&current, location).unwrap().as_str(), expected, "{location}");
        }
    }

    #[test]
    fn what_leads_nowhere() {
        let current = uri("https://as.example/");
        for relative in
            ["", "login", "./login", "../login", "?x", "#x", "//evil.example/", "//evil.example/#x"]
        {
            assert_eq!(follow(&current, relative), Err(BadLocation::Relative), "{relative}");
        }
        assert!(matches!(follow(&current, "https://A/"), Err(BadLocation::Uri(_))));
    }

    #[test]
    fn only_two_statuses_repeat_a_request() {
        assert!((300..400).filter(|status| repeats_the_request(*status)).eq([307, 308]));
    }

    #[test]
    // req(test): RFC6749-4.2-1
    fn a_server_never_sees_a_fragment() {
        assert_eq!(request_target(&uri("https://a/cb?x#access_token=y")), "https://a/cb?x");
    }

    #[test]
    fn debug_shows_where_it_leads_and_no_fragment() {
        let current = uri("https://as.example/");
        let shown = |location: &str| alloc::format!("{:?}", follow(&current, location).unwrap());
        assert_eq!(
            shown("https://app.example/cb?x=1#y"),
            "Http(HttpUri(https://app.example/cb?x=1#(redacted)))"
        );
        assert_eq!(shown("com.example.app:/cb#y"), "App(com.example.app: (redacted))");
    }
}
