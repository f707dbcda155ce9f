//! A browser while somebody looks at it: what he has looked at is written down, so that what he has come to holds for every
//! browser that is alike in that.

use std::cell::{Cell, RefCell};
use std::sync::Arc;

use fragrant::value::Timestamp;

use super::browser::{
    ATTACKER_USER, Account, Consents, Doings, History, Lured, Opener, Page, Place, Slot, Store, Tab,
};
use super::cast::{ATTACKER, client_name, user_name};
use super::holder::Holders;
use super::parts::{
    ACCOUNT, APP, Browser, CLIENTS, CONSENTS, DOINGS, FACE, Face, HISTORY, LURED, Parts, Question, STANDS,
    STORE, TAB, TABS, Written,
};
use crate::table::Table;

/// A browser while something happens in it.
pub(crate) struct Watched<'p> {
    pub(crate) user: u8,
    parts: &'p Parts,
    holders: &'p Holders,
    before: Browser,
    tabs: [Part<Tab>; TABS as usize],
    apps: [Part<Option<Page>>; CLIENTS as usize],
    stores: [Part<Store>; CLIENTS as usize],
    account: Part<Account>,
    consents: [Part<Consents>; 1 + CLIENTS as usize],
    histories: [Part<History>; 1 + CLIENTS as usize],
    doings: Part<Doings>,
    lured: Part<Option<Lured>>,
    log: Log,
}

/// A part, and whether it is another than before.
struct Part<T> {
    value: Arc<T>,
    is_written: bool,
}

impl<T: Clone + Eq + std::hash::Hash> Part<T> {
    fn new(table: &Table<T>, number: u32) -> Self {
        Self { value: table.value(number), is_written: false }
    }

    fn set(&mut self, value: T) {
        *self = Self { value: Arc::new(value), is_written: true };
    }

    fn change(&mut self) -> &mut T {
        self.is_written = true;
        Arc::make_mut(&mut self.value)
    }
}

/// What was asked, each thing once, in the order in which it was.
#[derive(Default)]
struct Log {
    is_asked: Cell<u32>,
    questions: RefCell<Vec<Question>>,
}

impl Log {
    const fn has_asked(&self, question: Question) -> bool {
        self.is_asked.get() >> question & 1 == 1
    }

    fn ask(&self, question: Question) {
        if !self.has_asked(question) {
            self.is_asked.set(self.is_asked.get() | 1 << question);
            self.questions.borrow_mut().push(question);
        }
    }
}

impl<'p> Watched<'p> {
    pub(crate) fn new(parts: &'p Parts, holders: &'p Holders, browser: &Browser) -> Self {
        let from =
            |first: u8, at: usize| browser.part(u8::try_from(at).unwrap_or(u8::MAX).saturating_add(first));
        Self {
            user: browser.user,
            parts,
            holders,
            before: *browser,
            tabs: std::array::from_fn(|at| Part::new(&parts.tabs, from(TAB, at))),
            apps: std::array::from_fn(|at| Part::new(&parts.apps, from(APP, at))),
            stores: std::array::from_fn(|at| Part::new(&parts.stores, from(STORE, at))),
            account: Part::new(&parts.accounts, browser.part(ACCOUNT)),
            consents: std::array::from_fn(|at| Part::new(&parts.consents, from(CONSENTS, at))),
            histories: std::array::from_fn(|at| Part::new(&parts.histories, from(HISTORY, at))),
            doings: Part::new(&parts.doings, browser.part(DOINGS)),
            lured: Part::new(&parts.lured, browser.part(LURED)),
            log: Log::default(),
        }
    }

    /// The parts that are others now, and what was asked of those before.
    pub(crate) fn into_written(self) -> (Vec<Written>, Vec<Question>) {
        let (parts, holders, before, log) = (self.parts, self.holders, self.before, self.log);
        let mut written = Vec::new();
        let mut add = |part: u8, number: Option<u32>| {
            // Who has not asked what a part was does not know that it is the same.
            let is_other = |number: &u32| *number != before.part(part) || !log.has_asked(part);
            written.extend(number.filter(is_other).map(|number| Written { part, number }));
        };
        for (part, tab) in (TAB..).zip(self.tabs) {
            add(part, tab.is_written.then(|| parts.tab(holders, tab.value)));
        }
        for (part, app) in (APP..).zip(self.apps) {
            add(part, app.is_written.then(|| parts.app(holders, app.value)));
        }
        for (part, store) in (STORE..).zip(self.stores) {
            add(part, store.is_written.then(|| parts.store(store.value)));
        }
        add(ACCOUNT, self.account.is_written.then(|| parts.accounts.number(self.account.value)));
        for (part, consents) in (CONSENTS..).zip(self.consents) {
            add(part, consents.is_written.then(|| parts.consents.number(consents.value)));
        }
        for (part, history) in (HISTORY..).zip(self.histories) {
            add(part, history.is_written.then(|| parts.histories.number(history.value)));
        }
        add(DOINGS, self.doings.is_written.then(|| parts.doings.number(self.doings.value)));
        add(LURED, self.lured.is_written.then(|| parts.lured.number(self.lured.value)));
        (written, log.questions.into_inner())
    }

