//! The client: it asks, checks what comes back, keeps the token and calls the API.

pub mod checks;
pub mod rejection;
pub mod rules;

pub use rejection::{Reason, Rejection};
