//! What a server does only if it is told to, for tests with a browser.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use fragrant::redirection;
use fragrant_profiles::{procore, rfc6749};
use fragrant_server::{Host, Hosts, OpenerPolicy, StartError};
use serde_json::{Value, json};

use crate::browser::{Answer, Browser};
use crate::scenario::{LAX, Scenario, scope, server};

/// A request that is to be answered without a page.
const SILENT: &str = "response_type=token&client_id=web&scope=read&prompt=none";

/// A folder of a test's own, with these files.
fn folder(name: &str, files: &[(&str, &[u8])]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    fs::create_dir_all(&folder).unwrap();
    for (path, content) in files {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    folder
}

fn get(scenario: &mut Scenario, path: &str) -> Answer {
    let address = format!("{}{path}", scenario.server.app_origin());
    scenario.browser.get(&address)
}

#[test]
fn the_application_is_what_a_folder_holds() {
    let folder = folder(
        "an_application",
        &[
            ("index.html", b"<!doctype html><title>mine</title>"),
            ("app.js", b"1;"),
            ("app.css", b"p{}"),
            ("pkg/app_bg.wasm", b"\0asm"),
            ("pkg/icon.svg", b"<svg/>"),
            ("pkg/data.json", b"{}"),
            ("pkg/LICENSE.of-another", b"words"),
        ],
    );
    let mut scenario = Scenario::start(server(&rfc6749::PROVIDER).with_app_folder(&folder));
    for (path, content_type, body) in [
        ("/app.js", "text/javascript; charset=utf-8", "1;"),
        ("/app.css", "text/css; charset=utf-8", "p{}"),
        ("/pkg/app_bg.wasm", "application/wasm", "\0asm"),
        ("/pkg/app_bg.wasm?v=1", "application/wasm", "\0asm"),
        ("/pkg/icon.svg", "image/svg+xml", "<svg/>"),
        ("/pkg/data.json", "application/json", "{}"),
        ("/pkg/LICENSE.of-another", "application/octet-stream", "words"),
    ] {
        let answer = get(&mut scenario, path);
        assert_eq!((answer.status, answer.header("content-type")), (200, Some(content_type)), "{path}");
        assert_eq!(answer.body, body, "{path}");
    }
    // The redirection URI is a path of its own, and so is any other that the application makes up.
    let callback = scenario.server.redirect_uri().as_str().to_owned();
    assert!(callback.ends_with("/callback"), "{callback}");
    for path in ["/", "/callback", "/callback?a=b.c", "/deep/route", "/index.html", "/sign-in"] {
        let answer = get(&mut scenario, path);
        assert_eq!((answer.status, answer.header("content-type")), (200, Some("text/html; charset=utf-8")));
        assert!(answer.body.contains("<title>mine</title>"), "{path}: {}", answer.body);
    }
    assert_eq!(get(&mut scenario, "/favicon.ico").status, 204);
    for path in ["/none.js", "/pkg/none.wasm", "/callback.js", "/style.css", "/pkg/..", "/app.js/.."] {
        assert_eq!(get(&mut scenario, path).status, 404, "{path}");
    }
    for path in ["/", "/sign-in", "/received", "/app.js"] {
        let address = format!("{}{path}", scenario.server.app_origin());
        assert_eq!(scenario.browser.send("POST", &address, &[], "").status, 405, "{path}");
    }
}

#[test]
fn nothing_outside_the_folder_is_served() {
    let folder = folder("inside/app", &[("index.html", b"inside")]);
    let secret = folder.parent().unwrap().join("secret.txt");
    fs::write(&secret, "outside").unwrap();
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(&secret, folder.join("linked.txt")).unwrap();
        std::os::unix::fs::symlink(&folder, folder.join("round")).unwrap();
    }
    let mut scenario = Scenario::start(server(&rfc6749::PROVIDER).with_app_folder(&folder));
    for path in [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/..\\secret.txt",
        "//secret.txt",
        "/linked.txt",
        "/round/index.html",
    ] {
        let answer = get(&mut scenario, path);
        assert_eq!(answer.status, 404, "{path}: {}", answer.body);
        assert!(!answer.body.contains("outside"), "{path}");
    }
}

