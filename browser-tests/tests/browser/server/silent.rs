//! A page that asks in a frame, at the same site as the authorization server.

use browser_tests::{BrowserSettings, World};

use super::{ask_silently, error, is_authorized, logged_in, server};

#[test]
fn a_frame_of_the_same_site_brings_a_token_without_a_page() {
    let world = World::start(server(), &BrowserSettings::default());
    let tab = logged_in(&world);
    assert!(is_authorized(&ask_silently(&world, &tab)));
}

#[test]
fn a_frame_brings_no_token_once_the_login_session_has_ended() {
    let world = World::start(server(), &BrowserSettings::default());
    let tab = logged_in(&world);
    world.server.end_sessions();
    assert_eq!(error(ask_silently(&world, &tab)), "login_required");
}
