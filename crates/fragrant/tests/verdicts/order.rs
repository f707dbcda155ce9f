//! What the table says between its rows: which reason comes first, and how it is told.

use super::*;

#[test]
fn the_order_of_judgement() {
    let profile = Profile::STRICT.with_limits(Limits { max_len: 280, max_parameters: 10 });
    let question = Question {
        issuer: Some("https://as.example".into()),
        end: Some(Timestamp::from_unix_seconds(1_000)),
        profile,
        ..asked_at("https://app.example/cb")
    };
    // Each line has one fault less than the one before it, and each reason was there from the start.
    let long = "x".repeat(280);
    for (base, fragment, reason, at) in [
        (
            "https://evil.example/cb?id_token=q",
            format!("a&b&c&d&iss=no&state=no&error=%22&token_type=mac&access_token=%0A&iss=no&e=%&{long}"),
            Reason::TooLong,
            None,
        ),
        (
            "https://evil.example/cb?id_token=q",
            "a&b&c&d&iss=no&state=no&error=%22&token_type=mac&access_token=%0A&iss=no&e=%".into(),
            Reason::TooManyParameters,
            Some("iss=no&e"),
        ),
        (
            "https://evil.example/cb?id_token=q",
            "iss=no&state=no&error=%22&token_type=mac&access_token=%0A&iss=no&e=%".into(),
            Reason::Malformed,
            Some("e=%"),
        ),
        (
            "https://evil.example/cb?id_token=q",
            "state=no&error=%22&token_type=mac&access_token=%0A&iss=no&iss=no".into(),
            Reason::DuplicateParameter,
            Some("iss=no"),
        ),
        (
            "https://evil.example/cb?id_token=q",
            "iss=no&state=no&error=%22&token_type=mac&access_token=%0A".into(),
            Reason::RedirectUriMismatch,
            Some("https"),
        ),
        (
            "https://app.example/cb?id_token=q",
            "iss=no&state=no&error=%22&token_type=mac&access_token=%0A".into(),
            Reason::TokenInQuery,
            Some("id_token"),
        ),
        (
            "https://app.example/cb",
            "iss=no&state=no&error=%22&token_type=mac&access_token=%0A".into(),
            Reason::ErrorAndToken,
            Some("access_token"),
        ),
        (
            "https://app.example/cb",
            "iss=no&state=no&token_type=mac&access_token=%0A".into(),
            Reason::IssuerMismatch,
            Some("iss"),
        ),
        (
            "https://app.example/cb",
            "state=no&token_type=mac&access_token=%0A&iss=https://as.example".into(),
            Reason::StateMismatch,
            Some("state"),
        ),
        (
            "https://app.example/cb",
            "token_type=mac&access_token=%0A&iss=https://as.example&state=xyz".into(),
            Reason::PendingExpired,
            Some("https"),
        ),
    ] {
        let input = format!("{base}#{fragment}");
        let at = match at {
            None => 280,
            Some("https") => 0,
            // The last of its kind: of a repeated one the second.
            Some(piece) => input.rfind(piece).unwrap(),
        };
        let Verdict::ResponseRejected(rejection) = question.judge(&input) else { panic!("{input}") };
        assert_eq!((rejection.reason, rejection.offset), (reason, at), "{input}");
    }
    let question = Question { end: None, ..question };
    rejects(
        &question,
        "https://app.example/cb#»token_type=mac&access_token=%0A&iss=https://as.example&state=xyz",
        Reason::TokenTypeUnsupported,
        Some("token_type"),
    );
}

#[test]
fn within_a_class_the_leftmost() {
    let question = asked();
    reject_all(
        &question,
        &[
            // Structure: the query is left of the fragment.
            ("#a=1&»b=%&c=é&%=1", Reason::Malformed, Some("b")),
            ("https://app.example/cb?»q=%zz#a=%", Reason::Malformed, Some("q")),
            ("#/»#x?a=%", Reason::Malformed, None),
            // Repetition.
            ("#state=1&error=1&»error=2&state=2", Reason::DuplicateParameter, Some("error")),
            (
                "https://app.example/cb?scope=1&»scope=2#state=1&state=2",
                Reason::DuplicateParameter,
                Some("scope"),
            ),
            // Values: what is there and bad stands before what is missing.
            (
                "#»access_token=%0A&token_type=mac&expires_in=x&scope=%22&state=xyz",
                Reason::AccessTokenInvalid,
                Some("access_token"),
            ),
            (
                "#»scope=%22&expires_in=x&token_type=mac&access_token=%0A&state=xyz",
                Reason::ScopeInvalid,
                Some("scope"),
            ),
            (
                "#»expires_in=x&scope=%22&token_type=mac&access_token=%0A&state=xyz",
                Reason::ExpiresInInvalid,
                Some("expires_in"),
            ),
            (
                "#access_token=t&»token_type=mac&expires_in=x&state=xyz",
                Reason::TokenTypeUnsupported,
                Some("token_type"),
            ),
            ("#»token_type=mac&state=xyz", Reason::TokenTypeUnsupported, Some("token_type")),
            ("#»expires_in=x&state=xyz", Reason::ExpiresInInvalid, Some("expires_in")),
            // Of two that are missing the one that is judged first.
            ("#expires_in=1&state=xyz»", Reason::AccessTokenMissing, Some("access_token")),
        ],
    );
}

