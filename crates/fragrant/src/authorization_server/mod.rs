//! The authorization server: from a request to the one answer to it (RFC 6749 section 4.2), without any I/O.
//!
//! Each state is a type that owns just its own data, and each move consumes it, so that a wrong move does not compile:
//! nothing is granted before the resource owner has logged in and decided, no page can be shown for `prompt=none`, and
//! one decision gives one answer.
//!
//! ```text
//!  Incoming --received--> Received --proceed--> AwaitingLogin --authenticated--> Authenticated
//!     |                    |   |                                                  ^    |
//!     |                    |   |    somebody is logged in already                 |    | decided
//!     |                    |   +--------------------------------------------------+    v
//!     |                    |   |    and has allowed it before                       Consented
//!     |                    |   +-----------------------------------------------------> |
//!     v                    v                                                           v respond
//!  ShowErrorPage     RedirectWithError --to_redirection--> Redirection <---------- Responded
//! ```
//!
//! | State | What is known | What comes next |
//! |---|---|---|
//! | [`Incoming`] | which client asks, by its own word | look the client up |
//! | [`Received`] | the request is valid; the answer has a registered place to go | look the login session up |
//! | [`AwaitingLogin`] | somebody has to log in | the login page |
//! | [`Authenticated`] | who it is | the consent page |
//! | [`Consented`] | what was granted | make and store a token |
//! | [`Responded`] | the answer | send it |
//! | [`RedirectWithError`] | the error, and a registered place to send it | send it; if it precedes the login, once somebody is logged in |
//! | [`ShowErrorPage`] | what is wrong, and no place to send it | the error page |
//!
//! There are two ways to fail, and they are two types. [`ShowErrorPage`] has no address to go to; only a
//! [`RedirectWithError`] has, and only a redirection URI that the client has registered can get into one. So an open
//! redirector cannot be written by accident. An error that [`precedes_login`](RedirectWithError::precedes_login) still has
//! to wait: somebody has to log in first, unless there is a login session, or a faulty request would send anybody to any
//! registered address (RFC 9700 section 4.11.2). After `prompt=none` no error waits.
//!
//! A page costs a round trip, and a state in memory need not survive it: keep the text of the query (that of
//! [`AuthorizationRequest::to_query`](crate::message::AuthorizationRequest::to_query) will do), read it again when the
//! page is sent in, and so judge the request by what is registered *then*. That a page is sent in by the person it was
//! shown to, and once, is the duty of whoever keeps that text (RFC 6749 section 10.12).
//!
//! Go on from `proceed(None)` then. With the login page, the login that the request may have asked for (`prompt=login`)
//! has now been done; with the consent page, hand over a [`Session`] that remembers no consent, so that what was decided
//! counts and not what was decided before.
//!
//! ```
//! use std::sync::Arc;
//!
//! use fragrant::authorization_server::{
//!     ClientRegistration, Decided, IssuedToken, LoggedIn, Next, Policy, RegisteredRedirectUri, Session, receive,
//! };
//! use fragrant::resource_owner::{Decision, ResourceOwnerId};
//! use fragrant::value::{AccessToken, ClientId, ExpiresIn, Scope};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // -------------------------------------------------------------- registration
//! let redirect_uri = RegisteredRedirectUri::new("https://app.example/cb")?;
//! let client = ClientRegistration::new(ClientId::new("s6BhdRkqt3")?, "Phone book", [redirect_uri])?
//!     .with_scope(Scope::new("Contacts ReadCallLog")?, None)?;
//! let client = Arc::new(client);
//! let policy = Policy::default();
//!
//! // ------------------------------------------------------------------ Received
//! let query = "response_type=token&client_id=s6BhdRkqt3&scope=Contacts%20ReadCallLog&state=xyz";
//! let received = receive(query, &policy, |id| (id == client.client_id()).then(|| client.clone()))?;
//!
//! // ------------------------------------------------------------- AwaitingLogin
//! let Next::LogIn(awaiting_login) = received.proceed(None) else { unreachable!() };
//! let session = Session::new(ResourceOwnerId::new("jane")?);
//!
//! // ------------------------------------------------------------- Authenticated
//! let LoggedIn::AskConsent(authenticated) = awaiting_login.authenticated(&session) else { unreachable!() };
//! assert_eq!(authenticated.client().name(), "Phone book");
//! let decision = Decision::Grant(Scope::new("Contacts")?);
//!
//! // ----------------------------------------------------------------- Consented
//! let Decided::Consented(consented) = authenticated.decided(decision) else { unreachable!() };
//! assert_eq!(consented.scope().unwrap().as_str(), "Contacts");
//! let token = IssuedToken::new(AccessToken::new("2YotnFZFEjr1zCsicMWpAA")?, ExpiresIn::from_seconds(3600));
//!
//! // ----------------------------------------------------------------- Responded
//! let redirection = consented.respond(token).to_redirection();
//! assert_eq!(
//!     redirection.location(),
//!     "https://app.example/cb#access_token=2YotnFZFEjr1zCsicMWpAA&token_type=bearer&expires_in=3600&scope=Contacts&state=xyz"
//! );
//! # Ok(())
//! # }
//! ```
//!
//! One decision gives one answer:
//!
//! ```compile_fail,E0382
//! # use fragrant::authorization_server::{Consented, IssuedToken};
//! fn twice(consented: Consented, one: IssuedToken, other: IssuedToken) {
//!     consented.respond(one);
//!     consented.respond(other);
//! }
//! ```
//!
//! and nothing is granted before somebody has logged in:
//!
//! ```compile_fail,E0599
//! # use fragrant::{authorization_server::Received, resource_owner::Decision};
//! fn too_early(received: Received) {
//!     received.decided(Decision::GrantAll);
//! }
//! ```
//!
//! The server side of CORS has no place here: the authorization endpoint is navigated to and never fetched, so it sends
//! no such headers (RFC 9700 section 2.6).

mod authenticated;
mod awaiting_login;
mod consented;
mod incoming;
mod next;
mod phase;
mod policy;
mod received;
mod registration;
mod rejection;
mod responded;
mod revocation;
#[cfg(test)]
mod scenario;
mod session;

pub use authenticated::{Authenticated, Decided};
pub use awaiting_login::{AwaitingLogin, LoggedIn};
pub use consented::{Consented, IssuedToken};
pub use incoming::{Incoming, receive};
pub use next::Next;
pub use phase::Phase;
pub use policy::Policy;
pub use received::Received;
pub use registration::{
    ClientRegistration, InvalidClientRegistration, InvalidRegisteredUri, RegisteredRedirectUri,
};
pub use rejection::{ErrorPageReason, RedirectWithError, Refusal, ShowErrorPage};
pub use responded::{Redirection, Responded};
pub use revocation::{RevocationError, RevocationRequest};
pub use session::{PriorConsent, Session};
