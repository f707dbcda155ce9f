//! Parameters of an answer that are a provider's own, and how a message becomes pairs.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::sorted_map::SortedMap;
use crate::spec::ResponseParameter;
use crate::wire::name::Shown;

/// Parameters that the protocol does not know: a provider's own. No name is empty, reserved or there twice.
/// `Debug` shows their names alone, as a mistyped `access_token` is one of them, and of these [those that may be
/// shown](crate::wire::may_be_shown).
#[derive(Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Extra(SortedMap<String, String>);

impl fmt::Debug for Extra {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys().map(|name| Shown { name, has_value: true })).finish()
    }
}

impl Extra {
    /// Adds a parameter. Returns `false`, and adds nothing, when the name is empty, one of the protocol's own or there
    /// already, or when the value is empty and so would count as absent.
    pub fn add(&mut self, name: impl Into<String>, value: impl Into<String>) -> bool {
        let (name, value) = (name.into(), value.into());
        // req: RFC6749-4.2.2-10, OIDC-3.2.2.5-5
        let is_own = ResponseParameter::from_name(&name).is_some();
        let fits = !name.is_empty() && !value.is_empty() && !is_own && !self.0.contains_key(&name);
        if fits {
            self.0.insert(name, value);
        }
        fits
    }

    /// The value of a parameter.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// The parameters, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> + Clone {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    #[cfg(feature = "testing")]
    pub(crate) fn remove(&mut self, name: &str) {
        self.0.remove(name);
    }
}

/// The pairs of a message: those of its known parameters that have a value, then the extra ones.
pub(super) fn present<'m>(
    known: impl IntoIterator<Item = (ResponseParameter, Option<Cow<'m, str>>)>,
    extra: &'m Extra,
) -> Vec<(&'m str, Cow<'m, str>)> {
    let known =
        known.into_iter().filter_map(|(parameter, value)| value.map(|value| (parameter.name(), value)));
    known.chain(extra.iter().map(|(name, value)| (name, value.into()))).collect()
}
