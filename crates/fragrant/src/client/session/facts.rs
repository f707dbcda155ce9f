//! What a session knows whatever its state, and the turn that handles one input.

use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::call::Call;
use super::effect::{Effect, Report, ScopeReport};
use super::handle_error::HandleError;
use super::names::{CallId, Timer};
use super::problem::{Cause, Problem};
use super::settings::{Settings, Tabs, TokenStore};
use super::tabs::TabMessage;
use crate::client::{Authorized, Client, Purpose};
use crate::sorted_map::SortedMap;
use crate::value::{PendingKey, Timestamp};

/// The longest that a browser's timer runs, 2^31 - 1 milliseconds, in whole **seconds**: 24.8 days. A longer wait is a
/// chain of timers.
const LONGEST_TIMER: u64 = 2_147_483;

/// The shortest time in **seconds** from a token to the request for the next one, so that tokens which end at once cannot
/// make a loop.
pub(super) const SHORTEST_RENEWAL: u64 = 30;

/// The shared storage of the machine.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Facts {
    pub(super) client: Box<Client>,
    pub(super) settings: Settings,
    /// The token, while the machine is in a state of those who have one.
    pub(super) authorized: Option<Box<Authorized>>,
    /// The user, as the caller has identified it.
    pub(super) user: Option<String>,
    /// When the token is to be renewed.
    pub(super) due: Option<Timestamp>,
    /// How many tokens there have been: the number of the current one.
    pub(super) token_number: u64,
    /// The API server has refused the current token.
    pub(super) is_refused: bool,
    /// From when on a renewal that has failed may be tried again.
    pub(super) retry: Option<Timestamp>,
    /// How many renewals in a row have failed for want of a server.
    pub(super) attempts: u32,
    /// How many tokens in a row were asked for because the API server has refused one.
    pub(super) refusals: u32,
    /// The last renewal has failed, and none has succeeded since.
    pub(super) is_stale: bool,
    /// The token was put back into the store, where a newer one may have been that this tab has not heard of yet.
    pub(super) may_have_overwritten: bool,
    /// When somebody signed out last, here or in another tab.
    pub(super) signed_out: Option<Timestamp>,
    /// No frame gets the login session's cookies.
    pub(super) is_silent_blocked: bool,
    /// The calls that have not had their last word.
    pub(super) calls: SortedMap<CallId, Call>,
    /// A random number, fresh with each request.
    pub(super) jitter: u64,
    /// The moment of the last input.
    pub(super) last: Timestamp,
    open: Open,
}

/// What has been opened and is to be closed before the machine rests.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Open {
    /// Until when each timer is to run.
    timers: [Option<Timestamp>; 3],
    lock: bool,
    window: Option<Purpose>,
    /// The record of the request that is under way.
    pending: Option<PendingKey>,
}

/// What a look at the clock may change, as it was before.
pub(super) struct Looked {
    last: Timestamp,
    /// What has moved along with a clock that was set back, if it was.
    moved: Option<Box<Moments>>,
}

/// All that was measured by the clock: of the token; when it is due, may be tried again, and was signed out of; and of the
/// timers.
type Moments = [Option<Timestamp>; 8];

/// One input being handled, and the orders that come of it.
#[derive(Clone)]
pub(super) struct Turn {
    pub(super) now: Timestamp,
    /// The orders that have not been taken; when the turn has ended, the next is the last.
    pub(super) effects: Vec<Effect>,
    /// The one effect of the turn that can fail.
    fallible: Option<Effect>,

    /// The timer whose end this is, and until when it was to run.
    pub(super) fired: Option<(Timer, Timestamp)>,
    pub(super) error: Option<HandleError>,
    /// No state has taken the input.
    pub(super) is_unexpected: bool,
}

impl Turn {
    pub(super) const fn new() -> Self {
        Self {
            now: Timestamp::from_unix_seconds(0),
            effects: Vec::new(),
            fallible: None,
            fired: None,
            error: None,
            is_unexpected: false,
        }
    }

