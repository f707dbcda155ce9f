//! What can be done: by users, and by an attacker who fills templates with what he knows.

use std::collections::BTreeSet;

use fragrant::client::Purpose;
use fragrant::wire::form;

use super::action::Action;
use super::browser::{Browser, Opener, Place, Slot};
use super::cast::{
    EVIL, HONEST, HOSTILE_CLIENT, client_name, client_origin, endpoint, redirect_uri, server_name,
};
use super::holder::Held;
use super::setting::{Apart, ClientKind, Mitigation};
use super::term::{Term, Token};
use super::{Knowledge, Model, now};

impl Model {
    /// What happens in a browser without the attacker, and without a new sign-in.
    pub(crate) fn own_actions(&self, browser: &Browser, waits: u8) -> Vec<Action> {
        let user = browser.user;
        let mut actions = Vec::new();
        for (tab, shown) in (0..).zip(&browser.tabs) {
            if let Place::Server(page) = &shown.place {
                let client = client_of(&page.query);
                let wants = client.is_some_and(|client| self.wants(browser, &client, now(waits)));
                let answers = if wants { &[true, false][..] } else { &[false] };
                if self.setting.cuts.users_at_once {
                    actions.extend(answers.iter().map(|&grants| Action::Answer { user, tab, grants }));
                } else if page.asks_consent && browser.login.as_deref() == Some(&*browser.owner()) {
                    actions.extend(answers.iter().map(|&grants| Action::Decide { user, tab, grants }));
                } else {
                    actions.push(Action::LogIn { user, tab });
                }
            }
        }
        for slot in browser.slots() {
            let Some(page) = browser.page(slot) else { continue };
            if page.frame.is_some() {
                actions.push(Action::FrameLoads { user, slot });
            }
            if !page.owed.is_empty() || page.arriving.is_some() {
                actions.push(Action::Proceed { user, slot });
            }
        }
        if browser.lured.is_some() {
            actions.push(Action::Visit { user });
        }
        actions
    }

    /// The sign-ins that a user can start.
    pub(crate) fn starts(&self, browser: &Browser) -> Vec<Action> {
        let user = browser.user;
        let bounds = self.setting.bounds;
        let mut actions = Vec::new();
        for tab in distinct_tabs(browser) {
            actions.push(Action::StartHostile { user, tab });
            for client in 0..bounds.clients {
                let is_page = self.setting.kinds[usize::from(client)] == ClientKind::Page;
                for server in 0..bounds.servers {
                    let start = |purpose| Action::Start { user, tab, client, server, purpose };
                    actions.push(start(Purpose::Redirect));
                    if is_page && self.setting.holder == super::Holder::Session && bounds.tabs > 1 {
                        actions.push(start(Purpose::Popup));
                    }
                }
            }
        }
        actions
    }

    /// What of all that is known can matter in a browser: tokens, and the states of its own user's requests. Another's state
    /// is as good there as the attacker's own.
    pub(crate) fn relevant(&self, knowledge: &Knowledge, browser: &Browser) -> Knowledge {
        let own = super::cast::state(browser.user, 0, true);
        let is_relevant = |term: &&Term| match term {
            Term::Password { .. } => false,
            Term::State(state) => {
                state[..2] == own[..2] || state.starts_with("00") || *state == self.attackers_state()
            }
            Term::Token(_) => true,
        };
        knowledge.iter().filter(is_relevant).cloned().collect()
    }

    /// The addresses that the attacker can have a tab of a browser load.
    pub(crate) fn lures_into(&self, browser: &Browser, tab: u8, known: &Knowledge) -> Vec<Action> {
        let user = browser.user;
        let addresses = self.addresses(browser, known);
        let lure = |opener, address: &String| Action::Lure { user, tab, opener, address: address.clone() };
        let openers = self.openers(browser, tab);
        openers
            .iter()
            .flat_map(|&opener| addresses.iter().map(move |address| lure(opener, address)))
            .collect()
    }

