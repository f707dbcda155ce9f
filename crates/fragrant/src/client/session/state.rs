//! The states of the machine: each owns just what it waits with. The token is not among it: it belongs to the superstate
//! that all states with a token share, and the machine drops it on the way out of there.

use alloc::boxed::Box;
use alloc::string::String;

use zeroize::Zeroizing;

use super::phase::{Arriving, Expiring, Phase, SignedInPhase, Step};
use crate::client::window::Window;
use crate::client::{AwaitingResponse, Purpose};
use crate::message::{AuthorizationRequest, AuthorizationUrl};
use crate::value::PendingKey;

/// What is large stands in a box: each input moves a state or two.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum State {
    AskingTabs,
    /// A request is on its way. What for decides which superstate it stands in.
    AwaitingResponse(Goal, AwaitingResponse),
    /// The answer has come to the page that made the request; its record is still to be used up.
    ClaimingPending(Goal, AwaitingResponse, Zeroizing<String>),
    DrawingEntropy(Goal, Box<Wish>),
    Failed,
    Fresh,
    HandedOver,
    LoadingToken(Otherwise),
    OpeningPopup(Goal, Box<Wish>),
    ReturningPending(PendingKey, Otherwise),
    SignedOut,
    Stale,
    StoringPending(Goal, AwaitingResponse, AuthorizationUrl),
    TakingLock {
        refused: u32,
    },
    TakingPending(Box<Arrived>),
}

/// An address with an answer, and what it came to.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Arrived {
    pub(super) key: PendingKey,
    pub(super) address: Zeroizing<String>,
    pub(super) window: Window,
}

/// What a request is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Goal {
    /// The session's own: a token in the place of the one that is there.
    Renewal,
    /// The user's: a first token.
    SignIn,
    /// The user's, who has a token already: for more scope, or as somebody else.
    SignInAgain,
}

/// What to be where no token turns up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Otherwise {
    Failed,
    SignedOut,
}

/// A request that is still to be made.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Wish {
    pub(super) purpose: Purpose,
    pub(super) request: Box<AuthorizationRequest>,
    pub(super) text: Option<String>,
}

impl State {
    pub(super) const fn phase(&self) -> Phase {
        match self {
            Self::AskingTabs => Phase::SignedIn(SignedInPhase::Expiring(Expiring::AskingTabs)),
            Self::AwaitingResponse(goal, _) => goal.phase(Step::AwaitingResponse),
            Self::ClaimingPending(goal, ..) => goal.phase(Step::ClaimingPending),
            Self::DrawingEntropy(goal, _) => goal.phase(Step::DrawingEntropy),
            Self::Failed => Phase::Failed,
            Self::Fresh => Phase::SignedIn(SignedInPhase::Fresh),
            Self::HandedOver => Phase::HandedOver,
            Self::LoadingToken(_) => Phase::Arriving(Arriving::LoadingToken),
            Self::OpeningPopup(goal, _) => goal.phase(Step::OpeningPopup),
            Self::ReturningPending(..) => Phase::Arriving(Arriving::ReturningPending),
            Self::SignedOut => Phase::SignedOut,
            Self::Stale => Phase::SignedIn(SignedInPhase::Expiring(Expiring::Stale)),
            Self::StoringPending(goal, ..) => goal.phase(Step::StoringPending),
            Self::TakingLock { .. } => Phase::SignedIn(SignedInPhase::Expiring(Expiring::TakingLock)),
            Self::TakingPending(_) => Phase::Arriving(Arriving::TakingPending),
        }
    }
}

impl State {
    /// What the request that is under way is for.
    pub(super) const fn goal(&self) -> Option<Goal> {
        match self {
            Self::AwaitingResponse(goal, _)
            | Self::ClaimingPending(goal, ..)
            | Self::DrawingEntropy(goal, _)
            | Self::OpeningPopup(goal, _)
            | Self::StoringPending(goal, ..) => Some(*goal),
            _ => None,
        }
    }
}

impl Goal {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Renewal => "renewal",
            Self::SignIn => "sign_in",
            Self::SignInAgain => "sign_in_again",
        }
    }

    const fn phase(self, step: Step) -> Phase {
        match self {
            Self::SignIn => Phase::SigningIn(step),
            Self::Renewal => Phase::SignedIn(SignedInPhase::Renewing(step)),
            Self::SignInAgain => Phase::SignedIn(SignedInPhase::SigningInAgain(step)),
        }
    }
}

impl Otherwise {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Failed => "failed",
            Self::SignedOut => "signed_out",
        }
    }
}

impl From<Otherwise> for State {
    fn from(otherwise: Otherwise) -> Self {
        match otherwise {
            Otherwise::Failed => Self::Failed,
            Otherwise::SignedOut => Self::SignedOut,
        }
    }
}
