//! The comparisons that tie an answer to its request, each a function with a name. No deployment can turn one off: nothing
//! here can be configured.
//!
//! The rest of the judgement is in [`rules`](super::rules) (`rules/examine.rs`), and where a token may go is
//! [`Authorized::api_request`](super::Authorized::api_request).
//!
//! A build with `--cfg fragrant_faults`, which no dependant can ask for, puts a twin into the place of this module: the model
//! tells it to say yes, check by check, and shows that each of them keeps something off. In every other build there is no
//! such thing:
//!
//! ```compile_fail,E0432
//! use fragrant::client::checks::say_yes;
//! ```

#[cfg(feature = "session")]
use super::window::Source;
use crate::value::Timestamp;
use crate::wire::Redirect;

/// Whether the answer's state is the request's, compared in constant time, byte by byte, without any Unicode
/// normalisation. An answer without one is not the request's.
// req: RFC6749-10.12-1, RFC6749-4.2.2.1-7, RFC9700-2.1-4, RFC9700-4.7.1-1, BBA-CSRF_protections-1
pub fn is_own_state(expected: &str, came: Option<&str>) -> bool {
    came.is_some_and(|came| crate::value::is_equal_in_constant_time(expected, came))
}

/// Whether a fact in a stored record (the client's identifier, its redirection URI, the server's issuer) is the fact of the
/// client that takes the record up. The record says which server was asked, and no address gets to (RFC 9700 section 4.4.2).
// req: RFC9700-4.4.2-1, RFC9700-2.1-5, RFC9700-2.1-7
pub fn is_own_fact(own: Option<&str>, recorded: Option<&str>) -> bool {
    own == recorded
}

/// Whether the answer's issuer is the one that was asked, by simple string comparison (RFC 9207 section 2.4).
// req: RFC9207-2.4-1, RFC9700-2.1-6, RFC9700-4.4.2.1-1
pub fn is_own_issuer(expected: &str, came: &str) -> bool {
    expected == came
}

/// Whether the answer came to the request's own redirection URI.
// req: RFC9700-4.4.2.2-1
pub fn is_own_redirect_uri(
    expected: &str,
    redirect: &Redirect<'_>,
    extras: &[alloc::borrow::Cow<'static, str>],
) -> bool {
    redirect.is_at(expected, extras)
}

/// Whether a message came from the application's own origin.
// req: RFC9700-2.6-4, BBA-In_browser_communication-1
pub fn is_own_origin(expected: &str, came: &str) -> bool {
    expected == came
}

/// Whether a message came from the window that was sent to the authorization server. A channel that only pages of one
/// origin share names no window.
#[cfg(feature = "session")]
// req: RFC9700-2.6-4
pub fn is_own_window(expected: Source, came: Source) -> bool {
    came == expected || came == Source::Channel
}

/// Whether two answers are for the same user; `None` if the first named its user and the second does not, so that nothing
/// says.
pub fn is_same_user(first: Option<&str>, second: Option<&str>) -> Option<bool> {
    match (first, second) {
        (None, _) => Some(true),
        (Some(_), None) => None,
        (Some(first), Some(second)) => Some(first == second),
    }
}

/// Whether a pending request still stands at `now`.
pub fn is_fresh(end: Timestamp, now: Timestamp) -> bool {
    now < end
}
