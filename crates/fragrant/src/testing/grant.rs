//! Oracles of an authorization server: any request, before each kind of login session, and any decision about it. What has
//! to hold is told by a reading of the query that shares nothing with the crate's own.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec;
use alloc::vec::Vec;

use super::Question;
use super::reference::request::{Answer, Registered, Request};
use crate::authorization_server::{
    ClientRegistration, Consented, Decided, IssuedToken, LoggedIn, Next, Policy, PriorConsent, Received,
    Refusal, Session, receive,
};
use crate::client::rules::Verdict;
use crate::resource_owner::{Decision, ResourceOwnerId};
use crate::value::{AccessToken, ClientId, ExpiresIn, Issuer, RedirectUri, Scope, State};

/// Who is registered.
const CLIENTS: [Registered; 4] = [
    Registered {
        client_id: "s6BhdRkqt3",
        redirect_uris: &["https://app.example/cb"],
        scope: Some("read write"),
        default_scope: Some("read"),
        may_ask_for_token: true,
    },
    Registered {
        client_id: "two",
        redirect_uris: &["https://two.example/a?keep=1", "https://two.example/b"],
        scope: Some("read write"),
        default_scope: None,
        may_ask_for_token: true,
    },
    Registered {
        client_id: "native",
        redirect_uris: &["http://127.0.0.1/cb", "com.example.app:/cb"],
        scope: None,
        default_scope: None,
        may_ask_for_token: true,
    },
    Registered {
        client_id: "code",
        redirect_uris: &["https://code.example/cb"],
        scope: None,
        default_scope: None,
        may_ask_for_token: false,
    },
];

const ISSUER: &str = "https://as.example";

/// Any query at the authorization endpoint, before nobody, before somebody new, and before somebody who has allowed this or
/// that. It is answered at a registered address or not at all, with its own state or with none, by a token or by an error
/// and never by both; a page is shown where one may be, and a token comes unasked only where all of it was allowed before.
/// Returns what came of it, for each policy and each of those people.
pub fn authorize(query: &str) -> Vec<String> {
    let asked = Asked::of(query);
    policies().iter().flat_map(|policy| asked.before_everybody(policy)).collect()
}

/// A decision in the first line (`deny`, `all`, or the names of a scope), about the request in the rest. Nothing is granted
/// that was not shown and chosen, a no is a no, and what is remembered answers for as much and for no more. Returns where
/// the answer leads, or nothing where the decision was not one about this page.
pub fn consent(input: &str) -> Option<String> {
    let (decision, query) = input.split_once('\n')?;
    let decision = match decision {
        "all" => Decision::GrantAll,
        "deny" => Decision::Deny,
        names => Decision::Grant(Scope::new(names).ok()?),
    };
    let asked = Asked::of(query);
    let policy = Policy::default();
    let received = asked.receive(&policy).ok()?;
    let jane = Session::new(ResourceOwnerId::new("jane").ok()?);
    let shown = received.scope().cloned();
    let Next::LogIn(awaiting) = received.proceed(None) else {
        assert!(asked.prompts("none"), "no page, and silence was not asked for");
        return None;
    };
    let LoggedIn::AskConsent(authenticated) = awaiting.authenticated(&jane) else {
        panics(format_args!("a token for somebody who has allowed nothing"))
    };
    assert_eq!(authenticated.scope(), shown.as_ref());
    match authenticated.decided(decision.clone()) {
        Decided::Denied(error) => {
            assert_eq!(decision, Decision::Deny, "a no that nobody said");
            assert_eq!(error.error().as_str(), "access_denied");
            let redirection = error.to_redirection();
            asked.check_answer(redirection.location(), "error", &policy);
            Some(redirection.location().to_owned())
        }
        Decided::Consented(consented) => {
            check_choice(&decision, shown.as_ref(), consented.scope());
            asked.check_remembered(&consented, &jane, &policy);
            let is_as_asked = match (consented.scope(), &asked.scope) {
                (Some(granted), Some(asked)) => granted.is_same_set(asked),
                (granted, asked) => granted == asked.as_ref(),
            };
            let location = consented.respond(token()?).to_redirection().location().to_owned();
            asked.check_answer(&location, "access_token", &policy);
            assert_eq!(location.contains("&scope="), !is_as_asked, "told where it is not what was asked for");
            Some(location)
        }
        Decided::Overreached(open) => {
            let Decision::Grant(chosen) = &decision else {
                panics(format_args!("{decision:?} is not about names"))
            };
            assert!(!shown.as_ref().is_some_and(|shown| shown.covers(chosen)), "all of it was shown");
            assert_eq!(open.scope(), shown.as_ref());
            assert!(matches!(open.decided(Decision::Deny), Decided::Denied(_)), "the question is still open");
            None
        }
    }
}

