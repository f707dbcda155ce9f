//! What a session is told: facts, in the past tense.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::names::{CallId, Timer};
use crate::client::Purpose;
use crate::client::window::{Source, Window};
use crate::message::AuthorizationRequest;
use crate::value::{Entropy, PendingKey};

/// Writes the inputs with their words.
macro_rules! inputs {
    ($($(#[$doc:meta])* $variant:ident = $word:literal $({ $($(#[$field_doc:meta])* $field:ident: $type:ty),* $(,)? })?;)*) => {
        /// Something that has happened. Whoever drives a session copies what it saw in here and judges nothing.
        ///
        /// `Debug` shows the kind alone: addresses, records and messages hold states and tokens.
        #[non_exhaustive]
        pub enum Input {
            $($(#[$doc])* $variant $({ $($(#[$field_doc])* $field: $type),* })?,)*
        }

        /// The kinds of input, without what they hold.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum InputKind {
            $($(#[$doc])* $variant,)*
        }

        impl Input {
            /// Which kind it is.
            pub const fn kind(&self) -> InputKind {
                match self { $(Self::$variant { .. } => InputKind::$variant,)* }
            }
        }

        impl InputKind {
            /// Whether it is something that the application asks for: if it is not taken, somebody has to be told.
            pub const fn is_request(self) -> bool {
                matches!(self, Self::ApiRequested | Self::SignInRequested | Self::SignOutRequested)
            }

            /// All of them, in alphabetical order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The kind as the tables show it.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }
        }
    };
}

inputs! {
    /// The application wants to call the API. If it is not taken, because nobody is signed in or the call cannot be made,
    /// the error is the last word about the call: hand it to whoever made it.
    ApiRequested = "api_requested" {
        /// By which name the call's outcome is told.
        call: CallId,
        /// The HTTP method.
        method: String,
        /// The address, at a listed origin.
        address: String,
    };
    /// The API server has answered a call.
    ApiResponded = "api_responded" {
        /// Which call.
        call: CallId,
        /// The HTTP status.
        status: u16,
        /// The values of its `WWW-Authenticate` headers.
        challenges: Vec<String>,
    };
    /// A call got no answer: the network failed, or CORS refused to show it.
    ApiUnreachable = "api_unreachable" {
        /// Which call.
        call: CallId,
    };
    /// The application knows that no cookies reach the authorization server in a frame.
    CookiesBlocked = "cookies_blocked";
    /// Fresh entropy, as [`DrawEntropy`](super::Effect::DrawEntropy) has ordered.
    EntropyDrawn = "entropy_drawn" {
        /// The bytes.
        entropy: Entropy,
    };
    /// No entropy is to be had.
    EntropyFailed = "entropy_failed";
    /// The hidden frame could not be made, or was refused.
    FrameFailed = "frame_failed" {
        /// The request that it was opened for.
        key: PendingKey,
    };
    /// Another tab holds the lock.
    LockRefused = "lock_refused";
    /// The lock is this tab's.
    LockTaken = "lock_taken";
    /// A message came from another window, or over a channel that the tabs share.
    MessageReceived = "message_received" {
        /// The origin that sent it, as the user agent says.
        origin: String,
        /// The window that sent it.
        source: Source,
        /// What it says.
        data: String,
    };
    /// The page, or the native application, got an address: at its start, or when an answer was handed to it.
    PageLoaded = "page_loaded" {
        /// The whole address, its fragment included.
        address: String,
        /// What window the page is in.
        window: Window,
    };
    /// The record of a pending request is in the store.
    PendingStored = "pending_stored" {
        /// Under which key.
        key: PendingKey,
    };
    /// The record of a pending request was looked up and deleted, in one act.
    PendingTaken = "pending_taken" {
        /// Under which key.
        key: PendingKey,
        /// The record; `None` if there was none.
        record: Option<String>,
    };
    /// The user agent did not open the popup.
    PopupBlocked = "popup_blocked";
    /// The popup seems to be closed. Where a page has cut itself off from its opener this is said at once, so it proves
    /// nothing.
    PopupClosed = "popup_closed";
    /// The popup is open, still empty.
    PopupOpened = "popup_opened";
    /// The user wants to sign in. If it is not taken, because a page is just finding out what it brings, tell the user.
    SignInRequested = "sign_in_requested" {
        /// In what window. A popup must be opened while the user's click is being handled.
        purpose: Purpose,
        /// What to ask for: [`Client::authorization_request`](crate::client::Client::authorization_request), filled in.
        request: Box<AuthorizationRequest>,
        /// The caller's own text, given back with the sign-in.
        text: Option<String>,
    };
    /// The user wants to sign out.
    SignOutRequested = "sign_out_requested";
    /// An order to the store was not carried out.
    StorageFailed = "storage_failed" {
        /// Which record it was about.
        record: Record,
    };
    /// Another tab of the application has said something.
    TabsSaid = "tabs_said" {
        /// What, as [`TellTabs`](super::Effect::TellTabs) had it.
        text: String,
    };
    /// A timer has run out. If it comes too early, the rest of it is waited for.
    TimerFired = "timer_fired" {
        /// Which.
        timer: Timer,
    };
    /// The stored token was looked up.
    TokenLoaded = "token_loaded" {
        /// The record; `None` if there was none.
        record: Option<String>,
    };
    /// The caller knows which user has signed in: from a verified ID token, or from the API.
    UserIdentified = "user_identified" {
        /// Which sign-in it was, as [`SignedIn`](super::SignedIn) says: what is found out about an earlier one comes too late.
        sign_in: PendingKey,
        /// Any text that tells users apart.
        user: String,
    };
}

impl fmt::Debug for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Input({})", self.kind().as_str())
    }
}

impl fmt::Display for InputKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A record in the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(clippy::exhaustive_enums)] // the two kinds of record that a client keeps
pub enum Record {
    /// That of a pending request, under its key.
    Pending(PendingKey),
    /// The token.
    Token,
}
