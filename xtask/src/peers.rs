//! `cargo xtask peers`: hands every row of the core's table of answers to other clients, and writes down what they say.
//!
//! The table is `crates/fragrant/tests/parsing/cases.toml`; a test of the core judges every row of it. The clients are
//! published packages, pinned in `xtask/peers/` with a small program each that drives them. What they say is kept in
//! `docs/peers/parsing.json`, and from the two `docs/parsing.md` is made, with the tables of `others.toml` beside the first
//! at its end. Nothing but the installing needs a network.

mod answers;
mod install;
#[path = "../../crates/fragrant/tests/parsing/others.rs"]
mod others;
mod page;
mod programs;
#[path = "../../crates/fragrant/tests/parsing/table.rs"]
mod table;

use std::fs;
use std::path::Path;

use crate::context::Context;
use crate::outcome::{Outcome, Shortfall, failed};
use answers::{Answers, Outcome as Answered, Run};
use others::Others;
use table::Table;

/// The row that every client takes; one that does not is driven wrongly.
const CONTROL: &str = "plain";

/// The file that the answers are kept in, from the root.
const ANSWERS: &str = "docs/peers/parsing.json";

/// The page that is made, from the root.
const PAGE: &str = "docs/parsing.md";

/// A client of somebody else's.
#[derive(Debug)]
struct Peer {
    /// The package's name.
    name: &'static str,
    language: Language,
    /// The program in `xtask/peers/` that drives it.
    program: &'static str,
    /// How it is driven, for the page.
    how: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Language {
    JavaScript,
    Python,
}

const PEERS: &[Peer] = &[
    Peer {
        name: "oidc-client",
        language: Language::JavaScript,
        program: "oidc-client.mjs",
        how: "`OidcClient.processSigninResponse(address)`, the request's state in its own store",
    },
    Peer {
        name: "auth0-js",
        language: Language::JavaScript,
        program: "auth0-js.mjs",
        how: "`WebAuth.parseHash({ hash, state })`, the fragment of the address",
    },
    Peer {
        name: "client-oauth2",
        language: Language::JavaScript,
        program: "client-oauth2.mjs",
        how: "`token.getToken(address)` with the option `state`",
    },
    Peer {
        name: "@ringcentral/sdk",
        language: Language::JavaScript,
        program: "ringcentral-sdk.mjs",
        how: "`parseLoginRedirect(hash \\|\\| search)`, as its read-me shows; it hands the state on, and comparing it is the application's part",
    },
    Peer {
        name: "oauthlib",
        language: Language::Python,
        program: "oauthlib_client.py",
        how: "`MobileApplicationClient.parse_request_uri_response(address, state, scope)` with `OAUTHLIB_STRICT_TOKEN_TYPE` set",
    },
    Peer {
        name: "Authlib",
        language: Language::Python,
        program: "authlib_client.py",
        how: "`OAuth2Client.token_from_fragment(address, state)`",
    },
];

/// Asks all clients and writes their answers and the page. A client that could not be asked keeps its answers.
pub(crate) fn run(context: &Context) -> Outcome {
    let table = read_table(context)?;
    let committed = read_answers(context)?;
    let mut answers = Answers::keep(&table, &committed);
    let mut missing = Vec::new();
    for peer in PEERS {
        println!("\n=== {}", peer.name);
        match ask(context, peer, &table) {
            Ok(run) => answers.set(peer.name, run),
            Err(Shortfall::Failed(why) | Shortfall::Skipped(why)) => {
                println!("   not run: {why}");
                missing.push(format!("{}: {why}", peer.name));
            }
        }
    }
    write(context, ANSWERS, &answers.to_json())?;
    page(context)?;
    match &missing[..] {
        [] => Ok(()),
        some => failed(format!("not run, and left as they were:\n{}", some.join("\n"))),
    }
}

/// Writes the page from the table and the answers that are there.
pub(crate) fn page(context: &Context) -> Outcome {
    let text = made(context)?;
    write(context, PAGE, &text)?;
    println!("\n{PAGE} is written");
    Ok(())
}

/// Whether the page is what the table and the answers make.
pub(crate) fn is_current(context: &Context) -> Outcome {
    let made = made(context)?;
    let there = read(context, PAGE)?;
    match first_difference(&there, &made) {
        None => Ok(()),
        Some(line) => failed(format!(
            "{PAGE} is not what the table and the answers make (line {line}); `cargo xtask peers --page` writes it anew"
        )),
    }
}

/// The number of the first line in which two texts differ.
fn first_difference(one: &str, other: &str) -> Option<usize> {
    if one == other {
        return None;
    }
    let same = one.lines().zip(other.lines()).take_while(|(one, other)| one == other).count();
    Some(same + 1)
}

fn made(context: &Context) -> Outcome<String> {
    let (table, answers) = (read_table(context)?, read_answers(context)?);
    let path = "crates/fragrant/tests/parsing/others.toml";
    let others = Others::parse(&read(context, path)?);
    let others = others.map_err(|error| Shortfall::Failed(format!("{path}: {error}")))?;
    Ok(page::make(&table, &answers).map_err(Shortfall::Failed)? + &page::others(&others))
}

/// Installs a client, asks it about every row, and checks that it took the plain one.
fn ask(context: &Context, peer: &Peer, table: &Table) -> Outcome<Run> {
    let installed = install::installed(context, peer.language)?;
    let asked: Vec<programs::Question> = table
        .classes
        .iter()
        .flat_map(programs::Question::of_class)
        .collect::<Result<_, _>>()
        .map_err(Shortfall::Failed)?;
    let run = programs::ask(context, peer, &installed, &asked)?;
    match run.answers.get(CONTROL) {
        Some(answer) if answer.outcome == Answered::Token && answer.detail == table::Shown::Token.usual() => {
            println!("   {} {}, {}: {} answers", peer.name, run.version, run.runtime, run.answers.len());
            Ok(run)
        }
        other => failed(format!("it is driven wrongly: to a plain answer it says {other:?}")),
    }
}

fn read_table(context: &Context) -> Outcome<Table> {
    let path = "crates/fragrant/tests/parsing/cases.toml";
    Table::parse(&read(context, path)?).map_err(|error| Shortfall::Failed(format!("{path}: {error}")))
}

/// The answers that are there; none before the first run.
fn read_answers(context: &Context) -> Outcome<Answers> {
    if !context.root.join(ANSWERS).exists() {
        return Ok(Answers::default());
    }
    Answers::parse(&read(context, ANSWERS)?).map_err(|error| Shortfall::Failed(format!("{ANSWERS}: {error}")))
}

fn read(context: &Context, path: &str) -> Outcome<String> {
    fs::read_to_string(context.root.join(path))
        .map_err(|error| Shortfall::Failed(format!("{path} cannot be read: {error}")))
}

fn write(context: &Context, path: &str, text: &str) -> Outcome {
    let full = context.root.join(path);
    full.parent()
        .map_or(Ok(()), fs::create_dir_all)
        .and_then(|()| fs::write(&full, text))
        .map_err(|error| Shortfall::Failed(format!("{path} cannot be written: {error}")))
}

/// The folder of the programs that drive the clients, and of the pins.
fn sources(context: &Context) -> std::path::PathBuf {
    context.root.join(Path::new("xtask/peers"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_that_differs_is_told() {
        assert_eq!(first_difference("a\nb\n", "a\nb\n"), None);
        assert_eq!(first_difference("a\nb\n", "a\nc\n"), Some(2));
        assert_eq!(first_difference("a\n", "a\nc\n"), Some(2));
        assert_eq!(first_difference("a", "a\n"), Some(2));
        assert_eq!(first_difference("", "a\n"), Some(1));
    }

    #[test]
    fn every_client_is_pinned_and_has_its_program() {
        let pins = [include_str!("../peers/package.json"), include_str!("../peers/requirements.txt")];
        for peer in PEERS {
            let [javascript, python] = [format!("\"{}\": \"", peer.name), format!("{}==", peer.name)];
            let pin = if peer.language == Language::Python { python } else { javascript };
            assert!(pins.iter().any(|pins| pins.contains(&pin)), "{}", peer.name);
            let programs = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers");
            assert!(programs.join(peer.program).is_file(), "{}", peer.program);
        }
    }

    #[test]
    fn the_pins_name_no_registry() {
        let lock = include_str!("../peers/package-lock.json");
        assert!(lock.contains("\"integrity\": \"sha512-"));
        assert!(!lock.contains("\"resolved\""));
    }
}
