//! Client policy as data: what a provider needs a client to send, to take and to forgive.

use alloc::borrow::Cow;

use crate::wire::Limits;

/// How a client treats one provider. Strict unless a field says otherwise; built in a `const` from
/// [`STRICT`](Self::STRICT).
///
/// It holds client policy and nothing else: a provider's hosts, headers and notices are not the protocol's business.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Profile {
    /// What people call the provider.
    pub name: Cow<'static, str>,
    /// Names of the provider's own request parameters.
    pub request_parameters: Cow<'static, [Cow<'static, str>]>,
    /// Names of the provider's own answer parameters. A repeated one makes the answer invalid, as with the protocol's.
    pub response_parameters: Cow<'static, [Cow<'static, str>]>,
    /// The answer parameter that says which user the token is for, if there is one; one of
    /// [`response_parameters`](Self::response_parameters).
    pub user_parameter: Option<Cow<'static, str>>,
    /// How a token is renewed.
    pub renewal: Renewal,
    /// How long before its end a token is renewed, in **seconds**; never more than a quarter of its lifetime.
    pub renewal_margin: u64,
    /// The lifetime in **seconds** of a token that comes without `expires_in`, if the provider documents one.
    pub default_lifetime: Option<u64>,
    /// What is forgiven.
    pub leniency: Leniency,
    /// How much of an answer is read.
    pub limits: Limits,
}

/// How a token is renewed, as there is no refresh token (RFC 6749 section 4.2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Renewal {
    /// By a request with `prompt=none`, which shows no page while the login session lives.
    Silent,
    /// By a new redirect: the provider documents no `prompt`, and may show its pages.
    Redirect,
}

impl Renewal {
    /// It in a word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Silent => "silent",
            Self::Redirect => "redirect",
        }
    }
}

/// Departures from the specifications that a real provider needs forgiven. All of them are off by default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Leniency {
    /// Take an answer that does not name its issuer where an ID token stands beside the token, though the client was told
    /// the issuer ([`Client::with_issuer`](crate::client::Client::with_issuer)). Some servers name themselves in the ID
    /// token alone. The note `issuer_missing` tells of it.
    ///
    /// What it gives away: the defence against mixing servers up (RFC 9207 section 2.4), until the caller has verified the
    /// ID token and compared the issuer in it. This library does not read it.
    pub dangerous_missing_issuer_beside_id_token: bool,
    /// Take an answer without `token_type` for a bearer token.
    ///
    /// What it gives away: a server that means another type and forgets to say so has its token sent as a bearer token,
    /// which whoever sees it can use (RFC 6749 section 7.1).
    pub missing_token_type_is_bearer: bool,
}

impl Leniency {
    /// The names of those that are granted.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        let Self { dangerous_missing_issuer_beside_id_token, missing_token_type_is_bearer } = self;
        let all = [
            ("dangerous_missing_issuer_beside_id_token", dangerous_missing_issuer_beside_id_token),
            ("missing_token_type_is_bearer", missing_token_type_is_bearer),
        ];
        all.into_iter().filter_map(|(name, is_granted)| is_granted.then_some(name))
    }
}

impl Profile {
    /// The specifications' own words: no extras, nothing forgiven.
    pub const STRICT: Self = Self {
        name: Cow::Borrowed("RFC 6749"),
        request_parameters: Cow::Borrowed(&[]),
        response_parameters: Cow::Borrowed(&[]),
        user_parameter: None,
        renewal: Renewal::Redirect,
        renewal_margin: 60,
        default_lifetime: None,
        leniency: Leniency {
            dangerous_missing_issuer_beside_id_token: false,
            missing_token_type_is_bearer: false,
        },
        limits: Limits::DEFAULT,
    };

    /// Sets what people call the provider.
    pub const fn with_name(mut self, name: Cow<'static, str>) -> Self {
        forget(core::mem::replace(&mut self.name, name));
        self
    }

