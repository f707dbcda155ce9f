//! `fragrant serve --config` and `--init`: a server by a file.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};

use crate::scenario::{PLANTED, Ran, answer, assert_one_line, command, refusal, run};
use crate::serve::{get, serve_in};

/// An empty folder of a test's own.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("configured").join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn fragrant_in(folder: &Path, arguments: &[&str]) -> Ran {
    run(command(arguments).current_dir(folder), b"")
}

/// Starts nothing, with this status and in one line that holds each of `parts`.
fn refused(config: &str, status: i32, parts: &[&str]) {
    let folder = folder("refused");
    fs::write(folder.join("my.toml"), config).unwrap();
    let ran = fragrant_in(&folder, &["serve", "--config", "my.toml"]);
    assert_eq!((ran.code, &*ran.stdout), (Some(status), ""), "{config}: {ran:?}");
    assert_one_line(&ran.stderr);
    for part in parts {
        assert!(ran.stderr.contains(part), "{config}: {part} is not in {}", ran.stderr);
    }
}

#[test]
fn the_file_that_is_written_makes_the_server_that_there_is_without_one() {
    // Outside of the repository, where an application may be built that would be its page.
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let ran = fragrant_in(folder, &["serve", "--init"]);
    assert_eq!((ran.code, &*ran.stderr), (Some(0), ""), "{ran:?}");
    assert_eq!(
        ran.stdout,
        "Wrote fragrant.toml. Change it as you like, and then: fragrant serve --config fragrant.toml\n"
    );
    let without = serve_in(folder, &[]);
    let with = serve_in(folder, &["--config", "fragrant.toml"]);
    for name in ["user", "client_id"] {
        assert_eq!(with.told(name), without.told(name));
    }
    assert_eq!(without.told("password"), "correct horse battery staple");
    assert_eq!(with.told("password"), "as in fragrant.toml");
    for serving in [&with, &without] {
        assert!(serving.told("authorization server").ends_with("/restapi/oauth/authorize"));
        assert_eq!(
            serving.lines.last().unwrap(),
            "It speaks as RingCentral does, to this machine only. Stop it with Ctrl-C."
        );
        assert!(get(&serving.page).contains("Sign in"));
    }
}

#[test]
fn a_file_that_is_there_is_left_alone() {
    let folder = folder("there");
    fs::write(folder.join("fragrant.toml"), "mine").unwrap();
    for arguments in
        [&["serve", "--init"][..], &["serve", "--init", "fragrant.toml"], &["serve", "--init=fragrant.toml"]]
    {
        let ran = fragrant_in(&folder, arguments);
        assert_eq!((ran.code, &*ran.stdout), (Some(64), ""), "{ran:?}");
        assert_one_line(&ran.stderr);
        assert!(ran.stderr.contains("--init: fragrant.toml is there already"), "{ran:?}");
    }
    assert_eq!(fs::read_to_string(folder.join("fragrant.toml")).unwrap(), "mine");
    let ran = fragrant_in(&folder, &["serve", "--init", "no/such/folder/a.toml"]);
    assert_eq!((ran.code, &*ran.stdout), (Some(74), ""), "{ran:?}");
    assert_one_line(&ran.stderr);
}

