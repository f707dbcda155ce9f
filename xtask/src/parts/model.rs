//! `model` and `model-long`: the six-actor model, in a build in which the core's checks can be told to say yes.

use crate::command::run;
use crate::context::Context;
use crate::outcome::Outcome;

/// Each switch off alone, in small worlds.
pub(crate) fn small(context: &Context) -> Outcome {
    test(context, "test --release --package fragrant-model --locked")
}

/// The bounds that the model is for, and all pairs of switches.
pub(crate) fn large(context: &Context) -> Outcome {
    test(
        context,
        "test --release --package fragrant-model --features long --test long --locked -- --nocapture",
    )
}

/// The cfg is for this build alone, which has a target folder of its own: no other build may come near it.
fn test(context: &Context, words: &str) -> Outcome {
    let target = context.target().join("model");
    run(context.cargo(words).env("RUSTFLAGS", "--cfg fragrant_faults").env("CARGO_TARGET_DIR", target))
}
