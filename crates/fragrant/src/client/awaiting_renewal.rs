//! The renewal: the old token serves until the new one is there.

use alloc::boxed::Box;

use super::authorized::Authorized;
use super::awaiting_response::{AwaitingResponse, Denied, Judged};
use super::begin::{BeginError, NotThisClients};
use super::checks;
use super::pending::{PendingAuthorization, Purpose};
use super::rejection::Rejection;
use crate::message::{AuthorizationRequest, AuthorizationUrl};
use crate::profile::Renewal;
use crate::value::{Entropy, PendingKey, Prompts, ResponseType, Timestamp};

/// A renewal whose user agent, or hidden frame, is at the authorization server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AwaitingRenewal(AwaitingResponse);

/// What became of a renewal.
#[must_use = "another user's token, or a renewal that still stands, may be in it"]
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums)] // the three things that a renewal can do to a token
#[allow(clippy::large_enum_variant)] // made once a renewal; a box would cost every reader more than the copy costs anybody
pub enum Renewed {
    /// The new token has taken the old one's place.
    Replaced,
    /// The old token stays.
    Kept {
        /// Why.
        reason: KeptReason,
        /// The renewal, unspent, if its answer may still come.
        awaiting: Option<AwaitingRenewal>,
    },
    /// Somebody else is logged in at the authorization server now. The old token stays; the new one is handed over apart,
    /// and is not to be used for the user of the old one.
    OtherUser(Authorized),
}

/// The same without the renewal. Whether that still stands is [the reason's](KeptReason::leaves_request) to say.
#[allow(clippy::large_enum_variant)] // made once a renewal
pub(super) enum JudgedRenewal {
    Kept(KeptReason),
    OtherUser(Box<Authorized>),
    Replaced,
}

/// Why a renewal left the old token in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeptReason {
    /// The server said no. [`ErrorCode::asks_for_interaction`](crate::value::ErrorCode::asks_for_interaction) tells
    /// whether asking the user can help.
    Denied(Denied),
    /// The answer is not believed.
    Rejected(Rejection),
    /// The address held no answer.
    NotOurs,
    /// The old token's answer named its user and the new one's does not, so nothing says that both are the same.
    UserUnknown,
    /// A later renewal has been begun, or has succeeded; this answer comes too late.
    Superseded,
}

impl Authorized {
    /// **Step 3, again.** Asks for a new token before this one ends. This one works on until the new one is there.
    ///
    /// Where the profile knows of silent renewal, the request has `prompt=none`: no page may be shown, and a hidden frame
    /// can carry it. Where it does not, the request is an ordinary one, inside the login session if that still lives.
    ///
    /// Only the answer to the latest renewal is taken; an earlier one that comes late changes nothing.
    ///
    /// # Errors
    /// As [`Client::begin`](super::Client::begin).
    pub fn renew(
        &mut self,
        entropy: Entropy,
        now: Timestamp,
    ) -> Result<(AuthorizationUrl, AwaitingRenewal), BeginError> {
        let (url, awaiting) = self.client().begin(self.renewal_request(), entropy, now)?;
        self.await_renewal(awaiting.key());
        Ok((url, AwaitingRenewal::new(awaiting)))
    }

    /// What a renewal asks for.
    pub(super) fn renewal_request(&self) -> AuthorizationRequest {
        let mut request = self.client().authorization_request();
        // What was granted, not what was once asked for: asking for more again would need a page.
        request.scope = self.scope().or(self.requested_scope()).cloned();
        if self.id_token().is_some() {
            request.response_type = ResponseType::ID_TOKEN_TOKEN;
        }
        if self.client().profile().renewal == Renewal::Silent {
            request.prompt = Some(Prompts::none());
        }
        request
    }

    /// Takes a stored renewal up again: a renewal by redirect outlives the page that began it, as a login does.
    ///
    /// # Errors
    /// [`NotThisClients`] hands the record back when it was made by a client with other facts.
    pub fn resume_renewal(
        &mut self,
        pending: PendingAuthorization,
    ) -> Result<AwaitingRenewal, NotThisClients> {
        let awaiting = self.client().resume(pending)?;
        self.await_renewal(awaiting.key());
        Ok(AwaitingRenewal::new(awaiting))
    }
}

impl AwaitingRenewal {
    pub(super) const fn new(awaiting: AwaitingResponse) -> Self {
        Self(awaiting)
    }

    /// Says what window the answer comes to.
    #[must_use]
    pub fn with_purpose(self, purpose: Purpose) -> Self {
        Self(self.0.with_purpose(purpose))
    }

    /// The record to store before the user agent leaves.
    pub fn pending(&self) -> &PendingAuthorization {
        self.0.pending()
    }

    /// The key to store it under.
    pub fn key(&self) -> PendingKey {
        self.0.key()
    }

    /// Judges the address that came back, and puts the new token into the place of the old one if all is well.
    pub fn receive(self, authorized: &mut Authorized, address: &str, now: Timestamp) -> Renewed {
        match authorized.judge_renewal(&self.0, address, now) {
            JudgedRenewal::OtherUser(other) => Renewed::OtherUser(*other),
            JudgedRenewal::Replaced => Renewed::Replaced,
            JudgedRenewal::Kept(reason) => {
                let awaiting = reason.leaves_request().then_some(self);
                Renewed::Kept { reason, awaiting }
            }
        }
    }
}

impl Authorized {
    /// The same, and the renewal stays where it is.
    pub(super) fn judge_renewal(
        &mut self,
        awaiting: &AwaitingResponse,
        address: &str,
        now: Timestamp,
    ) -> JudgedRenewal {
        let is_latest = self.is_latest_renewal(awaiting.key());
        match awaiting.judge(address, now) {
            Judged::Authorized(_) | Judged::Denied(_) if !is_latest => {
                JudgedRenewal::Kept(KeptReason::Superseded)
            }
            // req: OIDCSESS-3.1-3
            Judged::Authorized(renewed) => match checks::is_same_user(self.user(), renewed.user()) {
                None => JudgedRenewal::Kept(KeptReason::UserUnknown),
                Some(false) => JudgedRenewal::OtherUser(renewed),
                Some(true) => {
                    self.replace(*renewed);
                    JudgedRenewal::Replaced
                }
            },
            Judged::Denied(denied) => JudgedRenewal::Kept(KeptReason::Denied(denied)),
            Judged::NotOurs => JudgedRenewal::Kept(KeptReason::NotOurs),
            Judged::Rejected(rejection) => JudgedRenewal::Kept(KeptReason::Rejected(rejection)),
        }
    }
}

impl KeptReason {
    /// Whether the answer may still come.
    pub(super) const fn leaves_request(&self) -> bool {
        match self {
            Self::NotOurs => true,
            Self::Rejected(rejection) => !rejection.reason.is_after_state_matched(),
            Self::Denied(_) | Self::Superseded | Self::UserUnknown => false,
        }
    }
}
