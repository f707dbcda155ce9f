//! The list of requirements, `docs/requirements.toml`.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use toml::Spanned;

use super::Place;

/// Where the list is, from the root of the repository.
pub const PATH: &str = "docs/requirements.toml";

/// What one specification asks for.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Specification {
    /// What its ids begin with, such as `RFC6749`.
    pub name: String,
    /// As on its own front page.
    pub title: String,
    /// In the order of the list.
    pub requirements: Vec<Requirement>,
}

/// One thing that is asked for.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Requirement {
    /// The specification, the section and a number within it.
    pub id: String,
    /// Where it is asked for, as the specification numbers or names it.
    pub section: String,
    /// How strongly.
    pub level: Level,
    /// Who has to keep it.
    pub actor: Actor,
    /// Whether no sentence says it so: it follows from a grammar, an example or advice, and the level is ours.
    pub is_derived: bool,
    /// In one line, in our own words.
    pub summary: String,
    /// Why the code does not keep it, if it does not.
    pub exception: Option<Exception>,
    /// Why nobody tries what happens when the code that keeps it is taken out, if nobody does.
    pub untried: Option<String>,
    /// Where code keeps it.
    pub kept: Vec<Place>,
    /// The tests that show it.
    pub shown: Vec<Place>,
}

/// How strongly something is asked for: MUST and SHALL, SHOULD and RECOMMENDED, MAY and OPTIONAL (RFC 2119).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Level {
    /// It may be done or left.
    May,
    /// There is no choice.
    Must,
    /// It is to be done unless there is a reason.
    Should,
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::May => "MAY",
            Self::Must => "MUST",
            Self::Should => "SHOULD",
        })
    }
}

/// Who has to keep it, by the name of the core's module.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the actors are described in `fragrant::actor`")]
pub enum Actor {
    ApiServer,
    AuthorizationServer,
    Client,
    RedirectionUri,
    UserAgent,
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ApiServer => "API server",
            Self::AuthorizationServer => "authorization server",
            Self::Client => "client",
            Self::RedirectionUri => "redirection URI",
            Self::UserAgent => "user agent",
        })
    }
}

/// Why no code of ours keeps a requirement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Exception {
    /// What sort of reason it is.
    pub kind: Kind,
    /// The reason, in a sentence or two.
    pub why: String,
}

/// The sorts of reasons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Kind {
    /// Whoever writes an application with the library, or writes its pages, decides it.
    Application,
    /// Whoever runs a server for others decides it; ours is for tests.
    Deployment,
    /// A page keeps it, and no test reads what a page says.
    Documentation,
    /// It asks not to use the implicit grant, or not as it is. The front page passes that on.
    Grant,
    /// It is about an extension that is not built, or is built in another way.
    NotOffered,
    /// It needs a look into an ID token, or a server that issues one.
    Openid,
    /// It is about what carries the messages: TLS and certificates.
    Transport,
}

impl Kind {
    /// All of them, in the order of the alphabet.
    pub const ALL: [Self; 7] = [
        Self::Application,
        Self::Deployment,
        Self::Documentation,
        Self::Grant,
        Self::NotOffered,
        Self::Openid,
        Self::Transport,
    ];

    /// What it means, in half a sentence.
    #[must_use]
    pub const fn about(self) -> &'static str {
        match self {
            Self::Application => "decided by whoever writes an application with the library, or its pages",
            Self::Deployment => "decided by whoever runs a server for others; the one here is for tests",
            Self::Documentation => "kept by a page, which no test reads",
            Self::Grant => {
                "asks not to use the implicit grant, or not as it is; the front page passes that on"
            }
            Self::NotOffered => "belongs to an extension that is not here",
            Self::Openid => "needs a look into an ID token, or a server that issues one",
            Self::Transport => "belongs to what carries the messages: TLS and certificates",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Application => "application",
            Self::Deployment => "deployment",
            Self::Documentation => "documentation",
            Self::Grant => "grant",
            Self::NotOffered => "not offered",
            Self::Openid => "OpenID",
            Self::Transport => "transport",
        })
    }
}

/// The specifications of the list in its order, or everything that is wrong with it.
pub(super) fn read(text: &str) -> Result<Vec<Specification>, Vec<String>> {
    // An id that stands twice in its group is an error of TOML itself, which names the line; twice in two
    // groups is caught by the prefix.
    let groups: BTreeMap<String, Spanned<Group>> =
        toml::from_str(text).map_err(|error| vec![format!("{PATH}: {}", error.to_string().trim_end())])?;
    let complaints: Vec<String> =
        groups.iter().flat_map(|(prefix, group)| group.get_ref().complaints(prefix)).collect();
    if !complaints.is_empty() {
        return Err(complaints);
    }
    Ok(in_order(groups).map(|(name, group)| group.into_specification(name)).collect())
}

