//! What pages of other origins may see: [`fragrant::api_server::cors`] says it.

use axum::http::request::Parts;
use axum::http::{Method, header};
use axum::response::Response;
use fragrant::api_server::{Cors, CorsPolicy, CrossOrigin, cors};

use super::{header_text, set_header};

/// What a request says of the page that it comes from, judged.
pub(crate) fn cross_origin(head: &Parts, policy: &CorsPolicy) -> Cors {
    let call = CrossOrigin {
        origin: header_text(&head.headers, header::ORIGIN),
        is_options: head.method == Method::OPTIONS,
        requested_method: header_text(&head.headers, header::ACCESS_CONTROL_REQUEST_METHOD),
        requested_headers: header_text(&head.headers, header::ACCESS_CONTROL_REQUEST_HEADERS),
    };
    cors(&call, policy)
}

/// Adds the headers. Errors carry them too, or a page could not read its challenge.
pub(crate) fn with_cors(mut response: Response, cors: Cors) -> Response {
    for (name, value) in cors.headers {
        set_header(&mut response, name, &value);
    }
    response
}
