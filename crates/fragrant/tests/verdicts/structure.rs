//! What is text, what is a pair, what is a parameter: encodings, routes, malformed pieces, repetitions, limits.

use super::*;

#[test]
// req(test): RFC6749-B-2, RFC6749-A.12-1
fn encodings_orders_and_empty_pairs_are_read() {
    let question = Question { scope: None, ..asked() };
    for (input, access_token, scope_text) in [
        // `+` and `%20`, and both in one answer.
        (format!("#{OK_XYZ}&scope=read+write"), TOKEN, "read write"),
        (format!("#{OK_XYZ}&scope=read%20write"), TOKEN, "read write"),
        (format!("#{OK_XYZ}&scope=a+b%20c"), TOKEN, "a b c"),
        // Any order, the state and the scope in front.
        (format!("#state=xyz&scope=s&token_type=bearer&access_token={TOKEN}"), TOKEN, "s"),
        (format!("#scope=s&access_token={TOKEN}&state=xyz&token_type=bearer"), TOKEN, "s"),
        // Empty pairs anywhere.
        (format!("#&&{OK_XYZ}&&scope=s&"), TOKEN, "s"),
        // Escaped names, whole or in part, in either case of the digits.
        (format!("#%61ccess_token={TOKEN}&token%5Ftype=bearer&st%61te=xyz&scop%65=s"), TOKEN, "s"),
        (format!("#access%5ftoken={TOKEN}&token%5ftype=bearer&%73%74%61%74%65=xyz&scope=s"), TOKEN, "s"),
        // `=` inside a value is the value's.
        ("#access_token=a=b==&token_type=bearer&state=xyz&scope=k=v".into(), "a=b==", "k=v"),
        // `%2B` is a plus, `%2F` a slash, `%3D` an equals sign, `%26` separates nothing.
        ("#access_token=a%2Bb%2Fc%3D&token_type=bearer&state=xyz&scope=a%26b".into(), "a+b/c=", "a&b"),
        // Decoded once: `%2526` is `%26` and not `&`.
        ("#access_token=a%2526b&token_type=bearer&state=xyz&scope=%253D".into(), "a%26b", "%3D"),
        // Characters that some encoders leave as they are, and a `?`, which a fragment may hold.
        (
            "#access_token=a~b!c'd(e)f*g,h;i:j@k/l?m$n&token_type=bearer&state=xyz&scope=s".into(),
            "a~b!c'd(e)f*g,h;i:j@k/l?m$n",
            "s",
        ),
        // Printable ASCII has the space in it.
        ("#access_token=a+b%20c&token_type=bearer&state=xyz&scope=s".into(), "a b c", "s"),
        // A whole address, an empty query, a query that ends in a slash.
        (format!("https://app.example/cb#{OK_XYZ}&scope=s"), TOKEN, "s"),
        (format!("https://app.example/cb?#{OK_XYZ}&scope=s"), TOKEN, "s"),
        (format!("https://app.example/?a=b/#{OK_XYZ}&scope=s"), TOKEN, "s"),
    ] {
        let granted = granted(&question, &input);
        assert!(granted.notes.is_empty(), "{input}: {:?}", granted.notes);
        assert_eq!(granted.scope, Some(scope(scope_text)), "{input}");
        let SuccessResponse::AccessToken(response) = granted.response else { panic!("{input}") };
        assert_eq!(response.access_token.reveal_secret(), access_token, "{input}");
        assert_eq!(response.state.unwrap().reveal_secret(), "xyz", "{input}");
        assert!(response.extra.is_empty(), "{input}");
    }
}

#[test]
// req(test): RFC6749-4.2.2-12
fn a_token_of_any_size_that_the_limit_lets_through_is_read() {
    for len in [1, 2_048, 8_192, 60_000] {
        let long = "t".repeat(len);
        let response = token(&asked(), &format!("#access_token={long}&token_type=bearer&state=xyz"));
        assert_eq!(response.access_token.reveal_secret(), long);
    }
}

