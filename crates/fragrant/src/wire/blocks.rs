//! Many bytes at a time: which of them are to be looked at, and which runs of them are not.
//!
//! Most bytes of a form need no look. So a block of 64 is turned into a bit set of those that do, and the reader walks from
//! bit to bit instead of from byte to byte. Where the target surely has vectors (every x86-64 has SSE2), sixteen bytes are
//! compared at once, through `wide`, which keeps this crate free of `unsafe`; elsewhere eight, in plain integers. The rustc
//! cfg `fragrant_portable` takes the plain integers everywhere, so that the benches can time them.

#[cfg(any(fragrant_portable, not(target_arch = "x86_64")))]
use portable as way;
#[cfg(all(not(fragrant_portable), target_arch = "x86_64"))]
use vectors as way;

use crate::grammar::UNRESERVED;

/// The number of bytes in a block.
pub(super) const LEN: usize = 64;
/// The number of bytes in a run of sixteen escapes.
pub(super) const RUN: usize = 48;

/// A block of a form.
type Block = [u8; LEN];
/// Sixteen escapes.
type Run = [u8; RUN];

/// The bytes of the block of `text` at `start` that must be looked at: bit *n* speaks of byte *n*. They are all those up to
/// `+`, `=`, DEL and what is not ASCII, so everything that separates, needs decoding or must not be there. `start` is at most
/// the text's length; behind its end no bit is set.
#[inline]
pub(super) fn marks(text: &[u8], start: usize) -> u64 {
    let rest = text.get(start..).unwrap_or_default();
    if let Some(block) = rest.first_chunk() {
        return way::marks(block);
    }
    if rest.is_empty() {
        return 0;
    }
    // The last bytes of a text that is long enough are read together with some before them, whose bits are shifted
    // out again: no copy.
    if let Some(block) = text.last_chunk() {
        return way::marks(block) >> (LEN - rest.len());
    }
    // A byte that needs no look.
    let mut block = [b'z'; LEN];
    for (byte, own) in block.iter_mut().zip(rest) {
        *byte = *own;
    }
    way::marks(&block)
}

/// How many blocks of `text` from `start` on have no mark.
#[inline]
pub(super) fn count_plain(text: &[u8], start: usize) -> usize {
    let (blocks, _) = text.get(start..).unwrap_or_default().as_chunks();
    blocks.iter().take_while(|block| way::is_plain(block)).count()
}

/// Whether sixteen escapes in a row may begin at the lowest mark.
#[inline]
pub(super) const fn may_begin_run(marks: u64) -> bool {
    const EVERY_THIRD: u64 = 0x2492_4924_9249;
    marks.unbounded_shr(marks.trailing_zeros()) & EVERY_THIRD == EVERY_THIRD
}

/// How many times sixteen escapes of printable ASCII follow one another in `text` from `start` on.
#[inline]
pub(super) fn count_runs(text: &[u8], start: usize) -> usize {
    let (runs, _) = text.get(start..).unwrap_or_default().as_chunks();
    runs.iter().take_while(|run| way::is_run(run)).count()
}

/// The first block of a text, which may be less, and what stands behind it.
#[inline]
pub(super) fn first(text: &[u8]) -> (&[u8], &[u8]) {
    text.split_at_checked(LEN).unwrap_or((text, &[]))
}

/// The bytes of a block, or of less, that an encoder escapes: all but `unreserved` (RFC 3986 section 2.3). Bit *n* speaks of
/// byte *n*.
#[inline(never)] // in a loop its constants would be loaded anew after each call of another function
pub(super) fn to_escape(block: &[u8]) -> u64 {
    // Some bytes are looked at twice, and found to be the same.
    if let Some(last) = block.last_chunk() {
        let (sixteens, _) = block.as_chunks();
        let marks = |(index, sixteen)| u64::from(way::to_escape(sixteen)) << (16 * index);
        let last = u64::from(way::to_escape(last)) << (block.len() - 16);
        return sixteens.iter().enumerate().fold(last, |all, next| all | marks(next));
    }
    if let (Some(first), Some(last)) = (block.first_chunk(), block.last_chunk()) {
        let both = u128::from(u64::from_le_bytes(*first)) | u128::from(u64::from_le_bytes(*last)) << 64;
        let [first, last] = way::to_escape(&both.to_le_bytes()).to_le_bytes();
        return u64::from(first) | u64::from(last) << (block.len() - 8);
    }
    to_escape_one_by_one(block)
}