    /// The next input comes. All orders of the last have been taken.
    #[inline]
    pub(super) const fn begin(&mut self, now: Timestamp) {
        (self.now, self.fired, self.is_unexpected) = (now, None, false);
    }

    /// Gives an order. One that can fail is put behind all others of the turn.
    pub(super) fn order(&mut self, effect: Effect) {
        match effect {
            // Nobody is told anything while an answer stands in the address bar.
            Effect::ReplaceHistory { .. } => self.effects.insert(0, effect),
            _ if effect.can_fail() => self.effects.extend(self.fallible.replace(effect)),
            _ => self.effects.push(effect),
        }
    }

    pub(super) fn report(&mut self, report: Report) {
        self.order(Effect::Report { report: Box::new(report) });
    }

    pub(super) fn problem(&mut self, problem: impl Into<Problem>) {
        self.report(Report::Problem(problem.into()));
    }

    /// The end of a turn in which the input was taken: the effect that can fail comes last.
    #[inline]
    pub(super) fn end(&mut self) {
        self.effects.extend(self.fallible.take());
        self.effects.reverse();
    }

    /// The end of a turn in which it was not: nothing is ordered.
    #[cold]
    pub(super) fn end_in_vain(&mut self) -> Option<HandleError> {
        self.effects.clear();
        self.fallible = None;
        self.error.take()
    }
}

impl Facts {
    pub(super) fn new(client: Box<Client>, settings: Settings) -> Self {
        Self {
            client,
            settings,
            authorized: None,
            user: None,
            due: None,
            token_number: 0,
            is_refused: false,
            retry: None,
            attempts: 0,
            refusals: 0,
            is_stale: false,
            may_have_overwritten: false,
            signed_out: None,
            is_silent_blocked: false,
            calls: SortedMap::default(),
            jitter: 0,
            last: Timestamp::from_unix_seconds(0),
            open: Open::default(),
        }
    }

    // The clock

    /// Looks at the clock. If it has gone back, by more than two clocks may differ, what was measured by it moves along:
    /// the token has as much time left as it had a moment ago. Answers with what was before.
    #[inline]
    pub(super) fn look_at_clock(&mut self, turn: &mut Turn) -> Looked {
        let mut looked = Looked { last: self.last, moved: None };
        let back = self.last.seconds_since(turn.now);
        if back > u64::from(self.settings.clock_skew) {
            looked.moved = Some(self.move_back(back));
            self.last = turn.now;
            turn.problem(Cause::ClockWentBack);
        }
        // A step back that does not count must not hide that the next one adds up with it.
        self.last = self.last.max(turn.now);
        looked
    }

    /// An input that is not taken changes nothing, not even this.
    pub(super) fn look_away(&mut self, looked: Looked, fired: Option<(Timer, Timestamp)>) {
        if let Some((timer, at)) = fired {
            *self.timer(timer) = Some(at);
        }
        self.last = looked.last;
        if let Some(before) = looked.moved {
            self.set_moments(*before);
        }
    }

    #[cold]
    fn move_back(&mut self, seconds: u64) -> Box<Moments> {
        let before = Box::new(self.moments());
        let mut moved = *before;
        for moment in moved.iter_mut().flatten() {
            *moment = moment.saturating_sub(seconds);
        }
        self.set_moments(moved);
        before
    }

    fn moments(&self) -> Moments {
        let [received, expiry] = self.authorized.as_deref().map_or([None; 2], Authorized::moments);
        let [first, second, third] = self.open.timers;
        [received, expiry, self.due, self.retry, self.signed_out, first, second, third]
    }

    fn set_moments(&mut self, moments: Moments) {
        let [received, expiry, due, retry, signed_out, timers @ ..] = moments;
        if let Some(authorized) = &mut self.authorized {
            authorized.set_moments([received, expiry]);
        }
        (self.due, self.retry, self.signed_out, self.open.timers) = (due, retry, signed_out, timers);
    }

