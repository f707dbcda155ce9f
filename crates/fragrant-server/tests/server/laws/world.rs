//! The server with its two browsers, what is known of them without asking it, and the laws.

use std::collections::{BTreeMap, BTreeSet};

use fragrant::value::Timestamp;
use fragrant::wire::form;
use fragrant_server::{Clock, RunningServer, Server};

use super::acts::{
    Act, CLIENTS, How, JOES_HASH, JOES_PASSWORD, Names, PAGE_LIFETIME, Request, SESSION_LIFETIME, Sent,
};
use crate::browser::{Answer, Browser, Form};
use crate::scenario::{PASSWORD, PASSWORD_HASH};

/// Why a token may come.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Right {
    owner: &'static str,
    scope: Names,
    is_new: bool,
}

/// Who is logged in at a browser.
#[derive(Clone, Debug)]
struct Session {
    owner: &'static str,
    cookie: String,
    end: Timestamp,
}

/// A page with a form that a browser was shown.
#[derive(Clone)]
struct Page {
    browser: usize,
    form: Form,
    is_login: bool,
    request: Request,
    /// The cookie of the session that a consent page was shown to.
    session: Option<String>,
    end: Timestamp,
    is_sent_in: bool,
    redirects: usize,
}

/// How often something happened that a law is about: where nothing happens, every law holds.
pub(super) type Tally = BTreeMap<&'static str, usize>;

/// The server, two browsers, and what is known without asking it.
pub(super) struct World<'t> {
    server: RunningServer,
    browsers: [Browser; 2],
    sessions: [Option<Session>; 2],
    pages: Vec<Page>,
    /// What was allowed last, by whom, to which client at which address.
    consents: BTreeMap<(&'static str, &'static str, String), Names>,
    tokens: Vec<(String, &'static str)>,
    /// Whatever only its owner may hear.
    secrets: BTreeSet<String>,
    requests: usize,
    tally: &'t mut Tally,
}

impl<'t> World<'t> {
    pub(super) fn new(tally: &'t mut Tally) -> Self {
        let client = |(id, addresses): (&str, &[&str])| {
            format!(
                "{{ client_id = \"{id}\", name = \"C\", redirect_uris = {addresses:?}, scope = \"read write\", default_scope = \"read\" }}"
            )
        };
        let config = format!(
            "session_lifetime = {SESSION_LIFETIME}\nclients = [{}]\n\
             [[users]]\nname = \"jane\"\npassword_hash = \"{PASSWORD_HASH}\"\n\
             [[users]]\nname = \"joe\"\npassword_hash = \"{JOES_HASH}\"\n",
            CLIENTS.map(client).join(", "),
        );
        let clock = Clock::at(Timestamp::from_unix_seconds(1_760_000_000));
        Self {
            server: Server::from_toml(&config).unwrap().with_clock(clock).start().unwrap(),
            browsers: [Browser::new(), Browser::new()],
            sessions: [None, None],
            pages: Vec::new(),
            consents: BTreeMap::new(),
            tokens: Vec::new(),
            secrets: [PASSWORD, JOES_PASSWORD].map(str::to_owned).into(),
            requests: 0,
            tally,
        }
    }

    fn count(&mut self, what: &'static str, is_so: bool) {
        *self.tally.entry(what).or_default() += usize::from(is_so);
    }

    fn now(&self) -> Timestamp {
        self.server.clock().now()
    }

    pub(super) fn act(&mut self, act: &Act) {
        match act {
            Act::Ask { browser, request, by_post } => self.ask(*browser, request.clone(), *by_post),
            Act::Decide { page, decision, scope } => self.decide(page, decision, *scope),
            Act::EndSessions => {
                self.server.end_sessions();
                self.sessions = [None, None];
            }
            Act::LogIn { page, name, password } => self.log_in(page, name, password),
            Act::Revoke => self.revoke(),
            Act::RevokeTokens => {
                self.server.revoke_tokens();
                for (token, _) in self.tokens.clone() {
                    assert_eq!(self.call(&token, "/resource/1").status, 401, "a token that was taken back");
                }
            }
            Act::Wait(seconds) => self.server.clock().advance(*seconds),
        }
    }

