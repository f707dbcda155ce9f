//! The browser's side of [`fragrant`]: a session of the OAuth 2.0 implicit grant (RFC 6749 section 4.2) in a page. Sign-in
//! by redirect, popup and hidden frame, renewal before the token ends, several tabs, calls to the API.
//!
//! It decides nothing. [`fragrant::client::session`] does; here its orders are carried out and what happens is told to it.
//! It verifies no ID token, speaks of no vendor, keeps no token in a storage unless told to, and works in a page and
//! nowhere else: in a worker [`Builder::start`] says so, and outside of `wasm32` the first call into the browser panics.
//! The implicit grant SHOULD NOT be used for anything new (RFC 9700 section 2.1.2).
//!
//! ```no_run
//! use fragrant::client::{Client, session::Report};
//! use fragrant_web::{ApiCall, WebSession};
//!
//! /// `show` puts a text into the page: as text, never as markup.
//! async fn page(client: Client, show: fn(&str)) -> Result<(), Box<dyn std::error::Error>> {
//!     let (session, mut events) = WebSession::builder(client).with_tabs().start()?;
//!     if session.is_handed_over() {
//!         return Ok(()); // a popup or a hidden frame, whose answer the page that waits has now
//!     }
//!     while let Some(report) = events.next().await {
//!         match report {
//!             Report::SignedIn(_) => match me(&session).await {
//!                 Ok(text) => show(&text),
//!                 Err(failure) => show(&failure.to_string()), // one call has failed, and the session goes on
//!             },
//!             Report::SignedOut(problem) | Report::SignInFailed(problem) => show(&problem.to_string()),
//!             _ => {}
//!         }
//!     }
//!     Ok(())
//! }
//!
//! async fn me(session: &WebSession) -> Result<String, Box<dyn std::error::Error>> {
//!     Ok(session.fetch(ApiCall::get("https://api.example/v1/me")).await?.text().await?)
//! }
//!
//! # fn button(session: WebSession) -> Result<(), Box<dyn std::error::Error>> {
//! // In the handler of a click:
//! session.sign_in_by_popup(session.authorization_request(), None)?;
//! # Ok(())
//! # }
//! ```
//!
//! # Where the answer comes to
//!
//! The redirection URI has to be a page that starts the same session: the application's own page, or a small one beside it.
//! In a popup or a hidden frame that page hands its address over, which is the session's first order, and
//! [`WebSession::is_handed_over`] tells it to show nothing. Serve it with
//! [`fragrant::redirection::HEADERS`]. As they stand they let no WebAssembly run, no call out to an API of another origin and
//! no frame in, so three sources are added to the policy: `'wasm-unsafe-eval'` to `script-src`, the API to `connect-src`, and
//! for silent renewal a `frame-src` with the page's own origin and the authorization server's:
//!
//! ```text
//! Content-Security-Policy: default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self';
//!     connect-src 'self' https://api.example; frame-src 'self' https://login.example;
//!     base-uri 'none'; form-action 'self'; frame-ancestors 'self'
//! ```
//!
//! (in one line). A popup whose page cuts itself off from its opener
//! (`Cross-Origin-Opener-Policy`) still reaches the page that waits, over the channel that pages of one origin share, and
//! the record of its request is in the local storage for that reason.
//!
//! # The answer in the address
//!
//! It leaves the address bar and what Back leads to when the session is started, before anybody is told anything; so does one
//! that comes later, into a page that is there already: before anybody hears of `hashchange`, and of `popstate` unless he
//! was listening before the session was. What is the application's own, such as a route or a parameter, stays. It does not leave
//! the disk: Chromium writes an address into its history before a script can run, token and all, and replacing it only adds an
//! entry. So ask the server for tokens that live shortly. A program
//! that has to await something before it knows its client begins with [`Arrival::take`]:
//!
//! ```no_run
//! # use fragrant::client::Client;
//! use fragrant_web::{Arrival, WebSession};
//!
//! # async fn page(settings: impl AsyncFnOnce() -> Client) -> Result<(), Box<dyn std::error::Error>> {
//! let arrival = Arrival::take()?;
//! let client: Client = settings().await;
//! let (session, events) = WebSession::builder(client).with_arrival(arrival).start()?;
//! # Ok(())
//! # }
//! ```
//!
//! A page in which other scripts run while the module is still on its way can have this one before them, which `cargo xtask
//! web` puts beside what it builds. It keeps scripts from noting the address down as they do with any; against one that is
//! out for the token there is no help in a page that runs it.
//!
//! ```js
#![doc = include_str!("first.js")]
//! ```
//!
//! One place no page can clear: `performance.getEntriesByType("navigation")` shows the address that a page was loaded from,
//! fragment and all, in Chromium at least, until the page is left. A script that sends such timings somewhere has to cut it.
//! A sign-in in a popup or a hidden frame leaves it in no page that stays.
//!
//! # Silent renewal
//!
//! A hidden frame gets a token only if the authorization server allows being framed and its cookies reach it there. A page of
//! another origin can look at neither: storage access is told to the frame alone, and a frame that is refused looks like one in
//! which the server shows a page, or the browser its own as the network is gone. Where the server has the
//! [page for it](fragrant::probe), [`WebSession::probe`] asks it, and a session that hears of blocked cookies, or nothing, opens no
//! frame to renew a token: it says that the user has to be asked. An application that knows as much otherwise says so
//! with [`WebSession::cookies_are_blocked`]. Without either the answer tells: `login_required` comes back where the cookies were
//! kept away, and is not tried again; the timeout ends what is not answered, and that is tried four times.
//!
//! # Storage
//!
//! | What | Where | Until |
//! |---|---|---|
//! | the record of a request | session storage, or [the local one](Builder::with_pending_store); a popup's in the local one | the answer comes; else a session starts here that finds it over and older than 15 minutes |
//! | the token | memory, or [a storage](Builder::dangerously_store_token) | it ends, or the user signs out |
//! | an answer that a popup hands over | a broadcast channel, in memory; in a browser without those, the local storage | at once |
//! | the lock between tabs | a web lock; in a browser without those, the local storage | the renewal is done |
//!
//! # Several clients
//!
//! What they keep and say is kept apart by client, redirection URI and authorization endpoint, so that none takes up another's
//! request. An answer is in one address alone, though, and the first session takes it out of there. So give each client
//! a redirection URI of its own, which two authorization servers need anyway (RFC 9700 section 4.4.2), and start its session
//! alone in the page there. Where one page has to start several, take the [`Arrival`] yourself and give each a clone: the one that
//! has asked signs in, and each other reports that no request of its own waits for this answer. In a window that another has
//! opened, the others hand the answer over in vain and are at their end.
//!
//! # For JavaScript
//!
//! With the feature `js` the crate is a module of its own, with typed declarations: `cargo xtask web` builds it into
//! `target/web/js`. Settings cross into it as one text, and what is told comes out as one object.
//!
//! ```js
//! import start, { Session } from "./fragrant.js";
//!
//! await start({ module_or_path: "./fragrant_bg.wasm" });
//! const session = new Session({
//!   authorization_endpoint: "https://as.example/authorize",
//!   client_id: "s6BhdRkqt3",
//!   redirect_uri: "https://app.example/cb",
//!   api_origins: "https://api.example",
//!   renewal: "silent",
//! }, (report) => console.log(report.kind, report.message));
//! button.onclick = () => session.signInByPopup({ scope: "Contacts" });
//! const response = await session.fetch("https://api.example/v1/me");
//! ```
//!
//! These stay with Rust: several clients in one page, what a profile forgives, its margin before a renewal and its limits, and the
//! token itself, which no script needs in its hands to make a call with. A page that awaits something before `new Session` has
//! the [first script](crate#the-answer-in-the-address) in the place of [`Arrival::take`].
//!
//! # Features
//!
//! | Feature | What it adds |
//! |---|---|
//! | `js` | the same for JavaScript and TypeScript, in a module of its own |

#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;
#[cfg(test)]
extern crate std;

#[cfg(all(feature = "js", target_arch = "wasm32", not(test)))]
mod alone;
mod api;
mod arrival;
mod browser;
mod calls;
mod carry_out;
mod channel;
mod driver;
mod events;
mod frame;
#[cfg(all(test, target_arch = "wasm32"))]
mod in_browser;
#[cfg(feature = "js")]
pub mod js;
mod lock;
mod popup;
mod probe;
mod records;
mod session;
mod slot;
mod timers;

pub use api::{ApiCall, ApiResponse, CallError};
pub use arrival::Arrival;
pub use events::Events;
pub use probe::Probed;
pub use records::Store;
pub use session::{Builder, StartError, WebSession};
