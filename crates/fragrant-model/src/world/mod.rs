//! The world: users with browsers, honest clients, authorization and API servers, and one attacker.
//!
//! Clients are the core's [`Session`](fragrant::client::Session) or its typed states, the honest server is the core's
//! machine, and browsers follow the core's rules of user agents: what is written here is only what stands around them.

mod action;
mod attacker;
mod browser;
mod cast;
mod cuts;
mod holder;
mod parts;
mod server;
mod setting;
mod term;
mod turn;
mod watched;

use std::collections::BTreeSet;

use fragrant::value::Timestamp;
use fragrant::wire::form;

pub(crate) use action::Action;
pub(crate) use attacker::Deed;
pub(crate) use browser::ATTACKER_USER;
pub(crate) use cast::HONEST;
pub use cast::{ATTACKER, EVIL, HOSTILE_CLIENT, Refused};
pub use cuts::Cuts;
pub(crate) use parts::{Browser, Parts, Question, Written};
pub use setting::{Apart, Bounds, ClientKind, Holder, Mitigation, Setting};
pub use term::{Term, Token};
pub(crate) use term::{broken_by, is_guess, terms_in};
pub(crate) use turn::Outcome;
pub(crate) use watched::Watched;

use attacker::Addresses;
use cast::{ATTACKER_DRAWS, Cast};
use holder::{Held, Holders};
use turn::Turn;

use crate::property::Properties;
use crate::table::Table;

/// When everything begins.
const BEGINNING: Timestamp = Timestamp::from_unix_seconds(1_760_000_000);
/// How long a wait is in **seconds**: a token has all but ended, and every request has.
const WAIT: u64 = 3570;

/// What the attacker knows.
pub(crate) type Knowledge = BTreeSet<Term>;

/// Everything that does not change in a world, and everything that was met in it.
pub(crate) struct Model {
    pub(crate) setting: Setting,
    pub(crate) cast: Cast,
    pub(crate) holders: Holders,
    pub(crate) parts: Parts,
    /// Every knowledge that was met.
    pub(crate) knowledge: Table<Knowledge>,
    addresses: Addresses,
    /// The holders of a page that was just loaded, by client.
    fresh: Vec<Vec<u32>>,
}

/// How everything begins.
pub(crate) struct Beginning {
    pub(crate) browsers: Vec<Browser>,
    /// What the attacker knows.
    pub(crate) known: Knowledge,
    /// What is broken already.
    pub(crate) broken: Properties,
    /// A user has had an answer from the API, with a token of her own.
    pub(crate) is_reached: bool,
}

impl Model {
    pub(crate) fn new(setting: &Setting) -> Result<Self, Refused> {
        if let Some(bound) = setting.bounds.fault() {
            return Err(format!("the bound {bound} is out of the model's reach").into());
        }
        say_yes(&setting.faults)?;
        let (cast, holders) = (Cast::new(setting)?, Holders::new());
        let fresh = |client| fresh_holders(setting, &cast, &holders, client);
        let model = Self {
            fresh: (0..setting.bounds.clients).map(fresh).collect(),
            cast,
            setting: setting.clone(),
            holders,
            parts: Parts::new(setting.bounds),
            knowledge: Table::new(),
            addresses: Addresses::new(),
        };
        // Nothing is number 0 of all knowledge.
        model.knowledge.number(Knowledge::new());
        Ok(model)
    }

    /// Has the checks that say yes do so in this thread, too.
    pub(crate) fn enter(&self) {
        // Whoever made the model has seen that they are there.
        let _ = say_yes(&self.setting.faults);
    }

    /// How everything begins: with nothing done, or with the first user signed in at the first client.
    pub(crate) fn beginning(&self) -> Beginning {
        let mut beginning = Beginning {
            browsers: (0..self.setting.bounds.users).map(|user| self.browser_of(user, 0)).collect(),
            known: self.known_by_anybody(),
            broken: Properties::of_none(),
            is_reached: false,
        };
        if self.setting.signed_in {
            self.sign_in(&mut beginning);
        }
        beginning
    }

    fn browser_of(&self, user: u8, draws: u8) -> Browser {
        let fresh = |client| self.fresh_holders(client);
        self.parts.browser(&self.setting, &self.holders, user, draws, fresh)
    }

