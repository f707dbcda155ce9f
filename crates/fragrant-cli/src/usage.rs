//! What the command says when it cannot do what was asked: one line on standard error, and an exit code.

use std::fmt;
use std::io::{self, Write};
use std::process::ExitCode;

use clap::CommandFactory;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::arguments::Arguments;
use crate::output::one_line;

/// Bad usage, after the BSD convention (`EX_USAGE`).
const USAGE: u8 = 64;
/// A file that was named cannot be read (`EX_NOINPUT`).
const NO_INPUT: u8 = 66;
/// Reading or writing failed (`EX_IOERR`).
const IO: u8 = 74;

/// Why a command ended early.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The arguments do not fit: which, and what was expected.
    Usage(String),
    /// A file or a stream failed.
    Io(io::Error),
    /// A file that was named cannot be read: which, and why.
    NoInput(String),
}

impl Failure {
    /// An argument whose value does not fit.
    pub(crate) fn argument(name: &str, problem: impl fmt::Display) -> Self {
        let problem = problem.to_string();
        // The library names the parameter, and the option has its name: once is enough.
        let parameter = match name {
            "--issuer" => "iss".into(),
            _ => name.trim_start_matches('-').replace('-', "_"),
        };
        let problem = problem.strip_prefix(&format!("{parameter}: ")).unwrap_or(&problem);
        Self::Usage(format!("{name}: {problem}"))
    }

    /// Says it in one line.
    pub(crate) fn report(self) -> ExitCode {
        match self {
            Self::Usage(message) => {
                say(&message);
                ExitCode::from(USAGE)
            }
            Self::NoInput(message) => {
                say(&message);
                ExitCode::from(NO_INPUT)
            }
            // Whoever reads our output has seen enough, as `head` does: nothing to say, nobody to say it to. It is no
            // success all the same, as not everything was said.
            Self::Io(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::from(IO),
            Self::Io(error) => {
                say(&error.to_string());
                ExitCode::from(IO)
            }
        }
    }
}

/// One line on standard error. If that is gone there is nobody to tell, and the exit code stands.
fn say(message: &str) {
    let _ = writeln!(io::stderr(), "fragrant: {}", one_line(message));
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Reports what clap found: help and version as they are, everything else in one line.
///
/// The line is written here and not by clap, which would print the value that did not fit: it may be an address with a
/// token in it.
pub(crate) fn report(error: &clap::Error) -> ExitCode {
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        // Nobody to tell if standard output is gone.
        let _ = error.print();
        return ExitCode::SUCCESS;
    }
    let context = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.clone()),
        Some(ContextValue::Strings(texts)) => Some(texts.join(", ")),
        _ => None,
    };
    let argument = context(ContextKind::InvalidArg).unwrap_or_default();
    let message = match error.kind() {
        // What the choice between `--state` and `--no-state` looks like to clap.
        ErrorKind::MissingRequiredArgument if argument.contains("--no-state") => {
            "missing: --state <STATE>, the request's own, or --no-state if it had none".into()
        }
        ErrorKind::MissingRequiredArgument => format!("missing: {argument}"),
        ErrorKind::ArgumentConflict => {
            let other = context(ContextKind::PriorArg).unwrap_or_default();
            if other == argument {
                format!("{argument}: expected once")
            } else {
                format!("{argument}: not together with {other}")
            }
        }
        ErrorKind::InvalidValue => match context(ContextKind::ValidValue).filter(|valid| !valid.is_empty()) {
            Some(valid) => format!("{argument}: expected one of {valid}"),
            None => format!("{argument}: expected a value"),
        },
        ErrorKind::ValueValidation => match std::error::Error::source(error) {
            Some(source) => format!("{argument}: {source}"),
            None => format!("{argument}: the value does not fit"),
        },
        ErrorKind::InvalidSubcommand
        | ErrorKind::MissingSubcommand
        | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            let all = Arguments::command();
            let first = std::env::args().nth(1).and_then(|name| all.find_subcommand(name));
            format!(
                "expected a command: {}",
                names_of_commands(first.filter(|command| command.has_subcommands()).unwrap_or(&all))
            )
        }
        ErrorKind::UnknownArgument if argument.starts_with('-') => {
            let name = argument.split('=').next().unwrap_or_default();
            if looks_like_an_option(name) {
                format!("{name}: no such option")
            } else {
                "no such option (a value that begins with - is written --option=VALUE)".into()
            }
        }
        ErrorKind::UnknownArgument => "one argument too many".into(),
        ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues | ErrorKind::NoEquals => {
            format!("{argument}: expected a value")
        }
        // Every option that takes a value takes one, so this one takes none.
        ErrorKind::TooManyValues => format!("{argument}: expected no value"),
        ErrorKind::InvalidUtf8 => "expected arguments of UTF-8 text".into(),
        _ => "the arguments do not fit".into(),
    };
    let hint = "; see `fragrant --help`";
    Failure::Usage(message + hint).report()
}

/// Whether an unknown option is a slip of the pen: a token may begin with `-` too, and must not be repeated.
fn looks_like_an_option(name: &str) -> bool {
    const LONGEST: usize = 24;
    let letters = name.trim_start_matches('-');
    letters.len() <= LONGEST && letters.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
}

/// The names of its commands.
fn names_of_commands(command: &clap::Command) -> String {
    let names: Vec<&str> =
        command.get_subcommands().map(clap::Command::get_name).filter(|name| *name != "help").collect();
    match names.split_last() {
        Some((last, others)) if !others.is_empty() => format!("{} or {last}", others.join(", ")),
        _ => names.join(""),
    }
}