/// What was granted is what was chosen, and that was shown.
fn check_choice(decision: &Decision, shown: Option<&Scope>, granted: Option<&Scope>) {
    match decision {
        Decision::Deny => panics(format_args!("a yes that nobody said")),
        Decision::Grant(chosen) => {
            assert!(granted.is_some_and(|granted| granted.is_same_set(chosen)), "granted: {granted:?}");
            assert!(shown.is_some_and(|shown| shown.covers(chosen)), "granted what was not shown");
        }
        Decision::GrantAll => assert_eq!(granted, shown),
    }
}

/// A query, as the reference reads it: what there is exactly once is known, and so is the answer to all of it.
struct Asked<'q> {
    query: &'q str,
    client_id: Option<String>,
    /// What the server answers before anybody has logged in.
    answer: Answer,
    state: Option<String>,
    prompts: Vec<String>,
    scope: Option<Scope>,
}

impl<'q> Asked<'q> {
    fn of(query: &'q str) -> Self {
        let request = Request::read(query, &Policy::default().limits);
        let text = |name| request.value(name).map(str::to_owned);
        Self {
            query,
            client_id: text("client_id"),
            answer: request.answer(&CLIENTS),
            state: text("state").filter(|text| State::new(text.as_str()).is_ok()),
            prompts: text("prompt")
                .map(|text| text.split(' ').map(str::to_owned).collect())
                .unwrap_or_default(),
            scope: text("scope").and_then(|text| Scope::new(text).ok()),
        }
    }

    fn prompts(&self, prompt: &str) -> bool {
        self.prompts.iter().any(|own| own == prompt)
    }

    fn receive(&self, policy: &Policy) -> Result<Received, Refusal> {
        let received = receive(self.query, policy, |id| registration(id.as_str()));
        assert_eq!(Answer::of(&received), self.answer, "{:?}", self.query);
        received
    }

    fn before_everybody(&self, policy: &Policy) -> Vec<String> {
        let received = match self.receive(policy) {
            Ok(received) => received,
            Err(Refusal::RedirectWithError(error)) => {
                self.check_answer(error.to_redirection().location(), "error", policy);
                return vec![format!("error {}", error.error())];
            }
            Err(Refusal::ShowErrorPage(_)) => return vec!["page".into()],
        };
        assert_eq!(Some(received.client().client_id().as_str()), self.client_id.as_deref());
        // What a server keeps while a page is shown.
        let again = Asked::of(&received.request().to_query()).receive(policy);
        assert_eq!(again.as_ref(), Ok(&received), "read as it was written");
        people(&received).iter().map(|session| self.before(session.as_ref(), policy)).collect()
    }

    fn before(&self, session: Option<&Session>, policy: &Policy) -> String {
        let Ok(received) = self.receive(policy) else { panics(format_args!("received, and then not")) };
        let expected = self.expected(&received, session, policy);
        let word = match received.proceed(session) {
            Next::AskConsent(_) => "consent".to_owned(),
            Next::Consented(consented) => {
                assert_eq!(Some(consented.owner()), session.map(Session::owner));
                if let Some(token) = token() {
                    let redirection = consented.respond(token).to_redirection();
                    self.check_answer(redirection.location(), "access_token", policy);
                }
                "token".to_owned()
            }
            Next::LogIn(_) => "login".to_owned(),
            Next::Refused(error) => {
                self.check_answer(error.to_redirection().location(), "error", policy);
                format!("error {}", error.error())
            }
        };
        assert_eq!(word, expected, "{session:?}");
        word
    }

