//! The example is true, and slips are told by line and key.

use std::num::NonZeroU32;
use std::time::Duration;

use fragrant_profiles::{ALL, rfc6749};

use super::*;
use crate::listen::{Family, Host, Listen};
use crate::quirks::{EchoedState, ErrorStatus, Spaces, Written};

/// What stands above a setting that has an example behind its #, and no default.
const FOR_EXAMPLE: &str = "For example:";

/// A line of the example is a setting, or a setting behind a #, or prose behind a # and a space, or empty.
#[derive(Clone, Copy, PartialEq)]
enum Line {
    Default,
    Example,
    Prose,
    Set,
}

fn lines() -> Vec<(Line, &'static str)> {
    let mut is_example = false;
    let read = |line: &'static str| match line.strip_prefix('#') {
        None => {
            is_example &= !line.is_empty();
            (if line.is_empty() { Line::Prose } else { Line::Set }, line)
        }
        Some(prose) if prose.is_empty() || prose.starts_with(' ') => {
            is_example |= prose.ends_with(FOR_EXAMPLE);
            (Line::Prose, line)
        }
        Some(setting) => (if is_example { Line::Example } else { Line::Default }, setting),
    };
    EXAMPLE.lines().map(read).collect()
}

/// The lines of these kinds, whether they stand behind a # or not.
fn only(kinds: &[Line]) -> String {
    let chosen = lines().into_iter().filter(|(kind, _)| kinds.contains(kind));
    chosen.map(|(_, setting)| format!("{setting}\n")).collect()
}

/// Everything that can be set, but for the clock and the seed.
fn settings(server: &Server) -> String {
    let own = (
        (server.provider.id, server.token_lifetime(), server.session_lifetime, server.says_issuer()),
        (server.ports, server.hosts, server.listen, &server.tls, server.limits, &server.quirks),
        (&server.app, &server.app_folder, &server.store, &server.cors_origins, server.refuses_frames),
        (server.authorization_opener_policy, server.app_opener_policy),
        (server.grants_silently_to_unproven_clients, server.sends_session_across_sites),
        (&server.clients, &server.users),
    );
    format!("{own:#?}")
}

fn read(text: &str) -> Server {
    from_toml(text).unwrap_or_else(|error| panic!("{error} in\n{text}"))
}

#[test]
fn an_empty_file_is_a_server_of_which_nothing_was_asked() {
    for text in ["", "\n# words\n", "quirks = {}\nports = {}\nusers = []"] {
        assert_eq!(settings(&read(text)), settings(&Server::new(&rfc6749::PROVIDER)), "{text}");
    }
    for provider in ALL {
        let text = format!("profile = \"{}\"", provider.id);
        assert_eq!(settings(&read(&text)), settings(&Server::new(provider)));
    }
}

#[test]
fn what_the_example_has_in_comments_is_so_already() {
    let defaults = only(&[Line::Default]).replace("id = \"1001\"\n", "");
    assert!(defaults.lines().count() > 15, "{defaults}");
    assert_eq!(settings(&read(&defaults)), settings(&Server::new(&rfc6749::PROVIDER)));
    // The one that stands at the user.
    assert_eq!(
        only(&[Line::Default, Line::Set])
            .matches("password = \"correct horse battery staple\"\nid = \"1001\"")
            .count(),
        1
    );
}

