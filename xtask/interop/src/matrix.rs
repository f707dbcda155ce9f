//! The tables, and the page that shows them.

use std::fs;
use std::path::{Path, PathBuf};

use time::OffsetDateTime;

/// Between these lines of the page stands what a run has found.
const BEGIN: &str = "<!-- what follows is written by `FRAGRANT_UPDATE=1 cargo xtask interop` -->";
const END: &str = "<!-- until here -->";

/// One table: what was tried, with whom, and what came of it.
#[derive(Debug)]
pub(crate) struct Matrix {
    heading: &'static str,
    rows: Vec<&'static str>,
    columns: Vec<Column>,
}

/// Whom it was tried with.
#[derive(Debug)]
struct Column {
    title: &'static str,
    /// What it is, in which version.
    version: String,
    cells: Vec<String>,
    expected: Vec<&'static str>,
}

impl Matrix {
    pub(crate) fn new(heading: &'static str, rows: impl IntoIterator<Item = &'static str>) -> Self {
        Self { heading, rows: rows.into_iter().collect(), columns: Vec::new() }
    }

    /// Adds what came of it with one peer, and what was to come.
    pub(crate) fn add(
        &mut self,
        title: &'static str,
        version: String,
        cells: Vec<String>,
        expected: &[&'static str],
    ) {
        assert_eq!((cells.len(), expected.len()), (self.rows.len(), self.rows.len()), "{title}");
        self.columns.push(Column { title, version, cells, expected: expected.to_vec() });
    }

    /// Where it came out otherwise than expected, a line each.
    pub(crate) fn complaints(&self) -> Vec<String> {
        let mut complaints = Vec::new();
        for column in &self.columns {
            let cells = self.rows.iter().zip(&column.cells).zip(&column.expected);
            for ((row, cell), expected) in cells.filter(|((_, cell), expected)| cell != *expected) {
                complaints.push(format!("{}: {row}: expected {expected}, came {cell}", column.title));
            }
        }
        complaints
    }

    fn to_markdown(&self) -> String {
        let line = |first: &str, others: &mut dyn Iterator<Item = &str>| {
            let others: String = others.map(|cell| format!(" {cell} |")).collect();
            format!("| {first} |{others}\n")
        };
        let mut text = format!("## {}\n\n", self.heading);
        text += &line("", &mut self.columns.iter().map(|column| column.title));
        text += &line("---", &mut self.columns.iter().map(|_| "---"));
        for (index, row) in self.rows.iter().enumerate() {
            text += &line(row, &mut self.columns.iter().map(|column| &*column.cells[index]));
        }
        text
    }
}

/// What stands between the marks of the page, without the line that says when and on what it was run.
fn block(matrices: &[Matrix]) -> String {
    let mut versions: Vec<&str> = Vec::new();
    for column in matrices.iter().flat_map(|matrix| &matrix.columns) {
        if !versions.contains(&&*column.version) {
            versions.push(&column.version);
        }
    }
    let tables: Vec<String> = matrices.iter().map(Matrix::to_markdown).collect();
    format!("The peers: {}.\n\n{}", versions.join(", "), tables.join("\n"))
}

/// Prints the tables and compares them with the page, or writes them there with `FRAGRANT_UPDATE=1`. What is wrong comes
/// back, a line each.
pub(crate) fn compare_with_the_page(matrices: &[Matrix], runtimes: &str) -> Vec<String> {
    let found = block(matrices);
    let run = format!("Run on {} with {runtimes}.", OffsetDateTime::now_utc().date());
    println!("\n{run} {found}");
    let mut complaints: Vec<String> = matrices.iter().flat_map(Matrix::complaints).collect();
    let path = page();
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let (before, rest) = text.split_once(BEGIN).expect("docs/interop.md has the mark where the tables begin");
    let (there, after) = rest.split_once(END).expect("docs/interop.md has the mark where the tables end");
    // When it was run, and on what, is no part of the comparison: the same may come out on any day.
    let is_same = there.trim().split_once("\n").is_some_and(|(_, tables)| tables.trim() == found.trim());
    match complaints.is_empty() && std::env::var_os("FRAGRANT_UPDATE").is_some_and(|value| value == "1") {
        true => {
            fs::write(&path, format!("{before}{BEGIN}\n\n{run}\n{found}\n{END}{after}")).unwrap();
            println!("docs/interop.md is written");
        }
        false if is_same => {}
        false => complaints.push(
            "docs/interop.md says something else; `FRAGRANT_UPDATE=1 cargo xtask interop` writes it anew"
                .into(),
        ),
    }
    complaints
}

fn page() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/interop.md")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_that_came_out_otherwise_is_named() {
        let mut matrix = Matrix::new("Both", ["allow", "deny"]);
        matrix.add("One", "one 1.0".into(), vec!["yes".into(), "no".into()], &["yes", "never"]);
        assert_eq!(matrix.complaints(), ["One: deny: expected never, came no"]);
        assert_eq!(
            block(&[matrix]),
            "The peers: one 1.0.\n\n## Both\n\n|  | One |\n| --- | --- |\n| allow | yes |\n| deny | no |\n"
        );
    }
}
