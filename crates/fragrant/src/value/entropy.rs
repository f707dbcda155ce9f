//! Randomness as an argument.

use alloc::string::String;
use core::fmt;

use zeroize::Zeroizing;

/// Bytes of entropy that the lookup key of a state takes.
pub(super) const KEY_BYTES: usize = 8;
/// Bytes of entropy that the secret half of a state takes: 160 bits, the strength that RFC 6749 section 10.10 asks for.
pub(super) const SECRET_BYTES: usize = 20;
/// Bytes of entropy that a nonce takes.
pub(super) const NONCE_BYTES: usize = 20;

/// Fresh bytes from a cryptographic random number generator, for exactly one authorization request.
///
/// The core owns no generator: draw the bytes from the operating system (`getrandom`, `crypto.getRandomValues`) for
/// each request. Using the same bytes twice gives two requests the same state, which is the mistake that states exist
/// to prevent; so the type can be neither copied nor cloned.
pub struct Entropy(Zeroizing<[u8; Self::LEN]>);

impl Entropy {
    /// How many bytes to draw.
    pub const LEN: usize = 64;

    /// Wraps freshly drawn bytes.
    pub fn new(bytes: [u8; Self::LEN]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    pub(super) fn for_state_key(&self) -> &[u8] {
        &self.0[..KEY_BYTES]
    }

    pub(super) fn for_state_secret(&self) -> &[u8] {
        &self.0[KEY_BYTES..KEY_BYTES + SECRET_BYTES]
    }

    pub(super) fn for_nonce(&self) -> &[u8] {
        &self.0[KEY_BYTES + SECRET_BYTES..KEY_BYTES + SECRET_BYTES + NONCE_BYTES]
    }
}

impl Entropy {
    /// A number that is no secret, from bytes that no secret is made of: it spreads out who comes when.
    #[cfg(feature = "session")]
    pub(crate) fn for_jitter(&self) -> u64 {
        self.0.last_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes))
    }
}

impl fmt::Debug for Entropy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Entropy(redacted)")
    }
}

/// Appends `bytes` in lower-case hexadecimal: letters and digits only, which no server, proxy or old form decoder
/// rewrites (`+`, `/`, `_` and `-` all have been).
pub(super) fn push_hex(text: &mut String, bytes: &[u8]) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    for byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two values that share a byte would give a part of one away with the other.
    #[test]
    fn no_byte_is_used_twice() {
        let entropy = Entropy::new(core::array::from_fn(|at| at as u8));
        assert!(entropy.for_state_key().iter().copied().eq(0..8));
        assert!(entropy.for_state_secret().iter().copied().eq(8..28));
        assert!(entropy.for_nonce().iter().copied().eq(28..48));
        assert_eq!(alloc::format!("{entropy:?}"), "Entropy(redacted)");
    }

    #[test]
    fn bytes_are_two_lower_case_digits_each() {
        let mut text = String::from("x");
        push_hex(&mut text, &[0x00, 0x0F, 0xF0, 0x9A, 0xFF]);
        assert_eq!(text, "x000ff09aff");
    }
}