#[test]
fn every_line_of_the_example_can_be_taken_out_of_its_comment() {
    let server = read(&only(&[Line::Default, Line::Example, Line::Set]));
    assert_eq!(server.provider.id, "ringcentral");
    assert_eq!(
        server.users().iter().map(|user| (user.name().as_str(), user.id())).collect::<Vec<_>>(),
        [("jane", Some("1001")), ("joe", None)]
    );
    // The hash is of another program.
    let users = crate::user::Users::new(server.users.clone()).unwrap();
    assert!(users.log_in("joe", "correct horse battery staple").is_some());
    let [client] = &*server.clients else { panic!("{:?}", server.clients) };
    assert_eq!(client.redirect_uris().len(), 3);
    assert!(server.app.is_some() && server.app_folder.is_some());
    let quirks = Quirks {
        token_type: Written::As("mac".into()),
        expires_in: Written::As("3600.5".into()),
        iss: Written::As("https://other.example".into()),
        extra_parameters: [("session_state".into(), "a b".into())].into(),
        refusal: Some(ErrorStatus::SERVICE_UNAVAILABLE),
        ..Quirks::default()
    };
    assert_eq!(server.quirks, quirks);
    // One after the other, too: no line needs another one's.
    let is_alone = |setting: &str| !setting.starts_with("app_client.") && setting.contains(" = ");
    let first = EXAMPLE.split("#[[clients]]").next().unwrap();
    for line in first.lines().filter_map(|line| line.strip_prefix('#')).filter(|line| !line.starts_with(' '))
    {
        assert!(!is_alone(line) || from_toml(line).is_ok(), "{line}");
    }
}

#[test]
fn the_example_has_every_key() {
    let settings = only(&[Line::Default, Line::Example, Line::Set]);
    for (unknown, table) in [
        ("x = 1", ""),
        ("ports.x = 1", "ports."),
        ("hosts.x = 1", "hosts."),
        ("limits.x = 1", "limits."),
        ("app_client.x = 1", "app_client."),
        ("quirks.x = 1", "quirks."),
        ("[[clients]]\nx = 1", ""),
        ("[[users]]\nx = 1", ""),
    ] {
        let error = from_toml(unknown).err().unwrap();
        let known = error.problem().strip_prefix("no such key; expected one of ").unwrap();
        for key in known.split(", ") {
            let key = format!("{table}{key}");
            let is_there = |line: &str| {
                let line = line.trim_start_matches('[');
                line.strip_prefix(&key).is_some_and(|rest| rest.starts_with([' ', '.', ']']))
            };
            assert!(settings.lines().any(is_there), "{key}");
        }
    }
}

