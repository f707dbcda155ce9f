//! The authorization server: every kind of request, login session and decision is tried in every state.

use std::collections::BTreeSet;
use std::sync::Arc;

use fragrant::authorization_server::{
    Authenticated, AwaitingLogin, ClientRegistration, Consented, Decided, Incoming, IssuedToken, LoggedIn,
    Next, Phase as State, Policy, PriorConsent, Received, RedirectWithError, Refusal, RegisteredRedirectUri,
    Session,
};
use fragrant::resource_owner::{Decision, ResourceOwnerId};
use fragrant::value::{AccessToken, ClientId, ErrorCode, ExpiresIn, RedirectUri, ResponseType, Scope};

use super::{Found, Machine, Order, Phase, expect_all_reached};
use crate::document::GatherError;

const CALLBACK: &str = "https://app.example/cb";

pub(super) fn machine() -> Result<Machine, GatherError> {
    let mut walk = Walk {
        found: Found::default(),
        inputs: Vec::new(),
        world: World::new().map_err(|error| GatherError::new("authorization_server", error))?,
    };
    walk.go();
    let phases: Vec<Phase> = State::ALL.iter().map(phase).collect();
    let transitions = walk.found.into_transitions(&phases);
    let words: BTreeSet<String> = transitions.iter().flat_map(|own| own.orders.iter().cloned()).collect();
    let machine = Machine {
        name: "authorization_server".into(),
        initial: State::Incoming.to_string(),
        phases,
        inputs: walk.inputs.into_iter().map(Into::into).collect(),
        orders: words
            .into_iter()
            .map(|word| Order { word, can_fail: false, answered_by: Vec::new() })
            .collect(),
        transitions,
    };
    expect_all_reached(&machine)?;
    Ok(machine)
}

/// The states in which a person is asked stand together, and so do those in which all is said.
fn phase(state: &State) -> Phase {
    let within = match state {
        State::AwaitingLogin | State::Authenticated => Some("asking"),
        State::Responded | State::RedirectWithError | State::ShowErrorPage => Some("ended"),
        State::Incoming | State::Received | State::Consented => None,
    };
    Phase {
        name: state.to_string(),
        within: within.into_iter().map(Into::into).collect(),
        explanation: format!("{}; then {}", state.known(), state.next()),
    }
}

/// What the server meets.
struct World {
    policy: Policy,
    clients: Vec<Arc<ClientRegistration>>,
    /// Nobody, somebody, and somebody who has allowed it before.
    sessions: [Option<Session>; 3],
    decisions: [Decision; 4],
    token: IssuedToken,
}

/// The requests, each as what follows the usual client's identifier.
const REQUESTS: &[&str] = &[
    "&response_type=token&scope=read+write&state=xyz",
    "&response_type=token&scope=read+write&state=xyz&prompt=none",
    "&response_type=token&scope=read+write&state=xyz&prompt=login",
    "&response_type=token&scope=read+write&state=xyz&prompt=consent",
    "&response_type=token&scope=read+write&state=xyz&prompt=select_account",
    "&response_type=token&scope=read+write&state=xyz&prompt=none+login",
    "&response_type=token&scope=read&redirect_uri=http%3A%2F%2F127.0.0.1%3A49152%2Fcb",
    "&response_type=token&scope=read&prompt=none&redirect_uri=http%3A%2F%2F127.0.0.1%3A49152%2Fcb",
    "&scope=read",
    "&response_type=code&scope=read",
    "&response_type=token",
    "&response_type=token&scope=admin",
    "&response_type=token&scope=%22",
    "&response_type=token&scope=read&state=a&state=b",
    "&response_type=token&scope=read&response_mode=query",
    "&response_type=token&scope=read&request=x",
    "&response_type=token&scope=read&request_uri=x",
    "&response_type=token&scope=read&redirect_uri=https%3A%2F%2Fevil.example%2F",
    "&response_type=token&scope=read&redirect_uri=%zz",
    "&response_type=token&scope=read&redirect_uri=a&redirect_uri=b",
];

/// The errors by which a server ends a request that it cannot go on with.
const FAILURES: [ErrorCode; 2] = [ErrorCode::SERVER_ERROR, ErrorCode::TEMPORARILY_UNAVAILABLE];

impl World {
    fn new() -> Result<Self, Box<dyn std::error::Error>> {
        let (all, callback) = (Scope::new("read write")?, RedirectUri::new(CALLBACK)?);
        let client = |id: &str, addresses: &[&str]| -> Result<_, Box<dyn std::error::Error>> {
            let addresses: Result<Vec<_>, _> =
                addresses.iter().map(|own| RegisteredRedirectUri::new(*own)).collect();
            let client = ClientRegistration::new(ClientId::new(id)?, "Client", addresses?)?;
            Ok(client.with_scope(all.clone(), None)?)
        };
        let owner = Session::new(ResourceOwnerId::new("jane")?);
        let prior = PriorConsent::new(ClientId::new("one")?, callback, Some(all.clone()));
        let no_token = client("pinned", &[CALLBACK])?.with_response_types([ResponseType::ID_TOKEN])?;
        Ok(Self {
            policy: Policy::default(),
            clients: vec![
                Arc::new(client("one", &[CALLBACK])?),
                Arc::new(client("native", &["http://127.0.0.1/cb"])?),
                Arc::new(client("two", &[CALLBACK, "https://app.example/other"])?),
                Arc::new(no_token),
            ],
            sessions: [None, Some(owner.clone()), Some(owner.with_prior_consent(prior))],
            decisions: [
                Decision::Deny,
                Decision::Grant(Scope::new("read")?),
                Decision::Grant(Scope::new("admin")?),
                Decision::GrantAll,
            ],
            token: IssuedToken::new(AccessToken::new("token")?, ExpiresIn::from_seconds(3600)),
        })
    }
}

