//! What takes longer than a moment: the bounds that the model is for, and all pairs of switches.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod verdict;

use std::collections::BTreeMap;

#[cfg(fragrant_faults)]
use fragrant_model::search::{Space, State};
use fragrant_model::search::{Stop, search};
use fragrant_model::switch::SWITCHES;
use fragrant_model::world::{Apart, Cuts, Holder};
use fragrant_model::{Bounds, Properties, Property, Setting};
use verdict::Verdict;

/// Golden counts, as in the ordinary tests.
#[test]
fn with_everything_in_order_nothing_breaks_in_a_large_world() {
    let wait = Bounds { waits: 1, ..Bounds::GOAL };
    let more = Bounds { starts: 3, lures: 4, ..Bounds::GOAL };
    for (bounds, apart, holder, counts) in [
        (Bounds::GOAL, Apart::ByIssuer, Holder::Session, (105_918, 876_876, 7)),
        (Bounds::GOAL, Apart::ByRedirectUri, Holder::Session, (105_918, 876_876, 7)),
        (Bounds::GOAL, Apart::ByIssuer, Holder::TypedStates, (44_071, 352_380, 7)),
        (wait, Apart::ByIssuer, Holder::Session, (348_531, 2_953_836, 10)),
        (more, Apart::ByIssuer, Holder::Session, (11_311_576, 126_989_364, 10)),
    ] {
        let mut setting = Setting::new(bounds);
        (setting.apart, setting.holder) = (apart, holder);
        assert_in_order(&setting, counts);
    }
}

/// The same where everybody can come in between any two orders that a page carries out.
#[test]
fn with_everything_in_order_nothing_breaks_between_the_steps_of_pages() {
    let one = Bounds { starts: 1, lures: 2, ..Bounds::GOAL };
    for (bounds, counts) in [
        (Bounds { users: 1, clients: 1, ..one }, (3_206_049, 10_152_879, 20)),
        (one, (16_951_365, 55_758_976, 21)),
    ] {
        let mut setting = Setting::new(bounds);
        setting.cuts.pages_at_once = false;
        assert_in_order(&setting, counts);
    }
}

fn assert_in_order(setting: &Setting, counts: (usize, u64, usize)) {
    let found = search(setting, Stop::default(), |_| {}).unwrap();
    println!(
        "{} states, {} transitions, depth {}, {:?}",
        found.states, found.transitions, found.depth, found.time
    );
    assert!(found.is_exhausted && found.violations.is_empty(), "{:?}", found.violations);
    assert!(found.reached.is_some());
    assert_eq!((found.states, found.transitions, found.depth), counts, "{setting:?}");
    let [states, transitions] = [found.states as u64, found.transitions].map(in_thousands);
    let guide = include_str!("../../../docs/model.md");
    let is_told = |line: &str| line.contains(&states) && line.contains(&transitions);
    assert!(
        guide.lines().any(is_told),
        "docs/model.md says nothing of {states} states and {transitions} transitions"
    );
}

