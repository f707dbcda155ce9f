//! The search: breadth first over full states, so that what it finds is shortest, in an order that is always the same.

mod intern;
mod moves;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use intern::States;
pub(crate) use moves::broken_by;
use moves::{Memory, Move};

use crate::property::{Properties, Property};
use crate::world::{Action, Refused, Setting};

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
/// [`Refused`] when the core refuses something of which the world is made.
pub fn search(
    setting: &Setting,
    stop: Stop,
    mut progress: impl FnMut(&Progress),
) -> Result<Findings, Refused> {
    let began = Instant::now();
    let mut search = Search::new(setting)?;
    let (mut at, mut depth, mut end_of_level) = (0, 0, 1);
    let mut is_exhausted = true;
    while at < search.states.len() {
        if at == end_of_level {
            (depth, end_of_level) = (depth + 1, search.states.len());
        }
        if at % 4096 == 0 && at > 0 {
            let time = began.elapsed();
            let (states, transitions) = (search.states.len(), search.transitions);
            progress(&Progress { states, visited: at, transitions, depth, time });
            if stop.states.is_some_and(|most| states > most) || stop.time.is_some_and(|most| time > most) {
                is_exhausted = false;
                break;
            }
        }
        search.visit(at, depth);
        at += 1;
        if !stop.when_broken.is_empty() && stop.when_broken.iter().all(|own| search.found.contains_key(&own))
        {
            is_exhausted = false;
            break;
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
        browsers: search.memory.browsers.len(),
        time: began.elapsed(),
    })
}

struct Search {
    memory: Memory,
    setting: Setting,
    states: States<World>,
    /// By which action each state was first reached, and from which.
    ways: Vec<(u32, u32)>,
    /// The last step of the shortest way to break each property.
    found: BTreeMap<Property, (usize, u32)>,
    reached: Option<usize>,
    transitions: u64,
}

impl Search {
    fn new(setting: &Setting) -> Result<Self, Refused> {
        let mut memory = Memory::new(setting)?;
        // Nothing is number 0 of all knowledge.
        memory.knowledge.number([].into());
        let browsers = memory.model.browsers();
        let first = memory.model.beginning();
        let mut numbers = [0; 2];
        for (number, browser) in numbers.iter_mut().zip(browsers) {
            *number = memory.browsers.number(browser);
        }
        let first = memory.knowledge.number(first);
        let (knowledge, flying) = if setting.cuts.gains_at_once { (first, 0) } else { (0, first) };
        let mut states = States::new();
        states.add(World {
            browsers: numbers,
            knowledge,
            flying,
            starts: 0,
            lures: 0,
            waits: 0,
            is_posing: false,
        });
        Ok(Self {
            memory,
            setting: setting.clone(),
            states,
            ways: vec![(0, 0)],
            found: BTreeMap::new(),
            // Whoever is signed in already has been served before.
            reached: setting.signed_in.then_some(0),
            transitions: 0,
        })
    }

    /// Makes every move that a state has.
    fn visit(&mut self, at: usize, depth: usize) {
        let world = self.states.get(at);
        let bounds = self.setting.bounds;
        for user in 0..usize::from(bounds.users) {
            let browser = world.browsers[user];
            let is_undisturbed = world.lures == 0 && world.waits == 0;
            for done in &*self.memory.own(browser, world.waits, is_undisturbed) {
                self.go(at, depth, user, world, done);
            }
            if world.starts < bounds.starts {
                let next = World { starts: world.starts + 1, ..world };
                for done in &*self.memory.starts(browser, world.waits) {
                    self.go(at, depth, user, next, done);
                }
            }
            if world.lures < bounds.lures {
                let next = World { lures: world.lures + 1, ..world };
                for done in &*self.memory.lures(browser, world.knowledge, world.waits) {
                    self.go(at, depth, user, next, done);
                }
            }
        }
        if world.waits < bounds.waits {
            self.wait(at, depth, world);
        }
        if world.flying != 0 {
            self.learn(at, world);
        }
        if !world.is_posing {
            for (action, broken) in &*self.memory.presents(world.knowledge) {
                self.reach(at, *action, World { is_posing: true, ..world }, *broken);
            }
        }
    }

    /// One browser has changed.
    fn go(&mut self, at: usize, depth: usize, user: usize, mut next: World, done: &Move) {
        next.browsers[user] = done.browser;
        let broken = self.gain(&mut next, done.gains, done.broken);
        if done.is_reached && self.reached.is_none() {
            self.reached = Some(depth + 1);
        }
        self.reach(at, done.action, next, broken);
    }

    fn wait(&mut self, at: usize, depth: usize, world: World) {
        let mut next = World { waits: world.waits + 1, ..world };
        let mut broken = Properties::of_none();
        let mut action = 0;
        for user in 0..usize::from(self.setting.bounds.users) {
            let done = self.memory.wait(next.browsers[user], next.waits);
            next.browsers[user] = done.browser;
            broken.add_all(self.gain(&mut next, done.gains, done.broken));
            action = done.action;
            if done.is_reached && self.reached.is_none() {
                self.reached = Some(depth + 1);
            }
        }
        self.reach(at, action, next, broken);
    }

    /// The attacker picks up one thing of all that has come his way.
    fn learn(&mut self, at: usize, world: World) {
        let terms = self.memory.knowledge.value(world.flying);
        for term in terms.iter() {
            let one = self.memory.knowledge.number([term.clone()].into());
            let next = World {
                knowledge: self.memory.union(world.knowledge, one),
                flying: self.memory.without(world.flying, one),
                ..world
            };
            let action = self.memory.actions.number(Action::Learn { term: term.clone() });
            let broken = self.memory.broken_by(one);
            self.reach(at, action, next, broken);
        }
    }

    fn gain(&mut self, next: &mut World, gains: u32, mut broken: Properties) -> Properties {
        if gains != 0 {
            if self.setting.cuts.gains_at_once {
                broken.add_all(self.memory.broken_by(gains));
                next.knowledge = self.memory.union(next.knowledge, gains);
            } else {
                let new = self.memory.without(gains, next.knowledge);
                next.flying = self.memory.union(next.flying, new);
            }
        }
        broken
    }

    fn reach(&mut self, at: usize, action: u32, next: World, broken: Properties) {
        self.transitions += 1;
        for property in broken.iter() {
            self.found.entry(property).or_insert((at, action));
        }
        if self.states.add(next) {
            // As many as there are states, which have numbers of this width.
            self.ways.push((u32::try_from(at).unwrap_or(u32::MAX), action));
        }
    }

    /// The actions from the beginning to a last one.
    fn way_to(&self, (mut at, last): (usize, u32)) -> Vec<String> {
        let mut actions = vec![last];
        while at != 0 {
            let (before, action) = self.ways[at];
            actions.push(action);
            at = before as usize;
        }
        actions.iter().rev().map(|action| self.memory.actions.value(*action).to_string()).collect()
    }
}
