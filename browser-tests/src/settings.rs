//! What a browser is started with.

use serde_json::{Map, Value, json};

/// Which cookies of other sites are let in: 0 is all, 1 is none.
const COOKIES: &str = "profile.cookie_controls_mode";

/// How to start a browser: without a window, and with third-party cookies blocked, as some are out of the box and others only
/// by their user, unless told otherwise.
#[derive(Clone, Debug)]
#[must_use]
pub struct BrowserSettings {
    preferences: Map<String, Value>,
    left_out: Vec<&'static str>,
}

impl Default for BrowserSettings {
    fn default() -> Self {
        Self { preferences: Map::new(), left_out: Vec::new() }.with_preference(COOKIES, json!(1))
    }
}

impl BrowserSettings {
    /// Allows third-party cookies.
    pub fn with_third_party_cookies(self) -> Self {
        self.with_preference(COOKIES, json!(0))
    }

    /// Sets a preference of the profile.
    pub fn with_preference(mut self, name: &str, value: Value) -> Self {
        self.preferences.insert(name.into(), value);
        self
    }

    /// Blocks popups that no click has opened, as for every user; the driver switches that off otherwise.
    pub fn with_popup_blocker(mut self) -> Self {
        self.left_out.push("disable-popup-blocking");
        self
    }

    /// What WebDriver calls the capabilities of a new session.
    pub(crate) fn to_capabilities(&self) -> Value {
        let mut arguments = vec![
            "--headless=new".to_owned(),
            "--window-size=1280,900".to_owned(),
            // The driver talks to it through a pipe, so that it ends with the driver however that ends.
            "--remote-debugging-pipe".to_owned(),
            "--disable-gpu".to_owned(),
            // Containers give little shared memory.
            "--disable-dev-shm-usage".to_owned(),
            // It is to talk to the test's servers and to nobody else.
            "--disable-background-networking".to_owned(),
            "--disable-component-update".to_owned(),
            "--disable-sync".to_owned(),
            "--no-first-run".to_owned(),
        ];
        if is_root() {
            // Chromium's own sandbox does not start for the superuser, who is whom containers run things as.
            arguments.push("--no-sandbox".into());
        }
        json!({
            "alwaysMatch": {
                "browserName": "chrome",
                "timeouts": { "script": 30_000, "pageLoad": 30_000 },
                "goog:loggingPrefs": { "browser": "ALL", "performance": "ALL" },
                "goog:chromeOptions": {
                    "args": arguments,
                    "prefs": self.preferences,
                    "excludeSwitches": self.left_out,
                },
            },
        })
    }
}

#[cfg(unix)]
fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}

#[cfg(not(unix))]
fn is_root() -> bool {
    false
}
