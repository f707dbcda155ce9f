//! Percent escapes, read: the value of one, the runs between them, and a whole text decoded.
//!
//! What is read here has been seen to be sound. Of anything else the functions make something, and never panic.

use alloc::vec::Vec;

use super::blocks;
use crate::grammar;
use crate::target::IS_SMALL;

/// The byte that the escape at `at` stands for, if it is whole.
#[inline]
pub(super) fn value_at(bytes: &[u8], at: usize) -> Option<u8> {
    if IS_SMALL {
        return grammar::escape_at(bytes, at);
    }
    let (high, low) = (*bytes.get(at + 1)?, *bytes.get(at + 2)?);
    u8::try_from(HIGH_DIGITS[usize::from(high)] | LOW_DIGITS[usize::from(low)]).ok()
}

/// What each byte is worth as the first digit of an escape, and as the second; more than a byte holds if it is none.
static HIGH_DIGITS: [u16; 256] = digits(16);
static LOW_DIGITS: [u16; 256] = digits(1);

const fn digits(unit: u16) -> [u16; 256] {
    let mut digits = [u16::MAX; 256];
    let mut digit = 0;
    while digit < 16 {
        digits[b"0123456789abcdef"[digit] as usize] = digit as u16 * unit;
        digits[b"0123456789ABCDEF"[digit] as usize] = digit as u16 * unit;
        digit += 1;
    }
    digits
}

/// The bytes that a text stands for, one by one.
pub(super) fn bytes(text: &[u8]) -> impl Iterator<Item = u8> {
    let mut at = 0;
    core::iter::from_fn(move || {
        let (value, width) = decoded_at(text, at)?;
        at += width;
        Some(value)
    })
}

/// What stands at `at`, decoded, and how many bytes it takes.
#[inline]
pub(super) fn decoded_at(text: &[u8], at: usize) -> Option<(u8, usize)> {
    Some(match *text.get(at)? {
        b'+' => (b' ', 1),
        b'%' => value_at(text, at).map_or((b'%', 1), |value| (value, 3)),
        byte => (byte, 1),
    })
}

/// How many of eight bytes stand before the first `%` or `+`.
#[inline]
fn len_before_in(eight: [u8; 8]) -> usize {
    const LOW: u64 = 0x0101_0101_0101_0101;
    let word = u64::from_le_bytes(eight);
    // The high bit of each byte that is the mark. Above the first one it may be wrong, and nobody asks for it.
    let is = |mark: u8| {
        let differs = word ^ (LOW * u64::from(mark));
        differs.wrapping_sub(LOW) & !differs
    };
    ((is(b'%') | is(b'+')) & (LOW << 7)).trailing_zeros() as usize / 8
}

/// The bytes that a sound text stands for. The one allocation is a little longer than the text, as counting the escapes
/// would take longer than the memory is worth.
pub(super) fn decode(text: &[u8]) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(text.len() + WORD);
    let (mut at, mut len) = (0, 0);
    while at < text.len() {
        // Not with zeros: memory that is to be zeroed takes a slower way through the allocator.
        decoded.resize(len + STEP.min(text.len() - at) + WORD, b'%');
        (at, len) = decode_into(text, at, &mut decoded, len);
    }
    decoded.truncate(len);
    decoded
}

/// How many bytes are copied at once.
const WORD: usize = 8;
/// How many bytes are made ready at once, at most: few enough for them to be still at hand when they are written.
const STEP: usize = 1024;

/// Decodes the bytes of a sound text from `at` on into those of `out` from `len` on, until less than a word is left of `out`,
/// or nothing of the text. Answers with the two places behind.
fn decode_into(text: &[u8], mut at: usize, out: &mut [u8], mut len: usize) -> (usize, usize) {
    while let Some(target) = out.get_mut(len..).and_then(<[u8]>::first_chunk_mut::<WORD>) {
        let rest = text.get(at..).unwrap_or_default();
        // A whole word is copied, and the bytes up to the first encoded one are kept.
        let plain = if let Some(word) = rest.first_chunk() {
            *target = *word;
            len_before_in(*word)
        } else {
            let plain = rest.iter().zip(target).take_while(|(byte, _)| !matches!(byte, b'%' | b'+'));
            plain.map(|(byte, target)| *target = *byte).count()
        };
        at += plain;
        len += plain;
        if plain == WORD {
            continue;
        }
        let (Some((value, width)), Some(target)) = (decoded_at(text, at), out.get_mut(len)) else { break };
        *target = value;
        at += width;
        len += 1;
        if text.get(at) == Some(&b'%')
            && let (Some(text), Some(out)) = (text.get(at..), out.get_mut(len..))
        {
            let run = decode_run(text, out);
            at += 3 * run;
            len += run;
        }
    }
    (at, len)
}

