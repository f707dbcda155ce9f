//! `fuzz`: a while of each fuzz target, from the seeds and the corpus that are kept.

use std::fs;
use std::path::Path;
use std::process::Stdio;

use crate::command::run;
use crate::context::Context;
use crate::outcome::{Outcome, failed, none_of};
use crate::tools::{self, CARGO_FUZZ};

/// How long each target runs, in seconds, unless the variable says otherwise.
const SECONDS: u64 = 60;
const SECONDS_VARIABLE: &str = "FRAGRANT_FUZZ_SECONDS";

/// The targets whose inputs are texts of a kind: `fuzz/seeds` and `fuzz/dictionaries` have them by its name.
const KINDS: &[(&str, &str)] = &[
    ("authorization_request", "requests"),
    ("authorize", "requests"),
    ("bearer_challenge", "headers"),
    ("consent", "decisions"),
    ("differential", "answers"),
    ("fragment", "answers"),
    ("redirect", "answers"),
];

pub(crate) fn run_part(context: &Context) -> Outcome {
    tools::nightly(context, &[])?;
    let cargo_fuzz = tools::pinned(context, &CARGO_FUZZ)?;
    let seconds = match std::env::var(SECONDS_VARIABLE).map(|text| text.parse()) {
        Err(_) => SECONDS,
        Ok(Ok(seconds)) => seconds,
        Ok(Err(_)) => return failed(format!("{SECONDS_VARIABLE} is a whole number of seconds")),
    };
    let built = context.target().join("fuzz");
    let mut build = context.command("rustup");
    build.args(["run", "nightly"]).arg(&cargo_fuzz).args(["fuzz", "build"]);
    run(build.env("CARGO_TARGET_DIR", &built))?;
    // cargo-fuzz always names the target.
    let programs = built.join(tools::host(context)?).join("release");
    let mut complaints = Vec::new();
    for target in targets(context)? {
        match fuzz(context, &built, &programs, &target, seconds) {
            Ok(Found { runs, edges }) => {
                println!("   {target}: {runs} runs in {seconds} s, {edges} edges reached, no finding");
            }
            Err(complaint) => complaints.push(complaint),
        }
    }
    none_of(&complaints)
}

/// The programs of `fuzz/fuzz_targets`, by name.
fn targets(context: &Context) -> Outcome<Vec<String>> {
    let folder = context.root.join("fuzz").join("fuzz_targets");
    let Ok(entries) = fs::read_dir(&folder) else { return failed("fuzz/fuzz_targets cannot be read") };
    let stem = |path: &Path| Some(path.file_stem()?.to_str()?.to_owned());
    let mut names: Vec<_> = entries.flatten().filter_map(|entry| stem(&entry.path())).collect();
    names.sort();
    match names.is_empty() {
        true => failed("fuzz/fuzz_targets is empty"),
        false => Ok(names),
    }
}

/// The longest input, in bytes. Of a flow each byte is an event, and a longer one is only slower.
fn max_len(target: &str) -> usize {
    if target == "client_flow" { 64 } else { 512 }
}

/// What a run without a finding has come to.
struct Found {
    runs: u64,
    edges: u64,
}

fn fuzz(
    context: &Context,
    built: &Path,
    programs: &Path,
    target: &str,
    seconds: u64,
) -> Result<Found, String> {
    let folder = context.root.join("fuzz");
    // What is found goes here first. It is merged into the corpus that is kept when somebody decides so.
    let [found, artifacts] = ["corpus", "artifacts"].map(|name| built.join(name).join(target));
    for folder in [&found, &artifacts] {
        fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    let program = programs.join(target);
    let mut command = context.command(&program.to_string_lossy());
    command.arg(&found).arg(folder.join("corpus").join(target));
    if let Some((_, kind)) = KINDS.iter().find(|(name, _)| *name == target) {
        command.arg(folder.join("seeds").join(kind));
        command.arg(format!("-dict={}", folder.join("dictionaries").join(kind).display()));
    }
    command.args(["-print_final_stats=1", "-timeout=10"]);
    command.arg(format!("-max_len={}", max_len(target)));
    command.arg(format!("-max_total_time={seconds}"));
    command.arg(format!("-artifact_prefix={}/", artifacts.display()));
    let output = command.stdout(Stdio::null()).output().map_err(|error| format!("{target}: {error}"))?;
    let report = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        let last: Vec<_> = report.lines().rev().take(40).collect();
        let last: Vec<_> = last.into_iter().rev().collect();
        return Err(format!("{target} found an input that breaks a law:\n{}", last.join("\n")));
    }
    match (number_after(&report, "number_of_executed_units: "), number_after(&report, "cov: ")) {
        (Some(runs), Some(edges)) if runs > 0 => Ok(Found { runs, edges }),
        _ => Err(format!("{target} ended without saying what it did:\n{report}")),
    }
}

/// The number behind the last `label`.
fn number_after(report: &str, label: &str) -> Option<u64> {
    let (_, rest) = report.rsplit_once(label)?;
    rest.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_number_is_read() {
        let report =
            "#8 NEW cov: 12 ft: 14\n#9 DONE cov: 918 ft: 4603\nstat::number_of_executed_units: 2803350\n";
        assert_eq!(number_after(report, "cov: "), Some(918));
        assert_eq!(number_after(report, "number_of_executed_units: "), Some(2_803_350));
        assert_eq!(number_after(report, "slowest: "), None);
    }
}
