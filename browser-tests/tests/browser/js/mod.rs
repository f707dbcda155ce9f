//! The adapter for JavaScript, in a page of its own (`browser-tests/js`).

mod probe;
mod stores;
mod tabs;

use browser_tests::{BrowserSettings, Tab, World, js_app};
use fragrant_profiles::ringcentral;
use fragrant_server::Server;
use serde_json::{Value, json};

use super::app::{assert_clean, fall_asleep};

/// Where the page says what was reported.
const REPORTS: &str = "#reports";

fn world() -> World {
    world_with(&json!({}))
}

/// A world whose page has other settings beside its own, or in their place.
fn world_with(settings: &Value) -> World {
    start_with(server(), &BrowserSettings::default(), settings)
}

/// RingCentral documents renewal without a page. The login session outlives the tokens.
fn server() -> Server {
    World::server(&ringcentral::PROVIDER).with_session_lifetime(86_400)
}

fn start(server: Server, browser: &BrowserSettings) -> World {
    start_with(server, browser, &json!({}))
}

fn start_with(server: Server, browser: &BrowserSettings, settings: &Value) -> World {
    let page = [
        ("index.html", include_str!("../../../js/index.html")),
        ("main.js", include_str!("../../../js/main.js")),
        ("settings.json", &settings.to_string()),
    ];
    World::start(server.with_app_folder(js_app("js", &page)), browser)
}

fn opened(world: &World) -> Tab<'_> {
    let tab = world.open_app();
    wait_for_phase(&tab, "signed_out");
    tab
}

/// Opens the page in another tab.
fn opened_beside(world: &World) -> Tab<'_> {
    let tab = world.browser.new_tab();
    tab.open(format!("{}/", world.server.app_origin()));
    tab
}

fn wait_for_phase(tab: &Tab<'_>, phase: &str) {
    tab.wait_for_text("#phase", phase);
}

fn signed_in(world: &World) -> Tab<'_> {
    let tab = opened(world);
    tab.press("Sign in");
    world.log_in_and_allow(&tab);
    tab.wait_for_text(REPORTS, "signed_in");
    tab
}

/// Signs in in a popup, with every page on the way.
fn signs_in_by_popup(world: &World, tab: &Tab<'_>) {
    tab.press("In a popup");
    let popup = world.browser.wait_for_other_than(&[tab]);
    world.log_in_and_allow(&popup);
    tab.wait_for_text(REPORTS, "signed_in");
    world.browser.wait_for_tabs(1);
}

/// Calls the API, and gives the status of the answer.
fn call(tab: &Tab<'_>) -> Value {
    tab.run("return (await session.fetch(api)).status;", &[])
}

/// How much is in the storages, of whatever kind.
fn stored(tab: &Tab<'_>) -> Value {
    tab.run("return sessionStorage.length + localStorage.length;", &[])
}

/// What an expression throws, or is rejected with: the message of an `Error`.
fn thrown(tab: &Tab<'_>, expression: &str) -> String {
    let script = format!(
        "try {{ await ({expression}); return 'nothing'; }} \
         catch (problem) {{ return problem instanceof Error ? problem.message : 'no error'; }}"
    );
    tab.run(&script, &[]).as_str().unwrap().to_owned()
}

#[test]
fn a_user_signs_in_by_redirect_and_the_application_calls_the_api() {
    let world = world();
    let tab = signed_in(&world);
    assert_clean(&tab);
    let report = tab.text(REPORTS);
    assert_eq!(report, "signed_in | Contacts ReadCallLog | where the user was");
    let state = tab.run("return session.state();", &[]);
    assert_eq!(
        (&state["phase"], &state["scope"]),
        (&json!("signed_in.fresh"), &json!("Contacts ReadCallLog"))
    );
    let left = state["seconds_left"].as_u64().unwrap();
    assert!((3500..=3600).contains(&left), "{left}");
    assert_eq!(stored(&tab), 0);
    // What `fetch` takes and gives is what the browser's own does; the token is the session's.
    let called = tab.run(
        "const response = await session.fetch(api, { headers: { Authorization: 'Bearer planted' } }); \
         return [response instanceof Response, response.status, typeof await response.json()];",
        &[],
    );
    assert_eq!(called, json!([true, 200, "object"]));
    let method = "const response = await session.fetch(api, { method: 'DELETE' }); return response.status;";
    assert_eq!(tab.run(method, &[]), 405);
    // Whoever waits for an answer gets one, though nobody holds the session any more.
    let freed = "const called = session.fetch(api); session.free(); return (await called).status;";
    assert_eq!(tab.run(freed, &[]), 200);
}

