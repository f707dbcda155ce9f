//! `package`: what a release would upload, made and built, without uploading.

use crate::command;
use crate::context::Context;
use crate::outcome::Outcome;

pub(crate) fn run(context: &Context) -> Outcome {
    // One call for all of them: cargo then lets a crate find a sibling that no registry has yet.
    let mut package = context.cargo("package --workspace --allow-dirty --locked");
    for unpublished in context.packages().iter().filter(|package| package.publish == Some(Vec::new())) {
        package.args(["--exclude", unpublished.name.as_str()]);
    }
    command::run(&mut package)
}
