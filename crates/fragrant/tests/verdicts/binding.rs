//! Whose answer it is: state, issuer, redirection URI, and whether it came in time.

use super::*;

#[test]
// req(test): RFC6749-4.2.2-9, RFC6749-4.2.2.1-7, RFC6749-10.12-1, RFC6749-10.12-2, OIDC-3.2.2.5-4
fn a_state_that_was_sent_comes_back_on_errors_too() {
    for (answer, how) in [
        (format!("#{OK}"), "success"),
        ("#error=access_denied".into(), "error in the fragment"),
        ("https://app.example/cb?error=access_denied".into(), "error in the query"),
        (format!("https://app.example/#/cb?{OK}"), "hash router"),
    ] {
        let question = asked();
        assert!(
            matches!(
                question.judge(&format!("{answer}&state=xyz")),
                Verdict::TokenGranted(_) | Verdict::ErrorReturned(_)
            ),
            "{how}"
        );
        rejects(&question, &format!("{answer}»"), Reason::StateMissing, Some("state"));
        rejects(&question, &format!("{answer}&state=»"), Reason::StateMissing, Some("state"));
        rejects(&question, &format!("{answer}&State=xyz»"), Reason::StateMissing, Some("state"));
        for other in ["XYZ", "xy", "xyzz", "xyz+", "+xyz", "xyz%00", "%78yz%20", "x%2579z", "zyx", "null"] {
            rejects(&question, &format!("{answer}&»state={other}"), Reason::StateMismatch, Some("state"));
        }
    }
}

#[test]
// req(test): RFC6749-10.12-1
fn states_are_equal_byte_by_byte() {
    for (sent, came) in [
        ("a b+c&d=é%20", "a+b%2Bc%26d%3D%C3%A9%2520"),
        ("a b+c&d=é%20", "a%20b%2Bc%26d%3D%c3%a9%2520"),
        ("{\"page\":\"/ä\"}", "%7B%22page%22%3A%22%2F%C3%A4%22%7D"),
        ("~!'()*", "%7E!'()*"),
        ("a/b=c?d", "a/b=c?d"),
        ("|", "%7C"),
        ("0001020304050607-_", "0001020304050607-_"),
    ] {
        let question = Question::new().with_state(sent);
        assert_eq!(token(&question, &format!("#{OK}&state={came}")).state.unwrap().reveal_secret(), sent);
        assert_eq!(
            returned(&question, &format!("#error=e&state={came}")).response.state.unwrap().reveal_secret(),
            sent
        );
    }
    for (sent, came) in [
        // One `é` is one character, the other is two; no normalisation makes them equal.
        ("\u{e9}", "e%CC%81"),
        ("e\u{301}", "%C3%A9"),
        // What servers are known to have done to a state.
        ("a+b", "a+b"),
        ("a_b", "a%2Bb"),
        ("a b", "a%2520b"),
        ("é", "%E9%"),
        ("xyz", "xyz,second"),
        ("a&b", "a&b"),
    ] {
        let question = Question::new().with_state(sent);
        let verdict = question.judge(&format!("#{OK}&state={came}"));
        let Verdict::ResponseRejected(rejection) = verdict else { panic!("{sent} {came}: {verdict:?}") };
        let expected = if came.ends_with('%') { Reason::Malformed } else { Reason::StateMismatch };
        assert_eq!(rejection.reason, expected, "{sent} {came}");
    }
    let long = "s".repeat(2_048);
    assert!(token(&Question::new().with_state(&*long), &format!("#{OK}&state={long}")).state.is_some());
}

#[test]
fn a_state_though_none_was_sent() {
    let question = Question::new();
    // Some servers write an empty one.
    for input in [format!("#{OK}&state="), format!("#{OK}&state"), format!("#state=&{OK}&state=")] {
        assert!(token(&question, &input).state.is_none(), "{input}");
    }
    assert!(
        returned(&question, "https://app.example/cb?error=access_denied&state=").response.state.is_none()
    );
    reject_all(
        &question,
        &[
            ("#access_token=t&token_type=bearer&»state=xyz", Reason::StateUnexpected, Some("state")),
            ("#»state=+&access_token=t&token_type=bearer", Reason::StateUnexpected, Some("state")),
            ("#error=access_denied&»st%61te=xyz", Reason::StateUnexpected, Some("state")),
            ("https://app.example/cb?»state=xyz&error=access_denied", Reason::StateUnexpected, Some("state")),
        ],
    );
    // The other part's state is nobody's business.
    token(&question, &format!("https://app.example/cb?state=xyz#{OK}"));
}

