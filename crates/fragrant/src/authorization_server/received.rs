//! A valid request, and what is known of it.

use alloc::sync::Arc;

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
    pub(super) is_client_proven: bool,
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
        // req: RFC8252-8.6-1, BBA-Client_impersonation-1, RFC6749-2.2-1, RFC6749-2.3-1, RFC8252-8.5-1
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
    // req: RFC6749-10.2-3, RFC6819-5.2.4.1-1, OIDC-3.1.2.1-10, RFC6819-4.4.2.3-1
    pub fn needs_consent(&self, session: &Session) -> bool {
        let is_covered = session.prior_consent().is_some_and(|prior| {
            prior.covers(&self.request.client_id, &self.redirect_uri, self.scope.as_ref())
        });
        self.prompts(&Prompt::CONSENT) || !self.is_client_proven || !is_covered
    }

    /// Ends the request with an error, such as [`ErrorCode::SERVER_ERROR`] or [`ErrorCode::TEMPORARILY_UNAVAILABLE`]
    /// when the server cannot go on.
    pub fn failed(self, code: ErrorCode) -> RedirectWithError {
        let (response, is_silent) = (self.error_response(code), self.is_silent());
        RedirectWithError::before_login(self.redirect_uri, response, is_silent)
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

    fn prompts(&self, prompt: &Prompt) -> bool {
        self.request.prompt.as_ref().is_some_and(|prompts| prompts.contains(prompt))
    }
}
