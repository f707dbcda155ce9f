//! The application's handle on its session.

use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::string::String;
use core::fmt;
use core::future::Future;

use fragrant::client::session::{HandleError, Input, Phase, Settings, Tabs, TokenStore};
use fragrant::client::{Authorized, Client, Purpose};
use fragrant::message::AuthorizationRequest;
use fragrant::value::{HttpUri, PendingKey};
use thiserror::Error;
use wasm_bindgen::JsValue;

use crate::api::{ApiCall, ApiResponse, CallError};
use crate::arrival::Arrival;
use crate::browser::{self, Headers};
use crate::calls::Outcome;
use crate::driver::{Driver, Stores};
use crate::events::Events;
use crate::probe::{Probed, probe};
use crate::records::Store;
use crate::slot::slot;

/// A user's session in this page. Clones are handles on the same session, which ends in this page with the last of them.
#[derive(Clone)]
pub struct WebSession(Rc<Driver>);

/// A session that is still to be started.
#[derive(Clone, Debug)]
#[must_use = "a session begins with `start`"]
pub struct Builder {
    client: Box<Client>,
    settings: Settings,
    pending: Store,
    token: Store,
    arrival: Option<Arrival>,
}

/// Why no session was started.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Error)]
#[non_exhaustive]
pub enum StartError {
    /// There is no page here: a worker has no address bar and opens no windows.
    #[error("expected a page's window, not a worker")]
    NoWindow,
}

impl WebSession {
    /// A session of this client, to be set up. Unless told otherwise it keeps the token in memory and the records of
    /// requests in the tab's session storage, and tells other tabs nothing.
    ///
    /// The first that starts takes the answer out of the address, whosever it is: for more than one client in a page see the
    /// [crate](crate#several-clients).
    pub fn builder(client: Client) -> Builder {
        Builder {
            client: Box::new(client),
            settings: Settings::DEFAULT,
            pending: Store::Session,
            token: Store::Session,
            arrival: None,
        }
    }

    /// A request of the client, to be filled in: scope, prompts, the provider's own parameters.
    pub fn authorization_request(&self) -> AuthorizationRequest {
        self.0.session.borrow().client().authorization_request()
    }

    /// Signs the user in by sending this window to the authorization server. The page ends here; the one that comes back
    /// reports [`SignedIn`](fragrant::client::session::Report::SignedIn) with the `text`, such as where the user was.
    ///
    /// # Errors
    /// [`HandleError`] when the request cannot be made; nothing has happened then.
    pub fn sign_in_by_redirect(
        &self,
        request: AuthorizationRequest,
        text: impl Into<Option<String>>,
    ) -> Result<(), HandleError> {
        self.sign_in(Purpose::Redirect, Box::new(request), text.into())
    }

    /// Signs the user in in a popup. Call it while the user's click is being handled, before anything is awaited, or the
    /// browser blocks it.
    ///
    /// # Errors
    /// [`HandleError`] when the request cannot be made; nothing has happened then.
    pub fn sign_in_by_popup(
        &self,
        request: AuthorizationRequest,
        text: impl Into<Option<String>>,
    ) -> Result<(), HandleError> {
        self.sign_in(Purpose::Popup, Box::new(request), text.into())
    }

    /// Signs the user in without any page, in a hidden frame, if somebody is logged in at the authorization server. That
    /// nobody is, is no more than a report.
    ///
    /// # Errors
    /// [`HandleError`] when the request cannot be made; nothing has happened then.
    pub fn sign_in_silently(
        &self,
        request: AuthorizationRequest,
        text: impl Into<Option<String>>,
    ) -> Result<(), HandleError> {
        self.sign_in(Purpose::Frame, Box::new(request), text.into())
    }

    pub(crate) fn sign_in(
        &self,
        purpose: Purpose,
        request: Box<AuthorizationRequest>,
        text: Option<String>,
    ) -> Result<(), HandleError> {
        self.0.tell(Input::SignInRequested { purpose, request, text })
    }

    /// Signs the user out, in the other tabs too. The login at the authorization server is not touched by it.
    ///
    /// # Errors
    /// [`HandleError`] in a page that is only the end of another page's sign-in.
    pub fn sign_out(&self) -> Result<(), HandleError> {
        self.0.tell(Input::SignOutRequested)
    }

    /// Calls the API with the user's token. If the token has ended, or the API server refuses it, the call waits for the next
    /// one and is made once more.
    ///
    /// The call is made now; the future, which need not be polled for that, brings the response, whatever its status.
    pub fn fetch(&self, call: ApiCall) -> impl Future<Output = Result<ApiResponse, CallError>> + use<> {
        let opened = call.to_init().map(|(init, headers)| {
            let (outcome, came) = slot();
            self.call((call.method, call.address), init, headers, move |called| outcome.fill(called));
            came
        });
        // Without a session nobody would say what came of it.
        let session = self.clone();
        async move {
            let outcome = opened?.await;
            drop(session);
            outcome
        }
    }

    pub(crate) fn call(
        &self,
        (method, address): (String, String),
        init: JsValue,
        headers: Headers,
        caller: impl FnOnce(Outcome) + 'static,
    ) {
        let call = self.0.calls.open(init, headers, caller);
        // Whatever is wrong is told to the caller.
        let _ = self.0.tell(Input::ApiRequested { call, method, address });
    }

    /// Says who has signed in, as found out from a verified ID token or from the API: any text that tells users apart. A
    /// session whose user changes ends.
    pub fn identify_user(&self, sign_in: PendingKey, user: impl Into<String>) {
        let _ = self.0.tell(Input::UserIdentified { sign_in, user: user.into() });
    }

