//! `application/x-www-form-urlencoded`, strictly (RFC 6749 appendix B).
//!
//! The text is split first and decoded afterwards, once: `%26` inside a value never separates anything. Both `+` and `%20`
//! are spaces, because real servers write both; an encoder writes `%20`, because every decoder reads it.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use thiserror::Error;

use crate::grammar::{self, ByteClass};

/// One name or value as it stands on the wire, its structure checked. It may be a secret, so `Debug` shows its length.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Text<'a> {
    raw: &'a str,
    is_encoded: bool,
}

impl<'a> Text<'a> {
    /// Checks one name or value: visible ASCII without `#`, whole escapes, which decode to UTF-8.
    ///
    /// # Errors
    /// [`Malformed`] says what the first fault is and where, from the start of `raw`.
    pub fn check(raw: &'a str) -> Result<Self, Malformed> {
        let bytes = raw.as_bytes();
        let mut is_encoded = false;
        let mut has_high_escape = false;
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            match byte {
                b'%' => {
                    let value = escape_at(bytes, at).ok_or(Malformed { at, fault: Fault::Escape })?;
                    is_encoded = true;
                    has_high_escape |= value >= 0x80;
                    at += 3;
                    continue;
                }
                b'+' => is_encoded = true,
                b'#' => return Err(Malformed { at, fault: Fault::Hash }),
                0x21..=0x7E => {}
                b' ' => return Err(Malformed { at, fault: Fault::Space }),
                0x80.. => return Err(Malformed { at, fault: Fault::NonAscii }),
                _ => return Err(Malformed { at, fault: Fault::Control }),
            }
            at += 1;
        }
        let text = Self { raw, is_encoded };
        // Raw bytes are ASCII by now, so only escapes can make it anything but UTF-8.
        if has_high_escape && core::str::from_utf8(&text.decoded_bytes()).is_err() {
            return Err(Malformed { at: 0, fault: Fault::NotUtf8 });
        }
        Ok(text)
    }

    /// A text that has been checked before.
    pub(super) const fn sound(raw: &'a str, is_encoded: bool) -> Self {
        Self { raw, is_encoded }
    }

    /// The text as it stands, still encoded.
    pub const fn raw(self) -> &'a str {
        self.raw
    }

    /// Whether decoding changes it: it holds `+` or `%`.
    pub const fn is_encoded(self) -> bool {
        self.is_encoded
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

    /// Whether the text, decoded, is one or more bytes of `class`.
    pub fn is_of(self, class: ByteClass) -> bool {
        if self.is_encoded {
            self.bytes().all(|byte| class.contains(byte))
        } else {
            class.is_one_or_more(self.raw.as_bytes())
        }
    }

    /// The text itself: borrowed when nothing needs decoding.
    pub fn decode(self) -> Cow<'a, str> {
        if !self.is_encoded {
            return Cow::Borrowed(self.raw);
        }
        // `check` has seen that the bytes are UTF-8, so nothing is ever replaced here.
        match String::from_utf8(self.decoded_bytes()) {
            Ok(text) => Cow::Owned(text),
            Err(error) => Cow::Owned(String::from_utf8_lossy(error.as_bytes()).into_owned()),
        }
    }

    fn decoded_bytes(self) -> Vec<u8> {
        let mut decoded = Vec::with_capacity(self.raw.len());
        decoded.extend(self.bytes());
        decoded
    }
}

impl fmt::Debug for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Text({} bytes)", self.raw.len())
    }
}

/// The byte that the escape at `at` stands for, if it is whole.
fn escape_at(bytes: &[u8], at: usize) -> Option<u8> {
    let digit = |at: usize| char::from(*bytes.get(at)?).to_digit(16);
    let value = digit(at + 1)? << 4 | digit(at + 2)?;
    u8::try_from(value).ok()
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

/// Everything but `unreserved` (RFC 3986 section 2.3) is escaped; the space too, as `%20`.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// How many bytes `text` takes when encoded.
pub fn encoded_len(text: &str) -> usize {
    text.bytes().map(|byte| if grammar::UNRESERVED.contains(byte) { 1 } else { 3 }).sum()
}

/// How many bytes `name=value` takes when encoded.
pub fn encoded_pair_len(name: &str, value: &str) -> usize {
    encoded_len(name) + 1 + encoded_len(value)
}

/// Appends `text`, encoded.
pub fn encode(text: &str, out: &mut String) {
    out.extend(utf8_percent_encode(text, ESCAPED));
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
    use alloc::vec;

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
