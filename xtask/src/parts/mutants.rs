//! `mutants`: no small fault can be planted in the parser, the values or the rules without a test that sees it. What is
//! examined, by which tests, and why some mutants do no harm is in `.cargo/mutants.toml`.

use crate::command::ended;
use crate::context::Context;
use crate::outcome::{Outcome, failed};
use crate::tools::{self, CARGO_MUTANTS};

/// What `cargo mutants` ends with where a test failed for each mutant, or never ended for some, which shows it as well.
const ALL_SEEN: [i32; 2] = [0, 3];
/// ... and where no test has seen some.
const SOME_MISSED: i32 = 2;

pub(crate) fn run_part(context: &Context) -> Outcome {
    let cargo_mutants = tools::pinned(context, &CARGO_MUTANTS)?;
    // What is left is tried once more as a browser has it: the little code is not even looked at on this machine.
    for flags in [&[][..], &["--iterate"]] {
        let mut mutants = context.command(&cargo_mutants.to_string_lossy());
        mutants.args("mutants --no-shuffle --output".split(' ')).arg(context.target().join("mutants"));
        // It takes no more to see that a test fails.
        mutants.args(flags).env("PROPTEST_CASES", "64");
        if !flags.is_empty() {
            mutants.env("RUSTFLAGS", "--cfg fragrant_small");
        }
        match ended(&mut mutants)? {
            Some(code) if ALL_SEEN.contains(&code) => return Ok(()),
            Some(SOME_MISSED) => {}
            code => return failed(format!("`cargo mutants` ended with {code:?}")),
        }
    }
    failed("no test has seen the changes that are listed above as missed")
}
