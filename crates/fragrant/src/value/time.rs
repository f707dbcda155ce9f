//! A moment, as the core counts it.

use alloc::string::String;

use super::InvalidValue;
use crate::{grammar, text};

/// A moment in **seconds** since the Unix epoch. The core reads no clock; whoever calls it says what time it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Timestamp(u64);

impl Timestamp {
    /// The latest moment that can be named; additions stop here.
    pub const MAX: Self = Self(u64::MAX);

    /// The moment this many **seconds** after the Unix epoch.
    pub const fn from_unix_seconds(seconds: u64) -> Self {
        Self(seconds)
    }

    /// **Seconds** since the Unix epoch.
    pub const fn as_unix_seconds(self) -> u64 {
        self.0
    }

    /// Reads the text form, which is that of a stored record: **seconds** since the Unix epoch in decimal digits.
    ///
    /// # Errors
    /// [`InvalidValue`] when it is anything else, or does not fit into 64 bits.
    pub fn parse(text: &str) -> Result<Self, InvalidValue> {
        let expected = "decimal digits, a number of seconds that fits in 64 bits";
        grammar::number(text, 10).map(Self).ok_or(InvalidValue::new("moment", None, expected))
    }

    /// The text form.
    pub fn to_text(self) -> String {
        text::decimal(self.0)
    }

    /// This moment and `seconds` more, or [`MAX`](Self::MAX).
    #[must_use]
    pub const fn saturating_add(self, seconds: u64) -> Self {
        Self(self.0.saturating_add(seconds))
    }

    /// This moment less `seconds`, or the epoch.
    #[must_use]
    pub const fn saturating_sub(self, seconds: u64) -> Self {
        Self(self.0.saturating_sub(seconds))
    }

    /// The **seconds** from `earlier` to this moment; 0 if it is not earlier.
    pub const fn seconds_since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_read_as_it_was_written_and_nothing_else_is_one() {
        for seconds in [0, 9, 10, 1_760_000_000, u64::MAX] {
            let text = alloc::format!("{seconds}");
            assert_eq!(Timestamp::from_unix_seconds(seconds).to_text(), text);
            assert_eq!(Timestamp::parse(&text), Ok(Timestamp::from_unix_seconds(seconds)));
        }
        for text in ["", "-1", "+1", " 1", "1 ", "1.5", "0x1", "18446744073709551616"] {
            assert!(Timestamp::parse(text).is_err(), "{text}");
        }
    }
}
