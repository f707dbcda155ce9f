//! What can come of a browser, remembered: for each browser, and for what each deed has asked of one.

use std::sync::{Arc, RwLock};

use super::outcomes::{Change, Changes, Outcomes, Root, Way};
use crate::property::Properties;
use crate::table::{Numbered, QuickSet, Remembered, Table, read, write};
use crate::world::{Action, Browser, Deed, Knowledge, Model, Refused, Setting, broken_by, now};

/// An action, and what comes of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Move {
    pub(super) action: u32,
    pub(super) browser: u32,
    /// What has come the attacker's way, as a number of the knowledge that has just that.
    pub(super) gains: u32,
    pub(super) broken: Properties,
    pub(super) is_reached: bool,
}

type Moves = Arc<[Move]>;
/// Actions in the attacker's own browser, and what they break.
type Presents = Arc<[(u32, Properties)]>;

/// What all threads of a search share.
pub(super) struct Memory {
    pub(super) model: Model,
    browsers: RwLock<Numbered<Browser>>,
    pub(super) actions: Table<Action>,
    outcomes: Outcomes,
    own: Remembered<(u32, u8, bool), Moves>,
    starts: Remembered<(u32, u8), Moves>,
    lures: Remembered<(u32, u32, u8), Moves>,
    waits: Remembered<(u32, u8), Move>,
    presents: Remembered<u32, Presents>,
    relevant: Remembered<(u8, u32), u32>,
    unions: Remembered<(u32, u32), u32>,
    /// What the attacker breaks by holding it.
    broken_by: Remembered<u32, Properties>,
}

impl Memory {
    pub(super) fn new(setting: &Setting) -> Result<Self, Refused> {
        Ok(Self {
            model: Model::new(setting)?,
            browsers: RwLock::new(Numbered::new()),
            actions: Table::new(),
            outcomes: Outcomes::new(),
            own: Remembered::new(),
            starts: Remembered::new(),
            lures: Remembered::new(),
            waits: Remembered::new(),
            presents: Remembered::new(),
            relevant: Remembered::new(),
            unions: Remembered::new(),
            broken_by: Remembered::new(),
        })
    }

    /// How many browsers were met.
    pub(super) fn browsers(&self) -> usize {
        read(&self.browsers).len()
    }

    pub(super) fn number(&self, browser: Browser) -> u32 {
        if let Some(number) = read(&self.browsers).find(&browser) {
            return number;
        }
        let mut browsers = write(&self.browsers);
        browsers.add(browser);
        browsers.find(&browser).unwrap_or(u32::MAX)
    }

    fn browser(&self, number: u32) -> Browser {
        read(&self.browsers).get(number as usize)
    }

    /// What a user and her browser can do by themselves.
    pub(super) fn own(&self, number: u32, waits: u8, is_undisturbed: bool) -> Moves {
        self.own.get_or((number, waits, is_undisturbed), || {
            let browser = self.browser(number);
            let deeds = one_by_one(self.model.own_actions(&self.model.watch(&browser), waits));
            self.carry_out(Here { number, browser: &browser, waits, is_undisturbed }, deeds).into()
        })
    }

    /// The sign-ins that a user can start.
    pub(super) fn starts(&self, number: u32, waits: u8) -> Moves {
        self.starts.get_or((number, waits), || {
            let browser = self.browser(number);
            let deeds = one_by_one(self.model.starts(&self.model.watch(&browser)));
            self.carry_out(Here { number, browser: &browser, waits, is_undisturbed: false }, deeds).into()
        })
    }

    /// What the attacker can have a browser do.
    pub(super) fn lures(&self, number: u32, user: u8, knowledge: u32, waits: u8) -> Moves {
        let known = self.relevant(user, knowledge);
        self.lures.get_or((number, known, waits), || {
            let browser = self.browser(number);
            let watched = self.model.watch(&browser);
            let others = self.model.other_lures(&watched, known);
            let mut moves =
                self.carry_out(Here { number, browser: &browser, waits, is_undisturbed: false }, others);
            for tab in self.model.tabs(&watched) {
                let lures = self.model.lures_into(&watched, tab, known);
                moves.extend(
                    self.carry_out(Here { number, browser: &browser, waits, is_undisturbed: false }, lures),
                );
            }
            moves.into()
        })
    }

    /// Time passes.
    pub(super) fn wait(&self, number: u32, waits: u8) -> Move {
        self.waits.get_or((number, waits), || {
            let browser = self.browser(number);
            let here = Here { number, browser: &browser, waits, is_undisturbed: false };
            let changes = self.changes(here, Deed::One(Action::Wait), &mut Way::default());
            match changes.first() {
                Some((action, change)) => self.a_move(here, *action, change),
                None => Move {
                    action: self.actions.number(Action::Wait),
                    browser: number,
                    gains: 0,
                    broken: Properties::of_none(),
                    is_reached: false,
                },
            }
        })
    }

