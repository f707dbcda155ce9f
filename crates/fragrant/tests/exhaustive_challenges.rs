//! Every small `WWW-Authenticate` header, read by the crate and by the reference that was written for clarity.

use fragrant::testing::reference::challenges::{self as reference, Challenge};
use fragrant::wire::bearer;

/// How many tokens a header has at most; millions of headers take long without optimisation.
const TOKENS: usize = if cfg!(debug_assertions) { 4 } else { 6 };

const TOKENS_THAT_MATTER: [&str; 13] =
    ["Bearer", "Basic", " ", ",", "=", "\"", "\\", "/", "é", "realm", "error", "\"invalid_token\"", "x"];

fn agree(headers: &[&str]) -> Vec<Challenge> {
    let ours: Vec<_> = bearer::challenges(headers.iter().copied()).iter().map(Challenge::of).collect();
    assert_eq!(ours, reference::challenges(headers), "{headers:?}");
    ours
}

/// How many headers there were, and how many of them held no challenge, a malformed one, one with a `token68`.
#[derive(Debug, Default, PartialEq, Eq)]
struct Counts {
    all: u64,
    empty: u64,
    malformed: u64,
    token68: u64,
}

impl Counts {
    fn add(&mut self, challenges: &[Challenge]) {
        self.all += 1;
        self.empty += u64::from(challenges.is_empty());
        self.malformed += u64::from(challenges.iter().any(|challenge| challenge.is_malformed));
        self.token68 += u64::from(challenges.iter().any(|challenge| challenge.token68.is_some()));
    }

    fn walk(&mut self, header: &mut String, left: usize) {
        self.add(&agree(&[header]));
        if left > 0 {
            for token in TOKENS_THAT_MATTER {
                let len = header.len();
                header.push_str(token);
                self.walk(header, left - 1);
                header.truncate(len);
            }
        }
    }
}

#[test]
fn every_small_header() {
    let mut counts = Counts::default();
    counts.walk(&mut String::new(), TOKENS);
    let sequences = (0..=TOKENS as u32).map(|length| (TOKENS_THAT_MATTER.len() as u64).pow(length)).sum();
    assert_eq!(counts.all, sequences);
    // Each kind is really among them.
    assert!(counts.empty > 100 && counts.malformed > 1_000 && counts.token68 > 100, "{counts:?}");
}

/// The parameters at the start of a header belong to the challenge that the one before it ended with.
#[test]
fn every_small_pair_of_headers() {
    let headers: Vec<String> = TOKENS_THAT_MATTER
        .iter()
        .flat_map(|one| TOKENS_THAT_MATTER.iter().map(move |two| format!("{one}{two}")))
        .flat_map(|two| TOKENS_THAT_MATTER.iter().map(move |three| format!("{two}{three}")))
        .collect();
    for second in ["x=y", "=", "x", "error=\"invalid_token\", Basic", "\"", "Bearer x=y z", ""] {
        for first in &headers {
            agree(&[first, second]);
            agree(&[second, first]);
        }
    }
}
