//! What an event costs that the session handles, beside the same in an enum and a `match`.
//!
//! An ordinary day is a call, its answer, and now and then a timer. Events about which there is next to nothing to be done show
//! what the machine costs by itself. Parsing an answer would cost the same in both.

use std::collections::{BTreeMap, VecDeque};

use fragrant::client::Authorized;
use fragrant::client::session::{CallId, Effect, HandleError, Input, Phase, Session, Settings, Timer};
use fragrant::profile::Profile;
use fragrant::testing::user_agent::{Shared, Tab, state_of};
use fragrant::value::Timestamp;

const DAY: u64 = 24 * 3600;

/// The moment of every event.
pub const NOW: Timestamp = Timestamp::from_unix_seconds(1_000_000);

/// What happens all day: a call is made and answered, and now and then a timer fires.
#[derive(Clone, Copy, Debug)]
pub enum Event {
    /// The application calls the API.
    Called,
    /// The API has answered.
    Responded,
    /// The timer of the renewal has fired, as one of a chain.
    TimerFired,
    /// A lock has come that nobody waits for any more.
    LockTaken,
}

impl Event {
    /// Those of an ordinary day.
    pub const DAY: [Self; 3] = [Self::Called, Self::Responded, Self::TimerFired];
    /// Those about which there is next to nothing to be done.
    pub const EMPTY: [Self; 2] = [Self::TimerFired, Self::LockTaken];

    fn input(self) -> Input {
        let call = CallId(1);
        match self {
            Self::Called => Input::ApiRequested { call, method: "GET".into(), address: API.into() },
            Self::Responded => Input::ApiResponded { call, status: 200, challenges: Vec::new() },
            Self::TimerFired => Input::TimerFired { timer: Timer::Renewal },
            Self::LockTaken => Input::LockTaken,
        }
    }
}

const API: &str = "https://api.example/v1/me";

/// A session with a token for a hundred days, so that its renewal timer is one of a chain.
pub fn session() -> Option<Session> {
    use fragrant::client::{Client, Purpose, session::Source};
    use fragrant::value::{AuthorizationEndpoint, ClientId, Origin, RedirectUri};

    let client = Client::new(
        Profile::STRICT,
        AuthorizationEndpoint::new("https://as.example/authorize").ok()?,
        ClientId::new("s6BhdRkqt3").ok()?,
        RedirectUri::new("https://app.example/cb").ok()?,
    )
    .with_api_origin(Origin::new("https://api.example").ok()?);
    let (mut tab, mut shared) = (Tab::new(0, Session::new(client, Settings::DEFAULT)), Shared::default());
    tab.sign_in(&mut shared, Purpose::Popup, NOW).ok()?;
    let state = state_of(&tab.sent.last()?.1);
    let answer = format!(
        "https://app.example/cb#access_token=t&token_type=bearer&expires_in={}&state={state}",
        100 * DAY
    );
    tab.hand_over(&mut shared, Source::Popup, &answer, NOW);
    Some(tab.session)
}

/// Hands the events to a session and takes what it orders. Answers with the number of orders.
pub fn drive(session: &mut Session, events: &[Event]) -> usize {
    let mut orders = 0;
    for event in events {
        if session.handle(event.input(), NOW).is_ok() {
            while let Some(effect) = session.next_effect() {
                drop(std::hint::black_box(effect));
                orders += 1;
            }
        }
    }
    orders
}

/// The same by hand: an enum, a `match`, and nothing that these events do not need.
#[derive(Debug)]
pub struct ByHand {
    state: Hand,
    last: Timestamp,
    calls: BTreeMap<CallId, (String, String)>,
    effects: VecDeque<Effect>,
}

/// The states that the events concern, and others, so that the `match` has something to tell apart.
#[derive(Debug)]
#[allow(dead_code)]
enum Hand {
    SignedOut,
    SigningIn { step: u8 },
    Fresh { authorized: Box<Authorized>, due: Timestamp, is_running: bool },
    Renewing { authorized: Box<Authorized>, step: u8 },
    Failed,
}

impl ByHand {
    /// In the same state as a session.
    pub fn of(session: &Session) -> Option<Self> {
        let authorized = Box::new(session.authorized()?.clone());
        let due = authorized.renew_at()?;
        let state = Hand::Fresh { authorized, due, is_running: true };
        Some(Self { state, last: NOW, calls: BTreeMap::new(), effects: VecDeque::new() })
    }

    /// What [`Session::handle`] does about these events.
    pub fn handle(&mut self, input: Input, now: Timestamp) -> Result<(), HandleError> {
        if !self.effects.is_empty() || self.last.seconds_since(now) > 5 {
            return Err(HandleError::EffectsPending);
        }
        self.last = now;
        match (&mut self.state, input) {
            (Hand::Fresh { authorized, due, .. }, Input::ApiRequested { call, method, address }) => {
                if self.calls.contains_key(&call) {
                    return Err(HandleError::CallRepeated);
                }
                if authorized.expiry().is_some_and(|expiry| expiry.is_past(now)) || now >= *due {
                    return Err(HandleError::EffectsPending);
                }
                let request = Box::new(authorized.api_request(&method, &address)?);
                self.effects.push_back(Effect::CallApi { call, request });
                self.calls.insert(call, (method, address));
            }
            (Hand::Fresh { .. }, Input::ApiResponded { call, status, .. }) if status != 401 => {
                if self.calls.remove(&call).is_none() {
                    return Err(HandleError::CallRepeated);
                }
                self.effects.push_back(Effect::AnswerCall { call });
            }
            (Hand::Fresh { due, is_running, .. }, Input::TimerFired { timer: Timer::Renewal })
                if *is_running && now < *due =>
            {
                // Taken and set again, as a timer that is not one of a chain would stay taken.
                *is_running = std::hint::black_box(true);
                let seconds = due.seconds_since(now).min(2_147_483);
                let seconds = u32::try_from(seconds).unwrap_or(u32::MAX);
                self.effects.push_back(Effect::StartTimer { timer: Timer::Renewal, seconds });
            }
            (_, Input::LockTaken) => self.effects.push_back(Effect::ReleaseLock),
            (_, input) => {
                return Err(HandleError::UnexpectedInput { input: input.kind(), phase: Phase::SignedOut });
            }
        }
        Ok(())
    }

    /// As [`drive`].
    pub fn drive(&mut self, events: &[Event]) -> usize {
        let mut orders = 0;
        for event in events {
            if self.handle(event.input(), NOW).is_ok() {
                while let Some(effect) = self.effects.pop_front() {
                    drop(std::hint::black_box(effect));
                    orders += 1;
                }
            }
        }
        orders
    }
}
