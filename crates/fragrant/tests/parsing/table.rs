//! The table of `cases.toml`, read. The test beside it and `cargo xtask` read it with this one file.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

/// The whole table.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Table {
    pub(crate) rules: BTreeMap<String, Rule>,
    pub(crate) classes: Vec<Class>,
}

/// Where a specification says something, and what.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rule {
    pub(crate) source: String,
    pub(crate) says: String,
}

/// Rows that belong together.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Class {
    pub(crate) title: String,
    #[serde(default)]
    pub(crate) shown: Shown,
    pub(crate) cases: Vec<Case>,
}

/// What is looked at in an answer with a token.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Shown {
    Lifetime,
    Scope,
    #[default]
    Token,
}

impl Shown {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Lifetime => "lifetime",
            Self::Scope => "scope",
            Self::Token => "token",
        }
    }

    /// What is read unless a row says otherwise.
    pub(crate) const fn usual(self) -> &'static str {
        match self {
            Self::Lifetime => "none",
            Self::Scope => "read write",
            Self::Token => "abc",
        }
    }
}

/// A row.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    pub(crate) id: String,
    /// What comes back, as it is written in the table.
    pub(crate) input: String,
    /// The point of the row.
    pub(crate) shows: String,
    pub(crate) says: Verdict,
    /// A key of [`Table::rules`].
    pub(crate) rule: String,
    reads: Option<String>,
    #[serde(default)]
    pub(crate) notes: Vec<String>,
    #[serde(default = "usual_redirect_uri")]
    pub(crate) redirect_uri: String,
    #[serde(default = "usual_state")]
    state: String,
    pub(crate) issuer: Option<String>,
}

/// Our verdict.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(try_from = "String")]
pub(crate) enum Verdict {
    Error { code: String },
    NotOurs,
    Rejected { reason: String, parameter: Option<String> },
    Token,
}

/// The scope of every request.
pub(crate) const SCOPE: &str = "read write";

/// What `⟨ok⟩` stands for.
pub(crate) const OK: &str = "access_token=abc&token_type=bearer&state=xyz";

fn usual_redirect_uri() -> String {
    "https://app.example/cb".into()
}

fn usual_state() -> String {
    "xyz".into()
}

impl Table {
    /// Reads the table and checks what its types do not.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let table: Self = toml::from_str(text).map_err(|error| error.to_string())?;
        let mut ids = BTreeSet::new();
        let mut rules = BTreeSet::new();
        for case in table.cases() {
            if !ids.insert(&case.id) {
                return Err(format!("two cases are called `{}`", case.id));
            }
            if !table.rules.contains_key(&case.rule) {
                return Err(format!("`{}` follows `{}`, which is no rule of the table", case.id, case.rule));
            }
            rules.insert(&case.rule);
            expand(&case.input).map_err(|error| format!("`{}`: {error}", case.id))?;
        }
        // Each is a sentence of the page, which ends it.
        let is_half = |text: &str| text.is_empty() || text.ends_with('.');
        if let Some((name, _)) =
            table.rules.iter().find(|(_, rule)| is_half(&rule.source) || is_half(&rule.says))
        {
            return Err(format!("the rule `{name}` is not told, or ends in a full stop"));
        }
        match table.rules.keys().find(|rule| !rules.contains(rule)) {
            Some(unused) => Err(format!("no case follows the rule `{unused}`")),
            None => Ok(table),
        }
    }

    pub(crate) fn cases(&self) -> impl Iterator<Item = &Case> {
        self.classes.iter().flat_map(|class| &class.cases)
    }
}

impl Case {
    /// The address that came back.
    pub(crate) fn address(&self) -> Result<String, String> {
        let input = expand(&self.input)?;
        match input.chars().next() {
            None | Some('#' | '?') => Ok(format!("{}{input}", self.redirect_uri)),
            Some(_) => Ok(input),
        }
    }

    /// The state that was sent, if one was.
    pub(crate) fn state(&self) -> Option<&str> {
        Some(self.state.as_str()).filter(|state| !state.is_empty())
    }

    /// What is read of an answer with a token.
    pub(crate) fn reads(&self, shown: Shown) -> Result<String, String> {
        expand(self.reads.as_deref().unwrap_or(shown.usual()))
    }
}

impl TryFrom<String> for Verdict {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let words: Vec<&str> = text.split(' ').collect();
        match words[..] {
            ["token"] => Ok(Self::Token),
            ["not", "ours"] => Ok(Self::NotOurs),
            ["error", code] => Ok(Self::Error { code: code.into() }),
            ["rejected", reason] => Ok(Self::Rejected { reason: reason.into(), parameter: None }),
            ["rejected", reason, parameter] => {
                Ok(Self::Rejected { reason: reason.into(), parameter: Some(parameter.into()) })
            }
            _ => Err(format!("`{text}` is no verdict")),
        }
    }
}

/// Writes out what stands between `⟨` and `⟩`.
pub(crate) fn expand(text: &str) -> Result<String, String> {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('⟨') {
        let (marked, after) = behind.split_once('⟩').ok_or("a `⟨` without its `⟩`")?;
        out.push_str(before);
        if marked == "ok" {
            out.push_str(OK);
        } else {
            let (unit, times) = marked.rsplit_once('×').ok_or_else(|| format!("⟨{marked}⟩ is unknown"))?;
            let times: usize = times.parse().map_err(|_| format!("⟨{marked}⟩ has no number"))?;
            for number in 0..times {
                out.push_str(&unit.replace('№', &number.to_string()));
            }
        }
        rest = after;
    }
    out.push_str(rest);
    Ok(out)
}
