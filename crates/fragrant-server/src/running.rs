//! The server while it runs.

use std::collections::HashMap;
use std::fmt;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use axum::Router;
use fragrant::api_server::{self, CorsPolicy};
use fragrant::authorization_server::{
    self, ClientRegistration, InvalidClientRegistration, InvalidRegisteredUri, RegisteredRedirectUri,
};
use fragrant::client::Client;
use fragrant::message::Realm;
use fragrant::resource_owner::ResourceOwnerId;
use fragrant::value::{
    AuthorizationEndpoint, ClientId, ExpiresIn, HttpUri, InvalidEndpoint, InvalidUri, InvalidValue, Issuer,
    Origin, RedirectUri,
};
use thiserror::Error;
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;

use crate::api::{self, ApiServer};
use crate::app::{self, App, AppFolder};
use crate::authorization::{self, AuthorizationServer, Proofs, Turns};
use crate::clock::Clock;
use crate::http::{Cookie, connection};
use crate::limits::{Limits, Rate};
use crate::listen::{Host, Listen};
use crate::random::{Random, Stream};
use crate::server::{AppClient, Server};
use crate::store::{Ageing, Store};
use crate::tls::{Tls, TlsIdentity};
use crate::user::Users;

/// A server that runs until it is [shut down](Self::shutdown) or dropped.
pub struct RunningServer {
    authorization_origin: Origin,
    api_origin: Origin,
    app_origin: Origin,
    client: Client,
    clock: Clock,
    store: Arc<Store>,
    requests: Arc<AtomicU64>,
    delay: watch::Sender<Duration>,
    stop: watch::Sender<bool>,
    thread: Option<JoinHandle<()>>,
}

