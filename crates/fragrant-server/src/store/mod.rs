//! What the servers remember: bounded, in memory, and in a file too if there is one.

mod ageing;
mod journal;
mod pending;

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use fragrant::api_server::TokenRecord;
use fragrant::authorization_server::{ClientRegistration, PriorConsent};
use fragrant::resource_owner::ResourceOwnerId;
use fragrant::value::{ClientId, RedirectUri, Timestamp};

pub(crate) use ageing::{Ageing, Full};
pub(crate) use journal::Committed;
use journal::{Change, Journal, Kept};

use crate::random::{Key, KeyHash};
use crate::store::pending::Pending;
use crate::user::Users;

/// The name of a login session: 256 bits.
pub(crate) type SessionId = Key<32>;
/// What shows that a form is the one that was shown: 160 bits.
pub(crate) type CsrfToken = Key<20>;
/// An access token: 160 bits, the strength that RFC 6749 section 10.10 asks for.
// req: RFC6749-10.10-1, RFC6749-10.10-2, RFC6750-5.2-1
pub(crate) type Token = Key<20>;

/// The most that the pages which wait to be sent in may have to remember, in **bytes**. Beyond that the oldest is void.
const MAX_PENDING_BYTES: usize = 64 * 1024 * 1024;
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

/// Whose consent, for which client, to which address.
pub(crate) type ConsentKey = (ResourceOwnerId, ClientId, RedirectUri);

impl Store {
    /// Remembers until it is dropped.
    pub(crate) fn new() -> Self {
        Self::with(None)
    }

    /// Remembers what this file holds that has not ended, and has the file hold what it remembers. What is of a client that is no
    /// longer registered, or of a user who has no account any more, ends.
    ///
    /// # Errors
    /// SQLite says why the file cannot be opened, or what in it is none of ours.
    pub(crate) fn open(
        file: &Path,
        clients: &HashMap<ClientId, Arc<ClientRegistration>>,
        users: &Users,
        now: Timestamp,
    ) -> Result<Self, StoreError> {
        let (journal, Kept { sessions, tokens, consents }) = Journal::open(file, now)?;
        let store = Self::with(Some(journal));
        for (id, owner, end) in sessions {
            let gone = match users.has(&owner) {
                true => locked(&store.sessions).insert(id, owner, end, now),
                false => Some(id),
            };
            if let Some(gone) = gone {
                drop(store.write(|| Change::EndSession(gone)));
            }
        }
        for (token, issued) in tokens {
            if !users.has(&issued.owner) || !clients.contains_key(&issued.client_id) {
                drop(store.write(|| Change::RevokeToken(token)));
                continue;
            }
            let end = issued.record.expiry.moment();
            // The file was written within the same bound.
            let _ = locked(&store.tokens).try_insert(token, issued, end, now);
        }
        for (owner, consent) in consents {
            let key = (owner, consent.client_id().clone(), consent.redirect_uri().clone());
            if users.has(&key.0) && clients.contains_key(&key.1) {
                locked(&store.consents).insert(key, consent);
            } else {
                drop(store.write(|| Change::Forget(key)));
            }
        }
        Ok(store)
    }

    fn with(journal: Option<Journal>) -> Self {
        Self {
            journal,
            sessions: Mutex::new(Ageing::new(MAX_SESSIONS)),
            pending: Mutex::new(Pending::new(MAX_PENDING, MAX_PENDING_BYTES)),
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
        let mut sessions = locked(&self.sessions);
        if let Some(gone) = sessions.insert(id, owner.clone(), end, now) {
            // Written before the other, and so kept before it.
            drop(self.write(|| Change::EndSession(gone)));
        }
        self.write(|| Change::AddSession { id, owner, end, now })
    }

    /// Whose session it is, while it lives.
    pub(crate) fn session(&self, id: &SessionId, now: Timestamp) -> Option<ResourceOwnerId> {
        locked(&self.sessions).get(&id.hash(), now).cloned()
    }

    /// Ends a session.
    pub(crate) fn end_session(&self, id: &SessionId, now: Timestamp) -> Committed {
        let id = id.hash();
        let mut sessions = locked(&self.sessions);
        sessions.take_if(&id, now, |_| true);
        self.write(|| Change::EndSession(id))
    }

    /// Ends every session.
    pub(crate) fn end_sessions(&self) -> Committed {
        let mut sessions = locked(&self.sessions);
        sessions.clear();
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
    // req: RFC9700-4.9.3-1
    pub(crate) fn add_token(
        &self,
        token: &Token,
        issued: IssuedTo,
        now: Timestamp,
    ) -> Result<Committed, Full> {
        let (token, end) = (token.hash(), issued.record.expiry.moment());
        let kept = self.journal.as_ref().map(|_| issued.clone());
        let mut tokens = locked(&self.tokens);
        tokens.try_insert(token, issued, end, now)?;
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
        let mut tokens = locked(&self.tokens);
        tokens.take_if(&token, now, |_| true);
        self.write(|| Change::RevokeToken(token))
    }

    /// Takes every token back.
    pub(crate) fn revoke_tokens(&self) -> Committed {
        let mut tokens = locked(&self.tokens);
        tokens.clear();
        self.write(|| Change::RevokeTokens)
    }

    /// Remembers what somebody has allowed; the latest word counts.
    pub(crate) fn remember(&self, owner: ResourceOwnerId, consent: PriorConsent) -> Committed {
        let key = (owner, consent.client_id().clone(), consent.redirect_uri().clone());
        let mut consents = locked(&self.consents);
        if consents.len() >= MAX_CONSENTS && !consents.contains_key(&key) {
            return Committed::at_once();
        }
        consents.insert(key.clone(), consent.clone());
        self.write(|| Change::Remember { owner: key.0, consent })
    }

    /// Forgets what somebody has allowed before, as the latest word was no.
    pub(crate) fn forget(&self, key: ConsentKey) -> Committed {
        let mut consents = locked(&self.consents);
        if consents.remove(&key).is_none() {
            return Committed::at_once();
        }
        self.write(|| Change::Forget(key))
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

    /// Has the file hold a change, if there is a file. Whoever calls it holds the table that has changed, so that the file takes
    /// changes in the order in which they were made; it does not wait.
    fn write(&self, change: impl FnOnce() -> Change) -> Committed {
        self.journal.as_ref().map_or_else(Committed::at_once, |journal| journal.write(change()))
    }
}

/// No call leaves a table half changed, so one that panicked elsewhere does not spoil it.
pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
