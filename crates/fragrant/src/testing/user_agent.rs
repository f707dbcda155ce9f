//! A user agent that carries a session's orders out, in memory: what an adapter does with a browser, without the browser.
//!
//! Orders that a browser carries out on the spot (its storage, its entropy, a lock, a popup) are answered on the spot;
//! what takes time (answers, timers, the API) waits for the test to let it happen. Whatever the test does, the laws of the
//! session are looked at after every input.

use alloc::borrow::{Cow, ToOwned};
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::client::session::{
    CallId, Cause, Effect, HandleError, Input, Phase, Record, Report, Session, Settings, Source, Tabs, Timer,
    TokenStore, Window,
};
use crate::client::{Authorized, Client, Purpose};
use crate::message::AuthorizationRequest;
use crate::profile::{Profile, Renewal};
use crate::value::{AuthorizationEndpoint, ClientId, Entropy, Origin, PendingKey, RedirectUri, Timestamp};
pub use crate::walk::{said, state_of};

/// The store that the tabs of one origin share, and what they say to each other.
#[derive(Clone, Debug, Default)]
pub struct Shared {
    /// The records of pending requests, by key.
    pub records: BTreeMap<PendingKey, String>,
    /// The stored token.
    pub token: Option<String>,
    /// Which tab holds the lock.
    pub lock: Option<usize>,
    /// What was said, by which tab.
    pub said: Vec<(usize, String)>,
    /// Every entropy is drawn once.
    drawn: u64,
}

/// One tab of a user agent with a session in it.
#[derive(Debug)]
pub struct Tab {
    /// Which tab it is.
    pub number: usize,
    /// The session.
    pub session: Session,
    /// Whether the store fails.
    pub has_no_storage: bool,
    /// Its system gives no random numbers.
    pub has_no_entropy: bool,
    /// Whether popups are blocked.
    pub blocks_popups: bool,
    /// The addresses that the tab was sent to, by window.
    pub sent: Vec<(Purpose, String)>,
    /// When that was.
    pub sent_at: Vec<Timestamp>,
    /// The timers that run, and until when.
    pub timers: BTreeMap<Timer, Timestamp>,
    /// The calls that were made and not answered, with the token in them.
    pub calls: BTreeMap<CallId, String>,
    /// The calls that had their last word, and whether it was an answer.
    pub told: Vec<(CallId, bool)>,
    /// What the application was told.
    pub reports: Vec<Report>,
    /// What was handed over.
    pub handed_over: Option<String>,
    /// The address bar.
    pub address: String,
    /// The orders of the last input, in a word each.
    pub orders: Vec<String>,
    /// When frames were opened that the user did not ask for.
    frames: Vec<Timestamp>,
    /// What came of an order waits here, where a test wants it to come late.
    held: Vec<Input>,
    holds: bool,
    is_users_wish: bool,
    windows: BTreeSet<Purpose>,
}

impl Tab {
    /// A tab whose page is still to load.
    pub fn new(number: usize, session: Session) -> Self {
        Self {
            number,
            session,
            has_no_storage: false,
            has_no_entropy: false,
            blocks_popups: false,
            sent: Vec::new(),
            sent_at: Vec::new(),
            timers: BTreeMap::new(),
            calls: BTreeMap::new(),
            told: Vec::new(),
            reports: Vec::new(),
            handed_over: None,
            address: String::new(),
            orders: Vec::new(),
            frames: Vec::new(),
            held: Vec::new(),
            holds: false,
            is_users_wish: false,
            windows: BTreeSet::new(),
        }
    }

    /// The page loads at an address.
    pub fn load(&mut self, shared: &mut Shared, address: &str, window: Window, now: Timestamp) {
        self.address = address.to_owned();
        let input = Input::PageLoaded { address: address.to_owned(), window };
        let result = self.tell(shared, input, now);
        assert_eq!(result, Ok(()), "a page that loads is always taken");
    }

    /// The user wants to sign in.
    pub fn sign_in(
        &mut self,
        shared: &mut Shared,
        purpose: Purpose,
        now: Timestamp,
    ) -> Result<(), HandleError> {
        let request = self.session.client().authorization_request().into();
        self.tell(shared, Input::SignInRequested { purpose, request, text: None }, now)
    }

