//! The first question of a valid request: who is at the browser?

use super::authenticated::Authenticated;
use super::awaiting_login::{AwaitingLogin, LoggedIn, logged_in};
use super::consented::Consented;
use super::received::Received;
use super::rejection::RedirectWithError;
use super::session::Session;
use crate::value::ErrorCode;

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

impl Received {
    /// Goes on with whoever is at the browser: the login session that its cookie names, or nobody. Values of `prompt`
    /// that are not known here, such as a provider's own, change nothing.
    // req: RFC6749-3.1-1, OIDC-3.1.2.1-7, OIDC-3.1.2.1-12, OIDC-3.1.2.3-1
    pub fn proceed(self, session: Option<&Session>) -> Next {
        match session.filter(|_| !self.needs_login(session)) {
            None if self.is_silent() => Next::Refused(self.error(ErrorCode::LOGIN_REQUIRED)),
            None => Next::LogIn(AwaitingLogin::new(self)),
            Some(session) if self.needs_consent(session) && self.is_silent() => {
                let code = match self.is_client_proven {
                    true => ErrorCode::CONSENT_REQUIRED,
                    // No consent given today would help tomorrow.
                    false => ErrorCode::INTERACTION_REQUIRED,
                };
                Next::Refused(self.error(code))
            }
            Some(session) => match logged_in(self, session) {
                LoggedIn::AskConsent(authenticated) => Next::AskConsent(authenticated),
                LoggedIn::Consented(consented) => Next::Consented(consented),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::{String, ToString};

    use super::super::scenario::{CB, Scenario, client, scope, session, session_with, token};
    use super::super::{Decided, PriorConsent};
    use super::*;
    use crate::resource_owner::Decision;
    use crate::value::{ClientId, RedirectUri};

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
    // req(test): RFC6749-10.2-3, RFC6819-5.2.4.1-1, RFC6819-4.4.2.3-1
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
    // req(test): RFC8252-8.6-1, BBA-Client_impersonation-1, RFC6749-2.2-1, RFC6749-2.3-1, RFC8252-8.5-1
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
            // A secret proves nothing that every copy of the client has.
            scenario.query += "&client_secret=s3cret&prompt=none";
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
