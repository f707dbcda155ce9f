//! What is kept of the parameters that were found: which have come, where each stands, and how it is written.

use super::text::Encoding;
use crate::spec::ResponseParameter;

/// Which of the protocol's parameters have come, a bit each. In 32 bits, as the compiler loads them: a load of more than
/// has just been stored waits for the store.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Present(pub(super) u32);

impl Present {
    /// Those whose presence makes an answer.
    pub(super) const ANSWERS: Self = {
        let (mut bits, mut at) = (0, 0);
        while at < ResponseParameter::COUNT {
            if ResponseParameter::ALL[at].makes_an_answer() {
                bits |= 1 << at;
            }
            at += 1;
        }
        Self(bits)
    };

    pub(super) const fn has(self, parameter: ResponseParameter) -> bool {
        self.0 >> parameter as u32 & 1 == 1
    }
}

/// Where a known parameter stands in the text. Small, as there is one for every name that might come; and in two words, which
/// travel in registers: a structure of smaller fields is written piece by piece and read as a whole, and that read waits
/// for all of the writes.
#[derive(Clone, Copy, Default)]
pub(super) struct Slot(u64, u64);

impl Slot {
    /// `equals` is the place of the `=`, `end` that behind the value. The caller has seen that the text is short enough for
    /// 32 bits.
    pub(super) const fn new(start: usize, equals: usize, end: usize, encodings: Encodings) -> Self {
        Self(start as u64 | (equals as u64) << 32, end as u64 | (encodings.0 as u64) << 32)
    }

    pub(super) const fn start(self) -> usize {
        self.0 as u32 as usize
    }

    pub(super) const fn equals(self) -> usize {
        (self.0 >> 32) as usize
    }

    pub(super) const fn end(self) -> usize {
        self.1 as u32 as usize
    }

    pub(super) const fn encodings(self) -> Encodings {
        Encodings((self.1 >> 32) as u8)
    }
}

/// The [`Encoding`] of a name, and in the upper four bits that of its value.
#[derive(Clone, Copy, Default)]
pub(super) struct Encodings(u8);

impl Encodings {
    /// Of a pair in which nothing is to be decoded.
    pub(super) const PLAIN: Self = Self(0);

    const VALUE_SHIFT: u32 = 4;

    pub(super) const fn of(name: Encoding, value: Encoding) -> Self {
        Self(name.0 | value.0 << Self::VALUE_SHIFT)
    }

    /// Adds what an escape or a `+` says of the part that it stands in.
    pub(super) const fn add(&mut self, encoding: Encoding, is_in_value: bool) {
        self.0 |= encoding.0 << if is_in_value { Self::VALUE_SHIFT } else { 0 };
    }

    pub(super) const fn name(self) -> Encoding {
        Encoding(self.0 & 0xF)
    }

    pub(super) const fn value(self) -> Encoding {
        Encoding(self.0 >> Self::VALUE_SHIFT)
    }

    /// Whether the name is to be decoded.
    pub(super) const fn has_encoded_name(self) -> bool {
        self.0 & Encoding::ENCODED != 0
    }

    /// Whether it has still to be seen that the escapes decode to UTF-8.
    pub(super) const fn is_odd(self) -> bool {
        self.0 & (Encoding::ODD | Encoding::ODD << Self::VALUE_SHIFT) != 0
    }
}
