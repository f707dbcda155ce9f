//! The successful answer: step 2's end (RFC 6749 section 4.2.2).

use alloc::borrow::Cow;
use alloc::string::ToString;
use alloc::vec::Vec;

use super::extra::{Extra, present};
use crate::spec::ResponseParameter as P;
use crate::value::{AccessToken, ExpiresIn, Issuer, Scope, State, TokenType, UnverifiedIdToken};

/// An access token and what the authorization server says of it.
///
/// ```text
/// https://app.example/cb#access_token=2YotnFZFEjr1zCsicMWpAA&token_type=bearer&expires_in=3600&state=xyz
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessTokenResponse {
    /// The token.
    pub access_token: AccessToken,
    /// How it is used.
    pub token_type: TokenType,
    /// How long it lives, in **seconds** from the moment the answer was made.
    pub expires_in: Option<ExpiresIn>,
    /// What was granted; absent when it is what was asked for.
    pub scope: Option<Scope>,
    /// The request's state.
    pub state: Option<State>,
    /// Who answered.
    pub iss: Option<Issuer>,
    /// An ID token, carried unread.
    pub id_token: Option<UnverifiedIdToken>,
    /// The provider's own parameters.
    pub extra: Extra,
}

impl AccessTokenResponse {
    /// An answer with the two parameters that it must have.
    // req: RFC6749-4.2.2-2, RFC6749-4.2.2-3
    pub fn new(access_token: AccessToken, token_type: TokenType) -> Self {
        Self {
            access_token,
            token_type,
            expires_in: None,
            scope: None,
            state: None,
            iss: None,
            id_token: None,
            extra: Extra::default(),
        }
    }

    // There is no field for a refresh token, so none can be sent. req: RFC6749-4.2.2-10
    pub(super) fn pairs(&self) -> Vec<(&str, Cow<'_, str>)> {
        present(
            [
                (P::AccessToken, Some(self.access_token.reveal_secret().into())),
                (P::TokenType, Some(self.token_type.as_str().into())),
                (P::ExpiresIn, self.expires_in.map(|seconds| seconds.to_string().into())),
                (P::Scope, self.scope.as_ref().map(|scope| scope.as_str().into())),
                (P::State, self.state.as_ref().map(|state| state.reveal_secret().into())),
                (P::Iss, self.iss.as_ref().map(|issuer| issuer.as_str().into())),
                (P::IdToken, self.id_token.as_ref().map(|token| token.reveal_secret().into())),
            ],
            &self.extra,
        )
    }
}
