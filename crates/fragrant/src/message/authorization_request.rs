//! The authorization request: step 1 (RFC 6749 section 4.2.1).

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use thiserror::Error;

use crate::spec::RequestParameter;
use crate::target::IS_SMALL;
use crate::text;
use crate::value::{
    AuthorizationEndpoint, ClientId, Display, InvalidRedirectUri, InvalidValue, Nonce, Prompts, RedirectUri,
    ResponseType, Scope, State,
};
use crate::wire::{Flaw, RequestQuery, form};

/// What the client asks the authorization server for, by way of the user agent.
///
/// ```text
/// GET /authorize?response_type=token&client_id=s6BhdRkqt3&redirect_uri=https%3A%2F%2Fapp.example%2Fcb&state=xyz
/// ```
#[derive(Clone, PartialEq, Eq)]
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
    pub(super) extra: Vec<(Cow<'static, str>, String)>,
}

impl fmt::Debug for AuthorizationRequest {
    /// Shows the names of the extra parameters and not their values: a server receives what others call a parameter.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.extras().map(|(name, _)| name).collect();
        f.debug_struct("AuthorizationRequest")
            .field("response_type", &self.response_type)
            .field("client_id", &self.client_id)
            .field("redirect_uri", &self.redirect_uri)
            .field("scope", &self.scope)
            .field("state", &self.state)
            .field("nonce", &self.nonce)
            .field("prompt", &self.prompt)
            .field("display", &self.display)
            .field("extra", &names)
            .finish()
    }
}

/// An extra parameter that may not be added.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Error)]
#[non_exhaustive]
pub enum ReservedParameter {
    /// The protocol gives the name a meaning of its own; set it where it belongs.
    #[error(fmt = reserved)]
    Reserved(&'static str),
    /// A custom parameter of this name is there already; no parameter may occur twice (RFC 6749 section 3.1).
    #[error(fmt = twice)]
    Twice(String),
    /// No parameter has an empty name.
    #[error("a custom parameter needs a name")]
    NoName,
}

fn reserved(name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    text::write(f, &[name, ": a reserved parameter cannot be set as a custom one"])
}

fn twice(name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    text::write(f, &[name, ": the parameter is there already, and none may occur twice"])
}

/// Why a query is no authorization request. The text names the parameter and never repeats what was sent, so that it can go
/// back in an `error_description`.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum InvalidAuthorizationRequest {
    /// A flaw in the structure of the query: its size, its encoding, a repeated name.
    #[error("{}{}", KnownName(.0.parameter.as_deref()), .0.kind)]
    Query(Flaw),
    /// A required parameter is missing.
    #[error("{}: the parameter is missing", .0.name())]
    Missing(RequestParameter),
    /// The redirection URI is none.
    #[error("redirect_uri: the value does not fit its grammar")]
    RedirectUri(#[source] InvalidRedirectUri),
    /// Another response mode than `fragment`, the one in which tokens are answered here.
    #[error("response_mode: tokens are answered in the fragment only")]
    ResponseMode,
    /// A value that its grammar refuses.
    #[error("{}: the value does not fit its grammar", .parameter.name())]
    Value {
        /// Which one.
        parameter: RequestParameter,
        /// What was expected.
        #[source]
        source: InvalidValue,
    },
}

/// Prints the name of a flawed parameter if the protocol knows it; any other is the sender's own text.
struct KnownName<'a>(Option<&'a str>);

impl fmt::Display for KnownName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.and_then(RequestParameter::from_name) {
            Some(parameter) => write!(f, "{}: ", parameter.name()),
            None => Ok(()),
        }
    }
}

impl AuthorizationRequest {
    /// A request for an access token, with nothing optional in it but the redirection URI.
    // req: RFC6749-4.2.1-2, RFC6749-4.2.1-3, RFC6749-3.1.1-1, RFC6749-3.1.2.3-1, RFC6749-4.2.1-5
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

