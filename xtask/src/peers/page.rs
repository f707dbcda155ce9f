//! Makes `docs/parsing.md` from the table and the answers.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::answers::{Answer, Answers, Outcome};
use super::others::{Others, Reader};
use super::programs::shortened;
use super::table::{Case, Class, Shown, Table, Verdict};
use super::{PEERS, Peer};

/// The whole page.
pub(super) fn make(table: &Table, answers: &Answers) -> Result<String, String> {
    let mut page = introduction(table, answers);
    page += &summary(table, answers)?;
    for class in &table.classes {
        page += &section(table, class, answers)?;
    }
    Ok(page)
}

fn introduction(table: &Table, answers: &Answers) -> String {
    let mut page = format!(
        "<!-- Made by `cargo xtask peers --page` from crates/fragrant/tests/parsing/{{cases,others}}.toml and docs/peers/parsing.json. -->\n\n\
         # What can come back, and what is made of it\n\n\
         Each row is a class of input: {} in all. The column **Fragrant** is our verdict; the test `parsing` of the core holds every row to it.\n\
         The column **rule** names the sentence that the verdict follows, told below each table. The other columns are what published clients answered to\n\
         the same text, each run by `cargo xtask peers` and set up so that it takes the plain answer with the right state; none is asked about ID tokens.\n\
         They read the text as it stands. In a browser some of it would come in another form: raw spaces, for one, would have been escaped.\n\
         Of the address `client-oauth2` compares the path and `oauthlib` the scheme; none of them compares the issuer of an answer without an ID token.\n\n\
         The request asked for `token` with the state `xyz` and the scope `read write` at `https://app.example/cb`, unless a row says otherwise. In the inputs,\n\
         `⟨ok⟩` is `{}` and `⟨x×9⟩` is `x` nine times (`№` in it counts); what begins with `#` or `?` stands\n\
         behind the redirection URI. What cannot be seen is written as `\\u{{…}}`. The authorization request and the headers of step 4\n\
         are read as well: [the last tables](#what-else-is-read) have them, with our verdicts alone.\n\n",
        table.cases().count(),
        super::table::OK,
    );
    page += "| client | version | run in | on | how |\n|---|---|---|---|---|\n";
    for Peer { name, how, .. } in PEERS {
        let (version, runtime, date) = match answers.peers.get(*name) {
            Some(run) => (&*run.version, &*run.runtime, &*run.date),
            None => ("-", "not run", "-"),
        };
        let _ = writeln!(page, "| {name} | {version} | {runtime} | {date} | {how} |");
    }
    page += "\nTo rerun: `cargo xtask peers`. It installs the pinned packages below the target folder, for which it needs Node.js, Python and a network once. The\n\
             answers with all their details are in [peers/parsing.json](peers/parsing.json).\n\n\
             A client's cell says\n\n\
             - `token`: it hands over a token; what it read stands beside it where that is not what we read, or not the usual. **token** in bold: where we refuse;\n\
             - `error`: it reports the server's error; its code stands beside it where that is neither the one we report nor `access_denied`;\n\
             - `refused`: it reports an error of its own, or throws;\n\
             - `empty`: it reports a success in which there is no token;\n\
             - `ignored`: it reports nothing;\n\
             - `crash`: its program did not get to an answer; `not run`: it was not asked, or cannot be asked this.\n\n";
    page
}

