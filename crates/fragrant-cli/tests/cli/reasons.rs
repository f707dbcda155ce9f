//! Every reason for which an answer is rejected, met on purpose: its word, its place, its rule.

use std::collections::BTreeSet;

use fragrant::client::Reason;

use crate::scenario::{command, fragrant, run};

/// An input that is rejected, and why.
struct Case {
    reason: Reason,
    arguments: &'static [&'static str],
    input: String,
    parameter: Option<&'static str>,
    offset: usize,
}

fn case(
    reason: Reason,
    arguments: &'static [&'static str],
    input: impl Into<String>,
    parameter: Option<&'static str>,
    offset: usize,
) -> Case {
    Case { reason, arguments, input: input.into(), parameter, offset }
}

fn cases() -> Vec<Case> {
    use Reason::*;
    const STATE: &[&str] = &["--state", "s"];
    const NONE: &[&str] = &["--no-state"];
    const ISSUER: &[&str] = &["--state", "s", "--issuer", "https://as.example"];
    const REDIRECT: &[&str] = &["--state", "s", "--redirect-uri", "https://app.example/cb"];
    const ID_TOKEN: &[&str] = &["--state", "s", "--response-type", "id_token"];
    let many = format!("#{}state=s", "a=1&".repeat(64));
    vec![
        case(TooLong, STATE, format!("#{}", "x".repeat(65_536)), None, 65_536),
        case(TooManyParameters, STATE, many, None, 257),
        case(Malformed, STATE, "#error=%zz&state=s", Some("error"), 1),
        case(Malformed, STATE, "#error=e&%zz=1&state=s", None, 9),
        case(DuplicateParameter, STATE, "#error=e&state=s&st%61te=s", Some("state"), 17),
        case(RedirectUriMismatch, REDIRECT, "https://app.example/#error=e&state=s", None, 0),
        case(TokenInQuery, STATE, "https://a/?access_token=x#state=s", Some("access_token"), 11),
        case(ErrorAndToken, STATE, "#access_token=x&error=e&state=s", Some("error"), 16),
        case(NoResponse, STATE, "#state=s", None, 8),
        case(IssuerMismatch, ISSUER, "#error=e&iss=https%3A%2F%2Fevil.example&state=s", Some("iss"), 9),
        case(IssuerMissing, ISSUER, "#error=e&state=s", Some("iss"), 16),
        case(StateMissing, STATE, "#error=e", Some("state"), 8),
        case(StateMismatch, STATE, "#error=e&state=S", Some("state"), 9),
        case(StateUnexpected, NONE, "#error=e&state=s", Some("state"), 9),
        case(AccessTokenMissing, STATE, "#token_type=bearer&state=s", Some("access_token"), 26),
        case(
            AccessTokenInvalid,
            STATE,
            "#access_token=%0A&token_type=bearer&state=s",
            Some("access_token"),
            1,
        ),
        case(IdTokenMissing, ID_TOKEN, "#expires_in=1&state=s", Some("id_token"), 21),
        case(IdTokenInvalid, ID_TOKEN, "#state=s&id_token=%C3%A9", Some("id_token"), 9),
        case(TokenTypeMissing, STATE, "#access_token=x&state=s", Some("token_type"), 23),
        case(TokenTypeUnsupported, STATE, "#access_token=x&token_type=mac&state=s", Some("token_type"), 16),
        case(
            ExpiresInInvalid,
            STATE,
            "#access_token=x&token_type=bearer&state=s&expires_in=1h",
            Some("expires_in"),
            42,
        ),
        case(ScopeInvalid, STATE, "#access_token=x&token_type=bearer&state=s&scope=a++b", Some("scope"), 42),
        case(ErrorInvalid, STATE, "#error=%22&state=s", Some("error"), 1),
    ]
}

#[test]
fn each_has_a_case() {
    let met: BTreeSet<Reason> = cases().iter().map(|case| case.reason).collect();
    let missing: Vec<Reason> = Reason::ALL.iter().copied().filter(|reason| !met.contains(reason)).collect();
    // No pending request is known to the command, so none can have ended.
    assert_eq!(missing, [Reason::PendingExpired]);
}

#[test]
fn each_is_explained_with_its_rule() {
    for Case { reason, arguments, input, parameter, offset } in cases() {
        let ran = fragrant(&[&["parse"], arguments, &[&input]].concat());
        assert_eq!((ran.code, &*ran.stderr), (Some(2), ""), "{reason}");
        let place = match parameter {
            Some(name) => format!("{name}, at byte {offset}"),
            None => format!("byte {offset}"),
        };
        assert!(ran.stdout.starts_with(&format!("rejected: {}", reason.explanation())), "{}", ran.stdout);
        for line in [
            format!("\n  reason   {reason}\n"),
            format!("\n  where    {place}\n"),
            format!("\n  rule     {}\n", reason.citation()),
        ] {
            assert!(ran.stdout.contains(&line), "{line} is not in {}", ran.stdout);
        }
        let anybody = ran.stdout.contains("anybody can have sent this, and a waiting request stands");
        // Without an answer there is nothing that anybody could have sent.
        let is_doubted = !reason.is_after_state_matched() && reason != Reason::NoResponse;
        assert_eq!(anybody, is_doubted && arguments.contains(&"--state"), "{reason}");
    }
}

#[test]
fn each_has_its_word_in_json() {
    for Case { reason, arguments, input, parameter, offset } in cases() {
        let ran = fragrant(&[&["parse", "--json"], arguments, &[&input]].concat());
        assert_eq!((ran.code, &*ran.stderr), (Some(2), ""), "{reason}");
        let json = ran.json();
        assert_eq!(json["reason"], reason.as_str(), "{json}");
        assert_eq!(json["parameter"].as_str(), parameter, "{json}");
        assert_eq!(json["offset"], offset, "{json}");
        assert!(json["message"].as_str().unwrap().starts_with(reason.explanation()), "{json}");
    }
}

#[test]
fn each_is_the_same_in_a_batch() {
    for Case { reason, arguments, input, parameter, offset } in cases() {
        let value = |name: &str| {
            let at = arguments.iter().position(|argument| *argument == name)?;
            arguments.get(at + 1).copied()
        };
        let question = serde_json::json!({
            "id": 1,
            "input": input,
            "expect_state": value("--state"),
            "expect_iss": value("--issuer"),
            "expect_redirect_uri": value("--redirect-uri"),
            "response_type": value("--response-type"),
        });
        let ran = run(&mut command(&["parse", "--batch"]), question.to_string().as_bytes());
        assert_eq!((ran.code, &*ran.stderr), (Some(0), ""), "{reason}");
        let json = ran.json();
        assert_eq!((&json["id"], &json["kind"]), (&1.into(), &"reject".into()));
        assert_eq!(json["reason"], reason.as_str());
        assert_eq!((json["parameter"].as_str(), &json["offset"]), (parameter, &offset.into()), "{json}");
    }
}
