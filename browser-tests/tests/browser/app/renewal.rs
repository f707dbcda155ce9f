//! A token that is renewed, or is not.

use browser_tests::{BrowserSettings, World};
use fragrant_profiles::procore;

use super::{call, fall_asleep, renewing, server_of, signed_in};

#[test]
fn a_token_is_renewed_before_it_ends() {
    // A quarter of a minute before the end, at most; and not within half a minute of the last time.
    let world = World::start(renewing().with_token_lifetime(60), &BrowserSettings::default());
    let tab = signed_in(&world);
    fall_asleep(&world, &tab, 56);
    tab.wait_for_text("#status", "The token was renewed.");
    assert!(call(&tab).starts_with("200 "));
    tab.wait_for_no("iframe");
}

#[test]
fn a_call_after_sleep_waits_for_the_next_token() {
    let world = World::start(renewing(), &BrowserSettings::default());
    let tab = signed_in(&world);
    // Nobody has looked: the call is the first that happens.
    world.server.clock().advance(2 * 3600);
    tab.move_clock(2 * 3600);
    assert!(call(&tab).starts_with("200 "));
}

#[test]
fn a_token_that_was_taken_back_is_replaced_and_the_call_made_again() {
    let world = World::start(renewing(), &BrowserSettings::default());
    let tab = signed_in(&world);
    // The one that is half a minute old is not a token that was issued just now.
    fall_asleep(&world, &tab, 120);
    world.server.revoke_tokens();
    assert!(call(&tab).starts_with("200 "));
}

#[test]
fn a_provider_without_silent_renewal_sends_the_user_there_again() {
    let world = World::start(server_of(&procore::PROVIDER), &BrowserSettings::default());
    let tab = signed_in(&world);
    fall_asleep(&world, &tab, 2 * 5400);
    tab.wait_for_text("#problem", "renewal without a page");
}

#[test]
fn a_login_session_that_has_ended_is_told_when_the_token_is_to_be_renewed() {
    let world = World::start(renewing(), &BrowserSettings::default());
    let tab = signed_in(&world);
    world.server.end_sessions();
    fall_asleep(&world, &tab, 2 * 3600);
    tab.wait_for_text("#problem", "nobody is logged in");
    tab.wait_for_no("iframe");
}
