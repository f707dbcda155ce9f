//! The address that a page was loaded with, and how the answer in it leaves the address bar.

use alloc::string::String;
use core::fmt;

use fragrant::client::rules;
use fragrant::profile::Profile;
use fragrant::wire::Redirect;

use crate::browser::{self, Window};
use crate::session::StartError;

/// The address that the page was loaded with. What in it is an answer has left the address bar and what Back leads to.
///
/// For a program that has to await something before it knows its client, such as settings that it loads: whatever runs in
/// the page meanwhile reads no answer there. [`Builder::start`](crate::Builder::start) takes one by itself otherwise.
#[derive(Clone)]
#[must_use = "the answer is nowhere else any more: give it to `Builder::with_arrival`"]
pub struct Arrival {
    /// With the answer.
    pub(crate) address: String,
    /// As the address bar shows it now.
    pub(crate) left: String,
    pub(crate) is_answer: bool,
}

impl Arrival {
    /// Takes the page's address, or the one that the page's [first script](crate#the-answer-in-the-address) has taken
    /// before. What is the application's own in it stands in the address bar afterwards.
    ///
    /// # Errors
    /// [`StartError`] where there is no page.
    pub fn take() -> Result<Self, StartError> {
        let window = browser::window().ok_or(StartError::NoWindow)?;
        let kept = browser::take_kept_address().ok().and_then(|address| address.as_string());
        let address = kept.unwrap_or_else(|| window.location().href());
        // The client, whose provider may send more, is not known yet. No such parameter is a secret, and the session
        // takes them out as well.
        Ok(Self::of(&window, address, &Profile::STRICT))
    }

    /// Takes an address, and leaves in the address bar what of it is the application's own.
    // req: OIDC-3.2.2.7-1
    pub(crate) fn of(window: &Window, address: String, profile: &Profile) -> Self {
        let (location, redirect) = (window.location(), Redirect::split(&address));
        let is_answer = rules::is_answer(&redirect, profile);
        let clean = is_answer.then(|| redirect.without_answer(&profile.response_parameters));
        let clean = clean.as_ref().unwrap_or(&address);
        if *clean != location.href() {
            replace_address(window, clean);
        }
        Self { left: location.href(), address, is_answer }
    }
}

impl fmt::Debug for Arrival {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Arrival").field("is_answer", &self.is_answer).finish_non_exhaustive()
    }
}

/// Puts an address in the place of the one in the address bar and in the history.
pub(crate) fn replace_address(window: &Window, address: &str) {
    let history = window.history();
    // The state is the application's own. A browser refuses only after some hundred changes in a row.
    let _ = history.replace_state(&history.state(), "", address);
}
