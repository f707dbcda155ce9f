//! `marks` and `marks-long`: what the comments say that tie code and tests to requirements, and whether it is so.
//!
//! The ledger itself is `fragrant spec ledger`. Whether a marked test fails without the marked code is tried here: a fault
//! in `faults.toml` takes away what a mark stands at, in a copy of the tree, and one of the tests that are marked with the
//! same requirement has to fail.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Stdio;

use serde::Deserialize;

use crate::command::{output, run};
use crate::context::Context;
use crate::outcome::{Outcome, Shortfall, failed, none_of};
use crate::parts::copied::Copied;
use crate::parts::web;

/// How many faults are tried at a time.
const DRAWN: usize = 25;

/// The variable that chooses them, by a number, or the id of one, or `all` of them; the day unless set.
const SEED: &str = "FRAGRANT_MARKS_SEED";

const LEDGER: &str = "run --quiet --package fragrant-cli --locked -- spec ledger";

/// Compares the list, the marks and the page, and sees to it that what is marked has a fault or a reason.
pub(crate) fn compare(context: &Context) -> Outcome {
    run(&mut context.cargo(LEDGER))?;
    none_of(&neither_tried_nor_said_why(&ledger(context)?, &faults()?))
}

/// Tries some of the faults.
pub(crate) fn prove(context: &Context) -> Outcome {
    let tests = ledger(context)?.tests();
    let faults = faults()?;
    let seed = std::env::var(SEED).unwrap_or_else(|_| today().to_string());
    let drawn = match (&*seed, seed.parse()) {
        ("all", _) => drawn(&faults, 0, faults.len()),
        (_, Ok(seed)) => drawn(&faults, seed, DRAWN),
        (id, _) => faults.iter().filter(|fault| fault.id == id).collect(),
    };
    if drawn.is_empty() {
        return failed(format!("{SEED}: expected a number, `all` or the id of a fault"));
    }
    println!(
        "   {} of {} faults, drawn by {SEED}={seed}; {} requirements are marked in code and tests",
        drawn.len(),
        faults.len(),
        tests.len()
    );
    let tree = Copied::tree(context, "marks")?;
    let mut complaints = Vec::new();
    // A test that fails in any case shows nothing.
    for fault in &drawn {
        let marked = tests.get(&fault.id).map(Vec::as_slice).unwrap_or_default();
        if let Some(test) = first_failure(context, &tree, fault, marked)? {
            complaints.push(format!("{}: {test} fails without any fault", fault.id));
        }
    }
    none_of(&complaints)?;
    for faults in drawn.chunk_by(|one, other| one.change() == other.change()) {
        let [first, ..] = faults else { continue };
        let sound = tree.change(&first.file, &first.text, &first.instead)?;
        for fault in faults {
            let marked = tests.get(&fault.id).map(Vec::as_slice).unwrap_or_default();
            match first_failure(context, &tree, fault, marked) {
                Ok(Some(test)) => println!("   {:32} {test} fails", fault.id),
                Ok(None) => {
                    println!("   {:32} NOTHING FAILS", fault.id);
                    complaints.push(format!(
                        "{}: no test with this mark fails with the fault in {}",
                        fault.id, fault.file
                    ));
                }
                Err(Shortfall::Failed(why) | Shortfall::Skipped(why)) => complaints.push(why),
            }
        }
        tree.write(&first.file, &sound)?;
    }
    none_of(&complaints)
}

/// A change that takes away what a mark stands at.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fault {
    /// The requirement that is then not kept.
    id: String,
    file: String,
    /// What stands there, once in the file.
    text: String,
    instead: String,
}

impl Fault {
    /// Several requirements may rest on the same text.
    fn change(&self) -> (&str, &str, &str) {
        (&self.file, &self.text, &self.instead)
    }
}

fn faults() -> Outcome<Vec<Fault>> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Faults {
        fault: Vec<Fault>,
    }
    match toml::from_str(include_str!("marks/faults.toml")) {
        Ok(Faults { fault }) => Ok(fault),
        Err(error) => failed(format!("faults.toml: {error}")),
    }
}

/// Those that the seed chooses, in the order of their changes, so that little is built twice.
fn drawn(faults: &[Fault], seed: u64, number: usize) -> Vec<&Fault> {
    let mut drawn: Vec<(u64, &Fault)> =
        faults.iter().zip(0..).map(|(fault, index)| (scrambled(seed, index), fault)).collect();
    drawn.sort_by_key(|(number, _)| *number);
    drawn.truncate(number);
    drawn.sort_by_key(|(_, fault)| fault.change());
    drawn.into_iter().map(|(_, fault)| fault).collect()
}

