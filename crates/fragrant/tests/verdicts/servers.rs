//! What real servers answered when they were run, and what real clients have been fed. Tokens are invented.

use super::*;

/// The redirection URI of the runs.
const CB: &str = "http://127.0.0.1:18200/cb";

#[test]
#[rustfmt::skip] // an answer a line
fn successes_of_real_servers() {
    judge_all(
        &asked_at(CB),
        &[
            ("DOT", "CB#access_token=pW6q0zLd3k9nYb1cVf8xJt&expires_in=3600&token_type=Bearer&scope=read+write&state=xyz", "token, 3600, read write"),
            ("oauthlib", "CB#access_token=kM2s7uXa4p0eRh5wTg6yLd&expires_in=3600&token_type=Bearer&scope=read+write&state=xyz", "token, 3600, read write"),
            ("Authlib", "CB#token_type=Bearer&access_token=vB9d1fGh2jK3lMn4bVc5xZ&expires_in=3600&scope=read+write&state=xyz", "token, 3600, read write"),
            ("oauth2orize", "CB#access_token=qQ%2FwE%2BrT%3D%3D&expires_in=3600&scope=read%20write&token_type=Bearer&state=xyz", "token, 3600, read write"),
            ("Glewlwyd", "CB#access_token=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ1In0.c2ln&token_type=bearer&expires_in=3600&scope=read&state=xyz", "token, 3600, read"),
            ("osin", "CB#access_token=aB-cD_eF&expires_in=3600&scope=read+write&state=xyz&token_type=Bearer", "token, 3600, read write"),
            ("osin, scope echoed", "CB#access_token=aB-cD_eF&expires_in=3600&scope=read++write+&state=xyz&token_type=Bearer", "scope_invalid"),
            ("oauth2orize, scope echoed", "CB#access_token=a&expires_in=3600&scope=read%20%20write%20&token_type=Bearer&state=xyz", "scope_invalid"),
            ("jmondi, query mode", "CB?access_token=eyJhbGciOiJIUzI1NiJ9.e30.c2ln&token_type=Bearer&expires_in=3599&state=xyz", "token_in_query"),
            ("jmondi, fragment mode", "CB#access_token=eyJhbGciOiJIUzI1NiJ9.e30.c2ln&token_type=Bearer&expires_in=3599&state=xyz", "token, 3599, -"),
            ("oauthlib, response_mode=query", "CB?access_token=kM2s7uXa&expires_in=3600&token_type=Bearer&scope=read+write&state=xyz", "token_in_query"),
            // Repeated state in the request: echoed twice, or joined.
            ("oauth2orize, state twice", "CB#access_token=a&expires_in=3600&token_type=Bearer&state=xyz&state=second", "duplicate_parameter"),
            ("Glewlwyd, state twice", "CB#access_token=a&token_type=bearer&expires_in=3600&state=xyz,second", "state_mismatch"),
            ("jmondi, state twice", "CB#access_token=a&token_type=Bearer&expires_in=3599&state=xyz%2Csecond", "state_mismatch"),
        ],
    );
    judge_all(
        &Question { scope: Some(scope("read write")), ..asked_at("http://127.0.0.1:18200/cb?keep=1") },
        &[
            ("all, own query kept", "CB#access_token=a&expires_in=3600&token_type=Bearer&state=xyz", "token, 3600, read write"),
            ("DOT, own query and error", "CB&error=access_denied&state=xyz", "query access_denied"),
            ("own query lost", "http://127.0.0.1:18200/cb#access_token=a&token_type=Bearer&state=xyz", "redirect_uri_mismatch"),
        ],
    );
}

