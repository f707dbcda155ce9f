//! What a server is started with.

use fragrant::authorization_server::{ClientRegistration, RegisteredRedirectUri};
use fragrant::value::ClientId;
use fragrant_profiles::rfc6749;
use fragrant_server::{Family, Listen, Server, User};

use crate::browser::Browser;
use crate::scenario::server;

#[test]
fn what_does_not_start() {
    let uri = RegisteredRedirectUri::new("https://app.example/cb").unwrap();
    let client = ClientRegistration::new(ClientId::new("web").unwrap(), "Web", [uri]).unwrap();
    let twice = server(&rfc6749::PROVIDER).with_client(client).start().unwrap_err();
    assert_eq!(twice.to_string(), "client_id: web is registered twice");
    let twice = server(&rfc6749::PROVIDER).with_user(User::new("jane", "x").unwrap()).start().unwrap_err();
    assert_eq!(twice.to_string(), "user: jane has two accounts");
    let nameless = Server::new(&rfc6749::PROVIDER)
        .with_app_client(ClientId::new("c").unwrap(), " ", None, None)
        .start()
        .unwrap_err();
    assert!(nameless.to_string().starts_with("the application's client: client name"), "{nameless}");
}

#[test]
fn an_address_for_all_goes_by_this_machines() {
    let listen = Listen::DangerouslyEverywhere(Family::V4);
    let running = server(&rfc6749::PROVIDER).with_listen(listen).start().unwrap();
    assert!(running.authorization_origin().as_str().starts_with("http://127.0.0.1:"));
    let style = format!("{}/style.css", running.authorization_origin());
    assert_eq!(Browser::new().send("GET", &style, &[("host", "as.test")], "").status, 200);
}

#[test]
fn it_shows_no_secret() {
    let settings = server(&rfc6749::PROVIDER);
    let shown = format!("{settings:?} {:?}", settings);
    assert!(!shown.contains("planted"), "{shown}");
    let shown = format!("{:?}", settings.start().unwrap());
    assert!(shown.starts_with("RunningServer") && !shown.contains("planted"), "{shown}");
}
