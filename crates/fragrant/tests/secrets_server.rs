//! Planted secrets on the server's side: what an authorization server and an API server read has the word `planted` in
//! every secret of it, and nothing of theirs that can be shown may have.
//!
//! It is `secrets.rs` for `authorization_server` and `api_server`; a new type of theirs that holds what was sent gets
//! its line here.

#![allow(clippy::panic, clippy::unwrap_used)] // helpers outside `#[test]` functions fail tests too

use std::error::Error;
use std::fmt::Debug;
use std::sync::Arc;

use fragrant::api_server::{self, Call, CorsPolicy, CrossOrigin, TokenRecord, cors, credentials, judge};
use fragrant::authorization_server::{
    Authenticated, AwaitingLogin, ClientRegistration, Consented, Decided, Incoming, IssuedToken, LoggedIn,
    Next, Policy, PriorConsent, Received, RedirectWithError, Refusal, RegisteredRedirectUri, Session,
    receive,
};
use fragrant::message::Realm;
use fragrant::resource_owner::{Decision, ResourceOwnerId};
use fragrant::value::{
    AccessToken, ClientId, ErrorCode, ExpiresIn, Expiry, Issuer, Origin, Scope, Timestamp,
};

const TOKEN: &str = "planted-access-token";
const CB: &str = "https://app.example/cb";
/// A good request, with a secret wherever one is sent, by its own name or by a wrong one.
const QUERY: &str = "response_type=token&client_id=c&scope=read+write&state=planted-state&nonce=planted-nonce\
                     &id_token_hint=planted.id.token&login_hint=planted&access_token=planted&password=planted";

#[track_caller]
fn check(what: &str, shown: &str) {
    assert!(!shown.to_lowercase().contains("planted"), "{what} shows a secret: {shown}");
}

#[track_caller]
fn debug(value: &impl Debug) {
    check("Debug", &format!("{value:?}"));
    check("Debug", &format!("{value:#?}"));
}

/// Checks an error, in words and as it is, and whatever caused it.
#[track_caller]
fn error(error: &impl Error) {
    debug(error);
    check("Display", &error.to_string());
    let mut source = error.source();
    while let Some(cause) = source {
        check("the cause", &format!("{cause} {cause:?}"));
        source = cause.source();
    }
}

/// An error for the client, and its redirect: it holds the state, which goes nowhere but into the address.
#[track_caller]
fn redirected(refused: &RedirectWithError) {
    error(refused);
    debug(refused.response());
    let redirection = refused.to_redirection();
    assert!(redirection.location().contains("planted"), "{}", redirection.location());
    debug(&redirection);
    redirection.headers()[1..].iter().for_each(|header| check("the header", &format!("{header:?}")));
}

fn client() -> Arc<ClientRegistration> {
    let uri = RegisteredRedirectUri::new(CB).unwrap();
    let client = ClientRegistration::new(ClientId::new("c").unwrap(), "Client", [uri]).unwrap();
    Arc::new(client.with_scope(Scope::new("read write").unwrap(), None).unwrap())
}

fn policy() -> Policy {
    let mut policy = Policy::default();
    policy.issuer = Some(Issuer::new("https://as.example").unwrap());
    policy
}

fn received(more: &str) -> Received {
    receive(&format!("{QUERY}{more}"), &policy(), |_| Some(client())).unwrap()
}

fn awaiting_login() -> AwaitingLogin {
    match received("").proceed(None) {
        Next::LogIn(awaiting) => awaiting,
        other => panic!("{other:?}"),
    }
}

fn session() -> Session {
    Session::new(ResourceOwnerId::new("jane").unwrap())
}

fn authenticated() -> Authenticated {
    match awaiting_login().authenticated(&session()) {
        LoggedIn::AskConsent(authenticated) => authenticated,
        other => panic!("{other:?}"),
    }
}

