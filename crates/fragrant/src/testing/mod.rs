//! What the tests, the fuzz targets and the benches share: strategies that make values and messages, and oracles that
//! say what must hold for any of them.
//!
//! A law is written once, as a plain function in [`oracle`] that panics when it is broken. A property test calls it with
//! what [`strategy`] makes, a fuzz target with whatever bytes it has, a replayed corpus with what once went wrong.
//!
//! For tests only: this module may change in any release.

pub mod flow;
pub mod grant;
pub mod oracle;
pub mod reference;
pub mod strategy;
pub mod target;
pub mod user_agent;

mod question;

pub use question::Question;

use proptest::test_runner::Config;

/// How the project runs its properties: as many cases as `PROPTEST_CASES` says (256 if it says nothing), and nothing
/// written into the source tree when one fails; the failing input is printed, to be kept as a test of its own.
pub fn config() -> Config {
    Config { failure_persistence: None, ..Config::default() }
}
