//! `coverage`: how much of the core its own tests run. The lines of the tests themselves do not count, as nearly all of them
//! are run.

use std::fs;
use std::path::Path;

use crate::command::{output, run};
use crate::context::Context;
use crate::outcome::{Outcome, Shortfall, failed};
use crate::tools::{self, CARGO_LLVM_COV};

/// The least share of the core's lines, in per cent.
const LEAST: f64 = 98.0;

/// What is there for tests alone: what the crate offers to those of others, and the example that several of its own share.
const FOR_TESTS: &str = "src/testing/|src/authorization_server/scenario.rs";

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
    let report = output(
        llvm_cov().args("report --lcov --package fragrant --ignore-filename-regex".split(' ')).arg(FOR_TESTS),
    )?;
    let (mut count, mut covered) = (0, 0);
    for (path, lines) in files(&report) {
        let text = fs::read_to_string(path)
            .map_err(|error| Shortfall::Failed(format!("{path}, of the report: {error}")))?;
        let end = begin_of_tests(&text);
        let own: Vec<Line> = lines.into_iter().filter(|line| line.number < end).collect();
        let missed: Vec<usize> = own.iter().filter(|line| !line.is_run).map(|line| line.number).collect();
        if !missed.is_empty() {
            let path = Path::new(path).strip_prefix(&context.root).unwrap_or(Path::new(path));
            println!("   not run: {}: {}", path.display(), ranges(&missed));
        }
        count += own.len();
        covered += own.len() - missed.len();
    }
    if count == 0 {
        return failed("cargo-llvm-cov's report names no line");
    }
    let percent = 100.0 * covered as f64 / count as f64;
    println!("   {covered} of {count} lines, {percent:.2} %, at least {LEAST} %");
    match percent >= LEAST {
        true => Ok(()),
        false => {
            failed(format!("{percent:.2} % of the core's lines are run by its tests, expected {LEAST} %"))
        }
    }
}

/// A line that can be run.
#[derive(Debug, PartialEq)]
struct Line {
    /// Counted from 1.
    number: usize,
    is_run: bool,
}

/// The files of a report in LCOV's form, each with its lines.
fn files(report: &str) -> Vec<(&str, Vec<Line>)> {
    let mut files = Vec::new();
    for row in report.lines() {
        if let Some(path) = row.strip_prefix("SF:") {
            files.push((path, Vec::new()));
        } else if let Some((_, lines)) = files.last_mut() {
            lines.extend(line(row));
        }
    }
    files
}

/// `DA:12,0`: line 12 was never run.
fn line(row: &str) -> Option<Line> {
    let (number, runs) = row.strip_prefix("DA:")?.split_once(',')?;
    Some(Line { number: number.parse().ok()?, is_run: runs != "0" })
}

/// The number of the line with which a file's own tests begin; they come last.
fn begin_of_tests(text: &str) -> usize {
    let is_begin = |(this, next): &(&str, &str)| {
        *this == "#[cfg(test)]" && next.starts_with("mod ") && next.ends_with('{')
    };
    let pairs = text.lines().zip(text.lines().skip(1));
    pairs.into_iter().position(|pair| is_begin(&pair)).map_or(usize::MAX, |index| index + 1)
}

/// `3, 7-9` of 3, 7, 8 and 9.
fn ranges(numbers: &[usize]) -> String {
    let runs = numbers.chunk_by(|one, next| one + 1 == *next);
    let shown = runs.map(|run| match run {
        [first, .., last] => format!("{first}-{last}"),
        _ => run.iter().map(ToString::to_string).collect(),
    });
    shown.collect::<Vec<String>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_read() {
        let report =
            "SF:/a.rs\nFN:1,f\nDA:1,5\nDA:2,0\nLF:2\nend_of_record\nSF:/b.rs\nDA:7,1\nend_of_record\n";
        let line = |number, is_run| Line { number, is_run };
        let expected = vec![("/a.rs", vec![line(1, true), line(2, false)]), ("/b.rs", vec![line(7, true)])];
        assert_eq!(files(report), expected);
        assert_eq!(files("nothing"), []);
    }

    #[test]
    fn the_tests_of_a_file_are_known() {
        assert_eq!(begin_of_tests("fn a() {}\n#[cfg(test)]\nmod tests {\n}\n"), 2);
        assert_eq!(begin_of_tests("#[cfg(test)]\nmod helpers;\n#[cfg(test)]\nfn helper() {}\n"), usize::MAX);
    }

    #[test]
    fn lines_are_told_in_runs() {
        assert_eq!(ranges(&[3, 7, 8, 9, 11, 12]), "3, 7-9, 11-12");
    }
}
