//! Why nothing came of it. No state, token or address that came back is in any of them.

use fragrant::client::{ApiRequestError, BeginError, Rejection};
use fragrant_http::HttpError;
use fragrant_http::receiver::{BindError, ReceiveError};
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
    Bind(BindError),
    #[error("the server said no: {error}{description}")]
    Denied { error: String, description: String },
    #[error("the system gives no random numbers")]
    Entropy,
    #[error("the API did not answer: {0}")]
    Http(#[from] HttpError),
    #[error("you are not signed in: no line came")]
    NoLine,
    #[error("you are not signed in: no line came that holds the answer")]
    NoLineHeldIt,
    #[error("you are not signed in: no answer came within {0}")]
    NoLineInTime(String),
    #[error("the address that came holds no answer")]
    NotOurs,
    #[error("the API has refused the call with status {0}")]
    NotServed(u16),
    #[error("you are not signed in: {0}")]
    NotReceived(#[from] ReceiveError),
    #[error("the answer is not believed: {0}")]
    Rejected(#[from] Rejection),
    #[error("standard input: {0}")]
    StandardInput(std::io::Error),
    #[error("standard output: {0}")]
    StandardOutput(std::io::Error),
    #[error("the test server at {origin}: {reason}")]
    TestServer { origin: String, reason: String },
    #[error("{0}")]
    Usage(BindError),
}

impl Failure {
    /// Whether the command line is what is wrong.
    pub(crate) const fn is_bad_usage(&self) -> bool {
        matches!(self, Self::Argument(..) | Self::Usage(_))
    }
}

impl From<BindError> for Failure {
    fn from(error: BindError) -> Self {
        match error {
            BindError::Path | BindError::RedirectUri(_) => Self::Usage(error),
            other => Self::Bind(other),
        }
    }
}
