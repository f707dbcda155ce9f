//! The machine: which input is taken in which state. What is done about it is in `arrival`, `requests` and `calls`.
//!
//! ```text
//! Any
//! |- SignedOut, Failed, HandedOver
//! |- Arriving   { TakingPending, ReturningPending, LoadingToken }
//! |- SigningIn  { OpeningPopup, DrawingEntropy, StoringPending, AwaitingResponse, ClaimingPending }
//! `- SignedIn   { Fresh, TakingLock, AskingTabs, Stale,
//!                 DrawingEntropy, StoringPending, AwaitingResponse,
//!                 SigningInAgain { OpeningPopup, DrawingEntropy, StoringPending, AwaitingResponse, ClaimingPending } }
//! ```
//!
//! `statig` passes an input from the state up to its superstates until one takes it; what none takes is unexpected. It runs
//! the entries and exits on the way from one state to the next: a state in which nothing is under way closes what is still
//! open when it is entered, and the superstate `SignedIn` drops the token when it is left.

use alloc::boxed::Box;

use statig::Outcome;
use statig::blocking::{self, IntoStateMachine};
use zeroize::Zeroizing;

use super::calls::Answered;
use super::effect::Effect;
use super::facts::{Facts, Turn};
use super::input::{Input, Record};
use super::names::Timer;
use super::problem::Cause;
use super::requests::ATTEMPTS;
use super::state::{Goal, State, Wish};
use super::tabs::TabMessage;
use crate::client::Purpose;

/// How often a lock is waited for before it is gone on without: its holder may be asleep.
const REFUSALS: u32 = 6;
/// How long is waited for a lock in **seconds**.
const LOCK_WAIT: u64 = 5;

pub(super) enum Superstate {
    Any,
    SignedIn,
    SigningIn,
    /// Within `SignedIn`.
    SigningInAgain,
}

/// The machine owns nothing but its state. What is known in every state comes with each input, beside the turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Machine;

/// What is known, and the turn.
pub(super) type Context<'c> = (&'c mut Facts, &'c mut Turn);

impl IntoStateMachine for Machine {
    type Event<'evt> = Input;
    type Context<'ctx> = Context<'ctx>;
    type State = State;
    type Superstate<'sub> = Superstate;

    fn initial() -> State {
        State::SignedOut
    }
}

