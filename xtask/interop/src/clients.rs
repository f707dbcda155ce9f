//! The clients that are tried against our server, and how each of them is.

use std::fs;
use std::path::{Path, PathBuf};

use browser_tests::{BrowserSettings, Tab, World};
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
    /// What else it can do, and what is to come of that.
    more: &'static str,
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
        more: NOTHING,
    },
    TestedClient {
        package: "oidc-client",
        provider: &rfc6749::PROVIDER,
        runs: Runs::InABrowser { library: "dist/oidc-client.min.js", script: "oidc-client.js" },
        more: "by popup, renewed in a hidden frame, 401 once revoked, 200 with the token before",
    },
    TestedClient {
        package: "@ringcentral/sdk",
        provider: &ringcentral::PROVIDER,
        runs: Runs::InABrowser { library: "dist/ringcentral.min.js", script: "ringcentral-sdk.js" },
        more: "by popup, 200, 401 once logged out",
    },
    TestedClient {
        package: "auth0-js",
        provider: &rfc6749::PROVIDER,
        runs: Runs::InABrowser { library: "dist/auth0.min.js", script: "auth0-js.js" },
        more: NOTHING,
    },
    TestedClient {
        package: "hellojs",
        provider: &rfc6749::PROVIDER,
        runs: Runs::InABrowser { library: "dist/hello.min.js", script: "hellojs.js" },
        more: NOTHING,
    },
];

/// What is tried with each of them: Jane says no, and then yes.
const DECISIONS: [&str; 2] = ["Deny", "Allow"];
/// What that is called on the page, and what else is tried where a client has it.
pub(crate) const ROWS: [&str; 3] =
    ["the user denies", "the user allows, and the API is called", "by popup, renewal, revocation"];
/// What a client without more to it shows there.
const NOTHING: &str = "not tried";

impl TestedClient {
    /// What every client is to say, and what this one has besides.
    pub(crate) const fn expected(&self) -> [&'static str; ROWS.len()] {
        ["`access_denied`", "200", self.more]
    }

    /// Tries everything. Gives the version, and what the client says to each row.
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
                Came::Page(page) => panic!("{}: our server shows a page ({})", self.package, page.status),
            };
            peer.say(&json!({ "address": address }));
            told(&peer.hear())
        };
        let mut cells = Vec::from(DECISIONS.map(&mut decide));
        cells.push(NOTHING.into());
        (version, cells)
    }

    fn in_a_browser(&self, runtimes: &Runtimes, library: &str, script: &str) -> (String, Vec<String>) {
        let package = runtimes.javascript.join("node_modules").join(self.package);
        let page = page(runtimes, script, &package.join(library));
        let server = World::server(self.provider).with_app_folder(page);
        let world = World::start(server, &BrowserSettings::default());
        let open = || {
            // Whoever has logged in once is to be asked again.
            world.server.end_sessions();
            world.open_app()
        };
        let outcome =
            |tab: Tab<'_>| told(&serde_json::from_str(&tab.wait_for_text("#outcome", "}")).unwrap());
        let decided = DECISIONS.map(|words| {
            let tab = open();
            tab.click("#redirect");
            world.log_in(&tab);
            tab.press(words);
            outcome(tab)
        });
        let mut cells = Vec::from(decided);
        cells.push(if self.more == NOTHING {
            NOTHING.into()
        } else {
            let tab = open();
            tab.click("#popup");
            let popup = world.browser.wait_for_other_than(&[&tab]);
            // What she has allowed once she is not asked again.
            world.log_in(&popup);
            outcome(tab)
        });
        (format!("{} {}", self.package, version(&package)), cells)
    }
}

/// What a client says, in a few words.
fn told(outcome: &Value) -> String {
    if let Value::Array(ways) = &outcome["ways"] {
        let ways = ways.iter().map(|way| way.as_str().map_or_else(|| way.to_string(), Into::into));
        return ways.collect::<Vec<_>>().join(", ");
    }
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
