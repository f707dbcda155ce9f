//! A redirect could take the token to an origin that nobody has listed, so it is an answer and not a command.

use std::io::ErrorKind;
use std::net::TcpListener;

use fragrant_http::{ApiClient, Outcome};

use crate::scenario::{ApiServer, answer, request};

#[test]
// req(test): RFC6750-5.3-1
fn none_is_followed() {
    let elsewhere = TcpListener::bind("127.0.0.1:0").unwrap();
    elsewhere.set_nonblocking(true).unwrap();
    let target = format!("http://{}/steal", elsewhere.local_addr().unwrap());
    for status in [
        "301 Moved Permanently",
        "302 Found",
        "303 See Other",
        "307 Temporary Redirect",
        "308 Permanent Redirect",
    ] {
        for method in ["GET", "POST"] {
            let server = ApiServer::answering([answer(status, &format!("Location: {target}\r\n"), "moved")]);
            let to = request(method, &server.origin(), "/");
            let response = ApiClient::new().send(&to, &[], b"").unwrap();
            assert_eq!(response.status.to_string(), status[..3]);
            assert_eq!(response.outcome(), Outcome::Other);
            assert_eq!(response.header("Location"), Some(&*target));
            assert_eq!(response.body, b"moved");
            assert_eq!(server.requests().len(), 1);
        }
    }
    assert_eq!(elsewhere.accept().unwrap_err().kind(), ErrorKind::WouldBlock);
}

#[test]
fn not_even_to_the_same_server() {
    let server = ApiServer::answering([answer("302 Found", "Location: /again\r\n", "")]);
    let response = ApiClient::new().send(&request("GET", &server.origin(), "/"), &[], b"").unwrap();
    assert_eq!(response.status, 302);
    assert_eq!(server.requests().len(), 1);
}
