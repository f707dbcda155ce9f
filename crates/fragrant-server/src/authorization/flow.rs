//! From state to state: what is looked up, stored and shown in between.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use fragrant::api_server::TokenRecord;
use fragrant::authorization_server::{
    Authenticated, AwaitingLogin, Consented, Decided, IssuedToken, LoggedIn, Next, Received,
    RedirectWithError, Redirection, Refusal, Session, receive,
};
use fragrant::resource_owner::{Decision, ResourceOwnerId};
use fragrant::value::{AccessToken, ErrorCode, Scope, TokenType};
use fragrant_profiles::AnswerFact;

use super::pages::{ConsentPage, LoginFor, LoginPage};
use super::turns::Busy;
use super::{AuthorizationServer, Page, Visitor};
use crate::http::{Cookie, Form, empty, set_header};
use crate::limits::Caller;
use crate::store::{CsrfToken, IssuedTo, NotKept, SessionId, Token};

/// Whether a consent was given on a page just now, or before.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Given {
    Before,
    Now,
}

/// What a login is waited for with.
enum Waiting {
    /// A faulty request: the client is told when somebody has logged in.
    Error(Box<RedirectWithError>),
    /// A request that goes on.
    Login(Box<AwaitingLogin>),
}

impl Waiting {
    fn login_for(&self) -> LoginFor<'_> {
        match self {
            Self::Error(error) => LoginFor::Error(error),
            Self::Login(awaiting) => LoginFor::of(awaiting),
        }
    }
}

impl AuthorizationServer {
    /// A request has come to the authorization endpoint.
    pub(super) async fn begin(&self, query: &str, visitor: Visitor) -> Response {
        let received = match self.receive(query) {
            Ok(received) => received,
            Err(refusal) => return self.refuse(&refusal, query, visitor),
        };
        let now = self.clock.now();
        let live = visitor.session.and_then(|id| Some((id, self.store.session(&id, now)?)));
        let session = live.as_ref().map(|(_, owner)| self.session_of(owner, &received));
        match (received.proceed(session.as_ref()), live) {
            (Next::AskConsent(authenticated), Some((id, _))) => {
                self.ask_consent(&authenticated, query, id, None)
            }
            // Nobody can be asked who is not there.
            (Next::AskConsent(authenticated), None) => {
                self.redirect_to_client(&authenticated.failed(ErrorCode::SERVER_ERROR).to_redirection())
            }
            (Next::Consented(consented), _) => self.grant(consented, Given::Before).await,
            (Next::LogIn(awaiting), _) => self.ask_login(LoginFor::of(&awaiting), query, visitor, None),
            (Next::Refused(error), _) => self.redirect_to_client(&error.to_redirection()),
        }
    }

    /// The login page was sent in.
    // req: OIDC-3.1.2.3-2
    pub(super) async fn log_in(&self, form: &Form, visitor: Visitor, caller: Caller) -> Response {
        let Some(query) = self.take_query(form, Page::Login, visitor.browser) else {
            return self.stale_page();
        };
        let waiting = match self.receive(&query).map(|received| received.proceed(None)) {
            Ok(Next::LogIn(awaiting)) => Waiting::Login(Box::new(awaiting)),
            Ok(_) => return self.stale_page(),
            Err(Refusal::RedirectWithError(error)) if error.precedes_login() => Waiting::Error(error),
            Err(refusal) => return self.refuse(&refusal, &query, visitor),
        };
        // Only what a page of ours sends counts: others could use somebody's number up.
        if self.logins.allows(caller).is_err() {
            let problem = "Too many attempts to sign in. Wait a minute and try again.";
            let mut response = self.ask_login(waiting.login_for(), &query, visitor, Some(problem));
            *response.status_mut() = StatusCode::TOO_MANY_REQUESTS;
            set_header(&mut response, "retry-after", "60");
            return response;
        }
        let (name, password) = (form.one("username"), form.one("password"));
        let (name, password) = (name.unwrap_or_default(), password.unwrap_or_default());
        let owner = match self.turns.log_in(self.users.clone(), name, password).await {
            Ok(Some(owner)) => owner,
            Ok(None) => {
                let problem = "The user name or the password is not right.";
                return self.ask_login(waiting.login_for(), &query, visitor, Some(problem));
            }
            Err(Busy) => {
                let problem = "Too many people are signing in at this moment. Try again.";
                let mut response = self.ask_login(waiting.login_for(), &query, visitor, Some(problem));
                *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
                set_header(&mut response, "retry-after", "1");
                return response;
            }
        };
        let now = self.clock.now();
        if let Some(old) = visitor.session {
            drop(self.store.end_session(&old, now));
        }
        // A name that nobody could have planted in the browser before.
        let id: SessionId = self.random.key();
        let end = now.saturating_add(self.session_lifetime);
        if self.store.add_session(&id, owner.clone(), end, now).wait().await.is_err() {
            let error = match waiting {
                Waiting::Error(error) => *error,
                Waiting::Login(awaiting) => awaiting.failed(ErrorCode::SERVER_ERROR),
            };
            return self.redirect_to_client(&error.to_redirection());
        }
        let mut response = match waiting {
            Waiting::Error(error) => self.redirect_to_client(&error.to_redirection()),
            Waiting::Login(awaiting) => {
                let session = self.session_of(&owner, awaiting.received());
                match awaiting.authenticated(&session) {
                    LoggedIn::AskConsent(authenticated) => self.ask_consent(&authenticated, &query, id, None),
                    LoggedIn::Consented(consented) => self.grant(consented, Given::Before).await,
                }
            }
        };
        add_cookie(&mut response, &self.session_cookie, &id);
        response
    }

