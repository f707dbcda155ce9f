//! What a hostile reader of the session found once, each as it was found.

use fragrant::client::Purpose;
use fragrant::client::session::{
    CallId, Cause, Input, Report, Session, Settings, Source, Tabs, Timer, TokenStore, Window,
};
use fragrant::profile::{Profile, Renewal};
use fragrant::testing::user_agent::{Shared, Tab};
use fragrant::value::Timestamp;

use crate::scenario::{answer, api_call as call, at, client_of, granted, session, signed_in};

const SEVERAL: Settings = Settings::DEFAULT.with_tabs(Tabs::Several).with_token_store(TokenStore::Persistent);

/// Lets every tab hear what the others have said, in its order, until nobody says anything any more.
fn listen(tabs: &mut [Tab], shared: &mut Shared, now: Timestamp) {
    while !shared.said.is_empty() {
        let (from, text) = shared.said.remove(0);
        for tab in tabs.iter_mut().filter(|tab| tab.number != from) {
            tab.tell(shared, Input::TabsSaid { text: text.clone() }, now).unwrap();
        }
    }
}

fn response(id: u64, status: u16) -> Input {
    Input::ApiResponded { call: CallId(id), status, challenges: Vec::new() }
}

/// Three tabs of one user.
fn three() -> (Vec<Tab>, Shared) {
    let mut shared = Shared::default();
    let mut away = Tab::new(0, session(SEVERAL));
    away.sign_in(&mut shared, Purpose::Redirect, at(0)).unwrap();
    let mut tabs: Vec<Tab> = (0..3).map(|number| Tab::new(number, session(SEVERAL))).collect();
    tabs[0].load(&mut shared, &granted(&away, "first"), Window::Top, at(0));
    for tab in &mut tabs[1..] {
        tab.load(&mut shared, "https://app.example/", Window::Top, at(5));
    }
    assert!(tabs.iter().all(|tab| tab.token() == Some("first")));
    shared.said.clear();
    (tabs, shared)
}

fn sign_in(tab: &mut Tab, shared: &mut Shared, token: &str, now: Timestamp) {
    tab.sign_in(shared, Purpose::Popup, now).unwrap();
    let address = granted(tab, token);
    tab.hand_over(shared, Source::Popup, &address, now.saturating_add(10));
    assert_eq!(tab.token(), Some(token));
}

#[test]
fn a_tab_that_wakes_late_does_not_end_a_sign_in_since() {
    let (mut tabs, mut shared) = three();
    tabs[0].tell(&mut shared, Input::SignOutRequested, at(100)).unwrap();
    listen(&mut tabs[..2], &mut shared, at(100));
    sign_in(&mut tabs[1], &mut shared, "anew", at(200));
    shared.said.clear();
    // The third tab has slept, and asks. The first tells it of the sign-out, and everybody else too.
    tabs[2].run_timers(&mut shared, at(3590));
    listen(&mut tabs, &mut shared, at(3590));
    assert_eq!(tabs[1].token(), Some("anew"));
    assert!(shared.token.is_some());
}

#[test]
fn a_sign_out_that_is_heard_late_does_not_delete_the_token_since() {
    let (mut tabs, mut shared) = three();
    tabs[0].tell(&mut shared, Input::SignOutRequested, at(100)).unwrap();
    sign_in(&mut tabs[0], &mut shared, "anew", at(101));
    listen(&mut tabs, &mut shared, at(120));
    assert_eq!(tabs[0].token(), Some("anew"));
    assert!(shared.token.is_some());
    assert_eq!(tabs[1].causes(), [Cause::SignedOutElsewhere]);
}

