//! `fragrant url`: the address alone, and nothing that a provider could misread.

use fragrant::value::{AuthorizationEndpoint, HttpUri};
use fragrant::wire::form;

use crate::scenario::{PLANTED, answer, fragrant, refusal};

const CLIENT: [&str; 4] = ["--client-id", "s6BhdRkqt3", "--redirect-uri", "https://app.example/cb"];

/// `fragrant url` with a client and a state.
fn url(more: &[&str]) -> String {
    let arguments = [&["url", "--state", "xyz"], &CLIENT[..], more].concat();
    answer(&arguments)
}

/// The same, which must be refused.
fn refused(more: &[&str], parts: &[&str]) {
    let text = refusal(&[&["url", "--profile", "ringcentral"], &CLIENT[..], more].concat(), parts);
    assert!(!text.contains(PLANTED), "{text}");
}

/// A query's parameters, decoded.
fn parameters(url: &str) -> Vec<(String, String)> {
    let (_, query) = url.trim_end().split_once('?').unwrap();
    let decoded = |pair: form::Pair<'_>| (pair.name.decode().into_owned(), pair.value.decode().into_owned());
    form::pairs(query, 0).map(|pair| decoded(pair.unwrap())).collect()
}

fn parameter(url: &str, name: &str) -> String {
    let found: Vec<String> =
        parameters(url).into_iter().filter(|(own, _)| own == name).map(|(_, value)| value).collect();
    assert_eq!(found.len(), 1, "{name} in {url}");
    found[0].clone()
}

#[test]
// req(test): RFC6749-4.2.1-1, RFC6749-4.2.1-2, RFC6749-4.2.1-3
fn the_whole_line_for_each_environment() {
    for (profile, environment, endpoint) in [
        ("ringcentral", None, "https://platform.ringcentral.com/restapi/oauth/authorize"),
        ("ringcentral", Some("production"), "https://platform.ringcentral.com/restapi/oauth/authorize"),
        ("ringcentral", Some("sandbox"), "https://platform.devtest.ringcentral.com/restapi/oauth/authorize"),
        ("procore", None, "https://login.procore.com/oauth/authorize"),
        ("procore", Some("production"), "https://login.procore.com/oauth/authorize"),
        ("procore", Some("developer-sandbox"), "https://login-sandbox.procore.com/oauth/authorize"),
        ("procore", Some("monthly-sandbox"), "https://login-sandbox-monthly.procore.com/oauth/authorize"),
    ] {
        let mut arguments = vec!["--profile", profile];
        arguments.extend(environment.iter().flat_map(|id| ["--environment", *id]));
        assert_eq!(
            url(&arguments),
            format!(
                "{endpoint}?response_type=token&client_id=s6BhdRkqt3\
                 &redirect_uri=https%3A%2F%2Fapp.example%2Fcb&state=xyz\n"
            )
        );
    }
}

#[test]
// req(test): RFC6749-3.1-2
fn an_endpoint_of_ones_own_keeps_its_query() {
    for (endpoint, joint) in [
        ("https://as.example/authorize", "?"),
        ("https://as.example/authorize?", ""),
        ("https://as.example/authorize?tenant=a%20b", "&"),
        ("http://127.0.0.1:8080/authorize", "?"),
    ] {
        let line = url(&["--endpoint", endpoint]);
        assert!(line.starts_with(&format!("{endpoint}{joint}response_type=token&client_id=")), "{line}");
    }
    // A provider's own parameters go with an endpoint of one's own, too.
    let line = url(&["--endpoint", "https://as.example/a", "--profile", "ringcentral", "--brand-id", "1"]);
    assert!(line.starts_with("https://as.example/a?") && line.ends_with("&brand_id=1\n"), "{line}");
}

#[test]
fn everything_that_can_be_asked_for() {
    let line = url(&[
        "--profile=ringcentral",
        "--response-type=token id_token",
        "--scope=Contacts ReadCallLog",
        "--scope=Faxes",
        "--prompt=login sso",
        "--prompt=consent",
        "--display=touch",
        "--brand-id=1210",
        "--param=ui_locales=de-DE en",
        "--param=localeId=a=b&c#d",
    ]);
    let nonce = parameter(&line, "nonce");
    assert!(nonce.len() >= 32 && nonce.bytes().all(|byte| byte.is_ascii_hexdigit()), "{nonce}");
    assert_eq!(
        line,
        format!(
            "https://platform.ringcentral.com/restapi/oauth/authorize?response_type=id_token%20token\
             &client_id=s6BhdRkqt3&redirect_uri=https%3A%2F%2Fapp.example%2Fcb\
             &scope=Contacts%20ReadCallLog%20Faxes&state=xyz&nonce={nonce}&prompt=login%20sso%20consent\
             &display=touch&brand_id=1210&ui_locales=de-DE%20en&localeId=a%3Db%26c%23d\n"
        )
    );
}

