//! One action and all that comes of it at once: the browser, the clients in it and the servers do their part.

mod drive;
mod navigate;
mod serve;

use std::collections::BTreeSet;
use std::sync::Arc;

use fragrant::client::Purpose;
use fragrant::client::session::Timer;
use fragrant::value::{PendingKey, Timestamp};

use super::Model;
use super::action::Action;
use super::browser::{ATTACKER_USER, Lured, OTHER_USER, Opener, Page, Place, Record, Slot, Tab};
use super::cast::{ATTACKER, ATTACKER_DRAWS, EVIL, HONEST, client_name, entropy, user_name};
use super::holder::Fact;
use super::parts::{Browser, Face, Question, Written};
use super::setting::{ClientKind, Mitigation};
use super::term::{Term, Token, terms_in};
use super::watched::Watched;
use crate::property::{Properties, Property};
use crate::story::{Line, Party};

/// What an action came to.
pub(crate) struct Outcome {
    pub(crate) browser: Browser,
    /// What has come the attacker's way.
    pub(crate) gains: BTreeSet<Term>,
    pub(crate) broken: Properties,
    /// A user has had an answer from the API, with a token of her own.
    pub(crate) is_reached: bool,
    pub(crate) story: Vec<Line>,
    /// What has changed in the browser.
    pub(crate) written: Vec<Written>,
    /// What all of this depends on, beside the action and the time: what was asked of the browser, in this order.
    pub(crate) questions: Vec<Question>,
}

/// An action being carried out.
pub(crate) struct Turn<'m> {
    model: &'m Model,
    browser: Watched<'m>,
    now: Timestamp,
    gains: BTreeSet<Term>,
    broken: Properties,
    is_reached: bool,
    /// A holder has taken a token.
    has_accepted: bool,
    /// Nobody has disturbed anything so far.
    is_undisturbed: bool,
    /// The tab that a native application opens the server's page in.
    via: u8,
    /// An API call of the attacker's own browser named an honest user.
    named: Option<String>,
    /// Kept only if somebody wants to read it.
    story: Option<Vec<Line>>,
}

impl<'m> Turn<'m> {
    pub(crate) const fn new(model: &'m Model, browser: Watched<'m>, now: Timestamp) -> Self {
        Self {
            model,
            browser,
            now,
            gains: BTreeSet::new(),
            broken: Properties::of_none(),
            is_reached: false,
            has_accepted: false,
            is_undisturbed: false,
            via: 0,
            named: None,
            story: None,
        }
    }

    pub(crate) const fn undisturbed(mut self, is_undisturbed: bool) -> Self {
        self.is_undisturbed = is_undisturbed;
        self
    }

    pub(crate) fn told(mut self) -> Self {
        self.story = Some(Vec::new());
        self
    }

    /// Carries it out.
    pub(crate) fn take(mut self, action: &Action) -> Outcome {
        let must_be_taken = self.must_be_taken(action);
        let attack = self.attack(action);
        self.act(action);
        if let Some(address) = attack {
            self.check_standing(&address);
        }
        if must_be_taken && !self.has_accepted {
            self.broken.add(Property::Completion);
        }
        self.settle(*action == Action::Wait);
        let before = *self.browser.before();
        let (written, questions) = self.browser.into_written();
        Outcome {
            browser: before.with(&written),
            gains: self.gains,
            broken: self.broken,
            is_reached: self.is_reached,
            story: self.story.unwrap_or_default(),
            written,
            questions,
        }
    }

    fn act(&mut self, action: &Action) {
        match action {
            Action::Answer { tab, grants, .. } => {
                self.log_in(*tab);
                self.decide(*tab, *grants);
            }
            Action::ClickConsent { .. } => self.consent_unaware(
                Mitigation::NotFramed,
                "has the consent page in a frame under the user's pointer",
                "the browser does not show it in a frame",
            ),
            Action::SubmitConsent { .. } => self.consent_unaware(
                Mitigation::ConsentToken,
                "posts the consent form from a page of its own",
                "the form has no consent token",
            ),
            Action::DeepLink { slot, .. } => self.call_elsewhere(*slot),
            Action::FrameLoads { slot, .. } => self.load_frame(*slot),
            // It happens to the attacker, and not to a browser.
            Action::Learn { .. } => {}
            Action::Wait => self.wait(),
            Action::Lure { tab, opener, address, .. } => {
                if self.model.setting.cuts.visits_at_once {
                    self.follow_lure(*tab, *opener, address);
                } else {
                    let lured = Lured { tab: *tab, opener: *opener, address: address.clone() };
                    self.browser.set_lured(Some(lured));
                }
            }
            Action::Visit { .. } => {
                if let Some(lured) = self.browser.lured().cloned() {
                    self.browser.set_lured(None);
                    self.follow_lure(lured.tab, lured.opener, &lured.address);
                }
            }
            Action::Decide { tab, grants, .. } => self.decide(*tab, *grants),
            Action::LogIn { tab, .. } => self.log_in(*tab),
            Action::LogInOther { .. } => self.log_in_other(),
            Action::Plant { client, .. } => self.plant(*client),
            Action::Post { tab, is_popup, address, .. } => self.post(*tab, *is_popup, address),
            Action::Present { client, token } => self.present(*client, token),
            Action::Proceed { slot, .. } => self.proceed(*slot),
            Action::Start { tab, client, server, purpose, .. } => {
                self.start(*tab, *client, *server, *purpose);
            }
            Action::StartHostile { tab, .. } => self.start_hostile(*tab),
        }
    }

