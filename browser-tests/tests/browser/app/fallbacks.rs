//! Browsers that lack what the adapter uses first. The page takes it away before the module looks for it.

use browser_tests::{BrowserSettings, Tab, World, changed_app, until};
use fragrant_profiles::{Provider, rfc6749, ringcentral};
use fragrant_server::{OpenerPolicy, Server};

use super::{call, fall_asleep, look_at, opened, signed_in, two_tabs, wait_for_sign_in, wait_for_sign_out};

const NO_CHANNEL: &str = "delete window.BroadcastChannel;";
const NO_LOCKS: &str = "delete Navigator.prototype.locks;";
/// What the adapter says to other pages by the storage fails; its records do not.
const NO_STORAGE_CHANNEL: &str = "\
    const set = Storage.prototype.setItem; \
    Storage.prototype.setItem = function (key, value) { \
        if (key.startsWith('fragrant:channel:')) throw new Error('full'); \
        return set.call(this, key, value); \
    };";
/// Notes down what was looked up and stored, by the beginnings of its keys: nothing of it stays.
const NOTE_STORED: &str = "\
    window.noted = []; \
    for (const name of ['getItem', 'setItem']) { \
        const own = Storage.prototype[name]; \
        Storage.prototype[name] = function (key, ...value) { \
            noted.push(name + ' ' + key.split(':').slice(0, 2).join(':')); \
            return own.call(this, key, ...value); \
        }; \
    }";

/// The application in a browser that lacks something.
fn server(provider: &'static Provider, name: &str, lacks: &str) -> Server {
    let page = changed_app(name, "</title>", "</title>{}", &format!("{lacks} {NOTE_STORED}"));
    World::server(provider).with_session_lifetime(86_400).with_app_folder(page)
}

fn start(server: Server) -> World {
    World::start(server, &BrowserSettings::default())
}

/// How often this was done with the storage.
fn noted(tab: &Tab<'_>, what: &str) -> usize {
    let noted = tab.run("return noted;", &[]);
    noted.as_array().unwrap().iter().filter(|done| *done == what).count()
}

fn assert_nothing_stays(tab: &Tab<'_>) {
    // What another process has removed is gone a moment later.
    tab.wait_for("empty stores", "return localStorage.length + sessionStorage.length === 0;");
}

#[test]
fn without_a_broadcast_channel_the_tabs_share_a_renewal_and_a_sign_out_by_storage_events() {
    let world = start(server(&ringcentral::PROVIDER, "no-channel-tabs", NO_CHANNEL));
    let (first, second) = two_tabs(&world);
    assert_eq!(first.run("return typeof BroadcastChannel;", &[]), "undefined");
    second.move_clock(2 * 3600);
    fall_asleep(&world, &first, 2 * 3600);
    first.wait_for_text("#status", "The token was renewed.");
    second.wait_for_text("#status", "The token was renewed.");
    assert!(noted(&first, "setItem fragrant:channel") > 0);
    // Nobody could renew it now, so what the second one calls with is what the first one has told it.
    world.server.end_sessions();
    assert!(call(&second).starts_with("200 "));
    first.press("Sign out");
    wait_for_sign_out(&second);
    for tab in [&first, &second] {
        assert_nothing_stays(tab);
    }
}

#[test]
fn without_web_locks_one_tab_renews_under_a_lease() {
    let world = start(server(&ringcentral::PROVIDER, "no-locks", NO_LOCKS));
    let (first, second) = two_tabs(&world);
    assert_eq!(first.run("return navigator.locks === undefined;", &[]), true);
    let before = world.server.authorization_requests();
    // Both wake up at once.
    second.move_clock(3550);
    fall_asleep(&world, &first, 3550);
    // What one process has stored is there for another a moment later.
    second.wait_for(
        "the lease",
        "return Object.keys(localStorage).some((key) => key.startsWith('fragrant:lock')) \
             || document.getElementById('status').textContent.includes('renewed');",
    );
    look_at(&second);
    for tab in [&first, &second] {
        tab.wait_for_text("#status", "The token was renewed.");
        tab.wait_for_no("iframe");
    }
    assert!(noted(&first, "setItem fragrant:lock") > 0);
    assert_eq!(world.server.authorization_requests(), before + 1, "one of them renews for both");
    for tab in [&first, &second] {
        assert_nothing_stays(tab);
    }
}

