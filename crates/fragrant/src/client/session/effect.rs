//! What a session orders.

use alloc::boxed::Box;
use alloc::string::String;
use core::fmt;

use super::input::InputKind;
use super::names::{CallId, Timer};
use super::problem::Problem;
use crate::client::{PendingAuthorization, StoredToken};
use crate::message::{AuthorizationUrl, ResourceRequest};
use crate::value::{PendingKey, Scope};

/// Writes the effects with their words and whether they can fail.
macro_rules! effects {
    ($($(#[$doc:meta])* $variant:ident = $word:literal, $can_fail:literal, [$($answer:ident),*] $({ $($(#[$field_doc:meta])* $field:ident: $type:ty),* $(,)? })?;)*) => {
        /// An order. Carry it out and tell the session what came of it, if its documentation names an input.
        ///
        /// One that can fail is the last of its batch, so that nothing ordered before it has to be undone. `Debug` shows
        /// the kind alone: records and addresses hold states and tokens.
        ///
        /// What leaves the session as text is not wiped when it is dropped; whoever carries it out hands it to the user
        /// agent, which keeps copies of its own.
        #[derive(Clone, PartialEq, Eq)]
        #[non_exhaustive]
        #[must_use = "an effect is an order, and the session goes on as if it had been carried out"]
        pub enum Effect {
            $($(#[$doc])* $variant $({ $($(#[$field_doc])* $field: $type),* })?,)*
        }

        impl Effect {
            /// Which order it is, in a word.
            pub const fn as_str(&self) -> &'static str {
                match self { $(Self::$variant { .. } => $word,)* }
            }

            /// Whether carrying it out can fail.
            pub const fn can_fail(&self) -> bool {
                match self { $(Self::$variant { .. } => $can_fail,)* }
            }

            /// Which inputs tell what came of it, if any does.
            pub const fn answers(&self) -> &'static [InputKind] {
                match self { $(Self::$variant { .. } => &[$(InputKind::$answer),*],)* }
            }

            /// All of them in alphabetical order, for tables: the word, whether it can fail, what answers it.
            pub const TABLE: &'static [(&'static str, bool, &'static [InputKind])] =
                &[$(($word, $can_fail, &[$(InputKind::$answer),*]),)*];
        }
    };
}

effects! {
    /// Hand the API server's response, or the failure to get one, to whoever made the call. The last word about it.
    AnswerCall = "answer_call", false, [] {
        /// Which call.
        call: CallId,
    };
    /// Call the API. Answered by [`ApiResponded`](super::Input::ApiResponded) or
    /// [`ApiUnreachable`](super::Input::ApiUnreachable). Ordered a second time for a call, with the new token, when the
    /// old one was refused.
    CallApi = "call_api", false, [ApiResponded, ApiUnreachable] {
        /// Which call.
        call: CallId,
        /// The request, the token in it.
        request: Box<ResourceRequest>,
    };
    /// Remove the hidden frame.
    CloseFrame = "close_frame", false, [];
    /// Close the popup.
    ClosePopup = "close_popup", false, [];
    /// Draw fresh entropy. Answered by [`EntropyDrawn`](super::Input::EntropyDrawn) or
    /// [`EntropyFailed`](super::Input::EntropyFailed).
    DrawEntropy = "draw_entropy", true, [EntropyDrawn, EntropyFailed];
    /// Tell whoever made the call that it was not made. The last word about it.
    FailCall = "fail_call", false, [] {
        /// Which call.
        call: CallId,
        /// Why.
        problem: Box<Problem>,
    };
    /// Delete the record of a pending request, if it is there.
    ForgetPending = "forget_pending", false, [] {
        /// Under which key.
        key: PendingKey,
    };
    /// Delete the stored token. Answered by [`StorageFailed`](super::Input::StorageFailed) if it did not work, and by nothing
    /// if it did.
    ForgetToken = "forget_token", true, [StorageFailed];
    /// This page is the end of somebody else's sign-in: hand this text to the opener or the parent, at the page's own
    /// origin and no other, and start nothing.
    HandOver = "hand_over", false, [] {
        /// What the other page gets as [`MessageReceived`](super::Input::MessageReceived).
        text: String,
    };
    /// Look the stored token up. Answered by [`TokenLoaded`](super::Input::TokenLoaded) or
    /// [`StorageFailed`](super::Input::StorageFailed).
    LoadToken = "load_token", true, [TokenLoaded, StorageFailed];
    /// Send the popup to the authorization server.
    NavigatePopup = "navigate_popup", false, [MessageReceived, PopupClosed] {
        /// Where to.
        url: AuthorizationUrl,
    };
    /// Send this page's window to the authorization server. The page ends here.
    NavigateTo = "navigate_to", false, [] {
        /// Where to.
        url: AuthorizationUrl,
    };
    /// Open a hidden frame at the authorization server. Answered by a message from it, by
    /// [`FrameFailed`](super::Input::FrameFailed), or by the timer.
    OpenFrame = "open_frame", true, [MessageReceived, FrameFailed] {
        /// The request that it is for.
        key: PendingKey,
        /// Where.
        url: AuthorizationUrl,
    };
    /// Open an empty popup, while the user's click is still being handled. Answered by
    /// [`PopupOpened`](super::Input::PopupOpened) or [`PopupBlocked`](super::Input::PopupBlocked).
    OpenPopup = "open_popup", true, [PopupOpened, PopupBlocked];
    /// Give the lock back, if it is this tab's, or stop waiting for it.
    ReleaseLock = "release_lock", false, [];
    /// Put this address into the place of the current one, in the address bar and in the history, without loading it.
    ReplaceHistory = "replace_history", false, [] {
        /// The address without the answer.
        address: String,
    };
    /// Tell the application.
    Report = "report", false, [] {
        /// What.
        report: Box<Report>,
    };
    /// Start a timer, in the place of the one of this name that may be running.
    StartTimer = "start_timer", false, [TimerFired] {
        /// Which.
        timer: Timer,
        /// How long it runs, in **seconds**: never longer than a browser's timer can.
        seconds: u32,
    };
    /// Stop a timer.
    StopTimer = "stop_timer", false, [] {
        /// Which.
        timer: Timer,
    };
    /// Store the record of a pending request under its key. Answered by [`PendingStored`](super::Input::PendingStored)
    /// or [`StorageFailed`](super::Input::StorageFailed).
    StorePending = "store_pending", true, [PendingStored, StorageFailed] {
        /// The record.
        pending: Box<PendingAuthorization>,
    };
    /// Store the token, in the place of the one that is there. Answered by [`StorageFailed`](super::Input::StorageFailed)
    /// if it did not work, and by nothing if it did.
    StoreToken = "store_token", true, [StorageFailed] {
        /// The record.
        token: Box<StoredToken>,
    };
    /// Take the lock that the application's tabs share, if it is free. Answered by [`LockTaken`](super::Input::LockTaken)
    /// or [`LockRefused`](super::Input::LockRefused).
    TakeLock = "take_lock", true, [LockTaken, LockRefused] {
        /// How long it may be held at most, in **seconds**, where it has to end by itself when its holder is gone.
        seconds: u32,
    };
    /// Look the record of a pending request up and delete it, in one act. Answered by
    /// [`PendingTaken`](super::Input::PendingTaken) or [`StorageFailed`](super::Input::StorageFailed).
    TakePending = "take_pending", true, [PendingTaken, StorageFailed] {
        /// Under which key.
        key: PendingKey,
    };
    /// Tell the other tabs of the application, and nobody else: a token may be in it.
    TellTabs = "tell_tabs", false, [] {
        /// What they get as [`TabsSaid`](super::Input::TabsSaid).
        text: String,
    };
}

impl fmt::Debug for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Report { report } => f.debug_tuple("Effect(report)").field(report).finish(),
            Self::FailCall { call, problem } => {
                f.debug_tuple("Effect(fail_call)").field(call).field(problem).finish()
            }
            Self::StartTimer { timer, seconds } => {
                f.debug_tuple("Effect(start_timer)").field(timer).field(seconds).finish()
            }
            Self::StopTimer { timer } => f.debug_tuple("Effect(stop_timer)").field(timer).finish(),
            _ => write!(f, "Effect({})", self.as_str()),
        }
    }
}

