//! Where the tests of the states begin: a request that is described once and taken to the state under test.

use alloc::string::{String, ToString};
use alloc::sync::Arc;

use super::{
    Authenticated, AwaitingLogin, ClientRegistration, Consented, Decided, IssuedToken, LoggedIn, Next,
    Policy, PriorConsent, Received, Refusal, RegisteredRedirectUri, Session, receive,
};
use crate::resource_owner::{Decision, ResourceOwnerId};
use crate::value::{AccessToken, ClientId, ExpiresIn, Issuer, RedirectUri, Scope};

pub(super) const CB: &str = "https://app.example/cb";

/// A request for the scope `read write` with the state `xyz`, and what it meets.
pub(super) struct Scenario {
    pub(super) query: String,
    pub(super) client: ClientRegistration,
    pub(super) policy: Policy,
}

impl Scenario {
    /// The usual request, and `more` after it.
    pub(super) fn with(more: &str) -> Self {
        Self::of(&alloc::format!("response_type=token&client_id=c&scope=read+write&state=xyz{more}"))
    }

    /// Another request of the usual client.
    pub(super) fn of(query: &str) -> Self {
        Self {
            query: query.to_string(),
            client: client(&[CB]).with_scope(scope("read write"), None).unwrap(),
            policy: Policy::default(),
        }
    }

    pub(super) fn with_client(self, client: ClientRegistration) -> Self {
        Self { client, ..self }
    }

    pub(super) fn with_issuer(mut self) -> Self {
        self.policy.issuer = Some(Issuer::new("https://as.example").unwrap());
        self
    }

    pub(super) fn receive(&self) -> Result<Received, Refusal> {
        let client = Arc::new(self.client.clone());
        receive(&self.query, &self.policy, |id| (id == client.client_id()).then_some(client))
    }

    pub(super) fn received(&self) -> Received {
        self.receive().unwrap()
    }

    pub(super) fn awaiting_login(&self) -> AwaitingLogin {
        match self.received().proceed(None) {
            Next::LogIn(awaiting_login) => awaiting_login,
            other => panic!("{other:?}"),
        }
    }

    pub(super) fn authenticated(&self) -> Authenticated {
        match self.awaiting_login().authenticated(&session()) {
            LoggedIn::AskConsent(authenticated) => authenticated,
            other => panic!("{other:?}"),
        }
    }

    pub(super) fn consented(&self, decision: Decision) -> Consented {
        match self.authenticated().decided(decision) {
            Decided::Consented(consented) => consented,
            other => panic!("{other:?}"),
        }
    }

    /// Where the answer to a consent goes.
    pub(super) fn location(&self, decision: Decision) -> String {
        self.consented(decision).respond(token()).to_redirection().location().to_string()
    }

    /// What comes of the request before anybody is asked: the error's whole address, or the page's words.
    pub(super) fn refusal(&self) -> String {
        match self.receive() {
            Ok(_) => "received".to_string(),
            Err(Refusal::ShowErrorPage(page)) => page.to_string(),
            Err(Refusal::RedirectWithError(error)) => error.to_redirection().location().to_string(),
        }
    }
}

pub(super) fn client(redirect_uris: &[&str]) -> ClientRegistration {
    let uris =
        redirect_uris.iter().map(|uri| RegisteredRedirectUri::dangerous_with_clear_text(*uri).unwrap());
    ClientRegistration::new(ClientId::new("c").unwrap(), "Client", uris).unwrap()
}

pub(super) fn scope(text: &str) -> Scope {
    Scope::new(text).unwrap()
}

/// Jane, who has allowed nothing yet.
pub(super) fn session() -> Session {
    Session::new(ResourceOwnerId::new("jane").unwrap())
}

/// Jane, who has allowed the usual client this scope.
pub(super) fn session_with(names: Option<&str>) -> Session {
    let client_id = ClientId::new("c").unwrap();
    let redirect_uri = RedirectUri::new(CB).unwrap();
    session().with_prior_consent(PriorConsent::new(client_id, redirect_uri, names.map(scope)))
}

pub(super) fn token() -> IssuedToken {
    IssuedToken::new(AccessToken::new("t0k").unwrap(), ExpiresIn::from_seconds(3600))
}
