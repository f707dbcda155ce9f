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
    /// [`Refused`] when a bound is out of the model's reach, or the core refuses something of which the world is made.
    pub fn new(setting: &Setting) -> Result<Self, Refused> {
        Ok(Self(Steps::new(setting)?))
    }

    /// The state in which everything begins.
    pub fn first(&self) -> State {
        State(self.0.first().0)
    }

    /// The states after this one, one for each transition. Any thread may ask.
    pub fn after(&self, state: &State) -> Vec<State> {
        self.0.memory.model.enter();
        self.0.of(&state.0).into_iter().map(|step| State(step.next)).collect()
    }
}

impl std::fmt::Debug for Space {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Space").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::search::{Stop, search};
    use crate::switch::SWITCHES;
    use crate::walk::walk;
    use crate::world::Bounds;

    /// A check of the core is told to say yes in one thread at a time.
    #[test]
    fn whatever_thread_asks_gets_the_same_states() {
        for switch in SWITCHES.iter().filter(|switch| switch.is_available()) {
            let found = search(&switch.off(), Stop::default(), |_| {}).unwrap();
            let space = Space::new(&switch.off()).unwrap();
            let met = std::thread::scope(|scope| {
                let count = || {
                    let (mut met, mut next) = (HashSet::from([space.first()]), vec![space.first()]);
                    while let Some(state) = next.pop() {
                        next.extend(space.after(&state).into_iter().filter(|after| met.insert(*after)));
                    }
                    met.len()
                };
                scope.spawn(count).join().unwrap()
            });
            assert_eq!(met, found.states, "{}", switch.id);
        }
    }

    #[test]
    fn bounds_that_are_out_of_reach_are_refused_by_all() {
        let setting = Setting::new(Bounds { tabs: 4, ..Bounds::SMALLEST });
        let refusals = [
            search(&setting, Stop::default(), |_| {}).map(drop),
            walk(&setting, 1, 1).map(drop),
            Space::new(&setting).map(drop),
        ];
        for refusal in refusals {
            assert_eq!(refusal.unwrap_err().to_string(), "the bound tabs is out of the model's reach");
        }
    }
}
