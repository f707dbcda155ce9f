//! What an attacker can do where a mitigation is left out: the gallery of `fragrant_model`.

use fragrant_model::switch::LEFT;
use fragrant_model::{Property, gallery, story};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The shortest attack for a mitigation that is left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Attack {
    /// The mitigation's id, as `docs/model.md` counts them.
    pub id: String,
    /// The mitigation in a few words.
    pub mitigation: String,
    /// `fault`, `leniency` or `world`: a check of the core, a setting, or how the world is.
    pub kind: String,
    /// What no longer holds without it; the attack is on the first.
    pub breaks: Vec<String>,
    /// What happens, in a sentence.
    pub attack: String,
    /// What stops it, in a sentence.
    pub stopped_by: String,
    /// What the last action is refused with, when everything is in order; empty where nothing is to be refused.
    pub refusal: String,
    /// How many actions it takes.
    pub length: usize,
    /// Who takes part.
    pub parties: Vec<String>,
    /// What is said, in order.
    pub lines: Vec<AttackLine>,
}

/// One thing that is said or done in an attack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct AttackLine {
    /// Who speaks, one of the parties.
    pub from: String,
    /// Who hears it.
    pub to: String,
    /// What it is, in a few words.
    pub text: String,
    /// The address or the message itself, where there is one.
    pub wire: Option<String>,
    /// Of a refusal: the words of whoever refuses.
    pub refusal: Option<String>,
}

/// A threat that the model leaves out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Left {
    /// The threat, as `docs/model.md` counts them.
    pub id: String,
    /// Why it is left out.
    pub why: String,
}

pub(super) fn attacks() -> Vec<Attack> {
    gallery::gallery().map(|attack| self::attack(&attack)).collect()
}

fn attack(attack: &gallery::Attack) -> Attack {
    let switch = attack.switch;
    Attack {
        id: switch.id.into(),
        mitigation: switch.name.into(),
        kind: switch.kind.as_str().into(),
        breaks: switch.breaks.iter().map(Property::to_string).collect(),
        attack: switch.attack.into(),
        stopped_by: switch.stopped_by.into(),
        refusal: switch.refusal.into(),
        length: switch.length,
        parties: fragrant_model::chart::Chart::from(attack).parties,
        lines: attack.lines().map(line).collect(),
    }
}

fn line(line: &story::Line) -> AttackLine {
    AttackLine {
        from: line.from.to_string(),
        to: line.to.to_string(),
        text: line.text.clone(),
        wire: line.wire.as_deref().map(story::shorten_states),
        refusal: line.refusal.clone(),
    }
}

pub(super) fn left() -> Vec<Left> {
    LEFT.iter().map(|left| Left { id: left.id.into(), why: left.why.into() }).collect()
}
