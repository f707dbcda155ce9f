//! What comes back, read into types: the status rules, a challenge adds to it.

use fragrant::message::ChallengeFault;
use fragrant::value::{ErrorCode, Scope};
use fragrant_http::Outcome;

use crate::scenario::{answer, outcome_of};

/// What an answer of a status and headers means.
fn outcome(status: &str, headers: &str) -> Outcome {
    outcome_of(&answer(status, headers, "")).unwrap().outcome()
}

/// The error that a refused token's challenge names.
fn refusal(headers: &str) -> Option<Option<ErrorCode>> {
    match outcome("401 Unauthorized", headers) {
        Outcome::TokenRefused(challenge) => challenge.map(|challenge| challenge.error),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_status_says_what_an_answer_means() {
    for (status, expected) in [
        ("200 OK", Outcome::Served),
        ("204 No Content", Outcome::Served),
        ("299 Odd", Outcome::Served),
        ("300 Multiple Choices", Outcome::Other),
        ("400 Bad Request", Outcome::Other),
        ("401 Unauthorized", Outcome::TokenRefused(None)),
        ("403 Forbidden", Outcome::Other),
        ("404 Not Found", Outcome::Other),
        ("429 Too Many Requests", Outcome::TryLater { retry_after: None }),
        ("500 Internal Server Error", Outcome::Other),
        ("503 Service Unavailable", Outcome::TryLater { retry_after: None }),
    ] {
        assert_eq!(outcome(status, ""), expected, "{status}");
    }
}

#[test]
// req(test): RFC6750-3-7
fn a_refused_token_with_every_kind_of_challenge() {
    let invalid = Some(Some(ErrorCode::INVALID_TOKEN));
    for (headers, expected) in [
        ("", None),
        ("WWW-Authenticate: Basic realm=\"x\"\r\n", None),
        ("WWW-Authenticate:\r\n", None),
        ("WWW-Authenticate: Bearer\r\n", Some(None)),
        ("WWW-Authenticate: Bearer realm=\"x\", error=\"invalid_token\", vendor=\"1\"\r\n", invalid.clone()),
        ("www-authenticate: bearer error=invalid_token\r\n", invalid.clone()),
        ("WWW-Authenticate: BEARER error=\"invalid_token\"\r\n", invalid.clone()),
        (
            "WWW-Authenticate: Basic realm=\"a\", Bearer error=\"invalid_token\", DPoP algs=\"x\"\r\n",
            invalid.clone(),
        ),
        (
            "WWW-Authenticate: Basic realm=\"a\"\r\nWWW-Authenticate: Bearer error=\"invalid_token\"\r\n",
            invalid.clone(),
        ),
        ("WWW-Authenticate: Bearer realm=\"über\", error=\"invalid_token\"\r\n", invalid),
    ] {
        assert_eq!(refusal(headers), expected, "{headers}");
    }
}

#[test]
fn what_strays_in_a_challenge_is_told() {
    let headers = "WWW-Authenticate: Bearer error=\"invalid_token\", error=\"other\", realm=\"é\"\r\n\
                   WWW-Authenticate: Bearer realm=\"second\"\r\n";
    let response = outcome_of(&answer("401 Unauthorized", headers, "")).unwrap();
    assert_eq!(response.challenges.len(), 2);
    assert_eq!(
        response.challenges[0].faults,
        [ChallengeFault::Repeated("error".into()), ChallengeFault::BadValue("realm".into())]
    );
    assert_eq!(response.challenge().unwrap().error, Some(ErrorCode::INVALID_TOKEN));
    assert_eq!(response.challenges[1].challenge.realm.as_ref().unwrap().as_str(), "second");
}

#[test]
fn too_little_scope_says_how_much_is_needed() {
    let needed = |scope: &str| Outcome::InsufficientScope { needed: Some(Scope::new(scope).unwrap()) };
    let with_scope = "WWW-Authenticate: Bearer error=\"insufficient_scope\", scope=\"Contacts Faxes\"\r\n";
    assert_eq!(outcome("403 Forbidden", with_scope), needed("Contacts Faxes"));
    let without = "WWW-Authenticate: Bearer error=\"insufficient_scope\"\r\n";
    assert_eq!(outcome("403 Forbidden", without), Outcome::InsufficientScope { needed: None });
    let second = "WWW-Authenticate: Bearer realm=\"first\"\r\n\
                  WWW-Authenticate: Bearer error=\"insufficient_scope\", scope=\"a\"\r\n";
    assert_eq!(outcome("403 Forbidden", second), needed("a"));
    for other in [
        "WWW-Authenticate: Basic error=\"insufficient_scope\"\r\n",
        "WWW-Authenticate: Bearer error=\"invalid_token\", scope=\"a\"\r\n",
    ] {
        assert_eq!(outcome("403 Forbidden", other), Outcome::Other, "{other}");
    }
    // The status rules: a 200 with the same challenge was served.
    assert_eq!(outcome("200 OK", with_scope), Outcome::Served);
}

#[test]
fn how_long_to_wait() {
    for status in ["429 Too Many Requests", "503 Service Unavailable"] {
        for (value, seconds) in [
            ("120", Some(120)),
            ("  7  ", Some(7)),
            ("0", Some(0)),
            ("18446744073709551615", Some(u64::MAX)),
            ("18446744073709551616", None),
            ("-1", None),
            ("+1", None),
            ("1.5", None),
            ("", None),
            ("Fri, 31 Dec 2027 23:59:59 GMT", None),
        ] {
            let headers = format!("Retry-After: {value}\r\n");
            let response = outcome_of(&answer(status, &headers, "")).unwrap();
            assert_eq!(response.outcome(), Outcome::TryLater { retry_after: seconds }, "{value}");
            // A date is for the caller, who has a clock.
            assert_eq!(response.header("retry-after"), Some(value.trim()));
        }
    }
}

#[test]
fn headers_are_found_in_any_case() {
    let headers = "X-One: first\r\nx-one: second\r\nX-Text: grüße\r\nX-Empty:\r\n";
    let response = outcome_of(&answer("200 OK", headers, "body")).unwrap();
    assert_eq!(response.header("X-ONE"), Some("first"));
    assert_eq!(response.header("x-text"), Some("grüße"));
    assert_eq!(response.header("x-empty"), Some(""));
    assert_eq!(response.header("x-none"), None);
    assert_eq!(response.header(""), None);
    let raw = b"HTTP/1.1 200 OK\r\nX-Bytes: \xff\r\nContent-Length: 0\r\n\r\n";
    assert_eq!(outcome_of(raw).unwrap().header("x-bytes"), None);
}

#[test]
fn bodies_come_whole_however_they_are_sent() {
    let chunked =
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n";
    assert_eq!(outcome_of(chunked).unwrap().body, b"abcde");
    let until_the_end = b"HTTP/1.0 200 OK\r\n\r\nabc";
    assert_eq!(outcome_of(until_the_end).unwrap().body, b"abc");
    let bytes = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n\xff\x00";
    assert_eq!(outcome_of(bytes).unwrap().body, b"\xff\x00");
    let after_an_interim = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    assert_eq!(outcome_of(after_an_interim).unwrap().body, b"ok");
}

#[test]
fn a_bodys_text_and_a_headers_value_stay_out_of_debug() {
    let response = outcome_of(&answer("200 OK", "Set-Cookie: session=planted\r\n", "planted")).unwrap();
    let shown = format!("{response:?}");
    assert!(!shown.contains("planted"), "{shown}");
    assert!(shown.contains("7 bytes") && shown.contains("set-cookie"), "{shown}");
}
