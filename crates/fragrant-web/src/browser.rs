//! What is used of the browser, and nothing more: each line here is a function in the JavaScript that goes with the module.

use alloc::rc::Rc;
use alloc::string::String;
use core::cell::Cell;

use fragrant::value::Timestamp;
use wasm_bindgen::prelude::*;

/// Everything that the browser calls. One type for events, timers and promises alike: each further one would cost a shim of
/// its own. It is `Fn` so that a call in the middle of a call is no error.
pub(crate) type Callback = Closure<dyn Fn(JsValue) -> JsValue>;

/// A function for the browser to call.
pub(crate) fn callback(function: impl Fn(JsValue) + 'static) -> Callback {
    Closure::own_aborting(move |value| {
        function(value);
        JsValue::UNDEFINED
    })
}

/// A promise, and what fulfils it.
pub(crate) fn promise() -> (Promise, Option<Function>) {
    let fulfil = Rc::<Cell<Option<Function>>>::default();
    let given = fulfil.clone();
    let promise = Promise::new(&callback(move |fulfil| given.set(Some(fulfil.unchecked_into()))));
    (promise, fulfil.take())
}

/// Calls `settled` once, with what the promise is fulfilled with or what it is rejected with.
pub(crate) fn when_settled(promise: &Promise, settled: impl FnOnce(JsValue) + 'static) {
    // The function keeps itself until it is called: nobody else knows how long that takes.
    let kept = Rc::<Cell<Option<Callback>>>::default();
    let (own, settled) = (kept.clone(), Cell::new(Some(settled)));
    let callback = callback(move |value| {
        drop(own.take());
        if let Some(settled) = settled.take() {
            settled(value);
        }
    });
    promise.then(&callback, &callback);
    kept.set(Some(callback));
}

/// The moment, as the browser's clock has it.
pub(crate) fn now() -> Timestamp {
    Timestamp::from_unix_seconds((milliseconds() / 1000.0) as u64)
}

/// The window that the page is in; `None` where there is none, as in a worker.
pub(crate) fn window() -> Option<Window> {
    WINDOW.with(Option::clone)
}

impl Event {
    /// The message, if it is a text, and no more of it than this: anybody may send one, and as long as he likes.
    pub(crate) fn text_until(&self, most: usize) -> Option<String> {
        let data = self.data();
        let text = data.is_string().then_some(data.unchecked_ref::<Text>())?;
        Some(text.slice(0, u32::try_from(most).unwrap_or(u32::MAX)))
    }
}

