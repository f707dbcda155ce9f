//! The authorization request: step 1 (RFC 6749 section 4.2.1).

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use thiserror::Error;

use crate::spec::RequestParameter;
use crate::value::{
    AuthorizationEndpoint, ClientId, Display, Nonce, Prompts, RedirectUri, ResponseType, Scope, State,
};
use crate::wire::form;

/// What the client asks the authorization server for, by way of the user agent.
///
/// ```text
/// GET /authorize?response_type=token&client_id=s6BhdRkqt3&redirect_uri=https%3A%2F%2Fapp.example%2Fcb&state=xyz
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthorizationRequest {
    /// What the answer is to hold.
    pub response_type: ResponseType,
    /// Who asks.
    pub client_id: ClientId,
    /// Where the answer goes. It may be left out where exactly one is registered (RFC 6749 section 3.1.2.3).
    pub redirect_uri: Option<RedirectUri>,
    /// What the token is to be used for.
    pub scope: Option<Scope>,
    /// Ties the answer to this request.
    pub state: Option<State>,
    /// Ties the ID token to this request.
    pub nonce: Option<Nonce>,
    /// Which pages the server may or must show.
    pub prompt: Option<Prompts>,
    /// The form in which they should come.
    pub display: Option<Display>,
    extra: Vec<(Cow<'static, str>, String)>,
}

/// An extra parameter that may not be added.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Error)]
#[non_exhaustive]
pub enum ReservedParameter {
    /// The protocol gives the name a meaning of its own; set it where it belongs.
    #[error("{0}: a reserved parameter cannot be set as a custom one")]
    Reserved(&'static str),
    /// A custom parameter of this name is there already; no parameter may occur twice (RFC 6749 section 3.1).
    #[error("{0}: the parameter is there already, and none may occur twice")]
    Twice(String),
    /// No parameter has an empty name.
    #[error("a custom parameter needs a name")]
    NoName,
}

impl AuthorizationRequest {
    /// A request for an access token, with nothing optional in it but the redirection URI.
    // req: RFC6749-4.2.1-2, RFC6749-4.2.1-3, RFC6749-3.1.1-1, RFC6749-3.1.2.3-1
    pub fn new(client_id: ClientId, redirect_uri: RedirectUri) -> Self {
        Self {
            response_type: ResponseType::TOKEN,
            client_id,
            redirect_uri: Some(redirect_uri),
            scope: None,
            state: None,
            nonce: None,
            prompt: None,
            display: None,
            extra: Vec::new(),
        }
    }

    /// Adds a parameter that this type has no field for, such as a provider's own. An empty value is left out of the
    /// request, where it would count as absent.
    ///
    /// # Errors
    /// [`ReservedParameter`] when the name has a field here, is there already, or is empty.
    pub fn add_extra(
        &mut self,
        name: impl Into<Cow<'static, str>>,
        value: impl Into<String>,
    ) -> Result<(), ReservedParameter> {
        let name = name.into();
        if name.is_empty() {
            return Err(ReservedParameter::NoName);
        }
        // `response_mode` is among them: the fragment is the default, and a token in a query is never accepted.
        if let Some(reserved) = RequestParameter::from_name(&name).filter(|parameter| parameter.is_reserved())
        {
            return Err(ReservedParameter::Reserved(reserved.name()));
        }
        if self.extra(&name).is_some() {
            return Err(ReservedParameter::Twice(name.into_owned()));
        }
        self.extra.push((name, value.into()));
        Ok(())
    }

    /// The value of an extra parameter.
    pub fn extra(&self, name: &str) -> Option<&str> {
        self.extra.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// The extra parameters in the order in which they were added.
    pub fn extras(&self) -> impl Iterator<Item = (&str, &str)> {
        self.extra.iter().map(|(name, value)| (&**name, value.as_str()))
    }

    /// The request as the address that the user agent is sent to. A query that the endpoint has is kept.
    // req: RFC6749-3.1-2, RFC6749-3.1.1-1
    pub fn to_url(&self, endpoint: &AuthorizationEndpoint) -> AuthorizationUrl {
        let pairs = self.pairs();
        let pairs = pairs.iter().map(|(name, value)| (*name, &**value));
        let joint = match endpoint.uri().query() {
            None => "?",
            Some("") => "",
            Some(_) => "&",
        };
        let mut url =
            String::with_capacity(endpoint.as_str().len() + joint.len() + form::text_len(pairs.clone()));
        url.push_str(endpoint.as_str());
        url.push_str(joint);
        let mut writer = form::Writer::new(&mut url, false);
        for (name, value) in pairs {
            writer.pair(name, value);
        }
        AuthorizationUrl(url)
    }

    /// The request as a form: the query without its `?`.
    pub fn to_query(&self) -> String {
        let pairs = self.pairs();
        form::to_text(pairs.iter().map(|(name, value)| (*name, &**value)))
    }

    /// How many bytes [`to_query`](Self::to_query) writes.
    pub fn encoded_len(&self) -> usize {
        let pairs = self.pairs();
        form::text_len(pairs.iter().map(|(name, value)| (*name, &**value)))
    }

    /// Every parameter that has a value, in the order of the specification.
    fn pairs(&self) -> Vec<(&str, Cow<'_, str>)> {
        use RequestParameter as P;
        let typed = [
            (P::ResponseType, Some(Cow::Borrowed(self.response_type.as_str()))),
            (P::ClientId, Some(Cow::Borrowed(self.client_id.as_str()))),
            (P::RedirectUri, self.redirect_uri.as_ref().map(|uri| Cow::Borrowed(uri.as_str()))),
            (P::Scope, self.scope.as_ref().map(|scope| Cow::Borrowed(scope.as_str()))),
            (P::State, self.state.as_ref().map(|state| Cow::Borrowed(state.reveal_secret()))),
            (P::Nonce, self.nonce.as_ref().map(|nonce| Cow::Borrowed(nonce.reveal_secret()))),
            (P::Prompt, self.prompt.as_ref().map(|prompt| Cow::Owned(prompt.to_text()))),
            (P::Display, self.display.as_ref().map(|display| Cow::Borrowed(display.as_str()))),
        ];
        let typed =
            typed.into_iter().filter_map(|(parameter, value)| value.map(|value| (parameter.name(), value)));
        typed
            .chain(
                self.extras()
                    .filter(|(_, value)| !value.is_empty())
                    .map(|(name, value)| (name, value.into())),
            )
            .collect()
    }
}

/// The finished address of step 1. It holds the state, so `Debug` shows only where it leads.
#[derive(Clone, PartialEq, Eq)]
pub struct AuthorizationUrl(String);

impl AuthorizationUrl {
    /// The address, for the user agent alone: it holds the state.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The address, for the user agent alone.
    pub fn into_string(self) -> String {
        self.0
    }
}

impl fmt::Debug for AuthorizationUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let end = self.0.find('?').unwrap_or(self.0.len());
        write!(f, "AuthorizationUrl({}?(redacted))", &self.0[..end])
    }
}
