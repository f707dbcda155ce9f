//! Forms that no page of ours sends, and requests that are too much.

use std::io::{Read, Write};
use std::net::TcpStream;

use fragrant_profiles::rfc6749;

use crate::browser::{Browser, Form};
use crate::scenario::{PASSWORD, Scenario, server};

const QUERY: &str = "response_type=token&client_id=web&scope=read+write&state=s";

fn consent_form(scenario: &mut Scenario) -> Form {
    let login_page = scenario.authorize(QUERY);
    scenario.log_in(&login_page).form().with(&[("decision", "allow")])
}

fn login_form(scenario: &mut Scenario) -> Form {
    scenario.authorize(QUERY).form().with(&[("username", "jane"), ("password", PASSWORD)])
}

#[test]
// req(test): RFC6749-10.12-5, OIDC-3.1.2.4-1
fn a_decision_is_taken_once() {
    let mut scenario = Scenario::of(&rfc6749::PROVIDER);
    let form = consent_form(&mut scenario);
    assert!(scenario.browser.submit(&form).location().contains("#access_token="));
    let again = scenario.browser.submit(&form);
    assert_eq!((again.status, again.header("location")), (403, None));
}

#[test]
fn a_login_page_is_sent_in_once() {
    let mut scenario = Scenario::of(&rfc6749::PROVIDER);
    let form = login_form(&mut scenario);
    assert_eq!(scenario.browser.submit(&form).status, 200);
    assert_eq!(scenario.browser.submit(&form).status, 403);
}

#[test]
// req(test): RFC6749-10.12-5, OIDC-3.1.2.3-2
fn a_form_of_somebody_elses_changes_nothing() {
    type MakeForm = fn(&mut Scenario) -> Form;
    for (make, expected) in [(login_form as MakeForm, 200), (consent_form as MakeForm, 303)] {
        let mut scenario = Scenario::of(&rfc6749::PROVIDER);
        let form = make(&mut scenario);
        let zeros = "0".repeat(40);
        // A forged or missing proof.
        for forged in [
            form.clone().with(&[("csrf", &zeros)]),
            form.clone().with(&[("csrf", "")]),
            form.clone().with(&[("transaction", "1000000")]),
            form.clone().with(&[("transaction", "x")]),
        ] {
            assert_eq!(scenario.browser.submit(&forged).status, 403);
        }
        let mut missing = form.clone();
        missing.fields.retain(|(name, _)| name != "csrf");
        assert_eq!(scenario.browser.submit(&missing).status, 403);
        let mut twice = form.clone();
        twice.fields.push(("csrf".into(), form.values("csrf")[0].into()));
        assert_eq!(scenario.browser.submit(&twice).status, 403);
        // Another browser, without the cookie or with one of its own.
        let mut other = Browser::new();
        assert_eq!(other.submit(&form).status, 403);
        let endpoint = scenario.server.authorization_endpoint().to_string();
        other.get(&format!("{endpoint}?{QUERY}"));
        assert_eq!(other.submit(&form).status, 403);
        // Another site, as the browser says.
        let content_type = ("content-type", "application/x-www-form-urlencoded");
        for from in [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")] {
            let answer = scenario.browser.send("POST", &form.action, &[content_type, from], form.body());
            assert_eq!((answer.status, answer.header("location")), (403, None));
        }
        // Another page's form.
        let other_page = if form.action.ends_with("/login") {
            form.action.replace("/login", "/consent")
        } else {
            form.action.replace("/consent", "/login")
        };
        assert_eq!(scenario.browser.submit(&Form { action: other_page, ..form.clone() }).status, 403);
        // None of them has used the page up.
        assert_eq!(scenario.browser.submit(&form).status, expected);
    }
}

#[test]
fn a_page_waits_ten_minutes() {
    for (seconds, expected) in [(599, 303), (600, 403)] {
        let mut scenario = Scenario::of(&rfc6749::PROVIDER);
        let form = consent_form(&mut scenario);
        scenario.server.clock().advance(seconds);
        assert_eq!(scenario.browser.submit(&form).status, expected, "{seconds}");
    }
}

#[test]
fn a_decision_after_the_session_has_ended_begins_with_the_login() {
    let mut scenario = Scenario::start(server(&rfc6749::PROVIDER).with_session_lifetime(60));
    let form = consent_form(&mut scenario);
    scenario.server.clock().advance(60);
    let page = scenario.browser.submit(&form);
    assert!(page.body.contains("name=\"password\""), "{}", page.body);
    let consent_page = scenario.log_in(&page);
    assert!(scenario.allow(&consent_page).location().contains("#access_token="));
}

