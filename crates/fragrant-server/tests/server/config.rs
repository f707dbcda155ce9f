//! A server by a file is the server that the file says, over real HTTP.

use std::fs;
use std::path::{Path, PathBuf};

use fragrant::client::Received;
use fragrant_server::{ConfigFileError, Server, StartError};

use crate::scenario::{PASSWORD, Scenario, scope};

/// A folder of a test's own with a configuration in it.
fn folder(name: &str, config: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    fs::create_dir_all(folder.join("dist")).unwrap();
    fs::write(folder.join("dist/index.html"), "<title>mine</title>").unwrap();
    fs::write(folder.join("fragrant.toml"), config).unwrap();
    folder
}

/// Jane's account, and a client that has proven who it is.
fn config(more: &str) -> String {
    format!(
        r#"
        {more}
        [[clients]]
        client_id = "web"
        name = "Web"
        redirect_uris = ["https://app.example/cb"]
        scope = "read write"
        default_scope = "read"

        [[users]]
        name = "jane"
        password = "{PASSWORD}"
        id = "4711"
        "#
    )
}

#[test]
fn everything_is_as_the_file_says() {
    let more = "app_folder = \"dist\"\ntoken_lifetime = 7\nissuer = true\nhosts.api = \"localhost\"\n\
                app_client = { client_id = \"own\", name = \"Own\", scope = \"read write\" }\n\
                cors_origins = [\"https://app.example\"]";
    let folder = folder("configured", &config(more));
    let mut scenario = Scenario::start(Server::from_toml_file(folder.join("fragrant.toml")).unwrap());
    // Its folder is beside the file, wherever the program runs.
    let page = scenario.browser.get(scenario.server.app_origin().as_str());
    assert_eq!(page.body, "<title>mine</title>");

    let (url, awaiting) = scenario.begin(Some(scope("write")));
    assert!(url.contains("client_id=own&"), "{url}");
    let login = scenario.browser.get(&url);
    let consent = scenario.log_in(&login);
    let answer = scenario.allow(&consent);
    assert!(answer.location().contains("&expires_in=7&"), "{}", answer.location());
    let received = awaiting.receive(answer.location(), scenario.server.clock().now());
    let Received::Authorized(authorized) = received else { panic!("{received:?}") };

    assert!(scenario.server.api_origin().as_str().starts_with("http://localhost:"));
    let token = authorized.access_token().reveal_secret().to_owned();
    let answer = scenario.call(&token, "/resource/2", &[("origin", "https://app.example")]);
    assert_eq!(
        (answer.status, answer.header("access-control-allow-origin")),
        (200, Some("https://app.example"))
    );

    // The other client, with its default scope.
    let consent = scenario.authorize("response_type=token&client_id=web&state=xyz");
    assert_eq!(consent.form().values("scope"), ["read"]);
    let answer = scenario.allow(&consent);
    assert!(answer.location().starts_with("https://app.example/cb#access_token="), "{}", answer.location());
}

#[test]
fn a_quirk_may_stand_in_the_file() {
    let settings = Server::from_toml(&config(
        "issuer = false\nquirks = { state = \"dropped\", errors_in_query = true }",
    ))
    .unwrap();
    let mut scenario = Scenario::start(settings);
    let answer = scenario.authorize("response_type=token&client_id=web&prompt=none&state=xyz");
    assert_eq!(answer.location(), "https://app.example/cb?error=login_required");
}

#[test]
fn what_is_set_later_wins() {
    let settings = Server::from_toml(&config("profile = \"procore\"\nsession_lifetime = 1")).unwrap();
    assert_eq!(settings.provider().id, "procore");
    // A lifetime that nobody set is that of whoever the server speaks as.
    for (settings, expected) in [
        (settings, "&expires_in=5400&"),
        (
            Server::from_toml(&config("profile = \"procore\""))
                .unwrap()
                .with_provider(&fragrant_profiles::rfc6749::PROVIDER),
            "&expires_in=3600&",
        ),
        (
            Server::from_toml(&config("token_lifetime = 9"))
                .unwrap()
                .with_provider(&fragrant_profiles::procore::PROVIDER),
            "&expires_in=9&",
        ),
    ] {
        let mut scenario = Scenario::start(settings);
        let login = scenario.authorize("response_type=token&client_id=web&state=xyz");
        let consent = scenario.log_in(&login);
        let answer = scenario.allow(&consent);
        assert!(answer.location().contains(expected), "{}", answer.location());
    }
}

#[test]
fn a_file_that_is_not_there_or_does_not_fit() {
    let folder = folder("unfit", "issuer = 1");
    let error = Server::from_toml_file(folder.join("none.toml")).err().unwrap();
    assert!(
        matches!(error, ConfigFileError::Unreadable(_)) && error.to_string().starts_with("cannot be read: ")
    );
    let error = Server::from_toml_file(folder.join("fragrant.toml")).err().unwrap();
    assert_eq!(error.to_string(), "line 1: issuer: expected true or false, found a whole number");
    fs::write(folder.join("fragrant.toml"), b"issuer = \xff").unwrap();
    let error = Server::from_toml_file(folder.join("fragrant.toml")).err().unwrap();
    assert!(matches!(error, ConfigFileError::Unreadable(_)), "{error}");
    // The application's own client is known to the server alone.
    let twice = config("app_client = { client_id = \"web\", name = \"Own\" }");
    let error = Server::from_toml(&twice).unwrap().start().unwrap_err();
    assert!(matches!(error, StartError::ClientTwice(_)), "{error}");
}

#[test]
fn the_example_starts() {
    let mut scenario = Scenario::start(Server::from_toml(Server::EXAMPLE_TOML).unwrap());
    let (url, _) = scenario.begin(None);
    let login = scenario.browser.get(&url);
    let form = login.form().with(&[("username", "jane"), ("password", "correct horse battery staple")]);
    let consent = scenario.browser.submit(&form);
    assert!(consent.body.contains("Allow access?"), "{}", consent.body);
}

/// `docs/server.md` has a row for every key and every quirk that a file may have.
#[test]
fn the_page_about_the_server_has_every_key() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/server.md");
    let page = fs::read_to_string(page).unwrap();
    for (unknown, mark) in [("x = 1", "` | "), ("quirks.x = 1", " = ")] {
        let error = Server::from_toml(unknown).err().unwrap();
        let known = error.problem().strip_prefix("no such key; expected one of ").unwrap();
        assert!(known.split(", ").count() > 5, "{known}");
        for key in known.split(", ") {
            assert!(page.contains(&format!("\n| `{key}{mark}")), "{key}");
        }
    }
    for unknown in
        ["[[clients]]\nx = 1", "[[users]]\nx = 1", "ports.x = 1", "hosts.x = 1", "app_client.x = 1"]
    {
        let error = Server::from_toml(unknown).err().unwrap();
        let known = error.problem().strip_prefix("no such key; expected one of ").unwrap();
        for key in known.split(", ") {
            assert!(page.contains(&format!("`{key}`")), "{key}");
        }
    }
}
