//! An answer leaves the address bar and the history before anything else can read it there.

use browser_tests::{BrowserSettings, Tab, World, changed_app};
use fragrant_profiles::rfc6749;
use serde_json::Value;

use super::{assert_clean, call, opened, wait_for_sign_in, wait_for_sign_out, world};

/// The script that stands first in the page.
const FIRST: &str = "<script src=\"/first.js\"></script>";

/// Notes down the places in which a script can read where the page is and was, now. There is one more, which no page can
/// clear: the browser's own timing of the navigation.
const NOTE: &str = "\
    window.seen = []; \
    window.note = (when) => window.seen.push({ when, places: [ \
        location.href, document.URL, document.referrer, JSON.stringify(history.state), \
        ...navigation.entries().map((entry) => entry.url), \
    ] });";

/// Notes it down whenever the page fetches something.
const NOTE_FETCHES: &str = "\
    const fetched = window.fetch; \
    window.fetch = (...args) => { note(new URL(args[0]?.url ?? args[0], location).pathname); return fetched(...args); };";

/// The application with a script in its page's head.
fn world_with(name: &str, with: &str, script: &str) -> World {
    let app = changed_app(name, FIRST, with, script);
    World::start(World::server(&rfc6749::PROVIDER).with_app_folder(app), &BrowserSettings::default())
}

fn signs_in(world: &World) -> Tab<'_> {
    let tab = opened(world);
    tab.click("#link-calls");
    tab.run("document.getElementById('sign-in-redirect').click();", &[]);
    world.log_in_and_allow(&tab);
    tab.wait_for_text("#status", "Signed in.");
    tab
}

/// Whether there was an answer in one of the places, for each time they were noted down.
fn seen(tab: &Tab<'_>) -> Vec<(String, bool)> {
    let seen = tab.run("return window.seen;", &[]);
    let seen = seen.as_array().unwrap().iter();
    seen.map(|seen| {
        let holds_answer = |place: &Value| place.as_str().is_some_and(|place| place.contains("access_token"));
        let places = seen["places"].as_array().unwrap();
        (seen["when"].as_str().unwrap().into(), places.iter().any(holds_answer))
    })
    .collect()
}

#[test]
fn the_script_after_the_first_one_reads_no_answer() {
    let note = format!("{NOTE} note('next');");
    let world = world_with("next-script", &format!("{FIRST}{{}}"), &note);
    let tab = signs_in(&world);
    assert_eq!(seen(&tab), [("next".into(), false)]);
    // The user is where he was, and nothing of the first script is left.
    assert_eq!(tab.address(), format!("{}/#/calls", world.server.app_origin()));
    assert_eq!(tab.run("return 'fragrantAddress' in window;", &[]), false);
    assert!(call(&tab).starts_with("200 "));
}

#[test]
fn without_a_first_script_nothing_that_the_application_awaits_reads_an_answer() {
    let note = format!("{NOTE} note('first'); {NOTE_FETCHES}");
    let world = world_with("no-first-script", "{}", &note);
    let tab = signs_in(&world);
    // Before the module is there nobody can have taken it out.
    assert_eq!(
        seen(&tab),
        [("first", true), ("/spa_bg.wasm", true), ("/config.json", false)]
            .map(|(when, is)| (when.into(), is))
    );
    assert_eq!(tab.address(), format!("{}/#/calls", world.server.app_origin()));
}

#[test]
fn the_first_script_gives_back_what_is_the_applications_own() {
    let world = world();
    let tab = world.tab();
    for own in ["/?from=a%20friend#/calls", "/#/state=calls", "/deep/route?error=#main"] {
        tab.open("about:blank");
        let address = format!("{}{own}", world.server.app_origin());
        tab.open(&address);
        tab.wait_for_text("#status", "Ready.");
        assert_eq!(tab.address(), address);
    }
    tab.open("about:blank");
    let answer = "error=access_denied&state=planted";
    tab.open(format!("{}/deep/route?{answer}&from=a%20friend#/calls", world.server.app_origin()));
    tab.wait_for_text("#problem", "no request waits for this answer");
    assert_eq!(tab.address(), format!("{}/deep/route?from=a%20friend#/calls", world.server.app_origin()));
}

#[test]
fn an_application_that_has_gone_elsewhere_meanwhile_stays_there() {
    // It goes while its settings are on their way.
    let go = "const fetched = window.fetch; window.fetch = (...args) => { \
                  if (args[0] === '/config.json') history.pushState(null, '', '/elsewhere#/calls'); \
                  return fetched(...args); };";
    let world = world_with("gone-elsewhere", &format!("{FIRST}{{}}"), go);
    let tab = world.tab();
    tab.open(format!("{}#access_token=planted&token_type=bearer&state=x", world.server.redirect_uri()));
    tab.wait_for_text("#problem", "no request waits for this answer");
    assert_eq!(tab.address(), format!("{}/elsewhere#/calls", world.server.app_origin()));
    tab.back();
    tab.wait_for_address(world.server.redirect_uri());
    assert_clean(&tab);
}

#[test]
fn an_answer_that_comes_into_a_page_that_is_there_is_read_and_leaves_it() {
    // The first tab keeps the record of its request; the second one, which has none, only sees the answer.
    let listen = format!(
        "window.answer = location.href; {NOTE} addEventListener('hashchange', () => note('hashchange'));"
    );
    let world = world_with("hash-change", &format!("{{}}{FIRST}"), &listen);
    let tab = opened(&world);
    tab.press("Sign in");
    tab.wait_for_text("h1", "Sign in");
    let other = world.browser.new_tab();
    other.open(tab.address());
    world.log_in_and_allow(&other);
    other.wait_for_text("#problem", "no request waits for this answer");
    let answer = other.run("return window.answer;", &[]);
    assert!(answer.as_str().unwrap().contains("#access_token="), "the test has seen no answer");
    tab.open(world.server.redirect_uri());
    tab.wait_for_text("#status", "Ready.");
    tab.run("addEventListener('popstate', () => note('popstate')); location.assign(args[0]);", &[answer]);
    wait_for_sign_in(&tab);
    assert_clean(&tab);
    // The page is the one that was there, and what listens in it reads nothing.
    assert_eq!(seen(&tab), [("popstate".into(), false), ("hashchange".into(), false)]);
    assert!(call(&tab).starts_with("200 "));
}

#[test]
fn back_to_an_entry_with_an_answer_reads_it_and_takes_it_out() {
    let world = world();
    let tab = opened(&world);
    // Such as one that was followed while the module was not there.
    tab.run(
        "history.pushState(null, '', '#access_token=planted&token_type=bearer&state=x'); \
         history.pushState(null, '', '#/calls');",
        &[],
    );
    assert!(!tab.has("#problem:not([hidden])"));
    tab.back();
    tab.wait_for_text("#problem", "no request waits for this answer");
    assert_clean(&tab);
    wait_for_sign_out(&tab);
    let entries = tab.run("return navigation.entries().map((entry) => entry.url).join();", &[]);
    assert!(!entries.as_str().unwrap().contains("access_token"));
    // A route is not an answer, and changes nothing.
    tab.run("document.getElementById('problem').hidden = true;", &[]);
    tab.click("#link-calls");
    tab.wait_for_text("#calls-title", "Calls");
    assert!(tab.address().ends_with("#/calls"));
    assert!(!tab.has("#problem:not([hidden])"));
}
