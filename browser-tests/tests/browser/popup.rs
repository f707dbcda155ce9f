//! Signing in in a popup.

use browser_tests::{BrowserSettings, World, picture};
use fragrant_server::OpenerPolicy;

use crate::app::{call, opened, server, wait_for_sign_in, wait_for_sign_out, world};

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
fn a_popup_whose_opener_is_cut_off_brings_its_answer_all_the_same() {
    for (what, server) in [
        ("application", server().with_app_opener_policy(OpenerPolicy::SameOrigin)),
        ("authorization server", server().with_authorization_opener_policy(OpenerPolicy::SameOrigin)),
    ] {
        let world = World::start(server, &BrowserSettings::default());
        let tab = opened(&world);
        tab.press("In a popup");
        let popup = world.browser.wait_for_other_than(&[&tab]);
        world.log_in_and_allow(&popup);
        wait_for_sign_in(&tab);
        println!("cut off by the {what}");
        world.browser.wait_for_tabs(1);
    }
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
