//! Whether a silent renewal can work is asked before it is tried.

use browser_tests::{BrowserSettings, World};
use fragrant_server::{Host, Hosts, Server};

use super::{REPORTS, fall_asleep, server, signed_in, start};

fn cross_site() -> Server {
    server().with_hosts(Hosts { authorization: Host::Localhost, ..Hosts::default() })
}

/// What the probe says, and how often the authorization server is asked when the token is to be renewed afterwards.
fn probed(server: Server, settings: &BrowserSettings, said: &str, told: &str, asked: u64) {
    let world: World = start(server, settings);
    let tab = signed_in(&world);
    let probe = "return await session.probe(new URL('/probe', settings.authorization_endpoint).href);";
    assert_eq!(tab.run(probe, &[]), said);
    tab.wait_for_no("iframe");
    let before = world.server.authorization_requests();
    fall_asleep(&world, &tab, 3550);
    tab.wait_for_text(REPORTS, told);
    tab.wait_for_no("iframe");
    assert_eq!(world.server.authorization_requests(), before + asked);
}

#[test]
fn the_same_site_keeps_its_cookies() {
    probed(server(), &BrowserSettings::default(), "kept", "token_renewed", 1);
}

#[test]
fn another_site_keeps_them_where_third_party_cookies_are_allowed() {
    let server = cross_site().dangerously_send_session_cookie_across_sites();
    probed(server, &BrowserSettings::default().with_third_party_cookies(), "kept", "token_renewed", 1);
}

#[test]
fn where_they_are_blocked_no_frame_is_opened_and_the_user_is_to_be_asked() {
    let server = cross_site().dangerously_send_session_cookie_across_sites();
    probed(server, &BrowserSettings::default(), "blocked", "cookies_blocked | ask the user", 0);
}

#[test]
fn a_server_that_is_not_shown_in_frames_does_not_answer_and_is_asked_no_more() {
    probed(
        server().refusing_frames(),
        &BrowserSettings::default(),
        "unanswered",
        "cookies_blocked | ask the user",
        0,
    );
}

#[test]
fn what_another_window_says_is_no_answer() {
    let world = start(server(), &BrowserSettings::default());
    let tab = signed_in(&world);
    let said = tab.run(
        "const asked = session.probe(new URL('/probe', settings.authorization_endpoint).href); \
         window.postMessage('fragrant-probe:blocked', '*'); \
         return [await asked, await session.probe('no address').catch(() => 'refused')];",
        &[],
    );
    assert_eq!(said, serde_json::json!(["kept", "refused"]));
}
