//! What can come of a browser, remembered: each action is carried out once for each browser that it can happen in.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::rc::Rc;

use super::intern::Interner;
use crate::property::{Properties, Property};
use crate::world::{
    Action, Browser, HONEST, Knowledge, Model, Outcome, Refused, Setting, Term, Token, distinct_tabs,
};

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

impl Move {
    /// Whether nothing but the browser has changed.
    const fn is_nothing(&self) -> bool {
        self.gains == 0 && self.broken.is_empty()
    }
}

type Moves = Rc<[Move]>;

pub(super) struct Memory {
    pub(super) model: Model,
    pub(super) browsers: Interner<Browser>,
    pub(super) knowledge: Interner<Knowledge>,
    pub(super) actions: Interner<Action>,
    own: HashMap<(u32, u8, bool), Moves>,
    starts: HashMap<(u32, u8), Moves>,
    lures: HashMap<(u32, u32, u8), Moves>,
    lures_into: HashMap<(u32, u8, u32, u8), Moves>,
    waits: HashMap<(u32, u8), Move>,
    presents: HashMap<u32, Rc<[(u32, Properties)]>>,
    relevant: HashMap<(u32, u32), u32>,
    unions: HashMap<(u32, u32), u32>,
    /// What the attacker breaks by holding it.
    broken_by: HashMap<u32, Properties>,
}

impl Memory {
    pub(super) fn new(setting: &Setting) -> Result<Self, Refused> {
        Ok(Self {
            model: Model::new(setting)?,
            browsers: Interner::new(),
            knowledge: Interner::new(),
            actions: Interner::new(),
            own: HashMap::new(),
            starts: HashMap::new(),
            lures: HashMap::new(),
            lures_into: HashMap::new(),
            waits: HashMap::new(),
            presents: HashMap::new(),
            relevant: HashMap::new(),
            unions: HashMap::new(),
            broken_by: HashMap::new(),
        })
    }

    /// What a user and her browser can do by themselves.
    pub(super) fn own(&mut self, browser: u32, waits: u8, is_undisturbed: bool) -> Moves {
        if let Some(moves) = self.own.get(&(browser, waits, is_undisturbed)) {
            return moves.clone();
        }
        let from = self.browsers.value(browser);
        let actions = self.model.own_actions(&from, waits);
        let moves = self.carry_out(browser, &from, actions, waits, is_undisturbed);
        self.own.insert((browser, waits, is_undisturbed), moves.clone());
        moves
    }

    /// The sign-ins that a user can start.
    pub(super) fn starts(&mut self, browser: u32, waits: u8) -> Moves {
        if let Some(moves) = self.starts.get(&(browser, waits)) {
            return moves.clone();
        }
        let from = self.browsers.value(browser);
        let actions = self.model.starts(&from);
        let moves = self.carry_out(browser, &from, actions, waits, false);
        self.starts.insert((browser, waits), moves.clone());
        moves
    }

    /// What the attacker can have a browser do.
    pub(super) fn lures(&mut self, browser: u32, knowledge: u32, waits: u8) -> Moves {
        let relevant = self.relevant(browser, knowledge);
        if let Some(moves) = self.lures.get(&(browser, relevant, waits)) {
            return moves.clone();
        }
        let from = self.browsers.value(browser);
        let known = self.knowledge.value(relevant);
        let actions = self.model.other_lures(&from, &known);
        let mut moves = self.carry_out(browser, &from, actions, waits, false).to_vec();
        for tab in distinct_tabs(&from) {
            let base = self.without_tab(browser, tab);
            let lures = self.lures_into(base, tab, relevant, waits);
            moves.extend(lures.iter().filter(|done| done.browser != browser || !done.is_nothing()));
        }
        let moves: Moves = moves.into();
        self.lures.insert((browser, relevant, waits), moves.clone());
        moves
    }

    /// The lures into a tab that shows nothing: what it has shown before is gone.
    fn lures_into(&mut self, base: u32, tab: u8, relevant: u32, waits: u8) -> Moves {
        if let Some(moves) = self.lures_into.get(&(base, tab, relevant, waits)) {
            return moves.clone();
        }
        let from = self.browsers.value(base);
        let known = self.knowledge.value(relevant);
        let actions = self.model.lures_into(&from, tab, &known);
        // Even if nothing comes of it, the tab has lost what it had.
        let moves = self.carry_out(u32::MAX, &from, actions, waits, false);
        self.lures_into.insert((base, tab, relevant, waits), moves.clone());
        moves
    }

