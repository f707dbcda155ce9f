//! The comments that tie code and tests to the requirements they keep.
//!
//! A mark is a plain comment, `// req: ID` at the code and `// req(test): ID` at the test, with one id or several. It may
//! end a line of code. Documentation comments are for the reader of the documentation, so a mark there is refused. What stands
//! in a string or between `/*` and `*/` is no mark.

use std::fmt;

use serde::Serialize;

/// Where a mark stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Place {
    /// From the root of the repository, with slashes.
    pub path: String,
    /// Counted from 1.
    pub line: usize,
    /// The function, type or constant that the mark is about, as `Type::function` for one of a type's; none for a file
    /// as a whole.
    pub item: Option<String>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.path, self.line)
    }
}

#[derive(Debug, PartialEq)]
pub(super) struct Mark<'a> {
    pub(super) is_test: bool,
    pub(super) ids: Vec<&'a str>,
}

impl<'a> Mark<'a> {
    /// Reads what follows the two slashes: a mark, something else, or a mark gone wrong.
    pub(super) fn read(comment: &'a str) -> Result<Option<Self>, &'static str> {
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