    /// Whether the token can be expected to serve.
    pub(super) fn serves(&self, now: Timestamp) -> bool {
        let expiry = self.authorized.as_deref().and_then(Authorized::expiry);
        let is_past = expiry
            .is_some_and(|expiry| expiry.is_past(now.saturating_add(u64::from(self.settings.clock_skew))));
        !self.is_refused && !is_past
    }

    /// Whether the token is so new that a request for another would be the start of a loop.
    pub(super) fn is_new(&self, now: Timestamp) -> bool {
        let received = self.authorized.as_ref().map(|authorized| authorized.stored_token().received);
        received.is_some_and(|received| now.seconds_since(received) < SHORTEST_RENEWAL)
    }

    // The token

    /// Takes note of the token that has just been put in its place.
    pub(super) fn token_came(&mut self) {
        self.token_number += 1;
        // A token that has come in its time says nothing of those that were asked for because one was refused.
        if !core::mem::take(&mut self.is_refused) {
            self.refusals = 0;
        }
        self.due = self.authorized.as_ref().and_then(|authorized| {
            let (from, end) = (authorized.renew_at()?, authorized.expiry()?.moment());
            // In the first half of the margin, so that many clients do not come at the same second.
            let spread = end.seconds_since(from) / 2;
            let due = from.saturating_add(self.jitter % spread.saturating_add(1).max(1));
            Some(due.max(authorized.stored_token().received.saturating_add(SHORTEST_RENEWAL)))
        });
    }

    /// The sign-in that the token is from.
    pub(super) fn sign_in(&self) -> Option<PendingKey> {
        self.authorized.as_ref().map(|authorized| authorized.stored_token().sign_in)
    }

    pub(super) fn scope(&self) -> ScopeReport {
        self.authorized.as_ref().map_or_else(ScopeReport::default, |authorized| ScopeReport {
            granted: authorized.scope().cloned(),
            missing: authorized.missing_scope(),
            extra: authorized.extra_scope(),
        })
    }

    pub(super) fn store_token(&mut self, turn: &mut Turn) {
        if let (TokenStore::Persistent, Some(authorized)) = (self.settings.token_store, &self.authorized) {
            self.may_have_overwritten = false;
            turn.order(Effect::StoreToken { token: Box::new(authorized.stored_token().clone()) });
        }
    }

    /// Puts the token back where another tab may have taken it out, or an older one over it, and tells the others: one of
    /// them may have a newer token still.
    pub(super) fn store_token_again(&mut self, turn: &mut Turn) {
        self.tell_token(turn);
        self.store_token(turn);
        self.may_have_overwritten = self.settings.token_store == TokenStore::Persistent;
    }

    pub(super) fn forget_token(&self, turn: &mut Turn) {
        if self.settings.token_store == TokenStore::Persistent {
            turn.order(Effect::ForgetToken);
        }
    }

    pub(super) fn tell_tabs(&self, turn: &mut Turn, message: &TabMessage) {
        if self.settings.tabs == Tabs::Several {
            turn.order(Effect::TellTabs { text: message.encode(&self.client) });
        }
    }

    /// What another tab has said, if it was one of this client.
    pub(super) fn heard(&self, text: &str) -> Option<TabMessage> {
        TabMessage::decode(text, &self.client).ok()
    }

    /// Tells the other tabs of the token.
    pub(super) fn tell_token(&self, turn: &mut Turn) {
        if let Some(authorized) = &self.authorized {
            self.tell_tabs(turn, &TabMessage::TokenReplaced(Box::new(authorized.stored_token().clone())));
        }
    }

    /// The same without moments and texts.
    #[cfg(feature = "walk")]
    pub(super) fn outline(&self) -> String {
        let calls =
            self.calls.values().map(|call| (call.token == Some(self.token_number), call.token.is_none()));
        let flags = [
            self.is_refused,
            self.is_silent_blocked,
            self.attempts > 0,
            self.is_stale,
            self.signed_out.is_some(),
            self.serves(self.last),
        ];
        format!("{flags:?} {:?} {:?}", self.open.window, calls.collect::<Vec<_>>())
    }

