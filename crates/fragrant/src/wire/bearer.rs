//! The `Authorization` and `WWW-Authenticate` headers (RFC 6750 sections 2.1 and 3, RFC 9110 section 11).
//!
//! What a caller sends is read strictly, because it decides who is let in. What a server demands is read with patience:
//! it decides nothing, and real servers write it in every way there is.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

use thiserror::Error;

use crate::grammar::{self, TCHAR};
use crate::text::{cut, holds};

/// The name of the scheme. Case does not count when it is read (RFC 9110 section 11.1).
pub const SCHEME: &str = "Bearer";

/// Why the value of an `Authorization` header holds no token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Error)]
#[non_exhaustive]
pub enum InvalidCredentials {
    /// It does not begin with a scheme.
    #[error("Authorization: expected the scheme Bearer, one space and the token")]
    NoScheme,
    /// The scheme stands there alone.
    #[error("Authorization: expected a token after Bearer")]
    NoToken,
    /// Another scheme than `Bearer`, which RFC 6750 treats as if nothing had been sent.
    #[error("Authorization: expected the scheme Bearer, came another")]
    OtherScheme,
    /// What follows the scheme is no `b64token`.
    #[error("Authorization: expected one token of letters, digits, - . _ ~ + / and closing = signs")]
    Token,
}

/// The token in the value of an `Authorization` header: `"Bearer" 1*SP b64token` (RFC 6750 section 2.1).
///
/// ```text
/// Bearer mF_9.B5f-4.1JqM
/// ```
///
/// The value comes as bytes, since that is what a header holds.
///
/// # Errors
/// [`InvalidCredentials`] says what is wrong, never what was sent.
// req: RFC6750-2.1-2
pub fn token(authorization: &[u8]) -> Result<&str, InvalidCredentials> {
    let scheme_len = TCHAR.first_outside(authorization).unwrap_or(authorization.len());
    let (scheme, rest) = authorization.split_at(scheme_len);
    if scheme.is_empty() || !(rest.is_empty() || rest.starts_with(b" ")) {
        return Err(InvalidCredentials::NoScheme);
    }
    if !scheme.eq_ignore_ascii_case(SCHEME.as_bytes()) {
        return Err(InvalidCredentials::OtherScheme);
    }
    let token = core::str::from_utf8(rest).map_err(|_| InvalidCredentials::Token)?.trim_start_matches(' ');
    match token {
        "" => Err(InvalidCredentials::NoToken),
        _ if grammar::is_b64token(token) => Ok(token),
        _ => Err(InvalidCredentials::Token),
    }
}

/// One challenge of a `WWW-Authenticate` header, as it stands there.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Challenge<'a> {
    /// The scheme; absent where a server wrote parameters alone.
    pub scheme: Option<&'a str>,
    /// A `token68`, which some schemes have in place of parameters.
    pub token68: Option<&'a str>,
    /// The parameters in order, values without their quotes and backslashes. A name may come again.
    pub parameters: Vec<(&'a str, Cow<'a, str>)>,
    /// Whether something in it could not be read and was passed over, or a quoted text had no end.
    pub is_malformed: bool,
}

impl<'a> Challenge<'a> {
    const fn new(scheme: Option<&'a str>) -> Self {
        Self { scheme, token68: None, parameters: Vec::new(), is_malformed: false }
    }

    /// Whether it asks for a bearer token. A challenge without a scheme is taken for one: that is what the servers that
    /// forget it mean.
    // req: RFC6750-3-7
    pub fn is_bearer(&self) -> bool {
        self.scheme.is_none_or(|scheme| scheme.eq_ignore_ascii_case(SCHEME))
    }
}

/// The challenges of all `WWW-Authenticate` headers of an answer, in order. Never fails: what cannot be read is passed
/// over, and the challenge it stands in says so; before the first challenge there is none to say it. A scheme stands at the
/// start of a header or behind a comma: a bare word elsewhere is a rest of a text that lacks its quotes. Linear in the text.
///
/// ```text
/// Basic realm="a, b", Bearer realm="api", error="invalid_token"
/// ```
pub fn challenges<'a>(headers: impl IntoIterator<Item = &'a str>) -> Vec<Challenge<'a>> {
    let mut challenges = Vec::new();
    read(headers, &mut |piece| match piece {
        Piece::Scheme(name, token68) => {
            challenges.push(Challenge { token68, ..Challenge::new(Some(name)) });
        }
        Piece::Parameter(name, value, is_whole) => {
            let challenge = last(&mut challenges);
            challenge.parameters.push((name, value));
            challenge.is_malformed |= !is_whole;
        }
        Piece::Junk => last(&mut challenges).is_malformed = true,
    });
    // Junk alone is no challenge.
    if challenges.first().is_some_and(|first| first.scheme.is_none() && first.parameters.is_empty()) {
        challenges.remove(0);
    }
    challenges
}

