//! What outlives the server.

use std::fs;
use std::path::{Path, PathBuf};

use fragrant_profiles::rfc6749;
use fragrant_server::{Ports, RunningServer, Server, StartError};
use tempfile::TempDir;

use crate::browser::Browser;
use crate::scenario::{Scenario, scope, server};

const QUERY: &str = "response_type=token&client_id=web&scope=read&state=s";

fn file() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("fragrant.sqlite");
    (folder, file)
}

fn kept(file: &Path) -> Server {
    server(&rfc6749::PROVIDER).with_store(file)
}

fn ports(running: &RunningServer) -> Ports {
    let port = |origin: &str| origin.rsplit(':').next().unwrap().parse().unwrap();
    Ports {
        authorization: port(running.authorization_origin().as_str()),
        api: port(running.api_origin().as_str()),
        app: port(running.app_origin().as_str()),
    }
}

/// Ends the server and starts one like it with the same file; the browser stays.
fn restart(scenario: &mut Scenario, file: &Path) {
    let (ports, now) = (ports(&scenario.server), scenario.server.clock().now());
    let old = std::mem::replace(&mut scenario.server, server(&rfc6749::PROVIDER).start().unwrap());
    old.shutdown();
    let clock = fragrant_server::Clock::at(now);
    scenario.server = kept(file).with_ports(ports).with_clock(clock).with_seed([8; 32]).start().unwrap();
}

fn token(scenario: &mut Scenario) -> String {
    scenario.authorized(Some(scope("read"))).access_token().reveal_secret().to_owned()
}

#[test]
fn tokens_sessions_and_consents_outlive_the_server() {
    let (_folder, file) = file();
    let mut scenario = Scenario::start(kept(&file));
    let login_page = scenario.authorize(QUERY);
    let consent_page = scenario.log_in(&login_page);
    scenario.allow(&consent_page);
    let (kept, given_back) = (token(&mut scenario), token(&mut scenario));
    let own = scenario.server.client().client_id().to_string();
    let revocation = format!("{}/revoke", scenario.server.authorization_origin());
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let body = format!("token={given_back}&client_id={own}");
    assert_eq!(Browser::new().send("POST", &revocation, &form, &body).status, 200);

    restart(&mut scenario, &file);
    assert_eq!(scenario.call(&kept, "/resource/1", &[]).status, 200);
    assert_eq!(scenario.call(&kept, "/resource/2", &[]).status, 403);
    assert_eq!(scenario.call(&given_back, "/resource/1", &[]).status, 401);
    // Jane is still logged in, and has allowed it.
    let answer = scenario.authorize(&format!("{QUERY}&prompt=none"));
    assert!(answer.location().contains("#access_token="), "{}", answer.location());
    let more = scenario.authorize("response_type=token&client_id=web&scope=write&prompt=none");
    assert!(more.location().contains("error=consent_required"), "{}", more.location());

    // All of it ends in its time.
    scenario.server.clock().advance(3600);
    restart(&mut scenario, &file);
    assert_eq!(scenario.call(&kept, "/resource/1", &[]).status, 401);
    let answer = scenario.authorize(&format!("{QUERY}&prompt=none"));
    assert!(answer.location().contains("error=login_required"), "{}", answer.location());

    // What is taken back as a whole stays so.
    let login_page = scenario.authorize(QUERY);
    let answer = scenario.log_in(&login_page);
    let token = answer.location().split(['=', '&']).nth(1).unwrap().to_owned();
    assert_eq!(scenario.call(&token, "/resource/1", &[]).status, 200);
    scenario.server.end_sessions();
    scenario.server.revoke_tokens();
    restart(&mut scenario, &file);
    assert_eq!(scenario.call(&token, "/resource/1", &[]).status, 401);
    let answer = scenario.authorize(&format!("{QUERY}&prompt=none"));
    assert!(answer.location().contains("error=login_required"), "{}", answer.location());
}

