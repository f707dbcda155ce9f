//! What the answer says: tokens, lifetimes, scopes, errors.

use super::*;

#[test]
// req(test): RFC6749-A.12-1
fn the_access_token_is_there_and_printable() {
    reject_all(
        &asked(),
        &[
            (
                "#token_type=bearer&expires_in=3600&state=xyz»",
                Reason::AccessTokenMissing,
                Some("access_token"),
            ),
            ("#id_token=i&token_type=bearer&state=xyz»", Reason::AccessTokenMissing, Some("access_token")),
            (
                "https://app.example/#/cb?token_type=bearer&state=xyz»",
                Reason::AccessTokenMissing,
                Some("access_token"),
            ),
        ],
    );
    for bad in ["%0A", "a%0D%0Ab", "%00", "a%7F", "%C3%A9", "%E2%80%8B", "%C2%A0", "%09", "t%F0%9D%84%9E"] {
        rejects(
            &asked(),
            &format!("#state=xyz&»access_token={bad}&token_type=bearer"),
            Reason::AccessTokenInvalid,
            Some("access_token"),
        );
    }
    // Printable is enough to be read; only what b64token holds can be sent later.
    for (raw, text, can_be_sent) in [
        ("%20", " ", false),
        ("%22%5C", "\"\\", false),
        ("%7E", "~", true),
        ("a.b-c_d%2B/==", "a.b-c_d+/==", true),
    ] {
        let response = token(&asked(), &format!("#access_token={raw}&token_type=bearer&state=xyz"));
        assert_eq!(response.access_token.reveal_secret(), text);
        assert_eq!(response.access_token.is_b64token(), can_be_sent, "{text}");
    }
}

#[test]
// req(test): RFC6749-7.1-1, RFC6749-4.2.2-4
fn the_token_type_is_one_that_the_client_supports() {
    for written in ["bearer", "Bearer", "BEARER", "bEaReR", "b%65arer"] {
        let response = token(&asked(), &format!("#access_token=t&token_type={written}&state=xyz"));
        assert_eq!(response.token_type, TokenType::BEARER, "{written}");
    }
    rejects(
        &asked(),
        "#access_token=t&state=xyz&expires_in=1»",
        Reason::TokenTypeMissing,
        Some("token_type"),
    );
    for other in [
        "mac",
        "DPoP",
        "example",
        "bearer2",
        "bearer+",
        "+bearer",
        "Bearer%00",
        "N_A",
        "urn:x:y",
        "%22",
        "bearex",
        "BEAREX",
        "b%C3%A9arer",
        "%EF%BD%82earer",
    ] {
        rejects(
            &asked(),
            &format!("#access_token=t&»token_type={other}&state=xyz"),
            Reason::TokenTypeUnsupported,
            Some("token_type"),
        );
    }
}

#[test]
fn a_profile_may_forgive_a_missing_token_type_and_nothing_else() {
    let question = Question { profile: Profile::STRICT.forgive_missing_token_type(), ..asked() };
    for input in ["#access_token=t&state=xyz", "#access_token=t&token_type=&state=xyz"] {
        let granted = granted(&question, input);
        assert_eq!(granted.notes, [Note::TokenTypeMissing]);
        let SuccessResponse::AccessToken(response) = granted.response else { panic!() };
        assert_eq!(response.token_type, TokenType::BEARER);
    }
    assert!(granted(&question, &format!("#{OK_XYZ}")).notes.is_empty());
    rejects(
        &question,
        "#access_token=t&»token_type=mac&state=xyz",
        Reason::TokenTypeUnsupported,
        Some("token_type"),
    );
    rejects(
        &question,
        "#token_type=&expires_in=1&state=xyz»",
        Reason::AccessTokenMissing,
        Some("access_token"),
    );
}

#[test]
// req(test): RFC6749-A.14-1
fn expires_in_is_a_whole_number_of_seconds() {
    for (raw, seconds) in [
        ("3600", 3600),
        ("0", 0),
        ("0003600", 3600),
        ("%33600", 3600),
        ("2147483648", 1 << 31),
        ("9223372036854775808", 1 << 63),
        ("18446744073709551615", u64::MAX),
        ("0000000000000000000000000000000000000000001", 1),
    ] {
        let response = token(&asked(), &format!("#{OK_XYZ}&expires_in={raw}"));
        assert_eq!(response.expires_in.unwrap().as_seconds(), seconds, "{raw}");
    }
    // Zero has already ended; a moment saturates.
    let lifetime = |raw: &str| token(&asked(), &format!("#{OK_XYZ}&expires_in={raw}")).expires_in.unwrap();
    let now = asked().now;
    assert!(lifetime("0").expiry(now).is_past(now));
    assert_eq!(lifetime("18446744073709551615").expiry(now).moment(), Timestamp::MAX);
    assert_eq!(token(&asked(), &format!("#{OK_XYZ}")).expires_in, None);
    for bad in [
        "-1",
        "-10",
        "%2B1",
        "+1",
        "1+",
        "3600.0",
        "3600,5",
        "1e3",
        "0x10",
        "3600s",
        "foo",
        "never",
        "NaN",
        "Infinity",
        "18446744073709551616",
        "99999999999999999999999",
        "%D9%A3",
        "1%00",
        "3600%0A",
        "1_000",
        "3600scope=a",
        "%20",
    ] {
        rejects(
            &asked(),
            &format!("#{OK_XYZ}&»expires_in={bad}"),
            Reason::ExpiresInInvalid,
            Some("expires_in"),
        );
    }
}