/// Calls `told` with the error that each bearer challenge names first, if it names one: of what [`challenges`] reads, for who
/// wants to know nothing else.
#[cfg(feature = "session")]
pub(crate) fn errors<'a>(headers: impl IntoIterator<Item = &'a str>, mut told: impl FnMut(&str)) {
    // What stands before the first scheme is taken for a bearer's.
    let (mut is_bearer, mut is_first) = (true, true);
    read(headers, &mut |piece| match piece {
        Piece::Scheme(name, _) => (is_bearer, is_first) = (name.eq_ignore_ascii_case(SCHEME), true),
        Piece::Parameter(name, value, _) if is_bearer && is_first && name.eq_ignore_ascii_case("error") => {
            is_first = false;
            told(&value);
        }
        Piece::Parameter(..) | Piece::Junk => {}
    });
}

/// What is found in the headers, one after the other.
enum Piece<'a> {
    /// A challenge begins, perhaps with its `token68`.
    Scheme(&'a str, Option<&'a str>),
    /// A parameter's name and value, and whether that is whole.
    Parameter(&'a str, Cow<'a, str>, bool),
    /// Something that cannot be read.
    Junk,
}

fn read<'a>(headers: impl IntoIterator<Item = &'a str>, found: &mut dyn FnMut(Piece<'a>)) {
    // Several headers are one list (RFC 9110 section 5.3), so a parameter at the start of one belongs to the challenge
    // that the one before it ended with.
    for header in headers {
        read_header(&mut Cursor { rest: header }, found);
    }
}

fn read_header<'a>(cursor: &mut Cursor<'a>, found: &mut dyn FnMut(Piece<'a>)) {
    let mut is_start = true;
    loop {
        let separators = cursor.take_while(|byte| is_blank(byte) || byte == b',');
        let begins_element = is_start || holds(separators, b',');
        is_start = false;
        if cursor.rest.is_empty() {
            return;
        }
        let name = cursor.take_while(|byte| TCHAR.contains(byte));
        if name.is_empty() {
            cursor.take_junk();
            found(Piece::Junk);
            continue;
        }
        let has_blank = !cursor.take_while(is_blank).is_empty();
        if cursor.take_byte(b'=') {
            cursor.take_while(is_blank);
            let (value, is_whole) = cursor.take_value();
            found(Piece::Parameter(name, value, is_whole));
        } else if !begins_element {
            found(Piece::Junk);
        } else {
            let token68 = has_blank.then(|| cursor.take_token68()).flatten();
            found(Piece::Scheme(name, token68));
        }
    }
}

/// The challenge that a parameter belongs to.
fn last<'v, 'a>(challenges: &'v mut Vec<Challenge<'a>>) -> &'v mut Challenge<'a> {
    let at = challenges.len().saturating_sub(1);
    if challenges.is_empty() {
        challenges.push(Challenge::new(None));
    }
    &mut challenges[at]
}

/// Appends `name="value"`, with the backslashes that a quoted string needs.
pub(crate) fn push_parameter(out: &mut String, name: &str, value: &str) {
    out.push_str(name);
    out.push_str("=\"");
    for char in value.chars() {
        if matches!(char, '"' | '\\') {
            out.push('\\');
        }
        out.push(char);
    }
    out.push('"');
}

const fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// What is left of a header.
struct Cursor<'a> {
    rest: &'a str,
}

