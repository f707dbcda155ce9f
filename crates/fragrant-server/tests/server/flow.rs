//! The whole grant, for each provider and each decision.

use std::sync::Barrier;

use fragrant::client::{Received, rejection::Reason};
use fragrant::value::Scope;
use fragrant_profiles::{ALL, procore, rfc6749, ringcentral};
use serde_json::json;

use crate::browser::Browser;
use crate::scenario::{PASSWORD, Scenario, scope, server};

fn asked(provider: &str) -> Option<Scope> {
    match provider {
        "ringcentral" => Some(scope("Contacts ReadCallLog")),
        "procore" => None,
        _ => Some(scope("read write")),
    }
}

#[test]
// req(test): RFC6749-3.1-1, RFC6749-3.1-5, RFC6749-4.2.2-1, RFC6749-4.2.2-2, RFC6749-4.2.2-3, RFC6749-10.10-1
// req(test): RFC9700-2.1-8, RFC9700-4.12-2, OIDC-16.22-1
fn allowed() {
    for provider in ALL {
        let mut scenario = Scenario::of(provider);
        let (url, awaiting) = scenario.begin(asked(provider.id));
        let login_page = scenario.browser.get(&url);
        assert_eq!(login_page.form().values("username"), [""]);
        let consent_page = scenario.log_in(&login_page);
        let answer = scenario.allow(&consent_page);
        // By 303, which turns the form with what she has entered into a GET of nothing.
        assert_eq!((answer.status, &*answer.body), (303, ""));
        assert!(!answer.location().contains(PASSWORD) && !answer.location().contains("jane"));
        let fragment = answer.location().split_once('#').unwrap().1.to_owned();
        let token = fragment.split(['=', '&']).nth(1).unwrap().to_owned();
        assert_eq!(token.len(), 40);
        let state = awaiting.pending().encode();
        let state = state.split("state=").nth(1).unwrap().split('&').next().unwrap().to_owned();
        let issuer = scenario.server.authorization_origin().as_str().replace(':', "%3A").replace('/', "%2F");
        let endpoint_id =
            fragment.split("endpoint_id=").nth(1).unwrap_or_default().split('&').next().unwrap();
        assert_eq!(
            fragment,
            match provider.id {
                "ringcentral" => format!(
                    "access_token={token}&token_type=bearer&expires_in=3600&scope=Contacts%20ReadCallLog&state={state}&endpoint_id={endpoint_id}&owner_id=4711"
                ),
                "procore" => format!("access_token={token}&token_type=Bearer&expires_in=5400&state={state}"),
                _ => format!(
                    "access_token={token}&token_type=bearer&expires_in=3600&state={state}&iss={issuer}"
                ),
            }
        );
        let Received::Authorized(authorized) =
            awaiting.receive(answer.location(), scenario.server.clock().now())
        else {
            panic!()
        };
        assert_eq!(authorized.user(), (provider.id == "ringcentral").then_some("4711"));
        // The redirect page comes without having been told anything.
        let page = scenario.browser.follow(&answer);
        assert_eq!((page.status, page.body.contains(&token)), (200, false));
        let called = scenario.call(&token, provider.paths.sample_call, &[]);
        assert_eq!(called.status, 200);
        assert_eq!(called.header("cache-control"), Some("no-store"));
        let expected = match provider.id {
            "ringcentral" => {
                json!({ "id": 4711, "extensionNumber": "101", "name": "jane", "type": "User", "status": "Enabled" })
            }
            "procore" => json!({ "id": 4711, "login": "jane", "name": "jane" }),
            _ => json!({ "resource": "/resource/1", "owner": "jane", "client": "fragrant-demo-app" }),
        };
        assert_eq!(called.json(), expected);
        // No page has shown the token or the password.
        for page in &scenario.browser.seen {
            assert!(!page.contains(&token) && !page.contains(PASSWORD) && !page.contains(&state), "{page}");
        }
    }
}

#[test]
fn denied() {
    for provider in ALL {
        let mut scenario = Scenario::of(provider);
        let (url, awaiting) = scenario.begin(asked(provider.id));
        let login_page = scenario.browser.get(&url);
        let consent_page = scenario.log_in(&login_page);
        let form = consent_page.form().with(&[("decision", "deny")]);
        let answer = scenario.browser.submit(&form);
        match awaiting.receive(answer.location(), scenario.server.clock().now()) {
            Received::Denied(denied) => assert_eq!(denied.response.error.as_str(), "access_denied"),
            other => panic!("{other:?}"),
        }
        // A no is not remembered as a yes.
        let (url, _) = scenario.begin(asked(provider.id));
        assert!(scenario.browser.get(&url).body.contains("Allow access?"));
    }
}