#[test]
#[rustfmt::skip] // an answer a line
fn openid_successes_of_real_servers() {
    judge_all(
        &Question { response_type: ResponseType::ID_TOKEN_TOKEN, ..asked_at(CB) },
        &[
            ("DOT", "CB#access_token=pW6q0zLd&expires_in=3600&token_type=Bearer&scope=openid+read+write&state=xyz&id_token=eyJh.eyJz.c2ln", "id_token token, 3600, openid read write"),
            ("Authlib", "CB#token_type=Bearer&access_token=vB9d1fGh&expires_in=3600&scope=openid+read+write&id_token=eyJh.eyJz.c2ln&state=xyz", "id_token token, 3600, openid read write"),
            ("oidc-provider", "CB#id_token=eyJh.eyJz.c2ln&access_token=hX-y_Z&expires_in=3600&token_type=Bearer&scope=openid&state=xyz", "id_token token, 3600, openid"),
            ("oauth2orize", "CB#access_token=qQ%2FwE&expires_in=3600&scope=openid%20read%20write&token_type=Bearer&state=xyz&id_token=eyJh.eyJz.c2ln", "id_token token, 3600, openid read write"),
            ("django-oidc-provider", "CB#access_token=5f0c&id_token=eyJh.eyJz.c2ln&token_type=bearer&expires_in=3600&state=xyz", "id_token token, 3600, -"),
            ("Authlib, response_mode=query", "CB?token_type=Bearer&access_token=vB9d&id_token=eyJh.eyJz.c2ln&state=xyz", "token_in_query"),
        ],
    );
    judge_all(
        &Question { response_type: ResponseType::ID_TOKEN, ..asked_at(CB) },
        &[
            ("DOT", "CB#state=xyz&id_token=eyJh.eyJz.c2ln", "id_token, -, -"),
            ("oidc-provider", "CB#id_token=eyJh.eyJz.c2ln&state=xyz", "id_token, -, -"),
            ("django-oidc-provider", "CB#id_token=eyJh.eyJz.c2ln&token_type=bearer&expires_in=3600&state=xyz", "id_token, -, -"),
        ],
    );
    // With its issuer known, as its metadata announce it: it names itself in errors, and not beside an ID token.
    let strict = Question {
        response_type: ResponseType::ID_TOKEN,
        issuer: Some("http://127.0.0.1:18104".into()),
        ..asked_at(CB)
    };
    judge_all(&strict, &[("oidc-provider", "CB#id_token=eyJh.eyJz.c2ln&state=xyz", "issuer_missing")]);
    let profile = Profile::STRICT.dangerously_forgive_missing_issuer_beside_id_token();
    let question = Question { profile, ..strict };
    judge_all(
        &question,
        &[
            ("oidc-provider", "CB#id_token=eyJh.eyJz.c2ln&state=xyz", "id_token, -, -"),
            ("oidc-provider", "CB#error=access_denied&error_description=End-User+aborted+interaction&state=xyz&iss=http%3A%2F%2F127.0.0.1%3A18104", "fragment access_denied"),
            ("another server", "CB#error=access_denied&state=xyz", "issuer_missing"),
        ],
    );
    assert_eq!(
        granted(&question, &format!("{CB}#id_token=eyJh.eyJz.c2ln&state=xyz")).notes,
        [Note::IssuerMissing]
    );
}

#[test]
#[rustfmt::skip] // an answer a line
fn an_authlib_id_token_answer_names_its_scope() {
    judge_all(
        &Question { response_type: ResponseType::ID_TOKEN, ..asked_at(CB) },
        &[("Authlib", "CB#expires_in=3600&scope=openid+read+write&id_token=eyJh.eyJz.c2ln&state=xyz", "id_token, -, openid read write")],
    );
}

