//! What is wrong with a configuration, and where.

use std::borrow::Cow;
use std::io;
use std::ops::Range;

use fragrant::wire::may_be_shown;
use thiserror::Error;
use toml::de::{DeTable, DeValue};

/// A configuration that does not fit: where, what was expected, and what kind of thing was found. It holds no value of the
/// file's, as that may be a password.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("line {line}: {key}{}{problem}", if key.is_empty() { "" } else { ": " })]
pub struct InvalidConfig {
    line: usize,
    key: String,
    problem: String,
}

/// Why there is no server by a file.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ConfigFileError {
    /// What it says does not fit.
    #[error(transparent)]
    Invalid(#[from] InvalidConfig),
    /// It cannot be read.
    #[error("cannot be read: {0}")]
    Unreadable(#[from] io::Error),
}

impl InvalidConfig {
    /// The line, counted from 1.
    pub const fn line(&self) -> usize {
        self.line
    }

    /// The key with those that it stands under, such as `clients.redirect_uris`; empty where it is the file's grammar
    /// that is broken. One that looks like a secret in the wrong place is written `…`.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// What was expected, and what kind of thing was found.
    pub fn problem(&self) -> &str {
        &self.problem
    }

    /// It is no TOML.
    pub(super) fn of_syntax(text: &str, error: &toml::de::Error) -> Self {
        Self { line: line(text, error), key: String::new(), problem: error.message().into() }
    }

    /// It is TOML, and says something that does not fit.
    pub(super) fn new(text: &str, keys: &DeTable<'_>, error: &toml::de::Error) -> Self {
        let mut path = Vec::new();
        if let Some(span) = error.span() {
            find(keys, &span, &mut path);
        }
        let mut key: Vec<Cow<'_, str>> = path.iter().map(|name| shown(name)).collect();
        let problem = match error.message().strip_prefix("missing field `") {
            Some(missing) => {
                key.push(missing.trim_end_matches('`').into());
                "missing".into()
            }
            None => explain(error.message()),
        };
        // What a value's own error calls it may be what the key is called.
        let last = key.last().map(|last| format!("{}: ", last.trim_end_matches('s')));
        let problem = match last.and_then(|last| problem.strip_prefix(&*last)) {
            Some(rest) => rest.into(),
            None => problem,
        };
        Self { line: line(text, error), key: key.join("."), problem }
    }
}

fn line(text: &str, error: &toml::de::Error) -> usize {
    let start = error.span().map_or(0, |span| span.start);
    let before = text.as_bytes().get(..start).unwrap_or(text.as_bytes());
    1 + before.iter().filter(|byte| **byte == b'\n').count()
}

/// Finds the keys that lead to what stands there: a key itself, or a value.
fn find<'k>(table: &'k DeTable<'_>, span: &Range<usize>, path: &mut Vec<&'k str>) -> bool {
    table.iter().any(|(key, value)| {
        path.push(key.get_ref());
        let is_here = key.span() == *span || find_in(value.get_ref(), span, path) || value.span() == *span;
        if !is_here {
            path.pop();
        }
        is_here
    })
}

fn find_in<'k>(value: &'k DeValue<'_>, span: &Range<usize>, path: &mut Vec<&'k str>) -> bool {
    match value {
        DeValue::Array(list) => {
            list.iter().any(|value| value.span() == *span || find_in(value.get_ref(), span, path))
        }
        DeValue::Table(table) => find(table, span, path),
        _ => false,
    }
}

/// A key, unless it may be a secret in the wrong place, or holds what a terminal obeys.
fn shown(key: &str) -> Cow<'_, str> {
    let is_plain = key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
    if is_plain && may_be_shown(key, true) { key.into() } else { "…".into() }
}

/// What the reader says, for whoever writes the file, and without any value of his.
fn explain(message: &str) -> String {
    let parts = |kind: &str, before: &str| {
        message
            .strip_prefix(kind)
            .and_then(|rest| rest.rsplit_once(before))
            .map(|(came, known)| (came, words(known)))
    };
    if let Some((found, expected)) = parts("invalid type: ", ", expected ") {
        format!("expected {expected}, found {}", kind(found))
    } else if let Some((_, expected)) = parts("invalid value: ", ", expected ") {
        format!("expected {expected}")
    } else if let Some((_, known)) = parts("unknown variant `", "`, expected ") {
        format!("expected {known}")
    } else if let Some((_, known)) = parts("unknown field `", "`, expected ") {
        format!("no such key; expected {known}")
    } else if message == "wanted string or table" {
        format!("expected {}", words("a string"))
    } else {
        message.into()
    }
}

/// What was expected, as the file has it.
fn words(expected: &str) -> String {
    match expected {
        "a boolean" => "true or false".into(),
        "a sequence" => "a list".into(),
        "a string" | "path string" => "text in quotation marks".into(),
        "a map" => "a table".into(),
        "u16" => "a whole number from 0 to 65535".into(),
        "u64" => "a whole number that is not negative".into(),
        "a nonzero u32" => "a whole number from 1 to 4294967295".into(),
        _ if expected.starts_with("struct ") => "a table".into(),
        _ => expected.replace('`', ""),
    }
}

/// What kind of value it is: the word before the value itself.
fn kind(found: &str) -> &'static str {
    match found.split(['`', '"']).next().unwrap_or_default().trim_end() {
        "boolean" => "true or false",
        "floating point" => "a number with a fraction",
        "integer" => "a whole number",
        "map" => "a table",
        "sequence" => "a list",
        "string" => "text",
        _ => "something else",
    }
}
