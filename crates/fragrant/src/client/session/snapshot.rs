//! What decides what a session does next, as one value.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use super::facts::Facts;
use super::phase::Phase;
use super::state::{Arrived, State, Wish};
use crate::client::{Authorized, AwaitingResponse};

/// Everything that decides what a session does next, as data: two sessions of one client with equal snapshots answer
/// every input alike. For a model that visits each only once.
///
/// It holds the token and the states of requests as text, so `Debug` shows the phase alone.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Snapshot {
    phase: Phase,
    /// What the state owns, the parts one after the other.
    state: Vec<String>,
    /// The token, as it would be stored, and the renewal that it waits for.
    token: Option<(String, Option<String>)>,
    /// The rest of what is known.
    facts: Vec<String>,
}

impl Snapshot {
    pub(super) fn of(facts: &Facts, state: &State) -> Self {
        let token = facts.authorized.as_deref().map(|authorized: &Authorized| {
            let renewal = authorized.awaited_renewal().map(|key| key.to_text());
            (authorized.stored_token().encode(), renewal)
        });
        Self { phase: state.phase(), state: state_parts(state), token, facts: facts.parts() }
    }

    /// Where the session stands.
    pub const fn phase(&self) -> Phase {
        self.phase
    }
}

fn state_parts(state: &State) -> Vec<String> {
    let awaited = |awaiting: &AwaitingResponse| awaiting.pending().encode();
    let wished = |wish: &Wish| {
        let text = wish.text.clone().unwrap_or_default();
        [wish.purpose.as_str().into(), wish.request.to_query(), text].to_vec()
    };
    let mut parts: Vec<String> = state.goal().into_iter().map(|goal| goal.as_str().into()).collect();
    parts.extend(match state {
        State::AwaitingResponse(_, awaiting) => [awaited(awaiting)].to_vec(),
        State::ClaimingPending(_, awaiting, address) => [awaited(awaiting), address.to_string()].to_vec(),
        State::DrawingEntropy(_, wish) | State::OpeningPopup(_, wish) => wished(wish),
        State::LoadingToken(otherwise) => [otherwise.as_str().into()].to_vec(),
        State::ReturningPending(key, otherwise) => [key.to_text(), otherwise.as_str().into()].to_vec(),
        State::StoringPending(_, awaiting, url) => [awaited(awaiting), url.as_str().into()].to_vec(),
        State::TakingLock { refused } => [refused.to_string()].to_vec(),
        State::TakingPending(arrived) => {
            let Arrived { key, address, window } = &**arrived;
            [key.to_text(), address.to_string(), window.as_str().into()].to_vec()
        }
        State::AskingTabs
        | State::Failed
        | State::Fresh
        | State::HandedOver
        | State::SignedOut
        | State::Stale => Vec::new(),
    });
    parts
}

impl fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Snapshot({})", self.phase)
    }
}