#[test]
// req(test): RFC6749-3.1.2.5-1, RFC9700-4.2.4-1
fn an_application_has_the_headers_of_a_redirection_uri_and_may_run_wasm() {
    let folder = folder("headers", &[("index.html", b"<p>"), ("app.wasm", b"\0asm")]);
    let mut scenario = Scenario::start(server(&rfc6749::PROVIDER).with_app_folder(folder));
    let expected = format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; img-src 'self'; style-src 'self'; \
         connect-src 'self' {api} {server}; base-uri 'none'; form-action 'self'; frame-src 'self' {server}; \
         frame-ancestors 'self'",
        api = scenario.server.api_origin(),
        server = scenario.server.authorization_origin(),
    );
    for path in ["/callback", "/app.wasm"] {
        let answer = get(&mut scenario, path);
        for (name, value) in redirection::HEADERS {
            let expected = if name == "Content-Security-Policy" { &*expected } else { value };
            assert_eq!(answer.header(&name.to_lowercase()), Some(expected), "{path}");
        }
    }
}

#[test]
fn an_application_is_told_what_to_be_a_client_with() {
    let folder = folder("config", &[("index.html", b"<p>"), ("config.json", b"not this one")]);
    for settings in [server(&procore::PROVIDER), server(&procore::PROVIDER).with_app_folder(folder)] {
        let mut scenario = Scenario::start(settings.with_issuer(true));
        let answer = get(&mut scenario, "/config.json");
        assert_eq!(answer.header("content-type"), Some("application/json"));
        let (told, running) = (answer.json(), &scenario.server);
        for (name, value) in [
            ("provider", json!("procore")),
            ("client_id", json!(running.client().client_id().as_str())),
            ("authorization_endpoint", json!(running.authorization_endpoint().as_str())),
            ("issuer", json!(running.authorization_origin().as_str())),
            ("redirect_uri", json!(running.redirect_uri().as_str())),
            ("api_origin", json!(running.api_origin().as_str())),
            ("scope", Value::Null),
        ] {
            assert_eq!(told[name], value, "{name}");
        }
        let calls = told["calls"].as_array().unwrap();
        assert_eq!(calls.len(), procore::PROVIDER.habits.sample_calls.len());
        assert!(calls[0]["url"].as_str().unwrap().starts_with(running.api_origin().as_str()));
    }
}

#[test]
fn a_folder_without_an_application_starts_nothing() {
    let empty = folder("empty", &[("readme.txt", b"nothing here")]);
    let error = server(&rfc6749::PROVIDER).with_app_folder(&empty).start().unwrap_err();
    assert!(matches!(error, StartError::AppFolder { .. }), "{error}");
    let expected = format!("the application's folder {}: expected an index.html in it", empty.display());
    assert_eq!(error.to_string(), expected);
    let missing = empty.join("none");
    let error = server(&rfc6749::PROVIDER).with_app_folder(&missing).start().unwrap_err().to_string();
    assert!(error.starts_with(&format!("the application's folder {}: ", missing.display())), "{error}");
}

/// What comes of a request that needs no page, and after how long.
fn answered(address: &str) -> (Answer, Duration) {
    let start = Instant::now();
    let answer = Browser::new().get(address);
    (answer, start.elapsed())
}

