//! `application/x-www-form-urlencoded`, strictly (RFC 6749 appendix B).
//!
//! The text is split first and decoded afterwards, once: `%26` inside a value never separates anything. Both `+` and `%20`
//! are spaces, because real servers write both; an encoder writes `%20`, because every decoder reads it.

use alloc::string::String;
use core::fmt;

use super::blocks;
pub use super::text::{Fault, Malformed, Text};
use crate::grammar::UNRESERVED;
use crate::target::IS_SMALL;
use crate::text::split_at_first;

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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadPair<'a> {
    /// The offset of the pair's first byte.
    pub offset: usize,
    /// The name, if it is sound.
    pub name: Option<Text<'a>>,
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
    type Item = Result<Pair<'a>, BadPair<'a>>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let rest = self.rest?;
            let offset = self.offset;
            let (pair, rest) = match split_at_first(rest, b'&') {
                Some((pair, rest)) => (pair, Some(rest)),
                None => (rest, None),
            };
            self.rest = rest;
            self.offset += pair.len() + 1;
            if !pair.is_empty() {
                return Some(read_pair(pair, offset));
            }
        }
    }
}

fn read_pair(pair: &str, offset: usize) -> Result<Pair<'_>, BadPair<'_>> {
    let (name, value) = split_at_first(pair, b'=').unwrap_or((pair, ""));
    let bad = |name, bad: Malformed| BadPair { offset, name, fault: bad.fault };
    let name = Text::check(name).map_err(|fault| bad(None, fault))?;
    let value = Text::check(value).map_err(|fault| bad(Some(name), fault))?;
    Ok(Pair { offset, name, value })
}

/// A text that is to be encoded: everything but `unreserved` (RFC 3986 section 2.3) is escaped; the space too, as `%20`.
#[derive(Clone, Copy)]
pub(crate) struct Unencoded<'t> {
    text: &'t str,
    /// What is to be escaped of the first block. Most texts are no longer, and are looked through once.
    marks: u64,
}

impl<'t> Unencoded<'t> {
    #[inline]
    pub(crate) fn new(text: &'t str) -> Self {
        let marks = if IS_SMALL { 0 } else { blocks::to_escape(blocks::first(text.as_bytes()).0) };
        Self { text, marks }
    }

    /// Whether it is known to be the same when encoded.
    #[inline]
    const fn is_plain(self) -> bool {
        self.marks == 0 && self.text.len() <= blocks::LEN
    }

    /// How many bytes it takes when encoded.
    #[inline]
    pub(crate) fn encoded_len(self) -> usize {
        if IS_SMALL {
            return self.text.bytes().map(|byte| if UNRESERVED.contains(byte) { 1 } else { 3 }).sum();
        }
        if self.is_plain() { self.text.len() } else { self.counted_len() }
    }

    /// Writes it encoded.
    #[inline]
    pub(crate) fn write(self, out: &mut impl fmt::Write) -> fmt::Result {
        if IS_SMALL {
            return self.text.bytes().try_for_each(|byte| match UNRESERVED.contains(byte) {
                true => out.write_char(char::from(byte)),
                false => write_escape(byte, out),
            });
        }
        if self.is_plain() { out.write_str(self.text) } else { self.write_runs(out) }
    }

    #[inline(never)] // so that a plain text costs a comparison
    fn counted_len(self) -> usize {
        let (mut marks, (_, mut rest)) = (self.marks, blocks::first(self.text.as_bytes()));
        let mut len = self.text.len();
        loop {
            len += 2 * marks.count_ones() as usize;
            if rest.is_empty() {
                return len;
            }
            let (block, behind) = blocks::first(rest);
            (marks, rest) = (blocks::to_escape(block), behind);
        }
    }

