//! The resource owner has to log in.

use super::authenticated::Authenticated;
use super::consented::Consented;
use super::received::Received;
use super::rejection::RedirectWithError;
use super::session::Session;
use crate::value::ErrorCode;

/// A request that waits for its resource owner to log in. Only one that allows pages can get here.
#[derive(Debug, PartialEq, Eq)]
pub struct AwaitingLogin(Received);

impl AwaitingLogin {
    pub(super) const fn new(received: Received) -> Self {
        Self(received)
    }

    /// The request that waits.
    pub const fn received(&self) -> &Received {
        &self.0
    }

    /// Somebody has logged in, just now and for this request.
    // req: RFC6749-4.2.1-9
    pub fn authenticated(self, session: &Session) -> LoggedIn {
        logged_in(self.0, session)
    }

    /// The resource owner would not log in.
    pub fn denied(self) -> RedirectWithError {
        self.0.error(ErrorCode::ACCESS_DENIED)
    }

    /// Ends the request with an error, as [`Received::failed`] does.
    pub fn failed(self, code: ErrorCode) -> RedirectWithError {
        self.0.failed(code)
    }
}

/// What follows from a login.
#[derive(Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums)] // complete: asked or known
pub enum LoggedIn {
    /// Show the consent page.
    AskConsent(Authenticated),
    /// Show nothing: the resource owner has allowed all of it before.
    Consented(Consented),
}

/// Somebody is known; whether the resource owner has to be asked is left.
pub(super) fn logged_in(received: Received, session: &Session) -> LoggedIn {
    let owner = session.owner().clone();
    if received.needs_consent(session) {
        return LoggedIn::AskConsent(Authenticated::new(received, owner));
    }
    let scope = received.scope.clone();
    LoggedIn::Consented(Consented::new(received, owner, scope))
}

#[cfg(test)]
mod tests {
    use super::super::scenario::{Scenario, session, session_with};
    use super::*;

    #[test]
    fn after_the_login_only_the_consent_is_missing() {
        let awaiting = || Scenario::with("&prompt=login").awaiting_login();
        assert!(matches!(awaiting().authenticated(&session()), LoggedIn::AskConsent(_)));
        let all = session_with(Some("read write"));
        assert!(matches!(awaiting().authenticated(&all), LoggedIn::Consented(_)));
        let both = Scenario::with("&prompt=login+consent").awaiting_login();
        assert!(matches!(both.authenticated(&all), LoggedIn::AskConsent(_)));
    }

    #[test]
    fn the_page_can_show_what_waits() {
        let awaiting = Scenario::with("&login_hint=jane").awaiting_login();
        assert_eq!(awaiting.received().request().client_id.as_str(), "c");
        let extras: alloc::vec::Vec<_> = awaiting.received().request().extras().collect();
        assert_eq!(extras, [("login_hint", "jane")]);
    }
}