#[test]
fn each_key_makes_its_own_setting() {
    let quirks = |set: fn(&mut Quirks)| {
        let mut quirks = Quirks::default();
        set(&mut quirks);
        quirks
    };
    let new = || Server::new(&rfc6749::PROVIDER);
    let ports = Ports { authorization: 1, api: 2, app: 3 };
    let hosts = Hosts { api: Host::Localhost, ..Hosts::default() };
    let origin = |text| Origin::new(text).unwrap();
    for (text, expected) in [
        ("token_lifetime = 0", new().with_token_lifetime(0)),
        ("session_lifetime = 5", new().with_session_lifetime(5)),
        ("issuer = false", new().with_issuer(false)),
        ("[ports]\nauthorization = 1\napi = 2\napp = 3", new().with_ports(ports)),
        ("hosts.api = \"localhost\"", new().with_hosts(hosts)),
        ("listen = \"loopback_v6\"", new().with_listen(Listen::Loopback(Family::V6))),
        ("listen = \"dangerously_everywhere\"", new().with_listen(Listen::DangerouslyEverywhere(Family::V4))),
        (
            "listen = \"dangerously_everywhere_v6\"",
            new().with_listen(Listen::DangerouslyEverywhere(Family::V6)),
        ),
        ("app_folder = \"dist\"", new().with_app_folder("dist")),
        ("tls = { certificate = \"c.pem\", key = \"k.pem\" }", new().with_tls_files("c.pem", "k.pem")),
        (
            "limits.connections = 1",
            new().with_limits(Limits { connections: NonZeroU32::MIN, ..Limits::default() }),
        ),
        ("store = \"fragrant.sqlite\"", new().with_store("fragrant.sqlite")),
        (
            "cors_origins = [\"https://a\", \"https://b\"]",
            new().with_cors_origin(origin("https://a")).with_cors_origin(origin("https://b")),
        ),
        ("refusing_frames = true", new().refusing_frames()),
        (
            "authorization_opener_policy = \"same-origin\"",
            new().with_authorization_opener_policy(OpenerPolicy::SameOrigin),
        ),
        (
            "app_opener_policy = \"noopener-allow-popups\"",
            new().with_app_opener_policy(OpenerPolicy::NoopenerAllowPopups),
        ),
        (
            "dangerously_grant_silently_to_unproven_clients = true",
            new().dangerously_grant_silently_to_unproven_clients(),
        ),
        (
            "dangerously_send_session_cookie_across_sites = true",
            new().dangerously_send_session_cookie_across_sites(),
        ),
        ("quirks.spaces = \"+\"", new().with_quirks(quirks(|quirks| quirks.spaces = Spaces::Plus))),
        ("quirks.errors_in_query = true", new().with_quirks(quirks(|quirks| quirks.errors_in_query = true))),
        ("quirks.tokens_in_query = true", new().with_quirks(quirks(|quirks| quirks.tokens_in_query = true))),
        ("quirks.state = \"raw\"", new().with_quirks(quirks(|quirks| quirks.state = EchoedState::Raw))),
        (
            "quirks.state = \"doubled\"",
            new().with_quirks(quirks(|quirks| quirks.state = EchoedState::Doubled)),
        ),
        (
            "quirks.state = \"dropped\"",
            new().with_quirks(quirks(|quirks| quirks.state = EchoedState::Dropped)),
        ),
        (
            "quirks.token_type = false",
            new().with_quirks(quirks(|quirks| quirks.token_type = Written::LeftOut)),
        ),
        (
            "quirks.expires_in = \"\"",
            new().with_quirks(quirks(|quirks| quirks.expires_in = Written::As(String::new()))),
        ),
        ("quirks.delay = 2", new().with_quirks(quirks(|quirks| quirks.delay = Duration::from_secs(2)))),
    ] {
        assert_eq!(settings(&read(text)), settings(&expected), "{text}");
        assert_ne!(settings(&read(text)), settings(&new()), "{text}");
    }
}

#[test]
fn clients_and_users_are_those_of_code() {
    let server = read(
        r#"
        [app_client]
        client_id = "own"
        name = "Own"
        scope = "a b"

        [[clients]]
        client_id = "one"
        name = "One"
        redirect_uris = ["https://one.example/cb"]
        response_types = ["token", "id_token token"]

        [[clients]]
        client_id = "two"
        name = "Two"
        dangerous_redirect_uris_with_clear_text = ["http://two.example/cb"]
        scope = "a b"
        default_scope = "b"

        [[users]]
        name = "joe"
        password = " x "
        id = "7"
        "#,
    );
    let app = server.app.as_ref().unwrap();
    let texts = |scope: Option<&fragrant::value::Scope>| scope.map(ToString::to_string);
    assert_eq!((app.client_id.as_str(), &*app.name), ("own", "Own"));
    assert_eq!((texts(app.allowed.as_ref()), texts(app.default.as_ref())), (Some("a b".into()), None));
    let both = fragrant::value::ResponseType::new("id_token token").unwrap();
    let [one, two] = &*server.clients else { panic!("{:?}", server.clients) };
    assert_eq!((one.client_id().as_str(), one.name(), one.allowed_scope()), ("one", "One", None));
    assert!(one.may_ask_for(&both) && !two.may_ask_for(&both));
    assert_eq!(two.redirect_uris()[0].to_string(), "http://two.example/cb");
    assert_eq!(texts(two.default_scope()), Some("b".into()));
    let users = crate::user::Users::new(server.users).unwrap();
    assert!(users.log_in("joe", " x ").is_some() && users.log_in("joe", "x").is_none());
}

