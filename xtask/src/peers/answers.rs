//! What the clients said, as it is kept in `docs/peers/parsing.json`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::table::{Case, Shown, Table};

/// All answers.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Answers {
    /// Who was asked, by name.
    pub(super) peers: BTreeMap<String, PeerRun>,
    /// What they said, by the case's id.
    pub(super) cases: BTreeMap<String, Said>,
}

/// Which client was asked, and when.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PeerRun {
    pub(super) version: String,
    /// The name and the version of what ran it.
    pub(super) runtime: String,
    pub(super) date: String,
}

/// What the clients said to one case.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Said {
    /// What they were asked: once the table asks something else, the answers are no longer to it.
    pub(super) asked: Asked,
    pub(super) answers: BTreeMap<String, Answer>,
}

/// What makes a case the one that was asked.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    input: String,
    redirect_uri: String,
    state: Option<String>,
    shown: String,
}

/// What one client said to one case.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Answer {
    pub(super) outcome: Outcome,
    /// What was read of the token's answer, the server's error code, or what the client complains about.
    pub(super) detail: String,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Outcome {
    /// The program that drives the client did not get to an answer.
    Crash,
    /// A success that holds no token.
    Empty,
    /// The server's error.
    Error,
    /// Neither a result nor an error.
    Ignored,
    /// The client cannot be asked this.
    #[serde(rename = "not run")]
    NotRun,
    /// An error of the client's own, or an exception.
    Refused,
    /// A success with a token.
    Token,
}

/// What one run of one client brought.
#[derive(Debug)]
pub(super) struct Run {
    pub(super) version: String,
    pub(super) runtime: String,
    pub(super) date: String,
    pub(super) answers: BTreeMap<String, Answer>,
}

impl Asked {
    pub(super) fn of(case: &Case, shown: Shown) -> Self {
        Self {
            input: case.input.clone(),
            redirect_uri: case.redirect_uri.clone(),
            state: case.state().map(Into::into),
            shown: shown.as_str().into(),
        }
    }
}

impl Answers {
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        serde_json::from_str(text).map_err(|error| error.to_string())
    }

    /// A row for each case of the table, with the answers that are still answers to it.
    pub(super) fn keep(table: &Table, old: &Self) -> Self {
        let cases = table.classes.iter().flat_map(|class| {
            class.cases.iter().map(|case| {
                let asked = Asked::of(case, class.shown);
                let answers = old.to(case, class.shown).cloned().unwrap_or_default();
                (case.id.clone(), Said { asked, answers })
            })
        });
        Self { cases: cases.collect(), peers: old.peers.clone() }
    }

    /// The answers to a case, unless it has changed since.
    pub(super) fn to(&self, case: &Case, shown: Shown) -> Option<&BTreeMap<String, Answer>> {
        let said = self.cases.get(&case.id)?;
        (said.asked == Asked::of(case, shown)).then_some(&said.answers)
    }

    /// Puts what a client said in the place of what it said before.
    pub(super) fn set(&mut self, peer: &str, run: Run) {
        let Run { version, runtime, date, mut answers } = run;
        self.peers.insert(peer.into(), PeerRun { version, runtime, date });
        for (id, said) in &mut self.cases {
            match answers.remove(id) {
                Some(answer) => said.answers.insert(peer.into(), answer),
                None => said.answers.remove(peer),
            };
        }
    }

    /// An answer a line.
    pub(super) fn to_json(&self) -> String {
        fn line(value: &impl Serialize) -> String {
            // Texts alone: nothing that JSON cannot hold.
            serde_json::to_string(value).unwrap_or_default()
        }
        fn lines(indent: &str, entries: impl Iterator<Item = (String, String)>) -> String {
            let entries: Vec<String> =
                entries.map(|(name, value)| format!("{indent}{}: {value}", line(&name))).collect();
            entries.join(",\n")
        }
        let peers = lines("    ", self.peers.iter().map(|(name, run)| (name.clone(), line(run))));
        let cases = self.cases.iter().map(|(id, said)| {
            let answers =
                lines("        ", said.answers.iter().map(|(name, answer)| (name.clone(), line(answer))));
            let asked = line(&said.asked);
            let body =
                format!("{{\n      \"asked\": {asked},\n      \"answers\": {{\n{answers}\n      }}\n    }}");
            (id.clone(), body)
        });
        format!("{{\n  \"peers\": {{\n{peers}\n  }},\n  \"cases\": {{\n{}\n  }}\n}}\n", lines("    ", cases))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(input: &str) -> Table {
        Table::parse(&format!(
            "[rules]\nr = {{ source = \"s\", says = \"s\" }}\n[[classes]]\ntitle = \"t\"\ncases = [\n  \
             {{ id = \"a\", input = \"{input}\", shows = \"\", says = \"token\", rule = \"r\" }},\n]\n"
        ))
        .unwrap()
    }

    fn run(detail: &str) -> Run {
        let answer = Answer { outcome: Outcome::Token, detail: detail.into() };
        Run {
            version: "1.0".into(),
            runtime: "Node.js 20".into(),
            date: "2026-01-02".into(),
            answers: [("a".to_owned(), answer)].into(),
        }
    }

    fn detail(answers: &Answers, table: &Table, peer: &str) -> Option<String> {
        let class = &table.classes[0];
        answers.to(&class.cases[0], class.shown)?.get(peer).map(|answer| answer.detail.clone())
    }

    #[test]
    fn what_is_written_is_read_again() {
        let table = table("#⟨ok⟩");
        let mut answers = Answers::keep(&table, &Answers::default());
        answers.set("one", run("a\"\u{0}b"));
        answers.set("two", run("c"));
        let text = answers.to_json();
        assert!(text.contains("\n        \"two\": {\"outcome\":\"token\",\"detail\":\"c\"}\n"), "{text}");
        let again = Answers::parse(&text).unwrap();
        assert_eq!(again.to_json(), text);
        assert_eq!(detail(&again, &table, "one").as_deref(), Some("a\"\0b"));
        assert_eq!(again.peers["two"].date, "2026-01-02");
        let none = Answers::keep(&table, &Answers::default());
        assert_eq!(Answers::parse(&none.to_json()).unwrap().to_json(), none.to_json());
    }

    #[test]
    fn an_answer_counts_only_for_what_was_asked() {
        let (old, new) = (table("#a"), table("#b"));
        let mut answers = Answers::keep(&old, &Answers::default());
        answers.set("one", run("c"));
        assert_eq!(detail(&answers, &old, "one").as_deref(), Some("c"));
        assert_eq!(detail(&answers, &new, "one"), None);
        // Once kept for the new table, it is gone for good.
        let mut kept = Answers::keep(&new, &answers);
        assert_eq!(detail(&kept, &new, "one"), None);
        kept.set("two", run("d"));
        assert_eq!(detail(&kept, &new, "two").as_deref(), Some("d"));
    }
}
