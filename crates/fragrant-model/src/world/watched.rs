//! A browser while somebody looks at it: what he has looked at is written down, so that what he has come to holds for every
//! browser that is alike in that.

use std::cell::{Cell, OnceCell, RefCell};
use std::hash::Hash;
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
    tabs: [Part<'p, Tab>; TABS as usize],
    apps: [Part<'p, Option<Page>>; CLIENTS as usize],
    stores: [Part<'p, Store>; CLIENTS as usize],
    account: Part<'p, Account>,
    consents: [Part<'p, Consents>; 1 + CLIENTS as usize],
    histories: [Part<'p, History>; 1 + CLIENTS as usize],
    doings: Part<'p, Doings>,
    lured: Part<'p, Option<Lured>>,
    log: Log,
}

/// A part: what it was before, as soon as somebody has looked, and what it is now if it is another.
struct Part<'p, T> {
    at: Question,
    table: &'p Table<T>,
    number: u32,
    before: OnceCell<Arc<T>>,
    now: Option<T>,
}

impl<'p, T: Clone + Eq + Hash> Part<'p, T> {
    fn new(at: Question, table: &'p Table<T>, browser: &Browser) -> Self {
        Self { at, table, number: browser.part(at), before: OnceCell::new(), now: None }
    }

    /// Several of a kind, which stand side by side.
    fn each<const N: usize>(first: Question, table: &'p Table<T>, browser: &Browser) -> [Self; N] {
        let mut at = first..;
        std::array::from_fn(|_| Self::new(at.next().unwrap_or_default(), table, browser))
    }

    const fn is_written(&self) -> bool {
        self.now.is_some()
    }

    fn before(&self) -> &T {
        self.before.get_or_init(|| self.table.value(self.number))
    }

    fn look(&self, log: &Log) -> &T {
        self.now.as_ref().unwrap_or_else(|| {
            log.ask(self.at);
            self.before()
        })
    }

    fn change(&mut self, log: &Log) -> &mut T {
        if !self.is_written() {
            log.ask(self.at);
        }
        self.now.get_or_insert_with(|| T::clone(self.before.get_or_init(|| self.table.value(self.number))))
    }

    /// Puts something else into its place, whatever it was.
    fn set(&mut self, value: T) {
        self.now = Some(value);
    }

    /// What has changed, if it has; `number` finds the number of the value.
    fn into_written(self, log: &Log, number: impl FnOnce(T) -> u32) -> Option<Written> {
        let number = number(self.now?);
        // Who has not asked what it was does not know that it is the same.
        let is_other = number != self.number || !log.has_asked(self.at);
        is_other.then_some(Written { part: self.at, number })
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
        Self {
            user: browser.user,
            parts,
            holders,
            before: *browser,
            tabs: Part::each(TAB, &parts.tabs, browser),
            apps: Part::each(APP, &parts.apps, browser),
            stores: Part::each(STORE, &parts.stores, browser),
            account: Part::new(ACCOUNT, &parts.accounts, browser),
            consents: Part::each(CONSENTS, &parts.consents, browser),
            histories: Part::each(HISTORY, &parts.histories, browser),
            doings: Part::new(DOINGS, &parts.doings, browser),
            lured: Part::new(LURED, &parts.lured, browser),
            log: Log::default(),
        }
    }

    /// The parts that are others now, and what was asked of those before.
    pub(crate) fn into_written(self) -> (Vec<Written>, Vec<Question>) {
        let (parts, holders, log) = (self.parts, self.holders, self.log);
        let mut written = Vec::new();
        let tab = |tab: Part<'_, Tab>| tab.into_written(&log, |tab| parts.tab(holders, tab));
        written.extend(self.tabs.into_iter().filter_map(tab));
        let app = |app: Part<'_, _>| app.into_written(&log, |app| parts.app(holders, app));
        written.extend(self.apps.into_iter().filter_map(app));
        let store = |store: Part<'_, _>| store.into_written(&log, |store| parts.store(store));
        written.extend(self.stores.into_iter().filter_map(store));
        written.extend(self.account.into_written(&log, |account| parts.accounts.number(account)));
        let consents = |part: Part<'_, _>| part.into_written(&log, |value| parts.consents.number(value));
        written.extend(self.consents.into_iter().filter_map(consents));
        let history = |part: Part<'_, _>| part.into_written(&log, |value| parts.histories.number(value));
        written.extend(self.histories.into_iter().filter_map(history));
        written.extend(self.doings.into_written(&log, |doings| parts.doings.number(doings)));
        written.extend(self.lured.into_written(&log, |lured| parts.lured.number(lured)));
        (written, log.questions.into_inner())
    }

    /// What the browser was like. Nobody is to look at it who has not written down what he asks.
    pub(super) const fn before(&self) -> &Browser {
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
        Some(self.tabs.get(usize::from(tab))?.look(&self.log))
    }

    pub(crate) fn tab_mut(&mut self, tab: u8) -> Option<&mut Tab> {
        Some(self.tabs.get_mut(usize::from(tab))?.change(&self.log))
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
        (0..).zip(&self.tabs).filter(|(_, tab)| tab.is_written()).map(|(tab, _)| tab).collect()
    }

    /// Whether anything has changed that decides whether a request stands, or what the history has.
    pub(crate) fn has_moved(&self) -> bool {
        self.tabs.iter().any(Part::is_written)
            || self.apps.iter().any(Part::is_written)
            || self.stores.iter().any(Part::is_written)
            || self.histories.iter().any(Part::is_written)
    }

    fn app(&self, client: u8) -> Option<&Page> {
        self.apps.get(usize::from(client))?.look(&self.log).as_ref()
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
            Slot::App(client) => self.apps.get_mut(usize::from(client))?.change(&self.log).as_mut(),
            Slot::Tab(tab) => match &mut self.tabs.get_mut(usize::from(tab))?.change(&self.log).place {
                Place::Client(page) => Some(page),
                Place::Elsewhere | Place::Server(_) => None,
            },
        }
    }

    /// What others see of a page.
    pub(crate) fn face(&self, slot: Slot) -> Face {
        let (part, is_written) = match slot {
            Slot::App(client) => (APP + client, self.apps.get(usize::from(client)).map(Part::is_written)),
            Slot::Tab(tab) => (TAB + tab, self.tabs.get(usize::from(tab)).map(Part::is_written)),
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

    /// The tabs, and of those that show nothing the first.
    pub(super) fn distinct_tabs(&self) -> Vec<u8> {
        let mut has_empty = false;
        self.all_tabs()
            .filter(|tab| {
                self.face(Slot::Tab(*tab)) != Face::Empty || !std::mem::replace(&mut has_empty, true)
            })
            .collect()
    }

    // What else there is

    pub(crate) fn store(&self, client: u8) -> &Store {
        self.stores[Self::store_at(client)].look(&self.log)
    }

    /// The number of what a client has in the storage, before anything was written there.
    pub(super) fn store_number(&self, client: u8) -> u32 {
        let part = &self.stores[Self::store_at(client)];
        self.log.ask(part.at);
        part.number
    }

    pub(crate) fn store_mut(&mut self, client: u8) -> &mut Store {
        self.stores[Self::store_at(client)].change(&self.log)
    }

    /// What a client had in the storage before anything happened, if it has something else now.
    pub(crate) fn store_before(&self, client: u8) -> Option<&Store> {
        let part = &self.stores[Self::store_at(client)];
        part.is_written().then(|| part.before())
    }

    /// Whether a request of a client stands.
    pub(crate) fn stands(&self, client: u8, now: Timestamp) -> bool {
        let part = &self.stores[Self::store_at(client)];
        let until = part.now.as_ref().map(|store| store.stands_until().as_unix_seconds());
        now.as_unix_seconds()
            < until.unwrap_or_else(|| {
                self.log.ask(STANDS + (part.at - STORE));
                self.parts.stores.mark(part.number)
            })
    }

    fn store_at(client: u8) -> usize {
        usize::from(client.min(CLIENTS - 1))
    }

    pub(crate) fn account(&self) -> &Account {
        self.account.look(&self.log)
    }

    pub(crate) fn account_mut(&mut self) -> &mut Account {
        self.account.change(&self.log)
    }

    /// What was allowed a client, by its name.
    pub(crate) fn consents(&self, client: &str) -> &Consents {
        self.consents[Self::consents_at(client)].look(&self.log)
    }

    /// Has the server remember a consent: who, whom, where.
    pub(crate) fn remember_consent(&mut self, consent: (String, String, String)) {
        if !self.consents(&consent.1).remembered.contains(&consent) {
            self.consents[Self::consents_at(&consent.1)].change(&self.log).remembered.insert(consent);
        }
    }

    /// Writes down that a user has pressed "allow": who, whom, which scope.
    pub(crate) fn press_allow(&mut self, pressed: (String, String, Option<String>)) {
        if !self.consents(&pressed.1).pressed.contains(&pressed) {
            self.consents[Self::consents_at(&pressed.1)].change(&self.log).pressed.insert(pressed);
        }
    }

    fn consents_at(client: &str) -> usize {
        usize::from((0..CLIENTS).find(|own| client_name(*own) == client).unwrap_or(CLIENTS))
    }

    pub(crate) fn doings(&self) -> &Doings {
        self.doings.look(&self.log)
    }

    pub(crate) fn doings_mut(&mut self) -> &mut Doings {
        self.doings.change(&self.log)
    }

    /// The addresses in the history: of servers' pages if no client is named, or of its pages.
    pub(crate) fn history_mut(&mut self, of: Option<u8>) -> &mut History {
        self.histories[Self::history_at(of)].change(&self.log)
    }

    /// Takes the addresses of a client's pages out of the history. Whether there were any is nobody's business.
    pub(crate) fn scrub_history(&mut self, client: u8) {
        self.histories[Self::history_at(Some(client))].set(History::new());
    }

    /// All addresses in the history.
    pub(crate) fn history(&self) -> History {
        self.histories.iter().flat_map(|part| part.look(&self.log).iter().cloned()).collect()
    }

    /// The history is empty from now on.
    pub(crate) fn forget_history(&mut self) {
        for part in &mut self.histories {
            part.set(History::new());
        }
    }

    fn history_at(of: Option<u8>) -> usize {
        usize::from(of.map_or(0, |client| 1 + client.min(CLIENTS - 1)))
    }

    /// The link that nobody has followed yet.
    pub(crate) fn lured(&self) -> Option<&Lured> {
        self.lured.look(&self.log).as_ref()
    }

    pub(crate) fn set_lured(&mut self, lured: Option<Lured>) {
        self.lured.set(lured);
    }
}
