//! Cookies of another site: a frame is logged in only where the browser allows it and the server asks for it.

use browser_tests::{BrowserSettings, World};
use fragrant_server::{Host, Hosts, Server};

use super::{ask_silently, error, is_authorized, logged_in, server};

/// The authorization server is at another site than the client.
fn cross_site() -> Server {
    server().with_hosts(Hosts { authorization: Host::Localhost, ..Hosts::default() })
}

#[test]
fn a_frame_of_another_site_is_not_logged_in() {
    let cookie_crosses = cross_site().dangerously_send_session_cookie_across_sites();
    let world = World::start(cookie_crosses, &BrowserSettings::default());
    let tab = logged_in(&world);
    assert_eq!(error(ask_silently(&world, &tab)), "login_required");
}

#[test]
fn a_frame_of_another_site_is_logged_in_where_third_party_cookies_are_allowed() {
    let cookie_crosses = cross_site().dangerously_send_session_cookie_across_sites();
    let world = World::start(cookie_crosses, &BrowserSettings::default().with_third_party_cookies());
    let tab = logged_in(&world);
    assert!(is_authorized(&ask_silently(&world, &tab)));
}

#[test]
fn third_party_cookies_are_those_that_say_so() {
    let world = World::start(cross_site(), &BrowserSettings::default().with_third_party_cookies());
    let tab = logged_in(&world);
    assert_eq!(error(ask_silently(&world, &tab)), "login_required");
}