#[test]
fn a_slip_is_told_by_line_and_key() {
    for (text, expected) in [
        ("profile = \"github\"", "line 1: profile: expected one of rfc6749, procore, ringcentral"),
        (
            "\n\ntoken_lifetime = \"1h\"",
            "line 3: token_lifetime: expected a whole number that is not negative, found text",
        ),
        ("token_lifetime = -1", "line 1: token_lifetime: expected a whole number that is not negative"),
        (
            "session_lifetime = 1.5",
            "line 1: session_lifetime: expected a whole number that is not negative, found a number with a fraction",
        ),
        ("issuer = \"yes\"", "line 1: issuer: expected true or false, found text"),
        ("ports.app = 70000", "line 1: ports.app: expected a whole number from 0 to 65535"),
        ("ports = 8080", "line 1: ports: expected a table, found a whole number"),
        ("[ports]\nap = 1", "line 2: ports.ap: no such key; expected one of authorization, api, app"),
        ("hosts.app = \"example\"", "line 1: hosts.app: expected address or localhost"),
        ("hosts.app = 3", "line 1: hosts.app: expected text in quotation marks"),
        ("app_folder = 3", "line 1: app_folder: expected text in quotation marks, found a whole number"),
        (
            "cors_origins = [\n\"https://a\",\n\"https://a/b\"]",
            "line 3: cors_origins: expected an origin: scheme, host and port, with nothing behind them, not even a `/`",
        ),
        ("quirks.state = \"lost\"", "line 1: quirks.state: expected one of as_sent, doubled, dropped, raw"),
        (
            "quirks.expires_in = 60",
            "line 1: quirks.expires_in: expected text in quotation marks, or false to leave it out, found a whole number",
        ),
        (
            "quirks.iss = true",
            "line 1: quirks.iss: expected text in quotation marks, or false to leave it out",
        ),
        ("quirks.refusal = 303", "line 1: quirks.refusal: expected an HTTP status from 400 to 599"),
        ("[[clients]]\nclient_id = \"a\"", "line 1: clients.name: missing"),
        (
            "[[clients]]\nclient_id = \"a\"\nname = \"A\"",
            "line 1: clients: redirect_uri: expected at least one",
        ),
        (
            "[[clients]]\nclient_id = \"a\"\nname = \"A\"\nredirect_uris = [\n  \"https://a/\",\n  \"https://b/#x\"]",
            "line 6: clients.redirect_uris: a fragment is not allowed; leave out the `#` and what follows",
        ),
        (
            "[[clients]]\nclient_id = \"a\"\nname = \"A\"\nredirect_uris = [\"http://a.example/\"]",
            "line 4: clients.redirect_uris: expected https (http only for this machine)",
        ),
        (
            "[[clients]]\nclient_id = \"a\"\nname = \"A\"\nredirect_uris = [\"https://a/\"]\ndefault_scope = \"a\"",
            "line 1: clients: default_scope: expected a scope beside it",
        ),
        (
            "[[clients]]\nredirect_uri = \"https://a/\"",
            "line 2: clients.redirect_uri: no such key; expected one of client_id, \
          name, redirect_uris, dangerous_redirect_uris_with_clear_text, scope, default_scope, response_types",
        ),
        (
            "[[users]]\nname = \"j\"\npassword = \"1\"\n\n[[users]]\nname = \"j\"\npassword = \"2\"",
            "line 5: users: j has two accounts",
        ),
        (
            "clients = [\n{ client_id = \"a\", name = \"A\", redirect_uris = [\"https://a/\"] },\n\
             { client_id = \"a\", name = \"B\", redirect_uris = [\"https://b/\"] }]",
            "line 3: clients: client_id: a is registered twice",
        ),
        ("[[users]]\nname = \"j\"\npassword = \"\"", "line 1: users: password: expected 1 to 128 bytes"),
        (
            "[[users]]\nname = \"\"\npassword = \"1\"",
            "line 2: users.name: resource owner: expected text that is not empty and has no control characters",
        ),
        ("a = 1\na = 2", "line 2: duplicate key"),
        ("x = = 3", "line 1: extra `=`, expected nothing"),
    ] {
        let error = from_toml(text).err().unwrap_or_else(|| panic!("{text}"));
        assert_eq!(error.to_string(), expected, "{text}");
        assert_eq!(error.to_string().lines().count(), 1);
    }
}

