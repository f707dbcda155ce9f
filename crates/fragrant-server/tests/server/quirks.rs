//! Each quirk of the server, and what our client makes of it.

use std::borrow::Cow;
use std::time::{Duration, Instant};

use fragrant::client::rules::{Channel, Expected, Note, Verdict, judge};
use fragrant::client::{AwaitingResponse, Client, Received};
use fragrant::profile::Profile;
use fragrant::value::{Entropy, ResponseType};
use fragrant::wire::Redirect;
use fragrant_profiles::{rfc6749, ringcentral};
use fragrant_server::{EchoedState, ErrorStatus, Quirks, Server, Spaces, Written};

use crate::browser::Answer;
use crate::scenario::{Scenario, scope, server};

/// A server with one quirk, which does not name itself unless that is what the quirk is about.
fn quirky(set: impl FnOnce(&mut Quirks)) -> Server {
    let mut quirks = Quirks::default();
    set(&mut quirks);
    server(&rfc6749::PROVIDER).with_issuer(false).with_quirks(quirks)
}

/// What the resource owner says.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Says {
    Yes,
    No,
}

/// The answer of this server on real sockets, and what a client of this profile makes of it.
fn received(settings: Server, profile: &Profile, says: Says) -> (String, Received) {
    let mut scenario = Scenario::start(settings);
    let own = scenario.server.client();
    let (endpoint, uri) = (own.endpoint().clone(), own.redirect_uri().clone());
    let mut client = Client::new(profile.clone(), endpoint, own.client_id().clone(), uri);
    if let Some(issuer) = scenario.server.issuer() {
        client = client.with_issuer(issuer.clone());
    }
    let (url, awaiting) = begin(&client, &scenario);
    let login = scenario.browser.get(&url);
    let consent = scenario.log_in(&login);
    let answer = match says {
        Says::Yes => scenario.allow(&consent),
        Says::No => {
            let form = consent.form().with(&[("decision", "deny")]);
            scenario.browser.submit(&form)
        }
    };
    // Whatever is wrong with the answer, it goes where the client is registered.
    let location = answer.location().to_owned();
    let registered = scenario.server.redirect_uri().as_str();
    let rest = location.strip_prefix(registered).unwrap();
    assert!(rest.starts_with(['#', '?']), "{location}");
    let received = awaiting.receive(&location, scenario.server.clock().now());
    (location, received)
}

fn begin(client: &Client, scenario: &Scenario) -> (String, AwaitingResponse) {
    let mut request = client.authorization_request();
    request.scope = Some(scope("read write"));
    let entropy = Entropy::new([1; Entropy::LEN]);
    let (url, awaiting) = client.begin(request, entropy, scenario.server.clock().now()).unwrap();
    (url.into_string(), awaiting)
}

/// In a word: `authorized`, `denied` with where it stood, or why it is not believed and whether the request still stands.
fn word(received: &Received) -> String {
    match received {
        Received::Authorized(_) => "authorized".into(),
        Received::Denied(denied) => format!("denied in the {}", denied.channel),
        Received::NotOurs(_) => "not ours".into(),
        Received::Rejected { rejection, awaiting: Some(_) } => format!("{}, and waits on", rejection.reason),
        Received::Rejected { rejection, awaiting: None } => rejection.reason.to_string(),
    }
}

