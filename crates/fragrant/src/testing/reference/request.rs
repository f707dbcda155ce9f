//! The reading of an authorization request a second time, written for clarity alone: what is in the query, what is wrong with
//! it, and what a server answers before anybody has logged in.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::{decode, quotable};
use crate::authorization_server::{
    ClientRegistration, ErrorPageReason, Received, Refusal, RegisteredRedirectUri,
};
use crate::spec::RequestParameter;
use crate::value::{ClientId, ResponseType, Scope};
use crate::wire::form::Fault;
use crate::wire::{FlawKind, Limits, RequestQuery, Unusable};

/// The parameters that a server knows.
const KNOWN: [&str; 13] = [
    "response_type",
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "response_mode",
    "nonce",
    "prompt",
    "display",
    "login_hint",
    "request",
    "request_uri",
    "ui_locales",
];

/// A query, as [`RequestQuery`] has it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs)] // complete: what a query has
pub struct Request {
    /// The first flaw: what it is, the decoded name of the parameter, where it begins.
    pub flaw: Option<(FlawKind, Option<String>, usize)>,
    /// The known parameters that were sent, decoded.
    pub known: BTreeMap<String, Result<String, Unusable>>,
    /// The others, decoded.
    pub unknown: Vec<(String, String)>,
}

/// A client, as the reference knows it.
#[derive(Clone, Copy, Debug)]
#[allow(clippy::exhaustive_structs)] // written as a literal
pub struct Registered {
    /// Its identifier.
    pub client_id: &'static str,
    /// Its addresses.
    pub redirect_uris: &'static [&'static str],
    /// The scope that it may ask for.
    pub scope: Option<&'static str>,
    /// The scope that it gets when it asks for none.
    pub default_scope: Option<&'static str>,
    /// Whether it may ask for a token.
    pub may_ask_for_token: bool,
}

/// What a server answers before anybody has logged in.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums)] // complete: RFC 6749 section 4.2.2.1 knows these two refusals
pub enum Answer {
    /// A page.
    Page(ErrorPageReason),
    /// An error for the client: the code, and the address that it goes to.
    Error(String, String),
    /// None yet: the request is valid, and its answer goes to this address.
    Received(String),
}

impl Answer {
    /// What the crate's own server answers.
    pub fn of(answer: &Result<Received, Refusal>) -> Self {
        match answer {
            Ok(received) => Self::Received(received.redirect_uri().as_str().into()),
            Err(Refusal::RedirectWithError(error)) => {
                Self::Error(error.error().as_str().to_string(), error.redirect_uri().as_str().into())
            }
            Err(Refusal::ShowErrorPage(page)) => Self::Page(page.reason()),
        }
    }

    /// One word for it: `page`, `received`, or the code of an error.
    pub fn word(&self) -> &str {
        match self {
            Self::Page(_) => "page",
            Self::Error(code, _) => code,
            Self::Received(_) => "received",
        }
    }
}

impl Registered {
    /// The same client in the crate's own words.
    pub fn registration(&self) -> Option<Arc<ClientRegistration>> {
        let uris: Result<Vec<_>, _> =
            self.redirect_uris.iter().map(|uri| RegisteredRedirectUri::new(*uri)).collect();
        let client = ClientRegistration::new(ClientId::new(self.client_id).ok()?, "App", uris.ok()?).ok()?;
        let scope = |names: Option<&'static str>| names.and_then(|names| Scope::new(names).ok());
        let client = match scope(self.scope) {
            Some(allowed) => client.with_scope(allowed, scope(self.default_scope)).ok()?,
            None => client,
        };
        let client = match self.may_ask_for_token {
            true => client,
            false => client.with_response_types([ResponseType::new("code").ok()?]).ok()?,
        };
        Some(Arc::new(client))
    }
}

/// One pair as it stands.
struct Pair {
    offset: usize,
    name: Result<String, Fault>,
    value: Result<String, Fault>,
    /// How long the value is, still encoded.
    len: usize,
}

impl Pair {
    fn fault(&self) -> Option<Fault> {
        self.name.as_ref().err().or(self.value.as_ref().err()).copied()
    }

