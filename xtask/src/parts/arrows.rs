//! `arrows`: which crate may depend on which.

use std::collections::BTreeSet;

use cargo_metadata::{DependencyKind, Package};

use crate::context::Context;
use crate::outcome::{Outcome, none_of};

/// A crate, and the crates of this workspace that it may depend on, in normal and build dependencies alike.
/// Fewer is fine; any other is an arrow against the design. A crate is listed here before it has its first
/// dependency.
const ARROWS: &[(&str, &[&str])] = &[
    ("benches", &["fragrant"]),
    ("browser-tests", &["fragrant", "fragrant-http", "fragrant-profiles", "fragrant-server"]),
    ("fragrant", &[]),
    (
        "fragrant-cli",
        &[
            "fragrant",
            "fragrant-http",
            "fragrant-model",
            "fragrant-profiles",
            "fragrant-server",
            "fragrant-spec",
        ],
    ),
    ("fragrant-http", &["fragrant"]),
    ("fragrant-model", &["fragrant", "fragrant-profiles"]),
    ("fragrant-profiles", &["fragrant"]),
    ("fragrant-server", &["fragrant", "fragrant-profiles"]),
    ("fragrant-spec", &["fragrant", "fragrant-model", "fragrant-profiles"]),
    ("fragrant-web", &["fragrant"]),
    ("interop", &["browser-tests", "fragrant", "fragrant-http", "fragrant-profiles", "fragrant-server"]),
    ("xtask", &[]),
];

/// An example shows the libraries to their users, so it may have any of them.
const FOR_EXAMPLES: &[&str] =
    &["fragrant", "fragrant-http", "fragrant-model", "fragrant-profiles", "fragrant-server", "fragrant-web"];

/// What the tests of any crate may have besides: the servers to talk to and the world to run in.
const FOR_TESTS: &[&str] = &["fragrant-model", "fragrant-server"];

pub(crate) fn run(context: &Context) -> Outcome {
    let crates: Vec<Crate> = context.packages().iter().map(|package| Crate::new(package, context)).collect();
    none_of(&complaints(&crates))
}

/// What matters here of a package.
struct Crate {
    name: String,
    is_example: bool,
    dependencies: Vec<(String, DependencyKind)>,
}

impl Crate {
    fn new(package: &Package, context: &Context) -> Self {
        Self {
            name: package.name.to_string(),
            is_example: package
                .manifest_path
                .starts_with(context.root.join("examples").to_string_lossy().as_ref()),
            dependencies: package.dependencies.iter().map(|to| (to.name.clone(), to.kind)).collect(),
        }
    }

    fn allowed(&self) -> Option<&'static [&'static str]> {
        match self.is_example {
            true => Some(FOR_EXAMPLES),
            false => ARROWS.iter().find(|(name, _)| *name == self.name).map(|(_, allowed)| *allowed),
        }
    }
}

fn complaints(crates: &[Crate]) -> Vec<String> {
    let members: BTreeSet<&str> = crates.iter().map(|krate| krate.name.as_str()).collect();
    let mut complaints = Vec::new();
    for krate in crates {
        let name = &krate.name;
        let Some(allowed) = krate.allowed() else {
            complaints.push(format!("{name} has no row yet in the table of xtask/src/parts/arrows.rs"));
            continue;
        };
        for (to, kind) in krate.dependencies.iter().filter(|(to, _)| members.contains(to.as_str())) {
            // A crate may name itself in its dev-dependencies, to switch on a feature for its own tests.
            let for_tests =
                *kind == DependencyKind::Development && (FOR_TESTS.contains(&to.as_str()) || to == name);
            if !for_tests && !allowed.contains(&to.as_str()) {
                complaints.push(format!("{name} -> {to} ({kind} dependency) is not an arrow of the design"));
            }
        }
    }
    complaints
}

#[cfg(test)]
mod tests {
    use super::*;
    use DependencyKind::{Build, Development, Normal};

    fn krate(name: &str, dependencies: &[(&str, DependencyKind)]) -> Crate {
        Crate {
            name: name.into(),
            is_example: false,
            dependencies: dependencies.iter().map(|(to, kind)| (to.to_string(), *kind)).collect(),
        }
    }

    /// The crates under test, and beside them the rest of the workspace, without dependencies.
    fn complaints_about(crates: Vec<Crate>) -> Vec<String> {
        let others = ARROWS.iter().filter(|(name, _)| crates.iter().all(|krate| krate.name != *name));
        let others: Vec<Crate> = others.map(|(name, _)| krate(name, &[])).collect();
        complaints(&crates.into_iter().chain(others).collect::<Vec<_>>())
    }

    #[test]
    fn the_arrows_of_the_design_pass() {
        let all = ARROWS
            .iter()
            .map(|(name, allowed)| krate(name, &allowed.iter().map(|to| (*to, Normal)).collect::<Vec<_>>()));
        assert_eq!(complaints_about(all.collect()), [""; 0]);
    }

    #[test]
    fn a_planted_arrow_is_found_whatever_its_kind() {
        for (kind, word) in [(Normal, "normal"), (Build, "build")] {
            assert_eq!(
                complaints_about(vec![krate("fragrant", &[("fragrant-profiles", kind)])]),
                [format!("fragrant -> fragrant-profiles ({word} dependency) is not an arrow of the design")]
            );
        }
        assert_eq!(complaints_about(vec![krate("fragrant-web", &[("fragrant-http", Development)])]).len(), 1);
        assert_eq!(complaints_about(vec![krate("xtask", &[("fragrant", Normal)])]).len(), 1);
    }

    #[test]
    fn tests_may_use_the_server_the_model_and_the_crate_itself() {
        let to =
            [("fragrant-server", Development), ("fragrant-model", Development), ("fragrant", Development)];
        assert_eq!(complaints_about(vec![krate("fragrant", &to)]), [""; 0]);
        assert_eq!(complaints_about(vec![krate("fragrant-http", &[("fragrant-server", Build)])]).len(), 1);
    }

    #[test]
    fn crates_from_outside_are_none_of_its_business() {
        assert_eq!(complaints_about(vec![krate("fragrant", &[("subtle", Normal)])]), [""; 0]);
    }

    #[test]
    fn an_example_may_use_every_library_and_an_unlisted_crate_is_named() {
        let mut page = krate("single-page", &[("fragrant-web", Normal), ("fragrant-cli", Normal)]);
        assert_eq!(
            complaints_about(vec![krate("single-page", &[])]),
            ["single-page has no row yet in the table of xtask/src/parts/arrows.rs"]
        );
        page.is_example = true;
        assert_eq!(
            complaints_about(vec![page]),
            ["single-page -> fragrant-cli (normal dependency) is not an arrow of the design"]
        );
    }

    #[test]
    fn no_crate_reaches_itself() {
        fn reaches(from: &str, to: &str) -> bool {
            let row = ARROWS.iter().find(|(name, _)| *name == from);
            row.is_some_and(|(_, next)| next.iter().any(|next| *next == to || reaches(next, to)))
        }
        for (name, _) in ARROWS {
            assert!(!reaches(name, name), "{name}");
        }
    }
}
