//! A browser as numbers of its parts, and what can be asked of it.

use std::sync::Arc;

use fragrant::value::Timestamp;

use super::browser::{Account, Consents, Doings, History, Lured, Page, Place, Store, Tab};
use super::holder::Holders;
use super::setting::{Bounds, ClientKind, Setting};
use crate::table::Table;

pub(super) const TABS: u8 = 3;
pub(super) const CLIENTS: u8 = 2;

// Where in a browser each part stands.
pub(super) const TAB: u8 = 0;
pub(super) const APP: u8 = TAB + TABS;
pub(super) const STORE: u8 = APP + CLIENTS;
pub(super) const ACCOUNT: u8 = STORE + CLIENTS;
/// Of each client, and of the attacker's.
pub(super) const CONSENTS: u8 = ACCOUNT + 1;
/// Of the servers first, and of each client's pages.
pub(super) const HISTORY: u8 = CONSENTS + CLIENTS + 1;
pub(super) const DOINGS: u8 = HISTORY + 1 + CLIENTS;
pub(super) const LURED: u8 = DOINGS + 1;
pub(super) const PARTS: u8 = LURED + 1;

// What can be asked of a browser: what a part is; or less, and then more browsers are alike.
pub(super) const FACE: u8 = PARTS;
pub(super) const STANDS: u8 = FACE + TABS + CLIENTS;

// A set of questions has a bit for each.
const _: () = assert!(STANDS + CLIENTS <= 32);

/// Everything about one user that anything can depend on. Two that are equal are one to the search.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Browser {
    pub(crate) user: u8,
    parts: [u32; PARTS as usize],
}

impl Browser {
    /// The browser with other parts in some places.
    pub(crate) fn with(mut self, written: &[Written]) -> Self {
        for written in written {
            if let Some(part) = self.parts.get_mut(usize::from(written.part)) {
                *part = written.number;
            }
        }
        self
    }

    pub(super) fn part(&self, part: u8) -> u32 {
        self.parts.get(usize::from(part)).copied().unwrap_or_default()
    }

    /// The number of what a client has in the storage.
    pub(super) fn store(&self, client: u8) -> u32 {
        self.part(STORE + client)
    }
}

/// A part that is another now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Written {
    pub(super) part: u8,
    pub(super) number: u32,
}

/// Something that was asked of a browser.
pub(crate) type Question = u8;

/// Every part of a browser that was met, each once, by number.
pub(crate) struct Parts {
    pub(super) bounds: Bounds,
    pub(super) tabs: Table<Tab>,
    pub(super) apps: Table<Option<Page>>,
    pub(super) stores: Table<Store>,
    pub(super) accounts: Table<Account>,
    pub(super) consents: Table<Consents>,
    pub(super) histories: Table<History>,
    pub(super) doings: Table<Doings>,
    pub(super) lured: Table<Option<Lured>>,
}

impl Parts {
    pub(crate) fn new(bounds: Bounds) -> Self {
        Self {
            bounds,
            tabs: Table::new(),
            apps: Table::new(),
            stores: Table::new(),
            accounts: Table::new(),
            consents: Table::new(),
            histories: Table::new(),
            doings: Table::new(),
            lured: Table::new(),
        }
    }

    /// A browser of empty tabs, and native applications in which nobody is signed in; `fresh` says their holders.
    pub(crate) fn browser(
        &self,
        setting: &Setting,
        holders: &Holders,
        user: u8,
        draws: u8,
        fresh: impl Fn(u8) -> Vec<u32>,
    ) -> Browser {
        let mut parts = [0; PARTS as usize];
        let mut set = |part: u8, number: u32| {
            if let Some(own) = parts.get_mut(usize::from(part)) {
                *own = number;
            }
        };
        for tab in 0..TABS {
            set(TAB + tab, self.tab(holders, Tab::EMPTY));
        }
        for client in 0..CLIENTS {
            let is_there = client < self.bounds.clients
                && setting.kinds.get(usize::from(client)) == Some(&ClientKind::Native);
            set(APP + client, self.app(holders, is_there.then(|| Page::new(client, fresh(client)))));
            set(STORE + client, self.store(Store::default()));
        }
        set(ACCOUNT, self.accounts.number(Account::default()));
        for history in 0..=CLIENTS {
            set(CONSENTS + history, self.consents.number(Consents::default()));
            set(HISTORY + history, self.histories.number(History::new()));
        }
        set(DOINGS, self.doings.number(Doings { draws, ..Doings::default() }));
        set(LURED, self.lured.number(None));
        Browser { user, parts }
    }

