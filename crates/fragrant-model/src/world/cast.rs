//! Who is in the world: clients, servers, their addresses and what they have registered with each other.

use std::borrow::Cow;
use std::sync::Arc;

use fragrant::api_server;
use fragrant::authorization_server::{ClientRegistration, Policy, RegisteredRedirectUri};
use fragrant::client::Client;
use fragrant::message::Realm;
use fragrant::profile::{Profile, Renewal};
use fragrant::value::{AuthorizationEndpoint, ClientId, Entropy, Issuer, Origin, RedirectUri, Scope, State};

use super::setting::{Apart, ClientKind, Mitigation, Setting};
use super::term::parameter_of;

/// The honest authorization server. The hostile one, if there is one, is the next.
pub(crate) const HONEST: u8 = 0;
/// The attacker's name at the honest server, where he has an account as anybody has.
pub const ATTACKER: &str = "mallory";
/// The name of the client that the attacker has registered.
pub const HOSTILE_CLIENT: &str = "m";
/// Where the attacker's pages and his client are.
pub const EVIL: &str = "https://evil.example";
/// Where a program of the attacker's listens on the user's machine: a port of its own.
pub(crate) const PROGRAM: &str = "http://127.0.0.1:4999";
/// The answer parameter that names the user.
pub(crate) const OWNER: &str = "owner";

/// What a client gets where it names no scope, and what it may ask for beside, where there are scopes.
const DEFAULT_SCOPE: &str = "plain";
pub(crate) const MORE_SCOPE: &str = "more";

/// The scope that a page says is asked for.
pub(crate) fn shown_scope(setting: &Setting, query: &str) -> Option<String> {
    let default = setting.scopes.then(|| DEFAULT_SCOPE.to_owned());
    parameter_of(query, "scope").or(default)
}

pub(crate) fn server_name(server: u8) -> String {
    format!("as{}", server + 1)
}

pub(crate) fn user_name(user: u8) -> String {
    format!("u{}", user + 1)
}

pub(crate) fn client_name(client: u8) -> String {
    format!("c{}", client + 1)
}

pub(crate) fn endpoint(server: u8) -> String {
    format!("https://{}.example/authorize", server_name(server))
}

fn api_origin(server: u8) -> String {
    format!("https://api{}.example", server + 1)
}

pub(crate) fn api_address(server: u8) -> String {
    format!("{}/me", api_origin(server))
}

/// The token that stands for all this.
pub(crate) fn token(server: u8, owner: &str, client: &str) -> String {
    format!("{}.{owner}.{client}", server_name(server))
}

/// The entropy that somebody's next request is made of: his name and a number, or nothing but zeros where the world has no
/// randomness. The first half of a state, which finds a record, can be guessed by anybody; the second cannot.
pub(crate) fn entropy(drawer: u8, number: u8, is_fresh: bool) -> Entropy {
    let mut bytes = [0; Entropy::LEN];
    if is_fresh {
        (bytes[0], bytes[7]) = (drawer + 1, number + 1);
        (bytes[8], bytes[27]) = (drawer + 1, number + 1);
    }
    Entropy::new(bytes)
}

/// The state of somebody's request.
pub(crate) fn state(drawer: u8, number: u8, is_fresh: bool) -> String {
    State::generate(&entropy(drawer, number, is_fresh)).reveal_secret().to_owned()
}

/// The number that the attacker draws his own entropy by.
pub(crate) const ATTACKER_DRAWS: u8 = 0xEE;

/// Everybody and everything that does not change.
#[derive(Clone, Debug)]
pub(crate) struct Cast {
    /// The origins of the honest clients.
    origins: Vec<String>,
    /// The authorization endpoints, by server: an honest one and a hostile one.
    pub(crate) endpoints: [String; 2],
    /// By client and server.
    clients: Vec<Vec<Client>>,
    hostile: Client,
    registrations: Vec<Vec<Arc<ClientRegistration>>>,
    /// The same at the honest server, as plain text: by client, its redirection URIs.
    registered: Vec<(String, Vec<String>)>,
    pub(crate) policy: Policy,
    pub(crate) api_policy: api_server::Policy,
}

/// Something in the cast that a constructor of the core refused.
pub type Refused = Box<dyn std::error::Error + Send + Sync>;

