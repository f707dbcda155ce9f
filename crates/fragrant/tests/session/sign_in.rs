//! Signing in: by redirect, by popup, without a page; and what does not end it.

use fragrant::client::Purpose;
use fragrant::client::session::Session;
use fragrant::client::session::{
    CallId, Cause, HandleError, Input, Phase, Record, Report, Settings, Source, Step, TokenStore, Window,
};
use fragrant::profile::Profile;
use fragrant::testing::user_agent::{Shared, Tab};
use fragrant::value::{PendingKey, Scope};

use crate::scenario::{APP, answer, api_call, at, client_of, granted, session, signed_in, tab};

#[test]
fn by_redirect_the_page_dies_and_another_takes_up_the_answer() {
    let (mut first, mut shared) = tab(Settings::DEFAULT);
    first.sign_in(&mut shared, Purpose::Redirect, at(0)).unwrap();
    assert_eq!(first.orders, ["draw_entropy", "store_pending", "start_timer", "navigate_to"]);
    assert_eq!(shared.records.len(), 1);
    let address = granted(&first, "t1");

    let mut second = Tab::new(0, session(Settings::DEFAULT));
    second.load(&mut shared, &address, Window::Top, at(30));
    assert_eq!(second.orders, ["take_pending", "replace_history", "report", "start_timer"]);
    assert_eq!(second.token(), Some("t1"));
    assert_eq!(second.address, APP);
    assert!(shared.records.is_empty(), "one use");
    let [Report::SignedIn(signed_in)] = &second.reports[..] else { panic!("{:?}", second.reports) };
    assert_eq!(signed_in.user.as_deref(), Some("u1"));
}

#[test]
// req(test): RFC9700-4.2.4-3
fn the_same_answer_twice_is_nothing_the_second_time() {
    let (mut first, mut shared) = tab(Settings::DEFAULT);
    first.sign_in(&mut shared, Purpose::Redirect, at(0)).unwrap();
    let address = granted(&first, "t1");
    Tab::new(0, session(Settings::DEFAULT)).load(&mut shared, &address, Window::Top, at(30));
    let mut again = Tab::new(0, session(Settings::DEFAULT));
    again.load(&mut shared, &address, Window::Top, at(31));
    assert_eq!(again.token(), None);
    assert_eq!(again.causes(), [Cause::NoPendingRequest]);
    assert_eq!(again.address, APP, "the token leaves the address bar all the same");
    assert_eq!(again.session.phase(), Phase::SignedOut);
}

#[test]
fn a_denied_sign_in_fails_and_another_may_be_tried() {
    let (mut first, mut shared) = tab(Settings::DEFAULT);
    first.sign_in(&mut shared, Purpose::Redirect, at(0)).unwrap();
    let mut second = Tab::new(0, session(Settings::DEFAULT));
    second.load(&mut shared, &answer(&first, "error=access_denied"), Window::Top, at(1));
    assert_eq!(second.session.phase(), Phase::Failed);
    assert_eq!(second.causes(), [Cause::AccessDenied]);
    second.sign_in(&mut shared, Purpose::Redirect, at(2)).unwrap();
    assert_eq!(second.session.phase().path(), ["signing_in", "awaiting_response"]);
}

#[test]
fn a_forged_answer_leaves_the_request_standing() {
    let (mut first, mut shared) = tab(Settings::DEFAULT);
    first.sign_in(&mut shared, Purpose::Redirect, at(0)).unwrap();
    let honest = granted(&first, "t1");
    // Whoever has seen the key, which is no secret, does not know the rest.
    let key = *shared.records.keys().next().unwrap();
    let forged =
        format!("{APP}#access_token=evil&token_type=bearer&state={}{}", key.to_text(), "0".repeat(40));
    let mut second = Tab::new(0, session(Settings::DEFAULT));
    second.load(&mut shared, &forged, Window::Top, at(1));
    assert_eq!((second.token(), second.causes()), (None, vec![Cause::StateMismatch]));
    let mut third = Tab::new(0, session(Settings::DEFAULT));
    third.load(&mut shared, &honest, Window::Top, at(2));
    assert_eq!(third.token(), Some("t1"));
}

#[test]
fn an_answer_after_the_end_of_its_request_is_too_late() {
    let (mut first, mut shared) = tab(Settings::DEFAULT);
    first.sign_in(&mut shared, Purpose::Redirect, at(0)).unwrap();
    let mut second = Tab::new(0, session(Settings::DEFAULT));
    second.load(&mut shared, &granted(&first, "t1"), Window::Top, at(600));
    assert_eq!((second.token(), second.causes()), (None, vec![Cause::RequestExpired]));
}