#[test]
fn what_is_of_somebody_who_is_gone_ends() {
    let (_folder, file) = file();
    let mut scenario = Scenario::start(kept(&file));
    let token = token(&mut scenario);
    let (ports, now) = (ports(&scenario.server), scenario.server.clock().now());
    let Scenario { server: old, browser, .. } = scenario;
    old.shutdown();
    let joe = fragrant_server::User::new("joe", "x").unwrap();
    let others = Server::new(&rfc6749::PROVIDER).with_user(joe).with_store(&file).with_ports(ports);
    let mut scenario = Scenario::start(others.with_clock(fragrant_server::Clock::at(now)));
    scenario.browser = browser;
    assert_eq!(scenario.call(&token, "/resource/1", &[]).status, 401);
    let (url, _) = scenario.begin(Some(scope("read")));
    let answer = scenario.browser.get(&format!("{url}&prompt=none"));
    assert!(answer.location().contains("error=login_required"), "{}", answer.location());
    // It is not there again when she is.
    scenario.server.shutdown();
    let mut scenario = Scenario::start(kept(&file).with_ports(ports));
    assert_eq!(scenario.call(&token, "/resource/1", &[]).status, 401);
}

#[test]
fn a_no_takes_back_what_was_allowed_before() {
    let (_folder, file) = file();
    let mut scenario = Scenario::start(kept(&file));
    let login_page = scenario.authorize(QUERY);
    let consent_page = scenario.log_in(&login_page);
    scenario.allow(&consent_page);
    let silent = format!("{QUERY}&prompt=none");
    assert!(scenario.authorize(&silent).location().contains("#access_token="));
    let consent_page = scenario.authorize(&format!("{QUERY}&prompt=consent"));
    let no = scenario.browser.submit(&consent_page.form().with(&[("decision", "deny")]));
    assert!(no.location().contains("error=access_denied"), "{}", no.location());
    for _ in 0..2 {
        let answer = scenario.authorize(&silent);
        assert!(answer.location().contains("error=consent_required"), "{}", answer.location());
        restart(&mut scenario, &file);
    }
}

#[test]
// req(test): RFC6819-5.1.4.1.1-1, RFC9700-4.9.3-1
fn the_file_has_no_secret_in_it() {
    let (folder, file) = file();
    let mut scenario = Scenario::start(kept(&file));
    let token = token(&mut scenario);
    let sessions: Vec<String> = scenario.browser.cookies.values().cloned().collect();
    assert!(sessions.len() >= 2);
    scenario.server.shutdown();
    let mut bytes = Vec::new();
    for entry in fs::read_dir(folder.path()).unwrap() {
        bytes.extend(fs::read(entry.unwrap().path()).unwrap());
    }
    let holds = |part: &[u8]| bytes.windows(part.len()).any(|window| window == part);
    assert!(holds(b"jane"));
    for secret in sessions.iter().chain([&token]) {
        let raw: Vec<u8> = (0..secret.len() / 2)
            .map(|at| u8::from_str_radix(&secret[2 * at..2 * at + 2], 16).unwrap())
            .collect();
        assert!(!holds(secret.as_bytes()) && !holds(&raw));
    }
}

#[test]
fn a_file_that_is_in_use_or_is_none_of_ours_is_refused() {
    let (folder, file) = file();
    let running = kept(&file).start().unwrap();
    let second = kept(&file).start().unwrap_err();
    assert!(matches!(&second, StartError::Store { .. }), "{second}");
    assert!(second.to_string().contains("locked"), "{second}");
    running.shutdown();
    kept(&file).start().unwrap().shutdown();

    let other = folder.path().join("notes.txt");
    fs::write(&other, "not a database, but a text that is long enough to be looked at as one".repeat(99))
        .unwrap();
    let before = fs::read(&other).unwrap();
    let error = kept(&other).start().unwrap_err();
    assert!(error.to_string().contains("notes.txt: file is not a database"), "{error}");
    assert_eq!(fs::read(&other).unwrap(), before);
    // Another program's database is left as it is.
    let foreign = folder.path().join("foreign.sqlite");
    let database = rusqlite::Connection::open(&foreign).unwrap();
    database.execute_batch("CREATE TABLE notes (text TEXT)").unwrap();
    drop(database);
    let before = fs::read(&foreign).unwrap();
    let error = kept(&foreign).start().unwrap_err();
    assert!(error.to_string().contains("foreign.sqlite: it is the database of another program"), "{error}");
    assert_eq!(fs::read(&foreign).unwrap(), before);
    assert!(kept(Path::new("")).start().is_err());
    let nowhere = kept(&folder.path().join("none/fragrant.sqlite")).start().unwrap_err();
    assert!(nowhere.to_string().contains("unable to open"), "{nowhere}");
}
