//! What users of other libraries complain about most, as it looks in a browser. The core's own tests have the same list.

use browser_tests::{BrowserSettings, Tab, World, changed_app, until};
use fragrant_server::{Host, Hosts, Quirks, Written};

use super::{
    assert_clean, begin_call, call, fall_asleep, open, opened, renewing, server, signed_in, wait_for_rest,
    wait_for_sign_in, wait_for_sign_out, world,
};

/// How long a hidden frame may take to bring its answer, and a second more.
const ANSWER_TIMEOUT: u32 = 11;

/// What a server does that writes its tokens' lifetime in this way.
fn lifetimes(written: &Written) -> Quirks {
    let mut quirks = Quirks::default();
    quirks.expires_in = written.clone();
    quirks
}

/// Waits until the authorization endpoint was asked so often.
fn wait_for_requests(world: &World, number: u64) {
    until(&format!("{number} requests"), || (world.server.authorization_requests() == number).then_some(()));
}

/// Calls the API from the application, which is told why nothing comes of it.
fn call_in_vain(tab: &Tab<'_>, problem: &str) {
    begin_call(tab);
    tab.wait_for_text("#problem", problem);
    tab.click("#link-account");
}

#[test]
fn pain_1_a_renewal_without_cookies_is_told_once_and_not_tried_again_and_again() {
    let hosts = Hosts { authorization: Host::Localhost, ..Hosts::default() };
    let server = renewing().with_hosts(hosts).dangerously_send_session_cookie_across_sites();
    let world = World::start(server, &BrowserSettings::default());
    let tab = signed_in(&world);
    fall_asleep(&world, &tab, 3550);
    tab.wait_for_text("#problem", "nobody is logged in");
    tab.wait_for_no("iframe");
    // The token is good for as long as it lasts.
    assert!(call(&tab).starts_with("200 "));
    // Where trying again could help, it would have been tried by then; nor does a call try.
    for seconds in [60, 600] {
        fall_asleep(&world, &tab, seconds);
        call_in_vain(&tab, "the token has ended");
        wait_for_rest(&tab);
    }
    assert_eq!(world.server.authorization_requests(), 2);
    // A click brings the next one.
    tab.press("Sign out");
    tab.press("Sign in");
    wait_for_sign_in(&tab);
}

#[test]
fn pain_2_an_answer_without_its_request_says_why_and_the_next_sign_in_works() {
    let world = world();
    let tab = opened(&world);
    tab.press("Sign in");
    tab.wait_for_text("h1", "Sign in");
    let bookmarked = tab.address();
    world.log_in_and_allow(&tab);
    wait_for_sign_in(&tab);
    // The bookmark leads to a request that was answered.
    tab.open(&bookmarked);
    tab.wait_for_text("#problem", "no request waits for this answer");
    wait_for_sign_out(&tab);
    assert_clean(&tab);
    // Storage that was cleared on the way.
    tab.press("Sign in");
    wait_for_sign_in(&tab);
    tab.press("Sign out");
    world.server.end_sessions();
    tab.press("Sign in");
    tab.wait_for_text("h1", "Sign in");
    let login_page = tab.address();
    open(&world, &tab);
    tab.run("sessionStorage.clear();", &[]);
    tab.open(login_page);
    world.log_in(&tab);
    tab.wait_for_text("#problem", "no request waits for this answer");
    tab.press("Sign in");
    wait_for_sign_in(&tab);
}

#[test]
fn pain_3_two_tabs_that_sign_in_at_the_same_time_do_not_disturb_each_other() {
    let world = world();
    let first = opened(&world);
    let second = world.browser.new_tab();
    open(&world, &second);
    first.press("Sign in");
    first.wait_for_text("h1", "Sign in");
    second.press("Sign in");
    second.wait_for_text("h1", "Sign in");
    // The one that began last ends first.
    world.log_in_and_allow(&second);
    wait_for_sign_in(&second);
    world.log_in(&first);
    until("the way back", || {
        if first.text("h1") == "Allow access?" {
            first.press("Allow");
        }
        first.text("h1").starts_with("Account").then_some(())
    });
    wait_for_sign_in(&first);
    for tab in [&first, &second] {
        assert_clean(tab);
        assert!(call(tab).starts_with("200 "));
    }
}

