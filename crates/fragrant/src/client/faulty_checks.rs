//! The checks, each of which can be told to say yes. Stands in the place of [`checks`](self) in a build with
//! `--cfg fragrant_faults`, and in no other: the model switches one check off at a time, to see what comes through.

extern crate std;

use core::cell::Cell;

#[cfg(feature = "session")]
use super::window;
use crate::value::Timestamp;
use crate::wire::Redirect;

#[allow(unreachable_pub)] // public where it stands by itself
#[path = "checks.rs"]
mod real;

/// A check that can be told to say yes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(clippy::exhaustive_enums)] // complete: those of the real module
pub enum Check {
    /// [`is_fresh`].
    Fresh,
    /// [`is_own_fact`].
    OwnFact,
    /// [`is_own_issuer`].
    OwnIssuer,
    /// [`is_own_origin`].
    OwnOrigin,
    /// [`is_own_redirect_uri`].
    OwnRedirectUri,
    /// [`is_own_state`], of an answer that has a state.
    OwnState,
    /// [`is_own_window`].
    OwnWindow,
    /// [`is_same_user`].
    SameUser,
    /// [`is_own_state`], of an answer that has none.
    StateThere,
}

std::thread_local! {
    /// Of this thread alone, so that tests beside each other are told apart.
    static FAULTS: Cell<u16> = const { Cell::new(0) };
}

/// Has these checks say yes, and all others judge, in this thread from now on.
pub fn say_yes(to: &[Check]) {
    FAULTS.set(to.iter().fold(0, |faults, check| faults | 1 << *check as u16));
}

fn says_yes(check: Check) -> bool {
    FAULTS.get() >> check as u16 & 1 == 1
}

/// See the real one.
pub fn is_own_state(expected: &str, came: Option<&str>) -> bool {
    let check = if came.is_some() { Check::OwnState } else { Check::StateThere };
    says_yes(check) || real::is_own_state(expected, came)
}

/// See the real one.
pub fn is_own_fact(own: Option<&str>, recorded: Option<&str>) -> bool {
    says_yes(Check::OwnFact) || real::is_own_fact(own, recorded)
}

/// See the real one.
pub fn is_own_issuer(expected: &str, came: &str) -> bool {
    says_yes(Check::OwnIssuer) || real::is_own_issuer(expected, came)
}

/// See the real one.
pub fn is_own_redirect_uri(
    expected: &str,
    redirect: &Redirect<'_>,
    extras: &[alloc::borrow::Cow<'static, str>],
) -> bool {
    says_yes(Check::OwnRedirectUri) || real::is_own_redirect_uri(expected, redirect, extras)
}

/// See the real one.
pub fn is_own_origin(expected: &str, came: &str) -> bool {
    says_yes(Check::OwnOrigin) || real::is_own_origin(expected, came)
}

/// See the real one.
#[cfg(feature = "session")]
pub fn is_own_window(expected: window::Source, came: window::Source) -> bool {
    says_yes(Check::OwnWindow) || real::is_own_window(expected, came)
}

/// See the real one.
pub fn is_same_user(first: Option<&str>, second: Option<&str>) -> Option<bool> {
    if says_yes(Check::SameUser) { Some(true) } else { real::is_same_user(first, second) }
}

/// See the real one.
pub fn is_fresh(end: Timestamp, now: Timestamp) -> bool {
    says_yes(Check::Fresh) || real::is_fresh(end, now)
}
