//! `display`: the form in which the authorization server's pages should come.

use alloc::borrow::Cow;
use alloc::string::String;
use core::fmt;

use super::InvalidValue;
use crate::grammar::NQCHAR;

/// A display mode (OpenID Connect Core section 3.1.2.1). Open: providers add their own.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Display(Cow<'static, str>);

impl Display {
    /// A full page.
    pub const PAGE: Self = Self(Cow::Borrowed("page"));
    /// A popup window.
    pub const POPUP: Self = Self(Cow::Borrowed("popup"));
    /// A device that is used by touch.
    pub const TOUCH: Self = Self(Cow::Borrowed("touch"));
    /// A feature phone.
    pub const WAP: Self = Self(Cow::Borrowed("wap"));

    /// Checks the grammar: one name, printable ASCII without space, `"` and `\`.
    ///
    /// # Errors
    /// [`InvalidValue`] when it does not fit.
    pub fn new(text: impl Into<String>) -> Result<Self, InvalidValue> {
        let text = text.into();
        InvalidValue::unless_of(NQCHAR, &text, "display", "one name")?;
        Ok(Self(Cow::Owned(text)))
    }

    /// A mode known when the program is compiled, such as a provider's own.
    ///
    /// # Panics
    /// When it is not one name, which in a `const` is an error of the compiler's.
    pub const fn from_static(text: &'static str) -> Self {
        // The text is the programmer's own, and no input.
        assert!(NQCHAR.holds_all_of(text.as_bytes()), "display: expected one name");
        Self(Cow::Borrowed(text))
    }

    /// The mode.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Display {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_name() {
        assert_eq!(Display::new("mobile").unwrap(), Display::from_static("mobile"));
        for bad in ["", "two words", "é", "a\"b"] {
            assert!(Display::new(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    #[should_panic(expected = "display: expected one name")]
    fn a_static_one_is_checked_too() {
        let _ = Display::from_static("two words");
    }

    #[test]
    fn the_constants_are_the_standards() {
        let constants = [Display::PAGE, Display::POPUP, Display::TOUCH, Display::WAP];
        for (constant, text) in constants.iter().zip(["page", "popup", "touch", "wap"]) {
            assert_eq!(*constant, Display::new(text).unwrap());
        }
    }
}
