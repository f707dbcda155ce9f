//! The keys of the pages that have been served: each lets one address in, once.

use std::collections::VecDeque;
use std::fmt;

use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// Bytes of a key: 160 bits, as many as the secret half of a state has.
const KEY_BYTES: usize = 20;
/// Bytes of the nonce that a page's own script is known by.
const NONCE_BYTES: usize = 16;
/// The most pages that can be open. Beyond that the oldest one's key ends, so that whoever loads pages without end fills no
/// memory.
const MAX_OPEN: usize = 64;

/// Fresh bytes from the system, for one page.
pub(super) struct Fresh(Zeroizing<[u8; Self::LEN]>);

impl Fresh {
    pub(super) const LEN: usize = KEY_BYTES + NONCE_BYTES;

    pub(super) fn new(bytes: [u8; Self::LEN]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    pub(super) fn draw() -> Result<Self, getrandom::Error> {
        let mut fresh = Self::new([0; Self::LEN]);
        getrandom::fill(&mut *fresh.0)?;
        Ok(fresh)
    }

    pub(super) fn nonce(&self) -> String {
        hex(&self.0[KEY_BYTES..])
    }
}

/// The keys that have not been used. Each page has one of its own: whoever uses his up uses up nobody else's.
#[derive(Default)]
pub(super) struct OneTimeKeys(VecDeque<Zeroizing<String>>);

impl OneTimeKeys {
    /// Makes a key, for a page that is about to be served.
    pub(super) fn issue(&mut self, fresh: &Fresh) -> Zeroizing<String> {
        if self.0.len() >= MAX_OPEN {
            self.0.pop_front();
        }
        let key = Zeroizing::new(hex(&fresh.0[..KEY_BYTES]));
        self.0.push_back(key.clone());
        key
    }

    /// Uses a key up. `false` if it is none, or was used before.
    // req: RFC6819-5.1.4.2.2-1
    pub(super) fn spend(&mut self, key: &[u8]) -> bool {
        // All of them are compared, each in constant time: how long it takes says nothing of how near a guess was.
        let is_this = |own: &Zeroizing<String>| bool::from(own.as_bytes().ct_eq(key));
        let found = self.0.iter().map(is_this).enumerate().fold(None, |found, (at, is)| match is {
            true => Some(at),
            false => found,
        });
        found.and_then(|at| self.0.remove(at)).is_some()
    }
}

impl fmt::Debug for OneTimeKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OneTimeKeys({} open)", self.0.len())
    }
}

/// Lower-case hexadecimal, which headers, attributes and policies carry as it is.
fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.map(|digit| char::from(DIGITS[usize::from(digit)])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fresh(byte: u8) -> Fresh {
        Fresh::new([byte; Fresh::LEN])
    }

    #[test]
    fn a_key_has_160_bits_and_serves_once() {
        let mut keys = OneTimeKeys::default();
        let (first, second) = (keys.issue(&fresh(0x1A)), keys.issue(&fresh(2)));
        assert_eq!(first.as_str(), "1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a");
        assert!(keys.spend(first.as_bytes()));
        assert!(!keys.spend(first.as_bytes()));
        assert!(keys.spend(second.as_bytes()));
    }

    #[test]
    fn nothing_else_is_a_key() {
        let mut keys = OneTimeKeys::default();
        assert!(!keys.spend(b""));
        let key = keys.issue(&fresh(0xAB));
        for other in ["", "ab", &key[1..], &format!("{}0", *key), &key.to_uppercase(), &key.replace('b', "c")]
        {
            assert!(!keys.spend(other.as_bytes()), "{other}");
        }
        assert!(keys.spend(key.as_bytes()));
    }

    #[test]
    fn the_oldest_of_too_many_ends() {
        let mut keys = OneTimeKeys::default();
        let issued: Vec<_> = (0..=MAX_OPEN).map(|at| keys.issue(&fresh(at as u8))).collect();
        assert!(!keys.spend(issued[0].as_bytes()));
        assert!(issued[1..].iter().all(|key| keys.spend(key.as_bytes())));
    }

    #[test]
    fn what_is_drawn_differs_and_nothing_shows_it() {
        let (one, other) = (Fresh::draw().unwrap(), Fresh::draw().unwrap());
        assert_ne!(one.nonce(), other.nonce());
        let mut keys = OneTimeKeys::default();
        keys.issue(&one);
        assert_eq!(format!("{keys:?}"), "OneTimeKeys(1 open)");
        // The nonce stands in a header, and says nothing of the key.
        assert!(!keys.issue(&other).contains(&other.nonce()));
    }
}
