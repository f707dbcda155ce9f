//! The values of a configuration that are more than one word: clients, users, and what has another name in a file.

use std::path::PathBuf;

use std::collections::HashSet;
use std::fmt;
use std::hash::Hash;

use fragrant::authorization_server::{
    ClientRegistration, InvalidClientRegistration, InvalidRegisteredUri, RegisteredRedirectUri,
};
use fragrant::resource_owner::ResourceOwnerId;
use fragrant::value::{ClientId, InvalidValue, ResponseType, Scope};
use fragrant_profiles::{ALL, Provider, by_id, rfc6749};
use serde::de::{DeserializeSeed, Error, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use zeroize::Zeroizing;

use crate::listen::{Family, Listen};
use crate::running::StartError;
use crate::user::User;

/// A provider by its [`id`](Provider::id).
pub(super) struct ProviderId(pub(super) &'static Provider);

impl Default for ProviderId {
    fn default() -> Self {
        Self(&rfc6749::PROVIDER)
    }
}

impl<'de> Deserialize<'de> for ProviderId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let id = String::deserialize(deserializer)?;
        by_id(&id).map(Self).ok_or_else(|| {
            let known: Vec<&str> = ALL.iter().map(|provider| provider.id).collect();
            D::Error::custom(format_args!("expected one of {}", known.join(", ")))
        })
    }
}

/// Where to [`Listen`], in one word.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum ListenName {
    DangerouslyEverywhere,
    DangerouslyEverywhereV6,
    Loopback,
    LoopbackV6,
}

impl From<ListenName> for Listen {
    fn from(name: ListenName) -> Self {
        match name {
            ListenName::DangerouslyEverywhere => Self::DangerouslyEverywhere(Family::V4),
            ListenName::DangerouslyEverywhereV6 => Self::DangerouslyEverywhere(Family::V6),
            ListenName::Loopback => Self::Loopback(Family::V4),
            ListenName::LoopbackV6 => Self::Loopback(Family::V6),
        }
    }
}

/// The application's client.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AppClient {
    pub(super) client_id: ClientId,
    pub(super) name: String,
    pub(super) scope: Option<Scope>,
    pub(super) default_scope: Option<Scope>,
}

/// The clients, no two of which have one identifier.
pub(super) struct Clients(pub(super) Vec<ClientRegistration>);

impl<'de> Deserialize<'de> for Clients {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        distinct(deserializer, |Client(client): &Client| client.client_id().clone(), StartError::ClientTwice)
            .map(|clients| Self(clients.into_iter().map(|Client(client)| client).collect()))
    }
}

#[derive(Deserialize)]
#[serde(try_from = "ClientTable")]
struct Client(ClientRegistration);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
// req: RFC6749-10.1-1, RFC8252-8.4-1
struct ClientTable {
    client_id: ClientId,
    name: String,
    #[serde(default)]
    redirect_uris: Vec<At<SafeUri>>,
    /// [`RegisteredRedirectUri::dangerous_with_clear_text`] says what it gives away.
    #[serde(default)]
    dangerous_redirect_uris_with_clear_text: Vec<At<ClearTextUri>>,
    scope: Option<Scope>,
    default_scope: Option<Scope>,
    response_types: Option<Vec<At<ResponseType>>>,
}

impl TryFrom<ClientTable> for Client {
    type Error = String;

    fn try_from(table: ClientTable) -> Result<Self, String> {
        let redirect_uris = table.redirect_uris.into_iter().map(|At(SafeUri(uri))| uri);
        let in_clear =
            table.dangerous_redirect_uris_with_clear_text.into_iter().map(|At(ClearTextUri(uri))| uri);
        let words = |error: InvalidClientRegistration| error.to_string();
        let mut client = ClientRegistration::new(table.client_id, table.name, redirect_uris.chain(in_clear))
            .map_err(words)?;
        client = match (table.scope, table.default_scope) {
            (Some(allowed), default) => client.with_scope(allowed, default).map_err(words)?,
            (None, None) => client,
            (None, Some(_)) => return Err("default_scope: expected a scope beside it".into()),
        };
        if let Some(response_types) = table.response_types {
            let response_types = response_types.into_iter().map(|At(response_type)| response_type);
            client = client.with_response_types(response_types).map_err(words)?;
        }
        Ok(Self(client))
    }
}

