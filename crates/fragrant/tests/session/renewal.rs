//! The next token: when it is asked for, what serves until then, and what happens where it cannot be had.

use fragrant::client::Purpose;
use fragrant::client::session::{CallId, Cause, Input, Phase, Report, Settings, Source, Timer};
use fragrant::profile::Profile;
use fragrant::testing::user_agent::{Shared, Tab};
use fragrant::value::Timestamp;

use crate::scenario::{answer, api_call, at, client_of, granted, signed_in, tab};

/// When the renewal timer runs out.
fn due(tab: &Tab) -> Option<u64> {
    let due = tab.timers.get(&Timer::Renewal)?;
    Some(due.seconds_since(at(0)))
}

/// Lets the renewal begin.
fn begin(tab: &mut Tab, shared: &mut Shared) -> Timestamp {
    let now = tab.timers[&Timer::Renewal];
    tab.run_timers(shared, now);
    now
}

#[test]
fn it_is_due_in_the_first_half_of_the_margin() {
    // The margin is 60 seconds, and never more than a quarter of the lifetime.
    for (expires_in, margin, lifetime) in [("3600", 60, 3600), ("240", 60, 240), ("100", 25, 100)] {
        let (tab, _) = signed_in(Settings::DEFAULT, expires_in);
        let due = due(&tab).unwrap();
        assert!((lifetime - margin..=lifetime - margin / 2).contains(&due), "{due} of {expires_in}");
    }
}

#[test]
fn the_moment_is_spread_by_entropy() {
    // The popup's request draws other bytes each time, as the driver's entropy counts on.
    let mut moments = std::collections::BTreeSet::new();
    let (mut tab, mut shared) = tab(Settings::DEFAULT);
    for index in 0..40 {
        tab.sign_in(&mut shared, Purpose::Popup, at(0)).unwrap();
        let address = granted(&tab, &format!("t{index}"));
        tab.hand_over(&mut shared, Source::Popup, &address, at(0));
        moments.insert(due(&tab).unwrap());
        tab.tell(&mut shared, Input::SignOutRequested, at(0)).unwrap();
    }
    assert!(moments.len() > 10, "{moments:?}");
}

#[test]
fn the_old_token_serves_until_the_new_one_is_there() {
    let (mut tab, mut shared) = signed_in(Settings::DEFAULT, "3600");
    let now = begin(&mut tab, &mut shared);
    assert_eq!(tab.orders, ["draw_entropy", "store_pending", "start_timer", "open_frame"]);
    assert_eq!(tab.token(), Some("first"));
    let address = granted(&tab, "second");
    tab.hand_over(&mut shared, Source::Frame, &address, now.saturating_add(2));
    assert_eq!(tab.token(), Some("second"));
    assert!(matches!(tab.reports[..], [Report::TokenRenewed(_)]), "{:?}", tab.reports);
    assert!(shared.records.is_empty());
    assert!(tab.timers.contains_key(&Timer::Renewal) && tab.timers.len() == 1, "{:?}", tab.timers);
}

#[test]
fn without_a_lifetime_it_waits_for_a_401_or_for_the_profiles_default() {
    let (tab, _) = signed_in(Settings::DEFAULT, "");
    assert_eq!(due(&tab), None);
    let client = client_of(crate::scenario::silent().with_default_lifetime(600));
    let mut tab = Tab::new(0, fragrant::client::session::Session::new(client, Settings::DEFAULT));
    let mut shared = Shared::default();
    tab.sign_in(&mut shared, Purpose::Popup, at(0)).unwrap();
    let address = answer(&tab, "access_token=first&token_type=bearer&owner_id=u1");
    tab.hand_over(&mut shared, Source::Popup, &address, at(0));
    assert!((540..=570).contains(&due(&tab).unwrap()));
}

#[test]
fn a_wait_beyond_a_browsers_timer_is_a_chain() {
    // 100 days. The driver asserts that no timer is longer than a browser's.
    let (mut tab, mut shared) = signed_in(Settings::DEFAULT, "8640000");
    let mut links = 0;
    while tab.session.phase().path() == ["signed_in", "fresh"] {
        begin(&mut tab, &mut shared);
        links += 1;
    }
    assert_eq!(links, 5);
    assert_eq!(tab.session.phase().path(), ["signed_in", "renewing", "awaiting_response"]);
}

