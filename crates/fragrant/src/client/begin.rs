//! Step 1: the client sends the user agent away, and takes its own request up again later.

use alloc::boxed::Box;

use thiserror::Error;

use super::awaiting_response::AwaitingResponse;
use super::checks;
use super::client_facts::Client;
use super::pending::{PendingAuthorization, Purpose};
use crate::message::{AuthorizationRequest, AuthorizationUrl};
use crate::spec::RequestParameter;
use crate::value::{Entropy, Issuer, Nonce, State, Timestamp};

/// Why step 1 was not begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Error)]
#[non_exhaustive]
pub enum BeginError {
    /// The request is another client's.
    #[error("client_id: the request is not this client's")]
    OtherClient,
    /// The request's answer would go elsewhere.
    #[error("redirect_uri: the request's is not this client's")]
    OtherRedirectUri,
    /// The answer would hold no access token or not come in the fragment.
    #[error("response_type: expected `token` or `id_token token`")]
    ResponseType,
}

/// Why a stored request was not taken up again. The record is handed back.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("the pending request is another client's: its {differs} differs")]
pub struct NotThisClients {
    /// The record, unspent.
    pub pending: Box<PendingAuthorization>,
    /// Which of its facts is not this client's.
    pub differs: &'static str,
}

impl Client {
    /// **Step 1.** Makes the address that the user agent is sent to, and the state that waits for it to come back.
    ///
    /// A request without a state gets a fresh one; so does one without a nonce, if an ID token is asked for. Store
    /// [`AwaitingResponse::pending`] *before* the user agent leaves.
    ///
    /// # Errors
    /// [`BeginError`] when the request is not this client's, or its answer could not be used.
    // req: RFC6749-4.2.1-6, RFC6749-10.12-2, OIDC-3.2.2.1-3, RFC8252-8.9-1
    pub fn begin(
        &self,
        request: AuthorizationRequest,
        entropy: Entropy,
        now: Timestamp,
    ) -> Result<(AuthorizationUrl, AwaitingResponse), BeginError> {
        self.check(&request)?;
        Ok(self.begin_checked(request, &entropy, now))
    }

    /// Whether the request is this client's, and its answer could be used.
    pub(super) fn check(&self, request: &AuthorizationRequest) -> Result<(), BeginError> {
        if request.client_id != *self.client_id() {
            return Err(BeginError::OtherClient);
        }
        // req: BBA-Redirect_URI-1
        if request.redirect_uri.as_ref() != Some(self.redirect_uri()) {
            return Err(BeginError::OtherRedirectUri);
        }
        // req: OIDC-3.2.2.1-1
        if !request.response_type.is_implicit() || !request.response_type.wants_access_token() {
            return Err(BeginError::ResponseType);
        }
        Ok(())
    }

    /// Begins with a request that has been checked.
    pub(super) fn begin_checked(
        &self,
        mut request: AuthorizationRequest,
        entropy: &Entropy,
        now: Timestamp,
    ) -> (AuthorizationUrl, AwaitingResponse) {
        let state = request.state.take().unwrap_or_else(|| State::generate(entropy));
        request.state = Some(state.clone());
        if request.response_type.wants_id_token() && request.nonce.is_none() {
            request.nonce = Some(Nonce::generate(entropy));
        }
        let url = request.to_url(self.endpoint());
        let pending = Box::new(PendingAuthorization {
            purpose: Purpose::Redirect,
            created: now,
            end: now.saturating_add(self.pending_lifetime()),
            client_id: request.client_id,
            redirect_uri: self.redirect_uri().clone(),
            response_type: request.response_type,
            state,
            issuer: self.issuer().cloned(),
            scope: request.scope,
            nonce: request.nonce,
            text: None,
        });
        (url, AwaitingResponse::new(Box::new(self.clone()), pending))
    }

    /// Takes a stored request up again, after the page that made it is gone.
    ///
    /// The record says which server was asked; the address that came back does not get to (RFC 9700 section 4.4.2).
    ///
    /// # Errors
    /// [`NotThisClients`] hands the record back when it was made by a client with other facts.
    // req: RFC9700-4.4.2-1
    pub fn resume(&self, pending: PendingAuthorization) -> Result<AwaitingResponse, NotThisClients> {
        self.resume_record(Box::new(pending))
    }

    /// The same where the record stands.
    pub(super) fn resume_record(
        &self,
        pending: Box<PendingAuthorization>,
    ) -> Result<AwaitingResponse, NotThisClients> {
        let facts = [
            (
                RequestParameter::ClientId.name(),
                Some(self.client_id().as_str()),
                Some(pending.client_id.as_str()),
            ),
            (
                RequestParameter::RedirectUri.name(),
                Some(self.redirect_uri().as_str()),
                Some(pending.redirect_uri.as_str()),
            ),
            ("issuer", self.issuer().map(Issuer::as_str), pending.issuer.as_ref().map(Issuer::as_str)),
        ];
        match facts.iter().find(|(_, own, recorded)| !checks::is_own_fact(*own, *recorded)) {
            None => Ok(AwaitingResponse::new(Box::new(self.clone()), pending)),
            Some((differs, ..)) => Err(NotThisClients { differs, pending }),
        }
    }
}
