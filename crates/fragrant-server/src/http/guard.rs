//! What is looked at before any server's own business.

use axum::body::{Body, HttpBody as _};
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use axum::{Router, middleware};

use super::{header_text, read_body, set_header, text};

/// Puts both guards before the routes; that of the host only where there is one to answer to.
pub(crate) fn guarded(router: Router, own_host: Option<String>) -> Router {
    for_host(router.layer(middleware::from_fn(body)), own_host)
}

/// Puts the guard of the host before the routes, if there is one to answer to.
pub(crate) fn for_host(router: Router, own_host: Option<String>) -> Router {
    match own_host {
        Some(own) => router.layer(middleware::from_fn_with_state(own, host)),
        None => router,
    }
}

/// Reads the whole body before anything is answered, whether anybody wants it or not: a connection with an unread body
/// has to be closed, and the caller may be sending its next request by then.
async fn body(request: Request, next: Next) -> Response {
    if request.body().is_end_stream() {
        return next.run(request).await;
    }
    let (head, body) = request.into_parts();
    match read_body(body).await {
        Ok(body) => next.run(Request::from_parts(head, Body::from(body))).await,
        Err(status) => {
            let mut response = text(status, "The request is too long, or came too slowly.\n");
            set_header(&mut response, "connection", "close");
            response
        }
    }
}

/// Refuses a request that was meant for another host. A page of anybody's can have its own name lead to this machine,
/// and its scripts then count as ours (DNS rebinding); what gives it away is the `Host` header.
async fn host(State(own): State<String>, request: Request, next: Next) -> Response {
    if header_text(request.headers(), header::HOST) == Some(&*own) {
        return next.run(request).await;
    }
    text(StatusCode::MISDIRECTED_REQUEST, format!("This server is at {own} and answers to no other name.\n"))
}