#[test]
fn hash_routers_keep_their_route() {
    for (fragment, route) in [
        (OK_XYZ.to_owned(), None),
        (format!("/{OK_XYZ}"), Some("/")),
        (format!("/?{OK_XYZ}"), Some("/")),
        (format!("/cb?{OK_XYZ}"), Some("/cb")),
        (format!("/a/b;c=d&e=f?{OK_XYZ}"), Some("/a/b;c=d&e=f")),
        (format!("/cb?tab=1&{OK_XYZ}"), Some("/cb")),
        (format!("/cb?&{OK_XYZ}&x=/y?z"), Some("/cb")),
    ] {
        for input in [format!("#{fragment}"), format!("https://app.example/#{fragment}")] {
            let response = token(&asked(), &input);
            assert_eq!(response.access_token.reveal_secret(), TOKEN, "{input}");
            assert_eq!(Redirect::split(&input).route(), route, "{input}");
        }
    }
    // An offset counts from the start of the input, the route included.
    rejects(
        &asked(),
        "https://app.example/#/cb?access_token=t&token_type=bearer&»state=no",
        Reason::StateMismatch,
        Some("state"),
    );
    // The application's own places are no answers.
    for marked in [
        "https://app.example/#/cb»",
        "https://app.example/#/cb?tab=2»",
        "#/»",
        "https://app.example/#section»",
    ] {
        rejects(&asked(), marked, Reason::NoResponse, None);
    }
}

#[test]
// req(test): RFC6749-B-2
fn malformed_text_in_any_name_or_value() {
    // Each in a value and in a name; of a known parameter, of an unknown one, of one that comes after a whole answer.
    for bad in [
        "#",
        "a#b",
        "\u{0}",
        "\u{1}",
        "\n",
        "\r",
        "\t",
        "\u{7f}",
        " ",
        "a b",
        "é",
        "\u{85}",
        "\u{200b}",
        "𝄞",
        "%",
        "%2",
        "%zz",
        "%G0",
        "%A",
        "%%",
        "% 1",
        "%+1",
        "%-1",
        "%2é",
        "%FF",
        "%C3%28",
        "%C3",
        "%C0%80",
        "%ED%A0%80",
        "%F8%88%80%80%80",
        "%80",
    ] {
        let question = asked();
        rejects(
            &question,
            &format!("#»access_token={bad}&token_type=bearer&state=xyz"),
            Reason::Malformed,
            Some("access_token"),
        );
        rejects(&question, &format!("#{OK_XYZ}&»foo={bad}"), Reason::Malformed, Some("foo"));
        rejects(&question, &format!("#{OK_XYZ}&»f%20o+o={bad}&x=1"), Reason::Malformed, Some("f o o"));
        rejects(&question, &format!("#{OK_XYZ}&»={bad}"), Reason::Malformed, Some(""));
        rejects(&question, &format!("#{OK_XYZ}&»x{bad}=1"), Reason::Malformed, None);
        rejects(&question, &format!("#{OK_XYZ}&»x{bad}"), Reason::Malformed, None);
        rejects(
            &question,
            &format!("https://app.example/#/cb?»foo={bad}&{OK_XYZ}"),
            Reason::Malformed,
            Some("foo"),
        );
        // In the query too, where no `#` can be.
        if !bad.contains('#') {
            rejects(
                &question,
                &format!("https://app.example/cb?a=1&»foo={bad}#{OK_XYZ}"),
                Reason::Malformed,
                Some("foo"),
            );
            rejects(
                &question,
                &format!("https://app.example/cb?»error={bad}&state=xyz"),
                Reason::Malformed,
                Some("error"),
            );
        }
    }
    // A second `#` in a hash router's route stands in no parameter.
    rejects(&asked(), &format!("#/a»#b?{OK_XYZ}"), Reason::Malformed, None);
    // What is escaped is no control character on the wire, whatever it is afterwards.
    assert_eq!(
        pairs(&token(&asked(), &format!("#{OK_XYZ}&foo=%00%0A%7F%C2%85")).extra),
        [("foo", "\0\n\u{7f}\u{85}")]
    );
}

#[test]
fn bytes_that_are_no_text_are_malformed() {
    for (bytes, offset) in
        [(&b"#state=a\xE9"[..], 8), (b"\xFF#state=x", 0), (b"#a=\xC3", 3), (b"#a=\xED\xA0\x80", 3)]
    {
        let rejection = Rejection::from(Redirect::split_bytes(bytes).unwrap_err());
        assert_eq!(
            (rejection.reason, rejection.parameter, rejection.offset),
            (Reason::Malformed, None, offset)
        );
    }
    assert_eq!(Redirect::split_bytes("#state=é".as_bytes()).unwrap().as_str(), "#state=é");
}