#[test]
fn a_clock_that_was_set_back_does_not_make_a_sign_out_later_than_it_was() {
    let (mut tabs, mut shared) = three();
    tabs[0].tell(&mut shared, Input::SignOutRequested, at(1000)).unwrap();
    listen(&mut tabs, &mut shared, at(1000));
    // The clock goes back by 900.
    sign_in(&mut tabs[1], &mut shared, "anew", at(100));
    for tab in &mut tabs {
        tab.tell(&mut shared, Input::CookiesBlocked, at(105)).unwrap();
    }
    listen(&mut tabs, &mut shared, at(110));
    let due = tabs[1].timers[&Timer::Renewal];
    tabs[1].run_timers(&mut shared, due);
    listen(&mut tabs, &mut shared, due);
    assert_eq!(tabs[1].token(), Some("anew"));
}

#[test]
fn an_api_that_takes_one_call_and_refuses_another_is_no_reason_for_new_tokens() {
    let (mut tab, mut shared) = signed_in(Settings::DEFAULT, "36000");
    let mut frames = 0;
    for (round, now) in (31..).step_by(31).map(at).enumerate().take(100) {
        let (good, bad) = (round as u64 * 2, round as u64 * 2 + 1);
        tab.tell(&mut shared, call(good), now).unwrap();
        tab.tell(&mut shared, response(good, 200), now).unwrap();
        tab.tell(&mut shared, call(bad), now).unwrap();
        tab.tell(&mut shared, response(bad, 401), now).unwrap();
        if tab.session.phase().path().contains(&"renewing") {
            frames += 1;
            let address = answer(
                &tab,
                &format!("access_token=t{round}&token_type=bearer&expires_in=36000&owner_id=u1"),
            );
            tab.hand_over(&mut shared, Source::Frame, &address, now);
            tab.tell(&mut shared, response(bad, 401), now).unwrap();
        }
    }
    assert_eq!(frames, 1, "another token was tried, and did not help");
    assert_eq!(tab.told.len(), 200, "each call has its answer");
}

#[test]
fn a_call_is_made_again_only_for_who_is_surely_the_same() {
    // The provider's answers name no user, and the second popup brought somebody else.
    let client = client_of(Profile::STRICT.with_renewal(Renewal::Silent));
    let (mut tab, mut shared) = (Tab::new(0, Session::new(client, Settings::DEFAULT)), Shared::default());
    tab.sign_in(&mut shared, Purpose::Popup, at(0)).unwrap();
    let address = answer(&tab, "access_token=alice&token_type=bearer&expires_in=3600");
    tab.hand_over(&mut shared, Source::Popup, &address, at(0));
    tab.tell(&mut shared, call(1), at(40)).unwrap();
    tab.tell(&mut shared, call(2), at(40)).unwrap();
    tab.sign_in(&mut shared, Purpose::Popup, at(41)).unwrap();
    tab.tell(&mut shared, response(1, 401), at(42)).unwrap();
    assert_eq!(tab.told, [(CallId(1), true)], "nothing waits for a user");
    let address = answer(&tab, "access_token=bob&token_type=bearer&expires_in=3600");
    tab.hand_over(&mut shared, Source::Popup, &address, at(50));
    tab.tell(&mut shared, response(2, 401), at(51)).unwrap();
    assert_eq!(tab.told, [(CallId(1), true), (CallId(2), true)]);
    assert!(tab.calls.is_empty());
}

