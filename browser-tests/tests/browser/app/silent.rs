//! Signing in without a page, in a hidden frame.

use std::time::Duration;

use browser_tests::{BrowserSettings, Tab, World, until};
use fragrant_profiles::ringcentral;
use fragrant_server::{Host, Hosts, Server};

use super::{assert_clean, call, opened, server_of, signed_in, wait_for_sign_in, wait_for_sign_out};

/// RingCentral documents renewal without a page.
fn server() -> Server {
    server_of(&ringcentral::PROVIDER)
}

fn cross_site() -> Server {
    server().with_hosts(Hosts { authorization: Host::Localhost, ..Hosts::default() })
}

/// The user is logged in at the authorization server and nowhere else.
fn logged_in(world: &World) -> Tab<'_> {
    let tab = signed_in(world);
    tab.press("Sign out");
    wait_for_sign_out(&tab);
    tab
}

fn signs_in(server: Server, settings: &BrowserSettings) {
    let world = World::start(server, settings);
    let tab = logged_in(&world);
    tab.press("Silently");
    wait_for_sign_in(&tab);
    assert!(call(&tab).starts_with("200 "));
    tab.wait_for_no("iframe");
}

/// What comes of it when it does not work; the user then signs in with a page.
fn does_not_sign_in(server: Server, settings: &BrowserSettings, before: impl FnOnce(&World), problem: &str) {
    let world = World::start(server, settings);
    let tab = logged_in(&world);
    before(&world);
    tab.press("Silently");
    tab.wait_for_text("#problem", problem);
    wait_for_sign_out(&tab);
    tab.wait_for_no("iframe");
    assert_clean(&tab);
    tab.press("Sign in");
    until("the login page, or the application", || match &*tab.text("h1") {
        "Sign in" => {
            world.log_in(&tab);
            Some(())
        }
        _ => tab.text("#status").contains("Signed in.").then_some(()),
    });
    wait_for_sign_in(&tab);
}

#[test]
fn the_same_site() {
    signs_in(server(), &BrowserSettings::default());
}

#[test]
fn another_site_where_third_party_cookies_are_allowed() {
    let server = cross_site().dangerously_send_session_cookie_across_sites();
    signs_in(server, &BrowserSettings::default().with_third_party_cookies());
}

#[test]
fn another_site_whose_cookies_do_not_say_that_they_cross() {
    let settings = BrowserSettings::default().with_third_party_cookies();
    does_not_sign_in(cross_site(), &settings, |_| {}, "nobody is logged in");
}

#[test]
fn another_site_out_of_the_box() {
    let server = cross_site().dangerously_send_session_cookie_across_sites();
    does_not_sign_in(server, &BrowserSettings::default(), |_| {}, "nobody is logged in");
}

#[test]
fn a_login_session_that_was_ended() {
    let end = |world: &World| world.server.end_sessions();
    does_not_sign_in(server(), &BrowserSettings::default(), end, "nobody is logged in");
}

#[test]
fn a_server_that_is_slow() {
    let world = World::start(server(), &BrowserSettings::default());
    let tab = logged_in(&world);
    world.server.delay_answers(Duration::MAX);
    tab.press("Silently");
    tab.wait_for_text("#problem", "no answer came in time");
    tab.wait_for_no("iframe");
    // The next attempt finds it awake.
    world.server.delay_answers(Duration::ZERO);
    tab.press("Silently");
    wait_for_sign_in(&tab);
}

#[test]
fn a_client_that_was_never_allowed_anything() {
    let world = World::start(server(), &BrowserSettings::default());
    let tab = opened(&world);
    tab.press("Silently");
    tab.wait_for_text("#problem", "nobody is logged in");
    tab.press("Sign in");
    world.log_in(&tab);
    tab.press("Deny");
    tab.wait_for_text("#problem", "access_denied");
    tab.press("Silently");
    tab.wait_for_text("#problem", "consent");
    wait_for_sign_out(&tab);
}
