//! Our own ways to read an answer.

use std::borrow::Cow;

use fragrant::client::rules::{Examined, Expected, Verdict, examine_with, judge};
use fragrant::profile::Profile;
use fragrant::spec::ResponseParameter as P;
use fragrant::value::{ResponseType, Timestamp};
use fragrant::wire::{Limits, Redirect};

/// A client that asked for a token, with the usual limits.
pub const STRICT: Profile = Profile::STRICT;

/// The same without limits.
pub fn without_limits() -> Profile {
    let mut profile = Profile::STRICT;
    profile.limits = Limits { max_len: usize::MAX, max_parameters: usize::MAX };
    profile
}

/// All checks but those of state and time, then `then`.
#[inline]
fn examined<T>(address: &str, profile: &Profile, then: impl FnOnce(&Examined<'_>) -> T) -> Option<T> {
    let expected = Expected::new(&ResponseType::TOKEN, profile);
    let answer = examine_with(&expected, &Redirect::split(address), |examined| {
        examined.check_values(&expected)?;
        Ok(then(examined))
    });
    answer.ok()
}

/// All checks but those of state and time, on the text where it stands. Answers with the raw length of the token or the
/// error code.
pub fn borrowed(address: &str, profile: &Profile) -> Option<usize> {
    examined(address, profile, |examined| {
        let parameters = examined.parameters();
        let pair = parameters.get(P::AccessToken).or_else(|| parameters.get(P::Error))?;
        Some(pair.value.raw().len())
    })?
}

/// The same, and every known value decoded. Answers with the bytes of all of them.
pub fn decoded(address: &str, profile: &Profile) -> Option<usize> {
    examined(address, profile, |examined| {
        let mut len = 0;
        for parameter in super::peers::KNOWN {
            if let Some(pair) = examined.parameters().get(*parameter) {
                let value: Cow<'_, str> = std::hint::black_box(pair.value.decode());
                len += value.len();
            }
        }
        len
    })
}

/// The whole judgement, as an application calls it: all checks, and the answer copied into a message. Answers with the bytes of the token or the error code.
pub fn judged(address: &str, state: &str, profile: &Profile) -> Option<usize> {
    let expected = Expected { state: Some(state), ..Expected::new(&ResponseType::TOKEN, profile) };
    match judge(&expected, &Redirect::split(address), Timestamp::from_unix_seconds(0)) {
        Verdict::TokenGranted(granted) => match granted.response {
            fragrant::client::rules::SuccessResponse::AccessToken(token) => {
                Some(token.access_token.reveal_secret().len())
            }
            fragrant::client::rules::SuccessResponse::IdToken(_) => None,
        },
        Verdict::ErrorReturned(returned) => Some(returned.response.error.as_str().len()),
        _ => None,
    }
}