/// The figures.
fn summary(table: &Table, answers: &Answers) -> Result<String, String> {
    let rows = |is_kind: &dyn Fn(&Verdict) -> bool| table.cases().filter(|case| is_kind(&case.says)).count();
    let refused = rows(&is_refused);
    let taken = rows(&|verdict| *verdict == Verdict::Token);
    let reported = rows(&|verdict| matches!(verdict, Verdict::Error { .. }));
    let mut page = format!(
        "## In figures\n\n\
         - **lets through**: of the {refused} rows that we refuse (\"not ours\" among them), those in which the client hands over a token, or a list of them;\n\
         - **reports an error**: of the same rows, those in which it reports the server's error as one that answers the request;\n\
         - **reads alike**: of the {taken} rows with a token that we take, those in which it hands over a token and reads the same from them;\n\
         - **reports alike**: of the {reported} rows with an error that we report, those in which it reports the same code.\n\n\
         Not every row that we refuse breaks a specification: some break a limit of ours, and a client that takes them does nothing wrong. The rule of a row tells.\n\n\
         | client | lets through | reports an error | reads alike | reports alike | not run |\n|---|---:|---:|---:|---:|---:|\n",
    );
    for peer in PEERS {
        let mut figures = [0; 5];
        for class in &table.classes {
            for case in &class.cases {
                let Some(answer) = answer(answers, case, class.shown, peer.name) else {
                    figures[4] += 1;
                    continue;
                };
                let alike = is_alike(case, class.shown, answer)?;
                match (&case.says, answer.outcome) {
                    (_, Outcome::NotRun) => figures[4] += 1,
                    (verdict, Outcome::Token) if is_refused(verdict) => figures[0] += 1,
                    (verdict, Outcome::Error) if is_refused(verdict) => figures[1] += 1,
                    (Verdict::Token, _) if alike => figures[2] += 1,
                    (Verdict::Error { .. }, _) if alike => figures[3] += 1,
                    _ => {}
                }
            }
        }
        let [through, errors, tokens, codes, not_run] = figures;
        let _ = writeln!(
            page,
            "| {} | {through} of {refused} | {errors} of {refused} | {tokens} of {taken} | {codes} of {reported} | {not_run} |",
            peer.name
        );
    }
    let _ =
        writeln!(page, "\nLets through, by the tables below:\n\n| class | we refuse |{}", names(" ", " |"));
    let _ = writeln!(page, "|---|---:|{}", "---:|".repeat(PEERS.len()));
    for class in &table.classes {
        let hostile = || class.cases.iter().filter(|case| is_refused(&case.says));
        let _ = write!(page, "| {} | {} |", class.title, hostile().count());
        for peer in PEERS {
            let through = hostile().filter(|case| {
                answer(answers, case, class.shown, peer.name)
                    .is_some_and(|answer| answer.outcome == Outcome::Token)
            });
            let _ = write!(page, " {} |", through.count());
        }
        page.push('\n');
    }
    Ok(page + "\n")
}

fn section(table: &Table, class: &Class, answers: &Answers) -> Result<String, String> {
    let mut page = format!("## {}\n\n", class.title);
    if class.shown != Shown::Token {
        let _ = writeln!(page, "Beside `token` stands the {} that was read.\n", class.shown.as_str());
    }
    let _ = writeln!(page, "| what | input | Fragrant | rule |{}", names(" ", " |"));
    let _ = writeln!(page, "|---|---|---|---|{}", "---|".repeat(PEERS.len()));
    for case in &class.cases {
        let _ = write!(
            page,
            "| {} | {} | {} | {} |",
            case.shows.replace('|', "\\|"),
            input(case),
            ours(case, class.shown)?,
            case.rule,
        );
        for peer in PEERS {
            let _ = write!(
                page,
                " {} |",
                cell(case, class.shown, answer(answers, case, class.shown, peer.name))?
            );
        }
        page.push('\n');
    }
    page.push('\n');
    let used: BTreeSet<&str> = class.cases.iter().map(|case| &*case.rule).collect();
    for (name, rule) in table.rules.iter().filter(|(name, _)| used.contains(name.as_str())) {
        let _ = writeln!(page, "- {name}: {}: {}.", rule.source, rule.says);
    }
    Ok(page + "\n")
}

/// What is read besides answers. No client is asked about it.
pub(super) fn others(others: &Others) -> String {
    let mut page = format!(
        "## What else is read\n\n\
         {} classes more: the authorization request, as the server reads it, and the two headers of step 4. No client is asked about them; the same test holds\n\
         every row to our verdict. Three clients are registered: `one` with the address `https://one.example/cb`, `two` with the addresses\n\
         `https://two.example/a` and `https://two.example/b` and the scope `read write`, and `code` for another grant.\n\n",
        others.rows().count(),
    );
    for table in &others.tables {
        let _ = writeln!(page, "### {}\n\n{}\n", table.title, words(table.reader));
        page += "| what | input | Fragrant | rule |\n|---|---|---|---|\n";
        for row in &table.cases {
            let input = if row.input.is_empty() { "nothing".into() } else { code(&row.input) };
            let shows = row.shows.replace('|', "\\|");
            let _ =
                writeln!(page, "| {shows} | {input} | {} | {} |", said(table.reader, &row.says), row.rule);
        }
        page.push('\n');
        let used: BTreeSet<&str> = table.cases.iter().map(|row| &*row.rule).collect();
        for (name, rule) in others.rules.iter().filter(|(name, _)| used.contains(name.as_str())) {
            let _ = writeln!(page, "- {name}: {}: {}.", rule.source, rule.says);
        }
        page.push('\n');
    }
    page
}

