//! What ends the waiting, and what does not.

use std::ops::ControlFlow;
use std::time::Duration;

use fragrant::client::{Reason, Received};
use fragrant_http::receiver::{LoopbackReceiver, ReceiveError};

use crate::scenario::{GOOD, LIMIT, NOW, Waiting, is_closed};

#[test]
// req(test): RFC8252-8.3-1
fn an_answer_ends_it_and_the_port_closes() {
    let waiting = Waiting::start();
    let (key, other, address) = (waiting.key(), waiting.key(), waiting.address);
    assert_eq!(waiting.hand_in(&key, GOOD), 204);
    let Ok(Received::Authorized(authorized)) = waiting.outcome() else { panic!("no token") };
    assert_eq!(authorized.access_token().reveal_secret(), "planted-token");
    assert_eq!(authorized.expiry().unwrap().seconds_left(NOW), 60);
    // There is no second answer, whatever key it has.
    assert!(is_closed(address), "{other}");
}

#[test]
fn a_no_is_an_answer_in_the_fragment_and_in_the_query() {
    for rest in ["#error=access_denied&state=planted-state", "?error=access_denied&state=planted-state"] {
        let waiting = Waiting::start();
        assert_eq!(waiting.hand_in(&waiting.key(), rest), 204, "{rest}");
        let Ok(Received::Denied(denied)) = waiting.outcome() else { panic!("{rest}") };
        assert_eq!(denied.response.error.as_str(), "access_denied");
    }
}

#[test]
fn an_answer_that_is_spent_and_not_believed_ends_it_too() {
    let waiting = Waiting::start();
    assert_eq!(waiting.hand_in(&waiting.key(), "#access_token=x&state=planted-state"), 204);
    let Ok(Received::Rejected { rejection, awaiting: None }) = waiting.outcome() else { panic!() };
    assert_eq!(rejection.reason, Reason::TokenTypeMissing);
}

#[test]
// req(test): RFC8252-8.9-1
fn what_anybody_can_send_does_not_end_it() {
    let waiting = Waiting::start();
    let forged = "#access_token=planted-forgery&token_type=bearer&state=guessed";
    for rest in
        [forged, "", "#", "#access_token=planted-forgery&token_type=bearer", "#error=access_denied", "/x#y"]
    {
        assert_eq!(waiting.hand_in(&waiting.key(), rest), 409, "{rest}");
    }
    assert_eq!(waiting.post(&waiting.key(), &[], "").split(' ').nth(1), Some("409"));
    assert_eq!(waiting.hand_in(&waiting.key(), GOOD), 204);
    assert!(matches!(waiting.outcome(), Ok(Received::Authorized(_))));
}

#[test]
// req(test): RFC8252-8.3-1
fn it_ends_with_the_request_and_says_what_came_meanwhile() {
    let silent = Waiting::at(LoopbackReceiver::bind().unwrap(), 1);
    let address = silent.address;
    assert_eq!(silent.outcome().unwrap_err().to_string(), "no answer came within 1 second");
    assert!(is_closed(address));

    let waiting = Waiting::at(LoopbackReceiver::bind().unwrap(), 5);
    assert_eq!(
        waiting.hand_in(&waiting.key(), "#access_token=planted-forgery&token_type=bearer&state=x"),
        409
    );
    let error = waiting.outcome().unwrap_err();
    let ReceiveError::TimedOut { seconds: 5, rejection: Some(rejection) } = &error else { panic!("{error}") };
    assert_eq!(rejection.reason, Reason::StateMismatch);
    let words = "no answer came within 5 seconds; one came that was not believed: the answer's state is not the request's";
    assert!(error.to_string().starts_with(words), "{error}");
    assert!(!format!("{error} {error:?}").contains("planted"), "{error:?}");
}

#[test]
fn a_program_that_judges_for_itself_says_when_it_is_over() {
    let receiver = LoopbackReceiver::bind().unwrap();
    let redirect_uri = receiver.redirect_uri().as_str().to_owned();
    let waiting = Waiting::with(receiver, move |receiver| {
        let mut seen = Vec::new();
        receiver.wait(Duration::from_secs(LIMIT), |address| {
            seen.push(address.reveal_secret().to_owned());
            if seen.len() < 2 { ControlFlow::Continue(None) } else { ControlFlow::Break(seen.clone()) }
        })
    });
    assert_eq!(waiting.hand_in(&waiting.key(), "#one"), 409);
    assert_eq!(waiting.hand_in(&waiting.key(), "#two"), 204);
    assert_eq!(waiting.outcome().unwrap(), [format!("{redirect_uri}#one"), format!("{redirect_uri}#two")]);
}
