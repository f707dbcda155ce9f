//! The client's web side: a page with a *Sign in* button, and the redirection URI. The client itself is the core's
//! [`Client`]; what happens here is that addresses are carried to it and back.
//!
//! ```text
//!  GET  /             the page with the button
//!  POST /sign-in      step 1: off to the authorization server
//!  GET  /callback     the redirection URI: a page whose script hands its whole address over
//!  GET  /callback.js
//!  POST /received     step 3: the address, judged; what came of it as JSON
//!  GET  /style.css
//!  GET  /config.json  what the application is a client with
//! ```
//!
//! With a folder of files there are those instead, and `/config.json`; what happens then happens in the browser.
//!
//! The request that waits for its answer is kept here, under the browser's cookie and the key in the state, and is
//! taken out in the same act in which it is looked up.

mod folder;
mod pages;

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::routing::{get, post};
use fragrant::client::{Authorized, Client, Denied, PendingAuthorization, Received, Rejection};
use fragrant::value::{Entropy, Issuer, Origin, PendingKey, Scope};
use fragrant::wire::Redirect;
use fragrant_profiles::{Provider, SampleCall};
use serde_json::{Map, Value, json};

pub(crate) use folder::AppFolder;

use crate::browsers::OpenerPolicy;
use crate::clock::Clock;
use crate::http::{
    Cookie, ICON, asset, guard, header_text, is_content_type, is_from_elsewhere, json, no_icon, redirect,
    whole_body, with_opener_policy,
};
use crate::random::{Key, KeyHash, Random};
use crate::store::{Ageing, locked};

/// Where the authorization server's answer comes to.
pub(crate) const CALLBACK: &str = "/callback";
/// The header by which the redirect page's script shows that it is ours: a page of another origin may not set it
/// without asking.
const PAGE_HEADER: &str = "x-fragrant-page";
/// The most requests that wait for their answer. Beyond that the oldest one is forgotten.
pub(crate) const MAX_PENDING: usize = 20_000;

/// Names a browser: 256 bits.
type BrowserId = Key<32>;
pub(crate) type PendingTable = Ageing<(KeyHash, PendingKey), PendingAuthorization>;

/// The application, and everything that it knows.
pub(crate) struct App {
    pub(crate) provider: &'static Provider,
    pub(crate) name: String,
    pub(crate) client: Client,
    /// What it asks for.
    pub(crate) scope: Option<Scope>,
    pub(crate) clock: Clock,
    pub(crate) random: Random,
    pub(crate) origin: Origin,
    pub(crate) api_origin: Origin,
    pub(crate) cookie: Cookie,
    pub(crate) pending: Mutex<PendingTable>,
    pub(crate) opener_policy: Option<OpenerPolicy>,
    /// What is served in the place of the plain pages.
    pub(crate) folder: Option<AppFolder>,
}

pub(crate) fn router(app: Arc<App>, own_host: Option<String>) -> Router {
    let opener_policy = app.opener_policy;
    let router = match app.folder {
        Some(_) => Router::new().fallback(get(async |State(app): State<Arc<App>>, request: Request| {
            app.file(request.uri().path())
        })),
        None => plain_pages(),
    };
    let config = get(async |State(app): State<Arc<App>>| json(StatusCode::OK, &app.config()));
    let router = router.route("/config.json", config).with_state(app);
    guard::guarded(with_opener_policy(router, opener_policy), own_host)
}

fn plain_pages() -> Router<Arc<App>> {
    // req: RFC6749-3.1.2.5-2
    let script = || async { asset("text/javascript; charset=utf-8", include_str!("callback.js")) };
    Router::new()
        .route("/", get(front))
        .route("/sign-in", post(sign_in))
        .route(CALLBACK, get(async |State(app): State<Arc<App>>| app.callback_page()))
        .route("/callback.js", get(script))
        .route("/received", post(received))
        .route(ICON, get(async || no_icon()))
        .route("/style.css", get(|| async { asset("text/css; charset=utf-8", include_str!("../style.css")) }))
        .fallback(async |State(app): State<Arc<App>>| app.not_found())
}

async fn front(State(app): State<Arc<App>>, request: Request) -> Response {
    let mut response = app.front_page();
    if app.cookie.read::<32>(request.headers()).is_none() {
        let browser: BrowserId = app.random.key();
        if let Ok(value) = HeaderValue::from_str(&app.cookie.to_header_value(&browser)) {
            response.headers_mut().append(header::SET_COOKIE, value);
        }
    }
    response
}

async fn sign_in(State(app): State<Arc<App>>, request: Request) -> Response {
    let headers = request.headers();
    // A login begins on the application's own page and nowhere else.
    match app.cookie.read(headers).filter(|_| !is_from_elsewhere(headers, app.origin.as_str())) {
        Some(browser) => app.begin(browser),
        None => app.not_from_here(),
    }
}

