//! RingCentral's guide: its two samples, and its errata.

use fragrant::actor::{Actor, Step};
use fragrant::client::Reason;
use fragrant::client::rules::{Expected, Verdict, judge};
use fragrant::message::{AuthorizationRequest, AuthorizationResponse};
use fragrant::profile::Renewal;
use fragrant::value::{ClientId, Display, ErrorCode, Prompt, Prompts, RedirectUri, Scope, State, Timestamp};
use fragrant::wire::Redirect;
use fragrant_profiles::ringcentral::{
    self, BrandId, DISPLAY_MOBILE, MOVES, NOTICE, PARAMETERS, PATHS, PROFILE, PROMPT_SSO, PROVIDER,
};
use fragrant_profiles::{Move, MoveKind};

use crate::support::{NOW, decoded, expected, granted, rejected, taken_apart};

/// The query of the guide's sample request, and the path it should have had.
const SAMPLE_QUERY: &str = "response_type=token&client_id=s6BhdRkqt3&state=xyz\
     &redirect_uri=http%3A%2F%2Fexample%2Ecom%2Fcb&scope=Contacts";
const REAL_ENDPOINT: &str = "https://platform.devtest.ringcentral.com/restapi/oauth/authorize";

/// The guide's sample answer.
const SAMPLE_REDIRECT_URI: &str = "http://localhost:8080/callback.html";
const SAMPLE_FRAGMENT: &str = "access_token=XXXXXXXXXXXX&token_type=bearer&expires_in=3600\
                               &endpoint_id=0eTdUFwhQJa98zYssI-JFA&scope=Contacts%20ReadCallLog";

fn sample_answer() -> String {
    format!("{SAMPLE_REDIRECT_URI}#{SAMPLE_FRAGMENT}")
}

fn request() -> AuthorizationRequest {
    let client_id = ClientId::new("s6BhdRkqt3").unwrap();
    AuthorizationRequest::new(client_id, RedirectUri::new("http://example.com/cb").unwrap())
}

fn sample_request() -> AuthorizationRequest {
    let mut request = request();
    request.state = Some(State::new("xyz").unwrap());
    request.scope = Some(Scope::new("Contacts").unwrap());
    request
}

/// The decoded value of one parameter of the request as it is sent.
fn sent(request: &AuthorizationRequest, name: &str) -> Option<String> {
    let pairs = decoded(&request.to_query());
    pairs.into_iter().find(|(own, _)| own == name).map(|(_, value)| value)
}

fn move_of(kind: MoveKind) -> &'static Move {
    MOVES.iter().find(|own| own.kind == kind).unwrap()
}

#[test]
fn the_sample_request_goes_to_the_real_path() {
    let url = sample_request().to_url(&ringcentral::SANDBOX.authorization_endpoint().unwrap());
    assert_eq!(taken_apart(&url), (REAL_ENDPOINT, decoded(SAMPLE_QUERY)));
    let production = ringcentral::PRODUCTION.authorization_endpoint().unwrap();
    assert_eq!(production.as_str(), "https://platform.ringcentral.com/restapi/oauth/authorize");
    assert_eq!(production.uri().path(), PATHS.authorization);
}

#[test]
fn the_whole_request_stands_in_the_query() {
    let mut request = sample_request();
    request.prompt = Some(Prompts::new([Prompt::LOGIN, PROMPT_SSO, Prompt::CONSENT]).unwrap());
    request.display = Some(DISPLAY_MOBILE);
    for (name, value) in [
        (ringcentral::BRAND_ID, BrandId::default().as_str()),
        (ringcentral::UI_LOCALES, "en-GB de"),
        (ringcentral::LOCALE_ID, "en_GB"),
        (ringcentral::UI_OPTIONS, "hide_logo"),
    ] {
        assert!(PROFILE.request_parameters.iter().any(|own| own == name), "{name}");
        request.add_extra(name, value).unwrap();
    }
    assert_eq!(
        request.to_url(&ringcentral::SANDBOX.authorization_endpoint().unwrap()).as_str(),
        format!(
            "{REAL_ENDPOINT}?response_type=token&client_id=s6BhdRkqt3&redirect_uri=http%3A%2F%2Fexample.com%2Fcb\
             &scope=Contacts&state=xyz&prompt=login%20sso%20consent&display=mobile&brand_id=1210\
             &ui_locales=en-GB%20de&localeId=en_GB&ui_options=hide_logo"
        )
    );
}

