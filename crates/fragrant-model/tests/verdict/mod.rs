//! What a search finds that no cut may change, for the tests that leave cuts out.

use fragrant_model::search::{Stop, search};
use fragrant_model::world::Cuts;
use fragrant_model::{Property, Setting};

/// What was found in a world, all of it searched.
pub(crate) struct Verdict {
    pub(crate) broken: Vec<Property>,
    pub(crate) is_reached: bool,
    pub(crate) states: usize,
    transitions: u64,
}

impl Verdict {
    pub(crate) fn of(setting: &Setting, cuts: Cuts) -> Self {
        let mut setting = setting.clone();
        setting.cuts = cuts;
        let found = search(&setting, Stop::default(), |_| {}).unwrap();
        assert!(found.is_exhausted);
        Self {
            is_reached: found.reached.is_some(),
            states: found.states,
            transitions: found.transitions,
            broken: found.violations.into_keys().collect(),
        }
    }

    /// What is broken, as far as it is asked without these cuts: whether a sign-in completes is asked of whole steps only.
    pub(crate) fn asked(&self, cuts: Cuts) -> Vec<Property> {
        let is_asked = |property: &Property| cuts.pages_at_once || *property != Property::Completion;
        self.broken.iter().copied().filter(is_asked).collect()
    }

    /// Whether there is more to try in it than in another.
    pub(crate) const fn is_more_than(&self, other: &Self) -> bool {
        self.states > other.states || self.transitions > other.transitions
    }
}
