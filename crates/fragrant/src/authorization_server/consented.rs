//! The resource owner has said yes: now, or before.

use super::received::Received;
use super::rejection::RedirectWithError;
use super::responded::Responded;
use super::{ClientRegistration, PriorConsent};
use crate::message::{AccessTokenResponse, AuthorizationResponse, Extra};
use crate::resource_owner::ResourceOwnerId;
use crate::value::{AccessToken, ErrorCode, ExpiresIn, RedirectUri, Scope, TokenType};

/// A request that its resource owner has allowed. What the token stands for is known, so it can be stored before the
/// answer leaves.
#[derive(Debug, PartialEq, Eq)]
pub struct Consented {
    received: Received,
    owner: ResourceOwnerId,
    scope: Option<Scope>,
}

/// A token that was made for a [`Consented`] request.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct IssuedToken {
    /// The token: nobody can guess it, and the API server knows it (RFC 6749 section 10.10).
    pub access_token: AccessToken,
    /// How it is used; `bearer` unless set.
    pub token_type: TokenType,
    /// How long it lives, in **seconds**. An answer may leave it out; the token ends all the same.
    pub expires_in: Option<ExpiresIn>,
    /// The provider's own parameters.
    pub extra: Extra,
}

impl IssuedToken {
    /// A bearer token.
    // req: RFC6749-4.2.2-5, RFC6750-5.2-6
    pub fn new(access_token: AccessToken, expires_in: ExpiresIn) -> Self {
        Self {
            access_token,
            token_type: TokenType::BEARER,
            expires_in: Some(expires_in),
            extra: Extra::default(),
        }
    }
}

impl Consented {
    pub(super) const fn new(received: Received, owner: ResourceOwnerId, scope: Option<Scope>) -> Self {
        Self { received, owner, scope }
    }

    /// The request.
    pub const fn received(&self) -> &Received {
        &self.received
    }

    /// Who has allowed it.
    pub const fn owner(&self) -> &ResourceOwnerId {
        &self.owner
    }

    /// Whom.
    pub fn client(&self) -> &ClientRegistration {
        self.received.client()
    }

    /// What was allowed; absent for a client without scopes.
    pub const fn scope(&self) -> Option<&Scope> {
        self.scope.as_ref()
    }

    /// Where the token will go.
    pub const fn redirect_uri(&self) -> &RedirectUri {
        self.received.redirect_uri()
    }

    /// The consent, to be remembered with its resource owner, so that the next request for the same need not ask. Worth
    /// it after a decision; one that was itself answered from memory is no more than what is remembered already.
    pub fn to_prior_consent(&self) -> PriorConsent {
        let client_id = self.received.request.client_id.clone();
        PriorConsent::new(client_id, self.received.redirect_uri.clone(), self.scope.clone())
    }

    /// Answers with a token. The answer names the scope where it is not what was asked for (RFC 6749 section 3.3),
    /// nothing having been asked for included. There is no place in it for a refresh token.
    // req: RFC6749-4.2.2-10, RFC6749-3.3-4, RFC6749-4.2.2-7, RFC6749-4.2.2-8, RFC9207-2-1, OIDC-3.2.2.5-1
    // req: OIDC-3.2.2.5-5
    pub fn respond(self, token: IssuedToken) -> Responded {
        let Received { request, redirect_uri, issuer, always_says_scope, .. } = self.received;
        let is_as_asked = match (&self.scope, &request.scope) {
            (Some(granted), Some(asked)) => granted.is_same_set(asked),
            (granted, asked) => granted == asked,
        };
        let response = AccessTokenResponse {
            token_type: token.token_type,
            expires_in: token.expires_in,
            scope: self.scope.filter(|_| always_says_scope || !is_as_asked),
            state: request.state,
            iss: issuer,
            extra: token.extra,
            ..AccessTokenResponse::new(token.access_token, TokenType::BEARER)
        };
        Responded::new(redirect_uri, AuthorizationResponse::AccessToken(response))
    }

    /// Ends the request with an error, such as [`ErrorCode::SERVER_ERROR`] when no token could be stored.
    pub fn failed(self, code: ErrorCode) -> RedirectWithError {
        self.received.error(code)
    }
}

#[cfg(test)]
mod tests {
    use alloc::format;

    use super::super::scenario::{CB, Scenario, client, scope, session, token};
    use super::super::{Next, Redirection};
    use crate::resource_owner::Decision;

