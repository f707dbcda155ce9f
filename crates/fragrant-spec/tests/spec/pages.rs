//! The pages: each leads only to what is there, and each picture can be seen and heard.

use std::collections::BTreeSet;
use std::path::Path;

use fragrant_spec::render;

use crate::document;

/// The targets of all links and pictures of a page.
fn targets(text: &str) -> impl Iterator<Item = &str> {
    text.split("](").skip(1).filter_map(|rest| rest.split(')').next())
}

#[test]
fn every_link_leads_to_a_page_or_a_heading() {
    let files = render(document());
    let paths: BTreeSet<&str> = files.iter().map(|file| file.path.as_str()).collect();
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs");
    for file in files.iter().filter(|file| file.path.ends_with(".md")) {
        for target in targets(&file.text) {
            let (path, anchor) = target.split_once('#').unwrap_or((target, ""));
            let page = if path.is_empty() { &file.path } else { path };
            // The ledger is written beside the pages by another command.
            let outside = path.strip_prefix("../").is_some_and(|path| docs.join(path).exists())
                || (path == "ledger.md" && docs.join("spec/ledger.md").exists());
            assert!(outside || paths.contains(page), "{}: {target}", file.path);
            if !anchor.is_empty() && !outside {
                let of = files.iter().find(|file| file.path == *page).unwrap();
                let headings = of.text.lines().filter(|line| line.starts_with('#'));
                let anchors: Vec<String> = headings
                    .map(|line| line.trim_start_matches(['#', ' ']).to_lowercase().replace(' ', "-"))
                    .collect();
                assert!(anchors.iter().any(|own| own == anchor), "{}: {target}: {anchors:?}", file.path);
            }
        }
    }
}

#[test]
fn every_picture_stands_on_a_page_and_says_what_it_shows() {
    let files = render(document());
    let pages: String =
        files.iter().filter(|file| file.path.ends_with(".md")).map(|file| file.text.as_str()).collect();
    for file in files.iter().filter(|file| file.path.ends_with(".svg")) {
        assert!(pages.contains(&format!("]({})", file.path)), "{}", file.path);
        for part in ["<title>", "<desc>", "role=\"img\"", "prefers-color-scheme:dark"] {
            assert!(file.text.contains(part), "{}: {part}", file.path);
        }
        // It loads nothing and runs nothing.
        assert!(["href", "<script", "@import", "url(http"].iter().all(|part| !file.text.contains(part)));
    }
    assert!(!pages.contains("![]("));
}

#[test]
fn a_row_has_as_many_cells_as_its_head() {
    for file in render(document()).iter().filter(|file| file.path.ends_with(".md")) {
        let mut columns = None;
        for line in file.text.lines() {
            let cells = line.replace("\\|", "").matches('|').count();
            match columns {
                _ if !line.starts_with('|') => columns = None,
                None => columns = Some(cells),
                Some(columns) => assert_eq!(cells, columns, "{}: {line}", file.path),
            }
        }
    }
}

#[test]
fn nothing_secret_is_written() {
    for file in render(document()) {
        for word in ["correct horse", "password=", env!("CARGO_MANIFEST_DIR")] {
            assert!(!file.text.contains(word), "{}: {word}", file.path);
        }
    }
}
