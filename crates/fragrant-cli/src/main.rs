//! The `fragrant` command.

#![forbid(unsafe_code)]

mod arguments;
mod demo;
mod model;
mod output;
mod parse;
mod provider;
mod serve;
mod spec;
mod url;
mod usage;

use std::process::ExitCode;

use clap::Parser;

use crate::arguments::{Arguments, Command};
use crate::usage::Failure;

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return usage::report(&error),
    };
    let done = match arguments.command {
        Command::Demo(arguments) => demo::run(&arguments),
        Command::Model(arguments) => model::run(&arguments),
        Command::Parse(arguments) => parse::run(&arguments),
        Command::Serve(arguments) => serve::run(&arguments),
        Command::Spec(command) => spec::run(&command),
        Command::Url(arguments) => url::run(&arguments),
    };
    done.unwrap_or_else(Failure::report)
}
