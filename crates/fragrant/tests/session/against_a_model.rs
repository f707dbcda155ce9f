//! The session against a plain model of what a user may expect, in a world that loses things: pages reload, storage is
//! cleared, tabs are duplicated, clocks jump, and anybody sends messages and answers.

use std::collections::{BTreeMap, BTreeSet};

use fragrant::client::session::{
    CallId, Input, Phase, Session, Settings, Source, Step, Tabs, TokenStore, Window,
};
use fragrant::client::{Authorized, PendingAuthorization, Purpose};
use fragrant::profile::{Profile, Renewal};
use fragrant::testing::user_agent::{Shared, Tab, state_of};
use fragrant::value::{PendingKey, Timestamp};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::Config;
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest, prop_state_machine};

use crate::scenario::{APP, api_call, at, client_of};

const TABS: usize = 3;

/// The lifetimes that the server gives, in seconds; 0 for none said.
const LIFETIMES: [u64; 5] = [3600, 3600, 600, 7, 0];

/// One thing that happens, in one of the tabs.
#[derive(Clone, Debug)]
enum Event {
    /// The server answers the last request of the tab.
    Answered { tab: usize, says: Says, lifetime: u64 },
    /// A call is made.
    Called { tab: usize },
    /// The oldest call of the tab is answered.
    CallAnswered { tab: usize, status: u16 },
    /// The clock is set, by so many seconds forward or back.
    ClockSet { by: i64 },
    /// A tab is duplicated: another page loads at its address, with the same storage and nothing else.
    Duplicated { from: usize, to: usize },
    /// Somebody sends the tab to the callback with an answer that is not the server's.
    Forged { tab: usize, whole: bool },
    /// What came of a tab's orders comes late: from now on, or at last.
    Delayed { tab: usize, ends: bool },
    /// What the other tabs have said arrives.
    Heard { tab: usize },
    /// The tab's user agent opens no popup, or does again.
    PopupsBlocked { tab: usize, blocks: bool },
    /// The page loads again.
    Reloaded { tab: usize },
    /// The user wants to sign in.
    SignedIn { tab: usize, purpose: Purpose },
    /// The user wants to sign out.
    SignedOut { tab: usize },
    /// The tab's storage fails, or works again.
    StorageFailed { tab: usize, fails: bool },
    /// The storage is cleared.
    StorageLost,
    /// Time passes, and the tab's timers run out. A sleeping tab's do not.
    Waited { seconds: u64, sleeps: bool },
}

#[derive(Clone, Copy, Debug)]
enum Says {
    Denied,
    Granted,
    OtherUser,
    Unavailable,
}

/// What a user may expect, told without the machine: who is signed in in which tab, and since when nobody may be.
#[derive(Clone, Debug, Default)]
struct Model {
    /// Whether the user has wanted to sign in in the tab since its last sign-out.
    was_wanted: [bool; TABS],
    /// Whether a sign-in has been answered with yes in the tab since its last sign-out.
    may_be_signed_in: [bool; TABS],
    /// Whether the tab's storage fails.
    has_no_storage: [bool; TABS],
    /// Whether the provider's answers name their user.
    names_user: bool,
}

impl ReferenceStateMachine for Model {
    type State = Self;
    type Transition = Event;

    fn init_state() -> BoxedStrategy<Self> {
        any::<bool>().prop_map(|names_user| Self { names_user, ..Self::default() }).boxed()
    }

    fn transitions(_: &Self) -> BoxedStrategy<Event> {
        let tab = || 0..TABS;
        let purpose = select(vec![Purpose::Redirect, Purpose::Popup, Purpose::Frame]);
        let says = select(vec![
            Says::Granted,
            Says::Granted,
            Says::Granted,
            Says::Denied,
            Says::OtherUser,
            Says::Unavailable,
        ]);
        prop_oneof![
            6 => (tab(), says, select(LIFETIMES.to_vec()))
                .prop_map(|(tab, says, lifetime)| Event::Answered { tab, says, lifetime }),
            4 => (tab(), purpose).prop_map(|(tab, purpose)| Event::SignedIn { tab, purpose }),
            4 => (0..4000u64, any::<bool>()).prop_map(|(seconds, sleeps)| Event::Waited { seconds, sleeps }),
            3 => tab().prop_map(|tab| Event::Called { tab }),
            3 => (tab(), select(vec![200, 401, 403]))
                .prop_map(|(tab, status)| Event::CallAnswered { tab, status }),
            1 => (tab(), any::<bool>()).prop_map(|(tab, blocks)| Event::PopupsBlocked { tab, blocks }),
            3 => tab().prop_map(|tab| Event::Heard { tab }),
            2 => (tab(), any::<bool>()).prop_map(|(tab, whole)| Event::Forged { tab, whole }),
            2 => tab().prop_map(|tab| Event::Reloaded { tab }),
            1 => tab().prop_map(|tab| Event::SignedOut { tab }),
            1 => (tab(), tab()).prop_map(|(from, to)| Event::Duplicated { from, to }),
            1 => (-4000..4000i64).prop_map(|by| Event::ClockSet { by }),
            1 => Just(Event::StorageLost),
            1 => (tab(), any::<bool>()).prop_map(|(tab, fails)| Event::StorageFailed { tab, fails }),
            2 => (tab(), any::<bool>()).prop_map(|(tab, ends)| Event::Delayed { tab, ends }),
        ]
        .boxed()
    }

