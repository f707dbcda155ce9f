//! Where a session stands.

use core::fmt;

/// Where a session stands: the states of its machine, without what they hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(clippy::exhaustive_enums)] // the tables list them all; a new one is a new version
pub enum Phase {
    /// A page has loaded, and what it brings is being found out.
    Arriving(Arriving),
    /// A sign-in came to nothing. Another may be tried.
    Failed,
    /// The page was the end of another page's sign-in. It does nothing more.
    HandedOver,
    /// A token is there.
    SignedIn(SignedInPhase),
    /// Nobody is signed in, and nothing is under way.
    SignedOut,
    /// The user is on the way to a token.
    SigningIn(Step),
}

/// What is waited for after a page has loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(clippy::exhaustive_enums)] // as above
pub enum Arriving {
    /// The stored token.
    LoadingToken,
    /// The store, which gets a record back that was taken out in vain.
    ReturningPending,
    /// The record of the request that an answer came for.
    TakingPending,
}

/// What becomes of a token while it is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(clippy::exhaustive_enums)] // as above
pub enum SignedInPhase {
    /// It is to be renewed, and that is being prepared or has failed. It serves on.
    Expiring(Expiring),
    /// Nothing is to be done.
    Fresh,
    /// A new one is being asked for, without the user. The old one serves on.
    Renewing(Step),
    /// The user is on the way to another one, for more scope or as somebody else. The old one serves on.
    SigningInAgain(Step),
}

/// What holds up a renewal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(clippy::exhaustive_enums)] // as above
pub enum Expiring {
    /// The other tabs, of which one may have a new token already.
    AskingTabs,
    /// The user, or the next attempt.
    Stale,
    /// The lock, which one tab holds at a time.
    TakingLock,
}

/// How far a request has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(clippy::exhaustive_enums)] // as above
pub enum Step {
    /// It is at the authorization server.
    AwaitingResponse,
    /// The answer has come to the page that asked; its record is being taken out of the store.
    ClaimingPending,
    /// It waits for entropy.
    DrawingEntropy,
    /// It waits for its popup.
    OpeningPopup,
    /// Its record is being stored.
    StoringPending,
}

