//! A server, a browser, and Jane who sits there.

use std::path::PathBuf;

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
    let folder = target().join("web").join("spa");
    assert!(
        folder.join("index.html").is_file(),
        "no application in {}: `cargo xtask web` builds it",
        folder.display()
    );
    folder
}
