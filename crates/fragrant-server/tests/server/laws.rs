//! What holds whatever two browsers do, in whatever order, over real HTTP: ask with good and bad requests, log in rightly and
//! wrongly, send in pages of their own and of each other, once and again, while sessions end, tokens are taken back and time
//! passes.
//!
//! - Nothing is redirected but to the address that the request's client has registered.
//! - A token is for whoever is logged in at that browser, for the client that has asked and for the scope that was allowed, by
//!   a decision on the page that was shown, just now or before; the API is asked whether it is.
//! - A page is answered once.
//! - A session begins with a right name and password, and with nothing else.
//! - A secret is where it belongs, and nowhere else.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use fragrant::value::Timestamp;
use fragrant::wire::form;
use fragrant_server::{Clock, RunningServer, Server};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, TestRunner};

use crate::browser::{Answer, Browser, Form};
use crate::scenario::{PASSWORD, PASSWORD_HASH};

const JOES_PASSWORD: &str = "planted-by-joe";
const JOES_HASH: &str =
    "$argon2id$v=19$m=8,t=1,p=1$hJF08R/Bdc6HiP2AM6kxOA$+pGbzEzMDPzOcaMBdkDvbYn8OrqjGO+u02ywRg79K8M";

/// How long a login session lives, and how long a page waits: in **seconds**.
const SESSION_LIFETIME: u64 = 300;
const PAGE_LIFETIME: u64 = 600;

/// The clients' addresses. All may ask for `read write`, and get `read` when they ask for nothing.
const CLIENTS: [(&str, &[&str]); 3] = [
    ("web", &["https://app.example/cb"]),
    ("two", &["https://two.example/a?keep=1", "https://two.example/b"]),
    ("native", &["http://127.0.0.1:49152/cb", "com.example.app:/cb"]),
];

