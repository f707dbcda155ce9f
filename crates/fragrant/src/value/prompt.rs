//! `prompt`: which pages the authorization server may or must show.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::InvalidValue;
use crate::grammar::NQCHAR;
use crate::text::pieces;

/// One value of `prompt` (OpenID Connect Core section 3.1.2.1). Open: providers add their own.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Prompt(Cow<'static, str>);

impl Prompt {
    /// Show nothing at all: answer from the login session or fail.
    pub const NONE: Self = Self(Cow::Borrowed("none"));
    /// Ask for credentials even if a login session lives.
    pub const LOGIN: Self = Self(Cow::Borrowed("login"));
    /// Ask for consent even if it was given before.
    pub const CONSENT: Self = Self(Cow::Borrowed("consent"));
    /// Let the resource owner choose an account.
    pub const SELECT_ACCOUNT: Self = Self(Cow::Borrowed("select_account"));

    /// A value known when the program is compiled, such as a provider's own.
    ///
    /// # Panics
    /// When it is not one name, which in a `const` is an error of the compiler's.
    pub const fn from_static(text: &'static str) -> Self {
        // The text is the programmer's own, and no input.
        assert!(NQCHAR.holds_all_of(text.as_bytes()), "prompt: expected one name");
        Self(Cow::Borrowed(text))
    }

    /// The value.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// How many prompts a set may hold: far more than anybody defines, and few enough to be compared with each other.
const MAX_PROMPTS: usize = 16;

/// The set of prompts that a request carries. `none` stands alone.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Prompts(Vec<Prompt>);

impl Prompts {
    /// A set from its members; repeated ones count once.
    ///
    /// # Errors
    /// [`InvalidValue`] when it is empty, a member is no plain name, or `none` is not alone.
    pub fn new(prompts: impl IntoIterator<Item = Prompt>) -> Result<Self, InvalidValue> {
        let mut set: Vec<Prompt> = Vec::new();
        for prompt in prompts {
            InvalidValue::unless_of(NQCHAR, prompt.as_str(), "prompt", "names separated by single spaces")?;
            if set.contains(&prompt) {
                continue;
            }
            if set.len() == MAX_PROMPTS {
                return Err(InvalidValue::new("prompt", None, "at most 16 names"));
            }
            set.push(prompt);
        }
        if set.is_empty() {
            return Err(InvalidValue::new("prompt", None, "at least one name"));
        }
        // req: OIDC-3.1.2.1-8
        if set.len() > 1 && set.contains(&Prompt::NONE) {
            return Err(InvalidValue::new("prompt", None, "`none` alone or other names without it"));
        }
        Ok(Self(set))
    }

    /// Reads the wire form: names separated by single spaces.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn parse(text: &str) -> Result<Self, InvalidValue> {
        Self::new(pieces(text, b' ').map(|name| Prompt(Cow::Owned(name.into()))))
    }

    /// `prompt=none`.
    pub fn none() -> Self {
        Self([Prompt::NONE].into())
    }

    /// Whether it is `none`: no page may be shown.
    pub fn is_none(&self) -> bool {
        self.contains(&Prompt::NONE)
    }

    /// Whether `prompt` is a member.
    pub fn contains(&self, prompt: &Prompt) -> bool {
        self.0.contains(prompt)
    }

    /// The members in the order given.
    pub fn iter(&self) -> impl Iterator<Item = &Prompt> {
        self.0.iter()
    }

    /// The wire form.
    pub fn to_text(&self) -> String {
        let names: Vec<&str> = self.0.iter().map(Prompt::as_str).collect();
        names.join(" ")
    }
}

impl fmt::Display for Prompts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_text())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    // req(test): OIDC-3.1.2.1-8
    fn none_stands_alone() {
        assert!(Prompts::parse("none").unwrap().is_none());
        assert!(Prompts::parse("none none").unwrap().is_none());
        assert_eq!(Prompts::parse("login sso login").unwrap().to_text(), "login sso");
        for bad in ["", "none login", "login none", "login  sso", " login", "a\"b"] {
            assert!(Prompts::parse(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    #[should_panic(expected = "prompt: expected one name")]
    fn a_static_one_is_checked_too() {
        let _ = Prompt::from_static("two words");
    }

    #[test]
    fn a_set_is_small() {
        let names = |count: usize| (0..count).map(|at| alloc::format!("p{at}")).collect::<Vec<_>>().join(" ");
        assert_eq!(Prompts::parse(&names(16)).unwrap().iter().count(), 16);
        assert!(Prompts::parse(&names(17)).is_err());
    }

    #[test]
    fn a_providers_own_prompt_is_one_as_any_other() {
        let own = Prompt::from_static("sso");
        assert_eq!(own.as_str(), "sso");
        let set = Prompts::new([own.clone(), Prompt::LOGIN, own.clone()]).unwrap();
        assert_eq!(set.to_text(), "sso login");
        assert!(set.contains(&own) && !set.contains(&Prompt::CONSENT) && !set.is_none());
        assert!(set.iter().eq([&own, &Prompt::LOGIN]));
    }

    #[test]
    fn each_refusal_in_words() {
        let many: Vec<_> = (0..17).map(|at| alloc::format!("p{at}")).collect();
        for (prompts, text) in [
            ("", "prompt: expected names separated by single spaces"),
            ("a  b", "prompt: expected names separated by single spaces"),
            ("a\"", "prompt: expected names separated by single spaces (byte 1 does not fit)"),
            ("none login", "prompt: expected `none` alone or other names without it"),
            (&*many.join(" "), "prompt: expected at most 16 names"),
        ] {
            assert_eq!(alloc::format!("{}", Prompts::parse(prompts).unwrap_err()), text);
        }
        assert_eq!(alloc::format!("{}", Prompts::new([]).unwrap_err()), "prompt: expected at least one name");
    }
}
