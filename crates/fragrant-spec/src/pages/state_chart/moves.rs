//! Every move in words, in boxes that stand in each other as the phases do.

use std::fmt::Write;

use fragrant_model::chart::svg::{FIT, MARGIN, SMALL_LINE, WIDTH, image, text, wrap};

use super::{Arrows, Met, arrows, column};
use crate::document::Machine;

/// How far a box stands within another.
const INDENT: usize = 8;
/// How wide a character of small text is at most.
const SMALL_CHAR: usize = 7;

pub(crate) fn draw(machine: &Machine, title: &str) -> String {
    let arrows = arrows(machine);
    let (mut boxes, mut words) = (String::new(), String::new());
    let mut y = 22;
    for line in wrap(title, FIT - 9) {
        text(&mut words, MARGIN, y, "title", &line);
        y += 18;
    }
    // Where the boxes that are open begin. A box is drawn when it ends, so that its height is known; it is not filled.
    let mut open: Vec<usize> = Vec::new();
    for met in column(machine) {
        let x = MARGIN + open.len() * INDENT;
        match met {
            Met::Opens(path) => {
                open.push(y);
                y += 17;
                text(&mut words, x + 6, y, "heading", path.last().copied().unwrap_or_default());
                y = own(&mut words, machine, &arrows, &path, x + 6, y + 4);
                y += 6;
            }
            Met::Leaf(phase, path) => {
                let top = y;
                y += 16;
                text(&mut words, x + 6, y, "words", path.last().copied().unwrap_or_default());
                for line in wrap(&phase.explanation, (WIDTH - 2 * x - 12) / SMALL_CHAR) {
                    y += SMALL_LINE;
                    text(&mut words, x + 6, y, "soft small", &line);
                }
                y = own(&mut words, machine, &arrows, &path, x + 6, y + 3);
                y += 6;
                frame(&mut boxes, "box", x, top, y);
                y += 6;
            }
            Met::Closes => {
                let x = MARGIN + (open.len().saturating_sub(1)) * INDENT;
                if let Some(top) = open.pop() {
                    frame(&mut boxes, "outer", x, top, y);
                }
                y += 8;
            }
        }
    }
    image(title, &in_sentences(machine, &arrows), y + 4, &format!("{boxes}{words}"))
}

fn frame(out: &mut String, class: &str, x: usize, top: usize, bottom: usize) {
    let _ = writeln!(
        out,
        "<rect class=\"{class}\" x=\"{x}\" y=\"{top}\" width=\"{}\" height=\"{}\" rx=\"5\"/>",
        WIDTH - 2 * x,
        bottom - top
    );
}

/// The arrows that begin at a place: where to, and by what.
fn own(
    words: &mut String,
    machine: &Machine,
    arrows: &Arrows<'_>,
    path: &[&str],
    x: usize,
    mut y: usize,
) -> usize {
    let fit = (WIDTH - 2 * x) / SMALL_CHAR;
    for ((_, target), inputs) in arrows.iter().filter(|((from, _), _)| from == path) {
        let inputs: Vec<&str> = inputs.iter().copied().collect();
        y += SMALL_LINE + 1;
        text(words, x, y, "small heading", &format!("→ {}", machine.phases[*target].name));
        for line in wrap(&inputs.join(", "), fit.saturating_sub(3)) {
            y += SMALL_LINE;
            text(words, x + 16, y, "small inside", &line);
        }
    }
    y
}

fn in_sentences(machine: &Machine, arrows: &Arrows<'_>) -> String {
    let sentence = |((from, target), inputs): (&(Vec<&str>, usize), &std::collections::BTreeSet<&str>)| {
        let inputs: Vec<&str> = inputs.iter().copied().collect();
        format!("{} to {} by {}.", from.join("."), machine.phases[*target].name, inputs.join(", "))
    };
    arrows.iter().map(sentence).collect::<Vec<_>>().join(" ")
}
