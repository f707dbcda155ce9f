//! The client's own facts, and step 1.

use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use thiserror::Error;

use super::awaiting_response::AwaitingResponse;
use super::pending::{PendingAuthorization, Purpose};
use crate::message::{AuthorizationRequest, AuthorizationUrl, ReservedParameter};
use crate::profile::Profile;
use crate::spec::RequestParameter;
use crate::value::{
    AuthorizationEndpoint, ClientId, Entropy, Issuer, Nonce, Origin, RedirectUri, State, Timestamp,
};

/// How long a request waits for its answer unless told otherwise, in **seconds**.
const PENDING_LIFETIME: u64 = 10 * 60;

/// A client of one authorization server: who it is, where it sends the user agent, and where it may send the token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    profile: Profile,
    endpoint: AuthorizationEndpoint,
    client_id: ClientId,
    redirect_uri: RedirectUri,
    issuer: Option<Issuer>,
    api_origins: Vec<Origin>,
    /// A request with what every request of this client carries.
    template: AuthorizationRequest,
    pending_lifetime: u64,
}

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
    /// A client with the facts that it cannot do without. It is told of no issuer, and may send its token nowhere.
    pub fn new(
        profile: Profile,
        endpoint: AuthorizationEndpoint,
        client_id: ClientId,
        redirect_uri: RedirectUri,
    ) -> Self {
        Self {
            profile,
            endpoint,
            template: AuthorizationRequest::new(client_id.clone(), redirect_uri.clone()),
            client_id,
            redirect_uri,
            issuer: None,
            api_origins: Vec::new(),
            pending_lifetime: PENDING_LIFETIME,
        }
    }

    /// Says by which issuer identifier the server names itself in its answers (RFC 9207). Answers that name another, or
    /// none, are then rejected. A client of more than one server needs this, or a redirection URI for each server.
    #[must_use]
    pub fn with_issuer(mut self, issuer: Issuer) -> Self {
        self.issuer = Some(issuer);
        self
    }

    /// Adds an origin that the token may be sent to.
    #[must_use]
    pub fn with_api_origin(mut self, origin: Origin) -> Self {
        self.api_origins.push(origin);
        self
    }

    /// Adds a parameter that every request of this client carries, such as a provider's own; renewals carry it too.
    ///
    /// # Errors
    /// [`ReservedParameter`] when the protocol has the name for itself, or it is there already.
    pub fn with_parameter(
        mut self,
        name: impl Into<Cow<'static, str>>,
        value: impl Into<String>,
    ) -> Result<Self, ReservedParameter> {
        self.template.add_extra(name, value)?;
        Ok(self)
    }

    /// Sets how long a request waits for its answer, in **seconds** (10 minutes unless set).
    #[must_use]
    pub fn with_pending_lifetime(mut self, seconds: u64) -> Self {
        self.pending_lifetime = seconds;
        self
    }

    /// How the provider is treated.
    pub const fn profile(&self) -> &Profile {
        &self.profile
    }

    /// Where the user agent is sent.
    pub const fn endpoint(&self) -> &AuthorizationEndpoint {
        &self.endpoint
    }

    /// Who the client is.
    pub const fn client_id(&self) -> &ClientId {
        &self.client_id
    }

    /// Where the answer goes.
    pub const fn redirect_uri(&self) -> &RedirectUri {
        &self.redirect_uri
    }

    /// By which identifier the server names itself, if it does.
    pub const fn issuer(&self) -> Option<&Issuer> {
        self.issuer.as_ref()
    }

    /// Where the token may be sent.
    pub fn api_origins(&self) -> &[Origin] {
        &self.api_origins
    }

    /// A request of this client, to be filled in: scope, prompts, the provider's own parameters.
    pub fn authorization_request(&self) -> AuthorizationRequest {
        self.template.clone()
    }

    /// **Step 1.** Makes the address that the user agent is sent to, and the state that waits for it to come back.
    ///
    /// A request without a state gets a fresh one; so does one without a nonce, if an ID token is asked for. Store
    /// [`AwaitingResponse::pending`] *before* the user agent leaves.
    ///
    /// # Errors
    /// [`BeginError`] when the request is not this client's, or its answer could not be used.
    // req: RFC6749-4.2.1-6, RFC6749-10.12-2, RFC9700-2.1-3, OIDC-3.2.2.1-3
    pub fn begin(
        &self,
        mut request: AuthorizationRequest,
        entropy: Entropy,
        now: Timestamp,
    ) -> Result<(AuthorizationUrl, AwaitingResponse), BeginError> {
        if request.client_id != self.client_id {
            return Err(BeginError::OtherClient);
        }
        if request.redirect_uri.as_ref() != Some(&self.redirect_uri) {
            return Err(BeginError::OtherRedirectUri);
        }
        if !request.response_type.is_implicit() || !request.response_type.wants_access_token() {
            return Err(BeginError::ResponseType);
        }
        let state = request.state.take().unwrap_or_else(|| State::generate(&entropy));
        request.state = Some(state.clone());
        if request.response_type.wants_id_token() && request.nonce.is_none() {
            request.nonce = Some(Nonce::generate(&entropy));
        }
        let url = request.to_url(&self.endpoint);
        let pending = PendingAuthorization {
            purpose: Purpose::Redirect,
            created: now,
            end: now.saturating_add(self.pending_lifetime),
            client_id: request.client_id,
            redirect_uri: self.redirect_uri.clone(),
            response_type: request.response_type,
            state,
            issuer: self.issuer.clone(),
            scope: request.scope,
            nonce: request.nonce,
            text: None,
        };
        Ok((url, AwaitingResponse::new(self.clone(), pending)))
    }

    /// Takes a stored request up again, after the page that made it is gone.
    ///
    /// The record says which server was asked; the address that came back does not get to (RFC 9700 section 4.4.2).
    ///
    /// # Errors
    /// [`NotThisClients`] hands the record back when it was made by a client with other facts.
    // req: RFC9700-4.4.2-1
    pub fn resume(&self, pending: PendingAuthorization) -> Result<AwaitingResponse, NotThisClients> {
        let differs = if pending.client_id != self.client_id {
            RequestParameter::ClientId.name()
        } else if pending.redirect_uri != self.redirect_uri {
            RequestParameter::RedirectUri.name()
        } else if pending.issuer != self.issuer {
            "issuer"
        } else {
            return Ok(AwaitingResponse::new(self.clone(), pending));
        };
        Err(NotThisClients { pending: Box::new(pending), differs })
    }
}
