//! A native program that waits at a port of this machine, and the page that a browser finds there.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread::{self, JoinHandle};

use browser_tests::{BrowserSettings, Tab, World, picture, until};
use fragrant::authorization_server::{ClientRegistration, RegisteredRedirectUri};
use fragrant::client::{Client, Received};
use fragrant::profile::Profile;
use fragrant::value::{ClientId, Entropy, Scope};
use fragrant_http::ApiClient;
use fragrant_http::receiver::{LoopbackFamily, LoopbackSettings, ReceiveError};
use fragrant_profiles::rfc6749;
use fragrant_server::{Quirks, Server};
use serde_json::json;

const CLIENT_ID: &str = "native";
const HANDED_OVER: &str = "The application has the answer.";

/// A server that knows the native program by its addresses without a port.
fn server() -> Server {
    let addresses = LoopbackSettings::default().to_register().unwrap();
    let addresses = addresses.iter().map(|address| RegisteredRedirectUri::new(address.as_str()).unwrap());
    let native = ClientRegistration::new(ClientId::new(CLIENT_ID).unwrap(), "Native", addresses).unwrap();
    World::server(&rfc6749::PROVIDER)
        .with_client(native.with_scope(Scope::new("read").unwrap(), None).unwrap())
}

/// The program: where it sends the browser, where it waits, and what it gets.
struct Program {
    url: String,
    redirect_uri: String,
    thread: JoinHandle<Result<Received, ReceiveError>>,
}

impl Program {
    fn start(world: &World, family: LoopbackFamily) -> Self {
        let receiver = LoopbackSettings::default().with_family(family).bind().unwrap();
        let redirect_uri = receiver.redirect_uri().clone();
        let client = Client::new(
            Profile::STRICT,
            world.server.authorization_endpoint().clone(),
            ClientId::new(CLIENT_ID).unwrap(),
            redirect_uri.clone(),
        )
        .with_issuer(world.server.issuer().unwrap().clone())
        .with_api_origin(world.server.api_origin().clone())
        .with_pending_lifetime(120);
        let mut request = client.authorization_request();
        request.scope = Some(Scope::new("read").unwrap());
        let clock = world.server.clock().clone();
        let (url, awaiting) = client.begin(request, Entropy::new([7; Entropy::LEN]), clock.now()).unwrap();
        let thread = thread::spawn(move || receiver.receive(awaiting, || clock.now()));
        Self { url: url.into_string(), redirect_uri: redirect_uri.as_str().into(), thread }
    }

    fn received(self) -> Received {
        self.thread.join().unwrap().unwrap()
    }

    /// Takes the token to the API.
    fn call(self, world: &World) -> u16 {
        let Received::Authorized(authorized) = self.received() else { panic!("no token") };
        let address = format!("{}{}", world.server.api_origin(), rfc6749::PATHS.sample_call);
        let request = authorized.api_request("GET", &address).unwrap();
        ApiClient::new().send(&request, &[], b"").unwrap().status
    }
}

/// A page of somebody else's at another port of this machine, with no policy to hold it back. The thread ends with the tests.
fn foreign_page() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/", listener.local_addr().unwrap());
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let page = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 15\r\nConnection: close\r\n\r\n<!doctype html>";
            let mut request = [0; 4096];
            let _ = stream.read(&mut request);
            let _ = stream.write_all(page.as_bytes());
        }
    });
    address
}

/// Nothing that came back is where somebody could find it.
fn assert_clean(world: &World, tab: &Tab<'_>, program: &Program) {
    assert_eq!(tab.address(), program.redirect_uri);
    for request in world.browser.requests() {
        assert!(!request.address.contains("access_token="), "a token went to a server");
        assert!(request.referer.is_none_or(|referer| !referer.contains("access_token=")));
    }
}

#[test]
// req(test): RFC6749-3.1.2.5-1, RFC8252-8.3-1
fn a_user_signs_in_to_a_native_program_and_the_api_answers() {
    for family in [LoopbackFamily::V4, LoopbackFamily::V6] {
        let world = World::start(server(), &BrowserSettings::default());
        let program = Program::start(&world, family);
        let tab = world.tab();
        tab.open(&program.url);
        world.log_in_and_allow(&tab);
        tab.wait_for_text("#status", HANDED_OVER);
        picture(&tab, &format!("native-{family:?}-handed-over"));
        assert_clean(&world, &tab, &program);
        // Its policy has let through all that the page has.
        let console = world.browser.console();
        assert!(!console.iter().any(|line| line.contains("Content Security Policy")), "{console:?}");
        assert_eq!(program.call(&world), 200, "{family:?}");
    }
}

