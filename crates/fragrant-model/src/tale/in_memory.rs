//! A stage in memory: the core's machines, without a network, a clock or a random number.

use std::collections::BTreeMap;
use std::sync::Arc;

use fragrant::api_server::{self, Call, TokenRecord};
use fragrant::authorization_server::{
    Authenticated, AwaitingLogin, ClientRegistration, Consented, Decided, IssuedToken, LoggedIn, Next,
    Policy, PriorConsent, RedirectWithError, Redirection, Refusal, RegisteredRedirectUri, Session,
    ShowErrorPage, receive,
};
use fragrant::client::Client;
use fragrant::message::{Realm, ResourceRequest};
use fragrant::resource_owner::{Decision, ResourceOwnerId};
use fragrant::user_agent::{Destination, follow, request_target};
use fragrant::value::{
    AccessToken, ClientId, Entropy, ErrorCode, ExpiresIn, Expiry, HttpUri, Issuer, Origin, RedirectUri,
    ResponseType, Scope, Timestamp, TokenType,
};
use fragrant_profiles::{AnswerFact, Provider};

use super::{ApiAnswer, Hop, Page, Stage};

/// The moment at which every tale begins, in seconds since 1970.
const BEGINNING: u64 = 1_760_000_000;
const USER: &str = "jane";
const CALLBACK: &str = "https://app.example/callback";

/// The stage: whatever is played on it comes out the same each time.
#[derive(Debug)]
pub struct InMemory {
    provider: &'static Provider,
    client: Client,
    api_origin: Origin,
    registration: Arc<ClientRegistration>,
    policy: Policy,
    api_policy: api_server::Policy,
    now: Timestamp,
    /// How often entropy was drawn.
    drawn: u8,
    /// Whether somebody is logged in at the browser.
    is_logged_in: bool,
    /// What was allowed.
    consent: Option<PriorConsent>,
    /// What waits for somebody to fill a page in.
    waiting: Option<Waiting>,
    /// How the next token comes to nothing.
    failure: Option<ErrorCode>,
    /// What was issued.
    tokens: BTreeMap<String, TokenRecord>,
}

#[derive(Debug)]
enum Waiting {
    Consent(Authenticated),
    /// A faulty request, of which the client is told when somebody has logged in.
    Error(Box<RedirectWithError>),
    Login(AwaitingLogin),
}

impl InMemory {
    /// A stage with a provider's servers at their production addresses; those of the specification, which has none, are at
    /// `as.example` and `api.example`.
    ///
    /// # Errors
    /// When the provider's facts are none that the core takes, in words.
    pub fn new(provider: &'static Provider) -> Result<Self, String> {
        Self::set(provider).map_err(|error| format!("{}: {error}", provider.name))
    }

    fn set(provider: &'static Provider) -> Result<Self, Box<dyn std::error::Error>> {
        let production = provider.environments.first();
        let login_origin = production.map_or("https://as.example", |production| production.login_origin);
        let api_origin = production.map_or("https://api.example", |production| production.api_origin);
        let api_origin = Origin::new(api_origin)?;
        let endpoint = provider.paths.authorization_endpoint(&Origin::new(login_origin)?)?;
        let client_id = ClientId::new("s6BhdRkqt3")?;
        let issuer = provider.habits.says_issuer.then(|| Issuer::new(login_origin)).transpose()?;
        let mut client =
            Client::new(provider.profile.clone(), endpoint, client_id.clone(), RedirectUri::new(CALLBACK)?)
                .with_api_origin(api_origin.clone());
        if let Some(issuer) = issuer.clone() {
            client = client.with_issuer(issuer);
        }
        let mut registration =
            ClientRegistration::new(client_id, "Phone book", [RegisteredRedirectUri::new(CALLBACK)?])?;
        if let Some(scope) = Scope::from_names(provider.habits.sample_scope.iter().copied())? {
            registration = registration.with_scope(scope, None)?;
        }
        let mut policy = Policy::default();
        policy.issuer = issuer;
        policy.always_says_scope = provider.habits.always_says_scope;
        Ok(Self {
            provider,
            client,
            api_origin,
            registration: Arc::new(registration),
            policy,
            api_policy: api_server::Policy::new(Realm::new("api")?),
            now: Timestamp::from_unix_seconds(BEGINNING),
            drawn: 0,
            is_logged_in: false,
            consent: None,
            waiting: None,
            failure: None,
            tokens: BTreeMap::new(),
        })
    }

