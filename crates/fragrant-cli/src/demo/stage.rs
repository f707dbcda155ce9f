//! What a run needs: the servers, a client and a browser, all on this machine.

use fragrant::client::Client;
use fragrant::value::{Entropy, Scope, Timestamp};
use fragrant_http::{ApiClient, ApiResponse};
use fragrant_profiles::Provider;
use fragrant_server::{Clock, RunningServer, Server, User};

use super::browser::Browser;

/// The moment at which every run begins, in seconds since 1970: so that two runs look alike.
const BEGINNING: u64 = 1_760_000_000;
/// How long the login session lives, in seconds: longer than a token, so that a renewal finds it.
const SESSION: u64 = 8 * 3600;

pub(super) const USER: &str = "jane";
pub(super) const PASSWORD: &str = "correct horse battery staple";

pub(super) struct Stage {
    pub(super) provider: &'static Provider,
    pub(super) server: RunningServer,
    pub(super) client: Client,
    pub(super) browser: Browser,
    pub(super) api: ApiClient,
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

    pub(super) fn now(&self) -> Timestamp {
        self.server.clock().now()
    }

    /// The scope that the demo asks for, where the provider has scopes.
    pub(super) fn scope(&self) -> Result<Option<Scope>, String> {
        let names = self.provider.habits.sample_scope.iter().copied();
        Scope::from_names(names).map_err(|error| error.to_string())
    }

    /// The address of a harmless API call.
    pub(super) fn call_address(&self) -> String {
        format!("{}{}", self.server.api_origin(), self.provider.paths.sample_call)
    }

    /// Sends an API request, with the header that the provider wants beside the token where it wants one.
    pub(super) fn send(&self, request: &fragrant_http::ResourceRequest) -> Result<ApiResponse, String> {
        let (method, path) = (request.method(), request.uri().path());
        let header = self.provider.habits.call_header.filter(|header| header.is_needed(method, path));
        let header = header.map(|header| (header.name, header.sample));
        self.api.send(request, header.as_slice(), b"").map_err(|error| error.to_string())
    }
}

/// Fresh bytes from the operating system.
pub(super) fn entropy() -> Result<Entropy, String> {
    let mut bytes = [0; Entropy::LEN];
    getrandom::fill(&mut bytes).map_err(|error| error.to_string())?;
    Ok(Entropy::new(bytes))
}