    /// The consent page was sent in.
    // req: RFC6749-10.12-5
    pub(super) async fn decide(&self, form: &Form, visitor: Visitor) -> Response {
        let (Some(id), Some(query)) =
            (visitor.session, self.take_query(form, Page::Consent, visitor.session))
        else {
            return self.stale_page();
        };
        // Whoever was asked is gone by now: begin again, with the login.
        let Some(owner) = self.store.session(&id, self.clock.now()) else {
            return self.begin(&query, visitor).await;
        };
        let received = match self.receive(&query) {
            Ok(received) => received,
            Err(refusal) => return self.refuse(&refusal, &query, visitor),
        };
        // What is decided now counts, and not what was decided before.
        let Next::LogIn(awaiting) = received.proceed(None) else { return self.stale_page() };
        let LoggedIn::AskConsent(authenticated) = awaiting.authenticated(&Session::new(owner)) else {
            return self.stale_page();
        };
        let decision = match (form.one("decision"), authenticated.scope()) {
            (Some("deny"), _) => Decision::Deny,
            (Some("allow"), None) => Decision::GrantAll,
            (Some("allow"), Some(_)) => match Scope::from_names(form.all("scope")) {
                Ok(Some(chosen)) => Decision::Grant(chosen),
                Ok(None) => {
                    let problem = "Choose at least one permission, or deny access.";
                    return self.ask_consent(&authenticated, &query, id, Some(problem));
                }
                Err(_) => return self.bad_form(StatusCode::BAD_REQUEST),
            },
            _ => return self.bad_form(StatusCode::BAD_REQUEST),
        };
        let client_id = authenticated.client().client_id().clone();
        let consent = (authenticated.owner().clone(), client_id, authenticated.redirect_uri().clone());
        match authenticated.decided(decision) {
            Decided::Consented(consented) => self.grant(consented, Given::Now).await,
            // A no takes back what was allowed before, or the next request would be answered from memory.
            Decided::Denied(error) => match self.store.forget(consent).wait().await {
                Ok(()) => self.redirect_to_client(&error.to_redirection()),
                Err(NotKept) => self.unavailable(),
            },
            Decided::Overreached(_) => self.bad_form(StatusCode::BAD_REQUEST),
        }
    }

    fn receive(&self, query: &str) -> Result<Received, Refusal> {
        receive(query, &self.policy, |id| self.clients.get(id).cloned())
    }

    /// Tells whom the core says is to be told. Where nobody has logged in yet, somebody does so first, or a faulty request
    /// would send people wherever a client is registered (RFC 9700 section 4.11.2).
    // req: RFC6749-4.2.2.1-1, RFC6749-4.2.2.1-2, RFC9700-4.11.2-1
    fn refuse(&self, refusal: &Refusal, query: &str, visitor: Visitor) -> Response {
        let is_logged_in =
            || visitor.session.is_some_and(|id| self.store.session(&id, self.clock.now()).is_some());
        match refusal {
            Refusal::ShowErrorPage(page) => self.error_page(page),
            Refusal::RedirectWithError(error) if error.precedes_login() && !is_logged_in() => {
                self.ask_login(LoginFor::Error(error), query, visitor, None)
            }
            Refusal::RedirectWithError(error) => self.redirect_to_client(&error.to_redirection()),
        }
    }

    /// Whoever is logged in, with what was allowed before to the client that asks.
    fn session_of(&self, owner: &ResourceOwnerId, received: &Received) -> Session {
        let session = Session::new(owner.clone());
        let client_id = received.client().client_id();
        match self.store.consent(owner, client_id, received.redirect_uri()) {
            Some(consent) => session.with_prior_consent(consent),
            None => session,
        }
    }

