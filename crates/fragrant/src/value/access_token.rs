//! `access_token`: the credential that the grant delivers.

use super::secret::secret_value;
use crate::grammar;

secret_value! {
    /// An access token (RFC 6749 section 1.4; grammar `1*VSCHAR`, appendix A.12). Opaque to the client, of any length.
    ///
    /// The memory is wiped on drop. That does not cover the text the caller parsed it from, copies made by
    /// [`reveal_secret`](Self::reveal_secret), a page's JavaScript strings, or freed wasm memory.
    AccessToken, "access_token", "one or more printable ASCII characters"
}

impl AccessToken {
    /// Whether an `Authorization: Bearer` header can carry it (`b64token`, RFC 6750 section 2.1). An authorization
    /// server may issue one that is printable and still does not fit; such a token is kept but cannot be sent.
    pub fn is_b64token(&self) -> bool {
        grammar::is_b64token(self.reveal_secret())
    }
}

#[cfg(test)]
mod tests {
    use alloc::format;

    use super::*;

    #[test]
    // req(test): RFC6749-A.12-1
    fn takes_printable_ascii_and_nothing_else() {
        assert!(AccessToken::new("2YotnFZFEjr1zCsicMWpAA").is_ok());
        assert!(AccessToken::new("with space").is_ok());
        for bad in ["", "a\nb", "a\r", "\u{0}", "é", "\u{7f}"] {
            assert!(AccessToken::new(bad).is_err(), "{bad:?}");
        }
        assert_eq!(AccessToken::new("ab\n").unwrap_err().at(), Some(2));
    }

    #[test]
    fn debug_redacts_and_equality_is_by_text() {
        let token = AccessToken::new("hush-hush").unwrap();
        assert_eq!(format!("{token:?}"), "AccessToken(redacted)");
        assert_eq!(token, AccessToken::new("hush-hush").unwrap());
        assert_ne!(token, AccessToken::new("hush-husi").unwrap());
    }

    #[test]
    fn a_refused_token_is_not_in_its_error() {
        let error = AccessToken::new("planted\u{1}").unwrap_err();
        assert_eq!(
            format!("{error}"),
            "access_token: expected one or more printable ASCII characters (byte 7 does not fit)"
        );
    }

    #[test]
    fn a_header_carries_no_space() {
        assert!(AccessToken::new("2YotnFZFEjr1zCsicMWpAA==").unwrap().is_b64token());
        assert!(!AccessToken::new("with space").unwrap().is_b64token());
    }
}
