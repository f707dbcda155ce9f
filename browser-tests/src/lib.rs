//! A real browser, for tests: Chromium, told what to do through WebDriver, beside a test server of
//! [`fragrant_server`].
//!
//! It does not test the libraries by itself; the tests in `tests/browser` do, and `cargo xtask browser` runs them. They
//! read as what a person does: open a page, press a button, see words. Whatever is looked for is waited for, up to a
//! limit, so no test knows how fast the machine is.
//!
//! What goes wrong is a panic, as everywhere in tests. A browser that is dropped by one first tells what it shows: each
//! tab's address, what is in the console, and a picture in `target/browser`. Browser, driver and server end when they are
//! dropped, whatever has happened.

#![forbid(unsafe_code)]
// The whole of it belongs to tests, where a panic is how a test ends.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod browser;
mod picture;
mod settings;
mod tab;
mod wait;
mod webdriver;
mod world;

pub use browser::{Browser, Request};
pub use picture::{picture, picture_for_the_docs};
pub use settings::BrowserSettings;
pub use tab::Tab;
pub use wait::{LIMIT, until};
pub use world::{PASSWORD, USER, World, built_app, changed_app, js_app};