    fn ask_login(
        &self,
        whom: LoginFor<'_>,
        query: &str,
        visitor: Visitor,
        problem: Option<&str>,
    ) -> Response {
        let browser = visitor.browser.unwrap_or_else(|| self.random.key());
        let (number, csrf) = self.add_pending(Page::Login, &browser, query);
        let page = LoginPage { whom, number, csrf, problem };
        let mut response = self.login_page(&page);
        if visitor.browser.is_none() {
            add_cookie(&mut response, &self.browser_cookie, &browser);
        }
        response
    }

    fn ask_consent(
        &self,
        authenticated: &Authenticated,
        query: &str,
        session: SessionId,
        problem: Option<&str>,
    ) -> Response {
        let (number, csrf) = self.add_pending(Page::Consent, &session, query);
        self.consent_page(&ConsentPage { authenticated, number, csrf, problem })
    }

    /// A page that its browser can send in once: the number and the proof for its form.
    fn add_pending(&self, page: Page, holder: &SessionId, query: &str) -> (u64, CsrfToken) {
        let number = self.store.add_pending(query, self.clock.now());
        (number, self.proofs.of(page, number, holder))
    }

    /// The query that a page is about, if the page is ours, was shown to this browser and was not sent in before.
    // req: RFC6749-10.12-5
    fn take_query(&self, form: &Form, page: Page, holder: Option<SessionId>) -> Option<Box<str>> {
        let number = form.one("transaction")?.parse().ok()?;
        let csrf = CsrfToken::parse(form.one("csrf")?)?;
        // A form that nobody was shown uses no page up.
        csrf.is(&self.proofs.of(page, number, &holder?)).then_some(())?;
        self.store.take_pending(number, self.clock.now())
    }

    /// Makes the token, stores it, and only then answers.
    // req: RFC6749-10.3-3, RFC6749-10.10-1, RFC6750-5.2-2, RFC6750-5.2-6, RFC6750-5.3-4, RFC9700-2.3-1
    async fn grant(&self, consented: Consented, given: Given) -> Response {
        let token: Token = self.random.key();
        let Ok(access_token) = AccessToken::new(token.reveal_secret()) else {
            return self.redirect_to_client(&consented.failed(ErrorCode::SERVER_ERROR).to_redirection());
        };
        let now = self.clock.now();
        // req: RFC6750-5.3-3, RFC6819-5.1.5.3-1, RFC6819-4.4.2.2-1, OIDC-16.18-1
        let mut record = TokenRecord::new(self.token_lifetime.expiry(now));
        record.scope = consented.scope().cloned();
        // req: RFC6819-5.1.5.5-1, RFC9700-4.10.2-1
        record.audience = Some(self.api_origin.clone());
        let client_id = consented.client().client_id().clone();
        let issued_to = IssuedTo { owner: consented.owner().clone(), client_id, issued_at: now, record };
        if given == Given::Now {
            // A file takes changes in their order: where the token is, there is the consent.
            drop(self.store.remember(consented.owner().clone(), consented.to_prior_consent()));
        }
        let Ok(committed) = self.store.add_token(&token, issued_to, now) else {
            return self
                .redirect_to_client(&consented.failed(ErrorCode::TEMPORARILY_UNAVAILABLE).to_redirection());
        };
        if committed.wait().await.is_err() {
            drop(self.store.revoke_token(&token, now));
            return self.redirect_to_client(&consented.failed(ErrorCode::SERVER_ERROR).to_redirection());
        }
        let issued = self.in_the_providers_words(access_token, consented.owner());
        self.redirect_to_client(&consented.respond(issued).to_redirection())
    }

    /// The answer as the provider writes it.
    fn in_the_providers_words(&self, access_token: AccessToken, owner: &ResourceOwnerId) -> IssuedToken {
        let mut issued = IssuedToken::new(access_token, self.token_lifetime);
        let habits = self.provider.habits;
        if let Ok(token_type) = TokenType::new(habits.token_type) {
            issued.token_type = token_type;
        }
        for parameter in habits.answer_parameters {
            let value = match parameter.says {
                AnswerFact::ApplicationInstance => &self.app_instance,
                AnswerFact::User => self.users.id(owner).unwrap_or_default(),
                // One that was thought of later is left out.
                _ => continue,
            };
            issued.extra.add(parameter.name, value);
        }
        issued
    }

    /// The redirect as the core wrote it, unless the server is to write it otherwise.
    // req: RFC9700-4.12-1, RFC9700-4.12-2, OIDC-16.22-1, RFC9700-2.1-8
    fn redirect_to_client(&self, redirection: &Redirection) -> Response {
        let status = StatusCode::from_u16(Redirection::STATUS).unwrap_or(StatusCode::SEE_OTHER);
        let mut response = empty(status);
        for (name, value) in redirection.headers() {
            set_header(&mut response, name, value);
        }
        if let Some(location) = self.quirks.rewrite(redirection) {
            set_header(&mut response, "location", &location);
        }
        response
    }
}

