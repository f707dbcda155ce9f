//! The driver: what has happened goes into the session one after the other, and its orders are carried out.

use alloc::boxed::Box;
use alloc::rc::{Rc, Weak};
use alloc::string::String;
use alloc::vec::Vec;
use core::cell::{Cell, RefCell};

use fragrant::client::Client;
use fragrant::client::session::{HandleError, Input, Session, Settings};

use crate::api::CallError;
use crate::browser::{self, Window};
use crate::calls::Calls;
use crate::channel::{Channel, Listener};
use crate::events::Listeners;
use crate::frame::HiddenFrame;
use crate::lock::Lock;
use crate::popup::Popup;
use crate::records::{Records, Store};
use crate::timers::Timers;

/// A session and the parts of the browser that it gives orders to.
pub(crate) struct Driver {
    pub(crate) session: RefCell<Session>,
    /// What has happened and is still to be told; the next is the last.
    inputs: RefCell<Vec<Input>>,
    is_busy: Cell<bool>,
    /// What the address bar showed when the session was last told of it.
    pub(crate) left: RefCell<String>,

    pub(crate) window: Window,
    pub(crate) calls: Calls,
    pub(crate) channel: Channel,
    pub(crate) frame: HiddenFrame,
    pub(crate) listeners: Listeners,
    pub(crate) lock: Lock,
    pub(crate) popup: Popup,
    pub(crate) records: Records,
    pub(crate) timers: Timers,
    _heard: [Listener; 3],
}

/// Where the records are to be.
#[derive(Clone, Copy, Default)]
pub(crate) struct Stores {
    pub(crate) pending: Store,
    pub(crate) token: Store,
}

impl Driver {
    pub(crate) fn new(window: Window, client: Box<Client>, settings: Settings, stores: Stores) -> Rc<Self> {
        let name = name_of(&client);
        Rc::new_cyclic(|driver| Self {
            calls: Calls::default(),
            channel: Channel::open(&window, &name, facts(driver, Self::said)),
            frame: HiddenFrame::new(window.clone()),
            listeners: Listeners::default(),
            lock: Lock::new(window.clone(), &name, facts(driver, Self::lock_asked)),
            popup: Popup::new(window.clone(), facts(driver, Self::popup_closed)),
            records: Records::new(window.clone(), stores.pending, stores.token, &name),
            timers: Timers::new(facts(driver, Self::timer_fired)),
            _heard: [
                Listener::new(&window, "message", facts(driver, Self::message_came)),
                // It comes before `hashchange`, with the same news.
                Listener::new(&window, "popstate", facts(driver, Self::address_changed)),
                Listener::new(&window, "visibilitychange", facts(driver, Self::visibility_changed)),
            ],
            session: RefCell::new(Session::new(client, settings)),
            inputs: RefCell::default(),
            is_busy: Cell::new(false),
            left: RefCell::default(),
            window,
        })
    }

    /// Tells the session what has happened, and carries out what it orders. In the middle of that, which is where a browser
    /// may call back, it is told afterwards.
    ///
    /// # Errors
    /// That the session does not take this input. Of one that is told afterwards nobody learns it but a call's own caller.
    pub(crate) fn tell(self: &Rc<Self>, input: Input) -> Result<(), HandleError> {
        self.inputs.borrow_mut().insert(0, input);
        if self.is_busy.replace(true) {
            return Ok(());
        }
        let mut own = None;
        while let Some(input) = self.next_input() {
            let taken = self.handle(input);
            own.get_or_insert(taken);
            while let Some(order) = self.next_effect() {
                if let Some(answer) = self.carry_out(order) {
                    self.inputs.borrow_mut().push(answer);
                }
            }
        }
        self.is_busy.set(false);
        own.unwrap_or(Ok(()))
    }

    fn handle(&self, input: Input) -> Result<(), HandleError> {
        let call = match &input {
            Input::ApiRequested { call, .. } => Some(*call),
            _ => None,
        };
        let taken = self.session.borrow_mut().handle(input, browser::now());
        if let (Some(call), Err(error)) = (call, taken) {
            self.calls.fail(call, CallError::Refused(error));
        }
        taken
    }

    fn next_input(&self) -> Option<Input> {
        self.inputs.borrow_mut().pop()
    }

    fn next_effect(&self) -> Option<fragrant::client::session::Effect> {
        self.session.borrow_mut().next_effect()
    }
}

/// What tells this client's channel, lock and records from those of others. Two clients of one origin have nothing to say to each
/// other, nor has one that two servers know by one name.
pub(crate) fn name_of(client: &Client) -> String {
    [client.client_id().as_str(), client.redirect_uri().as_str(), client.endpoint().as_str()].join(" ")
}

/// A function for a part of the browser to tell the driver something by, if that is still there.
pub(crate) fn facts<T: 'static>(
    driver: &Weak<Driver>,
    happened: impl Fn(&Rc<Driver>, T) + Copy + 'static,
) -> impl Fn(T) + Clone + 'static {
    let driver = driver.clone();
    move |fact| {
        if let Some(driver) = driver.upgrade() {
            happened(&driver, fact);
        }
    }
}
