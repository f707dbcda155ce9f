//! `scope`: what the token may be used for.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::InvalidValue;
use crate::grammar::{self, NQCHAR};
use crate::sorted_map::sorted;
use crate::text::{keep_pieces, pieces};

/// A scope: one or more case-sensitive names (RFC 6749 section 3.3; grammar of appendix A.4). It keeps the text as it
/// was given; the order of the names has no meaning, so compare with [`is_same_set`](Self::is_same_set).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Scope(String);

impl Scope {
    /// Checks the grammar: names separated by one space each, none at either end.
    ///
    /// # Errors
    /// [`InvalidValue`] when it does not fit.
    pub fn new(text: impl Into<String>) -> Result<Self, InvalidValue> {
        let text = text.into();
        // req: RFC6749-3.3-1, RFC6749-A.4-1
        if grammar::is_scope(&text) {
            return Ok(Self(text));
        }
        let at = text.bytes().position(|byte| byte != b' ' && !NQCHAR.contains(byte));
        Err(InvalidValue::new(
            "scope",
            at,
            "names of printable ASCII without \" and \\, separated by single spaces",
        ))
    }

    /// Joins names into one scope. `Ok(None)` if there are none.
    ///
    /// # Errors
    /// [`InvalidValue`] when a name does not fit; a name may itself be several separated by spaces.
    pub fn from_names<'a>(names: impl IntoIterator<Item = &'a str>) -> Result<Option<Self>, InvalidValue> {
        let names: Vec<&str> = names.into_iter().collect();
        if names.is_empty() {
            return Ok(None);
        }
        Self::new(names.join(" ")).map(Some)
    }

    /// The text, names separated by single spaces.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The names in the order given.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        pieces(&self.0, b' ')
    }

    /// Whether `name` is one of the names (case counts).
    pub fn contains(&self, name: &str) -> bool {
        self.names().any(|own| own == name)
    }

    /// Whether every name of `other` is here too.
    pub fn covers(&self, other: &Self) -> bool {
        let own = self.set();
        other.names().all(|name| own.binary_search(&name).is_ok())
    }

    /// Whether both hold the same names, in whatever order.
    // req: RFC6749-3.3-2
    pub fn is_same_set(&self, other: &Self) -> bool {
        self.set() == other.set()
    }

    /// The names of this scope that `other` lacks; `None` if it lacks none.
    pub fn without(&self, other: &Self) -> Option<Self> {
        let others = other.set();
        keep_pieces(&self.0, b' ', &|name| others.binary_search(&name).is_err()).map(Self)
    }

    /// The names as a set: a scope comes from outside and may have thousands, so none is looked for one by one.
    fn set(&self) -> Vec<&str> {
        let mut names = sorted(self.names());
        names.dedup();
        names
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scope(text: &str) -> Scope {
        Scope::new(text).unwrap()
    }

    #[test]
    // req(test): RFC6749-3.3-1, RFC6749-A.4-1
    fn grammar() {
        assert_eq!(scope("Contacts ReadCallLog").names().count(), 2);
        for bad in ["", " ", "a  b", " a", "a ", "a\"", "a\\", "é", "a\nb"] {
            assert!(Scope::new(bad).is_err(), "{bad:?}");
        }
        assert_eq!(Scope::new("ab \"").unwrap_err().at(), Some(3));
    }

    #[test]
    // req(test): RFC6749-3.3-2
    fn order_has_no_meaning_and_case_has() {
        assert!(scope("a b").is_same_set(&scope("b a")));
        assert!(!scope("a b").is_same_set(&scope("a B")));
        assert!(scope("a b c").covers(&scope("c a")));
        assert_eq!(scope("a b c").without(&scope("b")), Some(scope("a c")));
        assert_eq!(scope("a").without(&scope("b a")), None);
    }

    #[test]
    fn from_names() {
        assert_eq!(Scope::from_names([]).unwrap(), None);
        assert_eq!(Scope::from_names(["a", "b"]).unwrap(), Some(scope("a b")));
        assert!(Scope::from_names(["a", ""]).is_err());
    }
}
