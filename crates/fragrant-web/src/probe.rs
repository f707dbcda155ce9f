//! The probe of a silent renewal, in a hidden frame of its own.

use alloc::boxed::Box;
use alloc::rc::Rc;
use core::cell::RefCell;

use fragrant::probe;
use wasm_bindgen::JsCast;

use crate::browser::{self, Callback, Event, Window};
use crate::channel::Listener;
use crate::frame::HiddenFrame;

/// How long the page may take, in milliseconds.
const PATIENCE: u32 = 10_000;

/// What a probe has found out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(clippy::exhaustive_enums)] // it has answered the one or the other, or it has not
pub enum Probed {
    /// Cookies of the page's site reach it in a frame.
    Kept,
    /// The user agent keeps them away from it.
    Blocked,
    /// The page said nothing within 10 **seconds**: the server refuses to be framed, has no such page, or cannot be reached.
    Unanswered,
}

impl Probed {
    /// It in one word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Blocked => "blocked",
            Self::Unanswered => "unanswered",
        }
    }
}

/// A probe under way, which keeps itself until it has an end.
struct Probe {
    frame: HiddenFrame,
    timeout: i32,
    _fired: Callback,
    _heard: Listener,
    told: Box<dyn FnOnce(Probed)>,
}

/// Shows the page in a hidden frame, and tells what it says.
pub(crate) fn probe(window: &Window, page: &str, told: impl FnOnce(Probed) + 'static) {
    let under_way = Rc::<RefCell<Option<Probe>>>::default();
    let heard = under_way.clone();
    let heard = Listener::new(window, "message", move |event| {
        let event = event.unchecked_into::<Event>();
        let is_own = |probe: &Probe| event.source().is_some_and(|source| probe.frame.is(&source));
        let is_own = heard.borrow().as_ref().is_some_and(is_own);
        if let Some(probed) = is_own.then(|| read(&event)).flatten() {
            end(heard.take(), probed);
        }
    });
    let late = under_way.clone();
    let fired = browser::callback(move |_| end(late.take(), Probed::Unanswered));
    let timeout = browser::set_timeout(&fired, PATIENCE);
    let frame = HiddenFrame::new(window.clone());
    // Without a document to put it into it stays unanswered.
    let _ = frame.open(page);
    under_way.replace(Some(Probe { frame, timeout, _fired: fired, _heard: heard, told: Box::new(told) }));
}

fn read(event: &Event) -> Option<Probed> {
    match &*event.text_until(probe::BLOCKED.len() + 1)? {
        probe::KEPT => Some(Probed::Kept),
        probe::BLOCKED => Some(Probed::Blocked),
        _ => None,
    }
}

fn end(probe: Option<Probe>, probed: Probed) {
    if let Some(probe) = probe {
        browser::clear_timeout(probe.timeout);
        (probe.told)(probed);
    }
}
