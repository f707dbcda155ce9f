//! The native adapter of [`fragrant`], without an async runtime. Step 4 over HTTP: it carries out the requests that the core has
//! allowed, and reads the answers into types. With the feature `receiver` also step 3: how the answer gets from a browser into a
//! native program, by a port of this machine or an address in an app's own scheme.
//!
//! It is no browser: it shows no page of the authorization server, and opens none. It stores nothing and draws no state. And it
//! decides nothing. Whether a token may go somewhere is settled before a [`ResourceRequest`] exists; what a challenge means is
//! read by the core, and so is what an address that came back is worth. It follows no redirect, as a redirect could lead the
//! token to an origin that nobody has listed, and it uses no proxy from the environment.
//!
//! **For native programs the implicit grant is NOT RECOMMENDED** (RFC 8252 section 8.2); the module `receiver` says what that means.
//!
//! ```no_run
//! use fragrant::client::Authorized;
//! use fragrant_http::{ApiClient, Outcome};
//!
//! fn call(authorized: &Authorized) -> Result<(), Box<dyn std::error::Error>> {
//!     let request = authorized.api_request("GET", "https://api.example/v1/me")?; // refused if the origin is not listed
//!     let answer = ApiClient::new().send(&request, &[("Accept", "application/json")], b"")?;
//!     match answer.outcome() {
//!         Outcome::Served => println!("{} bytes", answer.body.len()),
//!         Outcome::TokenRefused(_) => println!("sign in again"),
//!         other => println!("{other:?}"),
//!     }
//!     Ok(())
//! }
//! ```
//!
//! | Feature | What it adds |
//! |---|---|
//! | `tls` (default) | `https`, through rustls |
//! | `receiver` | the module `receiver` |

#![forbid(unsafe_code)]

mod api_client;
mod api_response;
// A feature, and not a default one, as the grant is advised against in native programs.
// req: RFC8252-8.2-1
#[cfg(feature = "receiver")]
pub mod receiver;

pub use api_client::{ApiClient, HttpError};
pub use api_response::{ApiResponse, Outcome};
pub use fragrant::message::ResourceRequest;
