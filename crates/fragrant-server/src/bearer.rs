//! A call that brings a token: [`fragrant::api_server`] judges it by what the store knows.

use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::Response;
use fragrant::api_server::{Call, Policy, Refusal, credentials, judge};
use fragrant::value::{Scope, Timestamp};

use crate::http::{is_form, problem, set_header};
use crate::random::Key;
use crate::store::{IssuedTo, Store};

/// A call, and what it is judged by.
#[derive(Clone, Copy)]
pub(crate) struct Bearer<'a> {
    pub(crate) head: &'a Parts,
    pub(crate) body: &'a [u8],
    pub(crate) policy: &'a Policy,
    pub(crate) store: &'a Store,
    pub(crate) now: Timestamp,
}

impl Bearer<'_> {
    /// Whose token it is, if the call is let in.
    pub(crate) fn let_in(&self, required: Option<&Scope>) -> Result<Option<IssuedTo>, Refusal> {
        let headers = &self.head.headers;
        let authorization: Vec<&[u8]> =
            headers.get_all(header::AUTHORIZATION).iter().map(|value| value.as_bytes()).collect();
        let form = std::str::from_utf8(self.body).ok().filter(|_| is_form(headers));
        let call = Call { authorization: &authorization, query: self.head.uri.query(), form };
        let presented = credentials(&call, self.policy)?;
        let token = Key::parse(presented.token.reveal_secret());
        let issued = token.and_then(|token| self.store.token(&token, self.now));
        judge(issued.as_ref().map(|issued| &issued.record), required, self.now, self.policy)?;
        Ok(issued)
    }
}

/// The refusal as the core wrote it; in words only what its challenge says too.
// req: RFC6750-3-1, RFC6750-3.1-4, RFC6749-7.2-1
pub(crate) fn refused(refusal: &Refusal) -> Response {
    let challenge = refusal.challenge();
    let status = StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::UNAUTHORIZED);
    let words = challenge.error_description.as_ref().map_or("a bearer token is needed", |text| text.as_str());
    let mut response = problem(status, words);
    set_header(&mut response, "www-authenticate", &challenge.to_header_value());
    response
}
