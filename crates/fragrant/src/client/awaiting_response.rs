//! Step 3: the user agent has left and will come back.

use alloc::boxed::Box;
use alloc::string::String;
use core::fmt;

use super::authorized::Authorized;
use super::client_facts::Client;
use super::pending::{PendingAuthorization, Purpose};
use super::rejection::Reason;
use super::rejection::Rejection;
use super::rules::{self, Channel, Granted, Note, SuccessResponse, Verdict};
use crate::message::ErrorResponse;
use crate::spec::ResponseParameter;
use crate::value::{PendingKey, Timestamp};
use crate::wire::Redirect;

/// A client whose user agent is at the authorization server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AwaitingResponse {
    client: Box<Client>,
    pending: Box<PendingAuthorization>,
}

/// What an address that came back turned out to be.
#[must_use = "a token, or a request that still stands, is in it"]
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums)] // complete: the four verdicts of the rules
#[allow(clippy::large_enum_variant)] // made once a login; a box would cost every reader more than the copy costs anybody
pub enum Received {
    /// A token: the client is authorized. The request is spent.
    Authorized(Authorized),
    /// The server said no. The request is spent.
    Denied(Denied),
    /// An answer that is not believed.
    Rejected {
        /// Why.
        rejection: Rejection,
        /// The request, unspent, if the state had not matched by then: anybody can send such an answer, and it must not
        /// end a login. Store its record again.
        awaiting: Option<AwaitingResponse>,
    },
    /// No answer at all: the address is the application's own business, and the request stands.
    NotOurs(AwaitingResponse),
}

/// The same without the request. Whether a rejection leaves that standing is
/// [its reason's](Reason::is_after_state_matched) to say.
#[allow(clippy::large_enum_variant)] // made once a login
pub(super) enum Judged {
    Authorized(Box<Authorized>),
    Denied(Denied),
    NotOurs,
    Rejected(Rejection),
}

/// The server's no. `Debug` leaves out the caller's text, which may be anything.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Denied {
    /// What it says.
    pub response: ErrorResponse,
    /// Where it stood: in the fragment, or where it does not belong.
    pub channel: Channel,
    /// What was left aside.
    pub notes: alloc::vec::Vec<Note>,
    /// The caller's own text from the pending request.
    pub text: Option<String>,
}

impl fmt::Debug for Denied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Denied")
            .field("response", &self.response)
            .field("channel", &self.channel)
            .field("notes", &self.notes)
            .field("has_text", &self.text.is_some())
            .finish()
    }
}

impl AwaitingResponse {
    pub(super) const fn new(client: Box<Client>, pending: Box<PendingAuthorization>) -> Self {
        Self { client, pending }
    }

    /// Says what window the answer comes to.
    #[must_use]
    pub fn with_purpose(mut self, purpose: Purpose) -> Self {
        self.pending.purpose = purpose;
        self
    }

    /// Keeps a text of the caller's with the request, such as the page to return to. Look such a page up from what you
    /// keep here; never take it from the address that came back.
    #[must_use]
    // req: RFC9700-4.7.1-1
    pub fn remember(mut self, text: impl Into<String>) -> Self {
        // An empty field would count as absent when the record is read back.
        self.pending.text = Some(text.into()).filter(|text| !text.is_empty());
        self
    }

    /// The record to store before the user agent leaves.
    pub fn pending(&self) -> &PendingAuthorization {
        &self.pending
    }

    /// The key to store it under.
    pub fn key(&self) -> PendingKey {
        self.pending.key()
    }

    /// The record, to be stored again.
    pub fn into_pending(self) -> PendingAuthorization {
        *self.into_record()
    }

    /// The same where it stands.
    pub(super) fn into_record(self) -> Box<PendingAuthorization> {
        self.pending
    }

    /// The client that asked.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// **Step 3.** Judges the address that the user agent came back to.
    ///
    /// Nothing is left to the caller but to match on the result: a request is spent exactly when it is not in it any more.
    pub fn receive(self, address: &str, now: Timestamp) -> Received {
        match self.judge(address, now) {
            Judged::Authorized(authorized) => Received::Authorized(*authorized),
            Judged::Denied(denied) => Received::Denied(denied),
            Judged::NotOurs => Received::NotOurs(self),
            Judged::Rejected(rejection) => {
                let awaiting = (!rejection.reason.is_after_state_matched()).then_some(self);
                Received::Rejected { rejection, awaiting }
            }
        }
    }

    /// The same, and the request stays where it is.
    pub(super) fn judge(&self, address: &str, now: Timestamp) -> Judged {
        let expected = self.pending.expected(self.client.profile());
        match rules::judge(&expected, &Redirect::split(address), now) {
            Verdict::TokenGranted(granted) => self.granted(granted, address.len(), now),
            Verdict::ErrorReturned(returned) => Judged::Denied(Denied {
                response: returned.response,
                channel: returned.channel,
                notes: returned.notes,
                text: self.pending.text.clone(),
            }),
            Verdict::ResponseRejected(rejection) => Judged::Rejected(rejection),
            Verdict::NotOurs(_) => Judged::NotOurs,
        }
    }

    fn granted(&self, granted: Granted, end: usize, now: Timestamp) -> Judged {
        match granted.response {
            SuccessResponse::AccessToken(response) => {
                let (client, pending) = (self.client.clone(), &*self.pending);
                let authorized =
                    Authorized::new(client, pending, response, granted.scope, granted.notes, now);
                Judged::Authorized(Box::new(authorized))
            }
            // Only a stored record can ask for an ID token alone; `begin` does not. Whoever wants to be authorized has
            // no use for it.
            SuccessResponse::IdToken(_) => Judged::Rejected(Rejection::at(
                Reason::AccessTokenMissing,
                ResponseParameter::AccessToken,
                end,
            )),
        }
    }
}
