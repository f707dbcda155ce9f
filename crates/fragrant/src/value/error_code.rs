//! `error`: why the authorization server or the API server said no.

use alloc::borrow::Cow;
use alloc::string::String;
use core::fmt;

use super::InvalidValue;
use crate::grammar::NQSCHAR;

/// An error code (RFC 6749 section 4.2.2.1, RFC 6750 section 3.1, OpenID Connect Core section 3.1.2.6). The vocabulary
/// is open: a code that is not listed here is kept as it came. Case counts.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ErrorCode(Cow<'static, str>);

/// Writes the named codes and the list of them.
macro_rules! error_codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)*) => {
        impl ErrorCode {
            $($(#[$doc])* pub const $name: Self = Self(Cow::Borrowed($text));)*

            /// The codes with a name here, in the order of the specifications.
            pub const NAMED: &'static [Self] = &[$(Self::$name),*];
        }
    };
}

// req: RFC6749-4.2.2.1-8, OIDC-3.1.2.6-3
error_codes! {
    /// The request is malformed: a parameter is missing, repeated or has a bad value (RFC 6749 section 4.2.2.1).
    INVALID_REQUEST = "invalid_request",
    /// The client may not use this grant (RFC 6749 section 4.2.2.1).
    UNAUTHORIZED_CLIENT = "unauthorized_client",
    /// The resource owner or the authorization server denied the request (RFC 6749 section 4.2.2.1).
    ACCESS_DENIED = "access_denied",
    /// The authorization server does not issue tokens this way (RFC 6749 section 4.2.2.1).
    UNSUPPORTED_RESPONSE_TYPE = "unsupported_response_type",
    /// The requested scope is unknown, malformed or too wide (RFC 6749 section 4.2.2.1).
    INVALID_SCOPE = "invalid_scope",
    /// The authorization server met an unexpected condition (RFC 6749 section 4.2.2.1).
    SERVER_ERROR = "server_error",
    /// The authorization server is overloaded or under maintenance (RFC 6749 section 4.2.2.1).
    TEMPORARILY_UNAVAILABLE = "temporarily_unavailable",
    /// The access token is expired, revoked or malformed (RFC 6750 section 3.1).
    INVALID_TOKEN = "invalid_token",
    /// The access token does not reach that far (RFC 6750 section 3.1).
    INSUFFICIENT_SCOPE = "insufficient_scope",
    /// The resource owner would have to act, and `prompt=none` forbids it (OpenID Connect Core section 3.1.2.6).
    INTERACTION_REQUIRED = "interaction_required",
    /// The resource owner would have to log in, and `prompt=none` forbids it.
    LOGIN_REQUIRED = "login_required",
    /// The resource owner would have to choose an account, and `prompt=none` forbids it.
    ACCOUNT_SELECTION_REQUIRED = "account_selection_required",
    /// The resource owner would have to consent, and `prompt=none` forbids it.
    CONSENT_REQUIRED = "consent_required",
}

impl ErrorCode {
    /// Those with a name here that an authorization server answers a request with (RFC 6749 section 4.2.2.1, OpenID Connect
    /// Core section 3.1.2.6).
    pub const OF_AUTHORIZATION_SERVER: &'static [Self] = &[
        Self::INVALID_REQUEST,
        Self::UNAUTHORIZED_CLIENT,
        Self::ACCESS_DENIED,
        Self::UNSUPPORTED_RESPONSE_TYPE,
        Self::INVALID_SCOPE,
        Self::SERVER_ERROR,
        Self::TEMPORARILY_UNAVAILABLE,
        Self::INTERACTION_REQUIRED,
        Self::LOGIN_REQUIRED,
        Self::ACCOUNT_SELECTION_REQUIRED,
        Self::CONSENT_REQUIRED,
    ];

    /// Those with a name here that an API server has in its challenge (RFC 6750 section 3.1).
    pub const OF_API_SERVER: &'static [Self] =
        &[Self::INVALID_REQUEST, Self::INVALID_TOKEN, Self::INSUFFICIENT_SCOPE];

    /// Checks the grammar: printable ASCII without `"` and `\` (appendix A.7).
    ///
    /// # Errors
    /// [`InvalidValue`] when it is empty or holds anything else.
    pub fn new(text: impl Into<String>) -> Result<Self, InvalidValue> {
        let text = text.into();
        // req: RFC6749-A.7-1, RFC6749-8.5-1
        InvalidValue::unless_of(NQSCHAR, &text, "error", "printable ASCII without \" and \\")?;
        Ok(Self(Cow::Owned(text)))
    }

    /// Whether a text is one.
    #[cfg(feature = "session")]
    pub(crate) fn fits(text: &str) -> bool {
        NQSCHAR.is_one_or_more(text.as_bytes())
    }

    /// The code.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a new request that may show pages could succeed where this one, with `prompt=none`, could not.
    pub fn asks_for_interaction(&self) -> bool {
        [
            Self::INTERACTION_REQUIRED,
            Self::LOGIN_REQUIRED,
            Self::ACCOUNT_SELECTION_REQUIRED,
            Self::CONSENT_REQUIRED,
        ]
        .contains(self)
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    // req(test): RFC6749-4.2.2.1-8, RFC6749-A.7-1, RFC6749-8.5-1, OIDC-3.1.2.6-3
    fn named_codes_are_recognised_and_others_kept() {
        let names: alloc::vec::Vec<&str> = ErrorCode::NAMED.iter().map(ErrorCode::as_str).collect();
        assert_eq!(
            names,
            [
                "invalid_request",
                "unauthorized_client",
                "access_denied",
                "unsupported_response_type",
                "invalid_scope",
                "server_error",
                "temporarily_unavailable",
                "invalid_token",
                "insufficient_scope",
                "interaction_required",
                "login_required",
                "account_selection_required",
                "consent_required",
            ]
        );
        for code in ErrorCode::NAMED {
            assert_eq!(&ErrorCode::new(code.as_str()).unwrap(), code);
        }
        assert_eq!(ErrorCode::new("OAU-113").unwrap().as_str(), "OAU-113");
        for bad in ["", "a\"", "a\\", "é", "\n"] {
            assert!(ErrorCode::new(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn each_code_is_one_server_s_and_one_is_both_s() {
        for code in ErrorCode::NAMED {
            let of = |list: &[ErrorCode]| list.iter().filter(|own| *own == code).count();
            let (authorization, api) = (of(ErrorCode::OF_AUTHORIZATION_SERVER), of(ErrorCode::OF_API_SERVER));
            let of_both = usize::from(*code == ErrorCode::INVALID_REQUEST);
            assert_eq!(authorization + api, 1 + of_both, "{code}");
        }
        let lists = [ErrorCode::OF_AUTHORIZATION_SERVER, ErrorCode::OF_API_SERVER].map(<[ErrorCode]>::len);
        assert_eq!(lists.into_iter().sum::<usize>(), ErrorCode::NAMED.len() + 1);
    }

    #[test]
    fn a_silent_request_may_have_needed_a_page() {
        for code in ErrorCode::NAMED {
            let is_one = code.as_str().ends_with("_required");
            assert_eq!(code.asks_for_interaction(), is_one, "{code}");
        }
        assert!(!ErrorCode::new("consent_required_").unwrap().asks_for_interaction());
    }
}
