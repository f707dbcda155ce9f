//! `cargo xtask`: every check that must stay green, each runnable alone, and the set-up they need.
//!
//! It builds none of the project's crates itself; it starts cargo and a few pinned tools on them and adds up
//! what they say. What is checked is the table in [`parts`]; how a part is run and counted is in [`runner`];
//! where a tool comes from is in [`tools`].

mod command;
mod context;
mod nearest;
mod npm;
mod outcome;
mod parts;
mod peers;
mod pip;
mod runner;
mod tools;

use std::process::ExitCode;

use context::Context;
use outcome::Shortfall;
use parts::PARTS;

/// Bad usage, as sysexits.h numbers it.
const EXIT_USAGE: u8 = 64;

const USAGE: &str = "\
cargo xtask test [--long] [PART...]   run every part, or those named; --long adds the long ones
cargo xtask PART...                   the same, short
cargo xtask list                      the parts, a line each
cargo xtask peers [--page]            ask other clients what they make of each answer, and write docs/parsing.md;
                                      --page only writes the page, from what they said before
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match Request::parse(&arguments) {
        Err(complaint) => {
            eprintln!("xtask: {complaint}");
            ExitCode::from(EXIT_USAGE)
        }
        Ok(Request::List) => {
            print!("{USAGE}\n{}", parts::list());
            ExitCode::SUCCESS
        }
        Ok(Request::Peers { only_page }) => in_workspace(|context| {
            let outcome = if only_page { peers::page(context) } else { peers::run(context) };
            match outcome {
                Ok(()) => ExitCode::SUCCESS,
                Err(Shortfall::Failed(why) | Shortfall::Skipped(why)) => complain(&why),
            }
        }),
        Ok(Request::Test { names, long }) => {
            in_workspace(|context| runner::run(context, &parts::chosen(&names, long)))
        }
    }
}

fn in_workspace(run: impl FnOnce(&Context) -> ExitCode) -> ExitCode {
    match Context::read() {
        Err(reason) => complain(&reason),
        Ok(context) => run(&context),
    }
}

fn complain(reason: &str) -> ExitCode {
    eprintln!("xtask: {reason}");
    ExitCode::FAILURE
}

#[derive(Debug, PartialEq)]
enum Request {
    List,
    Peers {
        only_page: bool,
    },
    /// No names: every part that is not long, and with `long` those too.
    Test {
        names: Vec<String>,
        long: bool,
    },
}

impl Request {
    fn parse(arguments: &[String]) -> Result<Self, String> {
        let Some((first, rest)) = arguments.split_first() else {
            return Err("say what to do: `test`, `list` or the name of a part".into());
        };
        match first.as_str() {
            "list" | "help" | "--help" | "-h" => match rest.first() {
                None => Ok(Self::List),
                Some(extra) => Err(format!("`{first}` takes no argument, but `{extra}` was given")),
            },
            "peers" => match rest {
                [] => Ok(Self::Peers { only_page: false }),
                [option] if option == "--page" => Ok(Self::Peers { only_page: true }),
                _ => Err("`peers` takes nothing but `--page`".into()),
            },
            "test" => Self::parse_test(rest),
            _ => Self::parse_test(arguments),
        }
    }

    fn parse_test(arguments: &[String]) -> Result<Self, String> {
        let (options, names): (Vec<_>, Vec<_>) =
            arguments.iter().cloned().partition(|argument| argument.starts_with('-'));
        if let Some(unknown) = options.iter().find(|option| *option != "--long") {
            return Err(format!("there is no option `{unknown}`; the only one is `--long`"));
        }
        let known = || PARTS.iter().map(|part| part.name);
        if let Some(unknown) = names.iter().find(|name| known().all(|part| part != name.as_str())) {
            let hint = nearest::nearest(unknown, known())
                .map_or_else(String::new, |near| format!(" (the nearest is `{near}`)"));
            return Err(format!("there is no part `{unknown}`{hint}; `cargo xtask list` shows them all"));
        }
        Ok(Self::Test { names, long: !options.is_empty() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Request, String> {
        Request::parse(&line.split_whitespace().map(String::from).collect::<Vec<_>>())
    }

    fn test(names: &[&str], long: bool) -> Result<Request, String> {
        Ok(Request::Test { names: names.iter().map(|name| name.to_string()).collect(), long })
    }

    #[test]
    fn a_part_runs_with_and_without_the_word_test() {
        assert_eq!(parse("test"), test(&[], false));
        assert_eq!(parse("test fmt clippy"), test(&["fmt", "clippy"], false));
        assert_eq!(parse("fmt clippy"), test(&["fmt", "clippy"], false));
        assert_eq!(parse("test --long"), test(&[], true));
        assert_eq!(parse("--long"), test(&[], true));
        assert_eq!(parse("list"), Ok(Request::List));
        assert_eq!(parse("--help"), Ok(Request::List));
        assert_eq!(parse("peers"), Ok(Request::Peers { only_page: false }));
        assert_eq!(parse("peers --page"), Ok(Request::Peers { only_page: true }));
    }

    #[test]
    fn bad_usage_is_answered_in_one_line() {
        for (line, complaint) in [
            ("", "say what to do: `test`, `list` or the name of a part"),
            ("list fmt", "`list` takes no argument, but `fmt` was given"),
            ("peers --pages", "`peers` takes nothing but `--page`"),
            ("test --fast", "there is no option `--fast`; the only one is `--long`"),
            (
                "clipy",
                "there is no part `clipy` (the nearest is `clippy`); `cargo xtask list` shows them all",
            ),
            ("test qqqqqqqq", "there is no part `qqqqqqqq`; `cargo xtask list` shows them all"),
        ] {
            assert_eq!(parse(line), Err(complaint.into()), "{line}");
        }
    }
}
