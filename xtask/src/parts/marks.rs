//! `marks`: the comments that tie code and tests to the requirements they keep.
//!
//! A mark is a plain comment, `// req: ID` at the code and `// req(test): ID` at the test, with one id or
//! several. It may end a line of code. Documentation comments are for the reader of the documentation, so a
//! mark there is refused.

use std::collections::BTreeSet;
use std::fs;

use crate::command::output;
use crate::context::Context;
use crate::nearest::nearest;
use crate::outcome::{Outcome, Shortfall, none_of};
use crate::{requirements, tools};

pub(crate) fn run(context: &Context) -> Outcome {
    tools::system(context, "git", "git")?;
    let list = fs::read_to_string(context.root.join(requirements::PATH))
        .map_err(|error| Shortfall::Failed(format!("{} cannot be read: {error}", requirements::PATH)))?;
    let mut ledger = match requirements::ids(&list) {
        Ok(ids) => Ledger::new(ids),
        Err(complaints) => return none_of(&complaints),
    };
    // Also what is not committed yet, so that a mistake shows before the commit.
    let listed =
        output(context.command("git").args("ls-files -z -co --exclude-standard -- *.rs".split(' ')))?;
    for path in listed.split_terminator('\0').collect::<BTreeSet<_>>() {
        // Git goes on listing a file that was deleted and not yet staged.
        if let Ok(text) = fs::read_to_string(context.root.join(path)) {
            ledger.scan(path, &text);
        }
    }
    println!("   {}", ledger.counts());
    none_of(&ledger.complaints)
}

#[derive(Debug, Default)]
struct Ledger {
    known: BTreeSet<String>,
    in_code: BTreeSet<String>,
    in_tests: BTreeSet<String>,
    complaints: Vec<String>,
}

impl Ledger {
    fn new(known: BTreeSet<String>) -> Self {
        Self { known, ..Self::default() }
    }

    fn scan(&mut self, path: &str, text: &str) {
        for (index, line) in text.lines().enumerate() {
            let place = format!("{path}:{}", index + 1);
            match comment(line).map(Mark::read) {
                None | Some(Ok(None)) => {}
                Some(Err(reason)) => self.complaints.push(format!("{place}: {reason}")),
                Some(Ok(Some(mark))) => self.note(&place, &mark),
            }
        }
    }

    fn note(&mut self, place: &str, mark: &Mark<'_>) {
        for id in &mark.ids {
            if self.known.contains(*id) {
                let marked = if mark.is_test { &mut self.in_tests } else { &mut self.in_code };
                marked.insert(id.to_string());
                continue;
            }
            let hint = nearest(id, self.known.iter().map(String::as_str))
                .map_or_else(String::new, |near| format!("; the nearest is {near}"));
            self.complaints.push(format!("{place}: no requirement has the id {id}{hint}"));
        }
    }

    fn counts(&self) -> String {
        format!(
            "{} requirements: {} marked in code, {} in tests, {} in both",
            self.known.len(),
            self.in_code.len(),
            self.in_tests.len(),
            self.in_code.intersection(&self.in_tests).count()
        )
    }
}

#[derive(Debug, PartialEq)]
struct Mark<'a> {
    is_test: bool,
    ids: Vec<&'a str>,
}