/// As the list has them: a table of TOML keeps no order of its own.
fn in_order<T>(table: BTreeMap<String, Spanned<T>>) -> impl Iterator<Item = (String, T)> {
    let mut rows: Vec<_> = table.into_iter().collect();
    rows.sort_by_key(|(_, row)| row.span().start);
    rows.into_iter().map(|(key, row)| (key, row.into_inner()))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Group {
    title: String,
    requirements: BTreeMap<String, Spanned<Row>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    section: String,
    level: Level,
    actor: Actor,
    #[serde(default)]
    derived: bool,
    summary: String,
    exception: Option<Exception>,
    untried: Option<String>,
}

impl Group {
    fn complaints(&self, prefix: &str) -> Vec<String> {
        let mut complaints = Vec::new();
        if self.title.trim().is_empty() {
            complaints.push(format!("{PATH}: the group {prefix} has no title"));
        }
        for (id, row) in &self.requirements {
            let row = row.get_ref();
            if !id.strip_prefix(prefix).is_some_and(|rest| rest.starts_with('-') && is_id(id)) {
                complaints
                    .push(format!("{PATH}: {id} does not begin with `{prefix}-`, or has a space or comma"));
            }
            if row.section.trim().is_empty() {
                complaints.push(format!("{PATH}: {id} names no section"));
            }
            if !is_one_line(&row.summary) {
                complaints.push(format!("{PATH}: {id} has no summary, or one of several lines"));
            }
            if row.exception.as_ref().is_some_and(|exception| !is_one_line(&exception.why)) {
                complaints.push(format!(
                    "{PATH}: {id} has an exception without a reason, or with one of several lines"
                ));
            }
            if row.untried.as_ref().is_some_and(|why| !is_one_line(why)) {
                complaints
                    .push(format!("{PATH}: {id} is untried without a reason, or with one of several lines"));
            }
        }
        complaints
    }

    fn into_specification(self, name: String) -> Specification {
        let requirements = in_order(self.requirements)
            .map(|(id, row)| Requirement {
                id,
                section: row.section,
                level: row.level,
                actor: row.actor,
                is_derived: row.derived,
                summary: row.summary,
                exception: row.exception,
                untried: row.untried,
                kept: Vec::new(),
                shown: Vec::new(),
            })
            .collect();
        Specification { name, title: self.title, requirements }
    }
}

fn is_one_line(text: &str) -> bool {
    !text.trim().is_empty() && !text.contains('\n')
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
        read(&format!("{HEAD}{rows}")).expect_err(rows).join("\n")
    }

    #[test]
    fn a_list_keeps_its_order() {
        let first =
            ROW.replace("RFC6749-B-1", "\"RFC6749-9.1-7\"").replace("summary", "derived = true, summary");
        let second = ROW.replace("RFC6749-B-1", "\"RFC6749-10.1-7\"");
        let list = format!("{HEAD}{ROW}\n{first}\n{second}\n{}", HEAD.replace("6749", "1234"));
        let specifications = read(&list).unwrap();
        let names: Vec<&str> = specifications.iter().map(|specification| &*specification.name).collect();
        assert_eq!(names, ["RFC6749", "RFC1234"]);
        let requirements = &specifications[0].requirements;
        let ids: Vec<&str> = requirements.iter().map(|requirement| &*requirement.id).collect();
        assert_eq!(ids, ["RFC6749-B-1", "RFC6749-9.1-7", "RFC6749-10.1-7"]);
        assert!(!requirements[0].is_derived && requirements[1].is_derived);
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

    #[test]
    fn what_is_untried_has_a_reason() {
        let with = |why: &str| ROW.replace(" }", &format!(", untried = \"{why}\" }}"));
        let specifications = read(&format!("{HEAD}{}", with("y"))).unwrap();
        assert_eq!(specifications[0].requirements[0].untried.as_deref(), Some("y"));
        assert!(complaints(&with(" ")).contains("untried without a reason"));
    }

    #[test]
    fn an_exception_has_a_known_kind_and_a_reason() {
        let with = |exception: &str| ROW.replace(" }", &format!(", exception = {{ {exception} }} }}"));
        let specifications = read(&format!("{HEAD}{}", with("kind = \"not-offered\", why = \"y\""))).unwrap();
        let exception = specifications[0].requirements[0].exception.as_ref().unwrap();
        assert_eq!((exception.kind, &*exception.why), (Kind::NotOffered, "y"));
        assert!(complaints(&with("kind = \"transport\", why = \" \"")).contains("without a reason"));
        assert!(complaints(&with("kind = \"transport\"")).contains("missing field `why`"));
        assert!(complaints(&with("kind = \"tedium\", why = \"y\"")).contains("unknown variant `tedium`"));
    }
}
