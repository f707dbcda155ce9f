//! A way through the world, gone once more: action by action, with everything that is said.

use std::collections::BTreeSet;

use crate::property::Properties;
use crate::story::{Line, Party};
use crate::world::{Action, Beginning, Model, Refused, Setting, Term, broken_by, is_guess, terms_in};

/// What came of one action.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Step {
    /// The action, as it is written down.
    pub action: String,
    /// What was said and done.
    pub lines: Vec<Line>,
    /// What has been broken by it.
    pub broken: Properties,
}

impl Step {
    /// What was refused in it, and with what words.
    pub fn refusals(&self) -> impl Iterator<Item = &str> {
        self.lines.iter().filter_map(|line| line.refusal.as_deref())
    }
}

/// Goes a way through a world.
///
/// What the attacker uses he has to know: an address with a secret in it that has not come his way is none that he can
/// build, and that is then the refusal.
///
/// # Errors
/// [`Refused`] when a line is no action, or the core refuses something of which the world is made.
pub fn replay<'l>(
    setting: &Setting,
    actions: impl IntoIterator<Item = &'l str>,
) -> Result<Vec<Step>, Refused> {
    let model = Model::new(setting)?;
    let Beginning { mut browsers, mut known, .. } = model.beginning();
    let (mut lures, mut waits) = (0, 0);
    let mut steps = Vec::new();
    for text in actions {
        let action: Action = text.parse().map_err(|_| format!("no action: {text}"))?;
        let mut step = Step { action: text.into(), lines: Vec::new(), broken: Properties::of_none() };
        if let Some(unknown) = unknown_in(&action, &known) {
            let refusal = Some(format!("the attacker does not know the {unknown}"));
            step.lines.push(Line { refusal, ..Line::new(Party::Attacker, Party::Attacker, "is at a loss") });
            steps.push(step);
            continue;
        }
        let is_undisturbed = lures == 0 && waits == 0;
        lures += usize::from(action.is_attack());
        waits += u8::from(action == Action::Wait);
        let users: Vec<usize> = match action.user() {
            Some(user) => vec![usize::from(user)],
            None => (0..browsers.len()).collect(),
        };
        for user in users {
            let Some(browser) = browsers.get_mut(user) else { continue };
            let outcome = model.take(browser, &action, waits, is_undisturbed, true);
            step.broken.add_all(outcome.broken);
            step.broken.add_all(broken_by(&outcome.gains));
            step.lines.extend(outcome.story);
            known.extend(outcome.gains);
            *browser = outcome.browser;
            if matches!(action, Action::Present { .. }) {
                break;
            }
        }
        steps.push(step);
    }
    Ok(steps)
}

/// The secret in what the attacker does that he does not know. What he can guess or make up is none.
fn unknown_in(action: &Action, known: &BTreeSet<Term>) -> Option<&'static str> {
    let terms = match action {
        Action::Lure { address, .. } | Action::Post { address, .. } => terms_in(address),
        Action::Present { token, .. } => vec![Term::Token(token.clone())],
        _ => Vec::new(),
    };
    terms.into_iter().find(|term| !known.contains(term)).and_then(|term| match term {
        // Nothing but zeros is what there is without randomness, and no secret.
        Term::State(state) => (!is_guess(&state) && state.contains(|c| c != '0')).then_some("state"),
        Term::Token(token) => {
            let is_anothers =
                crate::world::Token::read(&token).is_some_and(|token| token.is_of_honest_user());
            is_anothers.then_some("token")
        }
        Term::Password { .. } => None,
    })
}
