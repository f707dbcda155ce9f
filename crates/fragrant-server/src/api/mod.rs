//! The API server on HTTP: [`fragrant::api_server`] judges every call, and a small sample API answers those that are
//! let in.

mod sample;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::response::Response;
use fragrant::api_server::{CorsPolicy, Policy};
use fragrant::value::Scope;
use fragrant_profiles::Provider;

use crate::bearer::{Bearer, refused};
use crate::clock::Clock;
use crate::http::{cross_origin, empty, guard, header_text, json, problem, read_body, set_header, with_cors};
use crate::store::Store;
use crate::user::Users;

/// The API server, and everything that it knows.
pub(crate) struct ApiServer {
    pub(crate) provider: &'static Provider,
    pub(crate) policy: Policy,
    pub(crate) cors: CorsPolicy,
    pub(crate) users: Arc<Users>,
    pub(crate) clock: Clock,
    pub(crate) store: Arc<Store>,
}

pub(crate) fn router(server: Arc<ApiServer>, own_host: Option<String>) -> Router {
    guard::for_host(Router::new().fallback(call).with_state(server), own_host)
}

async fn call(State(server): State<Arc<ApiServer>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let cross_origin = cross_origin(&head, &server.cors);
    let response = if cross_origin.is_preflight {
        empty(StatusCode::NO_CONTENT)
    } else {
        match read_body(body).await {
            Ok(body) => server.answer(&head, &body),
            Err(status) => {
                let mut response = problem(status, "the body is too long or came too slowly");
                // What is left of the body would be in the way of the next request.
                set_header(&mut response, "connection", "close");
                response
            }
        }
    };
    with_cors(response, cross_origin)
}

impl ApiServer {
    fn answer(&self, head: &Parts, body: &[u8]) -> Response {
        let path = head.uri.path();
        if !path.starts_with(self.provider.paths.api) {
            return problem(StatusCode::NOT_FOUND, "there is no API here");
        }
        // The server of HTTP leaves the body of an answer to HEAD away.
        let method = if head.method == Method::HEAD { &Method::GET } else { &head.method };
        let sample = self.provider.habits.sample_calls.iter().find(|sample| sample.path == path);
        let required = sample.and_then(|sample| Scope::new(sample.scope?).ok());
        let bearer = Bearer { head, body, policy: &self.policy, store: &self.store, now: self.clock.now() };
        let caller = match bearer.let_in(required.as_ref()) {
            Ok(Some(caller)) => caller,
            // `judge` has refused a token that nobody was issued.
            Ok(None) => return problem(StatusCode::INTERNAL_SERVER_ERROR, "the token is not known"),
            Err(refusal) => return refused(&refusal),
        };
        if let Err(words) = self.check_call_header(head, method.as_str(), path) {
            return problem(StatusCode::BAD_REQUEST, &words);
        }
        if sample.is_none() {
            return problem(StatusCode::NOT_FOUND, "there is no such resource");
        }
        if method != Method::GET {
            let mut response = problem(StatusCode::METHOD_NOT_ALLOWED, "expected GET");
            set_header(&mut response, "allow", "GET, HEAD");
            return response;
        }
        let caller = sample::Caller {
            name: caller.owner.as_str(),
            client_id: caller.client_id.as_str(),
            id: self.users.id(&caller.owner).unwrap_or_default(),
        };
        json(StatusCode::OK, &sample::answer(path, &caller))
    }

    /// Whether the call has the header that the provider wants beside the token, with the one value that is known here.
    fn check_call_header(&self, head: &Parts, method: &str, path: &str) -> Result<(), String> {
        let header = self.provider.habits.call_header.filter(|header| header.is_needed(method, path));
        let Some(header) = header else { return Ok(()) };
        match header_text(&head.headers, header.name) {
            Some(value) if value == header.sample => Ok(()),
            Some(_) => Err(format!("{}: no such {}", header.name, header.names)),
            None => Err(format!("{}: the header is missing", header.name)),
        }
    }
}
