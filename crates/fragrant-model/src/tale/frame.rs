//! A renewal in a hidden frame, as two sessions order it: the one of the page, and the one of the page in the frame.

use std::collections::BTreeMap;

use fragrant::actor::{Actor, Step};
use fragrant::client::session::{Effect, Input, Report, Session, Settings, Source, Timer, Window};
use fragrant::client::{Client, Purpose};
use fragrant::resource_owner::Decision;
use fragrant::value::PendingKey;
use fragrant_profiles::MoveKind;

use super::Stage;
use super::run::{Tale, sample_scope};
use crate::recorder::Recording;

use Actor::UserAgent;

/// A page that carries its session's orders out, as far as they come up here.
struct Played {
    session: Session,
    /// The records of pending requests, which all pages of the application share.
    records: BTreeMap<PendingKey, String>,
    timers: BTreeMap<Timer, u32>,
    /// Where the last window was sent to.
    destination: Option<String>,
    handed_over: Option<String>,
    last_report: Option<Report>,
}

impl Tale {
    pub(super) fn hidden_frame(&mut self, stage: &mut impl Stage) -> Result<(), String> {
        let mut page = signed_in(stage)?;
        let token = |page: &Played| page.session.authorized().map(|own| own.access_token().clone());
        let old = token(&page);
        self.recording.begin_scene(
            "A renewal in a hidden frame, order by order: the sessions of the page and of the page in the frame",
        );
        let due = page.timers.get(&Timer::Renewal).ok_or("no renewal is due")?;
        stage.wait((*due).into());
        page.is_told(Input::TimerFired { timer: Timer::Renewal }, stage, self)?;

        let url = page.destination.take().ok_or("expected a hidden frame, came none")?;
        let shown = stage.open(&url)?;
        self.sent(MoveKind::RenewalRequested, Step::Three, &shown.hops);
        self.came_back(&shown)?;

        let mut frame = Played::new(stage.client().clone());
        frame.records = std::mem::take(&mut page.records);
        let address = shown.address.as_str().to_owned();
        frame.is_told(Input::PageLoaded { address, window: Window::Frame }, stage, self)?;
        let data = frame.handed_over.ok_or("the page in the frame handed nothing over")?;

        let origin = shown.address.origin().to_owned();
        page.is_told(Input::MessageReceived { origin, source: Source::Frame, data }, stage, self)?;
        match page.last_report {
            Some(Report::TokenRenewed(_)) if token(&page) != old => Ok(()),
            other => Err(format!("expected a renewed token, came {other:?}")),
        }
    }

    /// What the session is told.
    fn fact(&mut self, fact: &Input) {
        let (kind, text) = match fact {
            Input::TimerFired { .. } => (MoveKind::RenewalRequested, "says that the timer has run out"),
            Input::EntropyDrawn { .. } => (MoveKind::RenewalRequested, "brings fresh bytes"),
            Input::PendingStored { .. } => (MoveKind::RenewalRequested, "has stored the record"),
            Input::PageLoaded { .. } => (
                MoveKind::TokenExtracted,
                "has loaded the page in the frame, and tells its session the whole address",
            ),
            Input::PendingTaken { .. } => {
                (MoveKind::TokenExtracted, "brings the record, and has deleted it: it is a frame's")
            }
            Input::MessageReceived { .. } => (
                MoveKind::TokenHandedOver,
                "brings a message of the frame, from the application's own origin",
            ),
            _ => (MoveKind::RenewalRequested, "says what has happened"),
        };
        let line = self.say(kind, Step::Three, UserAgent, Actor::Client, text);
        line.with_wire(fact.kind().as_str());
        match fact {
            Input::PageLoaded { address, .. } => line.with_wire(address),
            Input::MessageReceived { origin, data, .. } => line.with_wire(format!("{origin}: {data}")),
            _ => line,
        };
    }

