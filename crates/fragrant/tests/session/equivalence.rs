//! The typed states and the session are two ways to hold one set of rules: the same answers come to the same.

use fragrant::client::session::{Report, Settings, Source, Window};
use fragrant::client::{AwaitingResponse, PendingAuthorization, Purpose, Received, Renewed};
use fragrant::testing::user_agent::{Tab, state_of};
use fragrant::testing::{config, strategy};
use fragrant::value::{Entropy, Timestamp};
use proptest::prelude::*;
use proptest::strategy::ValueTree;

use crate::scenario::{APP, at, client_of, session, signed_in, silent, tab};

/// What came of an answer, by whichever way.
#[derive(Debug, PartialEq)]
enum Outcome {
    /// This token, this scope, this end.
    Authorized(String, Option<String>, Option<u64>),
    /// The server said no, with this code.
    Denied(String),
    /// Not believed, and whether the request still stands.
    Rejected { stands: bool },
}

fn typed(awaiting: AwaitingResponse, address: &str, now: Timestamp) -> Outcome {
    match awaiting.receive(address, now) {
        Received::Authorized(authorized) => outcome(&authorized, now),
        Received::Denied(denied) => Outcome::Denied(denied.response.error.to_string()),
        Received::Rejected { awaiting, .. } => Outcome::Rejected { stands: awaiting.is_some() },
        Received::NotOurs(_) => Outcome::Rejected { stands: true },
    }
}

fn outcome(authorized: &fragrant::client::Authorized, now: Timestamp) -> Outcome {
    Outcome::Authorized(
        authorized.access_token().reveal_secret().to_owned(),
        authorized.scope().map(|scope| scope.to_string()),
        authorized.expiry().map(|expiry| expiry.seconds_left(now)),
    )
}

/// An answer to the request with this state, out of pieces that mean something.
fn address(state: &str, input: &str) -> String {
    input.replace("xyz", state)
}

proptest! {
    #![proptest_config(config())]

    /// By popup, where the request waits in memory.
    #[test]
    // req(test): RFC9700-4.17.2-4
    fn in_memory(input in strategy::redirect_text(), late in 0..700u64) {
        let (mut tab, mut shared) = tab(Settings::DEFAULT);
        tab.sign_in(&mut shared, Purpose::Popup, at(0)).unwrap();
        let record = shared.records.values().next().unwrap().clone();
        let (_, url) = tab.sent.last().unwrap().clone();
        let (address, now) = (address(&state_of(&url), &input), at(late));
        let client = client_of(silent());
        let expected = typed(client.resume(PendingAuthorization::decode(&record).unwrap()).unwrap(), &address, now);
        tab.hand_over(&mut shared, Source::Popup, &address, now);
        let denied = tab.reports.iter().find_map(|report| match report {
            Report::SignInFailed(problem) => problem.denied.as_ref(),
            _ => None,
        });
        let came = match (tab.session.authorized(), denied) {
            (Some(authorized), _) => outcome(authorized, now),
            (None, Some(denied)) => Outcome::Denied(denied.response.error.to_string()),
            (None, None) => Outcome::Rejected { stands: tab.session.phase().path() == ["signing_in", "awaiting_response"] },
        };
        prop_assert_eq!(came, expected);
    }

    /// By redirect, where the request waits in the store.
    #[test]
    fn in_the_store(input in strategy::redirect_text(), late in 0..700u64) {
        let (mut first, mut shared) = tab(Settings::DEFAULT);
        first.sign_in(&mut shared, Purpose::Redirect, at(0)).unwrap();
        let (key, record) = shared.records.first_key_value().map(|(key, record)| (*key, record.clone())).unwrap();
        let (_, url) = first.sent.last().unwrap().clone();
        let (address, now) = (address(&state_of(&url), &input), at(late));
        let client = client_of(silent());
        let expected = typed(client.resume(PendingAuthorization::decode(&record).unwrap()).unwrap(), &address, now);
        let mut second = Tab::new(0, session(Settings::DEFAULT));
        second.load(&mut shared, &address, Window::Top, now);
        match expected {
            Outcome::Authorized(..) => prop_assert_eq!(outcome(second.session.authorized().unwrap(), now), expected),
            // A request that was spent is in no store any more, and one that stands still is.
            Outcome::Denied(denied) => {
                prop_assert!(second.token().is_none() && !shared.records.contains_key(&key));
                let denied_with = second.reports.iter().find_map(|report| match report {
                    Report::SignInFailed(problem) => problem.denied.as_ref().map(|own| own.response.error.to_string()),
                    _ => None,
                });
                prop_assert_eq!(denied_with, Some(denied));
            }
            Outcome::Rejected { stands } => {
                prop_assert!(second.token().is_none());
                prop_assert_eq!(shared.records.contains_key(&key), stands, "{}", address);
            }
        }
    }

    /// A renewal, where the old token stays unless the answer is believed.
    #[test]
    fn a_renewal(input in strategy::redirect_text()) {
        let (mut tab, mut shared) = signed_in(Settings::DEFAULT, "3600");
        let now = tab.timers.values().next().copied().unwrap();
        let mut authorized = tab.session.authorized().unwrap().clone();
        tab.run_timers(&mut shared, now);
        let record = shared.records.values().next().unwrap().clone();
        let (_, url) = tab.sent.last().unwrap().clone();
        let address = address(&state_of(&url), &input);
        let renewal = authorized.resume_renewal(PendingAuthorization::decode(&record).unwrap()).unwrap();
        let renewed = renewal.receive(&mut authorized, &address, now);
        tab.hand_over(&mut shared, Source::Frame, &address, now);
        match renewed {
            Renewed::OtherUser(_) => prop_assert_eq!(tab.token(), None),
            Renewed::Replaced | Renewed::Kept { .. } => {
                prop_assert_eq!(tab.token(), Some(authorized.access_token().reveal_secret()));
            }
        }
    }
}

/// The properties would hold just as well if no answer were ever believed.
#[test]
fn the_answers_reach_every_outcome() {
    let client = client_of(silent());
    let (url, awaiting) = client.begin(client.authorization_request(), Entropy::new([1; 64]), at(0)).unwrap();
    let answer = |what: &str| format!("{APP}#{what}&state={}", state_of(url.as_str()));
    let granted = typed(awaiting.clone(), &answer("access_token=t&token_type=bearer"), at(1));
    assert_eq!(granted, Outcome::Authorized("t".into(), None, None));
    assert_eq!(typed(awaiting.clone(), &answer("error=e"), at(1)), Outcome::Denied("e".into()));
    assert_eq!(typed(awaiting, &answer("access_token=t"), at(1)), Outcome::Rejected { stands: false });
    // The strategy's own answers have the state `xyz` and this address, so that some are believed.
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut believed = 0;
    for _ in 0..2_000 {
        let input = strategy::redirect_text().new_tree(&mut runner).unwrap().current();
        let (url, awaiting) =
            client.begin(client.authorization_request(), Entropy::new([1; 64]), at(0)).unwrap();
        let outcome = typed(awaiting, &address(&state_of(url.as_str()), &input), at(1));
        believed += usize::from(matches!(outcome, Outcome::Authorized(..) | Outcome::Denied(_)));
    }
    assert!(believed > 20, "{believed} of 2,000 were believed");
}
