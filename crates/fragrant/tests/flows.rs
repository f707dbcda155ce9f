//! The oracles of whole exchanges under arbitrary input.

use std::collections::BTreeSet;

use fragrant::testing::{config, flow, grant, strategy};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

/// A good query of one of the clients, with up to two parts more that may spoil it.
fn request() -> impl Strategy<Value = String> {
    let client = select(vec![
        "client_id=s6BhdRkqt3",
        "client_id=s6BhdRkqt3&scope=read",
        "client_id=s6BhdRkqt3&scope=write+read",
        "client_id=two&redirect_uri=https%3A%2F%2Ftwo.example%2Fa%3Fkeep%3D1&scope=write",
        "client_id=two&redirect_uri=https%3A%2F%2Ftwo.example%2Fb&scope=read%20write",
        "client_id=native&redirect_uri=http%3A%2F%2F127.0.0.1%3A49152%2Fcb",
        "client_id=native&redirect_uri=com.example.app%3A%2Fcb",
        "client_id=code",
    ]);
    let state = select(vec!["", "&state=", "&state=xyz", "&state=a+b%2B%C3%A9", "&state=%00", "&state=%zz"]);
    let prompts =
        ["none", "login", "consent", "select_account", "login+sso+consent", "none+login", "sso", ""];
    let prompt = option::of(select(prompts.to_vec()).prop_map(|prompt| format!("&prompt={prompt}")));
    let spoiler = select(vec![
        "&client_id=other",
        "&redirect_uri=https%3A%2F%2Fapp.example%2Fcb",
        "&redirect_uri=https://evil.example/",
        "&redirect_uri=%",
        "&scope=read++write",
        "&scope=admin",
        "&state=xyz",
        "&prompt=none",
        "&response_type=code",
        "&response_mode=query",
        "&pr%6Fmpt=sso",
        "&x=1",
        "&%",
    ]);
    let spoilers = prop_oneof![3 => Just(Vec::new()), 2 => vec(spoiler, 1..3)];
    (client, state, prompt, spoilers).prop_map(|(client, state, prompt, spoilers)| {
        format!("response_type=token&{client}{state}{}{}", prompt.unwrap_or_default(), spoilers.concat())
    })
}

proptest! {
    #![proptest_config(config())]

    #[test]
    // req(test): RFC6749-10.12-1, RFC6749-3.1.2.4-1
    fn a_client_holds_only_what_its_server_gave_it(events in vec(any::<u8>(), 0..40)) {
        flow::client_flow(&events);
    }

    #[test]
    fn a_server_redirects_to_what_is_registered(query in any::<String>(), request in strategy::authorization_request()) {
        flow::authorization_request(&query);
        flow::authorization_request(&request.to_query());
    }

    #[test]
    fn a_server_before_queries_of_interesting_parts(
        parts in vec(
            prop_oneof![
                Just("response_type=token"), Just("client_id=s6BhdRkqt3"), Just("client_id=other"),
                Just("redirect_uri=https%3A%2F%2Fapp.example%2Fcb"), Just("redirect_uri=https://evil.example/"),
                Just("state=xyz"), Just("state=%00"), Just("prompt=none"), Just("prompt=none+login"), Just("scope=a"),
                Just("response_mode=query"), Just("%"), Just("x=1"), Just("response_type=code"),
            ],
            0..8,
        )
    ) {
        flow::authorization_request(&parts.join("&"));
    }

    #[test]
    // req(test): RFC9700-2.1-3, RFC6749-4.2.2-8, RFC6749-4.2.2.1-6, RFC6749-10.2-3, OIDC-3.1.2.1-7
    fn a_request_before_everybody(query in request(), other in any::<String>()) {
        grant::authorize(&query);
        grant::authorize(&other);
    }

    #[test]
    // req(test): RFC6749-3.3-3, RFC6749-4.2.1-9, OIDC-3.1.2.4-1
    fn a_decision_about_a_request(
        decision in prop_oneof![
            Just("all"), Just("deny"), Just("read"), Just("write read"), Just("read read"), Just("admin"), Just("read admin"),
        ],
        query in request(),
    ) {
        grant::consent(&format!("{decision}\n{query}"));
    }

    #[test]
    fn headers_of_any_kind(header in any::<String>()) {
        flow::bearer_challenge(&header);
    }

    #[test]
    fn headers_of_interesting_parts(
        parts in vec(
            prop_oneof![
                Just("Bearer"), Just("bearer "), Just("Basic "), Just("realm="), Just("\"a\\\"b\""), Just("error=\"invalid_token\""),
                Just(", "), Just("scope=\"a b\""), Just("="), Just("\""), Just(" "), Just("x=y"), Just("abc=="), Just("é"),
            ],
            0..12,
        )
    ) {
        flow::bearer_challenge(&parts.concat());
    }

    #[test]
    fn the_reference_agrees(input in strategy::redirect_text()) {
        // The reference knows no profile's parameters and no limits but the strict ones.
        flow::differential(&input);
    }
}

