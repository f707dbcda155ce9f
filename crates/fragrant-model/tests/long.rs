//! What takes longer than a moment: the bounds that the model is for, and all pairs of switches.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

use std::time::Duration;

#[cfg(fragrant_faults)]
use fragrant_model::search::{Space, State};
use fragrant_model::search::{Stop, search};
use fragrant_model::switch::{SWITCHES, Switch};
use fragrant_model::world::{Apart, Holder};
use fragrant_model::{Bounds, Property, Setting};

/// Golden counts, as in the ordinary tests.
#[test]
fn with_everything_in_order_nothing_breaks_in_a_large_world() {
    let more = Bounds { starts: 3, lures: 4, ..Bounds::GOAL };
    for (bounds, apart, holder, counts) in [
        (Bounds::GOAL, Apart::ByIssuer, Holder::Session, (88_432, 833_054, 7)),
        (Bounds::GOAL, Apart::ByRedirectUri, Holder::Session, (88_432, 833_054, 7)),
        (Bounds::GOAL, Apart::ByIssuer, Holder::TypedStates, (34_226, 294_758, 7)),
        (more, Apart::ByIssuer, Holder::Session, (8_527_918, 111_272_194, 10)),
    ] {
        let mut setting = Setting::new(bounds);
        (setting.apart, setting.holder) = (apart, holder);
        let found = search(&setting, Stop::default(), |_| {}).unwrap();
        println!("{} states, {} transitions, {:?}", found.states, found.transitions, found.time);
        assert!(found.is_exhausted && found.violations.is_empty(), "{:?}", found.violations);
        assert_eq!((found.states, found.transitions, found.depth), counts, "{apart:?} {holder:?}");
        assert_eq!(found.reached, Some(2));
    }
}

/// The same space, searched by stateright with its own table of what it has seen: as many states, transitions and steps.
#[cfg(fragrant_faults)]
#[test]
fn stateright_finds_as_many_states() {
    use stateright::{Checker, Model, Property};

    struct Ours(Space);

    impl Model for Ours {
        type State = State;
        /// An action is the state that it leads to.
        type Action = State;

        fn init_states(&self) -> Vec<State> {
            vec![self.0.first()]
        }

        fn actions(&self, state: &State, actions: &mut Vec<State>) {
            actions.extend(self.0.after(state));
        }

        fn next_state(&self, _: &State, action: State) -> Option<State> {
            Some(action)
        }

        fn properties(&self) -> Vec<Property<Self>> {
            // It ends as soon as there is nothing left to refute, so it gets something that stands.
            vec![Property::always("nothing is asked", |_, _| true)]
        }
    }

    let bounds = Bounds { starts: 1, waits: 1, ..Bounds::GOAL };
    let setting = Setting::new(bounds);
    let found = search(&setting, Stop::default(), |_| {}).unwrap();
    let checker = Ours(Space::new(&setting).unwrap()).checker().threads(1).spawn_bfs().join();
    println!("{} states, {} transitions", found.states, found.transitions);
    assert!(found.is_exhausted && found.states > 1000);
    assert_eq!(checker.unique_state_count(), found.states);
    // It counts the first state as generated, and as a step.
    assert_eq!(checker.state_count() as u64, found.transitions + 1);
    assert_eq!(checker.max_depth(), found.depth + 1);
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
