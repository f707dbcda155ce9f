//! What is too much: too often, too many at once, too long. (What is too large: `hostile`.)

use std::io::{Read, Write};
use std::net::TcpStream;
use std::num::NonZeroU32;
use std::time::{Duration, Instant};

use fragrant_profiles::rfc6749;
use fragrant_server::Limits;

use crate::browser::Browser;
use crate::scenario::{PASSWORD, Scenario, server};

const QUERY: &str = "response_type=token&client_id=web&scope=read&state=s";
/// Longer than anything here takes.
const LONG: Duration = Duration::from_secs(30);

fn limited(set: impl FnOnce(&mut Limits)) -> Scenario {
    let mut limits = Limits::default();
    set(&mut limits);
    Scenario::start(server(&rfc6749::PROVIDER).with_limits(limits))
}

fn connect(scenario: &Scenario) -> TcpStream {
    let authority =
        scenario.server.authorization_origin().as_str().strip_prefix("http://").unwrap().to_owned();
    let stream = TcpStream::connect(authority).unwrap();
    stream.set_read_timeout(Some(LONG)).unwrap();
    stream
}

/// Asks for something small over a connection that stays open, and reads the head of the answer.
fn ask(stream: &mut TcpStream) -> String {
    let host = stream.peer_addr().unwrap();
    write!(stream, "HEAD /style.css HTTP/1.1\r\nhost: {host}\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    while !answer.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        assert_eq!(stream.read(&mut byte).unwrap(), 1, "{}", String::from_utf8_lossy(&answer));
        answer.push(byte[0]);
    }
    String::from_utf8(answer).unwrap()
}

#[test]
fn a_password_is_guessed_so_often_and_no_more() {
    let mut scenario = limited(|limits| limits.logins_per_minute = NonZeroU32::new(2).unwrap());
    for _ in 0..2 {
        let form = scenario.authorize(QUERY).form().with(&[("username", "jane"), ("password", "wrong")]);
        assert_eq!(scenario.browser.submit(&form).status, 200);
    }
    // The right one is not tried either.
    let form = scenario.authorize(QUERY).form().with(&[("username", "jane"), ("password", PASSWORD)]);
    let refused = scenario.browser.submit(&form);
    assert_eq!((refused.status, refused.header("retry-after")), (429, Some("60")));
    // She gets another page to try again with.
    assert!(refused.body.contains("name=\"password\"") && !refused.body.contains(PASSWORD));
    // From another browser of the same address it is the same.
    let mut other = Browser::new();
    let page = other.get(&format!("{}?{QUERY}", scenario.server.authorization_endpoint()));
    assert_eq!(other.submit(&page.form()).status, 429);
}

#[test]
fn nobody_uses_up_the_logins_of_others() {
    let mut scenario = limited(|limits| limits.logins_per_minute = NonZeroU32::MIN);
    let login = format!("{}/login", scenario.server.authorization_origin());
    let form = ("content-type", "application/x-www-form-urlencoded");
    for from in [("sec-fetch-site", "cross-site"), ("sec-fetch-site", "none")] {
        let answer = Browser::new().send("POST", &login, &[form, from], "username=jane&password=x");
        assert_eq!(answer.status, 403);
    }
    let page = scenario.authorize(QUERY);
    assert_eq!(scenario.log_in(&page).status, 200);
}

#[test]
fn requests_are_answered_so_often_and_then_again() {
    let mut scenario = limited(|limits| limits.requests_per_second = NonZeroU32::new(4));
    let mut ask = || scenario.authorize(&format!("{QUERY}&prompt=none")).status;
    let start = Instant::now();
    while ask() == 303 {
        assert!(start.elapsed() < LONG);
    }
    while ask() != 303 {
        assert!(start.elapsed() < LONG);
    }
}

#[test]
// req(test): RFC7009-5-1
fn a_page_can_read_that_it_asks_too_often() {
    let scenario = limited(|limits| limits.requests_per_second = Some(NonZeroU32::MIN));
    let address = format!("{}/revoke", scenario.server.authorization_origin());
    let origin = scenario.server.app_origin().to_string();
    let headers = [("content-type", "application/x-www-form-urlencoded"), ("origin", &*origin)];
    let start = Instant::now();
    let refused = loop {
        let answer = Browser::new().send("POST", &address, &headers, "token=x&client_id=web");
        assert_eq!(answer.header("access-control-allow-origin"), Some(&*origin));
        match answer.status {
            200 => assert!(start.elapsed() < LONG),
            _ => break answer,
        }
    };
    assert_eq!((refused.status, refused.header("retry-after")), (429, Some("1")));
    assert!(!refused.body.contains('<'), "{}", refused.body);
}

#[test]
fn beyond_so_many_connections_the_next_one_waits() {
    let scenario = limited(|limits| limits.connections = NonZeroU32::MIN);
    let mut first = connect(&scenario);
    assert!(ask(&mut first).starts_with("HTTP/1.1 200"));
    let mut second = connect(&scenario);
    let host = second.peer_addr().unwrap();
    write!(second, "GET /style.css HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n").unwrap();
    // The first is served as before, and only when it is gone the second one is.
    second.set_nonblocking(true).unwrap();
    for _ in 0..100 {
        assert!(ask(&mut first).starts_with("HTTP/1.1 200"));
        assert_eq!(second.read(&mut [0]).unwrap_err().kind(), std::io::ErrorKind::WouldBlock);
    }
    drop(first);
    second.set_nonblocking(false).unwrap();
    let mut answer = String::new();
    second.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

#[test]
fn a_connection_ends_in_its_time_whatever_is_done_with_it() {
    let scenario = limited(|limits| limits.connection_lifetime = NonZeroU32::MIN);
    let start = Instant::now();
    let mut busy = connect(&scenario);
    // One that asks and asks.
    let host = busy.peer_addr().unwrap();
    let mut answer = [0; 1024];
    while write!(busy, "HEAD /style.css HTTP/1.1\r\nhost: {host}\r\n\r\n").is_ok()
        && busy.read(&mut answer).is_ok_and(|read| read > 0)
    {
        assert!(start.elapsed() < LONG);
    }
    // One that says nothing.
    let mut silent = connect(&scenario);
    assert!(matches!(silent.read(&mut [0]), Ok(0) | Err(_)));
    assert!(start.elapsed() < LONG);
}

#[test]
fn an_answer_under_way_is_sent_before_its_connection_ends() {
    let mut scenario = limited(|limits| limits.connection_lifetime = NonZeroU32::MIN);
    scenario.server.delay_answers(Duration::from_secs(2));
    let answer = scenario.authorize(&format!("{QUERY}&prompt=none"));
    assert_eq!((answer.status, answer.header("connection")), (303, Some("close")));
}
