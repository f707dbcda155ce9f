//! What users of other libraries complain about most, each as a scenario. Those that only a browser can show have their
//! test there; here is what is decided here.

use fragrant::client::Purpose;
use fragrant::client::session::{Cause, Input, Phase, Report, Settings, Source, Timer, TokenStore, Window};
use fragrant::testing::user_agent::Tab;
use fragrant::value::Scope;

use crate::scenario::{APP, answer, at, granted, session, signed_in, tab};

#[test]
fn pain_1_a_frame_without_cookies_is_told_and_not_tried_again() {
    let (mut tab, mut shared) = signed_in(Settings::DEFAULT, "3600");
    tab.run_timers(&mut shared, at(3590));
    tab.tell(&mut shared, Input::CookiesBlocked, at(3590)).unwrap();
    assert_eq!(tab.causes(), [Cause::CookiesBlocked]);
    assert!(tab.timers.is_empty());
    assert_eq!(tab.token(), Some("first"), "it serves while it lasts");
}

#[test]
fn pain_2_an_answer_without_its_request_says_why_and_leaves_a_clean_address() {
    // Bookmarked, gone back to, or its record cleared away.
    for (window, address, clean) in [
        (Window::Top, format!("{APP}#access_token=x&token_type=bearer&state=gone"), APP),
        (Window::Top, format!("{APP}#access_token=x&token_type=bearer"), APP),
        (
            Window::Top,
            format!("{APP}?keep=1#error=access_denied&state=gone"),
            "https://app.example/cb?keep=1",
        ),
        // Too long to be looked at.
        (Window::Top, format!("{APP}?x#state=s&access_token={}", "t".repeat(70_000)), APP),
    ] {
        let (mut tab, mut shared) = tab(Settings::DEFAULT);
        tab.load(&mut shared, &address, window, at(1));
        assert_eq!((tab.causes(), tab.address.as_str()), (vec![Cause::NoPendingRequest], clean), "{address}");
        assert_eq!(tab.session.phase(), Phase::SignedOut);
    }
}

// Pain 3, tabs that overwrite each other's state: `tabs::each_tabs_request_has_a_record_of_its_own`.

#[test]
fn pain_4_a_hash_routers_address_is_its_own_and_stays() {
    let (mut first, mut shared) = tab(Settings::DEFAULT);
    first.load(&mut shared, "https://app.example/#/inbox?sort=date", Window::Top, at(0));
    assert_eq!(first.address, "https://app.example/#/inbox?sort=date");
    assert!(first.orders.is_empty());
    first.sign_in(&mut shared, Purpose::Redirect, at(0)).unwrap();
    let address = granted(&first, "t1").replacen('#', "#/inbox?sort=date&", 1);
    let mut second = Tab::new(0, session(Settings::DEFAULT));
    second.load(&mut shared, &address, Window::Top, at(1));
    assert_eq!(
        (second.token(), second.address.as_str()),
        (Some("t1"), "https://app.example/cb#/inbox?sort=date")
    );
}

#[test]
fn pain_5_a_clock_that_is_minutes_off_refuses_nothing() {
    // Nothing in an answer is a moment: a lifetime counts from when it came.
    let (mut first, mut shared) = tab(Settings::DEFAULT);
    first.sign_in(&mut shared, Purpose::Redirect, at(1200)).unwrap();
    let mut second = Tab::new(0, session(Settings::DEFAULT));
    second.load(&mut shared, &granted(&first, "t1"), Window::Top, at(0));
    assert_eq!(second.token(), Some("t1"));
}

#[test]
fn pain_6_the_app_in_its_own_frame_or_popup_starts_nothing() {
    for (purpose, window) in [(Purpose::Popup, Window::Popup), (Purpose::Frame, Window::Frame)] {
        let (mut outer, mut shared) = tab(Settings::DEFAULT);
        outer.sign_in(&mut shared, purpose, at(0)).unwrap();
        let address = granted(&outer, "t1");
        // With the record in the store, and without: a browser may keep the two stores apart.
        for record in [shared.records.clone(), Default::default()] {
            shared.records = record;
            let mut inner = Tab::new(1, session(Settings::DEFAULT.with_token_store(TokenStore::Persistent)));
            inner.load(&mut shared, &address, window, at(1));
            assert_eq!(inner.session.phase(), Phase::HandedOver);
            assert!(inner.handed_over.is_some() && inner.token().is_none());
            assert!(inner.sign_in(&mut shared, Purpose::Frame, at(1)).is_err(), "and will start nothing");
        }
    }
}