#[wasm_bindgen]
extern "C" {
    #[derive(Clone, PartialEq)]
    pub(crate) type Window;
    #[wasm_bindgen(thread_local_v2, js_name = window)]
    static WINDOW: Option<Window>;

    #[wasm_bindgen(method, js_name = addEventListener)]
    pub(crate) fn add_event_listener(this: &Window, event: &str, callback: &Callback);
    #[wasm_bindgen(method, js_name = removeEventListener)]
    pub(crate) fn remove_event_listener(this: &Window, event: &str, callback: &Callback);
    #[wasm_bindgen(method)]
    pub(crate) fn close(this: &Window);
    #[wasm_bindgen(method, getter)]
    pub(crate) fn closed(this: &Window) -> bool;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn document(this: &Window) -> Document;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn history(this: &Window) -> History;
    #[wasm_bindgen(method, getter, catch, js_name = localStorage)]
    pub(crate) fn local_storage(this: &Window) -> Result<Option<Storage>, JsValue>;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn location(this: &Window) -> Location;
    #[wasm_bindgen(method, catch)]
    pub(crate) fn open(
        this: &Window,
        address: &str,
        target: &str,
        features: &str,
    ) -> Result<Option<Window>, JsValue>;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn opener(this: &Window) -> Option<Window>;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn origin(this: &Window) -> String;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn parent(this: &Window) -> Option<Window>;
    #[wasm_bindgen(method, catch, js_name = postMessage)]
    pub(crate) fn post_message(this: &Window, text: &str, origin: &str) -> Result<(), JsValue>;
    #[wasm_bindgen(method, getter, catch, js_name = sessionStorage)]
    pub(crate) fn session_storage(this: &Window) -> Result<Option<Storage>, JsValue>;

    pub(crate) type Document;
    #[wasm_bindgen(method, js_name = createElement)]
    pub(crate) fn create_element(this: &Document, name: &str) -> Frame;
    #[wasm_bindgen(method, getter, js_name = documentElement)]
    pub(crate) fn document_element(this: &Document) -> Option<Element>;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn hidden(this: &Document) -> bool;

    pub(crate) type Element;
    #[wasm_bindgen(method)]
    pub(crate) fn append(this: &Element, frame: &Frame);

    pub(crate) type Frame;
    #[wasm_bindgen(method, getter, js_name = contentWindow)]
    pub(crate) fn content_window(this: &Frame) -> Option<Window>;
    #[wasm_bindgen(method)]
    pub(crate) fn remove(this: &Frame);
    #[wasm_bindgen(method, js_name = setAttribute)]
    pub(crate) fn set_attribute(this: &Frame, name: &str, value: &str);

    pub(crate) type History;
    #[wasm_bindgen(method, catch, js_name = replaceState)]
    pub(crate) fn replace_state(
        this: &History,
        state: &JsValue,
        unused: &str,
        address: &str,
    ) -> Result<(), JsValue>;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn state(this: &History) -> JsValue;

    pub(crate) type Location;
    #[wasm_bindgen(method)]
    pub(crate) fn assign(this: &Location, address: &str);
    #[wasm_bindgen(method, getter)]
    pub(crate) fn href(this: &Location) -> String;
    #[wasm_bindgen(method)]
    pub(crate) fn replace(this: &Location, address: &str);

    #[derive(Clone)]
    pub(crate) type Storage;
    #[wasm_bindgen(method, catch, js_name = getItem)]
    pub(crate) fn item(this: &Storage, key: &str) -> Result<Option<String>, JsValue>;
    #[wasm_bindgen(method, catch)]
    pub(crate) fn key(this: &Storage, index: u32) -> Result<Option<String>, JsValue>;
    #[wasm_bindgen(method, catch, js_name = removeItem)]
    pub(crate) fn remove_item(this: &Storage, key: &str) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch, js_name = setItem)]
    pub(crate) fn set_item(this: &Storage, key: &str, value: &str) -> Result<(), JsValue>;

    // Of events

    pub(crate) type Event;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn data(this: &Event) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = key)]
    pub(crate) fn storage_key(this: &Event) -> Option<String>;
    #[wasm_bindgen(method, getter, js_name = newValue)]
    pub(crate) fn new_value(this: &Event) -> Option<String>;
    #[wasm_bindgen(method, getter, js_name = origin)]
    pub(crate) fn sender_origin(this: &Event) -> String;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn source(this: &Event) -> Option<Window>;

    pub(crate) type Text;
    /// A part of it, by its UTF-16 code units.
    #[wasm_bindgen(method)]
    pub(crate) fn slice(this: &Text, from: u32, to: u32) -> String;

    // Of the page's first script, where there is one

    #[wasm_bindgen(catch, js_name = fragrantAddress)]
    pub(crate) fn take_kept_address() -> Result<JsValue, JsValue>;

    // Of tabs

    pub(crate) type BroadcastChannel;
    #[wasm_bindgen(constructor, catch)]
    pub(crate) fn new(name: &str) -> Result<BroadcastChannel, JsValue>;
    #[wasm_bindgen(method, js_name = close)]
    pub(crate) fn close_channel(this: &BroadcastChannel);
    #[wasm_bindgen(method, catch, js_name = postMessage)]
    pub(crate) fn post(this: &BroadcastChannel, text: &str) -> Result<(), JsValue>;
    #[wasm_bindgen(method, setter)]
    pub(crate) fn set_onmessage(this: &BroadcastChannel, callback: &Callback);

    #[wasm_bindgen(catch, js_namespace = ["navigator", "locks"], js_name = request)]
    pub(crate) fn request_lock(
        name: &str,
        options: &JsValue,
        callback: &Closure<dyn Fn(JsValue) -> JsValue>,
    ) -> Result<Promise, JsValue>;

    #[derive(Clone)]
    pub(crate) type Promise;
    #[wasm_bindgen(constructor)]
    pub(crate) fn new(executor: &Callback) -> Promise;
    /// Of whatever it is.
    #[wasm_bindgen(static_method_of = Promise, js_name = resolve)]
    pub(crate) fn of(value: &JsValue) -> Promise;
    #[wasm_bindgen(method)]
    pub(crate) fn then(this: &Promise, fulfilled: &Callback, rejected: &Callback) -> Promise;
    #[wasm_bindgen(method, js_name = catch)]
    pub(crate) fn or_else(this: &Promise, rejected: &Callback) -> Promise;

    pub(crate) type Function;
    #[wasm_bindgen(method, catch)]
    pub(crate) fn call(this: &Function, receiver: &JsValue, value: &JsValue) -> Result<JsValue, JsValue>;

    // Of the API

    #[wasm_bindgen(catch)]
    pub(crate) fn fetch(address: &str, init: &JsValue) -> Result<JsValue, JsValue>;

    #[derive(Clone)]
    pub(crate) type Headers;
    #[wasm_bindgen(constructor, catch)]
    pub(crate) fn new(init: &JsValue) -> Result<Headers, JsValue>;
    #[wasm_bindgen(method, catch, js_name = get)]
    pub(crate) fn value(this: &Headers, name: &str) -> Result<Option<String>, JsValue>;
    #[wasm_bindgen(method, catch, js_name = set)]
    pub(crate) fn set_value(this: &Headers, name: &str, value: &str) -> Result<(), JsValue>;

    #[derive(Clone)]
    pub(crate) type Response;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn headers(this: &Response) -> Headers;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn status(this: &Response) -> u16;
    #[wasm_bindgen(method)]
    pub(crate) fn text(this: &Response) -> Promise;

    // Of the language

    /// Milliseconds since 1970.
    #[wasm_bindgen(js_namespace = Date, js_name = now)]
    pub(crate) fn milliseconds() -> f64;
    #[wasm_bindgen(js_name = Object)]
    pub(crate) fn object() -> JsValue;
    /// Of an object of our own, which takes any.
    #[wasm_bindgen(js_namespace = Reflect, js_name = set)]
    pub(crate) fn set_property(object: &JsValue, name: &str, value: &JsValue) -> bool;
    #[wasm_bindgen(catch, js_namespace = crypto, js_name = getRandomValues)]
    pub(crate) fn fill_with_entropy(bytes: &mut [u8]) -> Result<(), JsValue>;
    #[wasm_bindgen(js_name = setTimeout)]
    pub(crate) fn set_timeout(callback: &Callback, milliseconds: u32) -> i32;
    #[wasm_bindgen(js_name = clearTimeout)]
    pub(crate) fn clear_timeout(timeout: i32);
    #[wasm_bindgen(js_name = setInterval)]
    pub(crate) fn set_interval(callback: &Callback, milliseconds: u32) -> i32;
    #[wasm_bindgen(js_name = clearInterval)]
    pub(crate) fn clear_interval(interval: i32);
}
