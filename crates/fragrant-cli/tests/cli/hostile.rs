//! Answers made by somebody who means harm: nothing of them reaches a terminal as a command, and no secret in them comes
//! out unasked.

use serde_json::json;

use crate::scenario::{PLANTED, TOKEN, assert_inert, fed, fragrant};

/// Everything that a terminal obeys, raw and escaped.
const RAW: &str =
    "\u{1b}[2J\u{1b}]0;title\u{7}\r\n\u{8}\u{7f}\u{9b}31m\u{85}\u{61c}\u{200e}\u{2028}\u{202e}\u{2066}\t";
const ESCAPED: &str =
    "%1B%5B2J%1B%5D0;title%07%0D%0A%08%7F%C2%9B31m%C2%85%D8%9C%E2%80%8E%E2%80%A8%E2%80%AE%E2%81%A6%09%00";

/// Addresses with `text` in every place.
fn inputs(text: &str) -> Vec<String> {
    let sound = "access_token=x&token_type=bearer&state=s";
    vec![
        text.into(),
        format!("{text}#{sound}"),
        format!("https://a/{text}?{text}={text}#{sound}"),
        format!("#/{text}?{sound}"),
        format!("#/{text}#{sound}"),
        format!("#{text}"),
        format!("#{text}={text}"),
        format!("#{sound}&{text}"),
        format!("#{sound}&{text}={text}"),
        format!("#{sound}&{text}=1&{text}=2"),
        format!("#{sound}&own={text}"),
        format!("#{text}=%zz&{sound}"),
        format!("#access_token={text}&token_type=bearer&state=s"),
        format!("#access_token=x&token_type={text}&state=s"),
        format!("#access_token=x&token_type=bearer&state={text}"),
        format!("#{sound}&scope={text}"),
        format!("#{sound}&expires_in={text}"),
        format!("#{sound}&iss={text}"),
        format!("#{sound}&code={text}&refresh_token={text}&id_token={text}"),
        format!("#error={text}&state=s"),
        format!("#error=e&state=s&error_description={text}&error_uri={text}&own={text}"),
        format!("https://a/?error={text}&state=s"),
        format!("https://a/?error=e&state=s&error_description={text}&{text}={text}"),
        format!("https://a/?access_token={text}"),
    ]
}

/// Every way of asking about an address.
fn every_way(input: &str, see: impl Fn(&str, &str)) {
    for expectation in [&["--state", "s"][..], &["--no-state"]] {
        for more in [&[][..], &["--json"], &["--show-secrets"], &["--show-secrets", "--json"]] {
            let arguments =
                [&["parse"], expectation, more, &["--profile", "ringcentral", "--", input]].concat();
            let ran = fragrant(&arguments);
            assert!(matches!(ran.code, Some(0..=2)), "{ran:?}");
            // Blanks at its ends are left aside, and that is said without repeating them.
            let note = match input.trim() == input {
                true => "",
                false => "fragrant: left the blanks or quotes around the address aside\n",
            };
            assert_eq!(ran.stderr, note, "{input:?}");
            see(&ran.stdout, more.first().copied().unwrap_or_default());
        }
    }
    for more in [&[][..], &["--show-secrets"]] {
        let questions =
            [json!({"id": input, "input": input}), json!({"id": 1, "input": input, "expect_state": "s"})];
        for question in questions {
            let ran = fed(&[&["parse", "--batch"], more].concat(), question.to_string().as_bytes());
            assert_eq!((ran.code, &*ran.stderr), (Some(0), ""));
            let answer = ran.json();
            // What is escaped is still the caller's own name.
            assert_eq!(answer["id"], question["id"]);
            if question["id"] == 1 {
                see(&ran.stdout, more.first().copied().unwrap_or_default());
            } else {
                assert_inert(&ran.stdout);
            }
        }
    }
}

#[test]
fn no_terminal_is_told_what_to_do() {
    for text in [RAW, ESCAPED] {
        for input in inputs(text) {
            every_way(&input, |said, _| assert_inert(said));
        }
    }
}

