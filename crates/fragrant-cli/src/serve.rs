//! `fragrant serve`: the test server, for trying by hand.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use fragrant_server::{Ports, Server, User};

use crate::arguments::ServeArguments;
use crate::output::one_line;
use crate::provider;
use crate::usage::Failure;

/// The user that everybody may log in as, on a server that only this machine reaches.
const USER: &str = "jane";
const PASSWORD: &str = "correct horse battery staple";
/// Where `cargo xtask web` builds the example application.
const BUILT_APP: &str = "target/web/spa";

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
    let folder = app_folder(arguments);
    if let Some(folder) = &folder {
        server = server.with_app_folder(folder);
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
    match &folder {
        Some(folder) => {
            writeln!(out, "\nThe page is the application in {}.", one_line(&folder.display().to_string()))?
        }
        None => writeln!(
            out,
            "\nThe page is the plain one: no application is in {BUILT_APP} (`cargo xtask web` builds one), and no --app \
             says where one is."
        )?,
    }
    writeln!(out, "It speaks as {} does, to this machine only. Stop it with Ctrl-C.", provider.name)?;
    out.flush()?;
    drop(out);
    // The server has a thread of its own; this one has nothing left to do.
    loop {
        std::thread::park();
    }
}

/// The application that is to be served: the one that is named, or the one that is built.
fn app_folder(arguments: &ServeArguments) -> Option<PathBuf> {
    arguments
        .app
        .clone()
        .or_else(|| Path::new(BUILT_APP).join("index.html").is_file().then(|| BUILT_APP.into()))
}
