//! Steps 1 and 3 under way: a request on its way out, its answer on its way in. The same for a first token and for the next
//! one, in this window, in a popup and in a hidden frame.

use alloc::boxed::Box;
use alloc::string::String;

use super::effect::{Effect, Report, SignedIn};
use super::facts::{Facts, Turn};
use super::names::Timer;
use super::problem::{Cause, NextAction, Problem};
use super::settings::{Tabs, TokenStore};
use super::state::{Goal, State, Wish};
use super::tabs::TabMessage;
use crate::client::window::Source;
use crate::client::{
    Authorized, AwaitingResponse, Judged, JudgedRenewal, KeptReason, Purpose, RestoreError, StoredToken,
    checks,
};
use crate::message::{AuthorizationRequest, AuthorizationUrl};
use crate::profile::Renewal;
use crate::value::{Entropy, Origin, Prompts, Timestamp};
use crate::wire::Redirect;

/// What stands before an address that is handed over, so that a message that is none is known at once.
pub(super) const HAND_OVER: &str = "fragrant-answer:";

/// How long after the first failed attempt the next one is made, in **seconds**, and up to as much again, by chance; twice as
/// long each time.
const FIRST_RETRY: u64 = 20;
/// How many attempts are made, and tokens refused, before the user is asked.
pub(super) const ATTEMPTS: u32 = 4;

/// How long the lock may be held beyond the wait for a frame's answer, in **seconds**: for the other tabs, for entropy and
/// for the store.
const LOCK_MARGIN: u32 = 10;

impl Facts {
    // Step 1

    /// Begins to ask for a token. A popup comes first, as it must be opened while the click is being handled.
    pub(super) fn ask(&mut self, turn: &mut Turn, goal: Goal, wish: Box<Wish>) -> State {
        match wish.purpose {
            Purpose::Popup => {
                turn.order(Effect::OpenPopup);
                State::OpeningPopup(goal, wish)
            }
            Purpose::Frame | Purpose::Redirect => self.draw(turn, goal, wish),
        }
    }

    pub(super) fn draw(&self, turn: &mut Turn, goal: Goal, wish: Box<Wish>) -> State {
        turn.order(Effect::DrawEntropy);
        State::DrawingEntropy(goal, wish)
    }

    /// Makes the request and has its record stored.
    pub(super) fn entropy_drawn(
        &mut self,
        turn: &mut Turn,
        goal: Goal,
        wish: &Wish,
        entropy: &Entropy,
    ) -> State {
        let (url, awaiting) = self.client.begin_checked((*wish.request).clone(), entropy, turn.now);
        let awaiting = awaiting.with_purpose(wish.purpose).remember(wish.text.clone().unwrap_or_default());
        self.jitter = entropy.for_jitter();
        self.pending_stored(awaiting.key());
        turn.order(Effect::StorePending { pending: Box::new(awaiting.pending().clone()) });
        State::StoringPending(goal, awaiting, url)
    }

    /// Sends the user agent, the popup or the frame on its way.
    pub(super) fn send(
        &mut self,
        turn: &mut Turn,
        goal: Goal,
        awaiting: AwaitingResponse,
        url: AuthorizationUrl,
    ) -> State {
        if let (Goal::Renewal, Some(authorized)) = (goal, &mut self.authorized) {
            authorized.await_renewal(awaiting.key());
        }
        match awaiting.pending().purpose() {
            Purpose::Redirect => {
                self.window_opened(Purpose::Redirect);
                self.start_timer(turn, Timer::Answer, awaiting.pending().end());
                turn.order(Effect::NavigateTo { url });
            }
            Purpose::Popup => {
                self.start_timer(turn, Timer::Answer, awaiting.pending().end());
                turn.order(Effect::NavigatePopup { url });
            }
            Purpose::Frame => {
                self.window_opened(Purpose::Frame);
                let at = turn.now.saturating_add(u64::from(self.settings.answer_timeout));
                self.start_timer(turn, Timer::Answer, at);
                turn.order(Effect::OpenFrame { key: awaiting.key(), url });
            }
        }
        State::AwaitingResponse(goal, awaiting)
    }

