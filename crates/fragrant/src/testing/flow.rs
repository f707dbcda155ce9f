//! Oracles of whole exchanges: a client between honest and forged answers, an authorization server before any query, the
//! headers of step 4.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::authorization_server::{Policy, Refusal, receive};
use crate::client::{
    Authorized, AwaitingRenewal, AwaitingResponse, Client, PendingAuthorization, Received, Renewed,
    StoredToken,
};
use crate::message::{AuthorizationRequest, BearerChallenge};
use crate::profile::{Profile, Renewal};
use crate::value::{AuthorizationEndpoint, ClientId, Entropy, Origin, PendingKey, RedirectUri, Timestamp};
use crate::wire::{Limits, Redirect, RequestQuery, bearer};

use super::question::Question;
use super::reference::request::{Answer, Registered, Request};
use super::reference::{self, Outcome};

const CLIENT_ID: &str = "s6BhdRkqt3";
const REDIRECT_URI: &str = "https://app.example/cb";

/// Who is registered at the server.
const CLIENT: Registered = Registered {
    client_id: CLIENT_ID,
    redirect_uris: &[REDIRECT_URI],
    scope: None,
    default_scope: None,
    may_ask_for_token: true,
};

/// The crate and the reference that was written for clarity say the same.
pub fn differential(input: &str) {
    for question in [Question::new(), Question::new().with_state("xyz")] {
        let (ours, theirs) =
            (Outcome::of(&question.judge(input)), reference::judge(input, question.state.as_deref()));
        assert_eq!(ours, theirs, "{input:?}");
    }
}

/// Any query at the authorization endpoint: the reference reads the same in it, and answers the same; no address but the
/// registered one, and a request is read as it was written. Returns a word for the answer: `page`, `received`, or the code
/// of an error.
pub fn authorization_request(query: &str) -> String {
    let view = RequestQuery::read(query, &Limits::DEFAULT);
    let expected = Request::read(query, &Limits::DEFAULT);
    assert_eq!(Request::of(&view), expected, "{query:?}");
    if let Ok(request) = AuthorizationRequest::from_query(&view) {
        let written = request.to_query();
        assert_eq!(written.len(), request.encoded_len());
        let again = RequestQuery::read(&written, &Limits::DEFAULT);
        assert_eq!(AuthorizationRequest::from_query(&again).as_ref(), Ok(&request));
    }
    let lookup = |id: &ClientId| (id.as_str() == CLIENT_ID).then(|| CLIENT.registration()).flatten();
    let received = receive(query, &Policy::default(), lookup);
    if let Err(Refusal::RedirectWithError(error)) = &received {
        let redirection = error.to_redirection();
        let location = redirection.location();
        assert!(location.starts_with(&format!("{REDIRECT_URI}#error=")), "{location:?}");
    }
    let answer = Answer::of(&received);
    assert_eq!(answer, expected.answer(&[CLIENT]), "{query:?}");
    answer.word().to_owned()
}

/// Any bytes in the `Authorization` header: the reference finds the same token in it, or the same fault.
pub fn credentials(header: &[u8]) {
    let token = bearer::token(header).map(ToOwned::to_owned);
    assert_eq!(token, reference::credentials::token(header), "{:?}", String::from_utf8_lossy(header));
}

/// Any text in the two headers of step 4, each line a header: the reference reads them alike, and challenges are read as
/// they are written.
pub fn bearer_challenge(header: &str) {
    credentials(header.as_bytes());
    // Each line is a header.
    let headers: Vec<&str> = header.split('\n').collect();
    let read = bearer::challenges(headers.iter().copied());
    let read: Vec<_> = read.iter().map(reference::challenges::Challenge::of).collect();
    assert_eq!(read, reference::challenges::challenges(&headers), "{header:?}");
    for received in BearerChallenge::read(headers) {
        let written = received.challenge.to_header_value();
        let again = BearerChallenge::read([&*written]);
        assert_eq!(again.len(), 1, "{written:?}");
        assert_eq!(again[0].challenge, received.challenge, "{written:?}");
        assert!(again[0].faults.is_empty(), "{written:?}");
    }
}

