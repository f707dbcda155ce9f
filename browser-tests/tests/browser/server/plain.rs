//! The test server's own pages, without any WebAssembly.

use browser_tests::{BrowserSettings, PASSWORD, Tab, World, picture};
use fragrant::client::Received;
use fragrant_profiles::{ALL, procore, rfc6749};

use super::{begin, server};

#[test]
fn a_user_signs_in_by_redirect_and_the_api_answers() {
    for provider in ALL {
        let world = World::start(World::server(provider), &BrowserSettings::default());
        let tab = world.open_app();
        picture(&tab, &format!("plain-{}-1-application", provider.id));
        tab.press("Sign in");
        tab.wait_for_address(world.server.authorization_endpoint());
        tab.wait_for_text("h1", "Sign in");
        picture(&tab, &format!("plain-{}-2-login", provider.id));
        world.log_in(&tab);
        tab.wait_for_text("h1", "Allow access?");
        picture(&tab, &format!("plain-{}-3-consent", provider.id));
        tab.press("Allow");
        tab.wait_for_text("#status", "You are signed in.");
        tab.wait_for_text("#result", "200");
        picture(&tab, &format!("plain-{}-4-signed-in", provider.id));
        // The answer is gone from the address.
        assert_eq!(tab.address(), world.server.redirect_uri().as_str());
    }
}

#[test]
fn a_user_says_no() {
    let world = World::start(World::server(&procore::PROVIDER), &BrowserSettings::default());
    let tab = world.open_app();
    tab.press("Sign in");
    world.log_in(&tab);
    tab.press("Deny");
    tab.wait_for_text("#status", "the server said no");
    picture(&tab, "plain-procore-denied");
    assert!(tab.text("#facts").contains("access_denied"));
    assert_eq!(tab.address(), world.server.redirect_uri().as_str());
}

#[test]
fn a_wrong_password_is_told_and_nobody_is_signed_in() {
    let world = World::start(World::server(&rfc6749::PROVIDER), &BrowserSettings::default());
    let tab = world.open_app();
    tab.press("Sign in");
    tab.fill("#username", "jane");
    tab.fill("#password", "planted-guess");
    tab.press("Sign in");
    tab.wait_for_text("[role=alert]", "not right");
    tab.fill("#username", "jane");
    tab.fill("#password", PASSWORD);
    tab.press("Sign in");
    tab.wait_for_text("h1", "Allow access?");
}

#[test]
fn the_fragment_arrives_as_the_server_wrote_it() {
    let world = World::start(server(), &BrowserSettings::default());
    let (url, awaiting) = begin(&world, None);
    let tab = world.tab();
    // A fragment that is there already is not the server's; the server's own takes its place.
    tab.open(format!("{url}#access_token=planted&token_type=bearer"));
    world.log_in_and_allow(&tab);
    tab.wait_for_address(world.server.redirect_uri());
    let address = tab.address();
    assert!(!address.contains("planted"), "the answer holds what was planted");
    let Received::Authorized(authorized) = awaiting.receive(&address, world.server.clock().now()) else {
        panic!("the answer was not believed")
    };
    let api = world.server.api_origin();
    let path = rfc6749::PATHS.sample_call;
    let authorization = format!("Bearer {}", authorized.access_token().reveal_secret());
    let fetch =
        "const answer = await fetch(args[0], { headers: { Authorization: args[1] } }); return answer.status;";
    let status = tab.run(fetch, &[format!("{api}{path}").into(), authorization.into()]);
    assert_eq!(status, 200);
}

#[test]
// req(test): RFC6749-3.1.2.5-2
fn going_back_from_the_redirect_page_shows_no_answer() {
    let world = World::start(World::server(&rfc6749::PROVIDER), &BrowserSettings::default());
    let tab = world.open_app();
    tab.press("Sign in");
    world.log_in_and_allow(&tab);
    tab.wait_for_text("#status", "You are signed in.");
    assert_no_answer(&tab);
    tab.reload();
    tab.wait_for_text("#status", "There is no answer to a sign-in here.");
    assert_no_answer(&tab);
    // The consent page was an answer to a form, which the browser sends again only if it is told to.
    tab.back();
    tab.wait_for_address(world.server.authorization_origin());
    // The login page was the answer to the request itself. Now that comes to a new token, which nobody has asked for.
    tab.back();
    tab.wait_for_text("#status", "There is no answer to a sign-in here.");
    assert_eq!(world.server.authorization_requests(), 2);
    assert_no_answer(&tab);
    tab.back();
    tab.wait_for_text("h1", "Fragrant sample application");
    assert_no_answer(&tab);
}

/// There is none in the address, nor in what the page can see of the history.
fn assert_no_answer(tab: &Tab<'_>) {
    let entries = "return [location.href, ...navigation.entries().map((entry) => entry.url ?? '')];";
    for address in tab.run(entries, &[]).as_array().unwrap() {
        let address = address.as_str().unwrap();
        assert!(!address.contains('#') && !address.contains("access_token"), "an answer is in the history");
    }
}
