//! Where a test begins: one description of a login, and a method for each state that reaches it.

use fragrant::client::{Authorized, AwaitingRenewal, AwaitingResponse, Client, Received, Rejection};
use fragrant::message::AuthorizationRequest;
use fragrant::profile::Profile;
use fragrant::value::{
    AuthorizationEndpoint, ClientId, Entropy, Issuer, Origin, RedirectUri, ResponseType, Scope, State,
    Timestamp,
};

/// The moment at which every scenario begins.
pub(crate) const NOW: Timestamp = Timestamp::from_unix_seconds(1_760_000_000);
/// Where every scenario's answer goes.
pub(crate) const REDIRECT_URI: &str = "https://app.example/cb";
/// The state of every scenario that was not told to draw one.
pub(crate) const STATE: &str = "xyz";
/// The example token of RFC 6749.
pub(crate) const TOKEN: &str = "2YotnFZFEjr1zCsicMWpAA";
/// What every scenario's server answers unless told otherwise.
pub(crate) const ANSWER: &str = "access_token=2YotnFZFEjr1zCsicMWpAA&token_type=bearer&state=xyz";

/// A login: who asks, and for what.
#[derive(Clone, Debug)]
pub(crate) struct Scenario {
    client: Client,
    request: AuthorizationRequest,
}

impl Scenario {
    /// A client of a server that keeps to the specifications, with the state [`STATE`] and nothing optional.
    pub(crate) fn new() -> Self {
        Self::with_profile(Profile::STRICT)
    }

    /// The same with another profile.
    pub(crate) fn with_profile(profile: Profile) -> Self {
        let client = client(profile);
        let mut request = client.authorization_request();
        request.state = Some(State::new(STATE).unwrap());
        Self { client, request }
    }

    /// Changes the client. What it adds to every request is in this one's too.
    pub(crate) fn with_client(mut self, change: impl FnOnce(Client) -> Client) -> Self {
        self.client = change(self.client);
        let AuthorizationRequest { response_type, scope, state, .. } = self.request;
        self.request = self.client.authorization_request();
        (self.request.response_type, self.request.scope, self.request.state) = (response_type, scope, state);
        self
    }

    /// The server names itself in its answers.
    pub(crate) fn with_issuer(self, issuer: &str) -> Self {
        self.with_client(|client| client.with_issuer(Issuer::new(issuer).unwrap()))
    }

    /// The token may be sent there.
    pub(crate) fn with_api_origin(self, origin: &str) -> Self {
        self.with_client(|client| client.with_api_origin(Origin::new(origin).unwrap()))
    }

    /// The client asks for a scope.
    pub(crate) fn with_scope(mut self, scope: &str) -> Self {
        self.request.scope = Some(Scope::new(scope).unwrap());
        self
    }

    /// The client asks for an ID token beside the access token.
    pub(crate) fn with_id_token(mut self) -> Self {
        self.request.response_type = ResponseType::ID_TOKEN_TOKEN;
        self
    }

    /// The client draws its state.
    pub(crate) fn with_fresh_state(mut self) -> Self {
        self.request.state = None;
        self
    }

    pub(crate) fn client(&self) -> Client {
        self.client.clone()
    }

    /// The request, ready for [`Client::begin`].
    pub(crate) fn request(&self) -> AuthorizationRequest {
        self.request.clone()
    }

    /// **Awaiting the response:** the user agent has left.
    pub(crate) fn awaiting_response(&self) -> AwaitingResponse {
        self.client.begin(self.request(), entropy(1), NOW).unwrap().1
    }

    /// **Authorized:** the user agent has come back with these parameters in its fragment.
    pub(crate) fn authorized(&self, answer: &str) -> Authorized {
        authorized(self.awaiting_response().receive(&address(answer), NOW))
    }

    /// **Awaiting the renewal** of the token in `answer`, begun at `now`. The renewal's state is [`fresh_state`]`(2)`.
    pub(crate) fn awaiting_renewal(&self, answer: &str, now: Timestamp) -> (Authorized, AwaitingRenewal) {
        let mut authorized = self.authorized(answer);
        let (_, renewal) = authorized.renew(entropy(2), now).unwrap();
        (authorized, renewal)
    }
}

/// The client of the scenarios.
pub(crate) fn client(profile: Profile) -> Client {
    Client::new(
        profile,
        AuthorizationEndpoint::new("https://as.example/authorize").unwrap(),
        ClientId::new("s6BhdRkqt3").unwrap(),
        RedirectUri::new(REDIRECT_URI).unwrap(),
    )
}

/// Entropy that a test can foretell: one byte, over and over.
pub(crate) fn entropy(byte: u8) -> Entropy {
    Entropy::new([byte; Entropy::LEN])
}

/// The state that is drawn from [`entropy`]`(byte)`.
pub(crate) fn fresh_state(byte: u8) -> String {
    format!("{byte:02x}").repeat(28)
}

/// So many **seconds** after the scenario began.
pub(crate) fn after(seconds: u64) -> Timestamp {
    NOW.saturating_add(seconds)
}

/// The redirection URI with an answer as its fragment.
pub(crate) fn address(answer: &str) -> String {
    format!("{REDIRECT_URI}#{answer}")
}

/// The success that a test expects.
#[track_caller]
pub(crate) fn authorized(received: Received) -> Authorized {
    match received {
        Received::Authorized(authorized) => authorized,
        other => panic!("expected a token: {other:?}"),
    }
}

/// The rejection that a test expects, and the request if it was handed back.
#[track_caller]
pub(crate) fn rejected(received: Received) -> (Rejection, Option<AwaitingResponse>) {
    match received {
        Received::Rejected { rejection, awaiting } => (rejection, awaiting),
        other => panic!("expected a rejection: {other:?}"),
    }
}