impl blocking::State<Machine> for State {
    #[inline]
    fn call_handler(&mut self, _: &mut Machine, input: &Input, context: &mut Context<'_>) -> Outcome<Self> {
        let (facts, turn) = context;
        if let Input::TimerFired { timer } = input
            && !facts.is_at_end(turn, *timer)
        {
            return Outcome::Handled;
        }
        match self {
            Self::SignedOut | Self::Failed => outside(facts, turn, input),
            Self::HandedOver => {
                turn.is_unexpected = true;
                Outcome::Handled
            }
            Self::TakingPending(arrived) => match input {
                Input::PendingTaken { key, record } if *key == arrived.key => {
                    Outcome::Transition(facts.pending_taken(turn, arrived, record.as_deref()))
                }
                Input::StorageFailed { record: Record::Pending(key) } if *key == arrived.key => {
                    turn.problem(Cause::StorageFailed);
                    Outcome::Transition(facts.pending_taken(turn, arrived, None))
                }
                Input::SignOutRequested => {
                    facts.clean(turn, &arrived.address);
                    Outcome::Super
                }
                _ => Outcome::Super,
            },
            Self::ReturningPending(key, otherwise) => match input {
                Input::PendingStored { key: own } if own == key => {
                    Outcome::Transition(facts.load(turn, *otherwise))
                }
                Input::StorageFailed { record: Record::Pending(own) } if own == key => {
                    turn.problem(Cause::StorageFailed);
                    Outcome::Transition(facts.load(turn, *otherwise))
                }
                _ => Outcome::Super,
            },
            Self::LoadingToken(otherwise) => match input {
                Input::TokenLoaded { record } => {
                    Outcome::Transition(facts.token_loaded(turn, record.as_deref(), *otherwise))
                }
                Input::StorageFailed { record: Record::Token } => {
                    turn.problem(Cause::StorageFailed);
                    Outcome::Transition((*otherwise).into())
                }
                _ => Outcome::Super,
            },
            Self::OpeningPopup(goal, wish) => match input {
                Input::PopupOpened => {
                    facts.window_opened(Purpose::Popup);
                    Outcome::Transition(facts.draw(turn, *goal, wish.clone()))
                }
                Input::PopupBlocked => {
                    Outcome::Transition(facts.gave_up(turn, *goal, Cause::PopupBlocked.into()))
                }
                _ => Outcome::Super,
            },
            Self::DrawingEntropy(goal, wish) => match input {
                Input::EntropyDrawn { entropy } => {
                    Outcome::Transition(facts.entropy_drawn(turn, *goal, wish, entropy))
                }
                Input::EntropyFailed => {
                    Outcome::Transition(facts.gave_up(turn, *goal, Cause::EntropyFailed.into()))
                }
                _ => Outcome::Super,
            },
            Self::StoringPending(goal, awaiting, url) => match input {
                Input::PendingStored { key } if *key == awaiting.key() => {
                    Outcome::Transition(facts.send(turn, *goal, awaiting.clone(), url.clone()))
                }
                Input::StorageFailed { record: Record::Pending(key) } if *key == awaiting.key() => {
                    Outcome::Transition(facts.gave_up(turn, *goal, Cause::StorageFailed.into()))
                }
                _ => Outcome::Super,
            },
            Self::AwaitingResponse(goal, awaiting) => {
                let purpose = awaiting.pending().purpose();
                let goal = *goal;
                match (input, purpose) {
                    (Input::MessageReceived { origin, source, data }, Purpose::Frame | Purpose::Popup) => {
                        let address = facts.address_in(turn, awaiting, origin, *source, data);
                        moved(address.and_then(|address| facts.answered(turn, goal, awaiting, address)))
                    }
                    // The application itself outlives its request: it is a native one, or the user went back.
                    (Input::PageLoaded { address, .. }, Purpose::Redirect) if facts.is_answer(address) => {
                        facts.clean(turn, address);
                        let claiming = || {
                            State::ClaimingPending(goal, awaiting.clone(), Zeroizing::new(address.clone()))
                        };
                        moved(facts.claim(turn, awaiting, address).then(claiming))
                    }
                    (Input::TimerFired { timer: Timer::Answer }, _) => {
                        let cause = match purpose {
                            Purpose::Frame => Cause::TimedOut,
                            Purpose::Popup | Purpose::Redirect => Cause::RequestExpired,
                        };
                        Outcome::Transition(facts.gave_up(turn, goal, cause.into()))
                    }
                    (Input::FrameFailed { key }, Purpose::Frame) if *key == awaiting.key() => {
                        Outcome::Transition(facts.gave_up(turn, goal, Cause::FrameRefused.into()))
                    }
                    (Input::CookiesBlocked, Purpose::Frame) => {
                        facts.is_silent_blocked = true;
                        Outcome::Transition(facts.gave_up(turn, goal, Cause::CookiesBlocked.into()))
                    }
                    (Input::PopupClosed, Purpose::Popup) => {
                        turn.problem(Cause::PopupClosed);
                        Outcome::Handled
                    }
                    _ => Outcome::Super,
                }
            }
            Self::ClaimingPending(goal, awaiting, address) => {
                let own = awaiting.key();
                match input {
                    Input::PendingTaken { key, record } if *key == own => {
                        Outcome::Transition(facts.claimed(turn, *goal, awaiting, address, record.is_some()))
                    }
                    Input::StorageFailed { record: Record::Pending(key) } if *key == own => {
                        Outcome::Transition(facts.gave_up(turn, *goal, Cause::StorageFailed.into()))
                    }
                    _ => Outcome::Super,
                }
            }
            Self::Fresh => match input {
                Input::TimerFired { timer: Timer::Renewal } => Outcome::Transition(facts.renew(turn)),
                Input::ApiRequested { call, method, address } => {
                    if !facts.call(turn, *call, method, address) {
                        return Outcome::Handled;
                    }
                    // The timer may have slept with the machine that it runs on.
                    match facts.due.is_some_and(|due| due <= turn.now) || !facts.serves(turn.now) {
                        true if !facts.is_new(turn.now) => Outcome::Transition(facts.renew(turn)),
                        true => {
                            facts.fail_waiting(turn, &Cause::TokenEnded.into());
                            Outcome::Handled
                        }
                        false => Outcome::Handled,
                    }
                }
                Input::ApiResponded { call, status, challenges } => {
                    match facts.call_answered(turn, *call, *status, challenges) {
                        Answered::Settled => Outcome::Handled,
                        Answered::Unknown => Outcome::Super,
                        // Another token would be refused as well. It may serve other calls.
                        Answered::TokenRefused if facts.is_new(turn.now) || facts.refusals >= ATTEMPTS => {
                            facts.answer_refused(turn, *call);
                            turn.problem(Cause::TokenRefused);
                            Outcome::Handled
                        }
                        Answered::TokenRefused => {
                            facts.is_refused = true;
                            facts.refusals += 1;
                            Outcome::Transition(facts.renew(turn))
                        }
                        Answered::Waits if facts.is_new(turn.now) => {
                            facts.answer_refused(turn, *call);
                            Outcome::Handled
                        }
                        Answered::Waits => Outcome::Transition(facts.renew(turn)),
                    }
                }
                _ => Outcome::Super,
            },
            Self::TakingLock { refused } => match input {
                Input::LockTaken => Outcome::Transition(facts.ask_tabs(turn)),
                Input::LockRefused if *refused >= REFUSALS => Outcome::Transition(facts.ask_tabs(turn)),
                Input::LockRefused => {
                    *refused += 1;
                    let at = turn.now.saturating_add(LOCK_WAIT);
                    facts.start_timer(turn, Timer::Retry, at);
                    Outcome::Handled
                }
                Input::TimerFired { timer: Timer::Retry } => {
                    facts.order_lock(turn);
                    Outcome::Handled
                }
                _ => Outcome::Super,
            },
            Self::AskingTabs => match input {
                Input::TimerFired { timer: Timer::Answer } => Outcome::Transition(facts.renew_alone(turn)),
                _ => Outcome::Super,
            },
            Self::Stale => match input {
                Input::TimerFired { timer: Timer::Retry } => Outcome::Transition(facts.renew(turn)),
                Input::ApiRequested { call, method, address } => {
                    if !facts.call(turn, *call, method, address) {
                        return Outcome::Handled;
                    }
                    // Somebody is there again, and so may be the network.
                    if facts.retry.is_some_and(|at| at <= turn.now) {
                        return Outcome::Transition(facts.renew(turn));
                    }
                    facts.fail_waiting(turn, &Cause::TokenEnded.into());
                    Outcome::Handled
                }
                Input::ApiResponded { call, status, challenges } => {
                    match facts.call_answered(turn, *call, *status, challenges) {
                        Answered::Settled => {}
                        Answered::Unknown => return Outcome::Super,
                        Answered::TokenRefused | Answered::Waits => {
                            facts.is_refused = true;
                            facts.answer_refused(turn, *call);
                        }
                    }
                    Outcome::Handled
                }
                _ => Outcome::Super,
            },
        }
    }