#[test]
// req(test): RFC6749-4.2.1-6, RFC6749-10.12-3
fn a_state_is_drawn_afresh() {
    let draw = || {
        let line = answer(&[&["url", "--profile", "procore"], &CLIENT[..]].concat());
        assert_eq!(line.lines().count(), 1);
        let state = parameter(&line, "state");
        assert!(
            state.len() == 56 && state.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)),
            "{state}"
        );
        state
    };
    let states = [draw(), draw(), draw()];
    assert!(states[0] != states[1] && states[1] != states[2] && states[0] != states[2], "{states:?}");
}

#[test]
// req(test): OIDC-3.2.2.1-1, OIDC-3.2.2.1-3, OIDC-15.5.2-1
fn a_nonce_goes_with_an_id_token_and_with_nothing_else() {
    let arguments = |kind| [&["url", "--profile", "procore", "--response-type", kind], &CLIENT[..]].concat();
    assert!(!answer(&arguments("token")).contains("nonce="));
    for kind in ["id_token", "id_token token", "token id_token"] {
        let lines = [answer(&arguments(kind)), answer(&arguments(kind))];
        let [first, second] = lines.each_ref().map(|line| parameter(line, "nonce"));
        assert_ne!(first, second);
        assert_ne!(first, parameter(&lines[0], "state"));
    }
}

#[test]
// req(test): RFC6749-4.2.1-1
fn the_sample_request_of_the_ringcentral_guide() {
    let line = answer(&[
        "url",
        "--profile=ringcentral",
        "--client-id=s6BhdRkqt3",
        "--state=xyz",
        "--redirect-uri=http://example.com/cb",
        "--scope=Contacts",
    ]);
    let endpoint = AuthorizationEndpoint::new(line.trim_end().split('?').next().unwrap()).unwrap();
    assert_eq!(endpoint.uri().path(), "/restapi/oauth/authorize");
    // As the guide writes it, but for the path: `.` escaped, another order.
    let guide = "https://platform.ringcentral.com/authorize?response_type=token&client_id=s6BhdRkqt3&state=xyz\
                 &redirect_uri=http%3A%2F%2Fexample%2Ecom%2Fcb&scope=Contacts";
    let (mut own, mut theirs) = (parameters(&line), parameters(guide));
    own.sort();
    theirs.sort();
    assert_eq!(own, theirs);
}

#[test]
fn an_apps_own_scheme_and_odd_text_come_through() {
    let line = answer(&[
        "url",
        "--profile=procore",
        "--client-id=a b+c&d",
        "--redirect-uri=com.example.app:/cb?x=1",
        "--state={\"é\": \"+ &#\"}",
    ]);
    assert_eq!(parameter(&line, "client_id"), "a b+c&d");
    assert_eq!(parameter(&line, "redirect_uri"), "com.example.app:/cb?x=1");
    assert_eq!(parameter(&line, "state"), "{\"é\": \"+ &#\"}");
    assert!(HttpUri::parse(line.trim_end()).is_ok(), "{line}");
    assert!(line.is_ascii(), "{line}");
}

#[test]
fn a_custom_parameter_overrides_no_reserved_one() {
    for name in [
        "response_type",
        "client_id",
        "redirect_uri",
        "scope",
        "state",
        "response_mode",
        "nonce",
        "prompt",
        "display",
    ] {
        refused(&["--param", &format!("{name}={PLANTED}")], &["--param", name, "reserved"]);
        refused(&["--param", &format!("{name}=")], &["--param", "NAME=VALUE"]);
    }
    refused(&["--param", &format!("a={PLANTED}"), "--param", "a=2"], &["--param: a: ", "twice"]);
    refused(&["--brand-id", "1210", "--param", "brand_id=1"], &["--param: brand_id: ", "twice"]);
    refused(&["--param", &format!("={PLANTED}")], &["--param", "name"]);
    refused(&["--param", PLANTED], &["--param", "expected NAME=VALUE"]);
    refused(&["--param", ""], &["--param", "expected NAME=VALUE"]);
    // A name is taken as it stands: this one is not `state`, and a server does not read it as that.
    let line = url(&["--profile=procore", "--param", "st%61te=x"]);
    assert!(line.ends_with("&state=xyz&st%2561te=x\n"), "{line}");
}

