//! Every case in which real authorization servers differ, and what the RFCs say: one row each, over real HTTP, by GET and by
//! POST (RFC 6749 section 3.1).

use fragrant::wire::form;
use fragrant_server::Server;

use crate::browser::{Answer, Browser};
use crate::scenario::{PASSWORD_HASH, Scenario};

/// Who is registered. The server names its issuer, in every answer (RFC 9207).
const REGISTERED: &str = r#"
    clients = [
        { client_id = "web", name = "Web", redirect_uris = ["https://app.example/cb"], scope = "read write" },
        { client_id = "kit", name = "Kit", redirect_uris = ["https://app.example/kit"], scope = "read write", default_scope = "read" },
        { client_id = "keep", name = "Keep", redirect_uris = ["https://app.example/cb?keep=1"] },
        { client_id = "two", name = "Two", redirect_uris = ["https://app.example/1", "https://app.example/2"] },
        { client_id = "native", name = "Native", redirect_uris = ["http://127.0.0.1/cb", "http://localhost/cb", "com.example.app:/cb"] },
        { client_id = "code", name = "Code", redirect_uris = ["https://app.example/code"], response_types = ["code"] },
    ]
"#;

/// What `…` stands for in a row's request.
const USUAL: &str = "response_type=token&client_id=web&scope=read+write";
/// What `GRANTED` stands for in a row's answer, where `TOKEN` is the token.
const GRANTED: &str = "access_token=TOKEN&token_type=bearer&expires_in=3600";

/// What has happened in the browser before the request comes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    /// Nothing.
    Nobody,
    /// Jane has logged in.
    Session,
    /// She has allowed the same request, asked without its `prompt`.
    Consent,
}

use Before::{Consent, Nobody, Session};

/// The case; what was before; the request; what Jane does with the pages that come, if she does anything (nobody is sent off
/// with an error who has not logged in); and the answer: a page, or the whole `Location` but for the issuer, the description of an error behind a bar.
type Row = (&'static str, Before, &'static str, &'static str, &'static str);

