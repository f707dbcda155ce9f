//! Waiting for a condition, never for a time.

use std::thread::sleep;
use std::time::{Duration, Instant};

/// How long something may take that does happen. It is far more than anything needs, for machines that are busy.
pub const LIMIT: Duration = Duration::from_secs(30);

/// How long to leave the browser alone between two looks.
pub(crate) const PAUSE: Duration = Duration::from_millis(20);

/// Looks until there is something to see.
///
/// # Panics
/// When [`LIMIT`] is over, with the words that say what was waited for.
pub fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(seen) = look() {
            return seen;
        }
        assert!(start.elapsed() < LIMIT, "waited {} seconds in vain for {what}", LIMIT.as_secs());
        sleep(PAUSE);
    }
}
