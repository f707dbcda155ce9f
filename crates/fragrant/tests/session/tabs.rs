//! Several tabs of one application: one renews, all know.

use fragrant::client::Purpose;
use fragrant::client::session::{Cause, Input, Phase, Report, Settings, Source, TokenStore, Window};
use fragrant::client::session::{Tabs, Timer};
use fragrant::testing::user_agent::{Shared, Tab, said};
use fragrant::value::Timestamp;

use crate::scenario::{answer, at, granted, session};

const SEVERAL: Settings = Settings::DEFAULT.with_tabs(Tabs::Several).with_token_store(TokenStore::Persistent);

/// Lets every tab hear what the others have said, until nobody says anything any more.
fn listen(tabs: &mut [Tab], shared: &mut Shared, now: Timestamp) {
    while let Some((from, text)) = shared.said.pop() {
        for tab in tabs.iter_mut().filter(|tab| tab.number != from) {
            tab.tell(shared, Input::TabsSaid { text: text.clone() }, now).unwrap();
        }
    }
}

/// Two tabs of one user: the first signed in by redirect, the second found the token in the store.
fn two() -> ([Tab; 2], Shared) {
    let mut shared = Shared::default();
    let mut away = Tab::new(0, session(SEVERAL));
    away.sign_in(&mut shared, Purpose::Redirect, at(0)).unwrap();
    let mut first = Tab::new(0, session(SEVERAL));
    first.load(&mut shared, &granted(&away, "first"), Window::Top, at(0));
    let mut second = Tab::new(1, session(SEVERAL));
    second.load(&mut shared, "https://app.example/", Window::Top, at(5));
    assert_eq!((first.token(), second.token()), (Some("first"), Some("first")));
    shared.said.clear();
    ([first, second], shared)
}

#[test]
fn each_tabs_request_has_a_record_of_its_own() {
    let mut shared = Shared::default();
    let mut tabs = [0, 1].map(|number| Tab::new(number, session(Settings::DEFAULT)));
    for tab in &mut tabs {
        tab.sign_in(&mut shared, Purpose::Redirect, at(0)).unwrap();
    }
    assert_eq!(shared.records.len(), 2);
    // They come back in the other order.
    for (index, token) in [(1, "t1"), (0, "t0")] {
        let mut back = Tab::new(index, session(Settings::DEFAULT));
        back.load(&mut shared, &granted(&tabs[index], token), Window::Top, at(10));
        assert_eq!(back.token(), Some(token));
    }
}

#[test]
fn one_tab_renews_and_tells_the_others() {
    let (mut tabs, mut shared) = two();
    let now = at(3590);
    for tab in &mut tabs {
        tab.run_timers(&mut shared, now);
    }
    // The first has the lock and asks; the second waits for the lock.
    assert_eq!(tabs[0].session.phase().path(), ["signed_in", "expiring", "asking_tabs"]);
    assert_eq!(tabs[1].session.phase().path(), ["signed_in", "expiring", "taking_lock"]);
    listen(&mut tabs, &mut shared, now);
    tabs[0].run_timers(&mut shared, at(3591));
    assert_eq!(tabs[0].session.phase().path(), ["signed_in", "renewing", "awaiting_response"]);
    let address = granted(&tabs[0], "second");
    tabs[0].hand_over(&mut shared, Source::Frame, &address, at(3592));
    assert_eq!(shared.lock, None);
    listen(&mut tabs, &mut shared, at(3592));
    for tab in &tabs {
        assert_eq!((tab.token(), tab.session.phase().path()), (Some("second"), &["signed_in", "fresh"][..]));
        assert!(tab.timers.keys().eq([&Timer::Renewal]), "{:?}", tab.timers);
    }
    assert_eq!(tabs[1].sent.len(), 0, "the second asked nobody");
}

