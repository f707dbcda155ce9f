//! Planted secrets: each secret the core can hold has the word `planted` in it, and nothing that can be shown may have.
//!
//! A new type that holds a secret, or is made from text that holds one, gets its line in the test of its floor: `debug`
//! for what has only `Debug`, `display` for what has both.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)] // helpers outside `#[test]` functions fail tests too

use std::fmt::{Debug, Display};

use fragrant::client::rules::{Expected, SuccessResponse, Verdict};
use fragrant::client::{Client, Received, Rejection, Renewed, StoredToken};
use fragrant::message::{
    AccessTokenResponse, AuthorizationRequest, AuthorizationResponse, ErrorDescription, ErrorResponse,
    ErrorUri, IdTokenResponse, PreparedRequest, ReservedParameter,
};
use fragrant::profile::Profile;
use fragrant::spec::ResponseParameter;
use fragrant::testing::Question;
use fragrant::value::{
    AccessToken, AuthorizationEndpoint, ClientId, Display as DisplayMode, Entropy, ErrorCode, ExpiresIn,
    HttpUri, Issuer, Nonce, Origin, Prompts, RedirectUri, ResponseType, Scope, State, Timestamp, TokenType,
    UnverifiedIdToken,
};
use fragrant::wire::form::{self, Text};
use fragrant::wire::{Limits, Redirect, RequestQuery};

const TOKEN: &str = "planted-access-token";
const ID_TOKEN: &str = "planted.id.token";
const STATE: &str = "planted-state";
const NONCE: &str = "planted-nonce";
/// Entropy that would be seen as hexadecimal digits, as numbers or as text. Its first eight bytes become the key of a
/// generated state, which may be shown: it finds a record and proves nothing.
const ENTROPY: [u8; Entropy::LEN] = *b"-the-keyplantedplantedplantedplantedplantedplantedplantedplanted";

/// Fails if `shown` has anything of a secret in it.
#[track_caller]
fn check(what: &str, shown: &str) {
    let lower = shown.to_ascii_lowercase();
    // As it is; percent-encoded; as the hexadecimal digits of a generated state; as a list of byte values.
    for trace in ["planted", "%70lanted", "706c616e746564", "112, 108, 97, 110", "0x70, 0x6c"] {
        assert!(!lower.contains(trace), "{what} shows a secret: {shown}");
    }
}

/// Checks what has `Debug` alone.
#[track_caller]
fn debug(value: &impl Debug) {
    check("Debug", &format!("{value:?}"));
    check("Debug", &format!("{value:#?}"));
}

/// Checks what has `Display` too: errors, above all.
#[track_caller]
fn display(value: &(impl Debug + Display)) {
    debug(value);
    check("Display", &value.to_string());
}

/// Checks an error and whatever caused it.
#[track_caller]
fn error(error: impl std::error::Error) {
    display(&error);
    let mut source = error.source();
    while let Some(cause) = source {
        check("the cause", &format!("{cause} {cause:?}"));
        source = cause.source();
    }
}

fn entropy() -> Entropy {
    Entropy::new(ENTROPY)
}

fn question() -> Question {
    Question::new().with_state(STATE)
}

