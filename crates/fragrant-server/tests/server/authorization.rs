//! What the authorization endpoint answers to a request before anybody is asked.

use fragrant::authorization_server::{ClientRegistration, RegisteredRedirectUri};
use fragrant::value::ClientId;
use fragrant_profiles::{rfc6749, ringcentral};

use crate::browser::{Answer, Browser};
use crate::scenario::{Scenario, scope, server};

const SECURITY_HEADERS: [(&str, &str); 4] = [
    ("cache-control", "no-store"),
    ("referrer-policy", "no-referrer"),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
];

fn assert_protected(answer: &Answer) {
    for (name, value) in SECURITY_HEADERS {
        assert_eq!(answer.header(name), Some(value), "{name}");
    }
    let policy = answer.header("content-security-policy").unwrap();
    assert!(
        policy.starts_with("default-src 'none';") && policy.contains("frame-ancestors 'none'"),
        "{policy}"
    );
    assert!(!policy.contains("unsafe") && !policy.contains("script-src"), "{policy}");
    assert_eq!(answer.header("access-control-allow-origin"), None);
}

#[test]
// req(test): RFC6749-4.2.2.1-1, RFC6749-3.1.2.4-1, RFC6749-3.1.2.4-2, RFC9700-2.1-3
fn without_a_sure_address_there_is_a_page_and_no_redirect() {
    let mut scenario = Scenario::of(&rfc6749::PROVIDER);
    for (query, words) in [
        ("", "client_id: the parameter is missing"),
        ("response_type=token&client_id=unknown", "client_id: no such client is registered"),
        ("response_type=token&client_id=%3Cscript%3Ealert(1)%3C/script%3E", "no such client"),
        ("response_type=token&client_id=web&client_id=web", "client_id: the parameter occurs twice"),
        (
            "response_type=token&client_id=web&redirect_uri=https%3A%2F%2Fevil.example%2Fcb",
            "not registered this",
        ),
        (
            "response_type=token&client_id=web&redirect_uri=https%3A%2F%2Fapp.example%2Fcb%2F",
            "not registered this",
        ),
        ("response_type=token&client_id=web&redirect_uri=%22%3E%3Cscript%3E", "not registered this"),
    ] {
        let answer = scenario.authorize(query);
        assert_eq!((answer.status, answer.header("location")), (400, None), "{query}");
        assert!(answer.body.contains(words), "{query}: {}", answer.body);
        // Nothing that was sent is on the page.
        assert!(!answer.body.contains("script") && !answer.body.contains("evil"), "{}", answer.body);
        assert_protected(&answer);
    }
}

#[test]
// req(test): RFC6749-4.2.2.1-2, RFC6749-4.2.2.1-6, RFC9700-4.1.3-3, OIDC-3.2.2.6-1, OAUTHRESP-2.2-1, RFC9700-2.6-3
fn every_other_fault_is_told_to_the_client_in_the_fragment() {
    let mut scenario = Scenario::of(&rfc6749::PROVIDER);
    let issuer = scenario.server.authorization_origin().as_str().replace(':', "%3A").replace('/', "%2F");
    for (query, error) in [
        ("client_id=web&scope=read", "invalid_request"),
        ("response_type=code&client_id=web&scope=read", "unsupported_response_type"),
        ("response_type=token&client_id=web", "invalid_scope"),
        ("response_type=token&client_id=web&scope=admin", "invalid_scope"),
        ("response_type=token&client_id=web&scope=read&scope=read", "invalid_request"),
        ("response_type=token&client_id=web&scope=read&prompt=none", "login_required"),
        ("response_type=token&client_id=web&scope=read&prompt=none+login", "invalid_request"),
    ] {
        scenario.browser = Browser::new();
        let mut answer = scenario.authorize(&format!("{query}&state=x%26y"));
        if answer.status == 200 {
            answer = scenario.log_in(&answer);
        }
        let expected = format!("https://app.example/cb#error={error}");
        assert!(answer.location().starts_with(&expected), "{query}: {}", answer.location());
        let end = format!("&state=x%26y&iss={issuer}");
        assert!(answer.location().ends_with(&end), "{}", answer.location());
        assert_protected(&answer);
        assert_eq!(answer.body, "");
    }
}

