//! The authorization server on HTTP: pages, cookies and a memory around the states of
//! [`fragrant::authorization_server`], which decide everything.
//!
//! ```text
//!  GET, POST {authorization}   a page, or a redirect to the client
//!  POST      /login            the login page, sent in
//!  POST      /consent          the consent page, sent in
//!  POST      {revocation}      a token is given back (RFC 7009)
//!  GET       {token_info}      what a token is good for, where the provider tells
//!  GET       /.well-known/oauth-authorization-server      the metadata (RFC 8414)
//!  GET       /probe            whether cookies reach this server in a frame
//!  GET       /style.css
//! ```
//!
//! A page is bound to the browser that it was shown to and can be sent in once: the login page by a cookie that names
//! the browser, the consent page by the one that names its login session, both by a token in the form beside it. The
//! endpoint is navigated to and never fetched, so no page here has CORS headers (RFC 9700 section 2.6); what programs fetch
//! has them.

mod fetched;
mod flow;
mod pages;
mod proofs;
mod turns;

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Extension, Router};
use fragrant::api_server::{self, CorsPolicy};
use fragrant::authorization_server::{ClientRegistration, Policy};
use fragrant::value::{ClientId, ExpiresIn, Origin};
use fragrant_profiles::Provider;
use tokio::sync::watch;
use tokio::time::{Instant, timeout};

pub(crate) use proofs::{Page, Proofs};
pub(crate) use turns::Turns;

use crate::browsers::OpenerPolicy;
use crate::clock::Clock;
use crate::http::{
    Cookie, Form, ICON, asset, guard, is_for_frame, is_form, is_from_elsewhere, no_icon, set_header,
    whole_body, with_opener_policy,
};
use crate::limits::{Caller, Rate, TooOften};
use crate::quirks::Quirks;
use crate::random::Random;
use crate::store::{SessionId, Store};
use crate::user::Users;

/// The authorization server, and everything that it knows.
pub(crate) struct AuthorizationServer {
    pub(crate) provider: &'static Provider,
    pub(crate) policy: Policy,
    pub(crate) clients: HashMap<ClientId, Arc<ClientRegistration>>,
    pub(crate) users: Arc<Users>,
    pub(crate) clock: Clock,
    pub(crate) random: Random,
    pub(crate) proofs: Proofs,
    pub(crate) turns: Turns,
    /// How often somebody may try to log in.
    pub(crate) logins: Rate,
    /// How often somebody may ask for anything.
    pub(crate) asking: Option<Rate>,
    pub(crate) store: Arc<Store>,
    pub(crate) origin: Origin,
    /// Which API server its tokens are for.
    pub(crate) api_origin: Origin,
    pub(crate) token_lifetime: ExpiresIn,
    /// In **seconds**.
    pub(crate) session_lifetime: u64,
    /// Names the instance of the application that gets the tokens, where an answer says so.
    pub(crate) app_instance: String,
    /// Names the browser, whoever sits there.
    pub(crate) browser_cookie: Cookie,
    /// Names the login session.
    pub(crate) session_cookie: Cookie,
    pub(crate) opener_policy: Option<OpenerPolicy>,
    pub(crate) refuses_frames: bool,
    /// Whose pages may give tokens back and ask about them.
    pub(crate) cors: CorsPolicy,
    /// By what a token is judged that somebody asks about.
    pub(crate) token_info_policy: api_server::Policy,
    pub(crate) quirks: Quirks,
    /// How long a request waits for its answer.
    pub(crate) delay: watch::Receiver<Duration>,
    /// How many requests have come to the endpoint.
    pub(crate) requests: Arc<AtomicU64>,
}

/// What the browser's cookies say.
#[derive(Clone, Copy, Debug)]
struct Visitor {
    browser: Option<SessionId>,
    session: Option<SessionId>,
}

/// Where everything is.
// req: RFC6749-3.1-5, RFC6749-3.1-6, OIDC-3.1.2.1-1, RFC9700-2.6-3
pub(crate) fn router(server: Arc<AuthorizationServer>, own_host: Option<String>) -> Router {
    let opener_policy = server.opener_policy;
    let router = fetched::routes(&server)
        .route(server.provider.paths.authorization, get(authorize).post(authorize_by_form))
        .route("/login", post(login))
        .route("/consent", post(consent))
        .route("/probe", get(probe))
        .route(ICON, get(async || no_icon()))
        .route("/style.css", get(|| async { asset("text/css; charset=utf-8", include_str!("../style.css")) }))
        .fallback(async |State(server): State<Arc<AuthorizationServer>>| server.not_found())
        .with_state(server.clone());
    let router = match server.asking {
        Some(_) => router.layer(middleware::from_fn_with_state(server, seldom_enough)),
        None => router,
    };
    guard::guarded(with_opener_policy(router, opener_policy), own_host)
}