#[test]
fn what_a_server_says_decides_what_helps() {
    for (error, cause, retries) in [
        ("login_required", Cause::LoginRequired, false),
        ("consent_required", Cause::ConsentRequired, false),
        ("interaction_required", Cause::InteractionRequired, false),
        ("account_selection_required", Cause::AccountSelectionRequired, false),
        ("access_denied", Cause::AccessDenied, false),
        ("temporarily_unavailable", Cause::ServerBusy, true),
        ("server_error", Cause::ServerBusy, true),
        ("unauthorized_client", Cause::ServerRefused, false),
    ] {
        let (mut tab, mut shared) = signed_in(Settings::DEFAULT, "3600");
        let now = begin(&mut tab, &mut shared);
        let address = answer(&tab, &format!("error={error}"));
        tab.hand_over(&mut shared, Source::Frame, &address, now);
        assert_eq!(tab.causes(), [cause], "{error}");
        assert_eq!(tab.session.phase().path(), ["signed_in", "expiring", "stale"]);
        assert_eq!(tab.timers.contains_key(&Timer::Retry), retries, "{error}");
        assert_eq!(tab.token(), Some("first"), "the old token serves on");
    }
}

#[test]
fn attempts_get_rarer_and_end() {
    let (mut tab, mut shared) = signed_in(Settings::DEFAULT, "3600");
    begin(&mut tab, &mut shared);
    let mut waits = Vec::new();
    loop {
        let mut now = tab.timers[&Timer::Answer];
        tab.run_timers(&mut shared, now);
        let Some(retry) = tab.timers.get(&Timer::Retry) else { break };
        waits.push(retry.seconds_since(now));
        now = *retry;
        tab.run_timers(&mut shared, now);
    }
    assert_eq!(tab.causes(), [Cause::TimedOut, Cause::TimedOut, Cause::TimedOut, Cause::TooManyAttempts]);
    assert!(waits.windows(2).all(|pair| pair[1] >= pair[0]), "{waits:?}");
    assert!(waits[0] >= 20, "{waits:?}");
    assert!(tab.timers.is_empty(), "nothing is tried any more: {:?}", tab.timers);
}

#[test]
fn blocked_cookies_and_a_refused_frame_are_not_tried_again() {
    for cause in [Cause::CookiesBlocked, Cause::FrameRefused] {
        let (mut tab, mut shared) = signed_in(Settings::DEFAULT, "3600");
        let earlier = tab.key();
        let now = begin(&mut tab, &mut shared);
        // What is heard of a window that is gone says nothing of this one.
        assert!(tab.tell(&mut shared, Input::FrameFailed { key: earlier }, now).is_err());
        let key = tab.key();
        let refused = Input::FrameFailed { key };
        let input = if cause == Cause::FrameRefused { refused } else { Input::CookiesBlocked };
        tab.tell(&mut shared, input, now).unwrap();
        assert_eq!(tab.causes(), [cause]);
        assert!(tab.timers.is_empty());
    }
    // Known before the token is due, no frame is opened at all.
    let (mut tab, mut shared) = signed_in(Settings::DEFAULT, "3600");
    tab.tell(&mut shared, Input::CookiesBlocked, at(10)).unwrap();
    begin(&mut tab, &mut shared);
    assert_eq!(tab.causes(), [Cause::CookiesBlocked]);
    assert_eq!(tab.sent.len(), 1, "the sign-in alone");
}

#[test]
fn where_renewing_takes_a_page_the_user_is_asked() {
    let client = client_of(Profile::STRICT);
    let mut tab = Tab::new(0, fragrant::client::session::Session::new(client, Settings::DEFAULT));
    let mut shared = Shared::default();
    tab.sign_in(&mut shared, Purpose::Popup, at(0)).unwrap();
    let address = granted(&tab, "first");
    tab.hand_over(&mut shared, Source::Popup, &address, at(0));
    begin(&mut tab, &mut shared);
    assert_eq!(tab.causes(), [Cause::RenewalNeedsPage]);
    assert_eq!(tab.token(), Some("first"));
    // The user comes, and the old token is replaced.
    tab.sign_in(&mut shared, Purpose::Popup, at(3590)).unwrap();
    assert_eq!(tab.token(), Some("first"));
    let address = granted(&tab, "second");
    tab.hand_over(&mut shared, Source::Popup, &address, at(3595));
    assert_eq!(tab.token(), Some("second"));
}

