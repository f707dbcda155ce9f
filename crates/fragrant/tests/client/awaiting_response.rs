//! Step 3: the user agent has come back. What does the address say, and does the request still stand afterwards?

use std::collections::BTreeSet;

use fragrant::client::rules::{Channel, Note};
use fragrant::client::{Authorized, AwaitingResponse, Denied, PendingAuthorization, Reason, Received};
use fragrant::profile::Profile;
use fragrant::value::{ErrorCode, Expiry, Issuer, RedirectUri, Scope, Timestamp, TokenType};
use fragrant::wire::Limits;

use crate::scenario::{
    ANSWER, NOW, REDIRECT_URI, STATE, Scenario, TOKEN, address, after, authorized, client, entropy,
    fresh_state, rejected,
};

#[track_caller]
fn denied(received: Received) -> Denied {
    match received {
        Received::Denied(denied) => denied,
        other => panic!("expected an error answer: {other:?}"),
    }
}

#[track_caller]
fn not_ours(received: Received) -> AwaitingResponse {
    match received {
        Received::NotOurs(awaiting) => awaiting,
        other => panic!("expected no answer: {other:?}"),
    }
}

fn scope(scope: Option<&Scope>) -> Option<&str> {
    scope.map(Scope::as_str)
}

/// The moment at which a token ends.
fn end(authorized: &Authorized) -> Option<Timestamp> {
    authorized.expiry().map(Expiry::moment)
}

#[test]
// req(test): RFC6749-10.12-2, RFC6749-4.2.2-11
fn a_sound_answer_signs_in() {
    let scenario = Scenario::new().with_scope("Contacts ReadCallLog");
    let received = scenario.authorized(
        "access_token=2YotnFZFEjr1zCsicMWpAA&token_type=Bearer&expires_in=3600&scope=Contacts\
         &endpoint_id=e%201&state=xyz",
    );
    assert_eq!(received.access_token().reveal_secret(), TOKEN);
    assert_eq!(received.stored_token().token_type, TokenType::BEARER);
    assert_eq!(end(&received), Some(after(3600)));
    assert_eq!(scope(received.scope()), Some("Contacts"));
    assert_eq!(received.extra().iter().collect::<Vec<_>>(), [("endpoint_id", "e 1")]);
    assert_eq!(received.id_token(), None);
    assert_eq!(received.notes(), []);
    assert_eq!(received.text(), None);
    assert_eq!(received.user(), None);
    assert_eq!(received.client(), &scenario.client());
}

#[test]
fn what_is_left_aside_is_noted() {
    let received = Scenario::new().authorized(
        "access_token=a&token_type=bearer&state=xyz&iss=https%3A%2F%2Fas.example&code=c&refresh_token=r\
         &id_token=i&twice=1&twice=2&once=3",
    );
    assert_eq!(
        received.notes(),
        [
            Note::CodeIgnored,
            Note::IdTokenUnrequested,
            Note::IssuerUnexpected,
            Note::RefreshTokenIgnored,
            Note::UnknownParameterRepeated
        ]
    );
    assert_eq!(received.extra().iter().collect::<Vec<_>>(), [("once", "3")]);
    assert_eq!(received.id_token(), None);
    assert_eq!(received.stored_token().issuer, None);
}

#[test]
fn an_id_token_that_was_asked_for_is_carried_unread() {
    let received = Scenario::new()
        .with_id_token()
        .authorized("access_token=a&token_type=bearer&id_token=not.a.jwt&state=xyz");
    assert_eq!(received.id_token().map(|token| token.reveal_secret()), Some("not.a.jwt"));
    assert_eq!(received.notes(), []);
}

/// One way to provoke each reason. `is_handed_back` says whether it may cost a login: only what comes after the state had
/// matched may, because nobody but the server that was asked knows the state.
struct Provoked {
    reason: Reason,
    is_handed_back: bool,
    parameter: Option<&'static str>,
    scenario: Scenario,
    address: String,
    now: Timestamp,
}