    /// The same with a request of one's own.
    pub fn sign_in_with(
        &mut self,
        shared: &mut Shared,
        purpose: Purpose,
        request: AuthorizationRequest,
        now: Timestamp,
    ) -> Result<(), HandleError> {
        self.tell(shared, Input::SignInRequested { purpose, request: request.into(), text: None }, now)
    }

    /// The window that was sent away last has come back to `address`, and its page hands it over.
    pub fn hand_over(&mut self, shared: &mut Shared, source: Source, address: &str, now: Timestamp) {
        let data = format!("fragrant-answer:{address}");
        let origin =
            self.session.client().redirect_uri().http().map_or("null", |uri| uri.origin()).to_owned();
        // That it may be unexpected is what some tests are about.
        let _ = self.tell(shared, Input::MessageReceived { origin, source, data }, now);
    }

    /// Lets every timer run out that is due by `now`.
    pub fn run_timers(&mut self, shared: &mut Shared, now: Timestamp) {
        while let Some((timer, _)) =
            self.timers.iter().find(|(_, at)| **at <= now).map(|(timer, at)| (*timer, *at))
        {
            self.timers.remove(&timer);
            let result = self.tell(shared, Input::TimerFired { timer }, now);
            assert_eq!(result, Ok(()), "a timer that the session has started");
        }
    }

    /// From now on what comes of an order comes late.
    pub const fn hold_answers(&mut self) {
        self.holds = true;
    }

    /// What came of the orders comes now, the last one first, which is the worst order for it to come in.
    pub fn release_answers(&mut self, shared: &mut Shared, now: Timestamp) {
        self.holds = false;
        while let Some(input) = self.held.pop() {
            // It may be too late for it.
            let _ = self.tell(shared, input, now);
        }
    }

    /// Whether something that came of an order is held back.
    pub const fn waits(&self) -> bool {
        !self.held.is_empty()
    }

    /// The key of the request that was sent last.
    pub fn key(&self) -> PendingKey {
        let url = self.sent.last().map_or("", |(_, url)| url);
        PendingKey::of_state_text(&state_of(url))
    }

    /// Hands an input to the session and carries out what it orders, and what follows from that.
    pub fn tell(&mut self, shared: &mut Shared, input: Input, now: Timestamp) -> Result<(), HandleError> {
        self.orders.clear();
        self.is_users_wish = matches!(&input, Input::SignInRequested { purpose: Purpose::Frame, .. });
        let mut next = Some(input);
        let mut steps = 0;
        while let Some(input) = next.take() {
            let before = self.session.snapshot();
            let kind = input.kind();
            if let Err(error) = self.session.handle(input, now) {
                assert_eq!(self.session.next_effect(), None, "an order of an input that was not taken");
                assert_eq!(steps, 0, "{kind} was ordered, and is not taken: {error}");
                assert_eq!(before, self.session.snapshot(), "{kind} changed something");
                return Err(error);
            }
            next = self.carry_out(shared, now);
            if self.holds {
                self.held.extend(next.take());
            }
            self.check(shared, now);
            steps += 1;
            assert!(steps < 12, "no end of orders");
        }
        Ok(())
    }

    fn carry_out(&mut self, shared: &mut Shared, now: Timestamp) -> Option<Input> {
        let mut answer = None;
        while let Some(effect) = self.session.next_effect() {
            assert!(answer.is_none(), "{} comes after an order that can fail", effect.as_str());
            self.orders.push(effect.as_str().to_owned());
            let (order, can_fail, answers) = (effect.as_str(), effect.can_fail(), effect.answers());
            let came_of_it = self.carry_out_one(shared, effect, now);
            assert!(can_fail || came_of_it.is_none(), "only what can fail is answered on the spot");
            if let Some(input) = &came_of_it {
                assert!(answers.contains(&input.kind()), "{} does not answer {order}", input.kind());
            }
            answer = came_of_it;
        }
        answer
    }