#[test]
fn a_user_who_went_back_may_try_another_way() {
    let (mut tab, mut shared) = tab(Settings::DEFAULT);
    tab.sign_in(&mut shared, Purpose::Redirect, at(0)).unwrap();
    // The page comes back from the browser's cache as it was left.
    tab.load(&mut shared, "https://app.example/", Default::default(), at(20));
    assert_eq!(tab.session.phase().path(), ["signing_in", "awaiting_response"]);
    tab.sign_in(&mut shared, Purpose::Popup, at(30)).unwrap();
    assert_eq!(shared.records.len(), 1, "the first request's record is gone");
    let address = granted(&tab, "t");
    tab.hand_over(&mut shared, Source::Popup, &address, at(40));
    assert_eq!(tab.token(), Some("t"));
}

#[test]
fn a_token_that_ends_at_once_makes_no_loop() {
    let (mut tab, mut shared) = signed_in(Settings::DEFAULT, "3600");
    let now = begin(&mut tab, &mut shared);
    let address = answer(&tab, "access_token=t&token_type=bearer&expires_in=0&owner_id=u1");
    tab.hand_over(&mut shared, Source::Frame, &address, now);
    assert_eq!(tab.causes(), [Cause::TokenEnded]);
    assert!(tab.timers.is_empty(), "nothing is tried again: {:?}", tab.timers);
}

#[test]
fn the_users_own_request_that_comes_to_nothing_changes_nothing() {
    let (mut tab, mut shared) = signed_in(Settings::DEFAULT, "3600");
    tab.blocks_popups = true;
    tab.sign_in(&mut shared, Purpose::Popup, at(60)).unwrap();
    assert_eq!(
        (tab.session.phase().path(), tab.causes()),
        (&["signed_in", "fresh"][..], vec![Cause::PopupBlocked])
    );
    assert!(tab.timers.contains_key(&Timer::Renewal), "the renewal is still to come");
    // Nor does a popup that nobody ever answers hold anything up.
    tab.blocks_popups = false;
    tab.sign_in(&mut shared, Purpose::Popup, at(60)).unwrap();
    let end = tab.timers[&Timer::Answer];
    tab.run_timers(&mut shared, end);
    assert_eq!((tab.session.phase().path(), tab.token()), (&["signed_in", "fresh"][..], Some("first")));
}

#[test]
fn another_users_token_ends_the_session_and_is_not_used() {
    let (mut tab, mut shared) = signed_in(Settings::DEFAULT, "3600");
    let now = begin(&mut tab, &mut shared);
    let address = answer(&tab, "access_token=theirs&token_type=bearer&owner_id=u2");
    tab.hand_over(&mut shared, Source::Frame, &address, now);
    assert_eq!((tab.token(), tab.session.phase()), (None, Phase::SignedOut));
    assert_eq!(tab.causes(), [Cause::OtherUser]);
}

#[test]
fn another_user_is_also_seen_by_what_the_caller_says() {
    let (mut tab, mut shared) = signed_in(Settings::DEFAULT, "3600");
    let sign_in = tab.key();
    let identified = |user: &str| Input::UserIdentified { sign_in, user: user.into() };
    tab.tell(&mut shared, identified("subject-1"), at(1)).unwrap();
    tab.tell(&mut shared, identified("subject-1"), at(2)).unwrap();
    assert_eq!(tab.token(), Some("first"));
    tab.tell(&mut shared, identified("subject-2"), at(3)).unwrap();
    assert_eq!((tab.token(), tab.causes()), (None, vec![Cause::OtherUser]));
}

#[test]
fn what_is_found_out_about_an_earlier_sign_in_comes_too_late() {
    let (mut tab, mut shared) = signed_in(Settings::DEFAULT, "3600");
    let identified = |sign_in, user: &str| Input::UserIdentified { sign_in, user: user.into() };
    let first = tab.key();
    tab.tell(&mut shared, Input::SignOutRequested, at(1)).unwrap();
    tab.sign_in(&mut shared, Purpose::Popup, at(2)).unwrap();
    let address = answer(&tab, "access_token=theirs&token_type=bearer&owner_id=u2");
    tab.hand_over(&mut shared, Source::Popup, &address, at(3));
    let Some(Report::SignedIn(signed_in)) = tab.reports.last() else { panic!("{:?}", tab.reports) };
    let second = tab.key();
    assert_eq!(signed_in.sign_in, second);
    tab.tell(&mut shared, identified(first, "subject-1"), at(4)).unwrap();
    tab.tell(&mut shared, identified(second, "subject-2"), at(5)).unwrap();
    assert_eq!(tab.token(), Some("theirs"));
}

