//! What real servers do wrong, on demand.

mod rewrite;

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use serde::de::{Error, Unexpected, Visitor};
use serde::{Deserialize, Deserializer};
use thiserror::Error as ThisError;

/// What the authorization server does wrong, so that a client can be tried against it. Nothing by default, and what is
/// here never changes a decision: who gets a token, and to which registered address an answer goes, is as without it.
///
/// ```
/// use fragrant_profiles::rfc6749;
/// use fragrant_server::{EchoedState, Quirks, Server, Written};
///
/// let mut quirks = Quirks::default();
/// quirks.expires_in = Written::As("3600.5".into());
/// quirks.state = EchoedState::Dropped;
/// let server = Server::new(&rfc6749::PROVIDER).with_quirks(quirks);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Quirks {
    /// How a space is written in an answer.
    ///
    /// Both forms are right (RFC 6749 appendix B), and a client that reads one of them alone is not. `+` is what
    /// django-oauth-toolkit, oauthlib, Authlib, oidc-provider, osin, Glewlwyd and jmondi's oauth2-server write;
    /// oauth2orize writes `%20`, and so do we.
    pub spaces: Spaces,
    /// Sends errors in the query and not in the fragment.
    ///
    /// django-oauth-toolkit, osin and Glewlwyd do so with every error; Authlib, oidc-provider and django-oidc-provider
    /// if they do not know the `response_type`. As with them the address then has no fragment of its own, and a browser
    /// hands on the one that it came with.
    pub errors_in_query: bool,
    /// Sends tokens in the query, where servers and logs see them.
    ///
    /// jmondi's oauth2-server does so unless it is told otherwise, and oauthlib, and with it django-oauth-toolkit, for
    /// any client that asks for `response_mode=query`.
    pub tokens_in_query: bool,
    /// What becomes of the request's state.
    pub state: EchoedState,
    /// How `token_type` is written.
    ///
    /// It is required, and every server that was tried writes it; but most clients never look, so a server that forgets
    /// it, or issues tokens of another type such as `mac`, is not noticed by them.
    pub token_type: Written,
    /// How `expires_in` is written, which is a number of **seconds** in digits.
    ///
    /// Providers have sent `never` and sent none; clients are known to have taken fractions, negative numbers and numbers
    /// beyond any clock.
    pub expires_in: Written,
    /// How the issuer is written (RFC 9207), in errors too. Left out where the server has said that it names itself, or
    /// another one's, as after a mix-up of servers.
    ///
    /// oidc-provider names itself in every error, and not in a success that has an ID token.
    pub iss: Written,
    /// Parameters that nobody has asked for, at the end of each answer, whatever their names are. One that the answer has
    /// already is then there twice.
    ///
    /// RingCentral adds `endpoint_id` and `owner_id`, servers with OpenID sessions `session_state`; a client must ignore
    /// what it does not know (RFC 6749 section 4.2.2).
    pub extra_parameters: BTreeMap<String, String>,
    /// How long the authorization endpoint waits before it answers; in a file, in whole **seconds**. The same as
    /// [`RunningServer::delay_answers`](crate::RunningServer::delay_answers), which changes it.
    ///
    /// Any server does so under load, and a client in a hidden frame hears nothing meanwhile.
    #[serde(deserialize_with = "seconds")]
    pub delay: Duration,
    /// The status with which the authorization endpoint refuses every request, by a page and without a redirect: the client
    /// hears nothing at all.
    ///
    /// Any server does so when it is down, or from behind a proxy that is; jmondi's oauth2-server answers even a denial
    /// with 401 and no redirect.
    pub refusal: Option<ErrorStatus>,
}

/// How a space is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Deserialize)]
#[allow(clippy::exhaustive_enums)] // complete: the two that a form has (RFC 6749 appendix B)
pub enum Spaces {
    /// `%20`.
    #[default]
    #[serde(rename = "%20")]
    Percent,
    /// `+`.
    #[serde(rename = "+")]
    Plus,
}

/// What becomes of the request's state in an answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum EchoedState {
    /// It comes back as it was sent.
    #[default]
    AsSent,
    /// It comes back twice, as from oauth2orize when a request has two.
    Doubled,
    /// It does not come back, as with Authlib's denials of OpenID requests.
    Dropped,
    /// It comes back without being escaped, as in django-oidc-provider's errors. Only what a header cannot carry is
    /// escaped nevertheless: a state breaks out of its parameter, but not out of the address.
    Raw,
}

/// How a parameter of an answer is written. In a file: the text, or `false` for one that is left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[allow(clippy::exhaustive_enums)] // complete: right, not at all, or wrong
pub enum Written {
    /// As it should be.
    #[default]
    Honestly,
    /// With this text in its place.
    As(String),
    /// Not at all.
    LeftOut,
}

/// An HTTP status that says that something went wrong: 400 to 599.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(try_from = "u16")]
pub struct ErrorStatus(u16);

/// The number is no status that says that something went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ThisError)]
#[error("expected an HTTP status from 400 to 599")]
#[allow(clippy::exhaustive_structs)] // complete: there is nothing else to say
pub struct InvalidErrorStatus;

impl ErrorStatus {
    /// The server is not available at present.
    pub const SERVICE_UNAVAILABLE: Self = Self(503);

    /// The status with this number.
    ///
    /// # Errors
    /// [`InvalidErrorStatus`] when it is below 400 or above 599.
    pub const fn new(status: u16) -> Result<Self, InvalidErrorStatus> {
        match status {
            400..=599 => Ok(Self(status)),
            _ => Err(InvalidErrorStatus),
        }
    }

    /// The number.
    pub const fn as_u16(self) -> u16 {
        self.0
    }
}

impl TryFrom<u16> for ErrorStatus {
    type Error = InvalidErrorStatus;

    fn try_from(status: u16) -> Result<Self, InvalidErrorStatus> {
        Self::new(status)
    }
}

impl<'de> Deserialize<'de> for Written {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextOrFalse;

        impl Visitor<'_> for TextOrFalse {
            type Value = Written;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("text in quotation marks, or false to leave it out")
            }

            fn visit_bool<E: Error>(self, is_written: bool) -> Result<Written, E> {
                match is_written {
                    false => Ok(Written::LeftOut),
                    true => Err(E::invalid_value(Unexpected::Bool(true), &self)),
                }
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Written, E> {
                Ok(Written::As(text.into()))
            }
        }

        deserializer.deserialize_any(TextOrFalse)
    }
}

fn seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    u64::deserialize(deserializer).map(Duration::from_secs)
}