#[test]
fn each_argument_that_does_not_fit_is_named() {
    for (arguments, parts) in [
        (&["--profile", "RingCentral"][..], &["--profile", "rfc6749", "procore", "ringcentral"][..]),
        (&["--environment", "staging"], &["--environment", "production", "sandbox"]),
        (&["--scope", "a  b"], &["--scope", "single spaces"]),
        (&["--scope", ""], &["--scope", "single spaces"]),
        (&["--scope", "a\"b"], &["--scope", "printable ASCII"]),
        (&["--state", ""], &["--state", "not empty"]),
        (&["--state", "a\nb"], &["--state", "control"]),
        (&["--prompt", "none login"], &["--prompt", "none"]),
        (&["--prompt", "none", "--prompt", "login"], &["--prompt", "none"]),
        (&["--prompt", ""], &["--prompt", "names"]),
        (&["--display", "two words"], &["--display", "one name"]),
        (&["--display", ""], &["--display", "one name"]),
        (&["--brand-id", "RC"], &["--brand-id", "digits", "1210"]),
        (&["--brand-id", ""], &["--brand-id", "digits"]),
        (&["--response-type", "code"], &["--response-type", "token"]),
        (&["--response-type", "TOKEN"], &["--response-type", "token"]),
        (&["--response-type", ""], &["--response-type", "letters"]),
        (&["--endpoint", "as.example"], &["--endpoint", "https://"]),
        (&["--endpoint", "http://as.example/authorize"], &["--endpoint", "expected https"]),
        (&["--endpoint", "https://as.example/authorize#x"], &["--endpoint", "fragment"]),
        (&["--endpoint", "https://as.example/authorize?st%61te=x"], &["--endpoint", "`state`"]),
        (
            &["--endpoint", "https://as.example/a", "--environment", "sandbox"],
            &["--environment", "--endpoint"],
        ),
    ] {
        // Without the profile of `refused` where the profile is what does not fit.
        if arguments[0] == "--profile" {
            refusal(&[&["url"], &CLIENT[..], arguments].concat(), parts);
        } else {
            refused(arguments, parts);
        }
    }
    for (client_id, redirect_uri, parts) in [
        ("", "https://app.example/cb", &["--client-id", "printable ASCII"][..]),
        ("café", "https://app.example/cb", &["--client-id", "printable ASCII", "byte 3"]),
        ("a\u{1b}[2J", "https://app.example/cb", &["--client-id", "printable ASCII"]),
        ("a", "", &["--redirect-uri", "absolute"]),
        ("a", "/cb", &["--redirect-uri", "absolute"]),
        ("a", "app.example/cb", &["--redirect-uri", "absolute"]),
        ("a", "https://app.example", &["--redirect-uri", "write `/` after the host"]),
        ("a", "https://APP.example/cb", &["--redirect-uri", "lower-case"]),
        ("a", "https://app.example/cb#x", &["--redirect-uri", "fragment"]),
        ("a", "https://app.example/cb?state=1", &["--redirect-uri", "`state`"]),
        ("a", "https://user@app.example/cb", &["--redirect-uri", "user information"]),
        ("a", "https://app.example:443/cb", &["--redirect-uri", "default port"]),
        ("a", "https://app.example/a/../cb", &["--redirect-uri", "segments"]),
        ("a", "javascript:alert(1)", &["--redirect-uri", "scheme"]),
        ("a", "https://app.example/c b", &["--redirect-uri", "%XX"]),
    ] {
        let arguments =
            ["url", "--profile=procore", "--client-id", client_id, "--redirect-uri", redirect_uri];
        refusal(&arguments, parts);
    }
}

#[test]
fn what_a_profile_does_not_have() {
    let arguments = |profile| [&["url", "--profile", profile], &CLIENT[..]].concat();
    refusal(&arguments("rfc6749"), &["--endpoint", "no servers of its own"]);
    refusal(&[&["url"], &CLIENT[..]].concat(), &["--endpoint URL"]);
    refusal(&[arguments("procore"), vec!["--brand-id", "1210"]].concat(), &["--brand-id", "procore"]);
    refusal(&[arguments("rfc6749"), vec!["--environment", "sandbox"]].concat(), &["--endpoint"]);
}

#[test]
fn the_examples_of_its_help_work() {
    let help = answer(&["url", "--help"]);
    let examples: Vec<&str> = help.lines().filter_map(|line| line.strip_prefix("  fragrant ")).collect();
    assert_eq!(examples.len(), 3, "{help}");
    for example in examples {
        let ran = fragrant(&example.split(' ').collect::<Vec<_>>());
        assert_eq!(ran.code, Some(0), "{example}: {ran:?}");
    }
}