    /// What of it decides what comes next, as text.
    pub(super) fn parts(&self) -> Vec<String> {
        let moment = |moment: Option<Timestamp>| moment.map(Timestamp::as_unix_seconds);
        let mut parts = Vec::from([
            format!("{:?} {:?} {:?}", self.settings, self.open, self.user),
            format!("due {:?}, retry {:?}, attempts {}", moment(self.due), moment(self.retry), self.attempts),
            format!(
                "refused {}, refusals {}, blocked {}",
                self.is_refused, self.refusals, self.is_silent_blocked
            ),
            format!(
                "signed out {:?}, overwritten {}, stale {}",
                moment(self.signed_out),
                self.may_have_overwritten,
                self.is_stale
            ),
            format!("jitter {}, last {:?}", self.jitter, self.last),
        ]);
        parts.extend(self.calls.iter().map(|(id, call)| {
            // The number of a token says nothing; whether it is the current one does.
            let is_current = call.token.map(|token| token == self.token_number);
            format!("{id:?} {} {} {is_current:?} {}", call.method, call.address, call.was_refused)
        }));
        parts
    }

    // What is open

    /// Starts a timer that runs until `at`, or as long as a timer can.
    pub(super) fn start_timer(&mut self, turn: &mut Turn, timer: Timer, at: Timestamp) {
        let seconds = at.seconds_since(turn.now).min(LONGEST_TIMER);
        let seconds = u32::try_from(seconds).unwrap_or(u32::MAX);
        *self.timer(timer) = Some(at);
        turn.order(Effect::StartTimer { timer, seconds });
    }

    pub(super) fn stop_timer(&mut self, turn: &mut Turn, timer: Timer) {
        if self.timer(timer).take().is_some() {
            turn.order(Effect::StopTimer { timer });
        }
    }

    /// Whether a timer that has fired has run to its end. One that could not be as long as it had to is one of a chain,
    /// and one that was stopped a moment ago may have fired already.
    pub(super) fn is_at_end(&mut self, turn: &mut Turn, timer: Timer) -> bool {
        match *self.timer(timer) {
            Some(at) if turn.now < at => self.start_timer(turn, timer, at),
            Some(at) => {
                *self.timer(timer) = None;
                turn.fired = Some((timer, at));
                return true;
            }
            None => turn.is_unexpected = true,
        }
        false
    }

    const fn timer(&mut self, timer: Timer) -> &mut Option<Timestamp> {
        &mut self.open.timers[timer as usize]
    }

    pub(super) const fn lock_wanted(&mut self) {
        self.open.lock = true;
    }

    pub(super) const fn pending_stored(&mut self, key: PendingKey) {
        self.open.pending = Some(key);
    }

    /// A user who is on the way to the server comes back to a page that needs the record, whatever other tabs have said to
    /// this one meanwhile.
    pub(super) fn leave_pending_of_redirect(&mut self) {
        if self.open.window == Some(Purpose::Redirect) {
            self.open.pending = None;
        }
    }

    pub(super) const fn pending(&self) -> Option<PendingKey> {
        self.open.pending
    }

    pub(super) const fn window_opened(&mut self, purpose: Purpose) {
        self.open.window = Some(purpose);
    }

    /// Closes what is open, before the machine rests: no window, no lock, no record of a request outlives what it was for.
    pub(super) fn rest(&mut self, turn: &mut Turn) {
        self.stop_timer(turn, Timer::Answer);
        match self.open.window.take() {
            Some(Purpose::Frame) => turn.order(Effect::CloseFrame),
            Some(Purpose::Popup) => turn.order(Effect::ClosePopup),
            Some(Purpose::Redirect) | None => {}
        }
        if let Some(key) = self.open.pending.take() {
            turn.order(Effect::ForgetPending { key });
        }
        if core::mem::take(&mut self.open.lock) {
            turn.order(Effect::ReleaseLock);
        }
    }
}