#[test]
fn what_a_strict_client_says_to_each() {
    type Set = fn(&mut Quirks);
    let table: &[(Set, &str, &str)] = &[
        (|_| {}, "authorized", "denied in the fragment"),
        // Harmless.
        (|quirks| quirks.spaces = Spaces::Plus, "authorized", "denied in the fragment"),
        (
            |quirks| quirks.extra_parameters = [("session_state".into(), "a b".into())].into(),
            "authorized",
            "denied in the fragment",
        ),
        (|quirks| quirks.expires_in = Written::LeftOut, "authorized", "denied in the fragment"),
        (
            |quirks| quirks.iss = Written::As("https://other.example".into()),
            "authorized",
            "denied in the fragment",
        ),
        // A state of ours has nothing in it to escape.
        (|quirks| quirks.state = EchoedState::Raw, "authorized", "denied in the fragment"),
        (|quirks| quirks.errors_in_query = true, "authorized", "denied in the query"),
        // Anybody may have sent these, so the request stands.
        (|quirks| quirks.tokens_in_query = true, "token_in_query, and waits on", "denied in the fragment"),
        (
            |quirks| quirks.state = EchoedState::Dropped,
            "state_missing, and waits on",
            "state_missing, and waits on",
        ),
        (
            |quirks| quirks.state = EchoedState::Doubled,
            "duplicate_parameter, and waits on",
            "duplicate_parameter, and waits on",
        ),
        (
            |quirks| quirks.extra_parameters = [("error".into(), "server_error".into())].into(),
            "error_and_token, and waits on",
            "duplicate_parameter, and waits on",
        ),
        // These are the answer, and it is none.
        (|quirks| quirks.token_type = Written::LeftOut, "token_type_missing", "denied in the fragment"),
        (
            |quirks| quirks.token_type = Written::As(String::new()),
            "token_type_missing",
            "denied in the fragment",
        ),
        (
            |quirks| quirks.token_type = Written::As("mac".into()),
            "token_type_unsupported",
            "denied in the fragment",
        ),
    ];
    for (set, yes, no) in table {
        for (says, expected) in [(Says::Yes, yes), (Says::No, no)] {
            let (location, received) = received(quirky(set), &Profile::STRICT, says);
            assert_eq!(word(&received), **expected, "{says:?}: {location}");
        }
    }
}

#[test]
fn a_plus_sign_is_a_space() {
    // RingCentral always says the scope, and this one has a space in it.
    let mut quirks = Quirks::default();
    quirks.spaces = Spaces::Plus;
    let settings = server(&ringcentral::PROVIDER).with_quirks(quirks);
    let mut scenario = Scenario::start(settings);
    let requested = scope("Contacts ReadCallLog");
    let (url, awaiting) = scenario.begin(Some(requested.clone()));
    let login = scenario.browser.get(&url);
    let consent = scenario.log_in(&login);
    let answer = scenario.allow(&consent);
    assert!(answer.location().contains("&scope=Contacts+ReadCallLog&"), "{}", answer.location());
    let Received::Authorized(authorized) = awaiting.receive(answer.location(), scenario.server.clock().now())
    else {
        panic!("{}", answer.location())
    };
    assert_eq!(authorized.scope(), Some(&requested));
}

#[test]
fn lifetimes_that_are_none() {
    for odd in ["-1", "3600.5", "1e3", "never", " 3600", "+3600", "3600s", "99999999999999999999"] {
        let settings = quirky(|quirks| quirks.expires_in = Written::As(odd.into()));
        let (location, received) = received(settings, &Profile::STRICT, Says::Yes);
        assert_eq!(word(&received), "expires_in_invalid", "{location}");
    }
}

#[test]
fn lifetimes_that_a_client_can_live_with() {
    let now = 1_760_000_000;
    let documented = Profile::STRICT.with_default_lifetime(900);
    for (written, profile, end) in [
        // Nobody knows when it ends, unless the provider documents it. What is empty is not there.
        (Written::LeftOut, &Profile::STRICT, None),
        (Written::As(String::new()), &Profile::STRICT, None),
        (Written::LeftOut, &documented, Some(now + 900)),
        (Written::As(String::new()), &documented, Some(now + 900)),
        (Written::As("0".into()), &documented, Some(now)),
        // Longer than there is time.
        (Written::As("18446744073709551615".into()), &documented, Some(u64::MAX)),
    ] {
        let settings = quirky(|quirks| quirks.expires_in = written.clone());
        let (location, received) = received(settings, profile, Says::Yes);
        let Received::Authorized(authorized) = received else { panic!("{location}: {received:?}") };
        let expiry = authorized.expiry().map(|expiry| expiry.moment().as_unix_seconds());
        assert_eq!(expiry, end, "{location}");
    }
}

