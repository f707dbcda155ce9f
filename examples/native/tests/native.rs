//! The program as a user runs it, against the test server. What its browser does is done by hand.

// clippy knows `#[test]` functions, and not those that they share.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

// The user agent of the server's own tests: cookies, forms, redirects. Not all of it is needed here.
#[allow(dead_code)]
#[path = "../../../crates/fragrant-server/tests/server/browser.rs"]
mod browser;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};

use browser::{Answer, Browser};
use fragrant_server::{RunningServer, Server};

const PASSWORD: &str = "correct horse battery staple";
const OWN_SCHEME: &str = "com.example.app:/callback";
/// An answer that is for nobody.
const FORGED: &str = "com.example.app:/callback#access_token=planted&token_type=bearer&state=x";

fn server() -> RunningServer {
    Server::from_toml(include_str!("../fragrant.toml")).unwrap().start().unwrap()
}

/// The program, which has said where to go. It ends with the test.
struct Program {
    child: Child,
    output: BufReader<std::process::ChildStdout>,
    url: String,
}

impl Program {
    fn start(server: &RunningServer, arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_native"))
            .args(["--test-server", server.app_origin().as_str(), "--client-id", "native", "--scope", "read"])
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut url = String::new();
        output.read_line(&mut url).unwrap();
        Self { child, output, url: url.trim_end().into() }
    }

    /// These lines, and no more after them.
    fn hand_in(&mut self, lines: &[&[u8]]) {
        let mut input = self.child.stdin.take().unwrap();
        for line in lines {
            input.write_all(line).unwrap();
            input.write_all(b"\n").unwrap();
        }
    }

    /// Its exit status, the rest of its output, and what it has complained of.
    fn end(mut self) -> (i32, String, String) {
        let (mut output, mut complaints) = (String::new(), String::new());
        self.output.read_to_string(&mut output).unwrap();
        self.child.stderr.take().unwrap().read_to_string(&mut complaints).unwrap();
        let status = self.child.wait().unwrap();
        assert!(!complaints.contains("access_token") && !output.contains("access_token"), "{complaints}");
        (status.code().unwrap(), output, complaints)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
    }
}

/// Login, consent, and the redirect that follows.
fn decide(url: &str, decision: &str) -> (Browser, Answer) {
    let mut browser = Browser::new();
    let login = browser.get(url);
    let consent = browser.submit(&login.form().with(&[("username", "jane"), ("password", PASSWORD)]));
    let answer = browser.submit(&consent.form().with(&[("decision", decision)]));
    (browser, answer)
}

/// Loads the program's page and does what its script does.
fn hand_over(browser: &mut Browser, address: &str) -> u16 {
    let page = browser.get(address);
    let (_, rest) = page.body.split_once(" data-key=\"").unwrap();
    let (key, _) = rest.split_once('"').unwrap();
    let redirect_uri = address.split(['?', '#']).next().unwrap();
    let origin = redirect_uri.strip_suffix("/callback").unwrap();
    let headers = [("origin", origin), ("content-type", "text/uri-list"), ("fragrant-key", key)];
    browser.send("POST", redirect_uri, &headers, address).status
}

#[test]
// req(test): RFC8252-8.2-1
fn a_user_signs_in_and_the_api_serves_the_call() {
    let server = server();
    let program = Program::start(&server, &[]);
    let (mut browser, answer) = decide(&program.url, "allow");
    assert_eq!(hand_over(&mut browser, answer.location()), 204);
    let (status, output, complaints) = program.end();
    assert_eq!(status, 0, "{complaints}");
    assert!(output.contains("jane"), "{output}");
    assert!(complaints.contains("You are signed in.") && complaints.contains("for: read"), "{complaints}");
    let help = Command::new(env!("CARGO_BIN_EXE_native")).arg("--help").output().unwrap();
    assert!(String::from_utf8(help.stdout).unwrap().contains("NOT RECOMMENDED"));
}

#[test]
fn an_address_in_the_apps_own_scheme_is_handed_in() {
    let server = server();
    let mut program = Program::start(&server, &["--own-scheme", OWN_SCHEME]);
    let (_, answer) = decide(&program.url, "allow");
    program.hand_in(&[answer.location().as_bytes()]);
    let (status, output, complaints) = program.end();
    assert_eq!(status, 0, "{complaints}");
    assert!(output.contains("jane"), "{output}");
}

#[test]
fn a_line_that_anybody_could_have_handed_in_ends_nothing() {
    let server = server();
    let mut program = Program::start(&server, &["--own-scheme", OWN_SCHEME]);
    let (_, answer) = decide(&program.url, "allow");
    let forged = format!("{FORGED}&iss={}", server.issuer().unwrap());
    let long = format!("{OWN_SCHEME}#{}", "x".repeat(100_000));
    let other = b"com.example.app:/elsewhere#state=x".as_slice();
    program.hand_in(&[
        b"",
        b"planted",
        b"\xff",
        OWN_SCHEME.as_bytes(),
        other,
        FORGED.as_bytes(),
        forged.as_bytes(),
        long.as_bytes(),
        answer.location().as_bytes(),
    ]);
    let (status, output, complaints) = program.end();
    assert_eq!(status, 0, "{complaints}");
    assert!(output.contains("jane") && !complaints.contains("planted"), "{complaints}");
    for told in [
        "This line is no address in the app's own scheme. Still waiting.\n",
        "This address holds no answer. Still waiting.\n",
        "This address is not believed: the answer names no issuer",
        "This address is not believed: the answer's state is not the request's",
    ] {
        assert!(complaints.contains(told), "{told}: {complaints}");
    }
    assert_eq!(complaints.matches("Still waiting.").count(), 8, "{complaints}");
}

