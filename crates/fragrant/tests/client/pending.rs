//! What waits between step 1 and step 3, while the page is gone: the record, its key, and the store that keeps it.

use std::collections::BTreeMap;

use fragrant::client::{Authorized, Client, InvalidRecord, PendingAuthorization, Purpose, Reason, Received};
use fragrant::profile::Profile;
use fragrant::testing;
use fragrant::value::{Entropy, Issuer, Nonce, PendingKey, ResponseType, Scope, State, Timestamp};
use fragrant::wire::Redirect;
use proptest::prelude::*;

use crate::scenario::{
    ANSWER, NOW, Scenario, TOKEN, address, after, authorized, client, entropy, fresh_state, rejected,
};

/// A record with every field.
fn full() -> PendingAuthorization {
    let scenario =
        Scenario::new().with_issuer("https://as.example").with_scope("Contacts ReadCallLog").with_id_token();
    scenario.awaiting_response().with_purpose(Purpose::Popup).remember("/inbox?page=2").into_pending()
}

/// The fields of [`full`], as they are written.
const FIELDS: [(&str, &str); 12] = [
    ("v", "1"),
    ("purpose", "popup"),
    ("created", "1760000000"),
    ("end", "1760000600"),
    ("client_id", "s6BhdRkqt3"),
    ("redirect_uri", "https%3A%2F%2Fapp.example%2Fcb"),
    ("response_type", "id_token%20token"),
    ("state", "xyz"),
    ("issuer", "https%3A%2F%2Fas.example"),
    ("scope", "Contacts%20ReadCallLog"),
    ("nonce", "0101010101010101010101010101010101010101"),
    ("text", "%2Finbox%3Fpage%3D2"),
];

/// Fields that every record has.
const REQUIRED: [&str; 7] =
    ["purpose", "created", "end", "client_id", "redirect_uri", "response_type", "state"];

/// Writes fields as they are.
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
    assert_eq!(full().encode(), join(FIELDS));
    assert_eq!(
        Scenario::new().awaiting_response().pending().encode(),
        "v=1&purpose=redirect&created=1760000000&end=1760000600&client_id=s6BhdRkqt3\
         &redirect_uri=https%3A%2F%2Fapp.example%2Fcb&response_type=token&state=xyz"
    );
    for purpose in [Purpose::Redirect, Purpose::Popup, Purpose::Frame] {
        let record = with("purpose", purpose.as_str());
        assert_eq!(PendingAuthorization::decode(&record).unwrap().purpose(), purpose);
    }
}

#[test]
fn what_is_decoded_is_what_was_encoded() {
    let decoded = PendingAuthorization::decode(&full().encode()).unwrap();
    assert_eq!(decoded, full());
    // The order of the fields has no meaning.
    assert_eq!(PendingAuthorization::decode(&join(FIELDS.into_iter().rev())).unwrap(), decoded);
    assert_eq!(decoded.text(), Some("/inbox?page=2"));
    assert_eq!((decoded.created(), decoded.end()), (NOW, after(600)));
}

