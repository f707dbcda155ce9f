//! The `fragrant` command as its users meet it: the real binary, its output whole, and its exit code.

// clippy knows `#[test]` functions, and not those that they share.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod batch;
mod configured;
mod demo;
mod hostile;
mod killed;
mod ledger;
mod model;
mod parse;
mod pipes;
mod reasons;
mod scenario;
mod serve;
mod spec;
mod url;
mod usage;
