//! The protocol's messages, one a file, used by both ends: what the one writes the other reads.

mod access_token_response;
mod authorization_request;
mod authorization_response;
mod bearer_challenge;
mod error_response;
mod extra;
mod id_token_response;
mod prepared_request;
mod resource_request;

pub use access_token_response::AccessTokenResponse;
pub use authorization_request::{
    AuthorizationRequest, AuthorizationUrl, InvalidAuthorizationRequest, ReservedParameter,
};
pub use authorization_response::AuthorizationResponse;
pub use bearer_challenge::{BearerChallenge, ChallengeFault, Realm, ReceivedChallenge};
pub use error_response::{ErrorDescription, ErrorResponse, ErrorUri};
pub use extra::Extra;
pub use id_token_response::IdTokenResponse;
pub use prepared_request::PreparedRequest;
pub use resource_request::ResourceRequest;