    /// Whether it stands for something: its name can be told, and its value is not left out.
    fn names(&self, name: &str) -> bool {
        self.name.as_deref() == Ok(name) && self.value.as_deref() != Ok("")
    }
}

impl Request {
    /// What the crate's own reader has read.
    pub fn of(query: &RequestQuery<'_>) -> Self {
        let known = RequestParameter::ALL.iter().filter_map(|parameter| {
            let value = query.get(*parameter).transpose()?;
            Some((parameter.name().into(), value.map(|text| text.decode().into_owned())))
        });
        Self {
            flaw: query.flaw().map(|flaw| (flaw.kind, flaw.parameter.clone(), flaw.offset)),
            known: known.collect(),
            unknown: query.unknown().map(|(name, value)| (name.into(), value.into_owned())).collect(),
        }
    }

    /// Reads a query.
    pub fn read(query: &str, limits: &Limits) -> Self {
        let pairs = pairs(query);
        let known = KNOWN.iter().filter_map(|name| {
            let own: Vec<&Pair> = pairs.iter().filter(|pair| pair.names(name)).collect();
            let value = match *own {
                [] => return None,
                [one] if one.len > limits.max_len => Err(Unusable::Malformed),
                [one] => one.value.clone().map_err(|_| Unusable::Malformed),
                _ => Err(Unusable::Repeated),
            };
            Some(((*name).to_string(), value))
        });
        let unknown = pairs.iter().take(limits.max_parameters).filter_map(|pair| {
            let (name, value) = (pair.name.clone().ok()?, pair.value.clone().ok()?);
            let is_kept = !name.is_empty() && !value.is_empty() && !KNOWN.contains(&&*name);
            is_kept.then_some((name, value))
        });
        Self { flaw: flaw(query, &pairs, limits), known: known.collect(), unknown: unknown.collect() }
    }

    /// A parameter that was sent once and can be used.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.known.get(name).and_then(|value| value.as_deref().ok())
    }

    /// What a server of these clients answers.
    pub fn answer(&self, clients: &[Registered]) -> Answer {
        let (client, address) = match self.address(clients) {
            Ok(found) => found,
            Err(reason) => return Answer::Page(reason),
        };
        match self.error(client) {
            Some(code) => Answer::Error(code.into(), address),
            None => Answer::Received(address),
        }
    }

    /// Who asks, and where the answer goes, or what the page says.
    fn address<'c>(&self, clients: &'c [Registered]) -> Result<(&'c Registered, String), ErrorPageReason> {
        let client = match self.known.get("client_id") {
            None => Err(ErrorPageReason::ClientIdMissing),
            Some(Err(Unusable::Malformed)) => Err(ErrorPageReason::ClientIdMalformed),
            Some(Err(Unusable::Repeated)) => Err(ErrorPageReason::ClientIdRepeated),
            Some(Ok(id)) => {
                let client = clients.iter().find(|client| client.client_id == id);
                client.ok_or(ErrorPageReason::ClientUnknown)
            }
        }?;
        let address = match (self.known.get("redirect_uri"), client.redirect_uris) {
            (None, [only]) => Ok((*only).into()),
            (None, _) => Err(ErrorPageReason::RedirectUriMissing),
            (Some(Err(Unusable::Malformed)), _) => Err(ErrorPageReason::RedirectUriMalformed),
            (Some(Err(Unusable::Repeated)), _) => Err(ErrorPageReason::RedirectUriRepeated),
            (Some(Ok(requested)), own) => {
                let is_own = |own: &&str| own == requested || is_at_another_port(own, requested);
                let found = own.iter().any(is_own).then(|| requested.clone());
                found.ok_or(ErrorPageReason::RedirectUriMismatch)
            }
        }?;
        Ok((client, address))
    }

    /// The code that the client is told, if there is anything wrong.
    fn error(&self, client: &Registered) -> Option<&'static str> {
        let fits = |name, fits: &dyn Fn(&str) -> bool| self.value(name).is_none_or(fits);
        let names = |text: &str| text.split(' ').map(ToString::to_string).collect::<Vec<_>>();
        let is_name = |text: &str| !text.is_empty() && quotable(text) && !text.contains(' ');
        let is_set = |names: &[String]| names.iter().collect::<BTreeSet<_>>().len() == names.len();

        // What is no request, in the order of the specification.
        let Some(response_type) = self.value("response_type") else { return Some("invalid_request") };
        let types = names(response_type);
        let is_letter = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
        let is_type = |name: &String| !name.is_empty() && name.chars().all(is_letter);
        let wants_token = types.iter().any(|name| name == "token" || name == "id_token");
        if self.flaw.is_some()
            || !types.iter().all(is_type)
            || !is_set(&types)
            || wants_token && !fits("response_mode", &|mode| mode == "fragment")
        {
            return Some("invalid_request");
        }
        if !fits("scope", &|scope| scope.split(' ').all(is_name)) {
            return Some("invalid_scope");
        }
        let are_prompts = |text: &str| {
            let prompts: BTreeSet<&str> = text.split(' ').collect();
            prompts.iter().all(|name| is_name(name))
                && prompts.len() <= 16
                && (prompts.len() == 1 || !prompts.contains("none"))
        };
        if !fits("state", &|state| !state.chars().any(char::is_control))
            || !fits("nonce", &|nonce| nonce.chars().all(|letter| matches!(letter, ' '..='~')))
            || !fits("prompt", &are_prompts)
            || !fits("display", &is_name)
        {
            return Some("invalid_request");
        }

        // What is one, and not for this server or this client.
        if response_type != "token" {
            return Some("unsupported_response_type");
        }
        if !client.may_ask_for_token {
            return Some("unauthorized_client");
        }
        let is_allowed = match (self.value("scope"), client.scope) {
            (None, None) => true,
            (None, Some(_)) => client.default_scope.is_some(),
            (Some(_), None) => false,
            (Some(scope), Some(own)) => names(scope).iter().all(|name| names(own).contains(name)),
        };
        (!is_allowed).then_some("invalid_scope")
    }
}

