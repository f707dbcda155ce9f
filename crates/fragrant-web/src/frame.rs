//! The hidden frame.

use core::cell::Cell;

use crate::browser::{Frame, Window};

/// What the pages in it may do: run scripts and send forms as their own origins, and ask for their cookies, which is what
/// sign-ins are made of. Nothing else, as a login page that wants no frame around it would send this very window away.
const SANDBOX: &str = "allow-forms allow-same-origin allow-scripts allow-storage-access-by-user-activation";

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

    /// Opens it at an address.
    pub(crate) fn open(&self, address: &str) -> Result<(), Failed> {
        self.close();
        let document = self.window.document();
        let place = document.document_element().ok_or(Failed)?;
        let frame = document.create_element("iframe");
        for (name, value) in [
            ("hidden", ""),
            ("aria-hidden", "true"),
            ("tabindex", "-1"),
            ("sandbox", SANDBOX),
            ("src", address),
        ] {
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
