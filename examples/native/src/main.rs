//! A native program that signs a user in through the browser and calls an API: `native --help` says how.

mod arguments;
mod failure;
mod own_scheme;
mod settings;
mod terminal;

use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::Parser;
use fragrant::client::{Authorized, AwaitingResponse, Client, Received};
use fragrant::value::{Entropy, Scope, Timestamp};
use fragrant_http::receiver::LoopbackSettings;
use fragrant_http::{ApiClient, Outcome};

use crate::arguments::Arguments;
use crate::failure::Failure;
use crate::settings::Settings;
use crate::terminal::{put, seconds, tell};

/// The most of an answer that is shown, in characters.
const MAX_SHOWN: usize = 4000;

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            tell(format_args!("native: {failure}"));
            ExitCode::from(if failure.is_bad_usage() { 2 } else { 1 })
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), Failure> {
    let settings = Settings::read(arguments)?;
    let received = match &arguments.own_scheme {
        Some(redirect_uri) => {
            let redirect_uri = own_scheme::redirect_uri(redirect_uri)?;
            own_scheme::receive(begin(arguments, &settings, &settings.client(redirect_uri)?)?)?
        }
        None => by_loopback(arguments, &settings)?,
    };
    match received {
        Received::Authorized(authorized) => call(&settings, &authorized),
        Received::Denied(denied) => Err(Failure::Denied {
            error: denied.response.error.to_string(),
            description: denied
                .response
                .description
                .map_or_else(String::new, |text| format!(", {}", text.as_str())),
        }),
        Received::Rejected { rejection, .. } => Err(rejection.into()),
        Received::NotOurs(_) => Err(Failure::NotOurs),
    }
}

/// Waits at a port of this machine.
fn by_loopback(arguments: &Arguments, settings: &Settings) -> Result<Received, Failure> {
    let place =
        LoopbackSettings::default().with_path(&*arguments.path).with_port(arguments.port.unwrap_or(0));
    let receiver = place.bind()?;
    let redirect_uri = receiver.redirect_uri().clone();
    let awaiting = begin(arguments, settings, &settings.client(redirect_uri.clone())?)?;
    tell(format_args!("Waiting at {redirect_uri} for {}. Stop with Ctrl-C.", seconds(arguments.timeout)));
    Ok(receiver.receive(awaiting, now)?)
}

/// **Step 1.** The browser is the user's own, and none that this program could look into.
fn begin(arguments: &Arguments, settings: &Settings, client: &Client) -> Result<AwaitingResponse, Failure> {
    let mut request = client.authorization_request();
    request.scope.clone_from(&settings.scope);
    let mut bytes = [0; Entropy::LEN];
    getrandom::fill(&mut bytes).map_err(|_| Failure::Entropy)?;
    let (url, awaiting) = client.begin(request, Entropy::new(bytes), now())?;
    tell(format_args!(
        "Open this address in a browser of yours, and show it to nobody until you are signed in:\n"
    ));
    put(url.as_str())?;
    tell(format_args!(""));
    // The error may name the command, and the address in it.
    if arguments.open && open::that_detached(url.as_str()).is_err() {
        tell(format_args!("The system's browser did not start; open the address yourself."));
    }
    Ok(awaiting)
}

/// **Step 4.**
fn call(settings: &Settings, authorized: &Authorized) -> Result<(), Failure> {
    let left = authorized.expiry().map(|end| end.seconds_left(now()));
    let left = left.map_or_else(
        || "at a time that the server does not tell".into(),
        |left| format!("in {}", seconds(left)),
    );
    let scope = authorized.scope().map_or("", Scope::as_str);
    tell(format_args!("You are signed in. The token ends {left}, and is for: {scope}"));
    let request = authorized.api_request("GET", settings.call.as_str())?;
    let headers: Vec<(&str, &str)> =
        settings.headers.iter().map(|(name, value)| (&**name, &**value)).collect();
    let answer = ApiClient::new().send(&request, &headers, b"")?;
    tell(format_args!("GET {}: {}", settings.call, answer.status));
    put(&shown(&answer.body))?;
    match answer.outcome() {
        Outcome::Served => Ok(()),
        _ => Err(Failure::NotServed(answer.status)),
    }
}

/// What of an answer may go to a terminal: no control characters, which could make it say something else.
fn shown(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    text.chars().filter(|shown| !shown.is_control() || *shown == '\n').take(MAX_SHOWN).collect()
}

fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    Timestamp::from_unix_seconds(since.map_or(0, |since| since.as_secs()))
}
