//! Step 4 over HTTP for native programs: it carries out the requests that [`fragrant`] has allowed, and reads the answers
//! into types.
//!
//! It decides nothing. Whether a token may go somewhere is settled before a [`ResourceRequest`] exists; what a challenge
//! means is read by the core. It follows no redirect, as a redirect could lead the token to an origin that nobody has
//! listed, and it uses no proxy from the environment.

#![forbid(unsafe_code)]

mod api_client;
mod api_response;

pub use api_client::{ApiClient, HttpError};
pub use api_response::{ApiResponse, Outcome};
pub use fragrant::message::ResourceRequest;