    // What a user does

    pub(super) fn start(&mut self, tab: u8, client: u8, server: u8, purpose: Purpose) {
        self.browser.doings_mut().asked.insert((client, server));
        self.via = tab;
        let slot = match self.model.setting.kinds[usize::from(client)] {
            ClientKind::Native => Slot::App(client),
            ClientKind::Page => Slot::Tab(tab),
        };
        let is_there = self.browser.page(slot).is_some_and(|page| page.client == client);
        if !is_there {
            let held = self.model.fresh_holders(client);
            self.browser.set_place(tab, Place::Client(Page::new(client, held)));
        }
        self.say(
            Party::ResourceOwner(self.browser.user),
            Party::Client(client),
            format!("signs in with server {}, by {}", server + 1, purpose.as_str()),
        );
        self.tell(slot, server, Fact::SignInRequested(purpose));
        self.go_on(slot);
    }

    fn start_hostile(&mut self, tab: u8) {
        let request = self.model.hostile_request();
        let user = self.browser.user;
        self.say(Party::ResourceOwner(user), Party::Attacker, "signs in at the attacker's client");
        self.browser.set_place(tab, Place::Elsewhere);
        self.navigate(tab, &request, false);
        if self.model.setting.cuts.users_at_once {
            self.log_in(tab);
            self.decide(tab, true);
        }
    }

    // What the attacker does

    fn follow_lure(&mut self, tab: u8, opener: Opener, address: &str) {
        let user = self.browser.user;
        self.say_with(Party::Attacker, Party::UserAgent(user), format!("leads tab {} to", tab + 1), address);
        self.browser.set_tab(tab, Tab { opener, place: Place::Elsewhere });
        self.navigate(tab, address, true);
        if self.model.setting.cuts.users_at_once {
            let Some(client) = self.asking_client(tab) else { return };
            let wants = self.wants(&client);
            self.log_in(tab);
            self.decide(tab, wants);
        }
    }

    fn post(&mut self, tab: u8, is_popup: bool, address: &str) {
        use fragrant::client::session::Source;
        let Some(page) = self.browser.page(Slot::Tab(tab)) else { return };
        let (client, popup) = (page.client, page.popup);
        let source = match (is_popup, popup) {
            (true, Some(popup)) => {
                self.browser.set_place(popup, Place::Elsewhere);
                Source::Popup
            }
            _ => Source::Other,
        };
        let data = format!("fragrant-answer:{address}");
        self.say_with(
            Party::Attacker,
            Party::Client(client),
            "posts a message from a page of its own",
            &data,
        );
        self.deliver(Slot::Tab(tab), EVIL, source, &data);
    }

    fn plant(&mut self, client: u8) {
        let user = self.browser.user;
        self.say(
            Party::Attacker,
            Party::UserAgent(user),
            "writes a record of its own request into the storage",
        );
        if self.model.setting.has(Mitigation::StoreOwn) {
            self.refuse(
                Party::UserAgent(user),
                Party::Attacker,
                "the storage is the client's origin's alone",
            );
            return;
        }
        let Some(facts) = self.model.cast.client(client, HONEST) else { return };
        let entropy = entropy(ATTACKER_USER, ATTACKER_DRAWS, true);
        if let Ok((_, awaiting)) = facts.begin(facts.authorization_request(), entropy, self.now) {
            let record = Record::new(awaiting.pending());
            self.browser.store_mut(client).records.insert(awaiting.key(), record);
        }
    }