#[test]
fn a_tab_that_wakes_late_asks_before_it_acts() {
    let (mut tabs, mut shared) = two();
    // The second tab was asleep while the first renewed, and heard nothing of it.
    tabs[0].run_timers(&mut shared, at(3590));
    tabs[0].run_timers(&mut shared, at(3591));
    let address = granted(&tabs[0], "second");
    tabs[0].hand_over(&mut shared, Source::Frame, &address, at(3592));
    shared.said.clear();
    tabs[1].run_timers(&mut shared, at(7000));
    assert_eq!(tabs[1].session.phase().path(), ["signed_in", "expiring", "asking_tabs"]);
    listen(&mut tabs, &mut shared, at(7000));
    assert_eq!(tabs[1].token(), Some("second"));
    assert!(tabs[1].sent.is_empty());
}

#[test]
fn a_lock_that_is_never_given_back_holds_nobody_up_for_ever() {
    let (mut tabs, mut shared) = two();
    shared.lock = Some(7);
    let mut now = at(3590);
    tabs[0].run_timers(&mut shared, now);
    while tabs[0].session.phase().path()[..2] != ["signed_in", "renewing"] {
        now = now.saturating_add(1);
        tabs[0].run_timers(&mut shared, now);
        assert!(now < at(3590 + 60), "held up");
    }
}

#[test]
fn signing_out_reaches_all_and_leaves_nothing() {
    let (mut tabs, mut shared) = two();
    tabs[1].tell(&mut shared, Input::SignOutRequested, at(100)).unwrap();
    listen(&mut tabs, &mut shared, at(100));
    for tab in &tabs {
        assert_eq!((tab.token(), tab.session.phase()), (None, Phase::SignedOut));
        assert!(tab.timers.is_empty());
    }
    assert_eq!(tabs[0].causes(), [Cause::SignedOutElsewhere]);
    assert_eq!(shared.token, None);
}

#[test]
fn signing_out_reaches_all_though_the_clock_was_set_back_since_the_token_came() {
    let ([first, _], mut shared) = two();
    let mut other = Tab::new(1, session(SEVERAL));
    other.load(&mut shared, "https://app.example/", Window::Top, at(0));
    let mut tabs = [first, other];
    let before = Timestamp::from_unix_seconds(at(0).as_unix_seconds() - 3);
    tabs[1].tell(&mut shared, Input::SignOutRequested, before).unwrap();
    listen(&mut tabs, &mut shared, before);
    assert_eq!((tabs[0].token(), tabs[0].causes()), (None, vec![Cause::SignedOutElsewhere]));
}

#[test]
fn a_token_that_was_put_back_behind_a_sign_out_is_forgotten_again() {
    let (mut tabs, mut shared) = two();
    // A shorter one is got in the first tab, and ends before the second hears of it. Meanwhile a third has signed out.
    tabs[0].sign_in(&mut shared, Purpose::Popup, at(10)).unwrap();
    let short = answer(&tabs[0], "access_token=short&token_type=bearer&expires_in=20&owner_id=u1");
    tabs[0].hand_over(&mut shared, Source::Popup, &short, at(10));
    let (_, replaced) = shared.said.pop().unwrap();
    let mut third = Tab::new(2, session(SEVERAL));
    third.load(&mut shared, "https://app.example/", Window::Top, at(40));
    third.tell(&mut shared, Input::SignOutRequested, at(40)).unwrap();
    let (_, signed_out) = shared.said.pop().unwrap();
    assert_eq!(shared.token, None);
    tabs[1].tell(&mut shared, Input::TabsSaid { text: replaced }, at(41)).unwrap();
    assert!(shared.token.is_some(), "put back, as far as the second tab knows");
    tabs[1].tell(&mut shared, Input::TabsSaid { text: signed_out }, at(41)).unwrap();
    assert_eq!((tabs[1].token(), shared.token), (None, None));
}

#[test]
fn signing_out_reaches_a_tab_with_a_store_of_its_own() {
    let (mut tabs, mut shared) = two();
    let mut own = Shared::default();
    own.token.clone_from(&shared.token);
    tabs[0].tell(&mut shared, Input::SignOutRequested, at(600)).unwrap();
    for (_, text) in std::mem::take(&mut shared.said) {
        tabs[1].tell(&mut own, Input::TabsSaid { text }, at(600)).unwrap();
    }
    let mut again = Tab::new(1, session(SEVERAL));
    again.load(&mut own, "https://app.example/", Window::Top, at(601));
    assert_eq!((tabs[1].token(), own.token, again.token()), (None, None, None));
}

