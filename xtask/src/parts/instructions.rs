//! `instructions`: our own hot paths take no more instructions than they did. Times drift with the machine; these counts,
//! made by callgrind, are the same wherever the same compiler has built.

use crate::command::run;
use crate::context::Context;
use crate::outcome::{Outcome, failed, none_of};
use crate::tools;

/// A path as the program of `benches` names it, and the most instructions that one call may take: some 5 % above what was
/// counted when the bound was last set. When a path has become faster, lower its bound.
const BOUNDS: &[(&str, u64)] = &[
    ("borrowed 186 B", 1_672),
    ("borrowed error 213 B", 2_755),
    ("decoded error 213 B", 5_298),
    ("borrowed JWT 2 KB", 2_387),
    ("borrowed two tokens 8 KB", 5_952),
    ("decoded escaped 64 KB", 268_233),
    ("judged 186 B", 11_998),
    ("build", 2_901),
    ("prepared", 264),
    ("session", 4_326),
];

/// How often each path runs in the two counts, whose difference leaves out how the program starts.
const TIMES: [u64; 2] = [20, 220];

pub(crate) fn count(context: &Context) -> Outcome {
    tools::system(context, "valgrind", "valgrind")?;
    run(&mut context.cargo("build --profile bench --package benches --bin benches --locked"))?;
    let program = context.target().join("release").join("benches");
    let mut complaints = Vec::new();
    for (path, bound) in BOUNDS {
        let [few, many] = TIMES.map(|times| {
            let mut valgrind = context.command("valgrind");
            valgrind.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]).arg(&program);
            valgrind.args(["count", path]).arg(times.to_string());
            let output = valgrind.output().ok()?;
            collected(&String::from_utf8_lossy(&output.stderr))
        });
        let (Some(few), Some(many)) = (few, many) else {
            return failed(format!("valgrind did not count `{path}`"));
        };
        let count = many.saturating_sub(few) / (TIMES[1] - TIMES[0]);
        println!("   {path}: {count} instructions, at most {bound}");
        if count > *bound || count == 0 {
            complaints.push(format!("{path}: {count} instructions, expected 1 to {bound}"));
        }
    }
    none_of(&complaints)
}

/// The number behind `Collected :` in what callgrind says.
fn collected(report: &str) -> Option<u64> {
    let (_, rest) = report.split_once("Collected :")?;
    rest.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_count_is_found_in_the_report() {
        let report = "==1== Events    : Ir\n==1== Collected : 123456\n==1== \n";
        assert_eq!(collected(report), Some(123_456));
        assert_eq!(collected("valgrind: no such file"), None);
    }
}
