//! `application/x-www-form-urlencoded`, strictly (RFC 6749 appendix B).
//!
//! The text is split first and decoded afterwards, once: `%26` inside a value never separates anything. Both `+` and `%20`
//! are spaces, because real servers write both; an encoder writes `%20`, because every decoder reads it.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::fmt;

use thiserror::Error;

use crate::grammar::{self, VSCHAR};

/// One name or value as it stands on the wire, its structure checked. It may be a secret, so `Debug` shows its length.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Text<'a> {
    raw: &'a str,
    encoding: Encoding,
}

/// What the structure of a text says of its decoded bytes: a set of the constants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Encoding(pub(super) u8);

impl Encoding {
    /// There is something to decode: `+` or `%`.
    pub(super) const ENCODED: u8 = 1;
    /// An escape stands for something else than printable ASCII.
    pub(super) const ODD: u8 = 2;
}

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
                    let value = escape_at(bytes, at).ok_or(Malformed { at, fault: Fault::Escape })?;
                    encoding.0 |= Encoding::ENCODED;
                    if !VSCHAR.contains(value) {
                        encoding.0 |= Encoding::ODD;
                    }
                    has_high_escape |= value >= 0x80;
                    at += 3;
                    continue;
                }
                b'+' => encoding.0 |= Encoding::ENCODED,
                b'#' => return Err(Malformed { at, fault: Fault::Hash }),
                0x21..=0x7E => {}
                b' ' => return Err(Malformed { at, fault: Fault::Space }),
                0x80.. => return Err(Malformed { at, fault: Fault::NonAscii }),
                _ => return Err(Malformed { at, fault: Fault::Control }),
            }
            at += 1;
        }
        let text = Self { raw, encoding };
        // Raw bytes are ASCII by now, so only escapes can make it anything but UTF-8.
        if has_high_escape && core::str::from_utf8(&text.decoded_bytes()).is_err() {
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
        self.encoding.0 & Encoding::ENCODED != 0
    }

    /// Whether the text, decoded, is printable ASCII alone (`*VSCHAR`).
    pub const fn is_printable(self) -> bool {
        // A raw byte that is anything else would have been malformed.
        self.encoding.0 & Encoding::ODD == 0
    }

    /// Whether it is empty, which an encoded text never is.
    pub const fn is_empty(self) -> bool {
        self.raw.is_empty()
    }

    /// The bytes of the text, decoded one by one.
    pub fn bytes(self) -> impl Iterator<Item = u8> + use<'a> {
        let bytes = self.raw.as_bytes();
        let mut at = 0;
        core::iter::from_fn(move || {
            let byte = *bytes.get(at)?;
            let (value, width) = match byte {
                b'+' => (b' ', 1),
                b'%' => escape_at(bytes, at).map_or((byte, 1), |value| (value, 3)),
                _ => (byte, 1),
            };
            at += width;
            Some(value)
        })
    }

    /// Whether the text, decoded, is `1*NQSCHAR`.
    pub(crate) fn is_description(self) -> bool {
        self.is_printable() && !self.is_empty() && self.is_unquoted(|_, _| true)
    }

    /// Whether the text, decoded, is a scope: names of `NQCHAR` with single spaces between them.
    pub(crate) fn is_scope(self) -> bool {
        let mut name_start = 0;
        let is_single = |at, len| {
            let has_name = at > name_start;
            name_start = at + len;
            has_name
        };
        self.is_printable() && self.is_unquoted(is_single) && name_start < self.raw.len()
    }

    /// Whether the text, decoded, holds no `"` and no `\`, and `takes_space` takes each space, of which it is told the
    /// place and the length.
    #[inline]
    fn is_unquoted(self, mut takes_space: impl FnMut(usize, usize) -> bool) -> bool {
        let raw = self.raw.as_bytes();
        let mut at = 0;
        loop {
            at += len_before(raw.get(at..).unwrap_or_default(), b"%+\"\\");
            let (byte, len) = match raw.get(at) {
                None => return true,
                Some(b'+') => (b' ', 1),
                Some(b'%') => (escape_at(raw, at).unwrap_or(b'%'), 3),
                Some(_) => return false,
            };
            let is_right = match byte {
                b'"' | b'\\' => false,
                b' ' => takes_space(at, len),
                _ => true,
            };
            if !is_right {
                return false;
            }
            at += len;
        }
    }

    /// The text itself: borrowed when nothing needs decoding.
    pub fn decode(self) -> Cow<'a, str> {
        if !self.is_encoded() {
            return Cow::Borrowed(self.raw);
        }
        // `check` has seen that the bytes are UTF-8, so nothing is ever replaced here.
        match String::from_utf8(self.decoded_bytes()) {
            Ok(text) => Cow::Owned(text),
            Err(error) => Cow::Owned(String::from_utf8_lossy(error.as_bytes()).into_owned()),
        }
    }

    fn decoded_bytes(self) -> Vec<u8> {
        let raw = self.raw.as_bytes();
        // Counted first, since three bytes may make one; in bytes, as vector code can.
        let count = |part: &[u8]| part.iter().map(|byte| u8::from(*byte == b'%')).sum::<u8>();
        let escapes: usize = raw.chunks(128).map(|part| usize::from(count(part))).sum();
        let mut decoded = vec![0; raw.len() - 2 * escapes];
        decode(raw, &mut decoded);
        decoded
    }
}

