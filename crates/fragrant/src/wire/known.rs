//! Which parameters are an answer's own.

use alloc::borrow::Cow;

use super::form::Text;
use crate::spec::ResponseParameter;
use crate::text::{cut, split_at_first};

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
        behind_front(pair).is_some_and(ResponseParameter::is_secret) || self.has_value(pair)
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

/// Whether a raw pair, sound or not, is a token or an error: what no application has in an address of its own.
pub(super) fn is_token_or_error(pair: &str) -> bool {
    use ResponseParameter::{AccessToken, Error, IdToken};
    behind_front(pair).is_some_and(|parameter| matches!(parameter, AccessToken | Error | IdToken))
}

/// The parameter that a raw pair with a value names, whatever an address has put in front of it.
fn behind_front(pair: &str) -> Option<ResponseParameter> {
    let (name, _) = split_at_first(pair, b'=').filter(|(_, value)| !value.is_empty())?;
    // What stands in front may be no sound text, or may be escaped together with what separates it.
    let name = Text::check(without_front(name)).ok()?;
    ResponseParameter::from_name(without_front(&name.decode()))
}

/// A name without what an address may have put in front of it.
fn without_front(name: &str) -> &str {
    let front = name.bytes().rposition(|byte| b"?!/;".contains(&byte));
    cut(name, front.map_or(0, |at| at + 1), name.len())
}