    /// What the session orders.
    fn order(&mut self, order: &Effect) {
        use MoveKind::{RenewalRequested, TokenExtracted, TokenHandedOver};
        let (kind, text) = match order {
            Effect::DrawEntropy => (RenewalRequested, "asks for fresh bytes".into()),
            Effect::StorePending { .. } => (RenewalRequested, "has the record of the request stored".into()),
            Effect::OpenFrame { .. } => {
                (RenewalRequested, "opens a hidden frame at the authorization endpoint".into())
            }
            Effect::StartTimer { timer, seconds } => {
                let kind = if *timer == Timer::Renewal { TokenHandedOver } else { RenewalRequested };
                (kind, format!("starts a timer of {seconds} seconds for {}", timer_of(*timer)))
            }
            Effect::StopTimer { timer } => {
                (TokenHandedOver, format!("stops the timer for {}", timer_of(*timer)))
            }
            Effect::TakePending { .. } => {
                (TokenExtracted, "asks for the record that the state belongs to".into())
            }
            Effect::ReplaceHistory { .. } => {
                (TokenExtracted, "takes the answer out of the frame's address".into())
            }
            Effect::ForgetPending { .. } => {
                (TokenHandedOver, "has the record deleted, if it is still there".into())
            }
            Effect::HandOver { .. } => (
                TokenExtracted,
                "hands the address to the page around it, at its own origin, and starts nothing".into(),
            ),
            Effect::CloseFrame => (TokenHandedOver, "removes the frame".into()),
            Effect::Report { report } => {
                (TokenHandedOver, format!("tells the application: {}", told(report)))
            }
            other => (RenewalRequested, other.as_str().replace('_', " ")),
        };
        let line = self.say(kind, Step::Three, Actor::Client, UserAgent, text);
        line.with_wire(order.as_str());
        if let Effect::OpenFrame { url, .. } = order {
            line.with_wire(url.as_str());
        }
    }
}

const fn timer_of(timer: Timer) -> &'static str {
    match timer {
        Timer::Answer => "the answer",
        Timer::Renewal => "the next renewal",
        _ => "another attempt",
    }
}

const fn told(report: &Report) -> &'static str {
    match report {
        Report::TokenRenewed(_) => "the token is renewed, as window, origin and state are the frame's own",
        Report::SignedIn(_) => "the user is signed in",
        _ => "something went wrong",
    }
}

/// The page after a sign-in by redirect, of which nothing is told here.
fn signed_in(stage: &mut impl Stage) -> Result<Played, String> {
    let untold = &mut Tale { recording: Recording::new(stage.provider()) };
    let client = stage.client().clone();
    let mut before = Played::new(client.clone());
    let address = client.redirect_uri().to_string();
    before.is_told(Input::PageLoaded { address, window: Window::Top }, stage, untold)?;
    let mut request = Box::new(client.authorization_request());
    request.scope = sample_scope(stage)?;
    let scope = request.scope.clone();
    let purpose = Purpose::Redirect;
    before.is_told(Input::SignInRequested { purpose, request, text: None }, stage, untold)?;
    let url = before.destination.ok_or("the sign-in leads nowhere")?;
    let login = stage.open(&url)?;
    let back = untold.log_in_and_decide(stage, &login, scope.as_ref(), &Decision::GrantAll)?;
    let mut page = Played::new(client);
    page.records = before.records;
    let address = back.address.as_str().to_owned();
    page.is_told(Input::PageLoaded { address, window: Window::Top }, stage, untold)?;
    match page.last_report {
        Some(Report::SignedIn(_)) => Ok(page),
        other => Err(format!("expected a sign-in, came {other:?}")),
    }
}

impl Played {
    fn new(client: Client) -> Self {
        Self {
            session: Session::new(client, Settings::DEFAULT),
            records: BTreeMap::new(),
            timers: BTreeMap::new(),
            destination: None,
            handed_over: None,
            last_report: None,
        }
    }

    /// Tells the session a fact, carries its orders out, and tells it what came of them, until nothing is left to do.
    fn is_told(&mut self, fact: Input, stage: &mut impl Stage, tale: &mut Tale) -> Result<(), String> {
        let mut next = Some(fact);
        while let Some(fact) = next.take() {
            tale.fact(&fact);
            self.session.handle(fact, stage.now()).map_err(|error| error.to_string())?;
            while let Some(order) = self.session.next_effect() {
                tale.order(&order);
                next = self.carry_out(order, stage)?;
            }
        }
        Ok(())
    }

    fn carry_out(&mut self, order: Effect, stage: &mut impl Stage) -> Result<Option<Input>, String> {
        match order {
            Effect::DrawEntropy => return Ok(Some(Input::EntropyDrawn { entropy: stage.entropy()? })),
            Effect::StorePending { pending } => {
                let key = pending.key();
                self.records.insert(key, pending.encode());
                return Ok(Some(Input::PendingStored { key }));
            }
            Effect::TakePending { key } => {
                return Ok(Some(Input::PendingTaken { key, record: self.records.remove(&key) }));
            }
            Effect::NavigateTo { url } | Effect::OpenFrame { url, .. } => {
                self.destination = Some(url.as_str().to_owned());
            }
            Effect::HandOver { text } => self.handed_over = Some(text),
            Effect::StartTimer { timer, seconds } => drop(self.timers.insert(timer, seconds)),
            Effect::StopTimer { timer } => drop(self.timers.remove(&timer)),
            Effect::Report { report } => self.last_report = Some(*report),
            _ => {}
        }
        Ok(None)
    }
}
