//! The world: users with browsers, honest clients, authorization and API servers, and one attacker.
//!
//! Clients are the core's [`Session`](fragrant::client::Session) or its typed states, the honest server is the core's
//! machine, and browsers follow the core's rules of user agents: what is written here is only what stands around them.

mod action;
mod attacker;
mod browser;
mod cast;
mod holder;
mod server;
mod setting;
mod term;
mod turn;

use std::collections::BTreeSet;

use fragrant::value::{PendingKey, Timestamp};
use fragrant::wire::form;

pub(crate) use action::Action;
pub(crate) use attacker::distinct_tabs;
pub(crate) use browser::{ATTACKER_USER, Browser};
pub(crate) use cast::HONEST;
pub use cast::{ATTACKER, EVIL, HOSTILE_CLIENT, Refused};
pub use setting::{Apart, Bounds, ClientKind, Cuts, Holder, Mitigation, Setting};
pub(crate) use term::terms_in;
pub use term::{Term, Token};
pub(crate) use turn::Outcome;

use browser::Record;
use cast::{ATTACKER_DRAWS, Cast};
use holder::{Held, Holders};
use turn::Turn;

/// When everything begins.
const BEGINNING: Timestamp = Timestamp::from_unix_seconds(1_760_000_000);
/// How long a wait is in **seconds**: a token has all but ended, and every request has.
const WAIT: u64 = 3570;

/// What the attacker knows.
pub(crate) type Knowledge = BTreeSet<Term>;

/// Everything that does not change in a world, and every holder that was met in it.
pub(crate) struct Model {
    pub(crate) setting: Setting,
    pub(crate) cast: Cast,
    pub(crate) holders: Holders,
    /// The holders of a page that was just loaded, by client.
    fresh: Vec<Vec<u32>>,
}

impl Model {
    pub(crate) fn new(setting: &Setting) -> Result<Self, Refused> {
        say_yes(&setting.faults)?;
        Ok(Self {
            cast: Cast::new(setting)?,
            setting: setting.clone(),
            holders: Holders::default(),
            fresh: Vec::new(),
        })
    }

    /// The browsers as they are in the beginning.
    pub(crate) fn browsers(&mut self) -> Vec<Browser> {
        let setting = self.setting.clone();
        (0..setting.bounds.users)
            .map(|user| {
                let browser = Browser::new(&setting, user, |client| self.fresh_holders(client));
                if user == 0 && setting.signed_in { self.sign_in(browser) } else { browser }
            })
            .collect()
    }

    /// What the attacker knows in the beginning: tokens and a state that he got as any user gets them.
    pub(crate) fn beginning(&self) -> Knowledge {
        let tokens = (0..self.setting.bounds.clients).map(|client| Term::Token(self.own_token(client)));
        let own = Term::State(self.attackers_state());
        // Where there is no randomness, everybody knows everybody's state.
        let zeros =
            (!self.setting.has(Mitigation::EntropyFresh)).then(|| Term::State(cast::state(0, 0, false)));
        tokens.chain([own]).chain(zeros).collect()
    }

    /// Carries out an action in a browser.
    pub(crate) fn take(
        &mut self,
        browser: &Browser,
        action: &Action,
        waits: u8,
        is_undisturbed: bool,
        is_told: bool,
    ) -> Outcome {
        let turn = Turn::new(self, browser.clone(), now(waits)).undisturbed(is_undisturbed);
        if is_told { turn.told().take(action) } else { turn.take(action) }
    }

    /// A browser in which its user has signed in at the first client.
    fn sign_in(&mut self, browser: Browser) -> Browser {
        let purpose = fragrant::client::Purpose::Redirect;
        let start = Action::Start { user: browser.user, tab: 0, client: 0, server: HONEST, purpose };
        let started = self.take(&browser, &start, 0, true, false).browser;
        let answer = Action::Answer { user: browser.user, tab: 0, grants: true };
        self.take(&started, &answer, 0, true, false).browser
    }

    /// Holders of a client with whom nobody is signed in, by server.
    fn fresh_holders(&mut self, client: u8) -> Vec<u32> {
        if self.fresh.is_empty() {
            self.fresh = (0..self.setting.bounds.clients).map(|client| self.make_holders(client)).collect();
        }
        self.fresh.get(usize::from(client)).cloned().unwrap_or_default()
    }

    fn make_holders(&mut self, client: u8) -> Vec<u32> {
        (0..self.setting.bounds.servers)
            .filter_map(|server| {
                let held = Held::new(self.setting.holder, self.cast.client(client, server)?.clone());
                Some(self.holders.number(client, server, held))
            })
            .collect()
    }

    /// Whether the user is signing in at a client: a request of hers stands, at whatever server.
    fn wants(&self, browser: &Browser, client: &str, now: Timestamp) -> bool {
        let stands = |((own, key), record): (&(u8, PendingKey), &Record)| {
            cast::client_name(*own) == client && !browser.used.contains(key) && now < record.end
        };
        let waits = |slot| {
            browser.page(slot).is_some_and(|page| {
                cast::client_name(page.client) == client
                    && page.held.iter().filter_map(|held| self.holders.held(*held)).any(Held::is_waiting)
            })
        };
        browser.store.iter().any(stands) || browser.slots().into_iter().any(waits)
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
        issuer: u8,
        owner: &str,
    ) -> String {
        let issuer = cast::issuer_text(&self.setting, issuer);
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

    /// A request of the attacker's client, perhaps with a prompt.
    fn hostile_request(&self, prompt: Option<&str>) -> Option<String> {
        let client = self.cast.hostile_client();
        let mut url = client.authorization_request().to_url(client.endpoint()).into_string();
        if let Some(prompt) = prompt {
            url.push_str("&prompt=");
            url.push_str(prompt);
        }
        Some(url)
    }
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
pub(crate) fn state_of(drawer: u8, number: u8) -> String {
    cast::state(drawer, number, true)
}
