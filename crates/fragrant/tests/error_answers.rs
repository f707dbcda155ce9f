//! What an error answer may hold: each character of Unicode's first planes is tried in each of its texts.

use fragrant::message::{ErrorDescription, ErrorUri};
use fragrant::value::ErrorCode;

/// Every character up to U+FFFF, which holds all of ASCII, the other controls, and what looks like ASCII.
fn characters() -> impl Iterator<Item = char> {
    (0..=0xFFFF).filter_map(char::from_u32)
}

/// `%x20-21 / %x23-5B / %x5D-7E`, as RFC 6749 section 4.2.2.1 writes it.
fn is_nqschar(char: char) -> bool {
    matches!(char, '\x20'..='\x21' | '\x23'..='\x5B' | '\x5D'..='\x7E')
}

/// `%x21 / %x23-5B / %x5D-7E`, as RFC 6749 section 4.2.2.1 writes it.
fn is_nqchar(char: char) -> bool {
    is_nqschar(char) && char != ' '
}

#[test]
// req(test): RFC6749-4.2.2.1-4, RFC6749-A.7-1, RFC6749-A.8-1
fn a_code_and_its_description_stay_within_their_characters() {
    for char in characters() {
        let text = format!("a{char}b");
        assert_eq!(ErrorCode::new(&*text).is_ok(), is_nqschar(char), "{char:?}");
        assert_eq!(ErrorDescription::new(&*text).is_ok(), is_nqschar(char), "{char:?}");
    }
    assert!(ErrorCode::new("").is_err());
    assert!(ErrorDescription::new("").is_err());
}

#[test]
// req(test): RFC6749-4.2.2.1-5, RFC6749-A.9-1
fn an_error_uri_is_a_uri_reference_within_its_characters() {
    for char in characters() {
        let text = format!("https://as.example/help?{char}x");
        if ErrorUri::new(&*text).is_ok() {
            assert!(is_nqchar(char), "{char:?}");
        }
    }
    for good in
        ["https://as.example/help#a", "/help?error=access_denied", "help", "//as.example/", "urn:x:y", "%7B"]
    {
        assert_eq!(ErrorUri::new(good).unwrap().as_str(), good);
    }
    // What RFC 3986 has no place for, though the set of characters does.
    for bad in ["", "<a>", "a b", "{a}", "a|b", "a^b", "`", "%", "%2", "%zz", "\"", "a\\b"] {
        assert!(ErrorUri::new(bad).is_err(), "{bad}");
    }
}
