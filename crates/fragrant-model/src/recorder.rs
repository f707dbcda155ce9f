//! Who says what to whom, at which step: a run of the grant as data.

use std::fmt;

use fragrant::actor::{Actor, Step};
use fragrant_profiles::{Move, MoveKind, Provider};

use crate::redact::shorten_address;

/// A recorded run with one provider.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Recording {
    /// Whose flow it is.
    pub provider: &'static Provider,
    /// The parts of the run, in order.
    pub scenes: Vec<Scene>,
}

/// One part of a run: the first login, a renewal, a refused call.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Scene {
    /// What it shows.
    pub title: String,
    /// What was said, in order.
    pub lines: Vec<Line>,
}

/// One thing that was said.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Line {
    /// What kind of move it is.
    pub kind: MoveKind,
    /// The provider's own number for it, where its guide has one.
    pub label: Option<&'static str>,
    /// Who speaks.
    pub from: Actor,
    /// Who hears it.
    pub to: Actor,
    /// The step it belongs to.
    pub step: Step,
    /// What it means, in a few words.
    pub text: String,
    /// The lines as they go over the wire, secrets shortened.
    pub wire: Vec<String>,
}

impl Recording {
    /// An empty recording.
    pub const fn new(provider: &'static Provider) -> Self {
        Self { provider, scenes: Vec::new() }
    }

    /// Begins a new scene.
    pub fn begin_scene(&mut self, title: impl Into<String>) {
        self.scenes.push(Scene { title: title.into(), lines: Vec::new() });
    }

    /// Records what one actor says to another. The label is the provider's own, where its guide has a move of this kind.
    pub fn say(
        &mut self,
        kind: MoveKind,
        step: Step,
        from: Actor,
        to: Actor,
        text: impl Into<String>,
    ) -> &mut Line {
        let own = self.provider.moves.iter().find(|own| own.kind == kind);
        let line = Line {
            kind,
            label: own.map(|own: &Move| own.label),
            from,
            to,
            step,
            text: text.into(),
            wire: Vec::new(),
        };
        if self.scenes.is_empty() {
            self.begin_scene("");
        }
        // A scene is there: it was, or it has just been made.
        let index = self.scenes.len() - 1;
        let lines = &mut self.scenes[index].lines;
        lines.push(line);
        let last = lines.len() - 1;
        &mut lines[last]
    }

    /// Every line, whatever its scene.
    pub fn lines(&self) -> impl Iterator<Item = &Line> {
        self.scenes.iter().flat_map(|scene| &scene.lines)
    }
}

impl Line {
    /// Adds a line as it goes over the wire. Secret parameters in it are shortened here, so that none gets any further.
    pub fn with_wire(&mut self, line: impl AsRef<str>) -> &mut Self {
        // Word by word, so that the version behind an address is no part of its last value.
        let words: Vec<String> = line.as_ref().split(' ').map(shorten_address).collect();
        self.wire.push(words.join(" "));
        self
    }
}

impl fmt::Display for Recording {
    /// The run as a sequence for people to read.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for scene in &self.scenes {
            writeln!(f, "\n  {}", scene.title)?;
            let (mut step, mut label) = (None, None);
            for line in &scene.lines {
                if step != Some(line.step) {
                    writeln!(f, "\n  {}", line.step)?;
                    step = Some(line.step);
                }
                let who = format!("{} → {}", line.from, line.to);
                // A move of several lines carries its number once.
                let shown = line.label.filter(|own| label != Some(*own)).unwrap_or_default();
                label = line.label.or(label);
                writeln!(f, "  {shown:>4}  {who:<40}  {}", line.text)?;
                for wire in &line.wire {
                    writeln!(f, "          │ {wire}")?;
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recording_reads_as_a_sequence_and_shows_no_secret() {
        let mut recording = Recording::new(&fragrant_profiles::procore::PROVIDER);
        recording.begin_scene("Signing in");
        recording
            .say(
                MoveKind::AnswerRedirected,
                Step::Two,
                Actor::AuthorizationServer,
                Actor::UserAgent,
                "sends the browser back with the token",
            )
            .with_wire("Location: https://a/cb#access_token=planted-planted-planted&token_type=bearer")
            .with_wire("GET /authorize?state=planted-planted-planted HTTP/1.1");
        let text = recording.to_string();
        assert!(text.contains("step 2: login, consent and redirect"), "{text}");
        assert!(text.contains("   8  authorization server → user agent"), "{text}");
        assert!(text.contains("#access_token=plan…(23)&token_type=bearer"), "{text}");
        assert!(text.contains("?state=plan…(23) HTTP/1.1"), "{text}");
        assert!(!format!("{recording:?}").contains("planted-planted"));
    }

    #[test]
    fn a_line_before_any_scene_is_not_lost() {
        let mut recording = Recording::new(&fragrant_profiles::rfc6749::PROVIDER);
        recording.say(MoveKind::ApiCalled, Step::Four, Actor::Client, Actor::ApiServer, "calls");
        assert_eq!(recording.lines().count(), 1);
    }
}
