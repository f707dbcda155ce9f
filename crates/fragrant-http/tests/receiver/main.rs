//! Step 3 for native programs, over real sockets: against whoever else is on the machine, and against the test server.

// clippy knows `#[test]` functions, and not those that they share.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod attackers;
// The user agent of the server's own tests: cookies, forms, redirects. Not all of it is needed here.
#[allow(dead_code)]
#[path = "../../../fragrant-server/tests/server/browser.rs"]
mod browser;
mod flow;
mod places;
mod scenario;
mod session;
mod waiting;
