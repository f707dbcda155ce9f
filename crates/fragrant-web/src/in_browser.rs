//! The parts in a real browser: `cargo xtask web-parts` runs them there.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)] // tests

use alloc::format;
use alloc::rc::Rc;
use alloc::string::ToString;
use alloc::vec::Vec;
use core::cell::{Cell, RefCell};

use fragrant::client::session::{Cause, Report, Timer};
use fragrant::client::{Client, PendingAuthorization, Purpose};
use fragrant::profile::Profile;
use fragrant::value::{AuthorizationEndpoint, ClientId, Entropy, Origin, PendingKey, RedirectUri, Timestamp};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

use crate::browser::{self, Window};
use crate::channel::{Channel, Listener, Said};
use crate::driver::name_of;
use crate::lock::{Asked, Lock};
use crate::records::{Records, Store};
use crate::slot::slot;
use crate::timers::Timers;
use crate::{ApiCall, Arrival, CallError, Events, WebSession};

wasm_bindgen_test_configure!(run_in_browser);

/// The moment of the tests that have one of their own.
const NOW: Timestamp = Timestamp::from_unix_seconds(1_760_000_000);
/// How long is waited for what has to come, in milliseconds.
const LIMIT: f64 = 20_000.0;

#[wasm_bindgen]
extern "C" {
    /// Runs a script in the page.
    fn eval(script: &str) -> JsValue;
}

fn window() -> Window {
    browser::window().unwrap()
}

fn client() -> Client {
    Client::new(
        Profile::STRICT,
        AuthorizationEndpoint::new("https://as.example/authorize").unwrap(),
        ClientId::new("s6BhdRkqt3").unwrap(),
        RedirectUri::new("https://app.example/cb").unwrap(),
    )
    .with_api_origin(Origin::new("https://api.example").unwrap())
}

fn pending(purpose: Purpose, seed: u8) -> PendingAuthorization {
    let (_, awaiting) =
        client().begin(client().authorization_request(), Entropy::new([seed; Entropy::LEN]), NOW).unwrap();
    awaiting.with_purpose(purpose).into_pending()
}

fn records() -> Records {
    Records::new(window(), Store::Session, Store::Session, "test")
}

/// Lets the browser do something else.
async fn tick() {
    let (passed, came) = slot();
    let passed = Cell::new(Some(passed));
    let fired = browser::callback(move |_| passed.take().unwrap().fill(()));
    browser::set_timeout(&fired, 1);
    came.await;
}

async fn until(what: &str, is_so: impl Fn() -> bool) {
    let begin = browser::milliseconds();
    while !is_so() {
        assert!(browser::milliseconds() - begin < LIMIT, "{what}: it does not come");
        tick().await;
    }
}

/// What was told, in its order.
fn told<T: Clone + 'static>() -> (Rc<RefCell<Vec<T>>>, impl Fn(T) + Clone + 'static) {
    let list = Rc::<RefCell<Vec<T>>>::default();
    let teller = list.clone();
    (list, move |fact| teller.borrow_mut().push(fact))
}

#[wasm_bindgen_test]
// req(test): RFC6749-10.12-4
fn a_record_is_taken_once_wherever_it_is() {
    let records = records();
    for (seed, purpose) in [(1, Purpose::Redirect), (2, Purpose::Frame), (3, Purpose::Popup)] {
        let pending = pending(purpose, seed);
        assert!(records.store_pending(&pending).is_ok());
        let is_shared = |key: &str| window().local_storage().unwrap().unwrap().item(key).unwrap().is_some();
        let key = format!("fragrant:pending:{}:test", pending.key());
        assert_eq!(is_shared(&key), purpose == Purpose::Popup);
        assert_eq!(records.take_pending(pending.key()).ok(), Some(Some(pending.encode())));
        assert_eq!(records.take_pending(pending.key()).ok(), Some(None));
    }
}

#[wasm_bindgen_test]
fn records_that_nobody_came_back_for_are_removed() {
    let records = records();
    let (old, storage) = (pending(Purpose::Redirect, 4), window().session_storage().unwrap().unwrap());
    assert!(records.store_pending(&old).is_ok());
    storage.set_item("fragrant:pending:broken", "no record").unwrap();
    storage.set_item("another application's", "own").unwrap();
    records.remove_old(NOW.saturating_add(15 * 60 - 1));
    assert_eq!(storage.item("fragrant:pending:broken").unwrap(), None);
    let key = format!("fragrant:pending:{}:test", old.key());
    assert!(storage.item(&key).unwrap().is_some());
    records.remove_old(NOW.saturating_add(15 * 60));
    assert_eq!(storage.item(&key).unwrap(), None);
    assert_eq!(storage.item("another application's").unwrap().as_deref(), Some("own"));
    storage.remove_item("another application's").unwrap();
}

