//! The same space for a search other than ours.

use super::World;
use super::steps::Steps;
use crate::world::{Refused, Setting};

/// All that can happen in a world, for somebody else's search: where it begins, and what comes after each state.
pub struct Space(Steps);

/// A state of the world. It means something in its own [`Space`] only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct State(World);

impl Space {
    /// The space of a world.
    ///
    /// # Errors
    /// [`Refused`] when the core refuses something of which the world is made.
    pub fn new(setting: &Setting) -> Result<Self, Refused> {
        Ok(Self(Steps::new(setting)?))
    }

    /// The state in which everything begins.
    pub fn first(&self) -> State {
        State(self.0.first())
    }

    /// The states after this one, one for each transition.
    pub fn after(&self, state: &State) -> Vec<State> {
        self.0.of(&state.0).into_iter().map(|step| State(step.next)).collect()
    }
}

impl std::fmt::Debug for Space {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Space").finish_non_exhaustive()
    }
}
