//! What takes longer than a moment: the bounds that the model is for, and all pairs of switches.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

use std::collections::BTreeMap;

#[cfg(fragrant_faults)]
use fragrant_model::search::{Space, State};
use fragrant_model::search::{Stop, search};
use fragrant_model::switch::SWITCHES;
use fragrant_model::world::{Apart, Cuts, Holder};
use fragrant_model::{Bounds, Properties, Property, Setting};

/// Golden counts, as in the ordinary tests.
#[test]
fn with_everything_in_order_nothing_breaks_in_a_large_world() {
    let wait = Bounds { waits: 1, ..Bounds::GOAL };
    let more = Bounds { starts: 3, lures: 4, ..Bounds::GOAL };
    for (bounds, apart, holder, counts) in [
        (Bounds::GOAL, Apart::ByIssuer, Holder::Session, (88_432, 833_054, 7)),
        (Bounds::GOAL, Apart::ByRedirectUri, Holder::Session, (88_432, 833_054, 7)),
        (Bounds::GOAL, Apart::ByIssuer, Holder::TypedStates, (34_226, 294_758, 7)),
        (wait, Apart::ByIssuer, Holder::Session, (298_860, 2_865_228, 10)),
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

/// What is remembered of a browser for others that are like it: at the bounds that the model is for, too, it makes no difference
/// to anything.
#[test]
fn what_is_shared_between_browsers_changes_nothing_in_a_large_world() {
    let mut setting = Setting::new(Bounds::GOAL);
    let [shared, not_shared] = [true, false].map(|is_shared| {
        setting.cuts.outcomes_shared = is_shared;
        let found = search(&setting, Stop::default(), |_| {}).unwrap();
        println!("shared: {is_shared}, {} states, {:?}", found.states, found.time);
        (
            found.violations,
            found.reached,
            found.is_exhausted,
            found.states,
            found.transitions,
            found.depth,
            found.browsers,
        )
    });
    assert_eq!(shared, not_shared);
}

/// Each cut left out at each switch, on and off: it may not make a difference to what holds, but for what stands below.
#[test]
fn each_cut_changes_no_verdict_of_any_switch() {
    let mut worlds: Vec<(String, Setting)> = Vec::new();
    for switch in SWITCHES {
        if worlds.iter().all(|(_, setting)| *setting != switch.on()) {
            worlds.push((format!("{} on", switch.id), switch.on()));
        }
        worlds.push((format!("{} off", switch.id), switch.off()));
    }
    let mut differences = Vec::new();
    for (what, mut setting) in worlds {
        if setting.bounds.tabs > 1 && setting.bounds.servers + setting.bounds.starts > 2 {
            setting.bounds.lures = 1;
        }
        let mut broken = |cuts| {
            setting.cuts = cuts;
            let found = search(&setting, Stop::default(), |_| {}).unwrap();
            // Whether a sign-in completes is asked of whole steps only.
            let broken = found.violations.into_keys().filter(|property| *property != Property::Completion);
            (broken.collect::<Vec<_>>(), found.reached.is_some())
        };
        let cut = broken(Cuts::ALL);
        for (name, cuts) in Cuts::each_left_out() {
            let (without, is_reached) = broken(cuts);
            assert_eq!(is_reached, cut.1, "{what}, without {name}");
            if without != cut.0 {
                differences.push((format!("{what}, without {name}"), without));
            }
        }
    }
    let all = vec![Property::Authentication, Property::Authorization, Property::SessionIntegrity];
    assert_eq!(
        differences,
        [
            // While one page starts, the attacker's own takes the record of its request out of the store; back there it is found by
            // the page's other session, which lets the honest server's answer pass as the hostile one's.
            ("T11 off, without pages_at_once".to_owned(), all.clone()),
            // The script has the state before its page has taken the record, and the attacker answers in its place.
            ("T24 off, without pages_at_once".to_owned(), all),
        ]
    );
}

/// The same space, searched by stateright with its own table of what it has seen: as many states, transitions and steps.
#[cfg(fragrant_faults)]
#[test]
fn stateright_finds_as_many_states() {
    use stateright::{Checker, Model, Property as Asked};

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

        fn properties(&self) -> Vec<Asked<Self>> {
            // It ends as soon as there is nothing left to refute, so it gets something that stands.
            vec![Asked::always("nothing is asked", |_, _| true)]
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

/// Two mitigations less let through what either of them alone keeps off, but for what stands below.
#[test]
fn all_pairs_of_switches() {
    let mut kept = BTreeMap::new();
    let (mut pairs, mut states) = (0, 0);
    for (index, one) in SWITCHES.iter().enumerate() {
        for other in &SWITCHES[index + 1..] {
            let mut setting = one.both_off(other);
            setting.bounds.lures = 2;
            let expected: Properties = one.breaks.iter().chain(other.breaks).copied().collect();
            let found = search(&setting, Stop { when_broken: expected, ..Stop::default() }, |_| {}).unwrap();
            (pairs, states) = (pairs + 1, states + found.states);
            let missing: Vec<_> = expected.iter().filter(|own| !found.violations.contains_key(own)).collect();
            // It stops before the end only when there is nothing more to find.
            assert_eq!(found.is_exhausted, !missing.is_empty(), "{} {}", one.id, other.id);
            if !missing.is_empty() {
                kept.insert(format!("{}+{}", one.id, other.id), missing);
            }
        }
    }
    println!("{pairs} pairs, {states} states, {} keep something off", kept.len());
    let pinned = KEPT.iter().flat_map(|(_, missing, pairs)| {
        pairs.split_whitespace().map(|pair| (pair.to_owned(), missing.to_vec()))
    });
    assert_eq!(kept, pinned.collect());
    assert_eq!(pairs, SWITCHES.len() * (SWITCHES.len() - 1) / 2);
}

/// The pairs in which something holds that one of the two breaks alone: why, what, which.
const KEPT: &[(&str, &[Property], &str)] = &[
    (
        "an API that refuses everybody names nobody, so nobody is taken for another",
        &[Property::Authentication],
        "T08+P-reach T09+P-reach T10+P-reach T14+P-reach T17+P-reach T18+P-reach T21+P-reach T22+P-reach T24+P-reach
         T28+P-reach T29+P-reach T41+P-reach C-issuer+P-reach C-redirect-uri+P-reach",
    ),
    (
        "a native client has no page: no redirector, no history, no log of its web server, no script, no opener",
        &[Property::Authentication, Property::Authorization],
        "T02+T17 T02+T18 T02+T21 T02+T22 T02+T24 T02+T29",
    ),
    (
        "a native client keeps its request in memory and gives it up itself, so what lies in a storage is not believed",
        &[Property::SessionIntegrity],
        "T03+T28 T06+T28 T28+C-fresh",
    ),
    (
        "a native client has no hidden frame, and hears no messages from one",
        &[Property::SessionIntegrity],
        "T28+T30 T28+T31 T28+C-window T28+C-origin",
    ),
    (
        "a native client has one session for all tabs, and a second sign-in gives the first one up",
        &[Property::Completion],
        "T28+T33",
    ),
    (
        "a record that is never deleted cannot be used up",
        &[Property::Completion],
        "T01+T03 T03+T35",
    ),
    (
        "everybody knows the state of every request, and whoever knows it may end the request",
        &[Property::Completion],
        "T01+T05 T05+T35 T01+T30 T01+C-window T01+C-origin T30+T35 T35+C-window T35+C-origin",
    ),
    (
        "all requests have the same state, so a second record is not another that takes the place of the first",
        &[Property::Completion],
        "T05+T33 T30+T33 T33+C-window T33+C-origin",
    ),
];
