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
    let pinned = match TOKENS {
        4 => Counts { all: 30_941, empty: 15_996, malformed: 9_895, token68: 540 },
        _ => Counts { all: 5_229_043, empty: 2_530_173, malformed: 2_153_995, token68: 72_210 },
    };
    assert_eq!(counts, pinned);
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