#[test]
// req(test): RFC6749-3.1-8
fn an_empty_value_counts_as_absent_whatever_the_parameter() {
    let question = Question { scope: Some(scope("asked")), ..asked() };
    // Of those that may be absent, with `=` and without.
    let input = format!(
        "#{OK_XYZ}&expires_in=&scope&iss=&id_token=&error=&error_description=&error_uri&code=&refresh_token=&foo=&bar"
    );
    let granted = granted(&question, &input);
    assert_eq!(granted.scope, Some(scope("asked")));
    assert!(granted.notes.is_empty(), "{:?}", granted.notes);
    let SuccessResponse::AccessToken(response) = granted.response else { panic!() };
    assert_eq!((response.expires_in, response.scope, response.iss), (None, None, None));
    assert!(response.id_token.is_none());
    assert!(response.extra.is_empty());
    // An empty one beside one with a value is no repetition.
    assert!(
        token(&question, &format!("#state=&access_token=&{OK_XYZ}&state&foo=&foo=1&foo=")).extra.get("foo")
            == Some("1")
    );
    // An empty error beside a token, an empty token beside an error.
    assert_eq!(
        returned(&question, "#access_token=&error=access_denied&state=xyz").response.error,
        ErrorCode::ACCESS_DENIED
    );
    // An empty token or error in the query is not there either.
    token(&question, &format!("https://app.example/cb?access_token=&error=&id_token#{OK_XYZ}"));
    reject_all(
        &question,
        &[
            ("#access_token=&token_type=bearer&state=xyz»", Reason::AccessTokenMissing, Some("access_token")),
            ("#access_token=t&token_type=&state=xyz»", Reason::TokenTypeMissing, Some("token_type")),
            ("#access_token=t&token_type=bearer&state=»", Reason::StateMissing, Some("state")),
            ("#access_token=t&token_type=bearer&state»", Reason::StateMissing, Some("state")),
            ("#access_token=&error=&state=xyz»", Reason::NoResponse, None),
            ("https://app.example/cb?error=&state=xyz»", Reason::NoResponse, None),
        ],
    );
    let with_issuer = Question { issuer: Some("https://as.example".into()), ..question };
    rejects(&with_issuer, &format!("#{OK_XYZ}&iss=»"), Reason::IssuerMissing, Some("iss"));
}

#[test]
// req(test): RFC6749-3.1-11
fn a_known_parameter_may_stand_once_however_it_is_written() {
    let profile =
        Profile::STRICT.with_response_parameters(vec!["endpoint_id".into(), "own id".into()].into());
    let question = Question { profile, ..asked() };
    for name in [
        "access_token",
        "token_type",
        "expires_in",
        "scope",
        "state",
        "iss",
        "id_token",
        "error",
        "error_description",
        "error_uri",
        "code",
        "refresh_token",
        "endpoint_id",
    ] {
        let twice = Reason::DuplicateParameter;
        rejects(&question, &format!("#{name}=1&»{name}=2"), twice, Some(name));
        // The same value does not help, nor what stands between them, nor a third one.
        rejects(&question, &format!("#foo=1&{name}=1&&bar&»{name}=1&{name}=1"), twice, Some(name));
        rejects(&question, &format!("#/cb?{name}=1&»{name}=1"), twice, Some(name));
        // Escaped names are the same names, in either place.
        let escaped = format!("%{:02x}{}", name.as_bytes()[0], &name[1..]);
        rejects(&question, &format!("#{escaped}=1&»{name}=2"), twice, Some(name));
        rejects(&question, &format!("#{name}=1&»{escaped}=2"), twice, Some(name));
        // In the query, too.
        rejects(&question, &format!("https://app.example/cb?{name}=1&»{name}=2#{OK_XYZ}"), twice, Some(name));
        // Once in the query and once in the fragment is no repetition; it is judged as what it is.
        let mixed = format!("https://app.example/cb?{name}=1#{name}=1");
        let (Verdict::ResponseRejected(rejection) | Verdict::NotOurs(rejection)) = question.judge(&mixed)
        else {
            panic!("{mixed}")
        };
        assert_ne!(rejection.reason, twice, "{mixed}");
    }
    rejects(&question, "#own+id=1&»own%20id=2", Reason::DuplicateParameter, Some("own id"));
    // Case counts in names: another case is another name.
    assert_eq!(
        pairs(&token(&question, &format!("#{OK_XYZ}&State=a&STATE=b")).extra),
        [("STATE", "b"), ("State", "a")]
    );
}