proptest! {
    #![proptest_config(testing::config())]

    #[test]
    fn every_record_comes_back_equal(
        state in "[^\\p{Cc}]{1,40}",
        bytes in any::<[u8; 32]>(),
        is_fresh in any::<bool>(),
        text in any::<String>(),
        scope in proptest::option::of("[!#-\\[\\]-~]{1,9}( [!#-\\[\\]-~]{1,9}){0,3}"),
        nonce in proptest::option::of("[ -~]{1,40}"),
        has_issuer in any::<bool>(),
        wants_id_token in any::<bool>(),
        purpose in prop_oneof![Just(Purpose::Redirect), Just(Purpose::Popup), Just(Purpose::Frame)],
        (created, lifetime) in any::<(u64, u64)>(),
    ) {
        let mut client = client(Profile::STRICT).with_pending_lifetime(lifetime);
        if has_issuer {
            client = client.with_issuer(Issuer::new("https://as.example").unwrap());
        }
        let mut request = client.authorization_request();
        request.state = (!is_fresh).then(|| State::new(&*state).unwrap());
        request.scope = scope.map(|scope| Scope::new(scope).unwrap());
        request.nonce = nonce.map(|nonce| Nonce::new(nonce).unwrap());
        if wants_id_token {
            request.response_type = ResponseType::ID_TOKEN_TOKEN;
        }
        let mut entropy = [0; Entropy::LEN];
        entropy[..32].copy_from_slice(&bytes);
        let begun = client.begin(request, Entropy::new(entropy), Timestamp::from_unix_seconds(created));
        let awaiting = begun.unwrap().1.with_purpose(purpose).remember(&*text);
        let record = awaiting.pending().encode();
        // A storage, a cookie or an attribute of a page can hold it as it is.
        prop_assert!(record.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~%&=".contains(&byte)));
        let decoded = PendingAuthorization::decode(&record).unwrap();
        prop_assert_eq!(&decoded, awaiting.pending());
        prop_assert_eq!(decoded.key(), awaiting.key());
        prop_assert_eq!(decoded.text(), Some(&*text).filter(|text| !text.is_empty()));
        prop_assert_eq!(decoded.encode(), record);
        prop_assert_eq!(client.resume(decoded).unwrap(), awaiting);
    }

    #[test]
    fn no_text_makes_it_panic_and_what_it_reads_it_writes_again(
        text in prop_oneof![
            any::<String>(),
            "[ -~]{0,60}",
            // Whole records with one field spoilt.
            (0..FIELDS.len(), "[ -~]{0,12}").prop_map(|(at, value)| with(FIELDS[at].0, &value)),
        ]
    ) {
        if let Ok(record) = PendingAuthorization::decode(&text) {
            prop_assert_eq!(PendingAuthorization::decode(&record.encode()), Ok(record));
        }
    }
}

#[test]
fn a_field_that_is_missing_is_named() {
    for (field, _) in FIELDS {
        let decoded =
            PendingAuthorization::decode(&join(FIELDS.into_iter().filter(|(name, _)| *name != field)));
        let expected = match field {
            "v" => Some(InvalidRecord::Version { expected: "1" }),
            _ => REQUIRED.iter().find(|name| **name == field).map(|name| InvalidRecord::Missing(name)),
        };
        assert_eq!(decoded.err(), expected, "{field}");
    }
}

/// What does not fit into each field.
const BAD: [(&str, &[&str]); 10] = [
    ("purpose", &["", "Redirect", "iframe", "redirect%20"]),
    ("created", &["", "-1", "1.5", "soon", "%201", "18446744073709551616"]),
    ("end", &["", "-1", "1.5", "soon", "%201", "18446744073709551616"]),
    ("client_id", &["", "%C3%A9", "%00"]),
    (
        "redirect_uri",
        &["", "%2Fcb", "https%3A%2F%2Fapp.example", "https%3A%2F%2Fapp.example%2Fcb%23x", "javascript%3A1"],
    ),
    ("response_type", &["", "to-ken", "token%20%20id_token"]),
    ("state", &["", "%0A", "%C2%85"]),
    ("issuer", &["", "as.example", "https%3A%2F%2Fas.example%3Fx", "ftp%3A%2F%2Fas.example"]),
    ("scope", &["", "a%20%20b", "%22"]),
    ("nonce", &["", "%C3%A9", "%0D%0A"]),
];

#[test]
fn a_field_that_does_not_fit_is_named() {
    for (field, values) in BAD {
        for value in values {
            let decoded = PendingAuthorization::decode(&with(field, value));
            assert_eq!(decoded.err(), Some(InvalidRecord::Invalid(field)), "{field}={value}");
        }
    }
}

#[test]
fn a_moment_is_decimal_digits_and_nothing_else() {
    for field in ["created", "end"] {
        let decoded = PendingAuthorization::decode(&with(field, "%2B1760000000"));
        assert_eq!(decoded.err(), Some(InvalidRecord::Invalid(field)));
    }
}

#[test]
fn a_field_stands_once() {
    for (field, value) in FIELDS {
        let escaped = format!("%{:02x}{}", field.as_bytes()[0], &field[1..]);
        for again in [(field, value), (field, ""), (&*escaped, "other")] {
            let record = join(FIELDS.into_iter().chain([again]));
            assert_eq!(
                PendingAuthorization::decode(&record).err(),
                Some(InvalidRecord::Repeated),
                "{record}"
            );
        }
    }
}

#[test]
fn fields_of_other_versions_are_not_read() {
    for unknown in [("access_token", "a"), ("State", "xyz"), ("", "1"), ("x.own", "1")] {
        let record = join(FIELDS.into_iter().chain([unknown]));
        assert_eq!(PendingAuthorization::decode(&record).err(), Some(InvalidRecord::Unknown), "{unknown:?}");
    }
    let version = Some(InvalidRecord::Version { expected: "1" });
    for other in ["", "0", "2", "01", "1.0", "%201"] {
        assert_eq!(PendingAuthorization::decode(&with("v", other)).err(), version, "{other}");
    }
    // The version is judged before the fields that only its own readers know.
    assert_eq!(PendingAuthorization::decode("v=2&key=1").err(), version);
    assert_eq!(PendingAuthorization::decode("").err(), version);
}

#[test]
fn what_is_no_form_is_no_record() {
    for bad in ["%", "v=1&state=%zz", "v=1&text=a b", "v=1&text=\u{e4}", "{\"v\":1}#", "v=1&text=%FF"] {
        assert_eq!(PendingAuthorization::decode(bad).err(), Some(InvalidRecord::Malformed), "{bad}");
    }
}

#[test]
fn no_error_repeats_what_was_stored() {
    let records = FIELDS.iter().filter(|(field, _)| *field != "text").flat_map(|(field, _)| {
        let planted = with(field, "planted%0Asecret");
        let unknown = join(FIELDS.into_iter().chain([("plantedname", "planted%20secret")]));
        let twice = format!("{planted}&{field}=planted");
        [planted.clone(), unknown, twice, format!("{planted}&x=%planted")]
    });
    for record in records {
        let error = PendingAuthorization::decode(&record).unwrap_err();
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains("planted") && !shown.contains("secret"), "{shown}");
    }
    for (error, text) in [
        (InvalidRecord::Malformed, "stored record: not a well-formed form"),
        (InvalidRecord::Repeated, "stored record: a field occurs twice"),
        (InvalidRecord::Version { expected: "1" }, "stored record: expected version 1"),
        (InvalidRecord::Missing("state"), "stored record: the field `state` is missing"),
        (InvalidRecord::Invalid("end"), "stored record: the field `end` is not valid"),
        (InvalidRecord::Unknown, "stored record: a field is not known"),
    ] {
        assert_eq!(error.to_string(), text);
    }
}

