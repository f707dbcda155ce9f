//! Who holds the client's side of the protocol: the core's session, or its typed states.

use std::sync::{Arc, RwLock};

use fragrant::client::session::{
    CallId, Effect, Input, Phase, Session, Settings, SignedInPhase, Snapshot, Source, Step, Timer, Window,
};
use fragrant::client::{
    Authorized, AwaitingResponse, Client, PendingAuthorization, Purpose, Received, Rejection,
};
use fragrant::message::{AuthorizationRequest, AuthorizationUrl};
use fragrant::value::{PendingKey, Timestamp};
use fragrant::wire::Redirect;

use super::cast::entropy;
use super::setting::Holder;
use crate::table::{QuickMap, Remembered, read, write};

/// A client's side of the protocol with one server.
#[derive(Clone)]
pub(crate) enum Held {
    Session(Box<Session>),
    TypedStates(Box<TypedStates>),
}

impl Held {
    pub(crate) fn new(holder: Holder, client: Client) -> Self {
        match holder {
            Holder::Session => Self::Session(Box::new(Session::new(client, Settings::DEFAULT))),
            Holder::TypedStates => Self::TypedStates(Box::new(TypedStates { client, at: At::Nowhere })),
        }
    }

    fn client(&self) -> &Client {
        match self {
            Self::Session(session) => session.client(),
            Self::TypedStates(typed) => &typed.client,
        }
    }

    /// Tells it a fact. Its orders, and why the fact was not taken if it was not.
    fn handle(&mut self, input: Input, now: Timestamp) -> (Vec<Effect>, Option<String>) {
        match self {
            Self::Session(session) => {
                let refused = session.handle(input, now).err().map(|error| error.to_string());
                (std::iter::from_fn(|| session.next_effect()).collect(), refused)
            }
            Self::TypedStates(typed) => typed.handle(input, now),
        }
    }

    pub(crate) fn authorized(&self) -> Option<&Authorized> {
        match self {
            Self::Session(session) => session.authorized(),
            Self::TypedStates(typed) => match &typed.at {
                At::Authorized(authorized) => Some(authorized),
                _ => None,
            },
        }
    }

    /// Whether nothing is under way and nobody is signed in, so that a page which is loaded anew would do the same.
    pub(crate) fn is_idle(&self) -> bool {
        match self {
            Self::Session(session) => {
                matches!(session.phase(), Phase::SignedOut | Phase::Failed | Phase::HandedOver)
            }
            Self::TypedStates(typed) => matches!(typed.at, At::Nowhere),
        }
    }

    /// Whether the page is over: it was the end of another page's sign-in.
    pub(crate) fn is_over(&self) -> bool {
        matches!(self, Self::Session(session) if session.phase() == Phase::HandedOver)
    }

    /// Whether an answer is waited for.
    pub(crate) fn is_waiting(&self) -> bool {
        match self {
            Self::Session(session) => matches!(
                session.phase(),
                Phase::SigningIn(Step::AwaitingResponse)
                    | Phase::SignedIn(
                        SignedInPhase::Renewing(Step::AwaitingResponse)
                            | SignedInPhase::SigningInAgain(Step::AwaitingResponse)
                    )
            ),
            Self::TypedStates(typed) => matches!(typed.at, At::Awaiting(_)),
        }
    }

    /// Whether a sign-in or a renewal is under way: a native application opens its port before it makes its request, and closes it
    /// when an answer has been taken.
    pub(crate) fn is_listening(&self) -> bool {
        match self {
            Self::Session(session) => matches!(
                session.phase(),
                Phase::SigningIn(_)
                    | Phase::SignedIn(SignedInPhase::Renewing(_) | SignedInPhase::SigningInAgain(_))
            ),
            Self::TypedStates(typed) => !matches!(typed.at, At::Nowhere | At::Authorized(_)),
        }
    }

    fn key(&self) -> HeldKey {
        match self {
            Self::Session(session) => HeldKey::Session(session.snapshot()),
            Self::TypedStates(typed) => HeldKey::TypedStates(typed.parts()),
        }
    }
}

#[derive(Clone, PartialEq, Eq, Hash)]
enum HeldKey {
    Session(Snapshot),
    TypedStates(Vec<String>),
}

/// A fact as the world knows it, before it becomes an [`Input`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Fact {
    ApiRequested { address: String },
    ApiResponded { status: u16, challenges: Vec<String> },
    EntropyDrawn { drawer: u8, number: u8, is_fresh: bool },
    MessageReceived { origin: String, source: Source, data: String },
    PageLoaded { address: String, window: Window },
    PendingStored(PendingKey),
    PendingTaken { key: PendingKey, record: Option<Arc<str>> },
    PopupBlocked,
    PopupOpened,
    SignInRequested(Purpose),
    SignOutRequested,
    TimerFired(Timer),
}