#[test]
fn an_error_in_what_the_application_does_with_a_report_is_not_kept_from_it() {
    let world = world();
    let tab = signed_in(&world);
    let told = tab.run(
        "const error = new Promise((resolve) => { \
           window.onerror = (message) => { resolve(message); return true; }; \
         }); \
         const other = new Session(settings, () => { throw new Error('the application is wrong'); }); \
         other.signInSilently(); \
         return await error;",
        &[],
    );
    // That there was one is what the browser says of a function that a driver has written.
    assert_eq!(told, "Script error.");
}

#[test]
fn a_user_signs_in_in_a_popup_and_out() {
    let world = world();
    let tab = opened(&world);
    signs_in_by_popup(&world, &tab);
    assert_eq!(call(&tab), 200);
    tab.press("Sign out");
    tab.wait_for_text(REPORTS, "signed_out | user_signed_out | ");
    assert_eq!(tab.run("return Object.keys(session.state()).join();", &[]), "phase");
}

#[test]
fn a_token_is_renewed_without_a_page() {
    let world = world();
    let tab = signed_in(&world);
    fall_asleep(&world, &tab, 3550);
    tab.wait_for_text(REPORTS, "token_renewed | Contacts ReadCallLog");
    tab.wait_for_no("iframe");
    assert_eq!(world.server.authorization_requests(), 2);
    // A page that knows that no cookies get into frames says so, and none is opened.
    tab.run("session.cookiesAreBlocked();", &[]);
    fall_asleep(&world, &tab, 3580);
    tab.wait_for_text(REPORTS, "problem | cookies_blocked | ask the user");
    assert_eq!(world.server.authorization_requests(), 2);
}

#[test]
fn a_denial_is_reported_with_what_helps() {
    let world = world();
    let tab = opened(&world);
    tab.press("Sign in");
    world.log_in(&tab);
    tab.press("Deny");
    let report = tab.wait_for_text(REPORTS, "sign_in_failed");
    assert!(report.contains("access_denied") && report.contains("ask the user"), "{report}");
    assert_clean(&tab);
}

#[test]
fn what_is_wrong_in_an_argument_is_thrown_and_nothing_happens() {
    let world = world();
    let tab = opened(&world);
    for (settings, words) in [
        ("{}", "authorization_endpoint: it is missing"),
        ("{ ...settings, client_id: undefined }", "client_id: it is missing"),
        ("{ ...settings, redirect_uri: null }", "redirect_uri: it is missing"),
        ("{ ...settings, redirect_uri: 'https://app.example/cb#here' }", "redirect"),
        ("{ ...settings, authorization_endpoint: 'nowhere' }", "authorization endpoint"),
        ("{ ...settings, api_origins: 'https://api.example/path' }", "api_origins: "),
        ("{ ...settings, scope: 'a \"b\"' }", "scope"),
        ("undefined", "authorization_endpoint: it is missing"),
    ] {
        let said = thrown(&tab, &format!("new Session({settings}, () => {{}})"));
        assert!(said.contains(words), "{settings}: {said}");
    }
    for (call, words) in [
        ("session.signInByRedirect({ scope: '' })", "scope"),
        ("session.signInByPopup({ prompt: 'none login' })", "prompt"),
        ("session.fetch(api)", "api_requested"),
        ("session.fetch(api, { headers: { 'no header': '' } })", "header"),
    ] {
        let said = thrown(&tab, call);
        assert!(said.contains(words), "{call}: {said}");
    }
    wait_for_phase(&tab, "signed_out");
    assert_eq!(tab.text(REPORTS), "");
    assert_eq!(world.server.authorization_requests(), 0);
    assert_eq!(stored(&tab), 0);
    world.browser.wait_for_tabs(1);
}

