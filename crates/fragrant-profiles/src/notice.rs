//! A deprecation notice.

use core::fmt;

/// What happened to the implicit grant, when, and what to use instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Notice {
    /// When, as an ISO 8601 month (`2025-01`).
    pub when: &'static str,
    /// What happened, in a sentence without its full stop.
    pub what: &'static str,
    /// What to use instead.
    pub instead: &'static str,
    /// Where that is known from.
    pub source: &'static str,
}

impl Notice {
    /// The one that holds for everybody: best current practice advises against the grant.
    pub const RFC_9700: Self = Self {
        when: "2025-01",
        what: "best current practice says that clients SHOULD NOT use the implicit grant, because a token in an \
               address leaks and can be injected",
        instead: AUTHORIZATION_CODE_WITH_PKCE,
        source: "RFC 9700 section 2.1.2",
    };
}

/// What every notice recommends.
pub(crate) const AUTHORIZATION_CODE_WITH_PKCE: &str =
    "the authorization code grant with PKCE (RFC 6749 section 4.1, RFC 7636)";

impl fmt::Display for Notice {
    /// One line: when, what, what to use instead, and the source.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}; use {} instead ({})", self.when, self.what, self.instead, self.source)
    }
}

#[cfg(test)]
mod tests {
    use std::string::ToString;

    use super::*;
    use crate::ALL;

    #[test]
    fn a_notice_is_one_line() {
        assert_eq!(
            Notice::RFC_9700.to_string(),
            "2025-01: best current practice says that clients SHOULD NOT use the implicit grant, because a token in an \
             address leaks and can be injected; use the authorization code grant with PKCE (RFC 6749 section 4.1, RFC \
             7636) instead (RFC 9700 section 2.1.2)"
        );
    }

    #[test]
    fn every_provider_carries_the_one_that_holds_for_everybody() {
        for provider in ALL {
            assert_eq!(provider.notices.last(), Some(&Notice::RFC_9700), "{}", provider.id);
            for notice in provider.notices {
                let (year, month) = notice.when.split_once('-').unwrap();
                assert!(year.len() == 4 && (1..=12).contains(&month.parse().unwrap()), "{notice}");
                assert!(notice.instead.contains("PKCE"), "{notice}");
            }
        }
    }
}
