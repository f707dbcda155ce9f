//! One name or value of a form: its structure, and what that says of the text it stands for.

use alloc::borrow::Cow;
use alloc::string::String;
use core::fmt;

use thiserror::Error;

use super::{blocks, escapes};
use crate::grammar::{self, NQSCHAR, URI_CHAR, VSCHAR};
use crate::target::IS_SMALL;

/// One name or value as it stands on the wire, its structure checked. It may be a secret, so `Debug` shows its length.
#[derive(Clone, Copy)]
pub struct Text<'a> {
    raw: &'a str,
    encoding: Encoding,
}

/// What the structure of a text says of its decoded bytes: a set of the constants, which are four bits. Raw bytes are not
/// spoken of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Encoding(pub(super) u8);

impl Encoding {
    /// There is something to decode: `+` or `%`.
    pub(super) const ENCODED: u8 = 1;
    /// One of them stands for something else than printable ASCII.
    pub(super) const ODD: u8 = 2;
    /// One of them may stand for something that no description and no scope holds, and must be looked at.
    pub(super) const UNQUOTABLE: u8 = 4;
    /// One of them may stand for something that no URI holds, or for a `%` whose digits must be looked for.
    pub(super) const NO_URI: u8 = 8;

    /// That of escapes of which no more is known than that they stand for printable ASCII.
    pub(super) const PRINTABLE: Self = Self(Self::ENCODED | Self::UNQUOTABLE | Self::NO_URI);

    /// That of a text which is nothing but an escape (or a `+`) that stands for `byte`.
    #[inline]
    pub(super) fn of(byte: u8) -> Self {
        if IS_SMALL {
            let odd = if matches!(byte, b' '..=b'~') { 0 } else { Self::ODD };
            return Self(Self::PRINTABLE.0 | odd);
        }
        Self(ENCODINGS[usize::from(byte)])
    }

    /// That of both texts together.
    #[inline]
    pub(super) const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    const fn has(self, flag: u8) -> bool {
        self.0 & flag != 0
    }
}

static ENCODINGS: [u8; 256] = {
    let mut encodings = [Encoding::ENCODED; 256];
    let mut at = 0;
    while at < 256 {
        let byte = at as u8;
        if !VSCHAR.contains(byte) {
            encodings[at] |= Encoding::ODD;
        }
        if !NQSCHAR.contains(byte) {
            encodings[at] |= Encoding::UNQUOTABLE;
        }
        if !URI_CHAR.contains(byte) || byte == b'%' {
            encodings[at] |= Encoding::NO_URI;
        }
        at += 1;
    }
    encodings
};

