//! What is kept in the browser's storage, if the settings say so.

use browser_tests::{Tab, World};
use fragrant::value::Origin;
use serde_json::json;

use super::super::app::{assert_clean, wait_for_rest};
use super::{
    REPORTS, call, opened, opened_beside, signed_in, signs_in_by_popup, stored, wait_for_phase, world_with,
};

/// A world whose page keeps the token in this storage.
fn token_in(store: &str) -> World {
    world_with(&json!({ "dangerously_store_token": store }))
}

/// The page was loaded and somebody is signed in, though nobody has signed in there.
fn assert_is_signed_in(world: &World, tab: &Tab<'_>) {
    tab.wait_for_text(REPORTS, "signed_in | Contacts ReadCallLog");
    wait_for_phase(tab, "signed_in.fresh");
    assert_eq!(call(tab), 200);
    wait_for_rest(tab);
    let requests = world.browser.requests();
    let went_to = |origin: &Origin| {
        let start = format!("{origin}/");
        requests.iter().any(|request| request.address.starts_with(&start))
    };
    let server = &world.server;
    assert!(went_to(server.app_origin()) && went_to(server.api_origin()));
    assert!(!went_to(server.authorization_origin()), "the authorization server was asked");
}

fn sign_out(tab: &Tab<'_>) {
    tab.press("Sign out");
    tab.wait_for_text(REPORTS, "signed_out | user_signed_out | ");
    assert_eq!(stored(tab), 0);
    tab.reload();
    wait_for_phase(tab, "signed_out");
}

#[test]
fn a_token_in_the_session_storage_outlives_the_page_in_its_own_tab() {
    let world = token_in("session");
    let tab = signed_in(&world);
    world.browser.requests();
    tab.reload();
    assert_is_signed_in(&world, &tab);
    let other = opened_beside(&world);
    wait_for_phase(&other, "signed_out");
    assert_eq!((other.text(REPORTS), stored(&other)), (String::new(), 0.into()));
    sign_out(&tab);
}

#[test]
fn a_token_in_the_local_storage_outlives_the_page_and_is_in_every_tab() {
    let world = token_in("local");
    let tab = signed_in(&world);
    world.browser.requests();
    tab.reload();
    assert_is_signed_in(&world, &tab);
    let other = opened_beside(&world);
    assert_is_signed_in(&world, &other);
    sign_out(&tab);
    other.wait_for_text(REPORTS, "signed_out | signed_out_elsewhere | ");
    other.reload();
    wait_for_phase(&other, "signed_out");
}

#[test]
fn a_stored_token_that_has_ended_is_not_used() {
    for store in ["session", "local"] {
        let world = token_in(store);
        let tab = opened(&world);
        // What is stored now is two hours old for the page that is loaded next.
        tab.move_clock(-2 * 3600);
        signs_in_by_popup(&world, &tab);
        assert_eq!((call(&tab), stored(&tab)), (200.into(), 1.into()));
        tab.reload();
        wait_for_phase(&tab, "signed_out");
        assert_eq!((tab.text(REPORTS), stored(&tab)), (String::new(), 0.into()));
        wait_for_rest(&tab);
        assert_eq!(world.server.authorization_requests(), 1);
    }
}

#[test]
fn an_answer_that_comes_to_another_tab_is_taken_there_if_the_request_is_in_the_local_storage() {
    let (taken, refused) = ("signed_in | Contacts ReadCallLog", "problem | no_pending_request");
    for (store, in_another, in_its_own) in [("local", taken, refused), ("session", refused, taken)] {
        let world = world_with(&json!({ "pending_store": store }));
        let tab = opened(&world);
        tab.press("Sign in");
        tab.wait_for_text("h1", "Sign in");
        let login_page = tab.address();
        // As when a mail of the server's leads on.
        let other = world.browser.new_tab();
        other.open(&login_page);
        world.log_in_and_allow(&other);
        other.wait_for_text(REPORTS, in_another);
        assert_clean(&other);
        // A record is taken once.
        tab.open(&login_page);
        tab.wait_for_text(REPORTS, in_its_own);
        let signed_in = if store == "local" { &other } else { &tab };
        assert_eq!(call(signed_in), 200);
        tab.wait_for("empty stores", "return localStorage.length + sessionStorage.length === 0;");
    }
}