/// A client among events, one a byte: it begins, is answered truly and falsely, renews, is reloaded, lets time pass. Whatever
/// the order, it holds only tokens that its own server has given it for a request that was waiting. Returns the token that it
/// holds in the end.
pub fn client_flow(events: &[u8]) -> Option<String> {
    let mut flow = Flow::new()?;
    for (index, event) in events.iter().enumerate() {
        flow.step(*event, index);
        flow.check();
    }
    flow.authorized.map(|authorized| authorized.access_token().reveal_secret().to_owned())
}

struct Flow {
    client: Client,
    now: Timestamp,
    /// The store: what is taken is gone.
    pending: Vec<(PendingKey, String)>,
    authorized: Option<Authorized>,
    renewal: Option<AwaitingRenewal>,
    /// Every token that the server has issued for a request that still waited, with that request's key.
    issued: Vec<(String, PendingKey)>,
    /// How many answers the server has given.
    answers: usize,
    /// The request that the token which is held came for.
    held: Option<PendingKey>,
    drawn: u8,
}

impl Flow {
    fn new() -> Option<Self> {
        let client = Client::new(
            Profile::STRICT.with_renewal(Renewal::Silent),
            AuthorizationEndpoint::new("https://as.example/authorize").ok()?,
            ClientId::new(CLIENT_ID).ok()?,
            RedirectUri::new(REDIRECT_URI).ok()?,
        )
        .with_api_origin(Origin::new("https://api.example").ok()?);
        Some(Self {
            client,
            now: Timestamp::from_unix_seconds(1_000),
            pending: Vec::new(),
            authorized: None,
            renewal: None,
            issued: Vec::new(),
            answers: 0,
            held: None,
            drawn: 0,
        })
    }

    fn entropy(&mut self) -> Entropy {
        self.drawn = self.drawn.wrapping_add(1);
        Entropy::new([self.drawn; Entropy::LEN])
    }

    fn step(&mut self, event: u8, index: usize) {
        match event % 12 {
            0 => self.begin(),
            1 => self.answered(index, "access_token", ""),
            2 => self.answered_twice(index),
            3 => self.answered(index, "error", ""),
            4 => self.answered(index, "access_token", "&state=other"),
            5 => self.forge("#access_token=evil&token_type=bearer"),
            6 => self.forge("#access_token=evil&token_type=bearer&state=evil"),
            7 => self.forge("?access_token=evil&token_type=bearer"),
            8 => self.renew(),
            9 => self.answer_renewal(),
            10 => self.reload(),
            _ => self.now = self.now.saturating_add(u64::from(event)),
        }
    }

    fn begin(&mut self) {
        let entropy = self.entropy();
        if let Ok((_, awaiting)) = self.client.begin(self.client.authorization_request(), entropy, self.now) {
            self.pending.push((awaiting.key(), awaiting.pending().encode()));
        }
    }

    /// The server answers one of the requests that wait: the address that the browser is sent to.
    fn answer(&mut self, index: usize, what: &str, more: &str) -> Option<String> {
        let (key, record) = self.pending.get(index % self.pending.len().max(1)).cloned()?;
        let record = PendingAuthorization::decode(&record).ok()?;
        let state = record.expected(self.client.profile()).state.unwrap_or_default().to_owned();
        let value = self.value();
        let address =
            format!("{REDIRECT_URI}#{what}={value}&token_type=bearer&expires_in=60&state={state}{more}");
        // What comes later or is malformed must not be believed.
        if what == "access_token" && more.is_empty() && self.now < record.end() {
            self.issued.push((value, key));
        }
        Some(address)
    }

    fn value(&mut self) -> String {
        let value = format!("issued{}", self.answers);
        self.answers += 1;
        value
    }

    fn answered(&mut self, index: usize, what: &str, more: &str) {
        if let Some(address) = self.answer(index, what, more) {
            self.come_back(&address);
        }
    }