#[test]
fn debug_shows_neither_the_state_nor_the_callers_text() {
    let scenario = Scenario::new().with_fresh_state().with_id_token();
    let pending = scenario.awaiting_response().remember("planted text").into_pending();
    let shown = format!("{pending:?}");
    assert!(shown.contains("key: \"0101010101010101\""), "{shown}");
    for secret in ["planted", &fresh_state(1)[16..], &"01".repeat(20)] {
        assert!(!shown.contains(secret), "{secret}");
    }
}

#[test]
fn the_key_is_found_from_the_answer_alone() {
    for scenario in [Scenario::new(), Scenario::new().with_fresh_state()] {
        let pending = scenario.awaiting_response().into_pending();
        let profile = Profile::STRICT;
        let state = pending.expected(&profile).state.unwrap();
        let answer = address(&format!("error=access_denied&state={state}"));
        assert_eq!(Redirect::split(&answer).pending_key(), Some(pending.key()));
        assert_eq!(PendingAuthorization::decode(&pending.encode()).unwrap().key(), pending.key());
    }
    // Stored records outlive the program that wrote them, so these never change.
    assert_eq!(Scenario::new().awaiting_response().key().to_text(), "bff4aa198026f420");
    assert_eq!(Scenario::new().with_fresh_state().awaiting_response().key().to_text(), "0101010101010101");
}

