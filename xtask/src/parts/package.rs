//! `package`: what a release would upload, made and built, without uploading.

use std::time::SystemTime;

use crate::command;
use crate::context::Context;
use crate::outcome::Outcome;

pub(crate) fn run(context: &Context) -> Outcome {
    // One call for all of them: cargo then lets a crate find a sibling that no registry has yet.
    let mut package = context.cargo("package --workspace --allow-dirty --locked");
    for unpublished in context.packages().iter().filter(|package| package.publish == Some(Vec::new())) {
        package.args(["--exclude", unpublished.name.as_str()]);
    }
    // Cargo unpacks a sibling once for each folder and version, and takes it for unchanged after that. So each run has a
    // folder of its own.
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let folder = context.target().join(format!("package-{now}"));
    let outcome = command::run(package.arg("--target-dir").arg(&folder));
    // It holds what the next run makes anew; if it stays, it is only in the way.
    let _ = std::fs::remove_dir_all(&folder);
    outcome
}