#[rustfmt::skip]
const ROWS: &[Row] = &[
    // A success is in the fragment, and what is not known is ignored.
    ("allowed", Nobody, "…&state=xyz", "allow", "https://app.example/cb#GRANTED&state=xyz"),
    ("allowed in part", Nobody, "…&state=xyz", "allow read", "https://app.example/cb#GRANTED&scope=read&state=xyz"),
    ("unknown parameters", Nobody, "…&foo=bar&brand_id=1210", "allow", "https://app.example/cb#GRANTED"),
    ("an address with a query", Nobody, "response_type=token&client_id=keep&redirect_uri=https%3A%2F%2Fapp.example%2Fcb%3Fkeep%3D1", "allow", "https://app.example/cb?keep=1#GRANTED"),
    ("the same, unnamed", Nobody, "response_type=token&client_id=keep", "allow", "https://app.example/cb?keep=1#GRANTED"),
    ("allowed before", Consent, "…&state=xyz", "", "https://app.example/cb#GRANTED&state=xyz"),
    // The scope.
    ("another order", Nobody, "response_type=token&client_id=web&scope=write%20read", "allow", "https://app.example/cb#GRANTED"),
    ("no scope, with a default", Nobody, "response_type=token&client_id=kit", "allow", "https://app.example/kit#GRANTED&scope=read"),
    ("no scope, without a default", Nobody, "response_type=token&client_id=web&state=xyz", "log in", "https://app.example/cb#error=invalid_scope&state=xyz | scope: the parameter is missing, and there is no default"),
    ("an unknown scope", Nobody, "response_type=token&client_id=web&scope=admin&state=xyz", "log in", "https://app.example/cb#error=invalid_scope&state=xyz | scope: the client may not ask for all of it"),
    ("a scope that is known in part", Nobody, "response_type=token&client_id=web&scope=read+admin&state=xyz", "log in", "https://app.example/cb#error=invalid_scope&state=xyz | scope: the client may not ask for all of it"),
    ("a double space in the scope", Nobody, "response_type=token&client_id=web&scope=read++write&state=xyz", "log in", "https://app.example/cb#error=invalid_scope&state=xyz | scope: the value does not fit its grammar"),
    ("a space after the scope", Nobody, "response_type=token&client_id=web&scope=read+&state=xyz", "log in", "https://app.example/cb#error=invalid_scope&state=xyz | scope: the value does not fit its grammar"),
    // The state comes back as it was sent, or not at all.
    ("a state of everything", Nobody, "…&state=a+b%2Bc%26d%3D%C3%A9%2520", "allow", "https://app.example/cb#GRANTED&state=a%20b%2Bc%26d%3D%C3%A9%2520"),
    ("the same with an error", Nobody, "…&state=a+b%2Bc%26d%3D%C3%A9%2520", "deny", "https://app.example/cb#error=access_denied&state=a%20b%2Bc%26d%3D%C3%A9%2520"),
    ("a state of markup", Nobody, "…&state=%3Cscript%3Ealert(1)%3C/script%3E%27%22*~!", "allow", "https://app.example/cb#GRANTED&state=%3Cscript%3Ealert%281%29%3C%2Fscript%3E%27%22%2A~%21"),
    ("the same with an error", Nobody, "…&state=%3Cscript%3Ealert(1)%3C/script%3E%27%22*~!", "deny", "https://app.example/cb#error=access_denied&state=%3Cscript%3Ealert%281%29%3C%2Fscript%3E%27%22%2A~%21"),
    ("2,048 characters of state", Nobody, "…&state=2048", "allow", "https://app.example/cb#GRANTED&state=2048"),
    ("the same with an error", Nobody, "…&state=2048", "deny", "https://app.example/cb#error=access_denied&state=2048"),
    ("no state", Nobody, "…", "allow", "https://app.example/cb#GRANTED"),
    ("no state, and an error", Nobody, "…", "deny", "https://app.example/cb#error=access_denied"),
    ("an empty state", Nobody, "…&state=", "allow", "https://app.example/cb#GRANTED"),
    ("an empty state, and an error", Nobody, "…&state=", "deny", "https://app.example/cb#error=access_denied"),
    ("a state with a control character", Nobody, "…&state=a%0Db", "log in", "https://app.example/cb#error=invalid_request | state: the value does not fit its grammar"),
    ("a state that is no text", Nobody, "…&state=%E9", "log in", "https://app.example/cb#error=invalid_request | state: escapes that do not decode to UTF-8"),
    // Jane says no.
    ("denied", Nobody, "…&state=xyz", "deny", "https://app.example/cb#error=access_denied&state=xyz"),
    ("denied, allowed before", Consent, "…&state=xyz&prompt=consent", "deny", "https://app.example/cb#error=access_denied&state=xyz"),
    // Without a sure client and address nothing is redirected.
    ("a wrong address", Nobody, "…&redirect_uri=https%3A%2F%2Fevil.example%2Fcb&state=xyz", "", "400 | redirect_uri: the client has not registered this address"),
    ("an address with more to its path", Nobody, "…&redirect_uri=https%3A%2F%2Fapp.example%2Fcb%2Fmore&state=xyz", "", "400 | redirect_uri: the client has not registered this address"),
    ("an address with more to its query", Nobody, "response_type=token&client_id=keep&redirect_uri=https%3A%2F%2Fapp.example%2Fcb%3Fkeep%3D1%26x%3D2", "", "400 | redirect_uri: the client has not registered this address"),
    ("an address that a browser reads the same", Nobody, "…&redirect_uri=https%3A%2F%2FAPP.example%2Fcb&state=xyz", "", "400 | redirect_uri: the client has not registered this address"),
    ("another client's address", Nobody, "…&redirect_uri=https%3A%2F%2Fapp.example%2Fkit", "", "400 | redirect_uri: the client has not registered this address"),
    ("no address, one registered", Nobody, "…", "", "login page"),
    ("an empty address, one registered", Nobody, "…&redirect_uri=", "", "login page"),
    ("no address, two registered", Nobody, "response_type=token&client_id=two", "", "400 | redirect_uri: the parameter is missing, and the client has more than one address"),
    ("an unknown client", Nobody, "response_type=token&client_id=unknown&redirect_uri=https%3A%2F%2Fapp.example%2Fcb&state=xyz", "", "400 | client_id: no such client is registered"),
    ("no client", Nobody, "response_type=token&state=xyz", "", "400 | client_id: the parameter is missing"),
    // The response type.
    ("a client that is not allowed the type", Nobody, "response_type=token&client_id=code&state=xyz", "log in", "https://app.example/code#error=unauthorized_client&state=xyz | response_type: the client is not registered for this one"),
    ("an unknown type", Nobody, "response_type=bogus&client_id=web&scope=read&state=xyz", "log in", "https://app.example/cb#error=unsupported_response_type&state=xyz | response_type: this server answers token and nothing else"),
    ("no type", Nobody, "client_id=web&scope=read&state=xyz", "log in", "https://app.example/cb#error=invalid_request&state=xyz | response_type: the parameter is missing"),
    ("an empty type", Nobody, "response_type=&client_id=web&scope=read&state=xyz", "log in", "https://app.example/cb#error=invalid_request&state=xyz | response_type: the parameter is missing"),
    ("the type in capitals", Nobody, "response_type=TOKEN&client_id=web&scope=read&state=xyz", "log in", "https://app.example/cb#error=unsupported_response_type&state=xyz | response_type: this server answers token and nothing else"),
    ("the code grant", Nobody, "response_type=code&client_id=web&scope=read&state=xyz", "log in", "https://app.example/cb#error=unsupported_response_type&state=xyz | response_type: this server answers token and nothing else"),
    ("an ID token", Nobody, "response_type=id_token&client_id=web&scope=read&nonce=n&state=xyz", "log in", "https://app.example/cb#error=unsupported_response_type&state=xyz | response_type: this server answers token and nothing else"),
    ("an ID token and a token", Nobody, "response_type=id_token+token&client_id=web&scope=read&nonce=n&state=xyz", "log in", "https://app.example/cb#error=unsupported_response_type&state=xyz | response_type: this server answers token and nothing else"),
    ("the same the other way round", Nobody, "response_type=token+id_token&client_id=web&scope=read&nonce=n&state=xyz", "log in", "https://app.example/cb#error=unsupported_response_type&state=xyz | response_type: this server answers token and nothing else"),
    ("an ID token without a nonce", Nobody, "response_type=id_token&client_id=web&scope=read&state=xyz", "log in", "https://app.example/cb#error=unsupported_response_type&state=xyz | response_type: this server answers token and nothing else"),
    // Where the answer is to stand.
    ("the fragment is asked for", Nobody, "…&response_mode=fragment&state=xyz", "allow", "https://app.example/cb#GRANTED&state=xyz"),
    ("a token in the query", Nobody, "…&response_mode=query&state=xyz", "log in", "https://app.example/cb#error=invalid_request&state=xyz | response_mode: tokens are answered in the fragment only"),
    ("a token in a form", Nobody, "…&response_mode=form_post&state=xyz", "log in", "https://app.example/cb#error=invalid_request&state=xyz | response_mode: tokens are answered in the fragment only"),
    // What is there twice.
    ("the type twice", Nobody, "…&response_type=token&state=xyz", "log in", "https://app.example/cb#error=invalid_request&state=xyz | response_type: the parameter occurs twice"),
    ("the client twice", Nobody, "…&client_id=web&state=xyz", "", "400 | client_id: the parameter occurs twice"),
    ("the address twice", Nobody, "…&redirect_uri=https%3A%2F%2Fapp.example%2Fcb&redirect_uri=https%3A%2F%2Fapp.example%2Fcb&state=xyz", "", "400 | redirect_uri: the parameter occurs twice"),
    ("the scope twice", Nobody, "…&scope=read&state=xyz", "log in", "https://app.example/cb#error=invalid_request&state=xyz | scope: the parameter occurs twice"),
    ("the state twice", Nobody, "…&state=xyz&state=second", "log in", "https://app.example/cb#error=invalid_request | state: the parameter occurs twice"),
    ("the same state twice", Nobody, "…&state=xyz&state=xyz", "log in", "https://app.example/cb#error=invalid_request | state: the parameter occurs twice"),
    ("the nonce twice", Nobody, "…&nonce=n&nonce=n&state=xyz", "log in", "https://app.example/cb#error=invalid_request&state=xyz | nonce: the parameter occurs twice"),
    ("the prompt twice", Session, "…&prompt=login&prompt=none&state=xyz", "", "https://app.example/cb#error=invalid_request&state=xyz | prompt: the parameter occurs twice"),
    ("the display twice", Nobody, "…&display=page&display=page&state=xyz", "log in", "https://app.example/cb#error=invalid_request&state=xyz | display: the parameter occurs twice"),
    ("the hint twice", Nobody, "…&login_hint=jane&login_hint=jane&state=xyz", "log in", "https://app.example/cb#error=invalid_request&state=xyz | login_hint: the parameter occurs twice"),
    ("an escaped name twice", Nobody, "…&%73cope=read&state=xyz", "log in", "https://app.example/cb#error=invalid_request&state=xyz | scope: the parameter occurs twice"),
    ("once with a value, once without", Nobody, "…&scope=&state=&state=xyz", "allow", "https://app.example/cb#GRANTED&state=xyz"),
    // Who is asked, and who is not.
    ("a login session", Session, "…&state=xyz", "", "consent page"),
    ("prompt=none, no session", Nobody, "…&state=xyz&prompt=none", "", "https://app.example/cb#error=login_required&state=xyz"),
    ("prompt=none, no consent", Session, "…&state=xyz&prompt=none", "", "https://app.example/cb#error=consent_required&state=xyz"),
    ("prompt=none, session and consent", Consent, "…&state=xyz&prompt=none", "", "https://app.example/cb#GRANTED&state=xyz"),
    ("prompt=none, where nothing proves who asks", Consent, "response_type=token&client_id=native&redirect_uri=com.example.app%3A%2Fcb&prompt=none", "", "com.example.app:/cb#error=interaction_required"),
    ("prompt=none among others", Consent, "…&state=xyz&prompt=none+login", "", "https://app.example/cb#error=invalid_request&state=xyz | prompt: the value does not fit its grammar"),
    ("prompt=login", Consent, "…&state=xyz&prompt=login", "", "login page"),
    ("prompt=login, and she logs in", Consent, "…&state=xyz&prompt=login", "log in", "https://app.example/cb#GRANTED&state=xyz"),
    ("prompt=select_account", Consent, "…&state=xyz&prompt=select_account", "", "login page"),
    ("prompt=consent", Consent, "…&state=xyz&prompt=consent", "", "consent page"),
    ("a vendor's prompts", Consent, "…&state=xyz&prompt=login+sso+consent", "log in", "consent page"),
    ("a vendor's prompt alone", Consent, "…&state=xyz&prompt=sso", "", "https://app.example/cb#GRANTED&state=xyz"),
    ("a vendor's prompt, nobody there", Nobody, "…&state=xyz&login_hint=jane&prompt=login+sso", "allow", "https://app.example/cb#GRANTED&state=xyz"),
    ("a hint of somebody else", Session, "…&state=xyz&login_hint=joe", "allow", "https://app.example/cb#GRANTED&state=xyz"),
    // As RingCentral's kit asks.
    ("empty parameters and no scope", Nobody, "response_type=token&redirect_uri=https%3A%2F%2Fapp.example%2Fkit&client_id=kit&state=xyz&brand_id=&display=&prompt=&ui_options=&ui_locales=&localeId=", "allow", "https://app.example/kit#GRANTED&scope=read&state=xyz"),
    ("the same, allowed before", Consent, "response_type=token&redirect_uri=https%3A%2F%2Fapp.example%2Fkit&client_id=kit&state=xyz&brand_id=&display=&ui_options=&ui_locales=&localeId=&prompt=", "", "https://app.example/kit#GRANTED&scope=read&state=xyz"),
    // Applications on her own machine.
    ("the registered port of this machine", Nobody, "response_type=token&client_id=native&redirect_uri=http%3A%2F%2F127.0.0.1%2Fcb", "allow", "http://127.0.0.1/cb#GRANTED"),
    ("another port of this machine", Nobody, "response_type=token&client_id=native&redirect_uri=http%3A%2F%2F127.0.0.1%3A49152%2Fcb", "allow", "http://127.0.0.1:49152/cb#GRANTED"),
    ("another path of this machine", Nobody, "response_type=token&client_id=native&redirect_uri=http%3A%2F%2F127.0.0.1%3A49152%2Fother", "", "400 | redirect_uri: the client has not registered this address"),
    ("another port of a name", Nobody, "response_type=token&client_id=native&redirect_uri=http%3A%2F%2Flocalhost%3A49152%2Fcb", "", "400 | redirect_uri: the client has not registered this address"),
    ("another port of another machine", Nobody, "…&redirect_uri=https%3A%2F%2Fapp.example%3A8443%2Fcb", "", "400 | redirect_uri: the client has not registered this address"),
    ("a scheme of the application's own", Nobody, "response_type=token&client_id=native&redirect_uri=com.example.app%3A%2Fcb&state=xyz", "allow", "com.example.app:/cb#GRANTED&state=xyz"),
    ("no consent is remembered for it", Consent, "response_type=token&client_id=native&redirect_uri=com.example.app%3A%2Fcb&state=xyz", "", "consent page"),
];