/// The same, without vectors.
#[inline]
fn to_escape_one_by_one(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |marks, byte| marks << 1 | u64::from(IS_ESCAPED[usize::from(*byte)]))
}

static IS_ESCAPED: [bool; 256] = {
    let mut is_escaped = [true; 256];
    let mut byte = 0;
    while byte < 128 {
        is_escaped[byte as usize] = !UNRESERVED.contains(byte);
        byte += 1;
    }
    is_escaped
};

/// Of two words that hold `AB%CD%EF` each: the values of the three escapes, in bytes 1, 4 and 7. The rest is nothing.
#[inline]
pub(super) fn escaped(words: [u64; 2]) -> [u64; 2] {
    way::escaped(words)
}

/// For [`escaped`]: what bears a digit's worth, what tells a letter from a digit, and where the values are.
const DIGIT: u64 = 0x0F0F_0F0F_0F0F_0F0F;
const LETTER: u64 = 0x0101_0101_0101_0101;
const VALUES: u64 = 0xFF00_00FF_0000_FF00;

/// What may stand at each place of an escape, as the two ranges that the places of all three can be told by: of `%`, of `2` to
/// `7`, and of digits; and a second one, of letters, where there may be letters.
const FIRST: [(u8, u8); 3] = [(b'%', b'%'), (b'2', b'7'), (b'0', b'9')];
const SECOND: (u8, u8) = (b'a', b'f');

#[cfg(all(not(fragrant_portable), target_arch = "x86_64"))]
mod vectors {
    use wide::{i8x16, u8x16, u64x2};

    use super::{Block, DIGIT, FIRST, LETTER, Run, SECOND, VALUES};

    /// Sixteen bytes at a time.
    #[inline]
    pub(super) fn marks(block: &Block) -> u64 {
        let (sixteens, _) = block.as_chunks::<16>();
        let mut marks = 0;
        for (index, sixteen) in sixteens.iter().enumerate() {
            let bytes = i8x16::new(sixteen.map(u8::cast_signed));
            // Signed, and one more: DEL becomes the least of all, and what is not ASCII is negative or nothing.
            let is_low = (bytes + splat(1)).simd_lt(splat(b'+' + 2));
            // The sign of each byte, as the lowest sixteen bits.
            marks |= u64::from((is_low | bytes.simd_eq(splat(b'='))).to_bitmask()) << (16 * index);
        }
        marks
    }

    #[inline]
    pub(super) fn is_plain(block: &Block) -> bool {
        let (sixteens, _) = block.as_chunks::<16>();
        // Moved so that all that may not be there is below all that may: from DEL over 255 to `+`.
        let moved = |byte: u8| byte.wrapping_sub(0x7F);
        let (mut least, mut is_equals) = (u8x16::splat(u8::MAX), u8x16::splat(0));
        for sixteen in sixteens {
            let bytes = u8x16::new(*sixteen) + u8x16::splat(moved(0));
            least = least.min(bytes);
            is_equals |= bytes.simd_eq(u8x16::splat(moved(b'=')));
        }
        let low = u8x16::splat(moved(b'+'));
        (least.min(low).simd_eq(least) | is_equals).to_bitmask() == 0
    }

    #[inline]
    pub(super) fn is_run(run: &Run) -> bool {
        const PLACES: [[i8x16; 4]; 3] = [places(0), places(1), places(2)];
        let at = |start: usize| {
            let sixteen = run.get(start..).and_then(<[u8]>::first_chunk).copied();
            i8x16::new(sixteen.unwrap_or([0; 16]).map(u8::cast_signed))
        };
        let is_sound = [0, 16, 32].into_iter().zip(PLACES).fold(splat(0xFF), |is_sound, (start, places)| {
            let [to_first, first, to_second, second] = places;
            let is_first = (at(start) + to_first).simd_gt(first);
            let is_second = ((at(start) | splat(0x20)) + to_second).simd_gt(second);
            is_sound & (is_first | is_second)
        });
        // %7F is DEL. The places of all first digits, and those behind them.
        let is_delete = [0, 16, 31].into_iter().fold(splat(0), |is_delete, start| {
            let is_f = (at(start + 1) | splat(0x20)).simd_eq(splat(b'f'));
            is_delete | at(start).simd_eq(splat(b'7')) & is_f
        });
        (is_sound & !is_delete).to_bitmask() == 0xFFFF
    }