    /// Reads a request: what the authorization server received. Parameters that the protocol does not know become
    /// extra ones; `response_mode=fragment`, which says what holds anyhow, is left out.
    ///
    /// # Errors
    /// [`InvalidAuthorizationRequest`]: the flaw of the query, or the first parameter in the order of the specification
    /// that is missing or does not fit.
    // req: RFC6749-4.2.1-7
    pub fn from_query(query: &RequestQuery<'_>) -> Result<Self, InvalidAuthorizationRequest> {
        use InvalidAuthorizationRequest::{Missing, Query, RedirectUri as BadRedirectUri, ResponseMode};
        use RequestParameter as P;
        if let Some(flaw) = query.flaw() {
            return Err(Query(flaw.clone()));
        }
        // Without a flaw every parameter is absent or usable.
        let text = |parameter| query.get(parameter).ok().flatten().map(form::Text::decode);
        // req: RFC6749-3.1.1-2
        let response_type = read(query, P::ResponseType, ResponseType::new)?;
        let response_type = response_type.ok_or(Missing(P::ResponseType))?;
        let client_id = read(query, P::ClientId, ClientId::new)?;
        let client_id = client_id.ok_or(Missing(P::ClientId))?;
        let redirect_uri = text(P::RedirectUri).map(RedirectUri::new).transpose().map_err(BadRedirectUri)?;
        let is_for_tokens = response_type.wants_access_token() || response_type.wants_id_token();
        // req: OAUTHRESP-2.1-2
        if is_for_tokens && text(P::ResponseMode).is_some_and(|mode| mode != "fragment") {
            return Err(ResponseMode);
        }
        Ok(Self {
            response_type,
            client_id,
            redirect_uri,
            scope: read(query, P::Scope, Scope::new)?,
            state: read(query, P::State, State::new)?,
            nonce: read(query, P::Nonce, Nonce::new)?,
            prompt: read(query, P::Prompt, |text| Prompts::parse(&text))?,
            display: read(query, P::Display, Display::new)?,
            // req: OIDC-3.1.2.1-15
            extra: [P::LoginHint, P::UiLocales]
                .into_iter()
                .filter_map(|parameter| Some((parameter.name().into(), text(parameter)?.into_owned())))
                .chain(query.unknown().map(|(name, value)| (String::from(name).into(), value.into_owned())))
                .collect(),
        })
    }

    /// The request as the address that the user agent is sent to. A query that the endpoint has is kept.
    // req: RFC6749-3.1-2, RFC6749-3.1.1-1
    pub fn to_url(&self, endpoint: &AuthorizationEndpoint) -> AuthorizationUrl {
        let prompt = self.prompt.as_ref().map(Prompts::to_text);
        AuthorizationUrl(self.parts(start_of(endpoint), prompt.as_deref()).to_text())
    }

    /// Appends the address to `out`, which grows once and by what is needed, or not at all if it has the room.
    pub fn write_url(&self, endpoint: &AuthorizationEndpoint, out: &mut String) {
        let prompt = self.prompt.as_ref().map(Prompts::to_text);
        let parts = self.parts(start_of(endpoint), prompt.as_deref());
        out.reserve_exact(parts.len());
        parts.write(out);
    }

    /// The request as a form: the query without its `?`.
    pub fn to_query(&self) -> String {
        self.parts(["", ""], self.prompt.as_ref().map(Prompts::to_text).as_deref()).to_text()
    }

    /// How many bytes [`to_query`](Self::to_query) writes.
    pub fn encoded_len(&self) -> usize {
        self.parts(["", ""], self.prompt.as_ref().map(Prompts::to_text).as_deref()).len()
    }

    /// Every parameter that has a value, in the order of the specification. The text of the prompts comes from outside,
    /// as it is the only one that does not stand anywhere.
    // req: OAUTHRESP-2.1-1, OIDC-3.1.2.1-4, OIDC-3.1.2.1-6
    fn parts<'r>(&'r self, start: [&'r str; 2], prompt: Option<&'r str>) -> Parts<'r> {
        use RequestParameter as P;
        let pair = |opening, value| TypedPair { opening, value: form::Unencoded::new(value) };
        let typed = |opening, value: Option<&'r str>| value.map(|value| pair(opening, value));
        Parts {
            start,
            typed: [
                // The first has no `&` before it.
                typed(const { P::ResponseType.opening().split_at(1).1 }, Some(self.response_type.as_str())),
                typed(const { P::ClientId.opening() }, Some(self.client_id.as_str())),
                typed(
                    const { P::RedirectUri.opening() },
                    self.redirect_uri.as_ref().map(RedirectUri::as_str),
                ),
                typed(const { P::Scope.opening() }, self.scope.as_ref().map(Scope::as_str)),
                typed(const { P::State.opening() }, self.state.as_ref().map(State::reveal_secret)),
                typed(const { P::Nonce.opening() }, self.nonce.as_ref().map(Nonce::reveal_secret)),
                typed(const { P::Prompt.opening() }, prompt),
                typed(const { P::Display.opening() }, self.display.as_ref().map(Display::as_str)),
            ],
            extra: core::array::from_fn(|at| self.extra.get(at).and_then(extra_pair)),
            more: self.extra.get(FIRST_EXTRAS..).unwrap_or_default(),
        }
    }
}