    /// A browser, to look at.
    pub(crate) fn watch(&self, browser: &Browser) -> Watched<'_> {
        Watched::new(&self.parts, &self.holders, browser)
    }

    /// What the attacker knows before anything is done: tokens and a state that he got as any user gets them.
    fn known_by_anybody(&self) -> Knowledge {
        let clients = if self.setting.account { 0..self.setting.bounds.clients } else { 0..0 };
        let tokens = clients.map(|client| Term::Token(self.own_token(client)));
        let own = Term::State(self.attackers_state());
        // Where there is no randomness, everybody knows everybody's state.
        let zeros =
            (!self.setting.has(Mitigation::EntropyFresh)).then(|| Term::State(cast::state(0, 0, false)));
        tokens.chain([own]).chain(zeros).collect()
    }

    /// Carries out an action in a browser.
    pub(crate) fn take(
        &self,
        browser: &Browser,
        action: &Action,
        waits: u8,
        is_undisturbed: bool,
        is_told: bool,
    ) -> Outcome {
        let turn = Turn::new(self, self.watch(browser), now(waits)).undisturbed(is_undisturbed);
        if is_told { turn.told().take(action) } else { turn.take(action) }
    }

    /// The first user signs in at the first client. Nobody comes in between.
    fn sign_in(&self, beginning: &mut Beginning) {
        let Some(browser) = beginning.browsers.first_mut() else { return };
        let (user, purpose) = (browser.user, fragrant::client::Purpose::Redirect);
        let start = Action::Start { user, tab: 0, client: 0, server: HONEST, purpose };
        for action in [start, Action::Answer { user, tab: 0, grants: true }] {
            let mut next = Some(action);
            while let Some(action) = next {
                let outcome = self.take(browser, &action, 0, true, false);
                *browser = outcome.browser;
                beginning.broken.add_all(outcome.broken);
                beginning.is_reached |= outcome.is_reached;
                beginning.known.extend(outcome.gains);
                let own = self.own_actions(&self.watch(browser), 0);
                next = own.into_iter().find(|action| matches!(action, Action::Proceed { .. }));
            }
        }
        beginning.broken.add_all(broken_by(&beginning.known));
    }

    /// Holders of a client with whom nobody is signed in, by server.
    fn fresh_holders(&self, client: u8) -> Vec<u32> {
        self.fresh.get(usize::from(client)).cloned().unwrap_or_default()
    }

    /// Whether the user is signing in at a client: a request of hers stands, at whatever server.
    fn wants(&self, browser: &Watched<'_>, client: &str, now: Timestamp) -> bool {
        let client = (0..self.setting.bounds.clients).find(|own| cast::client_name(*own) == client);
        client.is_some_and(|client| {
            browser.stands(client, now) || browser.faces().any(|face| face.waits_at(client))
        })
    }

    // What the attacker builds

    fn own_token(&self, client: u8) -> String {
        let mut text = cast::token(HONEST, ATTACKER, &cast::client_name(client));
        if !self.setting.cuts.tokens_merged {
            text.push_str(".0");
        }
        text
    }

    fn attackers_state(&self) -> String {
        cast::state(ATTACKER_USER, ATTACKER_DRAWS, self.setting.has(Mitigation::EntropyFresh))
    }

    /// An address of a client's with an answer in it: with a token, or with an error.
    fn callback(
        &self,
        client: u8,
        uri_of: u8,
        token: Option<&str>,
        state: Option<&str>,
        issuer: Option<u8>,
        owner: &str,
    ) -> String {
        let issuer = issuer.and_then(|issuer| cast::issuer_text(&self.setting, issuer));
        let pairs = [
            ("access_token", token),
            ("token_type", token.map(|_| "bearer")),
            ("error", token.is_none().then_some("access_denied")),
            ("state", state),
            ("iss", issuer.as_deref()),
            // He names whomever the client would like to hear of.
            (cast::OWNER, token.map(|_| owner)),
        ];
        let pairs = pairs.iter().filter_map(|(name, value)| Some((*name, (*value)?)));
        format!("{}#{}", cast::redirect_uri(&self.setting, client, uri_of), form::to_text(pairs))
    }

    /// A request of the attacker's client.
    fn hostile_request(&self) -> String {
        let client = self.cast.hostile_client();
        client.authorization_request().to_url(client.endpoint()).into_string()
    }
}

fn fresh_holders(setting: &Setting, cast: &Cast, holders: &Holders, client: u8) -> Vec<u32> {
    (0..setting.bounds.servers)
        .filter_map(|server| {
            let held = Held::new(setting.holder, cast.client(client, server)?.clone());
            Some(holders.number(client, server, held))
        })
        .collect()
}

/// Has these checks of the core say yes in this thread, and all others judge.
#[cfg(fragrant_faults)]
fn say_yes(faults: &BTreeSet<&'static str>) -> Result<(), Refused> {
    use fragrant::client::checks::{Check, say_yes};
    let check = |name: &&'static str| {
        Ok(match *name {
            "is_fresh" => Check::Fresh,
            "is_own_fact" => Check::OwnFact,
            "is_own_issuer" => Check::OwnIssuer,
            "is_own_origin" => Check::OwnOrigin,
            "is_own_redirect_uri" => Check::OwnRedirectUri,
            "is_own_state" => Check::OwnState,
            "is_own_window" => Check::OwnWindow,
            "is_same_user" => Check::SameUser,
            "is_state_there" => Check::StateThere,
            other => return Err(Refused::from(format!("no check is called {other}"))),
        })
    };
    say_yes(&faults.iter().map(check).collect::<Result<Vec<_>, Refused>>()?);
    Ok(())
}

/// In this build no check can.
#[cfg(not(fragrant_faults))]
fn say_yes(faults: &BTreeSet<&'static str>) -> Result<(), Refused> {
    match faults.first() {
        None => Ok(()),
        Some(fault) => {
            Err(format!("{fault} always judges in this build; `cargo xtask model` has another").into())
        }
    }
}

/// The time after so many waits.
pub(crate) const fn now(waits: u8) -> Timestamp {
    BEGINNING.saturating_add(WAIT * waits as u64)
}

#[cfg(test)]
pub(crate) use term::guess_of_state;

#[cfg(test)]
pub(crate) fn state_of(drawer: u8, number: u8) -> String {
    cast::state(drawer, number, true)
}