fn provoked() -> Vec<Provoked> {
    use Reason::*;
    let plain = Scenario::new();
    let issuer = Scenario::new().with_issuer("https://as.example");
    let id_token = Scenario::new().with_id_token();
    let row = |reason, is_handed_back, parameter, scenario: &Scenario, answer: &str| Provoked {
        reason,
        is_handed_back,
        parameter,
        scenario: scenario.clone(),
        address: address(answer),
        now: NOW,
    };
    let mut elsewhere = row(RedirectUriMismatch, true, None, &plain, "");
    elsewhere.address = format!("https://app.example/CB#{ANSWER}");
    let mut query = row(TokenInQuery, true, Some("access_token"), &plain, "");
    query.address = format!("{REDIRECT_URI}?{ANSWER}#{ANSWER}");
    let mut late = row(PendingExpired, false, None, &plain, ANSWER);
    late.now = after(600);
    let many = format!("{ANSWER}{}", "&x=1".repeat(62));
    let long = format!("{ANSWER}&x={}", "x".repeat(65_536));
    vec![
        row(TooLong, true, None, &plain, &long),
        row(TooManyParameters, true, None, &plain, &many),
        row(Malformed, true, Some("x"), &plain, &format!("{ANSWER}&x=%zz")),
        row(DuplicateParameter, true, Some("state"), &plain, &format!("{ANSWER}&st%61te=xyz")),
        elsewhere,
        query,
        row(ErrorAndToken, true, Some("error"), &plain, &format!("{ANSWER}&error=access_denied")),
        row(IssuerMismatch, true, Some("iss"), &issuer, &format!("{ANSWER}&iss=https%3A%2F%2Fas.example%2F")),
        row(IssuerMissing, true, Some("iss"), &issuer, ANSWER),
        row(StateMissing, true, Some("state"), &plain, "access_token=a&token_type=bearer&state="),
        row(StateMismatch, true, Some("state"), &plain, "access_token=a&token_type=bearer&state=xyZ"),
        late,
        row(AccessTokenMissing, false, Some("access_token"), &plain, "token_type=bearer&state=xyz"),
        row(
            AccessTokenInvalid,
            false,
            Some("access_token"),
            &plain,
            "access_token=a%0D%0Ab&token_type=bearer&state=xyz",
        ),
        row(IdTokenMissing, false, Some("id_token"), &id_token, ANSWER),
        row(IdTokenInvalid, false, Some("id_token"), &id_token, &format!("{ANSWER}&id_token=%C3%A9")),
        row(TokenTypeMissing, false, Some("token_type"), &plain, "access_token=a&state=xyz"),
        row(
            TokenTypeUnsupported,
            false,
            Some("token_type"),
            &plain,
            "access_token=a&token_type=mac&state=xyz",
        ),
        row(ExpiresInInvalid, false, Some("expires_in"), &plain, &format!("{ANSWER}&expires_in=-1")),
        row(ScopeInvalid, false, Some("scope"), &plain, &format!("{ANSWER}&scope=a%20%20b")),
        row(ErrorInvalid, false, Some("error"), &plain, "error=%22&state=xyz"),
    ]
}

#[test]
// req(test): RFC6749-10.12-1, RFC6749-10.14-1, RFC6749-4.2.2-9, RFC6749-7.1-1, RFC9700-2.1-4, BBA-CSRF_protections-1
// req(test): RFC6749-3.1-11, RFC9207-2.4-2, RFC9207-2.4-5, RFC9700-4.3.2-1, RFC9700-4.4.2.1-1, RFC9700-4.4.2.2-1
// req(test): RFC8252-8.9-1
fn what_came_before_the_state_matched_hands_the_request_back() {
    for Provoked { reason, is_handed_back, parameter, scenario, address, now } in provoked() {
        let awaiting = scenario.awaiting_response().remember("/inbox");
        let (rejection, handed_back) = rejected(awaiting.clone().receive(&address, now));
        assert_eq!(rejection.reason, reason);
        assert_eq!(rejection.parameter.as_deref(), parameter, "{reason}");
        assert_eq!(handed_back, is_handed_back.then_some(awaiting), "{reason}");
    }
}

#[test]
fn every_reason_is_provoked() {
    let provoked: BTreeSet<Reason> = provoked().iter().map(|row| row.reason).collect();
    // An address without an answer is `NotOurs`, and no request of the typed states is without a state.
    let elsewhere = [Reason::NoResponse, Reason::StateUnexpected];
    let expected: BTreeSet<Reason> =
        Reason::ALL.iter().copied().filter(|reason| !elsewhere.contains(reason)).collect();
    assert_eq!(provoked, expected);
}

