//! The example for Leptos: `cargo xtask leptos` builds its page and runs this.

// clippy knows `#[test]` functions, and not those that they share.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

use std::path::PathBuf;

use browser_tests::{BrowserSettings, Tab, USER, World};
use fragrant_profiles::{Provider, rfc6749, ringcentral};

fn opened(provider: &'static Provider) -> World {
    let page = std::env::var_os("FRAGRANT_LEPTOS_PAGE").map(PathBuf::from);
    let page = page.expect("`cargo xtask leptos` says where the page is");
    World::start(World::server(provider).with_app_folder(page), &BrowserSettings::default())
}

/// The page, and the popup that its button opens.
fn popup(world: &World) -> (Tab<'_>, Tab<'_>) {
    let tab = world.open_app();
    tab.wait_for_text("button", "Sign in");
    tab.press("Sign in");
    let popup = world.browser.wait_for_other_than(&[&tab]);
    popup.wait_for_text("h1", "Sign in");
    (tab, popup)
}

#[test]
fn a_user_signs_in_in_a_popup_calls_the_api_and_signs_out() {
    let world = opened(&ringcentral::PROVIDER);
    let (tab, popup) = popup(&world);
    world.log_in_and_allow(&popup);
    tab.wait_for_text("[role=status]", "Signed in");
    world.browser.wait_for_tabs(1);
    tab.press("Extension");
    tab.wait_for_text("pre", USER);
    tab.press("Sign out");
    tab.wait_for_no("[role=status]");
    tab.wait_for_text("button", "Sign in");
    assert_eq!(tab.text("[role=alert]"), "");
}

#[test]
fn a_refusal_is_shown() {
    let world = opened(&rfc6749::PROVIDER);
    let (tab, popup) = popup(&world);
    world.log_in(&popup);
    popup.press("Deny");
    tab.wait_for_text("[role=alert]", "access_denied");
    tab.wait_for_text("button", "Sign in");
}