impl Fact {
    fn to_input(&self, client: &Client) -> Input {
        // One call at a time, so each may have the same name.
        let call = CallId(0);
        match self.clone() {
            Self::ApiRequested { address } => Input::ApiRequested { call, method: "GET".into(), address },
            Self::ApiResponded { status, challenges } => Input::ApiResponded { call, status, challenges },
            Self::EntropyDrawn { drawer, number, is_fresh } => {
                Input::EntropyDrawn { entropy: entropy(drawer, number, is_fresh) }
            }
            Self::MessageReceived { origin, source, data } => Input::MessageReceived { origin, source, data },
            Self::PageLoaded { address, window } => Input::PageLoaded { address, window },
            Self::PendingStored(key) => Input::PendingStored { key },
            Self::PendingTaken { key, record } => {
                Input::PendingTaken { key, record: record.as_deref().map(str::to_owned) }
            }
            Self::PopupBlocked => Input::PopupBlocked,
            Self::PopupOpened => Input::PopupOpened,
            Self::SignInRequested(purpose) => {
                let request = Box::new(client.authorization_request());
                Input::SignInRequested { purpose, request, text: None }
            }
            Self::SignOutRequested => Input::SignOutRequested,
            Self::TimerFired(timer) => Input::TimerFired { timer },
        }
    }
}

/// What came of a fact: the holder afterwards, its orders, and why it did not take the fact if it did not.
#[derive(Clone)]
pub(crate) struct Handled {
    pub(crate) held: u32,
    pub(crate) effects: Arc<[Effect]>,
    pub(crate) refused: Option<Arc<str>>,
}

/// Every holder that was met, each once, by number. Two are compared in full. What each makes of a fact is remembered.
pub(crate) struct Holders {
    met: RwLock<Met>,
    handled: Remembered<(u32, Timestamp, Fact), Handled>,
}

#[derive(Default)]
struct Met {
    all: Vec<Arc<Held>>,
    numbers: QuickMap<(u8, u8, HeldKey), u32>,
}

impl Holders {
    pub(crate) fn new() -> Self {
        Self { met: RwLock::default(), handled: Remembered::new() }
    }

    pub(crate) fn number(&self, client: u8, server: u8, held: Held) -> u32 {
        let key = (client, server, held.key());
        let mut met = write(&self.met);
        // There is room for more than any machine has memory for.
        let next = u32::try_from(met.all.len()).unwrap_or(u32::MAX);
        let number = *met.numbers.entry(key).or_insert(next);
        if number == next {
            met.all.push(Arc::new(held));
        }
        number
    }

    pub(crate) fn held(&self, number: u32) -> Option<Arc<Held>> {
        read(&self.met).all.get(number as usize).cloned()
    }

    /// Whether something is true of one of these.
    pub(crate) fn any(&self, numbers: &[u32], is_so: impl Fn(&Held) -> bool) -> bool {
        numbers.iter().filter_map(|number| self.held(*number)).any(|held| is_so(&held))
    }

    /// Tells a holder, which is of this client and server, a fact.
    pub(crate) fn handle(
        &self,
        (client, server): (u8, u8),
        number: u32,
        fact: Fact,
        now: Timestamp,
    ) -> Option<Handled> {
        let key = (number, now, fact);
        if let Some(handled) = self.handled.get(&key) {
            return Some(handled);
        }
        let mut held = Held::clone(&*self.held(number)?);
        let (effects, refused) = held.handle(key.2.to_input(held.client()), now);
        let held = self.number(client, server, held);
        let handled = Handled { held, effects: effects.into(), refused: refused.map(Into::into) };
        self.handled.insert(key, handled.clone());
        Some(handled)
    }
}

/// The typed states, driven by the same facts and giving the same orders: what a small program would write around them.
#[derive(Clone)]
pub(crate) struct TypedStates {
    client: Client,
    at: At,
}

#[derive(Clone)]
enum At {
    Authorized(Box<Authorized>),
    /// The program outlives its request.
    Awaiting(Box<AwaitingResponse>),
    Nowhere,
    Storing(Box<(AuthorizationUrl, AwaitingResponse)>),
    Taking(String),
    Wishing(Box<AuthorizationRequest>),
}

