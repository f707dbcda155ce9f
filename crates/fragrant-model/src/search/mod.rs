//! The search: breadth first over full states, so that what it finds is shortest, in an order that is always the same.

mod moves;
mod outcomes;
mod space;
mod steps;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

pub use space::{Space, State};
use steps::{Step, Steps};

use crate::property::{Properties, Property};
use crate::table::Numbered;
use crate::world::{Refused, Setting};

/// A state of the world: numbers of what it consists of, and what is left of the bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct World {
    browsers: [u32; 2],
    knowledge: u32,
    /// What has come the attacker's way and was not picked up, where gains are not his at once.
    flying: u32,
    starts: u8,
    lures: u8,
    waits: u8,
    /// The attacker has signed in as somebody else.
    is_posing: bool,
}

/// What a search has found.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Findings {
    /// Each property that does not hold, with the shortest way to break it.
    pub violations: BTreeMap<Property, Vec<String>>,
    /// How many actions it takes until a user has been served with a token of her own; `None` if no way leads there, so
    /// that nothing else that was found means anything.
    pub reached: Option<usize>,
    /// Whether there is nothing else: no state was left unvisited.
    pub is_exhausted: bool,
    /// How many states there are.
    pub states: usize,
    /// How many moves lead from a state to one.
    pub transitions: u64,
    /// How many actions the longest of the shortest ways has.
    pub depth: usize,
    /// How many browsers the states consist of.
    pub browsers: usize,
    /// How long it took.
    pub time: Duration,
}

/// How far a search has come.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Progress {
    /// States met so far.
    pub states: usize,
    /// States looked at so far.
    pub visited: usize,
    /// Moves so far.
    pub transitions: u64,
    /// How deep it is.
    pub depth: usize,
    /// How long it has run.
    pub time: Duration,
}

/// When to stop before the end.
#[derive(Clone, Copy, Debug, Default)]
#[allow(clippy::exhaustive_structs)] // written as a literal, the rest by default
pub struct Stop {
    /// As soon as all of these are broken, if there are any.
    pub when_broken: Properties,
    /// When there are more states than this.
    pub states: Option<usize>,
    /// When it has taken longer than this.
    pub time: Option<Duration>,
}

/// Searches all that can happen in a world.
///
/// # Errors
/// [`Refused`] when a bound is out of the model's reach, or the core refuses something of which the world is made.
pub fn search(setting: &Setting, stop: Stop, progress: impl FnMut(&Progress)) -> Result<Findings, Refused> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    search_by(threads, setting, stop, progress)
}

fn search_by(
    threads: usize,
    setting: &Setting,
    stop: Stop,
    mut progress: impl FnMut(&Progress),
) -> Result<Findings, Refused> {
    let began = Instant::now();
    let mut search = Search::new(setting)?;
    let (mut at, mut depth, mut end_of_level) = (0, 0, 1);
    let mut is_exhausted = true;
    'all: while at < search.states.len() {
        // What is to come of a few thousand states is worked out by all threads, and looked at in the order of the states.
        let ahead: Vec<World> =
            (at..search.states.len()).take(AHEAD).map(|number| search.states.get(number)).collect();
        for steps in search.steps.of_each(&ahead, threads) {
            if at == end_of_level {
                (depth, end_of_level) = (depth + 1, search.states.len());
            }
            if at % 4096 == 0 && at > 0 {
                let time = began.elapsed();
                let (states, transitions) = (search.states.len(), search.transitions);
                progress(&Progress { states, visited: at, transitions, depth, time });
                if stop.states.is_some_and(|most| states > most) || stop.time.is_some_and(|most| time > most)
                {
                    is_exhausted = false;
                    break 'all;
                }
            }
            for step in steps {
                search.reach(at, depth, &step);
            }
            let is_broken = |own| search.found.contains_key(&own);
            if !stop.when_broken.is_empty() && stop.when_broken.iter().all(is_broken) {
                is_exhausted = false;
                break 'all;
            }
            at += 1;
        }
    }
    let violations =
        search.found.iter().map(|(property, found)| (*property, search.way_to(*found))).collect();
    Ok(Findings {
        violations,
        reached: search.reached,
        is_exhausted,
        states: search.states.len(),
        transitions: search.transitions,
        depth,
        browsers: search.steps.memory.browsers(),
        time: began.elapsed(),
    })
}

/// How many states are worked on before what has come of them is looked at.
const AHEAD: usize = 4096;

struct Search {
    steps: Steps,
    states: Numbered<World>,
    /// By which action each state was first reached, and from which.
    ways: Vec<(u32, u32)>,
    /// The last step of the shortest way to break each property; none if it is broken from the beginning.
    found: BTreeMap<Property, Option<(usize, u32)>>,
    reached: Option<usize>,
    transitions: u64,
}

impl Search {
    fn new(setting: &Setting) -> Result<Self, Refused> {
        let steps = Steps::new(setting)?;
        let mut states = Numbered::new();
        let (first, beginning) = steps.first();
        states.add(first);
        Ok(Self {
            steps,
            states,
            ways: vec![(0, 0)],
            found: beginning.broken.iter().map(|property| (property, None)).collect(),
            reached: beginning.is_reached.then_some(0),
            transitions: 0,
        })
    }

    fn reach(&mut self, at: usize, depth: usize, step: &Step) {
        self.transitions += 1;
        if step.is_reached && self.reached.is_none() {
            self.reached = Some(depth + 1);
        }
        for property in step.broken.iter() {
            self.found.entry(property).or_insert(Some((at, step.action)));
        }
        if self.states.add(step.next) {
            // As many as there are states, which have numbers of this width.
            self.ways.push((u32::try_from(at).unwrap_or(u32::MAX), step.action));
        }
    }

    /// The actions from the beginning to a last one.
    fn way_to(&self, last: Option<(usize, u32)>) -> Vec<String> {
        let Some((mut at, last)) = last else { return Vec::new() };
        let mut actions = vec![last];
        while at != 0 {
            let (before, action) = self.ways[at];
            actions.push(action);
            at = before as usize;
        }
        actions.iter().rev().map(|action| self.steps.memory.actions.value(*action).to_string()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::switch::Switch;
    use crate::world::Bounds;

    #[test]
    fn threads_make_no_difference() {
        let bounds = Bounds { starts: 1, lures: 2, ..Bounds::GOAL };
        let mut settings = vec![Setting::new(bounds)];
        for id in ["T01", "T14"] {
            let mut setting = Setting::new(bounds);
            let switch = Switch::find(id).unwrap();
            if switch.is_available() {
                switch.turn_off(&mut setting);
                settings.push(setting);
            }
        }
        for setting in settings {
            let [one, many] =
                [1, 4].map(|threads| search_by(threads, &setting, Stop::default(), |_| {}).unwrap());
            assert_eq!(one.violations, many.violations);
            let counts = |found: &Findings| {
                (found.states, found.transitions, found.depth, found.browsers, found.reached)
            };
            assert_eq!(counts(&one), counts(&many));
            assert!(one.states > 700, "enough for more than one thread");
        }
    }
}