#[test]
// req(test): RFC9207-2.4-1, RFC9207-2.4-2, RFC9207-2.4-3, RFC9207-2.4-5, RFC9207-4-2, RFC9700-4.4.2.1-1
fn an_expected_issuer() {
    let question = Question { issuer: Some("https://as.example".into()), ..asked() };
    for (answer, more) in [
        (format!("#{OK_XYZ}"), ""),
        ("#error=access_denied&state=xyz".into(), ""),
        ("https://app.example/cb?error=access_denied&state=xyz".into(), ""),
        // The issuer is judged before the state and before every value.
        (format!("#{OK}&expires_in=x"), "&state=no"),
    ] {
        if more.is_empty() {
            for written in ["https://as.example", "https%3A%2F%2Fas.example", "http%73://as.e%78ample"] {
                let verdict = question.judge(&format!("{answer}&iss={written}"));
                let (iss, notes) = match verdict {
                    Verdict::TokenGranted(Granted {
                        response: SuccessResponse::AccessToken(response),
                        notes,
                        ..
                    }) => (response.iss, notes),
                    Verdict::ErrorReturned(returned) => (returned.response.iss, returned.notes),
                    other => panic!("{answer}: {other:?}"),
                };
                assert_eq!(iss.unwrap().as_str(), "https://as.example");
                assert!(notes.is_empty());
            }
        }
        // Compared as strings: no trailing slash, no case, no default port, no other form of the same place.
        for other in [
            "https://as.example/",
            "https://AS.example",
            "HTTPS://as.example",
            "https://as.example:443",
            "http://as.example",
            "https://evil.example",
            "https://as.example.evil.example",
            "as.example",
            "x",
            "+https://as.example",
            "https%253A%252F%252Fas.example",
        ] {
            rejects(&question, &format!("{answer}{more}&»iss={other}"), Reason::IssuerMismatch, Some("iss"));
        }
        rejects(&question, &format!("{answer}{more}»"), Reason::IssuerMissing, Some("iss"));
        rejects(
            &question,
            &format!("{answer}{more}&ISS=https://as.example»"),
            Reason::IssuerMissing,
            Some("iss"),
        );
    }
    // Absent beside an ID token: it passes if the profile says so, and that is noted.
    for response_type in [ResponseType::ID_TOKEN, ResponseType::ID_TOKEN_TOKEN] {
        let strict = Question { response_type, ..question.clone() };
        rejects(&strict, &format!("#{OK_XYZ}&id_token=i»"), Reason::IssuerMissing, Some("iss"));
        let profile = Profile::STRICT.dangerously_forgive_missing_issuer_beside_id_token();
        let question = Question { profile, ..strict };
        let absent = granted(&question, &format!("#{OK_XYZ}&id_token=i"));
        assert!(absent.notes.contains(&Note::IssuerMissing), "{:?}", absent.notes);
        rejects(
            &question,
            &format!("#{OK_XYZ}&id_token=i&»iss=https://evil.example"),
            Reason::IssuerMismatch,
            Some("iss"),
        );
        assert!(
            !granted(&question, &format!("#{OK_XYZ}&id_token=i&iss=https://as.example"))
                .notes
                .contains(&Note::IssuerMissing)
        );
    }
}

#[test]
fn an_issuer_that_was_not_expected_is_ignored_and_noted() {
    for issuer in ["https://as.example", "https://evil.example", "not+an+address", "%00"] {
        assert_eq!(
            granted(&asked(), &format!("#{OK_XYZ}&iss={issuer}")).notes,
            [Note::IssuerUnexpected],
            "{issuer}"
        );
        assert_eq!(
            returned(&asked(), &format!("#iss={issuer}&error=e&state=xyz")).notes,
            [Note::IssuerUnexpected],
            "{issuer}"
        );
        assert_eq!(
            returned(&asked(), &format!("https://app.example/cb?iss={issuer}&error=e&state=xyz")).notes,
            [Note::IssuerUnexpected],
            "{issuer}"
        );
    }
}

