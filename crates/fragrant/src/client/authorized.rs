//! Step 4, and the renewal of step 3: the client holds a token.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use thiserror::Error;

use super::client_facts::Client;
use super::pending::PendingAuthorization;
use super::rules::Note;
use super::stored_token::StoredToken;
use crate::grammar::TCHAR;
use crate::message::{AccessTokenResponse, Extra, ResourceRequest};
use crate::value::{
    AccessToken, ExpiresIn, Expiry, Host, HttpUri, InvalidUri, PendingKey, Scope, Timestamp, TokenType,
    UnverifiedIdToken,
};

/// A client that holds an access token.
///
/// It comes from an answer that matched a pending request, or from [`restore`](Self::restore), and from nowhere else.
/// `Debug` leaves out the caller's text, which may be anything.
#[derive(Clone, PartialEq, Eq)]
pub struct Authorized {
    client: Box<Client>,
    token: StoredToken,
    notes: Vec<Note>,
    text: Option<String>,
    renewal: Option<PendingKey>,
}

/// Why no API request was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Error)]
#[non_exhaustive]
pub enum ApiRequestError {
    /// The address is not in normal form.
    #[error(fmt = write_uri)]
    Uri(#[from] InvalidUri),
    /// The address is not at an origin that the token may be sent to.
    #[error("API address: its origin is not one that the token may be sent to")]
    OriginNotListed,
    /// The token would travel in clear to another machine.
    #[error("API address: expected https (http only for this machine)")]
    Insecure,
    /// No HTTP method.
    #[error("method: expected an HTTP method such as GET")]
    Method,
    /// The token does not fit into an `Authorization` header.
    #[error("access_token: it has characters that an Authorization header cannot carry")]
    TokenNotSendable,
}

fn write_uri(invalid: &InvalidUri, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_str("API address: ")?;
    fmt::Display::fmt(invalid, f)
}

/// Why a stored token was not restored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Error)]
#[non_exhaustive]
pub enum RestoreError {
    /// It was issued to another client, or by another server.
    #[error("stored token: it is another client's")]
    OtherClient,
    /// It has ended.
    #[error("stored token: it has ended")]
    Ended,
    /// It is of a type that this library cannot send.
    #[error("stored token: its type is not bearer")]
    TokenType,
}

impl fmt::Debug for Authorized {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authorized")
            .field("client", &self.client)
            .field("token", &self.token)
            .field("notes", &self.notes)
            .field("has_text", &self.text.is_some())
            .field("renewal", &self.renewal)
            .finish()
    }
}

impl Authorized {
    pub(super) fn new(
        client: Box<Client>,
        pending: &PendingAuthorization,
        response: AccessTokenResponse,
        scope: Option<Scope>,
        notes: Vec<Note>,
        now: Timestamp,
    ) -> Self {
        let lifetime = response.expires_in.or(client.profile().default_lifetime.map(ExpiresIn::from_seconds));
        let token = StoredToken {
            access_token: response.access_token,
            token_type: response.token_type,
            received: now,
            sign_in: pending.key(),
            expiry: lifetime.map(|lifetime| lifetime.expiry(now)),
            scope,
            requested_scope: pending.scope.clone(),
            client_id: pending.client_id.clone(),
            issuer: pending.issuer.clone(),
            id_token: response.id_token,
            extra: response.extra,
        };
        Self { client, token, notes, text: pending.text.clone(), renewal: None }
    }

    /// Takes up a token that was stored before the page was reloaded. One that was received by a clock that was ahead counts
    /// as received at `now`, with its whole lifetime before it.
    ///
    /// # Errors
    /// [`RestoreError`] when it is not this client's, cannot be sent, or has ended by `now`.
    pub fn restore(
        client: impl Into<Box<Client>>,
        mut token: StoredToken,
        now: Timestamp,
    ) -> Result<Self, RestoreError> {
        let client = client.into();
        if token.client_id != *client.client_id() || token.issuer.as_ref() != client.issuer() {
            return Err(RestoreError::OtherClient);
        }
        if token.token_type != TokenType::BEARER {
            return Err(RestoreError::TokenType);
        }
        let ahead = token.received.seconds_since(now);
        token.received = token.received.saturating_sub(ahead);
        token.expiry = token.expiry.map(|expiry| Expiry::at(expiry.moment().saturating_sub(ahead)));
        if token.expiry.is_some_and(|expiry| expiry.is_past(now)) {
            return Err(RestoreError::Ended);
        }
        Ok(Self { client, token, notes: Vec::new(), text: None, renewal: None })
    }

    /// The record to store, the token in it.
    pub const fn stored_token(&self) -> &StoredToken {
        &self.token
    }

    /// The client.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// The token.
    pub const fn access_token(&self) -> &AccessToken {
        &self.token.access_token
    }

    /// The ID token that came with it, unverified.
    pub const fn id_token(&self) -> Option<&UnverifiedIdToken> {
        self.token.id_token.as_ref()
    }

