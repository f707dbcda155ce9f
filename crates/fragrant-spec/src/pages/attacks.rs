//! The gallery: what an attacker can do where a mitigation is left out.

use fragrant_model::chart::{Arrow, Chart};

use super::markdown::{Page, code};
use crate::document::{Attack, Document};
use crate::files::File;

pub(super) fn files(document: &Document) -> Vec<File> {
    let mut page = Page::new("Attacks");
    page.paragraph(
        "Each mitigation was left out in turn, and a search through all that can happen in a small world gave the shortest \
         attack. With everything in order none of them is possible within the bounds of the search, \
         though what T39 leaves out is in nobody's hands but the machine's owner's; \
         [the model](../model.md) says what that means and what it does not.",
    );
    let rows = document.attacks.iter().map(|attack| {
        let id = &attack.id;
        [
            format!("[{id}](#{})", anchor(id)),
            attack.mitigation.clone(),
            attack.breaks.join(", "),
            attack.length.to_string(),
        ]
    });
    page.table(["", "mitigation", "broken without it", "actions"], rows);
    let mut files = Vec::new();
    for attack in &document.attacks {
        let chart = chart(attack);
        let path = format!("attacks/{}.svg", attack.id);
        page.heading(&attack.id);
        page.paragraph(&format!("**{}.** {}", capital(&attack.mitigation), attack.attack));
        let refusal = match attack.refusal.as_str() {
            "" => String::new(),
            refusal => format!(" The last action is refused then: {}.", code(refusal)),
        };
        page.paragraph(&format!("What stops it: {}{refusal}", attack.stopped_by));
        page.picture(&path, &format!("The attack as a sequence of {} lines.", attack.lines.len()));
        page.folded(&chart.sentences(), &chart.to_mermaid());
        files.push(File::new(path, chart.to_svg()));
    }
    page.heading("Left out");
    page.paragraph("Threats that the model does not have, and why.");
    page.table(["threat", "why"], document.left.iter().map(|left| [left.id.clone(), left.why.clone()]));
    files.push(File::new("attacks.md", page.into_text()));
    files
}

fn chart(attack: &Attack) -> Chart {
    let index = |name: &str| attack.parties.iter().position(|own| own == name).unwrap_or_default();
    let arrows = attack.lines.iter().map(|line| Arrow {
        from: index(&line.from),
        to: index(&line.to),
        text: match &line.refusal {
            Some(refusal) => format!("refuses: {refusal}"),
            None => line.text.clone(),
        },
        wire: line.wire.iter().cloned().collect(),
        is_refusal: line.refusal.is_some(),
        ..Arrow::default()
    });
    let broken = attack.breaks.first().map_or("", |property| property);
    Chart {
        title: format!("{}: without “{}”", attack.id, attack.mitigation),
        parties: attack.parties.clone(),
        arrows: arrows.collect(),
        ending: Some(format!("broken: {broken}")),
        ..Chart::default()
    }
}

/// A heading's anchor, as GitHub and mdBook make it.
fn anchor(heading: &str) -> String {
    heading.to_lowercase()
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default() + chars.as_str()
}
