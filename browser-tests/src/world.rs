//! A server, a browser, and Jane who sits there.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use fragrant_profiles::Provider;
use fragrant_server::{RunningServer, Server, User};

use crate::browser::Browser;
use crate::picture::target;
use crate::settings::BrowserSettings;
use crate::tab::Tab;

/// Who has an account at the server.
pub const USER: &str = "jane";
/// The password.
pub const PASSWORD: &str = "correct horse battery staple";

/// A server and a browser. Both end when it is dropped, the browser first.
#[derive(Debug)]
pub struct World {
    /// The browser.
    pub browser: Browser,
    /// The three servers.
    pub server: RunningServer,
}

impl World {
    /// The usual settings of a server: Jane has an account, and whom she has let in before needs no page.
    pub fn server(provider: &'static Provider) -> Server {
        let jane = User::new(USER, PASSWORD).unwrap();
        Server::new(provider).with_user(jane).dangerously_grant_silently_to_unproven_clients()
    }

    /// Starts both.
    pub fn start(server: Server, settings: &BrowserSettings) -> Self {
        Self { server: server.start().unwrap(), browser: Browser::start(settings) }
    }

    /// The first tab.
    pub fn tab(&self) -> Tab<'_> {
        self.browser.tab()
    }

    /// Opens the application's page.
    pub fn open_app(&self) -> Tab<'_> {
        let tab = self.tab();
        tab.open(format!("{}/", self.server.app_origin()));
        tab
    }

    /// Fills in the login page and sends it.
    pub fn log_in(&self, tab: &Tab<'_>) {
        tab.fill("#username", USER);
        tab.fill("#password", PASSWORD);
        tab.press("Sign in");
    }

    /// Everything that is asked for on the way: login and consent.
    pub fn log_in_and_allow(&self, tab: &Tab<'_>) {
        self.log_in(tab);
        tab.press("Allow");
    }
}

/// Where the example application is once `cargo xtask web` has built it.
///
/// # Panics
/// When it is not there.
pub fn built_app() -> PathBuf {
    built("spa", "index.html")
}

/// The example application with a script of a test's own, in the place of a part of its page: `{}` in `with` is where the
/// script goes, which nothing in the page waits for any longer than for its own.
///
/// # Panics
/// When the application is not there, or that part of its page.
pub fn changed_app(name: &str, part: &str, with: &str, script: &str) -> PathBuf {
    let page = fs::read_to_string(built_app().join("index.html")).unwrap();
    assert_eq!(page.matches(part).count(), 1, "{part} in the page");
    let page = page.replace(part, &with.replace("{}", "<script src=\"/test.js\"></script>"));
    page_of(name, &built_app(), &[("index.html", &page), ("test.js", script)])
}

/// A page of a test's own with the adapter for JavaScript beside it, which `cargo xtask web` has built.
///
/// # Panics
/// When that is not there.
pub fn js_app(name: &str, files: &[(&str, &str)]) -> PathBuf {
    page_of(name, &built("js", "fragrant.js"), files)
}

fn built(name: &str, file: &str) -> PathBuf {
    let folder = target().join("web").join(name);
    assert!(folder.join(file).is_file(), "no {file} in {}: `cargo xtask web` builds it", folder.display());
    folder
}

/// A folder of its own, as tests run side by side, with what is in another, and with these files beside or in the place of
/// those.
fn page_of(name: &str, built: &Path, files: &[(&str, &str)]) -> PathBuf {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let folder = target().join("browser").join("pages").join(format!("{name}-{number}"));
    fs::create_dir_all(&folder).unwrap();
    for entry in fs::read_dir(built).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), folder.join(entry.file_name())).unwrap();
    }
    for (name, text) in files {
        fs::write(folder.join(name), text).unwrap();
    }
    folder
}
