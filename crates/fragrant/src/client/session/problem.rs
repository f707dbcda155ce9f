//! What can go wrong with a session, and what to do about it.

use core::fmt;

use crate::client::{Denied, Reason, Rejection};
use crate::text;
use crate::value::ErrorCode;

/// What went wrong, with what is known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Problem {
    /// What, as the table has it.
    pub cause: Cause,
    /// What the authorization server said, if it was that.
    pub denied: Option<Denied>,
    /// Why the answer is not believed, if it was that.
    pub rejection: Option<Rejection>,
}

/// What helps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(clippy::exhaustive_enums)] // complete: what can be done without, with and after a user
pub enum NextAction {
    /// Show the user what is wrong and offer to sign in: only a page of the authorization server, or another setting of
    /// the user agent, helps.
    AskUser,
    /// Nothing: it is told for the record.
    Ignore,
    /// Wait. A renewal is tried again by the session itself, each time later, and after a few times only when the API is
    /// called; a sign-in is for the user to try again.
    RetryAfter,
    /// Nobody is signed in any more: show the page that says so.
    SignOut,
}

impl NextAction {
    /// The action as the tables show it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AskUser => "ask the user",
            Self::Ignore => "ignore",
            Self::RetryAfter => "retry after",
            Self::SignOut => "sign out",
        }
    }
}