/// The second tab hears that the first has an older token than its own, and puts its own back: over a third's, which is the newest.
/// Then it hears of that one.
fn overwritten(user: &str) -> ([Tab; 2], Shared, String) {
    let (mut tabs, mut shared) = two();
    let mut told = Vec::new();
    for (index, name, moment) in [(0, "older", 10), (1, "newer", 20)] {
        tabs[index].sign_in(&mut shared, Purpose::Popup, at(moment)).unwrap();
        let address = granted(&tabs[index], name);
        tabs[index].hand_over(&mut shared, Source::Popup, &address, at(moment));
        told.push(shared.said.pop().unwrap().1);
    }
    let mut third = Tab::new(2, session(SEVERAL));
    third.load(&mut shared, "https://app.example/", Window::Top, at(30));
    third.sign_in(&mut shared, Purpose::Popup, at(30)).unwrap();
    let newest = format!("access_token=newest&token_type=bearer&expires_in=3600&owner_id={user}");
    let address = answer(&third, &newest);
    third.hand_over(&mut shared, Source::Popup, &address, at(30));
    let newest = shared.token.clone().unwrap();
    let (_, text) = shared.said.pop().unwrap();
    tabs[1].tell(&mut shared, Input::TabsSaid { text: told.swap_remove(0) }, at(31)).unwrap();
    assert!(shared.token.as_ref().unwrap().contains("newer"), "over the newest, as far as the tab knows");
    tabs[1].tell(&mut shared, Input::TabsSaid { text }, at(31)).unwrap();
    (tabs, shared, newest)
}

#[test]
fn a_token_that_was_put_back_over_a_newer_one_gives_way_to_it() {
    let (tabs, shared, newest) = overwritten("u1");
    assert_eq!((tabs[1].token(), shared.token), (Some("newest"), Some(newest)));
}

#[test]
fn a_token_that_was_put_back_over_another_users_gives_way_to_it() {
    let (tabs, shared, newest) = overwritten("u2");
    assert_eq!((tabs[1].token(), shared.token), (None, Some(newest)));
}

/// Where tokens are kept in memory, no message makes a tab write one down.
#[test]
fn what_is_not_to_be_stored_is_not_stored_for_another_tab() {
    let memory = SEVERAL.with_token_store(TokenStore::Memory);
    let mut shared = Shared::default();
    let mut tabs = [0, 1].map(|number| Tab::new(number, session(memory)));
    let mut told = Vec::new();
    for (index, name, moment) in [(0, "older", 0), (1, "newer", 10), (0, "newest", 20)] {
        tabs[index].sign_in(&mut shared, Purpose::Popup, at(moment)).unwrap();
        let address = granted(&tabs[index], name);
        tabs[index].hand_over(&mut shared, Source::Popup, &address, at(moment));
        told.push(shared.said.pop().unwrap().1);
    }
    let forgotten =
        said(tabs[1].session.client(), &format!("kind=token_forgotten&at={}", at(5).as_unix_seconds()));
    for text in [told.swap_remove(0), forgotten, told.swap_remove(0)] {
        tabs[1].tell(&mut shared, Input::TabsSaid { text }, at(21)).unwrap();
    }
    assert_eq!((tabs[1].token(), shared.token), (Some("newest"), None));
    assert!(!tabs[1].orders.iter().any(|order| order == "store_token" || order == "forget_token"));
}

#[test]
fn a_tab_that_follows_late_does_not_make_the_next_sign_in_be_forgotten() {
    let (mut tabs, mut shared) = two();
    tabs[1].tell(&mut shared, Input::SignOutRequested, at(100)).unwrap();
    tabs[1].sign_in(&mut shared, Purpose::Popup, at(110)).unwrap();
    let next = granted(&tabs[1], "next");
    tabs[1].hand_over(&mut shared, Source::Popup, &next, at(110));
    let stored = shared.token.clone();
    for (_, text) in std::mem::take(&mut shared.said) {
        tabs[0].tell(&mut shared, Input::TabsSaid { text }, at(600)).unwrap();
    }
    assert_eq!((tabs[0].token(), tabs[1].token(), &shared.token), (None, Some("next"), &None));
    listen(&mut tabs, &mut shared, at(600));
    assert!(stored.is_some() && shared.token == stored);
}

