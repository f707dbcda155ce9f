//! What a run of the model is about: how large the world is, what in it is out of order, and how it is searched.

use std::collections::BTreeSet;

use super::cuts::Cuts;

/// How large the world is, and how much may happen in it. All of it is global: two starts are two in the whole world.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(clippy::exhaustive_structs)] // complete: what `--bounds` sets
pub struct Bounds {
    /// Honest users, each with a browser: 1 or 2.
    pub users: u8,
    /// Honest clients: 1 or 2.
    pub clients: u8,
    /// Authorization servers, each with its API server: an honest one, and a hostile one beside it if there are 2.
    pub servers: u8,
    /// Tabs of each browser: 1 to 3.
    pub tabs: u8,
    /// How many times a user starts to sign in.
    pub starts: u8,
    /// How many times the attacker gets a browser to do something.
    pub lures: u8,
    /// How many times nearly an hour passes, the lifetime of a token.
    pub waits: u8,
}

impl Bounds {
    /// One of everything, one start, two lures, no wait.
    pub const SMALLEST: Self =
        Self { users: 1, clients: 1, servers: 1, tabs: 1, starts: 1, lures: 2, waits: 0 };

    /// Two of everything, two starts, three lures, no wait.
    pub const GOAL: Self = Self { users: 2, clients: 2, servers: 2, tabs: 2, starts: 2, lures: 3, waits: 0 };

    /// The bounds by name, in the order in which they are written.
    pub const fn named(&self) -> [(&'static str, u8); 7] {
        [
            ("users", self.users),
            ("clients", self.clients),
            ("servers", self.servers),
            ("tabs", self.tabs),
            ("starts", self.starts),
            ("lures", self.lures),
            ("waits", self.waits),
        ]
    }

    /// Sets one of them by its name; `false` if there is none of this name.
    pub fn set(&mut self, name: &str, value: u8) -> bool {
        let bound = match name {
            "users" => &mut self.users,
            "clients" => &mut self.clients,
            "servers" => &mut self.servers,
            "tabs" => &mut self.tabs,
            "starts" => &mut self.starts,
            "lures" => &mut self.lures,
            "waits" => &mut self.waits,
            _ => return false,
        };
        *bound = value;
        true
    }

    /// Which bound is out of the model's reach, if one is.
    pub fn fault(&self) -> Option<&'static str> {
        let allowed = [1..=2, 1..=2, 1..=2, 1..=3, 0..=9, 0..=9, 0..=3];
        self.named()
            .iter()
            .zip(allowed)
            .find_map(|((name, value), range)| (!range.contains(value)).then_some(*name))
    }
}

/// What keeps the servers of a client apart, so that an answer of one is not taken for another's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(clippy::exhaustive_enums)] // complete: the two ways of RFC 9700 section 4.4.2, and none
pub enum Apart {
    /// The answers name their issuer (RFC 9207); one redirection URI serves for all servers.
    ByIssuer,
    /// Each server has a redirection URI of its own; no answer names its issuer.
    ByRedirectUri,
    /// Nothing: one redirection URI, and no issuer.
    Nothing,
}

/// How an honest client is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(clippy::exhaustive_enums)] // complete: it lives in a page or outlives all pages
pub enum ClientKind {
    /// A native application: it listens on this machine and outlives its request.
    Native,
    /// An application in a page, which is gone as soon as the browser is sent away.
    Page,
}

/// Who drives the honest clients' side of the protocol.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[allow(clippy::exhaustive_enums)] // complete: the core's two ways to hold a client
pub enum Holder {
    /// `fragrant::client::Session`.
    #[default]
    Session,
    /// The typed states, from `Client::begin` on.
    TypedStates,
}

/// A fact of the world or a policy that keeps attacks off, and can be left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)] // the table in `switch` says what each is
#[non_exhaustive]
pub enum Mitigation {
    ApiKnown,
    AudienceCompared,
    ConsentBound,
    ConsentGiven,
    ConsentToken,
    EntropyFresh,
    ErrorsUnasked,
    FragmentMode,
    FragmentOwn,
    HistoryScrubbed,
    IssuerKnown,
    NoForeignListener,
    NoForeignScript,
    NoRedirector,
    NotFramed,
    PathMatched,
    PostedToOwnOrigin,
    PromptObeyed,
    RedirectSeeOther,
    RedirectUriExact,
    ReferrerNone,
    RequestsAccepted,
    ScopeAllowed,
    StoreAtomic,
    StoreKeyed,
    StoreOwn,
    UriOfOneServer,
}

/// Everything that a run is about.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Setting {
    /// How large the world is.
    pub bounds: Bounds,
    /// What keeps the servers apart.
    pub apart: Apart,
    /// How the clients are built.
    pub kinds: [ClientKind; 2],
    /// Who drives them.
    pub holder: Holder,
    /// What is left out.
    pub off: BTreeSet<Mitigation>,
    /// The checks of the core that say yes, by their names; only a build with `--cfg fragrant_faults` can do so.
    pub faults: BTreeSet<&'static str>,
    /// What the search cuts.
    pub cuts: Cuts,
    /// The attacker has an account at the honest server, as anybody may.
    pub account: bool,
    /// The first user is signed in already when everything begins.
    pub signed_in: bool,
    /// Somebody else uses the first user's browser too, and has used the clients before.
    pub shared_browser: bool,
    /// Clients have a scope that they get by default, and a wider one that they may ask for.
    pub scopes: bool,
    /// A link of a client's page leads to the attacker's and hands it its window.
    pub links_with_opener: bool,
}

impl Setting {
    /// A world of this size in which everything is in order, with an attacker who has all of his means: a hostile server if
    /// there are two, a registered hostile client, a program on the user's machine, and a look into histories and logs.
    pub fn new(bounds: Bounds) -> Self {
        Self {
            bounds,
            apart: Apart::ByIssuer,
            kinds: [ClientKind::Page, ClientKind::Native],
            holder: Holder::Session,
            off: BTreeSet::new(),
            faults: BTreeSet::new(),
            cuts: Cuts::ALL,
            account: true,
            signed_in: false,
            shared_browser: false,
            scopes: false,
            links_with_opener: true,
        }
    }

    /// What keeps the servers apart in the end.
    pub(crate) fn apart(&self) -> Apart {
        if self.has(Mitigation::IssuerKnown) { self.apart } else { Apart::Nothing }
    }

    /// Whether a mitigation is in place.
    pub fn has(&self, mitigation: Mitigation) -> bool {
        !self.off.contains(&mitigation)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bound_can_be_set_by_its_name_and_has_a_limit() {
        let mut bounds = Bounds::SMALLEST;
        for (name, value) in Bounds::GOAL.named() {
            assert!(bounds.set(name, value));
        }
        assert_eq!(bounds, Bounds::GOAL);
        assert!(!bounds.set("walls", 1));
        assert_eq!((bounds.fault(), Bounds { users: 3, ..bounds }.fault()), (None, Some("users")));
        assert_eq!(Bounds { tabs: 0, ..bounds }.fault(), Some("tabs"));
    }
}
