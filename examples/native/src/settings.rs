//! What the program is a client with: from the command line, and for the rest from a test server.

use std::time::Duration;

use fragrant::client::Client;
use fragrant::value::{AuthorizationEndpoint, ClientId, HttpUri, Issuer, Origin, RedirectUri, Scope};
use fragrant_profiles::{ALL, Provider, by_id, rfc6749};
use serde_json::Value;

use crate::arguments::Arguments;
use crate::failure::Failure;

/// How long a test server may take. It is on this machine.
const PATIENCE: Duration = Duration::from_secs(10);

pub(crate) struct Settings {
    provider: &'static Provider,
    endpoint: AuthorizationEndpoint,
    client_id: ClientId,
    issuer: Option<Issuer>,
    timeout: u64,
    pub(crate) scope: Option<Scope>,
    pub(crate) call: HttpUri,
    /// What the call needs besides the token.
    pub(crate) headers: Vec<(String, String)>,
}

impl Settings {
    pub(crate) fn read(arguments: &Arguments) -> Result<Self, Failure> {
        let server = arguments.test_server.as_deref().map_or(Ok(Value::Null), ask)?;
        // What the command line does not say is the test server's.
        let or = |given: &Option<String>, pointer| {
            given.clone().or_else(|| server.pointer(pointer).and_then(Value::as_str).map(str::to_owned))
        };
        let needed =
            |option, given, pointer| or(given, pointer).ok_or_else(|| wrong(option, "expected a value"));
        let endpoint = needed("--endpoint", &arguments.endpoint, "/authorization_endpoint")?;
        let client_id = needed("--client-id", &arguments.client_id, "/client_id")?;
        let call = needed("--call", &arguments.call, "/calls/0/url")?;
        let headers = server.pointer("/calls/0/headers").and_then(Value::as_object);
        // Those are for the server's own call.
        let headers = headers.filter(|_| arguments.call.is_none()).into_iter().flatten();
        let text = |(name, value): (&String, &Value)| Some((name.clone(), value.as_str()?.to_owned()));
        let provider =
            or(&arguments.profile, "/provider").map_or(Ok(&rfc6749::PROVIDER), |id| provider(&id))?;
        Ok(Self {
            provider,
            endpoint: AuthorizationEndpoint::new(endpoint).map_err(|error| wrong("--endpoint", error))?,
            client_id: ClientId::new(client_id).map_err(|error| wrong("--client-id", error))?,
            issuer: or(&arguments.issuer, "/issuer")
                .map(Issuer::new)
                .transpose()
                .map_err(|error| wrong("--issuer", error))?,
            timeout: arguments.timeout,
            scope: or(&arguments.scope, "/scope")
                .map(Scope::new)
                .transpose()
                .map_err(|error| wrong("--scope", error))?,
            call: HttpUri::parse(call).map_err(|error| wrong("--call", error))?,
            headers: headers.filter_map(text).collect(),
        })
    }

    /// The client, whose answers come to this address.
    pub(crate) fn client(&self, redirect_uri: RedirectUri) -> Result<Client, Failure> {
        let api = Origin::new(self.call.origin()).map_err(|error| wrong("--call", error))?;
        let profile = self.provider.profile.clone();
        let client = Client::new(profile, self.endpoint.clone(), self.client_id.clone(), redirect_uri)
            .with_api_origin(api)
            .with_pending_lifetime(self.timeout);
        Ok(match &self.issuer {
            Some(issuer) => client.with_issuer(issuer.clone()),
            None => client,
        })
    }
}

fn wrong(option: &'static str, why: impl ToString) -> Failure {
    Failure::Argument(option, why.to_string())
}

fn provider(id: &str) -> Result<&'static Provider, Failure> {
    let known: Vec<&str> = ALL.iter().map(|provider| provider.id).collect();
    by_id(id).ok_or_else(|| wrong("--profile", format!("expected one of {}", known.join(", "))))
}

/// Asks a test server what its application is a client with.
fn ask(origin: &str) -> Result<Value, Failure> {
    let origin = Origin::new(origin.trim_end_matches('/')).map_err(|error| wrong("--test-server", error))?;
    let failed = |reason: String| Failure::TestServer { origin: origin.to_string(), reason };
    let request = ureq::get(format!("{origin}/config.json")).config().timeout_global(Some(PATIENCE)).build();
    let mut answer = request.call().map_err(|error| failed(error.to_string()))?;
    let text = answer.body_mut().read_to_string().map_err(|error| failed(error.to_string()))?;
    serde_json::from_str(&text)
        .map_err(|_| failed("its /config.json is no JSON; is it a test server of Fragrant?".into()))
}
