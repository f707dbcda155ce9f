//! The resource owner is known and has to be asked.

use alloc::vec::Vec;

use super::ClientRegistration;
use super::consented::Consented;
use super::received::Received;
use super::rejection::RedirectWithError;
use crate::resource_owner::{Decision, ResourceOwnerId};
use crate::value::{ErrorCode, RedirectUri, Scope};

/// A request whose resource owner has logged in and has a decision to take. The consent page shows
/// [`client`](Self::client), [`scope`](Self::scope) and where the token will go (RFC 6749 section 10.2).
#[derive(Debug, PartialEq, Eq)]
pub struct Authenticated {
    received: Received,
    owner: ResourceOwnerId,
}

/// What follows from a decision.
#[derive(Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums)] // complete: yes, no, and an answer to another question
pub enum Decided {
    /// Make a token.
    Consented(Consented),
    /// Tell the client that there is none.
    Denied(RedirectWithError),
    /// The decision names what the page did not show. No page of ours sends that; the question is still open.
    Overreached(Authenticated),
}

impl Authenticated {
    pub(super) const fn new(received: Received, owner: ResourceOwnerId) -> Self {
        Self { received, owner }
    }

    /// The request.
    pub const fn received(&self) -> &Received {
        &self.received
    }

    /// Who has to decide.
    pub const fn owner(&self) -> &ResourceOwnerId {
        &self.owner
    }

    /// Who asks.
    pub fn client(&self) -> &ClientRegistration {
        self.received.client()
    }

    /// What for.
    pub const fn scope(&self) -> Option<&Scope> {
        self.received.scope()
    }

    /// Where the token will go.
    pub const fn redirect_uri(&self) -> &RedirectUri {
        self.received.redirect_uri()
    }

    /// The resource owner has decided.
    // req: RFC6749-4.2.1-9, OIDC-3.1.2.4-1
    pub fn decided(self, decision: Decision) -> Decided {
        let scope = match decision {
            Decision::Deny => return Decided::Denied(self.received.error(ErrorCode::ACCESS_DENIED)),
            Decision::GrantAll => self.received.scope.clone(),
            Decision::Grant(chosen) => match self.choice(&chosen) {
                Some(scope) => Some(scope),
                None => return Decided::Overreached(self),
            },
        };
        Decided::Consented(Consented::new(self.received, self.owner, scope))
    }

    /// Ends the request with an error, such as [`ErrorCode::SERVER_ERROR`].
    pub fn failed(self, code: ErrorCode) -> RedirectWithError {
        self.received.error(code)
    }

    /// The chosen names in the order in which they were asked for, if all of them were.
    // req: RFC6749-3.3-3
    fn choice(&self, chosen: &Scope) -> Option<Scope> {
        let shown = self.scope().filter(|shown| shown.covers(chosen))?;
        let names: Vec<&str> = shown.names().filter(|name| chosen.contains(name)).collect();
        Scope::new(names.join(" ")).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::super::scenario::{CB, Scenario, client, scope};
    use super::*;

    #[test]
    fn the_page_knows_who_asks_for_what_and_where_it_goes() {
        let authenticated = Scenario::with("").authenticated();
        assert_eq!(authenticated.client().name(), "Client");
        assert_eq!(authenticated.owner().as_str(), "jane");
        assert_eq!(authenticated.scope(), Some(&scope("read write")));
        assert_eq!(authenticated.redirect_uri().as_str(), CB);
        assert_eq!(authenticated.received().request().client_id.as_str(), "c");
    }

    #[test]
    // req(test): RFC6749-3.3-3, RFC6749-4.2.1-9, OIDC-3.1.2.4-1
    fn a_decision_grants_no_more_than_the_page_showed() {
        for (decision, granted) in [
            (Decision::GrantAll, Some("read write")),
            (Decision::Grant(scope("write read write")), Some("read write")),
            (Decision::Grant(scope("write")), Some("write")),
            (Decision::Grant(scope("write admin")), None),
            (Decision::Grant(scope("admin")), None),
        ] {
            match Scenario::with("").authenticated().decided(decision.clone()) {
                Decided::Consented(consented) => {
                    assert_eq!(consented.scope(), granted.map(scope).as_ref(), "{decision:?}");
                }
                Decided::Overreached(open) => {
                    assert_eq!(granted, None, "{decision:?}");
                    assert!(matches!(open.decided(Decision::Deny), Decided::Denied(_)));
                }
                Decided::Denied(denied) => panic!("{denied:?}"),
            }
        }
    }

    #[test]
    fn where_no_scope_was_shown_none_can_be_chosen() {
        let scenario = Scenario::of("response_type=token&client_id=c").with_client(client(&[CB]));
        let chosen = scenario.authenticated().decided(Decision::Grant(scope("read")));
        assert!(matches!(chosen, Decided::Overreached(_)));
        assert_eq!(scenario.consented(Decision::GrantAll).scope(), None);
    }

    #[test]
    fn a_denial_goes_to_the_client() {
        let Decided::Denied(denied) = Scenario::with("").authenticated().decided(Decision::Deny) else {
            panic!()
        };
        let location = "https://app.example/cb#error=access_denied&state=xyz";
        assert_eq!(denied.to_redirection().location(), location);
    }
}