#[test]
fn by_popup_the_window_opens_first_and_closes_last() {
    let (mut tab, mut shared) = tab(Settings::DEFAULT);
    tab.sign_in(&mut shared, Purpose::Popup, at(0)).unwrap();
    assert_eq!(tab.orders, ["open_popup", "draw_entropy", "store_pending", "start_timer", "navigate_popup"]);
    let address = granted(&tab, "t1");

    // The popup's own page hands the answer over and starts nothing.
    let mut popup = Tab::new(1, session(Settings::DEFAULT));
    popup.load(&mut shared, &address, Window::Popup, at(20));
    assert_eq!(popup.orders, ["take_pending", "replace_history", "hand_over"]);
    assert_eq!((popup.session.phase(), popup.token()), (Phase::HandedOver, None));
    let data = popup.handed_over.unwrap();

    let origin = "https://app.example".to_owned();
    tab.tell(&mut shared, Input::MessageReceived { origin, source: Source::Popup, data }, at(20)).unwrap();
    assert_eq!(tab.orders, ["report", "stop_timer", "close_popup", "forget_pending", "start_timer"]);
    assert_eq!(tab.token(), Some("t1"));
}

#[test]
fn a_message_that_was_cut_at_its_longest_is_judged_as_the_whole_one() {
    let most = Profile::STRICT.limits.max_len;
    for (len, was_cut, cause) in [
        (most, false, None),
        (most + 1, false, Some(Cause::AnswerRejected)),
        (most + 2, true, Some(Cause::AnswerRejected)),
        (3 * most, true, Some(Cause::AnswerRejected)),
    ] {
        let (mut tab, mut shared) = tab(Settings::DEFAULT);
        tab.sign_in(&mut shared, Purpose::Popup, at(0)).unwrap();
        let mut address = granted(&tab, "t1");
        address.push_str("&pad=");
        address.push_str(&"x".repeat(len - address.len()));
        let mut data = format!("fragrant-answer:{address}");
        data.truncate(tab.session.longest_message());
        assert_eq!(data.len() < "fragrant-answer:".len() + len, was_cut, "{len}");
        let origin = "https://app.example".to_owned();
        tab.tell(&mut shared, Input::MessageReceived { origin, source: Source::Popup, data }, at(20))
            .unwrap();
        assert_eq!(tab.causes().first().cloned(), cause, "{len}");
        assert_eq!(tab.token().is_some(), cause.is_none(), "{len}");
    }
}

#[test]
fn a_blocked_popup_is_an_outcome() {
    let (mut tab, mut shared) = tab(Settings::DEFAULT);
    tab.blocks_popups = true;
    tab.sign_in(&mut shared, Purpose::Popup, at(0)).unwrap();
    assert_eq!(tab.orders, ["open_popup", "report"]);
    assert_eq!((tab.session.phase(), tab.causes()), (Phase::Failed, vec![Cause::PopupBlocked]));
}

#[test]
fn a_popup_that_seems_closed_may_still_answer() {
    let (mut tab, mut shared) = tab(Settings::DEFAULT);
    tab.sign_in(&mut shared, Purpose::Popup, at(0)).unwrap();
    tab.tell(&mut shared, Input::PopupClosed, at(0)).unwrap();
    assert_eq!(tab.causes(), [Cause::PopupClosed]);
    let address = granted(&tab, "t1");
    tab.hand_over(&mut shared, Source::Channel, &address, at(60));
    assert_eq!(tab.token(), Some("t1"));
}

#[test]
fn without_a_page_a_user_who_is_logged_in_there_is_signed_in() {
    let (mut tab, mut shared) = tab(Settings::DEFAULT);
    tab.sign_in(&mut shared, Purpose::Frame, at(0)).unwrap();
    assert_eq!(tab.orders, ["draw_entropy", "store_pending", "start_timer", "open_frame"]);
    assert!(tab.sent.last().unwrap().1.contains("&prompt=none"));
    let address = granted(&tab, "t1");
    tab.hand_over(&mut shared, Source::Frame, &address, at(1));
    assert_eq!(tab.token(), Some("t1"));
}

#[test]
fn without_a_page_nobody_is_asked_where_the_provider_knows_no_such_thing() {
    let mut tab = Tab::new(0, Session::new(client_of(Profile::STRICT), Settings::DEFAULT));
    let mut shared = Shared::default();
    tab.sign_in(&mut shared, Purpose::Frame, at(0)).unwrap();
    assert_eq!((tab.session.phase(), tab.causes()), (Phase::Failed, vec![Cause::RenewalNeedsPage]));
    assert!(tab.sent.is_empty());
}

#[test]
fn where_storage_fails_nobody_is_sent_away() {
    for purpose in [Purpose::Redirect, Purpose::Popup, Purpose::Frame] {
        let (mut tab, mut shared) = tab(Settings::DEFAULT);
        tab.has_no_storage = true;
        tab.sign_in(&mut shared, purpose, at(0)).unwrap();
        assert_eq!((tab.session.phase(), tab.causes()), (Phase::Failed, vec![Cause::StorageFailed]));
        assert!(tab.sent.is_empty(), "{purpose:?}");
    }
}

