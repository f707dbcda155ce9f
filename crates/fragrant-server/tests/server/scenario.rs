//! Where the tests begin: a server of one provider, Jane who has an account there, and a browser.

use fragrant::authorization_server::{ClientRegistration, RegisteredRedirectUri};
use fragrant::client::{Authorized, AwaitingResponse, Received};
use fragrant::value::{ClientId, Entropy, Scope, Timestamp};
use fragrant_profiles::Provider;
use fragrant_server::{Clock, RunningServer, Server, User};

use crate::browser::{Answer, Browser};

pub(crate) const PASSWORD: &str = "planted-password";
/// Its hash at the lowest cost, for tests that start many servers.
pub(crate) const PASSWORD_HASH: &str =
    "$argon2id$v=19$m=8,t=1,p=1$rs/Ke3rv6jAp3pPtpVnWCw$tkUfrCHy8luEi+5FfYbfpk6sMDOc1SqAKHWfEs3PKy8";
/// What is said with a cookie, unless it may cross sites.
pub(crate) const LAX: &str = "Path=/; HttpOnly; SameSite=Lax";
/// A client at an https address, which proves who it is.
pub(crate) const WEB_CB: &str = "https://app.example/cb";

pub(crate) struct Scenario {
    pub(crate) server: RunningServer,
    pub(crate) browser: Browser,
    draws: u8,
}

pub(crate) fn scope(text: &str) -> Scope {
    Scope::new(text).unwrap()
}

/// The usual settings.
pub(crate) fn server(provider: &'static Provider) -> Server {
    let web = RegisteredRedirectUri::new(WEB_CB).unwrap();
    let web = ClientRegistration::new(ClientId::new("web").unwrap(), "Web & <b>Sons</b>", [web]).unwrap();
    Server::new(provider)
        .with_user(User::new("jane", PASSWORD).unwrap().with_id("4711"))
        .with_client(web.with_scope(scope("read write"), None).unwrap())
        .with_clock(Clock::at(Timestamp::from_unix_seconds(1_760_000_000)))
        .with_seed([7; 32])
}

impl Scenario {
    pub(crate) fn of(provider: &'static Provider) -> Self {
        Self::start(server(provider))
    }

    pub(crate) fn start(server: Server) -> Self {
        Self { server: server.start().unwrap(), browser: Browser::new(), draws: 0 }
    }

    /// Step 1 of the application's client, with these parameters besides.
    pub(crate) fn begin(&mut self, scope: Option<Scope>) -> (String, AwaitingResponse) {
        let client = self.server.client();
        let mut request = client.authorization_request();
        request.scope = scope;
        self.draws += 1;
        let entropy = Entropy::new([self.draws; Entropy::LEN]);
        let (url, awaiting) = client.begin(request, entropy, self.server.clock().now()).unwrap();
        (url.into_string(), awaiting)
    }

    /// The authorization endpoint with this query.
    pub(crate) fn authorize(&mut self, query: &str) -> Answer {
        let address = format!("{}?{query}", self.server.authorization_endpoint());
        self.browser.get(&address)
    }

    pub(crate) fn log_in(&mut self, login_page: &Answer) -> Answer {
        let form = login_page.form().with(&[("username", "jane"), ("password", PASSWORD)]);
        self.browser.submit(&form)
    }

    pub(crate) fn allow(&mut self, consent_page: &Answer) -> Answer {
        let form = consent_page.form().with(&[("decision", "allow")]);
        self.browser.submit(&form)
    }

    /// From nothing to a token, with every page.
    pub(crate) fn authorized(&mut self, scope: Option<Scope>) -> Authorized {
        let (url, awaiting) = self.begin(scope);
        let mut answer = self.browser.get(&url);
        if answer.body.contains("name=\"password\"") {
            answer = self.log_in(&answer);
        }
        let answer = self.allow(&answer);
        match awaiting.receive(answer.location(), self.server.clock().now()) {
            Received::Authorized(authorized) => authorized,
            other => panic!("{other:?}"),
        }
    }

    /// Calls the API with a token.
    pub(crate) fn call(&mut self, token: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
        let address = format!("{}{path}", self.server.api_origin());
        let authorization = format!("Bearer {token}");
        let mut all = vec![("authorization", &*authorization)];
        all.extend_from_slice(headers);
        Browser::new().send("GET", &address, &all, "")
    }
}
