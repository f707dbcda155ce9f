//! Step 3 again: there is no refresh token, so a new token is asked for while the old one still works.

use fragrant::client::{
    Authorized, AwaitingRenewal, KeptReason, PendingAuthorization, Purpose, Reason, Renewed, StoredToken,
};
use fragrant::profile::{Profile, Renewal};
use fragrant::value::{ErrorCode, Expiry, Scope, Timestamp};

use crate::scenario::{ANSWER, NOW, STATE, Scenario, TOKEN, address, after, entropy, fresh_state};

/// The moment at which the renewals are begun.
fn later() -> Timestamp {
    after(3000)
}

/// A profile like RingCentral's: silent renewal, and answers that name their user.
const SILENT: Profile =
    Profile::STRICT.with_renewal(Renewal::Silent).with_user_parameter(std::borrow::Cow::Borrowed("owner_id"));

fn silent() -> Scenario {
    Scenario::with_profile(SILENT).with_api_origin("https://api.example").with_scope("Contacts ReadCallLog")
}

/// A success that carries the state of the renewal begun with `entropy(byte)`.
fn success(byte: u8, rest: &str) -> String {
    address(&format!("access_token=new{byte}&token_type=bearer&state={}{rest}", fresh_state(byte)))
}

/// Whether the API is called with this token.
#[track_caller]
fn assert_works_with(authorized: &Authorized, token: &str) {
    let request = authorized.api_request("GET", "https://api.example/v1/me").unwrap();
    assert_eq!(request.reveal_authorization().as_str(), format!("Bearer {token}"));
}

#[track_caller]
fn kept(renewed: Renewed) -> (KeptReason, Option<AwaitingRenewal>) {
    match renewed {
        Renewed::Kept { reason, awaiting } => (reason, awaiting),
        other => panic!("expected the old token to stay: {other:?}"),
    }
}

#[test]
// req(test): OIDC-3.1.2.1-8, RFC6749-4.2.1-6
fn a_silent_renewal_asks_for_what_was_granted_with_prompt_none() {
    let scenario = silent().with_client(|client| client.with_parameter("brand_id", "1210").unwrap());
    let mut authorized = scenario.authorized(&format!("{ANSWER}&scope=Contacts"));
    let (url, renewal) = authorized.renew(entropy(2), later()).unwrap();
    assert_eq!(
        url.as_str(),
        format!(
            "https://as.example/authorize?response_type=token&client_id=s6BhdRkqt3\
             &redirect_uri=https%3A%2F%2Fapp.example%2Fcb&scope=Contacts&state={}\
             &prompt=none&brand_id=1210",
            fresh_state(2)
        )
    );
    assert_eq!(renewal.key().to_text(), &fresh_state(2)[..16]);
    assert_eq!((renewal.pending().created(), renewal.pending().end()), (later(), after(3600)));
    assert_eq!(renewal.pending().purpose(), Purpose::Redirect);
    assert_eq!(renewal.with_purpose(Purpose::Frame).pending().purpose(), Purpose::Frame);
}

#[test]
fn where_the_provider_documents_no_prompt_a_renewal_is_an_ordinary_request() {
    let mut authorized = Scenario::new().with_scope("a").authorized(ANSWER);
    let (url, _) = authorized.renew(entropy(2), later()).unwrap();
    assert_eq!(
        url.as_str(),
        format!(
            "https://as.example/authorize?response_type=token&client_id=s6BhdRkqt3\
             &redirect_uri=https%3A%2F%2Fapp.example%2Fcb&scope=a&state={}",
            fresh_state(2)
        )
    );
}

#[test]
fn a_renewal_asks_for_what_was_granted_where_nothing_was_requested() {
    let mut authorized = Scenario::new().authorized(&format!("{ANSWER}&scope=granted"));
    let (_, renewal) = authorized.renew(entropy(2), later()).unwrap();
    assert_eq!(renewal.pending().scope().map(Scope::as_str), Some("granted"));
    let mut authorized = Scenario::new().authorized(ANSWER);
    let (url, _) = authorized.renew(entropy(2), later()).unwrap();
    assert!(!url.as_str().contains("scope"));
    // A record from elsewhere may know what was requested and not what was granted.
    let scenario = Scenario::new();
    let mut stored = scenario.authorized(ANSWER).stored_token().clone();
    stored.requested_scope = Some(Scope::new("requested").unwrap());
    let mut authorized = Authorized::restore(scenario.client(), stored, later()).unwrap();
    let (_, renewal) = authorized.renew(entropy(2), later()).unwrap();
    assert_eq!(renewal.pending().scope().map(Scope::as_str), Some("requested"));
}

