//! The clients that are tried against our server, and how each of them is.

use std::fs;
use std::path::{Path, PathBuf};

use browser_tests::{BrowserSettings, World};
use fragrant_profiles::{Provider, rfc6749, ringcentral};
use serde_json::{Value, json};

use crate::peer::{Peer, Runtimes};
use crate::person::{Came, browse};

/// Somebody else's client.
#[derive(Debug)]
pub(crate) struct TestedClient {
    /// Its package, which is what the page calls it.
    pub(crate) package: &'static str,
    /// In whose shape our server is.
    provider: &'static Provider,
    runs: Runs,
}

/// What a client runs in.
#[derive(Debug)]
enum Runs {
    /// In a page: the library's file in its package, and the script beside the page that uses it.
    InABrowser { library: &'static str, script: &'static str },
    /// In a program, with the user agent beside it.
    InPython(&'static str),
}

pub(crate) const CLIENTS: &[TestedClient] = &[
    TestedClient {
        package: "requests-oauthlib",
        provider: &rfc6749::PROVIDER,
        runs: Runs::InPython("clients/requests_oauthlib_client.py"),
    },
    TestedClient {
        package: "oidc-client",
        provider: &rfc6749::PROVIDER,
        runs: Runs::InABrowser { library: "dist/oidc-client.min.js", script: "oidc-client.js" },
    },
    TestedClient {
        package: "@ringcentral/sdk",
        provider: &ringcentral::PROVIDER,
        runs: Runs::InABrowser { library: "dist/ringcentral.min.js", script: "ringcentral-sdk.js" },
    },
    TestedClient {
        package: "auth0-js",
        provider: &rfc6749::PROVIDER,
        runs: Runs::InABrowser { library: "dist/auth0.min.js", script: "auth0-js.js" },
    },
    TestedClient {
        package: "hellojs",
        provider: &rfc6749::PROVIDER,
        runs: Runs::InABrowser { library: "dist/hello.min.js", script: "hellojs.js" },
    },
];

/// What is tried with each of them: Jane says no, and then yes.
pub(crate) const DECISIONS: [&str; 2] = ["Deny", "Allow"];
/// What these are called on the page.
pub(crate) const ROWS: [&str; 2] = ["the user denies", "the user allows, and the API is called"];
/// What every client is to say.
pub(crate) const EXPECTED: [&str; 2] = ["`access_denied`", "200"];

impl TestedClient {
    /// Tries both decisions. Gives the version, and what the client says of each.
    pub(crate) fn run(&self, runtimes: &Runtimes) -> (String, Vec<String>) {
        match self.runs {
            Runs::InABrowser { library, script } => self.in_a_browser(runtimes, library, script),
            Runs::InPython(program) => self.in_python(runtimes, program),
        }
    }

    fn in_python(&self, runtimes: &Runtimes, program: &str) -> (String, Vec<String>) {
        let server = World::server(self.provider).start().unwrap();
        let config = json!({
            "client_id": server.client().client_id().as_str(),
            "redirect_uri": server.redirect_uri().as_str(),
            "authorization_endpoint": server.authorization_endpoint().as_str(),
            "scope": self.provider.habits.sample_scope,
            "api": format!("{}{}", server.api_origin(), self.provider.paths.sample_call),
            "decisions": DECISIONS,
        });
        let mut peer = Peer::start(runtimes, program, &config);
        let version = peer.hear()["version"].as_str().unwrap().to_owned();
        let mut decide = |words| {
            let url = peer.hear()["url"].as_str().unwrap().to_owned();
            let address = match browse(&url, server.redirect_uri().as_str(), Some(words)) {
                Came::Address(address) => address,
                Came::Page(status) => panic!("{}: our server shows a page ({status})", self.package),
            };
            peer.say(&json!({ "address": address }));
            told(&peer.hear())
        };
        let cells = DECISIONS.map(&mut decide);
        (version, cells.into())
    }

    fn in_a_browser(&self, runtimes: &Runtimes, library: &str, script: &str) -> (String, Vec<String>) {
        let package = runtimes.javascript.join("node_modules").join(self.package);
        let page = page(runtimes, script, &package.join(library));
        let server = World::server(self.provider).with_app_folder(page);
        let world = World::start(server, &BrowserSettings::default());
        let cells = DECISIONS.map(|words| {
            // Whoever has logged in once is to be asked again.
            world.server.end_sessions();
            let tab = world.open_app();
            tab.press("Sign in");
            world.log_in(&tab);
            tab.press(words);
            told(&serde_json::from_str(&tab.wait_for_text("#outcome", "}")).unwrap())
        });
        (format!("{} {}", self.package, version(&package)), cells.into())
    }
}

/// What a client says, in a few words.
fn told(outcome: &Value) -> String {
    match (&outcome["error"], &outcome["api"], &outcome["failed"]) {
        (Value::String(error), ..) => format!("`{error}`"),
        (_, Value::Number(status), _) => status.to_string(),
        (.., Value::String(why)) => format!("failed: {why}"),
        _ => "nothing".into(),
    }
}

/// A folder with the page, the client's library, and the script that uses it.
fn page(runtimes: &Runtimes, script: &str, library: &Path) -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("clients/page");
    let folder = runtimes.javascript.join("pages").join(script);
    let files = [
        (own.join("index.html"), "index.html"),
        (own.join("page.js"), "page.js"),
        (own.join(script), "client.js"),
        (library.into(), "library.js"),
    ];
    fs::create_dir_all(&folder).unwrap();
    for (from, to) in files {
        fs::copy(&from, folder.join(to)).unwrap_or_else(|error| panic!("{}: {error}", from.display()));
    }
    folder
}

fn version(package: &Path) -> String {
    let manifest: Value =
        serde_json::from_str(&fs::read_to_string(package.join("package.json")).unwrap()).unwrap();
    manifest["version"].as_str().unwrap().into()
}
