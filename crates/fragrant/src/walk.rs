//! The session's machine as a table: it is set going in every way, and what it does is written down.
//!
//! For tests and for the documentation, which has its chart from here. The walk goes on from one session of many that differ
//! little, so it can miss a rare move; what it finds the machine does.

use alloc::borrow::ToOwned;
use alloc::boxed::Box;
use alloc::collections::{BTreeMap, BTreeSet, VecDeque};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::client::session::{
    CallId, Cause, Effect, Input, InputKind, Phase, Record, Report, Session, Settings, Snapshot, Source,
    Timer, Window,
};
use crate::client::{Authorized, Client, PendingAuthorization, Purpose, Received, StoredToken};
use crate::message::AuthorizationRequest;
use crate::profile::{Profile, Renewal};
use crate::value::{AuthorizationEndpoint, ClientId, Entropy, Origin, PendingKey, RedirectUri, Timestamp};

const CALLBACK: &str = "https://app.example/cb";
const API: &str = "https://api.example/v1/me";

/// How many inputs a path is long at most. Longer ones show no new move; a test would see a phase that is not reached.
const DEPTH: usize = 11;

/// The moves by one of the inputs from one phase to another: what was ordered, and the outline of what is known then.
type Made = BTreeSet<(Vec<&'static str>, String)>;

/// Every way that a session can go, up to a length.
#[derive(Debug)]
pub struct Walk {
    sessions: Vec<Session>,
    moves: BTreeMap<(Phase, InputKind), BTreeMap<Phase, BTreeSet<&'static str>>>,
    causes: BTreeSet<Cause>,
}

impl Walk {
    /// Sets sessions of all the [clients](clients()) going with every input, over and over.
    pub fn new(settings: Settings) -> Self {
        let mut walk = Self::empty();
        for client in clients() {
            walk.go(Session::new(client, settings));
        }
        walk
    }

    /// The same with one client, so that several can be tried side by side.
    pub fn of(client: Client, settings: Settings) -> Self {
        let mut walk = Self::empty();
        walk.go(Session::new(client, settings));
        walk
    }

    const fn empty() -> Self {
        Self { sessions: Vec::new(), moves: BTreeMap::new(), causes: BTreeSet::new() }
    }

    fn go(&mut self, session: Session) {
        let mut seen: BTreeSet<Snapshot> = BTreeSet::new();
        // Of the sessions that have made the same move one is gone on from: they differ in what does not decide where to.
        let mut made: BTreeMap<(usize, Phase, Phase), Made> = BTreeMap::new();
        let inputs = every_input(&session);
        let mut queue = VecDeque::from([(session, 0)]);
        while let Some((session, depth)) = queue.pop_front() {
            if depth > DEPTH || !seen.insert(session.snapshot()) {
                continue;
            }
            // What is refused changes nothing, as a test shows, so the copy serves until something is taken.
            let mut copy = None;
            for (index, (input, now)) in inputs.iter().enumerate() {
                let kind = input.kind();
                let mut next = copy.take().unwrap_or_else(|| session.clone());
                if next.take(input, *now).is_err() {
                    copy = Some(next);
                    continue;
                }
                let effects: Vec<_> = core::iter::from_fn(|| next.next_effect()).collect();
                self.causes.extend(effects.iter().filter_map(cause));
                // The moments of the inputs jump to and fro; that is the walk's doing and not the move's.
                let is_of_the_move = |effect: &&Effect| cause(effect) != Some(Cause::ClockWentBack);
                let orders: Vec<_> = effects.iter().filter(is_of_the_move).map(Effect::as_str).collect();
                let (from, to) = (session.phase(), next.phase());
                let known = self.moves.entry((from, kind)).or_default().entry(to).or_default();
                known.extend(orders.iter().copied());
                if made.entry((index, from, to)).or_default().insert((orders, next.outline())) {
                    queue.push_back((next, depth + 1));
                }
            }
            self.sessions.push(session);
        }
    }

    /// The sessions that were reached.
    pub fn sessions(&self) -> impl Iterator<Item = &Session> {
        self.sessions.iter()
    }

    /// What went wrong on the way.
    pub const fn causes(&self) -> &BTreeSet<Cause> {
        &self.causes
    }

    /// Which inputs are taken where, where they lead, and what is ordered on the way.
    pub fn moves(&self) -> impl Iterator<Item = (Phase, InputKind, Phase, Vec<&'static str>)> {
        self.moves.iter().flat_map(|((phase, input), targets)| {
            targets.iter().map(|(target, orders)| (*phase, *input, *target, orders.iter().copied().collect()))
        })
    }
}

/// What went wrong, if the application or a caller is told so.
fn cause(effect: &Effect) -> Option<Cause> {
    match effect {
        Effect::FailCall { problem, .. } => Some(problem.cause),
        Effect::Report { report } => match &**report {
            Report::Problem(problem) | Report::SignInFailed(problem) | Report::SignedOut(problem) => {
                Some(problem.cause)
            }
            _ => None,
        },
        _ => None,
    }
}

/// One whose server renews silently and one whose does not.
pub fn clients() -> impl Iterator<Item = Client> {
    let profile = Profile::STRICT
        .with_response_parameters([alloc::borrow::Cow::Borrowed("owner_id")].to_vec().into())
        .with_user_parameter("owner_id".into());
    let profiles = [profile.clone().with_renewal(Renewal::Silent), profile];
    profiles.into_iter().filter_map(client)
}

fn client(profile: Profile) -> Option<Client> {
    let client = Client::new(
        profile,
        AuthorizationEndpoint::new("https://as.example/authorize").ok()?,
        ClientId::new("s6BhdRkqt3").ok()?,
        RedirectUri::new(CALLBACK).ok()?,
    );
    Some(client.with_api_origin(Origin::new("https://api.example").ok()?))
}

fn at(seconds: u64) -> Timestamp {
    Timestamp::from_unix_seconds(1_000_000 + seconds)
}

fn entropy() -> Entropy {
    Entropy::new([7; Entropy::LEN])
}

/// The request that every session here makes: its entropy is always the same.
fn pending(client: &Client, purpose: Purpose) -> Option<PendingAuthorization> {
    let (_, awaiting) = client.begin(client.authorization_request(), entropy(), at(0)).ok()?;
    Some(awaiting.with_purpose(purpose).into_pending())
}

/// A token of another tab's.
fn token(client: &Client, name: &str, user: &str, received: Timestamp) -> Option<StoredToken> {
    let (url, awaiting) = client.begin(client.authorization_request(), entropy(), received).ok()?;
    let state = state_of(url.as_str());
    let address = format!(
        "{CALLBACK}#access_token={name}&token_type=bearer&expires_in=3600&owner_id={user}&state={state}"
    );
    match awaiting.receive(&address, received) {
        Received::Authorized(authorized) => Some(Authorized::stored_token(&authorized).clone()),
        _ => None,
    }
}

/// Every kind of input, in every version that makes a difference, with the moment at which it comes.
pub fn every_input(session: &Session) -> Vec<(Input, Timestamp)> {
    Texts::of(session.client()).map_or_else(Vec::new, |texts| texts.inputs())
}

/// The texts of which the inputs are made. They depend on the client alone, and are made once: it takes most of a walk's
/// time otherwise.
struct Texts {
    key: PendingKey,
    request: AuthorizationRequest,
    records: Vec<(Purpose, Option<String>)>,
    answers: Vec<String>,
    token: Option<String>,
    from_tabs: Vec<String>,
}

impl Texts {
    fn of(client: &Client) -> Option<Self> {
        let record = |purpose| pending(client, purpose).map(|pending| pending.encode());
        let silent = record(Purpose::Frame)?;
        // The record's own text is the only place that shows the state.
        let state = form_urlencoded::parse(silent.as_bytes())
            .find(|(name, _)| name == "state")
            .map_or_else(String::new, |(_, state)| state.into_owned());
        let key = pending(client, Purpose::Redirect)?.key();
        let answer = |what: &str| format!("{CALLBACK}#{what}&state={state}");
        let newer = |user| token(client, "newer", user, at(30)).map(|token| tab_text(client, &token));
        let mut from_tabs: Vec<String> = ["u1", "u2"].into_iter().filter_map(newer).collect();
        from_tabs.extend([
            said(client, "kind=signed_out&at=1000040"),
            said(client, "kind=signed_out&at=1"),
            said(client, "kind=token_forgotten&at=1"),
            said(client, "kind=token_wanted&received=1"),
            "hello".into(),
        ]);
        let purposes = [Purpose::Redirect, Purpose::Popup, Purpose::Frame];
        Some(Self {
            key,
            request: client.authorization_request(),
            records: purposes.map(|purpose| (purpose, record(purpose))).into(),
            answers: Vec::from([
                answer("access_token=granted&token_type=bearer&expires_in=3600&owner_id=u1"),
                answer("access_token=other&token_type=bearer&expires_in=3600&owner_id=u2"),
                answer("access_token=nobody&token_type=bearer&expires_in=3600"),
                answer("error=login_required"),
                answer("error=server_error"),
                answer("access_token=x&token_type=mac"),
                format!("{CALLBACK}#access_token=forged&token_type=bearer&state={}{}", key, "0".repeat(40)),
                format!("{CALLBACK}#access_token=none&token_type=bearer"),
                "https://app.example/#/inbox".to_owned(),
            ]),
            token: token(client, "stored", "u1", at(0)).map(|token| token.encode()),
            from_tabs,
        })
    }

    fn inputs(&self) -> Vec<(Input, Timestamp)> {
        let key = self.key;
        let now = at(60);
        let late = at(3590);
        let mut all: Vec<(Input, Timestamp)> = Vec::new();
        for window in [Window::Top, Window::Popup, Window::Frame] {
            let load = |address: &String| (Input::PageLoaded { address: address.clone(), window }, now);
            all.extend(self.answers.iter().map(load));
        }
        for address in &self.answers {
            for source in [Source::Frame, Source::Popup, Source::Channel] {
                all.push((message("https://app.example", source, address), now));
            }
        }
        if let Some(granted) = self.answers.first() {
            all.push((message("https://evil.example", Source::Popup, granted), now));
            all.push((message("https://app.example", Source::Other, granted), now));
        }
        for (purpose, record) in &self.records {
            let request = Box::new(self.request.clone());
            all.push((Input::SignInRequested { purpose: *purpose, request, text: None }, now));
            all.push((Input::PendingTaken { key, record: record.clone() }, now));
        }
        let other_key = PendingKey::of_state_text("another");
        all.push((Input::PendingTaken { key, record: None }, now));
        all.push((Input::PendingTaken { key: other_key, record: None }, now));
        all.push((Input::PendingStored { key }, now));
        all.push((Input::PendingStored { key: other_key }, now));
        all.push((Input::TokenLoaded { record: self.token.clone() }, now));
        all.push((Input::TokenLoaded { record: Some("v=1".into()) }, now));
        all.push((Input::TokenLoaded { record: None }, now));
        for timer in [Timer::Answer, Timer::Renewal, Timer::Retry] {
            all.push((Input::TimerFired { timer }, now));
            all.push((Input::TimerFired { timer }, late));
        }
        for call in [1, 2] {
            let call = CallId(call);
            all.push((Input::ApiRequested { call, method: "GET".into(), address: API.into() }, now));
            all.push((Input::ApiRequested { call, method: "GET".into(), address: API.into() }, late));
            for (status, challenge) in [(200, None), (401, Some("Bearer error=\"invalid_token\""))] {
                let challenges: Vec<String> = challenge.into_iter().map(String::from).collect();
                all.push((Input::ApiResponded { call, status, challenges }, now));
            }
            all.push((Input::ApiUnreachable { call }, now));
        }
        all.extend(self.from_tabs.iter().map(|text| (Input::TabsSaid { text: text.clone() }, now)));
        for user in ["u1", "u2"] {
            all.push((Input::UserIdentified { sign_in: key, user: user.into() }, now));
        }
        all.push((Input::UserIdentified { sign_in: other_key, user: "u1".into() }, now));
        for key in [key, other_key] {
            all.push((Input::FrameFailed { key }, now));
        }
        for record in [Record::Pending(key), Record::Pending(other_key), Record::Token] {
            all.push((Input::StorageFailed { record }, now));
        }
        all.extend([
            (Input::CookiesBlocked, now),
            (Input::EntropyDrawn { entropy: entropy() }, at(0)),
            (Input::EntropyFailed, now),
            (Input::LockRefused, now),
            (Input::LockTaken, now),
            (Input::PopupBlocked, now),
            (Input::PopupClosed, now),
            (Input::PopupOpened, now),
            (Input::SignOutRequested, now),
        ]);
        all
    }
}

/// What a tab with this client says to the others, as text: `content` is what follows the names of the client.
pub fn said(client: &Client, content: &str) -> String {
    let encode = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let (id, endpoint) = (encode(client.client_id().as_str()), encode(client.endpoint().as_str()));
    format!("v=1&client_id={id}&authorization_endpoint={endpoint}&{content}")
}

/// The state in an authorization request, as the server reads it.
pub fn state_of(url: &str) -> String {
    let query = url.split_once('?').map_or("", |(_, query)| query);
    form_urlencoded::parse(query.as_bytes())
        .find(|(name, _)| name == "state")
        .map_or_else(String::new, |(_, state)| state.into_owned())
}

fn message(origin: &str, source: Source, address: &str) -> Input {
    Input::MessageReceived { origin: origin.into(), source, data: format!("fragrant-answer:{address}") }
}

fn tab_text(client: &Client, token: &StoredToken) -> String {
    let mut text = said(client, "kind=token_replaced&token=");
    text.extend(form_urlencoded::byte_serialize(token.encode().as_bytes()));
    text
}
