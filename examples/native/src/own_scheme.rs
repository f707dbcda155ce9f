//! Step 3 by an address in an app's own scheme. The system would start the program with it; standard input stands here for that.

use std::io::ErrorKind;
use std::sync::mpsc::RecvTimeoutError;
use std::time::{Duration, Instant};

use fragrant::client::{AwaitingResponse, Received};
use fragrant::value::RedirectUri;
use fragrant_http::receiver::{NoRedirectAddress, redirect_address_among};

use crate::failure::Failure;
use crate::now;
use crate::terminal::{lines, seconds, tell};

/// The redirection URI that the command line gives.
pub(crate) fn redirect_uri(text: &str) -> Result<RedirectUri, Failure> {
    let wrong = |why: String| Failure::Argument("--own-scheme", why);
    let redirect_uri = RedirectUri::new(text).map_err(|error| wrong(error.to_string()))?;
    if redirect_uri.http().is_some() {
        return Err(wrong(NoRedirectAddress::NotPrivateUse.to_string()));
    }
    if !redirect_uri.has_reversed_domain_scheme() {
        tell(format_args!(
            "Nobody owns this scheme: it is not a domain name in reverse (RFC 8252 section 7.1)."
        ));
    }
    Ok(redirect_uri)
}

/// Waits for the line with the answer. Anybody can have the system hand in an address, so one that the core does not believe ends
/// nothing as long as the request stands.
pub(crate) fn receive(mut awaiting: AwaitingResponse) -> Result<Received, Failure> {
    let redirect_uri = awaiting.client().redirect_uri().clone();
    let left = awaiting.pending().end().seconds_since(now());
    let (start, timeout) = (Instant::now(), Duration::from_secs(left));
    tell(format_args!(
        "Waiting {} for a line with an address that begins like {redirect_uri}. Stop with Ctrl-C.",
        seconds(left)
    ));
    let lines = lines();
    let mut has_come = false;
    loop {
        let line = match lines.recv_timeout(timeout.saturating_sub(start.elapsed())) {
            Ok(Ok(line)) => line,
            // Not Unicode, which no address is without; the next line may be.
            Ok(Err(error)) if error.kind() == ErrorKind::InvalidData => String::new(),
            Ok(Err(error)) => return Err(Failure::StandardInput(error)),
            Err(RecvTimeoutError::Timeout) => return Err(Failure::NoLineInTime(seconds(left))),
            Err(RecvTimeoutError::Disconnected) if has_come => return Err(Failure::NoLineHeldIt),
            Err(RecvTimeoutError::Disconnected) => return Err(Failure::NoLine),
        };
        has_come = true;
        let Ok(address) = redirect_address_among(&redirect_uri, [line]) else {
            tell(format_args!("This line is no address in the app's own scheme. Still waiting."));
            continue;
        };
        awaiting = match awaiting.receive(address.reveal_secret(), now()) {
            Received::Rejected { rejection, awaiting: Some(awaiting) } => {
                tell(format_args!("This address is not believed: {rejection}. Still waiting."));
                awaiting
            }
            Received::NotOurs(awaiting) => {
                tell(format_args!("This address holds no answer. Still waiting."));
                awaiting
            }
            received => return Ok(received),
        };
    }
}
