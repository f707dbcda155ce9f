//! The API server on HTTP: [`fragrant::api_server`] judges every call, and a small sample API answers those that are
//! let in.

mod sample;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode, header};
use axum::response::Response;
use fragrant::api_server::{Call, CorsPolicy, CrossOrigin, Policy, Refusal, cors, credentials, judge};
use fragrant::value::Scope;
use fragrant_profiles::Provider;
use serde_json::json;

use crate::clock::Clock;
use crate::http::{empty, header_text, is_form, json, read_body, set_header};
use crate::random::Key;
use crate::store::{IssuedTo, Store};
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

pub(crate) fn router(server: Arc<ApiServer>) -> Router {
    Router::new().fallback(call).with_state(server)
}

async fn call(State(server): State<Arc<ApiServer>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let origin = header_text(&head.headers, header::ORIGIN);
    let cors = cors(
        &CrossOrigin {
            origin,
            is_options: head.method == Method::OPTIONS,
            requested_method: header_text(&head.headers, header::ACCESS_CONTROL_REQUEST_METHOD),
        },
        &server.cors,
    );
    let mut response = if cors.is_preflight {
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
    // Errors carry them too, or a page could not read its challenge.
    for (name, value) in cors.headers {
        set_header(&mut response, name, &value);
    }
    response
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
        let caller = match self.let_in(head, body, required.as_ref()) {
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

    /// Whose token it is, if the call is let in.
    fn let_in(
        &self,
        head: &Parts,
        body: &[u8],
        required: Option<&Scope>,
    ) -> Result<Option<IssuedTo>, Refusal> {
        let authorization: Vec<&[u8]> =
            head.headers.get_all(header::AUTHORIZATION).iter().map(|value| value.as_bytes()).collect();
        let form = std::str::from_utf8(body).ok().filter(|_| is_form(&head.headers));
        let call = Call { authorization: &authorization, query: head.uri.query(), form };
        let presented = credentials(&call, &self.policy)?;
        let now = self.clock.now();
        let issued =
            Key::parse(presented.token.reveal_secret()).and_then(|token| self.store.token(&token, now));
        let record = issued.as_ref().map(|issued| &issued.record);
        judge(record, required, now, &self.policy)?;
        Ok(issued)
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

/// The refusal as the core wrote it; in words only what its challenge says too.
// req: RFC6750-3-1, RFC6750-3.1-4, RFC6749-7.2-1
fn refused(refusal: &Refusal) -> Response {
    let challenge = refusal.challenge();
    let status = StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::UNAUTHORIZED);
    let words = challenge.error_description.as_ref().map_or("a bearer token is needed", |text| text.as_str());
    let mut response = problem(status, words);
    set_header(&mut response, "www-authenticate", &challenge.to_header_value());
    response
}

fn problem(status: StatusCode, words: &str) -> Response {
    json(status, &json!({ "message": words }))
}
