//! Step 4: calls, refused tokens, and the one last word about each call.

use fragrant::client::session::{CallId, Cause, HandleError, Input, Settings, Source, Timer};
use fragrant::testing::user_agent::{Shared, Tab};
use fragrant::value::Timestamp;

use crate::scenario::{answer, api_call, at, granted, signed_in};

const INVALID_TOKEN: &str = r#"Bearer error="invalid_token""#;

fn call(tab: &mut Tab, shared: &mut Shared, id: u64, now: Timestamp) {
    let input = api_call(id);
    tab.tell(shared, input, now).unwrap();
}

fn respond(tab: &mut Tab, shared: &mut Shared, id: u64, status: u16, challenge: &str, now: Timestamp) {
    let challenges = if challenge.is_empty() { vec![] } else { vec![challenge.into()] };
    tab.tell(shared, Input::ApiResponded { call: CallId(id), status, challenges }, now).unwrap();
}

fn renew(tab: &mut Tab, shared: &mut Shared, token: &str, now: Timestamp) {
    let address = granted(tab, token);
    tab.hand_over(shared, Source::Frame, &address, now);
}

#[test]
fn a_call_carries_the_token_and_its_answer_is_handed_on() {
    let (mut tab, mut shared) = signed_in(Settings::DEFAULT, "3600");
    call(&mut tab, &mut shared, 1, at(60));
    assert_eq!(tab.calls[&CallId(1)], "Bearer first");
    respond(&mut tab, &mut shared, 1, 200, "", at(61));
    assert_eq!(
        (tab.orders.as_slice(), tab.told.as_slice()),
        (&["answer_call".to_owned()][..], &[(CallId(1), true)][..])
    );
    call(&mut tab, &mut shared, 2, at(62));
    tab.tell(&mut shared, Input::ApiUnreachable { call: CallId(2) }, at(63)).unwrap();
    assert_eq!(tab.told, [(CallId(1), true), (CallId(2), true)]);
}

#[test]
fn a_call_elsewhere_is_refused_at_once() {
    let (mut tab, mut shared) = signed_in(Settings::DEFAULT, "3600");
    for address in ["https://evil.example/", "http://api.example/", "https://api.example.evil.example/"] {
        let input = Input::ApiRequested { call: CallId(1), method: "GET".into(), address: address.into() };
        let error = tab.tell(&mut shared, input, at(60)).unwrap_err();
        assert!(matches!(error, HandleError::ApiRequest(_)), "{address}: {error}");
    }
    assert!(tab.calls.is_empty() && tab.told.is_empty());
    call(&mut tab, &mut shared, 1, at(60));
    let again = api_call(1);
    assert_eq!(tab.tell(&mut shared, again, at(60)), Err(HandleError::CallRepeated));
}

#[test]
// req(test): RFC6750-3.1-5
fn many_refusals_are_one_renewal_and_each_call_is_told_once() {
    let (mut tab, mut shared) = signed_in(Settings::DEFAULT, "3600");
    (1..=5).for_each(|id| call(&mut tab, &mut shared, id, at(600)));
    (1..=3).for_each(|id| respond(&mut tab, &mut shared, id, 401, INVALID_TOKEN, at(601)));
    assert_eq!(tab.sent.len(), 2, "the sign-in and one renewal");
    // A call that comes meanwhile waits: it is known that the token is refused.
    call(&mut tab, &mut shared, 6, at(602));
    assert!(!tab.calls.contains_key(&CallId(6)));
    renew(&mut tab, &mut shared, "second", at(603));
    // The stragglers of the old token find the new one there.
    (4..=5).for_each(|id| respond(&mut tab, &mut shared, id, 401, INVALID_TOKEN, at(604)));
    assert!(tab.calls.values().all(|token| token == "Bearer second"), "{:?}", tab.calls);
    assert_eq!(tab.calls.len(), 6);
    (1..=6).for_each(|id| respond(&mut tab, &mut shared, id, 200, "", at(605)));
    assert_eq!(tab.told.len(), 6);
    assert_eq!(tab.sent.len(), 2);
}

#[test]
fn a_call_that_is_refused_twice_gets_its_401() {
    let (mut tab, mut shared) = signed_in(Settings::DEFAULT, "3600");
    call(&mut tab, &mut shared, 1, at(600));
    respond(&mut tab, &mut shared, 1, 401, INVALID_TOKEN, at(601));
    renew(&mut tab, &mut shared, "second", at(602));
    respond(&mut tab, &mut shared, 1, 401, INVALID_TOKEN, at(603));
    assert_eq!(tab.told, [(CallId(1), true)]);
    assert_eq!(tab.sent.len(), 2, "no second renewal");
    // Nor for another call with a token that is just as new.
    call(&mut tab, &mut shared, 2, at(604));
    respond(&mut tab, &mut shared, 2, 401, INVALID_TOKEN, at(605));
    assert_eq!((tab.sent.len(), tab.causes()), (2, vec![Cause::TokenRefused]));
}

