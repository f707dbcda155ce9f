//! A machine as charts: the whole as a column with arrows, each move in words, and both in the language of Mermaid.

mod mermaid;
mod moves;
mod whole;

use std::collections::{BTreeMap, BTreeSet};

pub(super) use mermaid::draw as mermaid;
pub(super) use moves::draw as moves;
pub(super) use whole::draw as whole;

use crate::document::{Machine, Phase};

/// A phase with those that it stands in, from the outermost.
fn path(phase: &Phase) -> Vec<&str> {
    let leaf = phase.name.rsplit('.').next().unwrap_or_default();
    phase.within.iter().map(String::as_str).chain([leaf]).collect()
}

/// One arrow for all inputs that lead from one place to another: a phase, or one that has others in it.
type Arrows<'m> = BTreeMap<(Vec<&'m str>, usize), BTreeSet<&'m str>>;

/// The arrows of the chart. What every phase within another does alike is that one's arrow, and what stays where it is has none.
fn arrows(machine: &Machine) -> Arrows<'_> {
    let paths: Vec<Vec<&str>> = machine.phases.iter().map(path).collect();
    let index = |name: &str| machine.phases.iter().position(|phase| phase.name == name).unwrap_or_default();
    let mut froms: BTreeMap<(&str, usize), BTreeSet<usize>> = BTreeMap::new();
    for own in machine.transitions.iter().filter(|own| own.from != own.to) {
        froms.entry((&own.input, index(&own.to))).or_default().insert(index(&own.from));
    }
    let mut arrows = Arrows::new();
    for ((input, target), mut phases) in froms {
        let mut places: Vec<Vec<&str>> = Vec::new();
        for depth in [1, 2] {
            let outers: BTreeSet<&[&str]> =
                paths.iter().filter(|path| path.len() > depth).filter_map(|path| path.get(..depth)).collect();
            for outer in outers {
                let members: BTreeSet<usize> =
                    (0..paths.len()).filter(|at| paths[*at].starts_with(outer)).collect();
                // The target itself stays where it is.
                let others: Vec<_> = members.iter().filter(|member| **member != target).collect();
                if members.len() > 2
                    && others.len() > 1
                    && others.iter().all(|member| phases.contains(member))
                {
                    phases.retain(|phase| !members.contains(phase));
                    places.push(outer.to_vec());
                }
            }
        }
        places.extend(phases.into_iter().map(|phase| paths[phase].clone()));
        for place in places {
            arrows.entry((place, target)).or_default().insert(input);
        }
    }
    arrows
}

/// What is met on a walk down the column of phases.
enum Met<'m> {
    /// A phase with others in it begins.
    Opens(Vec<&'m str>),
    /// A phase.
    Leaf(&'m Phase, Vec<&'m str>),
    /// The last one that has begun ends.
    Closes,
}

/// The phases as a column, with the beginnings and ends of those that have others in them.
fn column(machine: &Machine) -> Vec<Met<'_>> {
    let mut met = Vec::new();
    let mut open: Vec<&str> = Vec::new();
    for phase in &machine.phases {
        let path = path(phase);
        let outer = path.split_last().map_or(&[][..], |(_, outer)| outer);
        let shared = open.iter().zip(outer).take_while(|(one, other)| one == other).count();
        while open.len() > shared {
            open.pop();
            met.push(Met::Closes);
        }
        for name in &outer[shared..] {
            open.push(*name);
            met.push(Met::Opens(open.clone()));
        }
        met.push(Met::Leaf(phase, path.clone()));
    }
    met.extend(open.iter().map(|_| Met::Closes));
    met
}