#[test]
fn the_example_goes_to_a_file_of_ones_choice_or_to_standard_output() {
    let folder = folder("choice");
    let ran = fragrant_in(&folder, &["serve", "--init", "own.toml"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(ran.stdout.contains("fragrant serve --config own.toml"), "{ran:?}");
    let written = fs::read_to_string(folder.join("own.toml")).unwrap();
    assert_eq!(answer(&["serve", "--init", "-"]), written);
    assert!(written.starts_with("# A configuration of Fragrant's test server"), "{written}");
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
}

#[test]
fn nothing_but_the_example_is_asked_for_with_init() {
    for more in [
        &["--config", "a.toml"][..],
        &["--profile", "procore"],
        &["--port", "0"],
        &["--app", "dist"],
        &["--token-lifetime", "1"],
        &["--session-lifetime", "1"],
    ] {
        refusal(&[&["serve", "--init", "-"], more].concat(), &["--init", "not together with", more[0]]);
    }
}

#[test]
fn what_the_command_line_says_wins() {
    let folder = folder("wins");
    fs::create_dir_all(folder.join("dist")).unwrap();
    fs::write(folder.join("dist/index.html"), "the configured one").unwrap();
    fs::create_dir_all(folder.join("other")).unwrap();
    fs::write(folder.join("other/index.html"), "the one that was named").unwrap();
    fs::create_dir_all(folder.join("conf")).unwrap();
    let config = "profile = \"procore\"\napp_folder = \"../dist\"\nhosts.app = \"localhost\"\nports.app = 0\n\
                  app_client = { client_id = \"own\", name = \"Own\" }\n\
                  [[users]]\nname = \"joe\"\npassword = \"x\"\n[[users]]\nname = \"ann\"\npassword = \"y\"";
    fs::write(folder.join("conf/my.toml"), config).unwrap();
    let configured = serve_in(&folder, &["--config", "conf/my.toml"]);
    assert!(configured.page.starts_with("http://localhost:"), "{:?}", configured.lines);
    assert!(get(&configured.page).contains("the configured one"));
    assert!(configured.told("authorization server").ends_with("/oauth/authorize"));
    assert_eq!((configured.told("user"), configured.told("client_id")), ("joe, ann", "own"));

    // A port that is in use is of no matter where another one is asked for.
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    fs::write(folder.join("conf/my.toml"), config.replace("ports.app = 0", &format!("ports.app = {port}")))
        .unwrap();
    let ran = fragrant_in(&folder, &["serve", "--config", "conf/my.toml"]);
    assert_eq!(ran.code, Some(74), "{ran:?}");
    let more = ["--config", "conf/my.toml", "--profile", "rfc6749", "--app", "other", "--port", "0"];
    let said = serve_in(&folder, &more);
    assert!(said.page.starts_with("http://localhost:"), "{:?}", said.lines);
    assert!(get(&said.page).contains("the one that was named"));
    assert!(said.told("authorization server").ends_with("/authorize"));
    assert!(said.lines.last().unwrap().starts_with("It speaks as RFC 6749 does"));
    assert_eq!((said.told("user"), said.told("client_id")), ("joe, ann", "own"));
}

#[test]
fn who_starts_it_is_told_of_quirks_and_of_listening_everywhere_and_of_nobody() {
    let folder = folder("told");
    fs::write(folder.join("a.toml"), "quirks.state = \"dropped\"").unwrap();
    let serving = serve_in(&folder, &["--config", "a.toml"]);
    assert_eq!(serving.told("user"), "nobody: the configuration has no [[users]]");
    assert_eq!(
        serving.lines.last().unwrap(),
        "It speaks as RFC 6749 does, to this machine only. It does wrong what the quirks of its configuration say. \
         Stop it with Ctrl-C."
    );
    fs::write(folder.join("b.toml"), "listen = \"dangerously_everywhere\"").unwrap();
    let serving = serve_in(&folder, &["--config", "b.toml"]);
    assert!(serving.lines.last().unwrap().contains("TO EVERYBODY WHO REACHES THIS MACHINE"));
}

#[test]
fn a_quirk_of_the_file_is_done() {
    let folder = folder("quirk");
    fs::write(folder.join("a.toml"), "quirks.refusal = 503").unwrap();
    let serving = serve_in(&folder, &["--config", "a.toml"]);
    assert!(get(serving.told("authorization server")).starts_with("HTTP/1.1 503 "));
}

#[test]
fn a_slip_is_told_with_its_file_its_line_and_its_key() {
    let client = "[[clients]]\nclient_id = \"a\"\nname = \"A\"\n";
    for (config, parts) in [
        ("profil = \"procore\"", &["my.toml: line 1: profil: no such key; expected one of profile, "][..]),
        (
            "\ntoken_lifetime = \"1h\"",
            &["my.toml: line 2: token_lifetime: expected a whole number", "found text"],
        ),
        ("profile = \"github\"", &["line 1: profile: expected one of rfc6749, procore, ringcentral"]),
        ("profile = ringcentral", &["line 1: ", "must be quoted"]),
        (
            &format!("{client}redirect_uris = [\"https://a/#b\"]"),
            &["line 4: clients.redirect_uris: ", "fragment"],
        ),
        (
            &format!("{client}redirect_uris = [\"https://a/\"]\n\n{client}redirect_uris = [\"https://b/\"]"),
            &["line 6: clients: client_id: a is registered twice"],
        ),
        (
            "app_client = { client_id = \"a\", name = \"A\", scope = \"x\", default_scope = \"y\" }",
            &["the application's client: ", "default scope"],
        ),
        // Only the server knows that the application has this name.
        (
            &format!("{client}redirect_uris = [\"https://a/\"]").replace("\"a\"", "\"fragrant-demo-app\""),
            &["client_id: fragrant-demo-app is registered twice"],
        ),
    ] {
        refused(config, 64, parts);
    }
    refused("app_folder = \"none\"", 74, &["the application's folder none"]);
}

#[test]
fn a_file_that_cannot_be_read() {
    for (arguments, part) in [
        (["serve", "--config", "no-such\u{1b}file"], "no-such\\u{1b}file: cannot be read: "),
        (["serve", "--config", "."], ".: cannot be read: "),
    ] {
        let ran = fragrant_in(&folder("unread"), &arguments);
        assert_eq!((ran.code, &*ran.stdout), (Some(66), ""), "{ran:?}");
        assert_one_line(&ran.stderr);
        assert!(ran.stderr.contains(part), "{ran:?}");
    }
}

#[test]
fn no_password_of_the_file_is_shown() {
    for config in [
        format!("[[users]]\nname = \"jane\"\npassword = {PLANTED}"),
        format!("[[users]]\nname = \"jane\"\npassword = [\"{PLANTED}\"]"),
        format!("[[users]]\nname = \"jane\"\npasword = \"{PLANTED}\""),
        format!("users = \"jane:{PLANTED}\""),
        format!("[[users]]\nname = \"jane\"\n\"{PLANTED}\" = 1"),
    ] {
        let folder = folder("planted");
        fs::write(folder.join("my.toml"), &config).unwrap();
        let ran = fragrant_in(&folder, &["serve", "--config", "my.toml"]);
        assert_eq!(ran.code, Some(64), "{config}: {ran:?}");
        assert!(!ran.said().contains("Planted") && !ran.said().contains("Secret"), "{config}: {ran:?}");
    }
    let folder = folder("planted");
    fs::write(folder.join("my.toml"), format!("[[users]]\nname = \"jane\"\npassword = \"{PLANTED}\""))
        .unwrap();
    let serving = serve_in(&folder, &["--config", "my.toml"]);
    assert!(serving.lines.iter().all(|line| !line.contains(PLANTED)), "{:?}", serving.lines);
}
