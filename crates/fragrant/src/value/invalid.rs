//! The error of the value constructors whose rule is a plain grammar.

use core::fmt;

use crate::grammar::ByteClass;
use crate::text;

/// A value that its grammar refuses: which parameter, where, and what was expected. Never the value itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidValue {
    name: &'static str,
    at: Option<usize>,
    expected: &'static str,
}

impl InvalidValue {
    pub(crate) const fn new(name: &'static str, at: Option<usize>, expected: &'static str) -> Self {
        Self { name, at, expected }
    }

    /// Checks that `text` is one or more bytes of `class`.
    pub(crate) fn unless_of(
        class: ByteClass,
        text: &str,
        name: &'static str,
        expected: &'static str,
    ) -> Result<(), Self> {
        if class.is_one_or_more(text.as_bytes()) {
            return Ok(());
        }
        Err(Self::new(name, class.first_outside(text.as_bytes()), expected))
    }

    /// The wire name of the parameter, or a plain noun for what is no parameter.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The byte offset of the first byte that does not belong, where there is one.
    pub const fn at(&self) -> Option<usize> {
        self.at
    }

    /// What would have been right.
    pub const fn expected(&self) -> &'static str {
        self.expected
    }
}

impl fmt::Display for InvalidValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        text::write(f, &[self.name, ": expected ", self.expected])?;
        match self.at {
            Some(at) => text::write(f, &[" (byte ", &text::decimal(at as u64), " does not fit)"]),
            None => Ok(()),
        }
    }
}

impl core::error::Error for InvalidValue {}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;
    use crate::grammar::DIGIT;

    #[test]
    fn an_error_says_which_parameter_where_and_what_was_expected() {
        let check = |text| InvalidValue::unless_of(DIGIT, text, "expires_in", "digits");
        assert_eq!(check("3600"), Ok(()));
        let error = check("36s0").unwrap_err();
        assert_eq!((error.name(), error.at(), error.expected()), ("expires_in", Some(2), "digits"));
        assert_eq!(error.to_string(), "expires_in: expected digits (byte 2 does not fit)");
        let nothing = check("").unwrap_err();
        assert_eq!((nothing.name(), nothing.at(), nothing.expected()), ("expires_in", None, "digits"));
        assert_eq!(nothing.to_string(), "expires_in: expected digits");
    }
}