#[test]
fn where_there_is_no_entropy_nobody_is_sent_away() {
    let (mut tab, mut shared) = tab(Settings::DEFAULT);
    tab.has_no_entropy = true;
    tab.sign_in(&mut shared, Purpose::Popup, at(0)).unwrap();
    assert_eq!((tab.session.phase(), tab.causes()), (Phase::Failed, vec![Cause::EntropyFailed]));
    assert_eq!(tab.orders.last().unwrap(), "close_popup");
    assert!(tab.sent.is_empty());
}

#[test]
fn another_orders_failure_does_not_end_a_request() {
    let mut session = session(Settings::DEFAULT);
    let request = Box::new(session.client().authorization_request());
    session
        .handle(Input::SignInRequested { purpose: Purpose::Redirect, request, text: None }, at(0))
        .unwrap();
    while session.next_effect().is_some() {}
    let entropy = fragrant::value::Entropy::new([1; fragrant::value::Entropy::LEN]);
    session.handle(Input::EntropyDrawn { entropy }, at(0)).unwrap();
    while session.next_effect().is_some() {}
    for record in [Record::Token, Record::Pending(PendingKey::of_state_text("another"))] {
        session.handle(Input::StorageFailed { record }, at(0)).unwrap();
        while session.next_effect().is_some() {}
        assert_eq!(session.phase(), Phase::SigningIn(Step::StoringPending), "{record:?}");
    }
}

/// A native application, or a page that was gone back to, gets the answer to its own request.
#[test]
// req(test): RFC9700-4.2.4-3
fn a_page_that_outlives_its_request_takes_the_answer_once() {
    let (mut tab, mut shared) = tab(Settings::DEFAULT);
    tab.sign_in(&mut shared, Purpose::Redirect, at(0)).unwrap();
    let address = granted(&tab, "t1");
    let copy = tab.session.clone();
    let load = |address: &str| Input::PageLoaded { address: address.into(), window: Window::Top };
    let forged = format!("{APP}#access_token=evil&token_type=bearer&state={}0", tab.key().to_text());
    tab.tell(&mut shared, load(&forged), at(1)).unwrap();
    assert_eq!((tab.token(), tab.causes()), (None, vec![Cause::StateMismatch]));
    assert_eq!(shared.records.len(), 1, "the request still stands");
    tab.tell(&mut shared, load(&address), at(2)).unwrap();
    assert_eq!(
        tab.orders,
        ["replace_history", "take_pending", "report", "stop_timer", "forget_pending", "start_timer"]
    );
    assert_eq!(tab.token(), Some("t1"));
    // Another copy of the same page, as a duplicated tab is one, comes too late.
    let mut other = Tab::new(1, copy);
    other.tell(&mut shared, load(&address), at(3)).unwrap();
    assert_eq!((other.token(), other.causes()), (None, vec![Cause::NoPendingRequest]));
    assert_eq!(other.session.phase(), Phase::Failed);
}

/// A client that wants more scope has a token already.
#[test]
fn signing_in_again_begins_anew() {
    let (mut tab, mut shared) = signed_in(Settings::DEFAULT, "3600");
    let mut request = tab.session.client().authorization_request();
    request.scope = Some(Scope::new("read write").unwrap());
    let input = Input::SignInRequested {
        purpose: Purpose::Popup,
        request: Box::new(request),
        text: Some("/edit".into()),
    };
    tab.tell(&mut shared, input, at(10)).unwrap();
    assert_eq!(tab.session.phase().path(), ["signed_in", "signing_in_again", "awaiting_response"]);
    let address = answer(&tab, "access_token=more&token_type=bearer&expires_in=3600&owner_id=u1&scope=read");
    tab.hand_over(&mut shared, Source::Popup, &address, at(20));
    let [Report::SignedIn(signed_in)] = &tab.reports[..] else { panic!("{:?}", tab.reports) };
    assert_eq!(signed_in.sign_in, tab.key());
    assert_eq!(signed_in.text.as_deref(), Some("/edit"));
    assert_eq!(signed_in.scope.missing, Some(Scope::new("write").unwrap()));
    assert_eq!(tab.token(), Some("more"));
}

#[test]
fn signing_in_again_in_vain_leaves_everything_as_it_was() {
    let (mut tab, mut shared) = signed_in(Settings::DEFAULT, "3600");
    let timers = tab.timers.clone();
    tab.sign_in(&mut shared, Purpose::Popup, at(10)).unwrap();
    let address = answer(&tab, "error=access_denied");
    tab.hand_over(&mut shared, Source::Popup, &address, at(20));
    assert!(
        matches!(&tab.reports[..], [Report::SignInFailed(problem)] if problem.cause == Cause::AccessDenied)
    );
    assert_eq!((tab.token(), &tab.timers), (Some("first"), &timers));
    assert_eq!(tab.session.phase().path(), ["signed_in", "fresh"]);
}