/// What the verdicts of a table are.
const fn words(reader: Reader) -> &'static str {
    match reader {
        Reader::Authorization => {
            "The token, or: `no scheme` in front of it, `other scheme` than `Bearer`, `no token` behind the scheme, a `bad token` there."
        }
        Reader::Challenges => {
            "For each challenge its scheme (`-` where a server forgot it), in brackets the text or the parameters behind it, and `!` if something was\n\
             passed over. A `\\u{a}` separates headers."
        }
        Reader::Request => {
            "`received`, an error that is sent to the client, or a page with these words where there is no address to send it to."
        }
    }
}

/// A verdict: what of it stands on the wire as it stands there.
fn said(reader: Reader, says: &str) -> String {
    match (reader, says.split_once(' ')) {
        (Reader::Authorization, Some(("token", token))) => format!("token {}", code(token)),
        (Reader::Challenges, _) if says != "none" => code(says),
        (Reader::Request, Some(("error", text))) => format!("error {}", code(text)),
        (Reader::Request, Some(("page", words))) => format!("page \"{words}\""),
        _ => says.into(),
    }
}

/// The clients' names, each with what stands around it.
fn names(before: &str, behind: &str) -> String {
    PEERS.iter().map(|peer| format!("{before}{}{behind}", peer.name)).collect()
}

fn answer<'a>(answers: &'a Answers, case: &Case, shown: Shown, peer: &str) -> Option<&'a Answer> {
    answers.to(case, shown)?.get(peer)
}

const fn is_refused(verdict: &Verdict) -> bool {
    matches!(verdict, Verdict::Rejected { .. } | Verdict::NotOurs)
}

/// Whether a client has read what we have.
fn is_alike(case: &Case, shown: Shown, answer: &Answer) -> Result<bool, String> {
    Ok(match (&case.says, answer.outcome) {
        (Verdict::Token, Outcome::Token) => answer.detail == shortened(&case.reads(shown)?),
        (Verdict::Error { code }, Outcome::Error) => answer.detail == *code,
        _ => false,
    })
}

fn input(case: &Case) -> String {
    let mut cell = match &*case.input {
        "" => "nothing".into(),
        text => code(text),
    };
    // An own redirection URI shows in the input, which is then a whole address.
    if case.state() != Some("xyz") {
        let state = case.state().map_or_else(|| "none".into(), code);
        let _ = write!(cell, ", state sent: {state}");
    }
    if let Some(issuer) = &case.issuer {
        let _ = write!(cell, ", issuer {}", code(issuer));
    }
    cell
}

fn ours(case: &Case, shown: Shown) -> Result<String, String> {
    let mut cell = match &case.says {
        Verdict::Token => "token".into(),
        Verdict::Error { code: text } => format!("error {}", code(text)),
        Verdict::NotOurs => "not ours".into(),
        Verdict::Rejected { reason, parameter: None } => code(reason),
        Verdict::Rejected { reason, parameter: Some(parameter) } => {
            format!("{}, {}", code(reason), code(parameter))
        }
    };
    let reads = case.reads(shown)?;
    if case.says == Verdict::Token && (shown != Shown::Token || reads != shown.usual()) {
        let _ = write!(cell, " {}", code(&shortened(&reads)));
    }
    for note in &case.notes {
        let _ = write!(cell, ", note {}", code(note));
    }
    Ok(cell)
}