/// Addresses with secrets everywhere that come to every kind of verdict.
fn redirects() -> Vec<String> {
    let answer = format!("access_token={TOKEN}&token_type=bearer&state={STATE}&id_token={ID_TOKEN}");
    let mut all = vec![
        format!("#{answer}"),
        format!("#{answer}&code=planted-code&refresh_token=planted-refresh"),
        format!("https://app.example/cb?state={STATE}#{answer}"),
        format!("https://app.example/#/cb?{answer}"),
        format!("#/{answer}"),
        // A route that is an answer written badly.
        format!("#/{answer}?x=1"),
        format!("#error=access_denied&state={STATE}"),
        format!("https://app.example/cb?error=access_denied&state={STATE}"),
        format!("https://app.example/cb?{answer}"),
        format!("#{answer}&error=access_denied"),
        format!("#access_token={TOKEN}%0A&token_type=bearer&state={STATE}"),
        format!("#access_token={TOKEN}&token_type=planted&state={STATE}"),
        format!("#{answer}&expires_in=planted"),
        format!("#{answer}&scope=planted%22"),
        format!("#error=planted%22&state={STATE}"),
        format!("#error=e&error_description=planted%22&error_uri=planted%22&state={STATE}"),
        format!("#{answer}&state={STATE}"),
        format!("#access_token={TOKEN}&access_token={TOKEN}"),
        format!("#access_token={TOKEN}&token_type=bearer&state={STATE}-other"),
        format!("#access_token={TOKEN}&token_type=bearer"),
        format!("#state={STATE}"),
        format!("?{answer}"),
        format!("#{answer}{}", "&x".repeat(100)),
        format!("#{answer}&x={}", "y".repeat(70_000)),
        format!("##{answer}"),
        format!("#{answer}#{answer}"),
        // A pair, or a secret alone, in the place of a name.
        format!("#access_token%3D{TOKEN}%26state%3D{STATE}=%zz"),
        format!("#{answer}&access_token%3D{TOKEN}%26state%3D{STATE}=1"),
        format!("#{TOKEN}=%zz&x=1"),
    ];
    for bad in ["%", "%FF", "é", " ", "\n", "#"] {
        all.push(format!("#access_token={TOKEN}{bad}&token_type=bearer&state={STATE}"));
        all.push(format!("#access_token={bad}{TOKEN}&state={STATE}{bad}"));
        all.push(format!("#{answer}&{STATE}{bad}"));
    }
    all
}

#[test]
// req(test): RFC6749-10.3-1
fn values() {
    debug(&AccessToken::new(TOKEN).unwrap());
    debug(&UnverifiedIdToken::new(ID_TOKEN).unwrap());
    debug(&State::new(STATE).unwrap());
    debug(&State::generate(&entropy()));
    debug(&Nonce::new(NONCE).unwrap());
    debug(&Nonce::generate(&entropy()));
    debug(&entropy());
    debug(&Some([AccessToken::new(TOKEN).unwrap()]));
    // The key of a state that was brought is a hash of it.
    display(&State::new(STATE).unwrap().pending_key());
}

#[test]
fn refused_values() {
    let bad = format!("{TOKEN}\n\"\\é");
    error(AccessToken::new(&*bad).unwrap_err());
    error(UnverifiedIdToken::new(&*bad).unwrap_err());
    error(State::new(&*bad).unwrap_err());
    error(Nonce::new(&*bad).unwrap_err());
    // What is no secret by itself is often handed one by mistake.
    error(ClientId::new(&*bad).unwrap_err());
    error(DisplayMode::new(&*bad).unwrap_err());
    error(ErrorCode::new(&*bad).unwrap_err());
    error(ErrorDescription::new(&*bad).unwrap_err());
    error(ErrorUri::new(&*bad).unwrap_err());
    error(ExpiresIn::parse(&bad).unwrap_err());
    error(Issuer::new(&*bad).unwrap_err());
    error(Prompts::parse(&bad).unwrap_err());
    error(ResponseType::new(&*bad).unwrap_err());
    error(Scope::new(&*bad).unwrap_err());
    error(TokenType::new(&*bad).unwrap_err());
    for address in [
        bad.clone(),
        format!("https://planted@as.example/{bad}"),
        format!("https://as.example/#access_token={TOKEN}"),
        format!("https://as.example/?access_token={TOKEN}#"),
        format!("https://planted%zz/{TOKEN}"),
        format!("planted:{TOKEN} "),
        format!("https://as.example:planted/{TOKEN}"),
    ] {
        HttpUri::parse(&*address).err().into_iter().for_each(error);
        Origin::new(&*address).err().into_iter().for_each(error);
        error(RedirectUri::new(&*address).unwrap_err());
        error(AuthorizationEndpoint::new(&*address).unwrap_err());
    }
}

