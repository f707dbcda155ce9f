//! Sixty-four bytes at a time: which of them separate, which need decoding, which must not be there.
//!
//! A form has three kinds of bytes that matter, and they are rare. So a block of 64 is turned into bit sets, and the
//! reader walks from bit to bit instead of from byte to byte. Where the target surely has vectors (every x86-64 has SSE2),
//! sixteen bytes are compared at once, through `wide`, which keeps this crate free of `unsafe`; elsewhere eight, in plain
//! integers. The rustc cfg `fragrant_portable` takes the plain integers everywhere, so that the benches can time them.

#[cfg(any(fragrant_portable, not(target_arch = "x86_64")))]
use portable as way;
#[cfg(all(not(fragrant_portable), target_arch = "x86_64"))]
use vectors as way;

/// The number of bytes in a block.
pub(super) const LEN: usize = 64;

/// A block of a form.
type Block = [u8; LEN];

/// What a block holds: bit *n* speaks of byte *n*.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Masks {
    /// `&`: ends a pair.
    pub(super) ampersand: u64,
    /// `=`: the first of a pair ends its name.
    pub(super) equals: u64,
    /// `%` and `+`: need decoding.
    pub(super) encoded: u64,
}

impl Masks {
    /// Reads the block of `text` at `start`, of which everything before has been read; it may be empty. `None` if it
    /// holds what no name or value may hold: a control, the space, `#`, anything that is not ASCII.
    #[inline]
    pub(super) fn at(text: &[u8], start: usize) -> Option<Self> {
        let [ampersand, equals, encoded, forbidden] = read(text, start, way::separators);
        (forbidden == 0).then_some(Self { ampersand, equals, encoded })
    }
}

impl Masks {
    /// Whether nothing is to be seen to in the block.
    #[inline]
    pub(super) const fn is_empty(&self) -> bool {
        self.ampersand | self.equals | self.encoded == 0
    }
}

/// How many blocks of `text` from `start` on hold nothing but what stands in long values: letters, digits and most other
/// signs. Some blocks that hold nothing else either are not counted.
#[inline]
pub(super) fn count_plain(text: &[u8], start: usize) -> usize {
    let (blocks, _) = text.get(start..).unwrap_or_default().as_chunks();
    blocks.iter().take_while(|block| way::is_plain(block)).count()
}

/// The escapes of a text, followed from block to block.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Escapes {
    /// Of the block before, as far as an escape can reach over its end: the `%`, and the digits that can be first in an
    /// escape of printable ASCII, those of `%7_` apart.
    percent: u64,
    plain: u64,
    seven: u64,
}

impl Escapes {
    /// Looks at the block of `text` at `start`, in which a mask has found `encoded`. Answers with the escapes of anything
    /// but printable ASCII, a bit for the last digit of each; or `None` if an escape is not whole.
    #[inline]
    pub(super) fn follow(&mut self, text: &[u8], start: usize, encoded: u64) -> Option<u64> {
        if encoded == 0 && self.percent >> (LEN - 2) == 0 {
            self.percent = 0;
            return Some(0);
        }
        let [percent, hex, plain, seven, f] = read(text, start, way::digits);
        let after = |bits: u64, before: u64, count: usize| bits << count | before >> (LEN - count);
        let first = after(percent, self.percent, 1);
        let second = after(percent, self.percent, 2);
        if (first | second) & !hex != 0 {
            return None;
        }
        let is_after_plain = after(plain, self.plain, 1);
        // %7F is DEL.
        let is_delete = after(seven, self.seven, 1) & f;
        *self = Self { percent, plain, seven };
        Some(second & (!is_after_plain | is_delete))
    }
}

/// The bit sets of the block of `text` at `start`, at most the text's length. Behind its end nothing is set.
#[inline]
fn read<const N: usize>(text: &[u8], start: usize, classify: impl Fn(&Block) -> [u64; N]) -> [u64; N] {
    if let Some(block) = text.get(start..).and_then(<[u8]>::first_chunk) {
        return classify(block);
    }
    if start == text.len() {
        return [0; N];
    }
    // The last bytes of a text that is long enough are read together with some before them, whose bits are shifted
    // out again: no copy.
    if let Some(block) = text.last_chunk() {
        let known = start - (text.len() - LEN);
        return classify(block).map(|bits| bits >> known);
    }
    // A byte that is in no set.
    let mut block = [b'z'; LEN];
    for (byte, own) in block.iter_mut().zip(text) {
        *byte = *own;
    }
    classify(&block)
}