    fn carry_out_one(&mut self, shared: &mut Shared, effect: Effect, now: Timestamp) -> Option<Input> {
        match effect {
            Effect::AnswerCall { call } => {
                self.calls.remove(&call);
                self.told.push((call, true));
            }
            Effect::CallApi { call, request } => {
                self.calls.insert(call, request.reveal_authorization().to_string());
            }
            Effect::CloseFrame => assert!(self.windows.remove(&Purpose::Frame), "no frame to close"),
            Effect::ClosePopup => drop(self.windows.remove(&Purpose::Popup)),
            Effect::DrawEntropy if self.has_no_entropy => return Some(Input::EntropyFailed),
            Effect::DrawEntropy => {
                shared.drawn += 1;
                let mut bytes = [0; Entropy::LEN];
                for (index, chunk) in bytes.chunks_mut(8).enumerate() {
                    let number = shared.drawn.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(index as u64);
                    chunk.copy_from_slice(&number.to_be_bytes());
                }
                return Some(Input::EntropyDrawn { entropy: Entropy::new(bytes) });
            }
            Effect::FailCall { call, .. } => {
                self.calls.remove(&call);
                self.told.push((call, false));
            }
            Effect::ForgetPending { key } => drop(shared.records.remove(&key)),
            Effect::ForgetToken if self.has_no_storage => return Some(failed(Record::Token)),
            Effect::ForgetToken => shared.token = None,
            Effect::HandOver { text } => self.handed_over = Some(text),
            Effect::LoadToken if self.has_no_storage => return Some(failed(Record::Token)),
            Effect::LoadToken => return Some(Input::TokenLoaded { record: shared.token.clone() }),
            Effect::NavigatePopup { url } => self.send(Purpose::Popup, url.as_str(), now),
            Effect::NavigateTo { url } => self.send(Purpose::Redirect, url.as_str(), now),
            Effect::OpenFrame { url, .. } => {
                assert!(self.windows.insert(Purpose::Frame), "two frames at once");
                if !self.is_users_wish {
                    self.frames.push(now);
                }
                self.send(Purpose::Frame, url.as_str(), now);
            }
            Effect::OpenPopup if self.blocks_popups => return Some(Input::PopupBlocked),
            Effect::OpenPopup => {
                self.windows.insert(Purpose::Popup);
                return Some(Input::PopupOpened);
            }
            Effect::ReleaseLock if shared.lock == Some(self.number) => shared.lock = None,
            Effect::ReleaseLock => {}
            Effect::ReplaceHistory { address } => self.address = address,
            Effect::Report { report } => self.reports.push(*report),
            Effect::StartTimer { timer, seconds } => {
                assert!(seconds <= 2_147_483, "longer than a browser's timer");
                self.timers.insert(timer, now.saturating_add(u64::from(seconds)));
            }
            Effect::StopTimer { timer } => drop(self.timers.remove(&timer)),
            Effect::StorePending { pending } if self.has_no_storage => {
                return Some(failed(Record::Pending(pending.key())));
            }
            Effect::StorePending { pending } => {
                shared.records.insert(pending.key(), pending.encode());
                return Some(Input::PendingStored { key: pending.key() });
            }
            Effect::StoreToken { .. } if self.has_no_storage => return Some(failed(Record::Token)),
            Effect::StoreToken { token } => shared.token = Some(token.encode()),
            Effect::TakeLock { .. } => {
                let holder = *shared.lock.get_or_insert(self.number);
                return Some(if holder == self.number { Input::LockTaken } else { Input::LockRefused });
            }
            Effect::TakePending { key } if self.has_no_storage => return Some(failed(Record::Pending(key))),
            Effect::TakePending { key } => {
                return Some(Input::PendingTaken { key, record: shared.records.remove(&key) });
            }
            Effect::TellTabs { text } => shared.said.push((self.number, text)),
        }
        None
    }

    fn send(&mut self, purpose: Purpose, url: &str, now: Timestamp) {
        self.sent.push((purpose, url.to_owned()));
        self.sent_at.push(now);
    }

