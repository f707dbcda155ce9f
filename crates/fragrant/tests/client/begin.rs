//! Step 1: the address that the user agent is sent to, and the record that stays behind.

use fragrant::client::{BeginError, Client, Purpose};
use fragrant::message::{AuthorizationRequest, ReservedParameter};
use fragrant::profile::Profile;
use fragrant::spec::RequestParameter;
use fragrant::value::{
    AuthorizationEndpoint, ClientId, Display, Nonce, Prompt, Prompts, RedirectUri, ResponseType, Scope, State,
};

use crate::scenario::{NOW, REDIRECT_URI, Scenario, after, client, entropy, fresh_state};

/// The address that a request makes.
fn url(client: &Client, request: AuthorizationRequest) -> String {
    client.begin(request, entropy(1), NOW).unwrap().0.into_string()
}

#[test]
// req(test): RFC6749-4.2.1-1, RFC6749-4.2.1-2, RFC6749-4.2.1-3, RFC6749-4.2.1-5, RFC6749-4.2.1-6, RFC6749-3.1.1-1
// req(test): RFC6749-3.1.2.3-1, OAUTHRESP-2.1-1, OIDC-3.1.2.1-4
fn the_smallest_request_is_the_type_the_client_the_redirect_uri_and_the_state() {
    let scenario = Scenario::new();
    assert_eq!(
        url(&scenario.client(), scenario.request()),
        "https://as.example/authorize?response_type=token&client_id=s6BhdRkqt3\
         &redirect_uri=https%3A%2F%2Fapp.example%2Fcb&state=xyz"
    );
}

#[test]
// req(test): RFC6749-4.2.1-1, RFC6749-B-1, OIDC-3.1.2.1-6
fn every_field_is_sent_encoded_in_the_order_of_the_specification() {
    let client = client(Profile::STRICT).with_parameter("brand_id", "1210").unwrap();
    let mut request = client.authorization_request();
    request.response_type = ResponseType::new("token id_token").unwrap();
    request.scope = Some(Scope::new("Contacts Read&Call=Log").unwrap());
    request.state = Some(State::new("{\"page\":\"/ä?b+c\"}").unwrap());
    request.nonce = Some(Nonce::new("n-0S6_WzA2Mj").unwrap());
    request.prompt = Some(Prompts::new([Prompt::LOGIN, Prompt::CONSENT]).unwrap());
    request.display = Some(Display::new("touch").unwrap());
    request.add_extra("ui_locales", "de fr").unwrap();
    assert_eq!(
        url(&client, request),
        "https://as.example/authorize?response_type=id_token%20token&client_id=s6BhdRkqt3\
         &redirect_uri=https%3A%2F%2Fapp.example%2Fcb&scope=Contacts%20Read%26Call%3DLog\
         &state=%7B%22page%22%3A%22%2F%C3%A4%3Fb%2Bc%22%7D&nonce=n-0S6_WzA2Mj&prompt=login%20consent\
         &display=touch&brand_id=1210&ui_locales=de%20fr"
    );
}

#[test]
// req(test): RFC6749-4.2.1-6, RFC6749-10.12-3, RFC6819-4.4.2.5-1, RFC8252-8.9-1, RFC6749-10.8-2, RFC6749-10.12-2
fn a_request_without_a_state_gets_a_fresh_one() {
    let scenario = Scenario::new().with_fresh_state();
    let begin = |byte| scenario.client().begin(scenario.request(), entropy(byte), NOW).unwrap();
    let (url, awaiting) = begin(0xA7);
    let state = fresh_state(0xA7);
    assert_eq!(state.len(), 56);
    assert_eq!(
        url.as_str(),
        format!(
            "https://as.example/authorize?response_type=token&client_id=s6BhdRkqt3\
             &redirect_uri=https%3A%2F%2Fapp.example%2Fcb&state={state}"
        )
    );
    assert_eq!(awaiting.key().to_text(), &state[..16]);
    assert_ne!(begin(0xA8).0, url);
    assert_ne!(begin(0xA8).1.key(), awaiting.key());
}

