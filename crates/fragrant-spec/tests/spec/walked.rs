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
    for machine in &document.machines {
        let is_phase = |name: &str| machine.phases.iter().any(|phase| phase.name == name);
        assert!(is_phase(&machine.initial));
        for own in &machine.transitions {
            assert!(is_phase(&own.from) && is_phase(&own.to), "{own:?}");
            assert!(machine.inputs.contains(&own.input), "{own:?}");
            let is_order = |word: &String| machine.orders.iter().any(|order| order.word == *word);
            assert!(own.orders.iter().all(is_order), "{own:?}");
        }
        for order in &machine.orders {
            assert!(order.answered_by.iter().all(|input| machine.inputs.contains(input)), "{order:?}");
        }
    }
    for flow in &document.flows {
        assert!(document.profiles.iter().any(|profile| profile.id == flow.profile), "{}", flow.id);
        for line in &flow.lines {
            assert!(actors.contains(&*line.from) && actors.contains(&*line.to), "{line:?}");
        }
    }
    for attack in &document.attacks {
        for line in &attack.lines {
            assert!(attack.parties.contains(&line.from) && attack.parties.contains(&line.to), "{line:?}");
        }
    }
}

/// What must never be, whatever the tables say: the machines themselves were asked.
#[test]
fn the_machines_do_not_what_they_must_not() {
    let machine = |name: &str| document().machines.iter().find(|machine| machine.name == name).unwrap();
    let session = machine("session");
    assert!(session.transitions.iter().all(|own| own.from != "handed_over"));
    let takes = |from: &str, input: &str| {
        session.transitions.iter().any(|own| own.from == from && own.input == input)
    };
    assert!(takes("signed_in.fresh", "api_requested") && !takes("signed_out", "api_requested"));
    let server = machine("authorization_server");
    let into = |to: &str| -> BTreeSet<&str> {
        server.transitions.iter().filter(|own| own.to == to).map(|own| own.from.as_str()).collect()
    };
    // A token is made of a consent alone, and nothing follows an answer.
    assert_eq!(into("Responded"), ["Consented"].into());
    assert_eq!(into("ShowErrorPage"), ["Incoming"].into());
    assert!(
        server
            .transitions
            .iter()
            .all(|own| !["Responded", "RedirectWithError", "ShowErrorPage"].contains(&&*own.from))
    );
    // Every page that the core can show is shown by some request.
    let shown: BTreeSet<&String> = server
        .transitions
        .iter()
        .filter(|own| own.to == "ShowErrorPage")
        .flat_map(|own| &own.orders)
        .collect();
    assert_eq!(shown, document().error_pages.iter().collect());
}

/// Each code of an error stands at the server that sends it.
#[test]
fn each_server_has_its_own_error_codes() {
    let document = document();
    // The API server was called in every way: its codes are those that it has been heard to say.
    let said: BTreeSet<&String> =
        document.refusals.iter().filter_map(|refusal| refusal.error_code.as_ref()).collect();
    assert_eq!(said, document.api_error_codes.iter().collect());
    let shared: Vec<&String> =
        document.error_codes.iter().filter(|code| document.api_error_codes.contains(code)).collect();
    assert_eq!(shared, ["invalid_request"]);
    let caused: BTreeSet<&String> = document.causes.iter().flat_map(|cause| &cause.error_codes).collect();
    assert_eq!(caused, document.error_codes.iter().collect());
}

/// The providers' guides: four steps of one, thirteen moves of the other, each shown in the run and in its order.
#[test]
fn a_run_shows_every_move_of_the_guide() {
    for profile in &document().profiles {
        let first = document().flows.iter().find(|flow| flow.profile == profile.id).unwrap();
        let mut labels: Vec<&str> = first.lines.iter().filter_map(|line| line.label.as_deref()).collect();
        labels.dedup();
        let mut moves: Vec<&str> = profile.moves.iter().map(|own| own.label.as_str()).collect();
        moves.dedup();
        assert_eq!(labels, moves, "{}", profile.id);
    }
}

/// Each code of an error is sent in some run by the server whose it is, and each silent renewal is there as the session
/// orders it.
#[test]
fn each_way_of_ending_is_told() {
    let document = document();
    let sent: Vec<&str> = document
        .flows
        .iter()
        .flat_map(|flow| &flow.lines)
        .flat_map(|line| &line.wire)
        .map(|wire| &**wire)
        .collect();
    for code in &document.error_codes {
        let is_sent =
            |wire: &&str| wire.starts_with("Location: ") && wire.contains(&format!("#error={code}&"));
        assert!(sent.iter().any(is_sent), "{code}");
    }
    for code in &document.api_error_codes {
        let is_sent = |wire: &&str| {
            wire.starts_with("WWW-Authenticate: ") && wire.contains(&format!("error=\"{code}\""))
        };
        assert!(sent.iter().any(is_sent), "{code}");
    }
    for profile in &document.profiles {
        let frame = document.flows.iter().find(|flow| flow.id == format!("{}-frame", profile.id));
        assert_eq!(frame.is_some(), profile.renewal == "silent", "{}", profile.id);
        let orders = &document.machines.iter().find(|machine| machine.name == "session").unwrap().orders;
        for line in frame.iter().flat_map(|flow| &flow.lines).filter(|line| line.from == "client") {
            assert!(orders.iter().any(|order| order.word == line.wire[0]), "{line:?}");
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
