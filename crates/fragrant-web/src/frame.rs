//! The hidden frame.

use core::cell::Cell;

use crate::browser::{Frame, Window};

/// The one hidden frame that a session has open at a time.
pub(crate) struct HiddenFrame {
    window: Window,
    open: Cell<Option<Frame>>,
}

/// There is no document to put it into.
pub(crate) struct Failed;

impl HiddenFrame {
    pub(crate) fn new(window: Window) -> Self {
        Self { window, open: Cell::new(None) }
    }

    /// Opens it at an address. It has no sandbox: the page that the answer comes to is the application's own, and its
    /// script has to run.
    pub(crate) fn open(&self, address: &str) -> Result<(), Failed> {
        self.close();
        let document = self.window.document();
        let place = document.document_element().ok_or(Failed)?;
        let frame = document.create_element("iframe");
        for (name, value) in [("hidden", ""), ("aria-hidden", "true"), ("tabindex", "-1"), ("src", address)] {
            frame.set_attribute(name, value);
        }
        place.append(&frame);
        self.open.set(Some(frame));
        Ok(())
    }

    pub(crate) fn close(&self) {
        if let Some(frame) = self.open.take() {
            frame.remove();
        }
    }

    pub(crate) fn is(&self, window: &Window) -> bool {
        let frame = self.open.take();
        let is = frame.as_ref().and_then(Frame::content_window).as_ref() == Some(window);
        self.open.set(frame);
        is
    }
}

impl Drop for HiddenFrame {
    fn drop(&mut self) {
        self.close();
    }
}
