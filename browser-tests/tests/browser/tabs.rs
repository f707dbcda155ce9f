//! Several tabs of the application.

use browser_tests::until;

use crate::app::{assert_clean, call, open, opened, signed_in, wait_for_sign_in, wait_for_sign_out, world};

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
fn a_tab_has_the_token_of_another() {
    let world = world();
    let first = opened(&world);
    let second = world.browser.new_tab();
    open(&world, &second);
    first.press("In a popup");
    let popup = world.browser.wait_for_other_than(&[&first, &second]);
    world.log_in_and_allow(&popup);
    wait_for_sign_in(&first);
    second.wait_for_text("#signed-in", "User");
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