#[test]
// req(test): RFC6749-3.3-7
fn what_the_user_once_withheld_stays_missing_and_is_not_asked_for_again() {
    let scenario = silent();
    let (mut authorized, renewal) = scenario.awaiting_renewal(&format!("{ANSWER}&scope=Contacts"), later());
    assert_eq!(renewal.pending().scope().map(Scope::as_str), Some("Contacts"));
    // No scope in the answer: as this renewal asked, not as the login did.
    assert_eq!(renewal.receive(&mut authorized, &success(2, ""), later()), Renewed::Replaced);
    assert_eq!(authorized.scope().map(Scope::as_str), Some("Contacts"));
    assert_eq!(authorized.missing_scope().as_ref().map(Scope::as_str), Some("ReadCallLog"));
    // What was asked for is kept with the token, so a reload changes nothing.
    let stored = StoredToken::decode(&authorized.stored_token().encode()).unwrap();
    let restored = Authorized::restore(scenario.client(), stored, later()).unwrap();
    assert_eq!(restored.missing_scope().as_ref().map(Scope::as_str), Some("ReadCallLog"));
}

#[test]
// req(test): OIDC-3.2.2.1-3
fn a_login_with_an_id_token_is_renewed_with_one() {
    let answer = format!("{ANSWER}&id_token=i.d.t");
    let mut authorized = Scenario::new().with_id_token().authorized(&answer);
    let (url, renewal) = authorized.renew(entropy(2), later()).unwrap();
    assert!(url.as_str().contains("?response_type=id_token%20token&"));
    assert!(url.as_str().ends_with(&format!("&nonce={}", "02".repeat(20))));
    // So an answer without one is not enough.
    let (reason, _) = kept(renewal.receive(&mut authorized, &success(2, ""), later()));
    assert!(matches!(reason, KeptReason::Rejected(rejection) if rejection.reason == Reason::IdTokenMissing));
    // One that nobody asked for asks for nothing.
    let mut authorized = Scenario::new().authorized(&answer);
    let (url, _) = authorized.renew(entropy(2), later()).unwrap();
    assert!(url.as_str().contains("?response_type=token&"));
}

#[test]
fn the_old_token_works_until_the_new_one_is_there() {
    let (mut authorized, renewal) = silent().awaiting_renewal(&format!("{ANSWER}&expires_in=3600"), later());
    assert_works_with(&authorized, TOKEN);
    let answer = success(2, "&expires_in=1800&scope=ReadCallLog&endpoint_id=9");
    assert_eq!(renewal.receive(&mut authorized, &answer, after(3010)), Renewed::Replaced);
    assert_works_with(&authorized, "new2");
    assert_eq!(authorized.expiry().map(Expiry::moment), Some(after(3010 + 1800)));
    assert_eq!(authorized.renew_at(), Some(after(3010 + 1740)));
    assert_eq!(authorized.scope().map(Scope::as_str), Some("ReadCallLog"));
    assert_eq!(authorized.missing_scope().as_ref().map(Scope::as_str), Some("Contacts"));
    assert_eq!(authorized.extra().iter().collect::<Vec<_>>(), [("endpoint_id", "9")]);
    assert_eq!(authorized.stored_token().received, after(3010));
}

#[test]
fn what_was_remembered_with_the_login_stays_through_renewals() {
    let scenario = silent();
    let awaiting = scenario.awaiting_response().remember("/inbox");
    let mut authorized = crate::scenario::authorized(awaiting.receive(&address(ANSWER), NOW));
    let (_, renewal) = authorized.renew(entropy(2), later()).unwrap();
    assert_eq!(renewal.pending().text(), None);
    assert_eq!(renewal.receive(&mut authorized, &success(2, ""), later()), Renewed::Replaced);
    assert_eq!(authorized.text(), Some("/inbox"));
}

#[test]
fn renewals_follow_each_other() {
    let mut authorized = silent().authorized(ANSWER);
    for byte in 2..5 {
        let (_, renewal) = authorized.renew(entropy(byte), later()).unwrap();
        assert_eq!(renewal.receive(&mut authorized, &success(byte, ""), later()), Renewed::Replaced);
        assert_works_with(&authorized, &format!("new{byte}"));
    }
    assert_eq!(authorized.scope().map(Scope::as_str), Some("Contacts ReadCallLog"));
}

