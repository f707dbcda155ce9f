//! The session's orders, each carried out in a line or two, and what has happened, each told as it was seen. Nothing is
//! decided here.

use alloc::rc::Rc;
use alloc::vec::Vec;

use fragrant::client::session::{CallId, Effect, Input, Record, Source, Timer, Window};
use fragrant::value::Entropy;
use wasm_bindgen::{JsCast, JsValue};

use crate::api::CallError;
use crate::arrival::{Arrival, replace_address};
use crate::browser::{self, Event};
use crate::channel::Said;
use crate::driver::{Driver, facts};
use crate::frame;
use crate::lock::Asked;
use crate::popup::Blocked;
use crate::records::Failed;

impl Driver {
    /// Carries out an order, and says what came of it, if that is known at once and the order asks for it.
    pub(crate) fn carry_out(self: &Rc<Self>, order: Effect) -> Option<Input> {
        match order {
            Effect::AnswerCall { call } => self.calls.answer(call),
            Effect::CallApi { call, request } => {
                let settled = facts(&Rc::downgrade(self), move |driver, response| {
                    driver.api_settled(call, response);
                });
                if !self.calls.make(call, &request, settled) {
                    return Some(Input::ApiUnreachable { call });
                }
            }
            Effect::CloseFrame => self.frame.close(),
            Effect::ClosePopup => self.popup.close(),
            Effect::DrawEntropy => {
                let mut bytes = [0; Entropy::LEN];
                return Some(match browser::fill_with_entropy(&mut bytes) {
                    Ok(()) => Input::EntropyDrawn { entropy: Entropy::new(bytes) },
                    Err(_) => Input::EntropyFailed,
                });
            }
            Effect::FailCall { call, problem } => self.calls.fail(call, CallError::Given(problem)),
            Effect::ForgetPending { key } => self.records.forget_pending(key),
            Effect::ForgetToken => return failed(self.records.forget_token(), Record::Token),
            Effect::HandOver { text } => self.hand_over(text),
            Effect::LoadToken => {
                return Some(match self.records.load_token() {
                    Ok(record) => Input::TokenLoaded { record },
                    Err(Failed) => Input::StorageFailed { record: Record::Token },
                });
            }
            Effect::NavigatePopup { url } => self.popup.navigate(url.as_str()),
            Effect::NavigateTo { url } => self.window.location().assign(url.as_str()),
            Effect::OpenFrame { key, url } => {
                if let Err(frame::Failed) = self.frame.open(url.as_str()) {
                    return Some(Input::FrameFailed { key });
                }
            }
            Effect::OpenPopup => {
                return Some(match self.popup.open() {
                    Ok(()) => Input::PopupOpened,
                    Err(Blocked) => Input::PopupBlocked,
                });
            }
            Effect::ReleaseLock => self.lock.release(),
            // An application that has gone to another address meanwhile stays there.
            Effect::ReplaceHistory { .. } if self.window.location().href() != *self.left.borrow() => {}
            Effect::ReplaceHistory { address } => replace_address(&self.window, &address),
            Effect::Report { report } => self.listeners.tell(&report),
            Effect::StartTimer { timer, seconds } => self.timers.start(timer, seconds),
            Effect::StopTimer { timer } => self.timers.stop(timer),
            Effect::StorePending { pending } => {
                let key = pending.key();
                return Some(match self.records.store_pending(&pending) {
                    Ok(()) => Input::PendingStored { key },
                    Err(Failed) => Input::StorageFailed { record: Record::Pending(key) },
                });
            }
            Effect::StoreToken { token } => return failed(self.records.store_token(&token), Record::Token),
            Effect::TakeLock { seconds } => return self.lock.take(seconds).map(asked),
            Effect::TakePending { key } => {
                return Some(match self.records.take_pending(key) {
                    Ok(record) => Input::PendingTaken { key, record },
                    Err(Failed) => Input::StorageFailed { record: Record::Pending(key) },
                });
            }
            Effect::TellTabs { text } => self.channel.say(&Said::Tabs(text)),
            // An order of a later version of the core, which this one's documentation does not know.
            _ => {}
        }
        None
    }

