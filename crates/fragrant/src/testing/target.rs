//! The fuzz targets: what each does with the bytes that a fuzzer invents.
//!
//! `fuzz/fuzz_targets` calls one of these from each of its programs, and an ordinary test calls them with the corpus that
//! is kept, so that what has been found once is tried in every run.

use alloc::vec::Vec;

use arbitrary::{Arbitrary, Unstructured};

use super::{flow, grant, oracle, user_agent};
use crate::message::{AccessTokenResponse, AuthorizationResponse, ErrorDescription, ErrorResponse, ErrorUri};
use crate::value::{AccessToken, ErrorCode, ExpiresIn, Issuer, RedirectUri, Scope, State, TokenType};

/// What a target does with the bytes that it is given: it panics if a law is broken.
pub type Target = fn(&[u8]);

/// Every target: its name, and what it does.
pub const TARGETS: &[(&str, Target)] = &[
    ("authorization_request", authorization_request),
    ("authorize", authorize),
    ("bearer_challenge", bearer_challenge),
    ("client_flow", client_flow),
    ("consent", consent),
    ("differential", differential),
    ("fragment", fragment),
    ("redirect", redirect),
    ("round_trip", round_trip),
    ("session", session),
];

/// A query at the authorization endpoint.
pub fn authorization_request(input: &[u8]) {
    flow::authorization_request(text(input));
}

/// A query at the authorization endpoint, and who is at the browser.
pub fn authorize(input: &[u8]) {
    grant::authorize(text(input));
}

/// A value of the `Authorization` or `WWW-Authenticate` header. The first need not be text.
pub fn bearer_challenge(input: &[u8]) {
    flow::credentials(input);
    flow::bearer_challenge(text(input));
}

/// A client among events, one a byte.
pub fn client_flow(input: &[u8]) {
    flow::client_flow(input);
}

/// A decision, and the request that it is about.
pub fn consent(input: &[u8]) {
    grant::consent(text(input));
}

/// A text that the crate and the reference judge alike.
pub fn differential(input: &[u8]) {
    flow::differential(text(input));
}

/// A text that came back, under every law.
pub fn fragment(input: &[u8]) {
    oracle::fragment(text(input));
}

/// Bytes that came back, which need not be text.
pub fn redirect(input: &[u8]) {
    oracle::fragment_bytes(input);
}

/// An answer made of the bytes, written and read back.
pub fn round_trip(input: &[u8]) {
    if let Ok(parts) = ResponseParts::arbitrary_take_rest(Unstructured::new(input)) {
        let redirect_uri = RedirectUri::new(parts.redirect_uri);
        let redirect_uri = redirect_uri.or_else(|_| RedirectUri::new("https://app.example/cb"));
        if let (Ok(redirect_uri), Some(response)) = (redirect_uri, parts.response()) {
            oracle::round_trip(&response, &redirect_uri);
        }
    }
}

/// A session in a tab that two bytes at a time happen to.
pub fn session(input: &[u8]) {
    user_agent::happenings(input);
}

/// The bytes as far as they are text.
fn text(input: &[u8]) -> &str {
    let valid = match core::str::from_utf8(input) {
        Ok(text) => return text,
        Err(error) => input.get(..error.valid_up_to()),
    };
    valid.and_then(|valid| core::str::from_utf8(valid).ok()).unwrap_or_default()
}

/// The parts of an answer as text. Those that do not fit their grammar are left out.
#[derive(Arbitrary, Debug)]
struct ResponseParts<'a> {
    token: Option<&'a str>,
    error: &'a str,
    description: Option<&'a str>,
    uri: Option<&'a str>,
    expires_in: Option<u64>,
    scope: Option<&'a str>,
    state: Option<&'a str>,
    issuer: Option<&'a str>,
    extra: Vec<(&'a str, &'a str)>,
    redirect_uri: &'a str,
}

impl ResponseParts<'_> {
    /// A success if there is a token, else an error if there is a code.
    fn response(self) -> Option<AuthorizationResponse> {
        let state = self.state.and_then(|text| State::new(text).ok());
        let iss = self.issuer.and_then(|text| Issuer::new(text).ok());
        if let Some(Ok(token)) = self.token.map(AccessToken::new) {
            let mut response = AccessTokenResponse::new(token, TokenType::BEARER);
            response.expires_in = self.expires_in.map(ExpiresIn::from_seconds);
            response.scope = self.scope.and_then(|text| Scope::new(text).ok());
            (response.state, response.iss) = (state, iss);
            for (name, value) in self.extra {
                response.extra.add(name, value);
            }
            return Some(AuthorizationResponse::AccessToken(response));
        }
        let mut response = ErrorResponse::new(ErrorCode::new(self.error).ok()?);
        response.description = self.description.and_then(|text| ErrorDescription::new(text).ok());
        response.uri = self.uri.and_then(|text| ErrorUri::new(text).ok());
        (response.state, response.iss) = (state, iss);
        for (name, value) in self.extra {
            response.extra.add(name, value);
        }
        Some(AuthorizationResponse::Error(response))
    }
}
