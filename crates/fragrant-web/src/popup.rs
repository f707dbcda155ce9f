//! The popup.

use alloc::rc::Rc;
use core::cell::Cell;

use crate::browser::{self, Callback, Window, callback};

/// What it looks like.
const FEATURES: &str = "popup,width=480,height=640";
/// How often it is asked whether it is closed, in milliseconds: no event says so.
const POLL: u32 = 500;

/// The one popup that a session has open at a time.
pub(crate) struct Popup {
    window: Window,
    seems_closed: Callback,
    open: Rc<Cell<Option<Open>>>,
}

#[derive(Clone)]
struct Open {
    popup: Window,
    interval: i32,
}

/// The user agent did not open it.
pub(crate) struct Blocked;

impl Popup {
    /// No popup yet; `seems_closed` is told once when one seems to be closed.
    pub(crate) fn new(window: Window, seems_closed: impl Fn(()) + 'static) -> Self {
        let open = Rc::<Cell<Option<Open>>>::default();
        let polled = open.clone();
        let seems_closed = callback(move |_| {
            if let Some(now) = look(&polled)
                && now.popup.closed()
            {
                browser::clear_interval(now.interval);
                seems_closed(());
            }
        });
        Self { window, seems_closed, open }
    }

    /// Opens an empty one. The user agent allows it only while a click is being handled.
    pub(crate) fn open(&self) -> Result<(), Blocked> {
        self.close();
        let popup = self.window.open("about:blank", "_blank", FEATURES).ok().flatten();
        // Some blockers open a window and close it at once.
        let popup = popup.filter(|popup| !popup.closed()).ok_or(Blocked)?;
        let interval = browser::set_interval(&self.seems_closed, POLL);
        self.open.set(Some(Open { popup, interval }));
        Ok(())
    }

    /// Sends it to an address, without a way back to the empty page.
    pub(crate) fn navigate(&self, address: &str) {
        if let Some(open) = look(&self.open) {
            open.popup.location().replace(address);
        }
    }

    pub(crate) fn close(&self) {
        if let Some(open) = self.open.take() {
            browser::clear_interval(open.interval);
            open.popup.close();
        }
    }

    pub(crate) fn is(&self, window: &Window) -> bool {
        look(&self.open).is_some_and(|open| open.popup == *window)
    }
}

impl Drop for Popup {
    fn drop(&mut self) {
        self.close();
    }
}

/// What is in the cell, which keeps it.
fn look(cell: &Cell<Option<Open>>) -> Option<Open> {
    let open = cell.take();
    cell.set(open.clone());
    open
}