/// One thing that happens.
#[derive(Clone, Debug)]
enum Act {
    /// A browser is sent to the authorization endpoint.
    Ask { browser: usize, request: Request, by_post: bool },
    /// A consent page is sent in.
    Decide { page: Sent, decision: &'static str, scope: Option<&'static [&'static str]> },
    /// Every login session ends.
    EndSessions,
    /// A login page is sent in.
    LogIn { page: Sent, name: &'static str, password: &'static str },
    /// A client gives the latest token back.
    Revoke,
    /// Every token is taken back.
    RevokeTokens,
    /// Time passes, in **seconds**.
    Wait(u64),
}

/// What a browser is sent to the authorization endpoint with.
#[derive(Clone, Debug)]
struct Request {
    client: &'static str,
    address: Option<&'static str>,
    scope: Option<&'static str>,
    prompt: &'static str,
    /// What is wrong with it besides, if anything is.
    fault: &'static str,
    /// No two are the same.
    state: String,
}

/// Which page is sent in, and how.
#[derive(Clone, Debug)]
struct Sent {
    /// Counted from the latest of its kind.
    back: usize,
    /// By the browser that it was not shown to.
    by_the_other: bool,
    how: How,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum How {
    /// As it is.
    AsShown,
    /// To where the other kind of page is sent in.
    ElsewhereIn,
    /// From another site.
    FromElsewhere,
    /// With a proof that somebody has made up.
    Forged,
}

fn request() -> impl Strategy<Value = Request> {
    let addresses = [
        None,
        Some("https://app.example/cb"),
        Some("https://two.example/a?keep=1"),
        Some("https://two.example/b"),
        Some("http://127.0.0.1:49152/cb"),
        Some("com.example.app:/cb"),
        Some("https://evil.example/cb"),
        Some("https://app.example/cb/more"),
        Some("javascript:alert(1)"),
    ];
    let own = prop_oneof![
        6 => Just(("web", None)),
        2 => Just(("two", Some("https://two.example/a?keep=1"))),
        2 => Just(("two", Some("https://two.example/b"))),
        2 => Just(("native", Some("http://127.0.0.1:49152/cb"))),
        1 => Just(("native", Some("com.example.app:/cb"))),
    ];
    let any = (select(vec!["web", "two", "native", "unknown"]), select(addresses.to_vec()));
    let prompts = prop_oneof![
        12 => Just(""),
        3 => Just("none"),
        3 => select(vec!["login", "consent", "select_account", "login sso consent", "none login"]),
    ];
    let fault = select(vec![
        "&response_type=token",
        "&state=second",
        "&client_id=web",
        "&response_mode=query",
        "&x=%",
        "&redirect_uri=https%3A%2F%2Fevil.example%2Fcb",
    ]);
    let faults = prop_oneof![9 => Just(""), 1 => fault];
    let scopes = prop_oneof![
        4 => select(vec![None, Some("read")]),
        4 => select(vec![Some("write"), Some("read write")]),
        1 => Just(Some("read admin")),
    ];
    (prop_oneof![9 => own, 1 => any], scopes, prompts, faults).prop_map(
        |((client, address), scope, prompt, fault)| Request {
            client,
            address,
            scope,
            prompt,
            fault,
            state: String::new(),
        },
    )
}

fn sent() -> impl Strategy<Value = Sent> {
    let how = prop_oneof![
        20 => Just(How::AsShown),
        1 => Just(How::ElsewhereIn),
        1 => Just(How::FromElsewhere),
        1 => Just(How::Forged),
    ];
    (prop_oneof![6 => Just(0), 1 => 0..4usize], proptest::bool::weighted(0.1), how)
        .prop_map(|(back, by_the_other, how)| Sent { back, by_the_other, how })
}

fn act() -> impl Strategy<Value = Act> {
    let people = vec![
        ("jane", PASSWORD),
        ("jane", PASSWORD),
        ("jane", PASSWORD),
        ("joe", JOES_PASSWORD),
        ("joe", JOES_PASSWORD),
        ("jane", JOES_PASSWORD),
        ("joe", ""),
    ];
    const CHOICES: [&[&str]; 6] =
        [&["read"], &["read", "write"], &["write"], &[], &["read", "admin"], &["read", "read"]];
    let choice = prop_oneof![2 => Just(None), 1 => select(CHOICES.to_vec()).prop_map(Some)];
    let decision = prop_oneof![6 => Just("allow"), 1 => Just("deny"), 1 => Just("maybe")];
    prop_oneof![
        8 => (0..2usize, request(), any::<bool>())
            .prop_map(|(browser, request, by_post)| Act::Ask { browser, request, by_post }),
        6 => (sent(), select(people)).prop_map(|(page, (name, password))| Act::LogIn { page, name, password }),
        8 => (sent(), decision, choice)
            .prop_map(|(page, decision, scope)| Act::Decide { page, decision, scope }),
        1 => Just(Act::EndSessions),
        1 => Just(Act::Revoke),
        1 => Just(Act::RevokeTokens),
        2 => select(vec![1, 120, SESSION_LIFETIME, PAGE_LIFETIME]).prop_map(Act::Wait),
    ]
}

type Names = BTreeSet<String>;

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
type Tally = BTreeMap<&'static str, usize>;

const COUNTED: [&str; 9] = [
    "allowed",
    "denied",
    "error pages",
    "errors",
    "remembered",
    "sent again",
    "sent by another",
    "sessions",
    "wrong passwords",
];

/// The server, two browsers, and what is known without asking it.
struct World<'t> {
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
    fn new(tally: &'t mut Tally) -> Self {
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

    fn act(&mut self, act: &Act) {
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
        let asked = !request.prompts("none") || answer.status != 200;
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

impl Request {
    fn query(&self) -> String {
        let pairs = [
            ("response_type", Some("token")),
            ("client_id", Some(self.client)),
            ("redirect_uri", self.address),
            ("scope", self.scope),
            ("state", Some(&*self.state)),
            ("prompt", Some(self.prompt).filter(|prompt| !prompt.is_empty())),
        ];
        let pairs = pairs.into_iter().filter_map(|(name, value)| Some((name, value?)));
        format!("{}{}", form::to_text(pairs), self.fault)
    }

    fn prompts(&self, prompt: &str) -> bool {
        self.prompt.split(' ').any(|own| own == prompt)
    }

    /// The address that its answer may go to, if that is sure.
    fn registered(&self) -> Option<&'static str> {
        let is_sure = !self.fault.contains("client_id")
            && (!self.fault.contains("redirect_uri") || self.address.is_none());
        let (_, own) = CLIENTS.iter().find(|(client, _)| *client == self.client && is_sure)?;
        match (self.address, own) {
            (Some(address), _) => own.contains(&address).then_some(address),
            (None, [only]) => Some(*only).filter(|_| !self.fault.contains("redirect_uri")),
            (None, _) => None,
        }
    }

    /// The scope that it comes down to.
    fn asked(&self) -> Names {
        self.scope.unwrap_or("read").split(' ').map(str::to_owned).collect()
    }
}

#[test]
// req(test): RFC6749-4.2.1-9, RFC6749-3.1.2.4-1, RFC6749-10.2-3, RFC6749-10.12-5, RFC9700-2.1-3, OIDC-3.1.2.4-1
fn whatever_two_browsers_do() {
    let tally = RefCell::new(Tally::default());
    // Nothing is written into the source tree; what fails is printed.
    let mut runner = TestRunner::new(Config { failure_persistence: None, ..Config::default() });
    let outcome = runner.run(&vec(act(), 1..60), |acts| {
        let mut tally = tally.borrow_mut();
        let mut world = World::new(&mut tally);
        acts.iter().for_each(|act| world.act(act));
        Ok(())
    });
    outcome.unwrap_or_else(|failure| panic!("{failure}"));
    let least = runner.config().cases as usize / 64;
    let tally = tally.into_inner();
    for what in COUNTED {
        assert!(tally.get(what).is_some_and(|count| *count >= least), "{what} of {tally:?}");
    }
}