    /// What the browser was like.
    pub(crate) const fn before(&self) -> &Browser {
        &self.before
    }

    /// By what name the servers know the user.
    pub(crate) fn owner(&self) -> String {
        if self.user == ATTACKER_USER { ATTACKER.into() } else { user_name(self.user) }
    }

    // Tabs and native applications

    /// All tabs.
    pub(crate) fn all_tabs(&self) -> impl Iterator<Item = u8> + use<> {
        0..self.parts.bounds.tabs.min(TABS)
    }

    pub(crate) fn tab(&self, tab: u8) -> Option<&Tab> {
        let part = self.tabs.get(usize::from(tab))?;
        if !part.is_written {
            self.log.ask(TAB + tab);
        }
        Some(&part.value)
    }

    pub(crate) fn tab_mut(&mut self, tab: u8) -> Option<&mut Tab> {
        let part = self.tabs.get_mut(usize::from(tab))?;
        if !part.is_written {
            self.log.ask(TAB + tab);
        }
        Some(part.change())
    }

    /// Puts another tab into its place.
    pub(crate) fn set_tab(&mut self, tab: u8, value: Tab) {
        if let Some(part) = self.tabs.get_mut(usize::from(tab)) {
            part.set(value);
        }
    }

    pub(crate) fn set_place(&mut self, tab: u8, place: Place) {
        if let Some(tab) = self.tab_mut(tab) {
            tab.place = place;
        }
    }

    pub(crate) fn opener(&self, tab: u8) -> Opener {
        self.tab(tab).map_or(Opener::Nobody, |tab| tab.opener)
    }

    /// The tabs that are others than before.
    pub(crate) fn written_tabs(&self) -> Vec<u8> {
        (0..).zip(&self.tabs).filter(|(_, tab)| tab.is_written).map(|(tab, _)| tab).collect()
    }

    /// Whether anything has changed that decides whether a request stands, or what the history has.
    pub(crate) fn has_moved(&self) -> bool {
        self.tabs.iter().any(|part| part.is_written)
            || self.apps.iter().any(|part| part.is_written)
            || self.stores.iter().any(|part| part.is_written)
            || self.histories.iter().any(|part| part.is_written)
    }

    fn app(&self, client: u8) -> Option<&Page> {
        let part = self.apps.get(usize::from(client))?;
        if !part.is_written {
            self.log.ask(APP + client);
        }
        part.value.as_ref().as_ref()
    }

    pub(crate) fn page(&self, slot: Slot) -> Option<&Page> {
        match slot {
            Slot::App(client) => self.app(client),
            Slot::Tab(tab) => match &self.tab(tab)?.place {
                Place::Client(page) => Some(page),
                Place::Elsewhere | Place::Server(_) => None,
            },
        }
    }

    pub(crate) fn page_mut(&mut self, slot: Slot) -> Option<&mut Page> {
        // Nothing is written where there is no page.
        self.page(slot)?;
        match slot {
            Slot::App(client) => self.apps.get_mut(usize::from(client))?.change().as_mut(),
            Slot::Tab(tab) => match &mut self.tabs.get_mut(usize::from(tab))?.change().place {
                Place::Client(page) => Some(page),
                Place::Elsewhere | Place::Server(_) => None,
            },
        }
    }

    /// What others see of a page.
    pub(crate) fn face(&self, slot: Slot) -> Face {
        let (part, is_written) = match slot {
            Slot::App(client) => (APP + client, self.apps.get(usize::from(client)).map(|app| app.is_written)),
            Slot::Tab(tab) => (TAB + tab, self.tabs.get(usize::from(tab)).map(|tab| tab.is_written)),
        };
        match (slot, is_written) {
            (_, None) => Face::Empty,
            (_, Some(false)) => {
                self.log.ask(FACE + part);
                Face::from_mark(self.parts.mark_of_face(&self.before, part))
            }
            (Slot::App(client), _) => Face::of_app(self.app(client), self.holders),
            (Slot::Tab(tab), _) => self.tab(tab).map_or(Face::Empty, |tab| Face::of_tab(tab, self.holders)),
        }
    }

    /// All pages and native applications.
    pub(crate) fn slots(&self) -> Vec<Slot> {
        let tabs = self.all_tabs().map(Slot::Tab);
        let apps = (0..self.parts.bounds.clients).map(Slot::App);
        tabs.chain(apps).filter(|slot| matches!(self.face(*slot), Face::Client { .. })).collect()
    }

    /// What others see of each tab and each native application, one after the other.
    pub(crate) fn faces(&self) -> impl Iterator<Item = Face> {
        let apps = (0..self.parts.bounds.clients).map(Slot::App);
        self.all_tabs().map(Slot::Tab).chain(apps).map(|slot| self.face(slot))
    }