    fn call_entry_action(&mut self, _: &mut Machine, context: &mut Context<'_>) {
        let (facts, turn) = context;
        match self {
            Self::Fresh => {
                facts.rest(turn);
                facts.is_stale = false;
                if let Some(due) = facts.due {
                    facts.start_timer(turn, Timer::Renewal, due);
                }
            }
            Self::Stale => {
                facts.rest(turn);
                facts.is_stale = true;
                if let Some(at) = facts.retry.filter(|_| facts.attempts < ATTEMPTS) {
                    facts.start_timer(turn, Timer::Retry, at);
                }
            }
            Self::Failed | Self::HandedOver | Self::SignedOut => facts.rest(turn),
            _ => {}
        }
    }

    fn call_exit_action(&mut self, _: &mut Machine, context: &mut Context<'_>) {
        let (facts, turn) = context;
        match self {
            Self::Fresh => facts.stop_timer(turn, Timer::Renewal),
            Self::Stale | Self::TakingLock { .. } => facts.stop_timer(turn, Timer::Retry),
            Self::AskingTabs => facts.stop_timer(turn, Timer::Answer),
            _ => {}
        }
    }

    fn superstate(&mut self) -> Option<Superstate> {
        Some(match self {
            Self::AskingTabs | Self::Fresh | Self::Stale | Self::TakingLock { .. } => Superstate::SignedIn,
            _ => match self.goal() {
                Some(Goal::Renewal) => Superstate::SignedIn,
                Some(Goal::SignInAgain) => Superstate::SigningInAgain,
                Some(Goal::SignIn) => Superstate::SigningIn,
                None => Superstate::Any,
            },
        })
    }
}

