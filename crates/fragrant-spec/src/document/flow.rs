//! What happens in a run: tales of `fragrant_model`, played in memory with the core's machines and recorded.

use fragrant::profile::Renewal;
use fragrant_model::recorder::{self, Recording};
use fragrant_model::tale::{InMemory, Mishap, Plot, tell};
use fragrant_profiles::{ALL, Provider, rfc6749, ringcentral};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::GatherError;

/// A run, or a part of one that stands by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Flow {
    /// Unique among the flows: lower-case letters, digits and hyphens.
    pub id: String,
    /// What it shows.
    pub title: String,
    /// The id of the profile whose servers it runs with.
    pub profile: String,
    /// What is said, in order.
    pub lines: Vec<FlowLine>,
}

/// One thing that is said or done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct FlowLine {
    /// The number of the step it belongs to.
    pub step: u8,
    /// The guide's own number for the move, where it has one.
    pub label: Option<String>,
    /// The actor who speaks.
    pub from: String,
    /// The actor who hears it.
    pub to: String,
    /// What it means, in a few words.
    pub text: String,
    /// The lines as they go over the wire, secrets shortened.
    pub wire: Vec<String>,
}

/// Every run with every provider, and everything that can go wrong.
pub(super) fn flows() -> Result<Vec<Flow>, GatherError> {
    let mut flows = Vec::new();
    for provider in ALL.iter().copied() {
        for (number, scene) in (1..).zip(&play(provider, Plot::Whole)?.scenes) {
            flows.push(flow(format!("{}-{number}", provider.id), provider, scene));
        }
        if provider.profile.renewal == Renewal::Silent {
            for scene in &play(provider, Plot::HiddenFrame)?.scenes {
                flows.push(flow(format!("{}-frame", provider.id), provider, scene));
            }
        }
    }
    for scene in &play(&rfc6749::PROVIDER, Plot::Denial)?.scenes {
        flows.push(flow("denial".into(), &rfc6749::PROVIDER, scene));
    }
    for mishap in Mishap::ALL {
        let provider =
            if mishap.needs_silent_renewal() { &ringcentral::PROVIDER } else { &rfc6749::PROVIDER };
        for scene in &play(provider, Plot::Mishap(*mishap))?.scenes {
            flows.push(flow(mishap.as_str().into(), provider, scene));
        }
    }
    Ok(flows)
}

fn play(provider: &'static Provider, plot: Plot) -> Result<Recording, GatherError> {
    let failed = |problem| GatherError::new(&format!("{}, {plot:?}", provider.name), problem);
    let mut stage = InMemory::new(provider).map_err(failed)?;
    let (recording, outcome) = tell(&mut stage, plot);
    outcome.map_err(failed)?;
    Ok(recording)
}

fn flow(id: String, provider: &Provider, scene: &recorder::Scene) -> Flow {
    let line = |line: &recorder::Line| FlowLine {
        step: line.step.number(),
        label: line.label.map(Into::into),
        from: line.from.name().into(),
        to: line.to.name().into(),
        text: line.text.clone(),
        wire: line.wire.clone(),
    };
    Flow {
        id,
        title: scene.title.clone(),
        profile: provider.id.into(),
        lines: scene.lines.iter().map(line).collect(),
    }
}
