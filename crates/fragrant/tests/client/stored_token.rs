//! A token across a reload: written, read back through every constructor, and taken up only by its own client.

use fragrant::client::{Authorized, InvalidRecord, PendingAuthorization, RestoreError, StoredToken};
use fragrant::profile::Profile;
use fragrant::testing;
use fragrant::value::{Issuer, Scope};
use proptest::prelude::*;

use crate::scenario::{ANSWER, NOW, Scenario, TOKEN, after};

/// An authorization whose record has every field.
fn full() -> Authorized {
    Scenario::with_profile(Profile::STRICT.with_user_parameter("owner_id".into()))
        .with_issuer("https://as.example")
        .with_api_origin("https://api.example")
        .with_scope("Contacts ReadCallLog")
        .with_id_token()
        .authorized(
            "access_token=2YotnFZFEjr1zCsicMWpAA&token_type=Bearer&expires_in=3600&scope=Contacts&state=xyz\
             &iss=https%3A%2F%2Fas.example&id_token=i.d.t&owner_id=42&x.v=2",
        )
}

/// The fields of [`full`]'s record, as they are written.
const FIELDS: [(&str, &str); 13] = [
    ("v", "1"),
    ("access_token", "2YotnFZFEjr1zCsicMWpAA"),
    ("token_type", "Bearer"),
    ("received", "1760000000"),
    ("sign_in", "bff4aa198026f420"),
    ("expiry", "1760003600"),
    ("scope", "Contacts"),
    ("requested_scope", "Contacts%20ReadCallLog"),
    ("client_id", "s6BhdRkqt3"),
    ("issuer", "https%3A%2F%2Fas.example"),
    ("id_token", "i.d.t"),
    ("x.owner_id", "42"),
    ("x.x.v", "2"),
];

const REQUIRED: [&str; 5] = ["access_token", "token_type", "received", "sign_in", "client_id"];

fn join<'a>(fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let pairs: Vec<String> = fields.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
    pairs.join("&")
}

/// The full record with another value in one field.
fn with(field: &str, value: &str) -> String {
    join(FIELDS.map(|(name, own)| (name, if name == field { value } else { own })))
}

#[test]
fn a_record_is_a_form_with_a_version() {
    assert_eq!(full().stored_token().encode(), join(FIELDS));
    assert_eq!(
        Scenario::new().authorized(ANSWER).stored_token().encode(),
        "v=1&access_token=2YotnFZFEjr1zCsicMWpAA&token_type=bearer&received=1760000000&sign_in=bff4aa198026f420\
         &client_id=s6BhdRkqt3"
    );
}

#[test]
fn a_restored_authorization_is_the_one_that_was_stored() {
    let before = full();
    let stored = StoredToken::decode(&before.stored_token().encode()).unwrap();
    assert_eq!(&stored, before.stored_token());
    let restored = Authorized::restore(before.client().clone(), stored, after(3599)).unwrap();
    assert_eq!(restored, before);
    assert_eq!(restored.renew_at(), Some(after(3540)));
    assert_eq!(restored.user(), Some("42"));
    assert_eq!(restored.missing_scope().as_ref().map(Scope::as_str), Some("ReadCallLog"));
    let request = restored.api_request("GET", "https://api.example/").unwrap();
    assert_eq!(request.reveal_authorization().as_str(), format!("Bearer {TOKEN}"));
}