impl TypedStates {
    fn handle(&mut self, input: Input, now: Timestamp) -> (Vec<Effect>, Option<String>) {
        let refused = |problem: &dyn ToString| (Vec::new(), Some(problem.to_string()));
        match (input, &self.at) {
            (Input::SignInRequested { request, .. }, at) => {
                // What was asked before is given up.
                let old = match at {
                    At::Awaiting(awaiting) => Some(awaiting.key()),
                    At::Storing(sent) => Some(sent.1.key()),
                    _ => None,
                };
                self.at = At::Wishing(request);
                let forget = old.map(|key| Effect::ForgetPending { key });
                (forget.into_iter().chain([Effect::DrawEntropy]).collect(), None)
            }
            (Input::EntropyDrawn { entropy }, At::Wishing(request)) => {
                match self.client.begin((**request).clone(), entropy, now) {
                    Ok((url, awaiting)) => {
                        let pending = Box::new(awaiting.pending().clone());
                        self.at = At::Storing(Box::new((url, awaiting)));
                        (vec![Effect::StorePending { pending }], None)
                    }
                    Err(error) => refused(&error),
                }
            }
            (Input::PendingStored { .. }, At::Storing(sent)) => {
                let (url, awaiting) = (**sent).clone();
                self.at = At::Awaiting(Box::new(awaiting));
                (vec![Effect::NavigateTo { url }], None)
            }
            (Input::PendingStored { .. }, _) => (Vec::new(), None),
            (Input::PageLoaded { address, .. }, At::Awaiting(awaiting)) => {
                let key = awaiting.key();
                let refused = self.receive((**awaiting).clone(), &address, now, true);
                // A request that is used up leaves no record behind.
                let is_spent = !matches!(self.at, At::Awaiting(_));
                (is_spent.then_some(Effect::ForgetPending { key }).into_iter().collect(), refused)
            }
            (Input::PageLoaded { address, .. }, At::Nowhere) => {
                let redirect = Redirect::split(&address);
                // An answer to nothing leaves the history too.
                let clean = redirect.without_answer(&self.client.profile().response_parameters);
                let clean = Effect::ReplaceHistory { address: clean };
                let Some(key) = redirect.pending_key() else {
                    return (vec![clean], Some("no_pending_request".into()));
                };
                self.at = At::Taking(address);
                (vec![clean, Effect::TakePending { key }], None)
            }
            (Input::PendingTaken { record, .. }, At::Taking(address)) => {
                let address = address.clone();
                self.at = At::Nowhere;
                let pending = record.as_deref().and_then(|record| PendingAuthorization::decode(record).ok());
                let Some(pending) = pending else { return refused(&"no_pending_request") };
                let back = Effect::StorePending { pending: Box::new(pending.clone()) };
                let awaiting = match self.client.resume(pending) {
                    Ok(awaiting) => awaiting,
                    Err(others) => {
                        return (vec![back], Some(format!("another client's: {}", others.differs)));
                    }
                };
                let refused = self.receive(awaiting, &address, now, false);
                match refused {
                    Some(refused) if !refused.starts_with("spent:") => (vec![back], Some(refused)),
                    refused => (Vec::new(), refused),
                }
            }
            (Input::ApiRequested { call, method, address }, At::Authorized(authorized)) => {
                match authorized.api_request(&method, &address) {
                    Ok(request) => (vec![Effect::CallApi { call, request: Box::new(request) }], None),
                    Err(error) => refused(&error),
                }
            }
            (Input::SignOutRequested, _) => {
                self.at = At::Nowhere;
                (Vec::new(), None)
            }
            (input, _) => refused(&format!("unexpected input: {}", input.kind())),
        }
    }

    /// Judges an address. Why it is not believed, if it is not; `spent:` stands before it if the request is used up.
    fn receive(
        &mut self,
        awaiting: AwaitingResponse,
        address: &str,
        now: Timestamp,
        stays: bool,
    ) -> Option<String> {
        let word = |rejection: &Rejection| rejection.reason.to_string();
        let back = |awaiting| if stays { At::Awaiting(Box::new(awaiting)) } else { At::Nowhere };
        match awaiting.receive(address, now) {
            Received::Authorized(authorized) => {
                self.at = At::Authorized(Box::new(authorized));
                None
            }
            Received::Denied(denied) => {
                self.at = At::Nowhere;
                Some(format!("spent:{}", denied.response.error))
            }
            Received::Rejected { rejection, awaiting: Some(awaiting) } => {
                self.at = back(awaiting);
                Some(word(&rejection))
            }
            Received::Rejected { rejection, awaiting: None } => {
                self.at = At::Nowhere;
                Some(format!("spent:{}", word(&rejection)))
            }
            Received::NotOurs(awaiting) => {
                self.at = back(awaiting);
                Some("no_response".into())
            }
        }
    }

    fn parts(&self) -> Vec<String> {
        match &self.at {
            At::Authorized(authorized) => vec!["authorized".into(), authorized.stored_token().encode()],
            At::Awaiting(awaiting) => vec!["awaiting".into(), awaiting.pending().encode()],
            At::Nowhere => vec!["nowhere".into()],
            At::Storing(sent) => vec!["storing".into(), sent.1.pending().encode()],
            At::Taking(address) => vec!["taking".into(), address.clone()],
            At::Wishing(request) => vec!["wishing".into(), request.to_query()],
        }
    }
}
