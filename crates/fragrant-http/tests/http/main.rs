//! Step 4 over real sockets, against a server that says exactly what a test tells it to.

// clippy knows `#[test]` functions, and not those that they share.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod answers;
mod failures;
mod redirects;
mod requests;
mod scenario;