proptest! {
    #![proptest_config(testing::config())]

    #[test]
    fn every_record_comes_back_equal(
        token in "[ -~]{1,60}",
        expires_in in proptest::option::of(any::<u64>()),
        extras in proptest::collection::btree_map("[^=]{1,9}", "(?s:.{1,9})", 0..4),
    ) {
        let mut answer = String::new();
        let mut writer = fragrant::wire::form::Writer::new(&mut answer, false);
        writer.pair("access_token", &token);
        writer.pair("token_type", "bearer");
        writer.pair("state", "xyz");
        if let Some(seconds) = expires_in {
            writer.pair("expires_in", &seconds.to_string());
        }
        for (name, value) in &extras {
            // Names that look like fields of the record must not become any.
            writer.pair(&format!("x{name}"), value);
            writer.pair(&format!("x.{name}"), value);
        }
        for (name, value) in [("v", "2"), ("received", "0"), ("client_id", "other")] {
            writer.pair(name, value);
        }
        let stored = Scenario::new().authorized(&answer).stored_token().clone();
        prop_assert_eq!(stored.client_id.as_str(), "s6BhdRkqt3");
        prop_assert_eq!(stored.received, NOW);
        prop_assert_eq!(stored.extra.get("received"), Some("0"));
        let record = stored.encode();
        let decoded = StoredToken::decode(&record).unwrap();
        prop_assert_eq!(decoded.encode(), record);
        prop_assert_eq!(decoded, stored);
    }

    #[test]
    fn no_text_makes_it_panic_and_what_it_reads_it_writes_again(
        text in prop_oneof![
            any::<String>(),
            "[ -~]{0,60}",
            (0..FIELDS.len(), "[ -~]{0,12}").prop_map(|(at, value)| with(FIELDS[at].0, &value)),
        ]
    ) {
        if let Ok(record) = StoredToken::decode(&text) {
            prop_assert_eq!(StoredToken::decode(&record.encode()), Ok(record));
        }
    }
}

#[test]
fn a_field_that_is_missing_is_named() {
    for (field, _) in FIELDS {
        let decoded = StoredToken::decode(&join(FIELDS.into_iter().filter(|(name, _)| *name != field)));
        let expected = match field {
            "v" => Some(InvalidRecord::Version { expected: "1" }),
            _ => REQUIRED.iter().find(|name| **name == field).map(|name| InvalidRecord::Missing(name)),
        };
        assert_eq!(decoded.err(), expected, "{field}");
    }
}

#[test]
fn a_field_that_does_not_fit_is_named() {
    let bad: [(&str, &[&str]); 10] = [
        ("access_token", &["", "%0A", "%C3%A9"]),
        ("token_type", &["", "two%20words", "%22"]),
        ("received", &["", "-1", "1.5", "18446744073709551616"]),
        ("expiry", &["", "-1", "never", "18446744073709551616"]),
        ("sign_in", &["", "bff4aa198026f42", "bff4aa198026f4200", "bff4aa198026f42G", "bff4aa198026f42F"]),
        ("scope", &["", "a%20%20b"]),
        ("requested_scope", &["", "%5C"]),
        ("client_id", &["", "%00"]),
        ("issuer", &["", "as.example"]),
        ("id_token", &["", "%0D"]),
    ];
    for (field, values) in bad {
        for value in values {
            let decoded = StoredToken::decode(&with(field, value));
            assert_eq!(decoded.err(), Some(InvalidRecord::Invalid(field)), "{field}={value}");
        }
    }
}

#[test]
fn a_moment_is_decimal_digits_and_nothing_else() {
    for field in ["received", "expiry"] {
        let decoded = StoredToken::decode(&with(field, "%2B1760000000"));
        assert_eq!(decoded.err(), Some(InvalidRecord::Invalid(field)));
    }
}

#[test]
fn a_field_stands_once_and_is_known() {
    for again in FIELDS.into_iter().chain([("%78.owner_id", "43")]) {
        let record = join(FIELDS.into_iter().chain([again]));
        assert_eq!(StoredToken::decode(&record).err(), Some(InvalidRecord::Repeated), "{again:?}");
    }
    // The last two would be extras that no answer can have: without a value, or with a name of the protocol's.
    for unknown in [("state", "s"), ("owner_id", "1"), ("x.own", ""), ("x.access_token", "a")] {
        let record = join(FIELDS.into_iter().chain([unknown]));
        assert_eq!(StoredToken::decode(&record).err(), Some(InvalidRecord::Unknown), "{unknown:?}");
    }
    for version in ["", "0", "2", "01"] {
        let decoded = StoredToken::decode(&with("v", version));
        assert_eq!(decoded.err(), Some(InvalidRecord::Version { expected: "1" }));
    }
    assert_eq!(StoredToken::decode("v=1&access_token=%").err(), Some(InvalidRecord::Malformed));
}

#[test]
// req(test): RFC6749-A.18-1
fn an_extra_has_a_name() {
    let record = join(FIELDS.into_iter().chain([("x.", "1")]));
    assert_eq!(StoredToken::decode(&record).err(), Some(InvalidRecord::Unknown));
}

