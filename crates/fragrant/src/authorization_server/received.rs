//! A valid request, and the first question: who is at the browser?

use alloc::sync::Arc;

use super::authenticated::Authenticated;
use super::consented::Consented;
use super::rejection::RedirectWithError;
use super::{ClientRegistration, Policy, Session};
use crate::message::{AuthorizationRequest, ErrorResponse};
use crate::value::{ErrorCode, Issuer, Prompt, RedirectUri, Scope};

/// A valid request of a registered client, with a registered address to answer to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    pub(super) request: AuthorizationRequest,
    pub(super) client: Arc<ClientRegistration>,
    pub(super) redirect_uri: RedirectUri,
    pub(super) scope: Option<Scope>,
    pub(super) issuer: Option<Issuer>,
    pub(super) always_says_scope: bool,
    is_client_proven: bool,
}

/// What follows from a request and the login session at its browser.
#[derive(Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums)] // complete: two pages, two answers
pub enum Next {
    /// Show the consent page.
    AskConsent(Authenticated),
    /// Show nothing: the resource owner has allowed all of it before.
    Consented(Consented),
    /// Show the login page.
    LogIn(AwaitingLogin),
    /// Tell the client that it cannot be done without a page.
    Refused(RedirectWithError),
}

/// What follows from a login.
#[derive(Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums)] // complete: asked or known
pub enum LoggedIn {
    /// Show the consent page.
    AskConsent(Authenticated),
    /// Show nothing: the resource owner has allowed all of it before.
    Consented(Consented),
}

impl Received {
    pub(super) fn new(
        request: AuthorizationRequest,
        client: Arc<ClientRegistration>,
        redirect_uri: RedirectUri,
        scope: Option<Scope>,
        policy: &Policy,
    ) -> Self {
        // Only an https address belongs to one owner alone.
        // req: RFC8252-8.6-1, BBA-Client_impersonation-1
        let is_client_proven = policy.dangerous_silent_grants_to_unproven_clients
            || redirect_uri.http().is_some_and(|uri| uri.is_https());
        Self {
            request,
            client,
            redirect_uri,
            scope,
            issuer: policy.issuer.clone(),
            always_says_scope: policy.always_says_scope,
            is_client_proven,
        }
    }

    /// The request as it was received.
    pub const fn request(&self) -> &AuthorizationRequest {
        &self.request
    }

    /// The client that asks.
    pub fn client(&self) -> &ClientRegistration {
        &self.client
    }

    /// Where the answer will go: the registered address, with the port that the request names where that is free.
    pub const fn redirect_uri(&self) -> &RedirectUri {
        &self.redirect_uri
    }

    /// What a consent would be to: the scope asked for, each name once, or the client's default.
    pub const fn scope(&self) -> Option<&Scope> {
        self.scope.as_ref()
    }

    /// Whether no page may be shown (`prompt=none`).
    pub fn is_silent(&self) -> bool {
        self.prompts(&Prompt::NONE)
    }

    /// Whether somebody has to log in: nobody has, or the request wants it done again, or wants an account chosen.
    // req: OIDC-3.1.2.1-9, OIDC-3.1.2.3-1
    pub fn needs_login(&self, session: Option<&Session>) -> bool {
        session.is_none() || self.prompts(&Prompt::LOGIN) || self.needs_account_choice()
    }

    /// Whether the login page has to let the resource owner choose an account (`prompt=select_account`).
    // req: OIDC-3.1.2.1-11
    pub fn needs_account_choice(&self) -> bool {
        self.prompts(&Prompt::SELECT_ACCOUNT)
    }

    /// Whether the resource owner has to be asked: the request wants it (`prompt=consent`), not all of it was allowed
    /// before, or the redirection URI does not prove that it is the client who asks.
    // req: RFC6749-10.2-3, RFC6819-5.2.4.1-1, OIDC-3.1.2.1-10
    pub fn needs_consent(&self, session: &Session) -> bool {
        let is_covered = session.prior_consent().is_some_and(|prior| {
            prior.covers(&self.request.client_id, &self.redirect_uri, self.scope.as_ref())
        });
        self.prompts(&Prompt::CONSENT) || !self.is_client_proven || !is_covered
    }

    /// Goes on with whoever is at the browser: the login session that its cookie names, or nobody. Values of `prompt`
    /// that are not known here, such as a provider's own, change nothing.
    // req: RFC6749-3.1-1, OIDC-3.1.2.1-7, OIDC-3.1.2.1-12
    pub fn proceed(self, session: Option<&Session>) -> Next {
        match session.filter(|_| !self.needs_login(session)) {
            None if self.is_silent() => Next::Refused(self.error(ErrorCode::LOGIN_REQUIRED)),
            None => Next::LogIn(AwaitingLogin(self)),
            Some(session) if self.needs_consent(session) && self.is_silent() => {
                let code = match self.is_client_proven {
                    true => ErrorCode::CONSENT_REQUIRED,
                    // No consent given today would help tomorrow.
                    false => ErrorCode::INTERACTION_REQUIRED,
                };
                Next::Refused(self.error(code))
            }
            Some(session) => match self.logged_in(session) {
                LoggedIn::AskConsent(authenticated) => Next::AskConsent(authenticated),
                LoggedIn::Consented(consented) => Next::Consented(consented),
            },
        }
    }

