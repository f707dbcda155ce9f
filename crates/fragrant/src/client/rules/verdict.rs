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

impl<'a> Expected<'a> {
    /// What is known where nothing is but what was asked for and of whom: there was no state, and no end is set.
    pub const fn new(response_type: &'a ResponseType, profile: &'a Profile) -> Self {
        Self { response_type, state: None, issuer: None, redirect_uri: None, scope: None, end: None, profile }
    }
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

impl Verdict {
    /// All that it can be, in a word and in a sentence without its full stop.
    pub const TABLE: [(&'static str, &'static str); 4] = [
        ("token_granted", "a sound answer with a token; the request is used up"),
        ("error_returned", "a sound answer that says no; the request is used up"),
        (
            "response_rejected",
            "an answer that is not believed; the request stands, unless the state had matched",
        ),
        (
            "not_ours",
            "no answer at all: the address is the application's own business, and the request stands",
        ),
    ];

    /// The one word by which programs know it.
    pub const fn as_str(&self) -> &'static str {
        Self::TABLE[match self {
            Self::TokenGranted(_) => 0,
            Self::ErrorReturned(_) => 1,
            Self::ResponseRejected(_) => 2,
            Self::NotOurs(_) => 3,
        }]
        .0
    }
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

/// Writes the notes with their words, their explanations and their sources.
macro_rules! notes {
    ($($(#[$doc:meta])* $variant:ident = $word:literal, $explanation:literal, $citation:literal;)*) => {
        /// Something in a believed answer that was left aside. Open: more may come.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Note {
            $($(#[$doc])* $variant,)*
        }

        impl Note {
            /// All of them, in their order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The one word by which programs know it.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }

            /// What was left aside, in a sentence without its full stop.
            pub const fn explanation(self) -> &'static str {
                match self { $(Self::$variant => $explanation,)* }
            }

            /// Where the rule stands.
            pub const fn citation(self) -> &'static str {
                match self { $(Self::$variant => $citation,)* }
            }
        }
    };
}

notes! {
    /// An access token that was not asked for.
    AccessTokenUnrequested = "access_token_unrequested",
        "an access token came that was not asked for; it is dropped", "OpenID Connect Core 1.0 section 3.2.2.5";
    /// An authorization code, which belongs to another grant.
    CodeIgnored = "code_ignored",
        "an authorization code came, which belongs to another grant; it is dropped", "RFC 6749 section 4.1.2";
    /// An `error_description` outside its grammar; the error stands, its text is dropped.
    ErrorDescriptionInvalid = "error_description_invalid",
        "the error_description has characters that none may have; it is dropped", "RFC 6749 section 4.2.2.1";
    /// An `error_uri` outside its grammar; the error stands, the address is dropped.
    ErrorUriInvalid = "error_uri_invalid",
        "the error_uri is no URI; it is dropped", "RFC 6749 section 4.2.2.1";
    /// An ID token that was not asked for.
    IdTokenUnrequested = "id_token_unrequested",
        "an ID token came that was not asked for; it is dropped", "OpenID Connect Core 1.0 section 3.2.2.5";
    /// No issuer beside an ID token, which the profile forgives.
    IssuerMissing = "issuer_missing",
        "the answer names no issuer, which the profile forgives; the one in the ID token is unverified", "RFC 9207 section 2.4";
    /// An issuer, though the server is not known to name itself.
    IssuerUnexpected = "issuer_unexpected",
        "the answer names an issuer, and none was expected, so it is compared with nothing", "RFC 9207 section 2.4";
    /// No token type, which the profile forgives.
    TokenTypeMissing = "token_type_missing",
        "the answer has no token_type, which the profile forgives; it is taken for bearer", "RFC 6749 section 4.2.2";
    /// An error in the query beside an answer in the fragment.
    QueryErrorIgnored = "query_error_ignored",
        "the query holds an error beside the fragment's answer; the fragment decides", "RFC 6749 section 4.2.2.1";
    /// A refresh token, which the grant must not issue.
    RefreshTokenIgnored = "refresh_token_ignored",
        "a refresh token came, which this grant must not issue; it is dropped", "RFC 6749 section 4.2.2";
    /// An unknown parameter that occurs more than once; it is in no list of extras.
    UnknownParameterRepeated = "unknown_parameter_repeated",
        "an unknown parameter occurs more than once and says two things; it is dropped", "RFC 6749 section 4.2.2";
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
