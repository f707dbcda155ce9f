//! An address that came back.

use std::fmt;

use zeroize::Zeroizing;

/// The whole address that the user agent came back to, its fragment included: what
/// [`AwaitingResponse::receive`](fragrant::client::AwaitingResponse::receive) and a session's `Input::PageLoaded` take. Nothing
/// of it is checked.
///
/// There may be a token in it, so `Debug` shows nothing, and it is wiped on drop. That does not cover the copies that others
/// have: the browser, the system's buffers, whoever started the program.
pub struct RedirectAddress(Zeroizing<String>);

impl RedirectAddress {
    pub(super) fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// The address. Take it to the core and nowhere else: no log, no error, no window title.
    pub fn reveal_secret(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for RedirectAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RedirectAddress(redacted)")
    }
}

#[cfg(test)]
mod tests {
    use super::RedirectAddress;

    #[test]
    fn debug_redacts() {
        let address = RedirectAddress::new("com.example.app:/cb#access_token=planted");
        assert_eq!(format!("{address:?}"), "RedirectAddress(redacted)");
    }
}
