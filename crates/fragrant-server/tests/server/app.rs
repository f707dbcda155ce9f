//! The application and its redirection URI.

use fragrant::redirection;
use fragrant_profiles::{ALL, procore, rfc6749};
use serde_json::{Value, json};

use crate::browser::{Answer, Browser};
use crate::scenario::{Scenario, server};

/// What the redirect page's script does with its address.
fn hand_over(scenario: &mut Scenario, address: &str) -> Value {
    let answer =
        hand_over_with(scenario, address, &[("x-fragrant-page", "callback"), ("content-type", "text/plain")]);
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    answer.json()
}

fn hand_over_with(scenario: &mut Scenario, address: &str, headers: &[(&str, &str)]) -> Answer {
    let to = format!("{}/received", scenario.server.app_origin());
    scenario.browser.send("POST", &to, headers, address)
}

/// From the button to where the answer leads.
fn signed_in(scenario: &mut Scenario, decision: &str) -> String {
    let front = scenario.browser.get(&format!("{}/", scenario.server.app_origin()));
    let off = scenario.browser.submit(&front.form());
    let mut page = scenario.browser.follow(&off);
    if page.body.contains("name=\"password\"") {
        page = scenario.log_in(&page);
    }
    let answer = scenario.browser.submit(&page.form().with(&[("decision", decision)]));
    answer.location().to_owned()
}

#[test]
// req(test): RFC6749-3.1.2.5-1
fn from_the_button_to_the_apis_answer() {
    for provider in ALL {
        let mut scenario = Scenario::of(provider);
        let location = signed_in(&mut scenario, "allow");
        let page = scenario.browser.get(&location);
        assert!(page.body.contains("<script src=\"/callback.js\" defer></script>"));
        assert_eq!(page.body.matches("<script").count(), 1);
        let answer = hand_over(&mut scenario, &location);
        assert_eq!(answer["outcome"], "authorized");
        let token = answer["access_token"].as_str().unwrap();
        assert!(location.contains(token));
        let api = scenario.server.api_origin().to_string();
        // What the page then does in the browser: every call that it was told of.
        for call in answer["calls"].as_array().unwrap() {
            let headers = call["headers"].as_object().unwrap();
            let headers: Vec<(&str, &str)> =
                headers.iter().map(|(name, value)| (&**name, value.as_str().unwrap())).collect();
            let path = call["url"].as_str().unwrap().strip_prefix(&api).unwrap();
            assert_eq!(scenario.call(token, path, &headers).status, 200, "{path}");
            assert_eq!(headers.is_empty(), !path.ends_with("projects"));
        }
        // The answer counts once.
        assert_eq!(hand_over(&mut scenario, &location)["outcome"], "not_ours");
    }
}

#[test]
fn a_denial_is_shown() {
    let mut scenario = Scenario::of(&procore::PROVIDER);
    let location = signed_in(&mut scenario, "deny");
    let answer = hand_over(&mut scenario, &location);
    assert_eq!(
        answer,
        json!({ "outcome": "denied", "error": "access_denied", "error_description": null, "channel": "fragment" })
    );
}

#[test]
fn a_forged_answer_does_not_end_a_login() {
    let mut scenario = Scenario::of(&rfc6749::PROVIDER);
    let location = signed_in(&mut scenario, "allow");
    let callback = scenario.server.redirect_uri().to_string();
    let state = location.rsplit_once("state=").unwrap().1.split('&').next().unwrap();
    let forged_state = format!("{}{}", &state[..16], "0".repeat(40));
    let issuer = location.rsplit_once("&iss=").unwrap().1;
    for (address, outcome, reason) in [
        (callback.clone(), "not_ours", None),
        (format!("{callback}#access_token=evil&token_type=bearer"), "not_ours", None),
        (format!("{callback}#access_token=evil&token_type=bearer&state=unknown"), "not_ours", None),
        (
            format!("{callback}#access_token=evil&token_type=bearer&iss={issuer}&state={forged_state}"),
            "rejected",
            Some("state_mismatch"),
        ),
        (format!("{callback}?access_token=evil&state={state}"), "rejected", Some("token_in_query")),
        (location.replace("/callback", "/other"), "rejected", Some("redirect_uri_mismatch")),
        (format!("{callback}#state={state}"), "not_ours", None),
    ] {
        let answer = hand_over(&mut scenario, &address);
        assert_eq!(
            (answer["outcome"].as_str(), answer["reason"].as_str()),
            (Some(outcome), reason),
            "{address}"
        );
    }
    assert_eq!(hand_over(&mut scenario, &location)["outcome"], "authorized");
}

#[test]
fn an_answer_is_for_the_browser_that_asked_and_for_ten_minutes() {
    let mut scenario = Scenario::of(&rfc6749::PROVIDER);
    let location = signed_in(&mut scenario, "allow");
    let mut jane = std::mem::replace(&mut scenario.browser, Browser::new());
    let front = format!("{}/", scenario.server.app_origin());
    scenario.browser.get(&front);
    assert_eq!(hand_over(&mut scenario, &location)["outcome"], "not_ours");
    std::mem::swap(&mut scenario.browser, &mut jane);
    scenario.server.clock().advance(600);
    assert_eq!(hand_over(&mut scenario, &location)["outcome"], "not_ours");
}