#[test]
fn messages() {
    let state = State::new(STATE).unwrap();
    let mut token = AccessTokenResponse::new(AccessToken::new(TOKEN).unwrap(), TokenType::BEARER);
    token.state = Some(state.clone());
    token.id_token = Some(UnverifiedIdToken::new(ID_TOKEN).unwrap());
    debug(&token);
    debug(&AuthorizationResponse::AccessToken(token));

    let id_token = UnverifiedIdToken::new(ID_TOKEN).unwrap();
    let id_token = IdTokenResponse {
        expires_in: None,
        scope: None,
        id_token,
        state: Some(state.clone()),
        iss: None,
        extra: Default::default(),
    };
    debug(&id_token);
    debug(&AuthorizationResponse::IdToken(id_token));

    let mut no = ErrorResponse::new(ErrorCode::ACCESS_DENIED);
    no.state = Some(state.clone());
    debug(&no);
    debug(&AuthorizationResponse::Error(no));

    let mut request = AuthorizationRequest::new(
        ClientId::new("client").unwrap(),
        RedirectUri::new("https://app.example/cb").unwrap(),
    );
    request.state = Some(state);
    request.nonce = Some(Nonce::new(NONCE).unwrap());
    debug(&request);
    let refused: ReservedParameter = request.add_extra("state", STATE).unwrap_err();
    error(refused);
    for endpoint in
        ["https://as.example/authorize", "https://as.example/authorize?tenant=1", "https://as.example/?"]
    {
        let endpoint = AuthorizationEndpoint::new(endpoint).unwrap();
        let url = request.to_url(&endpoint);
        assert!(url.as_str().contains(STATE) && url.as_str().contains(NONCE));
        debug(&url);
        // What others call a parameter may be a secret of theirs.
        let mut prepared = request.clone();
        prepared.nonce = None;
        prepared.add_extra("session", TOKEN).unwrap();
        let prepared = PreparedRequest::new(&prepared, &endpoint).unwrap();
        assert!(prepared.to_url(&State::new(STATE).unwrap()).as_str().contains(TOKEN));
        debug(&prepared);
        let shown = format!("{}?(redacted)", endpoint.as_str().split('?').next().unwrap());
        assert_eq!(format!("{prepared:?}"), format!("PreparedRequest({shown})"));
        assert_eq!(format!("{url:?}"), format!("AuthorizationUrl({shown})"));
    }
}

#[test]
fn views_of_the_wire() {
    for input in redirects() {
        let redirect = Redirect::split(&input);
        debug(&redirect);
        match redirect.parameters(&Limits::DEFAULT, &[]) {
            Ok(parameters) => {
                debug(&parameters);
                debug(&parameters.fragment);
                for parameter in ResponseParameter::ALL {
                    debug(&parameters.fragment.get(*parameter));
                }
                parameters.query.unknown().for_each(|(_, pair)| debug(&pair));
            }
            Err(flaw) => {
                error(flaw.clone());
                display(&Rejection::from(flaw));
            }
        }
        let pairs = form::pairs(&input, 0);
        debug(&pairs);
        let query = RequestQuery::read(&input, &Limits::DEFAULT);
        debug(&query);
        AuthorizationRequest::from_query(&query).err().into_iter().for_each(error);
        if let Err(flaw) = Redirect::split_bytes(&[input.as_bytes(), b"\xFF"].concat()) {
            error(flaw);
        }
    }
    for bad in ["%", "\u{1}", "é", "%FF"] {
        error(Text::check(&format!("{TOKEN}{bad}")).unwrap_err());
    }
    debug(&Text::check(TOKEN));
    for bad in form::pairs(&format!("access_token={TOKEN}%&state={STATE}"), 0) {
        debug(&bad);
    }
}

/// An answer without its `#`, as it is pasted by hand, is taken for an address.
#[test]
fn an_answer_that_lost_its_hash() {
    let input = format!("access_token={TOKEN}&token_type=bearer&state={STATE}");
    debug(&question().judge(&input));
    debug(&Redirect::split(&input));
}

