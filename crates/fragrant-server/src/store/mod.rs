//! What the servers remember: bounded, in memory, and in a file too if there is one.

mod ageing;
mod journal;
mod pending;

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use fragrant::api_server::TokenRecord;
use fragrant::authorization_server::PriorConsent;
use fragrant::resource_owner::ResourceOwnerId;
use fragrant::value::{ClientId, RedirectUri, Timestamp};

pub(crate) use ageing::{Ageing, Full};
pub(crate) use journal::Committed;
use journal::{Change, Journal, Kept};

use crate::random::{Key, KeyHash};
use crate::store::pending::Pending;

/// The name of a login session: 256 bits.
pub(crate) type SessionId = Key<32>;
/// What shows that a form is the one that was shown: 160 bits.
pub(crate) type CsrfToken = Key<20>;
/// An access token: 160 bits, the strength that RFC 6749 section 10.10 asks for.
// req: RFC6749-10.10-1, RFC6749-10.10-2, RFC6750-5.2-1
pub(crate) type Token = Key<20>;

/// The most login sessions. Beyond that the oldest one ends.
const MAX_SESSIONS: usize = 100_000;
/// The most pages that wait to be sent in. Beyond that the oldest one is void.
const MAX_PENDING: usize = 20_000;
/// The most tokens that live. Beyond that none is issued until one has ended.
const MAX_TOKENS: usize = 1_000_000;
/// The most consents that are remembered. Beyond that people are asked again.
const MAX_CONSENTS: usize = 100_000;

/// Everything that outlives a request of the authorization server and the API server.
pub(crate) struct Store {
    sessions: Mutex<Ageing<KeyHash, ResourceOwnerId>>,
    pending: Mutex<Pending>,
    tokens: Mutex<Ageing<KeyHash, IssuedTo>>,
    consents: Mutex<HashMap<ConsentKey, PriorConsent>>,
    journal: Option<Journal>,
}

/// Why a file cannot be used: what SQLite says, or the system, or the words of ours that do not fit.
pub(crate) type StoreError = Box<dyn std::error::Error + Send + Sync>;

/// A change could not be kept: the disk is full, or the file is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NotKept;

/// A token that lives, as the API server knows it.
#[derive(Clone, Debug)]
pub(crate) struct IssuedTo {
    /// Whose it is.
    pub(crate) owner: ResourceOwnerId,
    /// Which client has it.
    pub(crate) client_id: ClientId,
    /// When.
    pub(crate) issued_at: Timestamp,
    /// What it may be used for, and until when.
    pub(crate) record: TokenRecord,
}

type ConsentKey = (ResourceOwnerId, ClientId, RedirectUri);

impl Store {
    /// Remembers until it is dropped.
    pub(crate) fn new() -> Self {
        Self::with(None)
    }

    /// Remembers what this file holds that has not ended, and has the file hold what it remembers.
    ///
    /// # Errors
    /// SQLite says why the file cannot be opened, or what in it is none of ours.
    pub(crate) fn open(file: &Path, now: Timestamp) -> Result<Self, StoreError> {
        let (journal, Kept { sessions, tokens, consents }) = Journal::open(file, now)?;
        let store = Self::with(Some(journal));
        for (id, owner, end) in sessions {
            locked(&store.sessions).insert(id, owner, end, now);
        }
        for (token, issued) in tokens {
            let end = issued.record.expiry.moment();
            // The file was written within the same bound.
            let _ = locked(&store.tokens).try_insert(token, issued, end, now);
        }
        for (owner, consent) in consents {
            store.remember_here(owner, consent);
        }
        Ok(store)
    }

    fn with(journal: Option<Journal>) -> Self {
        Self {
            journal,
            sessions: Mutex::new(Ageing::new(MAX_SESSIONS)),
            pending: Mutex::new(Pending::new(MAX_PENDING)),
            tokens: Mutex::new(Ageing::new(MAX_TOKENS)),
            consents: Mutex::default(),
        }
    }

