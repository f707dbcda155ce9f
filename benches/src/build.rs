//! The address of an authorization request with eight parameters.

use fragrant::message::{AuthorizationRequest, PreparedRequest};
use fragrant::value::{AuthorizationEndpoint, ClientId, Display, RedirectUri, Scope, State};
use oauth2::basic::BasicClient;
use oauth2::{AuthUrl, CsrfToken, EndpointNotSet, EndpointSet, RedirectUrl};

const ENDPOINT: &str = "https://platform.ringcentral.example/restapi/oauth/authorize";
const CLIENT_ID: &str = "mfVLgUbnQ3aKdDJkXYZabc";
const REDIRECT_URI: &str = "https://app.example/oauth/callback";
const SCOPES: &[&str] = &["Contacts", "ReadCallLog", "ReadMessages"];
const EXTRA: &[(&str, &str)] = &[("brand_id", "1210"), ("ui_locales", "de-DE fr")];
/// As our own: 56 hexadecimal digits.
const STATE: &str = "0123456789abcdef0123456789abcdef0123456789abcdef01234567";

/// Our request, ready to be written.
#[derive(Debug)]
pub struct Ours {
    endpoint: AuthorizationEndpoint,
    request: AuthorizationRequest,
    prepared: PreparedRequest,
    state: State,
}

impl Default for Ours {
    #[allow(clippy::expect_used)] // constants of this file
    fn default() -> Self {
        let endpoint = AuthorizationEndpoint::new(ENDPOINT).expect("an endpoint");
        let client_id = ClientId::new(CLIENT_ID).expect("a client id");
        let redirect_uri = RedirectUri::new(REDIRECT_URI).expect("an address");
        let state = State::new(STATE).expect("a state");
        let mut request = AuthorizationRequest::new(client_id, redirect_uri);
        request.scope = Scope::from_names(SCOPES.iter().copied()).expect("a scope");
        request.display = Some(Display::new("page").expect("a name"));
        request.state = Some(state.clone());
        for (name, value) in EXTRA {
            request.add_extra(*name, *value).expect("a free name");
        }
        let prepared = PreparedRequest::new(&request, &endpoint).expect("no nonce");
        Self { endpoint, request, prepared, state }
    }
}

impl Ours {
    /// The whole address, in one allocation.
    pub fn to_url(&self) -> String {
        self.request.to_url(&self.endpoint).into_string()
    }

    /// The whole address, into a buffer that is there.
    pub fn write_url(&self, out: &mut String) {
        self.request.write_url(&self.endpoint, out);
    }

    /// Its length alone.
    pub fn encoded_len(&self) -> usize {
        self.request.encoded_len()
    }

    /// A prepared request with a state, into a buffer that is there.
    pub fn write_prepared(&self, out: &mut String) {
        self.prepared.write_url(&self.state, out);
    }
}

type Client = BasicClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointNotSet>;

/// A client of the crate `oauth2`, made once.
#[derive(Debug)]
pub struct Oauth2(Client);

impl Default for Oauth2 {
    #[allow(clippy::expect_used)] // constants of this file
    fn default() -> Self {
        let endpoint = AuthUrl::new(ENDPOINT.into()).expect("an endpoint");
        let redirect_uri = RedirectUrl::new(REDIRECT_URI.into()).expect("an address");
        let client = BasicClient::new(oauth2::ClientId::new(CLIENT_ID.into()));
        Self(client.set_auth_uri(endpoint).set_redirect_uri(redirect_uri))
    }
}

impl Oauth2 {
    /// The whole address.
    pub fn to_url(&self) -> String {
        let request = self.0.authorize_url(|| CsrfToken::new(STATE.into())).use_implicit_flow();
        let request = request.add_scopes(SCOPES.iter().map(|scope| oauth2::Scope::new((*scope).into())));
        let request = request.add_extra_param("display", "page");
        let request =
            EXTRA.iter().fold(request, |request, (name, value)| request.add_extra_param(*name, *value));
        request.url().0.into()
    }
}