#[test]
fn a_missing_token_type_can_be_forgiven_and_another_one_cannot() {
    let lenient = Profile::STRICT.forgive_missing_token_type();
    for (written, expected) in [
        (Written::LeftOut, "authorized"),
        (Written::As(String::new()), "authorized"),
        (Written::As("mac".into()), "token_type_unsupported"),
    ] {
        let settings = quirky(|quirks| quirks.token_type = written.clone());
        let (location, received) = received(settings, &lenient, Says::Yes);
        assert_eq!(word(&received), expected, "{location}");
    }
}

#[test]
fn a_parameter_that_a_profile_knows_may_not_be_doubled() {
    const NAMES: Cow<'static, [Cow<'static, str>]> = Cow::Borrowed(&[Cow::Borrowed("owner_id")]);
    let settings = || {
        let mut quirks = Quirks::default();
        quirks.extra_parameters = [("owner_id".into(), "1".into())].into();
        server(&ringcentral::PROVIDER).with_quirks(quirks)
    };
    let knows = Profile::STRICT.with_response_parameters(NAMES);
    for (profile, expected) in
        [(&Profile::STRICT, "authorized"), (&knows, "duplicate_parameter, and waits on")]
    {
        let mut scenario = Scenario::start(settings());
        let own = scenario.server.client();
        let (endpoint, uri) = (own.endpoint().clone(), own.redirect_uri().clone());
        let client = Client::new(profile.clone(), endpoint, own.client_id().clone(), uri);
        let entropy = Entropy::new([1; Entropy::LEN]);
        let now = scenario.server.clock().now();
        let (url, awaiting) = client.begin(client.authorization_request(), entropy, now).unwrap();
        let login = scenario.browser.get(url.as_str());
        let consent = scenario.log_in(&login);
        let answer = scenario.allow(&consent);
        assert_eq!(answer.location().matches("owner_id=").count(), 2, "{}", answer.location());
        assert_eq!(word(&awaiting.receive(answer.location(), now)), expected);
    }
}

#[test]
// req(test): RFC9207-2.4-2, RFC9207-2.4-5
fn an_issuer_that_is_wrong_or_missing() {
    for (written, expected) in [
        (Written::Honestly, "authorized"),
        (Written::As("https://other.example".into()), "issuer_mismatch, and waits on"),
        (Written::LeftOut, "issuer_missing, and waits on"),
    ] {
        let settings = quirky(|quirks| quirks.iss = written.clone()).with_issuer(true);
        let (location, received) = received(settings, &Profile::STRICT, Says::Yes);
        assert_eq!(word(&received), expected, "{location}");
    }
    // A client that knows no issuer is told that there is one.
    let settings = quirky(|quirks| quirks.iss = Written::As("https://other.example".into()));
    let (_, received) = received(settings, &Profile::STRICT, Says::Yes);
    let Received::Authorized(authorized) = received else { panic!("{received:?}") };
    assert!(authorized.notes().contains(&Note::IssuerUnexpected));
}

/// The answer to a request that ends in an error without any page, with this state, which is written as in a form.
fn silent_error(scenario: &mut Scenario, state: &str) -> Answer {
    scenario.authorize(&format!("response_type=token&client_id=web&scope=read&prompt=none&state={state}"))
}

#[test]
fn a_raw_state_that_needs_escapes() {
    let mut scenario = Scenario::start(quirky(|quirks| quirks.state = EchoedState::Raw));
    for (sent, state, raw, reason) in [
        ("a%26b%3Dc", "a&b=c", "a&b=c", "state_mismatch"),
        ("a%2Bb", "a+b", "a+b", "state_mismatch"),
        ("a%2520b", "a%20b", "a%20b", "state_mismatch"),
        ("100%25", "100%", "100%", "malformed"),
        ("a%20b", "a b", "a b", "malformed"),
        ("%C3%A9", "\u{e9}", "%C3%A9", "denied"),
        ("x%26access_token%3Dy", "x&access_token=y", "x&access_token=y", "error_and_token"),
    ] {
        let answer = silent_error(&mut scenario, sent);
        let expected = format!("https://app.example/cb#error=login_required&state={raw}");
        assert_eq!(answer.location(), expected);
        let expected = Expected {
            response_type: &ResponseType::TOKEN,
            state: Some(state),
            issuer: None,
            redirect_uri: Some("https://app.example/cb"),
            scope: None,
            end: None,
            profile: &Profile::STRICT,
        };
        let verdict = judge(&expected, &Redirect::split(answer.location()), scenario.server.clock().now());
        match verdict {
            Verdict::ErrorReturned(returned) => {
                assert_eq!((reason, returned.channel), ("denied", Channel::Fragment), "{raw}");
            }
            Verdict::ResponseRejected(rejection) => assert_eq!(rejection.reason.as_str(), reason, "{raw}"),
            other => panic!("{raw}: {other:?}"),
        }
    }
}

