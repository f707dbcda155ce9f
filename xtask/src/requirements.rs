//! The list of requirements, `docs/requirements.toml`.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

/// Where the list is, from the root.
pub(crate) const PATH: &str = "docs/requirements.toml";

/// The ids of the list, or everything that is wrong with it.
pub(crate) fn ids(text: &str) -> Result<BTreeSet<String>, Vec<String>> {
    // An id that stands twice in its group is an error of TOML itself, which names the line; twice in two
    // groups is caught by the prefix.
    let groups: BTreeMap<String, Group> =
        toml::from_str(text).map_err(|error| vec![format!("{PATH}: {}", error.to_string().trim_end())])?;
    let complaints: Vec<String> =
        groups.iter().flat_map(|(prefix, group)| group.complaints(prefix)).collect();
    match complaints.is_empty() {
        true => Ok(groups.into_values().flat_map(|group| group.requirements.into_keys()).collect()),
        false => Err(complaints),
    }
}

/// What one specification asks for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Group {
    title: String,
    requirements: BTreeMap<String, Requirement>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Requirement {
    section: String,
    #[expect(dead_code, reason = "reading it is the check: another word is refused")]
    level: Level,
    #[expect(dead_code, reason = "reading it is the check: another word is refused")]
    actor: Actor,
    #[expect(dead_code, reason = "reading it is the check: only a boolean will do")]
    #[serde(default)]
    derived: bool,
    summary: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
enum Level {
    May,
    Must,
    Should,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Actor {
    ApiServer,
    AuthorizationServer,
    Client,
    RedirectionUri,
    UserAgent,
}

impl Group {
    fn complaints(&self, prefix: &str) -> Vec<String> {
        let mut complaints = Vec::new();
        if self.title.trim().is_empty() {
            complaints.push(format!("{PATH}: the group {prefix} has no title"));
        }
        for (id, requirement) in &self.requirements {
            if !id.strip_prefix(prefix).is_some_and(|rest| rest.starts_with('-') && is_id(id)) {
                complaints
                    .push(format!("{PATH}: {id} does not begin with `{prefix}-`, or has a space or comma"));
            }
            if requirement.section.trim().is_empty() {
                complaints.push(format!("{PATH}: {id} names no section"));
            }
            let summary = &requirement.summary;
            if summary.trim().is_empty() || summary.contains('\n') {
                complaints.push(format!("{PATH}: {id} has no summary, or one of several lines"));
            }
        }
        complaints
    }
}

/// A mark separates ids by commas and spaces, so an id holds none.
fn is_id(id: &str) -> bool {
    id.chars().all(|char| char.is_ascii_alphanumeric() || "-_.".contains(char))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "[RFC6749]\ntitle = \"OAuth 2.0\"\n[RFC6749.requirements]\n";
    const ROW: &str = r#"RFC6749-B-1 = { section = "B", level = "MUST", actor = "client", summary = "x" }"#;

    fn complaints(rows: &str) -> String {
        ids(&format!("{HEAD}{rows}")).expect_err(rows).join("\n")
    }

    #[test]
    fn a_list_gives_its_ids() {
        let dotted =
            ROW.replace("RFC6749-B-1", "\"RFC6749-3.1-7\"").replace("summary", "derived = true, summary");
        let ids = ids(&format!("{HEAD}{ROW}\n{dotted}\n")).unwrap();
        assert_eq!(ids.into_iter().collect::<Vec<_>>(), ["RFC6749-3.1-7", "RFC6749-B-1"]);
    }

    #[test]
    fn an_id_twice_is_refused() {
        assert!(complaints(&format!("{ROW}\n{ROW}\n")).contains("duplicate key"));
    }

    #[test]
    fn what_a_row_may_not_be() {
        assert!(
            complaints(&ROW.replace("RFC6749-B", "RFC6750-B")).contains("does not begin with `RFC6749-`")
        );
        assert!(complaints(&ROW.replace("RFC6749-B-1", "\"RFC6749-B 1\"")).contains("space or comma"));
        assert!(complaints(&ROW.replace("\"x\"", "\" \"")).contains("no summary"));
        assert!(complaints(&ROW.replace("\"B\"", "\"\"")).contains("names no section"));
        assert!(complaints(&ROW.replace("MUST", "WILL")).contains("unknown variant `WILL`"));
        assert!(complaints(&ROW.replace("client", "rs")).contains("unknown variant `rs`"));
        assert!(complaints(&ROW.replace("level", "rank")).contains("unknown field `rank`"));
    }
}
