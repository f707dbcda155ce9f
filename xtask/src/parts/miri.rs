//! `miri`: the core's tests in an interpreter that sees undefined behaviour. The core forbids unsafe code, so what it can
//! find is in what the core is built on, and in arithmetic that overflows.

use crate::command::run;
use crate::context::Context;
use crate::outcome::Outcome;
use crate::tools;

/// Those that take minutes and not hours there: they try one thing at a time. Those that go through thousands of inputs, and
/// those that start a compiler, are left out.
const TESTS: &str = "--lib --test client --test errors --test urlencoded --test verdicts";

/// Parts of the names of tests that try very many inputs or a very large one, and would take hours there. Each has a
/// neighbour that tries a few.
const SKIPPED: &[&str] = &[
    "all_ways_alike",
    "among_every_byte",
    "as_each_of_them_is",
    "decoding_byte_by_byte",
    "escapes_of_printable_ascii",
    "every_length_is_decoded",
    "every_pair_of_marks",
    "in_no_time",
    "no_more_than_their_length",
    "no_secret_behind_a_prefix",
    "of_every_length",
    "of_a_few_parts",
    "of_an_address_that_is_too_long",
    "seen_in_every_block",
    "the_slow_one_agree",
    "utf8_is_what",
];

pub(crate) fn run_part(context: &Context) -> Outcome {
    tools::nightly(context, &["miri", "rust-src"])?;
    run(context
        .command("rustup")
        .args("run nightly cargo miri test --package fragrant --locked".split_whitespace())
        .args(TESTS.split_whitespace())
        .arg("--")
        .args(SKIPPED.iter().flat_map(|name| ["--skip", name]))
        .env("CARGO_TARGET_DIR", context.target().join("miri"))
        // Proptest asks for its settings in the environment.
        .env("MIRIFLAGS", "-Zmiri-disable-isolation")
        .env("PROPTEST_CASES", "4"))
}
