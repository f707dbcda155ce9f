//! The answer to an authorization request: a token or an error (RFC 6749 section 4.2.2).

use alloc::borrow::Cow;
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::{AccessTokenResponse, ErrorResponse, IdTokenResponse};
use crate::spec::ResponseParameter;
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

/// Parameters that the protocol does not know: a provider's own. No name is empty, reserved or there twice.
/// `Debug` shows their names alone: a mistyped `access_token` is one of them.
#[derive(Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Extra(BTreeMap<String, String>);

impl fmt::Debug for Extra {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl Extra {
    /// Adds a parameter. Returns `false`, and adds nothing, when the name is empty, one of the protocol's own or there
    /// already, or when the value is empty and so would count as absent.
    pub fn add(&mut self, name: impl Into<String>, value: impl Into<String>) -> bool {
        let (name, value) = (name.into(), value.into());
        let is_own = ResponseParameter::from_name(&name).is_some();
        let fits = !name.is_empty() && !value.is_empty() && !is_own && !self.0.contains_key(&name);
        if fits {
            self.0.insert(name, value);
        }
        fits
    }

    /// The value of a parameter.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// The parameters, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> + Clone {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn remove(&mut self, name: &str) {
        self.0.remove(name);
    }
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
    // req: RFC6749-3.1.2-2
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

/// The pairs of a message: those of its known parameters that have a value, then the extra ones.
pub(super) fn present<'m>(
    known: impl IntoIterator<Item = (ResponseParameter, Option<Cow<'m, str>>)>,
    extra: &'m Extra,
) -> Vec<(&'m str, Cow<'m, str>)> {
    let known =
        known.into_iter().filter_map(|(parameter, value)| value.map(|value| (parameter.name(), value)));
    known.chain(extra.iter().map(|(name, value)| (name, value.into()))).collect()
}