/// Writes the causes with their words, what helps, their explanations and their sources.
macro_rules! causes {
    ($($(#[$doc:meta])* $variant:ident = $word:literal, $next:ident, $explanation:literal, $citation:literal;)*) => {
        /// What went wrong. Open: more may come.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Cause {
            $($(#[$doc])* $variant,)*
        }

        impl Cause {
            /// All of them, in alphabetical order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The one word by which programs know it.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }

            /// What helps.
            pub const fn next_action(self) -> NextAction {
                match self { $(Self::$variant => NextAction::$next,)* }
            }

            /// What is wrong, in a sentence without its full stop.
            pub const fn explanation(self) -> &'static str {
                match self { $(Self::$variant => $explanation,)* }
            }

            /// Where the rule stands.
            pub const fn citation(self) -> &'static str {
                match self { $(Self::$variant => $citation,)* }
            }
        }
    };
}

causes! {
    /// The resource owner, or the server, said no.
    AccessDenied = "access_denied", AskUser,
        "the resource owner or the authorization server denied the request", "RFC 6749 section 4.2.2.1";
    /// The user has more than one account there and must choose.
    AccountSelectionRequired = "account_selection_required", AskUser,
        "the authorization server wants the user to choose an account", "OpenID Connect Core 1.0 section 3.1.2.6";
    /// Somebody has signed in anew in another tab.
    AnotherSignIn = "another_sign_in", AskUser,
        "the user has signed in anew, perhaps as somebody else, and what waited for a token was not done with the new one",
        "Profile::user_parameter";
    /// An unsound answer: the request's own, or one that says so.
    AnswerRejected = "answer_rejected", AskUser,
        "an answer came that is not sound", "RFC 6749 section 4.2.2";
    /// The clock was set back.
    ClockWentBack = "clock_went_back", Ignore,
        "the clock was set back; the moments that were measured by it have been moved along", "Settings::clock_skew";
    /// The server wants the user's consent.
    ConsentRequired = "consent_required", AskUser,
        "the authorization server wants the user's consent", "OpenID Connect Core 1.0 section 3.1.2.6";
    /// No cookies reach the server in a frame.
    CookiesBlocked = "cookies_blocked", AskUser,
        "the user agent keeps the login session's cookies from a hidden frame, so no token can be had in one",
        "OpenID Connect Core 1.0 section 3.1.2.6";
    /// There are no random numbers.
    EntropyFailed = "entropy_failed", AskUser,
        "the system gave no random numbers, and without them no request can be told from another", "RFC 6749 section 10.10";
    /// The frame was not made, or not filled.
    FrameRefused = "frame_refused", AskUser,
        "the hidden frame could not be opened, or the authorization server refuses to be framed", "RFC 9700 section 4.16";
    /// The server wants to show a page.
    InteractionRequired = "interaction_required", AskUser,
        "the authorization server wants to show the user a page", "OpenID Connect Core 1.0 section 3.1.2.6";
    /// Nobody is logged in at the server.
    LoginRequired = "login_required", AskUser,
        "nobody is logged in at the authorization server", "OpenID Connect Core 1.0 section 3.1.2.6";
    /// The answer belongs to no request.
    NoPendingRequest = "no_pending_request", Ignore,
        "no request waits for this answer: it was answered before, has been forgotten, or was never made here",
        "RFC 6749 section 10.12";
    /// Another user's token came.
    OtherUser = "other_user", SignOut,
        "another user is logged in at the authorization server now", "OpenID Connect Core 1.0 section 3.1.2.6";
    /// The popup was not opened.
    PopupBlocked = "popup_blocked", AskUser,
        "the user agent did not open the popup; open it while a click is being handled", "HTML section 6.4.1";
    /// The popup seems to be closed.
    PopupClosed = "popup_closed", Ignore,
        "the popup seems to be closed; its answer is still taken", "HTML section 7.1.3";
    /// Renewing takes a page.
    RenewalNeedsPage = "renewal_needs_page", AskUser,
        "this provider documents no renewal without a page, so the user agent has to go there again", "Profile::renewal";
    /// The answer came too late.
    RequestExpired = "request_expired", AskUser,
        "the answer came after the pending request had ended", "RFC 6749 section 10.12";
    /// The server is not able to answer now.
    ServerBusy = "server_busy", RetryAfter,
        "the authorization server cannot answer at present", "RFC 6749 section 4.2.2.1";
    /// The server refused for another reason.
    ServerRefused = "server_refused", AskUser,
        "the authorization server refused the request", "RFC 6749 section 4.2.2.1";
    /// Another tab signed out.
    SignedOutElsewhere = "signed_out_elsewhere", SignOut,
        "the user signed out in another tab", "RFC 6749 section 10.3";
    /// A state that is not the request's.
    StateMismatch = "state_mismatch", Ignore,
        "an answer came whose state is not the request's, or that has none; the request still stands",
        "RFC 6749 section 10.12";
    /// The store did not do what it was told.
    StorageFailed = "storage_failed", AskUser,
        "the user agent's storage could not be used", "HTML section 12.2";
    /// No answer came in time.
    TimedOut = "timed_out", RetryAfter,
        "no answer came in time: the authorization server refuses to be framed, or the network is slow",
        "Settings::answer_timeout";
    /// The token has ended.
    TokenEnded = "token_ended", AskUser,
        "the token has ended and could not be renewed without the user", "RFC 6749 section 4.2.2";
    /// The API server refuses a token that is new.
    TokenRefused = "token_refused", AskUser,
        "the API server refuses a token that was issued just now", "RFC 6750 section 3.1";
    /// Every attempt has failed.
    TooManyAttempts = "too_many_attempts", AskUser,
        "renewing the token was tried several times, and failed each time", "Settings";
    /// The user signed out.
    UserSignedOut = "user_signed_out", SignOut,
        "the user signed out", "RFC 6749 section 10.3";
    /// The renewed token names no user.
    UserUnknown = "user_unknown", AskUser,
        "the first answer named its user and this one does not, so nothing says that both are the same",
        "Profile::user_parameter";
    /// A message from elsewhere.
    WrongOrigin = "wrong_origin", Ignore,
        "a message that looks like an answer came from another origin", "HTML section 9.3.2";
    /// A message from another window.
    WrongWindow = "wrong_window", Ignore,
        "a message that looks like an answer came from a window that was not asked", "HTML section 9.3.2";
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Cause {
    /// What an error code means for a session.
    pub fn of_error(code: &ErrorCode) -> Self {
        const KNOWN: [(ErrorCode, Cause); 7] = [
            (ErrorCode::ACCESS_DENIED, Cause::AccessDenied),
            (ErrorCode::ACCOUNT_SELECTION_REQUIRED, Cause::AccountSelectionRequired),
            (ErrorCode::CONSENT_REQUIRED, Cause::ConsentRequired),
            (ErrorCode::INTERACTION_REQUIRED, Cause::InteractionRequired),
            (ErrorCode::LOGIN_REQUIRED, Cause::LoginRequired),
            (ErrorCode::SERVER_ERROR, Cause::ServerBusy),
            (ErrorCode::TEMPORARILY_UNAVAILABLE, Cause::ServerBusy),
        ];
        KNOWN.iter().find(|(known, _)| known == code).map_or(Self::ServerRefused, |(_, cause)| *cause)
    }

    /// What a rejection means for a session.
    pub const fn of_rejection(rejection: &Rejection) -> Self {
        Self::of_reason(rejection.reason)
    }

    /// What a rejection for this reason means for a session.
    pub const fn of_reason(reason: Reason) -> Self {
        match reason {
            Reason::PendingExpired => Self::RequestExpired,
            Reason::StateMissing | Reason::StateMismatch | Reason::StateUnexpected => Self::StateMismatch,
            _ => Self::AnswerRejected,
        }
    }
}

impl From<Cause> for Problem {
    #[inline(never)] // much space for one word, at thirty places
    fn from(cause: Cause) -> Self {
        Self { cause, denied: None, rejection: None }
    }
}

impl From<Denied> for Problem {
    fn from(denied: Denied) -> Self {
        Self { cause: Cause::of_error(&denied.response.error), denied: Some(denied), rejection: None }
    }
}

impl From<Rejection> for Problem {
    fn from(rejection: Rejection) -> Self {
        Self { cause: Cause::of_rejection(&rejection), denied: None, rejection: Some(rejection) }
    }
}

impl fmt::Display for Problem {
    /// Says what is wrong; of the server's own words only the error code is shown, as the rest may be anybody's.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.cause.explanation())?;
        match (&self.denied, &self.rejection) {
            (Some(denied), _) => text::write(f, &[" (", denied.response.error.as_str(), ")"]),
            (None, Some(rejection)) => {
                f.write_str(" (")?;
                rejection.fmt(f)?;
                f.write_str(")")
            }
            (None, None) => Ok(()),
        }
    }
}

impl core::error::Error for Problem {}