#[test]
// req(test): RFC6749-3.1-6, RFC6749-3.1-7, RFC6749-3.1-9, RFC6749-3.1-10, RFC6749-3.1.1-2, RFC6749-3.1.2-2
// req(test): RFC6749-3.1.2.3-2, RFC6749-3.1.2.3-3, RFC6749-3.1.2.4-1, RFC6749-3.3-4, RFC6749-3.3-5, RFC6749-4.2.2-1
// req(test): RFC6749-4.2.2-8, RFC6749-4.2.2.1-1, RFC6749-4.2.2.1-2, RFC6749-4.2.2.1-3, RFC6749-4.2.2.1-6, RFC8252-7.3-1
// req(test): RFC9207-2-1, OAUTHRESP-2.1-2, OIDC-3.1.2.1-7, OIDC-3.1.2.1-9, OIDC-3.1.2.1-10, OIDC-3.1.2.1-12
fn every_row_over_http() {
    for (case, before, request, does, answer) in ROWS {
        let filled = |text: &str| text.replace('…', USUAL).replace("2048", &"x".repeat(2048));
        let (request, expected) = (filled(request), filled(answer).replace("GRANTED", GRANTED));
        for method in ["GET", "POST"] {
            let mut row = Scenario::start(server());
            arrange(&mut row, *before, &request);
            let first = ask(&mut row, method, &request);
            let last = act(&mut row, first, does);
            assert_eq!(outcome(&row, &last), expected, "{case}, by {method}");
        }
    }
}

