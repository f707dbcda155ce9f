//! Step 4: where the token may go, and in what; and the moment at which it should be renewed.

use fragrant::client::{ApiRequestError, Authorized};
use fragrant::message::ResourceRequest;
use fragrant::profile::Profile;
use fragrant::value::InvalidUri;

use crate::scenario::{ANSWER, NOW, Scenario, TOKEN, address, after, authorized};

/// A client that holds a token for two API servers, one of them on this machine.
fn with_two_servers() -> Authorized {
    Scenario::new()
        .with_api_origin("https://api.example")
        .with_api_origin("http://127.0.0.1:8080")
        .authorized(ANSWER)
}

#[test]
// req(test): RFC6750-2.1-1, RFC6750-2-1, RFC6750-2.3-1, RFC6750-5.3-5
fn a_request_carries_the_token_in_its_header_and_nowhere_else() {
    let request = with_two_servers().api_request("GET", "https://api.example/v1/me?x=1").unwrap();
    assert_eq!(request.method(), "GET");
    assert_eq!(request.uri().as_str(), "https://api.example/v1/me?x=1");
    assert_eq!(ResourceRequest::AUTHORIZATION, "Authorization");
    assert_eq!(request.reveal_authorization().as_str(), "Bearer 2YotnFZFEjr1zCsicMWpAA");
    assert_eq!(request.to_string(), "GET https://api.example/v1/me?x=1");
    assert!(!format!("{request:?}").contains(TOKEN));
}

#[test]
// req(test): RFC6749-10.3-1, RFC6750-5.3-1
fn the_token_goes_to_listed_origins() {
    let authorized = with_two_servers();
    for listed in [
        "https://api.example/",
        "https://api.example/v1/me?a=b&c=%20",
        "https://api.example/https://evil.example/",
        "https://api.example/@evil.example/",
        "http://127.0.0.1:8080/",
    ] {
        assert_eq!(authorized.api_request("POST", listed).unwrap().uri().as_str(), listed);
    }
    // Listing is what allows it: without a list nothing is.
    assert_eq!(
        Scenario::new().authorized(ANSWER).api_request("GET", "https://api.example/"),
        Err(ApiRequestError::OriginNotListed)
    );
}

