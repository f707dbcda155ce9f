//! A test server for the OAuth 2.0 implicit grant (RFC 6749 section 4.2), to run inside a test or by hand: an
//! authorization server, an API server and an application with its redirection URI, each at an origin of its own on
//! this machine, in the shape of one of the providers of [`fragrant_profiles`].
//!
//! It decides nothing: every decision is taken by the states of [`fragrant`], and what is here are pages, cookies,
//! connections and a memory. It is **not** for production: it speaks TLS only if it has a [certificate](Server::with_tls), and listens on
//! the loopback address unless told otherwise by a word that says what that means. The implicit grant SHOULD NOT be used
//! for anything new (RFC 9700 section 2.1.2).
//!
//! ```
//! use fragrant_profiles::ringcentral;
//! use fragrant_server::{Clock, Server, User};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let server = Server::new(&ringcentral::PROVIDER)
//!     .with_user(User::new("jane", "correct horse")?)
//!     .with_clock(Clock::at(fragrant::value::Timestamp::from_unix_seconds(1_760_000_000)))
//!     .start()?;
//! let client = server.client(); // begin a login with it, and send a user agent to the address
//! assert_eq!(client.endpoint().uri().path(), "/restapi/oauth/authorize");
//! server.clock().advance(3600); // every token of the last hour has ended now
//! server.shutdown();
//! # Ok(())
//! # }
//! ```
//!
//! [`Server::from_toml`] makes a server by a file, and [`Server::EXAMPLE_TOML`] is such a file.
//!
//! # For tests with a browser
//!
//! | To see | |
//! |---|---|
//! | an application of one's own at the application's origin | [`Server::with_app_folder`] |
//! | two sites, `127.0.0.1` and `localhost` | [`Server::with_hosts`] |
//! | a hidden frame of another site that is logged in | [`Server::dangerously_send_session_cookie_across_sites`] |
//! | a server that is not shown in frames | [`Server::refusing_frames`] |
//! | whether cookies reach a frame of it | the page `/probe`, see [`fragrant::probe`] |
//! | windows that are cut off from each other | [`Server::with_authorization_opener_policy`], [`Server::with_app_opener_policy`] |
//! | a slow authorization server | [`RunningServer::delay_answers`] |
//! | what else real servers do wrong | [`Server::with_quirks`] |
//! | how often a client has asked | [`RunningServer::authorization_requests`] |
//! | a login session that has ended, tokens that are taken back | [`RunningServer::end_sessions`], [`RunningServer::revoke_tokens`] |
//!
//! # Limits
//!
//! A request's head and its body may have 64 KiB each, a head 64 headers; a head has 30 seconds to come, a body 10.
//! Each server takes 512 connections of 10 minutes at most, and one address may try 60 logins in a minute; [`Limits`] can be
//! [set](Server::with_limits). 100,000 login sessions, 20,000 open pages (for 10 minutes each, and for 64 MiB of queries),
//! 1,000,000 tokens and 100,000 consents are remembered, in memory unless there is a [store](Server::with_store). Beyond that
//! the oldest session or page ends, no further token is issued (`temporarily_unavailable`), and people are asked again.
//!
//! # Secrets
//!
//! Tokens have 160 bits, names of sessions and browsers 256, all from ChaCha20 and seeded by the system. They are written
//! in lower-case hexadecimal, so a token is 40 characters long. What is kept of them is a SHA-256, and of a password its
//! Argon2id hash; the proof in a form is an HMAC, of which nothing is kept. Passwords are checked one at a time for each
//! core, and when too many wait, the login page says so with status 503. Nothing is logged.

#![forbid(unsafe_code)]

mod api;
mod app;
mod authorization;
mod bearer;
mod browsers;
mod clock;
mod config;
mod http;
mod limits;
mod listen;
mod quirks;
mod random;
mod running;
mod server;
mod store;
mod tls;
mod user;

pub use browsers::OpenerPolicy;
pub use clock::Clock;
pub use config::{ConfigFileError, InvalidConfig};
pub use limits::Limits;
pub use listen::{Family, Host, Hosts, Listen, Ports};
pub use quirks::{EchoedState, ErrorStatus, InvalidErrorStatus, Quirks, Spaces, Written};
pub use running::{RunningServer, StartError};
pub use server::Server;
pub use tls::{InvalidTlsIdentity, TlsIdentity};
pub use user::{InvalidUser, User};