/// What the application is told.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Report {
    /// Something went wrong or was ignored; whoever was signed in still is, and whoever was not still is not.
    Problem(Problem),
    /// A sign-in came to nothing, whatever helps; whoever was signed in before still is.
    SignInFailed(Problem),
    /// The user is signed in.
    SignedIn(SignedIn),
    /// Nobody is signed in any more.
    SignedOut(Problem),
    /// The token was renewed, here or in another tab.
    TokenRenewed(ScopeReport),
}

/// Who is signed in, and for what.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SignedIn {
    /// The key of the request that it answered, by which [`UserIdentified`](super::Input::UserIdentified) knows it. The
    /// same after a reload, and in every tab.
    pub sign_in: PendingKey,
    /// The user, if the profile knows a parameter that says so.
    pub user: Option<String>,
    /// What was granted.
    pub scope: ScopeReport,
    /// The caller's own text, as it was given with the sign-in. `None` if the token was found in the store.
    pub text: Option<String>,
}

impl fmt::Debug for SignedIn {
    /// Leaves out the user and the caller's text, which may be anything.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedIn")
            .field("sign_in", &self.sign_in)
            .field("scope", &self.scope)
            .finish_non_exhaustive()
    }
}

/// The scope as data: nothing is refused because a server granted something else than was asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ScopeReport {
    /// What was granted, if that is known.
    pub granted: Option<Scope>,
    /// What was asked for and not granted.
    pub missing: Option<Scope>,
    /// What was granted beyond what was asked for.
    pub extra: Option<Scope>,
}
