//! What every bench takes for granted: that what is measured gives the right answer, and refuses what is to be refused. The
//! benches look for themselves before they measure; here it is looked at in every run of the tests.

use benches::build::{Oauth2, Ours};
use benches::session::{ByHand, Event};
use benches::{inputs, ours, peers, session};

/// The pairs of an address's query, in an order of their own.
fn sorted(url: &str) -> Vec<(String, String)> {
    let query = url.split_once('?').map(|(_, query)| query).unwrap_or_default();
    let mut pairs: Vec<_> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    pairs.sort();
    pairs
}

#[test]
fn what_is_bad_is_refused_in_every_way() {
    let profile = ours::without_limits();
    let judged = |fragment: &str| {
        // The judgement asks for a state besides; with one, each breaks its one rule still.
        let joint = if fragment.is_empty() { "" } else { "&" };
        let state = if fragment.contains("state=x") { String::new() } else { format!("{joint}state=x") };
        ours::judged(&format!("#{fragment}{state}"), "x", &profile)
    };
    let good = "access_token=t&token_type=bearer";
    assert_eq!(ours::borrowed(&format!("#{good}"), &profile), Some(1));
    assert_eq!(judged(good), Some(1));
    for bad in inputs::BAD {
        let own = format!("#{bad}");
        let address = format!("https://app.example/oauth/callback{own}");
        for (way, answer) in [
            ("borrowed", ours::borrowed(&own, &profile)),
            ("decoded", ours::decoded(&own, &profile)),
            ("borrowed, whole address", ours::borrowed(&address, &profile)),
            ("decoded, whole address", ours::decoded(&address, &profile)),
            ("judged", judged(bad)),
        ] {
            assert_eq!(answer, None, "{way}: {bad:?}");
        }
    }
}

#[test]
fn each_input_is_answered_alike_by_all_who_take_it() {
    let profile = ours::without_limits();
    for input in inputs::all() {
        let fragment = input.fragment.as_str();
        let own = format!("#{fragment}");
        let address = format!("https://app.example/oauth/callback{own}");
        let expected = peers::form_urlencoded_match(fragment);
        assert!(expected.is_some(), "{}", input.name);
        assert_eq!(ours::decoded(&own, &profile), expected, "{}", input.name);
        assert_eq!(ours::decoded(&address, &profile), expected, "{}", input.name);
        assert_eq!(peers::whole_url(&address), expected, "{}", input.name);
        let borrowed = ours::borrowed(&own, &profile);
        assert!(borrowed.is_some() && borrowed >= input.answer_len(), "{}", input.name);
        assert_eq!(ours::borrowed(&address, &profile), borrowed, "{}", input.name);
        assert_eq!(ours::judged(&own, &input.state(), &profile), input.answer_len(), "{}", input.name);
        assert_eq!(ours::judged(&own, "other", &profile), None, "{}", input.name);
        for (name, peer) in peers::PEERS {
            // Some have limits of their own, and refuse the last.
            let answer = peer(fragment);
            let is_long = input.name == "100,000 parameters";
            assert!(
                answer == expected || answer.is_none() && is_long,
                "{name} on {}: {answer:?}",
                input.name
            );
        }
    }
}

#[test]
fn duplicates_are_refused_by_all_who_look_for_them() {
    let (profile, fragment) = (ours::without_limits(), inputs::duplicates());
    let own = format!("#{fragment}");
    assert_eq!(ours::borrowed(&own, &profile), None);
    assert_eq!(ours::decoded(&own, &profile), None);
    assert_eq!(ours::judged(&own, "0123456", &profile), None);
    let takers: Vec<&str> =
        peers::PEERS.iter().filter(|(_, peer)| peer(&fragment).is_some()).map(|(name, _)| *name).collect();
    assert_eq!(takers, ["serde_qs", "ada-url"]);
}

#[test]
fn many_parameters_are_taken_without_limits_and_refused_with_them() {
    let lifted = ours::without_limits();
    for count in [100, 1_000, 10_000] {
        let own = format!("#{}", inputs::parameters(count));
        assert_eq!(own.matches('&').count() + 1, count);
        assert!(ours::borrowed(&own, &lifted).is_some(), "{count}");
        assert_eq!(ours::borrowed(&own, &ours::STRICT), None, "{count}");
    }
    for len in [100_000, 1_000_000] {
        let own = format!("#{}", inputs::opaque(len));
        assert_eq!(own.len(), len + 1);
        assert!(ours::borrowed(&own, &lifted).is_some(), "{len}");
        assert_eq!(ours::borrowed(&own, &ours::STRICT), None, "{len}");
    }
}

#[test]
fn every_builder_writes_the_same_address() {
    let (ours, oauth2) = (Ours::default(), Oauth2::default());
    let url = ours.to_url();
    let [mut written, mut prepared] = [const { String::new() }; 2];
    ours.write_url(&mut written);
    ours.write_prepared(&mut prepared);
    assert_eq!(written, url);
    assert_eq!(prepared, url);
    let query = url.split_once('?').map(|(_, query)| query.len());
    assert_eq!(Some(ours.encoded_len()), query, "the length is that of the query");
    assert_eq!(sorted(&url).len(), 8);
    // In another order, and with `+` for a space.
    assert_eq!(sorted(&oauth2.to_url()), sorted(&url));
}

#[test]
fn the_session_and_the_one_by_hand_give_as_many_orders() {
    for events in [&Event::DAY[..], &Event::EMPTY] {
        let mut session = session::session().unwrap();
        let mut hand = ByHand::of(&session).unwrap();
        for _ in 0..3 {
            assert_eq!(session::drive(&mut session, events), events.len());
            assert_eq!(hand.drive(events), events.len());
        }
    }
}
