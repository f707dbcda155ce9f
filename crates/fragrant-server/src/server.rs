//! The server before it runs: its settings.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use fragrant::authorization_server::ClientRegistration;
use fragrant::value::{ClientId, Origin, Scope};
use fragrant_profiles::Provider;
use zeroize::Zeroizing;

use crate::browsers::OpenerPolicy;
use crate::clock::Clock;
use crate::config::{self, ConfigFileError, InvalidConfig};
use crate::limits::Limits;
use crate::listen::{Hosts, Listen, Ports};
use crate::quirks::Quirks;
use crate::running::{RunningServer, StartError};
use crate::tls::{Tls, TlsIdentity};
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
    /// `None` for that of the provider's habits.
    pub(crate) token_lifetime: Option<u64>,
    pub(crate) session_lifetime: u64,
    pub(crate) says_issuer: Option<bool>,
    pub(crate) grants_silently_to_unproven_clients: bool,
    pub(crate) refuses_frames: bool,
    pub(crate) sends_session_across_sites: bool,
    pub(crate) authorization_opener_policy: Option<OpenerPolicy>,
    pub(crate) app_opener_policy: Option<OpenerPolicy>,
    pub(crate) ports: Ports,
    pub(crate) hosts: Hosts,
    pub(crate) listen: Listen,
    pub(crate) app: Option<AppClient>,
    pub(crate) app_folder: Option<PathBuf>,
    pub(crate) tls: Option<Tls>,
    pub(crate) limits: Limits,
    pub(crate) store: Option<PathBuf>,
    pub(crate) quirks: Quirks,
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
    /// A commented configuration, which [`from_toml`](Self::from_toml) takes: what `fragrant serve` does, with one user and
    /// every other key in a comment, with its default or an example.
    pub const EXAMPLE_TOML: &str = config::EXAMPLE;

    /// A server with the paths and the [habits](fragrant_profiles::Habits) of a provider, without users and with no client
    /// but the application's own.
    ///
    /// | Provider | `token_type` | `expires_in`, unless set | says the scope | says `iss`, unless set | adds |
    /// |---|---|---|---|---|---|
    /// | RFC 6749 | `bearer` | 3600 | if it is not what was asked for | yes | |
    /// | Procore | `Bearer` | 5400 | if it is not what was asked for | no | |
    /// | RingCentral | `bearer` | 3600 | always | no | `endpoint_id`, `owner_id` |
    pub fn new(provider: &'static Provider) -> Self {
        Self {
            provider,
            clients: Vec::new(),
            users: Vec::new(),
            cors_origins: Vec::new(),
            clock: Clock::system(),
            seed: None,
            token_lifetime: None,
            session_lifetime: 1800,
            says_issuer: None,
            grants_silently_to_unproven_clients: false,
            refuses_frames: false,
            sends_session_across_sites: false,
            authorization_opener_policy: None,
            app_opener_policy: None,
            ports: Ports::default(),
            hosts: Hosts::default(),
            listen: Listen::default(),
            app: None,
            app_folder: None,
            tls: None,
            limits: Limits::default(),
            store: None,
            quirks: Quirks::default(),
        }
    }

    /// A server by a configuration in TOML. Its keys have the names of the methods here without `with_`, and a key that is
    /// not there is a method that is not called; the profile is `rfc6749` then. Clients are `[[clients]]`, users
    /// `[[users]]`; [`EXAMPLE_TOML`](Self::EXAMPLE_TOML) has all of them. The clock and the seed are for code alone.
    ///
    /// ```
    /// let server = fragrant_server::Server::from_toml(
    ///     r#"
    ///     profile = "procore"
    ///     token_lifetime = 60
    ///     quirks.state = "dropped"
    ///
    ///     [[users]]
    ///     name = "jane"
    ///     password = "correct horse"
    ///     "#,
    /// )?;
    /// assert_eq!(server.users()[0].name().as_str(), "jane");
    /// # Ok::<(), fragrant_server::InvalidConfig>(())
    /// ```
    ///
    /// # Errors
    /// [`InvalidConfig`] says in which line and under which key something does not fit, and what would.
    pub fn from_toml(text: &str) -> Result<Self, InvalidConfig> {
        config::from_toml(text)
    }

    /// A server by a configuration in a file, as [`from_toml`](Self::from_toml). A path in it begins at the file's folder.
    ///
    /// # Errors
    /// [`ConfigFileError`] when it cannot be read, or does not fit.
    pub fn from_toml_file(path: impl AsRef<Path>) -> Result<Self, ConfigFileError> {
        let path = path.as_ref();
        // It has passwords in it.
        let text = Zeroizing::new(fs::read_to_string(path)?);
        let mut server = Self::from_toml(&text)?;
        if let Some(base) = path.parent() {
            let tls = match &mut server.tls {
                Some(Tls::Files { certificate, key }) => [Some(certificate), Some(key)],
                _ => [None, None],
            };
            let own = [server.app_folder.as_mut(), server.store.as_mut()];
            for own in own.into_iter().chain(tls).flatten() {
                *own = base.join(&*own);
            }
        }
        Ok(server)
    }

    /// Takes another provider's paths and habits; what was set stays so.
    pub fn with_provider(mut self, provider: &'static Provider) -> Self {
        self.provider = provider;
        self
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

    /// Registers an origin whose pages may call the API, with whatever headers of their own, and as some clients do with
    /// cookies, which nothing there reads. Those of the clients' redirection URIs are registered already.
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
    pub fn with_token_lifetime(mut self, seconds: u64) -> Self {
        self.token_lifetime = Some(seconds);
        self
    }

    /// Sets how long a login session lives, in **seconds** (1800 unless set). It is not prolonged by being used.
    pub fn with_session_lifetime(mut self, seconds: u64) -> Self {
        self.session_lifetime = seconds;
        self
    }

    /// Has every answer name the issuer (RFC 9207), which is the authorization server's origin. Unless set, it does so where
    /// the [provider](fragrant_profiles::Habits::says_issuer) would.
    pub fn with_issuer(mut self, says_issuer: bool) -> Self {
        self.says_issuer = Some(says_issuer);
        self
    }

    /// Sets the ports; the system chooses them unless set.
    pub fn with_ports(mut self, ports: Ports) -> Self {
        self.ports = ports;
        self
    }

    /// Sets by which host the three servers go; by their address unless set. `127.0.0.1` and `localhost` are different
    /// sites for a browser, and two ports of one of them are the same site.
    pub fn with_hosts(mut self, hosts: Hosts) -> Self {
        self.hosts = hosts;
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

    /// Has the application be the one in this folder, such as a built single-page application, in the place of the plain
    /// pages. Its `index.html` is what every path shows whose last part has no dot in it, the redirection URI among them;
    /// any other path is that of a file, whose name is to need no escapes in a URI. All of it is read when the server
    /// starts, links are left out, and nothing of it may be cached.
    ///
    /// The page may run its own scripts and WebAssembly and no others, call the API, ask the authorization server for its
    /// metadata and the like, and frame itself and the authorization server; nobody else may frame it.
    ///
    /// `GET /config.json` says what to be a client with: `provider`, `client_id`, `authorization_endpoint`, `issuer`,
    /// `redirect_uri`, `api_origin`, `scope`, and `calls` to try with a token, each a `title`, a `url` and `headers`. What
    /// there is none of is `null`.
    pub fn with_app_folder(mut self, folder: impl Into<PathBuf>) -> Self {
        self.app_folder = Some(folder.into());
        self
    }

    /// Has tokens, login sessions and consents outlive the server, in this SQLite file, which is made if it is not there. An
    /// answer leaves only when what it says is on the disk. Tokens and the names of sessions are in it as SHA-256 alone. Unless
    /// set, everything ends with the server.
    ///
    /// One server at a time can have the file open. What is of a user or a client that the server does not know any more ends when it
    /// starts; a changed password ends no session. A [seed](Self::with_seed) makes the same tokens again, which the file refuses. A token is for the API server that it was issued for, so set the
    /// [ports](Self::with_ports) too.
    // req: RFC6819-5.1.4.1.1-1
    pub fn with_store(mut self, file: impl Into<PathBuf>) -> Self {
        self.store = Some(file.into());
        self
    }

    /// Has every answer of the authorization server carry this `Cross-Origin-Opener-Policy`; none unless set.
    pub fn with_authorization_opener_policy(mut self, policy: OpenerPolicy) -> Self {
        self.authorization_opener_policy = Some(policy);
        self
    }

    /// Has every answer of the application carry this `Cross-Origin-Opener-Policy`; none unless set.
    pub fn with_app_opener_policy(mut self, policy: OpenerPolicy) -> Self {
        self.app_opener_policy = Some(policy);
        self
    }

    /// Answers nothing in a frame: a browser that asks the authorization endpoint for one gets a page, which it does not
    /// show there, and the client gets no answer. Unless set, no *page* can be framed, but a redirect is no page: silent
    /// renewal in a hidden frame works.
    pub fn refusing_frames(mut self) -> Self {
        self.refuses_frames = true;
        self
    }

    /// Has the authorization server do wrong what real ones do wrong; nothing unless set.
    pub fn with_quirks(mut self, quirks: Quirks) -> Self {
        self.quirks = quirks;
        self
    }

    /// Has all three servers speak TLS by this certificate and no clear text: their origins are `https`, and their cookies have
    /// `Secure` and the prefix `__Host-`, so that no other host and no answer in clear text can plant one.
    // req: RFC6749-3.1-4
    pub fn with_tls(mut self, identity: TlsIdentity) -> Self {
        self.tls = Some(Tls::Identity(identity));
        self
    }

    /// The same with a certificate and a key in files, in PEM, which are read when the server starts.
    pub fn with_tls_files(mut self, certificate: impl Into<PathBuf>, key: impl Into<PathBuf>) -> Self {
        self.tls = Some(Tls::Files { certificate: certificate.into(), key: key.into() });
        self
    }

    /// Sets how much the servers take.
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
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

    /// Has browsers send the login session's cookie with requests that pages of other sites cause: `SameSite=None; Secure`
    /// in the place of `SameSite=Lax`. Without this a hidden frame of another site is never logged in; with it, it is where
    /// the browser allows third-party cookies.
    ///
    /// **What it gives away.** Any page can then send requests with the user's session, and learn from what comes back
    /// whether there is one. What protects the forms is their own token alone.
    pub fn dangerously_send_session_cookie_across_sites(mut self) -> Self {
        self.sends_session_across_sites = true;
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

    /// The provider in whose shape it is.
    pub const fn provider(&self) -> &'static Provider {
        self.provider
    }

    /// The ports, as they were set.
    pub const fn ports(&self) -> Ports {
        self.ports
    }

    /// Where it is to listen.
    pub const fn listen(&self) -> Listen {
        self.listen
    }

    /// What it is to do wrong.
    pub const fn quirks(&self) -> &Quirks {
        &self.quirks
    }

    /// The folder of the application, if it was set.
    pub fn app_folder(&self) -> Option<&Path> {
        self.app_folder.as_deref()
    }

    /// Whether it speaks TLS.
    pub fn has_tls(&self) -> bool {
        self.tls.is_some()
    }

    /// The accounts.
    pub fn users(&self) -> &[User] {
        &self.users
    }

    /// Whether answers name the issuer: as it was set or as it is otherwise.
    pub(crate) fn says_issuer(&self) -> bool {
        self.says_issuer.unwrap_or(self.provider.habits.says_issuer)
    }

    /// In **seconds**: as it was set or as it is otherwise.
    pub(crate) fn token_lifetime(&self) -> u64 {
        self.token_lifetime.unwrap_or(self.provider.habits.token_lifetime)
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
            let issuer = if habits.says_issuer { "yes" } else { "no" };
            let added: Vec<String> =
                habits.answer_parameters.iter().map(|own| format!("`{}`", own.name)).collect();
            let row = format!(
                "    /// | {} | `{}` | {} | {scope} | {issuer} | {}",
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
