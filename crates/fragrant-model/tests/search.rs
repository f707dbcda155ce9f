//! The search at bounds that take a moment; `cargo xtask model-long` goes further.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod verdict;

use std::collections::BTreeSet;

use fragrant_model::search::{Findings, Stop, search};
use fragrant_model::switch::{SWITCHES, Switch};
use fragrant_model::walk::walk;
use fragrant_model::world::{Apart, ClientKind, Cuts, Holder};
use fragrant_model::{Bounds, Property, Setting};
use verdict::Verdict;

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

/// What breaks before anything is done is found too, and takes no action.
#[test]
fn a_world_may_begin_broken() {
    let mut setting = Setting::new(Bounds { starts: 0, ..Bounds::SMALLEST });
    setting.signed_in = true;
    assert_eq!((exhaust(&setting).violations.len(), exhaust(&setting).reached), (0, Some(0)));
    Switch::find("T24").unwrap().turn_off(&mut setting);
    let broken = exhaust(&setting).violations;
    assert_eq!(broken.get(&Property::Authorization), Some(&Vec::new()));
    assert_eq!(walk(&setting, 1, 10).unwrap().violation, Some((Property::Authorization, Vec::new())));
    Switch::find("P-reach").unwrap().turn_off(&mut setting);
    assert_eq!(exhaust(&setting).reached, None);
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
    let mut cutting = BTreeSet::new();
    for (what, setting, is_small) in worlds_to_cut() {
        let cut = Verdict::of(&setting, Cuts::ALL);
        assert_eq!(cut.broken.is_empty(), setting.off.is_empty() && setting.faults.is_empty(), "{what}");
        let raw = is_small.then_some(("all", Cuts::NONE));
        for (name, cuts) in Cuts::each_left_out().into_iter().chain(raw) {
            let raw = Verdict::of(&setting, cuts);
            println!("{what}, without {name}: {} states, {} with it", raw.states, cut.states);
            assert_eq!(raw.asked(cuts), cut.asked(cuts), "{what}, without {name}");
            assert_eq!(raw.is_reached, cut.is_reached, "{what}, without {name}");
            if cut.broken.is_empty() && !is_idle(&setting, cuts, &cut, &raw) {
                cutting.insert(name);
            }
        }
    }
    // A cut that cuts nothing in any of these worlds would not have been tried, and one that cuts only where all is broken
    // already could hide what breaks.
    let mut idle: Vec<_> = Cuts::each_left_out().into_iter().map(|(name, _)| name).collect();
    idle.retain(|name| !cutting.contains(name));
    assert_eq!(idle, ["outcomes_shared"], "which is to change no state at all");
}

/// Whether a cut cuts anything in a world. What it saves may be actions of which nothing comes, so those are counted, too.
fn is_idle(setting: &Setting, cuts: Cuts, with: &Verdict, without: &Verdict) -> bool {
    let in_vain = |cuts| Verdict::of(setting, Cuts { vain_actions_dropped: false, ..cuts });
    !without.is_more_than(with) && !in_vain(cuts).is_more_than(&in_vain(Cuts::ALL))
}

/// Worlds in order, and worlds with switches off in which a cut could hide something; and whether the raw search ends there in
/// a moment.
fn worlds_to_cut() -> Vec<(String, Setting, bool)> {
    let in_order = |sizes, change: fn(&mut Setting)| {
        let mut setting = Setting::new(bounds(sizes));
        change(&mut setting);
        (format!("{sizes:?}"), setting, true)
    };
    let mut worlds = vec![
        in_order([1, 1, 1, 1, 1, 2, 0], |_| {}),
        in_order([1, 1, 2, 1, 1, 1, 0], |_| {}),
        in_order([1, 1, 1, 2, 1, 1, 0], |_| {}),
        in_order([1, 2, 1, 1, 1, 1, 0], |_| {}),
        in_order([2, 1, 1, 1, 1, 1, 0], |_| {}),
        in_order([1, 1, 1, 1, 1, 2, 0], |setting| setting.kinds = [ClientKind::Native; 2]),
        in_order([1, 1, 1, 2, 0, 1, 1], |setting| setting.signed_in = true),
        in_order([1, 2, 1, 1, 1, 1, 0], |setting| setting.holder = Holder::TypedStates),
        in_order([2, 1, 1, 1, 1, 1, 0], |setting| setting.holder = Holder::TypedStates),
    ];
    let smallest = [1, 1, 1, 1, 1, 2, 0];
    for (ids, sizes, is_small) in [
        (&["T01"][..], smallest, true),
        (&["T05"], [1, 2, 1, 1, 1, 1, 0], true),
        (&["T06"], smallest, true),
        (&["T08"], [1, 1, 1, 1, 1, 1, 0], true),
        (&["T09"], [1, 1, 2, 1, 1, 1, 0], true),
        (&["T14"], [1, 1, 1, 1, 1, 1, 0], true),
        (&["T28"], [1, 1, 1, 1, 1, 1, 0], true),
        (&["T29"], [1, 1, 1, 2, 1, 1, 0], true),
        (&["C-issuer"], [1, 1, 2, 1, 1, 1, 0], true),
        (&["C-window"], [1, 1, 1, 2, 0, 1, 1], true),
        // Another user's state comes out, and what it is tried with stays in the history.
        (&["T04", "T21"], [2, 1, 1, 1, 2, 1, 0], false),
    ] {
        let switches: Vec<_> = ids.iter().map(|id| Switch::find(id).unwrap()).collect();
        if switches.iter().all(|switch| switch.is_available()) {
            let mut setting = switches[0].off();
            switches.iter().for_each(|switch| switch.turn_off(&mut setting));
            setting.bounds = bounds(sizes);
            worlds.push((format!("{ids:?} {sizes:?}"), setting, is_small));
        }
    }
    worlds
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
