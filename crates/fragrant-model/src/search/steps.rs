//! The steps from a state to the next ones.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::World;
use super::moves::{Memory, Move};
use crate::property::Properties;
use crate::world::{Action, Beginning, Refused, Setting};

/// One step.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step {
    pub(super) action: u32,
    pub(super) next: World,
    pub(super) broken: Properties,
    pub(super) is_reached: bool,
}

/// What leads from one state to others. It depends on nothing but the state, however many threads ask.
pub(super) struct Steps {
    pub(super) memory: Memory,
    setting: Setting,
}

/// How many states a thread takes at a time.
const PORTION: usize = 128;

impl Steps {
    pub(super) fn new(setting: &Setting) -> Result<Self, Refused> {
        Ok(Self { memory: Memory::new(setting)?, setting: setting.clone() })
    }

    /// The state in which everything begins, and how it has come about.
    pub(super) fn first(&self) -> (World, Beginning) {
        let beginning = self.memory.model.beginning();
        let mut browsers = [0; 2];
        for (number, browser) in browsers.iter_mut().zip(&beginning.browsers) {
            *number = self.memory.number(*browser);
        }
        let known = self.memory.model.knowledge.number(beginning.known.clone());
        let (knowledge, flying) = if self.setting.cuts.gains_at_once { (known, 0) } else { (0, known) };
        let first = World { browsers, knowledge, flying, starts: 0, lures: 0, waits: 0, is_posing: false };
        (first, beginning)
    }

    /// The steps from each of these, in their order, by so many threads if there is enough to do.
    pub(super) fn of_each(&self, worlds: &[World], threads: usize) -> Vec<Vec<Step>> {
        let portions: Vec<&[World]> = worlds.chunks(PORTION).collect();
        let threads = threads.min(portions.len());
        if threads < 2 {
            return worlds.iter().map(|world| self.of(world)).collect();
        }
        let next = AtomicUsize::new(0);
        let work = || {
            self.memory.model.enter();
            let mut done = Vec::new();
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                let Some(portion) = portions.get(number) else { return done };
                done.push((number, portion.iter().map(|world| self.of(world)).collect::<Vec<_>>()));
            }
        };
        let mut done: Vec<_> = std::thread::scope(|scope| {
            let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
            let mut done = work();
            for other in others {
                match other.join() {
                    Ok(own) => done.extend(own),
                    Err(panic) => std::panic::resume_unwind(panic),
                }
            }
            done
        });
        done.sort_by_key(|(number, _)| *number);
        done.into_iter().flat_map(|(_, steps)| steps).collect()
    }

    /// The steps from one.
    pub(super) fn of(&self, world: &World) -> Vec<Step> {
        let mut steps = Vec::new();
        let bounds = self.setting.bounds;
        for user in 0..bounds.users {
            let browser = world.browsers[usize::from(user)];
            let mut go = |next: World, moves: &[Move]| {
                steps.extend(moves.iter().map(|done| self.go(usize::from(user), next, done)));
            };
            let is_undisturbed = world.lures == 0 && world.waits == 0;
            go(*world, &self.memory.own(browser, world.waits, is_undisturbed));
            if world.starts < bounds.starts {
                let next = World { starts: world.starts + 1, ..*world };
                go(next, &self.memory.starts(browser, world.waits));
            }
            if world.lures < bounds.lures {
                let next = World { lures: world.lures + 1, ..*world };
                go(next, &self.memory.lures(browser, user, world.knowledge, world.waits));
            }
        }
        if world.waits < bounds.waits {
            steps.push(self.wait(world));
        }
        if world.flying != 0 {
            self.learn(world, &mut steps);
        }
        if !world.is_posing {
            let next = World { is_posing: true, ..*world };
            let presents = self.memory.presents(world.knowledge);
            let step = |&(action, broken)| Step { action, next, broken, is_reached: false };
            steps.extend(presents.iter().map(step));
        }
        steps
    }

    /// One browser has changed.
    fn go(&self, user: usize, mut next: World, done: &Move) -> Step {
        next.browsers[user] = done.browser;
        let broken = self.gain(&mut next, done.gains, done.broken);
        Step { action: done.action, next, broken, is_reached: done.is_reached }
    }

    /// Time passes for everybody.
    fn wait(&self, world: &World) -> Step {
        let next = World { waits: world.waits + 1, ..*world };
        let mut step = Step { action: 0, next, broken: Properties::of_none(), is_reached: false };
        for user in 0..usize::from(self.setting.bounds.users) {
            let done = self.memory.wait(step.next.browsers[user], step.next.waits);
            let passed = self.go(user, step.next, &done);
            step.broken.add_all(passed.broken);
            step.is_reached |= passed.is_reached;
            (step.action, step.next) = (passed.action, passed.next);
        }
        step
    }

    /// The attacker picks up one thing of all that has come his way.
    fn learn(&self, world: &World, steps: &mut Vec<Step>) {
        let knowledge = &self.memory.model.knowledge;
        for term in knowledge.value(world.flying).iter() {
            let one = knowledge.number([term.clone()].into_iter().collect::<std::collections::BTreeSet<_>>());
            let next = World {
                knowledge: self.memory.union(world.knowledge, one),
                flying: self.memory.without(world.flying, one),
                ..*world
            };
            let action = self.memory.actions.number(Action::Learn { term: term.clone() });
            steps.push(Step { action, next, broken: self.memory.broken_by(one), is_reached: false });
        }
    }

    fn gain(&self, next: &mut World, gains: u32, mut broken: Properties) -> Properties {
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
}