    fn ask(&mut self, browser: usize, mut request: Request, by_post: bool) {
        self.requests += 1;
        request.state = format!("planted-state-{:04}", self.requests);
        let endpoint = self.server.authorization_endpoint().to_string();
        let query = request.query();
        let answer = if by_post {
            let content_type = [("content-type", "application/x-www-form-urlencoded")];
            self.browsers[browser].send("POST", &endpoint, &content_type, query)
        } else {
            self.browsers[browser].get(&format!("{endpoint}?{query}"))
        };
        let is_asked_anew =
            ["login", "select_account", "consent"].iter().any(|prompt| request.prompts(prompt));
        let session = self.session(browser).filter(|_| !is_asked_anew);
        let right = session.and_then(|session| self.remembered(session.owner, &request));
        // Beside another prompt it asks for nothing: the request is a faulty one.
        let asked = request.prompt != "none" || answer.status != 200;
        assert!(asked, "a page for somebody who asked for none: {}", answer.body);
        self.hear(browser, &request, right, false, &answer);
    }

    fn log_in(&mut self, sent: &Sent, name: &'static str, password: &'static str) {
        let Some(index) = self.find(sent, true) else { return };
        let page = self.pages[index].clone();
        let (browser, is_good) = self.is_good(sent, &page);
        let is_right = [("jane", PASSWORD), ("joe", JOES_PASSWORD)].contains(&(name, password));
        self.count("wrong passwords", is_good && !is_right);
        let owner = (is_good && is_right).then_some(name);
        let right = owner.filter(|_| !page.request.prompts("consent"));
        let right = right.and_then(|owner| self.remembered(owner, &page.request));
        let answer =
            self.submit(browser, sent, page.form.with(&[("username", name), ("password", password)]));
        if let Some(owner) = owner {
            let cookie = self.session_cookie(browser).unwrap_or_default();
            let end = self.now().saturating_add(SESSION_LIFETIME);
            self.sessions[browser] = Some(Session { owner, cookie, end });
            self.count("sessions", true);
        }
        self.answered(index, &answer);
        self.hear(browser, &page.request, right, owner.is_some(), &answer);
    }

    fn decide(&mut self, sent: &Sent, decision: &'static str, scope: Option<&[&str]>) {
        let Some(index) = self.find(sent, false) else { return };
        let page = self.pages[index].clone();
        let (browser, is_good) = self.is_good(sent, &page);
        let session =
            self.session(browser).filter(|session| page.session.as_ref() == Some(&session.cookie)).cloned();
        let shown = page.form.values("scope");
        let sent_names: Vec<String> = scope.unwrap_or(&shown).iter().map(|name| (*name).to_owned()).collect();
        let was_shown = !sent_names.is_empty() && sent_names.iter().all(|name| shown.contains(&&**name));
        let session = session.filter(|_| is_good && decision == "allow" && was_shown);
        let right = session.map(|session| Right {
            owner: session.owner,
            scope: sent_names.iter().cloned().collect(),
            is_new: true,
        });
        let mut form = page.form.clone().with(&[("decision", decision)]);
        form.fields.retain(|(name, _)| name != "scope");
        form.fields.extend(sent_names.into_iter().map(|name| ("scope".to_owned(), name)));
        let answer = self.submit(browser, sent, form);
        let location = answer.header("location").unwrap_or_default();
        if location.contains("#error=access_denied&") {
            assert!(is_good && decision == "deny", "a no that nobody said");
            self.count("denied", true);
        }
        self.answered(index, &answer);
        self.hear(browser, &page.request, right, false, &answer);
    }

    fn revoke(&mut self) {
        let Some((token, client)) = self.tokens.pop() else { return };
        let address = format!("{}/revoke", self.server.authorization_origin());
        let content_type = [("content-type", "application/x-www-form-urlencoded")];
        let body = format!("token={token}&client_id={client}");
        assert_eq!(Browser::new().send("POST", &address, &content_type, body).status, 200);
        assert_eq!(self.call(&token, "/resource/1").status, 401, "a token that was given back");
    }

