//! Who takes part and what is said: the tables of `fragrant::actor` and `fragrant::spec`.

use fragrant::{actor, spec};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One of the six who take part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Actor {
    /// The name, in lower case.
    pub name: String,
    /// Who it is, in a sentence without its full stop.
    pub explanation: String,
}

/// One of the four steps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Step {
    /// 1 to 4.
    pub number: u8,
    /// What happens, in a few words.
    pub title: String,
    /// The same in a sentence without its full stop.
    pub explanation: String,
    /// Where the specifications describe it.
    pub citation: String,
}

/// One message of the protocol.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Message {
    /// Its name: the type in `fragrant::message`.
    pub name: String,
    /// The actor who sends it.
    pub from: String,
    /// The actor who reads it.
    pub to: String,
    /// The number of the step it belongs to.
    pub step: u8,
    /// Where the specification defines it.
    pub citation: String,
    /// Its parameters.
    pub parameters: Vec<Parameter>,
}

/// What the specifications say of one parameter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Parameter {
    /// The name on the wire.
    pub name: String,
    /// Where it travels: `query`, `fragment` or `header`.
    pub place: String,
    /// `required`, `recommended`, `optional`, `conditional` or `forbidden`.
    pub need: String,
    /// Its grammar, as the specification's ABNF or in words.
    pub grammar: String,
    /// What it means, in a sentence; units where there are any.
    pub meaning: String,
    /// Where the specification says so.
    pub citation: String,
    /// Whether its value must be kept out of logs, errors and pages.
    pub is_secret: bool,
}

pub(super) fn actors() -> Vec<Actor> {
    let actor =
        |actor: &actor::Actor| Actor { name: actor.name().into(), explanation: actor.explanation().into() };
    actor::Actor::ALL.iter().map(actor).collect()
}

pub(super) fn steps() -> Vec<Step> {
    let step = |step: &actor::Step| Step {
        number: step.number(),
        title: step.title().into(),
        explanation: step.explanation().into(),
        citation: step.citation().into(),
    };
    actor::Step::ALL.iter().map(step).collect()
}

pub(super) fn messages() -> Vec<Message> {
    let message = |message: &spec::Message| Message {
        name: message.name.into(),
        from: message.from.name().into(),
        to: message.to.name().into(),
        step: message.step.number(),
        citation: message.citation.into(),
        parameters: message.parameters.iter().map(parameter).collect(),
    };
    spec::MESSAGES.iter().map(message).collect()
}

fn parameter(parameter: &spec::Parameter) -> Parameter {
    Parameter {
        name: parameter.name.into(),
        place: parameter.place.as_str().into(),
        need: parameter.need.as_str().into(),
        grammar: parameter.grammar.into(),
        meaning: parameter.meaning.into(),
        citation: parameter.citation.into(),
        is_secret: parameter.is_secret,
    }
}
