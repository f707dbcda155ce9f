//! The three servers over real sockets.

// clippy knows `#[test]` functions, and not those that they share.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod api;
mod app;
mod authorization;
mod browser;
mod config;
mod fetched;
mod flow;
mod hostile;
mod laws;
mod limits;
mod options;
mod quirks;
mod rows;
mod running;
mod scenario;
mod secrets;
mod store;
mod tls;
mod tokens;
