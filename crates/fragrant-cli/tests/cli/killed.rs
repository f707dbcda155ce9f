//! A server that is killed in the middle knows every token that it has answered with.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use crate::serve::{Serving, serve_in};

const SETTINGS: &str = "profile = \"rfc6749\"\nstore = \"fragrant.sqlite\"\n\
    dangerously_grant_silently_to_unproven_clients = true\n\
    [[users]]\nname = \"jane\"\npassword = \"x\"\n";
/// How many answers there are before the end.
const ENOUGH: usize = 200;

/// The whole answer, if it comes.
fn send(method: &str, address: &str, headers: &str, body: &str) -> Option<String> {
    let (authority, path) = address.strip_prefix("http://")?.split_once('/')?;
    let mut stream = TcpStream::connect(authority).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(30))).ok()?;
    let length = body.len();
    write!(
        stream,
        "{method} /{path} HTTP/1.1\r\nhost: {authority}\r\nconnection: close\r\ncontent-length: {length}\r\n{headers}\r\n{body}"
    )
    .ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    answer.contains("\r\n\r\n").then_some(answer)
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> Option<&'a str> {
    text.split_once(start)?.1.split_once(end).map(|(value, _)| value)
}

/// The cookies of a browser at which Jane has allowed all of it.
fn logged_in(request: &str) -> String {
    let origin = request.split("/authorize").next().unwrap();
    let mut answer = send("GET", request, "", "").unwrap();
    let mut cookies = String::new();
    for (path, fields) in [("/login", "username=jane&password=x"), ("/consent", "decision=allow&scope=read")]
    {
        if let Some(cookie) = between(&answer, "set-cookie: ", ";") {
            cookies = format!("{cookies}{cookie}; ");
        }
        let number = between(&answer, "name=\"transaction\" value=\"", "\"").unwrap();
        let csrf = between(&answer, "name=\"csrf\" value=\"", "\"").unwrap();
        let form = format!("{fields}&transaction={number}&csrf={csrf}");
        let headers = format!("content-type: application/x-www-form-urlencoded\r\ncookie: {cookies}\r\n");
        answer = send("POST", &format!("{origin}{path}"), &headers, &form).unwrap();
    }
    assert!(answer.contains("#access_token="), "{answer}");
    format!("cookie: {cookies}\r\n")
}

/// The servers' ports, as a configuration says them.
fn ports(serving: &Serving) -> String {
    let port = |address: &str| {
        let authority = address.trim_start_matches("http://").split('/').next().unwrap().to_owned();
        authority.rsplit(':').next().unwrap().to_owned()
    };
    format!(
        "[ports]\nauthorization = {}\napi = {}\napp = {}\n",
        port(serving.told("authorization server")),
        port(serving.told("API server")),
        port(&serving.page)
    )
}

#[test]
fn every_token_that_was_answered_is_there_after_a_kill() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("killed");
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("my.toml"), SETTINGS).unwrap();
    let mut serving = serve_in(&folder, &["--config", "my.toml"]);
    let client_id = serving.told("client_id");
    let request = format!(
        "{}?response_type=token&client_id={client_id}&scope=read&state=s",
        serving.told("authorization server")
    );
    let cookies = logged_in(&request);

    let (answered, answers) = mpsc::channel();
    let askers: Vec<_> = (0..4)
        .map(|_| {
            let (answered, request, cookies) = (answered.clone(), request.clone(), cookies.clone());
            thread::spawn(move || {
                while let Some(answer) = send("GET", &format!("{request}&prompt=none"), &cookies, "") {
                    let token = between(&answer, "#access_token=", "&").unwrap().to_owned();
                    answered.send(token).unwrap();
                }
            })
        })
        .collect();
    drop(answered);
    let mut tokens: Vec<String> = answers.iter().take(ENOUGH).collect();
    // SIGKILL, with four requests under way.
    serving.kill();
    tokens.extend(answers);
    for asker in askers {
        asker.join().unwrap();
    }
    assert!(tokens.len() >= ENOUGH, "{}", tokens.len());

    fs::write(folder.join("my.toml"), format!("{SETTINGS}{}", ports(&serving))).unwrap();
    let again = serve_in(&folder, &["--config", "my.toml"]);
    let resource = format!("{}/resource/1", again.told("API server"));
    for token in &tokens {
        let answer = send("GET", &resource, &format!("authorization: Bearer {token}\r\n"), "").unwrap();
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "of {}: {answer}", tokens.len());
    }
    // The login is there, too.
    let answer = send("GET", &format!("{request}&prompt=none"), &cookies, "").unwrap();
    assert!(answer.contains("#access_token="), "{answer}");
}