#[test]
fn the_sample_answer_is_taken_when_no_state_was_sent() {
    let (response, success) = granted(&expected(&PROVIDER.profile), &sample_answer());
    assert_eq!(response.access_token.reveal_secret(), "XXXXXXXXXXXX");
    assert_eq!(response.token_type.as_str(), "bearer");
    let scope = success.scope.unwrap();
    assert_eq!(scope.names().collect::<Vec<_>>(), ["Contacts", "ReadCallLog"]);
    assert_eq!(
        response.extra.iter().collect::<Vec<_>>(),
        [(ringcentral::ENDPOINT_ID, "0eTdUFwhQJa98zYssI-JFA")]
    );
    assert_eq!(success.notes, []);
}

#[test]
fn the_providers_answer_parameters_may_not_come_twice() {
    for name in [ringcentral::ENDPOINT_ID, ringcentral::OWNER_ID] {
        let address = format!("{}&{name}=1&{name}=2", sample_answer().replace("endpoint_id", "other"));
        let rejection = rejected(&expected(&PROVIDER.profile), &address);
        assert_eq!(
            (rejection.reason, rejection.parameter.as_deref()),
            (Reason::DuplicateParameter, Some(name))
        );
    }
    assert_eq!(PROFILE.user_parameter.as_deref(), Some(ringcentral::OWNER_ID));
}

#[test]
fn an_error_that_writes_spaces_as_plus_is_read() {
    let address = format!(
        "{SAMPLE_REDIRECT_URI}#error=unauthorized_client&error_description=Grant+is+not+allowed:+%5BOAU-112%5D"
    );
    let Verdict::ErrorReturned(returned) =
        judge(&expected(&PROVIDER.profile), &Redirect::split(&address), NOW)
    else {
        panic!("expected an error answer");
    };
    assert_eq!(returned.response.error, ErrorCode::new("unauthorized_client").unwrap());
    assert_eq!(returned.response.description.unwrap().as_str(), "Grant is not allowed: [OAU-112]");
}

#[test]
fn ringcentral_tokens_live_3600_seconds() {
    let (response, _) = granted(&expected(&PROVIDER.profile), &sample_answer());
    let expires_in = response.expires_in.unwrap();
    assert_eq!(expires_in.as_seconds(), 3600);
    assert_eq!(expires_in.expiry(NOW).moment(), Timestamp::from_unix_seconds(1_003_600));
    assert_eq!(PROFILE.default_lifetime, Some(3600));
}

#[test]
fn display_is_a_parameter_of_its_own() {
    for display in [Display::PAGE, Display::POPUP, Display::TOUCH, DISPLAY_MOBILE] {
        let fact = |name| PROVIDER.parameter(name).unwrap();
        assert!(fact("display").values.contains(&display.as_str()), "{display}");
        assert!(!fact("prompt").values.contains(&display.as_str()), "{display}");
        let mut request = request();
        request.display = Some(display.clone());
        assert_eq!(sent(&request, "display").as_deref(), Some(display.as_str()));
        assert_eq!(sent(&request, "prompt"), None);
    }
}

#[test]
fn prompt_none_stands_alone_and_is_for_renewals() {
    // A first request, and a later one that shows pages, need no prompt at all and may name any but `none`.
    assert_eq!(sent(&request(), "prompt"), None);
    for names in ["login", "sso", "login sso", "consent", "login sso consent"] {
        let mut request = request();
        request.prompt = Some(Prompts::parse(names).unwrap());
        assert_eq!(sent(&request, "prompt").as_deref(), Some(names));
    }
    assert!(Prompts::new([Prompt::NONE, PROMPT_SSO]).is_err());
    assert_eq!(PROFILE.renewal, Renewal::Silent);
    let mut renewal = request();
    renewal.prompt = Some(Prompts::none());
    assert_eq!(sent(&renewal, "prompt").as_deref(), Some("none"));
    assert_eq!(move_of(MoveKind::RenewalRequested).step, Step::Three);
}