#[test]
fn only_a_refused_token_is_renewed() {
    for (status, challenge) in [
        (403, r#"Bearer error="insufficient_scope", scope="more""#),
        (400, r#"Bearer error="invalid_request""#),
        (401, r#"Bearer error="invalid_request""#),
        (200, ""),
        (500, INVALID_TOKEN),
    ] {
        let (mut tab, mut shared) = signed_in(Settings::DEFAULT, "3600");
        call(&mut tab, &mut shared, 1, at(600));
        respond(&mut tab, &mut shared, 1, status, challenge, at(601));
        assert_eq!((tab.sent.len(), tab.told.len()), (1, 1), "{status} {challenge}");
    }
    // CORS hides the header from a page unless the API server allows it; a 401 alone says enough.
    for challenge in
        [INVALID_TOKEN, "", r#"Bearer realm="x""#, r#"error="invalid_token""#, "DPoP algs=\"ES256\""]
    {
        let (mut tab, mut shared) = signed_in(Settings::DEFAULT, "3600");
        call(&mut tab, &mut shared, 1, at(600));
        respond(&mut tab, &mut shared, 1, 401, challenge, at(601));
        assert_eq!((tab.sent.len(), tab.told.len()), (2, 0), "{challenge}");
    }
}

#[test]
fn after_a_sleep_the_deadline_is_looked_at_before_any_call() {
    let (mut tab, mut shared) = signed_in(Settings::DEFAULT, "3600");
    // The machine has slept: no timer has fired, and the token has ended.
    call(&mut tab, &mut shared, 1, at(9000));
    assert!(tab.calls.is_empty(), "not with an ended token");
    assert_eq!(tab.session.phase().path(), ["signed_in", "renewing", "awaiting_response"]);
    renew(&mut tab, &mut shared, "second", at(9001));
    assert_eq!(tab.calls[&CallId(1)], "Bearer second");
}

#[test]
fn a_late_timer_is_made_up_for_by_a_call() {
    let (mut tab, mut shared) = signed_in(Settings::DEFAULT, "3600");
    // Due, but not ended: the call is made, and the renewal begins.
    call(&mut tab, &mut shared, 1, at(3580));
    assert_eq!(tab.calls[&CallId(1)], "Bearer first");
    assert_eq!(tab.session.phase().path(), ["signed_in", "renewing", "awaiting_response"]);
}

#[test]
fn the_skew_between_two_clocks_is_a_setting() {
    for (skew, is_made) in [(0, true), (30, false)] {
        let (mut tab, mut shared) = signed_in(Settings::DEFAULT.with_clock_skew(skew), "3600");
        call(&mut tab, &mut shared, 1, at(3585));
        assert_eq!(tab.calls.contains_key(&CallId(1)), is_made, "{skew}");
    }
}

#[test]
fn calls_that_wait_are_told_when_there_is_no_next_token() {
    let (mut tab, mut shared) = signed_in(Settings::DEFAULT, "3600");
    call(&mut tab, &mut shared, 1, at(9000));
    let address = answer(&tab, "error=login_required");
    tab.hand_over(&mut shared, Source::Frame, &address, at(9001));
    assert_eq!(tab.told, [(CallId(1), false)]);
    call(&mut tab, &mut shared, 2, at(9002));
    assert_eq!(tab.told, [(CallId(1), false), (CallId(2), false)]);
}

#[test]
fn a_call_is_never_made_again_with_the_next_users_token() {
    let (mut tab, mut shared) = signed_in(Settings::DEFAULT, "3600");
    call(&mut tab, &mut shared, 1, at(600));
    tab.tell(&mut shared, Input::SignOutRequested, at(601)).unwrap();
    tab.sign_in(&mut shared, fragrant::client::Purpose::Popup, at(602)).unwrap();
    let address = answer(&tab, "access_token=theirs&token_type=bearer&expires_in=3600&owner_id=u2");
    tab.hand_over(&mut shared, Source::Popup, &address, at(603));
    assert_eq!(tab.token(), Some("theirs"));
    respond(&mut tab, &mut shared, 1, 401, INVALID_TOKEN, at(604));
    assert_eq!((tab.told.as_slice(), tab.calls.len()), (&[(CallId(1), true)][..], 0));
}

#[test]
fn an_api_that_refuses_every_token_is_no_reason_for_more() {
    let (mut tab, mut shared) = signed_in(Settings::DEFAULT, "3600");
    let mut now = at(0);
    for id in 0..20 {
        now = now.saturating_add(60);
        call(&mut tab, &mut shared, id, now);
        if tab.calls.contains_key(&CallId(id)) {
            respond(&mut tab, &mut shared, id, 401, INVALID_TOKEN, now);
        }
        if tab.session.phase().path().contains(&"renewing") {
            renew(&mut tab, &mut shared, &format!("t{id}"), now);
            respond(&mut tab, &mut shared, id, 401, INVALID_TOKEN, now);
        }
    }
    assert_eq!(tab.sent.len(), 2, "the sign-in, and one renewal that did not help");
    assert_eq!(tab.told.len(), 20, "each call has its answer");
    assert!(tab.causes().contains(&Cause::TokenRefused));
}

#[test]
fn calls_that_are_under_way_at_sign_out_are_still_told() {
    let (mut tab, mut shared) = signed_in(Settings::DEFAULT, "3600");
    call(&mut tab, &mut shared, 1, at(600));
    call(&mut tab, &mut shared, 2, at(600));
    respond(&mut tab, &mut shared, 2, 401, INVALID_TOKEN, at(601));
    tab.tell(&mut shared, Input::SignOutRequested, at(602)).unwrap();
    assert_eq!(tab.told, [(CallId(2), false)]);
    respond(&mut tab, &mut shared, 1, 200, "", at(603));
    assert_eq!(tab.told, [(CallId(2), false), (CallId(1), true)]);
    let input = api_call(3);
    assert!(tab.tell(&mut shared, input, at(604)).is_err());
    assert!(!tab.timers.contains_key(&Timer::Renewal));
}
