//! How a session goes about it.

/// What an application decides about its session. Times are in **seconds**.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Settings {
    /// How long a hidden frame may take to bring its answer: 10 unless set.
    pub answer_timeout: u32,
    /// How far two clocks may differ: a token counts as ended this long before its end, and a clock that goes back by no
    /// more counts as standing still. 5 unless set.
    pub clock_skew: u32,
    /// Where the token is kept: in memory unless set.
    pub token_store: TokenStore,
    /// Whether the application runs in several tabs that can talk to each other: no unless set.
    pub tabs: Tabs,
}

/// Where a token is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(clippy::exhaustive_enums)] // it survives the page or it does not
pub enum TokenStore {
    /// In memory: it is gone when the page is.
    #[default]
    Memory,
    /// In a store of the user agent, where whatever runs in the page can read it.
    Persistent,
}

/// Whether there are other tabs to be told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(clippy::exhaustive_enums)] // there are or there are not
pub enum Tabs {
    /// No: nobody is told, and no lock is taken.
    #[default]
    Alone,
    /// Yes: one of them renews and tells the others.
    Several,
}

impl Settings {
    /// In memory, one tab, 10 seconds for an answer, 5 between two clocks.
    pub const DEFAULT: Self =
        Self { answer_timeout: 10, clock_skew: 5, token_store: TokenStore::Memory, tabs: Tabs::Alone };

    /// Sets how long a hidden frame may take to bring its answer, in **seconds**.
    #[must_use]
    pub const fn with_answer_timeout(mut self, seconds: u32) -> Self {
        self.answer_timeout = seconds;
        self
    }

    /// Sets how far two clocks may differ, in **seconds**.
    #[must_use]
    pub const fn with_clock_skew(mut self, seconds: u32) -> Self {
        self.clock_skew = seconds;
        self
    }

    /// Sets where the token is kept.
    #[must_use]
    pub const fn with_token_store(mut self, store: TokenStore) -> Self {
        self.token_store = store;
        self
    }

    /// Sets whether there are other tabs.
    #[must_use]
    pub const fn with_tabs(mut self, tabs: Tabs) -> Self {
        self.tabs = tabs;
        self
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self::DEFAULT
    }
}