impl<'a> Cursor<'a> {
    /// Takes the bytes that `fits` takes. The first that it does not must be an ASCII one, or all before it.
    fn take_while(&mut self, fits: impl Fn(u8) -> bool) -> &'a str {
        let len = self.rest.bytes().position(|byte| !fits(byte)).unwrap_or(self.rest.len());
        self.take(len)
    }

    fn take(&mut self, len: usize) -> &'a str {
        let taken = cut(self.rest, 0, len);
        self.rest = cut(self.rest, len, self.rest.len());
        taken
    }

    fn take_byte(&mut self, byte: u8) -> bool {
        let is_there = self.rest.as_bytes().first() == Some(&byte);
        if is_there {
            self.take(1);
        }
        is_there
    }

    /// Takes what stands up to the next comma or blank.
    fn take_word(&mut self) -> &'a str {
        self.take_while(|byte| !is_blank(byte) && byte != b',')
    }

    /// Passes over what is no name: a quoted text as a whole, so that its commas separate nothing.
    fn take_junk(&mut self) {
        if self.take_byte(b'"') {
            self.take_quoted();
        } else {
            self.take_word();
        }
    }

    /// A value: a quoted text, or what stands up to the next comma or blank. Says whether it is whole.
    fn take_value(&mut self) -> (Cow<'a, str>, bool) {
        match self.take_byte(b'"') {
            true => self.take_quoted(),
            false => (Cow::Borrowed(self.take_word()), true),
        }
    }

    /// The rest of a quoted text whose first quote is gone.
    fn take_quoted(&mut self) -> (Cow<'a, str>, bool) {
        let mut text = String::new();
        loop {
            let Some(at) = self.rest.bytes().position(|byte| matches!(byte, b'"' | b'\\')) else {
                text.push_str(self.take(self.rest.len()));
                return (Cow::Owned(text), false);
            };
            let piece = self.take(at);
            if text.is_empty() && self.take_byte(b'"') {
                return (Cow::Borrowed(piece), true);
            }
            text.push_str(piece);
            if self.take_byte(b'"') {
                return (Cow::Owned(text), true);
            }
            // A backslash stands for the character after it, whichever that is.
            self.take(1);
            let escaped_len = self.rest.chars().next().map_or(0, char::len_utf8);
            text.push_str(self.take(escaped_len));
        }
    }

    /// A `token68`, if one stands here and nothing but a comma follows.
    fn take_token68(&mut self) -> Option<&'a str> {
        let mut ahead = Cursor { rest: self.rest };
        let word = ahead.take_word();
        ahead.take_while(is_blank);
        let is_last = ahead.rest.is_empty() || ahead.rest.starts_with(',');
        (is_last && grammar::is_b64token(word)).then(|| self.take(word.len()))
    }
}

#[cfg(test)]
mod tests {
    use alloc::format;
    use alloc::string::ToString;

    use super::*;

    #[test]
    // req(test): RFC6750-2.1-2, RFC6750-2.1-3
    fn the_token_of_an_authorization_header() {
        for (value, expected) in [
            ("Bearer mF_9.B5f-4.1JqM", Ok("mF_9.B5f-4.1JqM")),
            ("bearer a", Ok("a")),
            ("BEARER   a+/~==", Ok("a+/~==")),
            ("", Err(InvalidCredentials::NoScheme)),
            (" Bearer a", Err(InvalidCredentials::NoScheme)),
            ("Bearer\ta", Err(InvalidCredentials::NoScheme)),
            ("Bearer:a", Err(InvalidCredentials::NoScheme)),
            ("Bearer", Err(InvalidCredentials::NoToken)),
            ("Bearer  ", Err(InvalidCredentials::NoToken)),
            ("Bearera", Err(InvalidCredentials::OtherScheme)),
            ("Basic dTpw", Err(InvalidCredentials::OtherScheme)),
            ("mF_9.B5f-4.1JqM", Err(InvalidCredentials::OtherScheme)),
            ("Bearer a b", Err(InvalidCredentials::Token)),
            ("Bearer a ", Err(InvalidCredentials::Token)),
            ("Bearer a, Bearer b", Err(InvalidCredentials::Token)),
            ("Bearer =a", Err(InvalidCredentials::Token)),
            ("Bearer a\tb", Err(InvalidCredentials::Token)),
            ("Bearer \"a\"", Err(InvalidCredentials::Token)),
            ("Bearer é", Err(InvalidCredentials::Token)),
        ] {
            assert_eq!(token(value.as_bytes()), expected, "{value:?}");
        }
        assert_eq!(token(b"Bearer \xff"), Err(InvalidCredentials::Token));
        assert_eq!(token(b"\xff"), Err(InvalidCredentials::NoScheme));
    }

    #[test]
    fn what_is_wrong_is_said_without_what_was_sent() {
        for (error, text) in [
            (
                InvalidCredentials::NoScheme,
                "Authorization: expected the scheme Bearer, one space and the token",
            ),
            (InvalidCredentials::NoToken, "Authorization: expected a token after Bearer"),
            (InvalidCredentials::OtherScheme, "Authorization: expected the scheme Bearer, came another"),
            (
                InvalidCredentials::Token,
                "Authorization: expected one token of letters, digits, - . _ ~ + / and closing = signs",
            ),
        ] {
            assert_eq!(error.to_string(), text);
        }
    }

