//! `fragrant spec`: what the library is, written down, and what the specifications ask of it.

mod ledger;
mod pages;

use std::process::ExitCode;

use crate::arguments::SpecCommand;
use crate::usage::Failure;

pub(crate) fn run(command: &SpecCommand) -> Result<ExitCode, Failure> {
    match command {
        SpecCommand::Ledger(arguments) => ledger::run(arguments),
        SpecCommand::Check(arguments) => pages::check(arguments),
        SpecCommand::Render(arguments) => pages::render(arguments),
    }
}