#[test]
fn a_no_reaches_the_program_in_the_fragment_and_in_the_query() {
    for errors_in_query in [false, true] {
        let mut quirks = Quirks::default();
        quirks.errors_in_query = errors_in_query;
        let world = World::start(server().with_quirks(quirks), &BrowserSettings::default());
        let program = Program::start(&world, LoopbackFamily::V4);
        let tab = world.tab();
        tab.open(&program.url);
        world.log_in(&tab);
        tab.press("Deny");
        tab.wait_for_text("#status", HANDED_OVER);
        assert_eq!(tab.address(), program.redirect_uri);
        let Received::Denied(denied) = program.received() else { panic!("not denied") };
        assert_eq!(denied.response.error.as_str(), "access_denied");
    }
}

#[test]
fn forged_answers_and_other_pages_do_not_end_a_sign_in() {
    let world = World::start(server(), &BrowserSettings::default());
    let program = Program::start(&world, LoopbackFamily::V4);
    let (own, foreign) = (json!(program.redirect_uri), foreign_page());
    // Somebody leads the browser to the program, with an answer of his own making.
    let lured = world.tab();
    lured.open(format!("{}#access_token=planted&token_type=bearer&state=guessed", program.redirect_uri));
    lured.wait_for_text("#status", "It is still waiting.");
    assert_eq!(lured.address(), program.redirect_uri);
    // The key of that page is used up, for the page itself too.
    let again = "const { key } = document.querySelector('script').dataset;
         const headers = { 'Content-Type': 'text/uri-list', 'Fragrant-Key': key };
         return (await fetch(location.href, { method: 'POST', headers, body: '#x' })).status;";
    assert_eq!(lured.run(again, &[]), 403);
    // One that is more than the program reads is told as that, and ends nothing either.
    let long = world.browser.new_tab();
    long.open(format!("{}#{}", program.redirect_uri, "x".repeat(100 * 1024)));
    long.wait_for_text("#status", "more than the application reads");
    assert_eq!(long.address(), program.redirect_uri);
    // His page may not read the program's, nor send what its script sends, nor show it.
    lured.open(&foreign);
    let tried = lured.run(
        "const attempt = async (options) => { try { return (await fetch(args[0], options)).type; } catch { return 'refused'; } };
         const headers = { 'Content-Type': 'text/uri-list', 'Fragrant-Key': '00' };
         await attempt({ mode: 'no-cors', method: 'POST', body: '#x' });
         return [await attempt({}), await attempt({ method: 'POST', headers, body: '#x' })];",
        std::slice::from_ref(&own),
    );
    // What goes out without CORS cannot be read by anybody; that it ends nothing, the sign-in below shows.
    assert_eq!(tried, json!(["refused", "refused"]));
    lured.run(
        "const frame = document.createElement('iframe'); frame.src = args[0]; document.body.append(frame);",
        &[own],
    );
    let shown = || lured.run_in_frame("iframe", "return location.href;");
    until("an empty frame", || (shown() == "chrome-error://chromewebdata/").then_some(()));
    // And then the user signs in.
    let tab = world.browser.new_tab();
    tab.open(&program.url);
    world.log_in_and_allow(&tab);
    tab.wait_for_text("#status", HANDED_OVER);
    assert_eq!(program.call(&world), 200);
}

#[test]
fn without_scripts_the_page_says_what_is_missing() {
    let no_scripts = BrowserSettings::default()
        .with_preference("profile.default_content_setting_values.javascript", json!(2));
    let world = World::start(server(), &no_scripts);
    let program = Program::start(&world, LoopbackFamily::V4);
    let tab = world.tab();
    tab.open(&program.url);
    world.log_in_and_allow(&tab);
    tab.wait_for_text("main", "needs JavaScript");
    picture(&tab, "native-without-scripts");
    assert!(tab.address().starts_with(&program.redirect_uri));
}

#[test]
fn a_page_that_is_loaded_again_brings_no_answer_and_gives_no_script_a_key() {
    let world = World::start(server(), &BrowserSettings::default());
    let program = Program::start(&world, LoopbackFamily::V4);
    let tab = world.tab();
    tab.open(&program.redirect_uri);
    tab.wait_for_text("#status", "It is still waiting.");
    tab.reload();
    tab.wait_for_text("#status", "It is still waiting.");
    // A script of the page's own origin, which there is none of; another program's at this port later would be one.
    let script = "const answer = await fetch(location.href); return [answer.status, await answer.text()];";
    let answer = tab.run(script, &[]);
    assert_eq!(answer[0], 403);
    assert!(!answer[1].to_string().contains("data-key"), "{answer}");
    tab.open(&program.url);
    world.log_in_and_allow(&tab);
    tab.wait_for_text("#status", HANDED_OVER);
    assert_eq!(program.call(&world), 200);
    // Nor does Back lead to one. What the browser has written to its disk is another thing.
    tab.back();
    assert!(!tab.address().contains("access_token="));
}