/// The numbers of SplitMix64, each on its own.
fn scrambled(seed: u64, index: u64) -> u64 {
    const STEP: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut number = seed.wrapping_mul(STEP) ^ index.wrapping_add(1).wrapping_mul(STEP);
    number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

/// The day, counted from 1970.
fn today() -> u64 {
    u64::try_from(time::OffsetDateTime::now_utc().unix_timestamp() / 86_400).unwrap_or_default()
}

fn ledger(context: &Context) -> Outcome<Ledger> {
    serde_json::from_str(&output(context.cargo(LEDGER).arg("--json"))?)
        .map_err(|error| Shortfall::Failed(format!("the ledger cannot be read: {error}")))
}

/// The requirements with marks in code and tests that have no fault and no reason for that, or both.
fn neither_tried_nor_said_why(ledger: &Ledger, faults: &[Fault]) -> Vec<String> {
    let marked = ledger.specifications.iter().flat_map(|specification| &specification.requirements);
    let marked = marked.filter(|requirement| requirement.is_marked());
    let complaint = |Requirement { id, untried, .. }: &Requirement| {
        let has_fault = faults.iter().any(|fault| fault.id == *id);
        match (has_fault, untried) {
            (true, None) | (false, Some(_)) => None,
            (true, Some(_)) => {
                Some(format!("{id} has a fault, and docs/requirements.toml says that it is untried"))
            }
            (false, None) => Some(format!(
                "{id} has no fault in xtask/src/parts/marks/faults.toml: write one, or why not (`untried`) in \
                 docs/requirements.toml"
            )),
        }
    };
    marked.filter_map(complaint).collect()
}

/// What is needed of `fragrant spec ledger --json`.
#[derive(Deserialize)]
struct Ledger {
    specifications: Vec<Specification>,
}

#[derive(Deserialize)]
struct Specification {
    requirements: Vec<Requirement>,
}

#[derive(Deserialize)]
struct Requirement {
    id: String,
    untried: Option<String>,
    kept: Vec<Place>,
    shown: Vec<Place>,
}

#[derive(Deserialize)]
struct Place {
    path: String,
    item: Option<String>,
}

impl Requirement {
    /// Whether code is marked with it, and a test.
    fn is_marked(&self) -> bool {
        !self.kept.is_empty() && !self.shown.is_empty()
    }
}

impl Ledger {
    /// The tests of each requirement that is marked in code and tests.
    fn tests(self) -> BTreeMap<String, Vec<Place>> {
        self.specifications
            .into_iter()
            .flat_map(|specification| specification.requirements)
            .filter(Requirement::is_marked)
            .map(|requirement| (requirement.id, requirement.shown))
            .collect()
    }
}

/// A program of tests, as cargo is asked for it: the package and which of its targets.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Target {
    package: String,
    arguments: Vec<String>,
    /// It runs in a browser, in which names choose nothing.
    is_web: bool,
}

impl Target {
    /// Where a file's tests run; none for those that need a server as well.
    fn of(path: &str) -> Option<Self> {
        let mut parts = path.split('/');
        let package = match (parts.next(), parts.next()?) {
            (Some("crates"), package) => package,
            _ => return None,
        };
        let is_web = package == "fragrant-web";
        let arguments = match (parts.next()?, parts.next()?) {
            ("src", _) if is_web => vec!["--lib".into(), "--target".into(), web::TARGET.into()],
            ("src", _) if package == "fragrant-cli" => vec!["--bin".into(), "fragrant".into()],
            ("src", _) => vec!["--lib".into()],
            ("tests", name) => vec!["--test".into(), name.trim_end_matches(".rs").into()],
            _ => return None,
        };
        Some(Self { package: package.into(), arguments, is_web })
    }
}

/// The first of the marked tests that fails.
fn first_failure(
    context: &Context,
    tree: &Copied,
    fault: &Fault,
    marked: &[Place],
) -> Outcome<Option<String>> {
    let mut targets: BTreeMap<(bool, Target), BTreeSet<&str>> = BTreeMap::new();
    for place in marked {
        if let (Some(target), Some(item)) = (Target::of(&place.path), &place.item) {
            // What is built anyway comes first.
            let is_elsewhere = Target::of(&fault.file).is_none_or(|own| own.package != target.package);
            let name = item.rsplit("::").next().unwrap_or_default();
            targets.entry((is_elsewhere, target)).or_default().insert(name);
        }
    }
    for ((_, target), names) in targets {
        let runner = target.is_web.then(|| web::runner(context)).transpose()?;
        let cargo = |last: &str| {
            let mut command = tree.cargo(context, "test --locked --package");
            command.arg(&target.package).args(&target.arguments).arg(last).stderr(Stdio::null());
            command.envs(runner.iter().flatten().cloned());
            command
        };
        // A fault that does not compile shows nothing.
        if !cargo("--no-run").status().is_ok_and(|status| status.success()) {
            return failed(format!("{}: with its fault {} does not build", fault.id, target.package));
        }
        let ran = cargo("--").args(names.iter().filter(|_| !target.is_web)).output();
        let ran = ran.map_err(|error| Shortfall::Failed(format!("cargo does not start: {error}")))?;
        let said = String::from_utf8_lossy(&ran.stdout);
        if let Some(name) = names.iter().find(|name| is_failed(&said, name)) {
            return Ok(Some((*name).to_owned()));
        }
    }
    Ok(None)
}