#[test]
fn the_authorization_endpoint_takes_its_time() {
    const DELAY: Duration = Duration::from_millis(300);
    let scenario = Scenario::of(&rfc6749::PROVIDER);
    let silent = format!("{}?{SILENT}", scenario.server.authorization_endpoint());
    let style = format!("{}/style.css", scenario.server.authorization_origin());
    assert!(answered(&silent).0.location().contains("#error=login_required"));

    scenario.server.delay_answers(DELAY);
    let (answer, took) = answered(&silent);
    assert!(answer.location().contains("#error=login_required"));
    assert!(took >= DELAY, "{took:?}");

    // However long it is, whoever waits is answered when it is over.
    scenario.server.delay_answers(Duration::MAX);
    let (tell, told) = channel();
    let waiting = thread::spawn(move || tell.send(answered(&silent).0.location().to_owned()));
    assert_eq!(told.recv_timeout(DELAY), Err(RecvTimeoutError::Timeout));
    // Only this one endpoint is slow.
    assert_eq!(answered(&style).0.status, 200);
    scenario.server.delay_answers(Duration::ZERO);
    assert!(told.recv_timeout(Duration::from_secs(30)).unwrap().contains("#error=login_required"));
    waiting.join().unwrap().unwrap();
}

#[test]
fn a_server_goes_by_localhost() {
    const AT_LOCALHOST: &str = "http://localhost:";
    const AT_THE_ADDRESS: &str = "http://127.0.0.1:";
    let hosts = Hosts { authorization: Host::Localhost, ..Hosts::default() };
    let mut scenario = Scenario::start(server(&rfc6749::PROVIDER).with_hosts(hosts));
    let origins = |scenario: &Scenario| {
        let server = &scenario.server;
        [server.authorization_origin(), server.api_origin(), server.app_origin()].map(ToString::to_string)
    };
    let [authorization, api, app] = origins(&scenario);
    assert!(authorization.starts_with(AT_LOCALHOST), "{authorization}");
    assert!(api.starts_with(AT_THE_ADDRESS) && app.starts_with(AT_THE_ADDRESS), "{api} {app}");
    let authorized = scenario.authorized(Some(scope("read")));
    let token = authorized.access_token().reveal_secret();
    assert_eq!(scenario.call(token, rfc6749::PATHS.sample_call, &[]).status, 200);
    // It answers to that name and to no other.
    let style = format!("{authorization}/style.css").replace("localhost", "127.0.0.1");
    assert_eq!(scenario.browser.get(&style).status, 421);

    let hosts = Hosts { authorization: Host::Address, api: Host::Localhost, app: Host::Localhost };
    let mut scenario = Scenario::start(server(&rfc6749::PROVIDER).with_hosts(hosts));
    let [authorization, api, app] = origins(&scenario);
    assert!(authorization.starts_with(AT_THE_ADDRESS), "{authorization}");
    assert!(api.starts_with(AT_LOCALHOST) && app.starts_with(AT_LOCALHOST), "{api} {app}");
    assert_eq!(scenario.server.redirect_uri().as_str(), format!("{app}/callback"));
    scenario.authorized(Some(scope("read")));
}

#[test]
fn a_login_session_may_cross_sites() {
    let settings = server(&rfc6749::PROVIDER).dangerously_send_session_cookie_across_sites();
    let mut scenario = Scenario::start(settings);
    scenario.authorized(Some(scope("read")));
    let attributes = |scenario: &Scenario, role: &str| {
        let mut of_role = scenario.browser.cookie_attributes.iter().filter(|(name, _)| name.contains(role));
        let (_, attributes) = of_role.next().unwrap();
        attributes.clone()
    };
    assert_eq!(attributes(&scenario, "session"), "Path=/; HttpOnly; SameSite=None; Secure");
    // The page of a login is shown in no frame, so what binds it to the browser need not cross.
    assert_eq!(attributes(&scenario, "browser"), LAX);

    let mut usual = Scenario::of(&rfc6749::PROVIDER);
    usual.authorized(Some(scope("read")));
    assert_eq!(attributes(&usual, "session"), LAX);
}