impl<'a> Text<'a> {
    /// Checks one name or value: visible ASCII without `#`, whole escapes, which decode to UTF-8.
    ///
    /// # Errors
    /// [`Malformed`] says what the first fault is and where, from the start of `raw`.
    pub fn check(raw: &'a str) -> Result<Self, Malformed> {
        let bytes = raw.as_bytes();
        let mut encoding = Encoding::default();
        let mut has_high_escape = false;
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            match byte {
                b'%' => {
                    let value = escapes::value_at(bytes, at).ok_or(Malformed { at, fault: Fault::Escape })?;
                    encoding = encoding.and(Encoding::of(value));
                    has_high_escape |= value >= 0x80;
                    at += 3;
                    continue;
                }
                b'+' => encoding = encoding.and(Encoding::of(b' ')),
                _ => {
                    if let Some(fault) = Fault::of_raw(byte) {
                        return Err(Malformed { at, fault });
                    }
                }
            }
            at += 1;
        }
        let text = Self { raw, encoding };
        // Raw bytes are ASCII by now, so only escapes can make it anything but UTF-8.
        // req: RFC6749-B-2
        if has_high_escape && !grammar::is_utf8(&mut text.bytes()) {
            return Err(Malformed { at: 0, fault: Fault::NotUtf8 });
        }
        Ok(text)
    }

    /// A text that has been checked before.
    pub(super) const fn sound(raw: &'a str, encoding: Encoding) -> Self {
        Self { raw, encoding }
    }

    /// What its structure says of its decoded bytes.
    pub(super) const fn encoding(self) -> Encoding {
        self.encoding
    }

    /// The text as it stands, still encoded.
    pub const fn raw(self) -> &'a str {
        self.raw
    }

    /// Whether decoding changes it: it holds `+` or `%`.
    pub const fn is_encoded(self) -> bool {
        self.encoding.has(Encoding::ENCODED)
    }

    /// Whether the text, decoded, is `other`.
    pub fn is(self, other: &str) -> bool {
        // Of a text without escapes that is the same.
        if IS_SMALL || self.is_encoded() { self.bytes().eq(other.bytes()) } else { self.raw == other }
    }

    /// Whether the text, decoded, is printable ASCII alone (`*VSCHAR`).
    pub const fn is_printable(self) -> bool {
        // A raw byte that is anything else would have been malformed.
        !self.encoding.has(Encoding::ODD)
    }

    /// Whether it is empty, which an encoded text never is.
    pub const fn is_empty(self) -> bool {
        self.raw.is_empty()
    }

    /// The bytes of the text, decoded one by one.
    pub fn bytes(self) -> impl Iterator<Item = u8> + use<'a> {
        escapes::bytes(self.raw.as_bytes())
    }

    /// Whether the text, decoded, is `1*NQSCHAR`.
    pub(crate) fn is_description(self) -> bool {
        !self.is_empty() && self.is_quotable()
    }

    /// Whether the text, decoded, is `*NQSCHAR`.
    #[inline]
    fn is_quotable(self) -> bool {
        if self.encoding.has(Encoding::UNQUOTABLE) {
            return self.bytes().all(|byte| NQSCHAR.contains(byte));
        }
        !holds(self.raw, |byte| (byte == b'"') | (byte == b'\\'))
    }

    /// Whether the text, decoded, is a scope: names of `NQCHAR` with single spaces between them.
    pub(crate) fn is_scope(self) -> bool {
        if IS_SMALL {
            return grammar::is_scope_of(self.bytes());
        }
        if !self.is_encoded() {
            return self.is_description();
        }
        let raw = self.raw.as_bytes();
        let mut name_start = 0;
        for (index, block) in raw.chunks(blocks::LEN).enumerate() {
            // All that matters here would be escaped: `+`, whatever begins an escape, and what no scope holds.
            let mut marks = blocks::to_escape(block);
            while marks != 0 {
                let at = blocks::LEN * index + marks.trailing_zeros() as usize;
                marks &= marks - 1;
                let space_len = match raw.get(at..) {
                    Some([b'+', ..]) => 1,
                    Some([b'%', b'2', b'0', ..]) => 3,
                    Some([b'"' | b'\\', ..]) => return false,
                    _ => continue,
                };
                if at == name_start {
                    return false;
                }
                name_start = at + space_len;
            }
        }
        name_start < raw.len() && (!self.encoding.has(Encoding::UNQUOTABLE) || self.is_quotable())
    }

    /// Whether the text, decoded, is a `URI-reference`, as [`grammar::is_uri_reference`] says it.
    pub(crate) fn is_uri_reference(self) -> bool {
        if self.encoding.has(Encoding::NO_URI) {
            return grammar::is_uri_reference(&self.decode());
        }
        // What is visible and in no URI. `<` and `>`, `\\` and `^` differ in one bit; the space is not visible.
        let is_foreign = |byte| {
            matches!(byte | 2, b'"' | b'>' | b'^') | (byte == b'`') | matches!(byte, b'{' | b'|' | b'}')
        };
        !self.is_empty() && !holds(self.raw, is_foreign)
    }

    /// The text itself: borrowed when nothing needs decoding.
    pub fn decode(self) -> Cow<'a, str> {
        if !self.is_encoded() {
            return Cow::Borrowed(self.raw);
        }
        // `check` has seen that the bytes are UTF-8, so nothing is ever replaced here.
        if IS_SMALL {
            let (mut bytes, mut text) = (self.bytes(), String::with_capacity(self.raw.len()));
            while let Some(char) = grammar::next_char(&mut bytes) {
                text.push(char.unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            return Cow::Owned(text);
        }
        match String::from_utf8(escapes::decode(self.raw.as_bytes())) {
            Ok(text) => Cow::Owned(text),
            Err(error) => Cow::Owned(String::from_utf8_lossy(error.as_bytes()).into_owned()),
        }
    }
}