/// Whether a run says that it has failed: at its end it lists the tests that did, each with its modules.
fn is_failed(said: &str, name: &str) -> bool {
    said.lines().any(|line| line.starts_with("    ") && line.trim().rsplit("::").next() == Some(name))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    #[test]
    fn a_fault_stands_once_in_a_file_that_is_marked_so() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let mut ids = BTreeSet::new();
        for fault in faults().unwrap() {
            let text = fs::read_to_string(root.join(&fault.file)).unwrap();
            assert_eq!(text.matches(&fault.text).count(), 1, "{}: {}", fault.id, fault.text);
            assert_ne!(fault.text, fault.instead, "{}", fault.id);
            let marks = text.lines().filter_map(|line| Some(line.split_once("// req: ")?.1));
            let mut marked = marks.flat_map(|ids| ids.split(", "));
            assert!(marked.any(|id| id == fault.id), "{} is not marked in {}", fault.id, fault.file);
            assert!(ids.insert(fault.id.clone()), "{} has two faults", fault.id);
        }
        assert!(ids.len() >= DRAWN, "{}", ids.len());
    }

    #[test]
    fn what_is_marked_has_a_fault_or_a_reason() {
        let ledger = |untried: &str| -> Ledger {
            let place = r#"[{ "path": "src/lib.rs", "item": null }]"#;
            let marked = format!(r#""untried": {untried}, "kept": {place}, "shown": {place}"#);
            let open = r#"{ "id": "X-2", "untried": null, "kept": [], "shown": [] }"#;
            let json = format!(
                r#"{{ "specifications": [{{ "requirements": [{{ "id": "X-1", {marked} }}, {open}] }}] }}"#
            );
            serde_json::from_str(&json).unwrap()
        };
        let fault = || Fault {
            id: "X-1".into(),
            file: "src/lib.rs".into(),
            text: String::new(),
            instead: String::new(),
        };
        let (none, why) = (ledger("null"), ledger("\"why\""));
        assert_eq!(neither_tried_nor_said_why(&none, &[fault()]), [""; 0]);
        assert_eq!(neither_tried_nor_said_why(&why, &[]), [""; 0]);
        assert!(neither_tried_nor_said_why(&none, &[])[0].starts_with("X-1 has no fault"));
        assert!(neither_tried_nor_said_why(&why, &[fault()])[0].starts_with("X-1 has a fault, and"));
    }

    #[test]
    fn a_seed_draws_the_same_again_and_another_draws_others() {
        let faults = faults().unwrap();
        let ids =
            |seed| drawn(&faults, seed, DRAWN).into_iter().map(|fault| &fault.id).collect::<BTreeSet<_>>();
        assert_eq!(ids(7).len(), DRAWN);
        assert_eq!(ids(7), ids(7));
        assert_ne!(ids(7), ids(8));
    }

    #[test]
    fn tests_run_where_their_file_belongs() {
        let target = |path| Target::of(path).map(|target| (target.package, target.arguments.join(" ")));
        let expected = |package: &str, arguments: &str| Some((package.to_owned(), arguments.to_owned()));
        assert_eq!(target("crates/fragrant/src/value/state.rs"), expected("fragrant", "--lib"));
        assert_eq!(target("crates/fragrant/tests/laws.rs"), expected("fragrant", "--test laws"));
        assert_eq!(target("crates/fragrant/tests/client/begin.rs"), expected("fragrant", "--test client"));
        assert_eq!(target("crates/fragrant-cli/src/url.rs"), expected("fragrant-cli", "--bin fragrant"));
        let web = "--lib --target wasm32-unknown-unknown";
        assert_eq!(target("crates/fragrant-web/src/in_browser.rs"), expected("fragrant-web", web));
        assert_eq!(target("browser-tests/tests/browser/js.rs"), None);
    }

    #[test]
    fn a_failure_is_found_at_the_end_of_a_run() {
        let said = "\nfailures:\n    a::tests::it_holds\n    it_stands\n\ntest result: FAILED.";
        assert!(is_failed(said, "it_holds") && is_failed(said, "it_stands"));
        assert!(!is_failed(said, "holds") && !is_failed("test a::it_holds ... ok", "it_holds"));
    }
}
