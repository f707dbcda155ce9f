//! Where the server's secrets come from.

use std::fmt;
use std::sync::{Mutex, PoisonError};

use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// A cryptographic generator. Each actor draws from a stream of its own, so that what one of them draws does not depend
/// on what the other has drawn.
pub(crate) struct Random(Mutex<ChaCha20Rng>);

/// Who draws.
#[derive(Clone, Copy)]
pub(crate) enum Stream {
    AuthorizationServer = 0,
    App = 1,
}

impl Random {
    /// The generator of one actor.
    pub(crate) fn new(seed: [u8; 32], stream: Stream) -> Self {
        let mut generator = ChaCha20Rng::from_seed(seed);
        generator.set_stream(stream as u64);
        Self(Mutex::new(generator))
    }

    /// Fresh bytes.
    // req: RFC6819-5.1.4.2.2-1
    pub(crate) fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.0.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(&mut bytes);
        bytes
    }

    /// A fresh key.
    pub(crate) fn key<const N: usize>(&self) -> Key<N> {
        Key(self.bytes())
    }
}

/// `N` bytes that nobody can guess: a token, the name of a session, the proof that a form is ours. Written in
/// lower-case hexadecimal, which every cookie, form and header can carry.
///
/// Nothing that is kept holds one: tables have its [hash](Self::hash). Elsewhere it is compared by [`is`](Self::is).
#[derive(Clone, Copy)]
#[cfg_attr(test, derive(PartialEq))]
pub(crate) struct Key<const N: usize>([u8; N]);

/// What is kept in the place of a key: its SHA-256. Whoever reads the table gets no token to use, and the time of a look-up
/// says nothing of where two keys differ.
// req: RFC6819-5.1.4.1.1-1
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct KeyHash(pub(crate) [u8; 32]);

impl<const N: usize> Key<N> {
    /// Reads a key back.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.as_bytes();
        if text.len() != 2 * N {
            return None;
        }
        let digit = |byte: u8| match byte {
            b'0'..=b'9' => Some(byte - b'0'),
            b'a'..=b'f' => Some(byte - b'a' + 10),
            _ => None,
        };
        let mut bytes = [0; N];
        for (byte, pair) in bytes.iter_mut().zip(text.chunks_exact(2)) {
            *byte = digit(pair[0])? << 4 | digit(pair[1])?;
        }
        Some(Self(bytes))
    }

    /// The key as text: a secret.
    pub(crate) fn reveal_secret(&self) -> String {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let digits = self.0.iter().flat_map(|byte| [byte >> 4, byte & 15]);
        digits.map(|digit| char::from(DIGITS[usize::from(digit)])).collect()
    }

    pub(crate) const fn from_bytes(bytes: [u8; N]) -> Self {
        Self(bytes)
    }

    /// The key as it is: a secret.
    pub(crate) const fn as_secret_bytes(&self) -> &[u8; N] {
        &self.0
    }

    /// What can be kept of it.
    pub(crate) fn hash(&self) -> KeyHash {
        KeyHash(Sha256::digest(self.0).into())
    }

    /// Whether both are equal, in constant time.
    pub(crate) fn is(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl<const N: usize> fmt::Debug for Key<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(redacted)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    // req(test): RFC6819-5.1.4.2.2-1
    fn a_seed_says_all_and_the_streams_differ() {
        let draw = |seed, stream| Random::new([seed; 32], stream).key::<20>().reveal_secret();
        assert_eq!(draw(7, Stream::AuthorizationServer), draw(7, Stream::AuthorizationServer));
        assert_ne!(draw(7, Stream::AuthorizationServer), draw(7, Stream::App));
        assert_ne!(draw(7, Stream::AuthorizationServer), draw(8, Stream::AuthorizationServer));
        let random = Random::new([7; 32], Stream::App);
        assert_ne!(random.bytes::<32>(), random.bytes::<32>());
    }

    #[test]
    fn a_key_is_read_back_and_nothing_else_is() {
        let key = Random::new([7; 32], Stream::App).key::<4>();
        let text = key.reveal_secret();
        assert_eq!(text.len(), 8);
        assert!(Key::parse(&text).is_some_and(|read| read.is(&key)));
        assert_eq!(Key::<4>::parse("00ff7a1c").map(|key| key.reveal_secret()).as_deref(), Some("00ff7a1c"));
        for bad in ["", "00ff7a1", "00ff7a1c0", "00FF7A1C", "00ff7a1g", "00ff7a1\u{e9}"] {
            assert!(Key::<4>::parse(bad).is_none(), "{bad}");
        }
        assert_eq!(format!("{key:?}"), "Key(redacted)");
    }
}
