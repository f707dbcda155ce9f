//! A user's browser: tabs, what they show, the storage, the login at the authorization server, the history.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use fragrant::client::{PendingAuthorization, Purpose};
use fragrant::value::{PendingKey, Timestamp};

use super::cast::{ATTACKER, user_name};
use super::setting::{ClientKind, Setting};

/// The attacker's own browser.
pub(crate) const ATTACKER_USER: u8 = 0xED;
/// The other person at a browser that two people share, as far as names go.
pub(crate) const OTHER_USER: u8 = 8;

/// Everything about one user that anything can depend on. Two that are equal are one to the search.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Browser {
    pub(crate) user: u8,
    pub(crate) tabs: Vec<Tab>,
    /// The native clients, which are there all the time.
    pub(crate) apps: Vec<Option<Page>>,
    /// The records of pending requests, by client and key.
    pub(crate) store: BTreeMap<(u8, PendingKey), Record>,
    /// Keys of records that have served and are still there, where the store does not delete them.
    pub(crate) used: BTreeSet<PendingKey>,
    /// Keys of records that another took the place of, where the store has one place for all.
    pub(crate) overwritten: BTreeSet<PendingKey>,
    /// Who is logged in at the honest server.
    pub(crate) login: Option<String>,
    /// What the honest server remembers to have been allowed: who, whom, where.
    pub(crate) consents: BTreeSet<(String, String, String)>,
    /// Addresses with something worth knowing in them.
    pub(crate) history: BTreeSet<Rc<str>>,
    /// How many times entropy was drawn.
    pub(crate) draws: u8,
    /// How many tokens were issued, where they are told apart.
    pub(crate) issued: u8,
    /// Where the user has asked to be signed in: client and server.
    pub(crate) asked: BTreeSet<(u8, u8)>,
    /// A link that lies there, where lures are not followed at once.
    pub(crate) lured: Option<Lured>,
}

/// The record of a pending request, and what can be read in it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Record {
    pub(crate) text: Rc<str>,
    pub(crate) purpose: Purpose,
    pub(crate) end: Timestamp,
}

impl Record {
    pub(crate) fn new(pending: &PendingAuthorization) -> Self {
        Self { text: pending.encode().into(), purpose: pending.purpose(), end: pending.end() }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Tab {
    pub(crate) opener: Opener,
    pub(crate) place: Place,
}

/// Who holds a handle of a window and can be reached through it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Opener {
    Attacker,
    Nobody,
    Tab(u8),
}

/// What a tab shows. The attacker's pages, error pages and a client that does nothing are all the same: nothing comes of
/// them that would not come of an empty tab.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Place {
    Client(Page),
    Elsewhere,
    Server(AtServer),
}

/// A page of the honest authorization server that waits for its user.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct AtServer {
    pub(crate) query: String,
    pub(crate) fragment: Option<String>,
    /// The login is done, and the decision is waited for.
    pub(crate) asks_consent: bool,
    /// The user got here by a lure.
    pub(crate) is_lured: bool,
}

/// An honest client's application: one holder of the protocol for each server.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Page {
    pub(crate) client: u8,
    /// By server; numbers of the table of holders.
    pub(crate) held: Vec<u32>,
    /// What the holders are still to be told, in order.
    pub(crate) owed: Vec<(u8, Owed)>,
    /// The address that the hidden frame is being sent to, and for which server's holder.
    pub(crate) frame: Option<(u8, String)>,
    /// The tab that was opened as its popup.
    pub(crate) popup: Option<u8>,
    /// What the page still has to hand to its other holders.
    pub(crate) arriving: Option<(u8, String)>,
}

/// What came of an order, before the holder is told.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Owed {
    ApiRequested,
    ApiResponded { status: u16, challenges: Vec<String>, is_for_other_client: bool },
    EntropyDrawn(u8),
    PendingStored(PendingKey),
    PendingTaken { key: PendingKey, record: Option<Rc<str>> },
    PopupBlocked,
    PopupOpened,
    SignOutRequested,
}

