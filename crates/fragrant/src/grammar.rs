//! Byte classes and small tests for the grammars of RFC 6749 appendix A and RFC 6750, each under its ABNF name.
//!
//! Every text that these rules describe is ASCII, so a class is a 128-bit set: sixteen bytes of data, one shift a test.

use crate::target::IS_SMALL;
use crate::text::{pieces, without_end};

/// A set of ASCII characters: one bit for each, 64 to a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ByteClass([u64; 2]);

impl ByteClass {
    /// Every byte from `first` to `last`, both included.
    const fn range(first: u8, last: u8) -> Self {
        let mut words = [0; 2];
        let mut byte = first;
        while byte <= last {
            words[byte as usize / 64] |= 1 << (byte % 64);
            byte += 1;
        }
        Self(words)
    }

    /// The bytes of `text`.
    const fn of(text: &str) -> Self {
        let text = text.as_bytes();
        let mut class = Self([0; 2]);
        let mut at = 0;
        while at < text.len() {
            class = class.or(Self::range(text[at], text[at]));
            at += 1;
        }
        class
    }

    const fn or(self, other: Self) -> Self {
        Self([self.0[0] | other.0[0], self.0[1] | other.0[1]])
    }

    const fn except(self, other: Self) -> Self {
        Self([self.0[0] & !other.0[0], self.0[1] & !other.0[1]])
    }

    /// Whether `byte` is in the class. No class holds a byte above 127.
    pub const fn contains(self, byte: u8) -> bool {
        byte < 128 && self.0[byte as usize / 64] >> (byte % 64) & 1 == 1
    }

    /// The first and the last byte, if the class holds all between them.
    const fn as_range(self) -> Option<(u8, u8)> {
        let bits = (self.0[1] as u128) << 64 | self.0[0] as u128;
        if bits == 0 {
            return None;
        }
        let (first, last) = (bits.trailing_zeros(), 127 - bits.leading_zeros());
        if bits.count_ones() == last - first + 1 { Some((first as u8, last as u8)) } else { None }
    }

    /// Whether `text` is one or more bytes of the class, for texts that are known when the program is compiled.
    pub(crate) const fn holds_all_of(self, text: &[u8]) -> bool {
        let mut at = 0;
        while at < text.len() {
            if !self.contains(text[at]) {
                return false;
            }
            at += 1;
        }
        at > 0
    }

    /// Where the first byte outside the class stands.
    pub fn first_outside(self, text: &[u8]) -> Option<usize> {
        text.iter().position(|&byte| !self.contains(byte))
    }

    /// Whether `text` is one or more bytes of the class.
    pub fn is_one_or_more(self, text: &[u8]) -> bool {
        let holds_all = match self.as_range() {
            // The greatest distance from the first byte: a fold that is turned into vector code, where a search is not.
            Some((first, last)) if !IS_SMALL => {
                text.iter().fold(0, |most, byte| byte.wrapping_sub(first).max(most)) <= last - first
            }
            _ => self.first_outside(text).is_none(),
        };
        holds_all && !text.is_empty()
    }
}

/// `DIGIT = %x30-39`
pub const DIGIT: ByteClass = ByteClass::range(b'0', b'9');
/// `ALPHA = %x41-5A / %x61-7A`
pub const ALPHA: ByteClass = ByteClass::range(b'A', b'Z').or(ByteClass::range(b'a', b'z'));
/// `VSCHAR = %x20-7E` (RFC 6749 appendix A): client identifiers, states, access tokens.
pub const VSCHAR: ByteClass = ByteClass::range(0x20, 0x7E);
/// `NQSCHAR = %x20-21 / %x23-5B / %x5D-7E`: error codes and their descriptions. No `"`, no `\`.
pub const NQSCHAR: ByteClass = VSCHAR.except(ByteClass::of("\"\\"));
/// `NQCHAR = %x21 / %x23-5B / %x5D-7E`: scope tokens. As [`NQSCHAR`], without the space.
pub const NQCHAR: ByteClass = NQSCHAR.except(ByteClass::of(" "));
/// `name-char = "-" / "." / "_" / DIGIT / ALPHA`: parameter names and token type names.
pub const NAME_CHAR: ByteClass = ALPHA.or(DIGIT).or(ByteClass::of("-._"));
/// `response-char = "_" / DIGIT / ALPHA`: the names inside a response type.
pub const RESPONSE_CHAR: ByteClass = ALPHA.or(DIGIT).or(ByteClass::of("_"));
/// `unreserved` of RFC 3986 section 2.3: what an encoder never escapes.
pub const UNRESERVED: ByteClass = ALPHA.or(DIGIT).or(ByteClass::of("-._~"));
/// Every character that RFC 3986 allows anywhere in a URI, `%` included.
pub const URI_CHAR: ByteClass = UNRESERVED.or(ByteClass::of(":/?#[]@!$&'()*+,;=%"));
/// `tchar` of RFC 9110 section 5.6.2: HTTP tokens such as an authentication scheme.
pub const TCHAR: ByteClass = ALPHA.or(DIGIT).or(ByteClass::of("!#$%&'*+-.^_`|~"));
/// The characters of `b64token` (RFC 6750 section 2.1) before its closing `=` signs.
const B64_CHAR: ByteClass = ALPHA.or(DIGIT).or(ByteClass::of("-._~+/"));
/// Lower-case hexadecimal digits.
pub(crate) const LOWER_HEX: ByteClass = DIGIT.or(ByteClass::range(b'a', b'f'));