#[test]
// req(test): RFC9700-4.11.2-1
fn a_faulty_request_leads_nowhere_before_somebody_has_logged_in() {
    let mut scenario = Scenario::of(&rfc6749::PROVIDER);
    let faulty = "response_type=code&client_id=web&scope=read&state=planted-state";
    let silent = scenario.authorize(&format!("{faulty}&prompt=none"));
    assert!(silent.location().contains("#error=unsupported_response_type"), "{}", silent.location());

    let login_page = scenario.authorize(faulty);
    assert_eq!((login_page.status, login_page.header("location")), (200, None));
    assert_protected(&login_page);
    let policy = login_page.header("content-security-policy").unwrap();
    assert!(policy.ends_with("form-action 'self' https://app.example"), "{policy}");
    for words in ["cannot answer", "<strong>https://app.example</strong>", "name=\"password\""] {
        assert!(login_page.body.contains(words), "{words}: {}", login_page.body);
    }
    assert!(!login_page.body.contains("planted"), "{}", login_page.body);
    let wrong = login_page.form().with(&[("username", "jane"), ("password", "wrong")]);
    let again = scenario.browser.submit(&wrong);
    assert_eq!((again.status, again.header("location")), (200, None));
    let told = scenario.log_in(&again);
    assert!(told.location().contains("#error=unsupported_response_type"), "{}", told.location());
    assert!(told.location().contains("state=planted-state"));
    // Sent in once more, the page is used up.
    assert_eq!(scenario.log_in(&again).status, 403);

    // Who is logged in need not log in again, be it for an error or for what follows.
    assert!(scenario.authorize(faulty).location().contains("#error=unsupported_response_type"));
    let sound = scenario.authorize("response_type=token&client_id=web&scope=read");
    assert!(sound.body.contains("Allow access?"), "{}", sound.body);
    scenario.server.end_sessions();
    assert_eq!(scenario.authorize(faulty).status, 200);
}

#[test]
// req(test): RFC6749-10.13-2, RFC6749-10.2-2, RFC6819-5.2.4.2-1, RFC9700-4.2.4-1, RFC9700-4.16-1
fn the_pages_say_who_asks_and_show_it_as_text() {
    let mut scenario = Scenario::of(&rfc6749::PROVIDER);
    let login_page = scenario.authorize("response_type=token&client_id=web&scope=read");
    assert_eq!(login_page.header("content-type"), Some("text/html; charset=utf-8"));
    let consent_page = scenario.log_in(&login_page);
    for page in [&login_page, &consent_page] {
        assert_protected(page);
        assert!(page.body.contains("<html lang=\"en\">") && page.body.contains("name=\"viewport\""));
        assert!(page.body.contains("Web &amp; &lt;b&gt;Sons&lt;/b&gt;"), "{}", page.body);
        assert!(!page.body.contains("<b>Sons"), "{}", page.body);
        assert!(
            !page.body.contains("<script") && !page.body.contains(" src=") && !page.body.contains("http:")
        );
        // A browser asks of the redirect, too, whether the form may lead there.
        let policy = page.header("content-security-policy").unwrap();
        assert!(policy.ends_with("form-action 'self' https://app.example"), "{policy}");
    }
    for field in ["username", "password"] {
        assert!(login_page.body.contains(&format!("<label for=\"{field}\">")));
    }
    for words in ["jane", "https://app.example", "1 hour", "value=\"read\""] {
        assert!(consent_page.body.contains(words), "{words}");
    }
    let style = scenario.browser.get(&format!("{}/style.css", scenario.server.authorization_origin()));
    assert_eq!((style.status, style.header("content-type")), (200, Some("text/css; charset=utf-8")));
}