    fn apply(mut state: Self, event: &Event) -> Self {
        match event {
            Event::SignedIn { tab, .. } => state.was_wanted[*tab] = true,
            // It may be answered more than once, as the first answer may come before the request has left the tab.
            Event::Answered { tab, says: Says::Granted | Says::OtherUser, .. } => {
                state.may_be_signed_in[*tab] |= state.was_wanted[*tab];
            }
            // A stored token may be found, if any tab has ever got one that was not signed out of.
            Event::Reloaded { tab } | Event::Duplicated { to: tab, .. } => {
                state.may_be_signed_in[*tab] = state.may_be_signed_in.iter().any(|may| *may);
            }
            // Signing out clears the store, and is told to the others, who hear of it later.
            Event::SignedOut { tab } => {
                state.was_wanted[*tab] = false;
                // What the storage does not forget may be found again.
                state.may_be_signed_in[*tab] &= state.has_no_storage[*tab];
            }
            Event::StorageFailed { tab, fails } => state.has_no_storage[*tab] = *fails,
            _ => {}
        }
        state
    }
}

/// The world that the events happen in.
struct World {
    tabs: [Tab; TABS],
    shared: Shared,
    /// What each tab has not heard yet.
    unheard: [Vec<String>; TABS],
    now: Timestamp,
    /// The tokens that the server has issued, each with its user.
    issued: BTreeMap<String, &'static str>,
    /// Who made each call.
    callers: BTreeMap<CallId, &'static str>,
    calls: u64,
    names_user: bool,
    /// The storage has never failed nor been lost.
    is_storage_sound: bool,
    /// A clock was set back, by which a stored token may look ended, and an older one newer.
    was_clock_set_back: bool,
    /// The user has signed out, and no request for a token was under way anywhere or has been answered since.
    is_signed_out: bool,
}

impl World {
    fn new(names_user: bool) -> Self {
        let mut world = Self {
            tabs: [0, 1, 2].map(|number| Tab::new(number, new_session(names_user))),
            shared: Shared::default(),
            unheard: Default::default(),
            now: at(100_000),
            issued: BTreeMap::new(),
            callers: BTreeMap::new(),
            calls: 0,
            names_user,
            is_storage_sound: true,
            was_clock_set_back: false,
            is_signed_out: false,
        };
        (0..TABS).for_each(|tab| world.open(tab, "https://app.example/"));
        world
    }

    /// A new page in the place of the tab's.
    fn open(&mut self, tab: usize, address: &str) {
        // The browser gives a lock back when the page that holds it is gone.
        if self.shared.lock == Some(tab) {
            self.shared.lock = None;
        }
        // What was said before it loads it does not hear, and whoever waits for its calls is gone.
        self.spread();
        self.unheard[tab].clear();
        self.tabs[tab] = Tab::new(tab, new_session(self.names_user));
        self.tabs[tab].load(&mut self.shared, address, Window::Top, self.now);
    }

    /// Hands what was said to all who are to hear it.
    fn spread(&mut self) {
        for (from, text) in self.shared.said.drain(..) {
            let others = self.unheard.iter_mut().enumerate().filter(|(number, _)| *number != from);
            others.for_each(|(_, unheard)| unheard.push(text.clone()));
        }
    }

    fn has_everybody_heard(&self) -> bool {
        self.shared.said.is_empty() && self.unheard.iter().all(Vec::is_empty)
    }

