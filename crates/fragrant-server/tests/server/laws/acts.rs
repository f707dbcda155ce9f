//! What can happen, and how it is drawn: mostly what people do, and often enough what nobody should.

use std::collections::BTreeSet;

use fragrant::wire::form;
use proptest::prelude::*;
use proptest::sample::select;

use crate::scenario::PASSWORD;

pub(super) const JOES_PASSWORD: &str = "planted-by-joe";
pub(super) const JOES_HASH: &str =
    "$argon2id$v=19$m=8,t=1,p=1$hJF08R/Bdc6HiP2AM6kxOA$+pGbzEzMDPzOcaMBdkDvbYn8OrqjGO+u02ywRg79K8M";

/// How long a login session lives, and how long a page waits: in **seconds**.
pub(super) const SESSION_LIFETIME: u64 = 300;
pub(super) const PAGE_LIFETIME: u64 = 600;

/// The clients' addresses. All may ask for `read write`, and get `read` when they ask for nothing.
pub(super) const CLIENTS: [(&str, &[&str]); 3] = [
    ("web", &["https://app.example/cb"]),
    ("two", &["https://two.example/a?keep=1", "https://two.example/b"]),
    ("native", &["http://127.0.0.1:49152/cb", "com.example.app:/cb"]),
];

/// One thing that happens.
#[derive(Clone, Debug)]
pub(super) enum Act {
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
pub(super) struct Request {
    pub(super) client: &'static str,
    pub(super) address: Option<&'static str>,
    pub(super) scope: Option<&'static str>,
    pub(super) prompt: &'static str,
    /// What is wrong with it besides, if anything is.
    pub(super) fault: &'static str,
    /// No two are the same.
    pub(super) state: String,
}

/// Which page is sent in, and how.
#[derive(Clone, Debug)]
pub(super) struct Sent {
    /// Counted from the latest of its kind.
    pub(super) back: usize,
    /// By the browser that it was not shown to.
    pub(super) by_the_other: bool,
    pub(super) how: How,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum How {
    /// As it is.
    AsShown,
    /// To where the other kind of page is sent in.
    ElsewhereIn,
    /// From another site.
    FromElsewhere,
    /// With a proof that somebody has made up.
    Forged,
}

impl Request {
    pub(super) fn query(&self) -> String {
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

    pub(super) fn prompts(&self, prompt: &str) -> bool {
        self.prompt.split(' ').any(|own| own == prompt)
    }

    /// The address that its answer may go to, if that is sure.
    pub(super) fn registered(&self) -> Option<&'static str> {
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
    pub(super) fn asked(&self) -> Names {
        self.scope.unwrap_or("read").split(' ').map(str::to_owned).collect()
    }
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

pub(super) fn act() -> impl Strategy<Value = Act> {
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

pub(super) type Names = BTreeSet<String>;
