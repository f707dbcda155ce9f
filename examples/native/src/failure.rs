//! Why nothing came of it. No state, token or address that came back is in any of them.

use fragrant::client::{ApiRequestError, BeginError, Rejection};
use fragrant_http::HttpError;
use fragrant_http::receiver::{BindError, NoRedirectAddress, ReceiveError};
use thiserror::Error;

#[derive(Debug, Error)]
pub(crate) enum Failure {
    #[error("the call cannot be made: {0}")]
    ApiRequest(#[from] ApiRequestError),
    #[error("{0}: {1}")]
    Argument(&'static str, String),
    #[error("the sign-in cannot begin: {0}")]
    Begin(#[from] BeginError),
    #[error("there is nowhere to wait: {0}")]
    Bind(#[from] BindError),
    #[error("the server said no: {error}{description}")]
    Denied { error: String, description: String },
    #[error("the system gives no random numbers")]
    Entropy,
    #[error("the API did not answer: {0}")]
    Http(#[from] HttpError),
    #[error("nothing was handed in: {0}")]
    NoRedirectAddress(#[from] NoRedirectAddress),
    #[error("the address that was handed in holds no answer")]
    NotOurs,
    #[error("the API has refused the call with status {0}")]
    NotServed(u16),
    #[error("you are not signed in: {0}")]
    NotReceived(#[from] ReceiveError),
    #[error("the answer is not believed: {0}")]
    Rejected(#[from] Rejection),
    #[error("standard input: {0}")]
    StandardInput(#[from] std::io::Error),
    #[error("the test server at {origin}: {reason}")]
    TestServer { origin: String, reason: String },
}