async fn received(State(app): State<Arc<App>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let is_ours = header_text(&head.headers, PAGE_HEADER) == Some("callback")
        && is_content_type(&head.headers, "text/plain")
        && !is_from_elsewhere(&head.headers, app.origin.as_str());
    let Some(browser) = app.cookie.read(&head.headers).filter(|_| is_ours) else {
        return json(StatusCode::FORBIDDEN, &json!({ "message": "only the redirect page may send this" }));
    };
    json(StatusCode::OK, &app.receive(browser, &whole_body(body).await))
}

impl App {
    /// **Step 1.**
    fn begin(&self, browser: BrowserId) -> Response {
        let now = self.clock.now();
        let mut request = self.client.authorization_request();
        request.scope.clone_from(&self.scope);
        match self.client.begin(request, Entropy::new(self.random.bytes()), now) {
            Ok((url, awaiting)) => {
                self.keep(browser, awaiting.into_pending());
                redirect(url.as_str())
            }
            Err(error) => self.failed(&error.to_string()),
        }
    }

    /// **Step 3.** The page has handed its address over.
    fn receive(&self, browser: BrowserId, address: &[u8]) -> Value {
        let Ok(address) = std::str::from_utf8(address) else {
            return json!({ "outcome": "rejected", "reason": "malformed", "message": "the address is not UTF-8" });
        };
        let now = self.clock.now();
        let key = Redirect::split(address).pending_key();
        let pending =
            key.and_then(|key| locked(&self.pending).take_if(&(browser.hash(), key), now, |_| true));
        let Some(pending) = pending else {
            return json!({ "outcome": "not_ours", "message": "no sign-in of this browser waits for this address" });
        };
        let awaiting = match self.client.resume(pending) {
            Ok(awaiting) => awaiting,
            Err(error) => return json!({ "outcome": "not_ours", "message": error.to_string() }),
        };
        match awaiting.receive(address, now) {
            Received::Authorized(authorized) => self.authorized(&authorized),
            Received::Denied(denied) => said_no(&denied),
            Received::Rejected { rejection, awaiting } => {
                // Anybody can send such an address; it must not end a login.
                if let Some(awaiting) = awaiting {
                    self.keep(browser, awaiting.into_pending());
                }
                not_believed(&rejection)
            }
            Received::NotOurs(awaiting) => {
                self.keep(browser, awaiting.into_pending());
                json!({ "outcome": "not_ours", "message": "the address holds no answer" })
            }
        }
    }

    fn keep(&self, browser: BrowserId, pending: PendingAuthorization) {
        let (key, end) = ((browser.hash(), pending.key()), pending.end());
        locked(&self.pending).insert(key, pending, end, self.clock.now());
    }

    /// What a page needs to be this client.
    fn config(&self) -> Value {
        json!({
            "provider": self.provider.id,
            "client_id": self.client.client_id().as_str(),
            "authorization_endpoint": self.client.endpoint().as_str(),
            "issuer": self.client.issuer().map(Issuer::as_str),
            "redirect_uri": self.client.redirect_uri().as_str(),
            "api_origin": self.api_origin.as_str(),
            "scope": self.scope.as_ref().map(Scope::as_str),
            "calls": self.calls(),
        })
    }

    /// The token, for the page that the browser shows, and what that page can do with it.
    fn authorized(&self, authorized: &Authorized) -> Value {
        let now = self.clock.now();
        json!({
            "outcome": "authorized",
            "access_token": authorized.access_token().reveal_secret(),
            "token_type": authorized.stored_token().token_type.as_str(),
            "expires_in": authorized.expiry().map(|expiry| expiry.seconds_left(now)),
            "scope": authorized.scope().map(Scope::as_str),
            "calls": self.calls(),
        })
    }

    fn calls(&self) -> Vec<Value> {
        self.provider.habits.sample_calls.iter().map(|sample| self.call(sample)).collect()
    }

    fn call(&self, sample: &SampleCall) -> Value {
        let header = self.provider.habits.call_header.filter(|header| header.is_needed("GET", sample.path));
        let headers: Map<String, Value> =
            header.into_iter().map(|header| (header.name.into(), header.sample.into())).collect();
        json!({
            "title": sample.title,
            "url": format!("{}{}", self.api_origin, sample.path),
            "headers": headers,
        })
    }
}

fn said_no(denied: &Denied) -> Value {
    let response = &denied.response;
    json!({
        "outcome": "denied",
        "error": response.error.as_str(),
        "error_description": response.description.as_ref().map(|text| text.as_str()),
        "channel": denied.channel.as_str(),
    })
}

fn not_believed(rejection: &Rejection) -> Value {
    json!({ "outcome": "rejected", "reason": rejection.reason.as_str(), "message": rejection.to_string() })
}
