//! Records in the browser's storage: of requests that wait for their answer, and of the token if the application wants it
//! there.

use alloc::string::String;
use alloc::vec::Vec;

use fragrant::client::{PendingAuthorization, Purpose, StoredToken};
use fragrant::value::{PendingKey, Timestamp};

use crate::browser::{Storage, Window};

/// What every key begins with.
const PREFIX: &str = "fragrant:";
/// How old the record of a request may grow that nobody has come back for, in **seconds**.
const OLDEST: u64 = 15 * 60;

/// One of the browser's two stores. Both belong to the page's origin, and any script that runs there can read them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[allow(clippy::exhaustive_enums)] // complete: the two that HTML has
pub enum Store {
    /// `localStorage`: all tabs share it, and it stays when they are closed.
    Local,
    /// `sessionStorage`: a tab's own, gone when the tab is closed.
    #[default]
    Session,
}

/// The storage failed: it is full, or the user agent allows the page none.
pub(crate) struct Failed;

/// Where the records are.
pub(crate) struct Records {
    window: Window,
    pending: Store,
    token: Store,
    /// Of the client, and of the server that it is one of: no other's record is found, and no answer taken for it.
    name: String,
}

impl Records {
    /// `name` tells one client of the origin from another.
    pub(crate) fn new(window: Window, pending: Store, token: Store, name: &str) -> Self {
        Self { window, pending, token, name: name.into() }
    }

    // req: RFC6749-10.12-4
    pub(crate) fn store_pending(&self, pending: &PendingAuthorization) -> Result<(), Failed> {
        // A popup shares no session storage with the window that has opened it, and finds out only from the record what
        // it is where its opener has been cut off.
        let store = match pending.purpose() {
            Purpose::Popup => Store::Local,
            _ => self.pending,
        };
        let (key, record) = (self.pending_key(pending.key()), pending.encode());
        let stored = self.set(store, &key, &record);
        match store {
            Store::Local => stored.or_else(|Failed| self.set(Store::Session, &key, &record)),
            Store::Session => stored,
        }
    }

    /// Reads and deletes a record in one act: nothing else of this origin runs in between in this tab.
    pub(crate) fn take_pending(&self, key: PendingKey) -> Result<Option<String>, Failed> {
        let key = self.pending_key(key);
        let (here, shared) = (self.take(Store::Session, &key), self.take(Store::Local, &key));
        match (here, shared) {
            (Ok(Some(record)), _) | (_, Ok(Some(record))) => Ok(Some(record)),
            (Err(Failed), Err(Failed)) => Err(Failed),
            _ => Ok(None),
        }
    }

    pub(crate) fn forget_pending(&self, key: PendingKey) {
        // What stays behind is removed as an old record.
        let _ = self.take_pending(key);
    }

    pub(crate) fn load_token(&self) -> Result<Option<String>, Failed> {
        self.storage(self.token)?.item(&self.token_key()).map_err(|_| Failed)
    }

    pub(crate) fn store_token(&self, token: &StoredToken) -> Result<(), Failed> {
        self.set(self.token, &self.token_key(), &token.encode())
    }

    pub(crate) fn forget_token(&self) -> Result<(), Failed> {
        self.storage(self.token)?.remove_item(&self.token_key()).map_err(|_| Failed)
    }

    /// Removes records of requests that nobody came back for.
    pub(crate) fn remove_old(&self, now: Timestamp) {
        for store in [Store::Session, Store::Local] {
            // Without a storage there is nothing old in it.
            let Ok(storage) = self.storage(store) else { continue };
            for key in keys(&storage) {
                if let Ok(Some(record)) = storage.item(&key)
                    && is_old(&record, now)
                {
                    let _ = storage.remove_item(&key);
                }
            }
        }
    }

    fn pending_key(&self, key: PendingKey) -> String {
        [PREFIX, "pending:", &key.to_text(), ":", &self.name].concat()
    }

    fn token_key(&self) -> String {
        [PREFIX, "token:", &self.name].concat()
    }

    fn storage(&self, store: Store) -> Result<Storage, Failed> {
        let storage = match store {
            Store::Local => self.window.local_storage(),
            Store::Session => self.window.session_storage(),
        };
        storage.ok().flatten().ok_or(Failed)
    }

    fn set(&self, store: Store, key: &str, value: &str) -> Result<(), Failed> {
        self.storage(store)?.set_item(key, value).map_err(|_| Failed)
    }

    fn take(&self, store: Store, key: &str) -> Result<Option<String>, Failed> {
        let storage = self.storage(store)?;
        let record = storage.item(key).map_err(|_| Failed)?;
        storage.remove_item(key).map_err(|_| Failed)?;
        Ok(record)
    }
}

fn keys(storage: &Storage) -> Vec<String> {
    let all = (0..).map_while(|index| storage.key(index).ok().flatten());
    all.filter(|key| key.strip_prefix(PREFIX).is_some_and(|rest| rest.starts_with("pending:"))).collect()
}

/// What cannot be read is of no use to anybody, either.
fn is_old(record: &str, now: Timestamp) -> bool {
    PendingAuthorization::decode(record)
        .map_or(true, |pending| pending.end() <= now && pending.created().saturating_add(OLDEST) <= now)
}
