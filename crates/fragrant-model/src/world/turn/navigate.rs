//! What a browser does with an address: who gets to see which part of it, and what is shown in the end.

use fragrant::client::session::{Effect, Source, Window};
use fragrant::user_agent::follow;
use fragrant::value::HttpUri;

use super::Turn;
use crate::story::Party;
use crate::world::browser::{Opener, Page, Place, Slot};
use crate::world::cast::{EVIL, HONEST, PROGRAM};
use crate::world::holder::Fact;
use crate::world::parts::Face;
use crate::world::setting::{ClientKind, Mitigation};
use crate::world::term::{is_telling, terms_in, terms_of_form};

/// How many redirects a browser follows.
const HOPS: usize = 8;

/// Where an address is being loaded.
#[derive(Clone, Copy)]
pub(super) enum View {
    /// The hidden frame of a page.
    Frame(Slot),
    /// A tab.
    Tab { tab: u8, is_lured: bool },
}

impl Turn<'_> {
    /// Loads an address into a tab, and what it leads to.
    pub(super) fn navigate(&mut self, tab: u8, address: &str, is_lured: bool) {
        self.visit(View::Tab { tab, is_lured }, address);
    }

    /// Loads the hidden frame of a page.
    pub(super) fn load_frame(&mut self, slot: Slot) {
        let frame = self.browser.page_mut(slot).and_then(|page| page.frame.take());
        if let Some((_, address)) = frame {
            let user = self.browser.user;
            self.say_with(
                Party::UserAgent(user),
                Party::AuthorizationServer(HONEST),
                "loads the frame",
                &address,
            );
            self.visit(View::Frame(slot), &address);
        }
    }

    pub(super) fn visit(&mut self, view: View, address: &str) {
        let mut next = Some(address.to_owned());
        for _ in 0..HOPS {
            let Some(address) = next else { return };
            let Ok(uri) = HttpUri::parse(address.as_str()) else {
                return self.show(view, Place::Elsewhere);
            };
            next = self.load(view, &uri);
        }
        self.show(view, Place::Elsewhere);
    }

    /// Follows a redirect, by the rules of browsers.
    pub(super) fn redirect(&mut self, from: &HttpUri, location: &str) -> Option<String> {
        follow(from, location).ok().map(|destination| destination.as_str().to_owned())
    }

    /// Loads one address; the next one, if it leads on.
    fn load(&mut self, view: View, uri: &HttpUri) -> Option<String> {
        let address = uri.as_str();
        if uri.without_fragment().starts_with(&*self.model.cast.endpoints[0]) {
            return self.ask_server(view, uri);
        }
        if uri.origin() == EVIL || uri.without_fragment().starts_with(&*self.model.cast.endpoints[1]) {
            let user = self.browser.user;
            self.say_with(Party::UserAgent(user), Party::Attacker, "loads the attacker's page", address);
            self.gain(terms_in(address));
            self.show(view, Place::Elsewhere);
            return None;
        }
        if uri.origin() == PROGRAM {
            self.reach_other_program(view, address);
            return None;
        }
        let Some(client) = self.model.cast.client_at(uri.origin()) else {
            self.show(view, Place::Elsewhere);
            return None;
        };
        match self.model.setting.kinds[usize::from(client)] {
            ClientKind::Native => {
                self.reach_native(view, client, address);
                None
            }
            ClientKind::Page if uri.path() == "/go" => self.go(view, client, uri),
            ClientKind::Page => {
                self.reach_page(view, client, uri);
                None
            }
        }
    }

    /// Shows something in place of what was there. A frame has no place of its own.
    pub(super) fn show(&mut self, view: View, place: Place) {
        if let View::Tab { tab, .. } = view {
            self.browser.set_place(tab, place);
        }
    }

    /// An open redirector of an honest client, if it has one.
    fn go(&mut self, view: View, client: u8, uri: &HttpUri) -> Option<String> {
        let setting = &self.model.setting;
        let (by_script, by_header) =
            (!setting.has(Mitigation::NoRedirector), !setting.has(Mitigation::FragmentOwn));
        let to = uri.query().and_then(|query| query.strip_prefix("to=")).map(str::to_owned);
        let user = self.browser.user;
        match to {
            // A script that takes along whatever came.
            Some(to) if by_script => {
                self.say_with(
                    Party::Client(client),
                    Party::UserAgent(user),
                    "its page sends everybody on to",
                    &to,
                );
                Some(format!("{to}#{}", uri.fragment().unwrap_or_default()))
            }
            // A server that sends everybody on, without a fragment of its own.
            Some(to) if by_header => {
                self.say_with(Party::Client(client), Party::UserAgent(user), "redirects everybody to", &to);
                self.redirect(uri, &to)
            }
            _ => {
                self.show(view, Place::Elsewhere);
                None
            }
        }
    }

    /// A native application's address: it listens while somebody signs in. At other times another program may.
    fn reach_native(&mut self, view: View, client: u8, address: &str) {
        let slot = Slot::App(client);
        if !self.browser.face(slot).is_listening() {
            return self.reach_other_program(view, address);
        }
        self.show(view, Place::Elsewhere);
        let user = self.browser.user;
        // What answers there is a page too, which the browser keeps in its history if it does not see to that itself.
        if !self.model.setting.has(Mitigation::HistoryScrubbed) {
            self.browser.history_mut(Some(client)).insert(address.into());
        }
        self.run_foreign_script(client, address);
        self.say_with(Party::UserAgent(user), Party::Client(client), "hands the address over", address);
        let holders = self.browser.page(slot).map_or(0, |page| page.held.len());
        for server in (0..).take(holders) {
            let fact = Fact::PageLoaded { address: address.into(), window: Window::Top };
            self.tell(slot, server, fact);
            self.go_on(slot);
        }
    }

    /// A port of the user's machine at which no client listens: a program of the attacker's does, or nobody. Of what could not be
    /// loaded the browser keeps nothing.
    fn reach_other_program(&mut self, view: View, address: &str) {
        self.show(view, Place::Elsewhere);
        let browser = Party::UserAgent(self.browser.user);
        let is_signing_in = self.browser.faces().any(Face::is_listening);
        if is_signing_in && self.model.setting.has(Mitigation::NoForeignListener) {
            return self.refuse(browser, Party::Attacker, "nobody listens on this port");
        }
        self.say_with(browser, Party::Attacker, "nobody but the attacker's program listens there", address);
        self.gain(terms_in(address));
    }

    /// A script of the attacker's in a page of the client's, if one runs there.
    fn run_foreign_script(&mut self, client: u8, address: &str) {
        let client = Party::Client(client);
        if !self.model.setting.has(Mitigation::NoForeignScript) {
            self.say(client, Party::Attacker, "a foreign script in the page reads the address");
            self.gain(terms_in(address));
        } else if is_telling(address) {
            self.refuse(client, Party::Attacker, "only the client's own script runs in the page");
        }
    }

    /// A page of an honest client is loaded, with whatever its address brings.
    fn reach_page(&mut self, view: View, client: u8, uri: &HttpUri) {
        let address = uri.as_str();
        let user = self.browser.user;
        self.say_with(Party::UserAgent(user), Party::Client(client), "loads the page", address);
        // Whoever has the logs of the client's web server has the query; the fragment stays in the browser.
        if let Some(query) = uri.query() {
            self.gain(terms_of_form(query));
        }
        self.run_foreign_script(client, address);
        let held = self.model.fresh_holders(client);
        match view {
            View::Tab { tab, .. } => {
                // A page that is left while it still starts leaves nothing behind: what follows takes its place.
                let is_kept = self.model.setting.cuts.pages_at_once
                    || !self.model.setting.has(Mitigation::HistoryScrubbed);
                if is_telling(address) && is_kept {
                    self.browser.history_mut(Some(client)).insert(address.into());
                }
                let page = Page { arriving: Some((0, address.to_owned())), ..Page::new(client, held) };
                self.browser.set_place(tab, Place::Client(page));
                self.go_on(Slot::Tab(tab));
            }
            View::Frame(slot) => self.end_of_frame(slot, client, address, &held),
        }
    }

    /// The page in a hidden frame: it is not there long enough for anything to come in between.
    fn end_of_frame(&mut self, slot: Slot, client: u8, address: &str, held: &[u32]) {
        let origin = self.model.cast.origin(client).to_owned();
        let Some(&held) = held.first() else { return };
        let now = self.now;
        let loaded = Fact::PageLoaded { address: address.into(), window: Window::Frame };
        let Some(handled) = self.model.holders.handle((client, 0), held, loaded, now) else { return };
        let mut effects = handled.effects.to_vec();
        let taken = effects.iter().find_map(|effect| match effect {
            Effect::TakePending { key } => Some(*key),
            _ => None,
        });
        if let Some(key) = taken {
            let record = self.browser.store_mut(client).records.remove(&key).map(|record| record.text);
            let taken = Fact::PendingTaken { key, record };
            let then = self.model.holders.handle((client, 0), handled.held, taken, now);
            effects.extend(then.iter().flat_map(|then| then.effects.iter().cloned()));
        }
        for effect in effects {
            if let Effect::HandOver { text } = effect {
                self.say_with(Party::Client(client), Party::Client(client), "the frame hands over", &text);
                self.deliver(slot, &origin, Source::Frame, &text);
            }
        }
    }

    /// Hands the address that a page was loaded with to its next holder. `false` if there is nothing left to hand.
    pub(super) fn arrive(&mut self, slot: Slot) -> bool {
        let opener = if let Slot::Tab(tab) = slot { self.browser.opener(tab) } else { Opener::Nobody };
        let window = if opener == Opener::Nobody { Window::Top } else { Window::Popup };
        let Some(page) = self.browser.page_mut(slot) else { return false };
        let Some((server, address)) = page.arriving.take() else { return false };
        // Whoever has taken the answer, or handed it over, keeps it.
        let is_done =
            self.model.holders.any(&page.held, |held| held.is_over() || held.authorized().is_some());
        if is_done || usize::from(server) >= page.held.len() {
            return false;
        }
        page.arriving = Some((server + 1, address.clone()));
        self.tell(slot, server, Fact::PageLoaded { address, window });
        true
    }
}