#[test]
// req(test): RFC6749-3.3-1, RFC6749-3.3-7, RFC6749-A.4-1
fn scope_keeps_its_grammar_and_absent_means_as_requested() {
    let question = Question { scope: Some(scope("read write")), ..asked() };
    // Absent: the requested one, and the message itself names none.
    let absent = granted(&question, &format!("#{OK_XYZ}"));
    assert_eq!(absent.scope, Some(scope("read write")));
    let SuccessResponse::AccessToken(response) = absent.response else { panic!() };
    assert_eq!(response.scope, None);
    assert_eq!(granted(&asked(), &format!("#{OK_XYZ}")).scope, None);
    // A difference is data: less, more, other, reordered, repeated names.
    for text in [
        "read",
        "read write admin",
        "other",
        "write read",
        "read read",
        "Read Write",
        "a,b",
        "!#$%&'()*+,-./:;<=>?@[]^_`{|}~",
    ] {
        let encoded: String =
            text.bytes().map(|byte| if byte == b' ' { "+".into() } else { format!("%{byte:02X}") }).collect();
        for question in [&question, &asked()] {
            let granted = granted(question, &format!("#{OK_XYZ}&scope={encoded}"));
            assert_eq!(granted.scope, Some(scope(text)), "{text}");
            assert!(granted.notes.is_empty());
        }
    }
    for bad in [
        "+",
        "%20",
        "read+",
        "+read",
        "read++write",
        "read%20+write",
        "a%22b",
        "a%5Cb",
        "%C3%A9",
        "a%09b",
        "a%0Ab",
        "%00",
    ] {
        rejects(&question, &format!("#{OK_XYZ}&»scope={bad}"), Reason::ScopeInvalid, Some("scope"));
    }
}

#[test]
// req(test): OIDC-3.2.2.5-4
fn the_response_type_says_which_tokens_there_must_be() {
    let both = Question { response_type: ResponseType::ID_TOKEN_TOKEN, ..asked() };
    let only_id = Question { response_type: ResponseType::ID_TOKEN, ..asked() };
    // `token`: an ID token that was not asked for is left aside.
    let plain = granted(&asked(), &format!("#{OK_XYZ}&id_token=%0A"));
    assert_eq!(plain.notes, [Note::IdTokenUnrequested]);
    let SuccessResponse::AccessToken(response) = plain.response else { panic!() };
    assert!(response.id_token.is_none());
    // `id_token token`
    for order in ["id_token token", "token id_token"] {
        let question = Question { response_type: ResponseType::new(order).unwrap(), ..asked() };
        let response = token(&question, &format!("#id_token=eyJh.eyJz.c2ln&{OK_XYZ}"));
        assert_eq!(response.id_token.unwrap().reveal_secret(), "eyJh.eyJz.c2ln");
    }
    reject_all(
        &both,
        &[
            ("#access_token=t&token_type=bearer&state=xyz»", Reason::IdTokenMissing, Some("id_token")),
            ("#id_token=i&state=xyz»", Reason::AccessTokenMissing, Some("access_token")),
            ("#id_token=i&access_token=t&state=xyz»", Reason::TokenTypeMissing, Some("token_type")),
            (
                "#access_token=t&»id_token=%0A&token_type=bearer&state=xyz",
                Reason::IdTokenInvalid,
                Some("id_token"),
            ),
            (
                "#»id_token=%C3%A9&access_token=%0A&token_type=bearer&state=xyz",
                Reason::IdTokenInvalid,
                Some("id_token"),
            ),
            (
                "#»access_token=%0A&id_token=%C3%A9&token_type=bearer&state=xyz",
                Reason::AccessTokenInvalid,
                Some("access_token"),
            ),
        ],
    );
    // `id_token`: carried unread, whatever is in it; an access token that was not asked for is left aside.
    for text in ["eyJh.eyJz.c2ln", "not-a-jwt", "..", "a.b.c.d"] {
        assert_eq!(id_token(&only_id, &format!("#id_token={text}&state=xyz")).id_token.reveal_secret(), text);
    }
    assert_eq!(granted(&only_id, &format!("#id_token=i&{OK_XYZ}")).notes, [Note::AccessTokenUnrequested]);
    reject_all(
        &only_id,
        &[
            ("#access_token=t&token_type=bearer&state=xyz»", Reason::IdTokenMissing, Some("id_token")),
            ("#»id_token=%20%0A&state=xyz", Reason::IdTokenInvalid, Some("id_token")),
            ("#id_token=i»", Reason::StateMissing, Some("state")),
            ("#id_token=i&»state=no", Reason::StateMismatch, Some("state")),
        ],
    );
    // An error answers each of them.
    for question in [asked(), both, only_id] {
        assert_eq!(
            returned(&question, "#error=login_required&state=xyz").response.error,
            ErrorCode::LOGIN_REQUIRED
        );
    }
}