struct Walk {
    found: Found,
    inputs: Vec<&'static str>,
    world: World,
}

impl Walk {
    fn go(&mut self) {
        for query in ["", "client_id=%zz", "client_id=a&client_id=b", "client_id=stranger"] {
            self.receive(query);
        }
        let ids: Vec<String> =
            self.world.clients.iter().map(|client| client.client_id().as_str().to_owned()).collect();
        for id in ids {
            for request in REQUESTS {
                self.receive(&format!("client_id={id}{request}"));
            }
        }
    }

    fn receive(&mut self, query: &str) {
        let policy = self.world.policy.clone();
        let received = match Incoming::read(query, &policy) {
            Ok(incoming) => {
                let known =
                    self.world.clients.iter().find(|client| client.client_id() == incoming.client_id());
                incoming.received(known.cloned())
            }
            Err(page) => Err(page.into()),
        };
        match received {
            Ok(received) => {
                self.made(State::Incoming, "received", State::Received, None);
                self.received(&received);
            }
            Err(Refusal::ShowErrorPage(page)) => {
                self.made(State::Incoming, "received", State::ShowErrorPage, Some(page.to_string()));
            }
            Err(Refusal::RedirectWithError(error)) => self.refused(State::Incoming, "received", &error),
        }
    }

    fn received(&mut self, received: &Received) {
        for code in FAILURES {
            let error = received.clone().failed(code);
            self.refused(State::Received, "failed", &error);
        }
        for session in self.world.sessions.clone() {
            match received.clone().proceed(session.as_ref()) {
                Next::AskConsent(_) => self.made(State::Received, "proceed", State::Authenticated, None),
                Next::Consented(_) => {
                    self.made(State::Received, "proceed", State::Consented, None);
                    self.consented(|| match received.clone().proceed(session.as_ref()) {
                        Next::Consented(consented) => Some(consented),
                        _ => None,
                    });
                }
                Next::LogIn(awaiting) => {
                    self.made(State::Received, "proceed", State::AwaitingLogin, None);
                    self.refused(State::AwaitingLogin, "denied", &awaiting.denied());
                    self.awaiting_login(received);
                }
                Next::Refused(error) => self.refused(State::Received, "proceed", &error),
            }
        }
    }

    fn awaiting_login(&mut self, received: &Received) {
        // A state that waits is made anew for each try, as each move uses it up.
        let again = || match received.clone().proceed(None) {
            Next::LogIn(awaiting) => Some(awaiting),
            _ => None,
        };
        for code in FAILURES {
            if let Some(error) = again().map(|awaiting: AwaitingLogin| awaiting.failed(code)) {
                self.refused(State::AwaitingLogin, "failed", &error);
            }
        }
        for session in self.world.sessions.clone().into_iter().flatten() {
            let logged_in = || again().map(|awaiting| awaiting.authenticated(&session));
            match logged_in() {
                Some(LoggedIn::AskConsent(_)) => {
                    self.made(State::AwaitingLogin, "authenticated", State::Authenticated, None);
                    self.authenticated(|| match logged_in() {
                        Some(LoggedIn::AskConsent(authenticated)) => Some(authenticated),
                        _ => None,
                    });
                }
                Some(LoggedIn::Consented(_)) => {
                    self.made(State::AwaitingLogin, "authenticated", State::Consented, None);
                    self.consented(|| match logged_in() {
                        Some(LoggedIn::Consented(consented)) => Some(consented),
                        _ => None,
                    });
                }
                None => {}
            }
        }
    }

    fn authenticated(&mut self, again: impl Fn() -> Option<Authenticated>) {
        for code in FAILURES {
            if let Some(error) = again().map(|authenticated| authenticated.failed(code)) {
                self.refused(State::Authenticated, "failed", &error);
            }
        }
        for decision in self.world.decisions.clone() {
            let decided = || again().map(|authenticated| authenticated.decided(decision.clone()));
            match decided() {
                Some(Decided::Consented(_)) => {
                    self.made(State::Authenticated, "decided", State::Consented, None);
                    self.consented(|| match decided() {
                        Some(Decided::Consented(consented)) => Some(consented),
                        _ => None,
                    });
                }
                Some(Decided::Denied(error)) => self.refused(State::Authenticated, "decided", &error),
                Some(Decided::Overreached(_)) => {
                    self.made(State::Authenticated, "decided", State::Authenticated, None);
                }
                None => {}
            }
        }
    }

    fn consented(&mut self, again: impl Fn() -> Option<Consented>) {
        for code in FAILURES {
            if let Some(error) = again().map(|consented| consented.failed(code)) {
                self.refused(State::Consented, "failed", &error);
            }
        }
        if let Some(consented) = again() {
            let _ = consented.respond(self.world.token.clone());
            self.made(State::Consented, "respond", State::Responded, None);
        }
    }

    fn refused(&mut self, from: State, input: &'static str, error: &RedirectWithError) {
        self.made(from, input, State::RedirectWithError, Some(error.error().as_str().into()));
    }

    fn made(&mut self, from: State, input: &'static str, to: State, what: Option<String>) {
        let index = |state| State::ALL.iter().position(|own| *own == state).unwrap_or_default();
        if !self.inputs.contains(&input) {
            self.inputs.push(input);
        }
        self.found.add(index(from), input, index(to), what);
    }
}