#[test]
// req(test): RFC6749-10.1-1, RFC8252-8.4-1
fn no_client_has_a_secret() {
    let client =
        "[[clients]]\nclient_id = \"c\"\nname = \"C\"\nredirect_uris = [\"https://app.example/cb\"]\n";
    assert!(from_toml(client).is_ok());
    for key in ["client_secret", "password", "client_type"] {
        let error = from_toml(&format!("{client}{key} = \"planted\"\n")).err().unwrap();
        assert_eq!((error.line(), error.key()), (5, &*format!("clients.{key}")));
        assert!(!error.to_string().contains("planted"), "{error}");
    }
}

#[test]
fn an_unknown_key_is_told_with_those_that_there_are() {
    let error = from_toml("\nprofil = \"procore\"").err().unwrap();
    assert_eq!((error.line(), error.key()), (2, "profil"));
    assert!(error.problem().starts_with("no such key; expected one of profile, token_lifetime, "), "{error}");
}

#[test]
fn no_password_and_no_other_value_is_in_an_error() {
    const PLANTED: &str = "Planted0-Secret_1.Planted2~Secret3";
    let user = |rest: &str| format!("[[users]]\nname = \"jane\"\n{rest}\n");
    for text in [
        user(&format!("password = {PLANTED}")),
        user(&format!("password = \"{PLANTED}")),
        user(&format!("password = \"{PLANTED}\" x")),
        user(&format!("password = '{PLANTED}\n'")),
        user(&format!("password = [\"{PLANTED}\"]")),
        user(&format!("password = {{ is = \"{PLANTED}\" }}")),
        user(&format!("password = {{ \"{PLANTED}\" = 1 }}")),
        user(&format!("password : \"{PLANTED}\"")),
        user(&format!("passwort = \"{PLANTED}\"")),
        user(&format!("password = \"x\"\nid = [\"{PLANTED}\"]")),
        user(&format!("password = \"{}\"", PLANTED.repeat(9))),
        user(&format!("password = \"x\"\n\"{PLANTED}\" = 1")),
        user(&format!("password = \"x\"\n{PLANTED} = 1")),
        user(&format!("password = \"{PLANTED}\"\npassword = \"{PLANTED}\"")),
        user(&format!("password = \"{PLANTED}\"\nid = 7")),
        format!("users = \"jane:{PLANTED}\""),
        format!("users = [\"{PLANTED}\"]"),
        format!("users.jane = \"{PLANTED}\""),
        format!("\"{PLANTED}\" = \"{PLANTED}\""),
        format!("profile = \"{PLANTED}\""),
        format!("token_lifetime = \"{PLANTED}, expected x\""),
        format!("listen = \"{PLANTED}`, expected y\""),
        format!("hosts = \"{PLANTED}\""),
        format!("quirks.state = \"{PLANTED}\""),
        format!("quirks.spaces = {{ \"{PLANTED}\" = 1 }}"),
        format!("cors_origins = [\"{PLANTED}\"]"),
        PLANTED.into(),
    ] {
        let error = from_toml(&text).err().unwrap_or_else(|| panic!("{text}"));
        for said in [error.to_string(), format!("{error:?}"), error.key().into(), error.problem().into()] {
            assert!(!said.contains("Planted") && !said.contains("Secret"), "{text}: {said}");
        }
    }
    let numbers = from_toml(&user("password = 20260101202601012026")).err().unwrap();
    assert!(!numbers.to_string().contains("2026"), "{numbers}");
    let server = read(&user(&format!("password = \"{PLANTED}\"")));
    assert!(!format!("{server:?} {:?}", server.users()).contains("Planted"));
}