/// `b64token = 1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="` (RFC 6750 section 2.1): what an
/// `Authorization: Bearer` header can carry.
pub fn is_b64token(text: &str) -> bool {
    B64_CHAR.is_one_or_more(without_end(text, b'=').as_bytes())
}

/// `scope = scope-token *( SP scope-token )` (RFC 6749 appendix A.4): single spaces, none at either end.
pub fn is_scope(text: &str) -> bool {
    is_scope_of(text.bytes())
}

/// The same, of bytes that come one by one.
pub(crate) fn is_scope_of(bytes: impl Iterator<Item = u8>) -> bool {
    let mut is_in_name = false;
    for byte in bytes {
        if byte != b' ' && !NQCHAR.contains(byte) || byte == b' ' && !is_in_name {
            return false;
        }
        is_in_name = byte != b' ';
    }
    is_in_name
}

/// Whether every `%` in `text` begins an escape of two hexadecimal digits.
pub fn has_whole_escapes(text: &str) -> bool {
    pieces(text, b'%').skip(1).all(|rest| match rest.as_bytes() {
        [high, low, ..] => high.is_ascii_hexdigit() && low.is_ascii_hexdigit(),
        _ => false,
    })
}

/// Whether bytes that need not stand in a row are UTF-8: what `core::str::from_utf8` says of others, in little code.
pub fn is_utf8(bytes: &mut dyn Iterator<Item = u8>) -> bool {
    loop {
        match next_char(bytes) {
            Some(Some(_)) => {}
            Some(None) => return false,
            None => return true,
        }
    }
}

/// The next character of UTF-8, or `None` in the place of one if it is none.
pub(crate) fn next_char(bytes: &mut dyn Iterator<Item = u8>) -> Option<Option<char>> {
    let first = bytes.next()?;
    let (more, least) = match first {
        0x00..=0x7F => return Some(Some(char::from(first))),
        0xC2..=0xDF => (1, 0x80),
        0xE0..=0xEF => (2, 0x800),
        0xF0..=0xF4 => (3, 0x1_0000),
        _ => return Some(None),
    };
    let mut value = u32::from(first) & (0x3F >> more);
    for _ in 0..more {
        match bytes.next() {
            Some(byte @ 0x80..=0xBF) => value = value << 6 | u32::from(byte & 0x3F),
            _ => return Some(None),
        }
    }
    // What could be written in fewer bytes, the halves of surrogate pairs, and what is above all characters.
    Some(char::from_u32(value).filter(|_| value >= least))
}

/// Where the first control character of Unicode stands: one of ASCII's, or of the 32 behind those.
pub(crate) fn first_control(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    (0..bytes.len())
        .find(|at| matches!(bytes.get(*at..), Some([0..=0x1F | 0x7F, ..] | [0xC2, 0x80..=0x9F, ..])))
}

/// The number that digits stand for, and nothing but digits: no sign.
pub(crate) fn number(digits: &str, radix: u32) -> Option<u64> {
    let add = |number: u64, byte| {
        let digit = char::from(byte).to_digit(radix)?;
        number.checked_mul(radix.into())?.checked_add(digit.into())
    };
    if digits.is_empty() { None } else { digits.bytes().try_fold(0, add) }
}

/// The byte that the escape at `at` stands for, if it is whole.
pub(crate) fn escape_at(text: &[u8], at: usize) -> Option<u8> {
    let digit = |at: usize| char::from(*text.get(at)?).to_digit(16);
    u8::try_from(digit(at + 1)? << 4 | digit(at + 2)?).ok()
}

/// The bytes of a text whose escapes stand for theirs; a broken escape stands for itself.
pub(crate) fn unescaped(text: &str) -> impl Iterator<Item = u8> {
    let (text, mut at) = (text.as_bytes(), 0);
    core::iter::from_fn(move || {
        let byte = *text.get(at)?;
        let escape = if byte == b'%' { escape_at(text, at) } else { None };
        at += if escape.is_some() { 3 } else { 1 };
        Some(escape.unwrap_or(byte))
    })
}

