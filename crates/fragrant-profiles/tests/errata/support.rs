//! What the tests of both guides need.

use fragrant::client::Rejection;
use fragrant::client::rules::{Expected, Granted, SuccessResponse, Verdict, judge};
use fragrant::message::{AccessTokenResponse, AuthorizationUrl};
use fragrant::profile::Profile;
use fragrant::value::{ResponseType, Timestamp};
use fragrant::wire::{Redirect, form};

/// A moment for all the tests.
pub(crate) const NOW: Timestamp = Timestamp::from_unix_seconds(1_000_000);

/// What a client waits for that sent no state and knows nothing but the profile.
pub(crate) fn expected(profile: &Profile) -> Expected<'_> {
    Expected::new(&ResponseType::TOKEN, profile)
}

/// The token answer at `address`, and what was judged of it.
pub(crate) fn granted(expected: &Expected<'_>, address: &str) -> (AccessTokenResponse, Granted) {
    match judge(expected, &Redirect::split(address), NOW) {
        Verdict::TokenGranted(granted) => match granted.response.clone() {
            SuccessResponse::AccessToken(response) => (response, granted),
            other => panic!("expected an access token, got {other:?}"),
        },
        other => panic!("expected a token, got {other:?}"),
    }
}

/// Why the answer at `address` is not believed.
pub(crate) fn rejected(expected: &Expected<'_>, address: &str) -> Rejection {
    match judge(expected, &Redirect::split(address), NOW) {
        Verdict::ResponseRejected(rejection) | Verdict::NotOurs(rejection) => rejection,
        other => panic!("expected a rejection, got {other:?}"),
    }
}

/// An authorization URL's endpoint and its decoded parameters, by name.
pub(crate) fn taken_apart(url: &AuthorizationUrl) -> (&str, Vec<(String, String)>) {
    let (endpoint, query) = url.as_str().split_once('?').unwrap();
    (endpoint, decoded(query))
}

/// The decoded parameters of a query or a fragment, by name.
pub(crate) fn decoded(form: &str) -> Vec<(String, String)> {
    let pairs = form::pairs(form, 0).map(Result::unwrap);
    let mut pairs: Vec<(String, String)> =
        pairs.map(|pair| (pair.name.decode().into(), pair.value.decode().into())).collect();
    pairs.sort();
    pairs
}
