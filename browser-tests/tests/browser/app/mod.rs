//! The example application, `examples/spa`, and here where its tests begin.

mod address;
mod fallbacks;
mod guides;
mod pains;
mod popup;
mod redirect;
mod renewal;
mod silent;
mod tabs;

use browser_tests::{BrowserSettings, Tab, World, built_app};
use fragrant_profiles::{Provider, rfc6749, ringcentral};
use fragrant_server::Server;

/// The usual server of a provider, with the application.
pub(crate) fn server_of(provider: &'static Provider) -> Server {
    World::server(provider).with_app_folder(built_app())
}

/// The usual server of plain RFC 6749, with the application.
pub(crate) fn server() -> Server {
    server_of(&rfc6749::PROVIDER)
}

/// The usual server of RingCentral, which documents renewal without a page. The login session outlives the tokens.
pub(crate) fn renewing() -> Server {
    server_of(&ringcentral::PROVIDER).with_session_lifetime(86_400)
}

/// A world in which nobody has signed in yet.
pub(crate) fn world() -> World {
    World::start(server(), &BrowserSettings::default())
}

/// Opens the application, here or in another tab, and waits until it is there.
pub(crate) fn open(world: &World, tab: &Tab<'_>) {
    tab.open(format!("{}/", world.server.app_origin()));
    tab.wait_for_text("#status", "Ready.");
}

/// Opens the application in the first tab.
pub(crate) fn opened(world: &World) -> Tab<'_> {
    let tab = world.tab();
    open(world, &tab);
    tab
}

/// Signs in by redirect, with every page on the way.
pub(crate) fn signed_in(world: &World) -> Tab<'_> {
    let tab = opened(world);
    tab.press("Sign in");
    world.log_in_and_allow(&tab);
    wait_for_sign_in(&tab);
    tab
}

/// Two tabs of one user, who has signed in in both.
pub(crate) fn two_tabs(world: &World) -> (Tab<'_>, Tab<'_>) {
    let first = signed_in(world);
    let second = world.browser.new_tab();
    open(world, &second);
    second.press("Sign in");
    wait_for_sign_in(&second);
    (first, second)
}

pub(crate) fn wait_for_sign_in(tab: &Tab<'_>) {
    tab.wait_for_text("#signed-in", "User");
    tab.wait_for_text("#status", "Signed in.");
}

/// Waits until nobody is signed in there.
pub(crate) fn wait_for_sign_out(tab: &Tab<'_>) {
    tab.wait_for_text("#signed-out", "Sign in with");
}

/// Calls the API from the application and waits for an answer.
pub(crate) fn call(tab: &Tab<'_>) -> String {
    begin_call(tab);
    let answer = tab.wait_for_text("#result", "http");
    tab.click("#link-account");
    answer
}

/// Calls the API from the application, whatever comes of it.
pub(crate) fn begin_call(tab: &Tab<'_>) {
    // What is there of an earlier call is nothing of this one.
    tab.run("for (const id of ['result', 'problem']) document.getElementById(id).textContent = '';", &[]);
    tab.click("#link-calls");
    tab.click("#call-buttons button");
}

/// The machine has slept: the clocks have gone on, and no timer has fired. Now somebody looks at the page.
pub(crate) fn fall_asleep(world: &World, tab: &Tab<'_>, seconds: u32) {
    world.server.clock().advance(seconds.into());
    tab.move_clock(seconds.into());
    look_at(tab);
}

/// Somebody looks at the page.
pub(crate) fn look_at(tab: &Tab<'_>) {
    tab.run("document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));", &[]);
}

/// Waits until no tab renews, which has the lock for it from the beginning to the end, and this one asks in no frame.
pub(crate) fn wait_for_rest(tab: &Tab<'_>) {
    tab.wait_for(
        "a lock that nobody holds, and no frame",
        "const { held, pending } = await navigator.locks.query(); \
         return held.length + pending.length + document.querySelectorAll('iframe').length === 0;",
    );
}

/// Nothing of an answer is in the address.
pub(crate) fn assert_clean(tab: &Tab<'_>) {
    let address = tab.address();
    for name in ["access_token=", "state=", "error="] {
        // A name without a value is no parameter, and may be the application's own.
        let has_value = |rest: &str| !rest.is_empty() && !rest.starts_with(['&', '#']);
        assert!(!address.split(name).skip(1).any(has_value), "there is still a {name} in the address");
    }
}
