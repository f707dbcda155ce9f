//! How answers and calls are judged: the tables of `fragrant::client` and `fragrant::api_server`.

use fragrant::api_server::{Call, Policy, RefusalReason, TokenRecord, credentials, judge};
use fragrant::authorization_server::ErrorPageReason;
use fragrant::client::rules::Verdict;
use fragrant::client::{rejection, rules, session};
use fragrant::message::Realm;
use fragrant::value::{ErrorCode, Expiry, Origin, Scope, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::GatherError;

/// Something that has a word by which programs know it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Word {
    /// The word.
    pub word: String,
    /// What it is, in a sentence without its full stop.
    pub explanation: String,
}

/// Why an answer is rejected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Reason {
    /// The word by which programs know it.
    pub word: String,
    /// What is wrong and what was expected, in a sentence without its full stop.
    pub explanation: String,
    /// Where the rule stands.
    pub citation: String,
    /// Whether the state had matched by then: then the request is used up, and otherwise it stands.
    pub is_after_state_matched: bool,
    /// The cause by which a session tells of it.
    pub cause: String,
}

/// Something in a believed answer that is left aside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Note {
    /// The word by which programs know it.
    pub word: String,
    /// What is left aside, in a sentence without its full stop.
    pub explanation: String,
    /// Where the rule stands.
    pub citation: String,
}

/// What can go wrong with a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Cause {
    /// The word by which programs know it.
    pub word: String,
    /// What is wrong, in a sentence without its full stop.
    pub explanation: String,
    /// Where the rule stands.
    pub citation: String,
    /// What helps.
    pub next_action: String,
    /// The error codes of the authorization server that come to this.
    pub error_codes: Vec<String>,
}

/// A call that the API server does not let in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Refusal {
    /// Why, for the server's own log.
    pub reason: String,
    /// The HTTP status.
    pub status: u16,
    /// The error code in the challenge, if there is one.
    pub error_code: Option<String>,
    /// The value of the `WWW-Authenticate` header, which tells less.
    pub challenge: String,
}

pub(super) fn verdicts() -> Vec<Word> {
    let word = |(word, explanation): &(&str, &str)| Word {
        word: (*word).into(),
        explanation: (*explanation).into(),
    };
    Verdict::TABLE.iter().map(word).collect()
}

pub(super) fn reasons() -> Vec<Reason> {
    let reason = |reason: &rejection::Reason| Reason {
        word: reason.as_str().into(),
        explanation: reason.explanation().into(),
        citation: reason.citation().into(),
        is_after_state_matched: reason.is_after_state_matched(),
        cause: session::Cause::of_reason(*reason).as_str().into(),
    };
    rejection::Reason::ALL.iter().map(reason).collect()
}

pub(super) fn notes() -> Vec<Note> {
    let note = |note: &rules::Note| Note {
        word: note.as_str().into(),
        explanation: note.explanation().into(),
        citation: note.citation().into(),
    };
    rules::Note::ALL.iter().map(note).collect()
}

pub(super) fn error_codes() -> Vec<String> {
    ErrorCode::OF_AUTHORIZATION_SERVER.iter().map(|code| code.as_str().into()).collect()
}

pub(super) fn api_error_codes() -> Vec<String> {
    ErrorCode::OF_API_SERVER.iter().map(|code| code.as_str().into()).collect()
}

pub(super) fn causes() -> Vec<Cause> {
    let codes_of = |cause: session::Cause| {
        let of_server = ErrorCode::OF_AUTHORIZATION_SERVER.iter();
        let named = of_server.filter(move |code| session::Cause::of_error(code) == cause);
        named.map(|code| code.as_str().into()).collect()
    };
    let cause = |cause: &session::Cause| Cause {
        word: cause.as_str().into(),
        explanation: cause.explanation().into(),
        citation: cause.citation().into(),
        next_action: cause.next_action().as_str().into(),
        error_codes: codes_of(*cause),
    };
    session::Cause::ALL.iter().map(cause).collect()
}

pub(super) fn error_pages() -> Vec<String> {
    ErrorPageReason::ALL.iter().map(ErrorPageReason::to_string).collect()
}

/// Calls the API in every way in which it can be refused.
pub(super) fn refusals() -> Result<Vec<Refusal>, GatherError> {
    const WHAT: &str = "calling the API in vain";
    let failed = |error: &dyn std::fmt::Display| GatherError::new(WHAT, error);
    let policy = Policy::new(Realm::new("api").map_err(|error| failed(&error))?);
    let wanted = Scope::new("write").map_err(|error| failed(&error))?;
    let elsewhere = Origin::new("https://other.example").map_err(|error| failed(&error))?;
    let now = Timestamp::from_unix_seconds(1_760_000_000);
    let record = TokenRecord::new(Expiry::at(now.saturating_add(3600)));
    let ended = TokenRecord::new(Expiry::at(now));
    let (mut revoked, mut for_another) = (record.clone(), record.clone());
    revoked.is_revoked = true;
    for_another.audience = Some(elsewhere);
    let calls = [
        Call::default(),
        Call { authorization: &[b"Bearer"], ..Call::default() },
        Call { authorization: &[b"Bearer a b"], ..Call::default() },
        Call { authorization: &[b"Bearer abc", b"Bearer abc"], ..Call::default() },
        Call { query: Some("access_token=abc"), ..Call::default() },
    ];
    let records = [
        (None, None),
        (Some(ended), None),
        (Some(revoked), None),
        (Some(for_another), None),
        (Some(record), Some(&wanted)),
    ];
    let mut refused: Vec<_> = calls.iter().filter_map(|call| credentials(call, &policy).err()).collect();
    refused.extend(
        records.iter().filter_map(|(record, wanted)| judge(record.as_ref(), *wanted, now, &policy).err()),
    );
    // In the order of the reasons, and all of them.
    let of_reason = |reason: &RefusalReason| {
        let found = refused.iter().find(|refusal| refusal.reason() == *reason);
        let refusal = found.ok_or_else(|| GatherError::new(WHAT, format_args!("never refused: {reason}")))?;
        Ok(Refusal {
            reason: reason.to_string(),
            status: refusal.status(),
            error_code: refusal.challenge().error.map(|code| code.as_str().into()),
            challenge: refusal.challenge().to_header_value(),
        })
    };
    RefusalReason::ALL.iter().map(of_reason).collect()
}
