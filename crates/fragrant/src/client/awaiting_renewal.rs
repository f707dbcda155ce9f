//! The renewal: the old token serves until the new one is there.

use super::authorized::Authorized;
use super::awaiting_response::{AwaitingResponse, Denied, Received};
use super::pending::{PendingAuthorization, Purpose};
use super::rejection::Rejection;
use crate::value::{PendingKey, Timestamp};

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
    pub const fn pending(&self) -> &PendingAuthorization {
        self.0.pending()
    }

    /// The key to store it under.
    pub fn key(&self) -> PendingKey {
        self.0.key()
    }

    /// Judges the address that came back, and puts the new token into the place of the old one if all is well.
    // req: RFC9700-4.17.2-4
    pub fn receive(self, authorized: &mut Authorized, address: &str, now: Timestamp) -> Renewed {
        let is_latest = authorized.is_latest_renewal(self.key());
        let kept = |reason, awaiting: Option<AwaitingResponse>| Renewed::Kept {
            reason,
            awaiting: awaiting.map(Self),
        };
        match self.0.receive(address, now) {
            Received::Authorized(_) | Received::Denied(_) if !is_latest => kept(KeptReason::Superseded, None),
            Received::Authorized(renewed) => match (authorized.user(), renewed.user()) {
                (Some(_), None) => kept(KeptReason::UserUnknown, None),
                (Some(old), Some(new)) if old != new => Renewed::OtherUser(renewed),
                _ => {
                    authorized.replace(renewed);
                    Renewed::Replaced
                }
            },
            Received::Denied(denied) => kept(KeptReason::Denied(denied), None),
            Received::Rejected { rejection, awaiting } => kept(KeptReason::Rejected(rejection), awaiting),
            Received::NotOurs(awaiting) => kept(KeptReason::NotOurs, Some(awaiting)),
        }
    }
}
