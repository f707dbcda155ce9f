//! The session: a signed-in user as a machine that is told what has happened and orders what is to be done.
//!
//! The typed states hold the protocol; this holds the application's day: sign-in by redirect, popup or hidden frame,
//! renewal before the token ends, calls to the API, other tabs, sleep, sign-out. It decides everything and does nothing:
//! whoever drives it copies facts in and carries orders out.
//!
//! ```
//! # use fragrant::client::session::{Effect, HandleError, Input, Session};
//! # use fragrant::value::{Entropy, Timestamp};
//! # fn carry_out(_: Effect) -> Option<Input> { None }
//! # fn drive(session: &mut Session, input: Input, clock: impl Fn() -> Timestamp) -> Result<(), HandleError> {
//! let mut next = Some(input);
//! while let Some(input) = next.take() {
//!     match session.handle(input, clock()) {
//!         // It has come too late, which is nobody's fault. What the application asks for is another matter.
//!         Err(HandleError::UnexpectedInput { input, .. }) if !input.is_request() => continue,
//!         taken => taken?,
//!     }
//!     while let Some(effect) = session.next_effect() {
//!         // An order that can fail is the last of its batch; what came of it is the next input.
//!         next = carry_out(effect);
//!     }
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # What the session relies on
//!
//! - **One use.** The record of a pending request is taken out of the store and deleted in one act
//!   ([`TakePending`](Effect::TakePending)); that an answer counts once rests on it.
//! - **One answer.** Each order that can fail is answered by one of the inputs that [`Effect::answers`] names; where only a
//!   failure is named, by nothing if it worked. Only what takes a server or a user has a timer; a store, a lock or a source of entropy that says
//!   nothing would be waited for without end.
//! - **Order.** Orders to the store are carried out in the order in which they are given: a token that is to be forgotten
//!   must not be overtaken by the order to store it.
//! - **Nothing from what is closed.** What comes from a frame that was removed, or from a popup that was closed, is not
//!   handed on. Where it is nevertheless, nothing is believed: an answer has to match the request that is waited for.

mod arrival;
mod call;
mod calls;
mod effect;
mod facts;
mod handle_error;
mod input;
mod machine;
mod names;
mod phase;
mod problem;
mod requests;
mod settings;
mod snapshot;
mod state;
mod tabs;

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::fmt;

use statig::blocking::{IntoStateMachineExt, StateMachine};

pub use effect::{Effect, Report, ScopeReport, SignedIn};
use facts::{Facts, Turn};
pub use handle_error::HandleError;
pub use input::{Input, InputKind, Record};
use machine::Machine;
pub use names::{CallId, Timer};
pub use phase::{Arriving, Expiring, Phase, SignedInPhase, Step};
pub use problem::{Cause, NextAction, Problem};
pub use settings::{Settings, Tabs, TokenStore};
pub use snapshot::Snapshot;

pub use super::window::{Source, Window};
use super::{Authorized, Client};
use crate::value::Timestamp;

/// A user's session with one authorization server. See the [module](self).
///
/// Two are compared by their [snapshots](Self::snapshot).
#[derive(Clone)]
pub struct Session {
    machine: StateMachine<Machine>,
    facts: Facts,
    turn: Turn,
}

impl Session {
    /// A session in which nobody is signed in yet.
    pub fn new(client: impl Into<Box<Client>>, settings: Settings) -> Self {
        Self {
            machine: Machine.state_machine(),
            facts: Facts::new(client.into(), settings),
            turn: Turn::new(),
        }
    }

    /// Tells the session what has happened, and when.
    ///
    /// # Errors
    /// [`HandleError`] when the input is not taken; nothing has changed then.
    pub fn handle(&mut self, input: Input, now: Timestamp) -> Result<(), HandleError> {
        self.take(&input, now)
    }

    /// The same with an input that is not used up, for who tells many sessions the same.
    pub(crate) fn take(&mut self, input: &Input, now: Timestamp) -> Result<(), HandleError> {
        if !self.turn.effects.is_empty() {
            return Err(HandleError::EffectsPending);
        }
        self.turn.begin(now);
        let looked = self.facts.look_at_clock(&mut self.turn);
        self.machine.handle_with_context(input, &mut (&mut self.facts, &mut self.turn));
        if self.turn.is_unexpected || self.turn.error.is_some() {
            self.facts.look_away(looked, self.turn.fired);
            let unexpected = HandleError::UnexpectedInput { input: input.kind(), phase: self.phase() };
            return Err(self.turn.end_in_vain().unwrap_or(unexpected));
        }
        self.turn.end();
        Ok(())
    }

    /// The next order, until there is none.
    pub fn next_effect(&mut self) -> Option<Effect> {
        self.turn.effects.pop()
    }

    /// Where the session stands.
    pub fn phase(&self) -> Phase {
        self.machine.state().phase()
    }

    /// The token and what is known of it, while there is one.
    pub fn authorized(&self) -> Option<&Authorized> {
        self.facts.authorized.as_deref()
    }

    /// The client that the session is of.
    pub fn client(&self) -> &Client {
        &self.facts.client
    }

    /// How much of a [message](Input::MessageReceived) is looked at, in **bytes**. Anybody may send one: whoever passes it
    /// on may cut it here, and it is still judged to be too long.
    pub fn longest_message(&self) -> usize {
        // One byte more than may be there tells that there are more.
        self.client().profile().limits.max_len.saturating_add(requests::HAND_OVER.len() + 1)
    }

    /// What of it decides where it goes next, without moments and texts: enough to tell sessions that differ from those
    /// that are much alike.
    #[cfg(feature = "walk")]
    pub(crate) fn outline(&self) -> alloc::string::String {
        self.facts.outline()
    }

    /// Everything that decides what the session does next, to be compared with another's.
    pub fn snapshot(&self) -> Snapshot {
        Snapshot::of(&self.facts, self.machine.state())
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("phase", &self.phase())
            .field("effects", &self.turn.effects.iter().rev().collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}
