//! The client: it asks, checks what comes back, keeps the token and calls the API.

mod authorized;
mod awaiting_renewal;
mod awaiting_response;
mod begin;
#[cfg_attr(fragrant_faults, path = "faulty_checks.rs")]
pub mod checks;
mod client_facts;
mod pending;
mod record;
pub mod rejection;
pub mod rules;
#[cfg(feature = "session")]
pub mod session;
mod stored_token;
#[cfg(feature = "session")]
mod window;

pub use authorized::{ApiRequestError, Authorized, RestoreError};
#[cfg(feature = "session")]
use awaiting_renewal::JudgedRenewal;
pub use awaiting_renewal::{AwaitingRenewal, KeptReason, Renewed};
#[cfg(feature = "session")]
use awaiting_response::Judged;
pub use awaiting_response::{AwaitingResponse, Denied, Received};
pub use begin::{BeginError, NotThisClients};
pub use client_facts::Client;
pub use pending::{PendingAuthorization, Purpose};
pub use record::InvalidRecord;
pub use rejection::{Reason, Rejection};
#[cfg(feature = "session")]
pub use session::Session;
pub use stored_token::StoredToken;