    /// The page that is meant, if that many were shown.
    fn find(&self, sent: &Sent, is_login: bool) -> Option<usize> {
        let mut pages = self.pages.iter().enumerate().rev().filter(|(_, page)| page.is_login == is_login);
        pages.nth(sent.back).map(|(index, _)| index)
    }

    /// Who sends it in, and whether the server has to look at it at all.
    fn is_good(&mut self, sent: &Sent, page: &Page) -> (usize, bool) {
        self.count("sent again", page.is_sent_in);
        self.count("sent by another", sent.by_the_other);
        let browser = if sent.by_the_other { 1 - page.browser } else { page.browser };
        let is_in_time = self.now() < page.end;
        (browser, !sent.by_the_other && sent.how == How::AsShown && !page.is_sent_in && is_in_time)
    }

    fn submit(&mut self, browser: usize, sent: &Sent, form: Form) -> Answer {
        let content_type = ("content-type", "application/x-www-form-urlencoded");
        match sent.how {
            How::AsShown => self.browsers[browser].submit(&form),
            How::ElsewhereIn => {
                let (origin, path) = form.action.rsplit_once('/').unwrap();
                let path = if path == "login" { "consent" } else { "login" };
                let form = Form { action: format!("{origin}/{path}"), ..form.clone() };
                self.browsers[browser].submit(&form)
            }
            How::Forged => self.browsers[browser].submit(&form.with(&[("csrf", &"0".repeat(40))])),
            How::FromElsewhere => {
                let headers = [content_type, ("sec-fetch-site", "cross-site")];
                self.browsers[browser].send("POST", &form.action, &headers, form.body())
            }
        }
    }

    /// A page is used up by what a good browser sends in; and it leads away once.
    fn answered(&mut self, index: usize, answer: &Answer) {
        let page = &mut self.pages[index];
        page.is_sent_in |= answer.status != 403;
        page.redirects += usize::from(answer.header("location").is_some());
        assert!(
            page.redirects <= 1,
            "one page, answered twice: {answer:?}",
            answer = answer.header("location")
        );
    }

    fn session(&self, browser: usize) -> Option<&Session> {
        self.sessions[browser].as_ref().filter(|session| self.now() < session.end)
    }

    fn session_cookie(&self, browser: usize) -> Option<String> {
        let cookies = &self.browsers[browser].cookies;
        cookies.iter().find(|(name, _)| name.contains("session")).map(|(_, value)| value.clone())
    }

    /// What an earlier decision is good for. It counts where an address of https proves who asks.
    fn remembered(&self, owner: &'static str, request: &Request) -> Option<Right> {
        let address = request.registered().filter(|address| address.starts_with("https://"))?;
        let allowed = self.consents.get(&(owner, request.client, address.to_owned()))?;
        let scope = request.asked();
        scope.is_subset(allowed).then_some(Right { owner, scope, is_new: false })
    }

    /// Every law about an answer of the authorization server.
    fn hear(
        &mut self,
        browser: usize,
        request: &Request,
        right: Option<Right>,
        may_log_in: bool,
        answer: &Answer,
    ) {
        let location = answer.header("location");
        let token = location.and_then(|location| self.redirected(request, right.as_ref(), location));
        self.count("error pages", answer.status == 400);
        // Secrets: a token and a state in the redirect that they are for, the name of a session in its cookie.
        let cookies: Vec<_> = answer.headers.iter().filter(|(name, _)| name == "set-cookie").collect();
        for (_, cookie) in &cookies {
            let value = cookie.split(['=', ';']).nth(1).unwrap();
            assert!(!self.secrets.contains(value), "a name that was given before");
            assert!(may_log_in || !cookie.contains("session"), "a session for nobody");
        }
        let mut heard: Vec<String> = answer
            .headers
            .iter()
            .filter(|(name, _)| !["location", "set-cookie"].contains(&&**name))
            .map(|(_, value)| value.clone())
            .collect();
        heard.push(answer.body.clone());
        heard.extend(location.map(|location| location.replace(&request.state, "")));
        self.secrets.insert(request.state.clone());
        for secret in &self.secrets {
            assert!(!heard.iter().any(|text| text.contains(&**secret)), "{secret} in {heard:?}");
        }
        heard.pop_if(|_| location.is_some());
        let own: Vec<String> =
            token.into_iter().chain(self.browsers[browser].cookies.values().cloned()).collect();
        assert!(
            !own.iter().any(|secret| heard.iter().any(|text| text.contains(&**secret))),
            "{own:?} in {heard:?}"
        );
        self.secrets.extend(own);
        if answer.body.contains("<form ") {
            self.shown(browser, request, answer);
        }
    }