#[test]
fn of_two_missing_tokens_the_one_that_is_judged_first() {
    // `Reason` is in the order of judgement, and there the access token stands before the ID token.
    assert!(Reason::AccessTokenMissing < Reason::IdTokenMissing);
    let question = Question { response_type: ResponseType::ID_TOKEN_TOKEN, ..asked() };
    rejects(&question, "#token_type=bearer&state=xyz»", Reason::AccessTokenMissing, Some("access_token"));
}

#[test]
fn the_words_of_the_reasons_and_notes_are_public() {
    let words: Vec<&str> = Reason::ALL.iter().map(|reason| reason.as_str()).collect();
    assert_eq!(
        words,
        [
            "too_long",
            "too_many_parameters",
            "malformed",
            "duplicate_parameter",
            "no_response",
            "redirect_uri_mismatch",
            "token_in_query",
            "error_and_token",
            "issuer_mismatch",
            "issuer_missing",
            "state_missing",
            "state_mismatch",
            "state_unexpected",
            "pending_expired",
            "access_token_missing",
            "access_token_invalid",
            "id_token_missing",
            "id_token_invalid",
            "token_type_missing",
            "token_type_unsupported",
            "expires_in_invalid",
            "scope_invalid",
            "error_invalid",
        ]
    );
    for reason in Reason::ALL {
        assert_eq!(reason.to_string(), reason.as_str());
        assert!(!reason.explanation().ends_with('.') && !reason.citation().is_empty(), "{reason}");
    }
    let words: Vec<&str> = Note::ALL.iter().map(|note| note.as_str()).collect();
    assert_eq!(
        words,
        [
            "access_token_unrequested",
            "code_ignored",
            "error_description_invalid",
            "error_uri_invalid",
            "id_token_unrequested",
            "issuer_missing",
            "issuer_unexpected",
            "token_type_missing",
            "query_error_ignored",
            "refresh_token_ignored",
            "unknown_parameter_repeated",
        ]
    );
    for note in Note::ALL {
        assert_eq!(note.to_string(), note.as_str());
        assert!(note.explanation().contains(' ') && !note.explanation().ends_with('.'), "{note}");
        assert!(["RFC ", "OpenID "].iter().any(|start| note.citation().starts_with(start)), "{note}");
    }
    assert_eq!(Channel::Query.to_string(), "query");
    assert_eq!(Channel::Fragment.to_string(), "fragment");
}

#[test]
fn a_rejection_says_what_and_where() {
    let text = |input: &str| match asked().judge(input) {
        Verdict::ResponseRejected(rejection) | Verdict::NotOurs(rejection) => rejection.to_string(),
        believed => panic!("{believed:?}"),
    };
    assert_eq!(
        text("#access_token=t&token_type=bearer&state=no"),
        "the answer's state is not the request's (state, byte 34)"
    );
    assert_eq!(
        text("#state=xyz&error=%"),
        "a name or value is not well formed (error, byte 11: a `%` without two hexadecimal digits after it)"
    );
    // A name that whoever made the address has chosen is not repeated.
    assert_eq!(
        text("#<script>=%"),
        "a name or value is not well formed (byte 1: a `%` without two hexadecimal digits after it)"
    );
    assert_eq!(text("#/route"), "the address holds no answer to an authorization request (byte 7)");
}

/// The checks one after the other, for whoever has to look at an answer before it is known whose it is.
#[test]
fn an_answer_is_examined_before_it_is_believed() {
    let question = Question { issuer: Some("https://as.example".into()), ..asked() };
    let expected = question.expected();
    // Whose it is, and what it says, is not asked yet.
    let input = "https://app.example/cb?error=x#state=other&access_token=%0A&iss=https://as.example";
    let mut examined = examine(&expected, &Redirect::split(input)).unwrap();
    assert_eq!(examined.channel(), Channel::Fragment);
    assert!(examined.notes().iter().eq([Note::QueryErrorIgnored]));
    let state = examined.parameters().get(ResponseParameter::State).unwrap();
    assert_eq!(state.value.decode(), "other");
    assert_eq!(examined.check_state(&expected).unwrap_err().reason, Reason::StateMismatch);
    assert_eq!(examined.check_values(&expected).unwrap_err().reason, Reason::AccessTokenInvalid);
    for (input, reason) in [
        ("#state=xyz&state=xyz", Reason::DuplicateParameter),
        ("#access_token=t", Reason::IssuerMissing),
        ("#access_token=t&iss=x", Reason::IssuerMismatch),
        ("#/route", Reason::NoResponse),
    ] {
        assert_eq!(examine(&expected, &Redirect::split(input)).unwrap_err().reason, reason, "{input}");
    }
}

#[test]
fn a_question_shows_everything_but_its_state() {
    let question = Question {
        issuer: Some("https://as.example".into()),
        scope: Some(scope("read")),
        end: Some(Timestamp::from_unix_seconds(2_000)),
        ..asked_at("https://app.example/cb")
    };
    assert_eq!(
        format!("{:?}", question.expected()),
        format!(
            "Expected {{ response_type: {:?}, has_state: true, issuer: Some(\"https://as.example\"), \
             redirect_uri: Some(\"https://app.example/cb\"), scope: Some(Scope(\"read\")), \
             end: Some(Timestamp(2000)), profile: \"RFC 6749\" }}",
            ResponseType::TOKEN
        )
    );
}
