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

#[test]
fn a_forged_message_is_left_alone_and_the_sign_in_goes_on() {
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
