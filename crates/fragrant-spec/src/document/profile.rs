//! The providers: `fragrant_profiles`.

use fragrant_profiles as profiles;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One provider of the grant, or the specification itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Profile {
    /// The word by which programs know it, as in `--profile`.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// How a token is renewed: `silent`, with `prompt=none`, or by a new `redirect`.
    pub renewal: String,
    /// How long before its end a token is renewed, in seconds; never more than a quarter of its lifetime.
    pub renewal_margin: u64,
    /// The lifetime in seconds of a token that comes without `expires_in`, where the provider documents one.
    pub default_lifetime: Option<u64>,
    /// What is forgiven, by the names of the settings; empty where nothing is.
    pub leniencies: Vec<String>,
    /// Its servers, production first.
    pub environments: Vec<Environment>,
    /// The parameters and headers that it adds to the protocol, or gives values of its own.
    pub parameters: Vec<ProviderParameter>,
    /// The grant as its guide tells it.
    pub moves: Vec<Move>,
    /// What became of its support for the grant.
    pub notices: Vec<Notice>,
    /// Where its guide errs.
    pub errata: Vec<Erratum>,
}

/// The servers of one environment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Environment {
    /// The word by which programs know it.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Where step 1 sends the user agent.
    pub authorization_endpoint: String,
    /// The only origin that a token may be sent to.
    pub api_origin: String,
}

/// A parameter or header of a provider's own, or one that it gives values of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ProviderParameter {
    /// The name on the wire.
    pub name: String,
    /// Where it travels: `query`, `fragment` or `header`.
    pub place: String,
    /// The values that the provider names, if it names any.
    pub values: Vec<String>,
    /// What it means, in a sentence.
    pub meaning: String,
    /// Where that is known from.
    pub source: String,
}

/// One move of the grant as a guide numbers it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Move {
    /// The guide's own number for it.
    pub label: String,
    /// What happens, in a few words.
    pub title: String,
    /// The actor who makes it.
    pub from: String,
    /// The actor who sees it.
    pub to: String,
    /// The number of the step it belongs to.
    pub step: u8,
    /// The names of the messages that it can carry. A `BearerChallenge` is in a refusal; other answers of the API are no
    /// messages of the protocol.
    pub messages: Vec<String>,
    /// Whether a login session or an earlier consent can make it unnecessary.
    pub can_be_skipped: bool,
}

/// What happened to the grant, and what to use instead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Notice {
    /// When, as an ISO 8601 month.
    pub when: String,
    /// What happened, in a sentence without its full stop.
    pub what: String,
    /// What to use instead.
    pub instead: String,
    /// Where that is known from.
    pub source: String,
}

/// A mistake in a provider's guide, and the reading that is implemented.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Erratum {
    /// The provider's id and a number that stays.
    pub id: String,
    /// What the guide says, in our words.
    pub guide_says: String,
    /// What is right, and implemented.
    pub implemented: String,
    /// Where it is known from.
    pub source: String,
    /// The name of the test that shows it, where code shows it.
    pub shown_by: Option<String>,
}

pub(super) fn profiles() -> Vec<Profile> {
    profiles::ALL.iter().copied().map(profile).collect()
}

fn profile(provider: &profiles::Provider) -> Profile {
    let policy = &provider.profile;
    Profile {
        id: provider.id.into(),
        name: provider.name.into(),
        renewal: policy.renewal.as_str().into(),
        renewal_margin: policy.renewal_margin,
        default_lifetime: policy.default_lifetime,
        leniencies: policy.leniency.names().map(Into::into).collect(),
        environments: provider.environments.iter().map(environment).collect(),
        parameters: provider.parameters.iter().map(parameter).collect(),
        moves: provider.moves.iter().map(a_move).collect(),
        notices: provider.notices.iter().map(notice).collect(),
        errata: provider.errata.iter().map(erratum).collect(),
    }
}

fn environment(environment: &profiles::Environment) -> Environment {
    Environment {
        id: environment.id.into(),
        name: environment.name.into(),
        authorization_endpoint: format!("{}{}", environment.login_origin, environment.paths.authorization),
        api_origin: environment.api_origin.into(),
    }
}

fn parameter(parameter: &profiles::ProviderParameter) -> ProviderParameter {
    ProviderParameter {
        name: parameter.name.into(),
        place: parameter.place.as_str().into(),
        values: parameter.values.iter().map(|value| (*value).into()).collect(),
        meaning: parameter.meaning.into(),
        source: parameter.source.into(),
    }
}

fn a_move(a_move: &profiles::Move) -> Move {
    Move {
        label: a_move.label.into(),
        title: a_move.title.into(),
        from: a_move.from.name().into(),
        to: a_move.to.name().into(),
        step: a_move.step.number(),
        messages: a_move.kind.messages().iter().map(|name| (*name).into()).collect(),
        can_be_skipped: a_move.can_be_skipped,
    }
}

pub(super) fn notice(notice: &profiles::Notice) -> Notice {
    Notice {
        when: notice.when.into(),
        what: notice.what.into(),
        instead: notice.instead.into(),
        source: notice.source.into(),
    }
}

fn erratum(erratum: &profiles::Erratum) -> Erratum {
    Erratum {
        id: erratum.id.into(),
        guide_says: erratum.guide_says.into(),
        implemented: erratum.implemented.into(),
        source: erratum.source.into(),
        shown_by: erratum.shown_by.map(Into::into),
    }
}