    pub(super) fn tab(&self, holders: &Holders, tab: impl Into<Arc<Tab>>) -> u32 {
        self.tabs.marked(tab, |tab| Face::of_tab(tab, holders).to_mark().into())
    }

    pub(super) fn app(&self, holders: &Holders, app: impl Into<Arc<Option<Page>>>) -> u32 {
        self.apps.marked(app, |app| Face::of_app(app.as_ref(), holders).to_mark().into())
    }

    pub(super) fn store(&self, store: impl Into<Arc<Store>>) -> u32 {
        self.stores.marked(store, |store| store.stands_until().as_unix_seconds())
    }

    /// What a browser answers. Equal answers mean that nobody who asked this can tell two browsers apart.
    pub(crate) fn answer(&self, browser: &Browser, question: Question, now: Timestamp) -> u32 {
        match question {
            0..FACE => browser.part(question),
            FACE..STANDS => self.mark_of_face(browser, question - FACE),
            _ => {
                let until = self.stores.mark(browser.store(question - STANDS));
                (now.as_unix_seconds() < until).into()
            }
        }
    }

    pub(super) fn mark_of_face(&self, browser: &Browser, part: u8) -> u32 {
        let number = browser.part(part);
        let mark = if part < APP { self.tabs.mark(number) } else { self.apps.mark(number) };
        u32::try_from(mark).unwrap_or(u32::MAX)
    }
}

/// What others ask of a page, and not what it is in full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Face {
    /// Nothing is shown.
    Empty,
    /// A page of the server.
    Server,
    Client {
        client: u8,
        /// An answer is waited for.
        is_waiting: bool,
        /// Its holders are still to be told something.
        is_owed: bool,
        /// A native application's port is open.
        is_listening: bool,
        popup: Option<u8>,
    },
}

impl Face {
    pub(super) fn of_tab(tab: &Tab, holders: &Holders) -> Self {
        match &tab.place {
            Place::Client(page) => Self::of_page(page, holders),
            Place::Elsewhere => Self::Empty,
            Place::Server(_) => Self::Server,
        }
    }

    pub(super) fn of_app(app: Option<&Page>, holders: &Holders) -> Self {
        app.map_or(Self::Empty, |page| Self::of_page(page, holders))
    }

    fn of_page(page: &Page, holders: &Holders) -> Self {
        Self::Client {
            client: page.client,
            is_waiting: holders.any(&page.held, super::holder::Held::is_waiting),
            is_owed: !page.owed.is_empty(),
            is_listening: holders.any(&page.held, super::holder::Held::is_listening),
            popup: page.popup,
        }
    }

    const fn to_mark(self) -> u32 {
        match self {
            Self::Empty => 0,
            Self::Server => 1,
            Self::Client { client, is_waiting, is_owed, is_listening, popup } => {
                let popup = if let Some(popup) = popup { popup + 1 } else { 0 };
                let busy = is_waiting as u8 | (is_owed as u8) << 1 | (is_listening as u8) << 2;
                u32::from_le_bytes([2, client, busy, popup])
            }
        }
    }

    pub(super) const fn from_mark(mark: u32) -> Self {
        match mark.to_le_bytes() {
            [0, ..] => Self::Empty,
            [1, ..] => Self::Server,
            [_, client, busy, popup] => Self::Client {
                client,
                is_waiting: busy & 1 == 1,
                is_owed: busy >> 1 & 1 == 1,
                is_listening: busy >> 2 == 1,
                popup: popup.checked_sub(1),
            },
        }
    }

    /// Whether it is a page of this client that waits for an answer.
    pub(crate) fn waits_at(self, own: u8) -> bool {
        matches!(self, Self::Client { client, is_waiting: true, .. } if client == own)
    }

    /// Whether its port is open.
    pub(crate) const fn is_listening(self) -> bool {
        matches!(self, Self::Client { is_listening: true, .. })
    }

    /// Whether anything is under way in it.
    pub(crate) const fn is_busy(self) -> bool {
        matches!(self, Self::Client { is_waiting, is_owed, .. } if is_waiting || is_owed)
    }
}
