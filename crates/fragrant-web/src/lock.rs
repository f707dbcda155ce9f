//! The lock that the tabs share: a web lock, or a lease in the storage where there are none.

use alloc::rc::Rc;
use alloc::string::String;
use core::cell::Cell;

use fragrant::value::{Entropy, State, Timestamp};
use wasm_bindgen::JsValue;

use crate::browser::{self, Callback, Function, Storage, Window};

/// What came of asking for the lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    Refused,
    Taken,
}

/// The page's hand on the lock.
pub(crate) struct Lock {
    window: Window,
    name: String,
    /// Tells this page from others, where a lease has to name its holder.
    page: String,
    answer: Callback,
    /// The browser gives none: the user has taken the site's storage away, or the page is on its way out.
    failed: Callback,
    release: Rc<Cell<Option<Release>>>,
}

/// How it is given back.
enum Release {
    /// By fulfilling the promise for which the browser holds the lock.
    Fulfil(Function),
    Remove(Storage),
}

impl Lock {
    /// Nothing is held yet; `asked` is told what came of asking a browser that has locks.
    pub(crate) fn new(window: Window, name: &str, asked: impl Fn(Asked) + Clone + 'static) -> Self {
        let release = Rc::<Cell<Option<Release>>>::default();
        let held = release.clone();
        let refused = asked.clone();
        let failed = browser::callback(move |_| refused(Asked::Refused));
        let answer = Callback::own_aborting(move |lock: JsValue| {
            if lock.is_null() {
                asked(Asked::Refused);
                return JsValue::UNDEFINED;
            }
            let (promise, fulfil) = browser::promise();
            held.set(fulfil.map(Release::Fulfil));
            asked(Asked::Taken);
            promise.into()
        });
        Self { window, name: ["fragrant:lock:", name].concat(), page: page_name(), answer, failed, release }
    }

    /// Takes it if it is free, for `seconds` where it has to end by itself. `None` if the browser will say.
    pub(crate) fn take(&self, seconds: u32) -> Option<Asked> {
        let options = browser::object();
        browser::set_property(&options, "ifAvailable", &JsValue::TRUE);
        match browser::request_lock(&self.name, &options, &self.answer) {
            Ok(promise) => {
                promise.or_else(&self.failed);
                None
            }
            Err(_) => Some(self.take_lease(seconds)),
        }
    }

    pub(crate) fn release(&self) {
        match self.release.take() {
            Some(Release::Fulfil(fulfil)) => drop(fulfil.call(&JsValue::UNDEFINED, &JsValue::UNDEFINED)),
            // Another page has it if this one has held it for too long.
            Some(Release::Remove(storage)) if self.is_lessee(&storage) => {
                drop(storage.remove_item(&self.name));
            }
            _ => {}
        }
    }

    fn is_lessee(&self, storage: &Storage) -> bool {
        let found = storage.item(&self.name).ok().flatten();
        found.as_deref().and_then(Lease::decode).is_some_and(|lease| lease.holder == self.page)
    }

    /// Without a storage that is shared there are no tabs to agree with.
    fn take_lease(&self, seconds: u32) -> Asked {
        let Ok(Some(storage)) = self.window.local_storage() else { return Asked::Taken };
        let now = browser::now();
        let found = storage.item(&self.name).ok().flatten();
        let found = found.as_deref().and_then(Lease::decode);
        if found.is_some_and(|lease| lease.holder != self.page && now < lease.end) {
            return Asked::Refused;
        }
        let own = Lease { holder: &self.page, end: now.saturating_add(u64::from(seconds)) };
        if storage.set_item(&self.name, &own.encode()).is_ok() {
            self.release.set(Some(Release::Remove(storage)));
        }
        Asked::Taken
    }
}

/// A name that no other page has. Without entropy it is everybody's; no request can be made then, which is what the lock is for.
fn page_name() -> String {
    let mut bytes = [0; Entropy::LEN];
    let _ = browser::fill_with_entropy(&mut bytes);
    State::generate(&Entropy::new(bytes)).pending_key().to_text()
}

impl Drop for Lock {
    fn drop(&mut self) {
        self.release();
    }
}

/// A lock that ends by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Lease<'a> {
    holder: &'a str,
    end: Timestamp,
}

impl<'a> Lease<'a> {
    fn encode(self) -> String {
        let mut text = self.end.to_text();
        text.push(' ');
        text.push_str(self.holder);
        text
    }

    fn decode(text: &'a str) -> Option<Self> {
        let at = text.bytes().position(|byte| byte == b' ')?;
        Some(Self { holder: text.get(at + 1..)?, end: Timestamp::parse(text.get(..at)?).ok()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lease_is_read_as_it_was_written_and_nothing_else_is_one() {
        let lease = Lease { holder: "12 34", end: Timestamp::from_unix_seconds(1_760_000_000) };
        assert_eq!(Lease::decode(&lease.encode()), Some(lease));
        for text in ["", "1", "x y", "-1 y"] {
            assert_eq!(Lease::decode(text), None, "{text}");
        }
    }
}