    /// The browser with an empty tab in the place of this one, where a lure is followed at once.
    fn without_tab(&mut self, browser: u32, tab: u8) -> u32 {
        if !self.model.setting.cuts.visits_at_once {
            return browser;
        }
        let mut base = Browser::clone(&self.browsers.value(browser));
        base.empty(tab);
        self.browsers.number(base)
    }

    /// Time passes.
    pub(super) fn wait(&mut self, browser: u32, waits: u8) -> Move {
        if let Some(waited) = self.waits.get(&(browser, waits)) {
            return *waited;
        }
        let from = self.browsers.value(browser);
        let outcome = self.model.take(&from, &Action::Wait, waits, false, false);
        let waited = self.remember(Action::Wait, outcome);
        self.waits.insert((browser, waits), waited);
        waited
    }

    /// What the attacker can hand to a client in his own browser.
    pub(super) fn presents(&mut self, knowledge: u32) -> Rc<[(u32, Properties)]> {
        if let Some(presents) = self.presents.get(&knowledge) {
            return presents.clone();
        }
        let known = self.knowledge.value(knowledge);
        let mut done = Vec::new();
        for action in self.model.presents(&known) {
            let any = self.browsers.value(0);
            let outcome = self.model.take(&any, &action, 0, false, false);
            if !outcome.broken.is_empty() {
                done.push((self.actions.number(action), outcome.broken));
            }
        }
        let presents: Rc<[_]> = done.into();
        self.presents.insert(knowledge, presents.clone());
        presents
    }

    /// One knowledge and another together.
    pub(super) fn union(&mut self, one: u32, other: u32) -> u32 {
        if one == other || other == 0 {
            return one;
        }
        if let Some(both) = self.unions.get(&(one, other)) {
            return *both;
        }
        let both: Knowledge = &*self.knowledge.value(one) | &*self.knowledge.value(other);
        let both = self.knowledge.number(both);
        self.unions.insert((one, other), both);
        both
    }

    /// One knowledge without another.
    pub(super) fn without(&mut self, one: u32, other: u32) -> u32 {
        let rest: Knowledge = &*self.knowledge.value(one) - &*self.knowledge.value(other);
        self.knowledge.number(rest)
    }

    /// What it breaks that the attacker holds this.
    pub(super) fn broken_by(&mut self, knowledge: u32) -> Properties {
        if let Some(broken) = self.broken_by.get(&knowledge) {
            return *broken;
        }
        let broken = broken_by(&self.knowledge.value(knowledge));
        self.broken_by.insert(knowledge, broken);
        broken
    }

    fn relevant(&mut self, browser: u32, knowledge: u32) -> u32 {
        if let Some(relevant) = self.relevant.get(&(browser, knowledge)) {
            return *relevant;
        }
        let relevant = self.model.relevant(&self.knowledge.value(knowledge), &self.browsers.value(browser));
        let relevant = self.knowledge.number(relevant);
        self.relevant.insert((browser, knowledge), relevant);
        relevant
    }

    /// Carries actions out. Of two with the same outcome one is enough, and one of which nothing comes is none.
    fn carry_out(
        &mut self,
        number: u32,
        from: &Browser,
        actions: Vec<Action>,
        waits: u8,
        is_undisturbed: bool,
    ) -> Moves {
        let mut seen = HashSet::new();
        let mut moves = Vec::new();
        for action in actions {
            let outcome = self.model.take(from, &action, waits, is_undisturbed, false);
            let done = self.remember(action, outcome);
            let is_nothing = done.browser == number && done.is_nothing();
            if !is_nothing && seen.insert((done.browser, done.gains, done.broken, done.is_reached)) {
                moves.push(done);
            }
        }
        moves.into()
    }

    fn remember(&mut self, action: Action, outcome: Outcome) -> Move {
        Move {
            action: self.actions.number(action),
            browser: self.browsers.number(outcome.browser),
            gains: self.knowledge.number(outcome.gains),
            broken: outcome.broken,
            is_reached: outcome.is_reached,
        }
    }
}

/// What it breaks that the attacker holds this.
pub(crate) fn broken_by(known: &BTreeSet<Term>) -> Properties {
    known
        .iter()
        .filter_map(|term| match term {
            Term::Password { server, .. } => (*server == HONEST).then_some(Property::PasswordSecrecy),
            Term::State(_) => None,
            Term::Token(token) => {
                let token = Token::read(token)?;
                let is_honest = token.is_of_honest_user() && token.is_for_honest_client();
                is_honest.then_some(Property::Authorization)
            }
        })
        .collect()
}
