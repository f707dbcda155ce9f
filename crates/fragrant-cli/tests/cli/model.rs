//! `fragrant model`: what it finds, in words and as data.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::scenario::{answer, assert_inert, refusal};

const SMALL: &str = "users=1,clients=1,servers=1,tabs=1,starts=1,lures=2";

#[test]
fn as_data_it_has_the_fields_that_are_promised() {
    let found: Value = serde_json::from_str(&answer(&["model", "--json", "--bounds", SMALL])).unwrap();
    let all_on = &found["all_on"];
    assert_eq!(all_on["violations"], serde_json::json!([]));
    assert_eq!(all_on["states"], 19);
    assert!(
        all_on["transitions"].as_u64() > Some(19) && all_on["depth"] == 4 && all_on["seconds"].is_number()
    );
    assert_eq!(all_on["bounds"]["lures"], 2);
    let switches = found["switches"].as_array().unwrap();
    let t14 = switches.iter().find(|switch| switch["id"] == "T14").unwrap();
    let expected = serde_json::json!({
        "id": "T14", "kind": "world", "property": "authorization", "length": 2, "states": 70
    });
    assert_eq!(*t14, expected);
    assert!(switches.len() >= 20, "{}", switches.len());
    let left = found["left"].as_array().unwrap();
    assert!(left.iter().any(|left| left["id"] == "T07" && left["why"].is_string()));
}

#[test]
fn an_attack_is_told_action_by_action() {
    let text = answer(&["model", "--off", "t09"]);
    assert_inert(&text);
    for part in [
        "T09 (world), left out: something keeps the servers of a client apart.",
        "authorization is broken in 2 actions:",
        "   1. user 1 → client 1           signs in with server 2, by popup",
        "Authorization: Bearer as1.u1.c1",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
}

#[test]
fn charts_are_written_into_a_folder() {
    let folder = std::env::temp_dir().join(format!("fragrant-charts-{}", std::process::id()));
    let text = answer(&["model", "--svg", folder.to_str().unwrap()]);
    let svg = fs::read_to_string(folder.join("T01.svg")).unwrap();
    let mermaid = fs::read_to_string(folder.join("T01.mmd")).unwrap();
    let paths = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    let charts = paths.filter(|path| path.extension().is_some_and(|extension| extension == "svg")).count();
    fs::remove_dir_all(&folder).unwrap();
    assert!(charts > 20 && text.starts_with(&format!("{charts} attacks in ")), "{text}");
    assert!(svg.contains("session integrity") && mermaid.starts_with("sequenceDiagram\n"));
}

#[test]
fn what_it_does_not_know_it_refuses() {
    refusal(&["model", "--off", "T07"], &["--off: no switch of this name", "T14"]);
    refusal(&["model", "--off", "T01"], &["--off: T01 is a check of the core", "cargo xtask model"]);
    refusal(&["model", "--bounds", "walls=1"], &["--bounds: expected NAME=NUMBER"]);
    refusal(&["model", "--bounds", "users=3"], &["--bounds: users is out of the model's reach"]);
}

#[test]
fn the_attacks_that_the_pages_name_are_found() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut named = BTreeSet::new();
    let mut folders = vec![root.join("docs")];
    let mut pages = vec![root.join("README.md")];
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            match path.extension() {
                None if path.is_dir() => folders.push(path),
                Some(extension) if extension == "md" => pages.push(path),
                _ => {}
            }
        }
    }
    for page in pages {
        let text = fs::read_to_string(page).unwrap();
        let id =
            |rest: &str| rest.split(|char: char| !char.is_ascii_alphanumeric()).next().map(str::to_owned);
        named.extend(text.split("fragrant model --off ").skip(1).filter_map(id));
    }
    assert!(named.contains("T09"), "{named:?}");
    for id in named {
        assert!(answer(&["model", "--off", &id]).starts_with(&format!("{id} ")));
    }
}