impl blocking::Superstate<Machine> for Superstate {
    #[inline]
    fn call_handler(&mut self, _: &mut Machine, input: &Input, context: &mut Context<'_>) -> Outcome<State> {
        let (facts, turn) = context;
        match self {
            Self::SignedIn => signed_in(facts, turn, input),
            Self::SigningInAgain => signing_in_again(facts, turn, input),
            // The user has turned round.
            Self::SigningIn => sign_in(facts, turn, input, Goal::SignIn),
            Self::Any => any(facts, turn, input),
        }
    }

    fn call_exit_action(&mut self, _: &mut Machine, context: &mut Context<'_>) {
        if let Self::SignedIn = self {
            let (facts, _) = context;
            // Dropping the token wipes it.
            (facts.authorized, facts.user, facts.due) = (None, None, None);
            (facts.is_refused, facts.is_stale, facts.attempts, facts.retry) = (false, false, 0, None);
            facts.may_have_overwritten = false;
        }
    }

    fn superstate(&mut self) -> Option<Self> {
        match self {
            Self::SigningInAgain => Some(Self::SignedIn),
            Self::SignedIn | Self::SigningIn => Some(Self::Any),
            Self::Any => None,
        }
    }
}

/// Where nobody is signed in and nothing is under way.
fn outside(facts: &mut Facts, turn: &mut Turn, input: &Input) -> Outcome<State> {
    match input {
        Input::PageLoaded { address, window } => Outcome::Transition(facts.arrive(turn, address, *window)),
        Input::SignInRequested { .. } => sign_in(facts, turn, input, Goal::SignIn),
        _ => Outcome::Super,
    }
}

/// Begins a sign-in, the first or another.
fn sign_in(facts: &mut Facts, turn: &mut Turn, input: &Input, goal: Goal) -> Outcome<State> {
    let Input::SignInRequested { purpose, request, text } = input else { return Outcome::Super };
    let mut request = request.clone();
    if *purpose == Purpose::Frame && !facts.make_silent(&mut request) {
        return Outcome::Transition(facts.gave_up(turn, goal, Cause::RenewalNeedsPage.into()));
    }
    if let Err(error) = facts.client.check(&request) {
        turn.error = Some(error.into());
        return Outcome::Handled;
    }
    // Whatever is under way is given up; and nothing waits for a user.
    facts.rest(turn);
    facts.fail_waiting(turn, &Cause::TokenEnded.into());
    let wish = Wish { purpose: *purpose, request, text: text.clone() };
    Outcome::Transition(facts.ask(turn, goal, Box::new(wish)))
}

