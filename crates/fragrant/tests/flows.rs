//! The oracles of whole exchanges under arbitrary input.

use fragrant::testing::{config, flow, strategy};
use proptest::prelude::*;

proptest! {
    #![proptest_config(config())]

    #[test]
    // req(test): RFC6749-10.12-1, RFC6749-3.1.2.4-1
    fn a_client_holds_only_what_its_server_gave_it(events in proptest::collection::vec(any::<u8>(), 0..40)) {
        flow::client_flow(&events);
    }

    #[test]
    fn a_server_redirects_to_what_is_registered(query in any::<String>(), request in strategy::authorization_request()) {
        flow::authorization_request(&query);
        flow::authorization_request(&request.to_query());
    }

    #[test]
    fn a_server_before_queries_of_interesting_parts(
        parts in proptest::collection::vec(
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
    fn headers_of_any_kind(header in any::<String>()) {
        flow::bearer_challenge(&header);
    }

    #[test]
    fn headers_of_interesting_parts(
        parts in proptest::collection::vec(
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
