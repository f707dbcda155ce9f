//! Several tabs of the application.

use std::time::Duration;

use browser_tests::{BrowserSettings, World, until};
use fragrant_profiles::ringcentral;

use crate::app::{
    assert_clean, call, fall_asleep, open, opened, server_of, signed_in, wait_for_sign_in, wait_for_sign_out,
    world,
};

#[test]
fn two_tabs_that_sign_in_at_the_same_time_do_not_disturb_each_other() {
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
fn one_tab_renews_and_the_other_has_the_new_token_too() {
    let server = server_of(&ringcentral::PROVIDER).with_session_lifetime(86_400);
    let world = World::start(server, &BrowserSettings::default());
    let first = signed_in(&world);
    let second = world.browser.new_tab();
    open(&world, &second);
    second.press("Sign in");
    wait_for_sign_in(&second);
    // Both have slept; only the first is looked at.
    let old = Duration::from_secs(2 * 3600);
    second.move_clock(old);
    fall_asleep(&world, &first, old);
    first.wait_for_text("#status", "The token was renewed.");
    second.wait_for_text("#status", "The token was renewed.");
    // Nobody could renew it now, so what the second one calls with is what the first one has told it.
    world.server.end_sessions();
    assert!(call(&second).starts_with("200 "));
}

#[test]
fn a_sign_out_is_one_everywhere() {
    let world = world();
    let first = signed_in(&world);
    let second = world.browser.new_tab();
    open(&world, &second);
    second.press("Sign in");
    wait_for_sign_in(&second);
    first.press("Sign out");
    wait_for_sign_out(&first);
    wait_for_sign_out(&second);
    second.wait_for_text("#status", "the user signed out in another tab");
    for tab in [&first, &second] {
        assert_eq!(tab.run("return sessionStorage.length + localStorage.length;", &[]), 0);
    }
}
