//! The 35 cases that browsers share for `application/x-www-form-urlencoded` (web platform tests,
//! `url/resources/urlencoded-parser-data.json`).
//!
//! A browser never refuses: it replaces what does not decode and keeps a `%` that escapes nothing. We read the same pairs
//! where the text is sound and refuse it where it is not, since no authorization server writes such a text (RFC 6749
//! appendix B, RFC 3986 section 2).

use fragrant::client::Reason;
use fragrant::client::rules::Verdict;
use fragrant::testing::Question;
use fragrant::wire::form::{self, Fault};

/// What a browser reads, and what the first pair that we refuse is refused for.
type Case = (&'static str, &'static [(&'static str, &'static str)], Option<Fault>);

const CASES: [Case; 35] = [
    ("test", &[("test", "")], None),
    // A byte order mark is a character like any other, but no raw one is.
    ("\u{FEFF}test=\u{FEFF}", &[("\u{FEFF}test", "\u{FEFF}")], Some(Fault::NonAscii)),
    ("%EF%BB%BFtest=%EF%BB%BF", &[("\u{FEFF}test", "\u{FEFF}")], None),
    ("%EF%BF%BF=%EF%BF%BF", &[("\u{FFFF}", "\u{FFFF}")], None),
    ("%FE%FF", &[("\u{FFFD}\u{FFFD}", "")], Some(Fault::NotUtf8)),
    ("%FF%FE", &[("\u{FFFD}\u{FFFD}", "")], Some(Fault::NotUtf8)),
    ("†&†=x", &[("†", ""), ("†", "x")], Some(Fault::NonAscii)),
    ("%C2", &[("\u{FFFD}", "")], Some(Fault::NotUtf8)),
    ("%C2x", &[("\u{FFFD}x", "")], Some(Fault::NotUtf8)),
    (
        "_charset_=windows-1252&test=%C2x",
        &[("_charset_", "windows-1252"), ("test", "\u{FFFD}x")],
        Some(Fault::NotUtf8),
    ),
    ("", &[], None),
    ("a", &[("a", "")], None),
    ("a=b", &[("a", "b")], None),
    ("a=", &[("a", "")], None),
    ("=b", &[("", "b")], None),
    ("&", &[], None),
    ("&a", &[("a", "")], None),
    ("a&", &[("a", "")], None),
    ("a&a", &[("a", ""), ("a", "")], None),
    ("a&b&c", &[("a", ""), ("b", ""), ("c", "")], None),
    ("a=b&c=d", &[("a", "b"), ("c", "d")], None),
    ("a=b&c=d&", &[("a", "b"), ("c", "d")], None),
    ("&&&a=b&&&&c=d&", &[("a", "b"), ("c", "d")], None),
    ("a=a&a=b&a=c", &[("a", "a"), ("a", "b"), ("a", "c")], None),
    ("a==a", &[("a", "=a")], None),
    ("a=a+b+c+d", &[("a", "a b c d")], None),
    ("%=a", &[("%", "a")], Some(Fault::Escape)),
    ("%a=a", &[("%a", "a")], Some(Fault::Escape)),
    ("%a_=a", &[("%a_", "a")], Some(Fault::Escape)),
    ("%61=a", &[("a", "a")], None),
    ("%61+%4d%4D=", &[("a MM", "")], None),
    ("id=0&value=%", &[("id", "0"), ("value", "%")], Some(Fault::Escape)),
    ("b=%2sf%2a", &[("b", "%2sf*")], Some(Fault::Escape)),
    ("b=%2%2af%2a", &[("b", "%2*f*")], Some(Fault::Escape)),
    ("b=%%2a", &[("b", "%*")], Some(Fault::Escape)),
];

#[test]
fn the_table_says_what_a_browser_reads() {
    for (input, browser, _) in CASES {
        let read: Vec<_> = form_urlencoded::parse(input.as_bytes()).collect();
        assert!(
            read.iter().map(|(name, value)| (&**name, &**value)).eq(browser.iter().copied()),
            "{input:?}"
        );
    }
}

#[test]
// req(test): RFC6749-B-1
fn sound_text_is_read_as_by_a_browser_and_the_rest_is_refused() {
    for (input, browser, fault) in CASES {
        let pairs: Vec<_> = form::pairs(input, 0).collect();
        assert_eq!(pairs.len(), browser.len(), "{input:?}");
        let first_fault = pairs.iter().find_map(|pair| pair.as_ref().err()).map(|bad| bad.fault);
        assert_eq!(first_fault, fault, "{input:?}");
        for (pair, expected) in pairs.iter().zip(browser) {
            if let Ok(pair) = pair {
                assert_eq!((&*pair.name.decode(), &*pair.value.decode()), *expected, "{input:?}");
            }
        }
    }
}

/// The same beside an answer: a refused pair spoils the whole answer; a sound one that nobody has asked for changes nothing,
/// even if it is there twice.
#[test]
fn a_case_in_an_answer_is_judged_by_its_soundness() {
    let question = Question::new().with_state("xyz");
    for (input, _, fault) in CASES {
        match (question.judge(&format!("#access_token=t&token_type=bearer&state=xyz&{input}")), fault) {
            (Verdict::TokenGranted(_), None) => {}
            (Verdict::ResponseRejected(rejection), Some(fault)) => {
                assert_eq!(
                    (rejection.reason, rejection.fault),
                    (Reason::Malformed, Some(fault)),
                    "{input:?}"
                );
            }
            (other, _) => panic!("{other:?} of {input:?}"),
        }
    }
}
