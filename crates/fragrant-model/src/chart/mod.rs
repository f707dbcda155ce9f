//! Who says what to whom, as a sequence chart: an SVG image or a text in the language of Mermaid.

mod mermaid;
pub mod svg;

use crate::gallery::Attack;
use crate::story::{Line, Party, shorten_states};

/// A sequence chart as data.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs)] // made by whoever has something to draw
pub struct Chart {
    /// What it shows, in a few words.
    pub title: String,
    /// What stands between the title and the chart, a paragraph each.
    pub notes: Vec<String>,
    /// Who takes part, from left to right.
    pub parties: Vec<String>,
    /// What is said, from top to bottom.
    pub arrows: Vec<Arrow>,
    /// How it ends, if that is bad.
    pub ending: Option<String>,
}

/// One thing that is said or done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs)] // as above
pub struct Arrow {
    /// A heading above it, where a new part of the chart begins.
    pub heading: Option<String>,
    /// Its number or letter, where it has one.
    pub label: Option<String>,
    /// Who speaks, by the index among the parties.
    pub from: usize,
    /// Who hears it.
    pub to: usize,
    /// What it is, in a few words.
    pub text: String,
    /// The lines that go over the wire.
    pub wire: Vec<String>,
    /// Whether it is a refusal.
    pub is_refusal: bool,
}

impl Chart {
    /// The chart in the language of Mermaid.
    pub fn to_mermaid(&self) -> String {
        mermaid::draw(self)
    }

    /// The chart as an SVG image by itself: light or dark as the reader has it, as narrow as a telephone, with the whole
    /// sequence as a text beside it for who cannot see it.
    pub fn to_svg(&self) -> String {
        svg::draw(self)
    }

    /// The chart in sentences, one for each arrow, numbered.
    pub fn sentences(&self) -> Vec<String> {
        let name = |at: usize| self.parties.get(at).map_or("", |name| name);
        let sentence = |(number, arrow): (usize, &Arrow)| {
            format!("{number}. {} to {}: {}.", name(arrow.from), name(arrow.to), arrow.text)
        };
        (1..).zip(&self.arrows).map(sentence).collect()
    }
}

impl From<&Attack> for Chart {
    fn from(attack: &Attack) -> Self {
        let parties = parties(attack);
        let index = |party| parties.iter().position(|own| *own == party).unwrap_or_default();
        let arrow = |line: &Line| Arrow {
            from: index(line.from),
            to: index(line.to),
            text: match &line.refusal {
                Some(refusal) => format!("refuses: {refusal}"),
                None => line.text.clone(),
            },
            wire: line.wire.as_deref().map(shorten_states).into_iter().collect(),
            is_refusal: line.refusal.is_some(),
            ..Arrow::default()
        };
        let switch = attack.switch;
        Self {
            title: format!("{}: {}", switch.id, attack.property),
            notes: vec![
                format!("Without this: {}. {}", switch.name, switch.attack),
                format!("What stops it. {}", switch.stopped_by),
            ],
            parties: parties.iter().map(Party::to_string).collect(),
            arrows: attack.lines().map(arrow).collect(),
            ending: Some(format!("broken: {}", attack.property)),
        }
    }
}

/// The chart of an attack in the language of Mermaid.
pub fn to_mermaid(attack: &Attack) -> String {
    Chart::from(attack).to_mermaid()
}

/// The chart of an attack as an SVG image, by itself.
pub fn to_svg(attack: &Attack) -> String {
    Chart::from(attack).to_svg()
}

/// Who takes part, in the order of the six actors, the attacker last.
fn parties(attack: &Attack) -> Vec<Party> {
    let mut parties: Vec<Party> = attack.lines().flat_map(|line| [line.from, line.to]).collect();
    parties.sort_by_key(|party| (*party == Party::Attacker, *party));
    parties.dedup();
    parties
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gallery::gallery;

    #[test]
    fn every_attack_can_be_drawn() {
        for attack in gallery() {
            let (svg, mermaid) = (to_svg(&attack), to_mermaid(&attack));
            assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>\n"), "{svg}");
            assert!(mermaid.starts_with("sequenceDiagram\n"), "{mermaid}");
            for line in attack.lines() {
                assert!(svg.contains(&line.from.to_string().replace('\'', "&#39;")), "{svg}");
            }
            // A bare `#` begins an entity in Mermaid, and the rest of the line would be gone.
            assert!(!mermaid.replace("#35;", "").replace("#lt;", "").contains('#'), "{mermaid}");
            assert_eq!(mermaid.matches("->>").count(), attack.lines().count());
        }
    }

    #[test]
    fn a_chart_says_in_words_what_it_shows() {
        let arrow = |from, to, text: &str| Arrow { from, to, text: text.into(), ..Arrow::default() };
        let chart = Chart {
            title: "A <title> & more".into(),
            parties: vec!["client".into(), "user agent".into()],
            arrows: vec![arrow(0, 1, "sends it off"), arrow(1, 1, "waits; then #1 <b>")],
            ..Chart::default()
        };
        let svg = chart.to_svg();
        assert!(svg.contains("<title>A &lt;title&gt; &amp; more</title>"), "{svg}");
        assert!(svg.contains("<desc>1. client to user agent: sends it off. 2. user agent to"), "{svg}");
        assert!(svg.contains("prefers-color-scheme:dark"), "{svg}");
        assert!(chart.to_mermaid().contains("p1->>p1: waits, then #35;1 #lt;b>"), "{}", chart.to_mermaid());
    }
}
