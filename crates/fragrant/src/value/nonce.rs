//! `nonce`, which ties an ID token to its request.

use alloc::string::String;

use super::entropy::{Entropy, NONCE_BYTES, push_hex};
use super::secret::{Secret, secret_value};

secret_value! {
    /// The value that an ID token must repeat (OpenID Connect Core 1.0 section 3.2.2.1). Only requests whose response
    /// type names `id_token` carry one.
    Nonce, "nonce", "one or more printable ASCII characters"
}

impl Nonce {
    /// Draws a fresh nonce: 160 bits, 40 hexadecimal digits.
    // req: OIDC-15.5.2-1
    pub fn generate(entropy: &Entropy) -> Self {
        let mut text = String::with_capacity(2 * NONCE_BYTES);
        push_hex(&mut text, entropy.for_nonce());
        Self(Secret::new(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_generated_nonce_is_160_bits_of_its_own() {
        let nonce = Nonce::generate(&Entropy::new(core::array::from_fn(|at| at as u8)));
        assert_eq!(nonce.reveal_secret(), "1c1d1e1f202122232425262728292a2b2c2d2e2f");
        assert_eq!(alloc::format!("{nonce:?}"), "Nonce(redacted)");
    }
}