#[test]
// req(test): RFC6749-3.3-3, RFC6749-3.3-4
fn allowed_in_part() {
    for provider in [&rfc6749::PROVIDER, &ringcentral::PROVIDER] {
        let mut scenario = Scenario::of(provider);
        let all = asked(provider.id).unwrap();
        let (url, awaiting) = scenario.begin(Some(all.clone()));
        let login_page = scenario.browser.get(&url);
        let consent_page = scenario.log_in(&login_page);
        let names: Vec<&str> = all.names().collect();
        assert_eq!(consent_page.form().values("scope"), names);
        let form = consent_page.form().with(&[("scope", names[0]), ("decision", "allow")]);
        let answer = scenario.browser.submit(&form);
        let Received::Authorized(authorized) =
            awaiting.receive(answer.location(), scenario.server.clock().now())
        else {
            panic!()
        };
        assert_eq!(authorized.scope().map(Scope::as_str), Some(names[0]));
        assert_eq!(authorized.missing_scope().as_ref().map(Scope::as_str), Some(names[1]));
    }
}

#[test]
fn a_consent_that_is_sent_in_many_times_at_once_is_answered_once() {
    let mut scenario = Scenario::of(&rfc6749::PROVIDER);
    let (url, _) = scenario.begin(Some(scope("read")));
    let login_page = scenario.browser.get(&url);
    let mut page = scenario.log_in(&login_page);
    for _ in 0..20 {
        let form = page.form().with(&[("decision", "allow")]);
        let start = Barrier::new(4);
        let answers = std::thread::scope(|threads| {
            let senders = [(); 4].map(|()| {
                let mut browser = Browser::new();
                browser.cookies = scenario.browser.cookies.clone();
                let (start, form) = (&start, &form);
                threads.spawn(move || {
                    start.wait();
                    browser.submit(form).status
                })
            });
            senders.map(|sender| sender.join().unwrap())
        });
        assert_eq!(answers.iter().filter(|status| **status == 303).count(), 1, "{answers:?}");
        assert_eq!(answers.iter().filter(|status| **status == 403).count(), 3, "{answers:?}");
        let (url, _) = scenario.begin(Some(scope("read")));
        page = scenario.browser.get(&format!("{url}&prompt=consent"));
    }
}

#[test]
fn nothing_chosen_is_asked_again() {
    let mut scenario = Scenario::of(&rfc6749::PROVIDER);
    let (url, _) = scenario.begin(asked("rfc6749"));
    let login_page = scenario.browser.get(&url);
    let consent_page = scenario.log_in(&login_page);
    let mut form = consent_page.form().with(&[("decision", "allow")]);
    form.fields.retain(|(name, _)| name != "scope");
    let again = scenario.browser.submit(&form);
    assert!(again.body.contains("Choose at least one permission"), "{}", again.body);
    assert!(scenario.allow(&again).location().contains("#access_token="));
}

#[test]
fn a_wrong_password_is_asked_again_and_nobody_learns_what_was_wrong() {
    let mut scenario = Scenario::of(&rfc6749::PROVIDER);
    let (url, _) = scenario.begin(asked("rfc6749"));
    let mut page = scenario.browser.get(&url);
    let mut texts = Vec::new();
    for (name, password) in [("jane", "wrong"), ("nobody", PASSWORD), ("jane", ""), ("<b>", PASSWORD)] {
        page = scenario.browser.submit(&page.form().with(&[("username", name), ("password", password)]));
        assert!(!scenario.browser.cookies.keys().any(|name| name.contains("session")));
        let text = page.body.lines().filter(|line| !line.contains("type=\"hidden\""));
        texts.push(text.collect::<Vec<_>>().join("\n"));
    }
    assert!(texts[0].contains("The user name or the password is not right."));
    assert!(texts.iter().all(|text| *text == texts[0]), "{texts:?}");
    assert!(scenario.log_in(&page).body.contains("Allow access?"));
}

