//! Texts cut up and put together. What the standard library has for that is made for any text and any pattern, and is several
//! times the code; a browser would have to load it.

use alloc::string::String;
use core::fmt;

use crate::target::IS_SMALL;

/// What stands before and behind the first `byte`, an ASCII one. It does what `split_once` does, in less time.
#[inline]
pub(crate) fn split_at_first(text: &str, byte: u8) -> Option<(&str, &str)> {
    let bytes = text.as_bytes();
    let start = if IS_SMALL {
        0
    } else {
        let (blocks, _) = bytes.as_chunks::<32>();
        // A fold over all bytes of a block is turned into vector code, where a search is not.
        let holds = |block: &&[u8; 32]| block.iter().fold(false, |is_there, own| is_there | (*own == byte));
        32 * blocks.iter().take_while(|block| !holds(block)).count()
    };
    let at = start + bytes.get(start..)?.iter().position(|own| *own == byte)?;
    Some((cut(text, 0, at), cut(text, at + 1, text.len())))
}

/// What stands from one place to another, both of which are beside an ASCII byte or an end.
#[inline]
pub(crate) fn cut(text: &str, start: usize, end: usize) -> &str {
    text.get(start..end).unwrap_or_default()
}

/// What stands between the bytes of one kind, an ASCII one.
pub(crate) fn pieces(text: &str, byte: u8) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    core::iter::from_fn(move || {
        let text = rest?;
        let (piece, next) = match split_at_first(text, byte) {
            Some((piece, next)) => (piece, Some(next)),
            None => (text, None),
        };
        rest = next;
        Some(piece)
    })
}

/// The text with only those of its pieces that `stays` takes, as they stood between the bytes of one kind, an ASCII one.
/// `None` if it takes none.
pub(crate) fn keep_pieces(text: &str, byte: u8, stays: &dyn Fn(&str) -> bool) -> Option<String> {
    let mut kept = pieces(text, byte).filter(|piece| stays(piece));
    let mut text = String::from(kept.next()?);
    for piece in kept {
        text.push(char::from(byte));
        text.push_str(piece);
    }
    Some(text)
}

/// What stands before and behind the last `byte`, an ASCII one.
pub(crate) fn split_at_last(text: &str, byte: u8) -> Option<(&str, &str)> {
    let at = text.bytes().rposition(|own| own == byte)?;
    Some((cut(text, 0, at), cut(text, at + 1, text.len())))
}

/// The text without the bytes of one kind, an ASCII one, that it ends with.
pub(crate) fn without_end(text: &str, byte: u8) -> &str {
    let len = text.bytes().rposition(|own| own != byte).map_or(0, |last| last + 1);
    cut(text, 0, len)
}

/// Whether a byte of the text is `byte`.
pub(crate) fn holds(text: &str, byte: u8) -> bool {
    text.bytes().any(|own| own == byte)
}

/// A number in decimal digits. The standard library writes two digits at a time, from a table.
pub(crate) fn decimal(number: u64) -> String {
    let mut text = if number < 10 { String::new() } else { decimal(number / 10) };
    text.push(char::from(b'0' + (number % 10) as u8));
    text
}

/// Writes texts one after the other: all that our errors need of `write!`.
pub(crate) fn write(f: &mut fmt::Formatter<'_>, texts: &[&str]) -> fmt::Result {
    texts.iter().try_for_each(|text| f.write_str(text))
}
