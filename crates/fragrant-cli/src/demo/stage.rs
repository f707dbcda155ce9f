//! The stage of a run: the servers, a client and a browser, all on this machine, over HTTP.

use fragrant::client::Client;
use fragrant::message::ResourceRequest;
use fragrant::resource_owner::Decision;
use fragrant::value::{Entropy, Timestamp};
use fragrant_http::{ApiClient, ApiResponse, Outcome};
use fragrant_model::tale::{self, ApiAnswer, Page};
use fragrant_profiles::Provider;
use fragrant_server::{Clock, RunningServer, Server, User};

use super::browser::Browser;
use super::form::Form;
use crate::output::one_line;

/// The moment at which every run begins, in seconds since 1970: so that two runs look alike.
const BEGINNING: u64 = 1_760_000_000;
/// How long the login session lives, in seconds: longer than a token, so that a renewal finds it.
const SESSION: u64 = 8 * 3600;
/// How much of an API's answer is shown, in characters.
const SHOWN_OF_BODY: usize = 120;

const USER: &str = "jane";
const PASSWORD: &str = "correct horse battery staple";

pub(super) struct Stage {
    provider: &'static Provider,
    server: RunningServer,
    client: Client,
    browser: Browser,
    api: ApiClient,
}

impl Stage {
    pub(super) fn set(provider: &'static Provider) -> Result<Self, String> {
        let user = User::new(USER, PASSWORD).map_err(|error| error.to_string())?;
        let server = Server::new(provider)
            .with_clock(Clock::at(Timestamp::from_unix_seconds(BEGINNING)))
            .with_session_lifetime(SESSION)
            .with_user(user)
            // A remembered consent counts over https alone, and the app is on http here, on this machine.
            .dangerously_grant_silently_to_unproven_clients()
            .start()
            .map_err(|error| error.to_string())?;
        let client = server.client();
        Ok(Self { provider, server, client, browser: Browser::new(), api: ApiClient::new() })
    }
}

impl tale::Stage for Stage {
    fn provider(&self) -> &'static Provider {
        self.provider
    }

    fn client(&self) -> &Client {
        &self.client
    }

    fn api_origin(&self) -> String {
        self.server.api_origin().to_string()
    }

    fn user(&self) -> &str {
        USER
    }

    fn now(&self) -> Timestamp {
        self.server.clock().now()
    }

    fn wait(&mut self, seconds: u64) {
        self.server.clock().advance(seconds);
    }

    fn end_sessions(&mut self) {
        self.server.end_sessions();
    }

    /// Fresh bytes from the operating system.
    fn entropy(&mut self) -> Result<Entropy, String> {
        let mut bytes = [0; Entropy::LEN];
        getrandom::fill(&mut bytes).map_err(|error| error.to_string())?;
        Ok(Entropy::new(bytes))
    }

    fn open(&mut self, address: &str) -> Result<Page, String> {
        self.browser.open(address)
    }

    fn log_in(&mut self, login: &Page) -> Result<Page, String> {
        let form = form_of(login)?.with("username", USER).with("password", PASSWORD);
        self.browser.submit(login, &form)
    }

    fn decide(&mut self, consent: &Page, decision: &Decision) -> Result<Page, String> {
        let mut form = form_of(consent)?;
        if let Decision::Grant(scope) = decision {
            form.fields.retain(|(name, value)| name != "scope" || scope.contains(value));
        }
        let word = if *decision == Decision::Deny { "deny" } else { "allow" };
        self.browser.submit(consent, &form.with("decision", word))
    }

    fn call(&mut self, request: &ResourceRequest) -> Result<ApiAnswer, String> {
        let (method, path) = (request.method(), request.uri().path());
        let header = self.provider.habits.call_header.filter(|header| header.is_needed(method, path));
        let header = header.map(|header| (header.name, header.sample));
        let response = self.api.send(request, header.as_slice(), b"").map_err(|error| error.to_string())?;
        let challenge = match response.outcome() {
            Outcome::TokenRefused(challenge) => challenge,
            _ => None,
        };
        Ok(ApiAnswer { status: response.status, challenge, shown: beginning(&response) })
    }
}

fn form_of(page: &Page) -> Result<Form, String> {
    Form::first(&page.text).ok_or_else(|| "expected a form, came none".into())
}

/// The beginning of an API's answer, on one line.
fn beginning(response: &ApiResponse) -> String {
    let text = String::from_utf8_lossy(&response.body);
    let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= SHOWN_OF_BODY {
        return one_line(&line);
    }
    let head: String = line.chars().take(SHOWN_OF_BODY).collect();
    format!("{}…", one_line(&head))
}
