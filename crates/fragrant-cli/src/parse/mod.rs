//! `fragrant parse`: what an authorization server sent back, for people and for programs.

mod batch;
mod explain;
mod report;

use std::io::{self, Write};
use std::process::ExitCode;

use fragrant::client::rules::{Expected, Verdict, judge};
use fragrant::value::{Issuer, RedirectUri, Scope, Timestamp};
use fragrant::wire::Redirect;
use fragrant_profiles::Provider;

use crate::arguments::ParseArguments;
use crate::provider;
use crate::usage::Failure;

/// No pending request is known here, so none can have ended.
const NOW: Timestamp = Timestamp::from_unix_seconds(0);

pub(crate) fn run(arguments: &ParseArguments) -> Result<ExitCode, Failure> {
    let provider = provider::find(&arguments.profile)?;
    let Some(uri) = &arguments.uri else {
        return batch::run(provider, arguments.show_secrets);
    };
    let uri = trimmed(uri);
    let scopes = arguments.scope.iter().map(String::as_str);
    let scope = Scope::from_names(scopes).map_err(|error| Failure::argument("--scope", error))?;
    if let Some(redirect_uri) = &arguments.redirect_uri {
        RedirectUri::new(&**redirect_uri).map_err(|error| Failure::argument("--redirect-uri", error))?;
    }
    if let Some(issuer) = &arguments.issuer {
        Issuer::new(&**issuer).map_err(|error| Failure::argument("--issuer", error))?;
    }
    if arguments.state.as_deref() == Some("") {
        return Err(Failure::argument(
            "--state",
            "expected the request's state; say --no-state if it had none",
        ));
    }
    let expected = Expected {
        response_type: &arguments.response_type,
        state: arguments.state.as_deref(),
        issuer: arguments.issuer.as_deref(),
        redirect_uri: arguments.redirect_uri.as_deref(),
        scope: scope.as_ref(),
        end: None,
        profile: &provider.profile,
    };
    let redirect = Redirect::split(uri);
    let verdict = judge(&expected, &redirect, NOW);
    match say(arguments, provider, &redirect, &expected, &verdict) {
        // The verdict stands, whether or not anybody read it to the end.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => return Err(error.into()),
        _ => {}
    }
    Ok(ExitCode::from(match verdict {
        Verdict::TokenGranted(_) => 0,
        Verdict::ErrorReturned(_) => 1,
        Verdict::ResponseRejected(_) | Verdict::NotOurs(_) => 2,
    }))
}

/// The argument without the blanks and the quotes that were copied along with it: no address has any. Says so.
fn trimmed(argument: &str) -> &str {
    let text = argument.trim();
    let unquoted = ['"', '\''].into_iter().find_map(|quote| text.strip_prefix(quote)?.strip_suffix(quote));
    let text = unquoted.map_or(text, str::trim);
    if text != argument {
        // Nothing depends on whether it can be said.
        _ = writeln!(io::stderr(), "fragrant: left the blanks or quotes around the address aside");
    }
    text
}

fn say(
    arguments: &ParseArguments,
    provider: &Provider,
    redirect: &Redirect<'_>,
    expected: &Expected<'_>,
    verdict: &Verdict,
) -> io::Result<()> {
    let mut out = io::stdout().lock();
    if arguments.json {
        let report = report::Report::of(verdict, arguments.state.as_deref(), arguments.show_secrets);
        report.write(&serde_json::Value::Null, &mut out)?;
    } else {
        explain::write(&mut out, provider, redirect, expected, verdict, arguments.show_secrets)?;
    }
    out.flush()
}