#[wasm_bindgen_test]
async fn the_channel_reaches_the_other_pages_of_one_client() {
    let ((own, hear_own), (other, hear_other), (foreign, hear_foreign)) = (told(), told(), told());
    let ((last, hear_last), (errors, hear_error)) = (told(), told());
    // What is said to a channel that is gone, and was not closed, is an error that nobody catches.
    let _errors = Listener::new(&window(), "error", hear_error);
    let here = Channel::open(&window(), "one", hear_own);
    let there = Channel::open(&window(), "one", hear_other);
    let _elsewhere = Channel::open(&window(), "two", hear_foreign);
    // What is said comes to the channels in the order in which they were opened.
    let _last = Channel::open(&window(), "one", hear_last);
    let said = [Said::Tabs("v=1".into()), Said::Answer("https://app.example/cb#a=b".into())];
    said.iter().for_each(|said| here.say(said));
    until("what was said", || last.borrow().len() == said.len()).await;
    assert_eq!(*other.borrow(), said);
    drop(there);
    here.say(&said[0]);
    until("what was said then", || last.borrow().len() > said.len()).await;
    assert_eq!((own.borrow().len(), other.borrow().len(), foreign.borrow().len()), (0, said.len(), 0));
    assert!(errors.borrow().is_empty());
}

#[wasm_bindgen_test]
async fn one_page_at_a_time_has_the_lock() {
    let ((one, told_one), (other, told_other)) = (told(), told());
    let (first, second) = (Lock::new(window(), "lock", told_one), Lock::new(window(), "lock", told_other));
    assert_eq!(first.take(10), None);
    until("the lock", || *one.borrow() == [Asked::Taken]).await;
    assert_eq!(second.take(10), None);
    until("a refusal", || *other.borrow() == [Asked::Refused]).await;
    first.release();
    // The browser gives it back in its own time.
    until("the lock", || {
        let has_it = other.borrow().last() == Some(&Asked::Taken);
        if !has_it {
            second.take(10);
        }
        has_it
    })
    .await;
}

#[wasm_bindgen_test]
async fn a_lock_that_the_browser_cannot_give_is_refused() {
    let (answers, asked) = told();
    let lock = Lock::new(window(), "no lock", asked);
    eval("navigator.locks.request = () => Promise.reject(new Error('no lock'))");
    let own = lock.take(10);
    eval("delete navigator.locks.request");
    assert_eq!(own, None, "it comes later");
    until("a refusal", || *answers.borrow() == [Asked::Refused]).await;
}

#[wasm_bindgen_test]
fn a_lease_that_another_page_has_by_now_is_not_given_back_for_it() {
    let storage = window().local_storage().unwrap().unwrap();
    // What a browser without web locks does.
    let lock = |asked| {
        eval("Object.defineProperty(navigator, 'locks', { value: undefined, configurable: true })");
        let lock = Lock::new(window(), "lease", |_| {});
        let came = lock.take(asked);
        eval("delete navigator.locks");
        (lock, came)
    };
    let key = "fragrant:lock:lease";
    let (first, came) = lock(0);
    assert_eq!(came, Some(Asked::Taken));
    // It has ended by now.
    let (second, came) = lock(3600);
    assert_eq!(came, Some(Asked::Taken));
    let held = storage.item(key).unwrap();
    let (_, came) = lock(3600);
    assert_eq!(came, Some(Asked::Refused));
    first.release();
    assert_eq!(storage.item(key).unwrap(), held, "it is the second's");
    second.release();
    assert_eq!(storage.item(key).unwrap(), None);
}

#[wasm_bindgen_test]
async fn a_timer_fires_once_and_a_stopped_one_never() {
    let (fired, fire) = told();
    let timers = Timers::new(fire);
    timers.start(Timer::Renewal, 3600);
    timers.start(Timer::Renewal, 0);
    timers.start(Timer::Retry, 0);
    timers.stop(Timer::Retry);
    until("the timer", || !fired.borrow().is_empty()).await;
    tick().await;
    assert_eq!(*fired.borrow(), [Timer::Renewal]);
    timers.start(Timer::Answer, 0);
    assert_eq!(timers.take_late(), Some(Timer::Answer));
    assert_eq!(timers.take_late(), None);
    tick().await;
    assert_eq!(*fired.borrow(), [Timer::Renewal]);
}

#[wasm_bindgen_test]
async fn an_answer_leaves_the_address_and_the_history_keeps_its_state() {
    let (location, history) = (window().location(), window().history());
    let before = location.href();
    let own_state = JsValue::from_str("the application's own");
    let answer = "#access_token=2YotnFZFEjr1zCsicMWpAA&token_type=bearer&state=xyz";
    history.replace_state(&own_state, "", answer).unwrap();
    let (session, mut events) = WebSession::builder(client()).start().unwrap();
    assert!(!location.href().contains("access_token"));
    assert_eq!(history.state(), own_state);
    // Nobody has asked for it.
    match events.next().await.unwrap() {
        Report::Problem(problem) => assert_eq!(problem.cause, Cause::NoPendingRequest),
        other => panic!("{other:?}"),
    }
    assert!(session.authorized().is_none());
    drop(session);
    assert!(events.next().await.is_none(), "the stream ends with the session");
    history.replace_state(&JsValue::NULL, "", &before).unwrap();
}

