//! The two machines, as they are found by setting them going.

mod server;
mod session;

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::GatherError;

/// A machine: where it can stand, what it takes there, and where that leads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Machine {
    /// `session`, the client's, or `authorization_server`.
    pub name: String,
    /// Where it begins: one of the phases.
    pub initial: String,
    /// Where it can stand, in the order in which that comes about.
    pub phases: Vec<Phase>,
    /// What it can be told, whether or not it is taken everywhere.
    pub inputs: Vec<String>,
    /// What it can order.
    pub orders: Vec<Order>,
    /// Every input that is taken somewhere, and where it leads. What stands in none is not taken there.
    pub transitions: Vec<Transition>,
}

/// Where a machine can stand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Phase {
    /// The name, unique in the machine.
    pub name: String,
    /// The phases that it stands in, from the outermost; empty where there are none.
    pub within: Vec<String>,
    /// What is known or waited for, in a few words.
    pub explanation: String,
}

/// Something that a machine orders.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Order {
    /// The order in a word.
    pub word: String,
    /// Whether carrying it out can fail.
    pub can_fail: bool,
    /// The inputs that tell what came of it.
    pub answered_by: Vec<String>,
}

/// One way from a phase to a phase.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Transition {
    /// From where.
    pub from: String,
    /// What is told.
    pub input: String,
    /// To where; the same where it stays.
    pub to: String,
    /// What may be ordered on the way: the orders of the session, the errors and pages of the server.
    pub orders: Vec<String>,
}

/// Both machines.
pub(super) fn machines() -> Result<Vec<Machine>, GatherError> {
    Ok(vec![session::machine()?, server::machine()?])
}

/// What has been found on a walk.
#[derive(Default)]
struct Found(BTreeMap<(usize, String, usize), BTreeSet<String>>);

impl Found {
    fn add(&mut self, from: usize, input: &str, to: usize, orders: impl IntoIterator<Item = String>) {
        self.0.entry((from, input.into(), to)).or_default().extend(orders);
    }

    /// The transitions in the order of the phases.
    fn into_transitions(self, phases: &[Phase]) -> Vec<Transition> {
        let name = |at: usize| phases.get(at).map_or_else(String::new, |phase| phase.name.clone());
        let transition = |((from, input, to), orders): ((usize, String, usize), BTreeSet<String>)| {
            Transition { from: name(from), input, to: name(to), orders: orders.into_iter().collect() }
        };
        self.0.into_iter().map(transition).collect()
    }
}

/// Each phase is reached, or what is said of it would be hearsay.
fn expect_all_reached(machine: &Machine) -> Result<(), GatherError> {
    for phase in machine.phases.iter().filter(|phase| phase.name != machine.initial) {
        if machine.transitions.iter().all(|transition| transition.to != phase.name) {
            return Err(GatherError::new(&machine.name, format_args!("{} is never reached", phase.name)));
        }
    }
    Ok(())
}