#[test]
#[rustfmt::skip] // an answer a line
fn errors_of_real_servers() {
    judge_all(
        &asked_at(CB),
        &[
            // Denied
            ("DOT", "CB?error=access_denied&state=xyz", "query access_denied"),
            ("Authlib", "CB#error=access_denied&error_description=The+resource+owner+or+authorization+server+denied+the+request&state=xyz", "fragment access_denied"),
            ("Authlib, OpenID types: state dropped", "CB#error=access_denied&error_description=The+resource+owner+or+authorization+server+denied+the+request", "state_missing"),
            ("oauthlib, exception form", "CB?error=access_denied&state=xyz", "query access_denied"),
            ("oidc-provider", "CB#error=access_denied&error_description=End-User+aborted+interaction&state=xyz&iss=http%3A%2F%2F127.0.0.1%3A18104", "fragment access_denied"),
            ("oauth2orize", "CB#error=access_denied&state=xyz", "fragment access_denied"),
            ("django-oidc-provider", "CB#error=access_denied&error_description=The%20resource%20owner%20or%20authorization%20server%20denied%20the%20request&state=xyz", "fragment access_denied"),
            ("Glewlwyd, empty consent", "CB?error=invalid_scope&state=xyz", "query invalid_scope"),
            ("osin", "CB?error=access_denied&error_description=The+resource+owner+or+authorization+server+denied+the+request.&state=xyz", "query access_denied"),
            // Invalid scope
            ("Authlib", "CB#error=invalid_scope&error_description=The+requested+scope+is+invalid%2C+unknown%2C+or+malformed.&state=xyz", "fragment invalid_scope"),
            ("oauthlib", "CB#error=invalid_scope&state=xyz", "fragment invalid_scope"),
            ("oidc-provider, no openid", "CB#error=invalid_request&error_description=openid+scope+must+be+requested+for+this+response_type&state=xyz&iss=http%3A%2F%2F127.0.0.1%3A18104", "fragment invalid_request"),
            ("oauth2orize", "CB#error=invalid_scope&error_description=bad%20scope&state=xyz", "fragment invalid_scope"),
            ("django-oidc-provider", "CB#error=invalid_scope&error_description=The%20requested%20scope%20is%20invalid,%20unknown,%20or%20malformed.&state=xyz", "fragment invalid_scope"),
            ("DOT", "CB?error=invalid_scope&state=xyz", "query invalid_scope"),
            // Client not allowed
            ("DOT", "CB?error=unauthorized_client&state=xyz", "query unauthorized_client"),
            ("Authlib", "CB#error=unauthorized_client&error_description=The+client+is+not+authorized+to+use+%27response_type%3Dtoken%27&state=xyz", "fragment unauthorized_client"),
            ("oidc-provider", "CB#error=invalid_request&error_description=requested+response_type+is+not+allowed+for+this+client&state=xyz&iss=http%3A%2F%2F127.0.0.1%3A18104", "fragment invalid_request"),
            // Response type unknown or missing
            ("DOT", "CB?error=unsupported_response_type&state=xyz", "query unsupported_response_type"),
            ("DOT", "CB?error=invalid_request&error_description=Missing+response_type+parameter.&state=xyz", "query invalid_request"),
            ("Authlib", "CB?error=unsupported_response_type&error_description=bogus&state=xyz", "query unsupported_response_type"),
            ("oauthlib", "CB#error=unsupported_response_type&state=xyz", "fragment unsupported_response_type"),
            ("oidc-provider", "CB?error=unsupported_response_type&error_description=unsupported+response_type+requested&state=xyz&iss=http%3A%2F%2F127.0.0.1%3A18104", "query unsupported_response_type"),
            ("django-oidc-provider", "CB?error=unsupported_response_type&error_description=bogus&state=xyz", "query unsupported_response_type"),
            // Repeated state: answered without one.
            ("oidc-provider", "CB#error=invalid_request&error_description=%27state%27+parameter+must+not+be+provided+twice&iss=http%3A%2F%2F127.0.0.1%3A18104", "state_missing"),
            // No nonce
            ("DOT", "CB?error=invalid_request&error_description=Request+is+missing+mandatory+nonce+parameter.&state=xyz", "query invalid_request"),
            ("Authlib", "CB#error=invalid_request&error_description=Missing+%27nonce%27+in+request.&state=xyz", "fragment invalid_request"),
            ("oidc-provider", "CB#error=invalid_request&error_description=missing+required+parameter+%27nonce%27&state=xyz&iss=http%3A%2F%2F127.0.0.1%3A18104", "fragment invalid_request"),
            // Silent requests
            ("DOT", "CB?error=login_required&state=xyz", "query login_required"),
            ("Authlib", "CB#error=login_required&state=xyz", "fragment login_required"),
            ("oidc-provider", "CB#error=login_required&error_description=End-User+authentication+is+required&state=xyz&iss=http%3A%2F%2F127.0.0.1%3A18104", "fragment login_required"),
            ("oidc-provider, native", "CB#error=interaction_required&state=xyz&iss=http%3A%2F%2F127.0.0.1%3A18104", "fragment interaction_required"),
            ("django-oidc-provider", "CB#error=consent_required&state=xyz", "fragment consent_required"),
            // A vendor's, with a raw colon and `+` for spaces.
            ("RingCentral", "CB#error=unauthorized_client&error_description=Unauthorized+for+this+grant+type%3A+%5BOAU-125%5D+raw:colon&state=xyz", "fragment unauthorized_client"),
        ],
    );
    // No state was sent: none comes back, or an empty one.
    judge_all(
        &Question { state: None, ..asked_at(CB) },
        &[
            ("DOT", "CB?error=access_denied&state=", "query access_denied"),
            ("django-oidc-provider", "CB#error=access_denied&state=", "fragment access_denied"),
            ("DOT", "CB#access_token=a&expires_in=3600&token_type=Bearer&scope=read+write&state=", "token, 3600, read write"),
            ("osin", "CB#access_token=a&expires_in=3600&scope=read&token_type=Bearer", "token, 3600, read"),
            ("a forger", "CB#access_token=a&token_type=Bearer&state=xyz", "state_unexpected"),
        ],
    );
}

