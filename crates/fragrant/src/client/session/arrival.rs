//! A page has loaded: what it brings, and the stored token that it may find.

use alloc::boxed::Box;
use alloc::string::String;

use zeroize::Zeroizing;

use super::effect::{Effect, Report};
use super::facts::{Facts, Turn};
use super::problem::{Cause, Problem};
use super::requests::HAND_OVER;
use super::settings::TokenStore;
use super::state::{Arrived, Otherwise, State};
use crate::client::rules;
use crate::client::window::Window;
use crate::client::{Authorized, Judged, PendingAuthorization, Purpose, StoredToken};
use crate::wire::Redirect;

impl Facts {
    /// Finds out what a page brings.
    pub(super) fn arrive(&mut self, turn: &mut Turn, address: &str, window: Window) -> State {
        if !self.is_answer(address) {
            return self.load(turn, Otherwise::SignedOut);
        }
        let Some(key) = Redirect::split(address).pending_key() else {
            return self.arrive_unasked(turn, address, window);
        };
        // req: RFC9700-4.2.4-3
        turn.order(Effect::TakePending { key });
        State::TakingPending(Box::new(Arrived { key, address: Zeroizing::new(address.into()), window }))
    }

    /// Judges an answer with the record of the request that it is for.
    pub(super) fn pending_taken(
        &mut self,
        turn: &mut Turn,
        arrived: &Arrived,
        record: Option<&str>,
    ) -> State {
        let Arrived { key, address, window } = arrived;
        let pending = record.and_then(|record| PendingAuthorization::decode(record).ok()).map(Box::new);
        let Some(pending) = pending.filter(|pending| pending.key() == *key) else {
            return self.arrive_unasked(turn, address, *window);
        };
        if pending.purpose() != Purpose::Redirect {
            return self.hand_over(turn, address);
        }
        self.clean(turn, address);
        let awaiting = match self.client.resume_record(pending) {
            Ok(awaiting) => awaiting,
            Err(others) => {
                turn.problem(Cause::NoPendingRequest);
                return Self::return_pending(turn, others.pending, Otherwise::SignedOut);
            }
        };
        match awaiting.judge(address, turn.now) {
            Judged::Authorized(authorized) => return self.signed_in(turn, authorized),
            Judged::Denied(denied) => return self.sign_in_failed(turn, denied.into()),
            Judged::Rejected(rejection) if rejection.reason.is_after_state_matched() => {
                return self.sign_in_failed(turn, rejection.into());
            }
            Judged::Rejected(rejection) => turn.problem(rejection),
            // It held an answer when it came.
            Judged::NotOurs => {}
        }
        Self::return_pending(turn, awaiting.into_record(), Otherwise::SignedOut)
    }

    /// An answer that no request is known for: it belongs to the page that holds this one, or to nobody.
    fn arrive_unasked(&mut self, turn: &mut Turn, address: &str, window: Window) -> State {
        if window != Window::Top {
            return self.hand_over(turn, address);
        }
        self.refuse_unasked(turn, address);
        self.load(turn, Otherwise::SignedOut)
    }

    /// Takes an answer that nobody has asked for out of the address bar.
    pub(super) fn refuse_unasked(&self, turn: &mut Turn, address: &str) {
        self.clean(turn, address);
        turn.problem(Cause::NoPendingRequest);
    }

    fn hand_over(&self, turn: &mut Turn, address: &str) -> State {
        self.clean(turn, address);
        let mut text = String::from(HAND_OVER);
        text.push_str(address);
        turn.order(Effect::HandOver { text });
        State::HandedOver
    }

    fn return_pending(turn: &mut Turn, pending: Box<PendingAuthorization>, otherwise: Otherwise) -> State {
        let key = pending.key();
        turn.order(Effect::StorePending { pending });
        State::ReturningPending(key, otherwise)
    }

    pub(super) fn clean(&self, turn: &mut Turn, address: &str) {
        let address = Redirect::split(address).without_answer(&self.client.profile().response_parameters);
        turn.order(Effect::ReplaceHistory { address });
    }

    /// Whether an address holds an answer at all, to whatever request.
    pub(super) fn is_answer(&self, address: &str) -> bool {
        rules::is_answer(&Redirect::split(address), self.client.profile())
    }

    /// A sign-in by redirect came to nothing: a token that was there before may still be.
    fn sign_in_failed(&mut self, turn: &mut Turn, problem: Problem) -> State {
        turn.report(Report::SignInFailed(problem));
        self.load(turn, Otherwise::Failed)
    }

    /// Looks for a token that was there before.
    pub(super) fn load(&mut self, turn: &mut Turn, otherwise: Otherwise) -> State {
        match self.settings.token_store {
            TokenStore::Memory => otherwise.into(),
            TokenStore::Persistent => {
                turn.order(Effect::LoadToken);
                State::LoadingToken(otherwise)
            }
        }
    }

    pub(super) fn token_loaded(
        &mut self,
        turn: &mut Turn,
        record: Option<&str>,
        otherwise: Otherwise,
    ) -> State {
        let Some(record) = record else { return otherwise.into() };
        let restored = StoredToken::decode(record)
            .ok()
            .and_then(|token| Authorized::restore(self.client.clone(), token, turn.now).ok());
        match restored {
            // Read before a sign-out that was heard of meanwhile.
            Some(authorized) if Some(authorized.stored_token().received) <= self.signed_out => {
                otherwise.into()
            }
            Some(authorized) => {
                self.begin_with(turn, Box::new(authorized));
                State::Fresh
            }
            None => {
                turn.order(Effect::ForgetToken);
                otherwise.into()
            }
        }
    }
}
