//! The page: what stands in `index.html`, by its ids.

use wasm_bindgen::prelude::*;
use web_sys::{Document, Element, HtmlElement, Window};

const ROUTES: [(&str, &str); 2] = [("account", "#/"), ("calls", "#/calls")];

#[derive(Clone)]
pub(crate) struct Page {
    window: Window,
    document: Document,
}

impl Page {
    pub(crate) fn new() -> Option<Self> {
        let window = web_sys::window()?;
        let document = window.document()?;
        Some(Self { window, document })
    }

    // What is written

    pub(crate) fn status(&self, words: &str) {
        self.write("status", words);
    }

    pub(crate) fn problem(&self, words: &str) {
        self.write("problem", words);
        self.show_if("problem", !words.is_empty());
    }

    pub(crate) fn provider(&self, name: &str, scope: &str) {
        let places = self.document.get_elements_by_class_name("provider");
        for index in 0..places.length() {
            if let Some(place) = places.item(index) {
                place.set_text_content(Some(name));
            }
        }
        self.write("asks", scope);
    }

    pub(crate) fn user(&self, user: &str) {
        self.write("user", user);
    }

    pub(crate) fn scope(&self, scope: &str) {
        self.write("scope", scope);
    }

    pub(crate) fn time_left(&self, seconds: Option<u64>) {
        let words = match seconds {
            Some(seconds) => format!("{}:{:02} min", seconds / 60, seconds % 60),
            None => "the server does not say".into(),
        };
        self.write("time-left", &words);
    }

    pub(crate) fn result(&self, text: &str) {
        self.write("result", text);
        self.show_if("result", true);
    }

    pub(crate) fn forget_result(&self) {
        self.write("result", "");
        self.show_if("result", false);
    }

    /// Where the session stands, for whoever looks into the page.
    pub(crate) fn phase(&self, phase: &str) {
        self.with("main", |main| drop(main.set_attribute("data-phase", phase)));
    }

    // What is shown

    pub(crate) fn show_signed_in(&self, is_signed_in: bool) {
        self.show_if("signed-in", is_signed_in);
        self.show_if("signed-out", !is_signed_in);
        self.show_if("call-buttons", is_signed_in);
        self.show_if("calls-hint", !is_signed_in);
    }

    pub(crate) fn show_handed_over(&self) {
        self.show_if("handed-over", true);
    }

    /// Shows the page that the address names: the first one unless it names another.
    pub(crate) fn show_route(&self) {
        let route = self.route();
        for (id, own) in ROUTES {
            let is_here = route == own;
            self.show_if(id, is_here);
            self.with(&format!("link-{id}"), |link| {
                let current = if is_here { "page" } else { "false" };
                drop(link.set_attribute("aria-current", current));
            });
        }
    }

    // Routes

    /// Where the user is.
    pub(crate) fn route(&self) -> String {
        let hash = self.window.location().hash().unwrap_or_default();
        let known = ROUTES.into_iter().find(|(_, route)| *route == hash);
        known.map_or(ROUTES[0].1, |(_, route)| route).into()
    }

    /// Goes back to where the user was: the redirection URI has another path.
    pub(crate) fn go_to(&self, route: &str) {
        if let (Some((_, route)), Ok(history)) =
            (ROUTES.into_iter().find(|(_, own)| *own == route), self.window.history())
        {
            let address = format!("/{route}");
            drop(history.replace_state_with_url(&JsValue::NULL, "", Some(&address)));
        }
    }

    // What happens

    pub(crate) fn on_click(&self, id: &str, clicked: impl Fn() + 'static) {
        self.with(id, |button| listen(button, "click", clicked));
    }

    pub(crate) fn on_route(&self, changed: impl Fn() + 'static) {
        listen(&self.window, "hashchange", changed);
    }

    pub(crate) fn add_call(&self, title: &str, clicked: impl Fn() + 'static) {
        self.with("call-buttons", |buttons| {
            if let Ok(button) = self.document.create_element("button") {
                button.set_text_content(Some(title));
                drop(button.set_attribute("type", "button"));
                listen(&button, "click", clicked);
                drop(buttons.append_child(&button));
            }
        });
    }

    pub(crate) fn every_second(&self, passed: impl Fn() + 'static) {
        let passed = Closure::<dyn Fn()>::own_aborting(passed).into_js_value();
        let passed = passed.unchecked_ref();
        drop(self.window.set_interval_with_callback_and_timeout_and_arguments_0(passed, 1000));
    }

    fn write(&self, id: &str, words: &str) {
        self.with(id, |element| element.set_text_content(Some(words)));
    }

    fn show_if(&self, id: &str, is_shown: bool) {
        self.with(id, |element| element.unchecked_ref::<HtmlElement>().set_hidden(!is_shown));
    }

    fn with(&self, id: &str, then: impl FnOnce(&Element)) {
        if let Some(element) = self.document.get_element_by_id(id) {
            then(&element);
        }
    }
}

/// Listens for as long as the page is there.
fn listen(target: &web_sys::EventTarget, event: &str, happened: impl Fn() + 'static) {
    let happened = Closure::<dyn Fn()>::own_aborting(happened).into_js_value();
    drop(target.add_event_listener_with_callback(event, happened.unchecked_ref()));
}