#[test]
// req(test): RFC6749-3.1-11
fn a_profile_may_know_any_number_of_parameters() {
    let names: Vec<_> = (0..200).map(|number| format!("extra{number}").into()).collect();
    let question = Question { profile: Profile::STRICT.with_response_parameters(names.into()), ..asked() };
    for name in ["extra0", "extra100", "extra120", "extra199"] {
        rejects(&question, &format!("#{OK_XYZ}&{name}=1&»{name}=2"), Reason::DuplicateParameter, Some(name));
    }
}

#[test]
// req(test): RFC6749-4.2.2-11
fn an_unknown_parameter_is_ignored_and_shown() {
    let extra = |input: &str| {
        let granted = granted(&asked(), input);
        let SuccessResponse::AccessToken(response) = granted.response else { panic!("{input}") };
        let extra: Vec<_> =
            response.extra.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        (extra, granted.notes)
    };
    let own = |pairs: &[(&str, &str)]| {
        pairs.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect::<Vec<_>>()
    };
    for (more, expected, notes) in [
        ("session_state=a.b&foo=b%20ar", &[("foo", "b ar"), ("session_state", "a.b")][..], &[][..]),
        // Names that other languages trip over, and names that almost are known ones.
        (
            "__proto__=1&hasOwnProperty=2&constructor=3",
            &[("__proto__", "1"), ("constructor", "3"), ("hasOwnProperty", "2")],
            &[],
        ),
        (
            "access_token[0]=1&Access_Token=2&access_token%20=3",
            &[("Access_Token", "2"), ("access_token ", "3"), ("access_token[0]", "1")],
            &[],
        ),
        ("a;b=1;c=2", &[("a;b", "1;c=2")], &[]),
        (
            "client_id=x&response_type=token&nonce=n",
            &[("client_id", "x"), ("nonce", "n"), ("response_type", "token")],
            &[],
        ),
        // Twice: nobody can tell which is meant.
        ("foo=1&bar=2&foo=1", &[("bar", "2")], &[Note::UnknownParameterRepeated]),
        ("foo=1&foo=2&foo=3", &[], &[Note::UnknownParameterRepeated]),
        ("f%6fo=1&fo%6F=2&b=1&b=2", &[], &[Note::UnknownParameterRepeated]),
        ("foo=1&foo=&foo", &[("foo", "1")], &[]),
    ] {
        let (got, got_notes) = extra(&format!("#{OK_XYZ}&{more}"));
        assert_eq!(got, own(expected), "{more}");
        assert_eq!(got_notes, notes, "{more}");
        // Wherever they stand.
        assert_eq!(extra(&format!("#{more}&{OK_XYZ}")), (got, got_notes), "{more}");
    }
    // Beside an error, too.
    let returned = returned(&asked(), "#error=access_denied&state=xyz&hint=login&x=1&x=2");
    assert_eq!(pairs(&returned.response.extra), [("hint", "login")]);
    assert_eq!(returned.notes, [Note::UnknownParameterRepeated]);
    // A profile's own parameters are extras as well; they just may not be repeated.
    let profile = Profile::STRICT.with_response_parameters(vec!["endpoint_id".into()].into());
    let response = token(&Question { profile, ..asked() }, &format!("#{OK_XYZ}&endpoint_id=abc"));
    assert_eq!(pairs(&response.extra), [("endpoint_id", "abc")]);
}

/// Where a profile lifts the limits, each of many costs what one of a few does: a hundred thousand that come in the worst
/// order are there at once, and would take a minute if each had to make room for itself.
#[test]
fn many_unknown_parameters_are_shown_in_no_time() {
    let limits = Limits { max_len: usize::MAX, max_parameters: usize::MAX };
    let question = Question { profile: Profile::STRICT.with_limits(limits), ..asked() };
    let many: String =
        (0..100_000).rev().map(|at| format!("&p{at:06}=1&twice{at:06}=1&twice{at:06}=1")).collect();
    let extra = token(&question, &format!("#{OK_XYZ}{many}")).extra;
    assert_eq!(extra.iter().count(), 100_000);
    assert!(extra.iter().all(|(name, _)| name.starts_with('p')));
}

#[test]
fn no_extra_has_an_empty_name() {
    let response = token(&asked(), &format!("#{OK_XYZ}&=x"));
    assert_eq!(pairs(&response.extra), [], "`Extra` says that no name in it is empty");
    assert!(!Extra::default().add("", "x"));
}