#[test]
// req(test): RFC9700-2.6-2, RFC8252-8.4-3, RFC6749-3.1.2.2-2
fn what_may_not_be_registered() {
    for (address, words) in [
        ("javascript:alert(1)", "expected https, http, or an app's own scheme"),
        ("data:text/html,x", "expected https, http, or an app's own scheme"),
        ("https://app.example/cb#x", "a fragment is not allowed"),
        ("https://jane@app.example/cb", "user"),
        ("https://jane:secret@app.example/cb", "user"),
        ("http://127.0.0.1:80@evil.example/cb", "user"),
        ("myapp:/cb", "expected a scheme made from a domain name"),
        ("http://app.example/cb", "expected https"),
        ("//app.example/cb", "redirect_uri"),
        ("/cb", "redirect_uri"),
        ("https://*.example/cb", "redirect_uri"),
        ("https://app.example/cb?state=1", "its query must not hold `state`"),
    ] {
        let config =
            format!("clients = [{{ client_id = \"c\", name = \"C\", redirect_uris = [\"{address}\"] }}]");
        let refused = Server::from_toml(&config).unwrap_err().to_string();
        assert!(refused.contains(words) && !refused.contains("secret"), "{address}: {refused}");
    }
}

fn server() -> Server {
    let jane = format!("users = [{{ name = \"jane\", password_hash = \"{PASSWORD_HASH}\" }}]");
    Server::from_toml(&format!("{REGISTERED}\n{jane}")).unwrap()
}