/// A page or a native application within a browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Slot {
    App(u8),
    Tab(u8),
}

/// A link that nobody has followed yet.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Lured {
    pub(crate) tab: u8,
    pub(crate) opener: Opener,
    pub(crate) address: String,
}

impl Browser {
    /// Empty tabs, and native applications in which nobody is signed in; `fresh` makes their holders.
    pub(crate) fn new(setting: &Setting, user: u8, mut fresh: impl FnMut(u8) -> Vec<u32>) -> Self {
        let tab = Tab { opener: Opener::Nobody, place: Place::Elsewhere };
        let apps = (0..setting.bounds.clients)
            .map(|client| match setting.kinds[usize::from(client)] {
                ClientKind::Native => Some(Page::new(client, fresh(client))),
                ClientKind::Page => None,
            })
            .collect();
        Self {
            user,
            tabs: vec![tab; usize::from(setting.bounds.tabs)],
            apps,
            store: BTreeMap::new(),
            used: BTreeSet::new(),
            overwritten: BTreeSet::new(),
            login: None,
            consents: BTreeSet::new(),
            history: BTreeSet::new(),
            draws: 0,
            issued: 0,
            asked: BTreeSet::new(),
            lured: None,
        }
    }

    /// By what name the servers know the user.
    pub(crate) fn owner(&self) -> String {
        if self.user == ATTACKER_USER { ATTACKER.into() } else { user_name(self.user) }
    }

    pub(crate) fn page(&self, slot: Slot) -> Option<&Page> {
        match slot {
            Slot::App(client) => self.apps.get(usize::from(client))?.as_ref(),
            Slot::Tab(tab) => match &self.tabs.get(usize::from(tab))?.place {
                Place::Client(page) => Some(page),
                Place::Elsewhere | Place::Server(_) => None,
            },
        }
    }

    pub(crate) fn page_mut(&mut self, slot: Slot) -> Option<&mut Page> {
        match slot {
            Slot::App(client) => self.apps.get_mut(usize::from(client))?.as_mut(),
            Slot::Tab(tab) => match &mut self.tabs.get_mut(usize::from(tab))?.place {
                Place::Client(page) => Some(page),
                Place::Elsewhere | Place::Server(_) => None,
            },
        }
    }

    pub(crate) fn set_place(&mut self, tab: u8, place: Place) {
        if let Some(tab) = self.tabs.get_mut(usize::from(tab)) {
            tab.place = place;
        }
    }

    /// Closes what a tab shows.
    pub(crate) fn empty(&mut self, tab: u8) {
        if let Some(tab) = self.tabs.get_mut(usize::from(tab)) {
            *tab = Tab { opener: Opener::Nobody, place: Place::Elsewhere };
        }
    }

    pub(crate) fn opener(&self, tab: u8) -> Opener {
        self.tabs.get(usize::from(tab)).map_or(Opener::Nobody, |tab| tab.opener)
    }

    /// All pages and native applications.
    pub(crate) fn slots(&self) -> Vec<Slot> {
        let tabs = (0..).zip(&self.tabs).filter(|(_, tab)| matches!(tab.place, Place::Client(_)));
        let apps = (0..).zip(&self.apps).filter(|(_, app)| app.is_some());
        tabs.map(|(tab, _)| Slot::Tab(tab)).chain(apps.map(|(app, _)| Slot::App(app))).collect()
    }

    /// A tab that shows nothing, other than this one.
    pub(crate) fn free_tab(&self, but: u8) -> Option<u8> {
        let mut tabs = (0..).zip(&self.tabs);
        tabs.find(|(at, tab)| *at != but && tab.place == Place::Elsewhere).map(|(at, _)| at)
    }
}

impl Page {
    pub(crate) const fn new(client: u8, held: Vec<u32>) -> Self {
        Self { client, held, owed: Vec::new(), frame: None, popup: None, arriving: None }
    }
}
