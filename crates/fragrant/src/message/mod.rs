//! The protocol's messages, one a file, used by both ends: what the one writes the other reads.

mod authorization_request;

pub use authorization_request::{AuthorizationRequest, AuthorizationUrl, ReservedParameter};
