//! The program as a user runs it, against the test server. What its browser does is done by hand.

// clippy knows `#[test]` functions, and not those that they share.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

// The user agent of the server's own tests: cookies, forms, redirects. Not all of it is needed here.
#[allow(dead_code)]
#[path = "../../../crates/fragrant-server/tests/server/browser.rs"]
mod browser;

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, Stdio};

use browser::{Answer, Browser};
use fragrant_server::{RunningServer, Server};

const PASSWORD: &str = "correct horse battery staple";

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

    fn hand_in(&mut self, address: &str) {
        let mut input = self.child.stdin.take().unwrap();
        writeln!(input, "{address}").unwrap();
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
    let mut program = Program::start(&server, &["--own-scheme", "com.example.app:/callback"]);
    let (_, answer) = decide(&program.url, "allow");
    program.hand_in(answer.location());
    let (status, output, complaints) = program.end();
    assert_eq!(status, 0, "{complaints}");
    assert!(output.contains("jane"), "{output}");
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
fn nobody_coming_back_is_told_and_so_is_a_wrong_state() {
    let server = server();
    let (status, _, complaints) = Program::start(&server, &["--timeout", "1"]).end();
    assert_eq!(status, 1);
    assert!(
        complaints.contains("native: you are not signed in: no answer came within 1 seconds\n"),
        "{complaints}"
    );

    let mut program = Program::start(&server, &["--own-scheme", "com.example.app:/callback"]);
    program.hand_in("com.example.app:/callback#access_token=planted&token_type=bearer&state=x&iss=y");
    let (status, _, complaints) = program.end();
    assert_eq!(status, 1);
    assert!(
        complaints.contains("native: the answer is not believed: the answer names another issuer"),
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
