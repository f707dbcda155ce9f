//! The chart in the language of Mermaid.

use super::{Met, arrows, column, path};
use crate::document::Machine;

pub(crate) fn draw(machine: &Machine) -> String {
    let mut text = String::from("stateDiagram-v2\n");
    let initial = machine.phases.iter().find(|phase| phase.name == machine.initial);
    if let Some(initial) = initial {
        text += &format!("    [*] --> {}\n", id(&path(initial)));
    }
    let mut depth = 1;
    for met in column(machine) {
        match met {
            Met::Opens(path) => {
                let name = path.last().copied().unwrap_or_default();
                text += &format!("{}state {name} {{\n", "    ".repeat(depth));
                depth += 1;
            }
            Met::Leaf(_, path) => {
                let leaf = path.last().copied().unwrap_or_default();
                text += &format!("{}{} : {leaf}\n", "    ".repeat(depth), id(&path));
            }
            Met::Closes => {
                depth -= 1;
                text += &format!("{}}}\n", "    ".repeat(depth));
            }
        }
    }
    for ((from, target), inputs) in arrows(machine) {
        let inputs: Vec<_> = inputs.into_iter().collect();
        let is_leaf = machine.phases.iter().any(|phase| path(phase) == from);
        // A phase with others in it is known by its own name alone.
        let from = if is_leaf { id(&from) } else { from.last().copied().unwrap_or_default().to_owned() };
        text += &format!("    {from} --> {} : {}\n", id(&path(&machine.phases[target])), inputs.join(", "));
    }
    text
}

/// A name that occurs once in the chart.
fn id(path: &[&str]) -> String {
    path.join("_")
}
