//! What an answer is compared with, and what it can turn out to be.

use alloc::vec::Vec;
use core::fmt;

use crate::client::rejection::Rejection;
use crate::message::{AccessTokenResponse, ErrorResponse, IdTokenResponse};
use crate::profile::Profile;
use crate::value::{ResponseType, Scope, Timestamp};

/// What the client knows of the request that it waits to have answered.
#[derive(Clone, Copy)]
#[allow(clippy::exhaustive_structs)] // complete: everything that an answer is compared with
pub struct Expected<'a> {
    /// What was asked for.
    pub response_type: &'a ResponseType,
    /// The state that was sent, if one was.
    pub state: Option<&'a str>,
    /// The issuer that the server is known by, if it is known to name itself.
    pub issuer: Option<&'a str>,
    /// Where the answer was to go; `None` if that is not known.
    pub redirect_uri: Option<&'a str>,
    /// The scope that was asked for.
    pub scope: Option<&'a Scope>,
    /// The moment at which the request stops standing; `None` if that is not known.
    pub end: Option<Timestamp>,
    /// How the provider is to be treated.
    pub profile: &'a Profile,
}

impl fmt::Debug for Expected<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Expected")
            .field("response_type", self.response_type)
            .field("has_state", &self.state.is_some())
            .field("issuer", &self.issuer)
            .field("redirect_uri", &self.redirect_uri)
            .field("scope", &self.scope)
            .field("end", &self.end)
            .field("profile", &self.profile.name)
            .finish()
    }
}

/// What an address turned out to be: exactly one of these.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums)] // complete: the four things that a loaded address can be
pub enum Verdict {
    /// A sound answer with a token.
    TokenGranted(Granted),
    /// A sound answer that says no.
    ErrorReturned(Returned),
    /// An answer that is not believed.
    ResponseRejected(Rejection),
    /// No answer at all: the address is the application's own business.
    NotOurs(Rejection),
}

/// A success that is believed. It stood in the fragment; nowhere else would it have been.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Granted {
    /// What it says.
    pub response: SuccessResponse,
    /// What was granted: the answer's scope, or the requested one if the answer names none. `None` if neither is known.
    pub scope: Option<Scope>,
    /// What was left aside, as data.
    pub notes: Vec<Note>,
}

/// The successes, by what was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums)] // complete: what the implicit response types can be answered with
#[allow(clippy::large_enum_variant)] // made once a login; a box would cost every reader more than the copy costs anybody
pub enum SuccessResponse {
    /// An access token, perhaps with an ID token beside it.
    AccessToken(AccessTokenResponse),
    /// An ID token alone.
    IdToken(IdTokenResponse),
}

/// An error that is believed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Returned {
    /// What it says.
    pub response: ErrorResponse,
    /// Where it stood: in the fragment, or where it does not belong.
    pub channel: Channel,
    /// What was left aside, as data.
    pub notes: Vec<Note>,
}

/// Where an answer stood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(clippy::exhaustive_enums)] // an address has these two places and no other
pub enum Channel {
    /// In the fragment, where it belongs.
    Fragment,
    /// In the query, where some servers put their errors. Never a success.
    Query,
}

impl Channel {
    /// `fragment` or `query`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Fragment => "fragment",
            Self::Query => "query",
        }
    }
}

impl fmt::Display for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Something in a believed answer that was left aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Note {
    /// An access token that was not asked for.
    AccessTokenUnrequested,
    /// An authorization code, which belongs to another grant.
    CodeIgnored,
    /// An `error_description` outside its grammar; the error stands, its text is dropped.
    ErrorDescriptionInvalid,
    /// An `error_uri` outside its grammar; the error stands, the address is dropped.
    ErrorUriInvalid,
    /// An ID token that was not asked for.
    IdTokenUnrequested,
    /// No issuer beside an ID token, which names one itself.
    IssuerMissing,
    /// An issuer, though the server is not known to name itself.
    IssuerUnexpected,
    /// No token type, which the profile forgives.
    TokenTypeMissing,
    /// An error in the query beside an answer in the fragment.
    QueryErrorIgnored,
    /// A refresh token, which the grant must not issue.
    RefreshTokenIgnored,
    /// An unknown parameter that occurs more than once; it is in no list of extras.
    UnknownParameterRepeated,
}

impl Note {
    /// All of them, in their order.
    pub const ALL: &'static [Self] = &[
        Self::AccessTokenUnrequested,
        Self::CodeIgnored,
        Self::ErrorDescriptionInvalid,
        Self::ErrorUriInvalid,
        Self::IdTokenUnrequested,
        Self::IssuerMissing,
        Self::IssuerUnexpected,
        Self::TokenTypeMissing,
        Self::QueryErrorIgnored,
        Self::RefreshTokenIgnored,
        Self::UnknownParameterRepeated,
    ];

    /// The one word by which programs know it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AccessTokenUnrequested => "access_token_unrequested",
            Self::CodeIgnored => "code_ignored",
            Self::ErrorDescriptionInvalid => "error_description_invalid",
            Self::ErrorUriInvalid => "error_uri_invalid",
            Self::IdTokenUnrequested => "id_token_unrequested",
            Self::IssuerMissing => "issuer_missing",
            Self::IssuerUnexpected => "issuer_unexpected",
            Self::TokenTypeMissing => "token_type_missing",
            Self::QueryErrorIgnored => "query_error_ignored",
            Self::RefreshTokenIgnored => "refresh_token_ignored",
            Self::UnknownParameterRepeated => "unknown_parameter_repeated",
        }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
