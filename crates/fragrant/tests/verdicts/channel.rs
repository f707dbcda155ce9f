//! Where in the address the answer stands, and whether there is one.

use super::*;

#[test]
fn an_error_and_a_token_contradict() {
    let name = |name| Some(name);
    reject_all(
        &asked(),
        &[
            (
                "#access_token=t&token_type=bearer&state=xyz&»error=access_denied",
                Reason::ErrorAndToken,
                name("error"),
            ),
            (
                "#error=access_denied&state=xyz&»access_token=t&token_type=bearer",
                Reason::ErrorAndToken,
                name("access_token"),
            ),
            ("#id_token=i&»error=access_denied&state=xyz", Reason::ErrorAndToken, name("error")),
            ("#error=access_denied&»id_token=i&state=xyz", Reason::ErrorAndToken, name("id_token")),
            ("#/cb?access_token=t&»err%6Fr=x&state=xyz", Reason::ErrorAndToken, name("error")),
            // A bad token or a bad error is one all the same, and so is a wrong state.
            ("#access_token=%0A&»error=%22&state=no", Reason::ErrorAndToken, name("error")),
        ],
    );
    // The leftmost contradiction, whichever tokens there are.
    reject_all(
        &asked(),
        &[
            ("#access_token=t&»error=e&id_token=i&state=xyz", Reason::ErrorAndToken, name("error")),
            ("#error=e&»access_token=t&id_token=i&state=xyz", Reason::ErrorAndToken, name("access_token")),
        ],
    );
}

#[test]
fn of_two_tokens_the_one_nearer_to_the_error_contradicts() {
    rejects(&asked(), "#id_token=i&»error=e&access_token=t&state=xyz", Reason::ErrorAndToken, Some("error"));
    rejects(
        &asked(),
        "#error=e&»id_token=i&access_token=t&state=xyz",
        Reason::ErrorAndToken,
        Some("id_token"),
    );
}

#[test]
// req(test): RFC9700-4.3.2-1, OAUTHRESP-2.2-2
fn a_token_in_the_query_is_refused() {
    for name in ["access_token", "id_token", "access%5Ftoken", "%69d_token"] {
        let decoded = name.replace("%5F", "_").replace("%69", "i");
        for marked in [
            format!("https://app.example/cb?»{name}=t&token_type=bearer&state=xyz"),
            format!("https://app.example/cb?state=xyz&token_type=bearer&»{name}=t#"),
            format!("?»{name}=t"),
            // A valid token in the fragment beside it does not save it, nor does an error, here or there.
            format!("https://app.example/cb?»{name}=t#{OK_XYZ}"),
            format!("https://app.example/cb?»{name}=t#error=access_denied&state=xyz"),
            format!("https://app.example/cb?error=access_denied&»{name}=t&state=xyz"),
            format!("https://app.example/cb?»{name}=t&error=access_denied&state=xyz#/route"),
        ] {
            rejects(&asked(), &marked, Reason::TokenInQuery, Some(&decoded));
        }
        // It is the client's own redirection URI that it came to.
        rejects(
            &asked_at("https://app.example/cb?keep=1"),
            &format!("https://app.example/cb?keep=1&»{name}=t"),
            Reason::TokenInQuery,
            Some(&decoded),
        );
    }
    rejects(
        &asked(),
        "https://app.example/cb?»id_token=i&access_token=t",
        Reason::TokenInQuery,
        Some("id_token"),
    );
}

#[test]
fn an_error_in_the_query_is_an_error_outcome() {
    for input in [
        "https://app.example/cb?error=access_denied&state=xyz",
        "https://app.example/cb?state=xyz&error=access_denied#",
        "https://app.example/cb?error=access_denied&state=xyz#_=_",
        "https://app.example/cb?error=access_denied&state=xyz#_",
        "https://app.example/cb?error=access_denied&state=xyz#/route",
        "https://app.example/cb?error=access_denied&state=xyz#/route?tab=1",
        "https://app.example/cb?error=access_denied&state=xyz#state=other",
        "https://app.example/cb?error=access_denied&state=xyz#code=c&refresh_token=r",
        "com.example.app:/cb?error=access_denied&state=xyz",
        "?error=access_denied&state=xyz",
    ] {
        let returned = returned(&asked(), input);
        assert_eq!(returned.channel, Channel::Query, "{input}");
        assert_eq!(returned.response.error, ErrorCode::ACCESS_DENIED, "{input}");
        assert_eq!(returned.response.state.unwrap().reveal_secret(), "xyz", "{input}");
        assert!(returned.notes.is_empty(), "{input}");
    }
    let full = "https://app.example/cb?error=server_error&error_description=Missing+response_type+parameter.&error_uri=https://as.example/e%231&iss=https%3A%2F%2Fas.example&state=xyz&hint=h&code=c";
    let returned = returned(&Question { issuer: Some("https://as.example".into()), ..asked() }, full);
    assert_eq!(returned.channel.as_str(), "query");
    assert_eq!(returned.response.description.unwrap().as_str(), "Missing response_type parameter.");
    assert_eq!(returned.response.uri.unwrap().as_str(), "https://as.example/e#1");
    assert_eq!(returned.response.iss.unwrap().as_str(), "https://as.example");
    assert_eq!(returned.response.extra.get("hint"), Some("h"));
    assert_eq!(returned.notes, [Note::CodeIgnored]);
    // It is judged as any other error is.
    reject_all(
        &asked(),
        &[
            ("https://app.example/cb?error=access_denied»", Reason::StateMissing, Some("state")),
            ("https://app.example/cb?error=access_denied#state=xyz»", Reason::StateMissing, Some("state")),
            ("https://app.example/cb?error=access_denied&»state=no", Reason::StateMismatch, Some("state")),
            ("https://app.example/cb?»error=%22&state=xyz", Reason::ErrorInvalid, Some("error")),
            // Without a code it is none.
            ("https://app.example/cb?error_description=no+way&state=xyz»", Reason::NoResponse, None),
            (
                "https://app.example/cb?token_type=bearer&expires_in=1&iss=https://as.example&state=xyz»",
                Reason::NoResponse,
                None,
            ),
        ],
    );
}