#[test]
// req(test): RFC6749-3.1-6, OIDC-3.1.2.1-1
fn a_request_may_come_by_post() {
    let mut scenario = Scenario::of(&rfc6749::PROVIDER);
    let endpoint = scenario.server.authorization_endpoint().to_string();
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let query = "response_type=token&client_id=web&scope=read";
    let login_page = scenario.browser.send("POST", &endpoint, &form, query);
    assert!(scenario.log_in(&login_page).body.contains("Allow access?"));
    let wrong_type = scenario.browser.send("POST", &endpoint, &[("content-type", "text/plain")], query);
    assert_eq!(wrong_type.status, 415);
    let not_text = scenario.browser.send("POST", &endpoint, &form, b"\xFF");
    assert_eq!(not_text.status, 400);
}

#[test]
// req(test): RFC6749-3.1.2.1-2
fn the_sample_request_of_the_guide_gets_its_pages() {
    let uri = RegisteredRedirectUri::dangerous_with_clear_text("http://example.com/cb").unwrap();
    let client = ClientRegistration::new(ClientId::new("s6BhdRkqt3").unwrap(), "Sample", [uri]).unwrap();
    let client = client.with_scope(scope("Contacts"), None).unwrap();
    let mut scenario = Scenario::start(server(&ringcentral::PROVIDER).with_client(client));
    let login_page = scenario.authorize(
        "response_type=token&client_id=s6BhdRkqt3&state=xyz&redirect_uri=http%3A%2F%2Fexample%2Ecom%2Fcb&scope=Contacts",
    );
    let consent_page = scenario.log_in(&login_page);
    assert!(consent_page.body.contains("not protected by TLS"), "{}", consent_page.body);
    let answer = scenario.allow(&consent_page);
    assert!(answer.location().starts_with("http://example.com/cb#access_token="));
    assert!(answer.location().contains("&scope=Contacts&state=xyz&"));
}

#[test]
// req(test): RFC8252-7.3-1
fn an_app_of_this_machine_may_choose_its_port() {
    let uris =
        ["http://127.0.0.1/cb", "com.example.app:/cb"].map(|uri| RegisteredRedirectUri::new(uri).unwrap());
    let client = ClientRegistration::new(ClientId::new("native").unwrap(), "Native", uris).unwrap();
    let mut scenario = Scenario::start(server(&rfc6749::PROVIDER).with_client(client));
    for (uri, target) in
        [("http://127.0.0.1:49152/cb", "http://127.0.0.1:49152"), ("com.example.app:/cb", "com.example.app:")]
    {
        let uri_written = uri.replace(':', "%3A").replace('/', "%2F");
        let query = format!("response_type=token&client_id=native&redirect_uri={uri_written}");
        let mut page = scenario.authorize(&query);
        if page.body.contains("name=\"password\"") {
            page = scenario.log_in(&page);
        }
        let policy = page.header("content-security-policy").unwrap();
        assert!(policy.ends_with(&format!("form-action 'self' {target}")), "{policy}");
        let answer = scenario.allow(&page);
        assert!(answer.location().starts_with(&format!("{uri}#access_token=")), "{}", answer.location());
    }
}

#[test]
fn other_paths_and_methods() {
    let mut scenario = Scenario::of(&rfc6749::PROVIDER);
    let origin = scenario.server.authorization_origin().to_string();
    for (method, path, status) in [
        ("GET", "/", 404),
        ("GET", "/favicon.ico", 204),
        ("GET", "/authorize/", 404),
        ("GET", "/login", 405),
        ("GET", "/consent", 405),
        ("PUT", "/authorize", 405),
        ("DELETE", "/authorize", 405),
        ("OPTIONS", "/authorize", 405),
    ] {
        let answer = scenario.browser.send(method, &format!("{origin}{path}"), &[], "");
        assert_eq!(answer.status, status, "{method} {path}");
    }
}