#[test]
fn pain_4_a_hash_routers_route_survives_the_sign_in() {
    let world = world();
    let tab = opened(&world);
    tab.click("#link-calls");
    tab.wait_for_text("#calls-title", "Calls");
    // The buttons of the other route stand in the page, too.
    tab.run("document.getElementById('sign-in-redirect').click();", &[]);
    world.log_in_and_allow(&tab);
    tab.wait_for_text("#status", "Signed in.");
    assert_eq!(tab.address(), format!("{}/#/calls", world.server.app_origin()));
    tab.wait_for_text("#calls-title", "Calls");
    tab.click("#link-account");
    tab.wait_for_text("#signed-in", "User");
    // A route is no answer.
    tab.run(
        "const heard = new Promise((resolve) => addEventListener('hashchange', () => setTimeout(resolve))); \
         location.hash = '#/state=calls'; await heard;",
        &[],
    );
    assert!(tab.address().ends_with("/#/state=calls"));
}

#[test]
fn pain_5_a_clock_that_is_minutes_off_refuses_nothing() {
    for minutes in [-20, 20] {
        let world = world();
        let tab = opened(&world);
        tab.move_clock(minutes * 60);
        tab.press("In a popup");
        let popup = world.browser.wait_for_other_than(&[&tab]);
        world.log_in_and_allow(&popup);
        wait_for_sign_in(&tab);
        let left = tab.text("#time-left");
        assert!(left.starts_with("59:") || left.starts_with("60:"), "{left}");
        assert!(call(&tab).starts_with("200 "));
    }
}

#[test]
fn pain_6_the_application_in_its_own_frame_or_popup_or_after_a_reload_starts_nothing() {
    let world = World::start(renewing(), &BrowserSettings::default());
    let tab = signed_in(&world);
    assert_eq!(world.server.authorization_requests(), 1);
    tab.reload();
    wait_for_sign_out(&tab);
    assert_eq!(world.server.authorization_requests(), 1);
    tab.press("Silently");
    wait_for_sign_in(&tab);
    tab.wait_for_no("iframe");
    assert_eq!(world.server.authorization_requests(), 2);
    tab.press("Sign out");
    tab.press("In a popup");
    wait_for_sign_in(&tab);
    world.browser.wait_for_tabs(1);
    assert_eq!(world.server.authorization_requests(), 3);
}

// Pain 7, a popup whose opener is cut off: `fallbacks::a_popup_without_its_opener_answers_over_the_broadcast_channel`.

#[test]
fn pain_8_a_server_that_is_not_shown_in_frames_is_told_of_and_the_user_can_sign_in() {
    let world = World::start(renewing().refusing_frames(), &BrowserSettings::default());
    let tab = signed_in(&world);
    tab.press("Sign out");
    tab.press("Silently");
    wait_for_requests(&world, 2);
    // It is waited for as long as is said, and no longer.
    fall_asleep(&world, &tab, ANSWER_TIMEOUT - 3);
    assert_eq!(tab.text("#problem"), "");
    fall_asleep(&world, &tab, 3);
    tab.wait_for_text("#problem", "no answer came in time: the authorization server refuses to be framed");
    tab.wait_for_no("iframe");
    wait_for_sign_out(&tab);
    // A sign-in is for the user to try again.
    fall_asleep(&world, &tab, 600);
    wait_for_rest(&tab);
    assert_eq!(world.server.authorization_requests(), 2);
    tab.press("Sign in");
    wait_for_sign_in(&tab);
}

#[test]
fn pain_8_a_renewal_that_brings_no_answer_is_tried_four_times_and_then_only_by_a_call() {
    let world = World::start(renewing().refusing_frames(), &BrowserSettings::default());
    let tab = signed_in(&world);
    let mut asleep = 3550;
    for attempt in 1..=4 {
        fall_asleep(&world, &tab, asleep);
        wait_for_requests(&world, 1 + attempt);
        fall_asleep(&world, &tab, ANSWER_TIMEOUT);
        tab.wait_for_text("#problem", if attempt < 4 { "no answer came in time" } else { "several times" });
        tab.wait_for_no("iframe");
        // The next attempt waits for up to 40 seconds, and twice as long each time.
        asleep = 40 << (attempt - 1);
    }
    for seconds in [600, 3600] {
        fall_asleep(&world, &tab, seconds);
        wait_for_rest(&tab);
    }
    assert_eq!(world.server.authorization_requests(), 5);
    begin_call(&tab);
    wait_for_requests(&world, 6);
    fall_asleep(&world, &tab, ANSWER_TIMEOUT);
    tab.wait_for_text("#problem", "several times");
    // A page of the server's own is shown.
    tab.click("#link-account");
    tab.press("Sign out");
    tab.press("Sign in");
    wait_for_sign_in(&tab);
}