impl Cast {
    pub(crate) fn new(setting: &Setting) -> Result<Self, Refused> {
        let bounds = setting.bounds;
        let profile = Profile::STRICT
            .with_name("model".into())
            .with_renewal(Renewal::Silent)
            .with_response_parameters(Cow::Borrowed(&[Cow::Borrowed(OWNER)]))
            .with_user_parameter(OWNER.into());
        let make = |name: &str, uri: &str, server: u8| -> Result<Client, Refused> {
            let endpoint = AuthorizationEndpoint::new(endpoint(server))?;
            let mut client =
                Client::new(profile.clone(), endpoint, ClientId::new(name)?, RedirectUri::new(uri)?)
                    .with_api_origin(Origin::new(api_origin(server))?);
            if setting.apart() == Apart::ByIssuer {
                client = client.with_issuer(issuer(server)?);
            }
            if !setting.has(Mitigation::ApiKnown) {
                client = client.with_api_origin(Origin::new(EVIL)?);
            }
            Ok(client)
        };
        let register = |name: &str, uris: &[String]| -> Result<Arc<ClientRegistration>, Refused> {
            let uris: Result<Vec<_>, _> =
                uris.iter().map(|uri| RegisteredRedirectUri::new(uri.as_str())).collect();
            let mut registration = ClientRegistration::new(ClientId::new(name)?, name, uris?)?;
            if setting.scopes {
                let all = Scope::new(format!("{DEFAULT_SCOPE} {MORE_SCOPE}"))?;
                registration = registration.with_scope(all, Some(Scope::new(DEFAULT_SCOPE)?))?;
            }
            Ok(Arc::new(registration))
        };
        let mut clients = Vec::new();
        let mut registrations = Vec::new();
        let mut registered = Vec::new();
        for client in 0..bounds.clients {
            let name = client_name(client);
            let uris: Vec<String> =
                (0..bounds.servers).map(|server| redirect_uri(setting, client, server)).collect();
            clients.push(
                (0..bounds.servers)
                    .map(|server| make(&name, &uris[usize::from(server)], server))
                    .collect::<Result<Vec<_>, _>>()?,
            );
            let uris_at = |server: u8| match setting.has(Mitigation::UriOfOneServer) {
                true => &uris[usize::from(server)..=usize::from(server)],
                false => &uris,
            };
            registered.push((name.clone(), uris_at(HONEST).to_vec()));
            registrations.push(
                (0..bounds.servers)
                    .map(|server| register(&name, uris_at(server)))
                    .collect::<Result<Vec<_>, _>>()?,
            );
        }
        let evil = format!("{EVIL}/cb");
        registrations.push(vec![register(HOSTILE_CLIENT, std::slice::from_ref(&evil))?]);
        registered.push((HOSTILE_CLIENT.to_owned(), vec![evil.clone()]));
        let mut policy = Policy::default();
        if setting.apart() == Apart::ByIssuer {
            policy.issuer = Some(issuer(HONEST)?);
        }
        policy.dangerous_silent_grants_to_unproven_clients = !setting.has(Mitigation::ConsentBound);
        let api_policy = api_server::Policy::new(Realm::new("api")?);
        let origins = (0..bounds.clients).map(|client| client_origin(setting, client)).collect();
        let endpoints = [HONEST, HONEST + 1].map(endpoint);
        Ok(Self {
            origins,
            endpoints,
            clients,
            hostile: make(HOSTILE_CLIENT, &evil, HONEST)?,
            registrations,
            registered,
            policy,
            api_policy,
        })
    }

    /// A client as it is towards a server.
    pub(crate) fn client(&self, client: u8, server: u8) -> Option<&Client> {
        self.clients.get(usize::from(client))?.get(usize::from(server))
    }

    /// The honest client at this origin.
    pub(crate) fn client_at(&self, origin: &str) -> Option<u8> {
        (0..).zip(&self.origins).find(|(_, own)| *own == origin).map(|(client, _)| client)
    }

    /// The origin of an honest client.
    pub(crate) fn origin(&self, client: u8) -> &str {
        self.origins.get(usize::from(client)).map_or("", String::as_str)
    }

    /// The attacker's client, towards the honest server.
    pub(crate) const fn hostile_client(&self) -> &Client {
        &self.hostile
    }

    /// What is registered at the honest server under this name.
    pub(crate) fn registration(&self, id: &ClientId) -> Option<&Arc<ClientRegistration>> {
        let at_honest = self.registrations.iter().filter_map(|at| at.first());
        at_honest.into_iter().find(|registration| registration.client_id() == id)
    }

    /// The names that are registered at the honest server.
    pub(crate) fn registered_names(&self) -> impl Iterator<Item = &str> {
        self.registered.iter().map(|(name, _)| &**name)
    }

    /// Whether a client has registered just this address at the honest server. Every port of a loopback address is the
    /// registered one (RFC 8252 section 7.3).
    pub(crate) fn has_registered(&self, client: &str, address: &str) -> bool {
        let own = self.registered.iter().find(|(name, _)| name == client);
        let is_same = |uri: &String| {
            uri == address || behind_port(uri).is_some_and(|own| behind_port(address) == Some(own))
        };
        own.is_some_and(|(_, uris)| uris.iter().any(is_same))
    }
}

/// Whether an origin is one of this machine's.
pub(crate) fn is_loopback(origin: &str) -> bool {
    behind_port(origin).is_some()
}

/// What stands behind the port of a loopback address.
fn behind_port(address: &str) -> Option<&str> {
    let from_port = address.strip_prefix("http://127.0.0.1:")?;
    Some(from_port.trim_start_matches(|c: char| c.is_ascii_digit()))
}

fn issuer(server: u8) -> Result<Issuer, Refused> {
    Ok(Issuer::new(format!("https://{}.example", server_name(server)))?)
}

/// The origin of an honest client's redirection URI.
pub(crate) fn client_origin(setting: &Setting, client: u8) -> String {
    match setting.kinds[usize::from(client)] {
        ClientKind::Page => format!("https://app{}.example", client + 1),
        ClientKind::Native => format!("http://127.0.0.1:400{}", client + 1),
    }
}

/// Where an honest client has its answers sent.
pub(crate) fn redirect_uri(setting: &Setting, client: u8, server: u8) -> String {
    let origin = client_origin(setting, client);
    match setting.apart() {
        Apart::ByRedirectUri => format!("{origin}/cb/{}", server_name(server)),
        Apart::ByIssuer | Apart::Nothing => format!("{origin}/cb"),
    }
}

/// How the hostile server names itself, or the honest one: both can be written by anybody.
pub(crate) fn issuer_text(setting: &Setting, server: u8) -> Option<String> {
    (setting.apart() == Apart::ByIssuer).then(|| format!("https://{}.example", server_name(server)))
}