    /// Ends the request with an error, such as [`ErrorCode::SERVER_ERROR`] or [`ErrorCode::TEMPORARILY_UNAVAILABLE`]
    /// when the server cannot go on.
    pub fn failed(self, code: ErrorCode) -> RedirectWithError {
        let response = self.error_response(code);
        match self.is_silent() {
            true => RedirectWithError::new(self.redirect_uri, response),
            false => RedirectWithError::before_login(self.redirect_uri, response),
        }
    }

    /// An error that the client is told after the resource owner was asked, or could not be asked.
    pub(super) fn error(self, code: ErrorCode) -> RedirectWithError {
        let response = self.error_response(code);
        RedirectWithError::new(self.redirect_uri, response)
    }

    // req: RFC6749-4.2.2.1-6, RFC9207-2-1
    fn error_response(&self, code: ErrorCode) -> ErrorResponse {
        let mut response = ErrorResponse::new(code);
        response.state.clone_from(&self.request.state);
        response.iss.clone_from(&self.issuer);
        response
    }

    fn logged_in(self, session: &Session) -> LoggedIn {
        let owner = session.owner().clone();
        if self.needs_consent(session) {
            return LoggedIn::AskConsent(Authenticated::new(self, owner));
        }
        let scope = self.scope.clone();
        LoggedIn::Consented(Consented::new(self, owner, scope))
    }

    fn prompts(&self, prompt: &Prompt) -> bool {
        self.request.prompt.as_ref().is_some_and(|prompts| prompts.contains(prompt))
    }
}

/// A request that waits for its resource owner to log in. Only one that allows pages can get here.
#[derive(Debug, PartialEq, Eq)]
pub struct AwaitingLogin(Received);

impl AwaitingLogin {
    /// The request that waits.
    pub const fn received(&self) -> &Received {
        &self.0
    }

    /// Somebody has logged in, just now and for this request.
    // req: RFC6749-4.2.1-9
    pub fn authenticated(self, session: &Session) -> LoggedIn {
        self.0.logged_in(session)
    }

    /// The resource owner would not log in.
    pub fn denied(self) -> RedirectWithError {
        self.0.error(ErrorCode::ACCESS_DENIED)
    }