#[test]
fn a_call_goes_to_listed_origins_only_and_says_why() {
    let world = world();
    let tab = signed_in(&world);
    world.browser.requests();
    let said = thrown(&tab, "session.fetch('https://elsewhere.example/me')");
    assert!(said.contains("origin"), "{said}");
    assert!(world.browser.requests().iter().all(|request| !request.address.contains("elsewhere")));
    // A function that throws when it is told keeps the session from nothing.
    tab.run("window.other = new Session(settings, () => { throw new Error('mine'); });", &[]);
    assert_eq!(tab.run("return other.state().phase;", &[]), Value::from("signed_out"));
    tab.run("other.signInSilently();", &[]);
    tab.wait_for("a sign-in", "return other.state().phase === 'signed_in.fresh';");
    tab.run("other.free();", &[]);
    assert_eq!(call(&tab), 200);
}

#[test]
fn a_message_of_a_stranger_takes_no_memory_however_long_it_is() {
    let world = world();
    let tab = opened(&world);
    tab.press("In a popup");
    let popup = world.browser.wait_for_other_than(&[&tab]);
    popup.wait_for_text("h1", "Sign in");
    // The page has heard of what came before when it hears of this one.
    let grown = tab.run(
        "const before = memory.buffer.byteLength; \
         window.postMessage('fragrant-answer:' + 'x'.repeat(64 * 1024 * 1024), location.origin); \
         const heard = new Promise((resolve) => window.addEventListener('message', (event) => { \
           if (event.data === 'the last') resolve(); \
         })); \
         window.postMessage('the last', location.origin); \
         await heard; \
         return memory.buffer.byteLength - before;",
        &[],
    );
    tab.wait_for_text(REPORTS, "wrong_window");
    assert!(grown.as_u64().unwrap() <= 4 * 1024 * 1024, "{grown} bytes");
    world.log_in_and_allow(&popup);
    tab.wait_for_text(REPORTS, "signed_in");
}

#[test]
fn a_setting_that_is_none_and_a_value_that_does_not_fit_are_named() {
    let world = world();
    let tab = opened(&world);
    for (settings, said) in [
        ("clientId: 'x'", "clientId: there is no such setting"),
        ("tabs: true", "tabs: expected alone or several"),
        ("renewal: 'Silent'", "renewal: expected redirect or silent"),
        ("pending_store: 'memory'", "pending_store: expected session or local"),
        ("dangerously_store_token: 'yes'", "dangerously_store_token: expected session or local"),
        ("answer_timeout: 1.5", "answer_timeout: expected whole seconds"),
        ("clock_skew: -1", "clock_skew: expected whole seconds"),
        ("default_lifetime: 'an hour'", "default_lifetime: expected whole seconds"),
        ("pending_lifetime: {}", "pending_lifetime: expected whole seconds"),
        ("parameters: 'state=planted'", "state: a reserved parameter cannot be set as a custom one"),
        ("parameters: 'a=%'", "parameters: expected a query"),
    ] {
        let expression = format!("new Session({{ ...settings, {settings} }}, () => {{}})");
        assert_eq!(thrown(&tab, &expression), said, "{settings}");
    }
    // What a program has left undefined was not set.
    let expression = "new Session({ ...settings, tabs: undefined, clock_skew: null }, () => {}).free()";
    assert_eq!(thrown(&tab, expression), "nothing");
    for (options, said) in [
        ("scopes: 'Contacts'", "scopes: there is no such setting"),
        ("parameters: 'a=b&a=c'", "a: the parameter is there already, and none may occur twice"),
        ("display: 'two words'", "display: "),
    ] {
        let said_now = thrown(&tab, &format!("session.signInSilently({{ {options} }})"));
        assert!(said_now.starts_with(said), "{options}: {said_now}");
    }
    assert_eq!(
        thrown(&tab, "session.identifyUser('no key', 'me')"),
        "pending key: expected sixteen lower-case hexadecimal digits"
    );
}

