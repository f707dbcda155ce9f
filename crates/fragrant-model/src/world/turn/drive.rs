//! Clients in their pages: facts are handed to whoever holds the protocol, and orders are carried out. What an adapter does.

use std::sync::Arc;

use fragrant::client::StoredToken;
use fragrant::client::session::{Effect, Report, Source};
use fragrant::value::{AccessToken, PendingKey};

use super::Turn;
use crate::property::Property;
use crate::story::Party;
use crate::world::browser::{ATTACKER_USER, Opener, Owed, Place, Record, Slot};
use crate::world::cast::{EVIL, HONEST, api_address, client_name, server_name};
use crate::world::holder::Fact;
use crate::world::setting::Mitigation;
use crate::world::term::{Term, Token};

impl Turn<'_> {
    /// Tells a holder a fact, and has its orders carried out.
    pub(super) fn tell(&mut self, slot: Slot, server: u8, fact: Fact) {
        let Some(page) = self.browser.page(slot) else { return };
        let client = page.client;
        let Some(&before) = page.held.get(usize::from(server)) else { return };
        let taken_key = if let Fact::PendingTaken { key, .. } = &fact { Some(*key) } else { None };
        let is_request = matches!(fact, Fact::ApiRequested { .. } | Fact::SignInRequested(_));
        let holders = &self.model.holders;
        let Some(handled) = holders.handle((client, server), before, fact, self.now) else { return };
        let (was, is) = (holders.held(before), holders.held(handled.held));
        let was = was.as_ref().and_then(|held| Some(held.authorized()?.stored_token()));
        let is = is.as_ref().and_then(|held| Some(held.authorized()?.stored_token()));
        let is_new = |one: &StoredToken, other: &StoredToken| {
            other.sign_in != one.sign_in || other.access_token != one.access_token
        };
        let taken = is.filter(|is| was.is_none_or(|was| is_new(is, was)));
        let taken = taken.map(|token| token.access_token.clone());
        if let Some(held) =
            self.browser.page_mut(slot).and_then(|page| page.held.get_mut(usize::from(server)))
        {
            *held = handled.held;
        }
        if let Some(refused) = handled.refused.filter(|_| self.story.is_some())
            && (is_request || !refused.contains("unexpected input"))
        {
            self.refuse(Party::Client(client), Party::UserAgent(self.browser.user), &*refused);
        }
        if let Some(token) = taken {
            self.token_taken(slot, client, server, &token, taken_key);
        }
        for effect in &*handled.effects {
            self.carry_out(slot, client, server, effect);
        }
    }

    /// A holder has a token that it did not have before.
    fn token_taken(
        &mut self,
        slot: Slot,
        client: u8,
        server: u8,
        token: &AccessToken,
        key: Option<PendingKey>,
    ) {
        self.has_accepted = true;
        let text = token.reveal_secret();
        self.say_with(
            Party::Client(client),
            Party::ResourceOwner(self.browser.user),
            format!("is signed in with server {}", server + 1),
            text,
        );
        if server == HONEST && self.browser.user != ATTACKER_USER {
            let is_own = Token::read(text).is_some_and(|token| {
                token.owner == self.browser.owner()
                    && token.client == client_name(client)
                    && token.server == server_name(HONEST)
            });
            if !is_own || !self.browser.doings().asked.contains(&(client, server)) {
                self.broken.add(Property::SessionIntegrity);
            }
        }
        if !self.model.setting.has(Mitigation::StoreAtomic) {
            self.browser.store_mut(client).used.extend(key);
        }
        // The application calls the API as soon as it can.
        self.owe(slot, server, Owed::ApiRequested);
    }

    fn owe(&mut self, slot: Slot, server: u8, owed: Owed) {
        if let Some(page) = self.browser.page_mut(slot) {
            page.owed.push((server, owed));
        }
    }

    fn carry_out(&mut self, slot: Slot, client: u8, server: u8, effect: &Effect) {
        match effect {
            Effect::CallApi { request, .. } => {
                let authorization = request.reveal_authorization();
                let (status, challenges, is_for_other_client) =
                    self.call(client, request.uri().origin(), &authorization);
                self.owe(slot, server, Owed::ApiResponded { status, challenges, is_for_other_client });
            }
            Effect::CloseFrame => {
                if let Some(page) = self.browser.page_mut(slot) {
                    page.frame = None;
                }
            }
            Effect::ClosePopup => {
                if let Some(popup) = self.browser.page_mut(slot).and_then(|page| page.popup.take()) {
                    self.browser.set_place(popup, Place::Elsewhere);
                }
            }
            Effect::DrawEntropy => {
                let number = self.browser.doings().draws;
                // The attacker's own requests are all alike.
                if self.browser.user != ATTACKER_USER {
                    self.browser.doings_mut().draws += 1;
                }
                self.owe(slot, server, Owed::EntropyDrawn(number));
            }
            Effect::ForgetPending { key } => {
                let store = self.browser.store_mut(client);
                store.records.remove(key);
                store.overwritten.remove(key);
            }
            Effect::HandOver { text } => self.hand_over(slot, client, text),
            Effect::NavigatePopup { url } => {
                let popup = self.browser.page(slot).and_then(|page| page.popup);
                if let (Some(popup), Slot::Tab(own)) = (popup, slot) {
                    if let Some(tab) = self.browser.tab_mut(popup) {
                        tab.opener = Opener::Tab(own);
                    }
                    self.send(client, popup, url.as_str());
                }
            }
            Effect::NavigateTo { url } => {
                let tab = if let Slot::Tab(tab) = slot { tab } else { self.via };
                self.send(client, tab, url.as_str());
            }
            // An application outside the browser has no frame: it waits for one in vain.
            Effect::OpenFrame { url, .. } if matches!(slot, Slot::Tab(_)) => {
                if let Some(page) = self.browser.page_mut(slot) {
                    page.frame = Some((server, url.as_str().to_owned()));
                }
            }
            Effect::OpenPopup => {
                let popup = if let Slot::Tab(tab) = slot { self.browser.free_tab(tab) } else { None };
                if let Some(page) = self.browser.page_mut(slot) {
                    page.popup = popup;
                }
                let owed = if popup.is_some() { Owed::PopupOpened } else { Owed::PopupBlocked };
                self.owe(slot, server, owed);
            }
            Effect::ReplaceHistory { .. } => self.scrub(slot, client),
            Effect::Report { report } => self.report(client, report),
            Effect::StorePending { pending } => {
                let key = pending.key();
                let is_keyed = self.model.setting.has(Mitigation::StoreKeyed);
                let store = self.browser.store_mut(client);
                if !is_keyed {
                    let old: Vec<_> = store.records.keys().filter(|old| **old != key).copied().collect();
                    for old in old {
                        store.records.remove(&old);
                        store.overwritten.insert(old);
                    }
                }
                store.records.insert(key, Record::new(pending));
                self.owe(slot, server, Owed::PendingStored(key));
            }
            Effect::TakePending { key } => {
                let record = self.take_record(client, *key);
                self.owe(slot, server, Owed::PendingTaken { key: *key, record });
            }
            // Tokens are kept in memory, tabs do not talk, timers run out when time passes, and the rest is for people.
            _ => {}
        }
    }

    /// Takes a record out of the storage, or leaves a copy there, where the store does not take it out in one act.
    fn take_record(&mut self, client: u8, key: PendingKey) -> Option<Arc<str>> {
        let record = self.browser.store(client).records.get(&key)?.text.clone();
        if self.model.setting.has(Mitigation::StoreAtomic) {
            self.browser.store_mut(client).records.remove(&key);
        }
        Some(record)
    }

    /// Sends a tab to an authorization server.
    fn send(&mut self, client: u8, tab: u8, url: &str) {
        let user = self.browser.user;
        self.say_with(Party::Client(client), Party::UserAgent(user), "sends the browser to", url);
        self.navigate(tab, url, false);
    }

    fn report(&mut self, client: u8, report: &Report) {
        let user = self.browser.user;
        match report {
            Report::Problem(problem) | Report::SignInFailed(problem) | Report::SignedOut(problem) => {
                let why = match (&problem.rejection, &problem.denied) {
                    (Some(rejection), _) => rejection.reason.to_string(),
                    (None, Some(denied)) => denied.response.error.to_string(),
                    (None, None) => problem.cause.to_string(),
                };
                self.refuse(Party::Client(client), Party::UserAgent(user), why);
            }
            _ => {}
        }
    }

    /// The address leaves the history, if the page can see to that.
    fn scrub(&mut self, slot: Slot, client: u8) {
        if !self.model.setting.has(Mitigation::HistoryScrubbed) {
            return;
        }
        // What has just been loaded is what stands in the address bar.
        let has_answer = self.story.is_some() && !self.browser.history_mut(Some(client)).is_empty();
        self.browser.scrub_history(client);
        if has_answer && matches!(slot, Slot::Tab(_)) {
            let user = self.browser.user;
            self.refuse(
                Party::Client(client),
                Party::UserAgent(user),
                "the history no longer has the answer",
            );
        }
    }

    /// The end of a sign-in in a popup or a frame: what it brings goes to the window that asked.
    fn hand_over(&mut self, slot: Slot, client: u8, text: &str) {
        let Slot::Tab(tab) = slot else { return };
        let own = self.model.cast.origin(client).to_owned();
        match self.browser.opener(tab) {
            Opener::Nobody => {}
            Opener::Attacker => {
                if self.model.setting.has(Mitigation::PostedToOwnOrigin) {
                    let why = "the message is for the client's own origin";
                    self.refuse(Party::Client(client), Party::Attacker, why);
                } else {
                    self.say_with(
                        Party::Client(client),
                        Party::Attacker,
                        "hands its opener the answer",
                        text,
                    );
                    self.gain(crate::world::term::terms_in(text));
                }
            }
            Opener::Tab(opener) => {
                let is_own = self.browser.page(Slot::Tab(opener)).filter(|page| page.client == client);
                let Some(page) = is_own else { return };
                let source = if page.popup == Some(tab) { Source::Popup } else { Source::Other };
                self.say_with(
                    Party::Client(client),
                    Party::Client(client),
                    "hands its opener the answer",
                    text,
                );
                self.deliver(Slot::Tab(opener), &own, source, text);
            }
        }
    }

    /// A message reaches a page.
    pub(super) fn deliver(&mut self, slot: Slot, origin: &str, source: Source, data: &str) {
        let holders = self.browser.page(slot).map_or(0, |page| page.held.len());
        for server in (0..).take(holders) {
            let fact = Fact::MessageReceived { origin: origin.into(), source, data: data.into() };
            self.tell(slot, server, fact);
            self.go_on(slot);
        }
    }

    /// The API server answers; a hostile one reads the token first.
    fn call(&mut self, client: u8, origin: &str, authorization: &str) -> (u16, Vec<String>, bool) {
        let token = authorization.trim_start_matches("Bearer ");
        let is_honest = api_address(HONEST).starts_with(origin);
        let whose = if is_honest { Party::ApiServer(HONEST) } else { Party::Attacker };
        let text = if origin == EVIL { "calls the attacker's address" } else { "calls the API" };
        self.say_with(Party::Client(client), whose, text, &format!("Authorization: {authorization}"));
        if !is_honest {
            if self.browser.user != ATTACKER_USER {
                self.gain([Term::Token(token.into())]);
            }
            return (200, Vec::new(), false);
        }
        let (status, challenges, whose) =
            crate::world::server::call_api(&self.model.cast, &self.model.setting, authorization, self.now);
        let own = whose.as_deref().and_then(Token::read);
        self.is_reached |= own.is_some_and(|token| token.owner == self.browser.owner());
        let is_for_other_client = own.is_some_and(|token| token.client != client_name(client));
        self.named = whose.clone();
        (status, challenges, is_for_other_client)
    }

    /// Tells the holders what came of their orders, until nothing is left; or leaves that to others, where they may come in
    /// between.
    pub(super) fn go_on(&mut self, slot: Slot) {
        // Nobody comes in between in the attacker's own browser.
        if self.model.setting.cuts.pages_at_once || self.browser.user == ATTACKER_USER {
            while self.tell_owed(slot) {}
        }
    }

    /// One step of that.
    pub(super) fn proceed(&mut self, slot: Slot) {
        self.tell_owed(slot);
    }

    fn tell_owed(&mut self, slot: Slot) -> bool {
        let Some(page) = self.browser.page_mut(slot) else { return false };
        let client = page.client;
        if page.owed.is_empty() {
            // The page hands the address it was loaded with to its holders, one after the other.
            return self.arrive(slot);
        }
        let (server, owed) = page.owed.remove(0);
        let fact = match owed {
            Owed::ApiRequested => Fact::ApiRequested { address: api_address(server) },
            Owed::ApiResponded { status, challenges, is_for_other_client } => {
                // Where the token names its client, the application compares.
                if is_for_other_client && self.model.setting.has(Mitigation::AudienceCompared) {
                    let why = "the token is another client's";
                    self.refuse(Party::Client(client), Party::UserAgent(self.browser.user), why);
                    self.owe(slot, server, Owed::SignOutRequested);
                }
                Fact::ApiResponded { status, challenges }
            }
            Owed::EntropyDrawn(number) => {
                let is_fresh = self.model.setting.has(Mitigation::EntropyFresh);
                Fact::EntropyDrawn { drawer: self.browser.user, number, is_fresh }
            }
            Owed::PendingStored(key) => Fact::PendingStored(key),
            Owed::PendingTaken { key, record } => Fact::PendingTaken { key, record },
            Owed::PopupBlocked => Fact::PopupBlocked,
            Owed::PopupOpened => Fact::PopupOpened,
            Owed::SignOutRequested => Fact::SignOutRequested,
        };
        self.tell(slot, server, fact);
        true
    }
}