#[test]
fn a_lease_is_waited_for_until_it_ends() {
    let world = start(server(&ringcentral::PROVIDER, "no-locks-held", NO_LOCKS));
    let tab = signed_in(&world);
    // A tab that was closed in the middle of its renewal has left this behind.
    let client = world.server.client();
    let name =
        [client.client_id().as_str(), client.redirect_uri().as_str(), client.endpoint().as_str()].join(" ");
    let lock = format!("fragrant:lock:{name}");
    tab.run(
        "localStorage.setItem(args[0], `${Math.floor(Date.now() / 1000) + args[1]} another`); noted.length = 0;",
        &[lock.into(), 3600.into()],
    );
    fall_asleep(&world, &tab, 3550);
    until("a look at the lease", || (noted(&tab, "getItem fragrant:lock") > 0).then_some(()));
    assert_eq!(noted(&tab, "setItem fragrant:lock"), 0);
    assert_eq!(world.server.authorization_requests(), 1, "it is another's");
    fall_asleep(&world, &tab, 60);
    tab.wait_for_text("#status", "The token was renewed.");
    assert_eq!(noted(&tab, "setItem fragrant:lock"), 1);
    assert_eq!(world.server.authorization_requests(), 2);
    assert_nothing_stays(&tab);
}

/// Signs in in a popup, and gives what the page heard of its answer beside what comes over the broadcast channel.
fn heard_of_a_popup(world: &World) -> Vec<String> {
    let tab = opened(world);
    tab.run(
        "window.came = []; \
         addEventListener('message', () => came.push('message')); \
         addEventListener('storage', (event) => { \
             if (event.newValue?.startsWith('answer ')) came.push('storage event'); \
         });",
        &[],
    );
    tab.press("In a popup");
    let popup = world.browser.wait_for_other_than(&[&tab]);
    world.log_in_and_allow(&popup);
    wait_for_sign_in(&tab);
    world.browser.wait_for_tabs(1);
    assert!(call(&tab).starts_with("200 "));
    assert_nothing_stays(&tab);
    let came = tab.run("return came;", &[]);
    came.as_array().unwrap().iter().map(|way| way.as_str().unwrap().into()).collect()
}

/// Signs in in popups whose opener is cut off, by the application's own page and by the authorization server's: nothing is
/// posted to the opener.
fn heard_without_an_opener(name: &str, lacks: &str) -> [Vec<String>; 2] {
    let policies: [fn(Server, OpenerPolicy) -> Server; 2] =
        [Server::with_app_opener_policy, Server::with_authorization_opener_policy];
    policies.map(|with_policy| {
        let server = with_policy(server(&rfc6749::PROVIDER, name, lacks), OpenerPolicy::SameOrigin);
        heard_of_a_popup(&start(server))
    })
}

#[test]
fn a_popup_without_its_opener_answers_over_the_broadcast_channel() {
    let nothing_else: [Vec<String>; 2] = Default::default();
    assert_eq!(heard_without_an_opener("coop-channel", ""), nothing_else);
}

#[test]
fn a_popup_without_its_opener_and_that_channel_answers_by_a_storage_event() {
    let heard = heard_without_an_opener("coop-storage", NO_CHANNEL);
    assert_eq!(heard, [["storage event"], ["storage event"]]);
}

#[test]
fn a_popup_without_any_channel_answers_to_its_opener() {
    let lacks = format!("{NO_CHANNEL} {NO_STORAGE_CHANNEL}");
    let world = start(server(&rfc6749::PROVIDER, "opener-alone", &lacks));
    assert_eq!(heard_of_a_popup(&world), ["message"]);
}