#[test]
// req(test): RFC6749-10.3-1, RFC6750-5.3-1
fn the_token_goes_nowhere_that_only_looks_listed() {
    use ApiRequestError::{OriginNotListed, Uri};
    let authorized = with_two_servers();
    for (look_alike, expected) in [
        // Another scheme, host or port.
        ("http://api.example/", OriginNotListed),
        ("https://api.example:8443/", OriginNotListed),
        ("https://api.example:80/", OriginNotListed),
        ("https://127.0.0.1:8080/", OriginNotListed),
        ("http://127.0.0.1/", OriginNotListed),
        ("http://127.0.0.1:8081/", OriginNotListed),
        ("http://127.0.0.1:80800/", Uri(InvalidUri::Port)),
        ("http://127.0.0.2:8080/", OriginNotListed),
        ("http://localhost:8080/", OriginNotListed),
        ("http://[::1]:8080/", OriginNotListed),
        // The listed host as a part of another one, or another one as a part of it.
        ("https://api.example.evil.example/", OriginNotListed),
        ("https://api.example./", OriginNotListed),
        ("https://api.example-evil.example/", OriginNotListed),
        ("https://xapi.example/", OriginNotListed),
        ("https://v1.api.example/", OriginNotListed),
        ("https://example/", OriginNotListed),
        ("https://api.exampl/", OriginNotListed),
        ("https://api-example/", OriginNotListed),
        ("https://evil.example/https://api.example/", OriginNotListed),
        ("https://evil.example/?https://api.example/", OriginNotListed),
        ("https://evil.example/#https://api.example/", OriginNotListed),
        ("https://xn--pi-7kc.example/", OriginNotListed),
        // Spellings that different readers read differently.
        ("https://api.example@evil.example/", Uri(InvalidUri::UserInfo)),
        ("https://api.example:443@evil.example/", Uri(InvalidUri::UserInfo)),
        ("https://user@api.example/", Uri(InvalidUri::UserInfo)),
        ("https://@api.example/", Uri(InvalidUri::UserInfo)),
        ("https://api.example\\@evil.example/", Uri(InvalidUri::Character { at: 19 })),
        ("https://evil.example\\.api.example/", Uri(InvalidUri::Character { at: 20 })),
        ("https:\\\\api.example/", Uri(InvalidUri::Character { at: 6 })),
        ("https://api.example%2eevil.example/", Uri(InvalidUri::Host)),
        ("https://api%2eexample/", Uri(InvalidUri::Host)),
        ("https://\u{430}pi.example/", Uri(InvalidUri::Character { at: 8 })),
        ("https://api\u{3002}example/", Uri(InvalidUri::Character { at: 11 })),
        ("https://API.example/", Uri(InvalidUri::Host)),
        ("https://api..example/", Uri(InvalidUri::Host)),
        ("https://api.example:443/", Uri(InvalidUri::DefaultPort)),
        ("https://api.example:0443/", Uri(InvalidUri::Port)),
        ("https://api.example:/", Uri(InvalidUri::Port)),
        ("http://127.1:8080/", Uri(InvalidUri::Ipv4)),
        ("http://0x7f000001:8080/", Uri(InvalidUri::Ipv4)),
        ("http://2130706433:8080/", Uri(InvalidUri::Ipv4)),
        ("http://[::ffff:127.0.0.1]:8080/", Uri(InvalidUri::Ipv6)),
        ("https://api.example", Uri(InvalidUri::NoPath)),
        ("https://api.example?x", Uri(InvalidUri::NoPath)),
        ("https://api.example/../x", Uri(InvalidUri::DotSegment)),
        (" https://api.example/", Uri(InvalidUri::Character { at: 0 })),
        ("https://api.example/\r\nHost:evil.example", Uri(InvalidUri::Character { at: 20 })),
        ("https://api.example/%", Uri(InvalidUri::Escape)),
        // No address of an HTTP server at all.
        ("HTTPS://api.example/", Uri(InvalidUri::Scheme)),
        ("https:/api.example/", Uri(InvalidUri::Scheme)),
        ("https:api.example/", Uri(InvalidUri::Scheme)),
        ("//api.example/", Uri(InvalidUri::Scheme)),
        ("/v1/me", Uri(InvalidUri::Scheme)),
        ("api.example/", Uri(InvalidUri::Scheme)),
        ("wss://api.example/", Uri(InvalidUri::Scheme)),
        ("javascript:https://api.example/", Uri(InvalidUri::Scheme)),
        ("", Uri(InvalidUri::Scheme)),
    ] {
        assert_eq!(authorized.api_request("GET", look_alike), Err(expected), "{look_alike:?}");
    }
}

#[test]
fn a_request_has_a_method() {
    let authorized = with_two_servers();
    for good in ["GET", "POST", "PROPFIND", "get", "M-SEARCH", "!#$%&'*+-.^_`|~"] {
        assert_eq!(authorized.api_request(good, "https://api.example/").unwrap().method(), good);
    }
    for bad in ["", " ", "GET ", "GE T", "GET\r\nX-Evil: 1", "G\u{0}T", "GÉT", "GET:", "GET/", "(GET)"] {
        assert_eq!(
            authorized.api_request(bad, "https://api.example/"),
            Err(ApiRequestError::Method),
            "{bad:?}"
        );
    }
}

#[test]
// req(test): RFC6750-2.1-1, RFC6750-2.1-3, RFC6749-4.2.2-12
fn a_token_is_sent_if_a_header_can_carry_it() {
    let request = |token: &str| {
        let mut answer = String::from("token_type=bearer&state=xyz&access_token=");
        fragrant::wire::form::encode(token, &mut answer);
        let authorized = Scenario::new().with_api_origin("https://api.example").authorized(&answer);
        assert_eq!(authorized.access_token().reveal_secret(), token);
        authorized.api_request("GET", "https://api.example/")
    };
    let long = "x".repeat(60_000);
    for good in ["a", "mF_9.B5f-4.1JqM", "a+/~-._", "a==", "0", &long] {
        let header = request(good).unwrap().reveal_authorization();
        assert_eq!(header.as_str(), format!("Bearer {good}"));
    }
    for bad in ["with space", "a,b", "a\"b", "a=b", "=", " ", "a:b", "{}", "a, Basic eA=="] {
        assert_eq!(request(bad), Err(ApiRequestError::TokenNotSendable), "{bad:?}");
    }
}

