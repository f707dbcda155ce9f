//! `redirect_uri`: where the answer goes.

use alloc::string::String;
use core::fmt;

use thiserror::Error;

use super::{Host, HttpUri, InvalidUri};
use crate::grammar::{self, ALPHA, DIGIT, URI_CHAR};
use crate::spec::ResponseParameter;
use crate::text::{self, holds, pieces, split_at_first};

/// A client's redirection URI (RFC 6749 section 3.1.2): absolute, without fragment, in the form in which the browser will
/// show it when the answer arrives, so that both can be compared byte by byte.
///
/// Either an `http` or `https` address in normal form (lower-case ASCII host, no default port, a path) or an address in
/// the private-use scheme of a native app (`com.example.app:/callback`, RFC 8252 section 7.1).
///
/// This is the client's side. What an authorization server lets a client register is its own decision, see
/// [`RegisteredRedirectUri`](crate::authorization_server::RegisteredRedirectUri).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RedirectUri(Kind);

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Kind {
    Http(HttpUri),
    PrivateUse(String),
}

/// Why a text is no redirection URI for a client. Each says what to write instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Error)]
#[non_exhaustive]
pub enum InvalidRedirectUri {
    /// An `http` or `https` address that is not in normal form.
    #[error(fmt = write_uri)]
    Uri(#[from] InvalidUri),
    /// It has a fragment, which the answer needs for itself.
    #[error("redirect_uri: a fragment is not allowed; leave out the `#` and what follows")]
    Fragment,
    /// No scheme at all.
    #[error(
        "redirect_uri: expected an absolute address with a scheme, such as https:// or com.example.app:/"
    )]
    Relative,
    /// A scheme that browsers run themselves, such as `javascript:`, or one that is not in lower case.
    #[error("redirect_uri: expected https, http, or an app's own scheme in lower case (com.example.app:/)")]
    Scheme,
    /// Nothing after the private-use scheme.
    #[error("redirect_uri: expected a path after the private-use scheme, such as com.example.app:/callback")]
    EmptyPath,
    /// Its own query has escapes that do not decode to UTF-8, so that no answer there could be read.
    #[error("redirect_uri: the escapes in its query must decode to UTF-8")]
    QueryNotUtf8,
    /// Its own query holds a parameter that answers use.
    #[error(fmt = write_answer_parameter)]
    AnswerParameter(&'static str),
}

fn write_uri(invalid: &InvalidUri, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_str("redirect_uri: ")?;
    fmt::Display::fmt(invalid, f)
}

fn write_answer_parameter(name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    text::write(f, &["redirect_uri: its query must not hold `", name, "`, which the answer uses"])
}

impl RedirectUri {
    /// Reads a redirection URI.
    ///
    /// # Errors
    /// [`InvalidRedirectUri`] says what is wrong and what to write instead.
    // req: RFC6749-A.6-1
    pub fn new(text: impl Into<String>) -> Result<Self, InvalidRedirectUri> {
        let text = text.into();
        // req: RFC6749-3.1.2-3
        if holds(&text, b'#') {
            return Err(InvalidRedirectUri::Fragment);
        }
        // req: RFC6749-3.1.2-1, RFC6749-3.1.2.2-2
        let scheme = scheme(&text).ok_or(InvalidRedirectUri::Relative)?;
        let kind = if scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https") {
            Kind::Http(HttpUri::parse(text)?)
        } else {
            check_private_use(scheme, &text)?;
            Kind::PrivateUse(text)
        };
        let uri = Self(kind);
        check_query(uri.query().unwrap_or_default())?;
        Ok(uri)
    }

    /// The whole address.
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Kind::Http(uri) => uri.as_str(),
            Kind::PrivateUse(text) => text,
        }
    }

    /// The query without its `?`.
    pub fn query(&self) -> Option<&str> {
        match &self.0 {
            Kind::Http(uri) => uri.query(),
            Kind::PrivateUse(text) => split_at_first(text, b'?').map(|(_, query)| query),
        }
    }

    /// The HTTP address, unless the scheme is private-use.
    pub fn http(&self) -> Option<&HttpUri> {
        match &self.0 {
            Kind::Http(uri) => Some(uri),
            Kind::PrivateUse(_) => None,
        }
    }

    /// Whether the scheme is private-use and made from a reversed domain name, as RFC 8252 section 7.1 demands: nobody
    /// owns `myapp:`, so any other app may claim it and receive the token.
    // req: RFC8252-7.1-1
    pub fn has_reversed_domain_scheme(&self) -> bool {
        self.http().is_none() && scheme(self.as_str()).is_some_and(|scheme| holds(scheme, b'.'))
    }

    /// Whether the answer would travel in clear: `http` to a host that is not this machine (RFC 6749 section 3.1.2.1).
    /// Providers may insist on it; people on the way can read it.
    pub fn is_insecure(&self) -> bool {
        self.http().is_some_and(|uri| !uri.is_https() && uri.host_kind() == Host::Other)
    }
}

impl fmt::Display for RedirectUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The scheme, if the text begins with one: `ALPHA *( ALPHA / DIGIT / "+" / "-" / "." ) ":"`.
pub(crate) fn scheme(text: &str) -> Option<&str> {
    let (scheme, _) = split_at_first(text, b':')?;
    let mut bytes = scheme.bytes();
    let fits = bytes.next().is_some_and(|first| ALPHA.contains(first))
        && bytes.all(|byte| ALPHA.contains(byte) || DIGIT.contains(byte) || b"+-.".contains(&byte));
    fits.then_some(scheme)
}

