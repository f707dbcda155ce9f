//! The answer to an authorization request: a token or an error (RFC 6749 section 4.2.2).

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

use super::{AccessTokenResponse, ErrorResponse, IdTokenResponse};
use crate::value::RedirectUri;
use crate::wire::form;

/// What the authorization server sends back through the user agent, in the fragment of the redirection URI.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums)] // complete: the answers that the implicit response types can have
pub enum AuthorizationResponse {
    /// An access token, perhaps with an ID token beside it.
    AccessToken(AccessTokenResponse),
    /// An ID token alone, for the response type `id_token`.
    IdToken(IdTokenResponse),
    /// The server said no.
    Error(ErrorResponse),
}

impl AuthorizationResponse {
    /// The answer as a form: the fragment without its `#`. Never empty, as every answer has a required parameter.
    // req: RFC6749-4.2.2-1, RFC6749-4.2.2.1-2
    pub fn to_fragment(&self) -> String {
        let pairs = self.pairs();
        form::to_text(pairs.iter().map(|(name, value)| (*name, &**value)))
    }

    /// How many bytes [`to_fragment`](Self::to_fragment) writes.
    pub fn encoded_len(&self) -> usize {
        let pairs = self.pairs();
        form::text_len(pairs.iter().map(|(name, value)| (*name, &**value)))
    }

    /// The address that the user agent is sent to: the redirection URI, its query kept, with the answer as its
    /// fragment. It has a fragment of its own whatever the answer is, or a browser would attach the one of the address
    /// it came from (RFC 9110 section 10.2.2).
    // req: RFC6749-3.1.2-2, OAUTHRESP-2.2-1, OIDC-3.2.2.6-1, OIDC-3.2.2.5-1
    pub fn to_location(&self, redirect_uri: &RedirectUri) -> String {
        let mut location = String::with_capacity(redirect_uri.as_str().len() + 1 + self.encoded_len());
        location.push_str(redirect_uri.as_str());
        location.push('#');
        location.push_str(&self.to_fragment());
        location
    }

    fn pairs(&self) -> Vec<(&str, Cow<'_, str>)> {
        match self {
            Self::AccessToken(response) => response.pairs(),
            Self::IdToken(response) => response.pairs(),
            Self::Error(response) => response.pairs(),
        }
    }
}