#[test]
fn nothing_is_lost_by_it() {
    let answer = fragrant(&[
        "parse",
        "--no-state",
        "--json",
        "#error=e&own=%1B%C2%9B%E2%80%AE%C3%A9%F0%9F%98%80%22%5C",
    ]);
    assert!(answer.stdout.contains(r#""own":"\u001b\u009b\u202eé😀\"\\""#), "{answer:?}");
    assert_eq!(answer.json()["extra"]["own"], "\u{1b}\u{9b}\u{202e}é😀\"\\");
}

#[test]
// req(test): RFC6749-10.3-1
fn a_secret_comes_out_when_it_is_asked_for_and_only_then() {
    let secret = PLANTED;
    for input in [
        format!("#access_token={secret}&token_type=bearer&state=s"),
        format!("#access_token={secret}&token_type=mac&state=s"),
        format!("#access_token={secret}&state=wrong"),
        format!("#access_token={secret}&access_token={secret}&state=s"),
        format!("#access_token={secret}%zz&state=s"),
        format!("#access_token={secret}&error=e&state=s"),
        format!(
            "#access_token=x&token_type=bearer&state=s&id_token={secret}&code={secret}&refresh_token={secret}"
        ),
        format!("#error=e&state={secret}"),
        format!("#error=e&state=s&code={secret}"),
        format!("https://a/?access_token={secret}&token_type=bearer&state=s"),
        format!("https://a/?code={secret}&state=s"),
        format!("https://a/?id_token={secret}#error=e&state=s"),
        format!("#%61ccess_token={secret}&state=s"),
        format!("#Access_Token={secret}&error=e&state=s"),
        format!("#vendor_token={secret}&vendor_secret={secret}&error=e&state=s"),
        format!("#%zz={secret}&error=e&state=s"),
        // Answers that have lost their shape.
        format!("access_token={secret}&token_type=bearer&state=s"),
        format!("https://a/access_token={secret}&token_type=bearer&state=s"),
        format!("#/access_token={secret}&token_type=bearer&state=s"),
        format!("#/cb/access_token={secret}?error=e&state=s"),
        format!("https://a/cb%23access_token%3D{secret}%26token_type%3Dbearer"),
        format!("#access_token%3D{secret}%26token_type%3Dbearer&state=s"),
        secret.to_owned(),
        format!("#{secret}"),
        format!("#{secret}&error=e&state=s"),
        format!("#{secret}=1&error=e&state=s"),
        format!("#{secret}=%zz"),
        format!("#access_token%3D{secret}%26state%3Dxyz=%zz"),
        format!("#access_token%3D{secret}%26state%3Dxyz=1&error=e&state=s"),
    ] {
        every_way(&input, |said, more| {
            if !more.contains("--show-secrets") {
                assert!(!said.contains(secret) && !said.contains(&secret[8..24]), "{input}: {said}");
            }
        });
    }
    let input = format!("#access_token={secret}&token_type=bearer&state=s");
    for more in [&[][..], &["--json"]] {
        let ran = fragrant(&[&["parse", "--state", "s", "--show-secrets"], more, &[&input]].concat());
        assert!(ran.stdout.contains(secret), "{ran:?}");
    }
}

#[test]
fn a_slip_with_the_address_is_explained_and_not_believed() {
    // Encoded once too often: shown as what it was meant to be.
    let address = format!("https://a/cb%23access_token%3D{TOKEN}%26token_type%3Dbearer");
    let ran = fragrant(&["parse", "--state", "s", &address]);
    assert_eq!(ran.code, Some(2));
    assert!(
        ran.stdout.contains("came to       https://a/cb#access_token=2Yot…(22)&token_type=bearer\n"),
        "{ran:?}"
    );
    let ran = fragrant(&["parse", "--state", "s", "--show-secrets", &address]);
    assert!(ran.stdout.contains(&format!("came to       {address}\n")), "{ran:?}");
    // The token alone.
    let ran = fragrant(&["parse", "--state", "s", TOKEN]);
    assert!(ran.stdout.contains("came to       2Yot…(22)\n"), "{ran:?}");
    let ran = fragrant(&["parse", "--state", "s", &format!("#{TOKEN}")]);
    assert!(ran.stdout.contains("    2Yot…(22)          (empty, so it counts as absent)\n"), "{ran:?}");
    // An address with escapes of its own stays as it is.
    let ran = fragrant(&["parse", "--state", "s", "https://a/b%20c%C3%A9+d"]);
    assert!(ran.stdout.contains("came to       https://a/b%20c%C3%A9+d\n"), "{ran:?}");
}

#[test]
fn an_endless_answer_is_not_repeated_in_full() {
    let many = format!("#{}", "a=1&".repeat(5_000));
    let ran = fragrant(&["parse", "--state", "s", &many]);
    assert_eq!(ran.code, Some(2));
    assert_eq!(ran.stdout.matches("Unknown to the protocol").count(), 64);
}
