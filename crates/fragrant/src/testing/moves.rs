//! The session's machine as a table: it is set going in every way, and what it does is written down.

use alloc::borrow::ToOwned;
use alloc::boxed::Box;
use alloc::collections::{BTreeMap, BTreeSet, VecDeque};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::user_agent::{said, state_of};
use crate::client::session::{
    CallId, Cause, Effect, Input, InputKind, Phase, Record, Report, Session, Settings, Snapshot, Source,
    Timer, Window,
};
use crate::client::{Authorized, Client, PendingAuthorization, Purpose, Received, StoredToken};
use crate::profile::{Profile, Renewal};
use crate::value::{AuthorizationEndpoint, ClientId, Entropy, Origin, PendingKey, RedirectUri, Timestamp};

const CALLBACK: &str = "https://app.example/cb";
const API: &str = "https://api.example/v1/me";

/// How many inputs a path is long at most. Longer ones show no new move; a test would see a phase that is not reached.
const DEPTH: usize = 11;

/// A move: from where, by which of the inputs, to where, what was ordered, and the outline of what is known then.
type Made = (Phase, usize, Phase, Vec<&'static str>, String);

/// Every way that a session can go, up to a length.
#[derive(Debug)]
pub struct Walk {
    sessions: Vec<Session>,
    moves: BTreeMap<(Phase, InputKind), BTreeMap<Phase, BTreeSet<&'static str>>>,
    causes: BTreeSet<Cause>,
}

impl Walk {
    /// Sets a session going with every input, over and over.
    pub fn new(settings: Settings) -> Self {
        let mut walk = Self { sessions: Vec::new(), moves: BTreeMap::new(), causes: BTreeSet::new() };
        for client in clients() {
            walk.go(Session::new(client, settings));
        }
        walk
    }

    fn go(&mut self, session: Session) {
        let mut seen: BTreeSet<Snapshot> = BTreeSet::new();
        // Of the sessions that have made the same move one is gone on from: they differ in what does not decide where to.
        let mut made: BTreeSet<Made> = BTreeSet::new();
        let mut queue = VecDeque::from([(session, 0)]);
        while let Some((session, depth)) = queue.pop_front() {
            if depth > DEPTH || !seen.insert(session.snapshot()) {
                continue;
            }
            for (index, (input, now)) in every_input(&session).into_iter().enumerate() {
                let kind = input.kind();
                let mut next = session.clone();
                if next.handle(input, now).is_err() {
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
                if made.insert((from, index, to, orders, next.outline())) {
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
fn clients() -> impl Iterator<Item = Client> {
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
    let client = session.client();
    let silent = pending(client, Purpose::Frame);
    let Some(own) = pending(client, Purpose::Redirect) else { return Vec::new() };
    let key = own.key();
    let state = silent.map_or_else(String::new, |pending| {
        // The record's own text is the only place that shows the state.
        form_urlencoded::parse(pending.encode().as_bytes())
            .find(|(name, _)| name == "state")
            .map_or_else(String::new, |(_, state)| state.into_owned())
    });
    let answer = |what: &str| format!("{CALLBACK}#{what}&state={state}");
    let granted = answer("access_token=granted&token_type=bearer&expires_in=3600&owner_id=u1");
    let answers = [
        granted.clone(),
        answer("access_token=other&token_type=bearer&expires_in=3600&owner_id=u2"),
        answer("access_token=nobody&token_type=bearer&expires_in=3600"),
        answer("error=login_required"),
        answer("error=server_error"),
        answer("access_token=x&token_type=mac"),
        format!("{CALLBACK}#access_token=forged&token_type=bearer&state={}{}", key.as_str(), "0".repeat(40)),
        format!("{CALLBACK}#access_token=none&token_type=bearer"),
        "https://app.example/#/inbox".to_owned(),
    ];
    let now = at(60);
    let late = at(3590);
    let mut all: Vec<(Input, Timestamp)> = Vec::new();
    for window in [Window::Top, Window::Popup, Window::Frame] {
        all.extend(
            answers.iter().map(|address| (Input::PageLoaded { address: address.clone(), window }, now)),
        );
    }
    for address in &answers {
        for source in [Source::Frame, Source::Popup, Source::Channel] {
            all.push((message("https://app.example", source, address), now));
        }
    }
    all.push((message("https://evil.example", Source::Popup, &granted), now));
    all.push((message("https://app.example", Source::Other, &granted), now));
    for purpose in [Purpose::Redirect, Purpose::Popup, Purpose::Frame] {
        let request = Box::new(client.authorization_request());
        all.push((Input::SignInRequested { purpose, request, text: None }, now));
        let record = pending(client, purpose).map(|pending| pending.encode());
        all.push((Input::PendingTaken { key, record }, now));
    }
    let other_key = PendingKey::of_state_text("another");
    all.push((Input::PendingTaken { key, record: None }, now));
    all.push((Input::PendingTaken { key: other_key, record: None }, now));
    all.push((Input::PendingStored { key }, now));
    all.push((Input::PendingStored { key: other_key }, now));
    let stored = token(client, "stored", "u1", at(0)).map(|token| token.encode());
    all.push((Input::TokenLoaded { record: stored }, now));
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
    let newer = |user| token(client, "newer", user, at(30)).map(|token| tab_text(client, &token));
    all.extend([newer("u1"), newer("u2")].into_iter().flatten().map(|text| (Input::TabsSaid { text }, now)));
    for text in [
        said(client, "kind=signed_out&at=1000040"),
        said(client, "kind=signed_out&at=1"),
        said(client, "kind=token_wanted&received=1"),
        "hello".into(),
    ] {
        all.push((Input::TabsSaid { text }, now));
    }
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

fn message(origin: &str, source: Source, address: &str) -> Input {
    Input::MessageReceived { origin: origin.into(), source, data: format!("fragrant-answer:{address}") }
}

fn tab_text(client: &Client, token: &StoredToken) -> String {
    let mut text = said(client, "kind=token_replaced&token=");
    text.extend(form_urlencoded::byte_serialize(token.encode().as_bytes()));
    text
}

/// The page about the session, as the machine itself says it.
pub fn page(walk: &Walk) -> String {
    let mut page = String::from(PAGE_HEAD);
    page += "| phase | what is waited for |\n|---|---|\n";
    page.extend(Phase::ALL.iter().map(|phase| format!("| {phase} | {} |\n", phase.explanation())));
    page += "\nThe arrows leave out what stays where it is.\n\n```mermaid\nstateDiagram-v2\n";
    page += &chart(walk);
    page += "```\n\n## What is taken where\n\n";
    page += "Every input that is taken in a phase, where it can lead, and what may be ordered on the way. What stands in no row is answered with\n";
    page += "`UnexpectedInput` and changes nothing. The rows were written down on a walk that goes on from one session of many that differ little, so a rare one may be missing. A few inputs are taken in nearly every phase and shown once, at the end.\n\n";
    page += "| in | input | to | may order |\n|---|---|---|---|\n";
    let (mut everywhere, mut rows) = (BTreeMap::<InputKind, BTreeSet<&str>>::new(), Vec::new());
    for (phase, input, target, orders) in walk.moves() {
        if phase == target && is_taken_anywhere(input) {
            everywhere.entry(input).or_default().extend(orders);
            continue;
        }
        rows.push(format!("| {phase} | `{input}` | {} | {} |\n", goes_to(phase, target), list(orders)));
    }
    page.extend(rows);
    for (input, orders) in everywhere {
        page += &format!("| any, but handed_over | `{input}` | stays | {} |\n", list(orders));
    }
    page +=
        "\n## What is ordered, and what answers it\n\n| order | can fail | is answered by |\n|---|---|---|\n";
    for (order, can_fail, answers) in Effect::TABLE {
        let can_fail = if *can_fail { "yes" } else { "no" };
        let answers = if answers.is_empty() {
            "nothing".into()
        } else {
            list(answers.iter().map(|kind| kind.as_str()))
        };
        page += &format!("| `{order}` | {can_fail} | {answers} |\n");
    }
    page += "\n## What can go wrong, and what helps\n\n| cause | what helps | what it is | source |\n|---|---|---|---|\n";
    for cause in Cause::ALL {
        let (next, text, source) = (cause.next_action().as_str(), cause.explanation(), cause.citation());
        page += &format!("| `{cause}` | {next} | {text} | {source} |\n");
    }
    page
}

const PAGE_HEAD: &str = "\
<!-- Made from the session's own machine by the test `session`; FRAGRANT_UPDATE=1 writes it anew. -->

# The session

`fragrant::client::session::Session` holds a signed-in user for a program that is driven by events. It is told facts and gives orders; it does no
I/O, reads no clock and draws no random number. Tell it a fact with `handle`, then take its orders with `next_effect` until there is none; the
documentation of each order says by which input it is answered.

";

/// Inputs that come late by nature, and are taken wherever they come.
const fn is_taken_anywhere(input: InputKind) -> bool {
    matches!(
        input,
        InputKind::CookiesBlocked
            | InputKind::LockTaken
            | InputKind::PageLoaded
            | InputKind::PendingStored
            | InputKind::PopupOpened
            | InputKind::TabsSaid
    )
}

fn goes_to(phase: Phase, target: Phase) -> String {
    if phase == target { "stays".into() } else { format!("{target}") }
}

fn list(orders: impl IntoIterator<Item = &'static str>) -> String {
    let orders: Vec<_> = orders.into_iter().map(|order| format!("`{order}`")).collect();
    orders.join(", ")
}

/// The chart: the phases within each other, and between two of them one arrow with all its inputs.
fn chart(walk: &Walk) -> String {
    let mut text = String::from("    [*] --> signed_out\n");
    let mut open: Vec<&str> = Vec::new();
    for phase in Phase::ALL {
        let (leaf, outer) = match phase.path() {
            [outer @ .., leaf] => (*leaf, outer),
            [] => continue,
        };
        let shared = open.iter().zip(outer).take_while(|(one, other)| one == other).count();
        while open.len() > shared {
            open.pop();
            text += &format!("{}}}\n", "    ".repeat(open.len() + 1));
        }
        for name in &outer[shared..] {
            text += &format!("{}state {name} {{\n", "    ".repeat(open.len() + 1));
            open.push(*name);
        }
        text += &format!("{}{} : {leaf}\n", "    ".repeat(open.len() + 1), id(*phase));
    }
    while open.pop().is_some() {
        text += &format!("{}}}\n", "    ".repeat(open.len() + 1));
    }
    for ((from, target), inputs) in arrows(walk) {
        let inputs: Vec<_> = inputs.into_iter().collect();
        text += &format!("    {from} --> {} : {}\n", id(target), inputs.join(", "));
    }
    text
}

/// The arrows of the chart with their inputs. What every phase within another does alike is that one's arrow.
fn arrows(walk: &Walk) -> BTreeMap<(String, Phase), BTreeSet<&'static str>> {
    let mut froms: BTreeMap<(&'static str, Phase), BTreeSet<Phase>> = BTreeMap::new();
    for (phase, input, target, _) in walk.moves().filter(|(phase, _, target, _)| phase != target) {
        froms.entry((input.as_str(), target)).or_default().insert(phase);
    }
    let mut arrows: BTreeMap<(String, Phase), BTreeSet<&str>> = BTreeMap::new();
    for ((input, target), mut phases) in froms {
        let mut names: Vec<String> = Vec::new();
        for depth in [1, 2] {
            for outer in Phase::ALL.iter().filter_map(|phase| phase.path().get(..depth)) {
                let members: BTreeSet<Phase> =
                    Phase::ALL.iter().copied().filter(|phase| phase.path().starts_with(outer)).collect();
                // The target itself stays where it is.
                let others = members.iter().filter(|member| **member != target);
                if members.len() > 2
                    && others.clone().count() > 1
                    && others.clone().all(|member| phases.contains(member))
                {
                    phases.retain(|phase| !members.contains(phase));
                    names.extend(outer.last().map(|name| (*name).to_owned()));
                }
            }
        }
        names.extend(phases.into_iter().map(id));
        for name in names {
            arrows.entry((name, target)).or_default().insert(input);
        }
    }
    arrows
}

/// A name that occurs once in the chart.
fn id(phase: Phase) -> String {
    phase.path().join("_")
}
