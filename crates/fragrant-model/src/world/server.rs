//! The honest authorization server and its API server: the core's machines, and around them what a deployment adds.

use std::sync::Arc;

use fragrant::api_server::{self, Call, TokenRecord};
use fragrant::authorization_server::{
    ClientRegistration, Consented, Decided, IssuedToken, LoggedIn, Next, PriorConsent, Received,
    RedirectWithError, Redirection, Refusal, RegisteredRedirectUri, Session, receive,
};
use fragrant::resource_owner::{Decision, ResourceOwnerId};
use fragrant::spec::RequestParameter;
use fragrant::value::{AccessToken, ClientId, ExpiresIn, Expiry, RedirectUri, Scope, Timestamp};
use fragrant::wire::{Limits, RequestQuery};

use super::cast::{Cast, HONEST, OWNER, server_name, shown_scope, token};
use super::setting::{Mitigation, Setting};
use super::term::Token;
use super::watched::Watched;

/// How long a token lives, in **seconds**.
pub(crate) const LIFETIME: u64 = 3600;

/// What the server has to say to a browser.
pub(crate) enum Reply {
    /// A page of its own that leads nowhere.
    ErrorPage(String),
    /// The consent page.
    AskConsent,
    /// The login page.
    LogIn,
    /// An error, found before anybody had logged in, for an address that a stranger may have registered.
    ErrorBeforeLogin { error: String, location: String },
    /// A redirect with an error.
    Error { error: String, location: String },
    /// A redirect with a token.
    Granted(Box<Granted>),
}

/// A token on its way.
pub(crate) struct Granted {
    pub(crate) location: String,
    /// What is to be remembered: who, whom, where.
    pub(crate) consent: (String, String, String),
    pub(crate) scope: Option<String>,
}

/// What the server knows of the browser that asks.
pub(crate) struct Visitor<'v> {
    pub(crate) setting: &'v Setting,
    pub(crate) cast: &'v Cast,
    pub(crate) browser: &'v Watched<'v>,
}