#[test]
fn signing_out_in_the_middle_of_a_renewal_stops_it() {
    let (mut tabs, mut shared) = two();
    tabs[0].run_timers(&mut shared, at(3590));
    tabs[0].run_timers(&mut shared, at(3591));
    let late = granted(&tabs[0], "late");
    tabs[1].tell(&mut shared, Input::SignOutRequested, at(3592)).unwrap();
    listen(&mut tabs, &mut shared, at(3592));
    tabs[0].hand_over(&mut shared, Source::Frame, &late, at(3593));
    assert_eq!(tabs[0].token(), None);
    assert!(shared.records.is_empty() && shared.lock.is_none());
}

#[test]
fn another_users_token_from_another_tab_ends_this_session() {
    let (mut tabs, mut shared) = two();
    // In the first tab somebody else signs in anew.
    tabs[0].tell(&mut shared, Input::SignOutRequested, at(100)).unwrap();
    shared.said.clear();
    tabs[0].sign_in(&mut shared, Purpose::Popup, at(101)).unwrap();
    let address = answer(&tabs[0], "access_token=theirs&token_type=bearer&expires_in=3600&owner_id=u2");
    tabs[0].hand_over(&mut shared, Source::Popup, &address, at(110));
    assert_eq!(tabs[0].token(), Some("theirs"));
    let (_, text) = shared.said.pop().unwrap();
    tabs[1].tell(&mut shared, Input::TabsSaid { text }, at(110)).unwrap();
    assert_eq!((tabs[1].token(), tabs[1].causes()), (None, vec![Cause::OtherUser]));
    // And leaves the other's alone.
    listen(&mut tabs, &mut shared, at(111));
    assert_eq!(tabs[0].token(), Some("theirs"));
    assert!(shared.token.is_some());
}

#[test]
fn a_tab_that_slept_through_a_sign_out_is_told_when_it_asks() {
    let (mut tabs, mut shared) = two();
    tabs[0].tell(&mut shared, Input::SignOutRequested, at(100)).unwrap();
    shared.said.clear();
    tabs[1].run_timers(&mut shared, at(3590));
    listen(&mut tabs, &mut shared, at(3590));
    assert_eq!((tabs[1].token(), tabs[1].causes()), (None, vec![Cause::SignedOutElsewhere]));
    assert!(tabs[1].sent.is_empty());
}

#[test]
fn a_sign_out_overtakes_a_token_that_is_being_read() {
    let (_, mut shared) = two();
    let mut late = session(SEVERAL);
    late.handle(Input::PageLoaded { address: "https://app.example/".into(), window: Window::Top }, at(50))
        .unwrap();
    while late.next_effect().is_some() {}
    let text = said(late.client(), &format!("kind=signed_out&at={}", at(50).as_unix_seconds()));
    late.handle(Input::TabsSaid { text }, at(50)).unwrap();
    late.handle(Input::TokenLoaded { record: shared.token.take() }, at(51)).unwrap();
    assert_eq!((late.phase(), late.next_effect()), (Phase::SignedOut, None));
}

#[test]
fn what_is_no_message_of_ours_changes_nothing() {
    let (mut tabs, mut shared) = two();
    let own = |content: &str| said(session(SEVERAL).client(), content);
    for text in [
        String::new(),
        "hello".into(),
        "v=1&kind=signed_out&at=1000010".into(),
        own("kind=signed_out&at=1000010").replace("v=1", "v=2"),
        own("kind=signed_out"),
        own("kind=other"),
        own("kind=token_replaced&token=x"),
        own("kind=signed_out&at=1000010&x=1"),
        // Another client of the same origin, or the same at another server.
        own("kind=signed_out&at=1000010").replace("s6BhdRkqt3", "other"),
        own("kind=signed_out&at=1000010").replace("as.example", "other.example"),
    ] {
        tabs[0].tell(&mut shared, Input::TabsSaid { text: text.clone() }, at(10)).unwrap();
        assert_eq!(tabs[0].token(), Some("first"), "{text:?}");
    }
}