    /// Says that no cookies reach the authorization server in a frame, so that no silent renewal is tried.
    ///
    /// A page cannot find that out by itself, and [`probe`](Self::probe) says it by itself: see the
    /// [crate](crate#silent-renewal).
    pub fn cookies_are_blocked(&self) {
        let _ = self.0.tell(Input::CookiesBlocked);
    }

    /// Asks a [page of the authorization server's](fragrant::probe), in a hidden frame, whether its cookies reach it there. If
    /// they do not, or it does not answer, no silent renewal is tried: the session reports that the user has to be asked.
    ///
    /// The page is shown now; the future, which need not be polled for that, brings what it has said.
    pub fn probe(&self, page: &HttpUri) -> impl Future<Output = Probed> + use<> {
        let (outcome, came) = slot();
        self.probe_with(page, |probed| outcome.fill(probed));
        came
    }

    pub(crate) fn probe_with(&self, page: &HttpUri, told: impl FnOnce(Probed) + 'static) {
        let session = self.clone();
        probe(&self.0.window, page.as_str(), move |probed| {
            if probed != Probed::Kept {
                session.cookies_are_blocked();
            }
            told(probed);
        });
    }

    /// A stream of reports, beside those that there are.
    pub fn events(&self) -> Events {
        self.0.listeners.listen()
    }

    /// Where the session stands.
    pub fn phase(&self) -> Phase {
        self.0.session.borrow().phase()
    }

    /// Whether this page is only the end of another page's sign-in, a popup or a hidden frame, and has handed the answer
    /// over: there is nothing to show.
    pub fn is_handed_over(&self) -> bool {
        self.phase() == Phase::HandedOver
    }

    /// The token and what is known of it, while there is one: a copy, which is wiped when it is dropped.
    pub fn authorized(&self) -> Option<Authorized> {
        self.0.session.borrow().authorized().cloned()
    }

    /// Shows the token's state to `look`, if there is a token: the same without a copy of it.
    #[cfg(feature = "js")]
    pub(crate) fn with_authorized(&self, look: impl FnOnce(&Authorized)) {
        if let Some(authorized) = self.0.session.borrow().authorized() {
            look(authorized);
        }
    }

    /// How long the token is still good for in **seconds**, if there is one and its end is known.
    pub fn seconds_left(&self) -> Option<u64> {
        let session = self.0.session.borrow();
        session.authorized()?.expiry().map(|expiry| expiry.seconds_left(browser::now()))
    }
}

impl Builder {
    /// Sets how the session goes about it. Where the token is kept and whether there are other tabs has moves of its own
    /// here, which count after this one.
    pub const fn with_settings(mut self, settings: Settings) -> Self {
        self.settings = settings;
        self
    }

    /// Has the application's tabs renew together: of those in which the user is signed in one renews the token and tells the
    /// others, and a sign-out in one is a sign-out in all. A tab in which nobody is signed in is given no token by it.
    ///
    /// The token goes over a broadcast channel, which stays in memory. A browser without those has it for a moment in its
    /// local storage, from where it may get onto a disk.
    pub const fn with_tabs(mut self) -> Self {
        self.settings = self.settings.with_tabs(Tabs::Several);
        self
    }

    /// Keeps the token in the browser's storage, so that it outlives the page.
    ///
    /// **What it gives away.** Any script that ever runs in a page of this origin, now or later, can read it there and use
    /// it until it ends; in memory only a script that runs while the user is signed in could, and with more effort.
    /// `Store::Local` also leaves it on the disk, for whoever opens the browser next.
    pub const fn dangerously_store_token(mut self, store: Store) -> Self {
        self.settings = self.settings.with_token_store(TokenStore::Persistent);
        self.token = store;
        self
    }

    /// Keeps the records of requests somewhere else than in the tab's session storage: in the local storage they are found
    /// also by a tab that the answer comes to, but was not asked in, such as one that a mail program has opened.
    pub const fn with_pending_store(mut self, store: Store) -> Self {
        self.pending = store;
        self
    }

    /// Gives the session the address that was [taken](Arrival::take) before its client was known.
    pub fn with_arrival(mut self, arrival: Arrival) -> Self {
        self.arrival = Some(arrival);
        self
    }

    /// Starts the session: looks at the page's address for an answer, takes it out of there, and looks for a stored token.
    /// What that comes to is in the stream already.
    ///
    /// # Errors
    /// [`StartError`] where there is no page.
    pub fn start(self) -> Result<(WebSession, Events), StartError> {
        let (session, arrival) = self.build()?;
        let events = session.events();
        session.0.page_loaded(arrival);
        Ok((session, events))
    }

    /// The same with a function that is told each report in the place of a stream.
    #[cfg(feature = "js")]
    pub(crate) fn start_with(
        self,
        told: impl Fn(&fragrant::client::session::Report) + 'static,
    ) -> Result<WebSession, StartError> {
        let (session, arrival) = self.build()?;
        session.0.listeners.add(move |report| {
            report.into_iter().for_each(&told);
            true
        });
        session.0.page_loaded(arrival);
        Ok(session)
    }

    fn build(self) -> Result<(WebSession, Arrival), StartError> {
        let window = browser::window().ok_or(StartError::NoWindow)?;
        let arrival = self.arrival.map_or_else(Arrival::take, Ok)?;
        let stores = Stores { pending: self.pending, token: self.token };
        Ok((WebSession(Driver::new(window, self.client, self.settings, stores)), arrival))
    }
}

impl fmt::Debug for WebSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("WebSession").field(&self.phase()).finish()
    }
}