fn add_cookie(response: &mut Response, cookie: &Cookie, key: &SessionId) {
    if let Ok(value) = HeaderValue::from_str(&cookie.to_header_value(key)) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::sync::Arc;

    use fragrant::api_server::{self, RefusalReason, judge};
    use fragrant::authorization_server::{ClientRegistration, Policy, RegisteredRedirectUri};
    use fragrant::message::Realm;
    use fragrant::value::{ClientId, ExpiresIn, Origin, Timestamp};
    use fragrant_profiles::rfc6749;

    use super::super::{Proofs, Turns};
    use super::*;
    use crate::clock::Clock;
    use crate::limits::Rate;
    use crate::quirks::Quirks;
    use crate::random::{Key, Random, Stream};
    use crate::store::Store;
    use crate::user::Users;

    const NOW: Timestamp = Timestamp::from_unix_seconds(1_000);

    fn scope(text: &str) -> Scope {
        Scope::new(text).unwrap()
    }

    fn server(store: &Arc<Store>) -> AuthorizationServer {
        let uri = RegisteredRedirectUri::new("https://app.example/cb").unwrap();
        let client = ClientRegistration::new(ClientId::new("c").unwrap(), "Client", [uri]).unwrap();
        let client = client.with_scope(scope("read write"), None).unwrap();
        let random = Random::new([7; 32], Stream::AuthorizationServer);
        AuthorizationServer {
            provider: &rfc6749::PROVIDER,
            policy: Policy::default(),
            clients: HashMap::from([(client.client_id().clone(), Arc::new(client))]),
            users: Arc::new(Users::new(Vec::new()).unwrap()),
            clock: Clock::at(NOW),
            proofs: Proofs::new(&random),
            turns: Turns::new(),
            logins: Rate::per_minute(std::num::NonZeroU32::MIN),
            asking: None,
            random,
            store: store.clone(),
            origin: Origin::new("https://as.example").unwrap(),
            api_origin: Origin::new("https://api.example").unwrap(),
            token_lifetime: ExpiresIn::from_seconds(60),
            session_lifetime: 60,
            app_instance: String::new(),
            browser_cookie: Cookie::new("browser", 80),
            session_cookie: Cookie::new("session", 80),
            opener_policy: None,
            refuses_frames: false,
            cors: api_server::CorsPolicy::new([]),
            token_info_policy: api_server::Policy::new(Realm::new("api").unwrap()),
            quirks: Quirks::default(),
            delay: tokio::sync::watch::channel(std::time::Duration::ZERO).1,
            requests: Arc::default(),
        }
    }

    #[tokio::test]
    // req(test): RFC6750-5.2-2, RFC6750-5.3-4, RFC9700-2.3-1, RFC6819-5.1.5.5-1, RFC9700-4.10.2-1
    async fn a_token_is_for_one_api_server_and_for_what_was_granted() {
        let store = Arc::new(Store::new());
        let server = server(&store);
        let received =
            server.receive("response_type=token&client_id=c&scope=read+write").unwrap_or_else(|_| panic!());
        let Next::LogIn(awaiting) = received.proceed(None) else { panic!() };
        let session = Session::new(ResourceOwnerId::new("jane").unwrap());
        let LoggedIn::AskConsent(authenticated) = awaiting.authenticated(&session) else { panic!() };
        let Decided::Consented(consented) = authenticated.decided(Decision::Grant(scope("read"))) else {
            panic!()
        };
        let answer = server.grant(consented, Given::Now).await;
        let location = answer.headers()["location"].to_str().unwrap();
        let token = Key::parse(&location.split(['=', '&']).nth(1).unwrap()[..40]).unwrap();
        let record = store.token(&token, NOW).unwrap().record;
        assert_eq!(record.audience, Some(server.api_origin));
        assert_eq!(record.scope, Some(scope("read")));

        let mut policy = api_server::Policy::new(Realm::new("api").unwrap());
        let judged = |policy: &api_server::Policy, required: &str| {
            judge(Some(&record), Some(&scope(required)), NOW, policy).map_err(|refusal| refusal.reason())
        };
        for other in [None, Some("https://other.example"), Some("https://api.example:8443")] {
            policy.audience = other.map(|other| Origin::new(other).unwrap());
            assert_eq!(judged(&policy, "read"), Err(RefusalReason::OtherAudience), "{other:?}");
        }
        policy.audience = record.audience.clone();
        assert_eq!(judged(&policy, "read"), Ok(()));
        assert_eq!(judged(&policy, "write"), Err(RefusalReason::TooLittleScope));
    }
}