    /// The same answer twice, as when the user goes back: the second finds no request and changes nothing.
    fn answered_twice(&mut self, index: usize) {
        let Some(address) = self.answer(index, "access_token", "") else { return };
        self.come_back(&address);
        let is_used_up = self.authorized.as_ref().is_some_and(|authorized| {
            address.contains(&format!("={}&", authorized.access_token().reveal_secret()))
        });
        let waiting = self.pending.len();
        self.come_back(&address);
        if is_used_up {
            assert!(self.take(&address).is_none(), "an answer that was believed finds its request again");
        }
        assert_eq!(self.pending.len(), waiting, "an answer that came twice");
    }

    /// Somebody else sends the browser here.
    fn forge(&mut self, answer: &str) {
        self.come_back(&format!("{REDIRECT_URI}{answer}"));
        if let (Some(authorized), Some(renewal)) = (&mut self.authorized, self.renewal.take()) {
            match renewal.receive(authorized, &format!("{REDIRECT_URI}{answer}"), self.now) {
                Renewed::Kept { awaiting, .. } => {
                    assert!(awaiting.is_some(), "a forged answer spent a renewal");
                    self.renewal = awaiting;
                }
                other => panics(format_args!("a forged answer renewed: {other:?}")),
            }
        }
    }

    fn come_back(&mut self, address: &str) {
        let Some(awaiting) = self.take(address) else { return };
        let key = awaiting.key();
        match awaiting.receive(address, self.now) {
            Received::Authorized(authorized) => {
                self.authorized = Some(authorized);
                self.held = Some(key);
            }
            Received::Denied(_) => {}
            Received::Rejected { awaiting: Some(awaiting), .. } | Received::NotOurs(awaiting) => {
                self.pending.push((awaiting.key(), awaiting.pending().encode()));
            }
            Received::Rejected { awaiting: None, .. } => {}
        }
    }

    /// Looks the request up and deletes it in the same act.
    fn take(&mut self, address: &str) -> Option<AwaitingResponse> {
        let key = Redirect::split(address).pending_key()?;
        let index = self.pending.iter().position(|(own, _)| *own == key)?;
        let (_, record) = self.pending.remove(index);
        self.client.resume(PendingAuthorization::decode(&record).ok()?).ok()
    }

    fn renew(&mut self) {
        let (entropy, now) = (self.entropy(), self.now);
        if let Some(Ok((_, renewal))) =
            self.authorized.as_mut().map(|authorized| authorized.renew(entropy, now))
        {
            self.renewal = Some(renewal);
        }
    }

    fn answer_renewal(&mut self) {
        let value = self.value();
        let (Some(authorized), Some(renewal)) = (&mut self.authorized, self.renewal.take()) else { return };
        let expected = renewal.pending().expected(&Profile::STRICT).state.unwrap_or_default().to_owned();
        let address =
            format!("{REDIRECT_URI}#access_token={value}&token_type=bearer&expires_in=60&state={expected}");
        let is_in_time = self.now < renewal.pending().end();
        let key = renewal.pending().key();
        if is_in_time {
            self.issued.push((value, key));
        }
        let renewed = renewal.receive(authorized, &address, self.now);
        if renewed == Renewed::Replaced {
            self.held = Some(key);
        }
        // A login that has come in between has made the renewal one of nobody's.
        assert!(is_in_time || renewed != Renewed::Replaced, "a renewal that had ended");
    }

    fn reload(&mut self) {
        self.renewal = None;
        let Some(authorized) = self.authorized.take() else { return };
        let stored = StoredToken::decode(&authorized.stored_token().encode());
        self.authorized =
            stored.ok().and_then(|stored| Authorized::restore(self.client.clone(), stored, self.now).ok());
    }

    fn check(&self) {
        if let Some(authorized) = &self.authorized {
            let token = authorized.access_token().reveal_secret();
            let issued_for = self.issued.iter().find(|(own, _)| own == token).map(|(_, key)| *key);
            assert!(issued_for.is_some(), "a token that was never issued");
            assert_eq!(issued_for, self.held, "a token that was issued for another request");
            assert!(authorized.api_request("GET", "https://api.example/").is_ok());
            assert!(authorized.api_request("GET", "https://evil.example/").is_err());
        }
    }
}

/// A failure in a place where `assert!` does not fit.
#[allow(clippy::panic)] // an oracle fails by a panic
fn panics(problem: core::fmt::Arguments<'_>) -> ! {
    panic!("{problem}")
}