#[test]
fn a_forged_answer_hands_the_renewal_back() {
    let (mut authorized, mut renewal) = silent().awaiting_renewal(ANSWER, later());
    let before = (authorized.clone(), renewal.clone());
    for (forged, reason) in [
        (address("access_token=evil&token_type=bearer"), Reason::StateMissing),
        // The state of the first login is spent.
        (address(&format!("access_token=evil&token_type=bearer&state={STATE}")), Reason::StateMismatch),
        (address("error=login_required&state=guess"), Reason::StateMismatch),
        (success(2, "&error=access_denied"), Reason::ErrorAndToken),
        (success(2, "&state=x"), Reason::DuplicateParameter),
        (success(2, "").replace("/cb#", "/other#"), Reason::RedirectUriMismatch),
        (success(2, "").replace('#', "?"), Reason::TokenInQuery),
    ] {
        let (kept_reason, handed_back) = kept(renewal.receive(&mut authorized, &forged, later()));
        assert!(
            matches!(&kept_reason, KeptReason::Rejected(rejection) if rejection.reason == reason),
            "{forged}: {kept_reason:?}"
        );
        renewal = handed_back.unwrap_or_else(|| panic!("spent: {forged}"));
        assert_eq!((&authorized, &renewal), (&before.0, &before.1), "{forged}");
    }
    assert_eq!(renewal.receive(&mut authorized, &success(2, ""), later()), Renewed::Replaced);
    assert_works_with(&authorized, "new2");
}

#[test]
fn a_rejection_after_the_state_matched_spends_the_renewal_and_keeps_the_token() {
    for (answer, now, reason) in [
        (success(2, "&expires_in=soon"), later(), Reason::ExpiresInInvalid),
        (success(2, ""), after(3600), Reason::PendingExpired),
    ] {
        let (mut authorized, renewal) = silent().awaiting_renewal(ANSWER, later());
        let (kept_reason, handed_back) = kept(renewal.receive(&mut authorized, &answer, now));
        assert!(matches!(kept_reason, KeptReason::Rejected(rejection) if rejection.reason == reason));
        assert_eq!(handed_back, None);
        assert_works_with(&authorized, TOKEN);
    }
}

#[test]
fn a_no_keeps_the_token_and_says_whether_asking_the_user_can_help() {
    for (code, asks) in [("login_required", true), ("interaction_required", true), ("access_denied", false)] {
        let (mut authorized, renewal) = silent().awaiting_renewal(ANSWER, later());
        let answer = address(&format!("error={code}&state={}", fresh_state(2)));
        let (reason, handed_back) = kept(renewal.receive(&mut authorized, &answer, later()));
        let KeptReason::Denied(denied) = reason else { panic!("expected a no: {reason:?}") };
        assert_eq!(denied.response.error, ErrorCode::new(code).unwrap());
        assert_eq!(denied.response.error.asks_for_interaction(), asks, "{code}");
        assert_eq!(handed_back, None);
        assert_works_with(&authorized, TOKEN);
    }
}

#[test]
fn an_address_without_an_answer_keeps_the_renewal() {
    let (mut authorized, renewal) = silent().awaiting_renewal(ANSWER, later());
    let before = renewal.clone();
    let (reason, handed_back) = kept(renewal.receive(&mut authorized, "about:blank", later()));
    assert_eq!((reason, handed_back.as_ref()), (KeptReason::NotOurs, Some(&before)));
    let renewed = handed_back.unwrap().receive(&mut authorized, &success(2, ""), later());
    assert_eq!(renewed, Renewed::Replaced);
}

#[test]
// req(test): OIDCSESS-3.1-3
fn another_users_token_does_not_take_the_place_of_the_first_ones() {
    let (mut authorized, renewal) = silent().awaiting_renewal(&format!("{ANSWER}&owner_id=42"), later());
    let answer = success(2, "&owner_id=43");
    let Renewed::OtherUser(other) = renewal.receive(&mut authorized, &answer, later()) else {
        panic!("expected to be told of another user")
    };
    assert_eq!((authorized.user(), other.user()), (Some("42"), Some("43")));
    assert_works_with(&authorized, TOKEN);
    assert_works_with(&other, "new2");
    // The same user again is welcome.
    let (_, renewal) = authorized.renew(entropy(3), later()).unwrap();
    let answer = success(3, "&owner_id=42");
    assert_eq!(renewal.receive(&mut authorized, &answer, later()), Renewed::Replaced);
    assert_works_with(&authorized, "new3");
}

#[test]
fn users_are_told_apart_only_where_the_profile_knows_how() {
    let plain = Scenario::new().with_api_origin("https://api.example");
    let (mut authorized, renewal) = plain.awaiting_renewal(&format!("{ANSWER}&owner_id=42"), later());
    let answer = success(2, "&owner_id=43");
    assert_eq!(renewal.receive(&mut authorized, &answer, later()), Renewed::Replaced);
}

