//! What happens in a real browser.

// clippy knows `#[test]` functions, and not those that they share.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod app;
mod harness;
mod js;
mod native;
mod server;
