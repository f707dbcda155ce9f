//! Another generator: it walks the document without Markdown, in Rust and as JSON.

use std::collections::BTreeSet;

use fragrant_spec::Document;
use serde_json::Value;

use crate::document;

/// A generator of plain text: what goes from whom to whom, and what of it is secret.
fn messages_in_plain_text(document: &Document) -> String {
    let mut text = String::new();
    for message in &document.messages {
        text += &format!("{} > {}: {}\n", message.from, message.to, message.name);
        for parameter in message.parameters.iter().filter(|parameter| parameter.is_secret) {
            text += &format!("    keep secret: {} ({})\n", parameter.name, parameter.place);
        }
    }
    text
}

#[test]
fn another_generator_needs_no_markdown() {
    assert_eq!(
        messages_in_plain_text(document()),
        "client > authorization server: AuthorizationRequest\n    keep secret: state (query)\n    keep secret: nonce (query)\n\
         authorization server > client: AccessTokenResponse\n    keep secret: access_token (fragment)\n    \
         keep secret: state (fragment)\n    keep secret: id_token (fragment)\n\
         authorization server > client: ErrorResponse\n    keep secret: state (fragment)\n\
         client > API server: ResourceRequest\n    keep secret: Authorization (header)\n\
         API server > client: BearerChallenge\n"
    );
}

#[test]
fn as_json_it_is_the_same_document() {
    let json = serde_json::to_string(document()).unwrap();
    assert_eq!(&serde_json::from_str::<Document>(&json).unwrap(), document());
}

#[test]
fn every_name_that_refers_to_something_finds_it() {
    let document = document();
    let actors: BTreeSet<&str> = document.actors.iter().map(|actor| actor.name.as_str()).collect();
    let messages: BTreeSet<&str> = document.messages.iter().map(|message| message.name.as_str()).collect();
    let causes: BTreeSet<&str> = document.causes.iter().map(|cause| cause.word.as_str()).collect();
    for message in &document.messages {
        assert!(actors.contains(&*message.from) && actors.contains(&*message.to), "{message:?}");
        assert!(document.steps.iter().any(|step| step.number == message.step), "{message:?}");
    }
    for a_move in document.profiles.iter().flat_map(|profile| &profile.moves) {
        assert!(actors.contains(&*a_move.from) && actors.contains(&*a_move.to), "{a_move:?}");
        assert!(a_move.messages.iter().all(|name| messages.contains(&**name)), "{a_move:?}");
    }
    assert!(document.reasons.iter().all(|reason| causes.contains(&*reason.cause)));
    for attack in &document.attacks {
        for line in &attack.lines {
            assert!(attack.parties.contains(&line.from) && attack.parties.contains(&line.to), "{line:?}");
        }
    }
}

/// A text with no value in it would be a hole in every page that shows it.
#[test]
fn no_text_is_empty_but_those_that_may_be() {
    fn look(value: &Value, path: &str) {
        match value {
            Value::String(text) => {
                let may_be_empty = path.ends_with(".refusal");
                assert!(may_be_empty || !text.trim().is_empty(), "{path} is empty");
            }
            Value::Array(items) => items.iter().for_each(|item| look(item, path)),
            Value::Object(fields) => {
                fields.iter().for_each(|(name, value)| look(value, &format!("{path}.{name}")));
            }
            _ => {}
        }
    }
    look(&serde_json::to_value(document()).unwrap(), "document");
}
