//! The rules a second time, written for clarity alone: no views, no slots, no fast path, nothing shared with the crate but
//! the names of the parameters. The exhaustive tests hold the two to each other.
//!
//! It knows the questions of those tests: an access token, with or without a state; no issuer, no redirection URI, no
//! profile of its own. [`request`] reads what a server is asked in step 1, [`credentials`] and [`challenges`] read the
//! headers of step 4.

pub mod challenges;
pub mod credentials;
pub mod request;

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::client::rules::{Channel, Verdict};
use crate::wire::form::Fault;

/// The parameters that may stand once.
const KNOWN: [&str; 12] = [
    "access_token",
    "token_type",
    "expires_in",
    "scope",
    "state",
    "iss",
    "id_token",
    "error",
    "error_description",
    "error_uri",
    "code",
    "refresh_token",
];
/// Those whose presence makes an answer.
const ANSWERS: [&str; 9] = [
    "access_token",
    "token_type",
    "expires_in",
    "scope",
    "iss",
    "id_token",
    "error",
    "error_description",
    "error_uri",
];
/// The limits of the strict profile.
const MAX_LEN: usize = 65_536;
const MAX_PAIRS: usize = 64;
/// The longest route of a hash router.
const MAX_ROUTE: usize = 4_096;

/// What came of it: the parts of a verdict that two programs can compare.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(clippy::exhaustive_enums)] // complete: what a verdict can be
pub enum Outcome {
    /// An access token, or none if an ID token alone was asked for.
    Granted {
        /// The token.
        token: String,
    },
    /// An error code, and the part of the address that it came in.
    Refused {
        /// The code.
        error: String,
        /// `fragment` or `query`.
        channel: &'static str,
    },
    /// A rejection.
    Rejected {
        /// The word for the reason.
        reason: &'static str,
        /// The decoded name of the offending parameter.
        parameter: Option<String>,
        /// Where it begins.
        offset: usize,
    },
}

impl Outcome {
    /// What the crate's own verdict comes to.
    pub fn of(verdict: &Verdict) -> Self {
        match verdict {
            Verdict::TokenGranted(granted) => match &granted.response {
                crate::client::rules::SuccessResponse::AccessToken(response) => {
                    Self::Granted { token: response.access_token.reveal_secret().into() }
                }
                crate::client::rules::SuccessResponse::IdToken(_) => Self::Granted { token: String::new() },
            },
            Verdict::ErrorReturned(returned) => Self::Refused {
                error: returned.response.error.as_str().into(),
                channel: if returned.channel == Channel::Query { "query" } else { "fragment" },
            },
            Verdict::ResponseRejected(rejection) | Verdict::NotOurs(rejection) => Self::Rejected {
                reason: rejection.reason.as_str(),
                parameter: rejection.parameter.clone(),
                offset: rejection.offset,
            },
        }
    }

    /// One word for the kind of outcome, to be counted.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Granted { .. } => "granted",
            Self::Refused { channel, .. } => channel,
            Self::Rejected { reason, .. } => reason,
        }
    }
}

/// One pair as it stands.
struct Pair {
    offset: usize,
    /// Decoded, if it is sound.
    name: Option<String>,
    value: Option<String>,
}

impl Pair {
    fn is(&self, name: &str) -> bool {
        self.name.as_deref() == Some(name) && self.value.as_deref() != Some("")
    }

    fn is_malformed(&self) -> bool {
        self.name.is_none() || self.value.is_none()
    }
}

/// Judges `input` as the answer to a request for an access token, sent with `state` if there is one.
pub fn judge(input: &str, state: Option<&str>) -> Outcome {
    match believe(input, state) {
        Ok(outcome) | Err(outcome) => outcome,
    }
}