#[test]
// req(test): RFC6749-10.12-1
fn a_forged_answer_does_not_end_a_login() {
    let scenario = Scenario::new().with_issuer("https://as.example");
    let genuine = address(&format!("{ANSWER}&iss=https%3A%2F%2Fas.example"));
    let forgeries = [
        // The attacker's own token in the victim's browser, with no state, an empty one, a guessed one, two.
        address("access_token=evil&token_type=bearer&iss=https%3A%2F%2Fas.example"),
        address("access_token=evil&token_type=bearer&iss=https%3A%2F%2Fas.example&state="),
        address("access_token=evil&token_type=bearer&iss=https%3A%2F%2Fas.example&state=xy"),
        address("access_token=evil&token_type=bearer&iss=https%3A%2F%2Fas.example&state=XYZ"),
        address("access_token=evil&token_type=bearer&iss=https%3A%2F%2Fas.example&state=xyz%00"),
        address("access_token=evil&token_type=bearer&iss=https%3A%2F%2Fas.example&state=guess&state=xyz"),
        // Another server's answer, even with the right state; or one that names nobody.
        address("access_token=evil&token_type=bearer&state=xyz&iss=https%3A%2F%2Fevil.example"),
        address("access_token=evil&token_type=bearer&state=xyz&iss=https%3A%2F%2FAS.example"),
        address("access_token=evil&token_type=bearer&state=xyz"),
        // Nonsense.
        address("access_token=evil&token_type=bearer&state=%"),
        address("access_token=evil#access_token=evil"),
        address("access_token=evil&error=access_denied&state=xyz"),
        // A token where servers see it, at another page, with a query that was not asked for.
        format!("{REDIRECT_URI}?access_token=evil&token_type=bearer&state=xyz"),
        format!("https://app.example/other#{ANSWER}"),
        format!("http://app.example/cb#{ANSWER}"),
        format!("{REDIRECT_URI}?next=evil#{ANSWER}"),
        // A no that the server did not say.
        address("error=access_denied&iss=https%3A%2F%2Fas.example"),
        address("error=access_denied&iss=https%3A%2F%2Fas.example&state=guess"),
        address("error=access_denied&iss=https%3A%2F%2Fevil.example&state=xyz"),
        format!("{REDIRECT_URI}?error=access_denied&iss=https%3A%2F%2Fas.example&state=guess"),
    ];
    let mut awaiting = scenario.awaiting_response();
    for forgery in &forgeries {
        let before = awaiting.clone();
        awaiting = rejected(awaiting.receive(forgery, NOW)).1.unwrap_or_else(|| panic!("spent: {forgery}"));
        assert_eq!(awaiting, before, "{forgery}");
    }
    let received = authorized(awaiting.receive(&genuine, NOW));
    assert_eq!(received.access_token().reveal_secret(), TOKEN);
}

#[test]
fn an_answer_is_taken_until_the_request_ends() {
    let awaiting = Scenario::new().awaiting_response();
    authorized(awaiting.clone().receive(&address(ANSWER), after(599)));
    for late in [after(600), after(601), Timestamp::MAX] {
        let (rejection, handed_back) = rejected(awaiting.clone().receive(&address(ANSWER), late));
        assert_eq!((rejection.reason, handed_back), (Reason::PendingExpired, None));
        // A no that comes late is no answer any more either.
        let refusal = address("error=access_denied&state=xyz");
        assert_eq!(rejected(awaiting.clone().receive(&refusal, late)).0.reason, Reason::PendingExpired);
    }
    // Somebody who does not know the state does not learn that the request has ended.
    let forged = address("access_token=a&token_type=bearer&state=guess");
    let (rejection, handed_back) = rejected(awaiting.clone().receive(&forged, after(600)));
    assert_eq!((rejection.reason, handed_back), (Reason::StateMismatch, Some(awaiting)));
}

#[test]
// req(test): RFC6749-4.2.2.1-7
fn a_no_with_the_state_is_believed() {
    let received = denied(Scenario::new().awaiting_response().remember("/inbox").receive(
        &address(
            "error=access_denied&error_description=The+user+said+no&error_uri=https%3A%2F%2Fas.example%2Fno\
             &owner_id=7&state=xyz",
        ),
        NOW,
    ));
    assert_eq!(received.response.error, ErrorCode::ACCESS_DENIED);
    assert_eq!(received.response.description.as_ref().map(|text| text.as_str()), Some("The user said no"));
    assert_eq!(received.response.uri.as_ref().map(|uri| uri.as_str()), Some("https://as.example/no"));
    assert_eq!(received.response.extra.get("owner_id"), Some("7"));
    assert_eq!(received.response.state.as_ref().map(|state| state.reveal_secret()), Some(STATE));
    assert_eq!(received.channel, Channel::Fragment);
    assert_eq!(received.notes, []);
    assert_eq!(received.text.as_deref(), Some("/inbox"));
}

