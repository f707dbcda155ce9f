//! The parts: the table, and those that are one call of cargo. A part with more to it has a file of its own
//! below.

mod arrows;
mod browser;
mod copied;
mod coverage;
mod deps;
mod docs;
mod features;
mod fuzz;
mod imports;
mod instructions;
mod interop;
mod marks;
mod miri;
mod model;
mod mutants;
mod package;
mod page_speed;
mod portable;
mod size;
mod spec;
mod web;

use crate::command::run;
use crate::context::Context;
use crate::outcome::Outcome;
use crate::{peers, tools};

/// One check that can be run alone.
#[derive(Debug)]
pub(crate) struct Part {
    pub name: &'static str,
    /// What is true when it passes, in half a line.
    pub about: &'static str,
    /// Left out unless `--long` is given or the part is named.
    pub long: bool,
    pub run: fn(&Context) -> Outcome,
}

/// In the order in which they run: what answers soonest comes first.
pub(crate) const PARTS: &[Part] = &[
    Part { name: "fmt", about: "rustfmt has nothing to change", long: false, run: fmt },
    Part {
        name: "arrows",
        about: "no crate depends on one that the design keeps from it",
        long: false,
        run: arrows::run,
    },
    Part {
        name: "imports",
        about: "in the core imports go down only, and no two files import each other",
        long: false,
        run: imports::run,
    },
    Part {
        name: "parsing",
        about: "docs/parsing.md says what the table and the peers' answers say",
        long: false,
        run: peers::is_current,
    },
    Part { name: "clippy", about: "no warning in any target of any crate", long: false, run: clippy },
    Part { name: "unit", about: "every test passes, those in the documentation too", long: false, run: unit },
    Part {
        name: "marks",
        about: "each MUST has its code and its test, or an exception, and docs/spec/ledger.md says so",
        long: false,
        run: marks::compare,
    },
    Part {
        name: "marks-long",
        about: "... and without the marked code a marked test fails: 25 drawn (FRAGRANT_MARKS_SEED says which)",
        long: true,
        run: marks::prove,
    },
    Part {
        name: "exhaustive",
        about: "every small answer, request and header is read as the reference reads it, in a release build, as a browser does and without vectors",
        long: false,
        run: exhaustive,
    },
    Part {
        name: "model",
        about: "in the six-actor model each check left out lets an attack through, and none does otherwise",
        long: false,
        run: model::small,
    },
    Part {
        name: "model-long",
        about: "... at the bounds that the model is for, with every two checks and with each cut of the search left out",
        long: true,
        run: model::large,
    },
    Part {
        name: "docs",
        about: "the site of the pages in docs/ is made, into target/site, and no link of any page leads nowhere",
        long: false,
        run: docs::run_part,
    },
    Part {
        name: "spec",
        about: "docs/spec says what the library itself says",
        long: false,
        run: spec::compare,
    },
    Part {
        name: "spec-long",
        about: "... and with a machine or a table of the library changed, the comparison fails",
        long: true,
        run: spec::prove,
    },
    Part { name: "doc", about: "the documentation builds without a warning", long: false, run: doc },
    Part {
        name: "features",
        about: "the no_std crates build without features, with each one alone and with all",
        long: false,
        run: features::alone,
    },
    Part {
        name: "feature-pairs",
        about: "... and with every two features together",
        long: true,
        run: features::pairs,
    },
    Part {
        name: "nostd",
        about: "the no_std crates build for a target that has no std",
        long: false,
        run: portable::nostd,
    },
    Part {
        name: "wasm",
        about: "the no_std crates build for a browser's target",
        long: false,
        run: portable::wasm,
    },
    Part {
        name: "web",
        about: "the example page builds for a browser, into target/web/spa",
        long: false,
        run: web::run_part,
    },
    Part {
        name: "web-parts",
        about: "the adapter's storage, channel, lock, timers and history do in a browser what they say",
        long: false,
        run: web::run_parts,
    },
    Part {
        name: "deps",
        about: "licences, bans and sources of all dependencies are as deny.toml allows",
        long: false,
        run: deps::run,
    },
    Part {
        name: "instructions",
        about: "our own hot paths take no more instructions than they did",
        long: false,
        run: instructions::count,
    },
    Part {
        name: "size",
        about: "a program that reads an answer, and what a browser downloads, is no larger than it was",
        long: false,
        run: size::run_part,
    },
    Part {
        name: "size-peers",
        about: "clients of others weigh in a page what docs/size.md says",
        long: true,
        run: size::run_peers,
    },
    Part {
        name: "browser",
        about: "what happens in a real browser is what should",
        long: false,
        run: browser::once,
    },
    Part { name: "browser-often", about: "... ten times in a row", long: true, run: browser::often },
    Part {
        name: "interop",
        about: "our client and servers of others, and clients of others and our server, get on as docs/interop.md says",
        long: false,
        run: interop::run_part,
    },
    Part {
        name: "page-speed",
        about: "reading an answer in a page takes no longer than with what the browser has",
        long: false,
        run: page_speed::run_part,
    },
    Part {
        name: "bench",
        about: "every bench finds the answers that it expects, and runs; no time is looked at",
        long: true,
        run: bench,
    },
    Part {
        name: "coverage",
        about: "the core's own tests run at least 98 % of its lines",
        long: true,
        run: coverage::run_part,
    },
    Part {
        name: "fuzz",
        about: "a minute of each fuzz target finds nothing (FRAGRANT_FUZZ_SECONDS says how long)",
        long: true,
        run: fuzz::run_part,
    },
    Part {
        name: "leptos",
        about: "the example for Leptos builds for a browser, into target/web/leptos, and signs in there",
        long: true,
        run: web::leptos,
    },
    Part {
        name: "miri",
        about: "the core's tests show no undefined behaviour in an interpreter",
        long: true,
        run: miri::run_part,
    },
    Part {
        name: "mutants",
        about: "no small fault in the parser, the values or the rules goes unseen",
        long: true,
        run: mutants::run_part,
    },
    Part {
        name: "package",
        about: "each published crate packs, and builds from what was packed",
        long: false,
        run: package::run,
    },
];