/// A number with commas, as the guide writes it.
fn in_thousands(number: u64) -> String {
    let digits = number.to_string();
    let groups: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().map(|group| std::str::from_utf8(group).unwrap()).collect();
    groups.join(",")
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

/// Each cut left out at each switch, on and off, with the session and with the typed states, with one and with two users and
/// clients: it may not make a difference to what holds, but for what stands below.
#[test]
fn each_cut_changes_no_verdict_of_any_switch() {
    let (worlds, mut differences) = (worlds_to_cut(), BTreeMap::new());
    let mut cutting: BTreeMap<&str, usize> = BTreeMap::new();
    for (what, setting, broken) in &worlds {
        let cut = Verdict::of(setting, Cuts::ALL);
        assert_eq!(cut.broken, *broken, "{what}");
        for (name, cuts) in Cuts::each_left_out() {
            let without = Verdict::of(setting, cuts);
            assert_eq!(without.is_reached, cut.is_reached, "{what}, without {name}");
            if without.asked(cuts) != cut.asked(cuts) {
                differences.insert(format!("{what}, without {name}"), without.asked(cuts));
            }
            *cutting.entry(name).or_default() += usize::from(without.is_more_than(&cut));
        }
    }
    println!("of {} worlds, in how many each cuts: {cutting:?}", worlds.len());
    let least = cutting.values().filter(|worlds| **worlds > 0).min();
    assert_eq!((worlds.len(), cutting["outcomes_shared"], least), (200, 0, Some(&44)));
    let all = [Property::Authentication, Property::Authorization, Property::SessionIntegrity];
    let known = WITH_STEPS_OF_PAGES.iter().flat_map(|(_, worlds)| *worlds);
    let known = known.map(|world| (format!("{world}, without pages_at_once"), all.to_vec()));
    assert_eq!(differences, known.collect());
}

/// The worlds in which a page that starts can be overtaken by another, and then all is broken that T09 breaks: why, which.
const WITH_STEPS_OF_PAGES: &[(&str, &[&str])] = &[
    (
        "while one page starts, the attacker's own takes the record of its request out of the store; back there it is found by
         the page's other session, which lets the honest server's answer pass as the hostile one's",
        &[
            "T09 off, 1 x 1, TypedStates",
            "T11 off, 1 x 1, Session",
            "T11 off, 1 x 1, TypedStates",
            "T11 off, 1 x 2, Session",
            "T11 off, 2 x 1, Session",
        ],
    ),
    (
        "the script has the state before its page has taken the record, and the attacker answers in its place",
        &["T24 off, 1 x 1, Session", "T24 off, 1 x 1, TypedStates", "T24 off, 1 x 2, Session", "T24 off, 2 x 1, Session"],
    ),
];

/// The worlds of all switches, and what is broken in each.
fn worlds_to_cut() -> Vec<(String, Setting, Vec<Property>)> {
    let mut worlds: Vec<(String, Setting, Vec<Property>)> = Vec::new();
    for switch in SWITCHES {
        for (holder, users, clients) in SIZES {
            let mut broken = match (holder, switch.id) {
                // They sign in by redirect only, and renew nothing.
                (Holder::TypedStates, "T29" | "T30" | "T31" | "C-window" | "C-origin") => Vec::new(),
                // Where nothing keeps the servers apart, a page that is loaded is the first server's.
                (Holder::TypedStates, "T09") => vec![Property::SessionIntegrity],
                _ => switch.breaks.to_vec(),
            };
            broken.sort();
            for (way, mut setting, broken) in [("on", switch.on(), Vec::new()), ("off", switch.off(), broken)]
            {
                (setting.holder, setting.bounds.users, setting.bounds.clients) = (holder, users, clients);
                let Bounds { servers, tabs, starts, .. } = setting.bounds;
                if users + clients > 2 && tabs > 1 && servers + starts > 2 {
                    setting.bounds.lures = 1;
                }
                if worlds.iter().all(|(_, other, _)| *other != setting) {
                    let what = format!("{} {way}, {users} x {clients}, {holder:?}", switch.id);
                    worlds.push((what, setting, broken));
                }
            }
        }
    }
    worlds
}

/// Who holds the clients, how many users there are, and how many clients.
const SIZES: [(Holder, u8, u8); 4] =
    [(Holder::Session, 1, 1), (Holder::Session, 2, 1), (Holder::Session, 1, 2), (Holder::TypedStates, 1, 1)];

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
    assert!(found.is_exhausted);
    assert_eq!((found.states, found.transitions), (4_578, 39_172));
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
            // Where the API refuses everybody the search goes on to the end.
            let has_api = !one.breaks.is_empty() && !other.breaks.is_empty();
            let when_broken = if has_api { expected } else { Properties::of_none() };
            let found = search(&setting, Stop { when_broken, ..Stop::default() }, |_| {}).unwrap();
            (pairs, states) = (pairs + 1, states + found.states);
            let missing: Vec<_> = expected.iter().filter(|own| !found.violations.contains_key(own)).collect();
            // It stops before the end only when there is nothing more to find.
            assert_eq!(found.is_exhausted, !missing.is_empty() || !has_api, "{} {}", one.id, other.id);
            assert!(has_api || found.reached.is_none(), "{} {}", one.id, other.id);
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
         T28+P-reach T29+P-reach T39+P-reach T41+P-reach C-issuer+P-reach C-redirect-uri+P-reach",
    ),
    (
        "a native client has no redirector, no log of a web server, and no opener",
        &[Property::Authentication, Property::Authorization],
        "T02+T17 T02+T18 T02+T22 T02+T29",
    ),
    (
        "a native client keeps its request in memory and gives it up itself, so what lies in a storage is not believed",
        &[Property::SessionIntegrity],
        "T03+T28 T06+T28 T28+C-fresh T03+T39 T06+T39 T39+C-fresh",
    ),
    (
        "a native client has no hidden frame, so it renews nothing",
        &[Property::SessionIntegrity],
        "T28+T31 T31+T39",
    ),
    (
        "a native client hears no messages, and where its consent is remembered its user is asked nothing, so no request stands",
        &[Property::SessionIntegrity],
        "T28+T30 T28+C-window T28+C-origin",
    ),
    (
        "a native client has one session for all tabs, and a second sign-in gives the first one up",
        &[Property::Completion],
        "T28+T33 T33+T39",
    ),
    (
        "a record that is never deleted cannot be used up",
        &[Property::Completion],
        "T01+T03 T03+T35",
    ),
    (
        "a user who is signed in has allowed the client and is asked nothing, so no request by redirect stands",
        &[Property::Completion],
        "T01+T30 T01+C-window T01+C-origin T30+T35 T35+C-window T35+C-origin",
    ),
    (
        "all requests have the same state, so a second record is not another that takes the place of the first",
        &[Property::Completion],
        "T05+T33 T30+T33 T33+C-window T33+C-origin",
    ),
];