    fn call_elsewhere(&mut self, slot: Slot) {
        let Some(page) = self.browser.page(slot) else { return };
        let (client, holders) = (page.client, page.held.clone());
        let address = format!("{EVIL}/api");
        self.say_with(
            Party::Attacker,
            Party::Client(client),
            "a link names another address of the API",
            &address,
        );
        for (server, held) in (0..).zip(holders) {
            let is_signed_in = self.model.holders.any(&[held], |held| held.authorized().is_some());
            if is_signed_in {
                self.tell(slot, server, Fact::ApiRequested { address: address.clone() });
                self.go_on(slot);
            }
        }
    }

    /// The attacker signs in at an honest client in his own browser, and puts another token into the answer.
    fn present(&mut self, client: u8, token: &str) {
        let own = self.model.browser_of(ATTACKER_USER, ATTACKER_DRAWS);
        let users = std::mem::replace(&mut self.browser, self.model.watch(&own));
        self.start(0, client, HONEST, Purpose::Redirect);
        let state = self.model.attackers_state();
        let address = self.model.callback(client, HONEST, Some(token), Some(&state), Some(HONEST), ATTACKER);
        self.say_with(
            Party::Attacker,
            Party::Client(client),
            "puts another token into its own answer",
            &address,
        );
        self.navigate(0, &address, false);
        let is_signed_in = self.browser.slots().into_iter().any(|slot| self.is_signed_in(slot, client));
        let is_honest_user = self
            .named
            .take()
            .is_some_and(|token| Token::read(&token).is_some_and(|token| token.is_of_honest_user()));
        if is_signed_in && is_honest_user {
            self.broken.add(Property::Authentication);
        }
        // What the attacker does in his own browser teaches him nothing, and reaches nobody's goal.
        (self.browser, self.is_reached) = (users, false);
        self.gains.clear();
    }

    fn is_signed_in(&self, slot: Slot, client: u8) -> bool {
        let page = self.browser.page(slot).filter(|page| page.client == client);
        page.and_then(|page| self.model.holders.held(*page.held.first()?))
            .is_some_and(|held| held.authorized().is_some())
    }

    // What happens by itself

    /// Nearly an hour has passed, which `now` says already. Pages of the server were given up, and timers have run out.
    fn wait(&mut self) {
        for tab in self.browser.all_tabs() {
            if self.browser.face(Slot::Tab(tab)) == Face::Server {
                self.browser.set_place(tab, Place::Elsewhere);
            }
        }
        for slot in self.browser.slots() {
            let holders = self.browser.page(slot).map_or(0, |page| page.held.len());
            for server in (0..).take(holders) {
                for timer in [Timer::Answer, Timer::Renewal] {
                    self.tell(slot, server, Fact::TimerFired(timer));
                    self.go_on(slot);
                }
            }
        }
    }

    /// Somebody else logs in at the browser, who has used the clients before.
    fn log_in_other(&mut self) {
        let owner = user_name(OTHER_USER);
        let user = self.browser.user;
        self.say(
            Party::UserAgent(user),
            Party::AuthorizationServer(HONEST),
            "somebody else logs in at the same browser",
        );
        for client in 0..self.model.setting.bounds.clients {
            let uri = super::cast::redirect_uri(&self.model.setting, client, HONEST);
            let scope = super::cast::shown_scope(&self.model.setting, "");
            self.browser.press_allow((owner.clone(), client_name(client), scope));
            self.browser.remember_consent((owner.clone(), client_name(client), uri));
        }
        self.browser.account_mut().login = Some(owner);
    }

    /// What nobody can tell apart becomes one: pages on which nothing can happen are empty tabs. What has not changed has been
    /// settled before.
    fn settle(&mut self, has_waited: bool) {
        for at in self.browser.written_tabs() {
            let Some(tab) = self.browser.tab(at) else { continue };
            let cuts = self.model.setting.cuts;
            let is_over = match &tab.place {
                Place::Client(page) => cuts.idle_pages_emptied && is_idle(page, &self.model.holders),
                Place::Elsewhere => cuts.openers_forgotten && tab.opener != Opener::Nobody,
                Place::Server(_) => false,
            };
            if is_over {
                let opener = if cuts.openers_forgotten { Opener::Nobody } else { tab.opener };
                self.browser.set_tab(at, Tab { opener, place: Place::Elsewhere });
            }
        }
        if has_waited || self.browser.has_moved() {
            self.read_history();
        }
    }