    /// What holds after every input.
    fn check(&self, shared: &Shared, now: Timestamp) {
        let phase = self.session.phase();
        assert_eq!(self.session.authorized().is_some(), phase.is_signed_in(), "{phase}");
        let is_at_rest = matches!(phase, Phase::SignedOut | Phase::Failed | Phase::HandedOver)
            || matches!(phase.path(), ["signed_in", "fresh"] | ["signed_in", "expiring", "stale"]);
        if is_at_rest {
            // A popup of which it is not known yet that it has opened is closed when it is.
            assert!(self.waits() || self.windows.is_empty(), "{:?} is left open while {phase}", self.windows);
            assert_ne!(shared.lock, Some(self.number), "the lock is left taken while {phase}");
            // A page that was sent away is gone; its record is for the one that comes back.
            let of_windows = self.sent.iter().filter(|(purpose, _)| *purpose != Purpose::Redirect);
            for (_, url) in of_windows {
                let key = PendingKey::of_state_text(&state_of(url));
                assert!(!shared.records.contains_key(&key), "a record is left in the store while {phase}");
            }
            assert!(!self.timers.contains_key(&Timer::Answer), "an answer is waited for while {phase}");
        }
        // No renewal without end: whatever happens, few frames in any half minute. (Those of before the clock was set back are
        // not counted.)
        let is_recent = |at: &&Timestamp| **at <= now && now.seconds_since(**at) < 30;
        let recent = self.frames.iter().filter(is_recent).count();
        assert!(recent <= 3, "{recent} frames in half a minute");
        let in_an_hour = |at: &&Timestamp| **at <= now && now.seconds_since(**at) < 3600;
        let hourly = self.frames.iter().filter(in_an_hour).count();
        assert!(hourly <= 60, "{hourly} frames in an hour");
        // Each call has one last word.
        let told: BTreeSet<_> = self.told.iter().map(|(call, _)| call).collect();
        assert_eq!(told.len(), self.told.len(), "a call was told twice");
        assert!(self.calls.keys().all(|call| !told.contains(call)), "a call goes on after its last word");
    }

    /// The causes of the problems that were reported, of whatever kind.
    pub fn causes(&self) -> Vec<Cause> {
        let problem = |report: &Report| match report {
            Report::Problem(problem) | Report::SignInFailed(problem) | Report::SignedOut(problem) => {
                Some(problem.cause)
            }
            _ => None,
        };
        self.reports.iter().filter_map(problem).collect()
    }

    /// When the token came.
    pub fn received(&self) -> Option<Timestamp> {
        self.session.authorized().map(|authorized| authorized.stored_token().received)
    }

    /// The token, revealed.
    pub fn token(&self) -> Option<&str> {
        self.session.authorized().map(|authorized: &Authorized| authorized.access_token().reveal_secret())
    }
}

/// Two tabs to which anything happens, two bytes at a time: what, and to whom or how much. Whatever the order, the laws of the
/// session hold, and a token in a tab is one that the server has issued.
pub fn happenings(input: &[u8]) {
    let Some(mut world) = World::new() else { return };
    for [what, how] in input.as_chunks().0 {
        world.happen(*what, *how);
        for tab in &world.tabs {
            let token = tab.token().unwrap_or("issued");
            assert!(token.starts_with("issued"), "{token} is not the server's");
        }
    }
}

struct World {
    tabs: [Tab; 2],
    shared: Shared,
    client: Client,
    now: Timestamp,
    calls: u64,
}

const CALLBACK: &str = "https://app.example/cb";
const SETTINGS: Settings =
    Settings::DEFAULT.with_tabs(Tabs::Several).with_token_store(TokenStore::Persistent);

impl World {
    fn new() -> Option<Self> {
        let profile = Profile::STRICT
            .with_renewal(Renewal::Silent)
            .with_response_parameters([Cow::Borrowed("owner_id")].to_vec().into())
            .with_user_parameter("owner_id".into());
        let client = Client::new(
            profile,
            AuthorizationEndpoint::new("https://as.example/authorize").ok()?,
            ClientId::new("s6BhdRkqt3").ok()?,
            RedirectUri::new(CALLBACK).ok()?,
        )
        .with_api_origin(Origin::new("https://api.example").ok()?);
        let tabs = [0, 1].map(|number| Tab::new(number, Session::new(client.clone(), SETTINGS)));
        let now = Timestamp::from_unix_seconds(1_000_000);
        Some(Self { tabs, shared: Shared::default(), client, now, calls: 0 })
    }