    /// Where a redirect leads, and the token that it brings.
    fn redirected(&mut self, request: &Request, right: Option<&Right>, location: &str) -> Option<String> {
        let (address, fragment) = location.split_once('#').unwrap();
        assert_eq!(Some(address), request.registered(), "an address that is not registered");
        let pairs: Vec<(String, String)> = form::pairs(fragment, 0)
            .map(|pair| pair.unwrap())
            .map(|pair| (pair.name.decode().into_owned(), pair.value.decode().into_owned()))
            .collect();
        let all = |name: &str| {
            pairs.iter().filter(|(own, _)| own == name).map(|(_, value)| value.clone()).collect()
        };
        let [tokens, errors, states]: [Vec<String>; 3] = ["access_token", "error", "state"].map(all);
        assert_eq!(tokens.len() + errors.len(), 1, "{location}");
        let state = if request.fault.contains("state") { vec![] } else { vec![request.state.clone()] };
        assert_eq!(states, state, "{location}");
        let Some(token) = tokens.first() else {
            self.count("errors", true);
            return None;
        };
        let Some(right) = right else { panic!("a token that nobody has allowed: {request:?}") };
        // Whose it is, which client's, and what for, as the API says.
        let called = self.call(token, "/resource/1").json();
        assert_eq!((&called["owner"], &called["client"]), (&right.owner.into(), &request.client.into()));
        let reads = right.scope.contains("read") || right.scope.contains("write");
        let writes = self.call(token, "/resource/2").status == 200;
        assert_eq!((reads, writes), (true, right.scope.contains("write")), "{right:?}");
        let told = pairs.iter().find(|(name, _)| name == "scope").map(|(_, scope)| scope.clone());
        let told = told.or_else(|| request.scope.map(str::to_owned)).unwrap_or_default();
        let told: Names = told.split(' ').map(str::to_owned).collect();
        assert_eq!(told, right.scope, "what the client is told");
        if right.is_new {
            self.count("allowed", true);
            self.consents.insert((right.owner, request.client, address.to_owned()), right.scope.clone());
        } else {
            self.count("remembered", true);
        }
        self.tokens.push((token.clone(), request.client));
        Some(token.clone())
    }

    fn shown(&mut self, browser: usize, request: &Request, answer: &Answer) {
        let is_login = answer.body.contains("name=\"password\"");
        let session = self.session_cookie(browser).filter(|_| !is_login);
        if !is_login {
            let owner = self.session(browser).map(|session| session.owner).unwrap();
            assert!(answer.body.contains(&format!("<strong>{owner}</strong>")), "{}", answer.body);
            let shown: Names = answer.form().values("scope").into_iter().map(str::to_owned).collect();
            assert_eq!(shown, request.asked(), "what is shown is what was asked for");
        }
        let end = self.now().saturating_add(PAGE_LIFETIME);
        let (form, request) = (answer.form(), request.clone());
        self.secrets.extend(form.values("csrf").into_iter().map(str::to_owned));
        let page = Page { browser, form, is_login, request, session, end, is_sent_in: false, redirects: 0 };
        self.pages.push(page);
    }

    fn call(&self, token: &str, path: &str) -> Answer {
        let address = format!("{}{path}", self.server.api_origin());
        Browser::new().send("GET", &address, &[("authorization", &format!("Bearer {token}"))], "")
    }
}