#[test]
fn the_answer_is_a_redirect_with_a_fragment() {
    let redirect_uri = RedirectUri::new(SAMPLE_REDIRECT_URI).unwrap();
    let (response, _) = granted(&expected(&PROVIDER.profile), &sample_answer());
    let location = AuthorizationResponse::AccessToken(response).to_location(&redirect_uri);
    let (base, fragment) = location.split_once('#').unwrap();
    assert_eq!((base, decoded(fragment)), (SAMPLE_REDIRECT_URI, decoded(SAMPLE_FRAGMENT)));
    // What the guide shows instead is no answer wherever it might stand.
    let json = "%7B%22access_token%22:%22x%22,%22token_type%22:%22bearer%22%7D";
    for address in [format!("#{json}"), format!("{SAMPLE_REDIRECT_URI}?{json}")] {
        assert_eq!(rejected(&expected(&PROVIDER.profile), &address).reason, Reason::NoResponse, "{address}");
    }
}

#[test]
fn the_resource_owner_takes_part() {
    for actor in [Actor::Client, Actor::AuthorizationServer, Actor::ResourceOwner] {
        assert!(MOVES.iter().any(|own| own.from == actor), "{actor}");
    }
    assert_eq!(move_of(MoveKind::DecisionMade).from, Actor::ResourceOwner);
}

#[test]
fn login_comes_before_consent() {
    let kinds: Vec<MoveKind> = MOVES.iter().filter(|own| own.step == Step::Two).map(|own| own.kind).collect();
    assert_eq!(
        kinds,
        [
            MoveKind::LoginShown,
            MoveKind::CredentialsEntered,
            MoveKind::ConsentShown,
            MoveKind::DecisionMade,
            MoveKind::AnswerRedirected,
        ]
    );
}

#[test]
fn the_redirect_ends_the_second_step() {
    let redirect = move_of(MoveKind::AnswerRedirected);
    assert_eq!((redirect.from, redirect.step), (Actor::AuthorizationServer, Step::Two));
    assert_eq!(MOVES.iter().rfind(|own| own.step == Step::Two), Some(redirect));
    assert_eq!(move_of(MoveKind::TokenExtracted).from, Actor::RedirectionUri);
}

#[test]
// req(test): RFC6749-3.3-7
fn the_granted_scope_may_differ_from_the_requested_one() {
    let requested = Scope::new("Contacts").unwrap();
    let expected = Expected { scope: Some(&requested), ..expected(&PROVIDER.profile) };
    let (_, success) = granted(&expected, &sample_answer());
    assert_eq!(success.scope.unwrap().without(&requested), Some(Scope::new("ReadCallLog").unwrap()));
    let (_, success) = granted(&expected, "#access_token=x&token_type=bearer");
    assert_eq!(success.scope.unwrap(), requested);
}

#[test]
// req(test): RFC6749-4.2.2-9
fn an_answer_without_the_requests_state_is_refused() {
    let expected = Expected { state: Some("xyz"), ..expected(&PROVIDER.profile) };
    let address = sample_answer();
    let rejection = rejected(&expected, &address);
    assert_eq!((rejection.reason, rejection.offset), (Reason::StateMissing, address.len()));
    assert_eq!(rejected(&expected, &format!("{address}&state=xyy")).reason, Reason::StateMismatch);
    granted(&expected, &format!("{address}&state=xyz"));
}

#[test]
fn the_notice_is_there_and_plain_http_is_recognised() {
    assert_eq!(PROVIDER.notices.first(), Some(&NOTICE));
    assert!(NOTICE.instead.starts_with("the authorization code grant"));
    assert!(RedirectUri::new("http://example.com/cb").unwrap().is_insecure());
    assert!(!RedirectUri::new(SAMPLE_REDIRECT_URI).unwrap().is_insecure());
    assert!(!RedirectUri::new("com.example.app:/callback").unwrap().is_insecure());
}

#[test]
fn the_values_of_the_table_are_ones_that_the_core_can_send() {
    for fact in PARAMETERS {
        for value in fact.values {
            match fact.name {
                "brand_id" => assert!(BrandId::new(*value).is_ok(), "{value}"),
                "display" => assert!(Display::new(*value).is_ok(), "{value}"),
                "prompt" => assert!(Prompts::parse(value).is_ok(), "{value}"),
                other => panic!("no rule for the values of {other}"),
            }
        }
    }
}