fn cell(case: &Case, shown: Shown, answer: Option<&Answer>) -> Result<String, String> {
    let Some(answer) = answer else { return Ok("not run".into()) };
    let alike = is_alike(case, shown, answer)?;
    let read = code(&answer.detail);
    Ok(match answer.outcome {
        Outcome::Crash => "crash".into(),
        Outcome::Empty => "empty".into(),
        Outcome::Error if alike => "error".into(),
        Outcome::Error if answer.detail == "access_denied" => "error".into(),
        Outcome::Error => format!("error {read}"),
        Outcome::Ignored => "ignored".into(),
        Outcome::NotRun => "not run".into(),
        Outcome::Refused => "refused".into(),
        Outcome::Token if alike => "token".into(),
        Outcome::Token if !is_refused(&case.says) => format!("token {read}"),
        Outcome::Token if shown == Shown::Token && answer.detail == shown.usual() => "**token**".into(),
        Outcome::Token => format!("**token** {read}"),
    })
}

/// Text in backticks that stays in its cell and can be seen.
fn code(text: &str) -> String {
    if text.is_empty() {
        return "(empty)".into();
    }
    let mut shown = String::new();
    for letter in text.chars() {
        match letter {
            '|' => shown.push_str("\\|"),
            ' '..='~' | '⟨' | '⟩' | '×' | '№' | '…' => shown.push(letter),
            other if other.is_alphanumeric() => shown.push(other),
            other => {
                let _ = write!(shown, "{}", other.escape_unicode());
            }
        }
    }
    match shown.contains('`') {
        true => format!("`` {shown} ``"),
        false => format!("`{shown}`"),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::answers::Run;
    use super::*;

    const TABLE: &str = r##"
        [rules]
        once = { source = "RFC 6749 section 3.1", says = "once" }
        more = { source = "RFC 6749 section 4", says = "more" }

        [[classes]]
        title = "First"
        cases = [
          { id = "good", input = "#⟨ok⟩", shows = "good", says = "token", rule = "more" },
          { id = "bad", input = "#a|b", shows = "a `|`", says = "rejected malformed a", rule = "once" },
          { id = "no", input = "", shows = "no", says = "not ours", rule = "once" },
          { id = "denied", input = "#x", shows = "denied", says = "error denied", state = "", rule = "once" },
        ]

        [[classes]]
        title = "Second"
        shown = "lifetime"
        cases = [
          { id = "hour", input = "#y", shows = "hour", says = "token", reads = "3600", issuer = "https://a", notes = ["n"], rule = "once" },
        ]
    "##;

    fn page(said: &[(&str, Outcome, &str)]) -> String {
        let table = Table::parse(TABLE).unwrap();
        let mut answers = Answers::keep(&table, &Answers::default());
        let said = said.iter().map(|(id, outcome, detail)| {
            (id.to_string(), Answer { outcome: *outcome, detail: detail.to_string() })
        });
        let run = Run {
            version: "1.2".into(),
            runtime: "Node.js 20".into(),
            date: "2026-01-02".into(),
            answers: said.collect::<BTreeMap<_, _>>(),
        };
        answers.set(PEERS[0].name, run);
        make(&table, &answers).unwrap()
    }

    fn row<'a>(page: &'a str, start: &str) -> &'a str {
        page.lines().find(|line| line.starts_with(start)).unwrap()
    }

    #[test]
    fn each_row_says_what_we_and_they_make_of_it() {
        let page = page(&[
            ("good", Outcome::Token, "abc"),
            ("bad", Outcome::Token, "x\u{200b}"),
            ("no", Outcome::Token, "abc"),
            ("denied", Outcome::Error, "other"),
            ("hour", Outcome::Token, "none"),
        ]);
        let rest = " not run | not run | not run | not run | not run |";
        for line in [
            "| good | `#⟨ok⟩` | token | more | token |",
            "| a `\\|` | `#a\\|b` | `malformed`, `a` | once | **token** `x\\u{200b}` |",
            "| no | nothing | not ours | once | **token** |",
            "| denied | `#x`, state sent: none | error `denied` | once | error `other` |",
            "| hour | `#y`, issuer `https://a` | token `3600`, note `n` | once | token `none` |",
        ] {
            assert!(page.contains(&format!("\n{line}{rest}\n")), "{line}\n{page}");
        }
        // Below a table stand the rules of that table alone.
        let second = page.split("## Second").nth(1).unwrap();
        assert!(second.contains("\n- once: RFC 6749 section 3.1: once.\n"));
        assert!(!second.contains("- more:"));
        assert_eq!(
            row(&page, "| oidc-client | 1.2"),
            format!("| oidc-client | 1.2 | Node.js 20 | 2026-01-02 | {} |", PEERS[0].how)
        );
    }

    #[test]
    fn the_figures_are_counted() {
        let figures = |said: &[(&str, Outcome, &str)]| {
            let page = page(said);
            let of_all = row(&page, "| oidc-client | ").to_owned();
            assert!(of_all.contains("Node.js"), "the table of the clients comes first");
            let counted = page.lines().filter(|line| line.starts_with("| oidc-client | ")).nth(1).unwrap();
            (counted.to_owned(), row(&page, "| First | ").to_owned())
        };
        assert_eq!(
            figures(&[
                ("good", Outcome::Token, "abc"),
                ("bad", Outcome::Token, "t"),
                ("no", Outcome::Error, "e"),
                ("denied", Outcome::Error, "denied"),
                ("hour", Outcome::Token, "none"),
            ]),
            (
                "| oidc-client | 1 of 2 | 1 of 2 | 1 of 2 | 1 of 1 | 0 |".into(),
                "| First | 2 | 1 | 0 | 0 | 0 | 0 | 0 |".into()
            )
        );
        // Neither a success without a token nor a wrong token nor a wrong code counts for anything.
        assert_eq!(
            figures(&[
                ("good", Outcome::Token, "other"),
                ("bad", Outcome::Empty, ""),
                ("no", Outcome::Ignored, ""),
                ("denied", Outcome::Refused, "denied"),
                ("hour", Outcome::NotRun, "why"),
            ]),
            (
                "| oidc-client | 0 of 2 | 0 of 2 | 0 of 2 | 0 of 1 | 1 |".into(),
                "| First | 2 | 0 | 0 | 0 | 0 | 0 | 0 |".into()
            )
        );
    }

    #[test]
    fn other_texts_stand_in_tables_of_their_own() {
        let row = |input: &str, says: &str, rule: &str| {
            format!("{{ input = {input:?}, shows = \"a `|`\", says = {says:?}, rule = {rule:?} }}")
        };
        let table = |title: &str, reader: &str, rows: &[String]| {
            format!("[[tables]]\ntitle = {title:?}\nreader = {reader:?}\ncases = [{}]\n", rows.join(", "))
        };
        let text = [
            "[rules]\na = { source = \"A\", says = \"b\" }\nc = { source = \"C\", says = \"d\" }\n"
                .to_owned(),
            table(
                "First",
                "request",
                &[row("", "received", "a"), row("x", "error e", "a"), row("y", "page no", "c")],
            ),
            table("Second", "authorization", &[row("x\ty", "token t", "c"), row("y", "no token", "c")]),
            table("Third", "challenges", &[row("x|", "X[a=b]!", "a"), row("", "none", "a")]),
        ];
        let page = others(&Others::parse(&text.concat()).unwrap());
        for line in [
            "7 classes more: the authorization request, as the server reads it, and the two headers of step 4. No client is asked about them; the same test holds",
            "| a `\\|` | nothing | received | a |",
            "| a `\\|` | `x` | error `e` | a |",
            "| a `\\|` | `y` | page \"no\" | c |",
            "| a `\\|` | `x\\u{9}y` | token `t` | c |",
            "| a `\\|` | `y` | no token | c |",
            "| a `\\|` | `x\\|` | `X[a=b]!` | a |",
            "| a `\\|` | nothing | none | a |",
        ] {
            assert!(page.contains(&format!("\n{line}\n")), "{line}\n{page}");
        }
        let second = page.split("### ").nth(2).unwrap();
        assert!(second.contains("\n- c: C: d.\n") && !second.contains("- a:"));
    }

    #[test]
    fn text_stays_in_its_cell() {
        assert_eq!(code("a|b\n\0é"), "`a\\|b\\u{a}\\u{0}é`");
        assert_eq!(code("a`b"), "`` a`b ``");
        assert_eq!(code(""), "(empty)");
    }
}
