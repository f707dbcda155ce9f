//! A form that was sent in.

use std::fmt;

use fragrant::wire::form;
use zeroize::Zeroizing;

/// The fields of a form. It may hold a password, so `Debug` shows none of them.
pub(crate) struct Form(Vec<(String, Zeroizing<String>)>);

impl Form {
    /// Reads a body; `None` if it is no form.
    pub(crate) fn read(body: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(body).ok()?;
        let field = |pair: form::Pair<'_>| {
            (pair.name.decode().into_owned(), Zeroizing::new(pair.value.decode().into_owned()))
        };
        form::pairs(text, 0).map(|pair| pair.ok().map(field)).collect::<Option<_>>().map(Self)
    }

    /// A field that is there exactly once.
    pub(crate) fn one(&self, name: &'static str) -> Option<&str> {
        let mut values = self.all(name);
        let first = values.next()?;
        values.next().is_none().then_some(first)
    }

    /// Every field of this name.
    pub(crate) fn all(&self, name: &'static str) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(own, _)| own == name).map(|(_, value)| &***value)
    }
}

impl fmt::Debug for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Form({} fields)", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_counts_once() {
        let form = Form::read(b"a=1&b=x+y%26&scope=r&scope=w&c").unwrap();
        assert_eq!((form.one("a"), form.one("b"), form.one("c")), (Some("1"), Some("x y&"), Some("")));
        assert_eq!((form.one("scope"), form.one("d")), (None, None));
        assert_eq!(form.all("scope").collect::<Vec<_>>(), ["r", "w"]);
        for bad in [&b"a=%"[..], b"a=\xFF", b"%FF=a", b"a=\xC3\xA9"] {
            assert!(Form::read(bad).is_none(), "{bad:?}");
        }
        assert_eq!(format!("{:?}", Form::read(b"password=planted").unwrap()), "Form(1 fields)");
    }
}