    /// When the token ends; `None` if the server did not say and the profile does not know.
    pub const fn expiry(&self) -> Option<Expiry> {
        self.token.expiry
    }

    /// What was granted: the answer's scope, or the requested one if the answer named none.
    pub const fn scope(&self) -> Option<&Scope> {
        self.token.scope.as_ref()
    }

    /// What was asked for at the login.
    pub const fn requested_scope(&self) -> Option<&Scope> {
        self.token.requested_scope.as_ref()
    }

    /// The part of the requested scope that was not granted.
    pub fn missing_scope(&self) -> Option<Scope> {
        match (&self.token.requested_scope, &self.token.scope) {
            (Some(requested), Some(granted)) => requested.without(granted),
            _ => None,
        }
    }

    /// What was granted beyond the requested scope.
    pub fn extra_scope(&self) -> Option<Scope> {
        match (&self.token.requested_scope, &self.token.scope) {
            (Some(requested), Some(granted)) => granted.without(requested),
            _ => None,
        }
    }

    /// The provider's own parameters of the answer.
    pub const fn extra(&self) -> &Extra {
        &self.token.extra
    }

    /// What was left aside in the answer.
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// The caller's own text from the pending request.
    pub fn text(&self) -> Option<&str> {
        self.text.as_deref()
    }

    /// The user that the token is for, if the profile knows a parameter that says so.
    pub fn user(&self) -> Option<&str> {
        self.client.profile().user_parameter.as_deref().and_then(|name| self.token.extra.get(name))
    }

    /// The moment from which on the token should be renewed: the profile's margin before its end, and no earlier than
    /// the last quarter of its lifetime. `None` if its end is not known; then an API server's 401 says when.
    pub fn renew_at(&self) -> Option<Timestamp> {
        let end = self.token.expiry?.moment();
        let quarter = end.seconds_since(self.token.received) / 4;
        Some(end.saturating_sub(self.client.profile().renewal_margin.min(quarter)))
    }

    /// **Step 4.** Makes a request to the API server.
    ///
    /// The token goes to an origin that [`Client::with_api_origin`] has listed, all of scheme, host and port equal, and
    /// nowhere else. Whether it has ended is for the API server to say: two clocks differ, and its clock rules.
    ///
    /// # Errors
    /// [`ApiRequestError`] says what does not fit.
    // req: RFC6749-10.3-1
    pub fn api_request(&self, method: &str, address: &str) -> Result<ResourceRequest, ApiRequestError> {
        if !TCHAR.is_one_or_more(method.as_bytes()) {
            return Err(ApiRequestError::Method);
        }
        let uri = HttpUri::parse(address)?;
        // req: RFC6750-5.3-1
        if !self.client.api_origins().iter().any(|own| own.as_str() == uri.origin()) {
            return Err(ApiRequestError::OriginNotListed);
        }
        // req: RFC6749-10.3-2, RFC6749-10.8-1, RFC6750-5.3-6
        if !uri.is_https() && uri.host_kind() == Host::Other {
            return Err(ApiRequestError::Insecure);
        }
        // req: RFC6750-2.1-3
        if !self.token.access_token.is_b64token() {
            return Err(ApiRequestError::TokenNotSendable);
        }
        Ok(ResourceRequest::new(method.into(), uri, self.token.access_token.clone()))
    }

    /// The moments that were measured by the client's clock: when the token came, and when it ends.
    #[cfg(feature = "session")]
    pub(super) fn moments(&self) -> [Option<Timestamp>; 2] {
        [Some(self.token.received), self.token.expiry.map(Expiry::moment)]
    }

    /// Moves them along with a clock that was set.
    #[cfg(feature = "session")]
    pub(super) fn set_moments(&mut self, [received, expiry]: [Option<Timestamp>; 2]) {
        self.token.received = received.unwrap_or(self.token.received);
        self.token.expiry = expiry.map(Expiry::at);
    }

    /// Remembers which renewal's answer counts: the latest.
    pub(super) const fn await_renewal(&mut self, key: PendingKey) {
        self.renewal = Some(key);
    }

    /// Which renewal's answer counts.
    #[cfg(feature = "session")]
    pub(super) const fn awaited_renewal(&self) -> Option<PendingKey> {
        self.renewal
    }

    pub(super) fn is_latest_renewal(&self, key: PendingKey) -> bool {
        self.renewal == Some(key)
    }

    /// Puts the renewed token into the place of the old one, which is dropped and wiped.
    pub(super) fn replace(&mut self, mut renewed: Self) {
        // What belongs to the sign-in stays: its request's key, the caller's text, and what was asked for then.
        renewed.token.sign_in = self.token.sign_in;
        renewed.token.requested_scope = self.token.requested_scope.take();
        renewed.text = self.text.take();
        *self = renewed;
    }
}