#[test]
fn only_the_redirect_page_hands_addresses_over() {
    let mut scenario = Scenario::of(&rfc6749::PROVIDER);
    let location = signed_in(&mut scenario, "allow");
    let (page, text) = (("x-fragrant-page", "callback"), ("content-type", "text/plain"));
    for headers in [
        &[][..],
        &[text],
        &[page],
        &[page, ("content-type", "application/json")],
        &[page, text, ("sec-fetch-site", "cross-site")],
        &[page, text, ("origin", "https://evil.example")],
    ] {
        assert_eq!(hand_over_with(&mut scenario, &location, headers).status, 403, "{headers:?}");
    }
    assert_eq!(hand_over_with(&mut scenario, &"x".repeat(64 * 1024 + 1), &[page, text]).status, 413);
    let own = scenario.server.app_origin().to_string();
    let ours = [
        page,
        ("content-type", "text/plain;charset=UTF-8"),
        ("origin", &own),
        ("sec-fetch-site", "same-origin"),
    ];
    assert_eq!(hand_over_with(&mut scenario, &location, &ours).json()["outcome"], "authorized");
}

#[test]
fn a_login_begins_on_the_applications_page() {
    let mut scenario = Scenario::of(&rfc6749::PROVIDER);
    let sign_in = format!("{}/sign-in", scenario.server.app_origin());
    assert_eq!(scenario.browser.send("POST", &sign_in, &[], "").status, 403);
    assert_eq!(scenario.browser.get(&sign_in).status, 405);
    scenario.browser.get(&format!("{}/", scenario.server.app_origin()));
    let cross = [("sec-fetch-site", "cross-site")];
    assert_eq!(scenario.browser.send("POST", &sign_in, &cross, "").status, 403);
    let off = scenario.browser.send("POST", &sign_in, &[], "");
    let endpoint = scenario.server.authorization_endpoint().as_str();
    assert!(
        off.location().starts_with(&format!("{endpoint}?response_type=token&client_id=fragrant-demo-app&"))
    );
    assert!(off.location().contains("&scope=read%20write&"));
}

#[test]
// req(test): RFC6749-3.1.2.5-1, RFC6749-3.1.2.5-2, RFC6819-4.4.2.4-1, RFC9700-4.2.4-2
fn the_redirect_page_has_the_cores_headers_and_may_call_the_api() {
    let mut scenario = Scenario::of(&rfc6749::PROVIDER);
    let page = scenario.browser.get(scenario.server.redirect_uri().as_str());
    let api = scenario.server.api_origin().to_string();
    for (name, value) in redirection::HEADERS {
        let expected = value.replace("connect-src 'self'", &format!("connect-src 'self' {api}"));
        assert_eq!(page.header(&name.to_lowercase()), Some(&*expected), "{name}");
    }
    let icon = scenario.browser.get(&format!("{}/favicon.ico", scenario.server.app_origin()));
    assert_eq!((icon.status, &*icon.body), (204, ""));
    let script = scenario.browser.get(&format!("{}/callback.js", scenario.server.app_origin()));
    assert_eq!(script.header("content-type"), Some("text/javascript; charset=utf-8"));
    // It shows text as text, and keeps what it has read to itself.
    for forbidden in
        ["innerHTML", "insertAdjacentHTML", "document.write", "eval(", "localStorage", "sessionStorage"]
    {
        assert!(!script.body.contains(forbidden), "{forbidden}");
    }
    assert!(script.body.contains("history.replaceState"));
    // Its one script is this server's own, and no other can run.
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.contains("script-src 'self';") && policy.starts_with("default-src 'none';"), "{policy}");
    assert!(page.body.contains("<script src=\"/callback.js\" defer></script>"));
    let front = scenario.browser.get(&format!("{}/", scenario.server.app_origin()));
    let policy = front.header("content-security-policy").unwrap();
    let authorization = scenario.server.authorization_origin();
    assert!(policy.ends_with(&format!("form-action 'self' {authorization}")), "{policy}");
}

#[test]
// req(test): RFC6749-10.15-1
fn the_redirect_page_sends_nobody_on() {
    let mut scenario = Scenario::of(&rfc6749::PROVIDER);
    let callback = scenario.server.redirect_uri().to_string();
    let plain = scenario.browser.get(&callback);
    for parameters in
        ["next=https://evil.example/", "redirect_uri=//evil.example", "state=https://evil.example/"]
    {
        for separator in ["?", "#"] {
            let page = scenario.browser.get(&format!("{callback}{separator}{parameters}"));
            assert_eq!((page.status, page.header("location"), page.header("refresh")), (200, None, None));
            assert_eq!(page.body, plain.body);
        }
    }
    assert!(!plain.body.contains("http-equiv"));
    let script = scenario.browser.get(&format!("{}/callback.js", scenario.server.app_origin())).body;
    for way_out in
        ["location =", "location=", "location.href =", ".assign(", "location.replace", "open(", ".submit("]
    {
        assert!(!script.contains(way_out), "{way_out}");
    }
}

#[test]
fn the_applications_client_can_be_another() {
    let client_id = fragrant::value::ClientId::new("mine").unwrap();
    let settings = server(&rfc6749::PROVIDER).with_app_client(
        client_id.clone(),
        "My <app>",
        crate::scenario::scope("read"),
        None,
    );
    let mut scenario = Scenario::start(settings);
    assert_eq!(*scenario.server.client().client_id(), client_id);
    let front = scenario.browser.get(&format!("{}/", scenario.server.app_origin()));
    assert!(front.body.contains("My &lt;app&gt;") && !front.body.contains("My <app>"));
    let location = signed_in(&mut scenario, "allow");
    assert_eq!(hand_over(&mut scenario, &location)["scope"], "read");
}
