//! Signing in in a popup.

use browser_tests::{BrowserSettings, World, picture};

use super::{call, fall_asleep, opened, server, wait_for_sign_in, wait_for_sign_out, world};

#[test]
fn a_user_signs_in_in_a_popup() {
    let world = world();
    let tab = opened(&world);
    tab.press("In a popup");
    let popup = world.browser.wait_for_other_than(&[&tab]);
    popup.wait_for_text("h1", "Sign in");
    picture(&popup, "app-popup");
    world.log_in_and_allow(&popup);
    wait_for_sign_in(&tab);
    world.browser.wait_for_tabs(1);
    assert!(call(&tab).starts_with("200 "));
    assert_eq!(tab.run("return sessionStorage.length + localStorage.length;", &[]), 0);
}

#[test]
fn a_popup_that_is_denied_says_so_in_the_page() {
    let world = world();
    let tab = opened(&world);
    tab.press("In a popup");
    let popup = world.browser.wait_for_other_than(&[&tab]);
    world.log_in(&popup);
    popup.press("Deny");
    tab.wait_for_text("#problem", "access_denied");
    world.browser.wait_for_tabs(1);
    wait_for_sign_out(&tab);
}

#[test]
fn a_popup_that_is_closed_is_told_and_another_may_be_opened() {
    let world = world();
    let tab = opened(&world);
    tab.press("In a popup");
    let popup = world.browser.wait_for_other_than(&[&tab]);
    popup.wait_for_text("h1", "Sign in");
    popup.close();
    tab.wait_for_text("#problem", "the popup seems to be closed");
    tab.press("In a popup");
    let popup = world.browser.wait_for_other_than(&[&tab]);
    world.log_in_and_allow(&popup);
    wait_for_sign_in(&tab);
}

#[test]
fn a_popup_in_which_nobody_answers_is_closed_when_its_request_has_ended() {
    let world = world();
    let tab = opened(&world);
    tab.press("In a popup");
    let popup = world.browser.wait_for_other_than(&[&tab]);
    popup.wait_for_text("h1", "Sign in");
    // A request stands for ten minutes; until then the user may take his time.
    fall_asleep(&world, &tab, 590);
    assert_eq!(tab.text("#problem"), "");
    world.browser.wait_for_tabs(2);
    fall_asleep(&world, &tab, 11);
    tab.wait_for_text("#problem", "the answer came after the pending request had ended");
    world.browser.wait_for_tabs(1);
    wait_for_sign_out(&tab);
    assert_eq!(tab.run("return sessionStorage.length + localStorage.length;", &[]), 0);
    tab.press("In a popup");
    let popup = world.browser.wait_for_other_than(&[&tab]);
    world.log_in_and_allow(&popup);
    wait_for_sign_in(&tab);
    world.browser.wait_for_tabs(1);
}

#[test]
fn a_popup_that_is_blocked_is_told_and_the_redirect_still_works() {
    let world = World::start(server(), &BrowserSettings::default().with_popup_blocker());
    let tab = opened(&world);
    // A click that no user has made, such as one that comes after something was awaited.
    tab.run("setTimeout(() => document.getElementById('sign-in-popup').click());", &[]);
    tab.wait_for_text("#problem", "did not open the popup");
    picture(&tab, "app-popup-blocked");
    tab.press("Sign in");
    world.log_in_and_allow(&tab);
    wait_for_sign_in(&tab);
}

#[test]
fn a_popup_that_a_click_opens_is_not_blocked() {
    let world = World::start(server(), &BrowserSettings::default().with_popup_blocker());
    let tab = opened(&world);
    tab.press("In a popup");
    let popup = world.browser.wait_for_other_than(&[&tab]);
    world.log_in_and_allow(&popup);
    wait_for_sign_in(&tab);
}