/// Schemes that a browser or the system handles itself: an answer sent there would be run, shown or sent somewhere else.
const NOT_PRIVATE_USE: [&str; 16] = [
    "about",
    "blob",
    "chrome",
    "content",
    "data",
    "file",
    "filesystem",
    "ftp",
    "intent",
    "javascript",
    "mailto",
    "vbscript",
    "view-source",
    "ws",
    "wss",
    "tel",
];

fn check_private_use(scheme: &str, text: &str) -> Result<(), InvalidRedirectUri> {
    if NOT_PRIVATE_USE.contains(&scheme) || scheme.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return Err(InvalidRedirectUri::Scheme);
    }
    if let Some(at) = URI_CHAR.first_outside(text.as_bytes()) {
        return Err(InvalidUri::Character { at }.into());
    }
    if !grammar::has_whole_escapes(text) {
        return Err(InvalidUri::Escape.into());
    }
    if text.len() == scheme.len() + 1 {
        return Err(InvalidRedirectUri::EmptyPath);
    }
    Ok(())
}

/// A query with `state=` or `error=` of its own could not be told from an answer's.
fn check_query(query: &str) -> Result<(), InvalidRedirectUri> {
    for pair in pieces(query, b'&') {
        let (name, value) = split_at_first(pair, b'=').unwrap_or((pair, ""));
        if ![name, value].iter().all(|text| grammar::is_utf8(&mut grammar::unescaped(text))) {
            return Err(InvalidRedirectUri::QueryNotUtf8);
        }
        let names = |own: &&&str| grammar::unescaped(name).eq(own.bytes());
        if let Some(name) = ResponseParameter::NAMES.iter().find(names) {
            return Err(InvalidRedirectUri::AnswerParameter(name));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use alloc::format;

    use super::*;

    #[test]
    // req(test): RFC6749-3.1.2-1, RFC6749-3.1.2-3, RFC8252-7.1-1, RFC6749-A.6-1
    fn takes_the_forms_that_browsers_and_apps_use() {
        for good in [
            "https://app.example/cb",
            "https://app.example/cb?keep=1",
            "http://localhost:8080/callback.html",
            "http://127.0.0.1:49152/",
            "http://[::1]:49152/cb",
            "http://example.com/cb",
            "com.example.app:/callback",
            "com.example.app://callback?x=1",
            "myapp://callback",
            "a1+b-c.d:/cb",
        ] {
            assert_eq!(RedirectUri::new(good).unwrap().as_str(), good);
        }
        assert!(RedirectUri::new("com.example.app:/cb").unwrap().has_reversed_domain_scheme());
        assert!(!RedirectUri::new("myapp:/cb").unwrap().has_reversed_domain_scheme());
        assert!(!RedirectUri::new("https://app.example/cb").unwrap().has_reversed_domain_scheme());
    }

    #[test]
    // req(test): RFC6749-3.1.2-1, RFC6749-3.1.2-3, RFC8252-7.1-1, RFC6749-A.6-1
    fn says_what_to_write_instead() {
        use InvalidRedirectUri::*;
        for (bad, expected) in [
            ("https://app.example/cb#x", Fragment),
            ("/cb", Relative),
            ("", Relative),
            ("app.example/cb", Relative),
            ("cb/x:y", Relative),
            ("a_b:/cb", Relative),
            ("1password:/cb", Relative),
            (":/cb", Relative),
            ("javascript:alert(1)", Scheme),
            ("data:text/html,x", Scheme),
            ("JavaScript:alert(1)", Scheme),
            ("Com.example:/cb", Scheme),
            ("com.example.app:", EmptyPath),
            ("com.example.app:/a b", Uri(InvalidUri::Character { at: 18 })),
            ("com.example.app:/%", Uri(InvalidUri::Escape)),
            ("HTTPS://app.example/cb", Uri(InvalidUri::Scheme)),
            ("https://App.example/cb", Uri(InvalidUri::Host)),
            ("https://app.example", Uri(InvalidUri::NoPath)),
            ("https://app.example:443/", Uri(InvalidUri::DefaultPort)),
            ("https://app.example/cb?x=%FF", QueryNotUtf8),
            ("https://app.example/cb?state=1", AnswerParameter("state")),
            ("https://app.example/cb?a=1&%65rror", AnswerParameter("error")),
        ] {
            assert_eq!(RedirectUri::new(bad).unwrap_err(), expected, "{bad}");
        }
        assert_eq!(
            format!("{}", RedirectUri::new("https://app.example").unwrap_err()),
            "redirect_uri: expected a path; write `/` after the host"
        );
    }

    #[test]
    fn clear_text_to_other_machines_is_told() {
        assert!(RedirectUri::new("http://example.com/cb").unwrap().is_insecure());
        assert!(!RedirectUri::new("https://example.com/cb").unwrap().is_insecure());
        assert!(!RedirectUri::new("http://127.0.0.1:1/cb").unwrap().is_insecure());
        assert!(!RedirectUri::new("com.example.app:/cb").unwrap().is_insecure());
    }
}
