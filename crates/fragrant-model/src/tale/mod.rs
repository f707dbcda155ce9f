//! The grant told as a tale: an honest run from the first page to the answer of the API, and what happens when something
//! goes wrong, recorded line by line.
//!
//! The tale says who does what; the [`Stage`] does it. The demo plays it over HTTP with the test server, the documentation
//! [in memory](InMemory) with the core's own machines, and both are told in the same words.

mod frame;
mod in_memory;
mod mishap;
mod refused;
mod run;

use std::fmt;

use fragrant::client::Client;
use fragrant::message::{BearerChallenge, ResourceRequest};
use fragrant::resource_owner::Decision;
use fragrant::value::{Entropy, ErrorCode, HttpUri, ResponseType, Timestamp};
use fragrant_profiles::Provider;

pub use in_memory::InMemory;
pub use mishap::Mishap;

use crate::recorder::Recording;
use run::Tale;

/// What a tale needs: a client, a browser with somebody at it, the servers, and a clock that can be moved on.
///
/// Each method does what it says and judges nothing. The errors are for people, and end the tale.
pub trait Stage {
    /// Whose grant it is.
    fn provider(&self) -> &'static Provider;

    /// The client, which is registered at the authorization server.
    fn client(&self) -> &Client;

    /// The origin of the API server.
    fn api_origin(&self) -> String;

    /// The name by which the resource owner logs in.
    fn user(&self) -> &str;

    /// The moment that it is for everybody.
    fn now(&self) -> Timestamp;

    /// Lets so many **seconds** pass.
    fn wait(&mut self, seconds: u64);

    /// Ends every login session at the authorization server.
    fn end_sessions(&mut self);

    /// Has the authorization server fail with this error where it would issue the next token.
    ///
    /// # Errors
    /// When this stage's server always works.
    fn fail_once(&mut self, error: ErrorCode) -> Result<(), String> {
        Err(format!("no server here fails with {error}"))
    }

    /// Ends every consent, as its owner does in the server's settings.
    ///
    /// # Errors
    /// When nobody can do so at this stage's server.
    fn withdraw_consent(&mut self) -> Result<(), String> {
        Err("no consent can be withdrawn here".into())
    }

    /// Registers the client for this response type and no other.
    ///
    /// # Errors
    /// When registrations stay as they are at this stage's server.
    fn register_for(&mut self, response_type: ResponseType) -> Result<(), String> {
        Err(format!("no client is registered anew here, for {response_type} or otherwise"))
    }

    /// Fresh bytes.
    ///
    /// # Errors
    /// When there are none.
    fn entropy(&mut self) -> Result<Entropy, String>;

    /// Sends the browser to an address, and follows where it is led.
    ///
    /// # Errors
    /// When nothing is there.
    fn open(&mut self, address: &str) -> Result<Page, String>;

    /// Fills a login page in.
    ///
    /// # Errors
    /// When it is none, or nothing comes of it.
    fn log_in(&mut self, login: &Page) -> Result<Page, String>;

    /// Fills a consent page in.
    ///
    /// # Errors
    /// When it is none, or nothing comes of it.
    fn decide(&mut self, consent: &Page, decision: &Decision) -> Result<Page, String>;

    /// Calls the API, with whatever the provider wants beside the token.
    ///
    /// # Errors
    /// When no answer comes.
    fn call(&mut self, request: &ResourceRequest) -> Result<ApiAnswer, String>;
}

/// A page that the browser has loaded. Its address may hold a token, and its text anything, so `Debug` shows neither.
#[derive(Clone)]
#[allow(clippy::exhaustive_structs)] // made by whoever sets a stage
pub struct Page {
    /// What the address bar shows, the fragment included.
    pub address: HttpUri,
    /// The HTTP status.
    pub status: u16,
    /// The text of the page, for the stage itself.
    pub text: String,
    /// Whether there is a form on it.
    pub has_form: bool,
    /// How the browser got there.
    pub hops: Vec<Hop>,
}

/// One request of the browser, and where its answer led.
#[derive(Clone)]
#[allow(clippy::exhaustive_structs)] // as above
pub struct Hop {
    /// The request line, as in `GET /path HTTP/1.1`.
    pub request: String,
    /// The HTTP status of the answer.
    pub status: u16,
    /// The `Location` of the answer, which may hold a token.
    pub location: Option<String>,
}

/// What the API server answered.
#[derive(Clone, Debug)]
#[allow(clippy::exhaustive_structs)] // as above
pub struct ApiAnswer {
    /// The HTTP status.
    pub status: u16,
    /// The challenge, if the call was refused with one.
    pub challenge: Option<BearerChallenge>,
    /// The beginning of what it says, as it may be shown on a line.
    pub shown: String,
}

impl Page {
    /// Checks that there is a form on the page.
    fn expect_form(&self, what: &str) -> Result<(), String> {
        if self.has_form && self.status == 200 {
            return Ok(());
        }
        Err(format!("expected {what}, came status {} without a form", self.status))
    }
}

impl fmt::Debug for Page {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Page({}, status {})", self.address.origin(), self.status)
    }
}

impl fmt::Debug for Hop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hop(status {})", self.status)
    }
}

impl ApiAnswer {
    /// The challenge, if it is a refusal with this status and error.
    fn refusal(&self, status: u16, error: &ErrorCode) -> Result<&BearerChallenge, String> {
        let challenge = self.challenge.as_ref().filter(|challenge| challenge.error.as_ref() == Some(error));
        let challenge = challenge.filter(|_| self.status == status);
        challenge.ok_or_else(|| format!("expected {status} {error}, came status {}", self.status))
    }
}

/// What a tale is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Plot {
    /// Signing in, calling the API, renewing the token, and what happens when token and login session end.
    Whole,
    /// The resource owner says no.
    Denial,
    /// A renewal in a hidden frame, order by order: for a provider that has `prompt=none`.
    HiddenFrame,
    /// Something else goes wrong.
    Mishap(Mishap),
}

/// Tells a tale. What went wrong is in the result; what happened until then in the recording.
pub fn tell(stage: &mut impl Stage, plot: Plot) -> (Recording, Result<(), String>) {
    let mut tale = Tale { recording: Recording::new(stage.provider()) };
    let outcome = match plot {
        Plot::Whole => tale.whole(stage),
        Plot::Denial => tale.denial(stage),
        Plot::HiddenFrame => tale.hidden_frame(stage),
        Plot::Mishap(mishap) => tale.mishap(stage, mishap),
    };
    (tale.recording, outcome)
}