    /// Somebody has logged in.
    pub(crate) fn add_session(
        &self,
        id: &SessionId,
        owner: ResourceOwnerId,
        end: Timestamp,
        now: Timestamp,
    ) -> Committed {
        let id = id.hash();
        locked(&self.sessions).insert(id, owner.clone(), end, now);
        self.write(|| Change::AddSession { id, owner, end, now })
    }

    /// Whose session it is, while it lives.
    pub(crate) fn session(&self, id: &SessionId, now: Timestamp) -> Option<ResourceOwnerId> {
        locked(&self.sessions).get(&id.hash(), now).cloned()
    }

    /// Ends a session.
    pub(crate) fn end_session(&self, id: &SessionId, now: Timestamp) -> Committed {
        let id = id.hash();
        locked(&self.sessions).take_if(&id, now, |_| true);
        self.write(|| Change::EndSession(id))
    }

    /// Ends every session.
    pub(crate) fn end_sessions(&self) -> Committed {
        locked(&self.sessions).clear();
        self.write(|| Change::EndSessions)
    }

    /// A page is shown: gives its number.
    pub(crate) fn add_pending(&self, query: &str, now: Timestamp) -> u64 {
        locked(&self.pending).add(query.into(), now)
    }

    /// A page was sent in, and was proved to be ours: gives the query that it is about, once.
    // req: RFC6749-10.12-5, OIDC-3.1.2.3-2
    pub(crate) fn take_pending(&self, number: u64, now: Timestamp) -> Option<Box<str>> {
        locked(&self.pending).take(number, now)
    }

    /// A token was made. It is kept before its answer leaves.
    pub(crate) fn add_token(
        &self,
        token: &Token,
        issued: IssuedTo,
        now: Timestamp,
    ) -> Result<Committed, Full> {
        let (token, end) = (token.hash(), issued.record.expiry.moment());
        let kept = self.journal.as_ref().map(|_| issued.clone());
        locked(&self.tokens).try_insert(token, issued, end, now)?;
        Ok(match (&self.journal, kept) {
            (Some(journal), Some(issued)) => journal.write(Change::AddToken { token, issued, now }),
            _ => Committed::at_once(),
        })
    }

    /// What is known of a token that has not ended.
    pub(crate) fn token(&self, token: &Token, now: Timestamp) -> Option<IssuedTo> {
        locked(&self.tokens).get(&token.hash(), now).cloned()
    }

    /// Takes one token back.
    pub(crate) fn revoke_token(&self, token: &Token, now: Timestamp) -> Committed {
        let token = token.hash();
        locked(&self.tokens).take_if(&token, now, |_| true);
        self.write(|| Change::RevokeToken(token))
    }

    /// Takes every token back.
    pub(crate) fn revoke_tokens(&self) -> Committed {
        locked(&self.tokens).clear();
        self.write(|| Change::RevokeTokens)
    }

    /// Remembers what somebody has allowed; the latest word counts.
    pub(crate) fn remember(&self, owner: ResourceOwnerId, consent: PriorConsent) -> Committed {
        self.remember_here(owner.clone(), consent.clone());
        self.write(|| Change::Remember { owner, consent })
    }

    fn remember_here(&self, owner: ResourceOwnerId, consent: PriorConsent) {
        let key = (owner, consent.client_id().clone(), consent.redirect_uri().clone());
        let mut consents = locked(&self.consents);
        if consents.len() < MAX_CONSENTS || consents.contains_key(&key) {
            consents.insert(key, consent);
        }
    }

    /// What somebody has allowed this client before.
    pub(crate) fn consent(
        &self,
        owner: &ResourceOwnerId,
        client_id: &ClientId,
        redirect_uri: &RedirectUri,
    ) -> Option<PriorConsent> {
        let key = (owner.clone(), client_id.clone(), redirect_uri.clone());
        locked(&self.consents).get(&key).cloned()
    }

    /// Has the file hold a change, if there is a file.
    fn write(&self, change: impl FnOnce() -> Change) -> Committed {
        self.journal.as_ref().map_or_else(Committed::at_once, |journal| journal.write(change()))
    }
}

/// No call leaves a table half changed, so one that panicked elsewhere does not spoil it.
pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