/// The oracle would hold just as well if nothing ever happened.
#[test]
fn the_events_do_what_they_say() {
    for (events, token) in [
        (&[0][..], None),
        (&[0, 1], Some("issued0")),
        (&[0, 3], None),
        (&[0, 5, 6, 7, 4, 1], Some("issued1")),
        (&[0, 2], Some("issued0")),
        // A second answer to the request that waits still, and none to the one that has ended.
        (&[0, 0, 2, 2], Some("issued1")),
        (&[0, 251, 251, 251, 2], None),
        (&[0, 1, 0, 1], Some("issued1")),
        (&[0, 1, 8, 9], Some("issued1")),
        (&[0, 1, 8, 5, 6, 7, 9], Some("issued1")),
        (&[0, 1, 10], Some("issued0")),
        // The token has ended by then.
        (&[0, 1, 71, 10], None),
        // So has the request.
        (&[0, 251, 251, 251, 1], None),
    ] {
        assert_eq!(flow::client_flow(events).as_deref(), token, "{events:?}");
    }
}

#[test]
fn what_comes_of_a_request() {
    let start = "response_type=token&client_id=s6BhdRkqt3&scope=read+write";
    let unproven = "response_type=token&client_id=native&redirect_uri=com.example.app%3A%2Fcb";
    let before = |query: &str| grant::authorize(query).into_iter().collect::<BTreeSet<_>>();
    for (query, expected) in [
        (start.to_owned(), &["consent", "login", "token"][..]),
        (format!("{start}&prompt=none"), &["error consent_required", "error login_required", "token"]),
        (
            format!("{unproven}&prompt=none"),
            &["error interaction_required", "error login_required", "error consent_required", "token"],
        ),
        (format!("{start}&prompt=login"), &["login"]),
        (format!("{start}&prompt=consent"), &["consent", "login"]),
        (format!("{start}&scope=read"), &["error invalid_request"]),
        ("response_type=token&client_id=two".to_owned(), &["page"]),
    ] {
        assert_eq!(before(&query), expected.iter().map(|word| (*word).to_owned()).collect(), "{query}");
    }
}

#[test]
fn what_comes_of_a_decision() {
    let query = "response_type=token&client_id=s6BhdRkqt3&scope=read+write&state=xyz";
    let token =
        "https://app.example/cb#access_token=2YotnFZFEjr1zCsicMWpAA&token_type=bearer&expires_in=3600";
    for (decision, expected) in [
        ("all", Some(format!("{token}&state=xyz"))),
        ("write", Some(format!("{token}&scope=write&state=xyz"))),
        ("deny", Some("https://app.example/cb#error=access_denied&state=xyz".to_owned())),
        ("admin", None),
    ] {
        assert_eq!(grant::consent(&format!("{decision}\n{query}")), expected, "{decision}");
    }
}
