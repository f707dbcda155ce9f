//! The API server (the RFC's *resource server*): who is let in, and what the others are told (RFC 6750), without any
//! I/O.
//!
//! A call is judged in two steps, because the token has to be looked up in between:
//!
//! ```text
//!  Call --credentials--> Presented --(look the token up)--> judge --> let in
//!             |                                               |
//!             +-----------------> Refusal <-------------------+
//! ```
//!
//! ```
//! use fragrant::api_server::{Call, Policy, TokenRecord, credentials, judge};
//! use fragrant::message::Realm;
//! use fragrant::value::{Expiry, Scope, Timestamp};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let policy = Policy::new(Realm::new("phone")?);
//! let call = Call { authorization: &[b"Bearer 2YotnFZFEjr1zCsicMWpAA"], ..Call::default() };
//! let presented = credentials(&call, &policy)?;
//!
//! let now = Timestamp::from_unix_seconds(1_760_000_000);
//! let mut record = TokenRecord::new(Expiry::at(now.saturating_add(3600)));
//! record.scope = Some(Scope::new("Contacts")?);
//! assert_eq!(presented.token.reveal_secret(), "2YotnFZFEjr1zCsicMWpAA"); // look it up
//! assert!(judge(Some(&record), Some(&Scope::new("Contacts")?), now, &policy).is_ok());
//!
//! let refusal = judge(Some(&record), Some(&Scope::new("ReadCallLog")?), now, &policy).unwrap_err();
//! assert_eq!(refusal.status(), 403);
//! assert_eq!(
//!     refusal.challenge().to_header_value(),
//!     r#"Bearer realm="phone", scope="ReadCallLog", error="insufficient_scope", error_description="the token does not reach that far""#
//! );
//! # Ok(())
//! # }
//! ```

mod cors;
mod credentials;
mod judge;
mod policy;
mod refusal;

pub use cors::{Cors, CorsPolicy, CrossOrigin, cors};
pub use credentials::{Call, Method, Presented, credentials};
pub use judge::{TokenRecord, judge};
pub use policy::Policy;
pub use refusal::{Refusal, RefusalReason};
