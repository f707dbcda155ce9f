//! A server by a TOML file. Each key has the name and the meaning of the [`Server`]'s method `with_…`.

mod problem;
mod read;

use std::path::PathBuf;

use fragrant::value::Origin;
use serde::Deserialize;
use toml::de::{DeTable, Deserializer};

pub use problem::{ConfigFileError, InvalidConfig};
use read::{AppClient, At, Clients, ListenName, ProviderId, TlsFiles, Users};

use crate::browsers::OpenerPolicy;
use crate::limits::Limits;
use crate::listen::{Hosts, Ports};
use crate::quirks::Quirks;
use crate::server::Server;

/// See [`Server::EXAMPLE_TOML`].
pub(crate) const EXAMPLE: &str = include_str!("example.toml");

/// Writes the table from one line for each key: its type in the file, and the setting that it makes.
macro_rules! keys {
    ($($key:ident: $type:ty => $set:expr;)*) => {
        /// What the file says.
        #[derive(Default, Deserialize)]
        #[serde(default, deny_unknown_fields)]
        struct Table {
            /// Not among the others, as a server begins with it.
            profile: ProviderId,
            $($key: Option<$type>,)*
        }

        impl Table {
            fn into_server(self) -> Server {
                let mut server = Server::new(self.profile.0);
                $(server = set(server, self.$key, $set);)*
                server
            }
        }
    };
}

// In the order of the example; an error lists them so.
keys! {
    token_lifetime: u64 => Server::with_token_lifetime;
    session_lifetime: u64 => Server::with_session_lifetime;
    issuer: bool => Server::with_issuer;
    ports: Ports => Server::with_ports;
    hosts: Hosts => Server::with_hosts;
    listen: ListenName => |server, name| server.with_listen(name.into());
    tls: TlsFiles => |server, files| server.with_tls_files(files.certificate, files.key);
    limits: Limits => Server::with_limits;
    app_folder: PathBuf => |server, folder| server.with_app_folder(folder);
    store: PathBuf => |server, file| server.with_store(file);
    app_client: AppClient =>
        |server, app| server.with_app_client(app.client_id, app.name, app.scope, app.default_scope);
    cors_origins: Vec<At<Origin>> => |server, origins| {
        origins.into_iter().fold(server, |server, At(origin)| server.with_cors_origin(origin))
    };
    refusing_frames: bool => |server, refuses| if refuses { server.refusing_frames() } else { server };
    authorization_opener_policy: OpenerPolicy => Server::with_authorization_opener_policy;
    app_opener_policy: OpenerPolicy => Server::with_app_opener_policy;
    dangerously_grant_silently_to_unproven_clients: bool => |server, grants| match grants {
        true => server.dangerously_grant_silently_to_unproven_clients(),
        false => server,
    };
    dangerously_send_session_cookie_across_sites: bool => |server, sends| match sends {
        true => server.dangerously_send_session_cookie_across_sites(),
        false => server,
    };
    quirks: Quirks => Server::with_quirks;
    clients: Clients => |server, Clients(clients)| clients.into_iter().fold(server, Server::with_client);
    users: Users => |server, Users(users)| users.into_iter().fold(server, Server::with_user);
}

fn set<T>(server: Server, value: Option<T>, with: fn(Server, T) -> Server) -> Server {
    match value {
        Some(value) => with(server, value),
        None => server,
    }
}

/// See [`Server::from_toml`].
pub(crate) fn from_toml(text: &str) -> Result<Server, InvalidConfig> {
    let table = DeTable::parse(text).map_err(|error| InvalidConfig::of_syntax(text, &error))?;
    // Errors say where in the text they are, but not under which key; so the keys are kept.
    let keys = table.clone();
    Table::deserialize(Deserializer::from(table))
        .map(Table::into_server)
        .map_err(|error| InvalidConfig::new(text, keys.get_ref(), &error))
}

#[cfg(test)]
mod tests;
