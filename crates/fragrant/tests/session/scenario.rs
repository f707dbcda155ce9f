//! A client, a clock and the answers of its server.

use fragrant::client::session::{CallId, Input, Session, Settings};
use fragrant::client::{Client, Purpose};
use fragrant::profile::{Profile, Renewal};
use fragrant::testing::user_agent::{Shared, Tab, state_of};
use fragrant::value::{AuthorizationEndpoint, ClientId, Origin, RedirectUri, Timestamp};

pub(crate) const APP: &str = "https://app.example/cb";
pub(crate) const API: &str = "https://api.example/v1/me";

pub(crate) fn at(seconds: u64) -> Timestamp {
    Timestamp::from_unix_seconds(1_000_000 + seconds)
}

pub(crate) fn client_of(profile: Profile) -> Client {
    Client::new(
        profile,
        AuthorizationEndpoint::new("https://as.example/authorize").unwrap(),
        ClientId::new("s6BhdRkqt3").unwrap(),
        RedirectUri::new(APP).unwrap(),
    )
    .with_api_origin(Origin::new("https://api.example").unwrap())
}

pub(crate) fn silent() -> Profile {
    Profile::STRICT
        .with_renewal(Renewal::Silent)
        .with_response_parameters(vec!["owner_id".into()].into())
        .with_user_parameter("owner_id".into())
}

pub(crate) fn session(settings: Settings) -> Session {
    Session::new(client_of(silent()), settings)
}

/// A tab that has loaded its page.
pub(crate) fn tab(settings: Settings) -> (Tab, Shared) {
    let (mut tab, mut shared) = (Tab::new(0, session(settings)), Shared::default());
    tab.load(&mut shared, "https://app.example/", Default::default(), at(0));
    (tab, shared)
}

/// What the server answers to the request that was sent last, with these parameters beside the state.
pub(crate) fn answer(tab: &Tab, parameters: &str) -> String {
    let (_, url) = tab.sent.last().expect("a request");
    format!("{APP}#{parameters}&state={}", state_of(url))
}

/// A token for an hour.
pub(crate) fn granted(tab: &Tab, token: &str) -> String {
    answer(tab, &format!("access_token={token}&token_type=bearer&expires_in=3600&owner_id=u1"))
}

/// A tab in which somebody has signed in by popup, with a token for so many seconds.
pub(crate) fn signed_in(settings: Settings, expires_in: &str) -> (Tab, Shared) {
    let (mut tab, mut shared) = tab(settings);
    tab.sign_in(&mut shared, Purpose::Popup, at(0)).unwrap();
    let lifetime = if expires_in.is_empty() { String::new() } else { format!("&expires_in={expires_in}") };
    let address = answer(&tab, &format!("access_token=first&token_type=bearer&owner_id=u1{lifetime}"));
    tab.hand_over(&mut shared, fragrant::client::session::Source::Popup, &address, at(0));
    assert_eq!(tab.token(), Some("first"));
    tab.reports.clear();
    (tab, shared)
}

/// The application calls the API, by this number.
pub(crate) fn api_call(id: u64) -> Input {
    Input::ApiRequested { call: CallId(id), method: "GET".into(), address: API.into() }
}
