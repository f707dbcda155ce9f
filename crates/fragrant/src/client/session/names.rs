//! By which names the session and whoever drives it know calls and timers.

/// The caller's name for an API call. Each is used once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(clippy::exhaustive_structs)] // a number and nothing else
pub struct CallId(pub u64);

/// The timers, of which one of each name runs at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(clippy::exhaustive_enums)] // the three things that a session waits for by the clock
pub enum Timer {
    /// An answer is due: from a frame or the other tabs, or before the request of a popup or a redirect ends.
    Answer,
    /// The token is to be renewed.
    Renewal,
    /// Something is to be tried again.
    Retry,
}