/// The same text is the same, however much is known of it.
impl PartialEq for Text<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.raw == other.raw
    }
}

impl Eq for Text<'_> {}

impl fmt::Debug for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Text({} bytes)", self.raw.len())
    }
}

/// Whether `text` holds a byte that `is` one of some.
#[inline]
fn holds(text: &str, is: impl Fn(u8) -> bool) -> bool {
    // A fold over all bytes of a block is turned into vector code, where a search is not.
    let is_in = |block: &[u8; 16]| block.iter().fold(0, |is_in, byte| is_in | u8::from(is(*byte))) > 0;
    let text = text.as_bytes();
    match text.last_chunk() {
        // Some bytes are looked at twice.
        Some(last) => is_in(last) || text.as_chunks().0.iter().any(is_in),
        None => text.iter().any(|byte| is(*byte)),
    }
}

/// A fault in the structure of a name or value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("{fault}")]
pub struct Malformed {
    /// The offset of the fault from the start of the text.
    pub at: usize,
    /// What is wrong there.
    pub fault: Fault,
}

/// What can be wrong with the structure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Error)]
#[non_exhaustive]
pub enum Fault {
    /// A control character, which a URI never holds.
    #[error("a raw control character; a URI holds none")]
    Control,
    /// A `%` without two hexadecimal digits.
    #[error("a `%` without two hexadecimal digits after it")]
    Escape,
    /// A second `#`, which ends nothing and begins nothing.
    #[error("a raw `#`; inside a fragment it is written %23")]
    Hash,
    /// A byte above 127.
    #[error("a raw non-ASCII character; it is written as %XX escapes of its UTF-8 bytes")]
    NonAscii,
    /// Escapes that decode to something that is not UTF-8.
    #[error("escapes that do not decode to UTF-8")]
    NotUtf8,
    /// A raw space.
    #[error("a raw space; it is written %20 or +")]
    Space,
}

