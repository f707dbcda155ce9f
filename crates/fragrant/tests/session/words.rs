//! What a session and all that goes in and out of it are called, and that what is shown of them holds nothing secret.

use std::collections::BTreeSet;

use fragrant::client::session::{Cause, Effect, InputKind, NextAction, Phase, Report};
use fragrant::walk::every_input;

use crate::moves::walk;

/// That all texts are there and differ.
fn are_distinct<'t>(texts: impl IntoIterator<Item = &'t str>) {
    let mut seen = BTreeSet::new();
    for text in texts {
        assert!(!text.is_empty() && seen.insert(text), "{text}");
    }
}

#[test]
fn each_phase_has_a_name_and_says_what_is_waited_for() {
    let names: Vec<String> = Phase::ALL.iter().map(Phase::to_string).collect();
    are_distinct(names.iter().map(String::as_str));
    for (phase, name) in Phase::ALL.iter().zip(&names) {
        assert_eq!(phase.path().join("."), *name);
        assert_eq!(phase.is_signed_in(), name.starts_with("signed_in"), "{name}");
    }
    // What is waited for is the same in several phases: in all steps of a request, whatever it is for.
    let waited: BTreeSet<&str> = Phase::ALL.iter().map(|phase| phase.explanation()).collect();
    let is_of_another_request =
        |name: &&String| name.contains(".renewing.") || name.contains(".signing_in_again.");
    assert_eq!(waited.len(), names.len() - names.iter().filter(is_of_another_request).count());
    assert!(waited.iter().all(|text| !text.is_empty() && !text.ends_with('.')));
}

#[test]
fn each_cause_is_explained_in_words_of_its_own() {
    are_distinct(Cause::ALL.iter().map(|cause| cause.as_str()));
    are_distinct(Cause::ALL.iter().map(|cause| cause.explanation()));
    let helps: BTreeSet<NextAction> = Cause::ALL.iter().map(|cause| cause.next_action()).collect();
    are_distinct(helps.iter().map(|action| action.as_str()));
    assert_eq!(helps.len(), 4);
    for cause in Cause::ALL {
        assert!(!cause.citation().is_empty() && !cause.explanation().ends_with('.'), "{cause}");
        assert_eq!(cause.to_string(), cause.as_str());
    }
}

#[test]
fn requests_are_the_inputs_that_an_application_asks_for() {
    let requests = InputKind::ALL.iter().filter(|kind| kind.is_request()).map(InputKind::to_string);
    assert_eq!(requests.collect::<Vec<_>>(), ["api_requested", "sign_in_requested", "sign_out_requested"]);
}

/// Whoever writes a session, an input, an order or a problem into a log writes no token, no state, no address and no user there.
#[test]
fn what_is_shown_holds_nothing_secret() {
    let mut phases = BTreeSet::new();
    // Far more are there than differ in what is shown.
    for session in walk().sessions().step_by(7) {
        phases.insert(session.phase());
        for (input, now) in every_input(session) {
            let mut shown = format!("{session:?} {:?} {input:?} ", session.snapshot());
            let mut other = session.clone();
            let outcome = other.handle(input, now);
            shown += &outcome.err().map(|error| error.to_string()).unwrap_or_default();
            while let Some(effect) = other.next_effect() {
                shown += &format!(" {effect:?}");
                let problem = match &effect {
                    Effect::FailCall { problem, .. } => Some(&**problem),
                    Effect::Report { report } => match &**report {
                        Report::Problem(problem)
                        | Report::SignInFailed(problem)
                        | Report::SignedOut(problem) => Some(problem),
                        _ => None,
                    },
                    _ => None,
                };
                if let Some(problem) = problem {
                    shown += &format!(" {problem} {problem:?}");
                }
            }
            let words = shown.split(|char: char| !char.is_ascii_alphanumeric());
            for word in words {
                let is_state = word.len() > 16 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
                assert!(!is_state && !["u1", "u2", "https"].contains(&word), "{word} is shown: {shown}");
            }
            assert!(!shown.contains('#') && !shown.contains("access_token="), "{shown}");
        }
    }
    assert_eq!(phases.len(), Phase::ALL.len());
}
