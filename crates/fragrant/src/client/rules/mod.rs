//! The rules of step 3 as pure functions: is this an answer, is it ours, is it sound, and what does it say?
//!
//! [`judge`] is the one place where an answer is judged. The typed states, the session and the command line all call
//! it. It judges in a fixed order: limits (the length first), structure, repeated parameters, channel, issuer, state,
//! freshness, values; and within each class the leftmost fault is the one that is reported. The checks themselves are in [`examine()`], on the text
//! where it stands; only an answer that has passed them all is copied into messages.

mod answer;
mod examine;
mod verdict;

pub use examine::{Examined, Notes, examine, examine_with};
pub use verdict::{Channel, Expected, Granted, Note, Returned, SuccessResponse, Verdict};

use super::checks;
use super::rejection::{Reason, Rejection};
use crate::profile::Profile;
use crate::value::{ResponseType, Timestamp};
use crate::wire::Redirect;

/// Judges an address that the user agent came back to.
pub fn judge(expected: &Expected<'_>, redirect: &Redirect<'_>, now: Timestamp) -> Verdict {
    match believe(expected, redirect, now) {
        Ok(verdict) => verdict,
        Err(rejection) if rejection.reason == Reason::NoResponse => Verdict::NotOurs(rejection),
        Err(rejection) => Verdict::ResponseRejected(rejection),
    }
}

/// Whether an address holds an answer at all, to whatever request. If it does not, nothing in it is anybody's but the
/// application's own, which may be longer than any answer, and no sound form.
pub fn is_answer(redirect: &Redirect<'_>, profile: &Profile) -> bool {
    use Reason::{DuplicateParameter, Malformed, TooLong, TooManyParameters};
    let expected = Expected::new(&ResponseType::TOKEN, profile);
    match judge(&expected, redirect, Timestamp::MAX) {
        Verdict::NotOurs(_) => false,
        Verdict::ResponseRejected(Rejection {
            reason: DuplicateParameter | Malformed | TooLong | TooManyParameters,
            ..
        }) => redirect.holds_token_or_error(),
        _ => true,
    }
}

// req: RFC6749-10.14-1
fn believe(expected: &Expected<'_>, redirect: &Redirect<'_>, now: Timestamp) -> Result<Verdict, Rejection> {
    examine_with(expected, redirect, |examined| {
        examined.check_state(expected)?;
        // Judged once the state has matched: only then is it this request's own answer that came too late.
        if expected.end.is_some_and(|end| !checks::is_fresh(end, now)) {
            return Err(Rejection {
                reason: Reason::PendingExpired,
                parameter: None,
                offset: 0,
                fault: None,
            });
        }
        examined.check_values(expected)?;
        answer::read(examined, expected)
    })
}
