//! Bad usage: one line that names the argument and what was expected, exit code 64, and never the value itself.

use std::ffi::OsStr;

use crate::scenario::{PLANTED, TOKEN, answer, assert_one_line, command, fragrant, refusal, run};

const COMMANDS: [&str; 4] = ["demo", "parse", "serve", "url"];

#[test]
fn a_command_is_needed() {
    for arguments in [&[][..], &["nonsense"], &["Parse"], &[""], &["help", "nonsense"]] {
        refusal(arguments, &["expected a command: demo, model, parse, serve, spec or url"]);
    }
    for arguments in [&["spec"][..], &["spec", "nonsense"]] {
        refusal(arguments, &["expected a command: check, ledger or render"]);
    }
}

#[test]
fn what_there_is_too_much_of() {
    for arguments in [
        &["demo", "ringcentral"][..],
        &["serve", "8080"],
        &["parse", "--no-state", "#a", "#b"],
        &["url", "--client-id", "a", "--redirect-uri", "https://a/", "b"],
    ] {
        refusal(arguments, &["one argument too many"]);
    }
    for command in COMMANDS {
        refusal(&[command, "--bogus"], &["--bogus: no such option"]);
        refusal(&[command, "--bogus=x"], &["--bogus: no such option"]);
        refusal(&[command, "-x"], &["-x: no such option"]);
    }
    refusal(&["--json", "demo"], &["--json: no such option"]);
    refusal(&["parse", "--state", "x", "--state", "y", "#a"], &["--state", "expected once"]);
    refusal(&["parse", "--no-state", "--no-state", "#a"], &["--no-state", "expected once"]);
    refusal(&["demo", "--profile", "procore", "--profile", "procore"], &["--profile", "expected once"]);
    for (arguments, option) in [
        (&["demo", "--deny=yes"][..], "--deny"),
        (&["demo", "--json=pretty"], "--json"),
        (&["parse", "--no-state=x", "#a"], "--no-state"),
        (&["parse", "--batch=x"], "--batch"),
    ] {
        refusal(arguments, &[option, "expected no value"]);
    }
}

#[test]
fn what_is_missing_is_named() {
    refusal(&["url"], &["missing", "--client-id", "--redirect-uri"]);
    refusal(&["url", "--client-id", "a"], &["missing", "--redirect-uri"]);
    refusal(&["parse"], &["missing", "--state", "--no-state"]);
    for (arguments, option) in [
        (&["parse", "--state"][..], "--state"),
        (&["parse", "--no-state", "#a", "--scope"], "--scope"),
        (&["parse", "--no-state", "#a", "--profile"], "--profile"),
        (&["url", "--client-id"], "--client-id"),
        (&["url", "--client-id", "--redirect-uri", "https://a/"], "--client-id"),
        (&["url", "--param"], "--param"),
        (&["demo", "--profile"], "--profile"),
        (&["serve", "--port"], "--port"),
        (&["serve", "--config"], "--config"),
    ] {
        let text = refusal(arguments, &[option, "expected a value"]);
        assert!(!text.contains("one of"), "{text}");
    }
}

#[test]
fn numbers_that_are_none() {
    for bad in ["", "x", "65536", "99999999999999999999", "1.5", " 1", "0x50", "８０"] {
        let text = refusal(&["serve", "--port", bad], &["--port", "expected a number from 0 to 65535"]);
        assert_eq!(text, refusal(&["serve", "--port", "-"], &[]), "the value is not in it");
    }
    for option in ["--token-lifetime", "--session-lifetime"] {
        for bad in ["", "1h", "18446744073709551616", "1.5"] {
            refusal(&["serve", option, bad], &[option, "expected a whole number of seconds"]);
        }
    }
}

#[test]
fn help_tells_the_exit_codes() {
    for name in COMMANDS {
        let help = answer(&[name, "--help"]);
        assert!(help.contains("Exit status: ") && help.contains("64 bad usage"), "{help}");
        assert!(help.contains(&format!("Usage: fragrant {name}")), "{help}");
        assert_eq!(answer(&["help", name]), help);
        assert!(answer(&[name, "-h"]).contains("Usage: "));
    }
    let parse = answer(&["parse", "--help"]);
    for word in ["0 a token was granted", "1 the server said no", "2 the answer is rejected"] {
        assert!(parse.contains(word), "{parse}");
    }
    let help = answer(&["--help"]);
    for name in COMMANDS {
        assert!(help.contains(&format!("\n  {name} ")), "{help}");
    }
    assert!(help.contains("SHOULD NOT"), "{help}");
}

