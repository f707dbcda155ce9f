//! The API server.

use fragrant::authorization_server::{ClientRegistration, RegisteredRedirectUri};
use fragrant::value::{ClientId, Origin};
use fragrant_profiles::{procore, rfc6749, ringcentral};
use serde_json::json;

use crate::browser::Browser;
use crate::scenario::{Scenario, scope, server};

const INVALID: &str = r#"Bearer realm="rfc6749", error="invalid_token", error_description="the token is expired, revoked or unknown""#;

#[test]
// req(test): RFC6750-3-1, RFC6750-3.1-1, RFC6750-3.1-2, RFC6750-3.1-4, RFC6749-7-1, RFC6749-7.2-1
fn who_is_let_in_and_what_the_others_are_told() {
    let mut scenario = Scenario::of(&rfc6749::PROVIDER);
    let token = scenario.authorized(Some(scope("read"))).access_token().reveal_secret().to_owned();
    let api = scenario.server.api_origin().to_string();
    let bearer = format!("Bearer {token}");
    let call = |headers: &[(&str, &str)], path: &str| {
        let answer = Browser::new().send("GET", &format!("{api}{path}"), headers, "");
        (answer.status, answer.header("www-authenticate").map(str::to_owned))
    };
    let bad_request = |words: &str| {
        let challenge =
            format!(r#"Bearer realm="rfc6749", error="invalid_request", error_description="{words}""#);
        (400, Some(challenge))
    };
    let bare = (401, Some(r#"Bearer realm="rfc6749""#.to_owned()));
    let invalid = (401, Some(INVALID.to_owned()));
    assert_eq!(call(&[], "/resource/1"), bare);
    assert_eq!(call(&[("authorization", "Basic amFuZTpw")], "/resource/1"), bare);
    assert_eq!(call(&[("authorization", &bearer)], "/resource/1"), (200, None));
    assert_eq!(call(&[("authorization", &bearer.replace("Bearer", "bEARER"))], "/resource/1"), (200, None));
    assert_eq!(call(&[("authorization", &bearer[..46])], "/resource/1"), invalid);
    assert_eq!(call(&[("authorization", &bearer.to_uppercase())], "/resource/1"), invalid);
    for malformed in ["Bearer a b", "Bearer \"a\"", "Bearer =="] {
        let challenge = INVALID.replace("expired, revoked or unknown", "malformed");
        assert_eq!(
            call(&[("authorization", malformed)], "/resource/1"),
            (401, Some(challenge)),
            "{malformed}"
        );
    }
    assert_eq!(
        call(&[("authorization", "Bearer")], "/resource/1"),
        bad_request("the request is malformed where its token should be")
    );
    assert_eq!(
        call(&[("authorization", &bearer), ("authorization", &bearer)], "/resource/1"),
        bad_request("more than one token was sent")
    );
    assert_eq!(
        call(&[], &format!("/resource/1?access_token={token}")),
        bad_request("the token was sent in a way that is not taken here")
    );
    // No token, no word on what there is.
    assert_eq!(call(&[], "/resource/none"), bare);
    assert_eq!(call(&[("authorization", &bearer)], "/resource/none"), (404, None));
    assert_eq!(call(&[("authorization", &bearer)], "/elsewhere"), (404, None));
}

#[test]
// req(test): RFC6750-3.1-3
fn a_token_reaches_as_far_as_its_scope() {
    let mut scenario = Scenario::of(&ringcentral::PROVIDER);
    let token = scenario.authorized(Some(scope("Contacts"))).access_token().reveal_secret().to_owned();
    let base = ringcentral::PATHS.sample_call;
    assert_eq!(scenario.call(&token, &format!("{base}/address-book/contact"), &[]).status, 200);
    let refused = scenario.call(&token, &format!("{base}/call-log"), &[]);
    assert_eq!(refused.status, 403);
    assert_eq!(
        refused.header("www-authenticate"),
        Some(
            r#"Bearer realm="ringcentral", scope="ReadCallLog", error="insufficient_scope", error_description="the token does not reach that far""#
        )
    );
    assert_eq!(refused.json(), json!({ "message": "the token does not reach that far" }));
}

#[test]
// req(test): RFC6750-5.2-6, RFC6750-3.1-2
fn a_token_ends() {
    let mut scenario = Scenario::start(server(&rfc6749::PROVIDER).with_token_lifetime(60));
    let token = |scenario: &mut Scenario| {
        scenario.authorized(Some(scope("read"))).access_token().reveal_secret().to_owned()
    };
    let first = token(&mut scenario);
    scenario.server.clock().advance(59);
    assert_eq!(scenario.call(&first, "/resource/1", &[]).status, 200);
    scenario.server.clock().advance(1);
    let refused = scenario.call(&first, "/resource/1", &[]);
    assert_eq!((refused.status, refused.header("www-authenticate")), (401, Some(INVALID)));
    let second = token(&mut scenario);
    assert_eq!(scenario.call(&second, "/resource/1", &[]).status, 200);
    scenario.server.revoke_tokens();
    let refused = scenario.call(&second, "/resource/1", &[]);
    assert_eq!((refused.status, refused.header("www-authenticate")), (401, Some(INVALID)));
}

#[test]
// req(test): BBA-Cross_origin_requests-1
fn pages_of_registered_origins_may_call() {
    let callback = RegisteredRedirectUri::new("https://client.example:8443/cb").unwrap();
    let client = ClientRegistration::new(ClientId::new("other").unwrap(), "Other", [callback]).unwrap();
    let settings = server(&procore::PROVIDER)
        .with_cors_origin(Origin::new("https://spa.example").unwrap())
        .with_client(client);
    let mut scenario = Scenario::start(settings);
    let token = scenario.authorized(None).access_token().reveal_secret().to_owned();
    let app = scenario.server.app_origin().to_string();
    let me = format!("{}/rest/v1.0/me", scenario.server.api_origin());
    let preflight = |origin: &str| {
        let headers = [
            ("origin", origin),
            ("access-control-request-method", "GET"),
            ("access-control-request-headers", "authorization,procore-company-id,x-user-agent"),
        ];
        Browser::new().send("OPTIONS", &me, &headers, "")
    };
    for origin in ["https://spa.example", "https://client.example:8443", &*app] {
        let answer = preflight(origin);
        assert_eq!(answer.status, 204);
        assert_eq!(answer.header("access-control-allow-origin"), Some(origin));
        assert_eq!(
            answer.header("access-control-allow-headers"),
            Some("Authorization, Content-Type, Procore-Company-Id, x-user-agent")
        );
        assert_eq!(answer.header("access-control-allow-credentials"), Some("true"));
        let answer = scenario.call(&token, "/rest/v1.0/me", &[("origin", origin)]);
        assert_eq!((answer.status, answer.header("access-control-allow-origin")), (200, Some(origin)));
        // The page may read why it was refused.
        let refused = scenario.call("x", "/rest/v1.0/me", &[("origin", origin)]);
        assert_eq!((refused.status, refused.header("access-control-allow-origin")), (401, Some(origin)));
        assert_eq!(refused.header("access-control-expose-headers"), Some("WWW-Authenticate"));
        assert_eq!(refused.header("access-control-allow-credentials"), Some("true"));
    }
    for origin in [
        "https://evil.example",
        "https://client.example",
        "null",
        "http://spa.example",
        "https://spa.example.evil.example",
    ] {
        let answer = preflight(origin);
        assert_eq!((answer.status, answer.header("access-control-allow-origin")), (204, None), "{origin}");
        assert_eq!(answer.header("access-control-allow-headers"), None, "{origin}");
        assert_eq!(answer.header("access-control-allow-credentials"), None, "{origin}");
        let answer = scenario.call(&token, "/rest/v1.0/me", &[("origin", origin)]);
        assert_eq!((answer.status, answer.header("access-control-allow-origin")), (200, None), "{origin}");
        assert_eq!(answer.header("vary"), Some("origin"));
    }
}

#[test]
fn procore_wants_to_know_the_company() {
    let mut scenario = Scenario::of(&procore::PROVIDER);
    let token = scenario.authorized(None).access_token().reveal_secret().to_owned();
    for path in ["/rest/v1.0/me", "/rest/v1.0/companies"] {
        assert_eq!(scenario.call(&token, path, &[]).status, 200, "{path}");
    }
    let header = procore::COMPANY_ID_HEADER;
    for (headers, message) in [
        (&[][..], "Procore-Company-Id: the header is missing"),
        (&[(header, "x")], "Procore-Company-Id: no such company"),
        (&[(header, "1")], "Procore-Company-Id: no such company"),
    ] {
        let answer = scenario.call(&token, "/rest/v1.0/projects", headers);
        assert_eq!((answer.status, answer.json()), (400, json!({ "message": message })));
    }
    let companies = scenario.call(&token, "/rest/v1.0/companies", &[]).json();
    let id = companies[0]["id"].to_string();
    assert_eq!(id, procore::SAMPLE_COMPANY.to_string());
    let projects = scenario.call(&token, "/rest/v1.0/projects", &[(header, &id)]);
    assert_eq!((projects.status, projects.json()[0]["company"]["id"].to_string()), (200, id));
}

#[test]
fn only_get_is_known() {
    let mut scenario = Scenario::of(&rfc6749::PROVIDER);
    let token = scenario.authorized(Some(scope("read"))).access_token().reveal_secret().to_owned();
    let address = format!("{}/resource/1", scenario.server.api_origin());
    let authorization = format!("Bearer {token}");
    let send = |method| Browser::new().send(method, &address, &[("authorization", &*authorization)], "");
    assert_eq!((send("HEAD").status, &*send("HEAD").body), (200, ""));
    for method in ["POST", "DELETE", "OPTIONS", "BREW"] {
        let answer = send(method);
        assert_eq!((answer.status, answer.header("allow")), (405, Some("GET, HEAD")), "{method}");
    }
}
