//! Our client, as a program would write it: the typed states of the core, a user agent, and the native adapter for the API.

use std::time::SystemTime;

use fragrant::client::rules::{Expected, Verdict, judge};
use fragrant::client::{Authorized, Client, Received};
use fragrant::message::{AuthorizationRequest, BearerChallenge};
use fragrant::profile::Profile;
use fragrant::value::{
    AccessToken, AuthorizationEndpoint, ClientId, Entropy, Issuer, Origin, Prompts, RedirectUri, Scope,
    State, Timestamp,
};
use fragrant::wire::Redirect;
use fragrant_http::ApiClient;
use serde_json::json;

use crate::page::Page;
use crate::peer::{Facts, Peer, Runtimes};
use crate::person::{Came, browse};
use crate::rows::{ODD_STATE, Row};
use crate::servers::TestedServer;
use crate::user_agent::TIMEOUT;
use crate::{PASSWORD, USER};

const CLIENT_ID: &str = "implicit-client";
/// Where the answers go: nobody listens there, as the user agent stops before it.
const REDIRECT_URI: &str = "http://127.0.0.1:9/cb";

/// A server that runs, and our client's facts about it.
#[derive(Debug)]
pub(crate) struct Trial<'a> {
    tested: &'a TestedServer,
    origin: String,
    facts: Facts,
    _peer: Peer,
}

/// What the user decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Decision {
    Allow,
    Deny,
}

impl<'a> Trial<'a> {
    pub(crate) fn start(tested: &'a TestedServer, runtimes: &Runtimes) -> Self {
        let config = json!({
            "client_id": CLIENT_ID,
            "redirect_uri": REDIRECT_URI,
            "user": USER,
            "password": PASSWORD,
            "errors": tested.errors,
        });
        let mut peer = Peer::start(runtimes, tested.program, &config);
        let facts: Facts = serde_json::from_value(peer.hear()).unwrap();
        Self { tested, origin: format!("http://127.0.0.1:{}", facts.port), facts, _peer: peer }
    }

    /// What it is, in what version.
    pub(crate) const fn facts(&self) -> &Facts {
        &self.facts
    }

    /// Tries a row and says what came of it. Nothing secret is in that.
    pub(crate) fn run(&self, row: Row) -> String {
        let client = self.client(CLIENT_ID, REDIRECT_URI);
        let mut request = self.request(&client);
        match row {
            Row::Allow => self.outcome(&client, request, Decision::Allow, same),
            Row::Deny => self.outcome(&client, request, Decision::Deny, same),
            Row::InvalidScope => {
                let names = self.tested.scope.iter().copied().chain(["nonsense"]);
                request.scope = Scope::from_names(names).unwrap();
                self.outcome(&client, request, Decision::Allow, same)
            }
            Row::UnknownClient => {
                let client = self.client("nobody", REDIRECT_URI);
                self.outcome(&client, self.request(&client), Decision::Allow, same)
            }
            Row::WrongRedirectUri => {
                let client = self.client(CLIENT_ID, "http://127.0.0.1:9/other");
                self.outcome(&client, self.request(&client), Decision::Allow, same)
            }
            Row::UnsupportedResponseType => {
                // Our client asks for nothing that it cannot use, so the address is changed after it.
                let changed = |url: &str| changed(url, "response_type", Some(self.tested.unsupported));
                self.outcome(&client, request, Decision::Allow, changed)
            }
            Row::OddState => {
                request.state = Some(State::new(ODD_STATE).unwrap());
                self.outcome(&client, request, Decision::Allow, same)
            }
            Row::NoState => {
                let changed = |url: &str| changed(url, "state", None);
                self.outcome(&client, request, Decision::Allow, changed)
            }
            Row::SilentWithoutSession => {
                request.prompt = Some(Prompts::none());
                self.outcome(&client, request, Decision::Allow, same)
            }
            Row::ApiWithToken => self.call(&self.authorized(&client)),
            Row::ApiWithWrongToken => {
                let mut token = self.authorized(&client).stored_token().clone();
                token.access_token = AccessToken::new("nobody-has-issued-this").unwrap();
                self.call(&Authorized::restore(client, token, now()).unwrap())
            }
            Row::ApiWithoutToken => self.call_without_token(),
        }
    }

    fn client(&self, client_id: &str, redirect_uri: &str) -> Client {
        let endpoint = format!("{}{}", self.origin, self.tested.authorization);
        // It names itself in the ID token and not beside it, and nothing here knows another server.
        let profile = match self.tested.response_type.wants_id_token() && self.tested.says_issuer {
            true => Profile::STRICT.dangerously_forgive_missing_issuer_beside_id_token(),
            false => Profile::STRICT,
        };
        let client = Client::new(
            profile,
            AuthorizationEndpoint::new(endpoint).unwrap(),
            ClientId::new(client_id).unwrap(),
            RedirectUri::new(redirect_uri).unwrap(),
        )
        .with_api_origin(Origin::new(&*self.origin).unwrap());
        match self.tested.says_issuer {
            true => client.with_issuer(Issuer::new(&*self.origin).unwrap()),
            false => client,
        }
    }

    fn request(&self, client: &Client) -> AuthorizationRequest {
        let mut request = client.authorization_request();
        request.response_type = self.tested.response_type.clone();
        request.scope = Scope::from_names(self.tested.scope.iter().copied()).unwrap();
        request
    }

