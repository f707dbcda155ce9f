//! Sixty-four bytes at a time: which of them separate, which need decoding, which must not be there.
//!
//! A form has three kinds of bytes that matter, and they are rare. So a block of 64 is turned into four bit sets, and the
//! reader walks from bit to bit instead of from byte to byte. Where the target surely has vectors (every x86-64 has SSE2),
//! sixteen bytes are compared at once, through `wide`, which keeps this crate free of `unsafe`; elsewhere eight, in plain
//! integers.

#[cfg(not(target_arch = "x86_64"))]
use portable::classify;
#[cfg(target_arch = "x86_64")]
use vectors::classify;

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
    /// What no name or value may hold: controls, the space, `#`, and everything that is not ASCII.
    pub(super) forbidden: u64,
}

impl Masks {
    /// Reads the block of `text` at `start`. A last block that is not full counts as padded with harmless bytes.
    pub(super) fn at(text: &[u8], start: usize) -> Self {
        if let Some(block) = text.get(start..).and_then(<[u8]>::first_chunk) {
            return classify(block);
        }
        // The last bytes of a text that is long enough are read together with some before them, whose bits are shifted
        // out again: no copy.
        if let Some(block) = text.last_chunk() {
            let known = start - (text.len() - LEN);
            return classify(block).shifted_out(known);
        }
        let mut block = [b'a'; LEN];
        for (byte, own) in block.iter_mut().zip(text) {
            *byte = *own;
        }
        classify(&block)
    }

    /// The masks without the first `count` bytes.
    const fn shifted_out(self, count: usize) -> Self {
        Self {
            ampersand: self.ampersand >> count,
            equals: self.equals >> count,
            encoded: self.encoded >> count,
            forbidden: self.forbidden >> count,
        }
    }
}

#[cfg(target_arch = "x86_64")]
mod vectors {
    use wide::i8x16;

    use super::{Block, Masks};

    pub(super) fn classify(block: &Block) -> Masks {
        let mut masks = Masks { ampersand: 0, equals: 0, encoded: 0, forbidden: 0 };
        let (sixteens, _) = block.as_chunks::<16>();
        for (index, sixteen) in sixteens.iter().enumerate() {
            let bytes = i8x16::new(sixteen.map(u8::cast_signed));
            let is = |byte: u8| bytes.simd_eq(i8x16::splat(byte.cast_signed()));
            // Signed comparison: what is not ASCII is negative, and so below `!` as well.
            let below = bytes.simd_lt(i8x16::splat(b'!'.cast_signed()));
            let place = 16 * index;
            masks.ampersand |= bits(is(b'&')) << place;
            masks.equals |= bits(is(b'=')) << place;
            masks.encoded |= bits(is(b'%') | is(b'+')) << place;
            masks.forbidden |= bits(below | is(0x7F) | is(b'#')) << place;
        }
        masks
    }

    /// The sign of each byte, as the lowest sixteen bits.
    fn bits(bytes: i8x16) -> u64 {
        u64::from(bytes.to_bitmask())
    }
}

#[cfg(any(test, not(target_arch = "x86_64")))]
mod portable {
    use super::{Block, Masks};

    const LOW: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = LOW << 7;

    pub(super) fn classify(block: &Block) -> Masks {
        let mut masks = Masks { ampersand: 0, equals: 0, encoded: 0, forbidden: 0 };
        let (eights, _) = block.as_chunks::<8>();
        for (index, eight) in eights.iter().enumerate() {
            let word = u64::from_le_bytes(*eight);
            let place = 8 * index;
            // The sum carries into the high bit of every byte from `!` (0x21) on.
            let below = !((word & !HIGH) + LOW * (0x80 - 0x21)) & HIGH;
            masks.ampersand |= bits(is(word, b'&')) << place;
            masks.equals |= bits(is(word, b'=')) << place;
            masks.encoded |= bits(is(word, b'%') | is(word, b'+')) << place;
            masks.forbidden |= bits(below | word & HIGH | is(word, 0x7F) | is(word, b'#')) << place;
        }
        masks
    }

    /// The high bit of every byte of `word` that is `byte`.
    const fn is(word: u64, byte: u8) -> u64 {
        let differs = word ^ (LOW * byte as u64);
        !(((differs & !HIGH) + !HIGH) | differs) & HIGH
    }

    /// Gathers the high bits of eight bytes into the lowest eight bits.
    const fn bits(highs: u64) -> u64 {
        (highs >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The classes, byte by byte, as the documentation says them.
    fn plain(text: &[u8]) -> Masks {
        let mut masks = Masks { ampersand: 0, equals: 0, encoded: 0, forbidden: 0 };
        for (at, &byte) in text.iter().enumerate() {
            let bit = 1 << at;
            match byte {
                b'&' => masks.ampersand |= bit,
                b'=' => masks.equals |= bit,
                b'%' | b'+' => masks.encoded |= bit,
                b'#' | 0..=0x20 | 0x7F.. => masks.forbidden |= bit,
                _ => {}
            }
        }
        masks
    }

    #[test]
    fn every_byte_at_every_place_is_told_by_all_ways_alike() {
        for place in 0..LEN {
            for byte in 0..=255u8 {
                for around in [b'a', b'&', 0x00, 0xFF, b'%' - 1] {
                    let mut block = [around; LEN];
                    block[place] = byte;
                    let expected = plain(&block);
                    assert_eq!(classify(&block), expected, "{byte:#x} at {place} among {around:#x}");
                    assert_eq!(
                        portable::classify(&block),
                        expected,
                        "{byte:#x} at {place} among {around:#x}"
                    );
                }
            }
        }
    }

    #[test]
    fn last_blocks_of_every_length_speak_of_their_own_bytes() {
        let text: alloc::vec::Vec<u8> =
            (0..200u8).map(|at| b"a&=%+#\x00b"[usize::from(at) * 5 % 8]).collect();
        for len in 0..text.len() {
            let text = &text[..len];
            for start in (0..len).step_by(LEN) {
                let end = len.min(start + LEN);
                assert_eq!(Masks::at(text, start), plain(&text[start..end]), "{start} of {len}");
            }
        }
    }
}
