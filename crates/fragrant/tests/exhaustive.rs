//! Every small input, judged by the crate and by the reference that was written for clarity: both must say the same, and the
//! number of inputs for each outcome is pinned, so that a change of behaviour cannot go unseen.
//!
//! Millions of inputs take long without optimisation, so the ordinary tests go to a smaller depth; `cargo xtask exhaustive`
//! goes to the full one, in a release build.

use std::collections::BTreeMap;

use fragrant::client::rules::{Verdict, judge};
use fragrant::testing::Question;
use fragrant::testing::reference::{self, Outcome};
use fragrant::wire::Redirect;

/// Whether this build is fast enough for the full depth.
const IS_FULL: bool = !cfg!(debug_assertions);
/// How many characters a string has at most.
const CHARACTERS: usize = if IS_FULL { 7 } else { 4 };
/// How many tokens a sequence has at most.
const TOKENS: usize = if IS_FULL { 6 } else { 4 };

/// Judges one input both ways; returns the word for the outcome.
fn agree(question: &Question, input: &str) -> &'static str {
    let verdict = judge(&question.expected(), &Redirect::split(input), question.now);
    if let Verdict::ResponseRejected(rejection) | Verdict::NotOurs(rejection) = &verdict {
        assert!(rejection.offset <= input.len() && input.is_char_boundary(rejection.offset), "{input:?}");
    }
    let (ours, theirs) = (Outcome::of(&verdict), reference::judge(input, question.state.as_deref()));
    assert_eq!(ours, theirs, "{input:?} with state {:?}", question.state);
    ours.word()
}

/// Every sequence of up to `depth` of the tokens, each behind `before`, counted by outcome. Two threads share the work.
fn count(tokens: &[&str], depth: usize, before: &str, question: &Question) -> BTreeMap<&'static str, u64> {
    let halves = tokens.split_at(tokens.len() / 2);
    let counts = std::thread::scope(|scope| {
        [halves.0, halves.1]
            .map(|first| {
                scope.spawn(move || {
                    let mut counts = BTreeMap::new();
                    let mut input = String::from(before);
                    for token in first {
                        walk(tokens, &mut input, token, depth, question, &mut counts);
                    }
                    counts
                })
            })
            .map(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    });
    let mut total = BTreeMap::from([(agree(question, before), 1)]);
    for (word, number) in counts.into_iter().flatten() {
        *total.entry(word).or_default() += number;
    }
    total
}

fn walk(
    tokens: &[&str],
    input: &mut String,
    token: &str,
    left: usize,
    question: &Question,
    counts: &mut BTreeMap<&'static str, u64>,
) {
    let len = input.len();
    input.push_str(token);
    *counts.entry(agree(question, input)).or_default() += 1;
    if left > 1 {
        for next in tokens {
            walk(tokens, input, next, left - 1, question, counts);
        }
    }
    input.truncate(len);
}

/// Counts, and compares with what is pinned for this depth.
fn check(
    tokens: &[&str],
    depth: usize,
    before: &str,
    question: &Question,
    small: &[(&str, u64)],
    full: &[(&str, u64)],
) {
    let counts = count(tokens, depth, before, question);
    // The empty sequence is among them.
    let sequences: u64 =
        (0..=depth).map(|length| (0..length).map(|_| tokens.len() as u64).product::<u64>()).sum();
    assert_eq!(counts.values().sum::<u64>(), sequences);
    let pinned = if IS_FULL { full } else { small };
    assert_eq!(counts, pinned.iter().copied().collect());
}

#[test]
fn every_small_string_of_the_characters_that_matter() {
    check(
        &["#", "&", "=", "%", "+", "?", "/", "a", "2", "é"],
        CHARACTERS,
        "",
        &Question::new(),
        &[("malformed", 2_319), ("no_response", 8_792)],
        &[("malformed", 5_316_877), ("no_response", 5_794_234)],
    );
}

const TOKENS_THAT_MATTER: [&str; 14] = [
    "#",
    "&",
    "=",
    "%",
    "access_token",
    "%61ccess_token",
    "abc",
    "state",
    "xyz",
    "other",
    "token_type",
    "bearer",
    "error",
    "expires_in=3600",
];

#[test]
fn every_small_sequence_of_the_tokens_that_matter() {
    check(
        &TOKENS_THAT_MATTER,
        TOKENS,
        "",
        &Question::new().with_state("xyz"),
        &[("duplicate_parameter", 1), ("malformed", 2_110), ("no_response", 38_685), ("state_missing", 575)],
        &[
            ("access_token_missing", 2),
            ("duplicate_parameter", 999),
            ("malformed", 908_082),
            ("no_response", 7_027_772),
            ("state_mismatch", 20),
            ("state_missing", 171_856),
        ],
    );
}

#[test]
fn the_same_behind_a_valid_answer() {
    let question = Question::new().with_state("xyz");
    let answer = "#access_token=abc&token_type=bearer&state=xyz";
    assert_eq!(agree(&question, answer), "granted");
    check(
        &TOKENS_THAT_MATTER,
        TOKENS,
        answer,
        &question,
        &[
            ("duplicate_parameter", 45),
            ("error_and_token", 11),
            ("expires_in_invalid", 154),
            ("granted", 1_676),
            ("malformed", 18_750),
            ("state_mismatch", 20_735),
        ],
        &[
            ("duplicate_parameter", 21_007),
            ("error_and_token", 5_027),
            ("expires_in_invalid", 25_190),
            ("granted", 235_762),
            ("malformed", 4_851_294),
            ("state_mismatch", 2_970_451),
        ],
    );
}
