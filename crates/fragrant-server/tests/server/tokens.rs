//! The tokens themselves.

use fragrant_profiles::{ALL, rfc6749};

use crate::scenario::{Scenario, scope};

fn token(scenario: &mut Scenario) -> String {
    scenario.authorized(Some(scope("read"))).access_token().reveal_secret().to_owned()
}

#[test]
// req(test): RFC6749-10.3-3, RFC6749-10.10-1, RFC6749-10.10-2, RFC6750-5.2-1
fn a_token_has_160_bits_and_nobody_can_make_or_change_one() {
    let mut scenario = Scenario::of(&rfc6749::PROVIDER);
    let tokens: Vec<String> = (0..64).map(|_| token(&mut scenario)).collect();
    // Which bits were ever set, and which ever not, in 64 tokens: all of them, as nothing in a token is fixed.
    let mut seen = [[false; 2]; 160];
    for token in &tokens {
        assert_eq!(token.len(), 40);
        for (at, digit) in token.bytes().enumerate() {
            let digit = char::from(digit).to_digit(16).unwrap();
            for bit in 0..4 {
                seen[4 * at + bit][usize::from(digit >> bit & 1 == 1)] = true;
            }
        }
    }
    assert!(seen.iter().all(|bit| *bit == [true; 2]));
    // A token with any one digit changed, cut off or added is none.
    let own = &tokens[0];
    assert_eq!(scenario.call(own, "/resource/1", &[]).status, 200);
    for at in 0..own.len() {
        let other = if own[at..].starts_with('0') { "1" } else { "0" };
        let altered = format!("{}{other}{}", &own[..at], &own[at + 1..]);
        assert_eq!(scenario.call(&altered, "/resource/1", &[]).status, 401, "{at}");
        assert_eq!(scenario.call(&own[..at.max(1)], "/resource/1", &[]).status, 401, "{at}");
    }
    for altered in [format!("{own}0"), format!("0{own}"), own.to_uppercase(), "0".repeat(40)] {
        assert_eq!(scenario.call(&altered, "/resource/1", &[]).status, 401, "{altered}");
    }
}

#[test]
// req(test): RFC6750-5.3-3, RFC6819-5.1.5.3-1, RFC6819-4.4.2.2-1, OIDC-16.18-1
fn a_token_ends_by_the_providers_habit_or_sooner() {
    for provider in ALL {
        let mut scenario = Scenario::of(provider);
        let asked = fragrant::value::Scope::from_names(provider.habits.sample_scope.iter().copied()).unwrap();
        let token = scenario.authorized(asked).access_token().reveal_secret().to_owned();
        let lifetime = provider.habits.token_lifetime;
        // An hour, but for the one that is documented to give more.
        assert!(lifetime <= if provider.id == "procore" { 5400 } else { 3600 }, "{}", provider.id);
        scenario.server.clock().advance(lifetime - 1);
        assert_eq!(scenario.call(&token, provider.paths.sample_call, &[]).status, 200);
        scenario.server.clock().advance(1);
        assert_eq!(scenario.call(&token, provider.paths.sample_call, &[]).status, 401);
    }
}
