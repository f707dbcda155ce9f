//! The protocol's values, one validated type a file.
//!
//! A constructor checks the grammar and returns a small error; holding a value is the proof that it is well formed.
//! Secrets ([`AccessToken`], [`State`], [`Nonce`], [`UnverifiedIdToken`]) redact their `Debug`, compare in constant
//! time, have no order and no hash, and are wiped when dropped.

mod access_token;
mod client_id;
mod display;
mod endpoint;
mod entropy;
mod error_code;
mod id_token;
mod invalid;
mod issuer;
mod lifetime;
mod nonce;
mod origin;
mod prompt;
mod redirect_uri;
mod response_type;
mod scope;
mod secret;
mod state;
mod time;
mod token_type;
mod uri;
#[cfg(feature = "serde")]
mod with_serde;
#[cfg(feature = "time")]
mod with_time;
#[cfg(feature = "url")]
mod with_url;

pub use access_token::AccessToken;
pub use client_id::ClientId;
pub use display::Display;
pub use endpoint::{AuthorizationEndpoint, InvalidEndpoint};
pub use entropy::Entropy;
pub use error_code::ErrorCode;
pub use id_token::UnverifiedIdToken;
pub use invalid::InvalidValue;
pub use issuer::Issuer;
pub use lifetime::{ExpiresIn, Expiry};
pub use nonce::Nonce;
pub use origin::Origin;
pub use prompt::{Prompt, Prompts};
pub(crate) use redirect_uri::scheme;
pub use redirect_uri::{InvalidRedirectUri, RedirectUri};
pub use response_type::ResponseType;
pub use scope::Scope;
pub(crate) use secret::is_equal_in_constant_time;
pub use state::{PendingKey, State};
pub use time::Timestamp;
pub use token_type::TokenType;
pub use uri::{Host, HttpUri, InvalidUri};