    /// Steps 1 to 3, the address of step 1 changed by somebody on the way.
    fn receive(
        &self,
        client: &Client,
        request: AuthorizationRequest,
        decision: Decision,
        change: impl Fn(&str) -> String,
    ) -> Result<(Received, String), Page> {
        let is_silent = request.prompt.as_ref().is_some_and(Prompts::is_none);
        let (url, awaiting) = client.begin(request, fresh(), now()).unwrap();
        // Where no page may be shown, one that is shown leaves nothing to press.
        let words = (!is_silent).then_some(match decision {
            Decision::Allow => self.tested.allow,
            Decision::Deny => self.tested.deny,
        });
        match browse(&change(url.as_str()), client.redirect_uri().as_str(), words) {
            Came::Address(address) => Ok((awaiting.receive(&address, now()), address)),
            Came::Page(page) => Err(page),
        }
    }

    fn outcome(
        &self,
        client: &Client,
        request: AuthorizationRequest,
        decision: Decision,
        change: impl Fn(&str) -> String,
    ) -> String {
        match self.receive(client, request, decision, change) {
            Ok((Received::Rejected { rejection, .. }, address)) => {
                format!("rejected: `{}`, {}", rejection.reason.as_str(), self.without_state(&address))
            }
            Ok((received, _)) => told(&received),
            Err(page) if page.asks_for_a_password() => "a login page, no answer".into(),
            Err(page) => format!("a page ({}), no answer", page.status),
        }
    }

    /// What an answer says that is not believed for its state: what a client would make of it that had sent none.
    fn without_state(&self, address: &str) -> String {
        let expected = Expected::new(&self.tested.response_type, &Profile::STRICT);
        match judge(&expected, &Redirect::split(address), now()) {
            Verdict::TokenGranted(_) => "on a token".into(),
            Verdict::ErrorReturned(returned) => format!("on `{}`", returned.response.error),
            Verdict::ResponseRejected(rejection) | Verdict::NotOurs(rejection) => {
                format!("on what would be `{}` besides", rejection.reason.as_str())
            }
        }
    }

    fn authorized(&self, client: &Client) -> Authorized {
        match self.receive(client, self.request(client), Decision::Allow, same) {
            Ok((Received::Authorized(authorized), _)) => authorized,
            Ok((other, _)) => panic!("{}: {}", self.tested.title, told(&other)),
            Err(page) => panic!("{}: a page ({})", self.tested.title, page.status),
        }
    }

    /// Step 4.
    fn call(&self, authorized: &Authorized) -> String {
        let request = authorized.api_request("GET", &self.api()).unwrap();
        let response = ApiClient::new().send(&request, &[], b"").unwrap();
        answered(response.status, response.challenge())
    }

    /// A call without a token, which our own types have no way to make.
    fn call_without_token(&self) -> String {
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .proxy(None)
            .timeout_global(Some(TIMEOUT))
            .build()
            .into();
        let response = agent.get(self.api()).call().unwrap();
        let headers = response.headers().get_all("www-authenticate");
        let challenges = BearerChallenge::read(headers.iter().filter_map(|header| header.to_str().ok()));
        answered(response.status().as_u16(), challenges.first().map(|received| &received.challenge))
    }

    fn api(&self) -> String {
        format!("{}{}", self.origin, self.tested.api)
    }
}

/// What our client says of an answer.
fn told(received: &Received) -> String {
    match received {
        Received::Authorized(authorized) => {
            let mut words = vec!["authorized".to_owned()];
            words.extend(authorized.id_token().map(|_| "an ID token unread".into()));
            words.extend(authorized.missing_scope().map(|scope| format!("without the scope `{scope}`")));
            words.extend(authorized.notes().iter().map(|note| format!("`{note}`")));
            words.join(", ")
        }
        Received::Denied(denied) => {
            let mut words =
                vec![format!("`{}`", denied.response.error), format!("in the {}", denied.channel)];
            words.extend(denied.response.iss.as_ref().map(|_| "with `iss`".into()));
            words.extend(denied.notes.iter().map(|note| format!("`{note}`")));
            words.join(", ")
        }
        Received::Rejected { rejection, .. } => format!("rejected: `{}`", rejection.reason.as_str()),
        Received::NotOurs(_) => "no answer in the address".into(),
    }
}

fn answered(status: u16, challenge: Option<&BearerChallenge>) -> String {
    match (status, challenge) {
        (200..=299, _) => status.to_string(),
        (_, None) => format!("{status}, no Bearer challenge"),
        (_, Some(BearerChallenge { error: Some(error), .. })) => format!("{status}, `{error}`"),
        (_, Some(_)) => format!("{status}, a bare challenge"),
    }
}

/// The address as our client wrote it.
fn same(url: &str) -> String {
    url.into()
}

/// The address with another value for a parameter, or without it.
fn changed(url: &str, name: &str, value: Option<&str>) -> String {
    let (endpoint, query) = url.split_once('?').unwrap();
    let is_it = |pair: &str| pair.split('=').next() == Some(name);
    let pairs = query.split('&').filter_map(|pair| match (is_it(pair), value) {
        (false, _) => Some(pair.to_owned()),
        (true, value) => value.map(|value| format!("{name}={value}")),
    });
    format!("{endpoint}?{}", pairs.collect::<Vec<_>>().join("&"))
}

fn fresh() -> Entropy {
    let mut bytes = [0; Entropy::LEN];
    getrandom::fill(&mut bytes).unwrap();
    Entropy::new(bytes)
}

fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    Timestamp::from_unix_seconds(since.as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_changed_in_one_place() {
        let url = "http://127.0.0.1:1/authorize?response_type=token&state=x&client_id=c";
        assert_eq!(
            changed(url, "response_type", Some("bogus")),
            "http://127.0.0.1:1/authorize?response_type=bogus&state=x&client_id=c"
        );
        assert_eq!(
            changed(url, "state", None),
            "http://127.0.0.1:1/authorize?response_type=token&client_id=c"
        );
    }
}