/// The parts by name, or those of an ordinary run; always in the table's order.
pub(crate) fn chosen(names: &[String], long: bool) -> Vec<&'static Part> {
    PARTS
        .iter()
        .filter(|part| match names {
            [] => long || !part.long,
            named => named.iter().any(|name| name == part.name),
        })
        .collect()
}

/// The parts, a line each.
pub(crate) fn list() -> String {
    let width = PARTS.iter().map(|part| part.name.len()).max().unwrap_or_default();
    PARTS
        .iter()
        .map(|part| {
            let long = if part.long { " (with --long)" } else { "" };
            format!("{:width$}  {}{long}\n", part.name, part.about)
        })
        .collect()
}

fn fmt(context: &Context) -> Outcome {
    tools::component(context, "fmt", "rustfmt")?;
    run(&mut context.cargo("fmt --all --check"))
}

fn clippy(context: &Context) -> Outcome {
    tools::component(context, "clippy", "clippy")?;
    run(&mut context.cargo("clippy --workspace --all-targets --locked -- -D warnings"))
}

/// The tests with a browser are a part of their own: it needs one.
fn unit(context: &Context) -> Outcome {
    run(&mut context.cargo("test --workspace --exclude browser-tests --no-fail-fast --locked"))
}

/// Some 27 million answers, 16 million headers and 2.5 million requests, in each of three ways: seconds in a release build, many minutes in
/// another. The ordinary tests go to a smaller depth.
fn exhaustive(context: &Context) -> Outcome {
    const TESTS: &str = "test --release --package fragrant --test exhaustive* --locked";
    run(&mut context.cargo(TESTS))?;
    // And as a browser reads them, and a machine for which there are no vectors of our own, such as a phone. Of target
    // folders of their own, as another flag builds everything anew.
    for way in ["small", "portable"] {
        run(context
            .cargo(TESTS)
            .args(["--lib", "--test", "laws", "--test", "parsing", "--test", "verdicts"])
            .env("RUSTFLAGS", format!("--cfg fragrant_{way}"))
            .env("CARGO_TARGET_DIR", context.target().join(way)))?;
    }
    Ok(())
}

/// One round of the program, and each bench of criterion once.
fn bench(context: &Context) -> Outcome {
    run(&mut context.cargo("run --profile bench --package benches --locked -- --rounds 1"))?;
    run(&mut context.cargo("bench --package benches --locked -- --test"))
}

fn doc(context: &Context) -> Outcome {
    run(context
        .cargo("doc --workspace --no-deps --document-private-items --locked")
        .env("RUSTDOCFLAGS", "-D warnings"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(chosen: &[&Part]) -> Vec<&'static str> {
        chosen.iter().map(|part| part.name).collect()
    }

    #[test]
    fn an_ordinary_run_leaves_only_the_long_parts_out() {
        let ordinary = chosen(&[], false);
        assert!(ordinary.iter().all(|part| !part.long));
        assert_eq!(chosen(&[], true).len(), PARTS.len());
        assert_eq!(ordinary.len() + PARTS.iter().filter(|part| part.long).count(), PARTS.len());
    }

    #[test]
    fn a_named_part_runs_even_if_it_is_long_and_never_twice() {
        let asked = ["feature-pairs", "fmt", "fmt"].map(String::from);
        assert_eq!(names(&chosen(&asked, false)), ["fmt", "feature-pairs"]);
    }

    #[test]
    fn no_two_parts_share_a_name() {
        let all = names(&chosen(&[], true));
        for (index, name) in all.iter().enumerate() {
            assert!(!all[..index].contains(name), "{name}");
        }
    }

    #[test]
    fn the_guide_for_contributors_lists_the_same_parts() {
        let guide = include_str!("../../CONTRIBUTING.md");
        let rows = guide.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
        assert_eq!(rows.collect::<Vec<_>>(), names(&chosen(&[], true)));
    }
}