impl fmt::Debug for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Text({} bytes)", self.raw.len())
    }
}

/// How many bytes stand before the first of `marks`.
#[inline]
fn len_before<const N: usize>(text: &[u8], marks: &[u8; N]) -> usize {
    let (eights, rest) = text.as_chunks::<8>();
    for (index, eight) in eights.iter().enumerate() {
        let len = len_before_in(*eight, marks);
        if len < 8 {
            return 8 * index + len;
        }
    }
    let len = rest.iter().position(|byte| marks.contains(byte)).unwrap_or(rest.len());
    text.len() - rest.len() + len
}

/// How many of eight bytes stand before the first of `marks`.
#[inline]
fn len_before_in<const N: usize>(eight: [u8; 8], marks: &[u8; N]) -> usize {
    const LOW: u64 = 0x0101_0101_0101_0101;
    let word = u64::from_le_bytes(eight);
    let mut found = 0;
    for mark in marks {
        // The high bit of each byte that is the mark. Above the first one it may be wrong, and nobody asks for it.
        let differs = word ^ (LOW * u64::from(*mark));
        found |= differs.wrapping_sub(LOW) & !differs;
    }
    (found & (LOW << 7)).trailing_zeros() as usize / 8
}

/// Decodes a sound text into a buffer of exactly the length that it has when decoded.
fn decode(text: &[u8], out: &mut [u8]) {
    let (mut text, mut out) = (text, out);
    loop {
        // Eight bytes are copied at once, and those up to the first encoded one are kept.
        while let (Some((word, _)), Some((target, _))) =
            (text.split_first_chunk::<8>(), out.split_first_chunk_mut())
        {
            let len = len_before_in(*word, b"%+");
            *target = *word;
            text = &text[len..];
            out = &mut out[len..];
            if len < 8 {
                break;
            }
        }
        if text.get(3) == Some(&b'%') {
            let run = decode_run(text, out);
            text = &text[3 * run..];
            out = &mut out[run..];
        }
        let ([byte, ..], [target, ..]) = (text, &mut *out) else { return };
        let (value, len) = match byte {
            b'+' => (b' ', 1),
            b'%' => escape_at(text, 0).map_or((b'%', 1), |value| (value, 3)),
            _ => (*byte, 1),
        };
        *target = value;
        text = &text[len..];
        out = &mut out[1..];
    }
}

/// Decodes the escapes that a text begins with, three at a time, and says how many.
fn decode_run(text: &[u8], out: &mut [u8]) -> usize {
    let (nines, _) = text.as_chunks::<9>();
    let (threes, _) = out.as_chunks_mut::<3>();
    let mut run = 0;
    for ([first, rest @ ..], three) in nines.iter().zip(threes) {
        // The bytes are those of `AB%CD%EF`.
        let word = u64::from_le_bytes(*rest);
        if *first != b'%' || word & 0x0000_FF00_00FF_0000 != 0x0000_2500_0025_0000 {
            break;
        }
        // A letter has bit 6, and is 9 more than its low digit says.
        let digits = (word & 0x0F0F_0F0F_0F0F_0F0F) + 9 * (word >> 6 & 0x0101_0101_0101_0101);
        let bytes = (digits << 4 | digits >> 8) & 0x00FF_0000_FF00_00FF;
        // Bytes 0, 3 and 6 become 4, 5 and 6: no two products meet in one byte.
        let [.., a, b, c, _] = bytes.wrapping_mul(0x1_0001_0001).to_le_bytes();
        *three = [a, b, c];
        run += 3;
    }
    run
}

/// The byte that the escape at `at` stands for, if it is whole.
#[inline]
fn escape_at(bytes: &[u8], at: usize) -> Option<u8> {
    let [high, low] = [*bytes.get(at + 1)?, *bytes.get(at + 2)?].map(|digit| DIGITS[usize::from(digit)]);
    (high | low < 16).then_some(high << 4 | low)
}

/// What each byte is worth as a hexadecimal digit; 255 if it is none.
static DIGITS: [u8; 256] = {
    let mut digits = [u8::MAX; 256];
    let mut digit = 0;
    while digit < 16 {
        digits[b"0123456789abcdef"[digit] as usize] = digit as u8;
        digits[b"0123456789ABCDEF"[digit] as usize] = digit as u8;
        digit += 1;
    }
    digits
};

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