impl<'a> Mark<'a> {
    /// Reads what follows the two slashes: a mark, something else, or a mark gone wrong.
    fn read(comment: &'a str) -> Result<Option<Self>, &'static str> {
        let text = comment.trim_start_matches(['/', '!']);
        let is_doc = text.len() < comment.len();
        let text = text.trim();
        let word_end = text.find(|char: char| !char.is_ascii_alphanumeric()).unwrap_or(text.len());
        let (word, rest) = text.split_at(word_end);
        if !word.eq_ignore_ascii_case("req") {
            return Ok(None);
        }
        if is_doc {
            return Err("a requirement mark is a plain comment, not documentation: `// req: ID`");
        }
        let (is_test, ids) = match (word, rest.strip_prefix(": "), rest.strip_prefix("(test): ")) {
            ("req", Some(ids), _) => (false, ids),
            ("req", _, Some(ids)) => (true, ids),
            _ => return Err("a requirement mark is written `// req: ID` or `// req(test): ID`"),
        };
        let ids = ids.split([',', ' ']).filter(|id| !id.is_empty()).collect();
        Ok(Some(Self { is_test, ids }))
    }
}

/// What follows the first two slashes of a line that are not inside a string. It looks at one line only: the
/// inside of a string that began on an earlier line is taken for code.
fn comment(line: &str) -> Option<&str> {
    let mut in_string = false;
    let mut rest = line;
    while let Some(char) = rest.chars().next() {
        if !in_string && let Some(comment) = rest.strip_prefix("//") {
            return Some(comment);
        }
        // A backslash and what it escapes go together; so does a quote that is a character.
        let step = match char {
            '\\' if in_string => 1 + rest[1..].chars().next().map_or(0, char::len_utf8),
            '\'' if !in_string && rest.starts_with("'\"'") => 3,
            '"' => {
                in_string = !in_string;
                1
            }
            other => other.len_utf8(),
        };
        rest = &rest[step..];
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ledger(text: &str) -> Ledger {
        let known = ["RFC6749-3.1-7", "RFC6749-3.1-8", "RFC6750-2-1"];
        let mut ledger = Ledger::new(known.map(String::from).into());
        ledger.scan("src/lib.rs", text);
        ledger
    }

    #[test]
    fn marks_are_counted_once_for_each_requirement() {
        let lines = [
            "// req: RFC6749-3.1-7, RFC6749-3.1-8",
            "fn parse() {} // req: RFC6749-3.1-7",
            "    // req(test): RFC6749-3.1-8 RFC6750-2-1",
        ];
        let ledger = ledger(&lines.join("\n"));
        assert_eq!(ledger.complaints, [""; 0]);
        assert_eq!(ledger.counts(), "3 requirements: 2 marked in code, 2 in tests, 1 in both");
    }

    #[test]
    fn an_unknown_id_is_named_with_its_place_and_its_nearest() {
        assert_eq!(
            ledger("\n// req: RFC6749-3.1-7\n// req(test): RFC6749-3.1-9, whatever\n").complaints,
            [
                "src/lib.rs:3: no requirement has the id RFC6749-3.1-9; the nearest is RFC6749-3.1-7",
                "src/lib.rs:3: no requirement has the id whatever",
            ]
        );
    }

    #[test]
    fn a_mark_gone_wrong_is_refused() {
        for text in [
            "// req",
            "// req:",
            "// req:X",
            "// req RFC6750-2-1",
            "// Req: X",
            "// req(tests): X",
            "// req (test): X",
        ] {
            let complaints = ledger(text).complaints;
            assert_eq!(
                complaints,
                ["src/lib.rs:1: a requirement mark is written `// req: ID` or `// req(test): ID`"],
                "{text}"
            );
        }
        for text in ["/// req: RFC6750-2-1", "//! req(test): RFC6750-2-1"] {
            assert!(ledger(text).complaints[0].contains("not documentation"), "{text}");
        }
    }

    #[test]
    fn what_is_no_mark_is_left_alone() {
        for text in [
            "// requests are built here",
            "/// A mark is written `// req: ID`.",
            "// see // req: X",
            "let text = \"// req: X\";",
            "let text = \"a \\\" // req: X\";",
            "let text = \"https://example.com/\"; let quote = \"req: X\";",
            "let not_a_comment = 1 / 2;",
        ] {
            let ledger = ledger(text);
            assert_eq!(ledger.complaints, [""; 0], "{text}");
            assert!(ledger.in_code.is_empty(), "{text}");
        }
    }

    #[test]
    fn a_comment_is_found_behind_strings_and_quotes() {
        assert_eq!(comment(r#"call("a//b", '"', "\\"); // end"#), Some(" end"));
        assert_eq!(comment(r#"let ü = '/'; //! x"#), Some("! x"));
        assert_eq!(comment("no comment"), None);
    }
}
