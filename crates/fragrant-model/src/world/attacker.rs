//! What can be done: by users, and by an attacker who fills templates with what he knows.

use std::collections::BTreeSet;
use std::sync::Arc;

use fragrant::client::Purpose;
use fragrant::wire::form;

use super::action::Action;
use super::browser::{Opener, Place, Slot};
use super::cast::{
    EVIL, HONEST, HOSTILE_CLIENT, MORE_SCOPE, PROGRAM, client_name, client_origin, endpoint, is_loopback,
    redirect_uri, server_name,
};
use super::holder::Held;
use super::setting::{Apart, ClientKind, Mitigation};
use super::term::{Term, Token, guess_of_state, parameter_of};
use super::watched::Watched;
use super::{Knowledge, Model, now};
use crate::table::{Remembered, Table};

/// One thing that can be done, or the same with each of many addresses. An address is there by number, and a list of them too:
/// most of what is tried is remembered, and nobody needs its text.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Deed {
    One(Action),
    Lure { tab: u8, opener: Opener, address: u32 },
    Lures { tab: u8, opener: Opener, addresses: u32 },
    Post { tab: u8, is_popup: bool, address: u32 },
    Posts { tab: u8, has_popup: bool, addresses: u32 },
}

/// The addresses that the attacker can build, each once, and the lists of them, and from what.
pub(super) struct Addresses {
    texts: Table<Arc<str>>,
    lists: Table<Vec<u32>>,
    /// By client, or none if it is the attacker's own, and knowledge.
    requests: Remembered<(Option<u8>, u32), u32>,
    /// By user, client, what the client has in the storage, and knowledge.
    callbacks: Remembered<(u8, u8, u32, u32), u32>,
}

impl Addresses {
    pub(super) fn new() -> Self {
        Self {
            texts: Table::new(),
            lists: Table::new(),
            requests: Remembered::new(),
            callbacks: Remembered::new(),
        }
    }

    fn list(&self, texts: Vec<Arc<str>>) -> u32 {
        self.lists.number(texts.into_iter().map(|text| self.texts.number(text)).collect::<Vec<_>>())
    }

    fn text(&self, number: u32) -> Arc<str> {
        Arc::clone(&self.texts.value(number))
    }
}

impl Model {
    /// The action that a deed is in a user's browser; `None` if it is several.
    pub(crate) fn action(&self, user: u8, deed: &Deed) -> Option<Action> {
        match *deed {
            Deed::One(ref action) => Some(action.clone()),
            Deed::Lure { tab, opener, address } => {
                Some(Action::Lure { user, tab, opener, address: self.addresses.text(address) })
            }
            Deed::Post { tab, is_popup, address } => {
                Some(Action::Post { user, tab, is_popup, address: self.addresses.text(address) })
            }
            Deed::Lures { .. } | Deed::Posts { .. } => None,
        }
    }

    /// The deeds of which a deed consists, one action each.
    pub(crate) fn one_by_one(&self, deed: &Deed) -> Vec<Deed> {
        match *deed {
            Deed::Lures { tab, opener, addresses } => {
                let addresses = self.addresses.lists.value(addresses);
                addresses.iter().map(|&address| Deed::Lure { tab, opener, address }).collect()
            }
            Deed::Posts { tab, has_popup, addresses } => {
                let sources = if has_popup { &[false, true][..] } else { &[false] };
                let addresses = self.addresses.lists.value(addresses);
                let posts =
                    |&address| sources.iter().map(move |&is_popup| Deed::Post { tab, is_popup, address });
                addresses.iter().flat_map(posts).collect()
            }
            Deed::One(_) | Deed::Lure { .. } | Deed::Post { .. } => vec![deed.clone()],
        }
    }