#[test]
fn a_fresh_state_uses_other_bytes_than_a_fresh_nonce() {
    let scenario = Scenario::new().with_fresh_state().with_id_token();
    let mut bytes = [0; 64];
    for (byte, value) in bytes.iter_mut().zip(0u8..) {
        *byte = value;
    }
    let entropy = fragrant::value::Entropy::new(bytes);
    let (url, _) = scenario.client().begin(scenario.request(), entropy, NOW).unwrap();
    assert_eq!(
        url.as_str(),
        "https://as.example/authorize?response_type=id_token%20token&client_id=s6BhdRkqt3\
         &redirect_uri=https%3A%2F%2Fapp.example%2Fcb\
         &state=000102030405060708090a0b0c0d0e0f101112131415161718191a1b\
         &nonce=1c1d1e1f202122232425262728292a2b2c2d2e2f"
    );
}

#[test]
// req(test): OIDC-3.2.2.1-3, OIDC-15.5.2-1
fn a_nonce_is_drawn_for_an_id_token_and_only_then() {
    let plain = Scenario::new();
    let with_id_token = Scenario::new().with_id_token();
    assert!(!url(&plain.client(), plain.request()).contains("nonce"));
    let begin = |byte| {
        with_id_token.client().begin(with_id_token.request(), entropy(byte), NOW).unwrap().0.into_string()
    };
    assert!(begin(1).ends_with(&format!("&nonce={}", "01".repeat(20))));
    assert!(begin(2).ends_with(&format!("&nonce={}", "02".repeat(20))));
}

#[test]
// req(test): RFC6749-3.1-2
fn the_query_of_the_endpoint_is_kept() {
    for (endpoint, start) in [
        ("https://as.example/authorize?tenant=a%20b", "https://as.example/authorize?tenant=a%20b&"),
        ("https://as.example/authorize?tenant", "https://as.example/authorize?tenant&"),
        ("https://as.example/authorize?", "https://as.example/authorize?"),
        ("http://127.0.0.1:8080/", "http://127.0.0.1:8080/?"),
    ] {
        let client = Client::new(
            Profile::STRICT,
            AuthorizationEndpoint::new(endpoint).unwrap(),
            ClientId::new("c").unwrap(),
            RedirectUri::new("com.example.app:/cb").unwrap(),
        );
        let mut request = client.authorization_request();
        request.state = Some(State::new("s").unwrap());
        assert_eq!(
            url(&client, request),
            format!("{start}response_type=token&client_id=c&redirect_uri=com.example.app%3A%2Fcb&state=s"),
            "{endpoint}"
        );
    }
}

#[test]
fn a_custom_parameter_overrides_no_reserved_one() {
    for parameter in RequestParameter::ALL.iter().filter(|parameter| parameter.is_reserved()) {
        let name = parameter.name();
        let error = client(Profile::STRICT).with_parameter(name, "x").unwrap_err();
        assert_eq!(error, ReservedParameter::Reserved(name));
        assert_eq!(error.to_string(), format!("{name}: a reserved parameter cannot be set as a custom one"));
        assert_eq!(Scenario::new().request().add_extra(name, "x"), Err(ReservedParameter::Reserved(name)));
    }
    let reserved: Vec<&str> = RequestParameter::ALL
        .iter()
        .filter(|parameter| parameter.is_reserved())
        .map(|parameter| parameter.name())
        .collect();
    assert_eq!(
        reserved,
        [
            "response_type",
            "client_id",
            "redirect_uri",
            "scope",
            "state",
            "response_mode",
            "nonce",
            "prompt",
            "display",
            "request",
            "request_uri"
        ]
    );
}

#[test]
fn a_custom_parameter_stands_once_and_has_a_name() {
    let client = client(Profile::STRICT).with_parameter("brand_id", "1210").unwrap();
    let twice = ReservedParameter::Twice("brand_id".into());
    assert_eq!(client.clone().with_parameter("brand_id", "1211").unwrap_err(), twice);
    let mut request = client.authorization_request();
    assert_eq!(request.add_extra("brand_id", "1211"), Err(twice.clone()));
    assert_eq!(request.extra("brand_id"), Some("1210"));
    assert_eq!(twice.to_string(), "brand_id: the parameter is there already, and none may occur twice");
    let error = client.with_parameter("", "x").unwrap_err();
    assert_eq!(error, ReservedParameter::NoName);
    assert_eq!(error.to_string(), "a custom parameter needs a name");
}

