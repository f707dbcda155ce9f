//! Every small authorization request and every small `Authorization` header, read by the crate and by the reference that was
//! written for clarity. The number of inputs for each verdict is pinned, so that a change of behaviour cannot go unseen.
//!
//! As with the answers, the ordinary tests go to a smaller depth than a release build.

use std::collections::BTreeMap;

use fragrant::testing::flow;
use fragrant::testing::reference::{credentials, request::Request};
use fragrant::wire::bearer::{self, InvalidCredentials};
use fragrant::wire::form::Fault;
use fragrant::wire::{FlawKind, Limits, RequestQuery};

/// Whether this build is fast enough for the full depth.
const IS_FULL: bool = !cfg!(debug_assertions);

type Counts = BTreeMap<String, u64>;

/// Every sequence of up to `depth` of the tokens, each behind `before`, counted by what `judge` says of it. Two threads share
/// the work.
fn count(tokens: &[&[u8]], depth: u32, before: &str, judge: impl Fn(&[u8]) -> String + Sync) -> Counts {
    let halves = tokens.split_at(tokens.len() / 2);
    let judge = &judge;
    let counts = std::thread::scope(|scope| {
        [halves.0, halves.1]
            .map(|first| {
                scope.spawn(move || {
                    let mut counts = Counts::new();
                    let mut input = before.as_bytes().to_vec();
                    for token in first {
                        walk(tokens, &mut input, token, depth, judge, &mut counts);
                    }
                    counts
                })
            })
            .map(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    });
    let mut total = Counts::from([(judge(before.as_bytes()), 1)]);
    for (word, number) in counts.into_iter().flatten() {
        *total.entry(word).or_default() += number;
    }
    // The empty sequence is among them.
    let sequences: u64 = (0..=depth).map(|length| (tokens.len() as u64).pow(length)).sum();
    assert_eq!(total.values().sum::<u64>(), sequences);
    total
}

fn walk(
    tokens: &[&[u8]],
    input: &mut Vec<u8>,
    token: &[u8],
    left: u32,
    judge: &impl Fn(&[u8]) -> String,
    counts: &mut Counts,
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

fn check(counts: &Counts, small: &[(&str, u64)], full: &[(&str, u64)]) {
    let pinned = if IS_FULL { full } else { small };
    assert_eq!(*counts, pinned.iter().map(|(word, number)| ((*word).to_owned(), *number)).collect());
}

fn credentials(header: &[u8]) -> String {
    let ours = bearer::token(header).map(str::to_owned);
    assert_eq!(ours, credentials::token(header), "{:?}", String::from_utf8_lossy(header));
    let word = match ours {
        Ok(_) => "token",
        Err(InvalidCredentials::NoScheme) => "no scheme",
        Err(InvalidCredentials::NoToken) => "no token",
        Err(InvalidCredentials::OtherScheme) => "other scheme",
        Err(_) => "bad token",
    };
    word.into()
}

const OF_HEADERS: [&[u8]; 13] =
    [b"Bearer", b"bearer", b"Basic", b" ", b"  ", b"\t", b",", b"=", b"abc", b"~+/", b"-._", b"\"", b"\xE9"];

#[test]
fn every_small_authorization_header() {
    let counts = count(&OF_HEADERS, if IS_FULL { 6 } else { 4 }, "", credentials);
    check(
        &counts,
        &[
            ("bad token", 464),
            ("no scheme", 27_381),
            ("no token", 30),
            ("other scheme", 2_826),
            ("token", 240),
        ],
        &[
            ("bad token", 112_792),
            ("no scheme", 4_711_603),
            ("no token", 126),
            ("other scheme", 393_674),
            ("token", 10_848),
        ],
    );
}

/// Most of those above have no scheme.
#[test]
fn every_small_text_behind_the_scheme() {
    let counts = count(&OF_HEADERS, if IS_FULL { 6 } else { 4 }, "BEARER ", credentials);
    check(
        &counts,
        &[("bad token", 28_198), ("no token", 31), ("token", 2_712)],
        &[("bad token", 5_128_512), ("no token", 127), ("token", 100_404)],
    );
}

/// What the parts of a query can be made of.
const OF_QUERIES: [&[u8]; 14] = [
    b"&",
    b"=",
    b"%",
    b"+",
    b"%20",
    b"%FF",
    b"#",
    "é".as_bytes(),
    b"client_id=",
    b"client%5Fid=",
    b"state=",
    b"scope",
    b"foo=",
    b"abc",
];

/// Reads a query both ways; returns a word for its flaw.
fn query(limits: Limits) -> impl Fn(&[u8]) -> String + Sync {
    move |input| {
        let input = str::from_utf8(input).unwrap_or_default();
        let (ours, theirs) = (RequestQuery::read(input, &limits), Request::read(input, &limits));
        assert_eq!(Request::of(&ours), theirs, "{input:?} with {limits:?}");
        let word = match ours.flaw().map(|flaw| flaw.kind) {
            None => "sound",
            Some(FlawKind::TooLong) => "too long",
            Some(FlawKind::TooManyParameters) => "too many",
            Some(FlawKind::Duplicate) => "duplicate",
            Some(FlawKind::Malformed(Fault::Escape)) => "escape",
            Some(FlawKind::Malformed(Fault::Hash)) => "hash",
            Some(FlawKind::Malformed(Fault::NonAscii)) => "not ASCII",
            Some(FlawKind::Malformed(Fault::NotUtf8)) => "not UTF-8",
            Some(_) => "other",
        };
        word.into()
    }
}

#[test]
fn every_small_query() {
    let counts = count(&OF_QUERIES, if IS_FULL { 5 } else { 3 }, "", query(Limits::DEFAULT));
    check(
        &counts,
        &[("escape", 466), ("hash", 492), ("not ASCII", 492), ("not UTF-8", 394), ("sound", 1_111)],
        &[
            ("duplicate", 486),
            ("escape", 121_181),
            ("hash", 129_413),
            ("not ASCII", 129_413),
            ("not UTF-8", 88_077),
            ("sound", 110_625),
        ],
    );
}

#[test]
fn every_small_query_behind_a_good_one() {
    let good = "client_id=c&foo=1&state=s";
    let counts = count(&OF_QUERIES, if IS_FULL { 5 } else { 3 }, good, query(Limits::DEFAULT));
    check(
        &counts,
        &[
            ("duplicate", 36),
            ("escape", 471),
            ("hash", 497),
            ("not ASCII", 497),
            ("not UTF-8", 379),
            ("sound", 1_075),
        ],
        &[
            ("duplicate", 11_556),
            ("escape", 124_921),
            ("hash", 133_328),
            ("not ASCII", 133_328),
            ("not UTF-8", 76_507),
            ("sound", 99_555),
        ],
    );
}

#[test]
fn every_small_query_under_small_limits() {
    let limits = Limits { max_len: 14, max_parameters: 1 };
    let counts = count(&OF_QUERIES, if IS_FULL { 5 } else { 3 }, "", query(limits));
    check(
        &counts,
        &[
            ("escape", 378),
            ("hash", 402),
            ("not ASCII", 363),
            ("not UTF-8", 267),
            ("sound", 611),
            ("too long", 789),
            ("too many", 145),
        ],
        &[
            ("escape", 38_919),
            ("hash", 42_348),
            ("not ASCII", 36_309),
            ("not UTF-8", 15_083),
            ("sound", 12_229),
            ("too long", 386_165),
            ("too many", 48_142),
        ],
    );
}

/// Whole parameters.
const OF_REQUESTS: [&[u8]; 13] = [
    b"&response_type=token",
    b"&response_type=code",
    b"&client_id=s6BhdRkqt3",
    b"&client_id=other",
    b"&redirect_uri=https%3A%2F%2Fapp.example%2Fcb",
    b"&redirect_uri=https://evil.example/",
    b"&state=xyz",
    b"&state=%00",
    b"&prompt=none",
    b"&prompt=none+login",
    b"&scope=a",
    b"&response_mode=query",
    b"&%",
];

/// What the server answers to a request, which the reference answers alike.
fn answer(query: &[u8]) -> String {
    flow::authorization_request(str::from_utf8(query).unwrap_or_default())
}

#[test]
fn every_small_request() {
    let counts = count(&OF_REQUESTS, if IS_FULL { 5 } else { 3 }, "", answer);
    check(
        &counts,
        &[
            ("invalid_request", 260),
            ("invalid_scope", 6),
            ("page", 2_062),
            ("received", 20),
            ("unsupported_response_type", 32),
        ],
        &[
            ("invalid_request", 49_469),
            ("invalid_scope", 438),
            ("page", 350_643),
            ("received", 212),
            ("unsupported_response_type", 1_472),
        ],
    );
}

#[test]
fn every_small_addition_to_a_valid_request() {
    let valid = "response_type=token&client_id=s6BhdRkqt3";
    assert_eq!(answer(valid.as_bytes()), "received");
    let counts = count(&OF_REQUESTS, if IS_FULL { 5 } else { 3 }, valid, answer);
    check(
        &counts,
        &[("invalid_request", 1_041), ("invalid_scope", 25), ("page", 1_298), ("received", 16)],
        &[("invalid_request", 102_348), ("invalid_scope", 49), ("page", 299_821), ("received", 16)],
    );
}