    /// The challenges in a short form: `scheme(token68)[name=value;...]!`.
    fn shape(headers: &[&str]) -> String {
        let mut shape = String::new();
        for challenge in challenges(headers.iter().copied()) {
            shape += challenge.scheme.unwrap_or("-");
            if let Some(token68) = challenge.token68 {
                shape += &format!("({token68})");
            }
            for (name, value) in &challenge.parameters {
                shape += &format!("[{name}={value}]");
            }
            shape += if challenge.is_malformed { "! " } else { " " };
        }
        shape.trim_end().to_string()
    }

    #[test]
    // req(test): RFC6750-3-7
    fn challenges_in_every_form() {
        for (headers, expected) in [
            (&[r#"Bearer realm="example""#][..], "Bearer[realm=example]"),
            (&["Bearer"], "Bearer"),
            (&[""], ""),
            (&[" , ,"], ""),
            (&[r#"bearer error="a", error_description="b, c""#], "bearer[error=a][error_description=b, c]"),
            // Several in one header, and several headers.
            (&[r#"Basic realm="a, b" , Bearer scope="c d""#], "Basic[realm=a, b] Bearer[scope=c d]"),
            (&["Negotiate abc==, Bearer, NTLM"], "Negotiate(abc==) Bearer NTLM"),
            (
                &[r#"DPoP algs="ES256 EdDSA""#, r#"Bearer realm="x""#],
                "DPoP[algs=ES256 EdDSA] Bearer[realm=x]",
            ),
            (&[r#"Bearer realm="x""#, r#"error="y""#], "Bearer[realm=x][error=y]"),
            // A server that forgets the scheme.
            (
                &[r#"error="invalid_token", error_description="x""#],
                "-[error=invalid_token][error_description=x]",
            ),
            // Escapes, blanks around the `=`, values without quotes, parameters without commas.
            (&[r#"Bearer realm="a \"b\" \\ \é""#], r#"Bearer[realm=a "b" \ é]"#),
            (&["Bearer realm =\t\"a\" , error= b"], "Bearer[realm=a][error=b]"),
            (
                &["Bearer error=invalid_token, error_uri=https://a/?b=c"],
                "Bearer[error=invalid_token][error_uri=https://a/?b=c]",
            ),
            (&[r#"Bearer realm="a" error="b""#], "Bearer[realm=a][error=b]"),
            (&[r#"Bearer realm="", error="b""#], "Bearer[realm=][error=b]"),
            (&[r#"Bearer realm="a", realm="b""#], "Bearer[realm=a][realm=b]"),
            // What cannot be read is passed over, and nothing after it is lost.
            (&[r#"Bearer realm="a, error="b"#], "Bearer[realm=a, error=]!"),
            (&[r#"Bearer realm="no end, Basic"#, "Digest"], "Bearer[realm=no end, Basic]! Digest"),
            (&[r#"Bearer realm="a\"#], "Bearer[realm=a]!"),
            (&[r#"Bearer "junk, Basic x=y", realm="a""#], "Bearer[realm=a]!"),
            (&["é(), Bearer a=b"], "Bearer[a=b]"),
            (&["=, Bearer a=b"], "Bearer[a=b]"),
            (&["= a=b, Bearer c=d"], "-[a=b]! Bearer[c=d]"),
            (&["=", "()"], ""),
            // Words that lack their quotes are no schemes.
            (
                &[r#"Bearer error_description=The access token expired, error="invalid_token""#],
                "Bearer[error_description=The][error=invalid_token]!",
            ),
            (&["Bearer a b=c, Basic"], "Bearer[b=c]! Basic"),
            (&["Bearer a b", "Basic x y=z"], "Bearer! Basic[y=z]!"),
            (&["Bearer/x a=b"], "Bearer[a=b]!"),
        ] {
            assert_eq!(shape(headers), expected, "{headers:?}");
        }
    }

    #[test]
    fn hostile_headers_cost_no_more_than_their_length() {
        // Each would take hours if a part of it were read again for each byte.
        for pattern in ["\"", "\\", "\"\\", "a ", "a a/", "=", "a=", "a=\"", ",", "é", "a/@ "] {
            let header = pattern.repeat(500_000 / pattern.len());
            challenges([header.as_str()]);
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        for value in ["", "a", "a b, c=d", "\"", "\\", "a\\\"b\\", "é", "\u{1f600}\""] {
            let mut header = String::from("Bearer ");
            push_parameter(&mut header, "realm", value);
            let read = challenges([header.as_str()]);
            assert_eq!(read.len(), 1, "{header}");
            assert_eq!(read[0].parameters, [("realm", Cow::Borrowed(value))], "{header}");
            assert!(!read[0].is_malformed, "{header}");
        }
    }
}
