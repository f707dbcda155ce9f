//! The rows themselves: complete, each with its own id, and each with a test that exists.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use fragrant_profiles::{ALL, by_id};

/// How many tests of each name this crate's sources hold.
fn tests_by_name() -> BTreeMap<String, usize> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders = vec![root.join("src"), root.join("tests")];
    let mut tests = BTreeMap::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                for name in test_names(&std::fs::read_to_string(path).unwrap()) {
                    *tests.entry(name).or_default() += 1;
                }
            }
        }
    }
    tests
}

/// The names of the functions that a line `#[test]` stands above, comments and other attributes between them.
fn test_names(source: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut is_test = false;
    for line in source.lines().map(str::trim) {
        if line == "#[test]" {
            is_test = true;
        } else if let Some(rest) = line.strip_prefix("fn ").filter(|_| is_test) {
            names.extend(rest.split_once('(').map(|(name, _)| name.to_owned()));
            is_test = false;
        }
    }
    names
}

#[test]
fn every_erratum_that_names_a_test_names_exactly_one() {
    let tests = tests_by_name();
    for erratum in ALL.iter().flat_map(|provider| provider.errata) {
        if let Some(test) = erratum.shown_by {
            assert_eq!(tests.get(test), Some(&1), "{} names {test}", erratum.id);
        }
    }
    assert_eq!(tests.get("test_names"), None, "a function that is no test was taken for one");
}

#[test]
fn every_row_is_there_under_an_id_that_counts() {
    for (provider, count) in [("rfc6749", 0), ("procore", 7), ("ringcentral", 14)] {
        let errata = by_id(provider).unwrap().errata;
        let ids: Vec<&str> = errata.iter().map(|erratum| erratum.id).collect();
        let numbered: Vec<String> = (1..=count).map(|number| format!("{provider}-{number}")).collect();
        assert_eq!(ids, numbered);
    }
}

#[test]
fn every_row_is_a_sentence_and_no_two_share_a_test() {
    let mut shown_by = BTreeSet::new();
    for erratum in ALL.iter().flat_map(|provider| provider.errata) {
        for text in [erratum.guide_says, erratum.implemented] {
            assert!(text.ends_with('.') && !text.contains('\n') && !text.contains("  "), "{text}");
        }
        assert!(!erratum.source.is_empty() && !erratum.source.ends_with('.'), "{}", erratum.id);
        assert!(erratum.shown_by.is_none_or(|test| shown_by.insert(test)), "{}", erratum.id);
    }
}