#[cfg(all(not(fragrant_portable), target_arch = "x86_64"))]
mod vectors {
    use wide::i8x16;

    use super::Block;

    /// The sets of [`Masks`](super::Masks).
    #[inline]
    pub(super) fn separators(block: &Block) -> [u64; 4] {
        classify(block, |bytes| {
            let is = |byte| is(bytes, byte);
            // Signed comparison: what is not ASCII is negative, and so below `!` as well.
            [is(b'&'), is(b'='), is(b'%') | is(b'+'), below(bytes, b'!') | is(0x7F) | is(b'#')]
        })
    }

    /// `%`; hexadecimal digits; `2` to `7`; `7`; `F` and `f`.
    #[inline]
    pub(super) fn digits(block: &Block) -> [u64; 5] {
        classify(block, |bytes| {
            let lower = bytes | i8x16::splat(0x20);
            let is_between = |bytes, low, high| above(bytes, low - 1) & below(bytes, high + 1);
            [
                is(bytes, b'%'),
                is_between(bytes, b'0', b'9') | is_between(lower, b'a', b'f'),
                is_between(bytes, b'2', b'7'),
                is(bytes, b'7'),
                is(lower, b'f'),
            ]
        })
    }

    /// Whether every byte is above `+` and neither `=` nor DEL.
    #[inline]
    pub(super) fn is_plain(block: &Block) -> bool {
        let (sixteens, _) = block.as_chunks::<16>();
        let marks = sixteens.iter().fold(i8x16::splat(0), |marks, sixteen| {
            let bytes = i8x16::new(sixteen.map(u8::cast_signed));
            marks | below(bytes, b'+' + 1) | is(bytes, b'=') | is(bytes, 0x7F)
        });
        marks.to_bitmask() == 0
    }

    /// Sixteen bytes at a time.
    #[inline]
    fn classify<const N: usize>(block: &Block, sets: impl Fn(i8x16) -> [i8x16; N]) -> [u64; N] {
        let mut masks = [0; N];
        let (sixteens, _) = block.as_chunks::<16>();
        for (index, sixteen) in sixteens.iter().enumerate() {
            let sets = sets(i8x16::new(sixteen.map(u8::cast_signed)));
            for (mask, set) in masks.iter_mut().zip(sets) {
                // The sign of each byte, as the lowest sixteen bits.
                *mask |= u64::from(set.to_bitmask()) << (16 * index);
            }
        }
        masks
    }

    fn is(bytes: i8x16, byte: u8) -> i8x16 {
        bytes.simd_eq(i8x16::splat(byte.cast_signed()))
    }

    fn below(bytes: i8x16, byte: u8) -> i8x16 {
        bytes.simd_lt(i8x16::splat(byte.cast_signed()))
    }

    fn above(bytes: i8x16, byte: u8) -> i8x16 {
        bytes.simd_gt(i8x16::splat(byte.cast_signed()))
    }
}

#[cfg(any(test, fragrant_portable, not(target_arch = "x86_64")))]
mod portable {
    use super::Block;

    const LOW: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = LOW << 7;

    /// The sets of [`Masks`](super::Masks).
    #[inline]
    pub(super) fn separators(block: &Block) -> [u64; 4] {
        classify(block, |word| {
            let is = |byte| is(word, byte);
            let below = !from(word, b'!') & HIGH;
            [is(b'&'), is(b'='), is(b'%') | is(b'+'), below | (word & HIGH) | is(0x7F) | is(b'#')]
        })
    }

    /// `%`; hexadecimal digits; `2` to `7`; `7`; `F` and `f`.
    #[inline]
    pub(super) fn digits(block: &Block) -> [u64; 5] {
        classify(block, |word| {
            let lower = word | (LOW * 0x20);
            let is_between = |word, low, high| from(word, low) & !from(word, high + 1) & !word & HIGH;
            [
                is(word, b'%'),
                is_between(word, b'0', b'9') | is_between(lower, b'a', b'f'),
                is_between(word, b'2', b'7'),
                is(word, b'7'),
                is(lower, b'f'),
            ]
        })
    }

