//! An attack as a sequence chart.

mod mermaid;
mod svg;

use crate::gallery::Attack;
use crate::story::{Line, Party, shorten_states};

/// The chart in the language of Mermaid.
pub fn to_mermaid(attack: &Attack) -> String {
    mermaid::draw(attack)
}

/// The chart as an SVG image, by itself.
pub fn to_svg(attack: &Attack) -> String {
    svg::draw(attack)
}

/// Who takes part, in the order of the six actors, the attacker last.
fn parties(attack: &Attack) -> Vec<Party> {
    let mut parties: Vec<Party> = attack.lines().flat_map(|line| [line.from, line.to]).collect();
    parties.sort_by_key(|party| (*party == Party::Attacker, *party));
    parties.dedup();
    parties
}

/// What stands over an arrow, and below it what goes over the wire.
fn words(line: &Line) -> (String, Option<String>) {
    let text = match &line.refusal {
        Some(refusal) => format!("refuses: {refusal}"),
        None => line.text.clone(),
    };
    (text, line.wire.as_deref().map(shorten_states))
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
            assert!(!mermaid.replace("#35;", "").contains('#'), "{mermaid}");
            assert_eq!(mermaid.matches("->>").count(), attack.lines().count());
        }
    }
}
