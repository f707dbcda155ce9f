//! Several tabs of the application.

use browser_tests::{BrowserSettings, World};

use super::{call, fall_asleep, renewing, two_tabs, wait_for_sign_out, world};

#[test]
fn one_tab_renews_and_the_other_has_the_new_token_too() {
    let world = World::start(renewing(), &BrowserSettings::default());
    let (first, second) = two_tabs(&world);
    // Both have slept; only the first is looked at.
    let old: u32 = 2 * 3600;
    second.move_clock(old.into());
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
    let (first, second) = two_tabs(&world);
    first.press("Sign out");
    wait_for_sign_out(&first);
    wait_for_sign_out(&second);
    second.wait_for_text("#status", "the user signed out in another tab");
    for tab in [&first, &second] {
        assert_eq!(tab.run("return sessionStorage.length + localStorage.length;", &[]), 0);
    }
}
