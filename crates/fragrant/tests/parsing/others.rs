//! The tables of `others.toml`, read. The test beside it and `cargo xtask` read them with this one file.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::table::{Rule, expand};

/// All tables.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Others {
    pub(crate) rules: BTreeMap<String, Rule>,
    pub(crate) tables: Vec<Rows>,
}

/// A table.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rows {
    pub(crate) title: String,
    pub(crate) reader: Reader,
    pub(crate) cases: Vec<Row>,
}

/// Who reads what came.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Reader {
    Authorization,
    Challenges,
    Request,
}

/// A row.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Row {
    /// What came, as it is written in the table.
    pub(crate) input: String,
    /// The point of the row.
    pub(crate) shows: String,
    /// Our verdict.
    pub(crate) says: String,
    /// A key of [`Others::rules`].
    pub(crate) rule: String,
}

impl Others {
    /// Reads the tables and checks what their types do not.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let others: Self = toml::from_str(text).map_err(|error| error.to_string())?;
        let mut rules = BTreeSet::new();
        for table in &others.tables {
            let mut inputs = BTreeSet::new();
            for row in &table.cases {
                if !inputs.insert(&row.input) {
                    return Err(format!("{} has `{}` twice", table.title, row.input));
                }
                if !others.rules.contains_key(&row.rule) {
                    return Err(format!("`{}` follows `{}`, which is no rule", row.shows, row.rule));
                }
                rules.insert(&row.rule);
                expand(&row.input).map_err(|error| format!("`{}`: {error}", row.shows))?;
            }
        }
        match others.rules.keys().find(|rule| !rules.contains(rule)) {
            Some(unused) => Err(format!("no row follows the rule `{unused}`")),
            None => Ok(others),
        }
    }

    pub(crate) fn rows(&self) -> impl Iterator<Item = &Row> {
        self.tables.iter().flat_map(|table| &table.cases)
    }
}