    #[test]
    // req(test): RFC6749-3.3-4, RFC6749-4.2.2-1, RFC6749-4.2.2-2, RFC6749-4.2.2-3, RFC6749-4.2.2-5, RFC6749-4.2.2-7
    // req(test): RFC6749-4.2.2-8, RFC6749-4.2.2-10, OIDC-3.2.2.5-1, OAUTHRESP-2.2-1, OIDC-3.2.2.5-5
    fn the_answer_names_the_scope_where_it_is_not_what_was_asked_for() {
        let start = "https://app.example/cb#access_token=t0k&token_type=bearer&expires_in=3600";
        let whole = Scenario::with("");
        assert_eq!(whole.location(Decision::GrantAll), format!("{start}&state=xyz"));
        assert_eq!(whole.location(Decision::Grant(scope("write read"))), format!("{start}&state=xyz"));
        assert_eq!(whole.location(Decision::Grant(scope("read"))), format!("{start}&scope=read&state=xyz"));
        // Repeating a name changes nothing.
        let repeated = Scenario::of("response_type=token&client_id=c&scope=read+read");
        assert_eq!(repeated.location(Decision::GrantAll), start);
        // A default was not asked for.
        let default = client(&[CB]).with_scope(scope("read write"), Some(scope("read"))).unwrap();
        let unasked = Scenario::of("response_type=token&client_id=c").with_client(default);
        assert_eq!(unasked.location(Decision::GrantAll), format!("{start}&scope=read"));
        // A server without scopes has none to name.
        let plain = Scenario::of("response_type=token&client_id=c").with_client(client(&[CB]));
        assert_eq!(plain.location(Decision::GrantAll), start);
    }

    #[test]
    // req(test): RFC9207-2-1, RFC6749-4.2.2-10, OIDC-3.2.2.5-5
    fn a_provider_may_say_more() {
        let mut scenario = Scenario::with("").with_issuer();
        scenario.policy.always_says_scope = true;
        let mut token = token();
        assert!(token.extra.add("endpoint_id", "e 1"));
        assert!(!token.extra.add("state", "other"));
        // What the grant never gives cannot be slipped in.
        assert!(!token.extra.add("refresh_token", "never") && !token.extra.add("code", "never"));
        let responded = scenario.consented(Decision::GrantAll).respond(token);
        assert_eq!(
            responded.to_redirection().location(),
            "https://app.example/cb#access_token=t0k&token_type=bearer&expires_in=3600&scope=read%20write&state=xyz\
             &iss=https%3A%2F%2Fas.example&endpoint_id=e%201"
        );
    }

    #[test]
    // req(test): RFC6749-3.1.2-2
    fn the_address_keeps_its_query_and_its_port() {
        for (registered, requested) in [
            ("https://app.example/cb?keep=1", "https%3A%2F%2Fapp.example%2Fcb%3Fkeep%3D1"),
            ("http://127.0.0.1/cb", "http%3A%2F%2F127.0.0.1%3A49152%2Fcb"),
            ("com.example.app:/cb", "com.example.app%3A%2Fcb"),
        ] {
            let client = client(&[registered]).with_scope(scope("read write"), None).unwrap();
            let scenario = Scenario::with(&format!("&redirect_uri={requested}")).with_client(client);
            let location = scenario.location(Decision::GrantAll);
            let (address, fragment) = location.split_once('#').unwrap();
            assert_eq!(
                address,
                requested.replace("%3A", ":").replace("%2F", "/").replace("%3F", "?").replace("%3D", "=")
            );
            assert!(fragment.starts_with("access_token=t0k&"));
        }
    }

    #[test]
    fn a_remembered_consent_answers_the_next_request_without_a_page() {
        let scenario = Scenario::with("");
        let prior = scenario.consented(Decision::GrantAll).to_prior_consent();
        let session = session().with_prior_consent(prior);
        let Next::Consented(consented) = Scenario::with("&prompt=none").received().proceed(Some(&session))
        else {
            panic!()
        };
        assert_eq!(consented.owner().as_str(), "jane");
        assert_eq!(consented.redirect_uri().as_str(), CB);
        assert_eq!(consented.client().name(), "Client");
        assert!(consented.received().is_silent());
    }

    #[test]
    // req(test): RFC6749-1.7-1, RFC9700-4.12-1, RFC9700-4.12-2, RFC6819-4.4.2.2-2, RFC9700-4.2.4-2, OIDC-16.22-1
    fn the_redirect_is_seen_by_nobody_else() {
        assert_eq!(Redirection::STATUS, 303);
        let responded = Scenario::with("").consented(Decision::GrantAll).respond(token());
        let redirection = responded.to_redirection();
        let [location, rest @ ..] = redirection.headers();
        assert_eq!(location, ("location", redirection.location()));
        let expected =
            [("cache-control", "no-store"), ("pragma", "no-cache"), ("referrer-policy", "no-referrer")];
        assert_eq!(rest, expected);
        assert_eq!(format!("{redirection:?}"), "Redirection(https://app.example/cb#(redacted))");
        let shown = format!("{responded:?} {:?}", Scenario::with("").consented(Decision::GrantAll));
        assert!(!shown.contains("t0k") && !shown.contains("xyz"), "{shown}");
    }
}