fn believe(input: &str, state: Option<&str>) -> Result<Outcome, Outcome> {
    let reject = |reason, parameter: Option<&str>, offset| {
        Err(Outcome::Rejected { reason, parameter: parameter.map(ToString::to_string), offset })
    };

    // Limits.
    if input.len() > MAX_LEN {
        let offset = (0..=MAX_LEN).rev().find(|at| input.is_char_boundary(*at)).unwrap_or(0);
        return reject("too_long", None, offset);
    }
    let hash = input.find('#');
    let before = &input[..hash.unwrap_or(input.len())];
    let query_at = before.find('?').map_or(before.len(), |mark| mark + 1);
    let query = pairs(&before[query_at..], query_at);
    let fragment_at = hash.map_or(input.len(), |hash| hash + 1);
    let (route, answer_at) = route(&input[fragment_at..], fragment_at);
    let answer = pairs(&input[answer_at..], answer_at);
    if let Some(pair) = query.iter().chain(&answer).nth(MAX_PAIRS) {
        return reject("too_many_parameters", None, pair.offset);
    }

    // Structure.
    if let Some(pair) = query.iter().find(|pair| pair.is_malformed()) {
        return reject("malformed", pair.name.as_deref(), pair.offset);
    }
    if let Some(at) = route.find(|char: char| char == '#' || !char.is_ascii_graphic()) {
        return reject("malformed", None, fragment_at + at);
    }
    if let Some(pair) = answer.iter().find(|pair| pair.is_malformed()) {
        return reject("malformed", pair.name.as_deref(), pair.offset);
    }

    // Repeated parameters.
    for part in [&query, &answer] {
        for (index, pair) in part.iter().enumerate() {
            let name = pair.name.as_deref().unwrap_or_default();
            if KNOWN.contains(&name) && pair.is(name) && part[..index].iter().any(|earlier| earlier.is(name))
            {
                return reject("duplicate_parameter", Some(name), pair.offset);
            }
        }
    }

    // Channel.
    let token_in = |part: &[Pair]| {
        let token = part.iter().find(|pair| pair.is("access_token") || pair.is("id_token"))?;
        Some((token.name.clone().unwrap_or_default(), token.offset))
    };
    let find = |part: &[Pair], name: &str| part.iter().find(|pair| pair.is(name)).map(|pair| pair.offset);
    let is_answer = |part: &[Pair]| part.iter().any(|pair| ANSWERS.iter().any(|name| pair.is(name)));
    let (query_token, query_error) = (token_in(&query), find(&query, "error"));
    if !is_answer(&answer) && query_token.is_none() && query_error.is_none() {
        return reject("no_response", None, input.len());
    }
    if let Some((name, offset)) = query_token {
        return reject("token_in_query", Some(&name), offset);
    }
    let (channel, part) = if is_answer(&answer) { ("fragment", &answer) } else { ("query", &query) };
    if let (Some(error), Some((name, token))) = (find(part, "error"), token_in(part)) {
        return if error > token {
            reject("error_and_token", Some("error"), error)
        } else {
            reject("error_and_token", Some(&name), token)
        };
    }

    // State.
    let value = |name: &str| part.iter().find(|pair| pair.is(name)).and_then(|pair| pair.value.clone());
    match (state, value("state")) {
        (Some(expected), Some(came)) if expected == came => {}
        (Some(_), Some(_)) => {
            return reject("state_mismatch", Some("state"), find(part, "state").unwrap_or(0));
        }
        (Some(_), None) => return reject("state_missing", Some("state"), input.len()),
        (None, Some(_)) => {
            return reject("state_unexpected", Some("state"), find(part, "state").unwrap_or(0));
        }
        (None, None) => {}
    }

    // Values.
    if let Some(error) = value("error") {
        if !quotable(&error) {
            return reject("error_invalid", Some("error"), find(part, "error").unwrap_or(0));
        }
        return Ok(Outcome::Refused { error, channel });
    }
    let mut faults: Vec<(usize, &'static str, &str)> = Vec::new();
    let end = input.len();
    match value("access_token") {
        None => faults.push((end, "access_token_missing", "access_token")),
        Some(token) if !printable(&token) => {
            faults.push((find(part, "access_token").unwrap_or(0), "access_token_invalid", "access_token"));
        }
        Some(_) => {}
    }
    match value("token_type") {
        None => faults.push((end, "token_type_missing", "token_type")),
        Some(kind) if !kind.eq_ignore_ascii_case("bearer") => {
            faults.push((find(part, "token_type").unwrap_or(0), "token_type_unsupported", "token_type"));
        }
        Some(_) => {}
    }
    if let Some(seconds) = value("expires_in") {
        let is_number = seconds.bytes().all(|byte| byte.is_ascii_digit()) && seconds.parse::<u64>().is_ok();
        if !is_number {
            faults.push((find(part, "expires_in").unwrap_or(0), "expires_in_invalid", "expires_in"));
        }
    }
    if let Some(scope) = value("scope") {
        let is_scope = scope.split(' ').all(|name| !name.is_empty() && quotable(name));
        if !is_scope {
            faults.push((find(part, "scope").unwrap_or(0), "scope_invalid", "scope"));
        }
    }
    // The leftmost; a stable sort keeps the order above among those at one place.
    faults.sort_by_key(|(offset, _, _)| *offset);
    if let Some((offset, reason, parameter)) = faults.first() {
        return reject(reason, Some(parameter), *offset);
    }
    Ok(Outcome::Granted { token: value("access_token").unwrap_or_default() })
}

/// Cuts a hash router's route off: the route, and where the answer begins.
fn route(fragment: &str, offset: usize) -> (&str, usize) {
    if !fragment.starts_with('/') {
        return ("", offset);
    }
    if let Some(mark) = fragment.find('?').filter(|mark| *mark <= MAX_ROUTE) {
        let own = pairs(&fragment[1..mark], 0);
        if !own.iter().any(|pair| KNOWN.iter().any(|name| pair.is(name))) {
            return (&fragment[..mark], offset + mark + 1);
        }
    }
    (&fragment[..1], offset + 1)
}

/// The pairs that are not empty.
fn pairs(text: &str, offset: usize) -> Vec<Pair> {
    let mut pairs = Vec::new();
    let mut at = offset;
    for pair in text.split('&') {
        if !pair.is_empty() {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            pairs.push(Pair { offset: at, name: decode(name).ok(), value: decode(value).ok() });
        }
        at += pair.len() + 1;
    }
    pairs
}

/// Decodes a name or value, or says what is wrong with it first.
fn decode(text: &str) -> Result<String, Fault> {
    let mut decoded = Vec::new();
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'+' => b' ',
            b'%' => {
                let mut digit = || char::from(bytes.next()?).to_digit(16);
                let value = digit().zip(digit()).map(|(high, low)| high * 16 + low);
                value.and_then(|value| u8::try_from(value).ok()).ok_or(Fault::Escape)?
            }
            b'#' => return Err(Fault::Hash),
            b' ' => return Err(Fault::Space),
            0x80.. => return Err(Fault::NonAscii),
            0..=0x1F | 0x7F => return Err(Fault::Control),
            _ => byte,
        });
    }
    String::from_utf8(decoded).map_err(|_| Fault::NotUtf8)
}

/// Whether it is printable ASCII alone.
fn printable(text: &str) -> bool {
    text.bytes().all(|byte| (0x20..=0x7E).contains(&byte))
}

/// Whether it is what may stand between quotes.
fn quotable(text: &str) -> bool {
    printable(text) && !text.contains(['"', '\\'])
}