#[test]
fn verdicts() {
    let types = [ResponseType::TOKEN, ResponseType::ID_TOKEN, ResponseType::ID_TOKEN_TOKEN];
    let expectations = types.into_iter().flat_map(|response_type| {
        let plain = Question { response_type, ..question() };
        let strict = Question {
            issuer: Some("https://as.example".into()),
            redirect_uri: Some("https://app.example/cb".into()),
            ..plain.clone()
        };
        let late = Question { end: Some(Timestamp::from_unix_seconds(0)), ..plain.clone() };
        [Question { state: None, ..plain.clone() }, plain, strict, late]
    });
    let (mut granted, mut returned, mut rejected) = (0, 0, 0);
    for question in expectations {
        let expected: Expected<'_> = question.expected();
        debug(&expected);
        for input in redirects() {
            let verdict = question.judge(&input);
            debug(&verdict);
            match verdict {
                Verdict::TokenGranted(answer) => {
                    granted += 1;
                    match answer.response {
                        SuccessResponse::AccessToken(response) => debug(&response),
                        SuccessResponse::IdToken(response) => debug(&response),
                    }
                }
                Verdict::ErrorReturned(answer) => {
                    returned += 1;
                    debug(&answer.response);
                }
                Verdict::ResponseRejected(rejection) | Verdict::NotOurs(rejection) => {
                    rejected += 1;
                    error(rejection);
                }
            }
        }
    }
    assert!(granted > 10 && returned > 5 && rejected > 100, "{granted}, {returned}, {rejected}");
}

#[test]
fn the_client() {
    let client = Client::new(
        Profile::STRICT,
        AuthorizationEndpoint::new("https://as.example/authorize").unwrap(),
        ClientId::new("client").unwrap(),
        RedirectUri::new("https://app.example/cb").unwrap(),
    )
    .with_api_origin(Origin::new("https://api.example").unwrap());
    debug(&client);
    let now = Timestamp::from_unix_seconds(1_000);

    // Drawn and brought states.
    let (url, awaiting) = client.begin(client.authorization_request(), entropy(), now).unwrap();
    debug(&url);
    debug(&awaiting);
    debug(awaiting.pending());

    let mut request = client.authorization_request();
    request.state = Some(State::new(STATE).unwrap());
    request.nonce = Some(Nonce::new(NONCE).unwrap());
    request.response_type = ResponseType::ID_TOKEN_TOKEN;
    let (url, awaiting) = client.begin(request, entropy(), now).unwrap();
    debug(&url);
    debug(&awaiting);
    let record = awaiting.pending().encode();
    assert!(record.contains(STATE) && record.contains(NONCE));
    debug(&fragrant::client::PendingAuthorization::decode(&record).unwrap());
    for bad in [
        record.replace("purpose=", "purpose=planted"),
        record.replace("end=", "end=planted"),
        format!("{record}&planted=planted"),
        format!("{record}%"),
    ] {
        error(fragrant::client::PendingAuthorization::decode(&bad).unwrap_err());
    }
    for input in redirects() {
        let received = awaiting.clone().receive(&input, now);
        debug(&received);
    }

    let address = format!(
        "https://app.example/cb#access_token={TOKEN}&token_type=bearer&expires_in=60&state={STATE}&id_token={ID_TOKEN}"
    );
    let Received::Authorized(mut authorized) = awaiting.receive(&address, now) else { panic!() };
    debug(&authorized);
    let call = authorized.api_request("GET", "https://api.example/me").unwrap();
    assert!(call.reveal_authorization().contains(TOKEN));
    display(&call);
    error(authorized.api_request("GET", &format!("https://evil.example/{TOKEN}")).unwrap_err());
    error(authorized.api_request(TOKEN, &format!("https://api.example/{TOKEN} ")).unwrap_err());

    let stored: &StoredToken = authorized.stored_token();
    debug(stored);
    let record = stored.encode();
    assert!(record.contains(TOKEN));
    for bad in [
        record.replace("expiry=", "expiry=planted"),
        format!("{record}&planted=planted"),
        format!("{record}%"),
    ] {
        error(StoredToken::decode(&bad).unwrap_err());
    }

    let (url, renewal) = authorized.renew(entropy(), now).unwrap();
    debug(&url);
    debug(&renewal);
    for input in redirects() {
        let renewed: Renewed = renewal.clone().receive(&mut authorized, &input, now);
        debug(&renewed);
        debug(&authorized);
    }
}
