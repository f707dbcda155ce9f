//! What each small error says: lower case, no full stop, the parameter and what was expected; and nothing of what was given.

use fragrant::client::{InvalidRecord, PendingAuthorization, RestoreError};
use fragrant::user_agent::{BadLocation, follow};
use fragrant::value::{
    AuthorizationEndpoint, HttpUri, InvalidEndpoint, InvalidRedirectUri, InvalidUri, Origin, RedirectUri,
};

/// The text, checked for its form.
#[track_caller]
fn said(error: impl std::error::Error) -> String {
    let text = error.to_string();
    assert!(!text.ends_with('.') && !text.contains('\n'), "{text}");
    assert!(text.starts_with(|first: char| !first.is_uppercase() || text.starts_with("Location")), "{text}");
    assert!(!text.contains("planted"), "{text}");
    text
}

#[test]
fn of_addresses() {
    for (address, text) in [
        ("https://planted/ ", "byte 16 is not allowed in a URI; escape it as %XX"),
        ("https://planted/%", "a `%` must be followed by two hexadecimal digits"),
        ("planted", "expected an absolute address that begins with https:// (or http://), in lower case"),
        ("https://planted@a/", "user information before the host is not allowed"),
        (
            "https://Planted/",
            "expected a host of lower-case letters, digits, `-`, `.` (international names in their xn-- form)",
        ),
        ("https://1.2/", "expected an IPv4 address as four decimal numbers without leading zeros"),
        ("https://[::01]/", "expected an IPv6 address in its shortest lower-case form, in brackets"),
        ("https://planted:x/", "expected a port number from 1 to 65535, without leading zeros"),
        ("https://planted:443/", "leave the default port out"),
        ("https://planted", "expected a path; write `/` after the host"),
        (
            "https://planted/..",
            "the path must not have `.` or `..` segments; write it as the browser shows it",
        ),
        ("https://planted/?'", "write %27 for ' in the query, as the browser does"),
    ] {
        assert_eq!(said(HttpUri::parse(address).unwrap_err()), text);
    }
    assert_eq!(
        said(Origin::new("https://planted/").unwrap_err()),
        "expected an origin: scheme, host and port, with nothing behind them, not even a `/`"
    );
}

#[test]
fn of_endpoints_and_redirection_uris() {
    for (address, text) in [
        (
            "planted",
            "authorization endpoint: expected an absolute address that begins with https:// (or http://), in lower case",
        ),
        ("https://planted/#", "authorization endpoint: a fragment is not allowed"),
        ("http://planted/", "authorization endpoint: expected https (http only for this machine)"),
        (
            "https://planted/?state=planted",
            "authorization endpoint: its query must not hold `state`, which the request sets",
        ),
    ] {
        assert_eq!(said(AuthorizationEndpoint::new(address).unwrap_err()), text);
    }
    for (address, text) in [
        ("https://planted", "redirect_uri: expected a path; write `/` after the host"),
        ("https://planted/#x", "redirect_uri: a fragment is not allowed; leave out the `#` and what follows"),
        (
            "planted",
            "redirect_uri: expected an absolute address with a scheme, such as https:// or com.example.app:/",
        ),
        (
            "javascript:planted",
            "redirect_uri: expected https, http, or an app's own scheme in lower case (com.example.app:/)",
        ),
        (
            "planted:",
            "redirect_uri: expected a path after the private-use scheme, such as com.example.app:/callback",
        ),
        ("https://planted/?x=%FF", "redirect_uri: the escapes in its query must decode to UTF-8"),
        (
            "https://planted/?code=planted",
            "redirect_uri: its query must not hold `code`, which the answer uses",
        ),
    ] {
        assert_eq!(said(RedirectUri::new(address).unwrap_err()), text);
    }
    // Each wraps the address's own error as its source text.
    assert_eq!(
        InvalidEndpoint::from(InvalidUri::Scheme).to_string(),
        format!("authorization endpoint: {}", InvalidUri::Scheme)
    );
    assert_eq!(
        InvalidRedirectUri::from(InvalidUri::Scheme).to_string(),
        format!("redirect_uri: {}", InvalidUri::Scheme)
    );
}

#[test]
fn of_stored_records() {
    for (record, text) in [
        ("planted=%", "stored record: not a well-formed form"),
        ("v=1&planted=1&planted=2", "stored record: a field occurs twice"),
        ("v=planted", "stored record: expected version 1"),
        ("v=1", "stored record: the field `purpose` is missing"),
        ("v=1&purpose=planted", "stored record: the field `purpose` is not valid"),
    ] {
        assert_eq!(said(PendingAuthorization::decode(record).unwrap_err()), text);
    }
    assert_eq!(said(InvalidRecord::Unknown), "stored record: a field is not known");
    for (error, text) in [
        (RestoreError::OtherClient, "stored token: it is another client's"),
        (RestoreError::Ended, "stored token: it has ended"),
        (RestoreError::TokenType, "stored token: its type is not bearer"),
    ] {
        assert_eq!(said(error), text);
    }
}

#[test]
fn of_locations() {
    let here = HttpUri::parse("https://as.example/").unwrap();
    assert_eq!(
        said(follow(&here, "planted").unwrap_err()),
        "Location: expected an absolute address or a path that begins with `/`"
    );
    assert_eq!(
        said(BadLocation::Uri(InvalidUri::NoPath)),
        "Location: expected a path; write `/` after the host"
    );
}
