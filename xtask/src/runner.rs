//! Runs the chosen parts one after the other, all of them even if one fails, and adds up.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use crate::context::Context;
use crate::outcome::{Outcome, Shortfall};
use crate::parts::Part;

pub(crate) fn run(context: &Context, parts: &[&Part]) -> ExitCode {
    let results: Vec<Ended> = parts.iter().map(|part| run_one(context, part)).collect();
    let count = |word| results.iter().filter(|ended| ended.word() == word).count();

    println!("\n{}", table(&results));
    println!("{} passed, {} failed, {} skipped", count("passed"), count("failed"), count("skipped"));
    ExitCode::from(u8::from(count("failed") > 0))
}

fn run_one(context: &Context, part: &Part) -> Ended {
    println!("\n=== {}: {}", part.name, part.about);
    let start = Instant::now();
    let outcome = judged((part.run)(context), context.ci);
    let ended = Ended { name: part.name, outcome, took: start.elapsed() };
    println!("--- {}", ended.sentence());
    ended
}

/// Where nobody reads the skips, a skip is a failure.
fn judged(outcome: Outcome, ci: bool) -> Outcome {
    match outcome {
        Err(Shortfall::Skipped(how)) if ci => {
            Err(Shortfall::Failed(format!("could not look, and with CI=true that counts: {how}")))
        }
        other => other,
    }
}

/// The parts and their seconds, and below the reasons of those that did not pass.
fn table(results: &[Ended]) -> String {
    let width = results.iter().map(|ended| ended.name.len()).max().unwrap_or_default();
    let rows = results.iter().map(|ended| {
        format!("{:width$}  {:7}  {:6.1} s\n", ended.name, ended.word(), ended.took.as_secs_f64())
    });
    let reasons = results
        .iter()
        .filter(|ended| ended.outcome.is_err())
        .map(|ended| format!("\n{}\n", ended.sentence()));
    rows.chain(reasons).collect()
}

struct Ended {
    name: &'static str,
    outcome: Outcome,
    took: Duration,
}

impl Ended {
    fn word(&self) -> &'static str {
        match self.outcome {
            Ok(()) => "passed",
            Err(Shortfall::Failed(_)) => "failed",
            Err(Shortfall::Skipped(_)) => "skipped",
        }
    }

    fn sentence(&self) -> String {
        let head = format!("{} {} in {:.1} s", self.name, self.word(), self.took.as_secs_f64());
        match &self.outcome {
            Ok(()) => head,
            Err(Shortfall::Failed(why) | Shortfall::Skipped(why)) => format!("{head}: {why}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn skipped() -> Outcome {
        Err(Shortfall::Skipped("apt-get install -y something".into()))
    }

    #[test]
    fn a_skip_is_a_failure_only_in_ci() {
        assert_eq!(judged(skipped(), false), skipped());
        assert!(matches!(judged(skipped(), true), Err(Shortfall::Failed(why)) if why.contains("apt-get")));
        assert_eq!(judged(Ok(()), true), Ok(()));
    }

    #[test]
    fn the_table_has_a_row_for_each_part_and_says_why_one_did_not_pass() {
        let results = [
            Ended { name: "fmt", outcome: Ok(()), took: Duration::from_millis(840) },
            Ended { name: "deps", outcome: skipped(), took: Duration::ZERO },
        ];
        assert_eq!(
            table(&results),
            "fmt   passed      0.8 s\n\
             deps  skipped     0.0 s\n\
             \n\
             deps skipped in 0.0 s: apt-get install -y something\n"
        );
    }
}