/// How many extra parameters are looked through once, for their length and to be written. Few requests have more.
const FIRST_EXTRAS: usize = if IS_SMALL { 0 } else { 4 };

/// An extra parameter. An empty value would count as absent.
fn extra_pair<'r>((name, value): &'r (Cow<'static, str>, String)) -> Option<ExtraPair<'r>> {
    let pair = || ExtraPair { name: form::Unencoded::new(name), value: form::Unencoded::new(value) };
    (!value.is_empty()).then(pair)
}

/// What stands before the parameters: the endpoint, and what joins them to it.
fn start_of(endpoint: &AuthorizationEndpoint) -> [&str; 2] {
    let joint = match endpoint.uri().query() {
        None => "?",
        Some("") => "",
        Some(_) => "&",
    };
    [endpoint.as_str(), joint]
}

/// The parts of a written request, still to be written.
struct Parts<'r> {
    /// The endpoint, and what joins the parameters to it.
    start: [&'r str; 2],
    typed: [Option<TypedPair<'r>>; 8],
    extra: [Option<ExtraPair<'r>>; FIRST_EXTRAS],
    more: &'r [(Cow<'static, str>, String)],
}

/// A parameter that the protocol does not know.
#[derive(Clone, Copy)]
struct ExtraPair<'r> {
    name: form::Unencoded<'r>,
    value: form::Unencoded<'r>,
}

/// A parameter of the protocol, whose name needs no escapes.
#[derive(Clone, Copy)]
struct TypedPair<'r> {
    /// `&name=`, without the `&` if it is the first.
    opening: &'static str,
    value: form::Unencoded<'r>,
}

impl Parts<'_> {
    /// How many bytes they take.
    fn len(&self) -> usize {
        let typed = self.typed.iter().flatten().map(|pair| pair.opening.len() + pair.value.encoded_len());
        let extra = self.extra().map(|pair| 2 + pair.name.encoded_len() + pair.value.encoded_len());
        let [start, joint] = self.start;
        start.len() + joint.len() + typed.sum::<usize>() + extra.sum::<usize>()
    }

    fn to_text(&self) -> String {
        let mut text = String::with_capacity(self.len());
        self.write(&mut text);
        text
    }

    fn write(&self, out: &mut String) {
        // A text takes whatever is written.
        let _ = self.try_write(out);
    }

    // req: RFC6749-4.2.1-1
    fn try_write(&self, out: &mut String) -> fmt::Result {
        let [start, joint] = self.start;
        out.push_str(start);
        out.push_str(joint);
        for pair in self.typed.iter().flatten() {
            out.push_str(pair.opening);
            pair.value.write(out)?;
        }
        for pair in self.extra() {
            out.push('&');
            pair.name.write(out)?;
            out.push('=');
            pair.value.write(out)?;
        }
        Ok(())
    }

    fn extra(&self) -> impl Iterator<Item = ExtraPair<'_>> {
        self.extra.iter().flatten().copied().chain(self.more.iter().filter_map(extra_pair))
    }
}

/// Reads one parameter of a query without flaw.
fn read<T>(
    query: &RequestQuery<'_>,
    parameter: RequestParameter,
    parse: impl FnOnce(String) -> Result<T, InvalidValue>,
) -> Result<Option<T>, InvalidAuthorizationRequest> {
    let text = query.get(parameter).ok().flatten().map(|text| text.decode().into_owned());
    let value = text.map(parse).transpose();
    value.map_err(|source| InvalidAuthorizationRequest::Value { parameter, source })
}

/// The finished address of step 1. It holds the state, so `Debug` shows only where it leads.
#[derive(Clone, PartialEq, Eq)]
pub struct AuthorizationUrl(pub(super) String);

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
