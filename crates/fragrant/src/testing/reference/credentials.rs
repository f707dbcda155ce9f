//! The reading of `Authorization` a second time, written for clarity alone: `"Bearer" 1*SP b64token` (RFC 6750 section 2.1).

use alloc::string::{String, ToString};

use crate::wire::bearer::InvalidCredentials;

/// The token of a header, or what is wrong with the header.
///
/// # Errors
/// The first that fits: no scheme, another one, nothing behind it, no token.
pub fn token(header: &[u8]) -> Result<String, InvalidCredentials> {
    // A byte is a letter here, so that what is not ASCII is a letter of no grammar.
    let header: String = header.iter().copied().map(char::from).collect();
    let (scheme, token) = header.split_once(' ').unwrap_or((&header, ""));
    let token = token.trim_start_matches(' ');
    let body = token.trim_end_matches('=');
    if scheme.is_empty() || !scheme.chars().all(|letter| holds("!#$%&'*+-.^_`|~", letter)) {
        Err(InvalidCredentials::NoScheme)
    } else if !scheme.eq_ignore_ascii_case("bearer") {
        Err(InvalidCredentials::OtherScheme)
    } else if token.is_empty() {
        Err(InvalidCredentials::NoToken)
    } else if body.is_empty() || !body.chars().all(|letter| holds("-._~+/", letter)) {
        Err(InvalidCredentials::Token)
    } else {
        Ok(token.to_string())
    }
}

/// Letters and digits, and some marks besides.
fn holds(marks: &str, letter: char) -> bool {
    letter.is_ascii_alphanumeric() || marks.contains(letter)
}