    fn session(&self) -> Result<Session, String> {
        let session = Session::new(ResourceOwnerId::new(USER).map_err(|error| error.to_string())?);
        Ok(match self.consent.clone() {
            Some(consent) => session.with_prior_consent(consent),
            None => session,
        })
    }

    /// What the authorization endpoint makes of a query.
    fn authorize(&mut self, query: &str) -> Result<Answer, String> {
        let client = self.registration.clone();
        let received = match receive(query, &self.policy, |id| {
            (id == client.client_id()).then_some(client.clone())
        }) {
            Ok(received) => received,
            Err(Refusal::ShowErrorPage(page)) => return Ok(Answer::ErrorPage(page)),
            Err(Refusal::RedirectWithError(error)) if error.precedes_login() && !self.is_logged_in => {
                return Ok(self.show(Waiting::Error(error)));
            }
            Err(Refusal::RedirectWithError(error)) => return Ok(Answer::Redirect(error.to_redirection())),
        };
        let session = if self.is_logged_in { Some(self.session()?) } else { None };
        match received.proceed(session.as_ref()) {
            Next::AskConsent(authenticated) => Ok(self.show(Waiting::Consent(authenticated))),
            Next::Consented(consented) => self.issue(consented),
            Next::LogIn(awaiting) => Ok(self.show(Waiting::Login(awaiting))),
            Next::Refused(error) => Ok(Answer::Redirect(error.to_redirection())),
        }
    }

    fn show(&mut self, waiting: Waiting) -> Answer {
        self.waiting = Some(waiting);
        Answer::Form
    }

    fn issue(&mut self, consented: Consented) -> Result<Answer, String> {
        if let Some(error) = self.failure.take() {
            return Ok(Answer::Redirect(consented.failed(error).to_redirection()));
        }
        let habits = self.provider.habits;
        let lifetime = ExpiresIn::from_seconds(habits.token_lifetime);
        // Tokens have to differ in what is shown of them, and need not be secret: they open nothing.
        let text = format!("{:04}{}", self.tokens.len() + 1, "x".repeat(36));
        let mut record = TokenRecord::new(Expiry::at(self.now.saturating_add(habits.token_lifetime)));
        record.scope = consented.scope().cloned();
        self.tokens.insert(text.clone(), record);
        self.consent = Some(consented.to_prior_consent());
        let token = AccessToken::new(text).map_err(|error| error.to_string())?;
        let mut issued = IssuedToken::new(token, lifetime);
        issued.token_type = TokenType::new(habits.token_type).map_err(|error| error.to_string())?;
        for parameter in habits.answer_parameters {
            let value = match parameter.says {
                AnswerFact::User => "1",
                _ => "e1",
            };
            issued.extra.add(parameter.name, value);
        }
        Ok(Answer::Redirect(consented.respond(issued).to_redirection()))
    }

    /// What the browser makes of the server's answer.
    fn load(&mut self, address: HttpUri, request: String, answer: Answer) -> Result<Page, String> {
        let page = |status, text: String, has_form, hops| Page {
            address: address.clone(),
            status,
            text,
            has_form,
            hops,
        };
        let hop = |status| Hop { request: request.clone(), status, location: None };
        match answer {
            Answer::Form => Ok(page(200, String::new(), true, vec![hop(200)])),
            Answer::ErrorPage(error) => {
                Ok(page(ShowErrorPage::STATUS, error.to_string(), false, vec![hop(ShowErrorPage::STATUS)]))
            }
            Answer::Redirect(redirection) => {
                let location = redirection.location().to_owned();
                let hop = Hop { location: Some(location.clone()), ..hop(Redirection::STATUS) };
                match follow(&address, &location).map_err(|error| error.to_string())? {
                    Destination::Http(target) => Ok(callback(target, vec![hop])),
                    Destination::App(_) => Err("the redirect leads to another app".into()),
                }
            }
        }
    }
}

/// What a server answers.
enum Answer {
    Form,
    ErrorPage(ShowErrorPage),
    Redirect(Redirection),
}

/// The client's own page, after these hops.
fn callback(address: HttpUri, mut hops: Vec<Hop>) -> Page {
    hops.push(Hop { request: request_line("GET", &address), status: 200, location: None });
    Page { address, status: 200, text: String::new(), has_form: false, hops }
}

