//! `fragrant serve`: the test server, for trying by hand.

use std::io::{self, Write};
use std::process::ExitCode;

use fragrant_server::{Ports, Server, User};

use crate::arguments::ServeArguments;
use crate::provider;
use crate::usage::Failure;

/// The user that everybody may log in as, on a server that only this machine reaches.
const USER: &str = "jane";
const PASSWORD: &str = "correct horse battery staple";

pub(crate) fn run(arguments: &ServeArguments) -> Result<ExitCode, Failure> {
    let provider = provider::find(&arguments.profile)?;
    let app = arguments.port;
    let ports = Ports { app, ..Ports::default() };
    let failed = |error: &dyn std::fmt::Display| Failure::Io(io::Error::other(error.to_string()));
    let user = User::new(USER, PASSWORD).map_err(|error| failed(&error))?;
    let mut server = Server::new(provider)
        .with_user(user)
        // Or nothing on http could be tried with prompt=none, and this machine alone can reach it.
        .dangerously_grant_silently_to_unproven_clients()
        .with_ports(ports);
    if let Some(seconds) = arguments.token_lifetime {
        server = server.with_token_lifetime(seconds);
    }
    if let Some(seconds) = arguments.session_lifetime {
        server = server.with_session_lifetime(seconds);
    }
    let running = server.start().map_err(|error| failed(&error))?;
    let mut out = io::stdout().lock();
    writeln!(out, "Open {}/ in a browser, and press Sign in.\n", running.app_origin())?;
    writeln!(out, "  user                  {USER}")?;
    writeln!(out, "  password              {PASSWORD}")?;
    writeln!(out, "  authorization server  {}", running.authorization_endpoint())?;
    writeln!(out, "  API server            {}", running.api_origin())?;
    writeln!(out, "  redirect URI          {}", running.redirect_uri())?;
    writeln!(out, "  client_id             {}", running.client().client_id())?;
    writeln!(out, "\nIt speaks as {} does, to this machine only. Stop it with Ctrl-C.", provider.name)?;
    out.flush()?;
    drop(out);
    // The server has a thread of its own; this one has nothing left to do.
    loop {
        std::thread::park();
    }
}
