//! Every short sequence of some tokens, for the exhaustive tests.

use std::collections::BTreeMap;

/// Whether this build is fast enough for the full depth.
pub(crate) const IS_FULL: bool = !cfg!(debug_assertions);

/// Every sequence of up to `depth` of the tokens, each behind `before`, counted by what `judge` says of it. Two threads share
/// the work.
pub(crate) fn count<W: Ord + Send>(
    tokens: &[&[u8]],
    depth: u32,
    before: &[u8],
    judge: impl Fn(&[u8]) -> W + Sync,
) -> BTreeMap<W, u64> {
    let halves = tokens.split_at(tokens.len() / 2);
    let judge = &judge;
    let counts = std::thread::scope(|scope| {
        [halves.0, halves.1]
            .map(|first| {
                scope.spawn(move || {
                    let mut counts = BTreeMap::new();
                    let mut input = before.to_vec();
                    for token in first {
                        walk(tokens, &mut input, token, depth, judge, &mut counts);
                    }
                    counts
                })
            })
            .map(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    });
    let mut total = BTreeMap::from([(judge(before), 1)]);
    for (word, number) in counts.into_iter().flatten() {
        *total.entry(word).or_default() += number;
    }
    // The empty sequence is among them.
    let sequences: u64 = (0..=depth).map(|length| (tokens.len() as u64).pow(length)).sum();
    assert_eq!(total.values().sum::<u64>(), sequences);
    total
}

fn walk<W: Ord>(
    tokens: &[&[u8]],
    input: &mut Vec<u8>,
    token: &[u8],
    left: u32,
    judge: &impl Fn(&[u8]) -> W,
    counts: &mut BTreeMap<W, u64>,
) {
    let len = input.len();
    input.extend(token);
    *counts.entry(judge(input)).or_default() += 1;
    if left > 1 {
        for next in tokens {
            walk(tokens, input, next, left - 1, judge, counts);
        }
    }
    input.truncate(len);
}

/// Compares with what is pinned for this depth.
pub(crate) fn check<W: AsRef<str> + Ord>(
    counts: &BTreeMap<W, u64>,
    small: &[(&str, u64)],
    full: &[(&str, u64)],
) {
    let pinned = if IS_FULL { full } else { small };
    let counts: BTreeMap<&str, u64> = counts.iter().map(|(word, number)| (word.as_ref(), *number)).collect();
    assert_eq!(counts, pinned.iter().copied().collect());
}
