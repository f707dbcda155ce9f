//! A browser at the honest authorization server: its pages, its redirects, and what a user does there.

use fragrant::authorization_server::Redirection;
use fragrant::user_agent::repeats_the_request;
use fragrant::value::HttpUri;

use super::Turn;
use super::navigate::View;
use crate::property::Property;
use crate::story::Party;
use crate::world::browser::{AtServer, Place};
use crate::world::cast::{EVIL, HONEST, endpoint, shown_scope};
use crate::world::server::{Granted, Reply, Visitor};
use crate::world::setting::Mitigation;
use crate::world::term::{Term, is_telling, parameter_of, terms_in};

const SERVER: Party = Party::AuthorizationServer(HONEST);

impl Turn<'_> {
    /// A request has come to the server.
    pub(super) fn ask_server(&mut self, view: View, uri: &HttpUri) -> Option<String> {
        let query = uri.query().unwrap_or_default().to_owned();
        let reply = self.visitor(|visitor| visitor.ask(&query));
        let is_silent = query.contains("prompt=none");
        let asks_consent = match &reply {
            Reply::AskConsent => true,
            Reply::LogIn => false,
            _ => {
                let is_granted = matches!(reply, Reply::Granted(_));
                let next = self.answered(view, uri, reply, is_silent)?;
                // She has done nothing yet, unless she has allowed it before.
                if !is_silent && !is_granted && next.starts_with(EVIL) {
                    self.broken.add(Property::UnaskedRedirect);
                }
                return Some(next);
            }
        };
        if is_silent {
            self.broken.add(Property::NoPage);
        }
        let View::Tab { is_lured, .. } = view else {
            self.refuse(
                SERVER,
                Party::UserAgent(self.browser.user),
                "no page of the server is shown in a frame",
            );
            return None;
        };
        let user = self.browser.user;
        if is_telling(uri.as_str()) {
            self.browser.history_mut(None).insert(uri.as_str().into());
        }
        if !self.model.setting.has(Mitigation::ReferrerNone) {
            self.say_with(
                Party::UserAgent(user),
                Party::Attacker,
                "a picture on the server's page is the attacker's; Referer",
                uri.without_fragment(),
            );
            self.gain(terms_in(uri.without_fragment()));
        }
        self.say(
            SERVER,
            Party::UserAgent(user),
            if asks_consent { "asks for consent" } else { "asks to log in" },
        );
        let fragment = uri.fragment().map(str::to_owned);
        self.show(view, Place::Server(AtServer { query, fragment, asks_consent, is_lured }));
        None
    }

    /// The server's answer, if it is one: where it leads.
    fn answered(&mut self, view: View, from: &HttpUri, reply: Reply, is_silent: bool) -> Option<String> {
        let user = self.browser.user;
        match reply {
            Reply::AskConsent | Reply::LogIn => None,
            Reply::ErrorPage(why) => {
                self.refuse(SERVER, Party::UserAgent(user), why);
                self.show(view, Place::Elsewhere);
                None
            }
            Reply::ErrorBeforeLogin { error, location } => {
                if self.model.setting.has(Mitigation::ErrorsUnasked) && !is_silent {
                    let why = format!("{error}, and shows a page before it leads anywhere");
                    self.refuse(SERVER, Party::UserAgent(user), why);
                    self.show(view, Place::Elsewhere);
                    return None;
                }
                self.say_with(SERVER, Party::UserAgent(user), "redirects at once", &location);
                self.redirect(from, &location)
            }
            Reply::Error { error, location } => {
                self.refuse(SERVER, Party::UserAgent(user), error);
                self.redirect(from, &location)
            }
            Reply::Granted(granted) => {
                if !self.model.setting.cuts.tokens_merged {
                    self.browser.account_mut().issued += 1;
                }
                self.check_grant(&granted);
                self.browser.remember_consent(granted.consent);
                self.say_with(SERVER, Party::UserAgent(user), "redirects with a token", &granted.location);
                self.redirect(from, &granted.location)
            }
        }
    }

    /// The user logs in on the page that a tab shows, as herself.
    pub(super) fn log_in(&mut self, tab: u8) {
        let Some(page) = self.page_at_server(tab) else { return };
        let owner = self.browser.owner();
        if page.asks_consent && self.browser.account().login.as_deref() == Some(&*owner) {
            return;
        }
        let user = self.browser.user;
        self.say(Party::ResourceOwner(user), SERVER, "logs in");
        let reply = self.visitor(|visitor| visitor.logged_in(&page.query, &owner));
        self.browser.account_mut().login = Some(owner);
        self.sent_in(tab, page, reply, Some(Term::Password { user, server: HONEST }));
    }

    /// The user decides on the page that a tab shows.
    pub(super) fn decide(&mut self, tab: u8, grants: bool) {
        let Some(page) = self.page_at_server(tab).filter(|page| page.asks_consent) else { return };
        let owner = self.browser.owner();
        let user = self.browser.user;
        self.say(Party::ResourceOwner(user), SERVER, if grants { "allows it" } else { "does not allow it" });
        if grants && let Some(client) = parameter_of(&page.query, "client_id") {
            let scope = shown_scope(&self.model.setting, &page.query);
            self.browser.press_allow((owner.clone(), client, scope));
        }
        let reply = self.visitor(|visitor| visitor.decided(&page.query, &owner, grants));
        self.sent_in(tab, page, reply, None);
    }

    /// A form has been sent in, perhaps with a password in it.
    fn sent_in(&mut self, tab: u8, page: AtServer, reply: Reply, password: Option<Term>) {
        let view = View::Tab { tab, is_lured: page.is_lured };
        if matches!(reply, Reply::AskConsent) {
            self.say(SERVER, Party::UserAgent(self.browser.user), "asks for consent");
            return self.show(view, Place::Server(AtServer { asks_consent: true, ..page }));
        }
        let mut address = endpoint(HONEST);
        if let Some(fragment) = &page.fragment {
            address.push('#');
            address.push_str(fragment);
        }
        let Ok(from) = HttpUri::parse(address) else { return };
        let is_silent = page.query.contains("prompt=none");
        let Some(next) = self.answered(view, &from, reply, is_silent) else { return };
        let status =
            if self.model.setting.has(Mitigation::RedirectSeeOther) { Redirection::STATUS } else { 307 };
        if let Some(password) = password.filter(|_| next.starts_with(EVIL)) {
            if !repeats_the_request(status) {
                let why = "after a 303 the browser does not send the form on";
                self.refuse(Party::UserAgent(self.browser.user), Party::Attacker, why);
                return self.visit(view, &next);
            }
            self.say(
                Party::UserAgent(self.browser.user),
                Party::Attacker,
                format!("status {status}: the browser posts the login form on, password and all"),
            );
            self.gain([password]);
        }
        self.visit(view, &next);
    }

    /// The attacker has the consent to his own client sent in from the user's browser, without her knowing.
    pub(super) fn consent_unaware(&mut self, kept_off_by: Mitigation, how: &str, why: &str) {
        let user = self.browser.user;
        let owner = self.browser.owner();
        self.say(Party::Attacker, Party::UserAgent(user), how);
        if self.model.setting.has(kept_off_by) {
            return self.refuse(SERVER, Party::UserAgent(user), why);
        }
        if self.browser.account().login.as_deref() != Some(&*owner) {
            return;
        }
        let request = self.model.hostile_request();
        let query = request.split_once('?').map_or("", |(_, query)| query);
        if let Reply::Granted(granted) = self.visitor(|visitor| visitor.decided(query, &owner, true)) {
            self.say_with(SERVER, Party::Attacker, "redirects with a token", &granted.location);
            self.check_grant(&granted);
            self.gain(terms_in(&granted.location));
        }
    }

    /// A token is granted only to whom its owner has allowed it, and sent only to an address that is registered. Neither is
    /// asked of the core, which has just granted it.
    fn check_grant(&mut self, granted: &Granted) {
        let (owner, client, _) = &granted.consent;
        if !self.browser.consents(client).has_allowed(owner, client, granted.scope.as_deref()) {
            self.broken.add(Property::Authorization);
        }
        let location = &granted.location;
        // The answer is in the fragment, or in the query where the server does what it should not.
        let sent_to = location.split_once('#').or_else(|| location.rsplit_once('?'));
        if !sent_to.is_some_and(|(address, _)| self.model.cast.has_registered(client, address)) {
            self.broken.add(Property::RegisteredUri);
        }
    }

    /// Which client asks on the page that a tab shows.
    pub(super) fn asking_client(&self, tab: u8) -> Option<String> {
        parameter_of(&self.page_at_server(tab)?.query, "client_id")
    }

    fn page_at_server(&self, tab: u8) -> Option<AtServer> {
        match &self.browser.tab(tab)?.place {
            Place::Server(page) => Some(page.clone()),
            Place::Client(_) | Place::Elsewhere => None,
        }
    }

    fn visitor(&self, ask: impl FnOnce(&Visitor<'_>) -> Reply) -> Reply {
        ask(&Visitor { setting: &self.model.setting, cast: &self.model.cast, browser: &self.browser })
    }
}
