//! What is sent: the token once, in its header, and nothing that could put it or a header anywhere else.

use std::net::TcpListener;
use std::process::Command;

use fragrant_http::{ApiClient, HttpError};

use crate::scenario::{ApiServer, TOKEN, answer, header_values, request};

/// Tells the inner run of a test where the server is.
const ORIGIN: &str = "FRAGRANT_TEST_ORIGIN";

#[test]
// req(test): RFC6750-2-1, RFC6750-2.1-1
fn the_token_is_sent_once_and_in_its_header() {
    let server = ApiServer::answering([answer("200 OK", "", "{}")]);
    let to = request("GET", &server.origin(), "/restapi/v1.0/account/~/extension/~?page=1&x=%20#planted");
    let response = ApiClient::new().send(&to, &[("X-User-Agent", "app/1.0")], b"").unwrap();
    assert_eq!((response.status, &*response.body), (200, &b"{}"[..]));
    let origin = server.origin();
    let sent = server.requests().remove(0);
    assert_eq!(sent.lines().next(), Some("GET /restapi/v1.0/account/~/extension/~?page=1&x=%20 HTTP/1.1"));
    assert_eq!(header_values(&sent, "authorization"), [format!("Bearer {TOKEN}")]);
    assert_eq!(sent.matches(TOKEN).count(), 1, "{sent}");
    assert_eq!(header_values(&sent, "x-user-agent"), ["app/1.0"]);
    assert_eq!(header_values(&sent, "host"), [origin.trim_start_matches("http://")]);
    assert!(!sent.contains("planted"), "a fragment is never sent: {sent}");
}

#[test]
fn a_body_goes_with_any_method() {
    for method in ["POST", "PUT", "PATCH", "DELETE", "GET", "PROPFIND"] {
        let server = ApiServer::answering([answer("200 OK", "", "")]);
        let to = request(method, &server.origin(), "/");
        let headers = [("Content-Type", "application/json")];
        let response = ApiClient::new().send(&to, &headers, br#"{"a":1}"#);
        assert_eq!(response.map(|response| response.status).ok(), Some(200), "{method}");
        let sent = server.requests().remove(0);
        assert!(sent.starts_with(&format!("{method} / HTTP/1.1\r\n")), "{sent}");
        assert!(sent.ends_with("\r\n\r\n{\"a\":1}"), "{sent}");
        assert_eq!(header_values(&sent, "content-type"), ["application/json"]);
        assert_eq!(header_values(&sent, "authorization").len(), 1);
    }
}

#[test]
fn no_body_is_sent_for_none() {
    for method in ["GET", "HEAD", "DELETE", "OPTIONS"] {
        let server = ApiServer::answering([answer("200 OK", "", "")]);
        ApiClient::new().send(&request(method, &server.origin(), "/"), &[], b"").unwrap();
        let sent = server.requests().remove(0);
        assert!(sent.ends_with("\r\n\r\n"), "{sent}");
        assert!(header_values(&sent, "transfer-encoding").is_empty(), "{sent}");
    }
}

#[test]
fn the_header_of_the_token_is_nobody_elses() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let to = request("GET", &format!("http://{}", listener.local_addr().unwrap()), "/");
    for name in ["Authorization", "authorization", "AUTHORIZATION", "aUTHORIZATION"] {
        let error = ApiClient::new().send(&to, &[("Accept", "*/*"), (name, "Bearer planted")], b"");
        let error = error.unwrap_err();
        assert!(matches!(error, HttpError::AuthorizationHeader), "{error:?}");
        assert_eq!(error.to_string(), "header Authorization: it is set from the token and from nothing else");
    }
    assert_nobody_came(&listener);
}

#[test]
fn a_header_cannot_bring_another() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let to = request("GET", &format!("http://{}", listener.local_addr().unwrap()), "/");
    for (name, value) in [
        ("X-A", "a\r\nX-B: planted"),
        ("X-A", "planted\n"),
        ("X-A", "planted\r"),
        ("X-A", "planted\0"),
        ("X-A", "planted\u{7f}"),
        ("X-A\r\nX-B", "planted"),
        ("X-A: b", "planted"),
        ("X A", "planted"),
        ("Authorization ", "planted"),
        (" Authorization", "planted"),
        ("Authorization:", "planted"),
        ("", "planted"),
        ("é", "planted"),
    ] {
        let error = ApiClient::new().send(&to, &[(name, value)], b"").unwrap_err();
        assert!(matches!(&error, HttpError::Header { name: told } if told == name), "{error:?}");
        let text = format!("{error} {error:?}");
        assert!(!text.contains("planted") && !text.contains(['\r', '\n']), "{text}");
    }
    assert_nobody_came(&listener);
}

fn assert_nobody_came(listener: &TcpListener) {
    listener.set_nonblocking(true).unwrap();
    let came = listener.accept().map_err(|error| error.kind());
    assert_eq!(came.unwrap_err(), std::io::ErrorKind::WouldBlock);
}

/// A proxy would see the token. The environment cannot be changed safely from within, so the test runs itself again.
#[test]
fn no_proxy_of_the_environment_is_used() {
    let proxy = TcpListener::bind("127.0.0.1:0").unwrap();
    let proxy_url = format!("http://{}", proxy.local_addr().unwrap());
    let server = ApiServer::answering([answer("200 OK", "", "")]);
    let mut inner = Command::new(std::env::current_exe().unwrap());
    inner.args(["--exact", "requests::with_a_proxy_in_the_environment"]);
    inner.env(ORIGIN, server.origin()).env_remove("NO_PROXY").env_remove("no_proxy");
    for name in ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
        inner.env(name, &proxy_url);
    }
    let ran = inner.output().unwrap();
    let text = String::from_utf8_lossy(&ran.stdout);
    assert!(ran.status.success() && text.contains("1 passed"), "{text}");
    assert_nobody_came(&proxy);
    assert_eq!(server.requests().len(), 1);
}

/// The inner run of [`no_proxy_of_the_environment_is_used`]; outside of it there is nobody to call.
#[test]
fn with_a_proxy_in_the_environment() {
    let Ok(origin) = std::env::var(ORIGIN) else { return };
    let response = ApiClient::new().send(&request("GET", &origin, "/"), &[], b"").unwrap();
    assert_eq!(response.status, 200);
}