#[test]
fn code_and_refresh_token_are_never_surfaced() {
    for (more, notes) in [
        ("code=EVIL-CODE", &[Note::CodeIgnored][..]),
        ("refresh_token=r", &[Note::RefreshTokenIgnored]),
        ("c%6Fde=EVIL-CODE&refresh_token=r", &[Note::CodeIgnored, Note::RefreshTokenIgnored]),
    ] {
        for input in [format!("#{OK_XYZ}&{more}"), format!("#{more}&{OK_XYZ}")] {
            let granted = granted(&asked(), &input);
            assert_eq!(granted.notes, notes, "{input}");
            assert!(!format!("{granted:?}").contains("EVIL"), "{input}");
            let SuccessResponse::AccessToken(response) = granted.response else { panic!() };
            assert!(response.extra.is_empty(), "{input}");
            assert_eq!(response.access_token.reveal_secret(), TOKEN, "{input}");
        }
        let returned = returned(&asked(), &format!("#{more}&error=access_denied&state=xyz"));
        assert_eq!(returned.notes, notes, "{more}");
        assert!(returned.response.extra.is_empty(), "{more}");
        // They do not make an answer.
        rejects(&asked(), &format!("#{more}&state=xyz»"), Reason::NoResponse, None);
        rejects(&asked(), &format!("https://app.example/cb?{more}&state=xyz»"), Reason::NoResponse, None);
    }
}

#[test]
fn whoever_does_not_ask_what_is_wrong_reads_the_same() {
    for input in [
        "",
        "#",
        "#a=1",
        &format!("https://app.example/cb?q=1#{OK_XYZ}"),
        "#a=1&a",
        "#a=%",
        "#state=1&state=2",
    ] {
        let redirect = Redirect::split(input);
        let token = |parameters: RedirectParameters<'_>| {
            let token = parameters.fragment.get(ResponseParameter::AccessToken);
            let state = parameters.fragment.get(ResponseParameter::State);
            [token, state].map(|pair| pair.map(|pair| pair.value.raw().to_owned()))
        };
        let told = redirect.parameters(&Limits::DEFAULT, &[]).ok().map(token);
        assert_eq!(redirect.sound_parameters(&Limits::DEFAULT, &[]).map(token), told, "{input}");
    }
}

#[test]
fn limits_are_exact() {
    let limits = Limits::DEFAULT;
    assert_eq!((limits.max_len, limits.max_parameters), (65_536, 64), "as the documentation says");
    assert_eq!((limits.max_len, limits.max_parameters), (64 * 1024, 64));
    // Length: of the whole input, in bytes.
    let padded = |len: usize| {
        let start = format!("https://app.example/cb#{OK_XYZ}&pad=");
        format!("{start}{}", "x".repeat(len - start.len()))
    };
    token(&asked(), &padded(65_535));
    token(&asked(), &padded(65_536));
    let over = padded(65_537);
    let (at, rest) = over.split_at(65_536);
    rejects(&asked(), &format!("{at}»{rest}"), Reason::TooLong, None);
    // Count: of both parts together; empty ones do not count.
    let many = |count: usize| (0..count).map(|number| format!("&p{number}=1")).collect::<String>();
    token(&asked(), &format!("#{OK_XYZ}{}", many(61)));
    token(&asked(), &format!("#{OK_XYZ}{}&&&&", many(61)));
    rejects(&asked(), &format!("#{OK_XYZ}{}&»last=1", many(61)), Reason::TooManyParameters, None);
    rejects(&asked(), &format!("#{OK_XYZ}{}&»last", many(61)), Reason::TooManyParameters, None);
    rejects(&asked(), &format!("#{OK_XYZ}{}&»a=1&b=2&c=3", many(61)), Reason::TooManyParameters, None);
    token(&asked(), &format!("https://app.example/cb?a=1{}#{OK_XYZ}", many(60)));
    rejects(
        &asked(),
        &format!("https://app.example/cb?a=1{}#access_token=t&token_type=bearer&»state=xyz", many(61)),
        Reason::TooManyParameters,
        None,
    );
    rejects(
        &asked(),
        &format!("https://app.example/cb?a=1{}&»b=1#{OK_XYZ}", many(63)),
        Reason::TooManyParameters,
        None,
    );
    // They are settings.
    let question = Question {
        profile: Profile::STRICT.with_limits(Limits { max_len: 20, max_parameters: 1 }),
        ..asked()
    };
    rejects(&question, "#state=xyz&»error=1", Reason::TooManyParameters, None);
    rejects(&question, "#error=1&state=xyz12»3", Reason::TooLong, None);
}