/// `URI-reference` of RFC 3986, as far as its characters go: only those that a URI may hold, escapes whole.
pub fn is_uri_reference(text: &str) -> bool {
    URI_CHAR.is_one_or_more(text.as_bytes()) && has_whole_escapes(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_what_the_standard_library_takes_for_them() {
        for char in (0..=0x3000).filter_map(char::from_u32) {
            let text = alloc::format!("\u{e9}{char}");
            assert_eq!(first_control(&text), text.find(char::is_control), "{char:?}");
        }
    }

    /// Every beginning of up to three bytes, and what can stand around the borders behind it.
    #[test]
    fn utf8_is_what_the_standard_library_takes_for_it() {
        const EDGES: [u8; 12] = [0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC2, 0xF4, 0xFF];
        let is_same = |bytes: &[u8]| {
            let expected = core::str::from_utf8(bytes).is_ok();
            assert_eq!(is_utf8(&mut bytes.iter().copied()), expected, "{bytes:x?}");
        };
        is_same(&[]);
        for (first, second) in (0..=255).flat_map(|first| (0..=255).map(move |second| (first, second))) {
            is_same(&[first]);
            is_same(&[first, second]);
            for third in EDGES {
                is_same(&[first, second, third]);
                for fourth in EDGES {
                    is_same(&[first, second, third, fourth]);
                    is_same(&[b'a', first, second, third, fourth]);
                }
            }
        }
    }

    #[test]
    fn classes_hold_exactly_what_the_rfc_lists() {
        for byte in 0..=255u8 {
            let printable = (0x20..=0x7E).contains(&byte);
            assert_eq!(VSCHAR.contains(byte), printable, "{byte:#x}");
            assert_eq!(NQSCHAR.contains(byte), printable && byte != 0x22 && byte != 0x5C, "{byte:#x}");
            assert_eq!(
                NQCHAR.contains(byte),
                printable && byte != 0x20 && byte != 0x22 && byte != 0x5C,
                "{byte:#x}"
            );
            assert_eq!(
                UNRESERVED.contains(byte),
                byte.is_ascii_alphanumeric() || b"-._~".contains(&byte),
                "{byte:#x}"
            );
        }
    }

    #[test]
    fn ranges_and_other_classes_are_searched_alike() {
        for class in [VSCHAR, NQSCHAR, DIGIT, ALPHA, LOWER_HEX] {
            assert_eq!(class.as_range().is_some(), class == VSCHAR || class == DIGIT);
            for byte in 0..=255u8 {
                for text in [[byte, b'0'], [b'0', byte]] {
                    let expected = text.iter().all(|byte| class.contains(*byte));
                    assert_eq!(class.is_one_or_more(&text), expected, "{text:?}");
                }
            }
            assert!(!class.is_one_or_more(b""));
        }
    }

    #[test]
    fn b64token_takes_padding_only_at_the_end() {
        assert!(is_b64token("mF_9.B5f-4.1JqM"));
        assert!(is_b64token("a+/~=="));
        for bad in ["", "=", "a=b", "a b", "a\"", "é"] {
            assert!(!is_b64token(bad), "{bad:?}");
        }
    }

    #[test]
    fn scope_wants_single_spaces() {
        assert!(is_scope("Contacts ReadCallLog"));
        for bad in ["", " a", "a ", "a  b", "a\"b", "a\\b", "a\tb"] {
            assert!(!is_scope(bad), "{bad:?}");
        }
    }

    #[test]
    fn uri_references_need_whole_escapes() {
        assert!(is_uri_reference("https://as.example/errors?id=%2F#x"));
        for bad in ["", "a b", "%", "%2", "%2x", "<a>"] {
            assert!(!is_uri_reference(bad), "{bad:?}");
        }
    }

    /// What the constants are made of, against the sets of the standard library.
    #[test]
    fn classes_are_made_as_sets_are() {
        let (some, others) = (ByteClass::range(b'0', 0x7F), ByteClass::of("/09@~"));
        for byte in 0..=255u8 {
            let (is_in_some, is_in_others) = ((b'0'..=0x7F).contains(&byte), b"/09@~".contains(&byte));
            assert_eq!(some.contains(byte), is_in_some, "{byte:#x}");
            assert_eq!(others.contains(byte), is_in_others, "{byte:#x}");
            assert_eq!(some.or(others).contains(byte), is_in_some || is_in_others, "{byte:#x}");
            assert_eq!(some.except(others).contains(byte), is_in_some && !is_in_others, "{byte:#x}");
        }
        assert_eq!(ByteClass::range(b'b', b'a'), ByteClass::of(""));
        assert_eq!(ByteClass::of("").as_range(), None);
        assert_eq!(ByteClass::of("c").as_range(), Some((b'c', b'c')));
        assert_eq!(ByteClass::of("ca").as_range(), None);
        assert_eq!(some.as_range(), Some((b'0', 0x7F)));
    }

    #[test]
    fn a_text_known_to_the_compiler_is_one_or_more_of_the_class() {
        for (text, expected) in
            [("", false), ("a", true), ("a-._9Z", true), ("a b", false), (" a", false), ("-é", false)]
        {
            assert_eq!(NAME_CHAR.holds_all_of(text.as_bytes()), expected, "{text:?}");
            assert_eq!(NAME_CHAR.is_one_or_more(text.as_bytes()), expected, "{text:?}");
        }
    }
}