/// One `name=value` of a form, with the offset of its first byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair<'a> {
    /// The offset of the name's first byte, counted from wherever the form began plus the offset it was given.
    pub offset: usize,
    /// The name.
    pub name: Text<'a>,
    /// The value; empty if there is none or no `=`.
    pub value: Text<'a>,
}

/// A pair whose structure is bad.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadPair {
    /// The offset of the pair's first byte.
    pub offset: usize,
    /// The decoded name, if the name is sound.
    pub name: Option<String>,
    /// What is wrong.
    pub fault: Fault,
}

/// The pairs of a form in order; empty ones (`&&`) are passed over.
#[derive(Clone)]
pub struct Pairs<'a> {
    /// What is left; `None` at the end.
    rest: Option<&'a str>,
    offset: usize,
}

/// Splits `text` into its pairs. `offset` is where `text` begins in whatever it was cut from.
pub const fn pairs(text: &str, offset: usize) -> Pairs<'_> {
    Pairs { rest: Some(text), offset }
}

impl fmt::Debug for Pairs<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pairs(from byte {})", self.offset)
    }
}

impl<'a> Iterator for Pairs<'a> {
    type Item = Result<Pair<'a>, BadPair>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let rest = self.rest?;
            let offset = self.offset;
            let pair = match rest.split_once('&') {
                Some((pair, rest)) => {
                    self.rest = Some(rest);
                    self.offset += pair.len() + 1;
                    pair
                }
                None => {
                    self.rest = None;
                    rest
                }
            };
            if !pair.is_empty() {
                return Some(read_pair(pair, offset));
            }
        }
    }
}

fn read_pair(pair: &str, offset: usize) -> Result<Pair<'_>, BadPair> {
    let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
    let name = Text::check(name).map_err(|bad| BadPair { offset, name: None, fault: bad.fault })?;
    let value = Text::check(value).map_err(|bad| BadPair {
        offset,
        name: Some(name.decode().into_owned()),
        fault: bad.fault,
    })?;
    Ok(Pair { offset, name, value })
}

/// How many bytes each byte takes when encoded: everything but `unreserved` (RFC 3986 section 2.3) is escaped; the space
/// too, as `%20`.
static ENCODED_LEN: [u8; 256] = {
    let mut lens = [3; 256];
    let mut byte = 0;
    while byte < 128 {
        if grammar::UNRESERVED.contains(byte) {
            lens[byte as usize] = 1;
        }
        byte += 1;
    }
    lens
};

/// How many bytes `text` takes when encoded.
pub fn encoded_len(text: &str) -> usize {
    text.bytes().map(|byte| usize::from(ENCODED_LEN[usize::from(byte)])).sum()
}

/// How many bytes `name=value` takes when encoded.
pub fn encoded_pair_len(name: &str, value: &str) -> usize {
    encoded_len(name) + 1 + encoded_len(value)
}

/// Appends `text`, encoded.
pub fn encode(text: &str, out: &mut String) {
    let mut rest = text;
    loop {
        let plain = rest.bytes().position(|byte| ENCODED_LEN[usize::from(byte)] > 1).unwrap_or(rest.len());
        let (run, next) = rest.split_at(plain);
        out.push_str(run);
        let Some(first) = next.chars().next() else { return };
        let (escaped, next) = next.split_at(first.len_utf8());
        for byte in escaped.bytes() {
            out.push_str(percent_encoding::percent_encode_byte(byte));
        }
        rest = next;
    }
}

/// Writes pairs one after the other, separated by `&`.
#[allow(missing_debug_implementations)] // what it writes holds secrets
pub struct Writer<'a> {
    out: &'a mut String,
    needs_separator: bool,
}

impl<'a> Writer<'a> {
    /// Appends to `out`. `needs_separator` says whether a pair stands there already.
    pub fn new(out: &'a mut String, needs_separator: bool) -> Self {
        Self { out, needs_separator }
    }

    /// Appends one pair.
    // req: RFC6749-4.2.1-1, RFC6749-B-1
    pub fn pair(&mut self, name: &str, value: &str) {
        if self.needs_separator {
            self.out.push('&');
        }
        self.needs_separator = true;
        encode(name, self.out);
        self.out.push('=');
        encode(value, self.out);
    }
}

/// The pairs as one form text, made in one allocation of exactly its length.
pub fn to_text<'p>(pairs: impl Iterator<Item = (&'p str, &'p str)> + Clone) -> String {
    let mut text = String::with_capacity(text_len(pairs.clone()));
    let mut writer = Writer::new(&mut text, false);
    for (name, value) in pairs {
        writer.pair(name, value);
    }
    text
}

