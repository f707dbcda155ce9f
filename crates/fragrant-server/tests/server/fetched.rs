//! Metadata, tokens that are given back, and what is told of a token.

use fragrant_profiles::{ALL, Provider, procore, rfc6749};
use serde_json::json;

use crate::browser::{Answer, Browser};
use crate::scenario::{Scenario, scope, server};

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

fn token(scenario: &mut Scenario, provider: &Provider) -> String {
    let asked = (provider.id == "rfc6749").then(|| scope("read"));
    scenario.authorized(asked).access_token().reveal_secret().to_owned()
}

/// Gives a token back, from a page of this origin if there is one.
fn revoke(scenario: &Scenario, path: &str, body: &str, headers: &[(&str, &str)]) -> Answer {
    let address = format!("{}{path}", scenario.server.authorization_origin());
    Browser::new().send("POST", &address, headers, body)
}

#[test]
// req(test): RFC8414-2-1, RFC9207-2.3-1, RFC9207-3-1, RFC9700-2.6-1
fn the_metadata_says_what_the_server_does() {
    for provider in ALL {
        for issuer in [true, false] {
            let mut scenario = Scenario::start(server(provider).with_issuer(issuer));
            let origin = scenario.server.authorization_origin().to_string();
            let answer = scenario.browser.get(&format!("{origin}/.well-known/oauth-authorization-server"));
            assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/json")));
            assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
            let told = answer.json();
            assert_eq!(told["issuer"], json!(origin));
            assert_eq!(
                told["authorization_endpoint"],
                json!(scenario.server.authorization_endpoint().as_str())
            );
            assert_eq!(told["authorization_response_iss_parameter_supported"], json!(issuer));
            assert_eq!(told["response_types_supported"], json!(["token"]));
            // What it says can be done is done.
            let revocation = told["revocation_endpoint"].as_str().unwrap().to_owned();
            let path = revocation.strip_prefix(&origin).unwrap();
            assert_eq!(revoke(&scenario, path, "token=x&client_id=web", &[FORM]).status, 200);
            assert!(told["scopes_supported"].as_array().unwrap().contains(&json!("write")), "{told}");
        }
    }
}

#[test]
// req(test): RFC7009-2-2, RFC7009-2.1-2, RFC7009-2.2-1
fn a_token_that_is_given_back_has_ended() {
    for provider in ALL {
        let mut scenario = Scenario::of(provider);
        let path = provider.paths.revocation.unwrap();
        let client_id = scenario.server.client().client_id().to_string();
        let (token, other) = (token(&mut scenario, provider), token(&mut scenario, provider));
        // The hint is wrong first, and the second time there is nothing left to give back.
        for hint in ["refresh_token", "access_token"] {
            let body = format!("token={token}&client_id={client_id}&token_type_hint={hint}");
            let answer = revoke(&scenario, path, &body, &[FORM]);
            assert_eq!((answer.status, &*answer.body), (200, ""));
            assert_eq!(scenario.call(&token, provider.paths.sample_call, &[]).status, 401);
            assert_eq!(scenario.call(&other, provider.paths.sample_call, &[]).status, 200);
        }
    }
}

#[test]
// req(test): RFC7009-2.1-3
fn nobody_gives_back_what_is_somebody_elses() {
    let mut scenario = Scenario::of(&rfc6749::PROVIDER);
    let token = token(&mut scenario, &rfc6749::PROVIDER);
    let own = scenario.server.client().client_id().to_string();
    for (body, header, error) in [
        (format!("token={token}&client_id=web"), FORM, "invalid_grant"),
        (format!("token={token}&client_id=nobody"), FORM, "invalid_client"),
        (format!("token={token}"), FORM, "invalid_request"),
        (format!("client_id={own}"), FORM, "invalid_request"),
        (format!("token={token}&token={token}&client_id={own}"), FORM, "invalid_request"),
        (format!("token={token}&client_id={own}&x=%"), FORM, "invalid_request"),
        (format!("token={token}&client_id={own}"), ("content-type", "text/plain"), "invalid_request"),
    ] {
        let answer = revoke(&scenario, "/revoke", &body, &[header]);
        assert_eq!((answer.status, &answer.json()["error"]), (400, &json!(error)), "{body}");
        assert!(!answer.body.contains(&token), "{}", answer.body);
    }
    let answer = scenario.browser.get(&format!("{}/revoke", scenario.server.authorization_origin()));
    assert_eq!((answer.status, answer.header("allow")), (405, Some("POST")));
    assert_eq!(scenario.call(&token, "/resource/1", &[]).status, 200);
}

#[test]
// req(test): RFC7009-2.3-1
fn only_pages_of_registered_origins_see_what_became_of_it() {
    let scenario = Scenario::of(&rfc6749::PROVIDER);
    let own = scenario.server.app_origin().to_string();
    for (origin, allowed) in [(&*own, Some(&*own)), ("https://evil.example", None)] {
        let answer = revoke(&scenario, "/revoke", "token=x&client_id=web", &[FORM, ("origin", origin)]);
        assert_eq!((answer.status, answer.header("access-control-allow-origin")), (200, allowed));
    }
}

#[test]
fn whoever_has_a_token_is_told_about_it() {
    let mut scenario = Scenario::of(&procore::PROVIDER);
    let token = token(&mut scenario, &procore::PROVIDER);
    let address = format!("{}/oauth/token/info", scenario.server.authorization_origin());
    let ask = |token: &str| {
        Browser::new().send("GET", &address, &[("authorization", &format!("Bearer {token}"))], "")
    };
    let began = scenario.server.clock().now().as_unix_seconds();
    scenario.server.clock().advance(100);
    let told = ask(&token);
    assert_eq!(told.status, 200, "{}", told.body);
    assert_eq!(
        told.json(),
        json!({
            "resource_owner_id": 4711,
            "scope": [],
            "expires_in_seconds": 5300,
            "application": { "uid": scenario.server.client().client_id().as_str() },
            "created_at": began,
        })
    );
    let refused = ask(&"0".repeat(40));
    assert_eq!(refused.status, 401);
    assert!(refused.header("www-authenticate").unwrap().contains("error=\"invalid_token\""));
    assert_eq!(Browser::new().get(&address).status, 401);
    scenario.server.clock().advance(5300);
    assert_eq!(ask(&token).status, 401);
}
