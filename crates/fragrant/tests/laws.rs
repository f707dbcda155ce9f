//! The laws of the wire format and of the rules, tried on what the strategies make. Each test is a call of an oracle of
//! `fragrant::testing`, which the fuzz targets call too.

use std::collections::BTreeSet;

use fragrant::client::Reason;
use fragrant::client::rules::Verdict;
use fragrant::testing::{Question, config, oracle, strategy};
use fragrant::wire::Limits;
use proptest::prelude::{Strategy, any};
use proptest::strategy::ValueTree;
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};
use proptest::{collection, proptest};

proptest! {
    #![proptest_config(config())]

    #[test]
    // req(test): RFC6749-B-1, RFC6749-B-2, RFC6749-4.2.2-1, RFC6749-4.2.2-12
    fn an_answer_is_read_as_it_was_written(
        response in strategy::authorization_response(),
        redirect_uri in strategy::redirect_uri(),
    ) {
        oracle::round_trip(&response, &redirect_uri);
    }

    #[test]
    // req(test): RFC6749-3.1-2, RFC6749-4.2.1-1
    fn a_request_is_read_as_it_was_written(
        request in strategy::authorization_request(),
        endpoint in strategy::authorization_endpoint(),
    ) {
        oracle::request(&request, &endpoint);
    }

    #[test]
    fn no_text_panics(question in strategy::question(), input in any::<String>()) {
        oracle::sound(&question, &input);
        oracle::sound(&question, &format!("#{input}"));
        oracle::sound(&question, &format!("#state=xyz&access_token=t&token_type=bearer&{input}"));
    }

    #[test]
    fn no_bytes_panic(input in collection::vec(any::<u8>(), 0..40)) {
        oracle::fragment_bytes(&input);
    }

    #[test]
    fn a_verdict_is_sound(question in strategy::question(), input in strategy::redirect_text()) {
        oracle::sound(&question, &input);
    }

    #[test]
    fn order_does_not_matter(question in strategy::question(), input in strategy::redirect_text()) {
        oracle::order_does_not_matter(&question, &input);
    }

    #[test]
    // req(test): RFC6749-4.2.2-11
    fn unknown_parameters_are_ignored(question in strategy::question(), input in strategy::redirect_text()) {
        oracle::unknown_parameters_are_ignored(&question, &input);
    }

    #[test]
    fn plus_is_a_space(question in strategy::question(), input in strategy::redirect_text()) {
        oracle::plus_is_a_space(&question, &input);
    }

    #[test]
    fn escapes_do_not_matter(
        question in strategy::question(),
        input in strategy::redirect_text(),
        mask in collection::vec(any::<bool>(), 1..9),
    ) {
        oracle::escapes_do_not_matter(&question, &input, &mask);
    }

    #[test]
    fn cleaning_takes_the_answer_out(question in strategy::question(), input in strategy::redirect_text()) {
        oracle::cleaning_takes_the_answer_out(&question, &input);
    }

    #[test]
    fn cleaning_keeps_the_rest(question in strategy::question(), input in strategy::redirect_text()) {
        oracle::cleaning_keeps_the_rest(&question, &input);
    }

    #[test]
    fn cleaning_leaves_no_secret(
        question in strategy::question(),
        input in strategy::redirect_text(),
        prefix in "[?!/;#&a]{0,3}",
    ) {
        oracle::cleaning_leaves_no_secret(&question, &input);
        oracle::cleaning_leaves_no_secret(&question, &input.replacen('#', &format!("#{prefix}"), 1));
    }

    #[test]
    fn other_decoders_agree(question in strategy::question(), input in strategy::redirect_text()) {
        oracle::other_decoders_agree(&question, &input);
    }

    #[test]
    fn small_limits_keep_the_laws(
        input in strategy::redirect_text(),
        max_len in 0..200usize,
        max_parameters in 0..6usize,
    ) {
        for question in Question::samples() {
            let profile = question.profile.clone().with_limits(Limits { max_len, max_parameters });
            oracle::sound(&Question { profile, ..question }, &input);
        }
    }
}

/// A law that only ever saw one kind of verdict would prove little.
#[test]
fn the_redirects_reach_every_verdict() {
    let mut runner = TestRunner::new_with_rng(config(), TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let strategy = (strategy::question(), strategy::redirect_text());
    let mut granted = 0;
    let mut errors = 0;
    let mut reasons = BTreeSet::new();
    for _ in 0..6_000 {
        let (question, input) = strategy.new_tree(&mut runner).unwrap().current();
        match question.judge(&input) {
            Verdict::TokenGranted(_) => granted += 1,
            Verdict::ErrorReturned(_) => errors += 1,
            Verdict::ResponseRejected(rejection) | Verdict::NotOurs(rejection) => {
                reasons.insert(rejection.reason);
            }
        }
    }
    assert!(granted > 250, "{granted} tokens granted");
    assert!(errors > 150, "{errors} errors returned");
    // The limits have a law of their own.
    let never = Reason::ALL.iter().filter(|reason| !reasons.contains(reason)).collect::<Vec<_>>();
    assert_eq!(never, [&Reason::TooLong, &Reason::TooManyParameters]);
}

/// The first state that the key is looked for in has to be the one that is judged.
#[test]
fn the_pending_key_is_that_of_the_answer() {
    for input in [
        "#error=access_denied&state=xyz",
        "https://app.example/cb?error=access_denied&state=xyz",
        "https://app.example/cb?error=access_denied&state=xyz#state=other",
        "https://app.example/cb?state=other#error=access_denied&state=xyz",
    ] {
        oracle::sound(&Question::new().with_state("xyz"), input);
    }
}

/// A secret that stands where a name should is no more shown than one in its place.
#[test]
fn a_secret_in_a_name_is_hidden() {
    let secret = "2YotnFZFEjr1zCsicMWpAA";
    for name in [secret.to_owned(), format!("access_token%3D{secret}"), format!("x.{secret}")] {
        for more in [format!("{name}=%zz"), format!("{name}=1"), name] {
            let input = format!("#access_token={secret}&token_type=bearer&state=xyz&{more}");
            oracle::sound(&Question::new().with_state("xyz"), &input);
        }
    }
}

/// Where the limit cuts through a character, the place that is reported is still a place in the text.
#[test]
fn an_offset_never_points_into_a_character() {
    for len in 0..8 {
        let profile =
            fragrant::profile::Profile::STRICT.with_limits(Limits { max_len: len, max_parameters: 64 });
        oracle::sound(&Question { profile, ..Question::new() }, "#é€𝄞é€𝄞");
    }
}