#[test]
fn whether_a_token_has_ended_is_for_the_api_server_to_say() {
    let authorized =
        Scenario::new().with_api_origin("https://api.example").authorized(&format!("{ANSWER}&expires_in=0"));
    assert!(authorized.expiry().unwrap().is_past(NOW));
    assert!(authorized.api_request("GET", "https://api.example/").is_ok());
}

#[test]
fn each_refusal_says_what_was_expected_and_holds_no_secret() {
    for (error, text) in [
        (
            ApiRequestError::OriginNotListed,
            "API address: its origin is not one that the token may be sent to",
        ),
        (ApiRequestError::Method, "method: expected an HTTP method such as GET"),
        (
            ApiRequestError::TokenNotSendable,
            "access_token: it has characters that an Authorization header cannot carry",
        ),
        (
            ApiRequestError::Uri(InvalidUri::UserInfo),
            "API address: user information before the host is not allowed",
        ),
    ] {
        assert_eq!(error.to_string(), text);
    }
}

#[test]
fn a_renewal_is_due_the_margin_before_the_end_and_never_before_the_last_quarter() {
    let renew_at = |profile: Profile, lifetime: &str| {
        let answer = address(&format!("{ANSWER}{lifetime}"));
        let awaiting = Scenario::with_profile(profile).awaiting_response();
        authorized(awaiting.receive(&answer, after(5))).renew_at()
    };
    let strict = || Profile::STRICT;
    for (profile, lifetime, expected) in [
        (strict(), "&expires_in=3600", Some(after(5 + 3540))),
        // From 240 seconds down a quarter is less than the margin.
        (strict(), "&expires_in=241", Some(after(5 + 181))),
        (strict(), "&expires_in=240", Some(after(5 + 180))),
        (strict(), "&expires_in=100", Some(after(5 + 75))),
        (strict(), "&expires_in=3", Some(after(5 + 3))),
        (strict(), "&expires_in=0", Some(after(5))),
        (strict(), "", None),
        (strict().with_renewal_margin(300), "&expires_in=3600", Some(after(5 + 3300))),
        (strict().with_renewal_margin(300), "&expires_in=1000", Some(after(5 + 750))),
        (strict().with_renewal_margin(0), "&expires_in=3600", Some(after(5 + 3600))),
        (strict().with_default_lifetime(7200), "", Some(after(5 + 7140))),
    ] {
        assert_eq!(renew_at(profile, lifetime), expected, "{lifetime}");
    }
}

#[test]
fn the_user_is_whom_the_profiles_parameter_names() {
    let answer = format!("{ANSWER}&owner_id=42&endpoint_id=7");
    assert_eq!(Scenario::new().authorized(&answer).user(), None);
    let named = Scenario::with_profile(Profile::STRICT.with_user_parameter("owner_id".into()));
    assert_eq!(named.authorized(&answer).user(), Some("42"));
    assert_eq!(named.authorized(ANSWER).user(), None);
}

#[test]
// req(test): RFC6749-10.3-2, RFC6749-10.8-1, RFC6750-5.3-6
fn the_token_does_not_travel_in_clear_to_another_machine() {
    let authorized = Scenario::new()
        .with_api_origin("http://api.example")
        .with_api_origin("http://127.0.0.1:8080")
        .with_api_origin("http://localhost:8080")
        .authorized(ANSWER);
    assert_eq!(authorized.api_request("GET", "http://api.example/"), Err(ApiRequestError::Insecure));
    assert!(authorized.api_request("GET", "http://127.0.0.1:8080/").is_ok());
    assert!(authorized.api_request("GET", "http://localhost:8080/").is_ok());
}
