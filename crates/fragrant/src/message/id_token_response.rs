//! The successful answer to the response type `id_token` (OpenID Connect Core 1.0 section 3.2.2.5).

use alloc::borrow::Cow;
use alloc::string::ToString;
use alloc::vec::Vec;

use super::extra::{Extra, present};
use crate::spec::ResponseParameter as P;
use crate::value::{ExpiresIn, Issuer, Scope, State, UnverifiedIdToken};

/// An ID token alone, carried unread.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdTokenResponse {
    /// The ID token.
    pub id_token: UnverifiedIdToken,
    /// A lifetime in **seconds**, which some servers send although there is no access token that it could be of.
    pub expires_in: Option<ExpiresIn>,
    /// What was granted; absent when it is what was asked for.
    pub scope: Option<Scope>,
    /// The request's state.
    pub state: Option<State>,
    /// Who answered.
    pub iss: Option<Issuer>,
    /// The provider's own parameters.
    pub extra: Extra,
}

impl IdTokenResponse {
    pub(super) fn pairs(&self) -> Vec<(&str, Cow<'_, str>)> {
        present(
            [
                (P::ExpiresIn, self.expires_in.map(|seconds| seconds.to_string().into())),
                (P::Scope, self.scope.as_ref().map(|scope| scope.as_str().into())),
                (P::State, self.state.as_ref().map(|state| state.reveal_secret().into())),
                (P::Iss, self.iss.as_ref().map(|issuer| issuer.as_str().into())),
                (P::IdToken, Some(self.id_token.reveal_secret().into())),
            ],
            &self.extra,
        )
    }
}