#[test]
// req(test): OAUTHRESP-2.2-2
fn beside_a_query_error_the_fragment_decides() {
    let granted =
        granted(&asked(), &format!("https://app.example/cb?error=access_denied&state=no&code=c#{OK_XYZ}"));
    assert_eq!(granted.notes, [Note::QueryErrorIgnored]);
    // Nothing of the query is mixed into it, not even a bad error.
    let error = returned(
        &asked(),
        "https://app.example/cb?error=%22&error_description=q&hint=q#error=login_required&state=xyz",
    );
    assert_eq!(error.channel, Channel::Fragment);
    assert_eq!(error.response.error, ErrorCode::LOGIN_REQUIRED);
    assert_eq!(error.response.description, None);
    assert!(error.response.extra.is_empty());
    assert_eq!(error.notes, [Note::QueryErrorIgnored]);
    reject_all(
        &asked(),
        &[
            (
                "https://app.example/cb?error=access_denied&state=xyz#access_token=t&token_type=bearer»",
                Reason::StateMissing,
                Some("state"),
            ),
            (
                "https://app.example/cb?error=access_denied&state=xyz#»error=%22&state=xyz",
                Reason::ErrorInvalid,
                Some("error"),
            ),
            (
                "https://app.example/cb?error=access_denied&state=xyz#expires_in=1&state=xyz»",
                Reason::AccessTokenMissing,
                Some("access_token"),
            ),
        ],
    );
}

#[test]
fn an_address_without_an_answer_is_not_ours() {
    for marked in [
        "»",
        "#»",
        "?»",
        "?#»",
        "#&»",
        "#&&&»",
        "#=»",
        "https://app.example/»",
        "https://app.example/cb?keep=1»",
        "https://app.example/cb?keep=1#»",
        "https://app.example/#section»",
        "https://app.example/#_=_»",
        "#_»",
        "#/»",
        "#/route»",
        "#/route?tab=1»",
        // `state` alone is none, nor is what belongs to other grants, nor what nobody knows.
        "#state=xyz»",
        "#state=other»",
        "https://app.example/cb?state=xyz»",
        "#code=c&state=xyz»",
        "#refresh_token=r»",
        "#foo=bar&state=xyz»",
        "#=access_token»",
        "#Access_Token=t&ERROR=e»",
        "#token=t&state=xyz»",
        "#?access_token=t&foo»",
        "#access_token»",
        // What begins with neither `#` nor `?` is an address.
        "access_token=t&token_type=bearer&state=xyz»",
    ] {
        rejects(&asked(), marked, Reason::NoResponse, None);
        // Wherever the client expected one, and however late it is.
        let strict = Question {
            issuer: Some("https://as.example".into()),
            end: Some(Timestamp::from_unix_seconds(0)),
            ..asked_at("https://app.example/cb")
        };
        rejects(&strict, marked, Reason::NoResponse, None);
    }
    // Any other parameter makes an answer, if a bad one.
    let missing = Reason::AccessTokenMissing;
    for answer in [
        "token_type=bearer",
        "expires_in=1",
        "scope=a",
        "iss=https://as.example",
        "error_description=only",
        "error_uri=/e",
    ] {
        rejects(&asked(), &format!("#{answer}&state=xyz»"), missing, Some("access_token"));
    }
}

#[test]
fn an_address_holds_an_answer_or_none_whoever_asked_and_whether_it_is_sound_or_not() {
    for (input, is_answer) in [
        ("https://app.example/cb#access_token=t&token_type=bearer&state=xyz", true),
        ("https://app.example/cb#error=access_denied", true),
        ("https://app.example/cb?error=access_denied&state=xyz", true),
        ("https://app.example/cb#access_token=%zz", true),
        ("https://app.example/?from=a#/route?access_token=t", true),
        ("https://app.example/", false),
        ("https://app.example/?from=a#/calls", false),
        ("https://app.example/#/state=calls", false),
        ("https://app.example/cb#error=", false),
        // What cannot be read is an answer if it names a token or an error, and the application's own if it does not.
        ("https://app.example/cb?q=50%#access_token=t", true),
        ("https://app.example/#/docs#access_token=t", true),
        ("https://app.example/cb#!/cb?error=x&q=50%", true),
        ("https://app.example/cb#state=a&state=b&id_token=%zz", true),
        ("https://app.example/?state=open&q=50%", false),
        ("https://app.example/?state=open&state=closed", false),
        ("https://app.example/#100%", false),
        ("https://app.example/#/docs#install", false),
        (&format!("https://app.example/#{}&access_token=t", "a".repeat(70_000)), true),
        (&format!("https://app.example/#{}", "a".repeat(70_000)), false),
        (&format!("https://app.example/#{}", "a=b&".repeat(2000)), false),
    ] {
        assert_eq!(rules::is_answer(&Redirect::split(input), &Profile::STRICT), is_answer, "{input}");
    }
}