#[test]
fn windows_may_be_cut_off_from_each_other() {
    const COOP: &str = "cross-origin-opener-policy";
    let settings = server(&rfc6749::PROVIDER)
        .with_authorization_opener_policy(OpenerPolicy::SameOrigin)
        .with_app_opener_policy(OpenerPolicy::SameOriginAllowPopups);
    let mut scenario = Scenario::start(settings);
    assert_eq!(get(&mut scenario, "/callback").header(COOP), Some("same-origin-allow-popups"));
    // Redirects count as much as pages.
    for (query, status) in [("response_type=token&client_id=web&scope=read", 200), (SILENT, 303), ("", 400)] {
        let answer = scenario.authorize(query);
        assert_eq!((answer.status, answer.header(COOP)), (status, Some("same-origin")), "{query}");
    }
    let settings = server(&rfc6749::PROVIDER).with_app_opener_policy(OpenerPolicy::NoopenerAllowPopups);
    let mut other = Scenario::start(settings);
    assert_eq!(get(&mut other, "/").header(COOP), Some("noopener-allow-popups"));
    assert_eq!(other.authorize("").header(COOP), None);
    assert_eq!(get(&mut Scenario::of(&rfc6749::PROVIDER), "/").header(COOP), None);
}

#[test]
// req(test): RFC9700-4.16-1
fn a_frame_is_answered_by_redirects_alone_or_not_at_all() {
    let ask = |scenario: &mut Scenario, destination: &str, query: &str| {
        let address = format!("{}?{query}", scenario.server.authorization_endpoint());
        scenario.browser.send("GET", &address, &[("sec-fetch-dest", destination)], "")
    };
    let mut usual = Scenario::of(&rfc6749::PROVIDER);
    assert!(ask(&mut usual, "iframe", SILENT).location().contains("#error=login_required"));
    let login_page = ask(&mut usual, "iframe", "response_type=token&client_id=web&scope=read");
    assert_eq!(login_page.header("x-frame-options"), Some("DENY"));

    let mut refusing = Scenario::start(server(&rfc6749::PROVIDER).refusing_frames());
    let refused = ask(&mut refusing, "iframe", SILENT);
    assert_eq!((refused.status, refused.header("location")), (403, None));
    assert_eq!(refused.header("x-frame-options"), Some("DENY"));
    let policy = refused.header("content-security-policy").unwrap();
    assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
    assert!(ask(&mut refusing, "document", SILENT).location().contains("#error=login_required"));
    assert!(refusing.authorize(SILENT).location().contains("#error=login_required"));
}

#[test]
fn the_probe_is_shown_in_frames_where_the_server_is() {
    for (refuses, settings) in
        [(false, server(&rfc6749::PROVIDER)), (true, server(&rfc6749::PROVIDER).refusing_frames())]
    {
        let mut scenario = Scenario::start(settings);
        let endpoint = scenario.server.authorization_endpoint();
        let address = format!("{}/probe", endpoint.origin().as_str());
        let page = scenario.browser.send("GET", &address, &[], "");
        assert_eq!((page.status, &*page.body), (200, fragrant::probe::PAGE));
        assert_eq!(page.header("x-frame-options").is_some(), refuses);
        let policy = page.header("content-security-policy").unwrap();
        assert_eq!(policy.contains("frame-ancestors"), refuses, "{policy}");
        assert!(policy.starts_with("default-src 'none'"), "{policy}");
        assert_eq!(page.header("cache-control"), Some("no-store"));
        assert_eq!(scenario.server.authorization_requests(), 0);
    }
}

#[test]
fn requests_are_counted() {
    let mut scenario = Scenario::of(&rfc6749::PROVIDER);
    assert_eq!(scenario.server.authorization_requests(), 0);
    for (query, count) in [(SILENT, 1), ("", 2), ("response_type=token&client_id=web&scope=read", 3)] {
        scenario.authorize(query);
        assert_eq!(scenario.server.authorization_requests(), count, "{query}");
    }
    // What follows in the course of one is none.
    scenario.authorized(Some(scope("read")));
    assert_eq!(scenario.server.authorization_requests(), 4);
    get(&mut scenario, "/");
    assert_eq!(scenario.server.authorization_requests(), 4);
}
