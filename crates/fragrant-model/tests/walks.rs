//! Walks beyond the bounds of the search.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

use fragrant_model::walk::walk;
use fragrant_model::world::{Apart, Holder};
use fragrant_model::{Bounds, Setting, Switch};

/// A larger world than the search exhausts; how much happens in it is the walk's length.
const BOUNDS: Bounds = Bounds { users: 2, clients: 2, servers: 2, tabs: 3, starts: 9, lures: 9, waits: 3 };

#[test]
fn a_hundred_thousand_steps_break_nothing() {
    for (seed, apart, holder) in [
        (0x5EED_0001, Apart::ByIssuer, Holder::Session),
        (0x5EED_0002, Apart::ByIssuer, Holder::Session),
        (0x5EED_0003, Apart::ByRedirectUri, Holder::Session),
        (0x5EED_0004, Apart::ByRedirectUri, Holder::Session),
        (0x5EED_0005, Apart::ByIssuer, Holder::TypedStates),
    ] {
        let mut setting = Setting::new(BOUNDS);
        (setting.apart, setting.holder) = (apart, holder);
        let walked = walk(&setting, seed, 20_000).unwrap();
        println!("seed {seed:#x}: {} steps, {} sign-ins reached the API", walked.steps, walked.reached);
        assert_eq!(walked.violation, None, "seed {seed:#x}");
        assert_eq!(walked.steps, 20_000);
        assert!(walked.reached > 500, "the walks reach what they are for: {}", walked.reached);
    }
}

/// So that the test above would notice.
#[test]
fn a_walk_comes_upon_what_is_out_of_order() {
    for id in ["T05", "T14", "T21"] {
        let mut setting = Setting::new(BOUNDS);
        Switch::find(id).unwrap().turn_off(&mut setting);
        let walked = walk(&setting, 0x5EED_0006, 20_000).unwrap();
        assert!(walked.violation.is_some(), "{id}");
    }
}