#[test]
fn an_empty_custom_parameter_is_left_out_of_the_request() {
    let client = client(Profile::STRICT).with_parameter("brand_id", "").unwrap();
    let mut request = client.authorization_request();
    request.state = Some(State::new("s").unwrap());
    assert_eq!(
        url(&client, request),
        "https://as.example/authorize?response_type=token&client_id=s6BhdRkqt3\
         &redirect_uri=https%3A%2F%2Fapp.example%2Fcb&state=s"
    );
}

#[test]
// req(test): BBA-Redirect_URI-1
fn another_clients_request_is_refused() {
    let scenario = Scenario::new();
    let begin = |change: &dyn Fn(&mut AuthorizationRequest)| {
        let mut request = scenario.request();
        change(&mut request);
        scenario.client().begin(request, entropy(1), NOW).map(|(url, _)| url).unwrap_err()
    };
    let other = begin(&|request| request.client_id = ClientId::new("s6BhdRkqt4").unwrap());
    assert_eq!(other, BeginError::OtherClient);
    assert_eq!(other.to_string(), "client_id: the request is not this client's");
    let elsewhere = begin(&|request| {
        request.redirect_uri = Some(RedirectUri::new("https://app.example/cb/").unwrap());
    });
    assert_eq!(elsewhere, BeginError::OtherRedirectUri);
    assert_eq!(elsewhere.to_string(), "redirect_uri: the request's is not this client's");
    // Left out, the server would choose, and nothing could be compared with where the answer came to.
    assert_eq!(begin(&|request| request.redirect_uri = None), BeginError::OtherRedirectUri);
}

#[test]
// req(test): RFC6749-4.2.1-2, OIDC-3.2.2.1-1
fn only_types_with_a_token_in_the_fragment_are_asked_for() {
    let begin = |text: &str| {
        let scenario = Scenario::new();
        let mut request = scenario.request();
        request.response_type = ResponseType::new(text).unwrap();
        scenario.client().begin(request, entropy(1), NOW).map(|_| ())
    };
    for good in ["token", "id_token token", "token id_token"] {
        assert_eq!(begin(good), Ok(()), "{good}");
    }
    for bad in ["code", "id_token", "code token", "code id_token token", "none", "Token", "tokens"] {
        assert_eq!(begin(bad), Err(BeginError::ResponseType), "{bad}");
    }
    assert_eq!(BeginError::ResponseType.to_string(), "response_type: expected `token` or `id_token token`");
}

#[test]
// req(test): RFC9700-4.4.2-1
fn the_record_says_what_was_asked_and_until_when() {
    let scenario = Scenario::new().with_issuer("https://as.example").with_scope("Contacts");
    let pending = scenario.awaiting_response().into_pending();
    assert_eq!(pending.purpose(), Purpose::Redirect);
    assert_eq!((pending.created(), pending.end()), (NOW, after(600)));
    assert_eq!(pending.scope().map(Scope::as_str), Some("Contacts"));
    assert_eq!(pending.text(), None);
    let profile = Profile::STRICT;
    let expected = pending.expected(&profile);
    assert_eq!(expected.state, Some("xyz"));
    assert_eq!(expected.issuer, Some("https://as.example"));
    assert_eq!(expected.redirect_uri, Some(REDIRECT_URI));
    assert_eq!(expected.response_type, &ResponseType::TOKEN);

    let hasty = scenario.with_client(|client| client.with_pending_lifetime(5));
    assert_eq!(hasty.awaiting_response().pending().end(), after(5));
    let eternal = hasty.with_client(|client| client.with_pending_lifetime(u64::MAX));
    assert_eq!(eternal.awaiting_response().pending().end(), fragrant::value::Timestamp::MAX);
}

#[test]
fn the_address_shows_its_state_to_nobody_but_the_user_agent() {
    let scenario = Scenario::new();
    let (url, awaiting) = scenario.client().begin(scenario.request(), entropy(1), NOW).unwrap();
    assert_eq!(format!("{url:?}"), "AuthorizationUrl(https://as.example/authorize?(redacted))");
    assert!(!format!("{awaiting:?}").contains("xyz"));
}
