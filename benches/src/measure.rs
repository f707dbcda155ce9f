//! Measuring in rounds that go through all rows in turn, and the tables of it.
//!
//! A busy machine drifts, so nothing is measured to its end before the next begins, and the best of all rounds counts.

use std::hint::black_box;
use std::time::{Duration, Instant};

const BATCH: Duration = Duration::from_micros(600);

/// How many rounds go through all rows.
#[derive(Clone, Copy)]
pub(crate) struct Rounds(pub(crate) usize);

/// Something to be measured.
pub(crate) struct Row<'r> {
    pub(crate) name: String,
    run: Box<dyn FnMut() + 'r>,
}

/// Nanoseconds of a row.
#[derive(Clone, Debug)]
pub(crate) struct Time {
    pub(crate) name: String,
    /// Of the best round.
    pub(crate) best: f64,
    /// Of the middle one.
    pub(crate) middle: f64,
}

pub(crate) fn row<'r, T>(name: &str, mut run: impl FnMut() -> T + 'r) -> Row<'r> {
    Row { name: name.into(), run: Box::new(move || _ = black_box(run())) }
}

impl Rounds {
    /// Those of the tables in `docs/benchmarks.md`.
    pub(crate) const USUAL: Self = Self(61);

    /// The times of each row.
    pub(crate) fn measure(self, mut rows: Vec<Row<'_>>) -> Vec<Time> {
        // The largest of several, so that an interruption does not make a batch small.
        let batches: Vec<u32> =
            rows.iter_mut().map(|row| (0..5).map(|_| batch(&mut row.run)).max().unwrap_or(1)).collect();
        let mut times = vec![Vec::with_capacity(self.0); rows.len()];
        for round in 0..self.0 {
            for turn in 0..rows.len() {
                let at = (turn + round) % rows.len();
                let start = Instant::now();
                for _ in 0..batches[at] {
                    (rows[at].run)();
                }
                times[at].push(start.elapsed().as_nanos() as f64 / f64::from(batches[at]));
            }
        }
        let sorted = times.into_iter().map(|mut times| {
            times.sort_by(f64::total_cmp);
            (times[0], times[times.len() / 2])
        });
        rows.into_iter()
            .zip(sorted)
            .map(|(row, (best, middle))| Time { name: row.name, best, middle })
            .collect()
    }

    /// Measures rows and prints how much slower each is than the rows named in `bases`.
    pub(crate) fn print(self, title: &str, rows: Vec<Row<'_>>, bases: &[&str]) -> Vec<Time> {
        let times = self.measure(rows);
        println!(
            "\n### {title}\n\n| | best ns | middle ns | {} |",
            bases.iter().map(|base| format!("times {base}")).collect::<Vec<_>>().join(" | ")
        );
        println!("|---|---:|---:|{}", "---:|".repeat(bases.len()));
        let best =
            |name: &str| times.iter().find(|time| time.name == name).map_or(f64::NAN, |time| time.best);
        for Time { name, best: least, middle } in &times {
            let ratios: String = bases.iter().map(|base| format!(" {:.2} |", least / best(base))).collect();
            println!("| {name} | {least:.1} | {middle:.1} |{ratios}");
        }
        times
    }
}

fn batch(run: &mut dyn FnMut()) -> u32 {
    let mut batch = 1;
    loop {
        let start = Instant::now();
        for _ in 0..batch {
            run();
        }
        if start.elapsed() >= BATCH || batch >= 1 << 24 {
            return batch;
        }
        batch *= 2;
    }
}
