//! The successful answer to the response type `id_token` (OpenID Connect Core 1.0 section 3.2.2.5).

use alloc::borrow::Cow;
use alloc::vec::Vec;

use super::Extra;
use super::authorization_response::present;
use crate::spec::ResponseParameter as P;
use crate::value::{Issuer, State, UnverifiedIdToken};

/// An ID token alone, carried unread.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdTokenResponse {
    /// The ID token.
    pub id_token: UnverifiedIdToken,
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
                (P::State, self.state.as_ref().map(|state| state.reveal_secret().into())),
                (P::Iss, self.iss.as_ref().map(|issuer| issuer.as_str().into())),
                (P::IdToken, Some(self.id_token.reveal_secret().into())),
            ],
            &self.extra,
        )
    }
}
