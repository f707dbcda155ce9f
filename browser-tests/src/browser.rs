//! A browser, its tabs and its popups.

use std::fmt;

use serde_json::{Value, json};

use crate::picture;
use crate::settings::BrowserSettings;
use crate::tab::Tab;
use crate::wait::until;
use crate::webdriver::{Refusal, WebDriver};

/// A browser with a profile of its own. It ends when it is dropped.
pub struct Browser {
    driver: WebDriver,
}

impl Browser {
    /// Starts one.
    pub fn start(settings: &BrowserSettings) -> Self {
        Self { driver: WebDriver::start(&settings.to_capabilities()) }
    }

    /// The number of its process.
    pub fn process(&self) -> u64 {
        self.driver.capabilities()["goog:processID"].as_u64().unwrap()
    }

    /// Every tab and popup, in the order in which they were opened.
    pub fn tabs(&self) -> Vec<Tab<'_>> {
        let handles = self.told(self.driver.get("/window/handles"));
        handles.as_array().unwrap().iter().map(|handle| Tab::new(self, handle.as_str().unwrap())).collect()
    }

    /// The first tab.
    pub fn tab(&self) -> Tab<'_> {
        self.tabs().swap_remove(0)
    }

    /// Opens another tab.
    pub fn new_tab(&self) -> Tab<'_> {
        // The last one that was told something may be closed.
        self.tab().focus();
        let opened = self.told(self.driver.post("/window/new", &json!({ "type": "tab" })));
        Tab::new(self, opened["handle"].as_str().unwrap())
    }

    /// The tab or popup that is opened beside those that are known.
    pub fn wait_for_other_than(&self, known: &[&Tab<'_>]) -> Tab<'_> {
        until("another tab or popup", || self.tabs().into_iter().find(|tab| !known.contains(&tab)))
    }

    /// Waits until there are so many tabs and popups.
    pub fn wait_for_tabs(&self, number: usize) {
        until(&format!("{number} tabs"), || (self.tabs().len() == number).then_some(()));
    }

    /// What the pages have written to their consoles, and what the browser has written there about them, since this was
    /// last asked for.
    pub fn console(&self) -> Vec<String> {
        self.log("browser")
    }

    /// The requests that the pages have sent since this was last asked for: to what address each, without a fragment, as
    /// it went out, and with which `Referer`.
    pub fn requests(&self) -> Vec<Request> {
        let events = self.log("performance");
        let events = events.iter().filter_map(|event| serde_json::from_str::<Value>(event).ok());
        let sent = events.filter(|event| event["message"]["method"] == "Network.requestWillBeSent");
        sent.map(|event| Request::read(&event["message"]["params"]["request"])).collect()
    }

    fn log(&self, kind: &str) -> Vec<String> {
        self.tab().focus();
        let entries = self.told(self.driver.post("/se/log", &json!({ "type": kind })));
        let entries = entries.as_array().unwrap().iter();
        entries.map(|entry| entry["message"].as_str().unwrap_or_default().to_owned()).collect()
    }

    pub(crate) const fn driver(&self) -> &WebDriver {
        &self.driver
    }

    /// What the driver has done, which it was not to refuse.
    pub(crate) fn told(&self, answer: Result<Value, Refusal>) -> Value {
        answer.unwrap_or_else(|refusal| panic!("{refusal}"))
    }

    /// What it shows, for whoever reads why a test has failed. Nothing here panics: a second panic would end the program.
    fn describe(&self) {
        let handles = self.driver.get("/window/handles").unwrap_or_default();
        for (index, handle) in handles.as_array().into_iter().flatten().enumerate() {
            let _ = self.driver.post("/window", &json!({ "handle": handle }));
            let address = self.driver.get("/url").unwrap_or_default();
            eprintln!("tab {index} shows {}", page_of(address.as_str().unwrap_or("nothing")));
            if let Ok(Value::String(png)) = self.driver.get("/screenshot") {
                picture::of_failure(index, &png);
            }
        }
        let entries = self.driver.post("/se/log", &json!({ "type": "browser" })).unwrap_or_default();
        for entry in entries.as_array().into_iter().flatten() {
            eprintln!("console: {}", entry["message"].as_str().unwrap_or_default());
        }
    }
}

/// What a browser has sent.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Request {
    /// Where it went.
    pub address: String,
    /// Which page it says it came from, if it says so.
    pub referer: Option<String>,
}

impl Request {
    fn read(request: &Value) -> Self {
        Self {
            address: request["url"].as_str().unwrap_or_default().to_owned(),
            referer: request["headers"]["Referer"].as_str().map(ToOwned::to_owned),
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.describe();
        }
    }
}

impl fmt::Debug for Browser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Browser")
    }
}

/// An address as it may be shown: there may be a state in its query, and a token in its fragment.
fn page_of(address: &str) -> &str {
    address.split(['?', '#']).next().unwrap_or_default()
}
