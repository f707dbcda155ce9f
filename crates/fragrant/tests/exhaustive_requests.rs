//! Every small authorization request and every small `Authorization` header, read by the crate and by the reference that was
//! written for clarity. The number of inputs for each verdict is pinned, so that a change of behaviour cannot go unseen.
//!
//! As with the answers, the ordinary tests go to a smaller depth than a release build.

mod sequences;

use fragrant::testing::flow;
use fragrant::testing::reference::{credentials, request::Request};
use fragrant::wire::bearer::{self, InvalidCredentials};
use fragrant::wire::form::Fault;
use fragrant::wire::{FlawKind, Limits, RequestQuery};

use sequences::{IS_FULL, check, count};

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
    let counts = count(&OF_HEADERS, if IS_FULL { 6 } else { 4 }, b"", credentials);
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
    let counts = count(&OF_HEADERS, if IS_FULL { 6 } else { 4 }, b"BEARER ", credentials);
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
    let counts = count(&OF_QUERIES, if IS_FULL { 5 } else { 3 }, b"", query(Limits::DEFAULT));
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
    let counts = count(&OF_QUERIES, if IS_FULL { 5 } else { 3 }, good.as_bytes(), query(Limits::DEFAULT));
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
    let counts = count(&OF_QUERIES, if IS_FULL { 5 } else { 3 }, b"", query(limits));
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
    let counts = count(&OF_REQUESTS, if IS_FULL { 5 } else { 3 }, b"", answer);
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
    let counts = count(&OF_REQUESTS, if IS_FULL { 5 } else { 3 }, valid.as_bytes(), answer);
    check(
        &counts,
        &[("invalid_request", 1_041), ("invalid_scope", 25), ("page", 1_298), ("received", 16)],
        &[("invalid_request", 102_348), ("invalid_scope", 49), ("page", 299_821), ("received", 16)],
    );
}