    /// Hands the end of a sign-in to the page that waits for it, on every way that may lead there: what arrives twice counts
    /// once.
    fn hand_over(&self, text: alloc::string::String) {
        let own_origin = self.window.origin();
        let windows = [self.framing_window(), self.window.opener()];
        for window in windows.iter().flatten() {
            // The browser delivers it to a page of this origin and to no other.
            // req: BBA-In_browser_communication-1
            let _ = window.post_message(&text, &own_origin);
        }
        if self.framing_window().is_none() {
            // The opener may be cut off, and then nobody else closes this window.
            self.channel.say(&Said::Answer(text));
            if self.window.opener().is_none() {
                self.window.close();
            }
        }
    }

    // What has happened

    /// The page is there, or an answer has come to it.
    pub(crate) fn page_loaded(self: &Rc<Self>, arrival: Arrival) {
        let window = match (self.framing_window(), self.window.opener()) {
            (Some(_), _) => Window::Frame,
            (None, Some(_)) => Window::Popup,
            (None, None) => Window::Top,
        };
        self.left.replace(arrival.left);
        self.happened(Input::PageLoaded { address: arrival.address, window });
        // Only now, as an answer that has come too late is told of by its record.
        self.records.remove_old(browser::now());
    }

    /// The page is still there and its address another. It is the application's own business unless it holds an answer.
    pub(crate) fn address_changed(self: &Rc<Self>, _: JsValue) {
        let address = self.window.location().href();
        let arrival = Arrival::of(&self.window, address, self.session.borrow().client().profile());
        if arrival.is_answer {
            self.page_loaded(arrival);
        }
    }

    pub(crate) fn api_settled(self: &Rc<Self>, call: CallId, response: JsValue) {
        self.happened(match self.calls.responded(call, response) {
            Some(response) => Input::ApiResponded {
                call,
                status: response.status(),
                // The browser joins several headers of one name, which RFC 9110 section 5.3 says is the same.
                challenges: Vec::from_iter(response.headers().value("WWW-Authenticate").ok().flatten()),
            },
            None => Input::ApiUnreachable { call },
        });
    }

    pub(crate) fn lock_asked(self: &Rc<Self>, came: Asked) {
        self.happened(asked(came));
    }

    pub(crate) fn message_came(self: &Rc<Self>, event: JsValue) {
        let event = event.unchecked_into::<Event>();
        // The session says nothing but text.
        let Some(data) = event.text_until(self.session.borrow().longest_message()) else { return };
        let source = match event.source() {
            Some(window) if self.frame.is(&window) => Source::Frame,
            Some(window) if self.popup.is(&window) => Source::Popup,
            _ => Source::Other,
        };
        self.happened(Input::MessageReceived { origin: event.sender_origin(), source, data });
    }

    pub(crate) fn popup_closed(self: &Rc<Self>, (): ()) {
        self.happened(Input::PopupClosed);
    }

    pub(crate) fn said(self: &Rc<Self>, said: Said) {
        self.happened(match said {
            // Only pages of one origin share a channel.
            Said::Answer(data) => {
                Input::MessageReceived { origin: self.window.origin(), source: Source::Channel, data }
            }
            Said::Tabs(text) => Input::TabsSaid { text },
        });
    }

    pub(crate) fn timer_fired(self: &Rc<Self>, timer: Timer) {
        self.happened(Input::TimerFired { timer });
    }

    /// A page that comes back into view may have slept, and its timers with it.
    pub(crate) fn visibility_changed(self: &Rc<Self>, _: JsValue) {
        if !self.window.document().hidden() {
            while let Some(timer) = self.timers.take_late() {
                self.timer_fired(timer);
            }
        }
    }

    /// Tells the session. That it does not take what comes too late is nobody's fault.
    fn happened(self: &Rc<Self>, input: Input) {
        let _ = self.tell(input);
    }

    /// The window that holds this page in a frame.
    fn framing_window(&self) -> Option<browser::Window> {
        self.window.parent().filter(|parent| *parent != self.window)
    }
}

fn asked(came: Asked) -> Input {
    match came {
        Asked::Refused => Input::LockRefused,
        Asked::Taken => Input::LockTaken,
    }
}

fn failed(result: Result<(), Failed>, record: Record) -> Option<Input> {
    result.is_err().then_some(Input::StorageFailed { record })
}
