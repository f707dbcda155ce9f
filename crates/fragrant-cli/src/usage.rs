//! What the command says when it cannot do what was asked: one line on standard error, and an exit code.

use std::fmt;
use std::io;
use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};

/// Bad usage, after the BSD convention (`EX_USAGE`).
const USAGE: u8 = 64;
/// Reading or writing failed (`EX_IOERR`).
const IO: u8 = 74;

/// Why a command ended early.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The arguments do not fit: which, and what was expected.
    Usage(String),
    /// A file or a stream failed.
    Io(io::Error),
}

impl Failure {
    /// An argument whose value does not fit.
    pub(crate) fn argument(name: &str, problem: impl fmt::Display) -> Self {
        Self::Usage(format!("{name}: {problem}"))
    }

    /// Says it in one line.
    pub(crate) fn report(self) -> ExitCode {
        match self {
            Self::Usage(message) => {
                eprintln!("fragrant: {}", crate::output::one_line(&message));
                ExitCode::from(USAGE)
            }
            // Whoever reads our output has seen enough, as `head` does: nothing to say, nobody to say it to.
            Self::Io(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
            Self::Io(error) => {
                eprintln!("fragrant: {error}");
                ExitCode::from(IO)
            }
        }
    }
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
        ErrorKind::MissingRequiredArgument => format!("missing: {argument}"),
        ErrorKind::ArgumentConflict => {
            let other = context(ContextKind::PriorArg).unwrap_or_default();
            format!("{argument}: not together with {other}")
        }
        ErrorKind::InvalidValue => match context(ContextKind::ValidValue) {
            Some(valid) => format!("{argument}: expected one of {valid}"),
            None => format!("{argument}: expected a value"),
        },
        ErrorKind::ValueValidation => match std::error::Error::source(error) {
            Some(source) => format!("{argument}: {source}"),
            None => format!("{argument}: the value does not fit"),
        },
        ErrorKind::InvalidSubcommand | ErrorKind::MissingSubcommand => {
            "expected a command: demo, serve, url or parse".into()
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            "expected a command: demo, serve, url or parse".into()
        }
        ErrorKind::UnknownArgument if argument.starts_with('-') => {
            let name = argument.split('=').next().unwrap_or_default();
            format!("{name}: no such option")
        }
        ErrorKind::UnknownArgument => "one argument too many".into(),
        ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues | ErrorKind::NoEquals => {
            format!("{argument}: expected a value")
        }
        ErrorKind::TooManyValues => format!("{argument}: expected one value"),
        _ => "the arguments do not fit".into(),
    };
    let hint = "; see `fragrant --help`";
    Failure::Usage(message + hint).report()
}
