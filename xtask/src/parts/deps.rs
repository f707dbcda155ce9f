//! `deps`: the rules of deny.toml over everything that is depended on.

use crate::command;
use crate::context::Context;
use crate::outcome::Outcome;
use crate::tools::{self, CARGO_DENY};

pub(crate) fn run(context: &Context) -> Outcome {
    let cargo_deny = tools::pinned(context, &CARGO_DENY)?;
    // It looks at the dependencies of every platform, of which a build fetches only this one's.
    command::run(&mut context.cargo("fetch --locked"))?;
    // Not `advisories`: they would be read from a database that changes by the day, and an unchanged project
    // must not turn red.
    let mut check = context.command(&cargo_deny.to_string_lossy());
    command::run(check.args(["--locked", "--offline", "check", "bans", "licenses", "sources"]))
}
