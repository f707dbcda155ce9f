//! `fragrant serve`: the test server, for trying by hand.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use fragrant_server::{ConfigFileError, Listen, Ports, Quirks, Server, StartError};

use crate::arguments::ServeArguments;
use crate::output::one_line;
use crate::provider;
use crate::usage::Failure;

/// The password of the example's user, whom everybody may log in as on a server that only this machine reaches.
const EXAMPLE_PASSWORD: &str = "correct horse battery staple";
/// Where `cargo xtask web` builds the example application, from the repository's root.
const BUILT_APP: &str = "target/web/spa";

pub(crate) fn run(arguments: &ServeArguments) -> Result<ExitCode, Failure> {
    match &arguments.init {
        Some(file) => write_example(file),
        None => serve(arguments),
    }
}

/// Writes the commented configuration, to a file that is not there yet or to standard output.
fn write_example(file: &Path) -> Result<ExitCode, Failure> {
    let mut out = io::stdout().lock();
    if file == Path::new("-") {
        out.write_all(Server::EXAMPLE_TOML.as_bytes())?;
        out.flush()?;
        return Ok(ExitCode::SUCCESS);
    }
    let name = one_line(&file.display().to_string());
    let unwritten = |error| Failure::Io(io::Error::other(format!("{name}: {error}")));
    let mut created =
        OpenOptions::new().write(true).create_new(true).open(file).map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => {
                Failure::argument("--init", format_args!("{name} is there already, and was left as it is"))
            }
            _ => unwritten(error),
        })?;
    created.write_all(Server::EXAMPLE_TOML.as_bytes()).map_err(unwritten)?;
    writeln!(out, "Wrote {name}. Change it as you like, and then: fragrant serve --config {name}")?;
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

fn serve(arguments: &ServeArguments) -> Result<ExitCode, Failure> {
    let server = settings(arguments)?;
    let manner = manner(&server);
    let folder = server.app_folder().map(Path::to_owned);
    let (users, password) = log_in_by(&server, arguments.config.as_deref());
    let running = server.start().map_err(not_started)?;
    let mut out = io::stdout().lock();
    writeln!(out, "Open {}/ in a browser, and press Sign in.\n", running.app_origin())?;
    writeln!(out, "  user                  {users}")?;
    writeln!(out, "  password              {password}")?;
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
            "\nThe page is the plain one: no application is in {BUILT_APP}, here or in a folder above (`cargo xtask web` builds \
             one), and no --app says where one is."
        )?,
    }
    writeln!(out, "{manner} Stop it with Ctrl-C.")?;
    out.flush()?;
    drop(out);
    // The server has a thread of its own; this one has nothing left to do.
    loop {
        std::thread::park();
    }
}

/// What the file says, or the example if there is none, and over it what the command line says.
fn settings(arguments: &ServeArguments) -> Result<Server, Failure> {
    let mut server = match &arguments.config {
        Some(file) => Server::from_toml_file(file).map_err(|error| match error {
            ConfigFileError::Unreadable(_) => Failure::NoInput(format!("{}: {error}", file.display())),
            _ => Failure::Usage(format!("{}: {error}", file.display())),
        })?,
        None => Server::from_toml(Server::EXAMPLE_TOML).map_err(|error| Failure::Usage(error.to_string()))?,
    };
    if let Some(id) = &arguments.profile {
        server = server.with_provider(provider::find(id)?);
    }
    if let Some(app) = arguments.port {
        let ports = Ports { app, ..server.ports() };
        server = server.with_ports(ports);
    }
    if let Some(file) = &arguments.store {
        server = server.with_store(file);
    }
    if let Some(seconds) = arguments.token_lifetime {
        server = server.with_token_lifetime(seconds);
    }
    if let Some(seconds) = arguments.session_lifetime {
        server = server.with_session_lifetime(seconds);
    }
    match &arguments.app {
        Some(folder) => server = server.with_app_folder(folder),
        None if server.app_folder().is_none() => {
            if let Some(folder) = built_app() {
                server = server.with_app_folder(folder);
            }
        }
        None => {}
    }
    Ok(server)
}

/// Where the example application is, if it is built: in the repository, from wherever in it the command is run.
fn built_app() -> Option<PathBuf> {
    let here = std::env::current_dir().ok()?;
    here.ancestors().map(|folder| folder.join(BUILT_APP)).find(|app| app.join("index.html").is_file())
}

/// Who can log in, and by which password; those of a file are not shown.
fn log_in_by(server: &Server, config: Option<&Path>) -> (String, String) {
    let users: Vec<String> = server.users().iter().map(|user| one_line(user.name().as_str())).collect();
    match (users.is_empty(), config) {
        (true, _) => ("nobody: the configuration has no [[users]]".into(), "none".into()),
        (false, Some(file)) => (users.join(", "), format!("as in {}", one_line(&file.display().to_string()))),
        (false, None) => (users.join(", "), EXAMPLE_PASSWORD.into()),
    }
}

/// How it speaks, to whom, and whether it does so as it should.
fn manner(server: &Server) -> String {
    let to_whom = match (server.listen(), server.has_tls()) {
        (Listen::Loopback(_), _) => "to this machine only",
        (Listen::DangerouslyEverywhere(_), true) => "to everybody who reaches this machine",
        (Listen::DangerouslyEverywhere(_), false) => "in clear text, TO EVERYBODY WHO REACHES THIS MACHINE",
    };
    let wrongs = match *server.quirks() == Quirks::default() {
        true => "",
        false => " It does wrong what the quirks of its configuration say.",
    };
    format!("It speaks as {} does, {to_whom}.{wrongs}", server.provider().name)
}

/// What the system refuses is a failure of it; anything else was configured so.
fn not_started(error: StartError) -> Failure {
    match error {
        StartError::AppFolder { .. }
        | StartError::Bind { .. }
        | StartError::Seed(_)
        | StartError::Store { .. }
        | StartError::TlsFile { .. }
        | StartError::System(_) => Failure::Io(io::Error::other(error.to_string())),
        _ => Failure::Usage(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_that_is_printed_is_the_examples() {
        let user = format!("[[users]]\nname = \"jane\"\npassword = \"{EXAMPLE_PASSWORD}\"\n");
        assert!(Server::EXAMPLE_TOML.contains(&user));
    }
}