    /// Ends the request with an error, as [`Received::failed`] does.
    pub fn failed(self, code: ErrorCode) -> RedirectWithError {
        self.0.failed(code)
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::{String, ToString};

    use super::super::scenario::{CB, Scenario, client, scope, session, session_with, token};
    use super::super::{Decided, PriorConsent};
    use super::*;
    use crate::resource_owner::Decision;
    use crate::value::ClientId;

    /// What comes next, in a word or with the whole address.
    fn next(scenario: &Scenario, session: Option<&Session>) -> String {
        match scenario.received().proceed(session) {
            Next::AskConsent(_) => "ask consent".to_string(),
            Next::Consented(consented) => consented.respond(token()).to_redirection().location().to_string(),
            Next::LogIn(_) => "log in".to_string(),
            Next::Refused(error) => error.to_redirection().location().to_string(),
        }
    }

    const GRANTED: &str =
        "https://app.example/cb#access_token=t0k&token_type=bearer&expires_in=3600&state=xyz";

    #[test]
    // req(test): OIDC-3.1.2.1-7, OIDC-3.1.2.1-9, OIDC-3.1.2.1-10, OIDC-3.1.2.1-11, OIDC-3.1.2.1-12, OIDC-3.1.2.3-1
    // req(test): RFC6749-3.1-1, RFC6749-4.2.1-9
    fn which_page_follows() {
        let fresh = session();
        let all = session_with(Some("write read"));
        let part = session_with(Some("read"));
        for (prompt, session, expected) in [
            ("", None, "log in"),
            ("", Some(&fresh), "ask consent"),
            ("", Some(&part), "ask consent"),
            ("", Some(&all), GRANTED),
            ("&prompt=none", None, "https://app.example/cb#error=login_required&state=xyz"),
            ("&prompt=none", Some(&fresh), "https://app.example/cb#error=consent_required&state=xyz"),
            ("&prompt=none", Some(&part), "https://app.example/cb#error=consent_required&state=xyz"),
            ("&prompt=none", Some(&all), GRANTED),
            ("&prompt=login", None, "log in"),
            ("&prompt=login", Some(&all), "log in"),
            ("&prompt=select_account", Some(&all), "log in"),
            ("&prompt=consent", Some(&all), "ask consent"),
            ("&prompt=login+sso+consent", Some(&all), "log in"),
            ("&prompt=sso", Some(&all), GRANTED),
            ("&prompt=", Some(&all), GRANTED),
        ] {
            assert_eq!(next(&Scenario::with(prompt), session), expected, "{prompt} {session:?}");
        }
        let chooses = Scenario::with("&prompt=select_account").received();
        assert!(chooses.needs_account_choice());
        assert!(chooses.needs_login(Some(&all)));
        assert!(!Scenario::with("").received().needs_login(Some(&all)));
    }

    #[test]
    fn after_the_login_only_the_consent_is_missing() {
        let awaiting = || Scenario::with("&prompt=login").awaiting_login();
        assert!(matches!(awaiting().authenticated(&session()), LoggedIn::AskConsent(_)));
        let all = session_with(Some("read write"));
        assert!(matches!(awaiting().authenticated(&all), LoggedIn::Consented(_)));
        let both = Scenario::with("&prompt=login+consent").awaiting_login();
        assert!(matches!(both.authenticated(&all), LoggedIn::AskConsent(_)));
    }

    #[test]
    fn a_request_goes_on_from_its_own_text_after_each_page() {
        let first = Scenario::with("&prompt=login+sso&display=popup&foo=b+r").received();
        let kept = Scenario::of(&first.request().to_query());
        assert_eq!(kept.received(), first);
        // The login page comes in, then the consent page, while another window has remembered a consent.
        assert!(matches!(kept.awaiting_login().authenticated(&session()), LoggedIn::AskConsent(_)));
        let LoggedIn::AskConsent(open) = kept.awaiting_login().authenticated(&session()) else { panic!() };
        assert!(matches!(open.decided(Decision::Deny), Decided::Denied(_)));
        // No page can have been shown for a silent one, so none can come in.
        assert!(matches!(Scenario::with("&prompt=none").received().proceed(None), Next::Refused(_)));
    }

    #[test]
    // req(test): RFC6749-10.2-3, RFC6819-5.2.4.1-1
    fn a_consent_is_for_one_client_at_one_address() {
        let uri = |text: &str| RedirectUri::new(text).unwrap();
        let id = |text: &str| ClientId::new(text).unwrap();
        let all = Some(scope("read write"));
        for prior in [
            PriorConsent::new(id("d"), uri(CB), all.clone()),
            PriorConsent::new(id("c"), uri("https://app.example/other"), all),
            PriorConsent::new(id("c"), uri(CB), None),
        ] {
            let session = session().with_prior_consent(prior);
            assert_eq!(next(&Scenario::with(""), Some(&session)), "ask consent");
        }
    }

    #[test]
    // req(test): RFC8252-8.6-1, BBA-Client_impersonation-1
    fn only_an_https_address_proves_who_asks() {
        for (registered, requested) in [
            ("http://127.0.0.1/cb", "http://127.0.0.1:49152/cb"),
            ("http://localhost:8080/cb", "http://localhost:8080/cb"),
            ("http://example.com/cb", "http://example.com/cb"),
            ("com.example.app:/cb", "com.example.app:/cb"),
        ] {
            let query = alloc::format!("&redirect_uri={requested}");
            let client = client(&[registered]).with_scope(scope("read write"), None).unwrap();
            let mut scenario = Scenario::with(&query).with_client(client);
            let prior = PriorConsent::new(
                ClientId::new("c").unwrap(),
                RedirectUri::new(requested).unwrap(),
                Some(scope("read write")),
            );
            let session = session().with_prior_consent(prior);
            assert_eq!(next(&scenario, Some(&session)), "ask consent");
            scenario.query += "&prompt=none";
            let expected = alloc::format!("{requested}#error=interaction_required&state=xyz");
            assert_eq!(next(&scenario, Some(&session)), expected);
            scenario.policy.dangerous_silent_grants_to_unproven_clients = true;
            assert!(
                next(&scenario, Some(&session)).starts_with(&alloc::format!("{requested}#access_token="))
            );
        }
    }

    #[test]
    // req(test): RFC6749-4.2.2.1-6, RFC9207-2-1
    fn errors_at_any_point_have_state_and_issuer() {
        let scenario = Scenario::with("").with_issuer();
        let busy = ErrorCode::TEMPORARILY_UNAVAILABLE;
        let Decided::Denied(denied) = scenario.authenticated().decided(Decision::Deny) else { panic!() };
        for (error, code, precedes_login) in [
            (scenario.received().failed(busy.clone()), "temporarily_unavailable", true),
            (scenario.awaiting_login().failed(busy.clone()), "temporarily_unavailable", true),
            (scenario.awaiting_login().denied(), "access_denied", false),
            (denied, "access_denied", false),
            (scenario.authenticated().failed(busy.clone()), "temporarily_unavailable", false),
            (scenario.consented(Decision::GrantAll).failed(busy), "temporarily_unavailable", false),
        ] {
            let expected = alloc::format!("{CB}#error={code}&state=xyz&iss=https%3A%2F%2Fas.example");
            assert_eq!(error.to_redirection().location(), expected);
            assert_eq!(error.precedes_login(), precedes_login, "{code}");
        }
    }
}