#[test]
fn the_providers_own_parameters_and_times_are_used() {
    let world = world();
    let tab = opened(&world);
    let asked = tab.run(
        "const frames = []; \
         new MutationObserver((changes) => changes.forEach((change) => change.addedNodes.forEach( \
           (node) => frames.push(node)))).observe(document.documentElement, { childList: true }); \
         const end = new Promise((resolve) => { \
           window.other = new Session({ ...settings, tabs: 'alone', parameters: 'brand_id=1210&localeId=de', \
             answer_timeout: 1, client_id: 'another' }, resolve); \
         }); \
         other.signInSilently({ parameters: 'login_hint=a%26b', display: 'touch', prompt: 'none' }); \
         const report = await end; \
         const asked = Object.fromEntries(new URL(frames[0].src).searchParams); \
         return [asked.brand_id, asked.localeId, asked.login_hint, asked.display, report.kind, report.cause, \
           frames[0].sandbox.value];",
        &[],
    );
    assert_eq!(
        asked,
        json!([
            "1210",
            "de",
            "a&b",
            "touch",
            "sign_in_failed",
            "timed_out",
            "allow-forms allow-same-origin allow-scripts allow-storage-access-by-user-activation"
        ])
    );
}

#[test]
fn another_user_ends_the_session() {
    let world = world();
    let tab = signed_in(&world);
    let cause = tab.run(
        "const told = []; \
         const other = new Session({ ...settings, tabs: 'alone' }, (report) => told.push(report)); \
         const is = (kind) => new Promise((resolve) => { \
           const look = () => told.at(-1)?.kind === kind ? resolve(told.at(-1)) : setTimeout(look, 10); \
           look(); \
         }); \
         other.signInSilently(); \
         const { sign_in } = await is('signed_in'); \
         other.identifyUser(sign_in, 'one'); \
         other.identifyUser('0123456789abcdef', 'of an earlier sign-in'); \
         other.identifyUser(sign_in, 'one'); \
         const before = other.state().phase; \
         other.identifyUser(sign_in, 'another'); \
         return [before, (await is('signed_out')).cause, other.state().phase];",
        &[],
    );
    assert_eq!(cause, json!(["signed_in.fresh", "other_user", "signed_out"]));
}

#[test]
fn what_is_no_text_and_no_function_is_refused_and_breaks_nothing() {
    let world = world();
    let tab = signed_in(&world);
    for callback in ["undefined", "null", "{}"] {
        let expression = format!("new Session(settings, {callback})");
        assert_eq!(thrown(&tab, &expression), "expected a function that is told reports");
    }
    for (arguments, said) in [
        ("'0123456789abcdef', 42", "user: expected a text"),
        ("'0123456789abcdef', undefined", "user: expected a text"),
        ("undefined, 'me'", "sign_in: expected a text"),
    ] {
        assert_eq!(thrown(&tab, &format!("session.identifyUser({arguments})")), said, "{arguments}");
    }
    for address in ["42", "undefined", "{}"] {
        let said = thrown(&tab, &format!("session.fetch({address})"));
        assert!(said.starts_with("API address: expected an absolute address"), "{address}: {said}");
    }
    let said = thrown(&tab, "session.fetch(api, new Request(api, { method: 'DELETE' }))");
    assert_eq!(said, "fetch: expected an address and settings, not a Request");
    for names in ["user_parameter: 'state'", "response_parameters: 'owner_id,endpoint_id'"] {
        let said = thrown(&tab, &format!("new Session({{ ...settings, {names} }}, () => {{}})"));
        assert!(said.ends_with("expected names of the provider's own"), "{names}: {said}");
    }
    let own = "const own = window.fetch; window.fetch = () => ({ status: 200 }); \
               const said = await session.fetch(api).catch((problem) => problem.message); \
               window.fetch = own; return [typeof said, (await session.fetch(new URL(api))).status];";
    assert_eq!(tab.run(own, &[]), json!(["string", 200]));
}