/// Whoever has a token, whatever is under way.
fn signed_in(facts: &mut Facts, turn: &mut Turn, input: &Input) -> Outcome<State> {
    match input {
        // A renewal is under way: the old token serves, or the call waits for the new one.
        Input::ApiRequested { call, method, address } => {
            facts.call(turn, *call, method, address);
            Outcome::Handled
        }
        Input::ApiResponded { call, status, challenges } => {
            match facts.call_answered(turn, *call, *status, challenges) {
                Answered::Unknown => return Outcome::Super,
                Answered::TokenRefused => facts.is_refused = true,
                Answered::Settled | Answered::Waits => {}
            }
            Outcome::Handled
        }
        Input::SignInRequested { .. } => sign_in(facts, turn, input, Goal::SignInAgain),
        Input::TabsSaid { text } => match facts.heard(text) {
            Some(TabMessage::SignedOut(at)) => moved(facts.follow_out(turn, at)),
            Some(TabMessage::TokenReplaced(token)) => moved(facts.adopt(turn, token)),
            Some(TabMessage::TokenWanted(than)) => {
                let received = facts.authorized.as_ref().map(|own| own.stored_token().received);
                if received.is_some_and(|received| received > than) {
                    facts.tell_token(turn);
                }
                Outcome::Handled
            }
            Some(TabMessage::TokenForgotten(at)) => {
                if facts.authorized.as_ref().is_some_and(|own| own.stored_token().received > at) {
                    facts.store_token_again(turn);
                }
                Outcome::Handled
            }
            None => Outcome::Handled,
        },
        Input::UserIdentified { sign_in, .. } if facts.sign_in() != Some(*sign_in) => Outcome::Handled,
        Input::UserIdentified { user, .. } => match &facts.user {
            Some(known) if known != user => Outcome::Transition(facts.sign_out(turn, Cause::OtherUser)),
            _ => {
                facts.user = Some(user.clone());
                Outcome::Handled
            }
        },
        _ => Outcome::Super,
    }
}

/// Whoever has a token and asks for another himself: that goes on, whatever token another tab has got meanwhile.
fn signing_in_again(facts: &mut Facts, turn: &mut Turn, input: &Input) -> Outcome<State> {
    match input {
        Input::TabsSaid { text } => match facts.heard(text) {
            Some(TabMessage::TokenReplaced(token)) => {
                moved(facts.adopt(turn, token).filter(|state| matches!(state, State::SignedOut)))
            }
            _ => Outcome::Super,
        },
        // A user may take as long as he likes, so no call waits for him.
        Input::ApiRequested { call, method, address } => {
            if facts.call(turn, *call, method, address) {
                facts.fail_waiting(turn, &Cause::TokenEnded.into());
            }
            Outcome::Handled
        }
        Input::ApiResponded { call, status, challenges } => {
            match facts.call_answered(turn, *call, *status, challenges) {
                Answered::Unknown => return Outcome::Super,
                Answered::Settled => {}
                answered => {
                    facts.is_refused |= answered == Answered::TokenRefused;
                    facts.answer_refused(turn, *call);
                }
            }
            Outcome::Handled
        }
        _ => Outcome::Super,
    }
}

/// What is taken in any state: above all what comes too late for the state that ordered it.
fn any(facts: &mut Facts, turn: &mut Turn, input: &Input) -> Outcome<State> {
    match input {
        Input::ApiResponded { call, .. } | Input::ApiUnreachable { call }
            if facts.answer_call(turn, *call) => {}
        Input::CookiesBlocked => facts.is_silent_blocked = true,
        Input::LockTaken => turn.order(Effect::ReleaseLock),
        // An answer that nothing waits for, or an address of the application's own.
        Input::PageLoaded { address, .. } if facts.is_answer(address) => facts.refuse_unasked(turn, address),
        Input::PageLoaded { .. } => {}
        Input::PendingStored { key } if facts.pending() != Some(*key) => {
            turn.order(Effect::ForgetPending { key: *key });
        }
        Input::PopupOpened => turn.order(Effect::ClosePopup),
        // The record may still be in the store.
        Input::StorageFailed { .. } => turn.problem(Cause::StorageFailed),
        Input::SignOutRequested => {
            return Outcome::Transition(facts.sign_out(turn, Cause::UserSignedOut));
        }
        Input::TabsSaid { text } => match facts.heard(text) {
            // What is being read from the store may be from before.
            Some(TabMessage::SignedOut(at)) => facts.signed_out = facts.signed_out.max(Some(at)),
            Some(TabMessage::TokenReplaced(token)) if Some(token.received) > facts.signed_out => {
                facts.signed_out = None;
            }
            Some(TabMessage::TokenWanted(received)) => facts.tell_signed_out(turn, received),
            Some(TabMessage::TokenForgotten(_) | TabMessage::TokenReplaced(_)) | None => {}
        },
        _ => turn.is_unexpected = true,
    }
    Outcome::Handled
}

fn moved(state: Option<State>) -> Outcome<State> {
    state.map_or(Outcome::Handled, Outcome::Transition)
}