#[test]
fn another_tabs_sign_in_begins_anew_here_too() {
    let client = client_of(Profile::STRICT.with_renewal(Renewal::Silent));
    let mut shared = Shared::default();
    let mut tabs = [0, 1].map(|number| Tab::new(number, Session::new(client.clone(), SEVERAL)));
    tabs[0].sign_in(&mut shared, Purpose::Popup, at(0)).unwrap();
    let address = answer(&tabs[0], "access_token=alice&token_type=bearer&expires_in=3600");
    tabs[0].hand_over(&mut shared, Source::Popup, &address, at(0));
    tabs[1].load(&mut shared, "https://app.example/", Window::Top, at(1));
    shared.said.clear();
    let identified = |sign_in, user: &str| Input::UserIdentified { sign_in, user: user.into() };
    let alices = tabs[0].key();
    for tab in &mut tabs {
        tab.tell(&mut shared, identified(alices, "alice"), at(2)).unwrap();
        tab.reports.clear();
    }
    // Of alice's calls one is under way, and one waits for the next token.
    tabs[1].tell(&mut shared, call(1), at(40)).unwrap();
    tabs[1].tell(&mut shared, call(2), at(40)).unwrap();
    tabs[1].tell(&mut shared, response(2, 401), at(40)).unwrap();
    tabs[0].sign_in(&mut shared, Purpose::Popup, at(41)).unwrap();
    let address = answer(&tabs[0], "access_token=bob&token_type=bearer&expires_in=3600");
    tabs[0].hand_over(&mut shared, Source::Popup, &address, at(50));
    listen(&mut tabs, &mut shared, at(50));
    let [Report::SignedIn(signed_in)] = &tabs[1].reports[..] else { panic!("{:?}", tabs[1].reports) };
    let bobs = tabs[0].key();
    assert_eq!(signed_in.sign_in, bobs);
    tabs[1].tell(&mut shared, response(1, 401), at(51)).unwrap();
    assert_eq!(tabs[1].told, [(CallId(2), false), (CallId(1), true)], "alice's calls are not made as bob");
    for tab in &mut tabs {
        tab.tell(&mut shared, identified(bobs, "bob"), at(52)).unwrap();
    }
    assert_eq!((tabs[0].token(), tabs[1].token()), (Some("bob"), Some("bob")));
}

#[test]
fn a_blocked_popup_does_not_make_another_attempt_at_a_renewal() {
    let (mut tab, mut shared) = signed_in(Settings::DEFAULT, "3600");
    tab.blocks_popups = true;
    let now = tab.timers[&Timer::Renewal];
    tab.run_timers(&mut shared, now);
    let address = answer(&tab, "error=login_required");
    tab.hand_over(&mut shared, Source::Frame, &address, now);
    for _ in 0..10 {
        tab.sign_in(&mut shared, Purpose::Popup, now).unwrap();
        assert_eq!(tab.session.phase().path(), ["signed_in", "expiring", "stale"]);
    }
    assert_eq!(tab.sent.len(), 2, "the sign-in and the one renewal");
}

#[test]
fn tokens_that_end_at_once_are_not_asked_for_by_each_refusal() {
    let (mut tab, mut shared) = signed_in(Settings::DEFAULT, "3600");
    for id in 1..=8 {
        tab.tell(&mut shared, call(id), at(100)).unwrap();
    }
    let mut frames = 0;
    for id in 1..=8 {
        let now = at(100 + 4 * id);
        if tab.calls.contains_key(&CallId(id)) {
            tab.tell(&mut shared, response(id, 401), now).unwrap();
        }
        if tab.session.phase().path().contains(&"renewing") {
            frames += 1;
            let address =
                answer(&tab, &format!("access_token=t{id}&token_type=bearer&expires_in=7&owner_id=u1"));
            tab.hand_over(&mut shared, Source::Frame, &address, now);
        }
    }
    assert!(frames <= 2, "{frames} in half a minute");
}

#[test]
fn no_call_waits_behind_an_abandoned_popup() {
    let (mut tab, mut shared) = signed_in(Settings::DEFAULT, "3600");
    tab.sign_in(&mut shared, Purpose::Popup, at(3500)).unwrap();
    tab.tell(&mut shared, Input::PopupClosed, at(3501)).unwrap();
    tab.tell(&mut shared, call(1), at(3600)).unwrap();
    assert_eq!(tab.told, [(CallId(1), false)]);
}

#[test]
fn a_frame_that_names_no_user_ends_nothing() {
    let (mut tab, mut shared) = signed_in(Settings::DEFAULT, "3600");
    tab.sign_in(&mut shared, Purpose::Frame, at(40)).unwrap();
    let address = answer(&tab, "access_token=whose&token_type=bearer&expires_in=3600");
    tab.hand_over(&mut shared, Source::Frame, &address, at(41));
    assert_eq!((tab.token(), tab.causes()), (Some("first"), vec![Cause::UserUnknown]));
}