#[test]
fn pain_7_a_popup_is_opened_before_anything_that_takes_time() {
    let (mut tab, mut shared) = tab(Settings::DEFAULT);
    tab.sign_in(&mut shared, Purpose::Popup, at(0)).unwrap();
    assert_eq!(tab.orders[0], "open_popup");
    // The opener is lost under COOP: the answer comes over the channel.
    let address = granted(&tab, "t1");
    tab.hand_over(&mut shared, Source::Channel, &address, at(30));
    assert_eq!(tab.token(), Some("t1"));
}

#[test]
fn pain_8_a_silent_failure_has_a_reason() {
    let (mut tab, mut shared) = signed_in(Settings::DEFAULT.with_answer_timeout(3), "3600");
    tab.run_timers(&mut shared, at(3590));
    let due = tab.timers[&Timer::Answer];
    assert_eq!(due, at(3593));
    tab.run_timers(&mut shared, due);
    let [Report::Problem(problem)] = &tab.reports[..] else { panic!("{:?}", tab.reports) };
    assert_eq!(problem.cause, Cause::TimedOut);
    assert_eq!(
        problem.to_string(),
        "no answer came in time: the authorization server refuses to be framed, or the network is slow"
    );
}

#[test]
fn pain_9_state_and_scope_survive_every_encoding() {
    for scope in ["read+write", "read%20write"] {
        let (mut tab, mut shared) = tab(Settings::DEFAULT);
        tab.sign_in(&mut shared, Purpose::Popup, at(0)).unwrap();
        let address = answer(&tab, &format!("access_token=t&token_type=bearer&scope={scope}"));
        tab.hand_over(&mut shared, Source::Popup, &address, at(0));
        let authorized = tab.session.authorized().unwrap();
        assert_eq!(authorized.scope().map(Scope::as_str), Some("read write"));
    }
}

#[test]
fn pain_10_the_token_leaves_the_address_before_anybody_is_told() {
    let (mut first, mut shared) = tab(Settings::DEFAULT);
    first.sign_in(&mut shared, Purpose::Redirect, at(0)).unwrap();
    let mut second = Tab::new(0, session(Settings::DEFAULT));
    second.load(&mut shared, &granted(&first, "t1"), Window::Top, at(1));
    let place = |word: &str| second.orders.iter().position(|order| order == word).unwrap();
    assert!(place("replace_history") < place("report"));
}

#[test]
fn pain_11_a_lifetime_that_is_missing_or_odd_is_said() {
    let (tab, _) = signed_in(Settings::DEFAULT, "");
    assert!(tab.timers.is_empty(), "a 401 will tell");
    for odd in ["never", "3600.5", "-1", ""] {
        let (mut tab, mut shared) = crate::scenario::tab(Settings::DEFAULT);
        tab.sign_in(&mut shared, Purpose::Popup, at(0)).unwrap();
        let address = answer(&tab, &format!("access_token=t&token_type=bearer&expires_in={odd}"));
        tab.hand_over(&mut shared, Source::Popup, &address, at(0));
        match odd {
            // Empty counts as absent.
            "" => assert_eq!(tab.token(), Some("t")),
            _ => assert_eq!((tab.token(), tab.causes()), (None, vec![Cause::AnswerRejected]), "{odd}"),
        }
    }
}

// Pain 12, sleep, background tabs and timers beyond 24.8 days: `calls::after_a_sleep_the_deadline_is_looked_at_before_any_call`,
// `renewal::a_wait_beyond_a_browsers_timer_is_a_chain`.