#[test]
// req(test): OIDC-3.1.2.4-1
fn a_decision_reaches_no_further_than_the_page() {
    for fields in [
        &[("decision", "allow"), ("scope", "read admin")][..],
        &[("decision", "allow"), ("scope", "admin")],
        &[("decision", "allow"), ("scope", "re\"ad")],
        &[("decision", "maybe")],
        &[("decision", "")],
    ] {
        let mut scenario = Scenario::of(&rfc6749::PROVIDER);
        let form = consent_form(&mut scenario).with(fields);
        let answer = scenario.browser.submit(&form);
        assert_eq!((answer.status, answer.header("location")), (400, None), "{fields:?}");
    }
}

#[test]
fn a_planted_session_name_is_worth_nothing() {
    let mut scenario = Scenario::of(&rfc6749::PROVIDER);
    let login_page = scenario.authorize(QUERY);
    let port = scenario.server.authorization_endpoint().uri().port();
    let name = format!("fragrant_session_{port}");
    let planted = "ab".repeat(32);
    scenario.browser.cookies.insert(name.clone(), planted.clone());
    assert!(scenario.log_in(&login_page).body.contains("Allow access?"));
    assert_ne!(scenario.browser.cookies[&name], planted);
    let mut attacker = Browser::new();
    attacker.cookies.insert(name, planted);
    let endpoint = scenario.server.authorization_endpoint().to_string();
    assert!(attacker.get(&format!("{endpoint}?{QUERY}")).body.contains("name=\"password\""));
}

#[test]
fn a_login_ends_the_session_before_it() {
    let mut scenario = Scenario::of(&rfc6749::PROVIDER);
    let login_page = scenario.authorize(QUERY);
    scenario.log_in(&login_page);
    let mut old = Browser::new();
    old.cookies.clone_from(&scenario.browser.cookies);
    let login_page = scenario.authorize(&format!("{QUERY}&prompt=login"));
    scenario.log_in(&login_page);
    let endpoint = scenario.server.authorization_endpoint().to_string();
    assert!(old.get(&format!("{endpoint}?{QUERY}")).body.contains("name=\"password\""));
}

#[test]
fn too_much_is_refused() {
    let mut scenario = Scenario::of(&rfc6749::PROVIDER);
    let origin = scenario.server.authorization_origin().to_string();
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let long = "x".repeat(64 * 1024 + 1);
    for path in ["/login", "/consent", "/authorize"] {
        assert_eq!(
            scenario.browser.send("POST", &format!("{origin}{path}"), &form, &long).status,
            413,
            "{path}"
        );
        let fits = &long[..64 * 1024];
        assert_ne!(
            scenario.browser.send("POST", &format!("{origin}{path}"), &form, fits).status,
            413,
            "{path}"
        );
    }
    assert_eq!(scenario.browser.send("POST", &format!("{origin}/login"), &form, b"a=\xFF").status, 400);
    assert_eq!(scenario.browser.send("POST", &format!("{origin}/login"), &[], "a=b").status, 415);
    let api = scenario.server.api_origin().to_string();
    assert_eq!(scenario.browser.send("POST", &format!("{api}/resource/1"), &form, &long).status, 413);
    let head = |lines: &str| {
        let mut stream = TcpStream::connect(origin.strip_prefix("http://").unwrap()).unwrap();
        // The server may stop listening before all is said.
        let _ =
            write!(stream, "GET / HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n{lines}\r\n", &origin[7..]);
        let mut answer = String::new();
        let _ = stream.read_to_string(&mut answer);
        answer.get(9..12).unwrap_or_default().to_owned()
    };
    assert_eq!(head(""), "404");
    assert_eq!(head(&"x: y\r\n".repeat(65)), "431");
    assert_eq!(head(&format!("x: {long}\r\n")), "431");
}

#[test]
fn another_hosts_name_is_refused() {
    let mut scenario = Scenario::of(&rfc6749::PROVIDER);
    let server = &scenario.server;
    let origins = [server.authorization_origin(), server.app_origin(), server.api_origin()];
    for origin in origins.map(ToString::to_string) {
        for host in ["evil.example", "localhost", "127.0.0.1"] {
            let answer = scenario.browser.send("GET", &format!("{origin}/style.css"), &[("host", host)], "");
            assert_eq!(answer.status, 421, "{host}");
        }
        assert_ne!(scenario.browser.get(&format!("{origin}/style.css")).status, 421);
    }
}