    /// What else the attacker can have a browser do.
    pub(crate) fn other_lures(&self, browser: &Browser, known: &Knowledge) -> Vec<Action> {
        let user = browser.user;
        let mut actions = Vec::new();
        for slot in browser.slots() {
            let Some(page) = browser.page(slot) else { continue };
            let held = || page.held.iter().filter_map(|held| self.holders.held(*held));
            if held().any(|held| held.authorized().is_some()) {
                actions.push(Action::DeepLink { user, slot });
                if self.setting.shared_browser && browser.login.as_deref() == Some(&*browser.owner()) {
                    actions.push(Action::LogInOther { user });
                }
            }
            if let Slot::Tab(tab) = slot
                && held().any(Held::is_waiting)
            {
                for address in self.callbacks(browser, known, page.client) {
                    for is_popup in [false, true] {
                        if !is_popup || page.popup.is_some() {
                            actions.push(Action::Post { user, tab, is_popup, address: address.clone() });
                        }
                    }
                }
            }
        }
        // What nothing would come of is not tried: these have no other outcome than a refusal.
        if browser.login.is_some() {
            if !self.setting.has(Mitigation::NotFramed) {
                actions.push(Action::ClickConsent { user });
            }
            if !self.setting.has(Mitigation::ConsentToken) {
                actions.push(Action::SubmitConsent { user });
            }
        }
        if !self.setting.has(Mitigation::StoreOwn) {
            let pages = (0..self.setting.bounds.clients)
                .filter(|client| self.setting.kinds[usize::from(*client)] == ClientKind::Page);
            actions.extend(pages.map(|client| Action::Plant { user, client }));
        }
        actions
    }

    /// The tokens that the attacker can hand to an honest client in his own browser.
    pub(crate) fn presents(&self, known: &Knowledge) -> Vec<Action> {
        let foreign = known.iter().filter_map(|term| match term {
            Term::Token(token) if Token::read(token).is_some_and(|token| token.is_of_honest_user()) => {
                Some(token)
            }
            _ => None,
        });
        foreign
            .flat_map(|token| {
                (0..self.setting.bounds.clients)
                    .map(|client| Action::Present { client, token: token.clone() })
            })
            .collect()
    }

    fn openers(&self, browser: &Browser, tab: u8) -> Vec<Opener> {
        let mut openers = vec![Opener::Nobody, Opener::Attacker];
        if self.setting.links_with_opener {
            openers.extend(browser.slots().into_iter().filter_map(|slot| match slot {
                Slot::Tab(own) if own != tab => Some(Opener::Tab(own)),
                _ => None,
            }));
        }
        openers
    }

    fn addresses(&self, browser: &Browser, known: &Knowledge) -> Vec<String> {
        let mut addresses = self.requests(known);
        for client in 0..self.setting.bounds.clients {
            addresses.extend(self.callbacks(browser, known, client));
        }
        addresses
    }

    /// Requests to the honest server.
    fn requests(&self, known: &Knowledge) -> Vec<String> {
        let mut requests = Vec::new();
        // The attacker's own state is nobody else's, unless he gets it into a storage or there is only one.
        let own = self.attackers_state();
        let is_shared = [Mitigation::StoreOwn, Mitigation::EntropyFresh];
        let is_shared = is_shared.into_iter().any(|mitigation| !self.setting.has(mitigation));
        let is_of_use = |state: &&str| is_shared || *state != own;
        let states: Vec<Option<&str>> =
            std::iter::once(None).chain(states_in(known).filter(is_of_use).map(Some)).collect();
        for client in 0..self.setting.bounds.clients {
            let name = client_name(client);
            let origin = client_origin(&self.setting, client);
            let own = redirect_uri(&self.setting, client, HONEST);
            let other = redirect_uri(&self.setting, client, HONEST + 1);
            let others = (self.setting.apart() == Apart::ByRedirectUri && self.setting.bounds.servers > 1)
                .then_some(other);
            for &state in &states {
                for uri in std::iter::once(&own).chain(&others) {
                    requests.push(request(&name, uri, state, "token", ""));
                }
                for more in ["&prompt=none", "&response_mode=query"] {
                    requests.push(request(&name, &own, state, "token", more));
                }
            }
            requests.push(request(&name, &own, None, "nothing", "#access_token=x&token_type=bearer"));
            requests.push(request(&name, &format!("{EVIL}/cb"), None, "token", ""));
            requests.push(request(&name, &format!("{origin}/go?to={EVIL}/cb"), None, "token", ""));
            requests.push(request(&name, &format!("{origin}/other"), None, "token", ""));
        }
        let evil = format!("{EVIL}/cb");
        for (response_type, more) in
            [("token", ""), ("token", "&prompt=none"), ("token", "&prompt=login"), ("nothing", "")]
        {
            requests.push(request(HOSTILE_CLIENT, &evil, None, response_type, more));
        }
        requests
    }