#[test]
fn a_no_keeps_its_code_whatever_its_text_is() {
    let answer = "error=OAU-113&error_description=%3Cb%3E%0A&error_uri=%22&state=xyz";
    let received = denied(Scenario::new().awaiting_response().receive(&address(answer), NOW));
    assert_eq!(received.response.error.as_str(), "OAU-113");
    assert_eq!((received.response.description, received.response.uri), (None, None));
    assert_eq!(received.notes, [Note::ErrorDescriptionInvalid, Note::ErrorUriInvalid]);
}

#[test]
// req(test): RFC6749-4.2.2.1-7, RFC9207-2.4-3
fn a_no_without_the_state_or_from_another_server_is_not() {
    let scenario = Scenario::new().with_issuer("https://as.example");
    for (answer, reason) in [
        ("error=access_denied&iss=https%3A%2F%2Fas.example", Reason::StateMissing),
        ("error=access_denied&iss=https%3A%2F%2Fas.example&state=", Reason::StateMissing),
        ("error=access_denied&iss=https%3A%2F%2Fas.example&state=abc", Reason::StateMismatch),
        ("error=access_denied&iss=https%3A%2F%2Fevil.example&state=xyz", Reason::IssuerMismatch),
        ("error=access_denied&state=xyz", Reason::IssuerMissing),
    ] {
        for address in [address(answer), format!("{REDIRECT_URI}?{answer}")] {
            let awaiting = scenario.awaiting_response();
            let (rejection, handed_back) = rejected(awaiting.clone().receive(&address, NOW));
            assert_eq!(rejection.reason, reason, "{address}");
            assert_eq!(handed_back, Some(awaiting), "{address}");
        }
    }
}

#[test]
// req(test): OAUTHRESP-2.2-2
fn a_no_in_the_query_is_seen_and_a_yes_there_is_not() {
    let awaiting = || Scenario::new().awaiting_response().remember("/inbox");
    let in_query = denied(awaiting().receive(&format!("{REDIRECT_URI}?error=access_denied&state=xyz"), NOW));
    assert_eq!((in_query.channel, in_query.text.as_deref()), (Channel::Query, Some("/inbox")));
    assert_eq!(in_query.response.error, ErrorCode::ACCESS_DENIED);
    // What hides behind the `#_` that a careful server adds is still in the query.
    let guarded = denied(awaiting().receive(&format!("{REDIRECT_URI}?error=access_denied&state=xyz#_"), NOW));
    assert_eq!(guarded.channel, Channel::Query);
    // The fragment decides, and the rest is noted.
    let both = format!("{REDIRECT_URI}?error=access_denied&state=abc#{ANSWER}");
    assert_eq!(authorized(awaiting().receive(&both, NOW)).notes(), [Note::QueryErrorIgnored]);
    // The two are not merged: the state in the query is not the fragment's.
    let split = format!("{REDIRECT_URI}?error=access_denied&state=xyz#access_token=a&token_type=bearer");
    assert_eq!(rejected(awaiting().receive(&split, NOW)).0.reason, Reason::StateMissing);
}

#[test]
fn an_address_without_an_answer_keeps_the_request() {
    let before = Scenario::new().awaiting_response().remember("/inbox");
    for own in [
        REDIRECT_URI,
        "https://app.example/",
        "https://app.example/cb?page=2#section",
        "https://app.example/cb#/route?tab=1",
        "https://app.example/cb#state=xyz",
        "https://app.example/cb#_",
        "https://app.example/cb#access_token=&error=",
        "https://app.example/cb?code=c&state=xyz",
        "https://evil.example/",
        "about:blank",
        "",
    ] {
        let awaiting = not_ours(before.clone().receive(own, NOW));
        assert_eq!(awaiting, before, "{own}");
        assert_eq!(authorized(awaiting.receive(&address(ANSWER), NOW)).text(), Some("/inbox"), "{own}");
    }
    // Even after its end: there is nothing to say about it.
    assert_eq!(not_ours(before.clone().receive(REDIRECT_URI, Timestamp::MAX)), before);
}