    /// Whose token the tab has.
    fn user_of(&self, tab: usize) -> Option<&'static str> {
        self.tabs[tab].token().and_then(|token| self.issued.get(token).copied())
    }

    fn next_timer(&self) -> Option<Timestamp> {
        self.tabs.iter().flat_map(|tab| tab.timers.values()).min().copied()
    }

    fn answer(&mut self, tab: usize, says: Says, lifetime: u64) {
        let Some((purpose, url)) = self.tabs[tab].sent.last().cloned() else { return };
        let token = format!("issued{}", self.issued.len());
        let lifetime = if lifetime == 0 { String::new() } else { format!("&expires_in={lifetime}") };
        let granted =
            |user: &str| format!("access_token={token}&token_type=bearer{lifetime}&owner_id={user}");
        let what = match says {
            Says::Denied => "error=login_required".to_owned(),
            Says::Granted => granted("u1"),
            Says::OtherUser => granted("u2"),
            Says::Unavailable => "error=temporarily_unavailable".to_owned(),
        };
        if matches!(says, Says::Granted | Says::OtherUser) {
            let said = if matches!(says, Says::OtherUser) { "u2" } else { "u1" };
            // Where no user is named, nobody could tell that a renewal without a page was for another.
            let user = match self.user_of(tab) {
                Some(same) if purpose == Purpose::Frame && !self.names_user => same,
                _ => said,
            };
            self.issued.insert(token.clone(), user);
            self.is_signed_out = false;
        }
        let state = state_of(&url);
        let address = format!("{APP}#{what}&state={state}");
        let is_awaited = self.is_awaited(tab, purpose, &state);
        match purpose {
            Purpose::Redirect => self.open(tab, &address),
            Purpose::Popup => self.tabs[tab].hand_over(&mut self.shared, Source::Popup, &address, self.now),
            Purpose::Frame => self.tabs[tab].hand_over(&mut self.shared, Source::Frame, &address, self.now),
        }
        // A believed yes to a first request is a token, whatever has happened before.
        if is_awaited && !self.tabs[tab].has_no_storage && matches!(says, Says::Granted | Says::OtherUser) {
            assert_eq!(self.tabs[tab].token(), Some(&*token), "{purpose:?}");
        }
    }

    /// Whether an answer to this request is one that the tab has to believe, as a first sign-in.
    fn is_awaited(&self, tab: usize, purpose: Purpose, state: &str) -> bool {
        let is_fresh = |record: &str| {
            let pending = PendingAuthorization::decode(record).unwrap();
            self.now < pending.end()
        };
        match purpose {
            Purpose::Redirect => self
                .shared
                .records
                .get(&PendingKey::of_state_text(state))
                .is_some_and(|record| is_fresh(record)),
            // What was asked for last is what is awaited, while it is.
            Purpose::Popup | Purpose::Frame => {
                let since = self.tabs[tab].sent_at.last().copied().unwrap_or(self.now);
                self.tabs[tab].session.phase() == Phase::SigningIn(Step::AwaitingResponse)
                    && self.now < since.saturating_add(600)
            }
        }
    }
}

impl StateMachineTest for World {
    type SystemUnderTest = Self;
    type Reference = Model;

    fn init_test(model: &Model) -> Self {
        Self::new(model.names_user)
    }

    fn apply(mut world: Self, _: &Model, event: Event) -> Self {
        let now = world.now;
        match event {
            Event::Answered { tab, says, lifetime } => world.answer(tab, says, lifetime),
            Event::Called { tab } => {
                world.calls += 1;
                let call = CallId(world.calls);
                let caller = world.user_of(tab);
                world.callers.extend(caller.map(|caller| (call, caller)));
                let input = api_call(world.calls);
                let _ = world.tabs[tab].tell(&mut world.shared, input, now);
            }
            Event::CallAnswered { tab, status } => {
                if let Some((call, _)) = world.tabs[tab].calls.pop_first() {
                    let input = Input::ApiResponded { call, status, challenges: vec![] };
                    world.tabs[tab].tell(&mut world.shared, input, now).unwrap();
                }
            }
            Event::PopupsBlocked { tab, blocks } => world.tabs[tab].blocks_popups = blocks,
            Event::ClockSet { by } => {
                world.was_clock_set_back |= by < 0;
                world.now = Timestamp::from_unix_seconds(now.as_unix_seconds().saturating_add_signed(by));
                // The timers of a browser do not look at the clock.
                for tab in &mut world.tabs {
                    for due in tab.timers.values_mut() {
                        *due = Timestamp::from_unix_seconds(due.as_unix_seconds().saturating_add_signed(by));
                    }
                }
            }
            Event::Duplicated { from, to } => {
                let address = world.tabs[from].address.clone();
                world.open(to, &address);
            }
            Event::Forged { tab, whole } => {
                let address = format!("{APP}#access_token=evil&token_type=bearer&state=evil");
                if whole {
                    let input = Input::PageLoaded { address, window: Window::Top };
                    // A page that has handed its answer over takes nothing more.
                    let _ = world.tabs[tab].tell(&mut world.shared, input, now);
                } else {
                    world.tabs[tab].hand_over(&mut world.shared, Source::Popup, &address, now);
                }
            }
            Event::Heard { tab } => {
                for text in std::mem::take(&mut world.unheard[tab]) {
                    world.tabs[tab].tell(&mut world.shared, Input::TabsSaid { text }, now).unwrap();
                }
            }
            Event::Reloaded { tab } => world.open(tab, "https://app.example/"),
            Event::SignedIn { tab, purpose } => {
                let result = world.tabs[tab].sign_in(&mut world.shared, purpose, now);
                let phase = world.tabs[tab].session.phase();
                assert!(result.is_ok() || matches!(phase, Phase::HandedOver | Phase::Arriving(_)), "{phase}");
            }
            Event::SignedOut { tab } => {
                // Whether a token that came in the same second came before it or after, nobody can say.
                let now = now.saturating_add(1);
                world.now = now.saturating_add(1);
                world.tabs[tab].tell(&mut world.shared, Input::SignOutRequested, now).unwrap();
                assert_eq!(world.tabs[tab].token(), None);
                if !world.tabs[tab].has_no_storage {
                    assert_eq!(world.shared.token, None);
                    let is_under_way =
                        |tab: &Tab| matches!(tab.session.phase(), Phase::SigningIn(_) | Phase::Arriving(_));
                    // By a clock that was set back nobody can say what came before.
                    world.is_signed_out = !world.was_clock_set_back && !world.tabs.iter().any(is_under_way);
                }
            }
            Event::Delayed { tab, ends: true } => world.tabs[tab].release_answers(&mut world.shared, now),
            Event::Delayed { tab, ends: false } => world.tabs[tab].hold_answers(),
            Event::StorageFailed { tab, fails } => {
                world.is_storage_sound &= !fails;
                world.tabs[tab].has_no_storage = fails;
            }
            Event::StorageLost => {
                world.is_storage_sound = false;
                world.shared.records.clear();
                world.shared.token = None;
            }
            Event::Waited { seconds, sleeps } => {
                // Step by step, as timers start timers.
                let end = now.saturating_add(seconds);
                while let Some(next) = world.next_timer().filter(|next| !sleeps && *next <= end) {
                    world.now = world.now.max(next);
                    for tab in 0..TABS {
                        world.tabs[tab].run_timers(&mut world.shared, world.now);
                    }
                }
                world.now = end;
            }
        }
        world.spread();
        world
    }

