//! What the server knows of the person at the browser.

use crate::resource_owner::ResourceOwnerId;
use crate::value::{ClientId, RedirectUri, Scope};

/// A login session: who has logged in at this browser, and what that person has allowed this client before.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Session {
    owner: ResourceOwnerId,
    prior_consent: Option<PriorConsent>,
}

impl Session {
    /// A session of somebody who has allowed this client nothing yet.
    pub const fn new(owner: ResourceOwnerId) -> Self {
        Self { owner, prior_consent: None }
    }

    /// The same with a consent that was given before. One for another client or another redirection URI does no harm:
    /// it is compared, and does not count.
    #[must_use]
    pub fn with_prior_consent(self, prior_consent: PriorConsent) -> Self {
        Self { prior_consent: Some(prior_consent), ..self }
    }

    /// Who has logged in.
    pub const fn owner(&self) -> &ResourceOwnerId {
        &self.owner
    }

    /// What was allowed before.
    pub const fn prior_consent(&self) -> Option<&PriorConsent> {
        self.prior_consent.as_ref()
    }
}

/// A consent that a resource owner gave, to be remembered with that resource owner: made by
/// [`Consented::to_prior_consent`](super::Consented::to_prior_consent).
///
/// It is tied to the redirection URI as well as to the client, because a public client proves who it is by nothing
/// else: whoever pretends to be the client gets its answers sent somewhere else.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PriorConsent {
    client_id: ClientId,
    redirect_uri: RedirectUri,
    scope: Option<Scope>,
}

impl PriorConsent {
    /// A consent as it was stored. No scope is the consent to a token that names none.
    pub const fn new(client_id: ClientId, redirect_uri: RedirectUri, scope: Option<Scope>) -> Self {
        Self { client_id, redirect_uri, scope }
    }

    /// Whom it was given.
    pub const fn client_id(&self) -> &ClientId {
        &self.client_id
    }

    /// Where the answer went.
    pub const fn redirect_uri(&self) -> &RedirectUri {
        &self.redirect_uri
    }

    /// What was allowed.
    pub const fn scope(&self) -> Option<&Scope> {
        self.scope.as_ref()
    }

    /// Whether it answers for all of `scope`, asked for by this client, to be sent there.
    // req: RFC6749-10.2-3
    pub(super) fn covers(
        &self,
        client_id: &ClientId,
        redirect_uri: &RedirectUri,
        scope: Option<&Scope>,
    ) -> bool {
        let reaches = match (&self.scope, scope) {
            (_, None) => true,
            (Some(allowed), Some(scope)) => allowed.covers(scope),
            (None, Some(_)) => false,
        };
        self.client_id == *client_id && self.redirect_uri == *redirect_uri && reaches
    }
}

#[cfg(test)]
mod tests {
    use super::super::scenario::{CB, Scenario, scope, session};
    use super::*;
    use crate::resource_owner::Decision;

    fn prior(names: Option<&str>) -> PriorConsent {
        PriorConsent::new(ClientId::new("c").unwrap(), RedirectUri::new(CB).unwrap(), names.map(scope))
    }

    #[test]
    fn a_consent_remembers_whom_where_and_what() {
        let given = Scenario::with("").consented(Decision::Grant(scope("write"))).to_prior_consent();
        assert_eq!(given, prior(Some("write")));
        assert_eq!(given.client_id().as_str(), "c");
        assert_eq!(given.redirect_uri().as_str(), CB);
        assert_eq!(given.scope(), Some(&scope("write")));
        let session = session();
        assert_eq!((session.owner().as_str(), session.prior_consent()), ("jane", None));
        assert_eq!(session.with_prior_consent(given.clone()).prior_consent(), Some(&given));
    }

    #[test]
    // req(test): RFC6749-10.2-3
    fn a_consent_covers_what_it_names_for_whom_it_was_given() {
        let (client_id, uri) = (ClientId::new("c").unwrap(), RedirectUri::new(CB).unwrap());
        for (allowed, asked, is_covered) in [
            (None, None, true),
            (None, Some("read"), false),
            (Some("read"), None, true),
            (Some("read"), Some("read"), true),
            (Some("read write"), Some("write read"), true),
            (Some("read"), Some("read write"), false),
        ] {
            let (prior, asked) = (prior(allowed), asked.map(scope));
            assert_eq!(prior.covers(&client_id, &uri, asked.as_ref()), is_covered, "{allowed:?} {asked:?}");
            let (other, elsewhere) =
                (ClientId::new("C").unwrap(), RedirectUri::new("https://app.example/cb/").unwrap());
            assert!(!prior.covers(&other, &uri, asked.as_ref()));
            assert!(!prior.covers(&client_id, &elsewhere, asked.as_ref()));
        }
    }
}
