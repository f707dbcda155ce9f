//! `nostd` and `wasm`: the crates that must build where there is no operating system.

use cargo_metadata::Package;

use crate::command::run;
use crate::context::Context;
use crate::outcome::Outcome;
use crate::tools;

/// They are `#![no_std]`. One that is not in the workspace yet is checked from the day it is.
const NO_STD_CRATES: &[&str] = &["fragrant", "fragrant-profiles"];

/// A target that ships no `std` at all, so that a use of it anywhere below cannot go unseen.
const NO_STD_TARGET: &str = "thumbv7em-none-eabi";

const BROWSER_TARGET: &str = "wasm32-unknown-unknown";

pub(crate) fn nostd(context: &Context) -> Outcome {
    build_for(context, NO_STD_TARGET)
}

pub(crate) fn wasm(context: &Context) -> Outcome {
    build_for(context, BROWSER_TARGET)
}

pub(super) fn no_std_crates(context: &Context) -> impl Iterator<Item = &Package> {
    NO_STD_CRATES.iter().filter_map(|name| context.package(name))
}

fn build_for(context: &Context, target: &str) -> Outcome {
    tools::target(context, target)?;
    let mut build = context.cargo("build --locked --lib --no-default-features --target");
    build.arg(target);
    for package in no_std_crates(context) {
        build.args(["-p", package.name.as_str()]);
    }
    run(&mut build)
}
