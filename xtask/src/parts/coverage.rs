//! `coverage`: how much of the core its own tests run.

use serde::Deserialize;

use crate::command::{output, run};
use crate::context::Context;
use crate::outcome::{Outcome, Shortfall, failed};
use crate::tools::{self, CARGO_LLVM_COV};

/// The least share of the core's lines, in per cent. What the crate offers to tests is not counted.
const LEAST: f64 = 98.0;

pub(crate) fn run_part(context: &Context) -> Outcome {
    tools::llvm_tools(context)?;
    let cargo_llvm_cov = tools::pinned(context, &CARGO_LLVM_COV)?;
    let llvm_cov = || {
        let mut command = context.command(&cargo_llvm_cov.to_string_lossy());
        command.arg("llvm-cov").env("CARGO_TARGET_DIR", context.target().join("coverage"));
        command
    };
    run(llvm_cov()
        .args("--no-report --package fragrant --all-features --locked --".split(' '))
        // It only starts a compiler.
        .args(["--skip", "wrong_moves_do_not_compile"]))?;
    let report = |form: &str| {
        let ignored = ["--ignore-filename-regex", "src/testing/"];
        output(llvm_cov().args(["report", "--package", "fragrant"]).args(ignored).args(form.split(' ')))
    };
    let summary = Report::read(&report("--json --summary-only")?)?;
    let Lines { count, covered, percent } = summary.lines();
    println!("   {covered} of {count} lines, {percent:.2} %, at least {LEAST} %");
    let text = report("--show-missing-lines")?;
    let others = text.split_once("Uncovered Lines:").map_or("", |(_, others)| others);
    println!("   the others:{}", others.replace(&format!("{}/", context.root.display()), "   ").trim_end());
    match percent >= LEAST {
        true => Ok(()),
        false => {
            failed(format!("{percent:.2} % of the core's lines are run by its tests, expected {LEAST} %"))
        }
    }
}

/// What of the report is read.
#[derive(Debug, Deserialize)]
struct Report {
    data: [Data; 1],
}

#[derive(Debug, Deserialize)]
struct Data {
    totals: Totals,
}

#[derive(Debug, Deserialize)]
struct Totals {
    lines: Lines,
}

#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
struct Lines {
    count: u64,
    covered: u64,
    percent: f64,
}

impl Report {
    fn read(json: &str) -> Outcome<Self> {
        serde_json::from_str(json)
            .map_err(|error| Shortfall::Failed(format!("cargo-llvm-cov's report: {error}")))
    }

    fn lines(&self) -> Lines {
        let [data] = &self.data;
        data.totals.lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_totals_are_read() {
        let json =
            r#"{"data":[{"files":[],"totals":{"lines":{"count":8,"covered":6,"percent":75.0}}}],"type":"x"}"#;
        assert_eq!(Report::read(json).unwrap().lines(), Lines { count: 8, covered: 6, percent: 75.0 });
        assert!(Report::read("{}").is_err());
    }
}