    /// Answers that never came from a server.
    fn callbacks(&self, browser: &Browser, known: &Knowledge, client: u8) -> Vec<String> {
        let servers = self.setting.bounds.servers;
        let own = self.own_token(client);
        let owner = browser.owner();
        let foreign = known.iter().filter_map(|term| match term {
            Term::Token(token) if *token == own => Some(token.clone()),
            Term::Token(token) if Token::read(token).is_some_and(|token| token.is_of_honest_user()) => {
                Some(token.clone())
            }
            _ => None,
        });
        let made_up = (servers > 1).then(|| format!("{}.made.up", server_name(HONEST + 1)));
        let payloads: Vec<Option<String>> = foreign.chain(made_up).map(Some).chain([None]).collect();
        let guesses =
            browser.store.keys().filter(|(own, _)| *own == client).map(|(_, key)| guess(key.as_str()));
        let states: BTreeSet<Option<String>> = std::iter::once(None)
            .chain(guesses.map(Some))
            .chain(states_in(known).map(|state| Some(state.to_owned())))
            .collect();
        let uris = if self.setting.apart() == Apart::ByRedirectUri { servers } else { 1 };
        let issuers = if self.setting.apart() == Apart::ByIssuer { servers } else { 1 };
        let mut callbacks = Vec::new();
        for uri in 0..uris {
            for issuer in 0..issuers {
                for payload in &payloads {
                    callbacks.extend(states.iter().map(|state| {
                        self.callback(client, uri, payload.as_deref(), state.as_deref(), issuer, &owner)
                    }));
                }
            }
        }
        callbacks
    }
}

/// A state with the right key and a secret half that is made up: anybody can guess the one, and nobody the other.
fn guess(key: &str) -> String {
    format!("{key}{}", "0".repeat(40))
}

fn states_in(known: &Knowledge) -> impl Iterator<Item = &str> {
    known.iter().filter_map(|term| if let Term::State(state) = term { Some(&**state) } else { None })
}

fn request(client: &str, uri: &str, state: Option<&str>, response_type: &str, more: &str) -> String {
    let pairs = [
        ("response_type", Some(response_type)),
        ("client_id", Some(client)),
        ("redirect_uri", Some(uri)),
        ("state", state),
    ];
    let pairs = pairs.iter().filter_map(|(name, value)| Some((*name, (*value)?)));
    format!("{}?{}{more}", endpoint(HONEST), form::to_text(pairs))
}

/// Which client a request names.
fn client_of(query: &str) -> Option<String> {
    form::pairs(query, 0)
        .flatten()
        .find(|pair| pair.name.decode() == "client_id")
        .map(|pair| pair.value.decode().into_owned())
}

/// The tabs, and of those that show nothing the first: one is as good as another.
pub(crate) fn distinct_tabs(browser: &Browser) -> Vec<u8> {
    let mut has_empty = false;
    (0..)
        .zip(&browser.tabs)
        .filter(|(_, tab)| tab.place != Place::Elsewhere || !std::mem::replace(&mut has_empty, true))
        .map(|(tab, _)| tab)
        .collect()
}