#[test]
fn an_older_token_is_not_taken_over() {
    let (mut tabs, mut shared) = two();
    let old = shared.token.clone().unwrap();
    tabs[0].run_timers(&mut shared, at(3590));
    tabs[0].run_timers(&mut shared, at(3591));
    let address = granted(&tabs[0], "second");
    tabs[0].hand_over(&mut shared, Source::Frame, &address, at(3592));
    let mut form = said(tabs[0].session.client(), "kind=token_replaced&token=");
    form.extend(form_urlencoded::byte_serialize(old.as_bytes()));
    tabs[0].tell(&mut shared, Input::TabsSaid { text: form }, at(3593)).unwrap();
    assert_eq!(tabs[0].token(), Some("second"));
    assert!(!tabs[0].reports.iter().any(|report| matches!(report, Report::SignedOut(_))));
}

#[test]
fn a_token_that_ended_before_it_was_heard_of_leaves_the_lasting_one_in_the_store() {
    let (mut tabs, mut shared) = two();
    // A shorter one is got in the first tab, and the second hears of it late.
    tabs[0].sign_in(&mut shared, Purpose::Popup, at(100)).unwrap();
    let address = answer(&tabs[0], "access_token=short&token_type=bearer&expires_in=60&owner_id=u1");
    tabs[0].hand_over(&mut shared, Source::Popup, &address, at(110));
    assert_eq!(tabs[0].token(), Some("short"));
    let (_, text) = shared.said.pop().unwrap();
    // Meanwhile a page that is loaded finds it ended.
    let mut third = Tab::new(2, session(SEVERAL));
    third.load(&mut shared, "https://app.example/", Window::Top, at(300));
    assert_eq!((third.token(), &shared.token), (None, &None));
    tabs[1].tell(&mut shared, Input::TabsSaid { text }, at(301)).unwrap();
    assert_eq!(tabs[1].token(), Some("first"));
    let mut fourth = Tab::new(3, session(SEVERAL));
    fourth.load(&mut shared, "https://app.example/", Window::Top, at(302));
    assert_eq!(fourth.token(), Some("first"));
}

#[test]
fn of_two_tokens_of_one_second_all_tabs_keep_the_same() {
    let (mut tabs, mut shared) = two();
    // Both sign in anew, and neither has heard of the other.
    for (tab, name) in tabs.iter_mut().zip(["b", "a"]) {
        tab.sign_in(&mut shared, Purpose::Popup, at(100)).unwrap();
        let address = granted(tab, name);
        tab.hand_over(&mut shared, Source::Popup, &address, at(110));
    }
    listen(&mut tabs, &mut shared, at(110));
    assert_eq!((tabs[0].token(), tabs[1].token()), (Some("b"), Some("b")));
}

#[test]
fn another_tabs_renewal_leaves_the_users_own_popup_open() {
    let (mut tabs, mut shared) = two();
    tabs[1].sign_in(&mut shared, Purpose::Popup, at(3580)).unwrap();
    tabs[0].run_timers(&mut shared, at(3590));
    tabs[0].run_timers(&mut shared, at(3591));
    let address = granted(&tabs[0], "second");
    tabs[0].hand_over(&mut shared, Source::Frame, &address, at(3592));
    listen(&mut tabs, &mut shared, at(3592));
    assert_eq!(tabs[1].token(), Some("second"));
    assert_eq!(tabs[1].session.phase().path(), ["signed_in", "signing_in_again", "awaiting_response"]);
    let address = granted(&tabs[1], "third");
    tabs[1].hand_over(&mut shared, Source::Popup, &address, at(3600));
    assert_eq!(tabs[1].token(), Some("third"));
}

#[test]
fn a_store_that_does_not_forget_is_told_of() {
    let (mut tabs, mut shared) = two();
    tabs[0].has_no_storage = true;
    tabs[0].tell(&mut shared, Input::SignOutRequested, at(100)).unwrap();
    assert_eq!((tabs[0].token(), tabs[0].causes()), (None, vec![Cause::UserSignedOut, Cause::StorageFailed]));
}
