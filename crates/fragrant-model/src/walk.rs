//! Random walks: where the search cannot go, because there is too much of it, one way after another at random.

use crate::property::{Properties, Property};
use crate::world::{Action, Beginning, Browser, Deed, Knowledge, Model, Refused, Setting, broken_by};

/// How long one walk is before the next begins anew.
const LENGTH: usize = 40;

/// What walks have come upon.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Walked {
    /// How many actions were taken.
    pub steps: usize,
    /// How many times a user was served with a token of her own.
    pub reached: usize,
    /// The first walk that broke something, if one did: what, and the actions.
    pub violation: Option<(Property, Vec<String>)>,
}

/// Walks at random through a world, without any bound on what happens but the length of a walk. The same seed walks the same
/// ways.
///
/// # Errors
/// [`Refused`] when a bound is out of the model's reach, or the core refuses something of which the world is made.
pub fn walk(setting: &Setting, seed: u64, steps: usize) -> Result<Walked, Refused> {
    let mut dice = Dice(seed | 1);
    let mut walked = Walked { steps: 0, reached: 0, violation: None };
    let model = Model::new(setting)?;
    while walked.steps < steps && walked.violation.is_none() {
        one_walk(&model, &mut dice, steps, &mut walked);
    }
    Ok(walked)
}

fn one_walk(model: &Model, dice: &mut Dice, steps: usize, walked: &mut Walked) {
    let Beginning { mut browsers, mut known, broken, .. } = model.beginning();
    if let Some(property) = broken.iter().next() {
        walked.violation = Some((property, Vec::new()));
        return;
    }
    let (mut lures, mut waits) = (0, 0);
    let mut way = Vec::new();
    while way.len() < LENGTH && walked.steps < steps {
        let user = dice.below(browsers.len());
        let deeds = choices(model, dice, &browsers[user], &known, waits);
        let Some(deed) = deeds.get(dice.below(deeds.len())) else { continue };
        let Some(action) = model.action(browsers[user].user, deed) else { continue };
        waits = waits.saturating_add(u8::from(action == Action::Wait)).min(200);
        let is_undisturbed = lures == 0 && waits == 0;
        lures += usize::from(action.is_attack());
        let mut broken = Properties::of_none();
        let is_everywhere = action == Action::Wait;
        for (number, browser) in browsers.iter_mut().enumerate() {
            if number == user || is_everywhere {
                let outcome = model.take(browser, &action, waits, is_undisturbed, false);
                broken.add_all(outcome.broken);
                broken.add_all(broken_by(&outcome.gains));
                walked.reached += usize::from(outcome.is_reached);
                known.extend(outcome.gains);
                *browser = outcome.browser;
            }
        }
        way.push(action.to_string());
        walked.steps += 1;
        if let Some(property) = broken.iter().next() {
            walked.violation = Some((property, way));
            return;
        }
    }
}

/// What can be done next, of one kind, one by one.
fn choices(model: &Model, dice: &mut Dice, browser: &Browser, known: &Knowledge, waits: u8) -> Vec<Deed> {
    let watched = model.watch(browser);
    let each = |deeds: Vec<Deed>| deeds.iter().flat_map(|deed| model.one_by_one(deed)).collect();
    let as_they_are = |actions: Vec<Action>| actions.into_iter().map(Deed::One).collect();
    // What a user does leads on; were it as rare among the lures as it is, nothing would come of anything.
    match dice.below(8) {
        0 | 1 => as_they_are(model.starts(&watched)),
        2..=4 => as_they_are(model.own_actions(&watched, waits)),
        5 => each(model.other_lures(&watched, model.knowledge.number(known.clone()))),
        6 => {
            let tabs = model.tabs(&watched);
            let tab = tabs.get(dice.below(tabs.len())).copied().unwrap_or_default();
            let known = model.knowledge.number(model.relevant(known, browser.user));
            each(model.lures_into(&watched, tab, known))
        }
        _ if dice.below(8) == 0 => vec![Deed::One(Action::Wait)],
        _ => as_they_are(model.presents(known)),
    }
}

/// A generator of numbers that are random enough to walk by (xorshift64).
struct Dice(u64);

impl Dice {
    /// A number below this one, which is not 0; or 0.
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        let end = u64::try_from(end).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.0 % end).unwrap_or_default()
    }
}
