//! Every row of the wire format's table (`docs/DESIGN.md` section 6), clause by clause, through the one function that
//! judges answers.
//!
//! In the tables a `»` stands before the first byte of the parameter that a rejection has to point at, and at the end
//! where it has to say that something is missing. It is taken out before the text is judged.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)] // helpers outside `#[test]` functions fail tests too

use fragrant::client::rules::{self, Channel, Granted, Note, Returned, SuccessResponse, Verdict, examine};
use fragrant::client::{Reason, Rejection};
use fragrant::message::{AccessTokenResponse, Extra, IdTokenResponse};
use fragrant::profile::Profile;
use fragrant::spec::ResponseParameter;
use fragrant::testing::{Question, oracle};
use fragrant::value::{ErrorCode, ResponseType, Scope, Timestamp, TokenType};
use fragrant::wire::{Limits, Redirect, RedirectParameters};

mod binding;
mod channel;
mod order;
mod servers;
mod structure;
mod values;

/// The token of the tables.
const TOKEN: &str = "2YotnFZFEjr1zCsicMWpAA";

/// What makes a success, less the state.
const OK: &str = "access_token=2YotnFZFEjr1zCsicMWpAA&token_type=bearer";

/// The same with the state of [`asked`].
const OK_XYZ: &str = "access_token=2YotnFZFEjr1zCsicMWpAA&token_type=bearer&state=xyz";

/// A client that asked for an access token with the state `xyz`.
fn asked() -> Question {
    Question::new().with_state("xyz")
}

/// The same that knows where the answer goes.
fn asked_at(redirect_uri: &str) -> Question {
    Question { redirect_uri: Some(redirect_uri.into()), ..asked() }
}

fn scope(text: &str) -> Scope {
    Scope::new(text).unwrap()
}

#[track_caller]
fn granted(question: &Question, input: &str) -> Granted {
    let verdict = question.judge(input);
    assert_eq!(verdict.as_str(), "token_granted", "{input}");
    match verdict {
        Verdict::TokenGranted(granted) => granted,
        other => panic!("{input}: {other:?}"),
    }
}

/// The answer to a question for an access token.
#[track_caller]
fn token(question: &Question, input: &str) -> AccessTokenResponse {
    match granted(question, input).response {
        SuccessResponse::AccessToken(response) => response,
        other => panic!("{input}: {other:?}"),
    }
}

#[track_caller]
fn id_token(question: &Question, input: &str) -> IdTokenResponse {
    match granted(question, input).response {
        SuccessResponse::IdToken(response) => response,
        other => panic!("{input}: {other:?}"),
    }
}

#[track_caller]
fn returned(question: &Question, input: &str) -> Returned {
    let verdict = question.judge(input);
    assert_eq!(verdict.as_str(), "error_returned", "{input}");
    match verdict {
        Verdict::ErrorReturned(returned) => returned,
        other => panic!("{input}: {other:?}"),
    }
}

/// Has `marked` rejected for `reason`, about `parameter`, at the mark.
#[track_caller]
fn rejects(question: &Question, marked: &str, reason: Reason, parameter: Option<&str>) {
    let (before, after) = marked.split_once('»').expect("every rejection has a mark");
    let input = format!("{before}{after}");
    let verdict = question.judge(&input);
    let word = if reason == Reason::NoResponse { "not_ours" } else { "response_rejected" };
    assert_eq!(verdict.as_str(), word, "{marked}");
    let (rejection, is_ours) = match verdict {
        Verdict::ResponseRejected(rejection) => (rejection, true),
        Verdict::NotOurs(rejection) => (rejection, false),
        believed => panic!("{marked}: {believed:?}"),
    };
    let got = (rejection.reason, rejection.parameter.as_deref(), rejection.offset);
    assert_eq!(got, (reason, parameter, before.len()), "{marked}");
    assert_eq!(is_ours, reason != Reason::NoResponse, "{marked}");
}

#[track_caller]
fn reject_all(question: &Question, rows: &[(&str, Reason, Option<&str>)]) {
    for (marked, reason, parameter) in rows {
        rejects(question, marked, *reason, *parameter);
    }
}

fn pairs(extra: &Extra) -> Vec<(&str, &str)> {
    extra.iter().collect()
}