#[test]
fn pain_9_a_scope_of_two_words_and_a_route_arrive_as_they_were_sent() {
    let world = World::start(renewing(), &BrowserSettings::default());
    let tab = signed_in(&world);
    assert_eq!(tab.text("#scope"), "Contacts ReadCallLog");
    assert_eq!(tab.address(), format!("{}/#/", world.server.app_origin()));
}

#[test]
fn pain_10_a_reload_and_back_on_the_redirect_page_bring_no_old_answer() {
    let world = world();
    let tab = signed_in(&world);
    tab.reload();
    wait_for_sign_out(&tab);
    assert_clean(&tab);
    // The consent page was an answer to a form, which the browser sends again only if it is told to.
    tab.back();
    tab.wait_for_address(world.server.authorization_origin());
    // The login page was the answer to the request itself. Now that comes to a new token, which nobody has asked for.
    tab.back();
    tab.wait_for_text("#problem", "no request waits for this answer");
    wait_for_sign_out(&tab);
    assert_clean(&tab);
    assert_eq!(world.server.authorization_requests(), 2);
    // The application as it was in the beginning.
    tab.back();
    tab.wait_for_text("#status", "Ready.");
    wait_for_sign_out(&tab);
    assert_eq!(tab.address(), format!("{}/", world.server.app_origin()));
}

#[test]
fn pain_10_no_request_has_a_token_in_its_address_or_its_referer() {
    let world = world();
    let tab = signed_in(&world);
    assert!(call(&tab).starts_with("200 "));
    let requests = world.browser.requests();
    let callback = world.server.redirect_uri().as_str();
    assert!(requests.iter().any(|request| request.address == callback), "the redirection URI was asked for");
    for request in &requests {
        let said = format!("{} {}", request.address, request.referer.as_deref().unwrap_or_default());
        assert!(!said.contains("access_token"), "a token was sent to somebody");
        assert!(request.referer.as_deref().is_none_or(|referer| !referer.contains("state=")));
    }
}

#[test]
fn pain_11_a_lifetime_that_is_missing_is_nobodys_guess() {
    for missing in [Written::LeftOut, Written::As(String::new())] {
        let lasts = server().with_token_lifetime(7 * 86_400);
        let world = World::start(lasts.with_quirks(lifetimes(&missing)), &BrowserSettings::default());
        let tab = signed_in(&world);
        tab.wait_for_text("#time-left", "the server does not say");
        fall_asleep(&world, &tab, 86_400);
        assert!(call(&tab).starts_with("200 "), "{missing:?}");
        // The API server knows when it ends.
        world.server.revoke_tokens();
        call_in_vain(&tab, "renewal without a page");
    }
}

#[test]
fn pain_11_a_lifetime_that_the_provider_documents_stands_in_for_a_missing_one() {
    let missing = renewing().with_quirks(lifetimes(&Written::LeftOut));
    let world = World::start(missing, &BrowserSettings::default());
    let tab = signed_in(&world);
    let left = tab.text("#time-left");
    assert!(left.starts_with("59:") || left == "60:00 min", "{left}");
    fall_asleep(&world, &tab, 3550);
    tab.wait_for_text("#status", "The token was renewed.");
    assert_eq!(world.server.authorization_requests(), 2);
}

#[test]
fn pain_11_a_lifetime_that_is_none_is_said_and_signs_nobody_in() {
    for odd in ["never", "3600.5", "-1"] {
        let server = server().with_quirks(lifetimes(&Written::As(odd.into())));
        let world = World::start(server, &BrowserSettings::default());
        let tab = opened(&world);
        tab.press("Sign in");
        world.log_in_and_allow(&tab);
        tab.wait_for_text("#problem", "expires_in");
        wait_for_sign_out(&tab);
        assert_clean(&tab);
    }
}

#[test]
fn pain_11_a_lifetime_of_no_time_makes_no_loop() {
    let server = renewing().with_quirks(lifetimes(&Written::As("0".into())));
    let world = World::start(server, &BrowserSettings::default());
    let tab = signed_in(&world);
    call_in_vain(&tab, "the token has ended");
    wait_for_rest(&tab);
    assert_eq!(world.server.authorization_requests(), 1);
    fall_asleep(&world, &tab, 31);
    tab.wait_for_text("#problem", "the token has ended");
    for seconds in [60, 600] {
        fall_asleep(&world, &tab, seconds);
        call_in_vain(&tab, "the token has ended");
        wait_for_rest(&tab);
    }
    assert_eq!(world.server.authorization_requests(), 2);
}