    // Step 3

    /// The address in a message, if it comes from where the answer is awaited from. `None` if there is nothing to judge.
    pub(super) fn address_in<'a>(
        &self,
        turn: &mut Turn,
        awaiting: &AwaitingResponse,
        origin: &str,
        source: Source,
        data: &'a str,
    ) -> Option<&'a str> {
        let address = data.strip_prefix(HAND_OVER)?;
        let own = self.client.redirect_uri().http().map(Origin::of)?;
        if !checks::is_own_origin(own.as_str(), origin) {
            turn.problem(Cause::WrongOrigin);
            return None;
        }
        let expected = match awaiting.pending().purpose() {
            Purpose::Frame => Source::Frame,
            Purpose::Popup => Source::Popup,
            Purpose::Redirect => Source::Other,
        };
        if !checks::is_own_window(expected, source) {
            turn.problem(Cause::WrongWindow);
            return None;
        }
        // Every tab hears the channel: another tab's answer is nobody's fault.
        let is_own = Redirect::split(address).pending_key() == Some(awaiting.key());
        (is_own || source != Source::Channel).then_some(address)
    }

    /// Uses a request up whose answer has come to the page that made it: another page may have had it from the store.
    /// `false` if the request still stands.
    pub(super) fn claim(&self, turn: &mut Turn, awaiting: &AwaitingResponse, address: &str) -> bool {
        match awaiting.judge(address, turn.now) {
            Judged::Rejected(rejection) if !rejection.reason.is_after_state_matched() => {
                turn.problem(rejection);
                return false;
            }
            Judged::NotOurs => return false,
            _ => {}
        }
        turn.order(Effect::TakePending { key: awaiting.key() });
        true
    }

    /// Judges an answer for the record of whose request the store was asked.
    // req: RFC9700-4.2.4-3
    pub(super) fn claimed(
        &mut self,
        turn: &mut Turn,
        goal: Goal,
        awaiting: &AwaitingResponse,
        address: &str,
        was_there: bool,
    ) -> State {
        let state = was_there.then(|| self.answered(turn, goal, awaiting, address)).flatten();
        state.unwrap_or_else(|| self.gave_up(turn, goal, Cause::NoPendingRequest.into()))
    }

    /// Judges the address that came back. `None` if the request still stands.
    pub(super) fn answered(
        &mut self,
        turn: &mut Turn,
        goal: Goal,
        awaiting: &AwaitingResponse,
        address: &str,
    ) -> Option<State> {
        if goal == Goal::Renewal {
            return self.renewal_answered(turn, awaiting, address);
        }
        // req: RFC9700-4.17.2-4
        match awaiting.judge(address, turn.now) {
            Judged::Authorized(authorized) if goal == Goal::SignInAgain => {
                Some(self.signed_in_again(turn, awaiting.pending().purpose(), authorized))
            }
            Judged::Authorized(authorized) => Some(self.signed_in(turn, authorized)),
            Judged::Denied(denied) => Some(self.gave_up(turn, goal, denied.into())),
            Judged::NotOurs => None,
            Judged::Rejected(rejection) if rejection.reason.is_after_state_matched() => {
                Some(self.gave_up(turn, goal, rejection.into()))
            }
            Judged::Rejected(rejection) => {
                turn.problem(rejection);
                None
            }
        }
    }

    fn renewal_answered(
        &mut self,
        turn: &mut Turn,
        awaiting: &AwaitingResponse,
        address: &str,
    ) -> Option<State> {
        let authorized = self.authorized.as_mut()?;
        match authorized.judge_renewal(awaiting, address, turn.now) {
            JudgedRenewal::OtherUser(_) => Some(self.sign_out(turn, Cause::OtherUser)),
            JudgedRenewal::Replaced => Some(self.renewed(turn)),
            JudgedRenewal::Kept(reason) => {
                let still_stands = reason.leaves_request();
                let problem = match reason {
                    KeptReason::Denied(denied) => Problem::from(denied),
                    KeptReason::Rejected(rejection) => Problem::from(rejection),
                    KeptReason::UserUnknown => Problem::from(Cause::UserUnknown),
                    KeptReason::NotOurs => return None,
                    KeptReason::Superseded => Problem::from(Cause::NoPendingRequest),
                };
                if still_stands {
                    turn.problem(problem);
                    return None;
                }
                Some(self.gave_up(turn, Goal::Renewal, problem))
            }
        }
    }

    pub(super) fn signed_in(&mut self, turn: &mut Turn, authorized: Box<Authorized>) -> State {
        self.begin_with(turn, authorized);
        self.tell_token(turn);
        self.store_token(turn);
        State::Fresh
    }

    /// The user, who had a token, has signed in once more, for more scope or as somebody else: that begins anew.
    fn signed_in_again(&mut self, turn: &mut Turn, purpose: Purpose, authorized: Box<Authorized>) -> State {
        let before = self.authorized.as_deref().and_then(Authorized::user);
        if purpose == Purpose::Frame {
            // No page was shown, so nobody has chosen to be somebody else.
            match checks::is_same_user(before, authorized.user()) {
                Some(true) => {}
                Some(false) => return self.sign_out(turn, Cause::OtherUser),
                None => return self.gave_up(turn, Goal::SignInAgain, Cause::UserUnknown.into()),
            }
        } else if !is_surely_same(before, authorized.user()) {
            self.make_none_again();
        }
        self.signed_in(turn, authorized)
    }

    /// Puts a token that begins a sign-in into its place, and says so.
    pub(super) fn begin_with(&mut self, turn: &mut Turn, authorized: Box<Authorized>) {
        self.authorized = Some(authorized);
        self.user = None;
        (self.attempts, self.refusals, self.signed_out) = (0, 0, None);
        self.token_came();
        self.report_sign_in(turn);
    }

    fn report_sign_in(&self, turn: &mut Turn) {
        if let Some(authorized) = &self.authorized {
            turn.report(Report::SignedIn(SignedIn {
                sign_in: authorized.stored_token().sign_in,
                user: authorized.user().map(String::from),
                scope: self.scope(),
                text: authorized.text().map(String::from),
            }));
        }
    }

    /// A new token is in the place of the old one.
    fn renewed(&mut self, turn: &mut Turn) -> State {
        self.tell_token(turn);
        self.store_token(turn);
        self.token_replaced(turn)
    }

    /// Goes on with the token that has come, from wherever.
    fn token_replaced(&mut self, turn: &mut Turn) -> State {
        self.token_came();
        turn.report(Report::TokenRenewed(self.scope()));
        // One that ends at once is as good as none, and must not be asked for without end.
        if !self.serves(turn.now) {
            return self.gave_up(turn, Goal::Renewal, Cause::TokenEnded.into());
        }
        self.attempts = 0;
        self.make_waiting(turn);
        State::Fresh
    }

    /// A request came to nothing.
    pub(super) fn gave_up(&mut self, turn: &mut Turn, goal: Goal, problem: Problem) -> State {
        match goal {
            Goal::SignIn => {
                turn.report(Report::SignInFailed(problem));
                State::Failed
            }
            // Everything is as it was before.
            Goal::SignInAgain => {
                turn.report(Report::SignInFailed(problem));
                if self.is_stale {
                    return State::Stale;
                }
                let is_due = !self.serves(turn.now) || self.due.is_some_and(|due| due <= turn.now);
                if !is_due || self.is_new(turn.now) {
                    return State::Fresh;
                }
                self.rest(turn);
                self.renew(turn)
            }
            Goal::Renewal => {
                let problem = self.after_attempt(turn, problem);
                self.fail_waiting(turn, &problem);
                turn.problem(problem);
                State::Stale
            }
        }
    }

    /// What is to be said of a failed attempt, and from when on another may help.
    fn after_attempt(&mut self, turn: &Turn, problem: Problem) -> Problem {
        self.retry = None;
        if problem.cause.next_action() != NextAction::RetryAfter {
            return problem;
        }
        self.attempts = self.attempts.saturating_add(1).min(ATTEMPTS);
        let wait = FIRST_RETRY << (self.attempts - 1);
        self.retry = Some(turn.now.saturating_add(wait + self.jitter % wait));
        if self.attempts < ATTEMPTS { problem } else { Cause::TooManyAttempts.into() }
    }

    // Step 3, again

    /// Begins to ask for the next token.
    pub(super) fn renew(&mut self, turn: &mut Turn) -> State {
        if self.client.profile().renewal != Renewal::Silent {
            return self.gave_up(turn, Goal::Renewal, Cause::RenewalNeedsPage.into());
        }
        if self.is_silent_blocked {
            return self.gave_up(turn, Goal::Renewal, Cause::CookiesBlocked.into());
        }
        match self.settings.tabs {
            Tabs::Several => self.take_lock(turn),
            Tabs::Alone => self.renew_alone(turn),
        }
    }

    pub(super) fn take_lock(&mut self, turn: &mut Turn) -> State {
        self.lock_wanted();
        self.order_lock(turn);
        State::TakingLock { refused: 0 }
    }

    pub(super) fn order_lock(&self, turn: &mut Turn) {
        let seconds = self.settings.answer_timeout.saturating_add(LOCK_MARGIN);
        turn.order(Effect::TakeLock { seconds });
    }

    /// Asks the other tabs for a newer token, before asking the authorization server.
    pub(super) fn ask_tabs(&mut self, turn: &mut Turn) -> State {
        if let Some(authorized) = &self.authorized {
            let received = authorized.stored_token().received;
            self.tell_tabs(turn, &TabMessage::TokenWanted(received));
        }
        self.start_timer(turn, Timer::Answer, turn.now.saturating_add(1));
        State::AskingTabs
    }

    /// Asks the authorization server, without a page.
    pub(super) fn renew_alone(&mut self, turn: &mut Turn) -> State {
        let request = Box::new(match &self.authorized {
            Some(authorized) => authorized.renewal_request(),
            None => self.client.authorization_request(),
        });
        self.draw(turn, Goal::Renewal, Box::new(Wish { purpose: Purpose::Frame, request, text: None }))
    }

    /// Gives a request what one without a page needs: `prompt=none`, unless the caller has said something else. `false` if the
    /// provider documents no such thing.
    pub(super) fn make_silent(&self, request: &mut AuthorizationRequest) -> bool {
        request.prompt.get_or_insert_with(Prompts::none);
        self.client.profile().renewal == Renewal::Silent
    }

    // The other tabs

    /// Takes over a token from another tab, if it is newer and for the same user. If it is for another, this tab ends its
    /// own session and leaves the other's alone.
    pub(super) fn adopt(&mut self, turn: &mut Turn, token: Box<StoredToken>) -> Option<State> {
        let own = self.authorized.as_mut()?;
        let soon = turn.now.saturating_add(u64::from(self.settings.clock_skew));
        let is_ending = |token: &Authorized| token.expiry().is_some_and(|expiry| expiry.is_past(soon));
        let other = match Authorized::restore(self.client.clone(), *token, turn.now) {
            Ok(other) => Box::new(other),
            // It was stored over this one, and a page that was loaded since may have found it ended and taken it out.
            Err(RestoreError::Ended) if !is_ending(own) => {
                self.store_token_again(turn);
                return None;
            }
            Err(_) => return None,
        };
        if !is_before(own.stored_token(), other.stored_token()) {
            // The older may have been stored over the newer, and be what other tabs have.
            if is_before(other.stored_token(), own.stored_token()) {
                self.store_token_again(turn);
            }
            return None;
        }
        let is_of_this_sign_in = own.stored_token().sign_in == other.stored_token().sign_in;
        let is_same_user = checks::is_same_user(own.user(), other.user());
        match is_same_user {
            Some(false) => {}
            // One that is about to end is not worth what is under way.
            _ if is_ending(&other) => return None,
            None if is_of_this_sign_in => return None,
            _ => {}
        }
        // The newer belongs where this tab may have put its own, whosever it is.
        if core::mem::take(&mut self.may_have_overwritten) {
            turn.order(Effect::StoreToken { token: Box::new(other.stored_token().clone()) });
        }
        match is_same_user {
            Some(false) => {
                self.leave_pending_of_redirect();
                return Some(self.leave(turn, Cause::OtherUser, turn.now));
            }
            Some(true) if is_of_this_sign_in => own.replace(*other),
            _ => {
                if !is_surely_same(own.user(), other.user()) {
                    self.fail_waiting(turn, &Cause::AnotherSignIn.into());
                    self.make_none_again();
                }
                self.begin_with(turn, other);
                self.make_waiting(turn);
                return Some(State::Fresh);
            }
        }
        Some(self.token_replaced(turn))
    }

    // The end

    /// Ends it everywhere: in the store and in the other tabs too.
    pub(super) fn sign_out(&mut self, turn: &mut Turn, cause: Cause) -> State {
        // The token came before, whatever a clock says that was set back since; the other tabs compare moments only.
        let received = self.authorized.as_ref().map(|authorized| authorized.stored_token().received);
        let at = received.map_or(turn.now, |received| received.max(turn.now));
        self.forget_token(turn);
        self.tell_tabs(turn, &TabMessage::SignedOut(at));
        self.leave(turn, cause, at)
    }

    /// Ends it in this tab because it was ended in another, unless the token is from a sign-in since.
    pub(super) fn follow_out(&mut self, turn: &mut Turn, at: Timestamp) -> Option<State> {
        let received = self.authorized.as_ref()?.stored_token().received;
        if received > at {
            return None;
        }
        // The tab that was signed out of has forgotten what it had stored. But this one may have a store of its own, or have
        // stored behind it. If somebody has signed in since, it is theirs that is forgotten now, and they are told.
        if self.settings.token_store == TokenStore::Persistent {
            self.tell_tabs(turn, &TabMessage::TokenForgotten(at));
            self.forget_token(turn);
        }
        self.leave_pending_of_redirect();
        Some(self.leave(turn, Cause::SignedOutElsewhere, at))
    }

    /// Ends it in this tab: the token is dropped with the state that it belongs to.
    pub(super) fn leave(&mut self, turn: &mut Turn, cause: Cause, at: Timestamp) -> State {
        self.signed_out = Some(at);
        self.fail_waiting(turn, &cause.into());
        self.make_none_again();
        turn.report(Report::SignedOut(cause.into()));
        State::SignedOut
    }

    /// Answers a tab that has slept through the sign-out and asks for a newer token.
    pub(super) fn tell_signed_out(&self, turn: &mut Turn, received: Timestamp) {
        if let Some(at) = self.signed_out.filter(|at| *at >= received) {
            self.tell_tabs(turn, &TabMessage::SignedOut(at));
        }
    }
}

/// Whether two answers surely name one user. On a page of the server the user may choose to be somebody else, so where no
/// user is named nothing is sure.
fn is_surely_same(one: Option<&str>, other: Option<&str>) -> bool {
    one.is_some() && one == other
}

/// Whether one of two tokens is the older. Of two that came in one second all tabs must keep the same.
fn is_before(one: &StoredToken, other: &StoredToken) -> bool {
    let (first, second) = (one.access_token.reveal_secret(), other.access_token.reveal_secret());
    one.received.cmp(&other.received).then_with(|| first.cmp(second)).is_lt()
}