#[test]
fn what_waits_knows_who_asked() {
    let scenario = Scenario::new().with_issuer("https://as.example").with_api_origin("https://api.example");
    assert_eq!(scenario.awaiting_response().client(), &scenario.client());
    assert_ne!(scenario.awaiting_response().client(), Scenario::new().awaiting_response().client());
}

#[test]
// req(test): RFC9700-4.7.1-1
fn what_the_caller_remembers_is_neither_altered_nor_swapped() {
    let scenario = Scenario::new().with_fresh_state();
    let begun = |byte, text: &str| {
        let (url, awaiting) = scenario.client().begin(scenario.request(), entropy(byte), NOW).unwrap();
        (url, awaiting.remember(text))
    };
    let answer = |state: &str| address(&format!("access_token=t&token_type=bearer&state={state}"));
    let ((url, inbox), (_, other)) = (begun(1, "/inbox"), begun(2, "/other"));
    assert!(!url.as_str().contains("inbox"), "{url:?}");
    let (own, foreign) = (fresh_state(1), fresh_state(2));
    for (awaiting, state) in [
        (&inbox, foreign),
        (&other, own.clone()),
        (&inbox, format!("{own}/other")),
        (&inbox, format!("{own}%2Fother")),
        (&inbox, format!("/other{own}")),
        (&inbox, own[..own.len() - 1].to_owned()),
    ] {
        let (rejection, handed_back) = rejected(awaiting.clone().receive(&answer(&state), NOW));
        assert_eq!(
            (rejection.reason, handed_back.as_ref()),
            (Reason::StateMismatch, Some(awaiting)),
            "{state}"
        );
    }
    // Nothing else that the address brings is taken for it.
    let beside = answer(&format!("{own}&text=/other&tex%74=/other"));
    assert_eq!(authorized(inbox.receive(&beside, NOW)).text(), Some("/inbox"));
}

#[test]
fn what_the_caller_remembers_survives() {
    let awaiting = || Scenario::new().awaiting_response().remember("/inbox?page=2#3");
    assert_eq!(awaiting().pending().text(), Some("/inbox?page=2#3"));
    assert_eq!(authorized(awaiting().receive(&address(ANSWER), NOW)).text(), Some("/inbox?page=2#3"));
    let (_, handed_back) = rejected(awaiting().receive(&address("access_token=a&state=forged"), NOW));
    let handed_back = handed_back.unwrap();
    assert_eq!(handed_back.pending().text(), Some("/inbox?page=2#3"));
    assert_eq!(handed_back.into_pending().text(), Some("/inbox?page=2#3"));
    // Nothing is the same as not having remembered anything; what is remembered last counts.
    assert_eq!(awaiting().remember("").pending().text(), None);
    assert_eq!(awaiting().remember("/other").pending().text(), Some("/other"));
}

#[test]
// req(test): RFC6749-3.3-7, RFC6749-3.3-2, RFC6749-4.2.1-5
fn the_granted_scope_is_the_answers_or_else_the_requested_one() {
    for (requested, came, granted, missing, extra) in [
        (Some("a b"), "", Some("a b"), None, None),
        (Some("a b"), "&scope=", Some("a b"), None, None),
        (Some("a b"), "&scope=b+a", Some("b a"), None, None),
        (Some("a b"), "&scope=a", Some("a"), Some("b"), None),
        (Some("a b"), "&scope=b%20c%20d", Some("b c d"), Some("a"), Some("c d")),
        (Some("a"), "&scope=A", Some("A"), Some("a"), Some("A")),
        (None, "&scope=a", Some("a"), None, None),
        (None, "", None, None, None),
    ] {
        let scenario = Scenario::new();
        let scenario = requested.map_or(scenario.clone(), |requested| scenario.with_scope(requested));
        let received = scenario.authorized(&format!("{ANSWER}{came}"));
        assert_eq!(scope(received.scope()), granted, "{requested:?} {came}");
        assert_eq!(scope(received.missing_scope().as_ref()), missing, "{requested:?} {came}");
        assert_eq!(scope(received.extra_scope().as_ref()), extra, "{requested:?} {came}");
        assert_eq!(scope(received.stored_token().requested_scope.as_ref()), requested);
    }
}