#[test]
// req(test): RFC9700-4.4.2.2-1
fn another_redirect_uri_than_the_requests() {
    let mismatch = |question: &Question, input: &str| {
        rejects(question, &format!("»{input}"), Reason::RedirectUriMismatch, None);
    };
    for uri in [
        "https://app.example/cb",
        "http://127.0.0.1:18200/cb",
        "http://[::1]:49152/cb",
        "com.example.app:/cb",
        "com.example.app://cb",
    ] {
        let question = asked_at(uri);
        token(&question, &format!("{uri}#{OK_XYZ}"));
        returned(&question, &format!("{uri}#error=access_denied&state=xyz"));
        // An error in the query comes with the answer's own parameters, which are not the address's.
        returned(
            &question,
            &format!("{uri}?error=access_denied&state=xyz&iss=https://as.example&error_description=no"),
        );
        for other in [
            format!("{uri}/"),
            format!("{uri}x"),
            format!("{uri}?"),
            format!("{uri}?x=1"),
            format!("{uri}/.."),
            uri.to_uppercase(),
            uri.replace("cb", "c%62"),
            uri.replace("cb", "CB"),
            format!(" {uri}"),
            "https://evil.example/cb".into(),
            "https://app.example.evil.example/cb".into(),
            "http://127.0.0.1:18201/cb".into(),
            "/cb".into(),
            "".into(),
        ] {
            // A fragment alone says nothing of where it stood.
            if other.is_empty() {
                token(&question, &format!("#{OK_XYZ}"));
                continue;
            }
            mismatch(&question, &format!("{other}#{OK_XYZ}"));
            mismatch(&question, &format!("{other}#error=access_denied&state=xyz"));
        }
        mismatch(&question, &format!("{uri}?x=1&error=access_denied&state=xyz"));
        mismatch(&question, "?error=access_denied&state=xyz");
    }
    // Nothing is known of the address: anything passes.
    token(&asked(), &format!("https://anywhere.example/x?y=z#{OK_XYZ}"));
}

#[test]
// req(test): RFC9700-4.4.2.2-1
fn a_redirect_uri_with_a_query_of_its_own() {
    for query in ["keep=1", "keep=1&also=a+b&keep=1", "", "=", "a", "%61=%2F&x"] {
        let uri = format!("https://app.example/cb?{query}");
        let question = asked_at(&uri);
        token(&question, &format!("{uri}#{OK_XYZ}"));
        // In front of a query error and behind it.
        if !query.is_empty() {
            assert_eq!(returned(&question, &format!("{uri}&error=e&state=xyz")).channel, Channel::Query);
            assert_eq!(
                returned(&question, &format!("https://app.example/cb?error=e&{query}&state=xyz")).channel,
                Channel::Query
            );
        }
        for other in [
            "https://app.example/cb",
            "https://app.example/cb?keep=2",
            "https://app.example/cb?keep=1&more=1",
            "https://app.example/cb?%6Beep=1",
        ] {
            rejects(&question, &format!("»{other}#{OK_XYZ}"), Reason::RedirectUriMismatch, None);
        }
    }
}

#[test]
fn an_answer_that_is_late() {
    let moment = Timestamp::from_unix_seconds;
    let at = |end: u64, now: u64| Question { end: Some(moment(end)), now: moment(now), ..asked() };
    for answer in [
        format!("#{OK_XYZ}"),
        "#error=access_denied&state=xyz".into(),
        "https://app.example/cb?error=e&state=xyz".into(),
    ] {
        let early = at(1_000, 999).judge(&answer);
        assert!(matches!(early, Verdict::TokenGranted(_) | Verdict::ErrorReturned(_)), "{answer}");
        // At the very second of its end it has ended.
        rejects(&at(1_000, 1_000), &format!("»{answer}"), Reason::PendingExpired, None);
        rejects(&at(0, u64::MAX), &format!("»{answer}"), Reason::PendingExpired, None);
    }
    // It is late only if it is this request's.
    rejects(&at(0, 1), &format!("#{OK}&»state=no"), Reason::StateMismatch, Some("state"));
    assert!(
        Reason::PendingExpired.is_after_state_matched() && !Reason::StateMismatch.is_after_state_matched()
    );
}

#[test]
// req(test): RFC9207-2.4-5, RFC9207-4-2
fn an_id_token_that_nobody_asked_for_excuses_no_missing_issuer() {
    let profile = Profile::STRICT.dangerously_forgive_missing_issuer_beside_id_token();
    let question = Question { issuer: Some("https://as.example".into()), profile, ..asked() };
    rejects(&question, &format!("#{OK_XYZ}&id_token=junk»"), Reason::IssuerMissing, Some("iss"));
    let question = Question { response_type: ResponseType::ID_TOKEN_TOKEN, ..question };
    assert_eq!(granted(&question, &format!("#{OK_XYZ}&id_token=i")).notes, [Note::IssuerMissing]);
    // No ID token is none, whatever was asked for, and an error has none.
    rejects(&question, &format!("#{OK_XYZ}»"), Reason::IssuerMissing, Some("iss"));
    rejects(&question, "#error=access_denied&state=xyz»", Reason::IssuerMissing, Some("iss"));
}