#[test]
// req(test): RFC6749-3.3-7
fn a_scope_beside_an_id_token_alone_is_told() {
    let question =
        Question { response_type: ResponseType::ID_TOKEN, scope: Some(scope("openid")), ..asked() };
    assert_eq!(granted(&question, "#id_token=i&state=xyz").scope, Some(scope("openid")));
    assert_eq!(
        granted(&question, "#scope=openid+read&id_token=i&state=xyz").scope,
        Some(scope("openid read"))
    );
}

#[test]
// req(test): RFC6749-A.7-1, RFC6749-4.2.2.1-8
fn an_error_code_keeps_its_grammar_and_the_vocabulary_is_open() {
    for code in ErrorCode::NAMED {
        let returned = returned(&asked(), &format!("#error={code}&state=xyz"));
        assert_eq!(&returned.response.error, code);
        assert_eq!(returned.channel, Channel::Fragment);
    }
    for (raw, text) in [
        ("OAU-113", "OAU-113"),
        ("Access_Denied", "Access_Denied"),
        ("no+such+code", "no such code"),
        ("%21~", "!~"),
        ("<script>", "<script>"),
    ] {
        assert_eq!(returned(&asked(), &format!("#error={raw}&state=xyz")).response.error.as_str(), text);
    }
    for bad in ["%22", "a%5Cb", "%C3%A9", "%0A", "a%00", "%7F"] {
        rejects(
            &asked(),
            &format!("#error_description=d&»error={bad}&state=xyz"),
            Reason::ErrorInvalid,
            Some("error"),
        );
        rejects(
            &asked(),
            &format!("https://app.example/cb?state=xyz&»error={bad}"),
            Reason::ErrorInvalid,
            Some("error"),
        );
    }
}

#[test]
// req(test): RFC6749-A.8-1, RFC6749-A.9-1
fn a_bad_description_or_address_never_loses_the_error() {
    for (more, description, uri, notes) in [
        ("error_description=The+user+said+no.", Some("The user said no."), None, &[][..]),
        (
            "error_description=a%20b:c&error_uri=https://as.example/e?x%23y",
            Some("a b:c"),
            Some("https://as.example/e?x#y"),
            &[],
        ),
        ("error_uri=/relative", None, Some("/relative"), &[]),
        ("error_description=%22quoted%22", None, None, &[Note::ErrorDescriptionInvalid]),
        ("error_description=caf%C3%A9", None, None, &[Note::ErrorDescriptionInvalid]),
        ("error_description=a%0D%0AInjected:+x", None, None, &[Note::ErrorDescriptionInvalid]),
        ("error_uri=two+words", None, None, &[Note::ErrorUriInvalid]),
        ("error_uri=%3Ca%3E", None, None, &[Note::ErrorUriInvalid]),
        ("error_uri=%25zz", None, None, &[Note::ErrorUriInvalid]),
        (
            "error_uri=%0A&error_description=%5C",
            None,
            None,
            &[Note::ErrorDescriptionInvalid, Note::ErrorUriInvalid],
        ),
        ("error_description=&error_uri=", None, None, &[]),
    ] {
        for input in [
            format!("#error=server_error&{more}&state=xyz"),
            format!("https://app.example/cb?{more}&state=xyz&error=server_error"),
        ] {
            let returned = returned(&asked(), &input);
            assert_eq!(returned.response.error, ErrorCode::SERVER_ERROR, "{input}");
            assert_eq!(
                returned.response.description.as_ref().map(|text| text.as_str()),
                description,
                "{input}"
            );
            assert_eq!(returned.response.uri.as_ref().map(|uri| uri.as_str()), uri, "{input}");
            assert_eq!(returned.notes, notes, "{input}");
        }
    }
    // Beside a token they mean nothing.
    assert!(granted(&asked(), &format!("#{OK_XYZ}&error_description=%22&error_uri=%22")).notes.is_empty());
}