/// Brings the browser to where the row begins.
fn arrange(row: &mut Scenario, before: Before, request: &str) {
    let (unprompted, _) = request.split_once("&prompt=").unwrap_or((request, ""));
    match before {
        Nobody => {}
        Session => {
            let login_page = row.authorize(USUAL);
            row.log_in(&login_page);
        }
        Consent => {
            let login_page = row.authorize(unprompted);
            let consent_page = row.log_in(&login_page);
            assert!(row.allow(&consent_page).location().contains("#access_token="), "{request}");
        }
    }
}

fn ask(row: &mut Scenario, method: &str, request: &str) -> Answer {
    let endpoint = row.server.authorization_endpoint().to_string();
    let content_type = [("content-type", "application/x-www-form-urlencoded")];
    match method {
        "GET" => row.authorize(request),
        _ => row.browser.send(method, &endpoint, &content_type, request),
    }
}

/// Jane sends the pages in.
fn act(row: &mut Scenario, page: Answer, does: &str) -> Answer {
    if does.is_empty() {
        return page;
    }
    let page = if is_login_page(&page) { row.log_in(&page) } else { page };
    let form = match does.split_once(' ') {
        _ if does == "log in" => return page,
        Some((decision, scope)) => page.form().with(&[("decision", decision), ("scope", scope)]),
        None => page.form().with(&[("decision", does)]),
    };
    row.browser.submit(&form)
}

