//! What a client asked, owned.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::client::rules::{Expected, Verdict, judge};
use crate::profile::Profile;
use crate::value::{ResponseType, Scope, Timestamp};
use crate::wire::Redirect;

/// An [`Expected`] that owns its parts, with the moment at which the answer arrives. Any text may stand for a state, an
/// issuer or an address, as the rules take any.
#[derive(Clone, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs)] // complete: the arguments of `judge`, written as a literal
pub struct Question {
    /// What was asked for.
    pub response_type: ResponseType,
    /// The state that was sent.
    pub state: Option<String>,
    /// The issuer that the server is known by.
    pub issuer: Option<String>,
    /// Where the answer was to go.
    pub redirect_uri: Option<String>,
    /// The scope that was asked for.
    pub scope: Option<Scope>,
    /// When the request stops standing.
    pub end: Option<Timestamp>,
    /// How the provider is treated.
    pub profile: Profile,
    /// When the answer arrives.
    pub now: Timestamp,
}

impl Question {
    /// The plainest one: an access token, asked for without anything optional and without a state.
    pub const fn new() -> Self {
        Self {
            response_type: ResponseType::TOKEN,
            state: None,
            issuer: None,
            redirect_uri: None,
            scope: None,
            end: None,
            profile: Profile::STRICT,
            now: Timestamp::from_unix_seconds(1_000),
        }
    }

    /// The same with a state.
    #[must_use]
    pub fn with_state(self, state: impl Into<String>) -> Self {
        Self { state: Some(state.into()), ..self }
    }

    /// What the rules are asked.
    pub fn expected(&self) -> Expected<'_> {
        Expected {
            response_type: &self.response_type,
            state: self.state.as_deref(),
            issuer: self.issuer.as_deref(),
            redirect_uri: self.redirect_uri.as_deref(),
            scope: self.scope.as_ref(),
            end: self.end,
            profile: &self.profile,
        }
    }

    /// Has the rules judge `input` as the answer.
    pub fn judge(&self, input: &str) -> Verdict {
        judge(&self.expected(), &Redirect::split(input), self.now)
    }

    /// Questions that between them expect and leave out each thing that can be expected. The texts in them are those
    /// that [`strategy::redirect_text`](super::strategy::redirect_text) is rich in.
    pub fn samples() -> Vec<Self> {
        let plain = Self::new();
        let stated = Self::new().with_state("xyz");
        let full = Self {
            issuer: Some("https://as.example".into()),
            redirect_uri: Some("https://app.example/cb?keep=1".into()),
            scope: Scope::new("read write").ok(),
            end: Some(Timestamp::from_unix_seconds(2_000)),
            profile: Profile::STRICT.with_response_parameters(["endpoint_id".into()].to_vec().into()),
            ..stated.clone()
        };
        [
            Self { profile: Profile::STRICT.forgive_missing_token_type(), ..stated.clone() },
            Self {
                response_type: ResponseType::ID_TOKEN,
                issuer: full.issuer.clone(),
                profile: Profile::STRICT.dangerously_forgive_missing_issuer_beside_id_token(),
                ..stated.clone()
            },
            Self { response_type: ResponseType::ID_TOKEN_TOKEN, ..full.clone() },
            Self { end: Some(plain.now), ..stated.clone() },
            plain,
            stated,
            full,
        ]
        .into()
    }
}

impl Default for Question {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A failing test has to show the whole question, its invented state too.
        f.debug_tuple("Question").field(&self.state).field(&self.expected()).field(&self.now).finish()
    }
}
