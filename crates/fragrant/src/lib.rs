//! The OAuth 2.0 implicit grant (RFC 6749 section 4.2): typed messages, a strict parser for what comes back in the
//! fragment, and the rules by which a client, an authorization server and an API server judge what they receive.
//!
//! It does no I/O, reads no clock and draws no random number: time and entropy are arguments, addresses and headers are
//! text. It verifies no ID token, and it knows no vendor; `fragrant-profiles` does. It always builds without `std`.
//!
//! **Should you use the grant at all?** RFC 9700 section 2.1.2 says that clients SHOULD NOT, and the best current practice
//! for browser-based applications forbids access tokens in the authorization response. Use the authorization code grant
//! with PKCE for anything new. This library is for what still speaks implicit, for whoever must secure, test or migrate
//! it, and for whoever studies it.
//!
//! # Six actors, four steps
//!
//! ```text
//!  client      resource owner    user agent    authorization server    redirection URI    API server
//!    |               |               |                  |                     |               |
//!    |-1 request ------------------->|----- query ----->|                     |               |
//!    |               |<------- login and consent ------>|                     |               |
//!    |               |               |<-2 #token -------|                     |               |
//!    |               |               |---- the address without its fragment ->|               |
//!    |<-3 the whole address, fragment and all --------------------------------|               |
//!    |-4 Authorization: Bearer -------------------------------------------------------------->|
//! ```
//!
//! | Actor | Module |
//! |---|---|
//! | client | [`client`] |
//! | resource owner | [`resource_owner`] |
//! | user agent | [`user_agent`] |
//! | authorization server | [`authorization_server`] |
//! | redirection URI | [`redirection`] |
//! | API server | [`api_server`] |
//!
//! Below them stand [`message`] (what they say to each other), [`wire`] (how it is written), [`value`] (what it is made
//! of) and [`spec`] (what the specifications say of each name).
//!
//! # The whole flow
//!
//! ```
//! use fragrant::client::{Client, PendingAuthorization, Received};
//! use fragrant::profile::Profile;
//! use fragrant::value::{AuthorizationEndpoint, ClientId, Entropy, Origin, RedirectUri, Scope, State, Timestamp};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let client = Client::new(
//!     Profile::STRICT,
//!     AuthorizationEndpoint::new("https://as.example/authorize")?,
//!     ClientId::new("s6BhdRkqt3")?,
//!     RedirectUri::new("https://app.example/cb")?,
//! )
//! .with_api_origin(Origin::new("https://api.example")?);
//!
//! // Step 1: send the user agent to the authorization server. Draw the entropy from the operating system, and leave the
//! // state to the library; this one is written out so that the example can show its answer.
//! # let (fresh_bytes, more_fresh_bytes) = ([7; Entropy::LEN], [8; Entropy::LEN]);
//! let now = Timestamp::from_unix_seconds(1_760_000_000);
//! let mut request = client.authorization_request();
//! request.scope = Some(Scope::new("Contacts ReadCallLog")?);
//! request.state = Some(State::new("xyz")?);
//! let (url, awaiting) = client.begin(request, Entropy::new(fresh_bytes), now)?;
//! assert_eq!(
//!     url.as_str(),
//!     "https://as.example/authorize?response_type=token&client_id=s6BhdRkqt3\
//!      &redirect_uri=https%3A%2F%2Fapp.example%2Fcb&scope=Contacts%20ReadCallLog&state=xyz"
//! );
//! let (key, record) = (awaiting.key(), awaiting.pending().encode()); // into the page's storage
//!
//! // Step 2: the resource owner logs in and consents, and the server sends the browser back. The page is a new one by now.
//! let address = "https://app.example/cb#access_token=2YotnFZFEjr1zCsicMWpAA&token_type=bearer&expires_in=3600&state=xyz";
//!
//! // Step 3: find the pending request by its key, taking it out of the storage, and judge the answer.
//! let found = fragrant::wire::Redirect::split(address).pending_key();
//! assert_eq!(found, Some(key));
//! let awaiting = client.resume(PendingAuthorization::decode(&record)?)?;
//! let mut authorized = match awaiting.receive(address, now) {
//!     Received::Authorized(authorized) => authorized,
//!     other => panic!("{other:?}"),
//! };
//! assert_eq!(authorized.expiry().map(|end| end.seconds_left(now)), Some(3600)); // seconds
//! assert_eq!(authorized.scope().map(Scope::as_str), Some("Contacts ReadCallLog")); // none named: as requested
//!
//! // Step 4: call the API, at an origin that is listed.
//! let request = authorized.api_request("GET", "https://api.example/v1/me")?;
//! assert_eq!(request.reveal_authorization().as_str(), "Bearer 2YotnFZFEjr1zCsicMWpAA");
//! assert!(authorized.api_request("GET", "https://api.example.evil.example/").is_err());
//!
//! // Step 3 again, before the token ends: there is no refresh token, so it is asked for anew.
//! let later = authorized.renew_at().ok_or("the server named no lifetime")?;
//! let (url, renewal) = authorized.renew(Entropy::new(more_fresh_bytes), later)?;
//! # let _ = (url, renewal);
//! # Ok(())
//! # }
//! ```
//!
//! # Features
//!
//! | Feature | What it adds |
//! |---|---|
//! | `session` (default) | [`client::session`], a machine for programs that are driven by events |
//! | `std` (default) | lets the dependencies use the standard library; this crate itself does not |
//! | `serde` | values that are no secrets, read and written as their wire text |
//! | `time` | [`Timestamp`](value::Timestamp) from and to `time::OffsetDateTime` |
//! | `url` | addresses from and to `url::Url`, which brings the tables of international host names along |
//! | `walk` | the session's machine as a table, found by setting it going in every way; for documentation and tests |
//! | `testing` | strategies and oracles for tests, fuzz targets and benches; not for programs |

// `no_std` always, so that nothing here leans on an operating system unseen; the feature `std` is for dependencies.
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;
#[cfg(any(test, feature = "testing"))]
extern crate std;

pub mod actor;
pub mod api_server;
pub mod authorization_server;
pub mod client;
pub mod grammar;
pub mod message;
pub mod probe;
pub mod profile;
pub mod redirection;
pub mod resource_owner;
mod sorted_map;
pub mod spec;
mod target;
#[cfg(feature = "testing")]
pub mod testing;
mod text;
pub mod user_agent;
pub mod value;
#[cfg(feature = "walk")]
pub mod walk;
pub mod wire;
