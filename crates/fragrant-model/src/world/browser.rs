//! A user's browser, part by part: tabs, what they show, the storage, the login at the authorization server, the history.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use fragrant::client::{PendingAuthorization, Purpose};
use fragrant::value::{PendingKey, Timestamp};

/// The attacker's own browser.
pub(crate) const ATTACKER_USER: u8 = 0xED;
/// The other person at a browser that two people share, as far as names go.
pub(crate) const OTHER_USER: u8 = 8;

/// What a client has in the browser's storage.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Store {
    /// The records of pending requests.
    pub(crate) records: BTreeMap<PendingKey, Record>,
    /// Keys of records that have served and are still there, where the store does not delete them.
    pub(crate) used: BTreeSet<PendingKey>,
    /// Keys of records that another took the place of, where the store has one place for all.
    pub(crate) overwritten: BTreeSet<PendingKey>,
}

impl Store {
    /// Until when a request of the client stands; the beginning of all time if none does.
    pub(crate) fn stands_until(&self) -> Timestamp {
        let unused = self.records.iter().filter(|(key, _)| !self.used.contains(key));
        unused.map(|(_, record)| record.end).max().unwrap_or(Timestamp::from_unix_seconds(0))
    }
}

/// The record of a pending request, and what can be read in it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Record {
    pub(crate) text: Arc<str>,
    pub(crate) purpose: Purpose,
    pub(crate) end: Timestamp,
}

impl Record {
    pub(crate) fn new(pending: &PendingAuthorization) -> Self {
        Self { text: pending.encode().into(), purpose: pending.purpose(), end: pending.end() }
    }
}

/// What the honest server knows of the browser.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Account {
    /// Who is logged in.
    pub(crate) login: Option<String>,
    /// How many tokens were issued, where they are told apart.
    pub(crate) issued: u8,
}

/// What a client was allowed at the honest server.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Consents {
    /// What the server remembers: who, whom, where.
    pub(crate) remembered: BTreeSet<(String, String, String)>,
    /// What was really allowed, by a press on the page: who, whom, which scope. Nobody in the world can see it; it is there for
    /// what must hold.
    pub(crate) pressed: BTreeSet<(String, String, Option<String>)>,
}

impl Consents {
    /// Whether a user has allowed a client all of a scope.
    pub(crate) fn has_allowed(&self, owner: &str, client: &str, scope: Option<&str>) -> bool {
        let words = |scope: Option<&str>| -> BTreeSet<String> {
            scope.into_iter().flat_map(|scope| scope.split(' ')).map(str::to_owned).collect()
        };
        self.pressed.iter().any(|(who, whom, what)| {
            who == owner && whom == client && words(scope).is_subset(&words(what.as_deref()))
        })
    }
}

/// What the user has done.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Doings {
    /// How many times entropy was drawn.
    pub(crate) draws: u8,
    /// Where the user has asked to be signed in: client and server.
    pub(crate) asked: BTreeSet<(u8, u8)>,
}

/// Addresses with something worth knowing in them.
pub(crate) type History = BTreeSet<Arc<str>>;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Tab {
    pub(crate) opener: Opener,
    pub(crate) place: Place,
}

impl Tab {
    pub(crate) const EMPTY: Self = Self { opener: Opener::Nobody, place: Place::Elsewhere };
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

impl Page {
    pub(crate) const fn new(client: u8, held: Vec<u32>) -> Self {
        Self { client, held, owed: Vec::new(), frame: None, popup: None, arriving: None }
    }
}

/// What came of an order, before the holder is told.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Owed {
    ApiRequested,
    ApiResponded { status: u16, challenges: Vec<String>, is_for_other_client: bool },
    EntropyDrawn(u8),
    PendingStored(PendingKey),
    PendingTaken { key: PendingKey, record: Option<Arc<str>> },
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
    pub(crate) address: Arc<str>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn allowed_is_what_this_user_has_pressed_for_this_client_and_no_more() {
        let mut consents = Consents::default();
        assert!(!consents.has_allowed("u1", "m", None));
        consents.remembered.insert(("u1".into(), "m".into(), "https://evil.example/cb".into()));
        assert!(!consents.has_allowed("u1", "m", None), "what the server remembers is not what was pressed");
        consents.pressed.insert(("u1".into(), "m".into(), None));
        assert!(consents.has_allowed("u1", "m", None));
        assert!(!consents.has_allowed("u1", "m", Some("a")));
        assert!(!consents.has_allowed("u2", "m", None) && !consents.has_allowed("u1", "c1", None));
        consents.pressed.insert(("u1".into(), "m".into(), Some("a b".into())));
        assert!(consents.has_allowed("u1", "m", Some("b")) && !consents.has_allowed("u1", "m", Some("b c")));
    }
}