#[test]
fn no_error_and_no_debug_shows_the_token() {
    for (field, _) in FIELDS {
        for record in [with(field, "planted%0Asecret"), format!("{}&planted=secret", join(FIELDS))] {
            if let Err(error) = StoredToken::decode(&record) {
                let shown = format!("{error} {error:?}");
                assert!(!shown.contains("planted") && !shown.contains(TOKEN), "{shown}");
            }
        }
    }
    let shown = format!("{:?}", full().stored_token());
    assert!(!shown.contains(TOKEN) && !shown.contains("i.d.t"), "{shown}");
}

#[test]
fn the_two_kinds_of_records_are_not_taken_for_each_other() {
    let token = full().stored_token().encode();
    assert_eq!(PendingAuthorization::decode(&token).err(), Some(InvalidRecord::Missing("purpose")));
    let pending = Scenario::new().awaiting_response().pending().encode();
    assert_eq!(StoredToken::decode(&pending).err(), Some(InvalidRecord::Missing("access_token")));
}

#[test]
fn a_token_is_restored_by_its_own_client_while_it_lasts() {
    let own = Scenario::new().with_issuer("https://as.example");
    let stored = |field: &str, value: &str| StoredToken::decode(&with(field, value)).unwrap();
    let restore = |stored: StoredToken, now| Authorized::restore(own.client(), stored, now);
    let whole = || StoredToken::decode(&join(FIELDS)).unwrap();

    assert!(restore(whole(), NOW).is_ok());
    assert!(restore(whole(), after(3599)).is_ok());
    // Received by a clock that was ahead, it counts from now.
    let early = restore(whole(), NOW.saturating_sub(900)).unwrap();
    assert_eq!(early.stored_token().received, NOW.saturating_sub(900));
    assert_eq!(early.expiry().unwrap().moment(), after(2700));
    assert_eq!(restore(whole(), after(3600)), Err(RestoreError::Ended));
    assert_eq!(restore(stored("client_id", "other"), NOW), Err(RestoreError::OtherClient));
    for issuer in ["https%3A%2F%2Fevil.example", "https%3A%2F%2Fas.example%2F"] {
        assert_eq!(restore(stored("issuer", issuer), NOW), Err(RestoreError::OtherClient), "{issuer}");
    }
    assert_eq!(restore(stored("token_type", "mac"), NOW), Err(RestoreError::TokenType));
    assert!(restore(stored("token_type", "BEARER"), NOW).is_ok());

    // Issued by nobody in particular is another server's too, and so is issued by somebody where nobody is known.
    let mut anonymous = whole();
    anonymous.issuer = None;
    assert_eq!(restore(anonymous.clone(), NOW), Err(RestoreError::OtherClient));
    let plain = Scenario::new().client();
    assert_eq!(Authorized::restore(plain.clone(), whole(), NOW), Err(RestoreError::OtherClient));
    assert!(Authorized::restore(plain, anonymous, NOW).is_ok());
    assert_eq!(whole().issuer.as_ref().map(Issuer::as_str), Some("https://as.example"));

    // One whose end nobody knows is for the API server to judge.
    let mut endless = whole();
    endless.expiry = None;
    assert_eq!(restore(endless, fragrant::value::Timestamp::MAX).unwrap().renew_at(), None);
}

#[test]
fn each_refusal_is_said() {
    for (error, text) in [
        (RestoreError::OtherClient, "stored token: it is another client's"),
        (RestoreError::Ended, "stored token: it has ended"),
        (RestoreError::TokenType, "stored token: its type is not bearer"),
    ] {
        assert_eq!(error.to_string(), text);
    }
}

#[test]
fn a_restored_token_brings_no_text_and_no_notes() {
    let noted = Scenario::new().authorized(&format!("{ANSWER}&code=c"));
    assert!(!noted.notes().is_empty());
    let restored = Authorized::restore(noted.client().clone(), noted.stored_token().clone(), NOW).unwrap();
    assert_eq!((restored.notes(), restored.text()), (&[][..], None));
    assert_eq!(restored.stored_token(), noted.stored_token());
}