    /// What happens in a browser without the attacker, and without a new sign-in.
    pub(crate) fn own_actions(&self, browser: &Watched<'_>, waits: u8) -> Vec<Action> {
        let user = browser.user;
        let login = browser.account().login.as_deref();
        let mut actions = Vec::new();
        for tab in browser.all_tabs() {
            if let Some(Place::Server(page)) = browser.tab(tab).map(|tab| &tab.place) {
                let client = parameter_of(&page.query, "client_id");
                let wants = client.is_some_and(|client| {
                    let is_own_will = client == HOSTILE_CLIENT && !page.is_lured;
                    is_own_will || self.wants(browser, &client, now(waits))
                });
                let answers = if wants { &[true, false][..] } else { &[false] };
                if self.setting.cuts.users_at_once {
                    actions.extend(answers.iter().map(|&grants| Action::Answer { user, tab, grants }));
                } else if page.asks_consent && login == Some(&*browser.owner()) {
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
        if browser.lured().is_some() {
            actions.push(Action::Visit { user });
        }
        actions
    }

    /// The tabs in which something can be begun; of those that show nothing the first, as one is as good as another.
    pub(crate) fn tabs(&self, browser: &Watched<'_>) -> Vec<u8> {
        if self.setting.cuts.empty_tabs_alike {
            browser.distinct_tabs()
        } else {
            browser.all_tabs().collect()
        }
    }

    /// The sign-ins that a user can start.
    pub(crate) fn starts(&self, browser: &Watched<'_>) -> Vec<Action> {
        let user = browser.user;
        let bounds = self.setting.bounds;
        let mut actions = Vec::new();
        for tab in self.tabs(browser) {
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

    /// What of all that is known can matter in a user's browser: tokens, and the states of the user's own requests. Another's
    /// state is as good there as the attacker's own.
    pub(crate) fn relevant(&self, knowledge: &Knowledge, user: u8) -> Knowledge {
        let own = super::cast::state(user, 0, true);
        let is_relevant = |term: &&Term| match term {
            Term::Password { .. } => false,
            Term::State(state) => {
                !self.setting.cuts.foreign_states_alike
                    || state[..2] == own[..2]
                    || state.starts_with("00")
                    || *state == self.attackers_state()
            }
            Term::Token(_) => true,
        };
        knowledge.iter().filter(is_relevant).cloned().collect()
    }

    /// The addresses that the attacker can have a tab of a browser load, if this is what he knows.
    pub(crate) fn lures_into(&self, browser: &Watched<'_>, tab: u8, known: u32) -> Vec<Deed> {
        let clients = 0..self.setting.bounds.clients;
        let requests = clients.clone().map(Some).chain([None]).map(|client| self.requests(client, known));
        let callbacks = clients.map(|client| self.callbacks(browser, client, known));
        let lists: Vec<u32> = requests.chain(callbacks).collect();
        let deeds = |opener| lists.iter().map(move |&addresses| Deed::Lures { tab, opener, addresses });
        self.openers(browser, tab).into_iter().flat_map(deeds).collect()
    }

    /// What else the attacker can have a browser do.
    pub(crate) fn other_lures(&self, browser: &Watched<'_>, known: u32) -> Vec<Deed> {
        let user = browser.user;
        let mut deeds = Vec::new();
        let login = browser.account().login.as_deref();
        // What nothing would come of is not tried: it has no other outcome than a refusal.
        let is_every = !self.setting.cuts.vain_actions_dropped;
        for slot in browser.slots() {
            let Some(page) = browser.page(slot) else { continue };
            let is_signed_in = self.holders.any(&page.held, |held| held.authorized().is_some());
            if is_every || is_signed_in {
                deeds.push(Deed::One(Action::DeepLink { user, slot }));
            }
            // A login before she signs in is out of the model: docs/model.md, on who sits at the browser.
            if is_signed_in && self.setting.shared_browser && login == Some(&*browser.owner()) {
                deeds.push(Deed::One(Action::LogInOther { user }));
            }
            if let Slot::Tab(tab) = slot
                && (is_every || self.holders.any(&page.held, Held::is_waiting))
            {
                let addresses = self.callbacks(browser, page.client, known);
                deeds.push(Deed::Posts { tab, has_popup: page.popup.is_some(), addresses });
            }
        }
        let can_come_through = |mitigation, is_ready| is_every || (is_ready && !self.setting.has(mitigation));
        if can_come_through(Mitigation::NotFramed, login.is_some()) {
            deeds.push(Deed::One(Action::ClickConsent { user }));
        }
        if can_come_through(Mitigation::ConsentToken, login.is_some()) {
            deeds.push(Deed::One(Action::SubmitConsent { user }));
        }
        if can_come_through(Mitigation::StoreOwn, true) {
            let pages = (0..self.setting.bounds.clients)
                .filter(|client| self.setting.kinds[usize::from(*client)] == ClientKind::Page);
            deeds.extend(pages.map(|client| Deed::One(Action::Plant { user, client })));
        }
        deeds
    }

    /// The tokens that the attacker can hand to an honest client in his own browser.
    pub(crate) fn presents(&self, known: &Knowledge) -> Vec<Action> {
        let is_every = !self.setting.cuts.vain_actions_dropped;
        let foreign = known.iter().filter_map(|term| match term {
            Term::Token(token) if is_every || is_of_honest_user(token) => Some(token),
            _ => None,
        });
        foreign
            .flat_map(|token| {
                (0..self.setting.bounds.clients)
                    .map(|client| Action::Present { client, token: token.clone() })
            })
            .collect()
    }

    fn openers(&self, browser: &Watched<'_>, tab: u8) -> Vec<Opener> {
        let mut openers = vec![Opener::Nobody, Opener::Attacker];
        if self.setting.links_with_opener {
            openers.extend(browser.slots().into_iter().filter_map(|slot| match slot {
                Slot::Tab(own) if own != tab => Some(Opener::Tab(own)),
                _ => None,
            }));
        }
        openers
    }

    /// Requests of a client to the honest server, as a list of addresses; of the attacker's own if none is named.
    fn requests(&self, client: Option<u8>, known: u32) -> u32 {
        self.addresses.requests.get_or((client, known), || {
            let known = self.knowledge.value(known);
            let requests =
                client.map_or_else(|| self.hostile_requests(), |client| self.requests_of(client, &known));
            self.addresses.list(requests)
        })
    }

    fn requests_of(&self, client: u8, known: &Knowledge) -> Vec<Arc<str>> {
        let mut requests = Vec::new();
        // The attacker's own state is nobody else's, unless he gets it into a storage or there is only one.
        let attackers = self.attackers_state();
        let is_shared = [Mitigation::StoreOwn, Mitigation::EntropyFresh];
        let is_shared = is_shared.into_iter().any(|mitigation| !self.setting.has(mitigation));
        let is_tried = is_shared || !self.setting.cuts.own_state_kept;
        let is_of_use = |state: &&str| is_tried || *state != attackers;
        let states = std::iter::once(None).chain(states_in(known).filter(is_of_use).map(Some));
        let name = client_name(client);
        let origin = client_origin(&self.setting, client);
        let own = redirect_uri(&self.setting, client, HONEST);
        let other = redirect_uri(&self.setting, client, HONEST + 1);
        let others = (self.setting.apart() == Apart::ByRedirectUri && self.setting.bounds.servers > 1)
            .then_some(other);
        for state in states {
            for uri in std::iter::once(&own).chain(&others) {
                requests.push(request(&name, uri, state, "token", ""));
            }
            for more in ["&prompt=none", "&response_mode=query"] {
                requests.push(request(&name, &own, state, "token", more));
            }
        }
        requests.push(request(&name, &own, None, "nothing", "#access_token=x&token_type=bearer"));
        let not_registered = [
            format!("{EVIL}/cb"),
            format!("{origin}/go?to={EVIL}/cb"),
            format!("{origin}/other"),
            format!("{own}/../../other"),
            format!("{own}.evil"),
            format!("{origin}/CB"),
            "http://[::1]:4001/cb".to_owned(),
        ];
        requests.extend(not_registered.map(|uri| request(&name, &uri, None, "token", "")));
        match self.setting.kinds[usize::from(client)] {
            ClientKind::Page => {
                requests.push(request(&name, &format!("{origin}:8443/cb"), None, "token", ""))
            }
            // The same address with another port is the same to the server (RFC 8252 section 7.3).
            ClientKind::Native => {
                let others =
                    (0..self.setting.bounds.clients).map(|client| client_origin(&self.setting, client));
                let others = others.filter(|other| is_loopback(other) && *other != origin);
                for other in others.chain([PROGRAM.to_owned()]) {
                    let uri = own.replacen(&origin, &other, 1);
                    requests
                        .extend(["", "&prompt=none"].map(|more| request(&name, &uri, None, "token", more)));
                }
            }
        }
        requests
    }

    /// Requests of the attacker's client to the honest server.
    fn hostile_requests(&self) -> Vec<Arc<str>> {
        let evil = format!("{EVIL}/cb");
        let wider = format!("&prompt=none&scope={MORE_SCOPE}");
        let kinds = [("token", ""), ("token", "&prompt=none"), ("token", "&prompt=login"), ("nothing", "")];
        let wider = self.setting.scopes.then_some(("token", &*wider));
        let build = |(response_type, more)| request(HOSTILE_CLIENT, &evil, None, response_type, more);
        kinds.into_iter().chain(wider).map(build).collect()
    }

    /// Answers that never came from a server, as a list of addresses.
    fn callbacks(&self, browser: &Watched<'_>, client: u8, known: u32) -> u32 {
        let key = (browser.user, client, browser.store_number(client), known);
        self.addresses.callbacks.get_or(key, || {
            let callbacks = self.callbacks_of(browser, client, &self.knowledge.value(known));
            self.addresses.list(callbacks)
        })
    }

    fn callbacks_of(&self, browser: &Watched<'_>, client: u8, known: &Knowledge) -> Vec<Arc<str>> {
        let servers = self.setting.bounds.servers;
        let own = self.own_token(client);
        let owner = browser.owner();
        let is_alike = self.setting.cuts.foreign_tokens_alike;
        let foreign = known.iter().filter_map(|term| match term {
            Term::Token(token) if *token == own || !is_alike || is_of_honest_user(token) => {
                Some(token.clone())
            }
            _ => None,
        });
        let made_up = (servers > 1).then(|| format!("{}.made.up", server_name(HONEST + 1)));
        let payloads: Vec<Option<String>> = foreign.chain(made_up).map(Some).chain([None]).collect();
        let guesses = browser.store(client).records.keys().map(|key| guess_of_state(&key.to_text()));
        let states: BTreeSet<Option<String>> = std::iter::once(None)
            .chain(guesses.map(Some))
            .chain(states_in(known).map(|state| Some(state.to_owned())))
            .collect();
        let uris = if self.setting.apart() == Apart::ByRedirectUri { servers } else { 1 };
        let issuers: Vec<Option<u8>> = match self.setting.apart() {
            Apart::ByIssuer => vec![Some(HONEST), Some(HONEST + 1), None],
            Apart::ByRedirectUri | Apart::Nothing => vec![None],
        };
        let mut callbacks = Vec::new();
        for uri in 0..uris {
            for &issuer in &issuers {
                for payload in &payloads {
                    callbacks.extend(states.iter().map(|state| {
                        let (payload, state) = (payload.as_deref(), state.as_deref());
                        self.callback(client, uri, payload, state, issuer, &owner).into()
                    }));
                }
            }
        }
        callbacks
    }
}

fn is_of_honest_user(token: &str) -> bool {
    Token::read(token).is_some_and(|token| token.is_of_honest_user())
}

fn states_in(known: &Knowledge) -> impl Iterator<Item = &str> {
    known.iter().filter_map(|term| if let Term::State(state) = term { Some(&**state) } else { None })
}

fn request(client: &str, uri: &str, state: Option<&str>, response_type: &str, more: &str) -> Arc<str> {
    let pairs = [
        ("response_type", Some(response_type)),
        ("client_id", Some(client)),
        ("redirect_uri", Some(uri)),
        ("state", state),
    ];
    let pairs = pairs.iter().filter_map(|(name, value)| Some((*name, (*value)?)));
    format!("{}?{}{more}", endpoint(HONEST), form::to_text(pairs)).into()
}