/// Decodes the escapes that a text begins with, twelve at a time, and says how many.
fn decode_run(text: &[u8], out: &mut [u8]) -> usize {
    let mut run = 0;
    for (escapes, target) in text.as_chunks().0.iter().zip(out.as_chunks_mut().0) {
        let Some(bytes) = decode_twelve(escapes) else { break };
        *target = bytes;
        run += 12;
    }
    run
}

/// The bytes of twelve escapes, if it is twelve.
#[inline]
fn decode_twelve(escapes: &[u8; 36]) -> Option<[u8; 12]> {
    let word = |start: usize| Some(u64::from_le_bytes(*escapes.get(start..)?.first_chunk()?));
    // The word at each start holds `%AB%CD%E`, the one behind it `AB%CD%EF`.
    let differs = [0, 9, 18, 27]
        .into_iter()
        .try_fold(0, |all, start| Some(all | word(start)? ^ 0x0025_0000_2500_0025))?;
    if differs & 0x00FF_0000_FF00_00FF != 0 {
        return None;
    }
    let words = [word(1)?, word(10)?, word(19)?, word(28)?];
    let [a, b, c, d] = words;
    let ([a, b], [c, d]) = (blocks::escaped([a, b]), blocks::escaped([c, d]));
    // Bytes 1, 4 and 7 become 5, 6 and 7: no two products meet in one byte.
    let gather = |bytes: u64| u128::from(bytes.wrapping_mul(0x1_0001_0001) >> 40);
    let bytes = gather(a) | gather(b) << 24 | gather(c) << 48 | gather(d) << 72;
    bytes.to_le_bytes().first_chunk().copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_mark_is_found_among_every_byte() {
        for around in (0..=255u8).filter(|byte| !matches!(byte, b'%' | b'+')) {
            assert_eq!(len_before_in([around; 8]), 8, "{around:#x}");
            for (place, mark) in (0..8).flat_map(|place| [(place, b'%'), (place, b'+')]) {
                // What stands behind it does not matter.
                for behind in [around, mark, mark ^ b'%' ^ b'+'] {
                    let mut word = [behind; 8];
                    word[..place].fill(around);
                    word[place] = mark;
                    assert_eq!(len_before_in(word), place, "{mark:#x} among {around:#x}");
                }
            }
        }
    }

    /// Twelve at a time is a shortcut: it has to be taken where it can be, and nowhere else.
    #[test]
    fn twelve_escapes_are_decoded_at_once_and_nothing_else_is() {
        let escapes: [u8; 36] = *b"%41%42%43%44%45%46%47%48%49%4a%4B%4c";
        assert_eq!(decode_twelve(&escapes), Some(*b"ABCDEFGHIJKL"));
        let mut out = [0; 30];
        let twice = [escapes, escapes].concat();
        assert_eq!(decode_run(&twice, &mut out), 24);
        assert_eq!(out[..24], *b"ABCDEFGHIJKLABCDEFGHIJKL");
        for (one, other) in (0..12).flat_map(|one| (0..12).map(move |other| (one, other))) {
            let mut broken = escapes;
            (broken[3 * one], broken[3 * other]) = (b'a', b'a');
            assert_eq!(decode_twelve(&broken), None, "{one} and {other}");
        }
    }

    #[test]
    fn every_length_is_decoded() {
        for plain in 0..40 {
            for escapes in 0..40 {
                let text = ["b".repeat(plain), "%41".repeat(escapes), "+2".repeat(plain % 3)].concat();
                let decoded = ["b".repeat(plain), "A".repeat(escapes), " 2".repeat(plain % 3)].concat();
                assert_eq!(decode(text.as_bytes()), decoded.as_bytes(), "{text}");
            }
        }
    }
}
