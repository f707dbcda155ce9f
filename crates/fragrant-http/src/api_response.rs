//! What the API server answered, read into types.

use std::fmt;

use fragrant::message::{BearerChallenge, ReceivedChallenge};
use fragrant::value::{ErrorCode, Scope};
use ureq::http::HeaderMap;
use ureq::http::header::{RETRY_AFTER, WWW_AUTHENTICATE};

/// An API server's answer. `Debug` shows how long the body is and which headers there are, as both may hold anything.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ApiResponse {
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
    /// The Bearer challenges of its `WWW-Authenticate` headers, with what is wrong with each.
    pub challenges: Vec<ReceivedChallenge>,
    /// How long to wait before the next call, in **seconds**, if the server says so as a number.
    pub retry_after: Option<u64>,
    headers: Vec<(String, Vec<u8>)>,
}

impl fmt::Debug for ApiResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.headers.iter().map(|(name, _)| name.as_str()).collect();
        f.debug_struct("ApiResponse")
            .field("status", &self.status)
            .field("body", &format_args!("{} bytes", self.body.len()))
            .field("challenges", &self.challenges)
            .field("retry_after", &self.retry_after)
            .field("headers", &names)
            .finish()
    }
}

/// What an answer means to the holder of a token.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// The call was served: a 2xx status.
    Served,
    /// The server does not take the token (401): expired, revoked, malformed, or none seen. A renewal may help. Not
    /// every server sends a challenge, so its absence says nothing.
    TokenRefused(Option<BearerChallenge>),
    /// The token does not reach that far (403 with `insufficient_scope`).
    InsufficientScope {
        /// What would reach, if the server says so.
        needed: Option<Scope>,
    },
    /// Too many calls (429, 503): come back later.
    TryLater {
        /// After how many **seconds**, if the server says so.
        retry_after: Option<u64>,
    },
    /// Any other status: the API's own business.
    Other,
}

impl ApiResponse {
    pub(crate) fn new(status: u16, headers: &HeaderMap, body: Vec<u8>) -> Self {
        let text = |value: &ureq::http::HeaderValue| value.to_str().ok().map(str::to_owned);
        // A byte beyond ASCII spoils the attribute that it is in, and no other.
        let lossy = |value: &ureq::http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let challenges: Vec<String> = headers.get_all(WWW_AUTHENTICATE).iter().map(lossy).collect();
        Self {
            status,
            body,
            challenges: BearerChallenge::read(challenges.iter().map(String::as_str)),
            retry_after: headers.get(RETRY_AFTER).and_then(text).and_then(|text| seconds(&text)),
            headers: headers
                .iter()
                .map(|(name, value)| (name.as_str().into(), value.as_bytes().into()))
                .collect(),
        }
    }

    /// The first header of this name (case does not count), if it is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        let (_, value) = self.headers.iter().find(|(own, _)| own.eq_ignore_ascii_case(name))?;
        std::str::from_utf8(value).ok()
    }

    /// The first Bearer challenge, sound or not.
    pub fn challenge(&self) -> Option<&BearerChallenge> {
        self.challenges.first().map(|received| &received.challenge)
    }

    /// What the answer means to the holder of the token. The status rules; a challenge only adds to it, as servers differ
    /// widely in what they send (RFC 6750 section 3.1 says what they should).
    // req: RFC6750-3-7
    pub fn outcome(&self) -> Outcome {
        let mut challenges = self.challenges.iter().map(|received| &received.challenge);
        match self.status {
            200..=299 => Outcome::Served,
            401 => Outcome::TokenRefused(self.challenge().cloned()),
            // It need not be the first that says so.
            403 => challenges
                .find(|own| own.error == Some(ErrorCode::INSUFFICIENT_SCOPE))
                .map_or(Outcome::Other, |own| Outcome::InsufficientScope { needed: own.scope.clone() }),
            429 | 503 => Outcome::TryLater { retry_after: self.retry_after },
            _ => Outcome::Other,
        }
    }
}

/// `1*DIGIT`; Rust's own reading would take a sign.
fn seconds(text: &str) -> Option<u64> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}