fn request_line(method: &str, address: &HttpUri) -> String {
    let path = request_target(address).strip_prefix(address.origin()).unwrap_or_default();
    format!("{method} {path} HTTP/1.1")
}

impl Stage for InMemory {
    fn provider(&self) -> &'static Provider {
        self.provider
    }

    fn client(&self) -> &Client {
        &self.client
    }

    fn api_origin(&self) -> String {
        self.api_origin.to_string()
    }

    fn user(&self) -> &str {
        USER
    }

    fn now(&self) -> Timestamp {
        self.now
    }

    fn wait(&mut self, seconds: u64) {
        self.now = self.now.saturating_add(seconds);
    }

    fn end_sessions(&mut self) {
        self.is_logged_in = false;
    }

    fn fail_once(&mut self, error: ErrorCode) -> Result<(), String> {
        self.failure = Some(error);
        Ok(())
    }

    fn withdraw_consent(&mut self) -> Result<(), String> {
        self.consent = None;
        Ok(())
    }

    fn register_for(&mut self, response_type: ResponseType) -> Result<(), String> {
        let registration = ClientRegistration::clone(&self.registration).with_response_types([response_type]);
        self.registration = Arc::new(registration.map_err(|error| error.to_string())?);
        Ok(())
    }

    fn entropy(&mut self) -> Result<Entropy, String> {
        self.drawn = self.drawn.wrapping_add(1);
        Ok(Entropy::new([self.drawn; Entropy::LEN]))
    }

    fn open(&mut self, address: &str) -> Result<Page, String> {
        let address = HttpUri::parse(address).map_err(|error| format!("the address to open: {error}"))?;
        let endpoint = self.client.endpoint().uri();
        if address.origin() == endpoint.origin() && address.path() == endpoint.path() {
            let answer = self.authorize(address.query().unwrap_or_default())?;
            let request = request_line("GET", &address);
            return self.load(address, request, answer);
        }
        if address.without_fragment() == CALLBACK {
            return Ok(callback(address, Vec::new()));
        }
        Err(format!("nothing is at {}", address.origin()))
    }

    fn log_in(&mut self, login: &Page) -> Result<Page, String> {
        self.is_logged_in = true;
        let answer = match self.waiting.take() {
            Some(Waiting::Error(error)) => Answer::Redirect(error.to_redirection()),
            Some(Waiting::Login(awaiting)) => match awaiting.authenticated(&self.session()?) {
                LoggedIn::AskConsent(authenticated) => self.show(Waiting::Consent(authenticated)),
                LoggedIn::Consented(consented) => self.issue(consented)?,
            },
            _ => return Err("nobody has to log in".into()),
        };
        self.load(login.address.clone(), request_line("POST", &login.address), answer)
    }

    fn decide(&mut self, consent: &Page, decision: &Decision) -> Result<Page, String> {
        let Some(Waiting::Consent(authenticated)) = self.waiting.take() else {
            return Err("nothing has to be decided".into());
        };
        let answer = match authenticated.decided(decision.clone()) {
            Decided::Consented(consented) => self.issue(consented)?,
            Decided::Denied(error) => Answer::Redirect(error.to_redirection()),
            Decided::Overreached(_) => return Err("the decision names what the page did not show".into()),
        };
        self.load(consent.address.clone(), request_line("POST", &consent.address), answer)
    }

    fn call(&mut self, request: &ResourceRequest) -> Result<ApiAnswer, String> {
        let authorization = request.reveal_authorization();
        let call =
            Call { authorization: &[authorization.as_bytes()], query: request.uri().query(), form: None };
        let path = request.uri().path();
        let needed = self.provider.habits.sample_calls.iter().find(|call| call.path == path);
        let needed =
            Scope::from_names(needed.and_then(|call| call.scope)).map_err(|error| error.to_string())?;
        let judged = api_server::credentials(&call, &self.api_policy).and_then(|presented| {
            let record = self.tokens.get(presented.token.reveal_secret());
            api_server::judge(record, needed.as_ref(), self.now, &self.api_policy)
        });
        Ok(match judged {
            Ok(()) => ApiAnswer {
                status: 200,
                challenge: None,
                shown: format!("{{\"resource\":\"{path}\",\"owner\":\"{USER}\"}}"),
            },
            Err(refusal) => ApiAnswer {
                status: refusal.status(),
                challenge: Some(refusal.challenge()),
                shown: String::new(),
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use fragrant_profiles::{ALL, rfc6749, ringcentral};

    use super::super::{Mishap, Plot, tell};
    use super::*;

    #[test]
    fn every_tale_ends_well_with_every_provider_and_is_told_the_same_twice() {
        for provider in ALL.iter().copied() {
            for plot in [Plot::Whole, Plot::Denial] {
                let told = || {
                    let (recording, outcome) = tell(&mut InMemory::new(provider).unwrap(), plot);
                    assert_eq!(outcome, Ok(()), "{}: {plot:?}\n{recording}", provider.name);
                    recording.to_string()
                };
                assert_eq!(told(), told());
            }
        }
    }

    #[test]
    fn a_renewal_in_a_hidden_frame_is_told_order_by_order() {
        let mut stage = InMemory::new(&ringcentral::PROVIDER).unwrap();
        let (recording, outcome) = tell(&mut stage, Plot::HiddenFrame);
        assert_eq!(outcome, Ok(()), "{recording}");
        let words: Vec<&str> = recording.lines().map(|line| line.wire[0].as_str()).collect();
        let facts_and_orders =
            words.iter().filter(|word| word.chars().all(|char| char.is_ascii_lowercase() || char == '_'));
        assert_eq!(
            facts_and_orders.copied().collect::<Vec<_>>(),
            [
                "timer_fired",
                "draw_entropy",
                "entropy_drawn",
                "store_pending",
                "pending_stored",
                "start_timer",
                "open_frame",
                "page_loaded",
                "take_pending",
                "pending_taken",
                "replace_history",
                "hand_over",
                "message_received",
                "report",
                "stop_timer",
                "close_frame",
                "forget_pending",
                "start_timer",
            ],
            "{recording}"
        );
        let text = recording.to_string();
        assert!(text.contains("prompt=none") && !text.contains(&"x".repeat(20)), "{text}");
        // Where no silent renewal is documented there is none to be told.
        let mut stage = InMemory::new(&rfc6749::PROVIDER).unwrap();
        assert!(tell(&mut stage, Plot::HiddenFrame).1.is_err());
    }

    /// Both states are in the chart, and shortened as they are, a reader sees that the one is not the other.
    #[test]
    fn the_forged_state_is_seen_to_differ() {
        let mut stage = InMemory::new(&rfc6749::PROVIDER).unwrap();
        let (recording, _) = tell(&mut stage, Plot::Mishap(Mishap::ForgedAnswer));
        let state = |line: &crate::recorder::Line| {
            let wire = line.wire.join(" ");
            let (_, rest) = wire.split_once("state=")?;
            Some(rest.split(['&', ' ']).next().unwrap().to_owned())
        };
        let told: Vec<(bool, String)> = recording
            .lines()
            .filter_map(|line| Some((line.text.contains("somebody else"), state(line)?)))
            .collect();
        let forged: Vec<&String> =
            told.iter().filter(|(is_forged, _)| *is_forged).map(|(_, own)| own).collect();
        let own: Vec<&String> = told.iter().filter(|(is_forged, _)| !is_forged).map(|(_, own)| own).collect();
        assert!(forged.len() == 1 && own.len() > 2, "{told:?}");
        assert!(own.iter().all(|state| *state == own[0] && *state != forged[0]), "{told:?}");
    }

    #[test]
    fn every_mishap_comes_about() {
        for mishap in Mishap::ALL {
            let provider =
                if mishap.needs_silent_renewal() { &ringcentral::PROVIDER } else { &rfc6749::PROVIDER };
            let mut stage = InMemory::new(provider).unwrap();
            let (recording, outcome) = tell(&mut stage, Plot::Mishap(*mishap));
            assert_eq!(outcome, Ok(()), "{mishap:?}\n{recording}");
            assert_eq!(recording.scenes[0].title, mishap.title());
        }
    }

    #[test]
    fn no_token_and_no_state_is_told_whole() {
        let (recording, _) = tell(&mut InMemory::new(&rfc6749::PROVIDER).unwrap(), Plot::Whole);
        let text = recording.to_string();
        let longest = text.split(|c: char| !c.is_ascii_hexdigit()).map(str::len).max();
        assert!(longest < Some(20) && !text.contains(&"x".repeat(20)), "{text}");
    }
}