    /// Who is asked for what (OpenID Connect section 3.1.2.1, RFC 6749 section 10.2).
    fn expected(&self, received: &Received, session: Option<&Session>, policy: &Policy) -> &'static str {
        let prior = session.and_then(Session::prior_consent);
        let is_allowed = prior.is_some_and(|prior| {
            let reaches = match (prior.scope(), received.scope()) {
                (_, None) => true,
                (Some(allowed), Some(scope)) => scope.names().all(|name| allowed.contains(name)),
                (None, Some(_)) => false,
            };
            prior.client_id() == received.client().client_id()
                && prior.redirect_uri() == received.redirect_uri()
                && reaches
        });
        let is_proven = policy.dangerous_silent_grants_to_unproven_clients
            || received.redirect_uri().as_str().starts_with("https://");
        let wants_login = ["login", "select_account"].iter().any(|prompt| self.prompts(prompt));
        let is_to_be_asked = self.prompts("consent") || !is_allowed || !is_proven;
        match (session.is_none() || wants_login, is_to_be_asked, self.prompts("none")) {
            (true, _, true) => "error login_required",
            (true, _, false) => "login",
            (false, true, true) if is_proven => "error consent_required",
            (false, true, true) => "error interaction_required",
            (false, true, false) => "consent",
            (false, false, _) => "token",
        }
    }

    /// Where an answer may go, if that is sure.
    fn address(&self) -> Option<&str> {
        match &self.answer {
            Answer::Error(_, address) | Answer::Received(address) => Some(address),
            Answer::Page(_) => None,
        }
    }

    /// An answer is where it belongs, says one thing, and says it so that its own client believes it.
    fn check_answer(&self, location: &str, kind: &str, policy: &Policy) {
        let Some((address, fragment)) = location.split_once('#') else {
            panics(format_args!("an answer without a fragment of its own"))
        };
        assert_eq!(Some(address), self.address(), "an answer that goes elsewhere");
        let pairs: Vec<_> = form_urlencoded::parse(fragment.as_bytes()).collect();
        let all =
            |name: &str| pairs.iter().filter(|(own, _)| own == name).map(|(_, value)| &**value).collect();
        let answers: [Vec<&str>; 2] = ["access_token", "error"].map(all);
        assert_eq!(
            answers.map(|values| values.len()),
            if kind == "error" { [0, 1] } else { [1, 0] },
            "{location}"
        );
        let state: Vec<&str> = all("state");
        assert_eq!(state, self.state.as_deref().into_iter().collect::<Vec<_>>(), "the state of {location}");
        let issuer = policy.issuer.as_ref().map(Issuer::as_str);
        assert_eq!(all("iss"), issuer.into_iter().collect::<Vec<&str>>());
        let question = Question {
            state: self.state.clone(),
            issuer: issuer.map(str::to_owned),
            redirect_uri: Some(address.to_owned()),
            scope: self.scope.clone(),
            ..Question::new()
        };
        match (question.judge(location), kind) {
            (Verdict::TokenGranted(_), "access_token") | (Verdict::ErrorReturned(_), "error") => {}
            (verdict, _) => panics(format_args!("its own client says {verdict:?}")),
        }
    }

    /// A consent that is remembered answers the same request, if it was to all of it; and no other client's, and none that
    /// is answered at another address.
    fn check_remembered(&self, consented: &Consented, jane: &Session, policy: &Policy) {
        let prior = consented.to_prior_consent();
        assert_eq!(prior.client_id(), consented.client().client_id());
        assert_eq!(prior.redirect_uri(), consented.redirect_uri());
        assert_eq!(prior.scope(), consented.scope());
        let session = jane.clone().with_prior_consent(prior);
        self.before(Some(&session), policy);
        for Registered { client_id, redirect_uris, .. } in CLIENTS {
            for address in redirect_uris {
                let is_same = consented.client().client_id().as_str() == client_id
                    && consented.redirect_uri().as_str() == *address;
                let query = format!(
                    "response_type=token&client_id={client_id}&redirect_uri={}&scope=read",
                    form_urlencoded::byte_serialize(address.as_bytes()).collect::<String>(),
                );
                let Ok(other) = Asked::of(&query).receive(policy) else { continue };
                let is_answered = matches!(other.proceed(Some(&session)), Next::Consented(_));
                assert!(is_same || !is_answered, "a consent that answers for {client_id} at {address}");
            }
        }
    }
}

fn registration(id: &str) -> Option<Arc<ClientRegistration>> {
    CLIENTS.iter().find(|client| client.client_id == id)?.registration()
}

fn policies() -> [Policy; 2] {
    let issuer = Issuer::new(ISSUER).ok();
    let trusting = Policy { dangerous_silent_grants_to_unproven_clients: true, ..Policy::default() };
    [Policy::default(), Policy { issuer, always_says_scope: true, ..trusting }]
}

/// Nobody; Jane, who has allowed nothing yet; and Jane, who has allowed something to this client or to another one.
fn people(received: &Received) -> Vec<Option<Session>> {
    let Ok(name) = ResourceOwnerId::new("jane") else { return vec![None] };
    let jane = Session::new(name);
    let here = (received.client().client_id().clone(), received.redirect_uri().clone());
    let elsewhere = [("two", "https://two.example/b"), ("s6BhdRkqt3", "https://two.example/b")];
    let elsewhere = elsewhere.map(|(id, uri)| Some((ClientId::new(id).ok()?, RedirectUri::new(uri).ok()?)));
    let places = [Some(here)].into_iter().chain(elsewhere).flatten();
    let priors = places.flat_map(|(id, uri)| {
        let scopes = [None, Some("read"), Some("write read")];
        scopes.map(|names| {
            PriorConsent::new(id.clone(), uri.clone(), names.and_then(|names| Scope::new(names).ok()))
        })
    });
    let with_priors = priors.map(|prior| Some(jane.clone().with_prior_consent(prior)));
    [None, Some(jane.clone())].into_iter().chain(with_priors).collect()
}

fn token() -> Option<IssuedToken> {
    Some(IssuedToken::new(AccessToken::new("2YotnFZFEjr1zCsicMWpAA").ok()?, ExpiresIn::from_seconds(3600)))
}

/// A failure in a place where `assert!` does not fit.
#[track_caller]
#[allow(clippy::panic)] // an oracle fails by a panic
fn panics(problem: core::fmt::Arguments<'_>) -> ! {
    panic!("{problem}")
}