/// How many bytes the pairs take as one form text.
pub fn text_len<'p>(pairs: impl Iterator<Item = (&'p str, &'p str)>) -> usize {
    let (len, count) =
        pairs.fold((0, 0), |(len, count), (name, value)| (len + encoded_pair_len(name, value), count + 1));
    len + usize::saturating_sub(count, 1)
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    fn decoded(text: &str) -> Vec<(String, String)> {
        pairs(text, 0)
            .map(|pair| {
                let pair = pair.unwrap();
                (pair.name.decode().into_owned(), pair.value.decode().into_owned())
            })
            .collect()
    }

    #[test]
    // req(test): RFC6749-B-2
    fn splits_first_and_decodes_once() {
        assert_eq!(
            decoded("a=1&&b%3D=x%26y%2Bz+w%20v&c&=e&d=p=q&"),
            [("a", "1"), ("b=", "x&y+z w v"), ("c", ""), ("", "e"), ("d", "p=q")]
                .map(|(name, value)| (name.to_string(), value.to_string()))
        );
        assert_eq!(decoded("a=%2526"), [("a".to_string(), "%26".to_string())]);
        assert_eq!(decoded("s=%C3%A9%20"), [("s".to_string(), "é ".to_string())]);
        assert!(decoded("").is_empty());
    }

    #[test]
    fn offsets_count_from_where_the_form_was_cut() {
        let offsets: Vec<usize> = pairs("&a=1&bb=2&&c", 10).map(|pair| pair.unwrap().offset).collect();
        assert_eq!(offsets, vec![11, 15, 21]);
    }

    #[test]
    fn decoding_at_once_does_what_decoding_byte_by_byte_does() {
        let tokens = ["", "a", "%41", "%6e%7A", "+", "abcdefgh", "%e2%82%ac%20%0a", "~!\"$&", "+%2B"];
        let mut texts = vec![String::new()];
        for _ in 0..4 {
            texts = texts.iter().flat_map(|text| tokens.map(|token| text.clone() + token)).collect();
        }
        // Every length and place of a run, too.
        texts.extend((0..200).map(|len| "a".repeat(len % 13) + &"%5A".repeat(len) + &"b".repeat(len % 7)));
        for text in texts {
            let checked = Text::check(&text).unwrap();
            let plain: Vec<u8> = checked.bytes().collect();
            assert_eq!(checked.decoded_bytes(), plain, "{text}");
            assert_eq!(checked.decode().as_bytes(), plain, "{text}");
            assert_eq!(checked.is_scope(), grammar::is_scope(&checked.decode()), "{text}");
            let is_description = grammar::NQSCHAR.is_one_or_more(checked.decode().as_bytes());
            assert_eq!(checked.is_description(), is_description, "{text}");
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
    fn each_byte_is_encoded_or_not() {
        for byte in 0..=255 {
            let is_plain = grammar::UNRESERVED.contains(byte);
            assert_eq!(ENCODED_LEN[usize::from(byte)], if is_plain { 1 } else { 3 }, "{byte:#x}");
        }
        let text: String = (0..=0x17Fu32).filter_map(char::from_u32).collect();
        const SET: &percent_encoding::AsciiSet =
            &percent_encoding::NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
        let starts = text.char_indices().map(|(start, _)| start);
        for (start, len) in starts.zip((0..200).cycle()) {
            let text = &text[start..text.floor_char_boundary(start + len)];
            let mut encoded = String::new();
            encode(text, &mut encoded);
            assert_eq!(encoded, percent_encoding::utf8_percent_encode(text, SET).to_string());
            assert_eq!(encoded.len(), encoded_len(text));
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
    fn a_bad_pair_is_named_where_its_name_is_sound() {
        let bad = pairs("a=1&b%20c=%", 5).nth(1).unwrap().unwrap_err();
        assert_eq!(bad, BadPair { offset: 9, name: Some("b c".to_string()), fault: Fault::Escape });
        assert_eq!(pairs("%=1", 0).next().unwrap().unwrap_err().name, None);
    }

    #[test]
    // req(test): RFC6749-4.2.1-1, RFC6749-B-1
    fn encodes_in_one_exact_allocation() {
        let source = [("scope", "a b"), ("sta+te", "é&=%~"), ("empty", "")];
        let text = to_text(source.iter().copied());
        assert_eq!(text, "scope=a%20b&sta%2Bte=%C3%A9%26%3D%25~&empty=");
        assert_eq!(text.len(), text_len(source.iter().copied()));
        assert_eq!(decoded(&text), source.map(|(name, value)| (name.to_string(), value.to_string())));
        assert_eq!(text_len([].into_iter()), 0);
    }
}
