//! The search at bounds that take a moment; `cargo xtask model-long` goes further.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

use fragrant_model::search::{Findings, Stop, search};
use fragrant_model::switch::{SWITCHES, Switch};
use fragrant_model::world::{Apart, Cuts, Holder};
use fragrant_model::{Bounds, Property, Setting};

fn exhaust(setting: &Setting) -> Findings {
    let found = search(setting, Stop::default(), |_| {}).unwrap();
    assert!(found.is_exhausted);
    found
}

const fn bounds(sizes: [u8; 7]) -> Bounds {
    let [users, clients, servers, tabs, starts, lures, waits] = sizes;
    Bounds { users, clients, servers, tabs, starts, lures, waits }
}

/// Golden counts: a change of behaviour that nobody meant shows here.
#[test]
fn with_everything_in_order_nothing_breaks() {
    for (sizes, apart, holder, states) in include!("golden.in") {
        let mut setting = Setting::new(bounds(sizes));
        (setting.apart, setting.holder) = (apart, holder);
        let found = exhaust(&setting);
        assert!(found.violations.is_empty(), "{sizes:?} {apart:?}: {:?}", found.violations);
        assert_eq!(found.reached, Some(2), "{sizes:?} {apart:?}");
        assert_eq!(found.states, states, "{sizes:?} {apart:?} {holder:?}");
    }
}

#[test]
fn the_order_is_always_the_same() {
    let setting = Switch::find("T14").unwrap().off();
    let (one, other) = (exhaust(&setting), exhaust(&setting));
    assert_alike(&one, &other, "once more");
}

/// What is remembered of a browser for others that are like it, is so: carried out in each of them, it comes to the same.
#[test]
fn what_is_shared_between_browsers_changes_nothing_at_all() {
    for (sizes, holder) in [
        ([1, 2, 2, 2, 1, 2, 1], Holder::Session),
        ([2, 1, 2, 2, 1, 2, 0], Holder::Session),
        ([1, 1, 1, 2, 2, 3, 0], Holder::Session),
        ([1, 2, 2, 2, 1, 2, 0], Holder::TypedStates),
    ] {
        for apart in [Apart::ByIssuer, Apart::ByRedirectUri] {
            let mut setting = Setting::new(bounds(sizes));
            (setting.apart, setting.holder) = (apart, holder);
            let shared = exhaust(&setting);
            setting.cuts.outcomes_shared = false;
            assert_alike(&shared, &exhaust(&setting), &format!("{sizes:?} {apart:?} {holder:?}"));
        }
    }
    for switch in SWITCHES.iter().filter(|switch| switch.is_available()) {
        let mut setting = switch.off();
        let shared = exhaust(&setting);
        setting.cuts.outcomes_shared = false;
        assert_alike(&shared, &exhaust(&setting), switch.id);
    }
}

fn assert_alike(one: &Findings, other: &Findings, what: &str) {
    assert_eq!(one.violations, other.violations, "{what}");
    let counts = |found: &Findings| {
        (found.states, found.transitions, found.depth, found.browsers, found.reached, found.is_exhausted)
    };
    assert_eq!(counts(one), counts(other), "{what}");
}

/// Each cut makes one state of several. It may not make a difference to what holds.
#[test]
fn each_cut_changes_no_verdict() {
    let all_on = |sizes| Setting::new(bounds(sizes));
    let off = |id: &str| {
        let switch = Switch::find(id).unwrap();
        switch.is_available().then(|| switch.off())
    };
    let worlds = [
        Some(all_on([1, 1, 1, 1, 1, 2, 0])),
        Some(all_on([1, 1, 2, 1, 1, 1, 0])),
        off("T01"),
        off("T08"),
        off("T09"),
        off("T14"),
        off("C-issuer"),
    ];
    for mut setting in worlds.into_iter().flatten() {
        setting.bounds.tabs = 1;
        setting.bounds.lures = setting.bounds.lures.min(if setting.bounds.servers > 1 { 1 } else { 2 });
        let broken = |cuts: Cuts| {
            let mut setting = setting.clone();
            setting.cuts = cuts;
            let found = exhaust(&setting);
            // Whether a sign-in completes is asked of whole steps only.
            let broken = found.violations.into_keys().filter(|property| *property != Property::Completion);
            (broken.collect::<Vec<_>>(), found.reached.is_some(), found.states)
        };
        let cut = broken(Cuts::ALL);
        for (name, cuts) in Cuts::each_left_out().into_iter().chain([("all", Cuts::NONE)]) {
            let raw = broken(cuts);
            println!("{name}: {} states, {} with it", raw.2, cut.2);
            assert_eq!((&raw.0, raw.1), (&cut.0, cut.1), "without {name}");
        }
    }
}

/// Each switch off breaks just what its row says, and its world holds while it is on.
#[test]
fn each_switch_off_breaks_what_it_should_and_nothing_else() {
    let guide = include_str!("../../../docs/model.md");
    let mut lacking = Vec::new();
    for switch in SWITCHES.iter().filter(|switch| switch.is_available()) {
        let on = exhaust(&switch.on());
        assert!(on.violations.is_empty(), "{}: {:?}", switch.id, on.violations);
        assert!(on.reached.is_some(), "{}", switch.id);
        let off = exhaust(&switch.off());
        let mut expected: Vec<Property> = switch.breaks.to_vec();
        expected.sort();
        assert_eq!(off.violations.keys().copied().collect::<Vec<_>>(), expected, "{}", switch.id);
        assert_eq!(off.reached.is_none(), switch.breaks.is_empty(), "{}", switch.id);
        let lengths: Vec<String> =
            off.violations.iter().map(|(property, way)| format!("{property} {}", way.len())).collect();
        let broken = if lengths.is_empty() { "the honest flow".into() } else { lengths.join(", ") };
        let row = format!(
            "| {} | {} | {} | {broken} | {} | {} |",
            switch.id, switch.kind, switch.name, on.states, off.states
        );
        if !guide.lines().any(|line| line == row) {
            lacking.push(row);
        }
    }
    assert!(lacking.is_empty(), "docs/model.md lacks these rows:\n{}", lacking.join("\n"));
}

/// A check that nothing here would miss is none, or the model does not see what it is for.
#[test]
fn each_check_of_the_core_keeps_something_off_by_itself() {
    let checks = include_str!("../../fragrant/src/client/checks.rs");
    let names = checks.lines().filter_map(|line| line.strip_prefix("pub fn ")?.split('(').next());
    let names: Vec<&str> = names.collect();
    assert!(names.contains(&"is_own_state") && names.len() > 7, "{names:?}");
    for name in names {
        let says_yes_alone = |switch: &&Switch| {
            let (on, off) = (switch.on().faults, switch.off().faults);
            off.difference(&on).eq([&name])
        };
        let switch = SWITCHES.iter().find(says_yes_alone);
        // That it does break something is what the test above is for, in a build in which it can.
        assert!(switch.is_some_and(|switch| !switch.breaks.is_empty()), "{name} is left out by no switch");
    }
}

#[test]
fn every_property_is_broken_alone_by_something() {
    // Authorization goes with authentication, as whoever holds a token can hand it in; but not where the client is the
    // attacker's own.
    for property in Property::ALL {
        let alone = SWITCHES.iter().find(|switch| switch.breaks == [property]);
        assert!(alone.is_some(), "{property}");
    }
}
