//! Which parameters are an answer's own.

use alloc::borrow::Cow;

use super::form::Text;
use super::split_at_first;
use crate::spec::ResponseParameter;

/// Which names are known: the protocol's and the profile's.
pub(super) struct Known<'k> {
    pub(super) extras: &'k [Cow<'static, str>],
}

impl Known<'_> {
    /// Whether a name is known.
    pub(super) fn has(&self, name: Text<'_>) -> bool {
        known_parameter(name).is_some() || self.extras.iter().any(|extra| name.is(extra))
    }

    /// The number of a name that the profile knows.
    pub(super) fn extra(&self, name: &[u8]) -> Option<usize> {
        self.extras.iter().position(|extra| extra.as_bytes() == name)
    }

    /// Whether a raw pair is one of the answer's own. Without a value it counts as absent (RFC 6749 section 3.1).
    pub(super) fn has_value(&self, pair: &str) -> bool {
        split_at_first(pair, b'=').is_some_and(|(_, value)| !value.is_empty()) && self.names(pair)
    }

    /// Whether a raw pair is taken out of an address: one of the answer's own, or one whose name would be a secret's if it
    /// had not something in front of it, as in `#!/cb?access_token=...`. That is no answer, and yet it holds the token.
    pub(super) fn is_to_go(&self, pair: &str) -> bool {
        const IN_FRONT: [char; 4] = ['?', '!', '/', ';'];
        let Some((name, _)) = pair.split_once('=').filter(|(_, value)| !value.is_empty()) else {
            return false;
        };
        // What stands in front may be no sound text, or may be escaped together with what separates it.
        let name = name.rsplit(IN_FRONT).next().unwrap_or_default();
        let is_secret = Text::check(name).is_ok_and(|name| {
            let last = name.decode().rsplit(IN_FRONT).next().and_then(ResponseParameter::from_name);
            last.is_some_and(|parameter| parameter.fact().is_secret)
        });
        is_secret || self.has_value(pair)
    }

    /// Whether a raw pair has a known name. A malformed one is not known: it is kept, and judged elsewhere.
    pub(super) fn names(&self, pair: &str) -> bool {
        let name = split_at_first(pair, b'=').map_or(pair, |(name, _)| name);
        Text::check(name).is_ok_and(|name| self.has(name))
    }
}

/// The parameter of the protocol's that has this name.
pub(super) fn known_parameter(name: Text<'_>) -> Option<ResponseParameter> {
    let index = ResponseParameter::NAMES.iter().position(|known| name.is(known))?;
    ResponseParameter::ALL.get(index).copied()
}
