//! The keys of the pages that have been served: each lets one address in, once.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// Bytes of the secret that the keys are made with, the block length of the hash: taken as it is.
const SECRET_BYTES: usize = 64;
/// Characters of a page's number, at the beginning of its key.
const NUMBER_DIGITS: usize = 16;
/// Bytes of the proof that follows: 160 bits, as many as the secret half of a state has.
const PROOF_BYTES: usize = 20;
/// Bytes of the nonce that a page's own script is known by.
const NONCE_BYTES: usize = 16;

/// Makes the pages' keys by HMAC-SHA-256, with a secret that nobody else has and that ends with the receiver.
///
/// A key is its page's number with a proof of it, so none has to be stored, and nobody voids another's by loading pages. What is
/// kept is a byte for each page that was served. The receiver takes no more than some hundred connections a second, so that stays
/// below a megabyte in ten minutes, whoever loads pages without end.
pub(super) struct OneTimeKeys {
    keyed: Hmac<Sha256>,
    /// Whether the key of the page with this number is used up.
    used: Vec<bool>,
}

/// What one page is served with.
pub(super) struct PageSecrets {
    pub(super) key: Zeroizing<String>,
    pub(super) nonce: String,
}

impl OneTimeKeys {
    pub(super) fn draw() -> Result<Self, getrandom::Error> {
        let mut secret = Zeroizing::new([0; SECRET_BYTES]);
        getrandom::fill(&mut *secret)?;
        Ok(Self::new(&secret))
    }

    fn new(secret: &[u8; SECRET_BYTES]) -> Self {
        Self { keyed: Hmac::new(secret.into()), used: Vec::new() }
    }

    /// Makes the key and the nonce of a page that is about to be served.
    pub(super) fn issue(&mut self) -> PageSecrets {
        let number = self.used.len();
        self.used.push(false);
        PageSecrets { key: self.key(number), nonce: self.tag::<NONCE_BYTES>(b"nonce", number) }
    }

    /// Uses a key up. `false` if it is none, or was used before.
    // req: RFC6819-5.1.4.2.2-1
    pub(super) fn spend(&mut self, key: &[u8]) -> bool {
        // The number is no secret. Other spellings of it than ours do not pass the comparison.
        let number = key.get(..NUMBER_DIGITS).and_then(|digits| std::str::from_utf8(digits).ok());
        let Some(number) = number.and_then(|digits| usize::from_str_radix(digits, 16).ok()) else {
            return false;
        };
        // In constant time: how long it takes says nothing of how near a guess was.
        let is_ours = bool::from(self.key(number).as_bytes().ct_eq(key));
        match self.used.get_mut(number) {
            Some(used) if is_ours => !std::mem::replace(used, true),
            _ => false,
        }
    }

    fn key(&self, number: usize) -> Zeroizing<String> {
        let proof = Zeroizing::new(self.tag::<PROOF_BYTES>(b"key", number));
        Zeroizing::new(format!("{number:0NUMBER_DIGITS$x}{}", *proof))
    }

    /// The first bytes of the tag of a number, for one purpose.
    fn tag<const LEN: usize>(&self, purpose: &[u8], number: usize) -> String {
        let mut mac = self.keyed.clone();
        mac.update(&number.to_be_bytes());
        mac.update(purpose);
        let tag = mac.finalize().into_bytes();
        tag.iter().take(LEN).map(|byte| format!("{byte:02x}")).collect()
    }
}

impl fmt::Debug for OneTimeKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OneTimeKeys({} issued)", self.used.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys() -> OneTimeKeys {
        OneTimeKeys::new(&[7; SECRET_BYTES])
    }

    #[test]
    fn a_key_has_160_secret_bits_and_serves_once() {
        let mut keys = keys();
        let (first, second) = (keys.issue().key, keys.issue().key);
        assert_eq!((&first[..16], &second[..16]), ("0000000000000000", "0000000000000001"));
        assert_eq!(first.len(), 16 + 160 / 4);
        assert_ne!(first[16..], second[16..]);
        assert!(keys.spend(first.as_bytes()));
        assert!(!keys.spend(first.as_bytes()));
        assert!(keys.spend(second.as_bytes()));
    }

    #[test]
    fn nothing_else_is_a_key() {
        let mut keys = keys();
        assert!(!keys.spend(b""));
        // Made with the right secret, for a page that was not served yet.
        let unserved = keys.key(0);
        assert!(!keys.spend(unserved.as_bytes()));
        let mut others = OneTimeKeys::new(&[8; SECRET_BYTES]);
        let (key, foreign) = (keys.issue().key, others.issue().key);
        let (number, proof) = key.split_at(NUMBER_DIGITS);
        let next = keys.issue().key;
        for other in [
            "",
            "ab",
            number,
            proof,
            &foreign,
            &key[1..],
            &format!("{}0", *key),
            &format!("+{}", &key[1..]),
            &format!("{number}{}", proof.to_uppercase()),
            &format!("{}{proof}", &next[..NUMBER_DIGITS]),
            &format!("{}{proof}", "f".repeat(NUMBER_DIGITS)),
            "\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}",
        ] {
            assert!(!keys.spend(other.as_bytes()), "{other}");
        }
        assert!(keys.spend(key.as_bytes()) && keys.spend(next.as_bytes()));
    }

    #[test]
    fn whoever_loads_pages_voids_nobody_elses_and_brings_no_used_one_back() {
        let mut keys = keys();
        let (used, honest) = (keys.issue().key, keys.issue().key);
        assert!(keys.spend(used.as_bytes()));
        for _ in 0..10_000 {
            keys.issue();
        }
        assert!(!keys.spend(used.as_bytes()));
        assert!(keys.spend(honest.as_bytes()));
    }

    #[test]
    fn what_is_drawn_differs_and_nothing_shows_it() {
        let (mut one, mut other) = (OneTimeKeys::draw().unwrap(), OneTimeKeys::draw().unwrap());
        let (first, second) = (one.issue(), other.issue());
        assert_ne!(first.nonce, second.nonce);
        assert_ne!(first.key, second.key);
        assert_eq!(first.nonce.len(), 2 * NONCE_BYTES);
        // The nonce stands in a header, and says nothing of the key.
        assert!(!first.key.contains(&first.nonce) && !first.key.contains(&first.nonce[..16]));
        assert_eq!(format!("{one:?}"), "OneTimeKeys(1 issued)");
    }
}
