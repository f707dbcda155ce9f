//! Every small input, judged by the crate and by the reference that was written for clarity: both must say the same, and the
//! number of inputs for each outcome is pinned, so that a change of behaviour cannot go unseen.
//!
//! Millions of inputs take long without optimisation, so the ordinary tests go to a smaller depth; `cargo xtask exhaustive`
//! goes to the full one, in a release build.

mod sequences;

use fragrant::client::rules::{Verdict, judge};
use fragrant::testing::Question;
use fragrant::testing::reference::{self, Outcome};
use fragrant::wire::Redirect;

use sequences::IS_FULL;

/// How many characters a string has at most.
const CHARACTERS: u32 = if IS_FULL { 7 } else { 4 };
/// How many tokens a sequence has at most.
const TOKENS: u32 = if IS_FULL { 6 } else { 4 };

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

/// Counts, and compares with what is pinned for this depth.
fn check(
    tokens: &[&str],
    depth: u32,
    before: &str,
    question: &Question,
    small: &[(&str, u64)],
    full: &[(&str, u64)],
) {
    let tokens: Vec<&[u8]> = tokens.iter().map(|token| token.as_bytes()).collect();
    let judge = |input: &[u8]| agree(question, str::from_utf8(input).unwrap_or_default());
    sequences::check(&sequences::count(&tokens, depth, before.as_bytes(), judge), small, full);
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
