//! What a client remembers between step 1 and step 3, while its page is gone.

use alloc::string::String;
use core::fmt;

use super::record::{self, Fields, InvalidRecord, moment};
use super::rules::Expected;
use crate::profile::Profile;
use crate::value::{ClientId, Issuer, Nonce, PendingKey, RedirectUri, ResponseType, Scope, State, Timestamp};

/// The version of the text form.
const VERSION: &str = "1";

/// A request that waits for its answer. The page that sent it is gone by the time the answer comes, so this is stored
/// under its [`key`](Self::key), in the user agent's own storage and nowhere else (RFC 6749 section 10.12).
///
/// **One use is the store's duty.** Whoever looks a record up must delete it in the same act: an answer that arrives twice
/// must find nothing the second time. A record that comes back unspent (see [`Received`](super::Received)) is stored again.
#[derive(Clone, PartialEq, Eq)]
pub struct PendingAuthorization {
    pub(super) purpose: Purpose,
    pub(super) created: Timestamp,
    pub(super) end: Timestamp,
    pub(super) client_id: ClientId,
    pub(super) redirect_uri: RedirectUri,
    pub(super) response_type: ResponseType,
    pub(super) state: State,
    pub(super) issuer: Option<Issuer>,
    pub(super) scope: Option<Scope>,
    pub(super) nonce: Option<Nonce>,
    pub(super) text: Option<String>,
}

/// What window the answer comes to, which decides what the page there has to do with it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(clippy::exhaustive_enums)] // the three ways in which a user agent can be sent somewhere
pub enum Purpose {
    /// The application's own page: it reads the answer itself.
    #[default]
    Redirect,
    /// A window opened for the login: it hands its address to its opener.
    Popup,
    /// A hidden frame for a silent renewal: it hands its address to its parent.
    Frame,
}

impl Purpose {
    const ALL: [Self; 3] = [Self::Redirect, Self::Popup, Self::Frame];

    /// The purpose in one word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Redirect => "redirect",
            Self::Popup => "popup",
            Self::Frame => "frame",
        }
    }
}

impl PendingAuthorization {
    /// The key under which to store it.
    pub fn key(&self) -> PendingKey {
        self.state.pending_key()
    }

    /// What window the answer comes to.
    pub const fn purpose(&self) -> Purpose {
        self.purpose
    }

    /// When the request was made.
    pub const fn created(&self) -> Timestamp {
        self.created
    }

    /// The moment from which on no answer is taken; a store may delete the record then.
    pub const fn end(&self) -> Timestamp {
        self.end
    }

    /// The caller's own text, as given to [`AwaitingResponse::remember`](super::AwaitingResponse::remember).
    pub fn text(&self) -> Option<&str> {
        self.text.as_deref()
    }

    /// The scope that was asked for.
    pub const fn scope(&self) -> Option<&Scope> {
        self.scope.as_ref()
    }

    /// What the answer is compared with.
    pub fn expected<'a>(&'a self, profile: &'a Profile) -> Expected<'a> {
        Expected {
            response_type: &self.response_type,
            state: Some(self.state.reveal_secret()),
            issuer: self.issuer.as_ref().map(Issuer::as_str),
            redirect_uri: Some(self.redirect_uri.as_str()),
            scope: self.scope.as_ref(),
            end: Some(self.end),
            profile,
        }
    }

    /// The record as text. It holds the state, so it is a secret of this user agent until the answer has come.
    pub fn encode(&self) -> String {
        let created = self.created.to_text();
        let end = self.end.to_text();
        let fields = [
            ("v", Some(VERSION)),
            ("purpose", Some(self.purpose.as_str())),
            ("created", Some(&*created)),
            ("end", Some(&*end)),
            ("client_id", Some(self.client_id.as_str())),
            ("redirect_uri", Some(self.redirect_uri.as_str())),
            ("response_type", Some(self.response_type.as_str())),
            ("state", Some(self.state.reveal_secret())),
            ("issuer", self.issuer.as_ref().map(Issuer::as_str)),
            ("scope", self.scope.as_ref().map(Scope::as_str)),
            ("nonce", self.nonce.as_ref().map(Nonce::reveal_secret)),
            ("text", self.text.as_deref()),
        ];
        record::write(&fields)
    }

    /// Reads a record back. Every field goes through the constructor of its value again: storage is not trusted more than
    /// any other input.
    ///
    /// # Errors
    /// [`InvalidRecord`] names the field that does not fit.
    pub fn decode(text: &str) -> Result<Self, InvalidRecord> {
        let mut fields = Fields::read(text, VERSION)?;
        let record = Self {
            purpose: fields.required("purpose", |text| {
                Purpose::ALL.iter().find(|purpose| purpose.as_str() == text).copied().ok_or(())
            })?,
            created: fields.required("created", moment)?,
            end: fields.required("end", moment)?,
            client_id: fields.required("client_id", ClientId::new)?,
            redirect_uri: fields.required("redirect_uri", RedirectUri::new)?,
            response_type: fields.required("response_type", ResponseType::new)?,
            state: fields.required("state", State::new)?,
            issuer: fields.optional("issuer", Issuer::new)?,
            scope: fields.optional("scope", Scope::new)?,
            nonce: fields.optional("nonce", Nonce::new)?,
            text: fields.take("text"),
        };
        fields.end()?;
        Ok(record)
    }
}

impl fmt::Debug for PendingAuthorization {
    /// Leaves out the caller's text, which may be anything.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PendingAuthorization")
            .field("key", &self.key().to_text())
            .field("purpose", &self.purpose)
            .field("created", &self.created)
            .field("end", &self.end)
            .field("client_id", &self.client_id)
            .field("redirect_uri", &self.redirect_uri)
            .field("response_type", &self.response_type)
            .field("state", &self.state)
            .field("issuer", &self.issuer)
            .field("scope", &self.scope)
            .field("nonce", &self.nonce)
            .field("has_text", &self.text.is_some())
            .finish()
    }
}
