//! What shows that a form is one that a page of ours has, in the browser that the page was shown to.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::random::Random;
use crate::store::{CsrfToken, SessionId};

/// The authorization server's pages that have a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Page {
    Consent,
    Login,
}

/// Proves pages by HMAC-SHA-256 with a key that nobody else has and that ends with the server: whoever shows a page keeps
/// nothing of it but its number.
pub(crate) struct Proofs {
    keyed: Hmac<Sha256>,
}

impl Proofs {
    pub(crate) fn new(random: &Random) -> Self {
        // A key of the hash's block length is taken as it is.
        Self { keyed: Hmac::new(&random.bytes::<64>().into()) }
    }

    /// The proof for the form of one page, to be sent in by the browser whose cookie says `holder`: the browser's own name
    /// for a login, that of its login session for a consent.
    // req: RFC6749-10.12-5, OIDC-3.1.2.3-2
    pub(crate) fn of(&self, page: Page, number: u64, holder: &SessionId) -> CsrfToken {
        let mut mac = self.keyed.clone();
        mac.update(&[match page {
            Page::Consent => 0,
            Page::Login => 1,
        }]);
        mac.update(&number.to_be_bytes());
        mac.update(holder.as_secret_bytes());
        let tag = mac.finalize().into_bytes();
        let mut proof = [0; 20];
        proof.iter_mut().zip(tag).for_each(|(to, from)| *to = from);
        CsrfToken::from_bytes(proof)
    }
}

impl fmt::Debug for Proofs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Proofs(redacted)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Stream;

    #[test]
    // req(test): RFC6749-10.12-5
    fn a_proof_is_for_one_page_of_one_browser_at_one_server() {
        let random = Random::new([7; 32], Stream::AuthorizationServer);
        let (proofs, others) = (Proofs::new(&random), Proofs::new(&random));
        let (jane, joe) = (random.key(), random.key());
        let proof = proofs.of(Page::Consent, 1, &jane);
        assert!(proof.is(&proofs.of(Page::Consent, 1, &jane)));
        for other in [
            proofs.of(Page::Login, 1, &jane),
            proofs.of(Page::Consent, 2, &jane),
            proofs.of(Page::Consent, 1, &joe),
            others.of(Page::Consent, 1, &jane),
        ] {
            assert!(!proof.is(&other));
        }
    }
}
