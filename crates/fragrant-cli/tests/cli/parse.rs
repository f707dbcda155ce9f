//! `fragrant parse`: explains one answer, for people and in JSON.

use crate::scenario::{TOKEN, answer, fragrant, refusal};

/// The answer in RingCentral's guide, which has no state.
const SAMPLE_TOKEN: &str = "XXXXXXXXXXXX";
const SAMPLE: &str = "http://localhost:8080/callback.html#access_token=XXXXXXXXXXXX&token_type=bearer\
                      &expires_in=3600&endpoint_id=0eTdUFwhQJa98zYssI-JFA&scope=Contacts%20ReadCallLog";
const SOUND: &str = "https://app.example/cb#access_token=2YotnFZFEjr1zCsicMWpAA&token_type=bearer&state=xyz";

#[test]
fn the_sample_answer_of_the_ringcentral_guide() {
    let text = answer(&["parse", "--no-state", "--profile", "ringcentral", SAMPLE]);
    assert_eq!(
        text,
        "\
granted: the authorization server issued what was asked for

  came to       http://localhost:8080/callback.html

  in the fragment:
    access_token       …(12)
                         The credential for the API. Opaque, of any length. [RFC 6749 section 4.2.2]
    token_type         bearer
                         How the token is used; case does not count. A client must not use a type it does not understand. [RFC 6749 section 7.1]
    expires_in         3600
                         The lifetime of the token in seconds from the moment the answer was made. [RFC 6749 section 4.2.2]
                         That is 1 hour.
    endpoint_id        0eTdUFwhQJa98zYssI-JFA
                         The application instance that the token was issued to. [the provider's guide to the grant, removed in December 2022]
    scope              Contacts ReadCallLog
                         What was granted; required when it differs from what was asked for. [RFC 6749 section 3.3]

  The token ends 1 hour after the answer was made.
  Granted: Contacts ReadCallLog (2 names).
  No state was sent, so nothing says that this answers a request of yours (RFC 6749 section 10.12).
"
    );
    let text = answer(&["parse", "--no-state", "--profile", "ringcentral", "--show-secrets", SAMPLE]);
    assert!(text.contains(&format!("    access_token       {SAMPLE_TOKEN}\n")), "{text}");
}

#[test]
fn the_sample_answer_in_json() {
    let json = |more: &[&str]| answer(&[&["parse", "--no-state", "--json", SAMPLE], more].concat());
    let expected = |token: &str| {
        format!(
            r#"{{"id":null,"kind":"success","access_token":"{token}","id_token":null,"token_type":"bearer","expires_in":3600,"scope":"Contacts ReadCallLog","state":null,"extra":{{"endpoint_id":"0eTdUFwhQJa98zYssI-JFA"}},"notes":[]}}"#
        ) + "\n"
    };
    assert_eq!(json(&[]), expected("…(12)"));
    assert_eq!(json(&["--profile", "ringcentral"]), expected("…(12)"));
    assert_eq!(json(&["--show-secrets"]), expected(SAMPLE_TOKEN));
}

#[test]
fn what_was_copied_along_with_an_address_is_left_aside() {
    let plain = fragrant(&["parse", "--state", "xyz", SOUND]);
    assert_eq!((plain.code, &*plain.stderr), (Some(0), ""));
    for argument in
        [format!(" {SOUND}\n"), format!("\"{SOUND}\""), format!("'{SOUND}' "), format!("\" {SOUND}\"")]
    {
        let ran = fragrant(&["parse", "--state", "xyz", &argument]);
        assert_eq!((ran.code, &ran.stdout), (Some(0), &plain.stdout), "{argument}");
        assert!(ran.stderr.contains("left the blanks or quotes around the address aside"), "{ran:?}");
    }
    // One pair alone: what is left is part of the address.
    for argument in [format!("\"{SOUND}"), format!("\"'{SOUND}'\"")] {
        assert_ne!(fragrant(&["parse", "--state", "xyz", &argument]).stdout, plain.stdout, "{argument}");
    }
}

#[test]
fn a_missing_hash_is_hinted_at() {
    let hint = |input: &str| {
        let ran = fragrant(&["parse", "--state", "xyz", input]);
        ran.stdout.contains("the `#` before the answer may be missing")
    };
    assert!(hint("access_token=x&token_type=bearer&state=xyz"));
    assert!(hint("https://app.example/cb&access_token=x"));
    assert!(hint("https://app.example/cb/error=access_denied"));
    for other in ["https://app.example/cb", "#state=xyz", "https://app.example/cb?my_state=1", "state"] {
        assert!(!hint(other), "{other}");
    }
}

#[test]
fn an_answer_of_the_code_grant_is_told_as_one() {
    let hint = "hint     `code=` in the query: this is an answer of the authorization code grant";
    for input in ["https://app.example/cb?code=abc&state=xyz", "https://app.example/cb?state=xyz&code=abc#"] {
        let ran = fragrant(&["parse", "--state", "xyz", input]);
        assert!(ran.stdout.contains(hint) && !ran.stdout.contains("may be missing"), "{ran:?}");
        assert_eq!(ran.code, Some(2), "{ran:?}");
    }
    for other in
        ["https://app.example/cb?code=", "https://app.example/cb?my_code=1", "code=abc", "#state=xyz"]
    {
        assert!(!fragrant(&["parse", "--state", "xyz", other]).stdout.contains(hint), "{other}");
    }
}

#[test]
fn the_exit_code_is_the_verdict() {
    for (input, code, first) in [
        (SOUND, 0, "granted: "),
        ("https://app.example/cb#error=access_denied&state=xyz", 1, "denied: "),
        ("https://app.example/cb?error=access_denied&state=xyz", 1, "denied: "),
        ("#access_token=x&token_type=bearer&state=other", 2, "rejected: "),
        ("https://app.example/cb?access_token=x&token_type=bearer&state=xyz", 2, "rejected: "),
        ("https://app.example/cb", 2, "rejected: "),
        ("", 2, "rejected: "),
        ("-", 2, "rejected: "),
    ] {
        let text = fragrant(&["parse", "--state", "xyz", input]);
        assert_eq!((text.code, &*text.stderr), (Some(code), ""), "{input}");
        assert!(text.stdout.starts_with(first), "{text:?}");
        let json = fragrant(&["parse", "--state", "xyz", "--json", input]);
        assert_eq!((json.code, &*json.stderr), (Some(code), ""), "{input}");
        let kind = ["success", "error", "reject"][usize::try_from(code).unwrap()];
        assert_eq!(json.json()["kind"], kind);
    }
}

#[test]
fn every_key_of_the_three_kinds() {
    let keys = |input: &str| -> Vec<String> {
        let json = fragrant(&["parse", "--state", "xyz", "--json", input]).json();
        json.as_object().unwrap().keys().cloned().collect()
    };
    assert_eq!(
        keys(SOUND),
        [
            "id",
            "kind",
            "access_token",
            "id_token",
            "token_type",
            "expires_in",
            "scope",
            "state",
            "extra",
            "notes"
        ]
    );
    assert_eq!(
        keys("#error=e&state=xyz"),
        ["id", "kind", "channel", "error", "error_description", "error_uri", "state", "extra", "notes"]
    );
    assert_eq!(keys("#error=e"), ["id", "kind", "reason", "parameter", "offset", "message"]);
    assert_eq!(keys(""), ["id", "kind", "reason", "parameter", "offset", "message"]);
}

#[test]
fn a_state_or_none_has_to_be_told() {
    refusal(&["parse", SOUND], &["--state", "--no-state"]);
    refusal(&["parse", "--json", SOUND], &["--state", "--no-state"]);
    refusal(&["parse", "--state", "xyz", "--no-state", SOUND], &["--state", "--no-state"]);
    refusal(&["parse", "--state", "", SOUND], &["--state", "--no-state"]);
    refusal(&["parse", "--state", "xyz"], &["<URI>"]);
    refusal(&["parse", "--state", SOUND], &["<URI>"]);
}

#[test]
fn what_the_answer_is_compared_with() {
    let code = |more: &[&str], input| {
        let ran = fragrant(&[&["parse", "--state", "xyz", "--json"], more, &[input]].concat());
        assert_eq!(ran.stderr, "");
        (ran.code.unwrap(), ran.json()["reason"].as_str().map(str::to_owned))
    };
    let reason = |word: &str| (2, Some(word.to_owned()));
    assert_eq!(code(&["--redirect-uri", "https://app.example/cb"], SOUND), (0, None));
    assert_eq!(code(&["--redirect-uri", "https://app.example/CB"], SOUND), reason("redirect_uri_mismatch"));
    assert_eq!(code(&["--redirect-uri", "com.example.app:/cb"], SOUND), reason("redirect_uri_mismatch"));
    assert_eq!(code(&["--issuer", "https://as.example"], SOUND), reason("issuer_missing"));
    let with_issuer = "#access_token=x&token_type=bearer&state=xyz&iss=https%3A%2F%2Fas.example";
    assert_eq!(code(&["--issuer", "https://as.example"], with_issuer), (0, None));
    assert_eq!(code(&["--issuer", "https://as.example/"], with_issuer), reason("issuer_mismatch"));
    assert_eq!(code(&["--response-type", "id_token"], SOUND), reason("id_token_missing"));
    assert_eq!(code(&["--response-type", "id_token token"], SOUND), reason("id_token_missing"));
    assert_eq!(code(&["--response-type", "id_token"], "#id_token=a.b.c&state=xyz"), (0, None));
    for (arguments, parts) in [
        (["--redirect-uri", "/cb"], &["--redirect-uri", "absolute"][..]),
        (["--redirect-uri", ""], &["--redirect-uri", "absolute"]),
        (["--issuer", "as.example"], &["--issuer", "https"]),
        (["--issuer", ""], &["--issuer"]),
        (["--scope", "a  b"], &["--scope", "single spaces"]),
        (["--response-type", "code"], &["--response-type", "id_token"]),
        (["--profile", "github"], &["--profile", "ringcentral"]),
    ] {
        refusal(&[&["parse", "--state", "xyz"], &arguments[..], &[SOUND]].concat(), parts);
    }
}

#[test]
// req(test): RFC6749-3.3-7
fn the_scope_that_was_asked_for_and_the_one_that_was_granted() {
    let run = |scopes: &[&str], input| {
        let arguments = [&["parse", "--state", "xyz"], scopes, &[input]].concat();
        let json = [&arguments[..], &["--json"]].concat();
        (answer(&arguments), fragrant(&json).json()["scope"].clone())
    };
    let narrower = "#access_token=x&token_type=bearer&state=xyz&scope=b+c";
    let (text, json) = run(&["--scope", "a b"], narrower);
    assert!(text.contains("Asked for and not granted: a.\n"), "{text}");
    assert!(text.contains("Granted beyond what was asked for: c.\n"), "{text}");
    assert_eq!(json, "b c");
    let (text, json) = run(&["--scope", "c", "--scope", "b"], narrower);
    assert!(text.contains("All of what was asked for was granted.\n"), "{text}");
    assert_eq!(json, "b c");
    let (text, json) = run(&["--scope", "a", "--scope", "b"], SOUND);
    assert!(text.contains("so what was asked for was granted: a b.\n"), "{text}");
    assert_eq!(json, "a b");
    let (text, json) = run(&[], SOUND);
    assert!(text.contains("The server named no scope.\n"), "{text}");
    assert!(json.is_null());
}

#[test]
fn the_tokens_end_in_words() {
    for (lifetime, words) in [
        ("&expires_in=3600", "The token ends 1 hour after the answer was made."),
        ("&expires_in=5401", "The token ends 1 hour 30 minutes 1 second after the answer was made."),
        ("&expires_in=0", "The token has ended already."),
        ("&expires_in=18446744073709551615", "The token ends 213503982334601 days"),
        ("", "The server did not say when the token ends."),
    ] {
        let text = answer(&["parse", "--state", "xyz", &format!("{SOUND}{lifetime}")]);
        assert!(text.contains(words), "{text}");
    }
}

#[test]
fn notes_and_the_wrong_channel_are_shown() {
    for (response_type, input, note) in [
        ("token", "#access_token=x&token_type=bearer&state=s&code=c", "code_ignored"),
        ("token", "#access_token=x&token_type=bearer&state=s&refresh_token=c", "refresh_token_ignored"),
        ("token", "#access_token=x&token_type=bearer&state=s&id_token=c", "id_token_unrequested"),
        ("id_token", "#access_token=x&id_token=c&state=s", "access_token_unrequested"),
        ("token", "#access_token=x&token_type=bearer&state=s&iss=https%3A%2F%2Fa", "issuer_unexpected"),
        ("token", "#access_token=x&token_type=bearer&state=s&a=1&a=2", "unknown_parameter_repeated"),
        ("token", "#error=e&state=s&error_description=a%22b", "error_description_invalid"),
        ("token", "#error=e&state=s&error_uri=%3C", "error_uri_invalid"),
        ("token", "https://a/?error=e#access_token=x&token_type=bearer&state=s", "query_error_ignored"),
    ] {
        let arguments = ["parse", "--state", "s", "--response-type", response_type, input];
        let text = fragrant(&arguments).stdout;
        assert!(text.contains(&format!("\n  note     {note}: ")), "{text}");
        let json = fragrant(&[&arguments[..], &["--json"]].concat()).json();
        assert_eq!(json["notes"], serde_json::json!([note]), "{json}");
    }
    let arguments = ["parse", "--state", "s", "https://a/cb?error=login_required&state=s"];
    let text = fragrant(&arguments).stdout;
    assert!(text.contains("The error came in the query."), "{text}");
    assert!(text.contains("RFC 6749 section 4.2.2.1"), "{text}");
    assert!(text.contains("without prompt=none"), "{text}");
    let json = fragrant(&[&arguments[..], &["--json"]].concat()).json();
    assert_eq!((&json["channel"], &json["error"]), (&"query".into(), &"login_required".into()));
}

#[test]
fn the_error_that_a_provider_really_sends() {
    let input = "https://app.example/cb#error=unauthorized_client\
                 &error_description=%5BOAU-112%5D+Grant+type:+not+allowed&state=xyz";
    let ran = fragrant(&["parse", "--state", "xyz", input]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.stdout.starts_with("denied: the authorization server said no (unauthorized_client)\n"));
    assert!(ran.stdout.contains("error_description  [OAU-112] Grant type: not allowed\n"), "{}", ran.stdout);
    assert!(ran.stdout.contains("text for a developer, not for a user"), "{}", ran.stdout);
}

#[test]
fn the_route_of_a_hash_router() {
    let text = answer(&[
        "parse",
        "--state",
        "xyz",
        "https://a/#/signed-in?access_token=x&token_type=bearer&state=xyz",
    ]);
    assert!(text.contains("\n  route         #/signed-in  (the application's own)\n"), "{text}");
    assert!(text.contains("\n    access_token       …(1)\n"), "{text}");
}

#[test]
fn a_token_that_no_header_can_carry_is_pointed_out() {
    let text = answer(&["parse", "--state", "xyz", "#access_token=a%20b&token_type=bearer&state=xyz"]);
    assert!(text.contains("an Authorization header cannot carry (RFC 6750 section 2.1)"), "{text}");
    let text = answer(&["parse", "--state", "xyz", SOUND]);
    assert!(!text.contains("cannot carry"), "{text}");
}

#[test]
fn the_sound_answer_is_shown_in_full_only_when_asked() {
    let long_state = "abcdefghijklmnopqrstuvwxyz";
    let input = format!("#access_token={TOKEN}&token_type=bearer&state={long_state}&id_token={TOKEN}.b.c");
    let run = |more: &[&str]| {
        let arguments = ["parse", "--state", long_state, "--response-type", "id_token token", &input];
        answer(&[&arguments, more].concat())
    };
    for more in [&[][..], &["--json"]] {
        let short = run(more);
        assert!(!short.contains(TOKEN) && !short.contains(long_state), "{short}");
        assert!(short.contains("2Yot…(22)") && short.contains("2Yot…(26)") && short.contains("abcd…(26)"));
        let full = run(&[more, &["--show-secrets"]].concat());
        assert!(full.contains(TOKEN) && full.contains(long_state) && !full.contains('…'), "{full}");
    }
}
