//! Signing in by redirect.

use browser_tests::{BrowserSettings, World, picture};
use fragrant_profiles::ALL;

use super::{assert_clean, call, opened, server_of, signed_in, wait_for_sign_in, wait_for_sign_out, world};

#[test]
// req(test): OIDC-3.2.2.7-1
fn a_user_signs_in_and_the_application_calls_the_api() {
    for provider in ALL {
        let world = World::start(server_of(provider), &BrowserSettings::default());
        let tab = signed_in(&world);
        picture(&tab, &format!("app-{}-signed-in", provider.id));
        assert_clean(&tab);
        assert!(call(&tab).starts_with("200 "));
        // The token is in memory, and nothing is left of the request.
        assert_eq!(tab.run("return sessionStorage.length + localStorage.length;", &[]), 0);
    }
}

#[test]
fn a_denial_is_told_and_the_user_can_try_again() {
    let world = world();
    let tab = opened(&world);
    tab.press("Sign in");
    world.log_in(&tab);
    tab.press("Deny");
    tab.wait_for_text("#problem", "access_denied");
    picture(&tab, "app-denied");
    assert_clean(&tab);
    tab.press("Sign in");
    tab.press("Allow");
    wait_for_sign_in(&tab);
}

#[test]
fn a_forged_answer_is_not_believed_and_ends_no_sign_in() {
    let world = world();
    let tab = opened(&world);
    tab.press("Sign in");
    tab.wait_for_address(world.server.authorization_origin());
    // Somebody lures the user to the redirection URI meanwhile, in the same tab.
    let callback = world.server.redirect_uri();
    tab.open(format!("{callback}#access_token=planted&token_type=bearer&state={}", "0".repeat(56)));
    tab.wait_for_text("#problem", "no request waits for this answer");
    wait_for_sign_out(&tab);
    assert_clean(&tab);
    // The sign-in goes on where it was.
    tab.back();
    world.log_in_and_allow(&tab);
    wait_for_sign_in(&tab);
}

#[test]
fn a_small_screen_shows_all_of_it() {
    let world = world();
    let tab = opened(&world);
    tab.resize(390, 844);
    tab.press("Sign in");
    world.log_in_and_allow(&tab);
    wait_for_sign_in(&tab);
    picture(&tab, "app-small-account");
    let fits = "return document.documentElement.scrollWidth <= innerWidth && innerWidth === 390;";
    assert_eq!(tab.run(fits, &[]), true);
    assert!(call(&tab).starts_with("200 "));
    tab.click("#link-calls");
    picture(&tab, "app-small-calls");
    assert_eq!(tab.run(fits, &[]), true);
}