/// Limits before structure, structure before names that come again, the leftmost of each.
fn flaw(query: &str, pairs: &[Pair], limits: &Limits) -> Option<(FlawKind, Option<String>, usize)> {
    if query.len() > limits.max_len {
        let offset = (0..=limits.max_len).rev().find(|at| query.is_char_boundary(*at)).unwrap_or(0);
        return Some((FlawKind::TooLong, None, offset));
    }
    if let Some(pair) = pairs.get(limits.max_parameters) {
        return Some((FlawKind::TooManyParameters, None, pair.offset));
    }
    let malformed = pairs.iter().find_map(|pair| Some((FlawKind::Malformed(pair.fault()?), pair)));
    let repeated = || {
        let again = pairs.iter().enumerate().find(|(index, pair)| {
            let name = pair.name.as_deref().unwrap_or_default();
            !name.is_empty() && pair.names(name) && pairs[..*index].iter().any(|earlier| earlier.names(name))
        });
        again.map(|(_, pair)| (FlawKind::Duplicate, pair))
    };
    malformed.or_else(repeated).map(|(kind, pair)| (kind, pair.name.clone().ok(), pair.offset))
}

/// The pairs that are not empty.
fn pairs(query: &str) -> Vec<Pair> {
    let mut pairs = Vec::new();
    let mut offset = 0;
    for pair in query.split('&') {
        if !pair.is_empty() {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            pairs.push(Pair { offset, name: decode(name), value: decode(value), len: value.len() });
        }
        offset += pair.len() + 1;
    }
    pairs
}

/// On this machine the port is any, the rest is the registered address (RFC 8252 section 7.3).
fn is_at_another_port(registered: &str, requested: &str) -> bool {
    const HERE: &str = "http://127.0.0.1";
    let port = registered
        .strip_prefix(HERE)
        .filter(|path| path.starts_with('/'))
        .and_then(|path| requested.strip_prefix(HERE)?.strip_prefix(':')?.strip_suffix(path));
    // As it is written, for the address is compared by bytes: no zero in front, and not the port of the scheme.
    let number = port.filter(|port| !port.starts_with(['0', '+'])).and_then(|port| port.parse::<u16>().ok());
    number.is_some_and(|number| number != 80)
}
