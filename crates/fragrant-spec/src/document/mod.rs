//! The protocol as plain data.

mod attack;
mod flow;
mod machine;
mod outcome;
mod profile;
mod protocol;

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use attack::{Attack, AttackLine, Left};
pub use flow::{Flow, FlowLine};
pub use machine::{Machine, Order, Phase, Transition};
pub use outcome::{Cause, Note, Reason, Refusal, Word};
pub use profile::{Environment, Erratum, Move, Notice, Profile, ProviderParameter};
pub use protocol::{Actor, Message, Parameter, Step};

/// The whole protocol, as this version of the library speaks it.
///
/// Names refer to each other: an actor, a message or a phase is named wherever it takes part. Every text is the one that
/// the library itself shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Document {
    /// The version of this format. It grows when a field goes or changes its meaning.
    pub format: u32,
    /// What best current practice says of the grant, before anything else.
    pub notice: Notice,
    /// Who takes part, in order of first appearance.
    pub actors: Vec<Actor>,
    /// The four steps.
    pub steps: Vec<Step>,
    /// What is said, in the order in which it is said.
    pub messages: Vec<Message>,
    /// The providers: the specification itself first.
    pub profiles: Vec<Profile>,
    /// The client's session and the authorization server, as machines.
    pub machines: Vec<Machine>,
    /// What an address that the user agent came back to can turn out to be.
    pub verdicts: Vec<Word>,
    /// Why an answer is rejected, in the order in which it is judged.
    pub reasons: Vec<Reason>,
    /// What a believed answer can hold that is left aside.
    pub notes: Vec<Note>,
    /// The error codes of the authorization server that have a name here. The vocabulary is open: any other is kept as it
    /// came.
    pub error_codes: Vec<String>,
    /// The error codes of the API server that have a name here.
    pub api_error_codes: Vec<String>,
    /// What can go wrong with a session, and what helps.
    pub causes: Vec<Cause>,
    /// The pages that the authorization server shows where no address is known that an answer could go to.
    pub error_pages: Vec<String>,
    /// Why the API server lets a call in no further, and what its caller is told.
    pub refusals: Vec<Refusal>,
    /// What happens in a run: each provider's, part by part, and what happens when something goes wrong.
    pub flows: Vec<Flow>,
    /// The shortest attack for each mitigation that is left out.
    pub attacks: Vec<Attack>,
    /// The threats that the model leaves out, and why.
    pub left: Vec<Left>,
}

impl Document {
    /// The version of the format.
    pub const FORMAT: u32 = 2;

    /// Gathers everything from the library.
    ///
    /// # Errors
    /// [`GatherError`] when the library cannot do what the documentation is about to say of it.
    pub fn new() -> Result<Self, GatherError> {
        Ok(Self {
            format: Self::FORMAT,
            notice: profile::notice(&fragrant_profiles::Notice::RFC_9700),
            actors: protocol::actors(),
            steps: protocol::steps(),
            messages: protocol::messages(),
            profiles: profile::profiles(),
            machines: machine::machines()?,
            verdicts: outcome::verdicts(),
            reasons: outcome::reasons(),
            notes: outcome::notes(),
            error_codes: outcome::error_codes(),
            api_error_codes: outcome::api_error_codes(),
            causes: outcome::causes(),
            error_pages: outcome::error_pages(),
            refusals: outcome::refusals()?,
            flows: flow::flows()?,
            attacks: attack::attacks(),
            left: attack::left(),
        })
    }

    /// The schema of what [`Document`] is as JSON, in JSON Schema.
    pub fn schema() -> serde_json::Value {
        schemars::schema_for!(Self).to_value()
    }
}

/// The library cannot do what the documentation is about to say of it: what was tried, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GatherError(String);

impl GatherError {
    pub(crate) fn new(what: &str, came: impl fmt::Display) -> Self {
        Self(format!("{what}: {came}"))
    }
}

impl fmt::Display for GatherError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for GatherError {}