/// A redirection URI that nobody on the network can read along.
#[derive(Deserialize)]
#[serde(try_from = "String")]
struct SafeUri(RegisteredRedirectUri);

/// One that may be `http` to another machine.
#[derive(Deserialize)]
#[serde(try_from = "String")]
struct ClearTextUri(RegisteredRedirectUri);

impl TryFrom<String> for SafeUri {
    type Error = InvalidRegisteredUri;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        RegisteredRedirectUri::new(text).map(Self)
    }
}

impl TryFrom<String> for ClearTextUri {
    type Error = InvalidRegisteredUri;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        RegisteredRedirectUri::dangerous_with_clear_text(text).map(Self)
    }
}

/// The people who can log in, no two of whom have one name.
pub(super) struct Users(pub(super) Vec<User>);

impl<'de> Deserialize<'de> for Users {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        distinct(deserializer, |Account(user): &Account| user.name().clone(), StartError::UserTwice)
            .map(|users| Self(users.into_iter().map(|Account(user)| user).collect()))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TlsFiles {
    pub(super) certificate: PathBuf,
    pub(super) key: PathBuf,
}

#[derive(Deserialize)]
#[serde(try_from = "UserTable")]
struct Account(User);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UserTable {
    name: UserName,
    password: Option<Password>,
    password_hash: Option<String>,
    id: Option<String>,
}

impl TryFrom<UserTable> for Account {
    type Error = String;

    fn try_from(table: UserTable) -> Result<Self, Self::Error> {
        let name = table.name.0.as_str();
        let user = match (&table.password, table.password_hash) {
            (Some(password), None) => User::new(name, password.0.as_str()),
            (None, Some(hash)) => User::with_password_hash(name, hash),
            _ => return Err("expected either password or password_hash".into()),
        };
        let user = user.map_err(|error| error.to_string())?;
        Ok(Self(match table.id {
            Some(id) => user.with_id(id),
            None => user,
        }))
    }
}

#[derive(Deserialize)]
#[serde(try_from = "String")]
struct UserName(ResourceOwnerId);

impl TryFrom<String> for UserName {
    type Error = InvalidValue;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        ResourceOwnerId::new(text).map(Self)
    }
}

/// A password, which is wiped when it is dropped; the file's own text is its reader's to wipe.
struct Password(Zeroizing<String>);

impl<'de> Deserialize<'de> for Password {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self(Zeroizing::new(text)))
    }
}

/// An element of a list: where one does not fit, the error points at it, and not at the list.
#[derive(Deserialize)]
pub(super) struct At<T>(pub(super) T);

/// A list in which no two have the same name. The second one is what the error points at.
fn distinct<'de, D, T, N>(
    deserializer: D,
    name: fn(&T) -> N,
    twice: fn(N) -> StartError,
) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
    N: Clone + Eq + Hash,
{
    deserializer.deserialize_seq(Distinct { seen: HashSet::new(), name, twice })
}

/// Reads the list, and as `&mut` one element of it.
struct Distinct<T, N> {
    seen: HashSet<N>,
    name: fn(&T) -> N,
    twice: fn(N) -> StartError,
}

impl<'de, T: Deserialize<'de>, N: Clone + Eq + Hash> Visitor<'de> for Distinct<T, N> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a sequence")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<Vec<T>, A::Error> {
        let mut all = Vec::new();
        while let Some(next) = list.next_element_seed(&mut self)? {
            all.push(next);
        }
        Ok(all)
    }
}

impl<'de, T: Deserialize<'de>, N: Clone + Eq + Hash> DeserializeSeed<'de> for &mut Distinct<T, N> {
    type Value = T;

    /// As `At` does.
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        deserializer.deserialize_newtype_struct("At", self)
    }
}

impl<'de, T: Deserialize<'de>, N: Clone + Eq + Hash> Visitor<'de> for &mut Distinct<T, N> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        let next = T::deserialize(deserializer)?;
        let name = (self.name)(&next);
        match self.seen.insert(name.clone()) {
            true => Ok(next),
            false => Err(D::Error::custom((self.twice)(name))),
        }
    }
}