#[test]
fn the_version() {
    let version = format!("fragrant {}\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(answer(&["--version"]), version);
    assert_eq!(answer(&["-V"]), version);
}

/// Secrets as they are planted: of an ordinary look, like an option, like a number, and with an address around it.
fn planted() -> Vec<String> {
    vec![
        PLANTED.into(),
        format!("--{PLANTED}"),
        format!("-{PLANTED}"),
        format!("--{TOKEN}={PLANTED}"),
        "20260101202601012026".into(),
        format!("https://a/{PLANTED} x"),
        format!("#access_token={PLANTED}\n"),
    ]
}

#[test]
fn no_value_is_repeated_wherever_it_stands() {
    let client = ["--client-id", "a", "--redirect-uri", "https://a/"];
    let mut refused = 0;
    for secret in planted() {
        let secret = secret.as_str();
        let mut runs: Vec<Vec<&str>> = vec![
            vec![secret],
            vec![secret, "parse"],
            vec!["help", secret],
            vec!["parse", secret],
            vec!["parse", "--state", secret],
            vec!["parse", "--state", secret, "--state", secret, secret],
            vec!["parse", "--state", secret, "--no-state", secret],
            vec!["parse", "--no-state", secret, secret],
            vec!["parse", "--no-state", "--", secret, secret],
            vec!["parse", "--batch", secret],
            vec!["parse", "--batch", "--state", secret],
            vec!["url", "--client-id", secret],
            vec!["url", "--redirect-uri", secret],
            vec!["url", secret],
        ];
        for option in ["--response-type", "--redirect-uri", "--issuer", "--profile"] {
            runs.push(vec!["parse", "--no-state", "#a", option, secret]);
        }
        for option in ["--profile", "--deny", "--json"] {
            runs.push(vec!["demo", option, secret]);
        }
        for option in ["--profile", "--port", "--token-lifetime"] {
            runs.push(vec!["serve", "--port", "x", option, secret]);
        }
        for option in ["--environment", "--endpoint", "--response-type", "--brand-id", "--param", "--profile"]
        {
            runs.push([&["url", "--profile=ringcentral"], &client[..], &[option, secret]].concat());
        }
        let owned: Vec<Vec<String>> = [
            &["parse", "--no-state", "#a", "--profile="][..],
            &["parse", "--no-state="],
            &["parse", "--batch="],
            &["demo", "--deny="],
            &["demo", "--bogus="],
            &["serve", "--port="],
            &["url", "--client-id=a", "--redirect-uri=https://a/", "--profile=procore", "--param=state="],
            &["url", "--client-id=a", "--redirect-uri=https://a/", "--profile=procore", "--bogus="],
        ]
        .iter()
        .map(|run| {
            let (last, first) = run.split_last().unwrap();
            first.iter().map(ToString::to_string).chain([format!("{last}{secret}")]).collect()
        })
        .collect();
        runs.extend(owned.iter().map(|run| run.iter().map(String::as_str).collect()));
        for arguments in runs {
            let ran = fragrant(&arguments);
            if ran.code != Some(64) {
                // What fits is explained, shortened; that is for the tests of the commands.
                assert!(!ran.said().contains(PLANTED) || arguments[0] == "url", "{arguments:?}: {ran:?}");
                continue;
            }
            refused += 1;
            assert_eq!(ran.stdout, "", "{arguments:?}");
            assert_one_line(&ran.stderr);
            for part in [PLANTED, "Secret", TOKEN, "2026010120"] {
                assert!(!ran.stderr.contains(part), "{arguments:?}: {}", ran.stderr);
            }
        }
    }
    assert!(refused > 200, "{refused}");
}

#[test]
fn a_value_that_begins_with_a_hyphen_can_be_given() {
    let text = refusal(&["parse", "--state", "--2Yotn", "#a"], &["--option=VALUE"]);
    assert!(!text.contains("2Yotn"), "{text}");
    assert_eq!(fragrant(&["parse", "--state=--2Yotn", "#error=e&state=--2Yotn"]).code, Some(1));
    assert_eq!(fragrant(&["parse", "--no-state", "--", "--2Yotn"]).code, Some(2));
}

#[cfg(unix)]
#[test]
fn arguments_that_are_no_text() {
    use std::os::unix::ffi::OsStrExt;
    let bad = OsStr::from_bytes(b"Planted0\xff");
    for position in [&["parse", "--no-state"][..], &["parse", "#a", "--state"], &["demo", "--profile"]] {
        let ran = run(command(position).arg(bad), b"");
        assert_eq!((ran.code, &*ran.stdout), (Some(64), ""));
        assert_one_line(&ran.stderr);
        assert!(ran.stderr.contains("UTF-8") && !ran.stderr.contains("Planted"), "{ran:?}");
    }
}