impl Visitor<'_> {
    /// A request has come in.
    pub(crate) fn ask(&self, query: &str) -> Reply {
        let received = match self.receive(query) {
            Ok(received) => received,
            Err(reply) => return reply,
        };
        let client = received.request().client_id.as_str().to_owned();
        let uri = received.redirect_uri().as_str().to_owned();
        let session = self
            .browser
            .account()
            .login
            .as_deref()
            .and_then(|owner| self.session(owner, &client, Some(&uri), query));
        match received.proceed(session.as_ref()) {
            Next::LogIn(_) => Reply::LogIn,
            Next::AskConsent(_) => Reply::AskConsent,
            Next::Consented(consented) => self.grant(consented, query),
            Next::Refused(error) => self.refuse(&error, query),
        }
    }

    /// The login page has been sent in.
    pub(crate) fn logged_in(&self, query: &str, owner: &str) -> Reply {
        let received = match self.receive(query) {
            Ok(received) => received,
            Err(reply) => return reply,
        };
        let client = received.request().client_id.as_str().to_owned();
        let uri = received.redirect_uri().as_str().to_owned();
        let Some(session) = self.session(owner, &client, Some(&uri), query) else {
            return Reply::ErrorPage("nobody of this name".into());
        };
        match received.proceed(None) {
            Next::LogIn(awaiting) => match awaiting.authenticated(&session) {
                LoggedIn::AskConsent(_) => Reply::AskConsent,
                LoggedIn::Consented(consented) => self.grant(consented, query),
            },
            Next::Refused(error) => self.refuse(&error, query),
            Next::AskConsent(_) | Next::Consented(_) => Reply::ErrorPage("no login was asked for".into()),
        }
    }

    /// The consent page has been sent in.
    pub(crate) fn decided(&self, query: &str, owner: &str, is_granted: bool) -> Reply {
        let received = match self.receive(query) {
            Ok(received) => received,
            Err(reply) => return reply,
        };
        let client = received.request().client_id.as_str().to_owned();
        // Without what was allowed before, so that what was decided counts.
        let Some(session) = self.session(owner, &client, None, query) else {
            return Reply::ErrorPage("nobody of this name".into());
        };
        let asked = match received.proceed(None) {
            Next::LogIn(awaiting) => match awaiting.authenticated(&session) {
                LoggedIn::AskConsent(asked) => asked,
                LoggedIn::Consented(consented) => return self.grant(consented, query),
            },
            Next::Refused(error) => return self.refuse(&error, query),
            Next::AskConsent(_) | Next::Consented(_) => return Reply::ErrorPage("no page was shown".into()),
        };
        match asked.decided(if is_granted { Decision::GrantAll } else { Decision::Deny }) {
            Decided::Consented(consented) => self.grant(consented, query),
            Decided::Denied(error) => self.refuse(&error, query),
            Decided::Overreached(_) => Reply::ErrorPage("more was allowed than asked for".into()),
        }
    }

    fn receive(&self, query: &str) -> Result<Received, Reply> {
        let mut query = query.to_owned();
        if !self.setting.has(Mitigation::FragmentMode) {
            query = query.replace("&response_mode=query", "");
        }
        if !self.setting.has(Mitigation::PromptObeyed) {
            query = query.replace("&prompt=none", "");
        }
        receive(&query, &self.cast.policy, |id| self.lookup(id, &query)).map_err(|refusal| match refusal {
            Refusal::ShowErrorPage(page) => Reply::ErrorPage(page.reason().to_string()),
            Refusal::RedirectWithError(error) => self.refuse(&error, &query),
        })
    }

    /// The registration of a client; where the matching is lax, with what is asked for among the addresses.
    fn lookup(&self, id: &ClientId, query: &str) -> Option<Arc<ClientRegistration>> {
        let registration = self.cast.registration(id)?;
        let requested = RequestQuery::read(query, &Limits::DEFAULT);
        let requested = requested.get(RequestParameter::RedirectUri).ok().flatten();
        let requested =
            requested.and_then(|text| RegisteredRedirectUri::new(text.decode().into_owned()).ok());
        let lax = requested.filter(|uri| self.matches_laxly(registration, uri));
        let Some(lax) = lax else { return Some(registration.clone()) };
        let uris = registration.redirect_uris().iter().cloned().chain([lax]);
        let lax = ClientRegistration::new(id.clone(), registration.name(), uris).ok()?;
        let lax = match registration.allowed_scope() {
            Some(allowed) => lax.with_scope(allowed.clone(), registration.default_scope().cloned()).ok()?,
            None => lax,
        };
        Some(Arc::new(lax))
    }

    fn matches_laxly(&self, registration: &ClientRegistration, uri: &RegisteredRedirectUri) -> bool {
        if !self.setting.has(Mitigation::RedirectUriExact) {
            return true;
        }
        let origin = |uri: &RedirectUri| uri.http().map(|http| http.origin().to_owned());
        let is_path_free = [Mitigation::PathMatched, Mitigation::NoRedirector, Mitigation::FragmentOwn]
            .into_iter()
            .any(|mitigation| !self.setting.has(mitigation));
        is_path_free
            && registration
                .redirect_uris()
                .iter()
                .any(|own| origin(own.redirect_uri()) == origin(uri.redirect_uri()))
    }

    /// The login session, with what its owner has allowed this client before, sent there if it was.
    fn session(&self, owner: &str, client: &str, to: Option<&str>, query: &str) -> Option<Session> {
        let session = Session::new(ResourceOwnerId::new(owner).ok()?);
        let is_assumed = !self.setting.has(Mitigation::ConsentGiven) && query.contains("prompt=none");
        let prior = to.and_then(|to| {
            let remembered = |client: &str| {
                let all = self.browser.consents(client).remembered.iter().filter(|(who, ..)| who == owner);
                all.map(|(_, client, uri)| (&**client, &**uri))
            };
            // What was allowed with another address, or to another client, is for the core to tell.
            let others = || self.cast.registered_names().find_map(|other| remembered(other).next());
            let (client, uri) = match remembered(client).find(|(_, uri)| *uri == to) {
                Some(own) => own,
                None if is_assumed => (client, to),
                None => remembered(client).next().or_else(others)?,
            };
            let asked = if self.setting.has(Mitigation::ScopeAllowed) { "" } else { query };
            let scope = shown_scope(self.setting, asked).and_then(|scope| Scope::new(scope).ok());
            Some(PriorConsent::new(ClientId::new(client).ok()?, RedirectUri::new(uri).ok()?, scope))
        });
        Some(match prior {
            Some(prior) => session.with_prior_consent(prior),
            None => session,
        })
    }

    fn grant(&self, consented: Consented, query: &str) -> Reply {
        let (owner, client) = (consented.owner().as_str().to_owned(), consented.client().client_id().clone());
        let uri = consented.redirect_uri().as_str().to_owned();
        let scope = consented.scope().map(|scope| scope.as_str().to_owned());
        let mut text = token(HONEST, &owner, client.as_str());
        if !self.setting.cuts.tokens_merged {
            text.push_str(&format!(".{}", self.browser.account().issued));
        }
        let Ok(access_token) = AccessToken::new(text) else { return Reply::ErrorPage("no token".into()) };
        let mut issued = IssuedToken::new(access_token, ExpiresIn::from_seconds(LIFETIME));
        issued.extra.add(OWNER, owner.clone());
        let location = self.location(&consented.respond(issued).to_redirection(), query);
        let client = client.as_str().to_owned();
        Reply::Granted(Box::new(Granted { consent: (owner, client, uri), location, scope }))
    }

    fn refuse(&self, error: &RedirectWithError, query: &str) -> Reply {
        let location = self.location(&error.to_redirection(), query);
        let code = error.error().to_string();
        match error.precedes_login() {
            true => Reply::ErrorBeforeLogin { error: code, location },
            false => Reply::Error { error: code, location },
        }
    }

    /// Where the redirect leads; into the query, where the server does what `response_mode=query` asks for.
    fn location(&self, redirection: &Redirection, query: &str) -> String {
        let location = redirection.location();
        match !self.setting.has(Mitigation::FragmentMode) && query.contains("response_mode=query") {
            true => location.replacen('#', "?", 1),
            false => location.to_owned(),
        }
    }
}

/// What the honest API server answers a call with: the status, the challenges, and whose token it was.
pub(crate) fn call_api(
    cast: &Cast,
    setting: &Setting,
    authorization: &str,
    now: Timestamp,
) -> (u16, Vec<String>, Option<String>) {
    let headers = [authorization.as_bytes()];
    let call = Call { authorization: &headers, ..Call::default() };
    let judged = api_server::credentials(&call, &cast.api_policy).and_then(|presented| {
        let text = presented.token.reveal_secret().to_owned();
        let is_own = Token::read(&text).is_some_and(|token| token.server == server_name(HONEST));
        // Tokens of the model end with their session's waits; the API servers of this world keep no clock of their own.
        let mut record = TokenRecord::new(Expiry::at(now.saturating_add(LIFETIME)));
        record.is_revoked = !setting.has(Mitigation::RequestsAccepted);
        api_server::judge(is_own.then_some(&record), None, now, &cast.api_policy).map(|()| text)
    });
    match judged {
        Ok(text) => (200, Vec::new(), Some(text)),
        Err(refusal) => (refusal.status(), vec![refusal.challenge().to_header_value()], None),
    }
}