    /// A tab that shows nothing, other than this one.
    pub(crate) fn free_tab(&self, but: u8) -> Option<u8> {
        self.all_tabs().find(|tab| *tab != but && self.face(Slot::Tab(*tab)) == Face::Empty)
    }

    /// The tabs, and of those that show nothing the first: one is as good as another.
    pub(crate) fn distinct_tabs(&self) -> Vec<u8> {
        let mut has_empty = false;
        self.all_tabs()
            .filter(|tab| {
                self.face(Slot::Tab(*tab)) != Face::Empty || !std::mem::replace(&mut has_empty, true)
            })
            .collect()
    }

    // What else there is

    pub(crate) fn store(&self, client: u8) -> &Store {
        let (at, part) = self.store_part(client);
        if !part.is_written {
            self.log.ask(at);
        }
        &part.value
    }

    pub(crate) fn store_mut(&mut self, client: u8) -> &mut Store {
        let (at, part) = self.store_part(client);
        if !part.is_written {
            self.log.ask(at);
        }
        self.stores[usize::from(at - STORE)].change()
    }

    /// What a client had in the storage before anything happened, if it has something else now.
    pub(crate) fn store_before(&self, client: u8) -> Option<Arc<Store>> {
        let (_, part) = self.store_part(client);
        part.is_written.then(|| self.parts.stores.value(self.before.store(client)))
    }

    /// Whether a request of a client stands.
    pub(crate) fn stands(&self, client: u8, now: Timestamp) -> bool {
        let (at, part) = self.store_part(client);
        if part.is_written {
            return now < part.value.stands_until();
        }
        self.log.ask(STANDS + (at - STORE));
        now.as_unix_seconds() < self.parts.stores.mark(self.before.part(at))
    }

    fn store_part(&self, client: u8) -> (u8, &Part<Store>) {
        let client = client.min(CLIENTS - 1);
        (STORE + client, &self.stores[usize::from(client)])
    }

    pub(crate) fn account(&self) -> &Account {
        if !self.account.is_written {
            self.log.ask(ACCOUNT);
        }
        &self.account.value
    }

    pub(crate) fn account_mut(&mut self) -> &mut Account {
        self.account();
        self.account.change()
    }

    /// What the server remembers to have been allowed a client, by its name.
    pub(crate) fn consents(&self, client: &str) -> &Consents {
        let at = Self::consents_at(client);
        if !self.consents[usize::from(at)].is_written {
            self.log.ask(CONSENTS + at);
        }
        &self.consents[usize::from(at)].value
    }

    pub(crate) fn add_consent(&mut self, consent: (String, String, String)) {
        if !self.consents(&consent.1).contains(&consent) {
            self.consents[usize::from(Self::consents_at(&consent.1))].change().insert(consent);
        }
    }

    fn consents_at(client: &str) -> u8 {
        (0..CLIENTS).find(|own| client_name(*own) == client).unwrap_or(CLIENTS)
    }

    pub(crate) fn doings(&self) -> &Doings {
        if !self.doings.is_written {
            self.log.ask(DOINGS);
        }
        &self.doings.value
    }

    pub(crate) fn doings_mut(&mut self) -> &mut Doings {
        self.doings();
        self.doings.change()
    }

    /// The addresses in the history: of servers' pages if no client is named, or of its pages.
    pub(crate) fn history_mut(&mut self, of: Option<u8>) -> &mut History {
        let at = Self::history_at(of);
        if !self.histories[usize::from(at)].is_written {
            self.log.ask(HISTORY + at);
        }
        self.histories[usize::from(at)].change()
    }

    /// Takes the addresses of a client's pages out of the history. Whether there were any is nobody's business.
    pub(crate) fn scrub_history(&mut self, client: u8) {
        self.histories[usize::from(Self::history_at(Some(client)))].set(History::new());
    }

    /// All addresses in the history.
    pub(crate) fn history(&self) -> History {
        let mut all = History::new();
        for (at, part) in (0..).zip(&self.histories) {
            if !part.is_written {
                self.log.ask(HISTORY + at);
            }
            all.extend(part.value.iter().cloned());
        }
        all
    }

    /// The history is empty from now on.
    pub(crate) fn forget_history(&mut self) {
        for part in &mut self.histories {
            part.set(History::new());
        }
    }

    fn history_at(of: Option<u8>) -> u8 {
        of.map_or(0, |client| 1 + client.min(CLIENTS - 1))
    }

    /// The link that nobody has followed yet.
    pub(crate) fn lured(&self) -> Option<&Lured> {
        if !self.lured.is_written {
            self.log.ask(LURED);
        }
        self.lured.value.as_ref().as_ref()
    }

    pub(crate) fn set_lured(&mut self, lured: Option<Lured>) {
        self.lured.set(lured);
    }
}