#[test]
// req(test): OIDC-3.1.2.1-7, OIDC-3.1.2.3-1, RFC6749-4.2.1-9
fn a_renewal_is_silent_while_session_and_consent_live() {
    let settings = server(&ringcentral::PROVIDER)
        .dangerously_grant_silently_to_unproven_clients()
        .with_session_lifetime(600);
    let mut scenario = Scenario::start(settings);
    let error = |scenario: &mut Scenario, wanted: &str| {
        let (url, awaiting) = scenario.begin(asked("ringcentral"));
        let answer = scenario.browser.get(&format!("{url}&prompt=none"));
        match awaiting.receive(answer.location(), scenario.server.clock().now()) {
            Received::Denied(denied) => assert_eq!(denied.response.error.as_str(), wanted),
            other => panic!("{other:?}"),
        }
    };
    // Nobody is there.
    error(&mut scenario, "login_required");
    // Somebody is, and has allowed nothing.
    let (url, _) = scenario.begin(asked("ringcentral"));
    let login_page = scenario.browser.get(&url);
    scenario.log_in(&login_page);
    error(&mut scenario, "consent_required");
    // Now she has.
    let mut authorized = scenario.authorized(asked("ringcentral"));
    let old = authorized.access_token().reveal_secret().to_owned();
    let now = scenario.server.clock().now();
    let entropy = fragrant::value::Entropy::new([99; 64]);
    let (url, renewal) = authorized.renew(entropy, now).unwrap();
    assert!(url.as_str().contains("prompt=none"));
    let answer = scenario.browser.get(url.as_str());
    let _ = renewal.receive(&mut authorized, answer.location(), now);
    assert_ne!(authorized.access_token().reveal_secret(), old);
    let new = authorized.access_token().reveal_secret().to_owned();
    for token in [&old, &new] {
        assert_eq!(scenario.call(token, ringcentral::PATHS.sample_call, &[]).status, 200);
    }
    // Until the session ends, by time ...
    scenario.server.clock().advance(600);
    error(&mut scenario, "login_required");
    // ... or by being ended.
    let (url, _) = scenario.begin(asked("ringcentral"));
    let login_page = scenario.browser.get(&url);
    assert!(scenario.log_in(&login_page).location().contains("access_token="));
    scenario.server.end_sessions();
    error(&mut scenario, "login_required");
}

#[test]
// req(test): RFC6749-10.2-3, RFC8252-8.6-1
fn a_client_that_does_not_prove_itself_is_not_renewed_silently() {
    let mut scenario = Scenario::of(&ringcentral::PROVIDER);
    scenario.authorized(asked("ringcentral"));
    let (url, awaiting) = scenario.begin(asked("ringcentral"));
    let answer = scenario.browser.get(&format!("{url}&prompt=none"));
    match awaiting.receive(answer.location(), scenario.server.clock().now()) {
        Received::Denied(denied) => assert_eq!(denied.response.error.as_str(), "interaction_required"),
        other => panic!("{other:?}"),
    }
    // Without `prompt=none` she is asked, and need not log in.
    let (url, _) = scenario.begin(asked("ringcentral"));
    assert!(scenario.browser.get(&url).body.contains("Allow access?"));
}

#[test]
// req(test): RFC6749-10.2-3
fn a_consent_counts_for_its_client_and_its_scope() {
    let mut scenario = Scenario::of(&rfc6749::PROVIDER);
    let query = "response_type=token&client_id=web&state=s&scope=";
    let login_page = scenario.authorize(&format!("{query}read"));
    let consent_page = scenario.log_in(&login_page);
    scenario.allow(&consent_page);
    let again = scenario.authorize(&format!("{query}read"));
    assert!(again.location().starts_with("https://app.example/cb#access_token="), "{}", again.location());
    for asked_again in [
        format!("{query}read+write"),
        format!("{query}write"),
        format!("{query}read&prompt=consent"),
        "response_type=token&client_id=fragrant-demo-app".to_owned(),
    ] {
        let answer = scenario.authorize(&asked_again);
        assert!(answer.body.contains("Allow access?"), "{asked_again}: {}", answer.body);
    }
    // Another login, when it is asked for, although there is a session.
    let session = scenario.browser.cookies.clone();
    let login_page = scenario.authorize(&format!("{query}read&prompt=login"));
    let answer = scenario.log_in(&login_page);
    assert!(answer.location().contains("#access_token="));
    assert_ne!(session, scenario.browser.cookies);
}

#[test]
// req(test): RFC9207-2-1
fn the_issuer_is_named_if_wanted() {
    let mut scenario = Scenario::of(&rfc6749::PROVIDER);
    assert_eq!(
        scenario.server.issuer().map(|issuer| issuer.as_str()),
        Some(scenario.server.authorization_origin().as_str())
    );
    assert_eq!(scenario.authorized(asked("rfc6749")).scope(), asked("rfc6749").as_ref());
    let mut without = Scenario::start(server(&rfc6749::PROVIDER).with_issuer(false));
    assert_eq!(without.server.issuer(), None);
    for vendor in [&procore::PROVIDER, &ringcentral::PROVIDER] {
        assert_eq!(Scenario::of(vendor).server.issuer(), None);
    }
    // An answer of one server is nothing for the client of another.
    let (_, awaiting) = scenario.begin(asked("rfc6749"));
    let login_page = without.authorize("response_type=token&client_id=web&scope=x");
    let answer = without.log_in(&login_page);
    match awaiting.receive(answer.location(), scenario.server.clock().now()) {
        Received::Rejected { rejection, .. } => assert_eq!(rejection.reason, Reason::RedirectUriMismatch),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_seed_makes_runs_the_same() {
    let token = |seed| {
        let mut scenario = Scenario::start(server(&procore::PROVIDER).with_seed([seed; 32]));
        scenario.authorized(None).access_token().reveal_secret().to_owned()
    };
    assert_eq!(token(1), token(1));
    assert_ne!(token(1), token(2));
}
