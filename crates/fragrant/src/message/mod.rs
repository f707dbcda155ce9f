//! The protocol's messages, one a file, used by both ends: what the one writes the other reads.

mod access_token_response;
mod authorization_request;
mod authorization_response;
mod error_response;
mod id_token_response;

pub use access_token_response::AccessTokenResponse;
pub use authorization_request::{AuthorizationRequest, AuthorizationUrl, ReservedParameter};
pub use authorization_response::{AuthorizationResponse, Extra};
pub use error_response::{ErrorDescription, ErrorResponse, ErrorUri};
pub use id_token_response::IdTokenResponse;