fn consented() -> Consented {
    match authenticated().decided(Decision::GrantAll) {
        Decided::Consented(consented) => consented,
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_state_from_the_request_to_the_answer() {
    let policy = policy();
    debug(&policy);
    debug(&client());
    debug(&Incoming::read(QUERY, &policy).unwrap());
    for more in ["", "&prompt=none", "&prompt=login"] {
        debug(&received(more));
        debug(&received(more).proceed(None));
        debug(&received(more).proceed(Some(&session())));
    }
    debug(&awaiting_login());
    debug(&awaiting_login().authenticated(&session()));
    debug(&authenticated());
    for decision in [Decision::Deny, Decision::GrantAll, Decision::Grant(Scope::new("admin").unwrap())] {
        debug(&authenticated().decided(decision));
    }

    let consented = consented();
    debug(&consented);
    let prior: PriorConsent = consented.to_prior_consent();
    let remembered = session().with_prior_consent(prior);
    debug(&remembered);
    debug(&received("").proceed(Some(&remembered)));
    let mut token = IssuedToken::new(AccessToken::new(TOKEN).unwrap(), ExpiresIn::from_seconds(3600));
    assert!(token.extra.add("owner_id", "planted"));
    debug(&token);
    let responded = consented.respond(token);
    debug(&responded);
    debug(responded.response());
    let redirection = responded.to_redirection();
    assert!(redirection.location().contains(TOKEN) && redirection.location().contains("planted-state"));
    debug(&redirection);
    redirection.headers()[1..].iter().for_each(|header| check("the header", &format!("{header:?}")));
}

#[test]
fn every_way_to_fail() {
    let busy = ErrorCode::TEMPORARILY_UNAVAILABLE;
    redirected(&received("").failed(busy.clone()));
    redirected(&awaiting_login().failed(busy.clone()));
    redirected(&awaiting_login().denied());
    redirected(&authenticated().failed(busy.clone()));
    redirected(&consented().failed(busy));
    let Next::Refused(refused) = received("&prompt=none").proceed(None) else { panic!() };
    redirected(&refused);

    let (mut pages, mut redirects) = (0, 0);
    for query in [
        "state=planted&access_token=planted",
        "client_id=planted&state=planted",
        "client_id=c&client_id=planted&state=planted",
        "client_id=planted%&state=planted",
        "client_id=planted%00&state=planted",
        "client_id=c&redirect_uri=https://planted.example/planted&state=planted",
        "client_id=c&redirect_uri=planted%&state=planted",
        "client_id=c&redirect_uri=planted&redirect_uri=planted&state=planted",
        "client_id=c&state=planted",
        "client_id=c&state=planted&response_type=planted",
        "client_id=c&state=planted&response_type=planted%22",
        "client_id=c&state=planted&response_type=token&response_type=planted",
        "client_id=c&state=planted&response_type=token&response_mode=planted",
        "client_id=c&state=planted&response_type=token&scope=planted",
        "client_id=c&state=planted&response_type=token&scope=planted%22",
        "client_id=c&state=planted&response_type=token&scope=read&prompt=planted%22",
        "client_id=c&state=planted&response_type=token&scope=read&display=planted%22",
        "client_id=c&state=planted&response_type=token&scope=read&nonce=planted%00",
        "client_id=c&state=planted&response_type=token&scope=read&planted=1&planted=2",
        "client_id=c&state=planted&response_type=token&scope=read&x=planted%zz",
    ] {
        let lookup = |id: &ClientId| (id.as_str() == "c").then(client);
        let refusal = receive(query, &policy(), lookup).unwrap_err();
        error(&refusal);
        match refusal {
            Refusal::ShowErrorPage(page) => {
                pages += 1;
                error(&page);
                check("the page", &page.reason().to_string());
            }
            Refusal::RedirectWithError(refused) => {
                redirects += 1;
                redirected(&refused);
                // Nor does the description repeat what it complains of.
                let description = refused.response().description.as_ref().unwrap();
                check("the description", description.as_str());
            }
        }
    }
    assert_eq!((pages, redirects), (8, 12));
}

#[test]
fn what_may_not_be_registered() {
    for uri in ["http://planted.example/planted", "planted:/planted", "https://planted@a/", "planted"] {
        error(&RegisteredRedirectUri::new(uri).unwrap_err());
    }
    let uri = RegisteredRedirectUri::new(CB).unwrap();
    error(&ClientRegistration::new(ClientId::new("c").unwrap(), "planted\n", [uri]).unwrap_err());
}

#[test]
// req(test): RFC6749-10.3-1
fn the_api_server() {
    let now = Timestamp::from_unix_seconds(1_000);
    let strict = api_server::Policy::new(Realm::new("api").unwrap());
    let mut lenient = strict.clone();
    (lenient.accepts_form_tokens, lenient.dangerous_query_tokens) = (true, true);
    let (mut presented, mut refused) = (0, 0);
    for (authorization, form) in [
        (&[&b"Bearer planted-access-token"[..]][..], None),
        (&[b"Bearer planted planted"], None),
        (&[b"Bearer planted, Bearer planted"], None),
        (&[b"Bearer planted\xFF"], None),
        (&[b"Basic planted"], None),
        (&[b"planted"], None),
        (&[b"Bearer planted", b"Bearer planted"], None),
        (&[b"Bearer planted"], Some("access_token=planted")),
        (&[], Some("access_token=planted")),
        (&[], Some("access_token=planted&access_token=planted")),
        (&[], Some("access_token=planted%00")),
        (&[], Some("access_token=planted%")),
    ] {
        for (query, body) in [(None, form), (form, None)] {
            let call = Call { authorization, query, form: body };
            debug(&call);
            for policy in [&strict, &lenient] {
                match credentials(&call, policy) {
                    Ok(token) => {
                        presented += 1;
                        assert!(token.token.reveal_secret().contains("planted"));
                        debug(&token);
                    }
                    Err(refusal) => {
                        refused += 1;
                        error(&refusal);
                        error(&refusal.reason());
                        debug(&refusal.challenge());
                        check("the challenge", &refusal.challenge().to_header_value());
                    }
                }
            }
        }
    }
    assert!(presented > 5 && refused > 30, "{presented}, {refused}");

    // What follows is made without the token; it is here so that it stays so.
    let mut record = TokenRecord::new(Expiry::at(now));
    record.scope = Some(Scope::new("read").unwrap());
    debug(&record);
    for record in [None, Some(&record)] {
        let refusal = judge(record, None, now, &strict).unwrap_err();
        error(&refusal);
        check("the challenge", &refusal.challenge().to_header_value());
    }
    let policy = CorsPolicy::new([Origin::new("https://app.example").unwrap()]);
    debug(&policy);
    for origin in ["https://app.example", "https://planted.example"] {
        let call = CrossOrigin { origin: Some(origin), ..CrossOrigin::default() };
        debug(&cors(&call, &policy));
    }
}
