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
mod ipv6;
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

#[cfg(test)]
mod tests {
    use alloc::string::{String, ToString};
    use core::fmt;

    use super::*;

    /// Three texts: the one that went in, the one that the value gives out, the one that it prints.
    fn texts<T: fmt::Display, E: fmt::Debug>(
        text: &str,
        new: fn(String) -> Result<T, E>,
        as_str: fn(&T) -> &str,
    ) -> [String; 3] {
        let value = new(text.into()).unwrap();
        [text.into(), as_str(&value).into(), value.to_string()]
    }

    #[test]
    fn a_value_gives_out_and_prints_what_went_in() {
        for [given, kept, printed] in [
            texts("https://as.example/a?tenant=1", AuthorizationEndpoint::new, AuthorizationEndpoint::as_str),
            texts("s6BhdRkqt3", ClientId::new, ClientId::as_str),
            texts("Page", Display::new, Display::as_str),
            texts("x_custom error", ErrorCode::new, ErrorCode::as_str),
            texts("https://a.example:8443/b?c=d#e", HttpUri::parse, HttpUri::as_str),
            texts("https://as.example/Tenant/", Issuer::new, Issuer::as_str),
            texts("https://api.example:8443", Origin::new, Origin::as_str),
            texts("com.example.app:/cb?x=1", RedirectUri::new, RedirectUri::as_str),
            texts("id_token token", ResponseType::new, ResponseType::as_str),
            texts("b a b", Scope::new, Scope::as_str),
            texts("BeaRer", TokenType::new, TokenType::as_str),
        ] {
            assert_eq!(kept, given);
            assert_eq!(printed, given);
        }
        assert_eq!(Prompts::parse("login consent").unwrap().to_string(), "login consent");
        assert_eq!(ExpiresIn::from_seconds(3600).to_string(), "3600");
        let key = State::new("xyz").unwrap().pending_key();
        assert_eq!(key.to_string(), key.to_text());
    }
}