#[test]
#[rustfmt::skip] // an answer a line
fn a_difficult_state_through_real_servers() {
    let question = Question { state: Some("a b+c&d=é%20".into()), ..asked_at(CB) };
    judge_all(
        &question,
        &[
            ("most", "CB#access_token=a&token_type=Bearer&state=a+b%2Bc%26d%3D%C3%A9%2520", "token, -, -"),
            ("oauth2orize", "CB#access_token=a&token_type=Bearer&state=a%20b%2Bc%26d%3D%C3%A9%2520", "token, -, -"),
            ("DOT, error", "CB?error=access_denied&state=a+b%2Bc%26d%3D%C3%A9%2520", "query access_denied"),
            ("Authlib, error", "CB#error=access_denied&state=a+b%2Bc%26d%3D%C3%A9%2520", "fragment access_denied"),
            // Raw, as a browser shows the header's bytes, and as it escapes them.
            ("django-oidc-provider, error", "CB#error=access_denied&error_description=no&state=a b+c&d=é%20", "malformed"),
            ("django-oidc-provider, error", "CB#error=access_denied&error_description=no&state=a%20b+c&d=%C3%A9%20", "state_mismatch"),
        ],
    );
    // The byte that it really sent.
    let raw = b"http://127.0.0.1:18200/cb#error=access_denied&state=a b+c&d=\xE9%20";
    assert_eq!(Rejection::from(Redirect::split_bytes(raw).unwrap_err()).reason, Reason::Malformed);
    // Only a raw space: still not well formed, and the state it stands in is what is reported.
    rejects(
        &Question { state: Some("a b".into()), ..asked() },
        "#error=access_denied&»state=a b",
        Reason::Malformed,
        Some("state"),
    );
}