#[test]
fn only_the_latest_renewal_counts() {
    let mut authorized = silent().authorized(ANSWER);
    let (_, first) = authorized.renew(entropy(2), later()).unwrap();
    let (_, second) = authorized.renew(entropy(3), after(3001)).unwrap();
    let late = first.clone();
    // Before the second has been answered, and after.
    let (reason, handed_back) = kept(first.receive(&mut authorized, &success(2, ""), after(3002)));
    assert_eq!((reason, handed_back), (KeptReason::Superseded, None));
    assert_works_with(&authorized, TOKEN);
    assert_eq!(second.receive(&mut authorized, &success(3, ""), after(3003)), Renewed::Replaced);
    let (reason, handed_back) = kept(late.receive(&mut authorized, &success(2, ""), after(3004)));
    assert_eq!((reason, handed_back), (KeptReason::Superseded, None));
    assert_works_with(&authorized, "new3");
}

#[test]
fn an_answer_renews_a_token_once() {
    let (mut authorized, renewal) = silent().awaiting_renewal(ANSWER, later());
    let again = renewal.clone();
    assert_eq!(renewal.receive(&mut authorized, &success(2, ""), later()), Renewed::Replaced);
    assert_eq!(kept(again.receive(&mut authorized, &success(2, ""), later())).0, KeptReason::Superseded);
}

#[test]
fn a_renewal_of_one_login_does_not_touch_another() {
    let (_, renewal) = silent().awaiting_renewal(ANSWER, later());
    let mut other = silent().authorized(ANSWER);
    assert_eq!(kept(renewal.receive(&mut other, &success(2, ""), later())).0, KeptReason::Superseded);
    assert_works_with(&other, TOKEN);
}

#[test]
fn a_restored_token_is_renewed_as_the_first_one_was() {
    let scenario = silent();
    let answer = format!("{ANSWER}&scope=Contacts&owner_id=42");
    let stored = StoredToken::decode(&scenario.authorized(&answer).stored_token().encode()).unwrap();
    let mut authorized = Authorized::restore(scenario.client(), stored, later()).unwrap();
    let (url, renewal) = authorized.renew(entropy(2), later()).unwrap();
    assert!(url.as_str().contains("&scope=Contacts&"));
    assert!(url.as_str().ends_with("&prompt=none"));
    let answer = success(2, "&owner_id=43");
    assert!(matches!(renewal.receive(&mut authorized, &answer, later()), Renewed::OtherUser(_)));
}

#[test]
fn a_late_no_of_an_earlier_renewal_changes_nothing() {
    let (mut authorized, first) = silent().awaiting_renewal(ANSWER, later());
    let (_, second) = authorized.renew(entropy(3), later()).unwrap();
    let no = address(&format!("error=login_required&state={}", fresh_state(2)));
    assert_eq!(kept(first.receive(&mut authorized, &no, later())), (KeptReason::Superseded, None));
    assert_eq!(second.receive(&mut authorized, &success(3, ""), later()), Renewed::Replaced);
}

#[test]
fn an_answer_that_no_longer_names_its_user_replaces_nothing() {
    let (mut authorized, renewal) = silent().awaiting_renewal(&format!("{ANSWER}&owner_id=42"), later());
    let (reason, awaiting) = kept(renewal.receive(&mut authorized, &success(2, ""), later()));
    assert_eq!((reason, awaiting), (KeptReason::UserUnknown, None));
    assert_works_with(&authorized, TOKEN);
}

#[test]
fn a_renewal_by_redirect_outlives_its_page_and_still_tells_users_apart() {
    let scenario = silent();
    let (authorized, renewal) = scenario.awaiting_renewal(&format!("{ANSWER}&owner_id=42"), later());
    let (token, record) = (authorized.stored_token().encode(), renewal.pending().encode());
    // The page is gone.
    let reload = || {
        let stored = StoredToken::decode(&token).unwrap();
        let mut authorized = Authorized::restore(scenario.client(), stored, later()).unwrap();
        let renewal = authorized.resume_renewal(PendingAuthorization::decode(&record).unwrap()).unwrap();
        (authorized, renewal)
    };
    let (mut authorized, renewal) = reload();
    let answer = success(2, "&owner_id=43");
    assert!(matches!(renewal.receive(&mut authorized, &answer, later()), Renewed::OtherUser(_)));
    let (mut authorized, renewal) = reload();
    assert_eq!(renewal.receive(&mut authorized, &success(2, "&owner_id=42"), later()), Renewed::Replaced);
    assert_works_with(&authorized, "new2");
}
