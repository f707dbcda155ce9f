//! `fragrant serve`: a server for trying by hand.

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use crate::scenario::{Lines, Running, assert_one_line, command, fragrant, refusal};

/// A server that runs, what it printed, and the address of its page.
pub(crate) struct Serving {
    child: Running,
    pub(crate) page: String,
    pub(crate) lines: Vec<String>,
}

/// Outside of the repository, where an application may be built that would be its page.
fn serve(more: &[&str]) -> Serving {
    serve_in(&std::env::temp_dir(), more)
}

pub(crate) fn serve_in(folder: &Path, more: &[&str]) -> Serving {
    let mut command = command(&[&["serve"], more].concat());
    command.current_dir(folder);
    let command = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = Running(command.spawn().unwrap());
    let output = Lines::of(child.0.stdout.take().unwrap());
    let mut lines = vec![output.next()];
    let page = lines[0].split(' ').find(|word| word.starts_with("http://")).unwrap().to_owned();
    while !lines.last().unwrap().contains("Stop it with Ctrl-C") {
        lines.push(output.next());
    }
    Serving { child, page, lines }
}

impl Serving {
    /// Ends it at once, whatever it is doing.
    pub(crate) fn kill(&mut self) {
        self.child.0.kill().unwrap();
        self.child.0.wait().unwrap();
    }

    /// The word after a name that it printed.
    pub(crate) fn told(&self, name: &str) -> &str {
        let line = self.lines.iter().find(|line| line.trim_start().starts_with(name)).unwrap();
        line.rsplit("  ").next().unwrap().trim()
    }
}

/// The answer to a GET of an address.
pub(crate) fn get(address: &str) -> String {
    let (authority, path) = address.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let mut stream = TcpStream::connect(authority).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    write!(stream, "GET /{path} HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn the_page_has_a_control_to_sign_in() {
    for (more, path) in [
        (&[][..], "/restapi/oauth/authorize"),
        (&["--profile", "ringcentral"], "/restapi/oauth/authorize"),
        (&["--profile", "procore"], "/oauth/authorize"),
        (&["--profile", "rfc6749"], "/authorize"),
    ] {
        let serving = serve(more);
        assert!(serving.page.starts_with("http://127.0.0.1:"), "{:?}", serving.lines);
        let answer = get(&serving.page);
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
        assert!(answer.contains("Sign in"), "{answer}");
        let endpoint = serving.told("authorization server");
        assert!(endpoint.starts_with("http://127.0.0.1:") && endpoint.ends_with(path), "{endpoint}");
        assert!(serving.told("redirect URI").starts_with(&serving.page), "{:?}", serving.lines);
        assert!(get(serving.told("redirect URI")).starts_with("HTTP/1.1 200 OK\r\n"));
        assert!(!serving.told("user").is_empty() && !serving.told("password").is_empty());
    }
}

#[test]
fn what_it_prints_makes_a_request_that_it_takes() {
    let serving = serve(&["--profile", "rfc6749"]);
    let ran = fragrant(&[
        "url",
        "--endpoint",
        serving.told("authorization server"),
        "--client-id",
        serving.told("client_id"),
        "--redirect-uri",
        serving.told("redirect URI"),
        "--scope",
        "read",
    ]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let login = get(ran.stdout.trim_end());
    assert!(login.starts_with("HTTP/1.1 200 OK\r\n") && login.contains("type=\"password\""), "{login}");
}

#[test]
fn it_runs_until_it_is_stopped() {
    let mut serving = serve(&[]);
    assert!(get(&serving.page).starts_with("HTTP/1.1 200"));
    assert!(serving.child.0.try_wait().unwrap().is_none());
    serving.child.0.kill().unwrap();
    serving.child.0.wait().unwrap();
    let authority = serving.page.trim_start_matches("http://").trim_end_matches('/').to_owned();
    assert!(TcpStream::connect(authority).is_err());
}

#[test]
fn the_port_is_the_one_that_was_asked_for() {
    // Below those that systems choose, or another test's server could take it in between.
    let start = 20_000 + u16::try_from(std::process::id() % 5_000).unwrap();
    let port = (start..30_000).find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok()).unwrap();
    let serving = serve(&["--port", &port.to_string()]);
    assert_eq!(serving.page, format!("http://127.0.0.1:{port}/"));
    assert!(get(&serving.page).contains("Sign in"));
    // Two at once, each on ports of its own.
    assert_ne!(serve(&[]).page, serving.page);
}

#[test]
fn a_port_in_use_is_told_in_one_line() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let ran = fragrant(&["serve", "--port", &address.port().to_string()]);
    assert_eq!((ran.code, &*ran.stdout), (Some(74), ""), "{ran:?}");
    assert_one_line(&ran.stderr);
    assert!(ran.stderr.contains(&format!("cannot listen on {address}: ")), "{ran:?}");
}

#[test]
fn the_page_is_the_built_application_where_there_is_one() {
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("serve");
    let (inner, other) = (home.join("crates/core"), home.join("elsewhere"));
    for (folder, page) in [
        (home.join("target/web/spa"), "the built one"),
        (other.clone(), "another one"),
        (other.join("target/web/spa"), "the nearer one"),
    ] {
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("index.html"), page).unwrap();
    }
    // A folder without a page is none that a build has left.
    fs::create_dir_all(inner.join("target/web/spa")).unwrap();
    let outside = std::env::temp_dir();
    let home = home.canonicalize().unwrap();
    let (built, nearer) = (home.join("target/web/spa"), home.join("elsewhere/target/web/spa"));
    let shows = |app: &Path| format!("The page is the application in {}.", app.display());
    let elsewhere = other.display().to_string();
    for (folder, more, page, said) in [
        (&home, &[][..], "the built one", shows(&built)),
        (&inner, &[], "the built one", shows(&built)),
        (&other, &[], "the nearer one", shows(&nearer)),
        (&home, &["--app", "elsewhere"], "another one", "The page is the application in elsewhere.".into()),
        (&inner, &["--app", &elsewhere], "another one", shows(&other)),
        (
            &outside,
            &[],
            "Sign in",
            "The page is the plain one: no application is in target/web/spa, here or in a folder above"
                .into(),
        ),
    ] {
        let serving = serve_in(folder, more);
        assert!(get(&serving.page).contains(page), "{folder:?} {more:?}");
        assert!(serving.lines.iter().any(|line| line.starts_with(&said)), "{:?}", serving.lines);
    }
}

#[test]
fn a_folder_without_an_application_is_told_in_one_line() {
    let ran = fragrant(&["serve", "--app", "no-such\u{1b}folder"]);
    assert_eq!((ran.code, &*ran.stdout), (Some(74), ""), "{ran:?}");
    assert_one_line(&ran.stderr);
    assert!(ran.stderr.contains("the application's folder no-such"), "{ran:?}");
}

#[test]
fn any_lifetime_will_do() {
    for seconds in ["0", "1", "18446744073709551615"] {
        let serving = serve(&["--token-lifetime", seconds, "--session-lifetime", seconds]);
        assert!(get(&serving.page).starts_with("HTTP/1.1 200"), "{seconds}");
    }
}

#[test]
fn what_does_not_fit_starts_nothing() {
    refusal(&["serve", "--profile", "github"], &["--profile", "ringcentral"]);
    refusal(&["serve", "--port", "http"], &["--port", "65535"]);
}