impl Phase {
    /// All of them.
    pub const ALL: &'static [Self] = &[
        Self::SignedOut,
        Self::Arriving(Arriving::TakingPending),
        Self::Arriving(Arriving::ReturningPending),
        Self::Arriving(Arriving::LoadingToken),
        Self::HandedOver,
        Self::SigningIn(Step::OpeningPopup),
        Self::SigningIn(Step::DrawingEntropy),
        Self::SigningIn(Step::StoringPending),
        Self::SigningIn(Step::AwaitingResponse),
        Self::SigningIn(Step::ClaimingPending),
        Self::Failed,
        Self::SignedIn(SignedInPhase::Fresh),
        Self::SignedIn(SignedInPhase::Expiring(Expiring::TakingLock)),
        Self::SignedIn(SignedInPhase::Expiring(Expiring::AskingTabs)),
        Self::SignedIn(SignedInPhase::Expiring(Expiring::Stale)),
        Self::SignedIn(SignedInPhase::Renewing(Step::DrawingEntropy)),
        Self::SignedIn(SignedInPhase::Renewing(Step::StoringPending)),
        Self::SignedIn(SignedInPhase::Renewing(Step::AwaitingResponse)),
        Self::SignedIn(SignedInPhase::SigningInAgain(Step::OpeningPopup)),
        Self::SignedIn(SignedInPhase::SigningInAgain(Step::DrawingEntropy)),
        Self::SignedIn(SignedInPhase::SigningInAgain(Step::StoringPending)),
        Self::SignedIn(SignedInPhase::SigningInAgain(Step::AwaitingResponse)),
        Self::SignedIn(SignedInPhase::SigningInAgain(Step::ClaimingPending)),
    ];

    /// Whether a token is there.
    pub const fn is_signed_in(self) -> bool {
        matches!(self, Self::SignedIn(_))
    }

    /// What is waited for, in a few words.
    pub const fn explanation(self) -> &'static str {
        match self {
            Self::Arriving(Arriving::LoadingToken) => "the stored token",
            Self::Arriving(Arriving::ReturningPending) => {
                "the store, which gets a record back that was taken out in vain"
            }
            Self::Arriving(Arriving::TakingPending) => "the record of the request that an answer came for",
            Self::Failed => "the user: a sign-in came to nothing, and another may be tried",
            Self::HandedOver => "nothing: the page was the end of another page's sign-in",
            Self::SignedIn(SignedInPhase::Expiring(Expiring::AskingTabs)) => {
                "the other tabs, one of which may have a newer token"
            }
            Self::SignedIn(SignedInPhase::Expiring(Expiring::Stale)) => {
                "the user, or the next attempt; the token serves while it lasts"
            }
            Self::SignedIn(SignedInPhase::Expiring(Expiring::TakingLock)) => {
                "the lock that one tab holds at a time"
            }
            Self::SignedIn(SignedInPhase::Fresh) => "the moment at which the token is to be renewed",
            Self::SignedIn(SignedInPhase::Renewing(step) | SignedInPhase::SigningInAgain(step))
            | Self::SigningIn(step) => step.explanation(),
            Self::SignedOut => "the user, or a page with an answer",
        }
    }

    /// The phase with those that it stands in, from the outermost, as the tables and the chart show it.
    pub const fn path(self) -> &'static [&'static str] {
        match self {
            Self::SignedOut => &["signed_out"],
            Self::HandedOver => &["handed_over"],
            Self::Failed => &["failed"],
            Self::Arriving(Arriving::LoadingToken) => &["arriving", "loading_token"],
            Self::Arriving(Arriving::ReturningPending) => &["arriving", "returning_pending"],
            Self::Arriving(Arriving::TakingPending) => &["arriving", "taking_pending"],
            Self::SigningIn(Step::AwaitingResponse) => &["signing_in", "awaiting_response"],
            Self::SigningIn(Step::ClaimingPending) => &["signing_in", "claiming_pending"],
            Self::SigningIn(Step::DrawingEntropy) => &["signing_in", "drawing_entropy"],
            Self::SigningIn(Step::OpeningPopup) => &["signing_in", "opening_popup"],
            Self::SigningIn(Step::StoringPending) => &["signing_in", "storing_pending"],
            Self::SignedIn(SignedInPhase::Fresh) => &["signed_in", "fresh"],
            Self::SignedIn(SignedInPhase::Expiring(Expiring::AskingTabs)) => {
                &["signed_in", "expiring", "asking_tabs"]
            }
            Self::SignedIn(SignedInPhase::Expiring(Expiring::Stale)) => &["signed_in", "expiring", "stale"],
            Self::SignedIn(SignedInPhase::Expiring(Expiring::TakingLock)) => {
                &["signed_in", "expiring", "taking_lock"]
            }
            Self::SignedIn(SignedInPhase::Renewing(Step::AwaitingResponse)) => {
                &["signed_in", "renewing", "awaiting_response"]
            }
            Self::SignedIn(SignedInPhase::Renewing(Step::ClaimingPending)) => {
                &["signed_in", "renewing", "claiming_pending"]
            }
            Self::SignedIn(SignedInPhase::Renewing(Step::DrawingEntropy)) => {
                &["signed_in", "renewing", "drawing_entropy"]
            }
            Self::SignedIn(SignedInPhase::Renewing(Step::OpeningPopup)) => {
                &["signed_in", "renewing", "opening_popup"]
            }
            Self::SignedIn(SignedInPhase::Renewing(Step::StoringPending)) => {
                &["signed_in", "renewing", "storing_pending"]
            }
            Self::SignedIn(SignedInPhase::SigningInAgain(Step::AwaitingResponse)) => {
                &["signed_in", "signing_in_again", "awaiting_response"]
            }
            Self::SignedIn(SignedInPhase::SigningInAgain(Step::ClaimingPending)) => {
                &["signed_in", "signing_in_again", "claiming_pending"]
            }
            Self::SignedIn(SignedInPhase::SigningInAgain(Step::DrawingEntropy)) => {
                &["signed_in", "signing_in_again", "drawing_entropy"]
            }
            Self::SignedIn(SignedInPhase::SigningInAgain(Step::OpeningPopup)) => {
                &["signed_in", "signing_in_again", "opening_popup"]
            }
            Self::SignedIn(SignedInPhase::SigningInAgain(Step::StoringPending)) => {
                &["signed_in", "signing_in_again", "storing_pending"]
            }
        }
    }
}

impl Step {
    const fn explanation(self) -> &'static str {
        match self {
            Self::AwaitingResponse => "the authorization server's answer",
            Self::ClaimingPending => "the record of the request, which is used up with its answer",
            Self::DrawingEntropy => "fresh entropy for the request",
            Self::OpeningPopup => "the popup, which is opened while the user's click is being handled",
            Self::StoringPending => "the store, which gets the record of the request",
        }
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path().join("."))
    }
}
