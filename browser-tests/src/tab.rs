//! A tab or popup, and what a person does with it.

use std::fmt;

use serde_json::{Value, json};

use crate::browser::Browser;
use crate::wait::until;
use crate::webdriver::Refusal;

/// What WebDriver calls a reference to an element.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// A tab or popup of a [`Browser`]. Everything that names an element waits for it, and acts on the first there is.
#[derive(Clone)]
pub struct Tab<'a> {
    browser: &'a Browser,
    handle: String,
}

/// How to find an element.
#[derive(Clone, Copy)]
enum Look<'a> {
    Button(&'a str),
    Css(&'a str),
}

impl<'a> Tab<'a> {
    pub(crate) fn new(browser: &'a Browser, handle: &str) -> Self {
        Self { browser, handle: handle.into() }
    }

    /// Opens an address and waits until it has loaded.
    pub fn open(&self, address: impl fmt::Display) {
        self.told("/url", &json!({ "url": address.to_string() }));
    }

    /// Loads the page again.
    pub fn reload(&self) {
        self.told("/refresh", &json!({}));
    }

    /// Goes back in the history.
    pub fn back(&self) {
        self.told("/back", &json!({}));
    }

    /// Closes it.
    pub fn close(self) {
        self.focus();
        self.browser.told(self.browser.driver().delete("/window"));
    }

    /// What the address bar shows.
    pub fn address(&self) -> String {
        self.focus();
        let address = self.browser.told(self.browser.driver().get("/url"));
        address.as_str().unwrap().to_owned()
    }

    /// Waits until the address begins like this.
    pub fn wait_for_address(&self, start: impl fmt::Display) {
        let start = start.to_string();
        until(&format!("the address {start}"), || self.address().starts_with(&start).then_some(()));
    }

    /// Presses a button by its words.
    pub fn press(&self, words: &str) {
        self.click_it(Look::Button(words));
    }

    /// Clicks an element.
    pub fn click(&self, css: &str) {
        self.click_it(Look::Css(css));
    }

    /// Writes into a field.
    pub fn fill(&self, css: &str, text: &str) {
        self.act(Look::Css(css), |element| {
            self.post(&format!("/element/{element}/value"), &json!({ "text": text }))
        });
    }

    /// The text of an element, as it is seen.
    pub fn text(&self, css: &str) -> String {
        let text =
            self.act(Look::Css(css), |element| self.seen(|| self.get(&format!("/element/{element}/text"))));
        text.as_str().unwrap().to_owned()
    }

    /// Waits until an element's text has these words in it, and gives all of it.
    pub fn wait_for_text(&self, css: &str, words: &str) -> String {
        until(&format!("`{words}` in {css}"), || Some(self.text(css)).filter(|text| text.contains(words)))
    }

    /// Whether there is such an element now.
    pub fn has(&self, css: &str) -> bool {
        self.find(Look::Css(css)).is_ok()
    }

    /// Waits until there is no such element.
    pub fn wait_for_no(&self, css: &str) {
        until(&format!("no {css}"), || (!self.has(css)).then_some(()));
    }

    /// Runs a script in the page: the body of an async function, with `args`. What it returns comes back.
    pub fn run(&self, script: &str, args: &[Value]) -> Value {
        let script = format!("return (async (args) => {{ {script} }})([...arguments]);");
        self.told("/execute/sync", &json!({ "script": script, "args": args }))
    }

    /// Moves the page's clock, which is `Date.now`, by so many **seconds**. Timers know nothing of it, as when a machine has
    /// slept.
    pub fn move_clock(&self, seconds: i64) {
        let move_it = "const now = Date.now, moved = args[0]; Date.now = () => now.call(Date) + moved;";
        self.run(move_it, &[(seconds * 1000).into()]);
    }

    /// Waits until a script returns something other than `null` or `false`, and gives that.
    pub fn wait_for(&self, what: &str, script: &str) -> Value {
        until(what, || {
            Some(self.run(script, &[])).filter(|value| !matches!(value, Value::Null | Value::Bool(false)))
        })
    }

    /// Runs a script in the frame that is found, whatever its origin.
    pub fn run_in_frame(&self, css: &str, script: &str) -> Value {
        self.act(Look::Css(css), |element| {
            self.post("/frame", &json!({ "id": { ELEMENT: element } }))?;
            // The next command that goes to the tab leaves the frame again.
            self.browser.driver().post("/execute/sync", &json!({ "script": script, "args": [] }))
        })
    }

    /// Gives the page this size, in CSS **pixels**, smaller than any window if need be.
    pub fn resize(&self, width: u32, height: u32) {
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.told(
            "/goog/cdp/execute",
            &json!({ "cmd": "Emulation.setDeviceMetricsOverride", "params": size }),
        );
    }

    /// A picture of the page, as a PNG in Base64.
    pub(crate) fn screenshot(&self) -> String {
        let png = until("a picture", || self.get("/screenshot").ok());
        png.as_str().unwrap().to_owned()
    }

    fn click_it(&self, look: Look<'_>) {
        self.act(look, |element| self.post(&format!("/element/{element}/click"), &json!({})));
    }

    /// Does something with an element, once it is there and takes it.
    fn act(&self, look: Look<'_>, act: impl Fn(&str) -> Result<Value, Refusal>) -> Value {
        until(&format!("{look:?}"), || {
            let done = self.find(look).and_then(|element| act(&element));
            match done {
                Ok(value) => Some(value),
                // The page is about to become another one.
                Err(refusal) if refusal.is_passing() => None,
                Err(refusal) => panic!("{look:?}: {refusal}"),
            }
        })
    }

    fn find(&self, look: Look<'_>) -> Result<String, Refusal> {
        let (using, value) = match look {
            Look::Button(words) => ("xpath", format!("//button[normalize-space()='{words}']")),
            Look::Css(css) => ("css selector", css.to_owned()),
        };
        let look = json!({ "using": using, "value": value });
        let element = self.seen(|| self.post("/element", &look))?;
        Ok(element[ELEMENT].as_str().unwrap().to_owned())
    }

    /// Looks at the page again if it has become another one meanwhile.
    fn seen(&self, look: impl Fn() -> Result<Value, Refusal>) -> Result<Value, Refusal> {
        until("a page that stays", || {
            Some(look()).filter(|seen| !matches!(seen, Err(gone) if gone.is_cut_off()))
        })
    }

    fn told(&self, command: &str, body: &Value) -> Value {
        self.browser.told(self.post(command, body))
    }

    fn get(&self, command: &str) -> Result<Value, Refusal> {
        self.focus();
        self.browser.driver().get(command)
    }

    fn post(&self, command: &str, body: &Value) -> Result<Value, Refusal> {
        self.focus();
        self.browser.driver().post(command, body)
    }

    /// Commands go to one window at a time, and to its page, not to a frame in it.
    pub(crate) fn focus(&self) {
        self.browser.told(self.browser.driver().post("/window", &json!({ "handle": self.handle })));
    }
}

impl PartialEq for Tab<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.handle == other.handle
    }
}

impl fmt::Debug for Tab<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tab({})", self.handle)
    }
}

impl fmt::Debug for Look<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Button(words) => write!(f, "the button `{words}`"),
            Self::Css(css) => write!(f, "{css}"),
        }
    }
}
