//! The gallery: each switch's shortest attack as data, as a chart, and as something that can be tried on the core as it is.

use std::collections::BTreeSet;
use std::fmt::Write;

use crate::property::Property;
use crate::replay::{Step, replay};
use crate::search::{Stop, search};
use crate::story::{Line, Party, shorten_states};
use crate::switch::{SWITCHES, Switch};
use crate::world::{Refused, Setting};

/// An attack that a switch lets through.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Attack {
    /// The switch that was off.
    pub switch: &'static Switch,
    /// The property that it breaks.
    pub property: Property,
    /// What happens, action by action.
    pub steps: Vec<Step>,
}

impl Attack {
    /// Finds the shortest attack on the first property that a switch breaks; `None` if it breaks none.
    ///
    /// # Errors
    /// [`Refused`] when this build cannot turn the switch off.
    pub fn find(switch: &'static Switch) -> Result<Option<Self>, Refused> {
        let Some(&property) = switch.breaks.first() else { return Ok(None) };
        let stop = Stop { when_broken: [property].into_iter().collect(), ..Stop::default() };
        let found = search(&switch.off(), stop, |_| {})?;
        let Some(way) = found.violations.get(&property) else { return Ok(None) };
        let steps = replay(&switch.off(), way.iter().map(String::as_str))?;
        Ok(Some(Self { switch, property, steps }))
    }

    /// The attack of a switch as the gallery keeps it.
    pub fn of(switch: &'static Switch) -> Option<Self> {
        let (_, text) = FILES.iter().find(|(id, _)| *id == switch.id)?;
        Self::read(switch, text)
    }

    /// Tries it on the core as it is, in the same world with everything in order.
    ///
    /// # Errors
    /// [`Refused`] when an action is none.
    pub fn try_on(&self) -> Result<Vec<Step>, Refused> {
        let setting = Setting { faults: BTreeSet::new(), ..self.switch.on() };
        replay(&setting, self.steps.iter().map(|step| &*step.action))
    }

    /// The attack as text: a line that begins with `>` is an action, the others are what is said in it.
    pub fn to_text(&self) -> String {
        let mut out = format!("{} breaks {}\n", self.switch.id, self.property);
        for step in &self.steps {
            let _ = writeln!(out, "> {}", step.action);
            for line in &step.lines {
                let mut fields = vec![line.from.to_string(), line.to.to_string(), line.text.clone()];
                let refusal = line.refusal.as_ref().map(|refusal| format!("refusal: {refusal}"));
                fields.extend(line.wire.as_deref().map(shorten_states).or(refusal));
                let _ = writeln!(out, "{}", fields.join(" | "));
            }
        }
        out
    }

    fn read(switch: &'static Switch, text: &str) -> Option<Self> {
        let mut lines = text.lines();
        let (_, broken) = lines.next()?.split_once(" breaks ")?;
        let property = Property::ALL.into_iter().find(|property| property.as_str() == broken)?;
        let mut steps: Vec<Step> = Vec::new();
        for line in lines {
            if let Some(action) = line.strip_prefix("> ") {
                let broken = [].into_iter().collect();
                steps.push(Step { action: action.into(), lines: Vec::new(), broken });
                continue;
            }
            let mut fields = line.split(" | ");
            let (from, to, text) = (fields.next()?, fields.next()?, fields.next()?);
            let (mut wire, mut refusal) = (None, None);
            if let Some(more) = fields.next() {
                match more.strip_prefix("refusal: ") {
                    Some(more) => refusal = Some(more.to_owned()),
                    None => wire = Some(more.to_owned()),
                }
            }
            let line = Line { wire, refusal, ..Line::new(Party::read(from)?, Party::read(to)?, text) };
            steps.last_mut()?.lines.push(line);
        }
        // The last action is the one that breaks it.
        steps.last_mut()?.broken.add(property);
        Some(Self { switch, property, steps })
    }

    /// What is said, from the beginning to the end.
    pub fn lines(&self) -> impl Iterator<Item = &Line> {
        self.steps.iter().flat_map(|step| &step.lines)
    }
}

/// The whole gallery, in the order of the switches.
pub fn gallery() -> impl Iterator<Item = Attack> {
    SWITCHES.iter().filter_map(Attack::of)
}

macro_rules! files {
    ($($id:literal),* $(,)?) => {
        &[$(($id, include_str!(concat!("../gallery/", $id, ".txt")))),*]
    };
}

/// The files of the gallery; a test writes them anew with `FRAGRANT_UPDATE=1`.
const FILES: &[(&str, &str)] = files![
    "T01",
    "T02",
    "T03",
    "T04",
    "T05",
    "T06",
    "T08",
    "T09",
    "T10",
    "T11",
    "T13",
    "T14",
    "T17",
    "T18",
    "T19",
    "T21",
    "T22",
    "T24",
    "T26",
    "T27",
    "T28",
    "T29",
    "T30",
    "T31",
    "T33",
    "T35",
    "T39",
    "T41",
    "C-fresh",
    "C-issuer",
    "C-redirect-uri",
    "C-window",
    "C-origin",
    "P-consent",
    "P-scope",
    "P-no-page",
    "P-registered",
];

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn path(id: &str) -> std::path::PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("gallery").join(format!("{id}.txt"))
    }

    /// A check can be turned off only in the build of `cargo xtask model`; there all of the gallery is found again.
    #[test]
    fn the_gallery_has_the_shortest_attacks() {
        for switch in SWITCHES.iter().filter(|switch| switch.is_available()) {
            let Some(attack) = Attack::find(switch).unwrap() else {
                assert!(switch.breaks.is_empty(), "{} breaks nothing", switch.id);
                continue;
            };
            assert_eq!(attack.steps.len(), switch.length, "{}", switch.id);
            assert!(attack.steps.last().unwrap().broken.contains(attack.property), "{}", switch.id);
            if std::env::var_os("FRAGRANT_UPDATE").is_some() {
                std::fs::write(path(switch.id), attack.to_text()).unwrap();
            }
            let kept = std::fs::read_to_string(path(switch.id)).unwrap_or_default();
            assert_eq!(attack.to_text(), kept, "FRAGRANT_UPDATE=1 writes it anew");
        }
    }

    #[test]
    fn every_attack_is_stopped_where_it_would_have_come_through() {
        let attacks: Vec<Attack> = gallery().collect();
        assert_eq!(attacks.len(), SWITCHES.iter().filter(|switch| !switch.breaks.is_empty()).count());
        let mut wrong = Vec::new();
        for attack in attacks {
            let id = attack.switch.id;
            let tried = attack.try_on().unwrap();
            for step in &tried {
                assert!(step.broken.is_empty(), "{id}: {step:?}");
            }
            let last = tried.last().unwrap();
            let mut refusals = last.refusals();
            match attack.switch.refusal {
                // Nobody has attacked anything.
                "" => {}
                expected if refusals.any(|refusal| refusal == expected) => {}
                _ => wrong.push((id, last.refusals().map(String::from).collect::<Vec<_>>())),
            }
        }
        assert_eq!(wrong, [], "the last action is refused with other words");
    }

    #[test]
    fn an_attack_is_read_as_it_was_written() {
        for attack in gallery() {
            let (_, text) = FILES.iter().find(|(id, _)| *id == attack.switch.id).unwrap();
            assert_eq!(attack.to_text(), *text);
        }
    }
}