    /// What the attacker can hand to a client in his own browser.
    pub(super) fn presents(&self, knowledge: u32) -> Presents {
        self.presents.get_or(knowledge, || {
            let mut done = Vec::new();
            for action in self.model.presents(&self.model.knowledge.value(knowledge)) {
                let outcome = self.model.take(&self.browser(0), &action, 0, false, false);
                if !outcome.broken.is_empty() || !self.drops_vain() {
                    done.push((self.actions.number(action), outcome.broken));
                }
            }
            done.into()
        })
    }

    /// One knowledge and another together.
    pub(super) fn union(&self, one: u32, other: u32) -> u32 {
        if one == other || other == 0 {
            return one;
        }
        self.unions.get_or((one, other), || {
            let knowledge = &self.model.knowledge;
            let both: Knowledge = &*knowledge.value(one) | &*knowledge.value(other);
            knowledge.number(both)
        })
    }

    /// One knowledge without another.
    pub(super) fn without(&self, one: u32, other: u32) -> u32 {
        let knowledge = &self.model.knowledge;
        let rest: Knowledge = &*knowledge.value(one) - &*knowledge.value(other);
        knowledge.number(rest)
    }

    /// What it breaks that the attacker holds this.
    pub(super) fn broken_by(&self, knowledge: u32) -> Properties {
        self.broken_by.get_or(knowledge, || broken_by(&self.model.knowledge.value(knowledge)))
    }

    fn relevant(&self, user: u8, knowledge: u32) -> u32 {
        self.relevant.get_or((user, knowledge), || {
            let known = self.model.knowledge.value(knowledge);
            self.model.knowledge.number(self.model.relevant(&known, user))
        })
    }

    /// What comes of deeds in a browser. Of two actions with the same outcome one is enough, and one of which nothing comes is
    /// none.
    fn carry_out(&self, here: Here<'_>, deeds: Vec<Deed>) -> Vec<Move> {
        let mut seen = QuickSet::default();
        let mut moves = Vec::new();
        for deed in deeds {
            for (action, change) in &*self.changes(here, deed, &mut Way::default()) {
                let done = self.a_move(here, *action, change);
                let is_nothing = done.browser == here.number && done.gains == 0 && done.broken.is_empty();
                let outcome = (done.browser, done.gains, done.broken, done.is_reached);
                if !self.drops_vain() || (!is_nothing && seen.insert(outcome)) {
                    moves.push(done);
                }
            }
        }
        moves
    }

    const fn drops_vain(&self) -> bool {
        self.model.setting.cuts.vain_actions_dropped
    }

    fn a_move(&self, here: Here<'_>, action: u32, change: &Change) -> Move {
        let Change { ref written, gains, broken, is_reached } = *change;
        Move { action, browser: self.number(here.browser.with(written)), gains, broken, is_reached }
    }

    /// What comes of a deed in a browser: as it was remembered of another that is like it, or else by carrying it out. What is
    /// asked is written down in the way.
    fn changes(&self, here: Here<'_>, deed: Deed, way: &mut Way) -> Changes {
        let Here { browser, waits, is_undisturbed, .. } = here;
        let of = (!self.model.setting.cuts.outcomes_shared).then_some(here.number);
        let root = Root { user: browser.user, waits, is_undisturbed, deed, browser: of };
        let answer = |question| self.model.parts.answer(browser, question, now(waits));
        if let Some(changes) = self.outcomes.find(&root, |question| way.take(question, answer)) {
            return changes;
        }
        let mut own = Way::default();
        let mut changes = Vec::new();
        if let Some(action) = self.model.action(browser.user, &root.deed) {
            let outcome = self.model.take(browser, &action, waits, is_undisturbed, false);
            for question in outcome.questions {
                own.take(question, answer);
            }
            let change = Change {
                written: outcome.written.into(),
                gains: self.model.knowledge.number(outcome.gains),
                broken: outcome.broken,
                is_reached: outcome.is_reached,
            };
            if !self.drops_vain() || !change.is_nothing() {
                changes.push((self.actions.number(action), change));
            }
        } else {
            let mut seen = QuickSet::default();
            for deed in self.model.one_by_one(&root.deed) {
                let of_one = self.changes(here, deed, &mut own);
                let mut is_another = |change: &Change| !self.drops_vain() || seen.insert(change.clone());
                changes.extend(of_one.iter().filter(|(_, change)| is_another(change)).cloned());
            }
        }
        for (question, _) in &own.taken {
            way.take(*question, answer);
        }
        self.outcomes.learn(root, &own.taken, changes)
    }
}

/// A browser and a time.
#[derive(Clone, Copy)]
struct Here<'b> {
    number: u32,
    browser: &'b Browser,
    waits: u8,
    is_undisturbed: bool,
}

fn one_by_one(actions: Vec<Action>) -> Vec<Deed> {
    actions.into_iter().map(Deed::One).collect()
}
