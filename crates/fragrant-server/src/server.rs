//! The server before it runs: its settings.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use fragrant::authorization_server::ClientRegistration;
use fragrant::value::{ClientId, Origin, Scope};
use fragrant_profiles::Provider;

use crate::clock::Clock;
use crate::running::{RunningServer, StartError};
use crate::user::User;

/// A test server in the shape of one provider: authorization server, API server and an application, each at an origin
/// of its own. It runs once it is [started](Self::start).
#[must_use = "a server that is not started does nothing"]
pub struct Server {
    pub(crate) provider: &'static Provider,
    pub(crate) clients: Vec<ClientRegistration>,
    pub(crate) users: Vec<User>,
    pub(crate) cors_origins: Vec<Origin>,
    pub(crate) clock: Clock,
    pub(crate) seed: Option<[u8; 32]>,
    pub(crate) token_lifetime: u64,
    pub(crate) session_lifetime: u64,
    pub(crate) says_issuer: bool,
    pub(crate) grants_silently_to_unproven_clients: bool,
    pub(crate) ports: Ports,
    pub(crate) listen: Listen,
    pub(crate) app: Option<AppClient>,
}

/// The ports of the three servers; 0 has the system choose one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[allow(clippy::exhaustive_structs)] // complete: the three servers, written as a literal
pub struct Ports {
    /// Of the authorization server.
    pub authorization: u16,
    /// Of the API server.
    pub api: u16,
    /// Of the application, and so of its redirection URI.
    pub app: u16,
}

/// Where a server listens. It goes by a loopback address either way: a client goes to no authorization endpoint in clear
/// text on another machine, so there is no other name that it could have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(clippy::exhaustive_enums)] // complete: for this machine, or for all that can reach it
pub enum Listen {
    /// On every address of the machine, of this family.
    ///
    /// **What it gives away.** Whoever can reach the machine can use the server, and everything on it, passwords and
    /// tokens included, travels in clear. Requests are answered whatever host they name, too. It is for a test network
    /// that is closed otherwise, such as that of a container whose ports are forwarded to this machine.
    DangerouslyEverywhere(Family),
    /// On the loopback address of this family: only this machine reaches it.
    Loopback(Family),
}

/// A family of IP addresses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[allow(clippy::exhaustive_enums)] // complete: the two that there are
pub enum Family {
    /// `127.0.0.1`, or `0.0.0.0` for every address.
    #[default]
    V4,
    /// `[::1]`, or `[::]` for every address.
    V6,
}

impl Default for Listen {
    fn default() -> Self {
        Self::Loopback(Family::default())
    }
}

impl Listen {
    /// The address to bind.
    pub(crate) const fn address(self) -> IpAddr {
        match self {
            Self::DangerouslyEverywhere(Family::V4) => IpAddr::V4(Ipv4Addr::UNSPECIFIED),
            Self::DangerouslyEverywhere(Family::V6) => IpAddr::V6(Ipv6Addr::UNSPECIFIED),
            Self::Loopback(family) => family.loopback(),
        }
    }

    /// The address that the server goes by.
    pub(crate) const fn name(self) -> IpAddr {
        match self {
            Self::DangerouslyEverywhere(family) | Self::Loopback(family) => family.loopback(),
        }
    }
}

impl Family {
    const fn loopback(self) -> IpAddr {
        match self {
            Self::V4 => IpAddr::V4(Ipv4Addr::LOCALHOST),
            Self::V6 => IpAddr::V6(Ipv6Addr::LOCALHOST),
        }
    }
}

/// The application's client, but for its redirection URI, which has a port that is not known yet.
#[derive(Clone, Debug)]
pub(crate) struct AppClient {
    pub(crate) client_id: ClientId,
    pub(crate) name: String,
    pub(crate) allowed: Option<Scope>,
    pub(crate) default: Option<Scope>,
}

impl Server {
    /// A server with the paths and the [habits](fragrant_profiles::Habits) of a provider, without users and with no client
    /// but the application's own.
    ///
    /// | Provider | `token_type` | `expires_in`, unless set | says the scope | adds |
    /// |---|---|---|---|---|
    /// | RFC 6749 | `bearer` | 3600 | if it is not what was asked for | |
    /// | Procore | `Bearer` | 5400 | if it is not what was asked for | |
    /// | RingCentral | `bearer` | 3600 | always | `endpoint_id`, `owner_id` |
    pub fn new(provider: &'static Provider) -> Self {
        Self {
            provider,
            clients: Vec::new(),
            users: Vec::new(),
            cors_origins: Vec::new(),
            clock: Clock::system(),
            seed: None,
            token_lifetime: provider.habits.token_lifetime,
            session_lifetime: 1800,
            says_issuer: false,
            grants_silently_to_unproven_clients: false,
            ports: Ports::default(),
            listen: Listen::default(),
            app: None,
        }
    }

    /// Registers a client.
    pub fn with_client(mut self, client: ClientRegistration) -> Self {
        self.clients.push(client);
        self
    }