/// Puts the answer to a request of this client, made at this moment, into the address, and gives the key of its record.
fn answer_comes(client: &Client, seed: u8, made: Timestamp) -> PendingKey {
    let (url, awaiting) =
        client.begin(client.authorization_request(), Entropy::new([seed; Entropy::LEN]), made).unwrap();
    let pending = awaiting.with_purpose(Purpose::Redirect).into_pending();
    let name = name_of(client);
    let records = Records::new(window(), Store::Session, Store::Session, &name);
    assert!(records.store_pending(&pending).is_ok());
    let state = url.as_str().split("state=").nth(1).unwrap().split('&').next().unwrap();
    let token = "access_token=2YotnFZFEjr1zCsicMWpAA&token_type=bearer";
    let answer = format!("{}#{token}&state={state}", client.redirect_uri().as_str());
    window().history().replace_state(&JsValue::NULL, "", &answer).unwrap();
    pending.key()
}

/// A client of a server of this name, whose redirection URI is this page's origin.
fn client_here(server: &str, id: &str) -> Client {
    Client::new(
        Profile::STRICT,
        AuthorizationEndpoint::new(format!("https://{server}.example/authorize")).unwrap(),
        ClientId::new(id).unwrap(),
        RedirectUri::new(format!("{}/", window().origin())).unwrap(),
    )
}

async fn cause(events: &mut Events) -> Cause {
    match events.next().await.unwrap() {
        Report::Problem(problem) | Report::SignInFailed(problem) => problem.cause,
        report => panic!("{report:?}"),
    }
}

#[wasm_bindgen_test]
async fn of_several_clients_in_a_page_the_one_that_has_asked_gets_the_answer() {
    let before = window().location().href();
    let other = client_here("as", "other");
    let key = answer_comes(&other, 9, browser::now());
    let arrival = Arrival::take().unwrap();
    window().history().replace_state(&JsValue::NULL, "", &before).unwrap();
    let start = |client: &Client| WebSession::builder(client.clone()).with_arrival(arrival.clone()).start();
    // Another client, and one that another server knows by the same name.
    for client in [client_here("as", "one"), client_here("evil", "other")] {
        let (session, mut events) = start(&client).unwrap();
        assert_eq!(cause(&mut events).await, Cause::NoPendingRequest);
        assert!(session.authorized().is_none());
    }
    let (session, mut events) = start(&other).unwrap();
    match events.next().await.unwrap() {
        Report::SignedIn(signed_in) => assert_eq!(signed_in.sign_in, key),
        report => panic!("{report:?}"),
    }
    assert!(session.authorized().is_some());
}

#[wasm_bindgen_test]
async fn an_answer_to_a_request_that_is_over_is_told_from_one_that_nobody_has_asked_for() {
    let before = window().location().href();
    let made = Timestamp::from_unix_seconds(browser::now().as_unix_seconds() - 16 * 60);
    answer_comes(&client_here("as", "late"), 10, made);
    let (_session, mut events) = WebSession::builder(client_here("as", "late")).start().unwrap();
    window().history().replace_state(&JsValue::NULL, "", &before).unwrap();
    assert_eq!(cause(&mut events).await, Cause::RequestExpired);
}

#[wasm_bindgen_test]
async fn a_call_without_a_session_is_refused_and_one_that_cannot_be_made_says_so() {
    let (session, _events) = WebSession::builder(client()).start().unwrap();
    let refused = session.fetch(ApiCall::get("https://api.example/me")).await.unwrap_err();
    assert!(matches!(refused, CallError::Refused(_)), "{refused}");
    let call = ApiCall::get("https://api.example/me").with_header("no header", "x");
    assert_eq!(session.fetch(call).await.unwrap_err(), CallError::Header);
}

#[wasm_bindgen_test]
fn entropy_is_fresh() {
    let draw = || {
        let mut bytes = [0; Entropy::LEN];
        browser::fill_with_entropy(&mut bytes).unwrap();
        bytes
    };
    assert_ne!(draw(), draw());
}

#[wasm_bindgen_test]
fn nothing_of_a_secret_is_shown() {
    let call = ApiCall::get("https://api.example/me?key=hush").with_header("X-Key", "hush").with_body("hush");
    assert_eq!(format!("{call:?}"), "ApiCall(\"GET\", \"https://api.example/me\")");
}

#[wasm_bindgen_test]
fn each_error_of_a_call_says_what_is_wrong() {
    for (error, words) in [
        (CallError::Header, "header: expected a name and a value that HTTP allows"),
        (
            CallError::Unreachable,
            "the API server cannot be reached, or does not let this page see its response",
        ),
    ] {
        assert_eq!(error.to_string(), words);
    }
}
