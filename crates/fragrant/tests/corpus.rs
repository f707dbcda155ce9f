//! Every fuzz target over the inputs that are kept for it: the seeds, which are what real servers and clients send, and the
//! corpus, which is what the fuzzer has found to reach further.

// A test that panics has failed, which is what it is for. Clippy's settings for tests do not reach the functions that they
// share.
#![allow(clippy::panic, clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};

use fragrant::testing::target::{self, TARGETS, Target};

/// The files of a folder of `fuzz/`, by name, with their bytes.
fn inputs(folder: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz").join(folder);
    let mut paths: Vec<_> = fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    assert!(paths.len() > 10, "{} holds {} inputs", folder.display(), paths.len());
    paths.into_iter().map(|path| (path.clone(), fs::read(path).unwrap())).collect()
}

fn replay(folder: &str, run: Target) {
    for (path, input) in inputs(folder) {
        // The harness shows what a failed test has printed, so the last line names the culprit.
        println!("{}", path.display());
        run(&input);
    }
}

#[test]
fn the_corpora_break_no_law() {
    for (name, run) in TARGETS {
        replay(&format!("corpus/{name}"), *run);
    }
}

#[test]
fn the_seeds_break_no_law() {
    for run in [target::fragment, target::redirect, target::differential] {
        replay("seeds/answers", run);
    }
    for run in [target::authorization_request, target::authorize] {
        replay("seeds/requests", run);
    }
    replay("seeds/decisions", target::consent);
    replay("seeds/headers", target::bearer_challenge);
}

/// A target without a program would never be fuzzed.
#[test]
fn each_target_has_its_program_and_each_program_its_target() {
    let programs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/fuzz_targets");
    let mut names: Vec<_> = fs::read_dir(programs)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            assert!(fs::read_to_string(&path).unwrap().contains(&format!("target::{name}(")), "{name}");
            name
        })
        .collect();
    names.sort();
    assert_eq!(names, TARGETS.iter().map(|(name, _)| *name).collect::<Vec<_>>());
}