    /// Writes whole runs of what stays, and each other byte as an escape.
    fn write_runs(self, out: &mut impl fmt::Write) -> fmt::Result {
        let bytes = self.text.as_bytes();
        let mut marks = self.marks;
        // Where the block begins, and what has not been written yet.
        let (mut block_start, mut start) = (0, 0);
        loop {
            while marks != 0 {
                let at = block_start + marks.trailing_zeros() as usize;
                // What stays is ASCII, so both ends are ends of characters.
                if start < at
                    && let Some(run) = self.text.get(start..at)
                {
                    out.write_str(run)?;
                }
                write_escape(bytes.get(at).copied().unwrap_or_default(), out)?;
                start = at + 1;
                marks &= marks - 1;
            }
            block_start += blocks::LEN;
            let rest = bytes.get(block_start..).unwrap_or_default();
            if rest.is_empty() {
                return self.text.get(start..).map_or(Ok(()), |run| out.write_str(run));
            }
            marks = blocks::to_escape(blocks::first(rest).0);
        }
    }
}

/// How many bytes `text` takes when encoded.
pub fn encoded_len(text: &str) -> usize {
    Unencoded::new(text).encoded_len()
}

/// How many bytes `name=value` takes when encoded.
pub fn encoded_pair_len(name: &str, value: &str) -> usize {
    encoded_len(name) + 1 + encoded_len(value)
}

/// Appends `text`, encoded.
pub fn encode(text: &str, out: &mut String) {
    // A text takes whatever is written.
    let _ = Unencoded::new(text).write(out);
}

fn write_escape(byte: u8, out: &mut impl fmt::Write) -> fmt::Result {
    if IS_SMALL {
        let digit = |value: u8| char::from(value + if value < 10 { b'0' } else { b'A' - 10 });
        out.write_char('%')?;
        out.write_char(digit(byte >> 4))?;
        return out.write_char(digit(byte & 0xF));
    }
    out.write_str(percent_encoding::percent_encode_byte(byte))
}

/// Writes pairs one after the other, separated by `&`.
#[allow(missing_debug_implementations)] // what it writes holds secrets
pub struct Writer<'a, W = String> {
    out: &'a mut W,
    needs_separator: bool,
}

impl<'a, W: fmt::Write> Writer<'a, W> {
    /// Appends to `out`. `needs_separator` says whether a pair stands there already.
    pub fn new(out: &'a mut W, needs_separator: bool) -> Self {
        Self { out, needs_separator }
    }

    /// Appends one pair.
    ///
    /// # Errors
    /// That of `out`. A `String` has none: see [`pair`](Self::pair).
    // req: RFC6749-4.2.1-1, RFC6749-B-1
    pub fn try_pair(&mut self, name: &str, value: &str) -> fmt::Result {
        if self.needs_separator {
            self.out.write_char('&')?;
        }
        self.needs_separator = true;
        Unencoded::new(name).write(self.out)?;
        self.out.write_char('=')?;
        Unencoded::new(value).write(self.out)
    }
}

impl Writer<'_> {
    /// Appends one pair.
    pub fn pair(&mut self, name: &str, value: &str) {
        // A text takes whatever is written.
        let _ = self.try_pair(name, value);
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
    use alloc::vec::Vec;

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
    fn each_byte_is_encoded_or_not() {
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
    fn a_bad_pair_is_named_where_its_name_is_sound() {
        let bad = pairs("a=1&b%20c=%", 5).nth(1).unwrap().unwrap_err();
        assert_eq!(
            bad,
            BadPair { offset: 9, name: Some(Text::check("b%20c").unwrap()), fault: Fault::Escape }
        );
        assert_eq!(pairs("%=1", 0).next().unwrap().unwrap_err().name, None);
    }

    #[test]
    fn what_begins_plainly_may_go_on_otherwise() {
        for len in [1, 63, 64, 65, 127, 128] {
            let text = "a".repeat(len) + "&";
            let mut out = String::new();
            encode(&text, &mut out);
            assert_eq!(out, "a".repeat(len) + "%26");
            assert_eq!(encoded_len(&text), len + 3);
        }
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