    #[inline]
    pub(super) fn to_escape(sixteen: &[u8; 16]) -> u16 {
        let bytes = i8x16::new(sixteen.map(u8::cast_signed));
        // Signed: the greatest of a range is made the greatest there is, and all of the range are then above one value.
        let is_in = |bytes: i8x16, first: u8, last: u8| {
            (bytes + splat(i8::MAX.cast_unsigned() - last))
                .simd_gt(splat(i8::MAX.cast_unsigned() - (last - first) - 1))
        };
        let is_letter = is_in(bytes | splat(0x20), b'a', b'z');
        let is_digit = is_in(bytes, b'-', b'9') & !bytes.simd_eq(splat(b'/'));
        let is_mark = bytes.simd_eq(splat(b'_')) | bytes.simd_eq(splat(b'~'));
        !((is_letter | is_digit | is_mark).to_bitmask() as u16)
    }

    #[inline]
    pub(super) fn escaped(words: [u64; 2]) -> [u64; 2] {
        let words = u64x2::new(words);
        let letters = words >> 6_u32 & u64x2::splat(LETTER);
        let digits = (words & u64x2::splat(DIGIT)) + (letters << 3_u32) + letters;
        ((digits | digits << 12_u32) & u64x2::splat(VALUES)).to_array()
    }

    /// For the vector at `16 * index` of a run: what is added so that the greatest of a range becomes the greatest there is, and
    /// what all of the range are then above; of the first ranges and of the second.
    const fn places(index: usize) -> [i8x16; 4] {
        let mut places = [[0; 16]; 4];
        let mut at = 0;
        while at < 16 {
            let place = (16 * index + at) % 3;
            let (low, high) = FIRST[place];
            places[0][at] = i8::MAX - high as i8;
            places[1][at] = i8::MAX - (high - low) as i8 - 1;
            places[2][at] = i8::MAX - SECOND.1 as i8;
            // Nothing is above the greatest: no letters here.
            places[3][at] = if place == 2 { i8::MAX - (SECOND.1 - SECOND.0) as i8 - 1 } else { i8::MAX };
            at += 1;
        }
        [i8x16::new(places[0]), i8x16::new(places[1]), i8x16::new(places[2]), i8x16::new(places[3])]
    }

    fn splat(byte: u8) -> i8x16 {
        i8x16::splat(byte.cast_signed())
    }
}

#[cfg(any(test, fragrant_portable, not(target_arch = "x86_64")))]
mod portable {
    use super::{Block, DIGIT, FIRST, LETTER, Run, SECOND, VALUES};

    const LOW: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = LOW << 7;