    /// Opens an account.
    pub fn with_user(mut self, user: User) -> Self {
        self.users.push(user);
        self
    }

    /// Registers an origin whose pages may call the API. The application's own is registered already.
    pub fn with_cors_origin(mut self, origin: Origin) -> Self {
        self.cors_origins.push(origin);
        self
    }

    /// Sets the clock of all three servers; the machine's unless set.
    pub fn with_clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Makes tokens, sessions and states come out the same in every run that does the same. Unless set, the system
    /// gives the seed. Whoever knows the seed knows every token: it is for tests.
    pub fn with_seed(mut self, seed: [u8; 32]) -> Self {
        self.seed = Some(seed);
        self
    }

    /// Sets how long a token lives, in **seconds**. RFC 6750 section 5.3 recommends an hour or less.
    // req: RFC6750-5.3-3, RFC6819-5.1.5.3-1
    pub fn with_token_lifetime(mut self, seconds: u64) -> Self {
        self.token_lifetime = seconds;
        self
    }

    /// Sets how long a login session lives, in **seconds** (1800 unless set). It is not prolonged by being used.
    pub fn with_session_lifetime(mut self, seconds: u64) -> Self {
        self.session_lifetime = seconds;
        self
    }

    /// Has every answer name the issuer (RFC 9207), which is the authorization server's origin. Off unless set: neither
    /// vendor does it.
    pub fn with_issuer(mut self, says_issuer: bool) -> Self {
        self.says_issuer = says_issuer;
        self
    }

    /// Sets the ports; the system chooses them unless set.
    pub fn with_ports(mut self, ports: Ports) -> Self {
        self.ports = ports;
        self
    }

    /// Says which client the application is: its name, the scope that it may ask for and does ask for, and the one
    /// that it gets when a request of it names none. Its redirection URI follows from where the application runs.
    ///
    /// Unless set it is `fragrant-demo-app`, with the provider's
    /// [sample scope](fragrant_profiles::Habits::sample_scope), which is also the default.
    pub fn with_app_client(
        mut self,
        client_id: ClientId,
        name: impl Into<String>,
        allowed: impl Into<Option<Scope>>,
        default: impl Into<Option<Scope>>,
    ) -> Self {
        let (allowed, default) = (allowed.into(), default.into());
        self.app = Some(AppClient { client_id, name: name.into(), allowed, default });
        self
    }

    /// Says where the three servers listen; on `127.0.0.1` unless set.
    pub fn with_listen(mut self, listen: Listen) -> Self {
        self.listen = listen;
        self
    }

    /// Lets a remembered consent answer `prompt=none`, or a second request, also where the redirection URI is `http` on
    /// this machine or has a scheme of its own: [`dangerous_silent_grants_to_unproven_clients`], where it says what
    /// that gives away. The application is such a client, so without this its renewals always meet a page.
    ///
    /// [`dangerous_silent_grants_to_unproven_clients`]:
    ///     fragrant::authorization_server::Policy::dangerous_silent_grants_to_unproven_clients
    pub fn dangerously_grant_silently_to_unproven_clients(mut self) -> Self {
        self.grants_silently_to_unproven_clients = true;
        self
    }

    /// Binds the three ports and serves, on a thread of its own. Call it from wherever you like; it does not need an
    /// async runtime and does not wait for anything.
    ///
    /// # Errors
    /// [`StartError`] says what does not fit, or what the system refuses.
    pub fn start(self) -> Result<RunningServer, StartError> {
        RunningServer::start(self)
    }

    /// The application's client, as it was set or as it is otherwise.
    pub(crate) fn app_client(&self) -> Result<AppClient, StartError> {
        if let Some(app) = &self.app {
            return Ok(app.clone());
        }
        let allowed = Scope::from_names(self.provider.habits.sample_scope.iter().copied())?;
        let client_id = ClientId::new("fragrant-demo-app")?;
        Ok(AppClient {
            client_id,
            name: "Fragrant sample application".into(),
            default: allowed.clone(),
            allowed,
        })
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server")
            .field("provider", &self.provider.id)
            .field("listen", &self.listen)
            .field("ports", &self.ports)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use fragrant_profiles::ALL;

    /// The table in the documentation of [`Server::new`], from the habits that it is about.
    #[test]
    fn the_table_of_habits_is_true() {
        let source = include_str!("server.rs");
        for provider in ALL {
            let habits = provider.habits;
            let scope = if habits.always_says_scope { "always" } else { "if it is not what was asked for" };
            let added: Vec<String> =
                habits.answer_parameters.iter().map(|own| format!("`{}`", own.name)).collect();
            let row = format!(
                "    /// | {} | `{}` | {} | {scope} | {}",
                provider.name,
                habits.token_type,
                habits.token_lifetime,
                added.join(", ")
            );
            let row = format!("{} |\n", row.trim_end());
            assert!(source.contains(&row), "{row}");
        }
    }
}