    /// Sets the names of the provider's own request parameters.
    pub const fn with_request_parameters(mut self, names: Cow<'static, [Cow<'static, str>]>) -> Self {
        forget(core::mem::replace(&mut self.request_parameters, names));
        self
    }

    /// Sets the names of the provider's own answer parameters.
    pub const fn with_response_parameters(mut self, names: Cow<'static, [Cow<'static, str>]>) -> Self {
        forget(core::mem::replace(&mut self.response_parameters, names));
        self
    }

    /// Sets the answer parameter that says which user the token is for.
    pub const fn with_user_parameter(mut self, name: Cow<'static, str>) -> Self {
        forget(self.user_parameter.replace(name));
        self
    }

    /// Sets how a token is renewed.
    pub const fn with_renewal(mut self, renewal: Renewal) -> Self {
        self.renewal = renewal;
        self
    }

    /// Sets how long before its end a token is renewed, in **seconds**.
    pub const fn with_renewal_margin(mut self, seconds: u64) -> Self {
        self.renewal_margin = seconds;
        self
    }

    /// Sets the lifetime in **seconds** of a token that comes without `expires_in`.
    pub const fn with_default_lifetime(mut self, seconds: u64) -> Self {
        self.default_lifetime = Some(seconds);
        self
    }

    /// Takes an answer that does not name its issuer where an ID token stands beside the token, with the consequence that
    /// [`Leniency::dangerous_missing_issuer_beside_id_token`] names.
    pub const fn dangerously_forgive_missing_issuer_beside_id_token(mut self) -> Self {
        self.leniency.dangerous_missing_issuer_beside_id_token = true;
        self
    }

    /// Takes an answer without `token_type` for a bearer token, with the consequence that
    /// [`Leniency::missing_token_type_is_bearer`] names.
    pub const fn forgive_missing_token_type(mut self) -> Self {
        self.leniency.missing_token_type_is_bearer = true;
        self
    }

    /// Sets how much of an answer is read.
    pub const fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }
}

impl Default for Profile {
    fn default() -> Self {
        Self::STRICT
    }
}

/// A `const fn` cannot drop. The values replaced here are the borrowed defaults, which own nothing, unless a setter is
/// called twice with owned ones.
const fn forget<T>(replaced: T) {
    core::mem::forget(replaced);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_forgiven_unless_somebody_says_so() {
        let Profile { name, renewal, renewal_margin, leniency, limits, .. } = Profile::default();
        assert_eq!(Profile::default(), Profile::STRICT);
        assert_eq!((&*name, renewal, renewal_margin), ("RFC 6749", Renewal::Redirect, 60));
        assert_eq!((leniency, limits), (Leniency::default(), Limits::DEFAULT));
        assert_eq!(leniency.names().count(), 0);
        assert_eq!([Renewal::Redirect, Renewal::Silent].map(Renewal::as_str), ["redirect", "silent"]);
    }

    /// Each move against the field that it sets, so that none can set another's.
    #[test]
    fn each_move_sets_its_own_field_and_no_other() {
        const NAMES: Cow<'static, [Cow<'static, str>]> = Cow::Borrowed(&[Cow::Borrowed("brand_id")]);
        let strict = || Profile::STRICT;
        let limits = Limits { max_len: 10, max_parameters: 2 };
        let leniency = Leniency { missing_token_type_is_bearer: true, ..Leniency::default() };
        let issuer = Leniency { dangerous_missing_issuer_beside_id_token: true, ..Leniency::default() };
        for (set, expected) in [
            (strict().with_name("Own".into()), Profile { name: "Own".into(), ..strict() }),
            (strict().with_request_parameters(NAMES), Profile { request_parameters: NAMES, ..strict() }),
            (strict().with_response_parameters(NAMES), Profile { response_parameters: NAMES, ..strict() }),
            (
                strict().with_user_parameter("owner_id".into()),
                Profile { user_parameter: Some("owner_id".into()), ..strict() },
            ),
            (strict().with_renewal(Renewal::Silent), Profile { renewal: Renewal::Silent, ..strict() }),
            (strict().with_renewal_margin(9), Profile { renewal_margin: 9, ..strict() }),
            (strict().with_default_lifetime(7), Profile { default_lifetime: Some(7), ..strict() }),
            (strict().forgive_missing_token_type(), Profile { leniency, ..strict() }),
            (
                strict().dangerously_forgive_missing_issuer_beside_id_token(),
                Profile { leniency: issuer, ..strict() },
            ),
            (strict().with_limits(limits), Profile { limits, ..strict() }),
        ] {
            assert_eq!(set, expected);
            assert_ne!(set, Profile::STRICT);
        }
    }

    #[test]
    fn a_leniency_goes_by_its_fields_name() {
        let names = |profile: Profile| profile.leniency.names().collect::<alloc::vec::Vec<_>>();
        let profile = Profile::STRICT.dangerously_forgive_missing_issuer_beside_id_token();
        assert_eq!(names(profile.clone()), ["dangerous_missing_issuer_beside_id_token"]);
        assert_eq!(
            names(profile.forgive_missing_token_type()),
            ["dangerous_missing_issuer_beside_id_token", "missing_token_type_is_bearer"]
        );
    }

    #[test]
    fn the_last_word_counts() {
        let profile = Profile::STRICT.with_name("first".into()).with_name("second".into());
        assert_eq!(profile.name, "second");
        let profile = profile.with_user_parameter("a".into()).with_user_parameter("b".into());
        assert_eq!(profile.user_parameter.as_deref(), Some("b"));
    }
}