#[test]
fn a_timer_that_fires_early_is_waited_for_to_its_end() {
    let (mut tab, mut shared) = signed_in(Settings::DEFAULT, "3600");
    let end = due(&tab).unwrap();
    tab.tell(&mut shared, Input::TimerFired { timer: Timer::Renewal }, at(100)).unwrap();
    assert_eq!(tab.orders, ["start_timer"]);
    assert_eq!(due(&tab), Some(end));
    assert!(tab.tell(&mut shared, Input::TimerFired { timer: Timer::Retry }, at(100)).is_err(), "none runs");
}

#[test]
fn where_nothing_is_tried_any_more_a_call_tries_again_but_not_at_once() {
    let (mut tab, mut shared) = signed_in(Settings::DEFAULT, "3600");
    let mut now = begin(&mut tab, &mut shared);
    while let Some((_, next)) = tab.timers.first_key_value() {
        now = *next;
        tab.run_timers(&mut shared, now);
    }
    let (mut asked, mut call) = (tab.sent.len(), 0);
    // Somebody calls every ten seconds for an hour, and the network stays away.
    let end = now.saturating_add(3600);
    while now < end {
        call += 1;
        tab.tell(&mut shared, api_call(call), now).unwrap();
        tab.run_timers(&mut shared, now);
        now = now.saturating_add(10);
    }
    assert!(tab.sent.len() > asked + 5, "tried again");
    assert!(tab.sent.len() < asked + 25, "but not with each call");
    asked = tab.sent.len();
    while tab.sent.len() == asked {
        call += 1;
        tab.tell(&mut shared, api_call(call), now).unwrap();
        now = now.saturating_add(10);
    }
    let address = granted(&tab, "second");
    tab.hand_over(&mut shared, Source::Frame, &address, now);
    assert_eq!(tab.token(), Some("second"));
    assert!(tab.calls.contains_key(&CallId(call)), "the call that waited is made");
}

#[test]
fn a_renewed_token_that_names_no_user_replaces_nothing() {
    let (mut tab, mut shared) = signed_in(Settings::DEFAULT, "3600");
    let now = begin(&mut tab, &mut shared);
    let address = answer(&tab, "access_token=whose&token_type=bearer");
    tab.hand_over(&mut shared, Source::Frame, &address, now);
    assert_eq!((tab.token(), tab.causes()), (Some("first"), vec![Cause::UserUnknown]));
}

#[test]
fn a_clock_that_goes_back_gives_the_token_no_more_time() {
    let (mut tab, mut shared) = signed_in(Settings::DEFAULT, "3600");
    let due = tab.timers[&Timer::Renewal];
    // An hour back, after ten minutes. The timer has no clock and fires when it should.
    let back = Timestamp::from_unix_seconds(at(600).as_unix_seconds() - 3600);
    tab.tell(&mut shared, Input::CookiesBlocked, at(600)).unwrap();
    let sign_in = tab.key();
    tab.tell(&mut shared, Input::UserIdentified { sign_in, user: "u".into() }, back).unwrap();
    assert_eq!(tab.causes(), [Cause::ClockWentBack]);
    let left = tab.session.authorized().unwrap().expiry().unwrap().seconds_left(back);
    assert_eq!(left, 3000);
    tab.timers.insert(Timer::Renewal, due.saturating_sub(3600));
    begin(&mut tab, &mut shared);
    assert_eq!(tab.session.phase().path(), ["signed_in", "expiring", "stale"], "it was due");
    // Within what two clocks may differ by, it stands still.
    let (mut tab, mut shared) = signed_in(Settings::DEFAULT, "3600");
    tab.tell(&mut shared, Input::CookiesBlocked, at(600)).unwrap();
    tab.tell(&mut shared, Input::CookiesBlocked, at(595)).unwrap();
    assert_eq!(tab.causes(), []);
}

#[test]
fn storage_that_fails_keeps_the_old_token() {
    let (mut tab, mut shared) = signed_in(Settings::DEFAULT, "3600");
    tab.has_no_storage = true;
    begin(&mut tab, &mut shared);
    assert_eq!((tab.token(), tab.causes()), (Some("first"), vec![Cause::StorageFailed]));
}