    /// Whether every byte is above `+` and neither `=` nor DEL.
    #[inline]
    pub(super) fn is_plain(block: &Block) -> bool {
        let (eights, _) = block.as_chunks::<8>();
        let marks = eights.iter().fold(0, |marks, eight| {
            let word = u64::from_le_bytes(*eight);
            marks | !from(word, b'+' + 1) | word | is(word, b'=') | is(word, 0x7F)
        });
        marks & HIGH == 0
    }

    /// Eight bytes at a time.
    #[inline]
    fn classify<const N: usize>(block: &Block, sets: impl Fn(u64) -> [u64; N]) -> [u64; N] {
        let mut masks = [0; N];
        let (eights, _) = block.as_chunks::<8>();
        for (index, eight) in eights.iter().enumerate() {
            let sets = sets(u64::from_le_bytes(*eight));
            for (mask, set) in masks.iter_mut().zip(sets) {
                *mask |= bits(set) << (8 * index);
            }
        }
        masks
    }

    /// The high bit of every byte of `word` that is `byte`.
    const fn is(word: u64, byte: u8) -> u64 {
        let differs = word ^ (LOW * byte as u64);
        !(((differs & !HIGH) + !HIGH) | differs) & HIGH
    }

    /// The high bit of every byte of `word` whose lower seven bits are at least `byte`: the sum carries into it.
    const fn from(word: u64, byte: u8) -> u64 {
        (word & !HIGH) + LOW * (0x80 - byte as u64)
    }

    /// Gathers the high bits of eight bytes into the lowest eight bits.
    const fn bits(highs: u64) -> u64 {
        (highs >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The sets, byte by byte, as the documentation says them.
    fn plain_separators(text: &[u8]) -> [u64; 4] {
        plain(text, |byte| {
            [
                byte == b'&',
                byte == b'=',
                matches!(byte, b'%' | b'+'),
                matches!(byte, b'#' | 0..=0x20 | 0x7F..),
            ]
        })
    }

    fn plain_digits(text: &[u8]) -> [u64; 5] {
        plain(text, |byte| {
            [
                byte == b'%',
                byte.is_ascii_hexdigit(),
                matches!(byte, b'2'..=b'7'),
                byte == b'7',
                matches!(byte, b'F' | b'f'),
            ]
        })
    }

    fn plain<const N: usize>(text: &[u8], sets: impl Fn(u8) -> [bool; N]) -> [u64; N] {
        let mut masks = [0; N];
        for (at, &byte) in text.iter().enumerate() {
            for (mask, is_in) in masks.iter_mut().zip(sets(byte)) {
                *mask |= u64::from(is_in) << at;
            }
        }
        masks
    }

    #[test]
    fn every_byte_at_every_place_is_told_by_all_ways_alike() {
        for place in 0..LEN {
            for byte in 0..=255u8 {
                for around in [b'a', b'&', 0x00, 0xFF, b'%' - 1, b'7', b'`', b'g', b'/', b':', b'+'] {
                    let mut block = [around; LEN];
                    block[place] = byte;
                    let context = || alloc::format!("{byte:#x} at {place} among {around:#x}");
                    let expected = plain_separators(&block);
                    assert_eq!(way::separators(&block), expected, "{}", context());
                    assert_eq!(portable::separators(&block), expected, "{}", context());
                    let expected = block.iter().all(|byte| matches!(byte, 0x2C..=0x7E) && *byte != b'=');
                    assert_eq!(way::is_plain(&block), expected, "{}", context());
                    assert_eq!(portable::is_plain(&block), expected, "{}", context());
                    let expected = plain_digits(&block);
                    assert_eq!(way::digits(&block), expected, "{}", context());
                    assert_eq!(portable::digits(&block), expected, "{}", context());
                }
            }
        }
    }

    #[test]
    fn last_blocks_of_every_length_speak_of_their_own_bytes() {
        let text: alloc::vec::Vec<u8> =
            (0..200u8).map(|at| b"a&=%+#\x00b7"[usize::from(at) * 5 % 9]).collect();
        for len in 0..text.len() {
            let text = &text[..len];
            for start in (0..len).step_by(LEN) {
                let end = len.min(start + LEN);
                assert_eq!(read(text, start, way::separators), plain_separators(&text[start..end]));
                assert_eq!(read(text, start, way::digits), plain_digits(&text[start..end]));
            }
        }
    }
}
