//! What takes longer than a moment: the bounds that the model is for, and all pairs of switches.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

use std::time::Duration;

use fragrant_model::search::{Stop, search};
use fragrant_model::switch::{SWITCHES, Switch};
use fragrant_model::{Bounds, Property, Setting};

#[test]
fn with_everything_in_order_nothing_breaks_in_a_large_world() {
    let found = search(&Setting::new(Bounds::GOAL), Stop::default(), |_| {}).unwrap();
    println!("{} states, {} transitions, {:?}", found.states, found.transitions, found.time);
    assert!(found.is_exhausted && found.violations.is_empty(), "{:?}", found.violations);
    assert_eq!((found.states, found.depth, found.reached), (88_432, 7, Some(2)));
}

/// Two mitigations less are no fewer attacks than one less, unless their worlds contradict each other.
#[test]
fn all_pairs_of_switches() {
    let mut kept = Vec::new();
    let (mut pairs, mut states) = (0, 0);
    for (index, one) in SWITCHES.iter().enumerate() {
        for other in &SWITCHES[index + 1..] {
            let mut setting = one.both_off(other);
            setting.bounds.lures = 2;
            let expected =
                [one, other].into_iter().filter_map(|switch: &Switch| switch.breaks.first().copied());
            let when_broken = expected.clone().collect();
            let stop = Stop { when_broken, time: Some(Duration::from_secs(60)), ..Stop::default() };
            let found = search(&setting, stop, |_| {}).unwrap();
            (pairs, states) = (pairs + 1, states + found.states);
            let missing: Vec<Property> = expected.filter(|own| !found.violations.contains_key(own)).collect();
            if !missing.is_empty() {
                kept.push(format!("{} {}: {missing:?}", one.id, other.id));
            }
        }
    }
    println!("{pairs} pairs, {states} states; not broken:\n{}", kept.join("\n"));
    assert_eq!(pairs, SWITCHES.len() * (SWITCHES.len() - 1) / 2);
    assert_eq!(kept.len(), KEPT, "docs/model.md says why these are so many");
}

/// In how many pairs one world keeps off what the other's switch lets through.
const KEPT: usize = 26;
