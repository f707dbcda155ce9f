//! The two guides, walked through as they tell it.

use browser_tests::{BrowserSettings, World, picture, picture_for_the_docs};
use fragrant_profiles::{Move, MoveKind, Provider, procore, ringcentral};

use super::{assert_clean, fall_asleep, open, server_of, wait_for_sign_in};

/// Makes every move of a guide, in its order, and looks at what it says there is to see.
fn walk(provider: &'static Provider, moves: &[Move]) {
    let server = server_of(provider).with_session_lifetime(86_400);
    let world = World::start(server, &BrowserSettings::default());
    let tab = world.tab();
    tab.resize(800, 560);
    for (index, this) in moves.iter().enumerate() {
        println!("{} {}", this.label, this.title);
        let name = format!("{}-{:02}", provider.id, index + 1);
        match this.kind {
            MoveKind::PageOpened => open(&world, &tab),
            MoveKind::ControlShown => assert_eq!(tab.text("#sign-in-redirect"), "Sign in"),
            MoveKind::AuthorizationRequested => {
                if !tab.has("#sign-in-redirect") {
                    open(&world, &tab);
                }
                tab.press("Sign in");
                tab.wait_for_address(format!(
                    "{}?response_type=token&",
                    world.server.authorization_endpoint()
                ));
            }
            MoveKind::LoginShown => drop(tab.wait_for_text("h1", "Sign in")),
            MoveKind::CredentialsEntered => world.log_in(&tab),
            MoveKind::ConsentShown => drop(tab.wait_for_text("h1", "Allow access?")),
            MoveKind::DecisionMade => {
                world.browser.requests();
                tab.press("Allow");
            }
            MoveKind::AnswerRedirected => {
                tab.wait_for_address(world.server.app_origin());
                // The user agent keeps the fragment to itself.
                let callback = world.server.redirect_uri().as_str();
                assert!(world.browser.requests().iter().any(|request| request.address == callback));
            }
            MoveKind::TokenExtracted => {
                wait_for_sign_in(&tab);
                assert_clean(&tab);
            }
            MoveKind::RenewalRequested => {
                fall_asleep(&world, &tab, 3550);
                tab.wait_for_text("#status", "The token was renewed.");
            }
            MoveKind::ApiCalled => {
                tab.click("#link-calls");
                tab.click("#call-buttons button");
            }
            MoveKind::ApiAnswered => drop(tab.wait_for_text("#result", "200 ")),
            MoveKind::ResultDisplayed => assert!(tab.text("#result").contains("jane")),
            MoveKind::ResultViewed => assert!(tab.text("#calls").contains("jane")),
            other => panic!("the guide has a move that this test does not know: {other:?}"),
        }
        picture(&tab, &name);
    }
    picture_for_the_docs(&tab, provider.id);
}

#[test]
fn procores_thirteen_moves() {
    assert_eq!(procore::MOVES.len(), 13);
    walk(&procore::PROVIDER, procore::MOVES);
}

#[test]
fn ringcentrals_four_steps() {
    let mut labels: Vec<&str> = ringcentral::MOVES.iter().map(|this| this.label).collect();
    labels.dedup();
    assert_eq!(labels, ["1", "2", "3", "4"]);
    walk(&ringcentral::PROVIDER, ringcentral::MOVES);
}
