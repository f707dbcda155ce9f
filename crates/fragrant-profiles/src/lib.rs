//! The providers that [`fragrant`] is used with, as data: where their servers are, which parameters they add to the
//! protocol, how a client is to treat them, what became of their support for the implicit grant, and where their
//! guides err. There are three: [RingCentral](ringcentral), [Procore](procore) and [the specification
//! itself](rfc6749).
//!
//! Nothing here judges, connects or decides: the core does the first, adapters the second, and a client takes
//! whichever part it needs. The facts are those of public documents, some of them years old; each provider's page
//! says what is documented no longer. **The implicit grant SHOULD NOT be used for anything new** (RFC 9700 section
//! 2.1.2), and both providers have withdrawn their guides to it; see [`Notice`].
//!
//! ```
//! use fragrant::message::AuthorizationRequest;
//! use fragrant::value::{ClientId, RedirectUri};
//! use fragrant_profiles::ringcentral::{self, BrandId};
//!
//! # fn main() -> Result<(), Box<dyn core::error::Error>> {
//! let client_id = ClientId::new("s6BhdRkqt3")?;
//! let mut request = AuthorizationRequest::new(client_id, RedirectUri::new("https://app.example/cb")?);
//! request.display = Some(ringcentral::DISPLAY_MOBILE);
//! request.add_extra(ringcentral::BRAND_ID, BrandId::RINGCENTRAL_US.as_str())?;
//! assert_eq!(
//!     request.to_url(&ringcentral::SANDBOX.authorization_endpoint()?).as_str(),
//!     "https://platform.devtest.ringcentral.com/restapi/oauth/authorize\
//!      ?response_type=token&client_id=s6BhdRkqt3&redirect_uri=https%3A%2F%2Fapp.example%2Fcb\
//!      &display=mobile&brand_id=1210"
//! );
//!
//! let provider = fragrant_profiles::by_id("ringcentral").ok_or("unknown provider")?;
//! for notice in provider.notices {
//!     println!("{notice}");
//! }
//! # Ok(())
//! # }
//! ```

#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;
#[cfg(test)]
extern crate std;

mod environment;
mod erratum;
mod flow;
mod habits;
mod notice;
mod parameter;
mod paths;
pub mod procore;
mod provider;
pub mod rfc6749;
pub mod ringcentral;

pub use environment::Environment;
pub use erratum::Erratum;
pub use flow::{Move, MoveKind};
pub use habits::{AnswerFact, AnswerParameter, CallHeader, Habits, SampleCall};
pub use notice::Notice;
pub use parameter::ProviderParameter;
pub use paths::Paths;
pub use provider::Provider;

/// Every provider: the specification first, then by name.
pub const ALL: &[&Provider] = &[&rfc6749::PROVIDER, &procore::PROVIDER, &ringcentral::PROVIDER];

/// Finds a provider by its [`id`](Provider::id). Case counts.
pub fn by_id(id: &str) -> Option<&'static Provider> {
    ALL.iter().copied().find(|provider| provider.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_provider_is_found_by_its_id() {
        for provider in ALL {
            assert_eq!(by_id(provider.id), Some(*provider));
        }
        assert_eq!(by_id("ringcentral").unwrap().name, "RingCentral");
        assert_eq!(by_id("RingCentral"), None);
        assert_eq!(by_id(""), None);
    }
}
