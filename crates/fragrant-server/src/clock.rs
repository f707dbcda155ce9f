//! What time the server thinks it is.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use fragrant::value::Timestamp;

/// A clock that can be moved by hand, so that nobody has to wait for a token to end. Clones are the same clock.
#[derive(Clone, Debug)]
pub struct Clock {
    base: Base,
    /// How far it was moved, in **seconds**.
    ahead: Arc<AtomicU64>,
}

#[derive(Clone, Copy, Debug)]
enum Base {
    At(Timestamp),
    System,
}

impl Clock {
    /// The machine's clock, and as far ahead of it as it is moved.
    pub fn system() -> Self {
        Self { base: Base::System, ahead: Arc::default() }
    }

    /// A clock that stands still at this moment until it is moved.
    pub fn at(moment: Timestamp) -> Self {
        Self { base: Base::At(moment), ahead: Arc::default() }
    }

    /// What time it is.
    pub fn now(&self) -> Timestamp {
        let base = match self.base {
            Base::At(moment) => moment,
            // A machine whose clock stands before 1970 is in 1970.
            Base::System => Timestamp::from_unix_seconds(
                SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs(),
            ),
        };
        base.saturating_add(self.ahead.load(Ordering::Relaxed))
    }

    /// Moves it ahead by this many **seconds**, for everyone who holds it.
    pub fn advance(&self, seconds: u64) {
        // It never goes back, so it stops at the end of time.
        let moved = |ahead: u64| Some(ahead.saturating_add(seconds));
        let _ = self.ahead.fetch_update(Ordering::Relaxed, Ordering::Relaxed, moved);
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::system()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clones_are_moved_together() {
        let clock = Clock::at(Timestamp::from_unix_seconds(1_000));
        let other = clock.clone();
        clock.advance(60);
        assert_eq!(other.now(), Timestamp::from_unix_seconds(1_060));
        other.advance(u64::MAX);
        other.advance(1);
        assert_eq!(clock.now(), Timestamp::MAX);
    }

    #[test]
    fn the_systems_clock_can_be_moved_too() {
        let clock = Clock::system();
        let before = clock.now();
        clock.advance(3_600);
        assert!(clock.now().seconds_since(before) >= 3_600);
    }
}