    fn happen(&mut self, what: u8, how: u8) {
        let now = self.now;
        let index = usize::from(how & 1);
        let answers = ["issued", "issued", "error=login_required", "error=server_error", "evil", "nothing"];
        let answer = answers[usize::from(how >> 1) % answers.len()];
        // That an input may be unexpected is what the fuzzer is to find out; the tab looks at what it does then.
        match what % 16 {
            0..=2 => self.answer(index, answer, if how & 64 == 0 { "u1" } else { "u2" }),
            3 | 4 => {
                let purpose = [Purpose::Redirect, Purpose::Popup, Purpose::Frame][usize::from(how >> 1) % 3];
                let _ = self.tabs[index].sign_in(&mut self.shared, purpose, now);
            }
            5 | 6 => {
                self.now = now.saturating_add(u64::from(how) * 40);
                for tab in &mut self.tabs {
                    tab.run_timers(&mut self.shared, self.now);
                }
            }
            7 => self.now = Timestamp::from_unix_seconds(now.as_unix_seconds() - u64::from(how)),
            8 => self.hear(index),
            9 => self.reload(index, "https://app.example/"),
            10 => drop(self.tabs[index].tell(&mut self.shared, Input::SignOutRequested, now)),
            11 => {
                self.calls += 1;
                let (call, address) = (CallId(self.calls), "https://api.example/".to_owned());
                let _ = self.tabs[index].tell(
                    &mut self.shared,
                    Input::ApiRequested { call, method: "GET".into(), address },
                    now,
                );
            }
            12 => {
                let Some((call, _)) = self.tabs[index].calls.first_key_value() else { return };
                let (call, status) = (*call, if how & 2 == 0 { 401 } else { 200 });
                let input = Input::ApiResponded { call, status, challenges: Vec::new() };
                let _ = self.tabs[index].tell(&mut self.shared, input, now);
            }
            13 => self.tabs[index].has_no_storage = how & 2 == 0,
            14 => {
                let key = self.tabs[index].key();
                let inputs =
                    [Input::CookiesBlocked, Input::FrameFailed { key }, Input::PopupClosed, Input::LockTaken];
                if let Some(input) = inputs.into_iter().nth(usize::from(how >> 1) % 4) {
                    let _ = self.tabs[index].tell(&mut self.shared, input, now);
                }
            }
            _ => {
                self.shared.records.clear();
                self.shared.token = None;
            }
        }
    }

    fn answer(&mut self, index: usize, answer: &str, user: &str) {
        let Some((purpose, url)) = self.tabs[index].sent.last().cloned() else { return };
        let state = state_of(&url);
        let address = match answer {
            "issued" => format!(
                "{CALLBACK}#access_token=issued{}&token_type=bearer&expires_in=3600&owner_id={user}&state={state}",
                self.calls
            ),
            "evil" => format!("{CALLBACK}#access_token=evil&token_type=bearer&state={state}0"),
            "nothing" => CALLBACK.to_owned(),
            error => format!("{CALLBACK}#{error}&state={state}"),
        };
        match purpose {
            Purpose::Redirect => self.reload(index, &address),
            Purpose::Popup => self.tabs[index].hand_over(&mut self.shared, Source::Popup, &address, self.now),
            Purpose::Frame => self.tabs[index].hand_over(&mut self.shared, Source::Frame, &address, self.now),
        }
    }

    /// A new page in the place of the tab's. The user agent gives the lock of the old one back.
    fn reload(&mut self, index: usize, address: &str) {
        if self.shared.lock == Some(index) {
            self.shared.lock = None;
        }
        self.tabs[index] = Tab::new(index, Session::new(self.client.clone(), SETTINGS));
        self.tabs[index].load(&mut self.shared, address, Window::Top, self.now);
    }

    fn hear(&mut self, index: usize) {
        while let Some(place) = self.shared.said.iter().position(|(from, _)| *from != index) {
            let (_, text) = self.shared.said.remove(place);
            let _ = self.tabs[index].tell(&mut self.shared, Input::TabsSaid { text }, self.now);
        }
    }
}

fn failed(record: Record) -> Input {
    Input::StorageFailed { record }
}