    /// The attacker gets at the browser while no request stands in it, and reads what the history has.
    fn read_history(&mut self) {
        let mut clients = 0..self.model.setting.bounds.clients;
        let is_under_way = clients.any(|client| self.browser.stands(client, self.now));
        if is_under_way || self.browser.faces().any(Face::is_busy) {
            return;
        }
        let history = self.browser.history();
        if history.is_empty() {
            return;
        }
        self.browser.forget_history();
        let read: BTreeSet<Term> = history.iter().flat_map(|address| terms_in(address)).collect();
        if !read.is_empty() {
            let user = self.browser.user;
            let addresses = history.into_iter().collect::<Vec<_>>().join(" ");
            self.say_with(Party::UserAgent(user), Party::Attacker, "the history shows", &addresses);
        }
        self.gain(read);
    }

    // What must hold

    /// The address that a stranger brings, perhaps an empty one; `None` if no stranger is behind this action.
    fn attack(&self, action: &Action) -> Option<Arc<str>> {
        action.is_attack().then(|| match action {
            Action::Lure { address, .. } | Action::Post { address, .. } => address.clone(),
            Action::Visit { .. } => self.browser.lured().map_or("".into(), |lured| lured.address.clone()),
            _ => "".into(),
        })
    }

    /// None of the records of requests by redirect that stood before a stranger did something may be gone, but by an answer
    /// with its own state.
    fn check_standing(&mut self, address: &str) {
        let has_state = |record: &Record| {
            let is_in = |term| matches!(term, Term::State(state) if record.text.contains(&*state));
            terms_in(address).into_iter().any(is_in)
        };
        for client in 0..self.model.setting.bounds.clients {
            let Some(before) = self.browser.store_before(client) else { continue };
            let after = &self.browser.store(client).records;
            let stood = |record: &Record| record.purpose == Purpose::Redirect && self.now < record.end;
            let mut lost =
                before.records.iter().filter(|(key, record)| stood(record) && !after.contains_key(key));
            if lost.any(|(_, record)| !has_state(record)) && !self.is_owed() {
                self.broken.add(Property::Completion);
            }
        }
    }

    /// Whether a page is still to be told something.
    fn is_owed(&self) -> bool {
        self.browser.faces().any(|face| matches!(face, Face::Client { is_owed: true, .. }))
    }

    /// Whether the action sends the server's yes to a request that stands, so that it must be taken.
    fn must_be_taken(&self, action: &Action) -> bool {
        let (Action::Answer { tab, grants: true, .. } | Action::Decide { tab, grants: true, .. }) = action
        else {
            return false;
        };
        let Some(Place::Server(page)) = self.browser.tab(*tab).map(|tab| &tab.place) else { return false };
        if page.is_lured || !self.is_undisturbed || !self.model.setting.cuts.pages_at_once {
            return false;
        }
        let Some(Term::State(state)) =
            super::term::terms_of_form(&page.query).into_iter().find(|term| matches!(term, Term::State(_)))
        else {
            return false;
        };
        let key = PendingKey::of_state_text(&state);
        let clients = 0..self.model.setting.bounds.clients;
        let record = clients.clone().find_map(|client| self.browser.store(client).records.get(&key));
        let is_popup = record.is_some_and(|record| record.purpose == Purpose::Popup);
        let has_opener = || {
            let opens = |face| matches!(face, Face::Client { popup, .. } if popup == Some(*tab));
            self.browser.faces().any(opens)
        };
        let is_overwritten =
            || clients.clone().any(|client| self.browser.store(client).overwritten.contains(&key));
        (record.is_some() || is_overwritten()) && (!is_popup || has_opener())
    }

    /// Whether the user is signing in at this client, so that she would allow it.
    pub(super) fn wants(&self, client: &str) -> bool {
        self.model.wants(&self.browser, client, self.now)
    }

    // What is told

    fn gain(&mut self, terms: impl IntoIterator<Item = Term>) {
        self.gains.extend(terms);
    }

    fn say(&mut self, from: Party, to: Party, text: impl Into<String>) {
        if let Some(story) = &mut self.story {
            story.push(Line::new(from, to, text));
        }
    }

    fn say_with(&mut self, from: Party, to: Party, text: impl Into<String>, wire: &str) {
        if let Some(story) = &mut self.story {
            story.push(Line { wire: Some(wire.into()), ..Line::new(from, to, text) });
        }
    }

    fn refuse(&mut self, from: Party, to: Party, why: impl Into<String>) {
        if let Some(story) = &mut self.story {
            story.push(Line { refusal: Some(why.into()), ..Line::new(from, to, "refuses") });
        }
    }
}

fn is_idle(page: &Page, holders: &super::holder::Holders) -> bool {
    page.owed.is_empty()
        && page.frame.is_none()
        && page.arriving.is_none()
        && !holders.any(&page.held, |held| !held.is_idle())
}
