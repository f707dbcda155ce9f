//! What holds whatever two browsers do, in whatever order, over real HTTP: ask with good and bad requests, log in rightly and
//! wrongly, send in pages of their own and of each other, once and again, while sessions end, tokens are taken back and time
//! passes.
//!
//! - Nothing is redirected but to the address that the request's client has registered.
//! - A token is for whoever is logged in at that browser, for the client that has asked and for the scope that was allowed, by
//!   a decision on the page that was shown, just now or before; the API is asked whether it is.
//! - A page is answered once.
//! - A session begins with a right name and password, and with nothing else.
//! - A secret is where it belongs, and nowhere else.

mod acts;
mod world;

use std::cell::RefCell;

use proptest::collection::vec;
use proptest::test_runner::{Config, TestRunner};

use acts::act;
use world::{Tally, World};

/// What has to have happened for the laws to say anything.
const COUNTED: [&str; 9] = [
    "allowed",
    "denied",
    "error pages",
    "errors",
    "remembered",
    "sent again",
    "sent by another",
    "sessions",
    "wrong passwords",
];

#[test]
// req(test): RFC6749-4.2.1-9, RFC6749-3.1.2.4-1, RFC6749-10.2-3, RFC6749-10.12-5, RFC9700-2.1-3, OIDC-3.1.2.4-1
fn whatever_two_browsers_do() {
    let tally = RefCell::new(Tally::default());
    // Nothing is written into the source tree; what fails is printed.
    let mut runner = TestRunner::new(Config { failure_persistence: None, ..Config::default() });
    let outcome = runner.run(&vec(act(), 1..60), |acts| {
        let mut tally = tally.borrow_mut();
        let mut world = World::new(&mut tally);
        acts.iter().for_each(|act| world.act(act));
        Ok(())
    });
    outcome.unwrap_or_else(|failure| panic!("{failure}"));
    let least = runner.config().cases as usize / 64;
    let tally = tally.into_inner();
    for what in COUNTED {
        assert!(tally.get(what).copied().unwrap_or_default() >= least, "{what} of {tally:?}");
    }
}