    /// Eight bytes at a time.
    #[inline]
    pub(super) fn marks(block: &Block) -> u64 {
        let (eights, _) = block.as_chunks::<8>();
        let mut marks = 0;
        for (index, eight) in eights.iter().enumerate() {
            // The high bits of eight bytes, gathered into eight bits.
            let bits = (marked(*eight) >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56;
            marks |= bits << (8 * index);
        }
        marks
    }

    #[inline]
    pub(super) fn is_plain(block: &Block) -> bool {
        let (eights, _) = block.as_chunks::<8>();
        eights.iter().fold(0, |marks, eight| marks | marked(*eight)) == 0
    }

    /// The high bit of every byte that is marked.
    #[inline]
    fn marked(eight: [u8; 8]) -> u64 {
        let word = u64::from_le_bytes(eight);
        let low = word & !HIGH;
        // What is at least so much carries into the high bit.
        let (is_high, is_delete) = (low + LOW * (0x80 - (b'+' as u64 + 1)), low + LOW);
        let differs = low ^ (LOW * b'=' as u64);
        let is_not_equals = differs + !HIGH;
        (word | !is_high | is_delete | !is_not_equals) & HIGH
    }

    #[inline]
    pub(super) fn is_run(run: &Run) -> bool {
        let (threes, _) = run.as_chunks::<3>();
        threes.iter().all(|[percent, high, low]| {
            let is_in = |byte: &u8, (first, last): (u8, u8)| (first..=last).contains(byte);
            let lower = low | 0x20;
            let is_low = is_in(low, FIRST[2]) || is_in(&lower, SECOND) && !(*high == b'7' && lower == b'f');
            is_in(percent, FIRST[0]) && is_in(high, FIRST[1]) && is_low
        })
    }

    #[inline]
    pub(super) fn to_escape(sixteen: &[u8; 16]) -> u16 {
        super::to_escape_one_by_one(sixteen) as u16
    }

    #[inline]
    pub(super) fn escaped(words: [u64; 2]) -> [u64; 2] {
        words.map(|word| {
            // A letter has bit 6, and is 9 more than its low digit says.
            let digits = (word & DIGIT) + 9 * (word >> 6 & LETTER);
            (digits | digits << 12) & VALUES
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_at_every_place_is_told_by_all_ways_alike() {
        for place in 0..LEN {
            for byte in 0..=255u8 {
                for around in [b'a', b'&', 0x00, 0xFF, b'=' - 1, b'=' + 1, b'~', b'+' - 1, b'+' + 1] {
                    let mut block = [around; LEN];
                    block[place] = byte;
                    let context = || alloc::format!("{byte:#x} at {place} among {around:#x}");
                    let is_marked = |byte: &u8| matches!(byte, 0..=b'+' | b'=' | 0x7F..);
                    let bits =
                        block.iter().rev().fold(0, |bits, byte| bits << 1 | u64::from(is_marked(byte)));
                    assert_eq!(way::marks(&block), bits, "{}", context());
                    assert_eq!(portable::marks(&block), bits, "{}", context());
                    assert_eq!(way::is_plain(&block), bits == 0, "{}", context());
                    assert_eq!(portable::is_plain(&block), bits == 0, "{}", context());
                }
            }
        }
    }

    /// The tests beside it try far more, and so much that an interpreter would not end with it.
    #[test]
    fn one_of_each_kind_is_told_by_both_ways() {
        let mut block = [b'a'; LEN];
        assert!(way::is_plain(&block) && portable::is_plain(&block));
        (block[0], block[33], block[63]) = (b'=', 0x7F, b'&');
        let bits = 1 << 63 | 1 << 33 | 1;
        assert_eq!((way::marks(&block), portable::marks(&block)), (bits, bits));
        assert!(!way::is_plain(&block) && !portable::is_plain(&block));
        let sixteen = *b"a-Z09._~%/ =\x00\x7f\x80\xff";
        let escaped = 0b1111_1111_0000_0000;
        assert_eq!((way::to_escape(&sixteen), portable::to_escape(&sixteen)), (escaped, escaped));
        let run: Run = core::array::from_fn(|at| b"%4a"[at % 3]);
        assert!(way::is_run(&run) && portable::is_run(&run) && count_runs(&run, 0) == 1);
        let mut broken = run;
        broken[31] = b'8';
        assert!(!way::is_run(&broken) && !portable::is_run(&broken));
        let word = u64::from_le_bytes(*b"4a%5B%7e");
        let values = u64::from_le_bytes([0, 0x4A, 0, 0, 0x5B, 0, 0, 0x7E]);
        assert_eq!((way::escaped([word; 2]), portable::escaped([word; 2])), ([values; 2], [values; 2]));
    }

    /// Vectors put bytes of several places together, where one must not undo another.
    #[test]
    fn every_pair_of_marks_is_seen() {
        for one in 0..LEN {
            for other in 0..LEN {
                for pair in [[b'=', b'&'], [b'=', b'='], [0x7F, b'&'], [0x80, 0xFF]] {
                    let mut block = [b'a'; LEN];
                    (block[one], block[other]) = (pair[0], pair[1]);
                    assert!(!way::is_plain(&block), "{pair:?} at {one} and {other}");
                    assert!(!portable::is_plain(&block), "{pair:?} at {one} and {other}");
                    let mut run: Run = core::array::from_fn(|at| b"%41"[at % 3]);
                    for escape in [one % 16, other % 16] {
                        run[3 * escape..3 * escape + 3].copy_from_slice(b"%7f");
                    }
                    assert!(!way::is_run(&run) && !portable::is_run(&run), "%7f at {one} and {other}");
                }
            }
        }
    }

    /// What is looked at to go faster has to see what there is, or it goes slower and nobody notices.
    #[test]
    fn shortcuts_are_taken() {
        let plain = [b'a'; 3 * LEN + 5];
        assert_eq!([0, 1, LEN, 3 * LEN].map(|start| count_plain(&plain, start)), [3, 3, 2, 0]);
        let run = b"a&%41".repeat(20);
        assert!(!may_begin_run(marks(&run, 0)), "other marks stand between");
        assert!(may_begin_run(marks(&b"%41".repeat(30), 0)));
    }

    #[test]
    fn last_blocks_of_every_length_speak_of_their_own_bytes() {
        let text: alloc::vec::Vec<u8> =
            (0..200u8).map(|at| b"a&=%+#\x00b7"[usize::from(at) * 5 % 9]).collect();
        for len in 0..text.len() {
            let text = &text[..len];
            for start in 0..=len {
                let mut block = [b'z'; LEN];
                let own = &text[start..len.min(start + LEN)];
                block[..own.len()].copy_from_slice(own);
                assert_eq!(marks(text, start), way::marks(&block), "{start} of {len}");
            }
        }
    }

    #[test]
    fn what_is_escaped_is_told_at_every_place_of_every_length() {
        for len in 0..=LEN {
            for place in 0..len {
                for byte in 0..=255u8 {
                    for around in [b'a', b'/'] {
                        let mut block = alloc::vec![around; len];
                        block[place] = byte;
                        let is_escaped = |byte: &u8| !UNRESERVED.contains(*byte);
                        let bits =
                            block.iter().rev().fold(0, |bits, byte| bits << 1 | u64::from(is_escaped(byte)));
                        let context = || alloc::format!("{byte:#x} at {place} of {len} {around:#x}");
                        assert_eq!(to_escape(&block), bits, "{}", context());
                        assert_eq!(to_escape_one_by_one(&block), bits, "{}", context());
                        if let Ok(sixteen) = block.as_slice().try_into() {
                            assert_eq!(u64::from(portable::to_escape(sixteen)), bits, "{}", context());
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn the_first_block_is_a_whole_one_if_there_is_one() {
        let text = [b'a'; 2 * LEN];
        for (len, first_len) in
            [(0, 0), (1, 1), (LEN - 1, LEN - 1), (LEN, LEN), (LEN + 1, LEN), (2 * LEN, LEN)]
        {
            let (block, rest) = first(&text[..len]);
            assert_eq!((block.len(), rest.len()), (first_len, len - first_len));
        }
    }

    #[test]
    fn escapes_are_worth_what_their_digits_say() {
        for value in 0..=255u8 {
            let text = alloc::format!("{value:02x}%{:02X}%{value:02X}", value ^ 0xA5);
            let word = u64::from_le_bytes(*text.as_bytes().first_chunk().unwrap());
            let bytes = u64::from_le_bytes([0, value, 0, 0, value ^ 0xA5, 0, 0, value]);
            assert_eq!(way::escaped([word, 0]), [bytes, 0], "{text}");
            assert_eq!(portable::escaped([0, word]), [0, bytes], "{text}");
        }
    }

    #[test]
    fn runs_hold_nothing_but_escapes_of_printable_ascii() {
        for escape in 0..16 {
            for at in 0..3 {
                for byte in 0..=255u8 {
                    for around in [*b"%41", *b"%7e", *b"%2F", *b"%6f", *b"%37", *b"%77"] {
                        let mut run: Run = core::array::from_fn(|at| around[at % 3]);
                        run[3 * escape + at] = byte;
                        let is_escape = |three: &[u8; 3]| {
                            let digits = core::str::from_utf8(&three[1..]).unwrap_or_default();
                            let is_whole = three[0] == b'%' && three[1..].iter().all(u8::is_ascii_hexdigit);
                            let value = u8::from_str_radix(digits, 16).unwrap_or_default();
                            is_whole && matches!(value, 0x20..=0x7E)
                        };
                        let expected = run.as_chunks().0.iter().all(is_escape);
                        let context = || alloc::format!("{:?}", alloc::string::String::from_utf8_lossy(&run));
                        assert_eq!(way::is_run(&run), expected, "{}", context());
                        assert_eq!(portable::is_run(&run), expected, "{}", context());
                        assert_eq!(count_runs(&run, 0), usize::from(expected), "{}", context());
                        assert!(!expected || may_begin_run(marks(&run, 0)));
                    }
                }
            }
        }
    }
}