#[test]
fn pain_12_a_lifetime_beyond_all_timers_renews_nothing_early() {
    // A browser's timer ends at 24.8 days, and one that is set for longer fires at once.
    let note = "window.timers = []; const own = setTimeout; \
        window.setTimeout = (done, time, ...rest) => { timers.push(time); return own(done, time, ...rest); };";
    for days in [60, 50_000, u64::MAX / 86_400] {
        let page = changed_app("timers", "</title>", "</title>{}", note);
        let server = renewing().with_app_folder(page).with_token_lifetime(days * 86_400);
        let world = World::start(server.with_session_lifetime(days * 86_400), &BrowserSettings::default());
        let tab = signed_in(&world);
        // The first of a chain of timers, and the second.
        for _ in 0..2 {
            fall_asleep(&world, &tab, 25 * 86_400);
            assert!(call(&tab).starts_with("200 "));
            wait_for_rest(&tab);
        }
        assert_eq!(world.server.authorization_requests(), 1, "{days}");
        let longest = tab.run("return Math.max(...timers);", &[]).as_f64().unwrap();
        assert!((2_147_000_000.0..2_147_483_648.0).contains(&longest), "{longest}");
        if days == 60 {
            fall_asleep(&world, &tab, 10 * 86_400 - 50);
            tab.wait_for_text("#status", "The token was renewed.");
        }
    }
}

#[test]
fn pain_12_a_token_that_has_ended_in_sleep_is_renewed_when_somebody_looks() {
    let world = World::start(renewing(), &BrowserSettings::default());
    let tab = signed_in(&world);
    fall_asleep(&world, &tab, 2 * 3600);
    tab.wait_for_text("#status", "The token was renewed.");
    assert!(call(&tab).starts_with("200 "));
}

#[test]
// req(test): BBA-In_browser_communication-1
fn pain_13_a_forged_message_is_left_alone_and_the_sign_in_goes_on() {
    let world = world();
    let tab = opened(&world);
    tab.press("In a popup");
    let popup = world.browser.wait_for_other_than(&[&tab]);
    popup.wait_for_text("h1", "Sign in");
    let state = tab
        .run("return Object.keys(localStorage).find((key) => key.includes(':pending:')).split(':')[2];", &[]);
    let forged = format!(
        "fragrant-answer:{}#access_token=planted&token_type=bearer&state={}{}",
        world.server.redirect_uri(),
        state.as_str().unwrap(),
        "0".repeat(40)
    );
    // From this very window, and from a frame whose origin is none.
    let send = "window.postMessage(args[0], location.origin); \
                const frame = document.createElement('iframe'); frame.sandbox = 'allow-scripts'; \
                frame.srcdoc = '<p>'; document.body.append(frame);";
    tab.run(send, &[forged.clone().into()]);
    tab.wait_for_text("#problem", "a window that was not asked");
    tab.run("window.postMessage({ not: 'text' }, '*'); window.postMessage('of another library', '*');", &[]);
    let script = format!("parent.postMessage({}, '*');", serde_json::Value::from(forged));
    tab.run_in_frame("iframe", &script);
    tab.wait_for_text("#problem", "another origin");
    wait_for_sign_out(&tab);
    world.log_in_and_allow(&popup);
    wait_for_sign_in(&tab);
    assert!(call(&tab).starts_with("200 "));
}

#[test]
fn pain_14_less_scope_than_was_asked_for_is_shown_and_not_refused() {
    let world = World::start(renewing(), &BrowserSettings::default());
    let tab = opened(&world);
    tab.press("Sign in");
    world.log_in(&tab);
    tab.click("input[value=ReadCallLog]");
    tab.press("Allow");
    wait_for_sign_in(&tab);
    assert_eq!(tab.text("#scope"), "Contacts");
}

#[test]
fn pain_15_a_denial_is_one_and_an_error_without_a_state_ends_nothing() {
    let world = world();
    let tab = opened(&world);
    tab.press("Sign in");
    tab.wait_for_text("h1", "Sign in");
    let login_page = tab.address();
    for error in
        ["error=access_denied", "error=server_error&error_description=planted", "error=access_denied&state="]
    {
        for separator in ["#", "?"] {
            // From another page: a change of the fragment alone loads nothing.
            tab.open("about:blank");
            tab.open(format!("{}{separator}{error}", world.server.redirect_uri()));
            tab.wait_for_text("#problem", "no request waits for this answer");
            assert_clean(&tab);
            assert!(!tab.text("main").contains("planted"));
        }
    }
    // The request still waits for its answer.
    tab.open(login_page);
    world.log_in(&tab);
    tab.press("Deny");
    tab.wait_for_text("#problem", "access_denied");
    wait_for_sign_out(&tab);
}