#[test]
// req(test): RFC6749-A.14-1
fn a_lifetime_counts_from_the_moment_of_arrival() {
    let received = |profile: Profile, lifetime: &str, now| {
        let answer = address(&format!("{ANSWER}{lifetime}"));
        authorized(Scenario::with_profile(profile).awaiting_response().receive(&answer, now))
    };
    let with_default = Profile::STRICT.with_default_lifetime(7200);
    assert_eq!(end(&received(Profile::STRICT, "&expires_in=3600", after(9))), Some(after(3609)));
    assert_eq!(end(&received(Profile::STRICT, "", NOW)), None);
    assert_eq!(end(&received(with_default.clone(), "", after(9))), Some(after(7209)));
    assert_eq!(end(&received(with_default.clone(), "&expires_in=", NOW)), Some(after(7200)));
    // What the server says counts, however short or long.
    assert_eq!(end(&received(with_default.clone(), "&expires_in=3600", NOW)), Some(after(3600)));
    let ended = received(with_default, "&expires_in=0", NOW);
    assert_eq!(end(&ended), Some(NOW));
    assert!(ended.expiry().unwrap().is_past(NOW));
    let endless = received(Profile::STRICT, "&expires_in=18446744073709551615", NOW);
    assert_eq!(end(&endless), Some(Timestamp::MAX));
}

#[test]
fn a_type_that_is_left_out_is_bearer_only_where_the_profile_forgives_it() {
    let lenient = Scenario::with_profile(Profile::STRICT.forgive_missing_token_type());
    let received = lenient.authorized("access_token=a&state=xyz");
    assert_eq!(received.stored_token().token_type, TokenType::BEARER);
    assert_eq!(received.notes(), [Note::TokenTypeMissing]);
    // Another type is not forgiven.
    let answer = address("access_token=a&token_type=mac&state=xyz");
    assert_eq!(
        rejected(lenient.awaiting_response().receive(&answer, NOW)).0.reason,
        Reason::TokenTypeUnsupported
    );
}

#[test]
fn the_profile_sets_how_much_is_read_and_which_extras_stand_once() {
    let profile = Profile::STRICT
        .with_limits(Limits { max_len: 100, max_parameters: 4 })
        .with_response_parameters(vec!["endpoint_id".into()].into());
    let scenario = Scenario::with_profile(profile);
    let received = |answer: &str| scenario.awaiting_response().receive(&address(answer), NOW);
    assert_eq!(rejected(received(&format!("{ANSWER}&x=123456789012"))).0.reason, Reason::TooLong);
    assert_eq!(rejected(received("state=xyz&a=1&b=2&c=3&d=4")).0.reason, Reason::TooManyParameters);
    let twice = rejected(received("access_token=a&endpoint_id=1&endpoint_id=2")).0;
    assert_eq!((twice.reason, twice.parameter.as_deref()), (Reason::DuplicateParameter, Some("endpoint_id")));
    assert_eq!(
        authorized(received("access_token=a&token_type=bearer&endpoint_id=1&state=xyz"))
            .extra()
            .get("endpoint_id"),
        Some("1")
    );
}

#[test]
// req(test): RFC6749-A.18-1
fn a_parameter_without_a_name_is_no_extra() {
    let received = Scenario::new().authorized(&format!("=nameless&{ANSWER}&own=1&=again"));
    assert_eq!(received.extra().iter().collect::<Vec<_>>(), [("own", "1")]);
    // Nor is it one that came twice.
    assert_eq!(received.notes(), []);
}

