//! The resource owner: the person (or entity) who can grant access (RFC 6749 section 1.1), what that person can decide, and
//! which characters would keep that person from seeing what the decision is about.
//!
//! The protocol sees very little of a person: that somebody logged in, and what was decided. Everything else happens
//! on the authorization server's pages. Someone who closes the page does something too, and no message tells anybody
//! of it: the client's pending request just ends by its age.

use alloc::string::String;
use core::fmt;

use crate::value::{InvalidValue, Scope};

/// What a resource owner decides on the consent page.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(clippy::exhaustive_enums)] // complete: nothing, a part, everything
pub enum Decision {
    /// No token.
    Deny,
    /// A token for these names alone, which must be among those that the page showed.
    Grant(Scope),
    /// A token for all that the page showed.
    GrantAll,
}

/// The name under which the authorization server knows a resource owner: its own affair, never on the wire of this
/// grant.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ResourceOwnerId(String);

impl ResourceOwnerId {
    /// Takes any text that is not empty and has no control characters.
    ///
    /// # Errors
    /// [`InvalidValue`] when it is empty or has one.
    pub fn new(text: impl Into<String>) -> Result<Self, InvalidValue> {
        let text = text.into();
        let bad = text.find(char::is_control);
        if bad.is_some() || text.is_empty() {
            let expected = "text that is not empty and has no control characters";
            return Err(InvalidValue::new("resource owner", bad, expected));
        }
        Ok(Self(text))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ResourceOwnerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether a character makes people see another text than the one that is there: control characters, line separators,
/// those that set the direction of writing, and those that nobody sees. They are refused in what a consent page shows
/// (RFC 6749 section 10.2), and to be escaped in what a terminal or a log shows of an answer.
///
/// Beside the control characters it is all of Unicode's `Bidi_Control` and `Default_Ignorable_Code_Point`, the line and
/// paragraph separators, and the annotation marks. That holds the joiners and variation selectors too, which some
/// scripts and emoji use in good faith: with one of them two names can look the same and be different.
pub fn is_deceptive(char: char) -> bool {
    char.is_control()
        || matches!(
            char,
            '\u{AD}'
                | '\u{34F}'
                | '\u{61C}'
                | '\u{115F}'..='\u{1160}'
                | '\u{17B4}'..='\u{17B5}'
                | '\u{180B}'..='\u{180F}'
                | '\u{200B}'..='\u{200F}'
                | '\u{2028}'..='\u{202E}'
                | '\u{2060}'..='\u{206F}'
                | '\u{3164}'
                | '\u{FE00}'..='\u{FE0F}'
                | '\u{FEFF}'
                | '\u{FFA0}'
                | '\u{FFF0}'..='\u{FFFB}'
                | '\u{1BCA0}'..='\u{1BCA3}'
                | '\u{1D173}'..='\u{1D17A}'
                | '\u{E0000}'..='\u{E0FFF}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_sees_or_what_turns_the_text_around() {
        for (name, bad) in [
            ("control", "\0\t\n\r\u{1b}\u{7f}\u{85}\u{9b}"),
            ("direction", "\u{61c}\u{200e}\u{200f}\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}"),
            ("isolation", "\u{2066}\u{2067}\u{2068}\u{2069}"),
            ("lines", "\u{2028}\u{2029}"),
            ("no width", "\u{ad}\u{34f}\u{180e}\u{200b}\u{200c}\u{200d}\u{2060}\u{206a}\u{feff}"),
            ("fillers", "\u{115f}\u{1160}\u{17b4}\u{3164}\u{ffa0}"),
            ("variants, annotations and tags", "\u{fe0f}\u{fff9}\u{1d173}\u{e0001}\u{e0061}\u{e01ef}"),
        ] {
            assert!(bad.chars().all(is_deceptive), "{name}");
        }
        for good in ["Zoë & <b>", "電話帳", "دفتر", "ספר", "a\u{301}", "\u{1f4d6}", "\u{a0}\u{2009}"]
        {
            assert!(!good.chars().any(is_deceptive), "{good}");
        }
    }

    #[test]
    fn a_resource_owner_has_a_plain_name() {
        assert_eq!(ResourceOwnerId::new("Zoë 7").unwrap().as_str(), "Zoë 7");
        for bad in ["", "a\n", "\u{0}", "a\u{85}"] {
            assert!(ResourceOwnerId::new(bad).is_err(), "{bad:?}");
        }
        assert_eq!(ResourceOwnerId::new("a\n").unwrap_err().at(), Some(1));
    }

    #[test]
    fn a_resource_owner_prints_as_named() {
        assert_eq!(alloc::format!("{}", ResourceOwnerId::new("Zoë 7").unwrap()), "Zoë 7");
    }
}
