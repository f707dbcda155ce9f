//! What happens in a real browser.

// clippy knows `#[test]` functions, and not those that they share.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod app;
mod app_silent;
mod cookies;
mod frames;
mod guides;
mod harness;
mod pains;
mod plain;
mod popup;
mod redirect;
mod renewal;
mod silent;
mod tabs;