#[test]
// req(test): RFC9700-2.1-5, RFC9700-4.4.2-1, RFC9700-2.1-6, RFC9700-2.1-7
fn a_record_is_taken_up_only_by_the_client_that_made_it() {
    use fragrant::value::{AuthorizationEndpoint, ClientId};
    let honest = Scenario::new().with_issuer("https://as.example");
    let pending = honest.awaiting_response().into_pending();
    assert_eq!(honest.client().resume(pending.clone()), Ok(honest.awaiting_response()));
    let made = |client_id: &str, redirect_uri: &str| {
        fragrant::client::Client::new(
            Profile::STRICT,
            AuthorizationEndpoint::new("https://as.example/authorize").unwrap(),
            ClientId::new(client_id).unwrap(),
            RedirectUri::new(redirect_uri).unwrap(),
        )
    };
    let issuer = |text: &str| Issuer::new(text).unwrap();
    for (other, differs) in [
        (made("other", REDIRECT_URI).with_issuer(issuer("https://as.example")), "client_id"),
        (made("S6BhdRkqt3", REDIRECT_URI).with_issuer(issuer("https://as.example")), "client_id"),
        (
            made("s6BhdRkqt3", "https://app.example/cb/evil").with_issuer(issuer("https://as.example")),
            "redirect_uri",
        ),
        (client(Profile::STRICT).with_issuer(issuer("https://evil.example")), "issuer"),
        (client(Profile::STRICT).with_issuer(issuer("https://as.example/")), "issuer"),
        (client(Profile::STRICT), "issuer"),
    ] {
        let refused = other.resume(pending.clone()).unwrap_err();
        assert_eq!(refused.differs, differs);
        assert_eq!(*refused.pending, pending);
        assert_eq!(
            refused.to_string(),
            format!("the pending request is another client's: its {differs} differs")
        );
        assert!(!format!("{refused:?}").contains(STATE));
        // Handed back unspent: the right client still signs in with it.
        let awaiting = honest.client().resume(*refused.pending).unwrap();
        let answer = address(&format!("{ANSWER}&iss=https%3A%2F%2Fas.example"));
        authorized(awaiting.receive(&answer, NOW));
    }
    // A record without an issuer is not this client's either: its server was not known to name itself.
    let anonymous = Scenario::new().awaiting_response().into_pending();
    assert_eq!(honest.client().resume(anonymous).unwrap_err().differs, "issuer");
}

#[test]
// req(test): RFC9207-2.4-4
fn the_expected_issuer_is_the_one_that_the_client_was_told() {
    let answer = |issuer: &str| address(&format!("{ANSWER}&iss={issuer}"));
    // Neither the endpoint says it nor the answer: a server of several tenants has an issuer for each.
    let told = Scenario::new().with_issuer("https://as.example/one");
    for other in ["https://as.example", "https://as.example/two", "https://as.example/authorize"] {
        let (rejection, _) = rejected(told.awaiting_response().receive(&answer(other), NOW));
        assert_eq!(rejection.reason, Reason::IssuerMismatch, "{other}");
    }
    // Neither does the page's end change it.
    let record = told.awaiting_response().pending().encode();
    let resumed = told.client().resume(PendingAuthorization::decode(&record).unwrap()).unwrap();
    let (rejection, resumed) = rejected(resumed.receive(&answer("https://as.example"), NOW));
    assert_eq!(rejection.reason, Reason::IssuerMismatch);
    assert!(authorized(resumed.unwrap().receive(&answer("https://as.example/one"), NOW)).notes().is_empty());
    // A client that was told nothing expects nothing.
    let untold =
        authorized(Scenario::new().awaiting_response().receive(&answer("https://as.example/one"), NOW));
    assert_eq!(untold.notes(), [Note::IssuerUnexpected]);
}

#[test]
// req(test): RFC9700-4.4.2.1-1, RFC9207-2.4-1, RFC9700-2.1-6
fn an_answer_of_another_server_is_not_taken_for_the_one_that_was_asked() {
    // The client knows two servers; the login at the hostile one is answered by the honest one, and the other way round.
    let honest = Scenario::new().with_issuer("https://as.example");
    let hostile = Scenario::new().with_issuer("https://evil.example");
    let answer = |issuer: &str| address(&format!("{ANSWER}&iss={issuer}"));
    for (asked, answered) in [(&honest, "https://evil.example"), (&hostile, "https://as.example")] {
        let awaiting = asked.awaiting_response();
        let (rejection, handed_back) = rejected(awaiting.clone().receive(&answer(answered), NOW));
        assert_eq!((rejection.reason, handed_back), (Reason::IssuerMismatch, Some(awaiting)));
    }
    authorized(honest.awaiting_response().receive(&answer("https%3A%2F%2Fas.example"), NOW));
}

#[test]
fn a_record_for_an_id_token_alone_authorizes_nobody() {
    use fragrant::client::PendingAuthorization;
    let record = Scenario::new().awaiting_response().pending().encode();
    let record = record.replace("response_type=token", "response_type=id_token");
    let pending = PendingAuthorization::decode(&record).unwrap();
    let awaiting = Scenario::new().client().resume(pending).unwrap();
    let answer = address("id_token=i&access_token=a&token_type=bearer&state=xyz");
    let (rejection, handed_back) = rejected(awaiting.receive(&answer, NOW));
    assert_eq!((rejection.reason, handed_back), (Reason::AccessTokenMissing, None));
    assert_eq!((rejection.parameter.as_deref(), rejection.offset), (Some("access_token"), answer.len()));
}
