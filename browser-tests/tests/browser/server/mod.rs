//! The test server in a browser: its plain pages, and a client's page with nothing of ours in it that asks in a frame.

mod cookies;
mod frames;
mod plain;
mod silent;

use browser_tests::{Tab, World};
use fragrant::client::{AwaitingResponse, Denied, Received};
use fragrant::value::{Entropy, Prompts, Scope};
use fragrant_profiles::rfc6749;
use fragrant_server::Server;
use serde_json::Value;

/// The client's page, at the application's origin.
pub(crate) fn server() -> Server {
    World::server(&rfc6749::PROVIDER).with_app_folder(concat!(env!("CARGO_MANIFEST_DIR"), "/page"))
}

/// Jane has logged in and allowed the client what it asks for, and its page is open.
pub(crate) fn logged_in<'a>(world: &'a World) -> Tab<'a> {
    let tab = world.tab();
    let (url, _) = begin(world, None);
    tab.open(url);
    world.log_in_and_allow(&tab);
    tab.wait_for_address(world.server.redirect_uri());
    world.open_app()
}

/// Asks in a frame, without a page being allowed, and gives what came of it.
pub(crate) fn ask_silently(world: &World, tab: &Tab<'_>) -> Received {
    let (url, awaiting) = begin(world, Some("none"));
    tab.run("answers.length = 0; frame(args[0]);", &[url.into()]);
    let answer = tab.wait_for("an answer from the frame", "return answers[0] ?? null;");
    // The redirection URI is at the page's own origin, whatever the server is called.
    assert_eq!(answer["origin"], world.server.app_origin().as_str());
    awaiting.receive(answer["address"].as_str().unwrap(), world.server.clock().now())
}

/// Step 1 of the client, with a prompt if it is to have one.
pub(crate) fn begin(world: &World, prompt: Option<&str>) -> (String, AwaitingResponse) {
    let (client, now) = (world.server.client(), world.server.clock().now());
    let mut request = client.authorization_request();
    request.scope = Scope::from_names(["read"]).unwrap();
    request.prompt = prompt.map(|prompt| Prompts::parse(prompt).unwrap());
    let (url, awaiting) = client.begin(request, Entropy::new([9; Entropy::LEN]), now).unwrap();
    (url.into_string(), awaiting)
}

/// The error of an answer that says no.
pub(crate) fn error(received: Received) -> String {
    match received {
        Received::Denied(Denied { response, .. }) => response.error.to_string(),
        Received::Authorized(_) => "none: a token was granted".into(),
        _ => "none: the answer was not believed".into(),
    }
}

pub(crate) fn is_authorized(received: &Received) -> bool {
    matches!(received, Received::Authorized(_))
}

/// What a frame shows, if it is this page of the browser's own: that nothing could be shown.
pub(crate) const NOTHING: &str = "chrome-error://chromewebdata/";

pub(crate) fn shown_in_the_frame(tab: &Tab<'_>) -> Value {
    tab.run_in_frame("iframe", "return location.href;")
}
