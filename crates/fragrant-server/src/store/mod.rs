//! What the servers remember, in memory and bounded.

mod ageing;
mod pending;

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use fragrant::api_server::TokenRecord;
use fragrant::authorization_server::PriorConsent;
use fragrant::resource_owner::ResourceOwnerId;
use fragrant::value::{ClientId, RedirectUri, Timestamp};

pub(crate) use ageing::{Ageing, Full};

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
}

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
    pub(crate) fn new() -> Self {
        Self {
            sessions: Mutex::new(Ageing::new(MAX_SESSIONS)),
            pending: Mutex::new(Pending::new(MAX_PENDING)),
            tokens: Mutex::new(Ageing::new(MAX_TOKENS)),
            consents: Mutex::default(),
        }
    }

    /// Somebody has logged in.
    pub(crate) fn add_session(&self, id: SessionId, owner: ResourceOwnerId, end: Timestamp, now: Timestamp) {
        locked(&self.sessions).insert(id.hash(), owner, end, now);
    }

    /// Whose session it is, while it lives.
    pub(crate) fn session(&self, id: &SessionId, now: Timestamp) -> Option<ResourceOwnerId> {
        locked(&self.sessions).get(&id.hash(), now).cloned()
    }

    /// Ends a session.
    pub(crate) fn end_session(&self, id: &SessionId, now: Timestamp) {
        locked(&self.sessions).take_if(&id.hash(), now, |_| true);
    }

    /// Ends every session.
    pub(crate) fn end_sessions(&self) {
        locked(&self.sessions).clear();
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

    /// A token was made. It is here before its answer leaves.
    pub(crate) fn add_token(&self, token: Token, issued: IssuedTo, now: Timestamp) -> Result<(), Full> {
        let end = issued.record.expiry.moment();
        locked(&self.tokens).try_insert(token.hash(), issued, end, now)
    }

    /// What is known of a token that has not ended.
    pub(crate) fn token(&self, token: &Token, now: Timestamp) -> Option<IssuedTo> {
        locked(&self.tokens).get(&token.hash(), now).cloned()
    }

    /// Takes one token back.
    pub(crate) fn revoke_token(&self, token: &Token, now: Timestamp) {
        locked(&self.tokens).take_if(&token.hash(), now, |_| true);
    }

    /// Takes every token back.
    pub(crate) fn revoke_tokens(&self) {
        locked(&self.tokens).clear();
    }

    /// Remembers what somebody has allowed; the latest word counts.
    pub(crate) fn remember(&self, owner: ResourceOwnerId, consent: PriorConsent) {
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
}

/// No call leaves a table half changed, so one that panicked elsewhere does not spoil it.
pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
