//! `state`: the value that ties an answer to the request it answers.

use alloc::string::String;
use core::fmt;

use super::InvalidValue;
use super::entropy::{Entropy, KEY_BYTES, SECRET_BYTES, push_hex};
use super::secret::Secret;
use crate::grammar::{self, LOWER_HEX};
use crate::text::cut;

/// How many hexadecimal digits of a generated state are its lookup key.
const KEY_DIGITS: usize = 2 * KEY_BYTES;
/// How many digits a generated state has.
const GENERATED_DIGITS: usize = KEY_DIGITS + 2 * SECRET_BYTES;

/// The `state` parameter (RFC 6749 sections 4.2.1 and 10.12).
///
/// A generated state has two halves, both hexadecimal: 16 digits that say *which* pending request this answers, and 40
/// digits, 160 bits, that nobody else can know. The first half is a [`PendingKey`] and may be looked up before any
/// check; the second is compared in constant time. Digits and letters survive every encoder that a state has been seen
/// to pass through.
///
/// A caller may bring a state of its own instead: any UTF-8 text without control characters.
#[derive(Clone, PartialEq, Eq)]
pub struct State(Secret);

impl State {
    /// Draws a fresh state.
    // req: RFC6749-10.12-3, RFC6749-A.5-1, RFC6749-10.8-2, RFC6819-4.4.2.5-1
    pub fn generate(entropy: &Entropy) -> Self {
        let mut text = String::with_capacity(GENERATED_DIGITS);
        push_hex(&mut text, entropy.for_state_key());
        push_hex(&mut text, entropy.for_state_secret());
        Self(Secret::new(text))
    }

    /// Takes a text that the caller brings. It must be unguessable for whoever could send the browser here; nothing
    /// can check that.
    ///
    /// RFC 6749 appendix A.5 allows printable ASCII only. Real clients send JSON and other UTF-8 text, and servers
    /// must return it unchanged, so all of it is taken here, control characters excepted.
    ///
    /// # Errors
    /// [`InvalidValue`] when the text is empty or holds a control character.
    pub fn new(text: impl Into<String>) -> Result<Self, InvalidValue> {
        let secret = Secret::new(text.into());
        let bad = grammar::first_control(secret.reveal());
        if bad.is_some() || secret.reveal().is_empty() {
            return Err(InvalidValue::new(
                "state",
                bad,
                "text that is not empty and has no control characters",
            ));
        }
        Ok(Self(secret))
    }

    /// The state's text. It is a secret until the answer has come.
    pub fn reveal_secret(&self) -> &str {
        self.0.reveal()
    }

    /// The key under which the pending request is stored.
    // req: RFC6819-5.3.5-1, OIDC-3.1.2.1-5
    pub fn pending_key(&self) -> PendingKey {
        PendingKey::of_state_text(self.reveal_secret())
    }
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("State(redacted)")
    }
}

/// The name under which a pending request is kept: 16 lower-case hexadecimal digits, fit for a storage key.
///
/// It finds a record and proves nothing; whoever holds it still has to match the state.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PendingKey(u64);

impl PendingKey {
    /// The key for a state's text, whatever that text is: the first half of a generated state, a short hash (64-bit
    /// FNV-1a) of any other. Two texts with one hash share a slot and nothing more, as the whole state is compared.
    pub fn of_state_text(text: &str) -> Self {
        if text.len() == GENERATED_DIGITS
            && LOWER_HEX.is_one_or_more(text.as_bytes())
            && let Some(key) = grammar::number(cut(text, 0, KEY_DIGITS), 16)
        {
            return Self(key);
        }
        Self(
            text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
                (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)
            }),
        )
    }

    /// Reads a key's text back.
    ///
    /// # Errors
    /// [`InvalidValue`] when it is not what [`to_text`](Self::to_text) gives: as many lower-case hexadecimal digits.
    pub fn new(text: &str) -> Result<Self, InvalidValue> {
        let is_key = text.len() == KEY_DIGITS && LOWER_HEX.is_one_or_more(text.as_bytes());
        let key = grammar::number(text, 16).filter(|_| is_key);
        key.map(Self).ok_or(InvalidValue::new("pending key", None, "sixteen lower-case hexadecimal digits"))
    }

    /// The key's text.
    pub fn to_text(self) -> String {
        let mut digits = String::with_capacity(KEY_DIGITS);
        push_hex(&mut digits, &self.0.to_be_bytes());
        digits
    }
}

impl fmt::Debug for PendingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PendingKey({self})")
    }
}

impl fmt::Display for PendingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_text())
    }
}

#[cfg(test)]
mod tests {
    use alloc::format;

    use super::*;

    fn counting() -> Entropy {
        let mut bytes = [0; Entropy::LEN];
        for (byte, value) in bytes.iter_mut().zip(0u8..) {
            *byte = value;
        }
        Entropy::new(bytes)
    }

    #[test]
    // req(test): RFC6749-10.12-3, RFC6749-A.5-1, RFC6749-10.8-2
    fn a_generated_state_is_a_key_and_160_secret_bits() {
        let state = State::generate(&counting());
        assert_eq!(state.reveal_secret(), "000102030405060708090a0b0c0d0e0f101112131415161718191a1b");
        assert_eq!(state.pending_key().to_text(), "0001020304050607");
    }

    #[test]
    fn a_brought_state_may_be_any_text_without_controls() {
        for good in ["xyz", "a b+c&d=é%20", "{\"page\":\"/ä\"}"] {
            let state = State::new(good).unwrap();
            assert_eq!(state.reveal_secret(), good);
            assert_eq!(state.pending_key().to_text().len(), 16);
        }
        for bad in ["", "a\n", "\u{0}", "a\u{85}"] {
            assert!(State::new(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn keys_of_brought_states_follow_from_the_text_alone() {
        assert_eq!(PendingKey::of_state_text("xyz"), PendingKey::of_state_text("xyz"));
        assert_ne!(PendingKey::of_state_text("xyz"), PendingKey::of_state_text("xyy"));
        // The published FNV-1a test vector for "a".
        assert_eq!(PendingKey::of_state_text("a").to_text(), "af63dc4c8601ec8c");
    }

    #[test]
    fn debug_redacts() {
        assert_eq!(format!("{:?}", State::new("planted").unwrap()), "State(redacted)");
    }
}
