//! What programs fetch from the authorization server: its metadata, and what becomes of a token. Pages of registered origins
//! may do so too; no cookie plays a part in it.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::response::Response;
use axum::routing::{any, get};
use fragrant::authorization_server::{RevocationError, RevocationRequest};
use fragrant::value::Scope;
use serde_json::{Value, json};

use super::AuthorizationServer;
use crate::bearer::{Bearer, refused};
use crate::http::{
    cross_origin, empty, is_form, json as answer_json, problem, set_header, whole_body, with_cors,
};
use crate::random::Key;

/// Where the metadata is (RFC 8414 section 3).
const METADATA: &str = "/.well-known/oauth-authorization-server";

pub(super) fn routes(server: &AuthorizationServer) -> Router<Arc<AuthorizationServer>> {
    let paths = server.provider.paths;
    let mut router = Router::new().route(METADATA, get(metadata));
    if let Some(path) = paths.revocation {
        router = router.route(path, any(revoke));
    }
    if let Some(path) = paths.token_info {
        router = router.route(path, any(token_info));
    }
    router
}

async fn metadata(State(server): State<Arc<AuthorizationServer>>) -> Response {
    let mut response = answer_json(StatusCode::OK, &server.metadata());
    // It is the same for everybody, and public.
    set_header(&mut response, "access-control-allow-origin", "*");
    response
}

async fn revoke(State(server): State<Arc<AuthorizationServer>>, request: Request) -> Response {
    server.fetched(request, &Method::POST, async |head, body| server.revoke(head, body).await).await
}

async fn token_info(State(server): State<Arc<AuthorizationServer>>, request: Request) -> Response {
    server.fetched(request, &Method::GET, async |head, body| server.token_info(head, body)).await
}

impl AuthorizationServer {
    /// Answers what a page of another origin may ask for, by the one method that there is.
    // req: RFC7009-2.3-1
    async fn fetched(
        &self,
        request: Request,
        method: &Method,
        answer: impl AsyncFnOnce(&Parts, &[u8]) -> Response,
    ) -> Response {
        let (head, body) = request.into_parts();
        let cross_origin = cross_origin(&head, &self.cors);
        let response = if cross_origin.is_preflight {
            empty(StatusCode::NO_CONTENT)
        } else if head.method == *method {
            answer(&head, &whole_body(body).await).await
        } else {
            let mut response = problem(StatusCode::METHOD_NOT_ALLOWED, &format!("expected {method}"));
            set_header(&mut response, "allow", method.as_str());
            response
        };
        with_cors(response, cross_origin)
    }

    /// Whether programs fetch what is there, and people never see it.
    pub(super) fn is_fetched(&self, path: &str) -> bool {
        let paths = self.provider.paths;
        [Some(METADATA), paths.revocation, paths.token_info].contains(&Some(path))
    }

    /// What whoever asks too often hears there.
    pub(super) fn fetched_too_often(&self, request: Request) -> Response {
        let (head, _) = request.into_parts();
        let mut response = problem(StatusCode::TOO_MANY_REQUESTS, "too many requests; try again in a second");
        set_header(&mut response, "retry-after", "1");
        with_cors(response, cross_origin(&head, &self.cors))
    }

    /// The metadata of a server with one grant and one response type (RFC 8414 section 2, RFC 9207 section 3).
    // req: RFC8414-2-1, RFC9207-2.3-1, RFC9207-3-1, RFC9700-2.6-1
    fn metadata(&self) -> Value {
        let paths = self.provider.paths;
        let at = |path: &str| format!("{}{path}", self.origin);
        let mut metadata = json!({
            "issuer": self.origin.as_str(),
            "authorization_endpoint": at(paths.authorization),
            "response_types_supported": ["token"],
            "response_modes_supported": ["fragment"],
            "grant_types_supported": ["implicit"],
            "prompt_values_supported": ["none", "login", "consent", "select_account"],
            "authorization_response_iss_parameter_supported": self.policy.issuer.is_some(),
        });
        let mut scopes: Vec<&str> = self
            .clients
            .values()
            .filter_map(|client| client.allowed_scope())
            .flat_map(Scope::names)
            .collect();
        scopes.sort_unstable();
        scopes.dedup();
        if !scopes.is_empty() {
            metadata["scopes_supported"] = scopes.into();
        }
        if let Some(path) = paths.revocation {
            metadata["revocation_endpoint"] = at(path).into();
            metadata["revocation_endpoint_auth_methods_supported"] = json!(["none"]);
        }
        metadata
    }

    /// A token is given back. That there is no such token is not said.
    // req: RFC7009-2-2
    async fn revoke(&self, head: &Parts, body: &[u8]) -> Response {
        if !is_form(&head.headers) {
            return refuse_revocation(RevocationError::Malformed);
        }
        let form = std::str::from_utf8(body).map_err(|_| RevocationError::Malformed);
        let request = match form.and_then(RevocationRequest::read) {
            Ok(request) => request,
            Err(error) => return refuse_revocation(error),
        };
        let now = self.clock.now();
        let token = request.token().and_then(|token| Key::parse(token.reveal_secret()));
        let issued = token.and_then(|token| self.store.token(&token, now));
        let is_registered = self.clients.contains_key(request.client_id());
        if let Err(error) = request.judge(is_registered, issued.as_ref().map(|issued| &issued.client_id)) {
            return refuse_revocation(error);
        }
        if let Some(token) = token
            && self.store.revoke_token(&token, now).wait().await.is_err()
        {
            return problem(StatusCode::SERVICE_UNAVAILABLE, "the token could not be taken back");
        }
        empty(StatusCode::OK)
    }

    /// What a token is good for, for whoever has it.
    fn token_info(&self, head: &Parts, body: &[u8]) -> Response {
        let now = self.clock.now();
        let policy = &self.token_info_policy;
        let issued = match (Bearer { head, body, policy, store: &self.store, now }).let_in(None) {
            Ok(Some(issued)) => issued,
            // `judge` has refused a token that nobody was issued.
            Ok(None) => return problem(StatusCode::INTERNAL_SERVER_ERROR, "the token is not known"),
            Err(refusal) => return refused(&refusal),
        };
        let id = self.users.id(&issued.owner).unwrap_or_default();
        let scope: Vec<&str> =
            issued.record.scope.as_ref().map(|scope| scope.names().collect()).unwrap_or_default();
        let info = json!({
            "resource_owner_id": id.parse::<u64>().map_or_else(|_| id.into(), Value::from),
            "scope": scope,
            "expires_in_seconds": issued.record.expiry.seconds_left(now),
            "application": { "uid": issued.client_id.as_str() },
            "created_at": issued.issued_at.as_unix_seconds(),
        });
        answer_json(StatusCode::OK, &info)
    }
}

fn refuse_revocation(error: RevocationError) -> Response {
    let status = StatusCode::from_u16(RevocationError::STATUS).unwrap_or(StatusCode::BAD_REQUEST);
    answer_json(status, &json!({ "error": error.code(), "error_description": error.to_string() }))
}
