//! `mutants`: no small fault can be planted in the parser, the values or the rules without a test that sees it. What is
//! examined, by which tests, and why some mutants do no harm is in `.cargo/mutants.toml`.

use crate::command::run;
use crate::context::Context;
use crate::outcome::Outcome;
use crate::tools::{self, CARGO_MUTANTS};

pub(crate) fn run_part(context: &Context) -> Outcome {
    let cargo_mutants = tools::pinned(context, &CARGO_MUTANTS)?;
    run(context
        .command(&cargo_mutants.to_string_lossy())
        .args("mutants --no-shuffle --output".split(' '))
        .arg(context.target().join("mutants"))
        // It takes no more to see that a test fails.
        .env("PROPTEST_CASES", "64"))
}
