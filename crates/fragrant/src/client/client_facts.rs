//! The client's own facts.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

use crate::message::{AuthorizationRequest, ReservedParameter};
use crate::profile::Profile;
use crate::value::{AuthorizationEndpoint, ClientId, Issuer, Origin, RedirectUri};

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
    /// none, are then rejected. A client of more than one server needs this, or a redirection URI for each server. Whoever
    /// sets a client up from the server's metadata takes it from there (`issuer`, RFC 8414 section 2).
    ///
    /// A server that names itself in an ID token alone needs a leniency of the profile, which gives this defence away:
    /// [`dangerous_missing_issuer_beside_id_token`](crate::profile::Leniency::dangerous_missing_issuer_beside_id_token).
    #[must_use]
    // req: RFC9207-2.4-4
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
        self.add_parameter(name, value)?;
        Ok(self)
    }

    /// The same for one name after the other, as settings have them.
    ///
    /// # Errors
    /// As [`with_parameter`](Self::with_parameter) does.
    pub fn add_parameter(
        &mut self,
        name: impl Into<Cow<'static, str>>,
        value: impl Into<String>,
    ) -> Result<(), ReservedParameter> {
        self.template.add_extra(name, value)
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

    /// How long a request waits for its answer, in **seconds**.
    pub const fn pending_lifetime(&self) -> u64 {
        self.pending_lifetime
    }
}