/// On a page of the server the user may choose to be somebody else; in a frame nobody chooses anything.
#[test]
fn signing_in_again_as_somebody_else_takes_no_call_along() {
    for purpose in [Purpose::Popup, Purpose::Frame] {
        let (mut tab, mut shared) = signed_in(Settings::DEFAULT, "3600");
        tab.tell(&mut shared, api_call(1), at(1)).unwrap();
        tab.sign_in(&mut shared, purpose, at(40)).unwrap();
        // Nothing waits for a user: the first has its 401, the second, which no token serves, is not made.
        let challenges = vec!["Bearer error=\"invalid_token\"".to_owned()];
        tab.tell(&mut shared, Input::ApiResponded { call: CallId(1), status: 401, challenges }, at(41))
            .unwrap();
        tab.tell(&mut shared, api_call(2), at(41)).unwrap();
        assert_eq!(tab.told, [(CallId(1), true), (CallId(2), false)]);
        let address = answer(&tab, "access_token=theirs&token_type=bearer&expires_in=3600&owner_id=u2");
        let source = if purpose == Purpose::Popup { Source::Popup } else { Source::Frame };
        tab.hand_over(&mut shared, source, &address, at(50));
        let is_popup = purpose == Purpose::Popup;
        assert_eq!(tab.token(), is_popup.then_some("theirs"), "{purpose:?}");
        assert!(tab.calls.values().all(|authorization| !authorization.contains("theirs")));
    }
}

#[test]
fn a_stored_token_outlives_the_page_and_a_denied_sign_in() {
    let settings = Settings::DEFAULT.with_token_store(TokenStore::Persistent);
    let (mut first, mut shared) = tab(settings);
    first.sign_in(&mut shared, Purpose::Redirect, at(0)).unwrap();
    let mut second = Tab::new(0, session(settings));
    second.load(&mut shared, &granted(&first, "t1"), Window::Top, at(1));
    assert_eq!(second.orders.last().unwrap(), "store_token");

    let mut third = Tab::new(0, session(settings));
    third.load(&mut shared, "https://app.example/page", Window::Top, at(100));
    assert_eq!(
        (third.orders.as_slice(), third.token()),
        (&["load_token", "report", "start_timer"].map(String::from)[..], Some("t1"))
    );

    third.sign_in(&mut shared, Purpose::Redirect, at(101)).unwrap();
    let mut fourth = Tab::new(0, session(settings));
    fourth.load(&mut shared, &answer(&third, "error=access_denied"), Window::Top, at(102));
    assert_eq!((fourth.token(), fourth.causes()), (Some("t1"), vec![Cause::AccessDenied]));

    let mut late = Tab::new(0, session(settings));
    late.load(&mut shared, "https://app.example/page", Window::Top, at(3601));
    assert_eq!((late.token(), shared.token.clone()), (None, None), "an ended token is not kept");
}

#[test]
fn a_token_from_a_clock_that_was_ahead_counts_from_now() {
    let settings = Settings::DEFAULT.with_token_store(TokenStore::Persistent);
    let (mut first, mut shared) = tab(settings);
    first.sign_in(&mut shared, Purpose::Redirect, at(90_000)).unwrap();
    let mut second = Tab::new(0, session(settings));
    second.load(&mut shared, &granted(&first, "t1"), Window::Top, at(90_000));
    let mut third = Tab::new(0, session(settings));
    third.load(&mut shared, "https://app.example/", Window::Top, at(50));
    assert_eq!(third.session.authorized().unwrap().stored_token().received, at(50));
}

#[test]
fn a_request_of_another_client_is_not_begun() {
    let (mut tab, mut shared) = tab(Settings::DEFAULT);
    let mut request = tab.session.client().authorization_request();
    request.client_id = fragrant::value::ClientId::new("other").unwrap();
    let result = tab.sign_in_with(&mut shared, Purpose::Redirect, request, at(0));
    assert!(matches!(result, Err(HandleError::Begin(_))), "{result:?}");
    assert_eq!(tab.session.phase(), Phase::SignedOut);
}

#[test]
fn effects_must_be_taken_before_the_next_input() {
    let mut session = session(Settings::DEFAULT);
    let request = Box::new(session.client().authorization_request());
    let input = Input::SignInRequested { purpose: Purpose::Redirect, request, text: None };
    session.handle(input, at(0)).unwrap();
    assert_eq!(session.handle(Input::SignOutRequested, at(0)), Err(HandleError::EffectsPending));
    while session.next_effect().is_some() {}
    assert_eq!(session.handle(Input::SignOutRequested, at(0)), Ok(()));
}