#[test]
fn a_state_adds_no_header_and_changes_no_address() {
    for (in_query, start) in
        [(false, "https://app.example/cb#error="), (true, "https://app.example/cb?error=")]
    {
        let mut scenario = Scenario::start(quirky(|quirks| {
            quirks.state = EchoedState::Raw;
            quirks.errors_in_query = in_query;
            quirks.extra_parameters = [("a\r\nset-cookie: x".into(), "b\r\n\r\n<p>".into())].into();
        }));
        for state in [
            "x%0D%0Aset-cookie:%20planted=1",
            "x%0A%0A%3Cscript%3E",
            "%40evil.example%2F",
            "%2F..%2F..%2F%2Fevil.example",
            "%23%3F%5C%5Cevil.example",
            "%00%7F%09",
            "%E2%80%A8",
            "%20%20",
        ] {
            let answer = silent_error(&mut scenario, state);
            assert!(answer.location().starts_with(start), "{}", answer.location());
            assert!(
                answer.location().bytes().all(|byte| (b' '..=b'~').contains(&byte)),
                "{}",
                answer.location()
            );
            assert_eq!(answer.header("set-cookie"), None, "{state}");
            assert_eq!(answer.body, "", "{state}");
        }
        // An address that nobody registered is shown no answer at all.
        let answer =
            scenario.authorize("response_type=token&client_id=web&redirect_uri=https://evil.example/");
        assert_eq!((answer.status, answer.header("location")), (400, None));
    }
}

#[test]
fn a_slow_answer_comes_too_late() {
    const DELAY: Duration = Duration::from_secs(1);
    let mut scenario = Scenario::start(quirky(|quirks| quirks.delay = DELAY));
    let (url, awaiting) = scenario.begin(Some(scope("read")));
    let begun = Instant::now();
    let login = scenario.browser.get(&url);
    assert!(begun.elapsed() >= DELAY);
    // It stays slow until the running server is told otherwise.
    scenario.server.delay_answers(Duration::ZERO);
    let consent = scenario.log_in(&login);
    let answer = scenario.allow(&consent);
    scenario.server.clock().advance(600);
    let received = awaiting.receive(answer.location(), scenario.server.clock().now());
    assert_eq!(word(&received), "pending_expired");
}

#[test]
fn a_refusal_is_no_answer() {
    for status in [400, 401, 429, 500, 503, 599] {
        let refusal = ErrorStatus::new(status).unwrap();
        let mut scenario = Scenario::start(quirky(|quirks| quirks.refusal = Some(refusal)));
        let (url, awaiting) = scenario.begin(None);
        let answer = scenario.browser.get(&url);
        assert_eq!((answer.status, answer.header("location")), (status, None));
        assert!(answer.body.contains("answers no requests"), "{}", answer.body);
        assert_eq!(scenario.browser.send("POST", &url, &[("content-type", FORM)], "a=b").status, status);
        // The browser has not come back, and the request stands.
        let received = awaiting.receive(&answer.address, scenario.server.clock().now());
        assert_eq!(word(&received), "not ours");
    }
    for status in [0, 200, 303, 399, 600, u16::MAX] {
        let refused = ErrorStatus::new(status).unwrap_err();
        assert_eq!(refused.to_string(), "expected an HTTP status from 400 to 599", "{status}");
    }
}

const FORM: &str = "application/x-www-form-urlencoded";