#[test]
// req(test): RFC9700-2.6-4, RFC9700-4.17.2-4, BBA-In_browser_communication-1
fn pain_13_foreign_messages_are_left_alone() {
    let (mut tab, mut shared) = tab(Settings::DEFAULT);
    tab.sign_in(&mut shared, Purpose::Popup, at(0)).unwrap();
    let address = granted(&tab, "t1");
    let ours = format!("fragrant-answer:{address}");
    for (origin, source, data, causes) in [
        ("https://app.example", Source::Other, "{\"type\":\"webpackOk\"}", vec![]),
        ("https://app.example", Source::Popup, "setImmediate$0.1$1", vec![]),
        ("https://evil.example", Source::Popup, &*ours, vec![Cause::WrongOrigin]),
        ("http://app.example", Source::Popup, &*ours, vec![Cause::WrongOrigin]),
        ("null", Source::Popup, &*ours, vec![Cause::WrongOrigin]),
        ("https://app.example", Source::Other, &*ours, vec![Cause::WrongWindow]),
        ("https://app.example", Source::Frame, &*ours, vec![Cause::WrongWindow]),
        ("https://app.example", Source::Popup, "fragrant-answer:https://app.example/", vec![]),
        (
            "https://app.example",
            Source::Channel,
            "fragrant-answer:https://app.example/cb#error=x&state=other",
            vec![],
        ),
    ] {
        tab.reports.clear();
        let input = Input::MessageReceived { origin: origin.into(), source, data: data.into() };
        tab.tell(&mut shared, input, at(1)).unwrap();
        assert_eq!((tab.token(), tab.causes()), (None, causes), "{origin} {source:?} {data}");
    }
    tab.hand_over(&mut shared, Source::Popup, &address, at(2));
    assert_eq!(tab.token(), Some("t1"), "and nothing of it has ended the sign-in");
}

#[test]
fn pain_14_another_scope_is_data() {
    let (mut tab, mut shared) = tab(Settings::DEFAULT);
    let mut request = tab.session.client().authorization_request();
    request.scope = Scope::new("read write").ok();
    tab.sign_in_with(&mut shared, Purpose::Popup, request, at(0)).unwrap();
    let address = answer(&tab, "access_token=t&token_type=bearer&scope=read%20admin");
    tab.hand_over(&mut shared, Source::Popup, &address, at(0));
    let [Report::SignedIn(signed_in)] = &tab.reports[..] else { panic!("{:?}", tab.reports) };
    let scope = |scope: &Option<Scope>| scope.as_ref().map(|scope| scope.as_str().to_owned());
    assert_eq!(scope(&signed_in.scope.granted).as_deref(), Some("read admin"));
    assert_eq!(scope(&signed_in.scope.missing).as_deref(), Some("write"));
    assert_eq!(scope(&signed_in.scope.extra).as_deref(), Some("admin"));
}

#[test]
fn pain_15_a_denial_is_a_denial_wherever_it_stands() {
    for denied in ["#error=access_denied&state=", "?error=access_denied&state="] {
        let (mut first, mut shared) = tab(Settings::DEFAULT);
        first.sign_in(&mut shared, Purpose::Redirect, at(0)).unwrap();
        let state = fragrant::testing::user_agent::state_of(&first.sent.last().unwrap().1);
        let mut second = Tab::new(0, session(Settings::DEFAULT));
        second.load(&mut shared, &format!("{APP}{denied}{state}"), Window::Top, at(1));
        assert_eq!((second.session.phase(), second.causes()), (Phase::Failed, vec![Cause::AccessDenied]));
    }
    // Without a state anybody may have sent it: the request stands.
    let (mut first, mut shared) = tab(Settings::DEFAULT);
    first.sign_in(&mut shared, Purpose::Redirect, at(0)).unwrap();
    let honest = granted(&first, "t1");
    let mut second = Tab::new(0, session(Settings::DEFAULT));
    second.load(&mut shared, &format!("{APP}#error=access_denied"), Window::Top, at(1));
    let mut third = Tab::new(0, session(Settings::DEFAULT));
    third.load(&mut shared, &honest, Window::Top, at(2));
    assert_eq!(third.token(), Some("t1"));
}
