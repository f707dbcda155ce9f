//! The whole grant against the test server, up to a call of the API, without a browser: what its page's script does is done by
//! hand here, and in a real browser by the browser's tests.

use std::thread;

use fragrant::client::{AwaitingResponse, Client, PendingAuthorization, Received};
use fragrant::profile::Profile;
use fragrant::user_agent::{Destination, follow};
use fragrant::value::{ClientId, Entropy, HttpUri, RedirectUri, Scope};
use fragrant::wire::Redirect;
use fragrant_http::ApiClient;
use fragrant_http::receiver::{LoopbackReceiver, NoRedirectAddress, redirect_address_among};
use fragrant_server::{RunningServer, Server};

use crate::browser::{Answer, Browser};

const APP_SCHEME: &str = "com.example.app:/callback";
const PASSWORD: &str = "planted-password";
/// What the test server's API answers to.
const SAMPLE_CALL: &str = "/resource/1";

/// A server that knows a native client, at each of its addresses.
const CONFIG: &str = "
    [[clients]]
    client_id = 'native'
    name = 'Native'
    redirect_uris = ['http://127.0.0.1/callback', 'http://[::1]/callback', 'com.example.app:/callback']
    scope = 'read'

    [[users]]
    name = 'jane'
    password = 'planted-password'
";

fn server() -> RunningServer {
    Server::from_toml(CONFIG).unwrap().start().unwrap()
}

/// That client.
fn client(server: &RunningServer, redirect_uri: &RedirectUri) -> Client {
    let endpoint = server.authorization_endpoint().clone();
    Client::new(Profile::STRICT, endpoint, ClientId::new("native").unwrap(), redirect_uri.clone())
        .with_issuer(server.issuer().unwrap().clone())
        .with_api_origin(server.api_origin().clone())
}

fn begin(server: &RunningServer, client: &Client) -> (String, AwaitingResponse) {
    let mut request = client.authorization_request();
    request.scope = Some(Scope::new("read").unwrap());
    let (url, awaiting) =
        client.begin(request, Entropy::new([7; Entropy::LEN]), server.clock().now()).unwrap();
    (url.into_string(), awaiting)
}

/// Step 2: login, consent, and where the server sends the browser then.
fn decide(url: &str, decision: &str) -> (Browser, Answer) {
    let mut browser = Browser::new();
    let login = browser.get(url);
    let consent = browser.submit(&login.form().with(&[("username", "jane"), ("password", PASSWORD)]));
    let answer = browser.submit(&consent.form().with(&[("decision", decision)]));
    (browser, answer)
}

/// Step 4.
fn call(server: &RunningServer, received: Received) -> u16 {
    let Received::Authorized(authorized) = received else { panic!("no token") };
    let address = format!("{}{}", server.api_origin(), SAMPLE_CALL);
    let request = authorized.api_request("GET", &address).unwrap();
    ApiClient::new().send(&request, &[], b"").unwrap().status
}

#[test]
fn the_answer_comes_to_a_port_of_this_machine_and_the_api_answers() {
    let server = server();
    let receiver = LoopbackReceiver::bind().unwrap();
    let client = client(&server, receiver.redirect_uri());
    let origin = receiver.redirect_uri().http().unwrap().origin().to_owned();
    let (url, awaiting) = begin(&server, &client);
    let clock = server.clock().clone();
    let waiting = thread::spawn(move || receiver.receive(awaiting, || clock.now()));
    let (mut browser, answer) = decide(&url, "allow");
    // The page, as a browser loads it, and what its script does.
    let page = browser.follow(&answer);
    let (_, rest) = page.body.split_once(" data-key=\"").unwrap();
    let (key, _) = rest.split_once('"').unwrap();
    let headers = [("origin", &*origin), ("content-type", "text/uri-list"), ("fragrant-key", key)];
    let answer = browser.send("POST", client.redirect_uri().as_str(), &headers, answer.location());
    assert_eq!(answer.status, 204);
    assert_eq!(call(&server, waiting.join().unwrap().unwrap()), 200);
}

#[test]
fn the_answer_is_handed_in_as_text_to_a_new_process_and_the_api_answers() {
    let server = server();
    let redirect_uri = RedirectUri::new(APP_SCHEME).unwrap();
    let client = client(&server, &redirect_uri);
    let (url, awaiting) = begin(&server, &client);
    let (key, record) = (awaiting.key(), awaiting.into_pending().encode()); // where the user alone can read
    let (_, answer) = decide(&url, "allow");
    let address = HttpUri::parse(answer.address.as_str()).unwrap();
    let Destination::App(handed_on) = follow(&address, answer.location()).unwrap() else { panic!() };
    // The system starts the program anew, and spells the scheme as its registry does.
    let arguments = ["app".to_owned(), handed_on.replacen("com.example.app", "Com.Example.App", 1)];
    let address = redirect_address_among(&redirect_uri, arguments).unwrap();
    assert_eq!(Redirect::split(address.reveal_secret()).pending_key(), Some(key));
    let awaiting = client.resume(PendingAuthorization::decode(&record).unwrap()).unwrap();
    let received = awaiting.receive(address.reveal_secret(), server.clock().now());
    assert_eq!(call(&server, received), 200);
    // One that was started by hand has none.
    let by_hand = redirect_address_among(&redirect_uri, ["app"]);
    assert_eq!(by_hand.unwrap_err(), NoRedirectAddress::Absent);
}

#[test]
fn a_no_is_handed_in_as_well() {
    let server = server();
    let redirect_uri = RedirectUri::new(APP_SCHEME).unwrap();
    let (url, awaiting) = begin(&server, &client(&server, &redirect_uri));
    let (_, answer) = decide(&url, "deny");
    let address = redirect_address_among(&redirect_uri, [answer.location()]).unwrap();
    let Received::Denied(denied) = awaiting.receive(address.reveal_secret(), server.clock().now()) else {
        panic!()
    };
    assert_eq!(denied.response.error.as_str(), "access_denied");
}