/// Where records wait. The contract is [`check_contract`].
trait Store {
    /// Keeps a record under its key, in the place of one that is there.
    fn put(&mut self, key: PendingKey, record: String);
    /// Hands a record out, once.
    fn take(&mut self, key: PendingKey) -> Option<String>;
}

/// A store as it should be: it deletes in the act of reading.
#[derive(Default)]
struct InMemory(BTreeMap<PendingKey, String>);

impl Store for InMemory {
    fn put(&mut self, key: PendingKey, record: String) {
        self.0.insert(key, record);
    }

    fn take(&mut self, key: PendingKey) -> Option<String> {
        self.0.remove(&key)
    }
}

/// A store as it should not be: it reads, and leaves the deleting for later.
#[derive(Default)]
struct Forgetful(InMemory);

impl Store for Forgetful {
    fn put(&mut self, key: PendingKey, record: String) {
        self.0.put(key, record);
    }

    fn take(&mut self, key: PendingKey) -> Option<String> {
        self.0.0.get(&key).cloned()
    }
}

/// A store as it should not be: it has one slot for all keys.
#[derive(Default)]
struct SingleSlot(Option<(PendingKey, String)>);

impl Store for SingleSlot {
    fn put(&mut self, key: PendingKey, record: String) {
        self.0 = Some((key, record));
    }

    fn take(&mut self, key: PendingKey) -> Option<String> {
        self.0.take_if(|(own, _)| *own == key).map(|(_, record)| record)
    }
}

/// What the page at the redirection URI does with its address.
#[derive(Debug)]
#[allow(clippy::large_enum_variant)] // made once a test
enum Landed {
    SignedIn(Authorized),
    NothingWaits,
    NotBelieved(Reason),
}

fn land(store: &mut impl Store, client: &Client, address: &str) -> Landed {
    let Some(key) = Redirect::split(address).pending_key() else { return Landed::NothingWaits };
    let Some(record) = store.take(key) else { return Landed::NothingWaits };
    let awaiting = client.resume(PendingAuthorization::decode(&record).unwrap()).unwrap();
    match awaiting.receive(address, after(60)) {
        Received::Authorized(authorized) => Landed::SignedIn(authorized),
        Received::Denied(denied) => panic!("{denied:?}"),
        Received::Rejected { rejection, awaiting } => {
            if let Some(awaiting) = awaiting {
                store.put(awaiting.key(), awaiting.pending().encode());
            }
            Landed::NotBelieved(rejection.reason)
        }
        Received::NotOurs(awaiting) => {
            store.put(awaiting.key(), awaiting.pending().encode());
            Landed::NothingWaits
        }
    }
}

/// Begins a login in a tab and stores its record. Returns the address that the server will answer with.
fn open_tab(store: &mut impl Store, client: &Client, byte: u8) -> String {
    let (_, awaiting) = client.begin(client.authorization_request(), entropy(byte), NOW).unwrap();
    let awaiting = awaiting.remember(format!("tab {byte}"));
    store.put(awaiting.key(), awaiting.pending().encode());
    address(&format!("access_token=token{byte}&token_type=bearer&state={}", fresh_state(byte)))
}

fn is_signed_in(landed: &Landed, byte: u8) -> bool {
    matches!(landed, Landed::SignedIn(authorized)
        if authorized.access_token().reveal_secret() == format!("token{byte}")
            && authorized.text() == Some(&format!("tab {byte}")))
}

