//! Answers.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::{Router, middleware};
use serde_json::{Value, json};

use crate::browsers::OpenerPolicy;

/// What every answer that is looked at by a browser says: nothing is loaded, and nobody frames it.
pub(super) const CONTENT_SECURITY_POLICY: &str =
    "default-src 'none'; base-uri 'none'; frame-ancestors 'none'";

/// The headers of every answer.
// req: RFC6819-4.4.2.2-2, RFC9700-4.2.4-2, RFC6819-5.2.2.6-1
const HEADERS: [(HeaderName, HeaderValue); 5] = [
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(CONTENT_SECURITY_POLICY)),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
];

/// Sets a header. What no header can carry is left out; there is nothing of that kind among ours.
pub(crate) fn set_header(response: &mut Response, name: &str, value: &str) {
    if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(value)) {
        response.headers_mut().insert(name, value);
    }
}

/// What browsers ask each origin for, whatever its pages say.
pub(crate) const ICON: &str = "/favicon.ico";

/// There is none, which is no mistake of whoever asks.
pub(crate) fn no_icon() -> Response {
    empty(StatusCode::NO_CONTENT)
}

/// An answer without a body.
pub(crate) fn empty(status: StatusCode) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response.headers_mut().extend(HEADERS);
    response
}

/// An answer with a body of this type.
pub(super) fn body(status: StatusCode, content_type: &str, content: impl Into<Body>) -> Response {
    let mut response = empty(status);
    *response.body_mut() = content.into();
    set_header(&mut response, "content-type", content_type);
    response
}

/// An answer that holds a file of ours.
pub(crate) fn asset(content_type: &str, content: impl Into<Body>) -> Response {
    body(StatusCode::OK, content_type, content)
}

/// An answer in plain words.
pub(crate) fn text(status: StatusCode, words: impl Into<String>) -> Response {
    body(status, "text/plain; charset=utf-8", words.into())
}

/// An answer for a program.
pub(crate) fn json(status: StatusCode, value: &Value) -> Response {
    body(status, "application/json", value.to_string())
}

/// An answer for a program that says what is wrong.
pub(crate) fn problem(status: StatusCode, words: &str) -> Response {
    json(status, &json!({ "message": words }))
}

/// A redirect by 303: whatever came here, what goes there is a GET without a body.
pub(crate) fn redirect(location: &str) -> Response {
    let mut response = empty(StatusCode::SEE_OTHER);
    set_header(&mut response, "location", location);
    response
}

/// Has every answer carry the policy, redirects included: a browser asks it of each answer on the way to a page.
pub(crate) fn with_opener_policy(router: Router, policy: Option<OpenerPolicy>) -> Router {
    let Some(policy) = policy else { return router };
    router.layer(middleware::map_response_with_state(policy, add_opener_policy))
}

async fn add_opener_policy(State(policy): State<OpenerPolicy>, mut response: Response) -> Response {
    set_header(&mut response, "cross-origin-opener-policy", policy.as_str());
    response
}
