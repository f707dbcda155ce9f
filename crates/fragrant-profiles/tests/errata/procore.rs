//! Procore's guide: its moves, and its errata.

use fragrant::actor::Actor;
use fragrant::client::Reason;
use fragrant::client::rules::Expected;
use fragrant::message::AuthorizationRequest;
use fragrant::value::{ClientId, RedirectUri, State};
use fragrant_profiles::procore::{self, MOVES, PATHS, PROVIDER};
use fragrant_profiles::{Move, MoveKind};

use crate::support::{expected, granted, rejected, taken_apart};

const REDIRECT_URI: &str = "https://app.example/cb?keep=1";

fn request() -> AuthorizationRequest {
    let mut request = AuthorizationRequest::new(
        ClientId::new("9b36d8c0").unwrap(),
        RedirectUri::new(REDIRECT_URI).unwrap(),
    );
    request.state = Some(State::new("xyz").unwrap());
    request
}

/// The guide's move of this number.
fn number(number: usize) -> &'static Move {
    &MOVES[number - 1]
}

#[test]
fn the_authorization_endpoint_is_below_oauth() {
    for (environment, endpoint) in [
        (procore::PRODUCTION, "https://login.procore.com/oauth/authorize"),
        (procore::DEVELOPER_SANDBOX, "https://login-sandbox.procore.com/oauth/authorize"),
        (procore::MONTHLY_SANDBOX, "https://login-sandbox-monthly.procore.com/oauth/authorize"),
    ] {
        assert_eq!(environment.authorization_endpoint().unwrap().as_str(), endpoint);
        // The API lives on another host, and so the token goes to another one.
        assert_ne!(environment.api_origin(), environment.login_origin());
    }
    assert_eq!(PATHS.authorization, "/oauth/authorize");
}

#[test]
fn the_request_has_every_parameter_and_a_state() {
    let url = request().to_url(&procore::PRODUCTION.authorization_endpoint().unwrap());
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(
        taken_apart(&url),
        (
            "https://login.procore.com/oauth/authorize",
            vec![
                pair("client_id", "9b36d8c0"),
                pair("redirect_uri", REDIRECT_URI),
                pair("response_type", "token"),
                pair("state", "xyz"),
            ]
        )
    );
}

#[test]
fn the_control_is_on_the_apps_page() {
    assert_eq!((number(2).kind, number(2).from), (MoveKind::ControlShown, Actor::Client));
    assert_eq!((number(3).kind, number(3).from), (MoveKind::AuthorizationRequested, Actor::Client));
}

#[test]
fn login_and_consent_can_be_skipped() {
    let skippable: Vec<&str> = MOVES.iter().filter(|own| own.can_be_skipped).map(|own| own.label).collect();
    assert_eq!(skippable, ["4", "5", "6", "7"]);
}

#[test]
fn a_token_is_taken_whole_and_the_redirect_uri_is_encoded() {
    // Everything that the sample code's pattern does not take, and `%`, which shows a second decoding.
    let address = "https://app.example/cb?keep=1#access_token=a%2Bb/c%3D%3D~d%2541.-_&token_type=Bearer\
                   &expires_in=7200";
    let expected = Expected { redirect_uri: Some(REDIRECT_URI), ..expected(&PROVIDER.profile) };
    let (response, _) = granted(&expected, address);
    assert_eq!(response.access_token.reveal_secret(), "a+b/c==~d%41.-_");
    assert_eq!(response.expires_in.unwrap().as_seconds(), 7200);
    let query = request().to_query();
    assert!(query.contains("redirect_uri=https%3A%2F%2Fapp.example%2Fcb%3Fkeep%3D1&"), "{query}");
}

#[test]
fn the_threats_that_a_client_can_counter_are_countered() {
    let expected =
        Expected { state: Some("xyz"), redirect_uri: Some(REDIRECT_URI), ..expected(&PROVIDER.profile) };
    let sound = "#access_token=planted&token_type=bearer";
    for (address, reason) in [
        // RFC 6819 section 4.4.2.5: an answer that somebody else asked for.
        (format!("{REDIRECT_URI}{sound}"), Reason::StateMissing),
        (format!("{REDIRECT_URI}{sound}&state=other"), Reason::StateMismatch),
        // Section 4.4.2.2: a token where histories and logs of servers keep it.
        (format!("{REDIRECT_URI}&access_token=planted&token_type=bearer&state=xyz"), Reason::TokenInQuery),
        (format!("https://app.example/other{sound}&state=xyz"), Reason::RedirectUriMismatch),
    ] {
        let rejection = rejected(&expected, &address);
        assert_eq!(rejection.reason, reason, "{address}");
        assert!(!format!("{rejection:?} {rejection}").contains("planted"), "{address}");
    }
    let (_, success) = granted(&expected, &format!("{REDIRECT_URI}{sound}&state=xyz"));
    assert!(!format!("{success:?}").contains("planted"));
}