    fn check_invariants(world: &Self, model: &Model) {
        // One that has ended meanwhile, or is as good as ended, is nobody's any more.
        let soon = world.now.saturating_add(5);
        let ends = |authorized: &Authorized| authorized.expiry().is_some_and(|end| end.is_past(soon));
        let lasting = |tab: &&Tab| tab.session.authorized().is_some_and(|authorized| !ends(authorized));
        if world.has_everybody_heard() {
            let tokens: Vec<_> = world.tabs.iter().filter_map(Tab::token).collect();
            assert!(
                tokens.is_empty() || !world.is_signed_out,
                "a token after the sign-out that all have heard of"
            );
            let tokens: BTreeSet<_> = world.tabs.iter().filter(lasting).map(Tab::token).collect();
            // Two that have crossed a step of the clock may each look newer than the other.
            assert!(
                tokens.len() <= 1 || !world.is_storage_sound || world.was_clock_set_back,
                "{tokens:?} at once"
            );
            let is_quiet = world.tabs.iter().all(|tab| !tab.waits());
            assert!(
                tokens.is_empty()
                    || !is_quiet
                    || !world.is_storage_sound
                    || world.was_clock_set_back
                    || world.shared.token.is_some(),
                "signed in, and a page that loads would not be"
            );
        }
        for tab in &world.tabs {
            if let Some(token) = tab.token() {
                assert!(world.issued.contains_key(token), "{token} is not the server's");
            }
            for (call, authorization) in &tab.calls {
                let user = authorization.strip_prefix("Bearer ").and_then(|token| world.issued.get(token));
                assert_eq!(user, world.callers.get(call), "a call is made with somebody else's token");
            }
        }
        let may_be = model.may_be_signed_in.iter().any(|may| *may);
        // A page may have found a token that by the clock is from after the sign-out.
        let may_be = may_be || world.was_clock_set_back;
        assert!(
            may_be || !world.has_everybody_heard() || world.tabs.iter().all(|tab| tab.token().is_none()),
            "nobody ever said yes"
        );
    }
}

/// A session whose provider names the user in its answers, or does not.
fn new_session(names_user: bool) -> Session {
    let settings = Settings::DEFAULT.with_tabs(Tabs::Several).with_token_store(TokenStore::Persistent);
    let named = Profile::STRICT
        .with_renewal(Renewal::Silent)
        .with_response_parameters(vec!["owner_id".into()].into());
    let profile = if names_user { named.with_user_parameter("owner_id".into()) } else { named };
    Session::new(client_of(profile), settings)
}

prop_state_machine! {
    #![proptest_config(Config { cases: cases(), failure_persistence: None, ..Config::default() })]

    #[test]
    fn no_sequence_breaks_what_a_user_may_expect(sequential 1..30 => World);
}

/// 10,000 sequences unless the environment says otherwise.
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(10_000)
}