/// Why a server did not start.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StartError {
    /// The system does not give out the address.
    #[error("cannot listen on {address}: {reason}")]
    Bind {
        /// The address.
        address: SocketAddr,
        /// What the system says.
        reason: io::Error,
    },
    /// The application's folder cannot be read.
    #[error("the application's folder {}: {reason}", folder.display())]
    AppFolder {
        /// The folder.
        folder: PathBuf,
        /// What the system says, or what the folder lacks.
        reason: io::Error,
    },
    /// The application's client cannot be registered as it was given.
    #[error("the application's client: {0}")]
    AppClient(#[from] InvalidClientRegistration),
    /// Two clients have one identifier.
    #[error("client_id: {0} is registered twice")]
    ClientTwice(ClientId),
    /// The address is not one that a client may be sent to.
    #[error(transparent)]
    Endpoint(#[from] InvalidEndpoint),
    /// The application's redirection URI cannot be registered.
    #[error(transparent)]
    RedirectUri(#[from] InvalidRegisteredUri),
    /// The system gives no seed.
    #[error("no seed from the system: {0}")]
    Seed(getrandom::Error),
    /// The store's file cannot be used.
    #[error("the store {}: {reason}", file.display())]
    Store {
        /// The file.
        file: PathBuf,
        /// What SQLite says.
        reason: io::Error,
    },
    /// The system gives no thread, or nothing to wait for connections with.
    #[error("cannot start: {0}")]
    System(io::Error),
    /// The address makes no origin.
    #[error(transparent)]
    Uri(#[from] InvalidUri),
    /// A file with a certificate or a key cannot be read, or holds none.
    #[error("{}: {reason}", file.display())]
    TlsFile {
        /// The file.
        file: PathBuf,
        /// What the system says, or what the file lacks.
        reason: io::Error,
    },
    /// Two users have one name.
    #[error("user: {0} has two accounts")]
    UserTwice(ResourceOwnerId),
    /// A value of this crate's own would not do. There is no such value.
    #[error(transparent)]
    Value(#[from] InvalidValue),
}

impl RunningServer {
    /// Where the authorization server is.
    pub const fn authorization_origin(&self) -> &Origin {
        &self.authorization_origin
    }

    /// Where the API server is.
    pub const fn api_origin(&self) -> &Origin {
        &self.api_origin
    }

    /// Where the application is: the page to open in a browser.
    pub const fn app_origin(&self) -> &Origin {
        &self.app_origin
    }

    /// Where step 1 sends the user agent.
    pub const fn authorization_endpoint(&self) -> &AuthorizationEndpoint {
        self.client.endpoint()
    }

    /// The issuer that its answers name, if they name one.
    pub const fn issuer(&self) -> Option<&Issuer> {
        self.client.issuer()
    }

    /// The application's redirection URI.
    pub const fn redirect_uri(&self) -> &RedirectUri {
        self.client.redirect_uri()
    }

    /// The application's client, as a program would configure it.
    pub fn client(&self) -> Client {
        self.client.clone()
    }

    /// The clock of all three servers.
    pub const fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Ends every login session. If there is a store, its file has it when this returns.
    pub fn end_sessions(&self) {
        // What cannot be written is over at least for this server.
        let _ = pollster::block_on(self.store.end_sessions().wait());
    }

    /// Has the authorization endpoint wait so long before it answers; as long as [`Quirks::delay`](crate::Quirks::delay) says
    /// unless told to. It counts for the requests
    /// that wait already, too: [`Duration::ZERO`] lets them go.
    pub fn delay_answers(&self, delay: Duration) {
        self.delay.send_replace(delay);
    }

    /// How many requests have come to the authorization endpoint, whatever was answered.
    pub fn authorization_requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }

    /// Takes every token back. If there is a store, its file has it when this returns.
    pub fn revoke_tokens(&self) {
        let _ = pollster::block_on(self.store.revoke_tokens().wait());
    }

    /// Stops: takes no more connections, lets the requests that are under way end (for 2 seconds at most) and gives the
    /// ports back. Dropping the server does the same.
    pub fn shutdown(self) {}

    pub(crate) fn start(server: Server) -> Result<Self, StartError> {
        let seed = server.seed.map_or_else(fresh_seed, Ok).map_err(StartError::Seed)?;
        let folder = server.app_folder.as_deref().map(AppFolder::read).transpose()?;
        let tls = server.tls.as_ref().map(Tls::identity).transpose()?;
        let listen = server.listen;
        let authorization = Listener::bind(&server, server.hosts.authorization, server.ports.authorization)?;
        let api = Listener::bind(&server, server.hosts.api, server.ports.api)?;
        let app = Listener::bind(&server, server.hosts.app, server.ports.app)?;

        let app_client = server.app_client()?;
        let endpoint = server.provider.paths.authorization_endpoint(&authorization.origin)?;
        let redirect_uri = RegisteredRedirectUri::new(format!("{}{}", app.origin, app::CALLBACK))?;
        let client = client(&server, &app_client, endpoint, &redirect_uri, &api.origin)?;
        let registered = register(&server, &app_client, redirect_uri)?;
        let token_lifetime = server.token_lifetime();
        if let Some(name) = Users::repeated(&server.users) {
            return Err(StartError::UserTwice(name.clone()));
        }
        let users = Users::new(server.users).map_err(|error| StartError::System(io::Error::other(error)))?;
        let users = Arc::new(users);

        let store = Arc::new(match &server.store {
            Some(file) => Store::open(file, &registered, &users, server.clock.now()).map_err(|reason| {
                StartError::Store { file: file.clone(), reason: io::Error::other(reason) }
            })?,
            None => Store::new(),
        });
        let (delay, delayed) = watch::channel(server.quirks.delay);
        let requests = Arc::<AtomicU64>::default();
        let random = Random::new(seed, Stream::AuthorizationServer);
        let cookie = |role, listener: &Listener| match server.tls {
            Some(_) => Cookie::new(role, listener.port).over_tls(),
            None => Cookie::new(role, listener.port),
        };
        let session_cookie = cookie("session", &authorization);
        let mut policy = authorization_server::Policy::default();
        policy.issuer = client.issuer().cloned();
        policy.always_says_scope = server.provider.habits.always_says_scope;
        policy.dangerous_silent_grants_to_unproven_clients = server.grants_silently_to_unproven_clients;
        // The page that a token comes to is the one that calls the API with it.
        let uris = registered.values().flat_map(|client| client.redirect_uris());
        let pages = uris.filter_map(|uri| HttpUri::parse(uri.redirect_uri().as_str()).ok());
        let pages = pages.map(|page| Origin::of(&page));
        let mut cors = CorsPolicy::new(server.cors_origins.into_iter().chain(pages));
        // As real APIs do for their own clients: RingCentral's SDK sends its name in two headers of its own, and asks for
        // cookies with every call. Nothing here that CORS is asked for reads a cookie.
        (cors.any_header, cors.credentials) = (true, true);
        cors.headers.extend(server.provider.habits.call_header.map(|header| header.name.into()));
        let mut token_policy = api_server::Policy::new(Realm::new(server.provider.id)?);
        token_policy.audience = Some(api.origin.clone());
        let authorization_server = AuthorizationServer {
            provider: server.provider,
            policy,
            clients: registered,
            users: users.clone(),
            clock: server.clock.clone(),
            app_instance: random.key::<11>().reveal_secret(),
            proofs: Proofs::new(&random),
            turns: Turns::new(),
            logins: Rate::per_minute(server.limits.logins_per_minute),
            asking: server.limits.requests_per_second.map(Rate::per_second),
            random,
            store: store.clone(),
            origin: authorization.origin.clone(),
            api_origin: api.origin.clone(),
            token_lifetime: ExpiresIn::from_seconds(token_lifetime),
            session_lifetime: server.session_lifetime,
            browser_cookie: cookie("browser", &authorization),
            session_cookie: match server.sends_session_across_sites {
                true => session_cookie.across_sites(),
                false => session_cookie,
            },
            opener_policy: server.authorization_opener_policy,
            refuses_frames: server.refuses_frames,
            cors: cors.clone(),
            token_info_policy: token_policy.clone(),
            quirks: server.quirks,
            delay: delayed,
            requests: requests.clone(),
        };

        let clock = server.clock.clone();
        let api_server = ApiServer {
            provider: server.provider,
            policy: token_policy,
            cors,
            users,
            clock,
            store: store.clone(),
        };

        let application = App {
            provider: server.provider,
            name: app_client.name,
            client: client.clone(),
            scope: app_client.allowed,
            clock: server.clock.clone(),
            random: Random::new(seed, Stream::App),
            origin: app.origin.clone(),
            api_origin: api.origin.clone(),
            cookie: cookie("app", &app),
            pending: Mutex::new(Ageing::new(app::MAX_PENDING)),
            opener_policy: server.app_opener_policy,
            folder,
        };

        let authorization_host = authorization.own_host(listen);
        let api_host = api.own_host(listen);
        let app_host = app.own_host(listen);
        let (stop, stopped) = watch::channel(false);
        let routers = [
            (authorization.socket, authorization::router(Arc::new(authorization_server), authorization_host)),
            (api.socket, api::router(Arc::new(api_server), api_host)),
            (app.socket, app::router(Arc::new(application), app_host)),
        ];
        // req: RFC6749-3.1-4, RFC6749-10.9-1, RFC6749-10.11-1, RFC6750-5.2-3, RFC6819-4.4.2.1-1, RFC6819-5.1.1-1
        let thread = serve(routers, server.limits, tls.as_ref().map(TlsIdentity::acceptor), stopped)
            .map_err(StartError::System)?;
        Ok(Self {
            authorization_origin: authorization.origin,
            api_origin: api.origin,
            app_origin: app.origin,
            client,
            clock: server.clock,
            store,
            requests,
            delay,
            stop,
            thread: Some(thread),
        })
    }
}

impl Drop for RunningServer {
    fn drop(&mut self) {
        // The thread may have ended by itself; there is nothing to stop then.
        let _ = self.stop.send(true);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl fmt::Debug for RunningServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RunningServer")
            .field("authorization", &self.authorization_origin)
            .field("api", &self.api_origin)
            .field("app", &self.app_origin)
            .finish_non_exhaustive()
    }
}

/// A port that was given out, and what the server there is called.
struct Listener {
    socket: TcpListener,
    port: u16,
    authority: String,
    origin: Origin,
}

impl Listener {
    fn bind(server: &Server, host: Host, port: u16) -> Result<Self, StartError> {
        let (listen, has_tls) = (server.listen, server.tls.is_some());
        let wanted = SocketAddr::new(listen.address(), port);
        let refused = |reason| StartError::Bind { address: wanted, reason };
        let socket = TcpListener::bind(wanted).map_err(refused)?;
        socket.set_nonblocking(true).map_err(refused)?;
        let bound = socket.local_addr().map_err(refused)?;
        let port = bound.port();
        let (scheme, default_port) = if has_tls { ("https", 443) } else { ("http", 80) };
        let authority = listen.authority(host, port, default_port);
        let origin = Origin::new(format!("{scheme}://{authority}"))?;
        Ok(Self { socket, port, authority, origin })
    }

    /// The host that requests have to name; any if others than this machine may reach the server.
    fn own_host(&self, listen: Listen) -> Option<String> {
        matches!(listen, Listen::Loopback(_)).then(|| self.authority.clone())
    }
}

fn fresh_seed() -> Result<[u8; 32], getrandom::Error> {
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).map(|()| seed)
}

/// The application's client on its own side.
fn client(
    server: &Server,
    app: &AppClient,
    endpoint: AuthorizationEndpoint,
    redirect_uri: &RegisteredRedirectUri,
    api_origin: &Origin,
) -> Result<Client, StartError> {
    let issuer = server.says_issuer().then(|| Issuer::new(endpoint.origin().as_str())).transpose()?;
    let redirect_uri = redirect_uri.redirect_uri().clone();
    let client = Client::new(server.provider.profile.clone(), endpoint, app.client_id.clone(), redirect_uri)
        .with_api_origin(api_origin.clone());
    Ok(match issuer {
        Some(issuer) => client.with_issuer(issuer),
        None => client,
    })
}

/// Every client by its identifier, the application's among them.
fn register(
    server: &Server,
    app: &AppClient,
    redirect_uri: RegisteredRedirectUri,
) -> Result<HashMap<ClientId, Arc<ClientRegistration>>, StartError> {
    let mut own = ClientRegistration::new(app.client_id.clone(), &*app.name, [redirect_uri])?;
    if let Some(allowed) = &app.allowed {
        own = own.with_scope(allowed.clone(), app.default.clone())?;
    } else if app.default.is_some() {
        return Err(InvalidClientRegistration::DefaultScope.into());
    }
    let mut registered = HashMap::new();
    for client in server.clients.iter().cloned().chain([own]) {
        let client_id = client.client_id().clone();
        if registered.insert(client_id.clone(), Arc::new(client)).is_some() {
            return Err(StartError::ClientTwice(client_id));
        }
    }
    Ok(registered)
}

/// Serves on threads of its own, one for each core, until it is told to stop.
fn serve(
    routers: [(TcpListener, Router); 3],
    limits: Limits,
    tls: Option<TlsAcceptor>,
    stopped: watch::Receiver<bool>,
) -> io::Result<JoinHandle<()>> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .thread_name("fragrant-server")
        .enable_io()
        .enable_time()
        .build()?;
    let sockets = {
        let _entered = runtime.enter();
        let socket = |(socket, router)| Ok((tokio::net::TcpListener::from_std(socket)?, router));
        routers.into_iter().map(socket).collect::<io::Result<Vec<_>>>()?
    };
    std::thread::Builder::new().name("fragrant-server".into()).spawn(move || {
        runtime.block_on(async {
            let servers: Vec<_> = sockets
                .into_iter()
                .map(|(socket, router)| {
                    let mut stopped = stopped.clone();
                    let stop = async move {
                        // An error says that whoever would tell is gone, which says the same.
                        let _ = stopped.wait_for(|stopped| *stopped).await;
                    };
                    tokio::spawn(connection::serve(socket, router, limits, tls.clone(), stop))
                })
                .collect();
            for server in servers {
                // One that panicked has ended, too.
                let _ = server.await;
            }
        });
    })
}
