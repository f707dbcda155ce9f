//! Which names that came back may be shown.

use alloc::string::String;
use core::fmt;

use crate::spec::ResponseParameter;

/// Whether the decoded name of a parameter may be shown, in a log for example: the protocol knows it, or it is short and
/// plain.
///
/// Whoever makes an address chooses its names, and what stands where a name should can be a secret that has lost its own,
/// or a whole pair that was encoded once too often. Few tokens are shorter than twenty bytes, and of those that are the most
/// come without a value where a name should stand: so without one a name is shown if it is made of words, or shorter than any
/// token. Longer names are shown if they are made of words and have a value, as a provider's `data_access_expiration_time`.
pub fn may_be_shown(name: &str, has_value: bool) -> bool {
    const LONG: usize = 20;
    const SHORT: usize = 8;
    let is_words = name.bytes().all(|byte| byte.is_ascii_lowercase() || b"_-.".contains(&byte));
    let end = match (has_value, is_words) {
        (true, true) => 2 * LONG,
        (true, false) | (false, true) => LONG,
        (false, false) => SHORT,
    };
    ResponseParameter::from_name(name).is_some() || (name.len() < end && !name.contains('='))
}

/// A name as `Debug` shows it: of one that may not be shown, its length in characters.
pub(crate) struct Shown<'n> {
    pub(crate) name: &'n str,
    pub(crate) has_value: bool,
}

impl<'n> Shown<'n> {
    /// The name of a parameter that may not even have a value.
    pub(crate) fn of(name: &'n Option<String>) -> Option<Self> {
        name.as_deref().map(|name| Self { name, has_value: false })
    }
}

impl fmt::Debug for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match may_be_shown(self.name, self.has_value) {
            true => fmt::Debug::fmt(self.name, f),
            false => write!(f, "…({})", self.name.chars().count()),
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::format;

    use super::*;

    #[test]
    fn a_name_is_shown_if_it_can_be_no_secret() {
        for name in ["", "access_token", "error_description", "endpoint_id", "session_state", "é", "X-Own"] {
            assert!(may_be_shown(name, true) && may_be_shown(name, false), "{name}");
        }
        // With a value, which makes a name of it.
        for name in ["endpointId", "U1BCMDFUMDRKV1Mw", "with 1 space"] {
            assert!(may_be_shown(name, true) && !may_be_shown(name, false), "{name}");
        }
        // Words, with a value.
        for name in ["data_access_expiration_time", "reauthorize-required.in"] {
            assert!(may_be_shown(name, true) && !may_be_shown(name, false), "{name}");
        }
        for name in [
            "2YotnFZFEjr1zCsicMWpAA",
            "state=xyz",
            "access_token=SECRETSECRETSECRETSECRET&state=xyz",
            "words_without_an_end_are_no_name_of_anybody",
        ] {
            assert!(!may_be_shown(name, true) && !may_be_shown(name, false), "{name}");
        }
    }

    #[test]
    fn of_another_name_the_length_is_shown() {
        let shown = |name| format!("{:?}", Shown { name, has_value: false });
        assert_eq!(shown("ends\n"), "\"ends\\n\"");
        assert_eq!(shown("U1BCMDFUMDRKV1Mw"), "…(16)");
        assert_eq!(shown("2YotnFZFEjr1zCsicMWpAé"), "…(22)");
    }
}
