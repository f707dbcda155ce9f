#![no_main]

use arbitrary::Arbitrary;
use fragrant::message::{AccessTokenResponse, AuthorizationResponse, ErrorDescription, ErrorResponse, ErrorUri};
use fragrant::testing::oracle;
use fragrant::value::{AccessToken, ErrorCode, ExpiresIn, Issuer, RedirectUri, Scope, State, TokenType};

/// The parts of an answer as text; those that do not fit their grammar are left out.
#[derive(Arbitrary, Debug)]
struct Parts<'a> {
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

libfuzzer_sys::fuzz_target!(|parts: Parts<'_>| {
    let fallback = || RedirectUri::new("https://app.example/cb");
    let Ok(redirect_uri) = RedirectUri::new(parts.redirect_uri).or_else(|_| fallback()) else { return };
    let state = parts.state.and_then(|text| State::new(text).ok());
    let iss = parts.issuer.and_then(|text| Issuer::new(text).ok());
    let response = match parts.token.map(AccessToken::new) {
        Some(Ok(token)) => {
            let mut response = AccessTokenResponse::new(token, TokenType::BEARER);
            response.expires_in = parts.expires_in.map(ExpiresIn::from_seconds);
            response.scope = parts.scope.and_then(|text| Scope::new(text).ok());
            (response.state, response.iss) = (state, iss);
            for (name, value) in parts.extra {
                response.extra.add(name, value);
            }
            AuthorizationResponse::AccessToken(response)
        }
        _ => {
            let Ok(error) = ErrorCode::new(parts.error) else { return };
            let mut response = ErrorResponse::new(error);
            response.description = parts.description.and_then(|text| ErrorDescription::new(text).ok());
            response.uri = parts.uri.and_then(|text| ErrorUri::new(text).ok());
            (response.state, response.iss) = (state, iss);
            for (name, value) in parts.extra {
                response.extra.add(name, value);
            }
            AuthorizationResponse::Error(response)
        }
    };
    oracle::round_trip(&response, &redirect_uri);
});
