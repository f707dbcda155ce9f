//! `fragrant url`: step 1 as a line of text.

use std::io::{self, Write};
use std::process::ExitCode;

use fragrant::message::AuthorizationRequest;
use fragrant::value::{
    AuthorizationEndpoint, ClientId, Display, Entropy, Nonce, Prompts, RedirectUri, Scope, State,
};
use fragrant_profiles::{Provider, ringcentral};

use crate::arguments::UrlArguments;
use crate::provider;
use crate::usage::Failure;

pub(crate) fn run(arguments: &UrlArguments) -> Result<ExitCode, Failure> {
    let provider = provider::find(&arguments.profile)?;
    let endpoint = endpoint(arguments, provider)?;
    let request = request(arguments, provider)?;
    let mut out = io::stdout().lock();
    writeln!(out, "{}", request.to_url(&endpoint).as_str())?;
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

fn endpoint(arguments: &UrlArguments, provider: &'static Provider) -> Result<AuthorizationEndpoint, Failure> {
    if let Some(endpoint) = &arguments.endpoint {
        return AuthorizationEndpoint::new(endpoint).map_err(|error| Failure::argument("--endpoint", error));
    }
    let known = || {
        let ids: Vec<&str> = provider.environments.iter().map(|environment| environment.id).collect();
        ids.join(", ")
    };
    let environment = match (&arguments.environment, provider.environments) {
        (_, []) => {
            let problem = format!(
                "the profile {} has no servers of its own; say where with --endpoint URL",
                provider.id
            );
            return Err(Failure::argument("--endpoint", problem));
        }
        (None, [first, ..]) => first,
        (Some(id), _) => provider
            .environment(id)
            .ok_or_else(|| Failure::argument("--environment", format!("expected one of {}", known())))?,
    };
    environment.authorization_endpoint().map_err(|error| Failure::argument("--environment", error))
}

fn request(arguments: &UrlArguments, provider: &Provider) -> Result<AuthorizationRequest, Failure> {
    let client_id =
        ClientId::new(&*arguments.client_id).map_err(|error| Failure::argument("--client-id", error))?;
    let redirect_uri = RedirectUri::new(&*arguments.redirect_uri)
        .map_err(|error| Failure::argument("--redirect-uri", error))?;
    let mut request = AuthorizationRequest::new(client_id, redirect_uri);
    request.response_type = arguments.response_type.clone();
    let scopes = arguments.scope.iter().map(String::as_str);
    request.scope = Scope::from_names(scopes).map_err(|error| Failure::argument("--scope", error))?;
    let entropy = entropy()?;
    request.state = Some(match &arguments.state {
        Some(state) => State::new(&**state).map_err(|error| Failure::argument("--state", error))?,
        None => State::generate(&entropy),
    });
    if request.response_type.wants_id_token() {
        request.nonce = Some(Nonce::generate(&entropy));
    }
    if !arguments.prompt.is_empty() {
        let prompts = Prompts::parse(&arguments.prompt.join(" "));
        request.prompt = Some(prompts.map_err(|error| Failure::argument("--prompt", error))?);
    }
    if let Some(display) = &arguments.display {
        let display = Display::new(&**display).map_err(|error| Failure::argument("--display", error))?;
        request.display = Some(display);
    }
    if let Some(brand_id) = &arguments.brand_id {
        if provider.parameter(ringcentral::BRAND_ID).is_none() {
            return Err(Failure::argument(
                "--brand-id",
                format!("the profile {} has no brands", provider.id),
            ));
        }
        let brand_id =
            ringcentral::BrandId::new(&**brand_id).map_err(|error| Failure::argument("--brand-id", error))?;
        add(&mut request, "--brand-id", ringcentral::BRAND_ID, brand_id.as_str())?;
    }
    for parameter in &arguments.param {
        let (name, value) =
            parameter.split_once('=').ok_or_else(|| Failure::argument("--param", "expected NAME=VALUE"))?;
        // The library would leave it out, as an empty value counts as absent; here it is more likely an unset variable.
        if value.is_empty() {
            return Err(Failure::argument(
                "--param",
                "expected NAME=VALUE with a value; an empty one counts as absent",
            ));
        }
        add(&mut request, "--param", name, value)?;
    }
    Ok(request)
}

fn add(request: &mut AuthorizationRequest, argument: &str, name: &str, value: &str) -> Result<(), Failure> {
    request.add_extra(name.to_owned(), value).map_err(|error| Failure::argument(argument, error))
}

fn entropy() -> Result<Entropy, Failure> {
    let mut bytes = [0; Entropy::LEN];
    getrandom::fill(&mut bytes).map_err(|error| Failure::Io(io::Error::other(error)))?;
    Ok(Entropy::new(bytes))
}