// req: RFC7009-5-1
async fn seldom_enough(
    State(server): State<Arc<AuthorizationServer>>,
    Extension(caller): Extension<Caller>,
    request: Request,
    next: Next,
) -> Response {
    match server.asking.as_ref().map_or(Ok(()), |rate| rate.allows(caller)) {
        Ok(()) => next.run(request).await,
        Err(TooOften) if server.is_fetched(request.uri().path()) => server.fetched_too_often(request),
        Err(TooOften) => server.too_often(),
    }
}

async fn authorize(State(server): State<Arc<AuthorizationServer>>, request: Request) -> Response {
    let query = request.uri().query().unwrap_or_default();
    server.answer(query, request.headers()).await
}

async fn authorize_by_form(State(server): State<Arc<AuthorizationServer>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    if !is_form(&head.headers) {
        return server.bad_form(StatusCode::UNSUPPORTED_MEDIA_TYPE);
    }
    match std::str::from_utf8(&whole_body(body).await) {
        Ok(query) => server.answer(query, &head.headers).await,
        Err(_) => server.bad_form(StatusCode::BAD_REQUEST),
    }
}

async fn probe(State(server): State<Arc<AuthorizationServer>>) -> Response {
    let mut response = asset("text/html; charset=utf-8", fragrant::probe::PAGE);
    // A page says by the same headers as the endpoint does whether it may be framed.
    if !server.refuses_frames {
        response.headers_mut().remove("x-frame-options");
        for (name, value) in fragrant::probe::HEADERS {
            set_header(&mut response, name, value);
        }
    }
    response
}

async fn login(
    State(server): State<Arc<AuthorizationServer>>,
    Extension(caller): Extension<Caller>,
    request: Request,
) -> Response {
    match server.own_form(request).await {
        Ok((form, visitor)) => server.log_in(&form, visitor, caller).await,
        Err(response) => response,
    }
}

async fn consent(State(server): State<Arc<AuthorizationServer>>, request: Request) -> Response {
    match server.own_form(request).await {
        Ok((form, visitor)) => server.decide(&form, visitor).await,
        Err(response) => response,
    }
}

impl AuthorizationServer {
    /// Answers an authorization request, in its own time.
    async fn answer(&self, query: &str, headers: &HeaderMap) -> Response {
        self.requests.fetch_add(1, Ordering::Relaxed);
        self.wait().await;
        if let Some(status) = self.quirks.refusal {
            return self.refusal_page(status);
        }
        match self.refuses_frames && is_for_frame(headers) {
            true => self.framed_page(),
            false => self.begin(query, self.visitor(headers)).await,
        }
    }

    /// Waits as long as it is to wait, which may be told anew meanwhile.
    async fn wait(&self) {
        let (start, mut delay) = (Instant::now(), self.delay.clone());
        let mut left = *delay.borrow_and_update();
        // A timer takes a millisecond at least, so where nothing is waited for there is none.
        while !left.is_zero()
            && let Ok(Ok(())) = timeout(left, delay.changed()).await
        {
            left = delay.borrow_and_update().saturating_sub(start.elapsed());
        }
    }

    fn visitor(&self, headers: &HeaderMap) -> Visitor {
        Visitor { browser: self.browser_cookie.read(headers), session: self.session_cookie.read(headers) }
    }

    /// Reads a form that only a page of our own may send.
    async fn own_form(&self, request: Request) -> Result<(Form, Visitor), Response> {
        let (head, body) = request.into_parts();
        if is_from_elsewhere(&head.headers, self.origin.as_str()) {
            return Err(self.stale_page());
        }
        if !is_form(&head.headers) {
            return Err(self.bad_form(StatusCode::UNSUPPORTED_MEDIA_TYPE));
        }
        let form =
            Form::read(&whole_body(body).await).ok_or_else(|| self.bad_form(StatusCode::BAD_REQUEST))?;
        Ok((form, self.visitor(&head.headers)))
    }
}