fn is_login_page(page: &Answer) -> bool {
    page.body.contains("name=\"password\"")
}

/// An answer as the rows say it.
fn outcome(row: &Scenario, answer: &Answer) -> String {
    match answer.status {
        200 if is_login_page(answer) => "login page".into(),
        200 if answer.body.contains("Allow access?") => "consent page".into(),
        303 => redirect(row, answer.location()),
        status => {
            assert_eq!(answer.header("location"), None);
            let words = answer.body.split("<p class=\"problem\">").nth(1).unwrap_or_default();
            format!("{status} | {}", words.split("</p>").next().unwrap())
        }
    }
}

/// The address with `TOKEN` for the token, the issuer taken off and the description put behind.
fn redirect(row: &Scenario, location: &str) -> String {
    let issuer = form::to_text([("iss", row.server.authorization_origin().as_str())].into_iter());
    let (address, fragment) =
        location.strip_suffix(&issuer).unwrap().trim_end_matches('&').split_once('#').unwrap();
    let (mut kept, mut description) = (Vec::new(), String::new());
    for pair in fragment.split('&') {
        match pair.split_once('=').unwrap() {
            ("error_description", words) => {
                let read = form::pairs(words, 0).next().unwrap().unwrap();
                description = format!(" | {}", read.name.decode());
            }
            ("access_token", token) => {
                assert!(token.len() == 40 && is_good(row, token), "{token}");
                kept.push("access_token=TOKEN".to_owned());
            }
            _ => kept.push(pair.to_owned()),
        }
    }
    format!("{address}#{}{description}", kept.join("&"))
}

/// Whether the API takes the token.
fn is_good(row: &Scenario, token: &str) -> bool {
    let address = format!("{}/resource/1", row.server.api_origin());
    let authorization = format!("Bearer {token}");
    Browser::new().send("GET", &address, &[("authorization", &authorization)], "").status == 200
}
