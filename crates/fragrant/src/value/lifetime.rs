//! How long a token lives: `expires_in` on the wire, and the moment that follows from it.

use core::fmt;

use super::{InvalidValue, Timestamp};
use crate::grammar::{self, DIGIT};

/// `expires_in`: the lifetime of the access token in **seconds** from the moment the answer was made (RFC 6749 section
/// 4.2.2; grammar `1*DIGIT`, appendix A.14). Zero is a token that has already ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ExpiresIn(u64);

impl ExpiresIn {
    /// This many **seconds**.
    pub const fn from_seconds(seconds: u64) -> Self {
        Self(seconds)
    }

    /// Reads the wire form: decimal digits and nothing else; no sign, fraction, exponent or blank.
    ///
    /// # Errors
    /// [`InvalidValue`] for any other text and for a number above `u64::MAX`.
    pub fn parse(text: &str) -> Result<Self, InvalidValue> {
        // req: RFC6749-A.14-1
        let expected = "decimal digits, a number of seconds that fits in 64 bits";
        InvalidValue::unless_of(DIGIT, text, "expires_in", expected)?;
        let seconds = grammar::number(text, 10);
        seconds.map(Self).ok_or(InvalidValue::new("expires_in", None, expected))
    }

    /// The lifetime in **seconds**.
    pub const fn as_seconds(self) -> u64 {
        self.0
    }

    /// The moment at which a token received at `now` ends. The answer was made a little earlier than it arrived, so
    /// the true end is a little earlier too; a renewal margin covers that.
    pub const fn expiry(self, now: Timestamp) -> Expiry {
        Expiry(now.saturating_add(self.0))
    }
}

impl fmt::Display for ExpiresIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The moment at which a token ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Expiry(Timestamp);

impl Expiry {
    /// Ends at this moment.
    pub const fn at(moment: Timestamp) -> Self {
        Self(moment)
    }

    /// The moment itself.
    pub const fn moment(self) -> Timestamp {
        self.0
    }

    /// Whether the token has ended: at the very second of its end it has.
    pub fn is_past(self, now: Timestamp) -> bool {
        now >= self.0
    }

    /// **Seconds** left at `now`; 0 when it has ended.
    pub const fn seconds_left(self, now: Timestamp) -> u64 {
        self.0.seconds_since(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    // req(test): RFC6749-A.14-1
    fn expires_in_is_digits_only() {
        assert_eq!(ExpiresIn::parse("3600").unwrap().as_seconds(), 3600);
        assert_eq!(ExpiresIn::parse("0").unwrap().as_seconds(), 0);
        assert_eq!(ExpiresIn::parse("0003600").unwrap().as_seconds(), 3600);
        assert_eq!(ExpiresIn::parse("18446744073709551615").unwrap().as_seconds(), u64::MAX);
        for bad in
            ["", "-10", "+1", "3600.12", " 3600", "3600s", "1e3", "foo", "never", "18446744073709551616"]
        {
            assert!(ExpiresIn::parse(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_moment_saturates_and_the_end_is_exclusive() {
        let now = Timestamp::from_unix_seconds(100);
        assert_eq!(ExpiresIn::from_seconds(u64::MAX).expiry(now).moment(), Timestamp::MAX);
        let end = ExpiresIn::from_seconds(10).expiry(now);
        assert!(!end.is_past(Timestamp::from_unix_seconds(109)));
        assert!(end.is_past(Timestamp::from_unix_seconds(110)));
        assert_eq!(end.seconds_left(Timestamp::from_unix_seconds(108)), 2);
        assert_eq!(end.seconds_left(Timestamp::from_unix_seconds(111)), 0);
        assert!(ExpiresIn::from_seconds(0).expiry(now).is_past(now));
    }
}