/// What every store must do. The core cannot see to it, because the page that asks and the page that is answered are two.
fn check_contract(mut store: impl Store) -> Result<(), &'static str> {
    let client = client(Profile::STRICT);
    let (first, second) = (open_tab(&mut store, &client, 1), open_tab(&mut store, &client, 2));
    // Whoever knows the key, which is no secret, does not end the login by it.
    let forged = address(&format!(
        "access_token=evil&token_type=bearer&state={}{}",
        &fresh_state(1)[..16],
        "f".repeat(40)
    ));
    if !matches!(land(&mut store, &client, &forged), Landed::NotBelieved(Reason::StateMismatch)) {
        return Err("a record is found by its key alone");
    }
    // The tabs are answered in whatever order.
    if !is_signed_in(&land(&mut store, &client, &second), 2) {
        return Err("the second tab signs in");
    }
    if !is_signed_in(&land(&mut store, &client, &first), 1) {
        return Err("the first tab signs in too");
    }
    // The same address again: the back button, a second tab, somebody who read the history.
    if !matches!(land(&mut store, &client, &first), Landed::NothingWaits) {
        return Err("a record is handed out once");
    }
    if store.take(State::generate(&entropy(2)).pending_key()).is_some() {
        return Err("a record is handed out once");
    }
    Ok(())
}

#[test]
// req(test): RFC9700-4.2.4-3, RFC9700-2.1-4, RFC6819-5.3.5-1, OIDC-3.1.2.1-5
fn an_answer_that_comes_again_finds_nothing() {
    assert_eq!(check_contract(InMemory::default()), Ok(()));
}

#[test]
fn the_contract_tells_bad_stores() {
    assert_eq!(check_contract(Forgetful::default()), Err("a record is handed out once"));
    assert_eq!(check_contract(SingleSlot::default()), Err("a record is found by its key alone"));
}

#[test]
fn two_tabs_do_not_take_each_others_answers() {
    let client = client(Profile::STRICT);
    let begin = |byte| client.begin(client.authorization_request(), entropy(byte), NOW).unwrap().1;
    let answer =
        |byte| address(&format!("access_token=a{byte}&token_type=bearer&state={}", fresh_state(byte)));
    let (first, second) = (begin(1), begin(2));
    assert_ne!(first.key(), second.key());
    let (rejection, handed_back) = rejected(first.receive(&answer(2), NOW));
    assert_eq!(rejection.reason, Reason::StateMismatch);
    let first = authorized(handed_back.unwrap().receive(&answer(1), NOW));
    let second = authorized(second.receive(&answer(2), NOW));
    assert_eq!(first.access_token().reveal_secret(), "a1");
    assert_eq!(second.access_token().reveal_secret(), "a2");
}

#[test]
fn a_record_from_the_store_judges_as_the_request_did() {
    let scenario = Scenario::new().with_issuer("https://as.example").with_scope("a");
    let pending = PendingAuthorization::decode(&scenario.awaiting_response().pending().encode()).unwrap();
    let resume = || scenario.client().resume(pending.clone()).unwrap();
    let answer = |rest: &str| address(&format!("{ANSWER}{rest}"));
    let iss = "&iss=https%3A%2F%2Fas.example";
    let received = authorized(resume().receive(&answer(iss), after(599)));
    assert_eq!(received.access_token().reveal_secret(), TOKEN);
    assert_eq!(received.scope().map(Scope::as_str), Some("a"));
    assert_eq!(received.stored_token().issuer.as_ref().map(Issuer::as_str), Some("https://as.example"));
    let reason = |address: &str, now| rejected(resume().receive(address, now)).0.reason;
    assert_eq!(reason(&answer(iss), after(600)), Reason::PendingExpired);
    assert_eq!(reason(&answer(""), NOW), Reason::IssuerMissing);
    assert_eq!(reason(&answer(iss).replace("xyz", "xyw"), NOW), Reason::StateMismatch);
    assert_eq!(reason(&answer(iss).replace("/cb", "/cd"), NOW), Reason::RedirectUriMismatch);
}