#[test]
fn the_end_of_the_input_and_of_the_time_are_told() {
    let server = server();
    let ended = |lines: &[&[u8]]| {
        let mut program = Program::start(&server, &["--own-scheme", OWN_SCHEME]);
        program.hand_in(lines);
        program.end()
    };
    let (status, _, complaints) = ended(&[]);
    assert_eq!(status, 1);
    assert!(complaints.ends_with("native: you are not signed in: no line came\n"), "{complaints}");
    let (status, _, complaints) = ended(&[FORGED.as_bytes()]);
    assert_eq!(status, 1);
    assert!(complaints.contains("This address is not believed: "), "{complaints}");
    assert!(complaints.ends_with("no line came that holds the answer\n"), "{complaints}");
    // Its input stays open.
    let mut program = Program::start(&server, &["--own-scheme", OWN_SCHEME, "--timeout", "1"]);
    let input = program.child.stdin.take();
    let (status, _, complaints) = program.end();
    assert_eq!(status, 1);
    assert!(
        complaints.ends_with("native: you are not signed in: no answer came within 1 second\n"),
        "{complaints}"
    );
    drop(input);
}

#[test]
fn a_no_is_told() {
    let server = server();
    let program = Program::start(&server, &[]);
    let (mut browser, answer) = decide(&program.url, "deny");
    assert_eq!(hand_over(&mut browser, answer.location()), 204);
    let (status, _, complaints) = program.end();
    assert_eq!(status, 1);
    assert!(complaints.contains("native: the server said no: access_denied"), "{complaints}");
}

#[test]
fn nobody_coming_back_is_told() {
    let server = server();
    let (status, _, complaints) = Program::start(&server, &["--timeout", "1"]).end();
    assert_eq!(status, 1);
    assert!(
        complaints.contains("native: you are not signed in: no answer came within 1 second\n"),
        "{complaints}"
    );
}

#[test]
fn a_forged_answer_is_told_when_the_time_is_over() {
    let server = server();
    let program = Program::start(&server, &["--timeout", "5"]);
    let (_, query) = program.url.split_once('?').unwrap();
    let redirect_uri = fragrant::wire::form::pairs(query, 0)
        .map(Result::unwrap)
        .find_map(|pair| (pair.name.decode() == "redirect_uri").then(|| pair.value.decode().into_owned()))
        .unwrap();
    let issuer = server.issuer().unwrap();
    let forged = format!("{redirect_uri}#access_token=planted&token_type=bearer&state=x&iss={issuer}");
    assert_eq!(hand_over(&mut Browser::new(), &forged), 409);
    let (status, _, complaints) = program.end();
    assert_eq!(status, 1);
    assert!(
        complaints.contains("one came that was not believed: the answer's state is not the request's"),
        "{complaints}"
    );
    assert!(!complaints.contains("planted"), "{complaints}");
}

#[test]
fn what_is_wrong_on_the_command_line_is_told_by_name() {
    let run = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_native")).args(arguments).output().unwrap();
        (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    let good = ["--endpoint", "https://as.example/a", "--client-id", "x", "--call", "https://api.example/"];
    for (more, words) in [
        (["--scope", "a  b"], "native: --scope: "),
        (["--issuer", "x"], "native: --issuer: "),
        (["--profile", "x"], "native: --profile: expected one of rfc6749, procore, ringcentral"),
        (["--own-scheme", "javascript:x"], "native: --own-scheme: "),
        (["--own-scheme", "https://app.example/callback"], "native: --own-scheme: "),
        (["--path", "callback"], "native: path: expected `/` at the beginning"),
        (["--path", "//evil.example/"], "native: path: expected `/` at the beginning"),
        (["--path", "/a b"], "native: redirect_uri: "),
        (["--timeout", "0"], "error: invalid value '0' for '--timeout <SECONDS>'"),
    ] {
        let (status, complaint) = run(&[&good[..], &more[..]].concat());
        assert_eq!(status, 2, "{complaint}");
        assert!(complaint.starts_with(words), "{complaint}");
    }
    assert_eq!(run(&[]).0, 2);
    let (status, complaint) = run(&["--test-server", "http://127.0.0.1:1"]);
    assert_eq!(status, 1);
    assert!(complaint.starts_with("native: the test server at http://127.0.0.1:1: "), "{complaint}");
}

#[test]
fn a_test_server_that_says_nothing_is_not_waited_for_without_end() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("http://{}", silent.local_addr().unwrap());
    let output =
        Command::new(env!("CARGO_BIN_EXE_native")).args(["--test-server", &origin]).output().unwrap();
    let complaint = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{complaint}");
    assert!(complaint.starts_with(&format!("native: the test server at {origin}: timeout")), "{complaint}");
}

#[cfg(target_os = "linux")]
#[test]
fn an_output_that_takes_nothing_is_told() {
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let arguments =
        ["--endpoint", "https://as.example/a", "--client-id", "x", "--call", "https://api.example/"];
    let output = Command::new(env!("CARGO_BIN_EXE_native")).args(arguments).stdout(full).output().unwrap();
    let complaint = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{complaint}");
    assert!(complaint.contains("native: standard output: "), "{complaint}");
}
