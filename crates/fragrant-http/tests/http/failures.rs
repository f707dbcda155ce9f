//! No answer, or too much of one: an error that names the origin and nothing secret.

use std::io::Write;
use std::net::TcpListener;
use std::time::Duration;

use fragrant_http::{ApiClient, HttpError};

use crate::scenario::{ApiServer, TOKEN, answer, outcome_of, read_request, request};

/// Long enough for a connection on this machine, short enough to wait for.
const SHORT: Duration = Duration::from_millis(200);

fn assert_transport(error: &HttpError, origin: &str) {
    assert!(matches!(error, HttpError::Transport { origin: own, .. } if own == origin), "{error:?}");
    assert!(error.to_string().starts_with(&format!("{origin}: ")), "{error}");
    assert_no_token(error);
}

fn assert_no_token(error: &HttpError) {
    let text = format!("{error} {error:?}");
    assert!(!text.contains(TOKEN) && !text.contains(&TOKEN[..8]), "{text}");
    assert!(!error.to_string().contains(char::is_control), "{text}");
}

#[test]
fn a_body_up_to_the_limit_and_not_a_byte_more() {
    let client = ApiClient::new().with_max_body(4);
    for (body, fits) in [("", true), ("abcd", true), ("abcde", false)] {
        let chunked = format!(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{}0\r\n\r\n",
            body.chars().map(|c| format!("1\r\n{c}\r\n")).collect::<String>()
        );
        for answer in [answer("200 OK", "", body), chunked.into_bytes()] {
            let server = ApiServer::answering([answer]);
            let origin = server.origin();
            let outcome = client.send(&request("GET", &origin, "/"), &[], b"");
            server.requests();
            match outcome {
                Ok(response) => assert!(fits && response.body == body.as_bytes(), "{body}"),
                Err(error) => {
                    assert!(!fits);
                    assert!(matches!(error, HttpError::TooLong { limit: 4, .. }), "{error:?}");
                    assert_eq!(error.to_string(), format!("{origin}: the answer is longer than 4 bytes"));
                }
            }
        }
    }
}

#[test]
fn a_body_without_end_is_left_at_the_limit() {
    let server = ApiServer::with(|listener| {
        let (mut stream, _) = listener.accept().unwrap();
        let sent = read_request(&mut stream);
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000000\r\n\r\n");
        // Until the client hangs up.
        while stream.write_all(&[b'x'; 4096]).is_ok() {}
        vec![sent]
    });
    let client = ApiClient::new().with_max_body(100_000);
    let error = client.send(&request("GET", &server.origin(), "/"), &[], b"").unwrap_err();
    assert!(matches!(error, HttpError::TooLong { limit: 100_000, .. }), "{error:?}");
    drop(client);
    server.requests();
}

#[test]
fn no_limit_is_no_overflow() {
    let server = ApiServer::answering([answer("200 OK", "", "body")]);
    let client = ApiClient::new().with_max_body(u64::MAX);
    assert_eq!(client.send(&request("GET", &server.origin(), "/"), &[], b"").unwrap().body, b"body");
}

#[test]
fn a_server_that_never_answers() {
    // The system takes the connection; nobody ever speaks.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let client = ApiClient::with_timeout(SHORT);
    assert_transport(&client.send(&request("GET", &origin, "/"), &[], b"").unwrap_err(), &origin);
}

#[test]
fn a_server_that_never_ends() {
    let (release, held) = std::sync::mpsc::channel::<()>();
    let server = ApiServer::with(move |listener| {
        let (mut stream, _) = listener.accept().unwrap();
        let sent = read_request(&mut stream);
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
        // Keeps the connection open until the client has given up.
        let _ = held.recv();
        vec![sent]
    });
    let origin = server.origin();
    let client = ApiClient::with_timeout(SHORT);
    assert_transport(&client.send(&request("GET", &origin, "/"), &[], b"").unwrap_err(), &origin);
    drop(release);
}

#[test]
fn nobody_there() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let error = ApiClient::new().send(&request("GET", &origin, "/"), &[], b"").unwrap_err();
    assert_transport(&error, &origin);
}

#[test]
// req(test): RFC6749-10.3-1
fn what_is_no_http_and_repeats_the_token() {
    let (token, basic) = (TOKEN, "HTTP/1.1 200 OK\r\n");
    for garbage in [
        String::new(),
        token.into(),
        format!("{token}\r\n\r\n"),
        format!("HTTP/1.1 {token}\r\n\r\n"),
        format!("{basic}{token}\r\n\r\n"),
        format!("{basic}{token} x: y\r\n\r\n"),
        format!("{basic}Content-Length: {token}\r\n\r\n"),
        format!("{basic}Content-Length: -1\r\n\r\n{token}"),
        format!("{basic}Content-Length: 999\r\n\r\n{token}"),
        format!("{basic}Transfer-Encoding: chunked\r\n\r\n{token}\r\n"),
        format!("{basic}X: {token}"),
        format!("{basic}X: {}\r\n\r\n", token.repeat(100_000)),
    ] {
        if let Err(error) = outcome_of(garbage.as_bytes()) {
            assert_no_token(&error);
        } else {
            panic!("an answer: {garbage:.80}");
        }
    }
}

#[test]
fn debug_shows_no_secret_and_no_surprise() {
    let client = ApiClient::default().with_max_body(7);
    assert_eq!(format!("{client:?}"), "ApiClient { max_body: 7, .. }");
    let to = request("GET", "https://api.example", "/");
    assert!(!format!("{to:?} {to}").contains(&TOKEN[..8]));
}