impl Fault {
    /// What is wrong with a byte that stands in a fragment or a query as it is. Of escapes it says nothing.
    pub(super) const fn of_raw(byte: u8) -> Option<Self> {
        match byte {
            b'#' => Some(Self::Hash),
            0x21..=0x7E => None,
            b' ' => Some(Self::Space),
            0x80.. => Some(Self::NonAscii),
            _ => Some(Self::Control),
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;
    use alloc::vec;
    use alloc::vec::Vec;

    use super::*;

    #[test]
    fn decoding_at_once_does_what_decoding_byte_by_byte_does() {
        let tokens =
            ["", "a", "%41", "%6e%7A", "+", "abcdefgh", "%e2%82%ac%20%0a", "~!\"$&", "+%2B", "%2525"];
        let mut texts = vec![String::new()];
        for _ in 0..4 {
            texts = texts.iter().flat_map(|text| tokens.map(|token| text.clone() + token)).collect();
        }
        // Every length and place of a run, too.
        texts.extend(
            (0..200)
                .chain([1_000, 1_030, 3_000])
                .map(|len| "a".repeat(len % 13) + &"%5A".repeat(len) + &"b".repeat(len % 7)),
        );
        for text in texts {
            let checked = Text::check(&text).unwrap();
            let plain: Vec<u8> = checked.bytes().collect();
            assert_eq!(checked.decode().as_bytes(), plain, "{text}");
            assert_eq!(checked.is_scope(), grammar::is_scope(&checked.decode()), "{text}");
            let is_description = grammar::NQSCHAR.is_one_or_more(checked.decode().as_bytes());
            assert_eq!(checked.is_description(), is_description, "{text}");
            assert_eq!(checked.is_uri_reference(), grammar::is_uri_reference(&checked.decode()), "{text}");
        }
    }

    /// A scope of every length, with its spaces at every two places: blocks meet at some of them.
    #[test]
    fn spaces_of_a_scope_are_seen_in_every_block() {
        for len in [1, 2, 62, 63, 64, 65, 66, 67, 68, 130] {
            for (one, other) in (0..len).flat_map(|one| (one..len).map(move |other| (one, other))) {
                for space in ["+", "%20"] {
                    let byte = |at| if at == one || at == other { space } else { "%61" };
                    let text: String = (0..len).map(byte).collect();
                    for text in [text.replace("%61", ":"), text] {
                        let checked = Text::check(&text).unwrap();
                        assert_eq!(checked.is_scope(), grammar::is_scope(&checked.decode()), "{text}");
                    }
                }
            }
        }
    }

    #[test]
    fn grammars_are_told_alike_encoded_or_not() {
        for byte in 0..128u8 {
            for form in ["%XX", "a%XX", "%XXa", "a%XXb", "a%XXb%20c+d", "a%20%XX", "%XX+a", "a+%XXb"] {
                let text = form.replace("%XX", &alloc::format!("%{byte:02x}"));
                let raw = form.replace("%XX", &char::from(byte).to_string());
                for text in [text.to_uppercase().replace('A', "a"), text, raw] {
                    let Ok(checked) = Text::check(&text) else { continue };
                    let decoded = checked.decode();
                    assert_eq!(checked.is_scope(), grammar::is_scope(&decoded), "{text}");
                    let is_description = grammar::NQSCHAR.is_one_or_more(decoded.as_bytes());
                    assert_eq!(checked.is_description(), is_description, "{text}");
                    let is_uri_reference = grammar::is_uri_reference(&decoded);
                    assert_eq!(checked.is_uri_reference(), is_uri_reference, "{text}");
                    assert_eq!(
                        checked.is_printable(),
                        VSCHAR.first_outside(decoded.as_bytes()).is_none(),
                        "{text}"
                    );
                }
            }
        }
    }

    #[test]
    fn each_fault() {
        for (value, at, fault) in [
            ("a\u{1}", 1, Fault::Control),
            ("a\u{7f}", 1, Fault::Control),
            ("a\n", 1, Fault::Control),
            ("a b", 1, Fault::Space),
            ("é", 0, Fault::NonAscii),
            ("a#b", 1, Fault::Hash),
            ("%", 0, Fault::Escape),
            ("a%2", 1, Fault::Escape),
            ("%zz", 0, Fault::Escape),
            ("%+1", 0, Fault::Escape),
            ("%2é", 0, Fault::Escape),
            ("%FF", 0, Fault::NotUtf8),
            ("%C3%28", 0, Fault::NotUtf8),
            ("%C0%80", 0, Fault::NotUtf8),
            ("%ED%A0%80", 0, Fault::NotUtf8),
        ] {
            assert_eq!(Text::check(value), Err(Malformed { at, fault }), "{value:?}");
        }
        assert_eq!(Text::check("%00%7f").unwrap().decode(), "\u{0}\u{7f}");
    }

    #[test]
    fn what_needs_no_decoding_is_borrowed_and_texts_are_what_they_say() {
        let text = |raw| Text::check(raw).unwrap();
        assert!(matches!(text("plain").decode(), Cow::Borrowed("plain")));
        assert!(matches!(text("pl%61in").decode(), Cow::Owned(decoded) if decoded == "plain"));
        assert!(text("a") != text("b"));
    }
}
