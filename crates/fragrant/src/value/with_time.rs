//! Conversions from and to the `time` crate (feature `time`).

use time::OffsetDateTime;
use time::error::ComponentRange;

use super::{InvalidValue, Timestamp};

impl TryFrom<OffsetDateTime> for Timestamp {
    type Error = InvalidValue;

    /// Fractions of a second are dropped.
    fn try_from(moment: OffsetDateTime) -> Result<Self, InvalidValue> {
        let seconds = u64::try_from(moment.unix_timestamp());
        seconds
            .map(Self::from_unix_seconds)
            .map_err(|_| InvalidValue::new("time", None, "a moment since 1970"))
    }
}

impl TryFrom<Timestamp> for OffsetDateTime {
    type Error = ComponentRange;

    /// # Errors
    /// A moment after the year 9999 (or the range of `time`'s feature `large-dates`).
    fn try_from(moment: Timestamp) -> Result<Self, ComponentRange> {
        // What does not fit in `i64` is far out of the range that is checked next.
        Self::from_unix_timestamp(i64::try_from(moment.as_unix_seconds()).unwrap_or(i64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_survive_and_those_out_of_range_are_refused() {
        let moment = Timestamp::from_unix_seconds(1_760_000_000);
        let time = OffsetDateTime::try_from(moment).unwrap();
        assert_eq!(time.year(), 2025);
        assert_eq!(Timestamp::try_from(time), Ok(moment));
        assert!(OffsetDateTime::try_from(Timestamp::MAX).is_err());
        assert!(Timestamp::try_from(OffsetDateTime::UNIX_EPOCH - time::Duration::SECOND).is_err());
    }
}