#[test]
#[rustfmt::skip] // an answer a line
fn what_other_clients_stumbled_over() {
    judge_all(
        &Question {
            profile: Profile::STRICT.with_response_parameters(vec!["endpoint_id".into()].into()),
            ..asked()
        },
        &[
            ("state in the query, token in the fragment", "https://app.example/cb?state=xyz#access_token=a&token_type=bearer", "state_missing"),
            ("token in the query, state in the fragment", "https://app.example/cb?access_token=a#state=xyz", "token_in_query"),
            ("only after the first pair of the query", "https://app.example/cb?x=1&access_token=a&state=xyz", "token_in_query"),
            ("leading question mark", "#?access_token=a&token_type=bearer&state=xyz", "access_token_missing"),
            ("leading ampersand", "#&access_token=a&token_type=bearer&state=xyz", "token, -, -"),
            ("double hash", "##access_token=a&token_type=bearer&state=xyz", "malformed"),
            ("text behind a second hash", "#access_token=a&token_type=bearer&state=xyz#top", "malformed"),
            ("raw pipe in the state", "#access_token=a&token_type=bearer&state=xyz|", "state_mismatch"),
            ("custom scheme", "com.example.app://cb#access_token=a&token_type=bearer&state=xyz", "token, -, -"),
            ("two values glued", "#access_token=a&token_type=bearer&expires_in=3600scope=x&state=xyz", "expires_in_invalid"),
            ("semicolons", "#access_token=a;token_type=bearer;state=xyz", "state_missing"),
            ("no type", "#access_token=a&state=xyz", "token_type_missing"),
            ("no token", "#token_type=bearer&expires_in=1&state=xyz", "access_token_missing"),
            ("provider's own error key", "#error_message=no&state=xyz", "no_response"),
            ("token=, the name one client looked for", "#token=a&token_type=bearer&state=xyz", "access_token_missing"),
            ("expires_at", "#access_token=a&token_type=bearer&expires_at=1600000000.5&state=xyz", "token, -, -"),
            ("comma-separated scope", "#access_token=a&token_type=bearer&scope=a,b&state=xyz", "token, -, a,b"),
            ("escaped separator in the state", "#access_token=a&token_type=bearer&state=xyz%26access_token%3Devil", "state_mismatch"),
            ("RingCentral", "#access_token=UkMtaW52ZW50ZWQtdG9rZW4tMDEyMzQ1Njc4OUFCQ0RFRkdISUpLTE1OT1A&token_type=bearer&expires_in=3600&endpoint_id=aB3-dE_9fGhIjKlMnOpQrS&scope=Contacts%20ReadCallLog&state=xyz", "token, 3600, Contacts ReadCallLog"),
            ("endpoint_id twice", "#access_token=a&token_type=bearer&endpoint_id=1&endpoint_id=1&state=xyz", "duplicate_parameter"),
        ],
    );
}

/// A verdict in a word or two.
fn summary(verdict: &Verdict) -> String {
    match verdict {
        Verdict::TokenGranted(granted) => {
            let (what, expires_in) = match &granted.response {
                SuccessResponse::AccessToken(own) if own.id_token.is_some() => {
                    ("id_token token", own.expires_in)
                }
                SuccessResponse::AccessToken(own) => ("token", own.expires_in),
                SuccessResponse::IdToken(_) => ("id_token", None),
            };
            let expires_in = expires_in.map_or("-".into(), |seconds| seconds.to_string());
            let scope = granted.scope.as_ref().map_or("-", |scope| scope.as_str());
            format!("{what}, {expires_in}, {scope}")
        }
        Verdict::ErrorReturned(returned) => format!("{} {}", returned.channel, returned.response.error),
        Verdict::ResponseRejected(rejection) | Verdict::NotOurs(rejection) => rejection.reason.to_string(),
    }
}

#[track_caller]
fn judge_all(question: &Question, rows: &[(&str, &str, &str)]) {
    for (index, (server, location, expected)) in rows.iter().enumerate() {
        let input = location.replacen("CB", question.redirect_uri.as_deref().unwrap_or(CB), 1);
        assert_eq!(summary(&question.judge(&input)), *expected, "{server}: {location}");
        // In an interpreter all laws take half a minute a row: there the first row of each table has to do.
        if !cfg!(miri) || index == 0 {
            oracle::fragment(&input);
        }
    }
}
