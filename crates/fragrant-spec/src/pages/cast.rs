//! Who talks to whom, as one picture: the six actors, and the steps in which two of them meet.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use fragrant_model::chart::svg::{WIDTH, escape, image, text};

use crate::document::Document;

/// Where an actor stands, in the order of the document: the user agent is in the middle of everything.
const PLACES: [(usize, usize); 6] = [(303, 68), (77, 68), (154, 168), (77, 268), (303, 268), (303, 168)];
const WIDE: usize = 144;
const HIGH: usize = 34;

pub(super) fn picture(document: &Document) -> String {
    let mut met: BTreeMap<(usize, usize), BTreeSet<u8>> = BTreeMap::new();
    let index = |name: &str| document.actors.iter().position(|actor| actor.name == name);
    for line in document.flows.first().into_iter().flat_map(|flow| &flow.lines) {
        if let (Some(from), Some(to)) = (index(&line.from), index(&line.to))
            && from != to
        {
            met.entry((from.min(to), from.max(to))).or_default().insert(line.step);
        }
    }
    let place = |at: usize| PLACES.get(at).copied().unwrap_or_default();
    let (mut lines, mut badges, mut sentences) = (String::new(), String::new(), Vec::new());
    for ((one, other), steps) in &met {
        let ((mut x, y), (mut to_x, to_y)) = (place(*one), place(*other));
        if x == to_x && x < WIDTH / 2 {
            // Past the user agent, which stands between the two.
            (x, to_x) = (x / 2, x / 2);
        }
        let _ = writeln!(lines, "<path class=\"arrow\" d=\"M{x} {y} L{to_x} {to_y}\"/>");
        let numbers = steps.iter().map(u8::to_string).collect::<Vec<_>>().join(", ");
        let wide = numbers.len() * 7 + 12;
        let (middle, height) = ((x + to_x) / 2, (y + to_y) / 2);
        let _ = writeln!(
            badges,
            "<rect class=\"band\" x=\"{}\" y=\"{}\" width=\"{wide}\" height=\"20\" rx=\"10\"/>\
             <text class=\"heading\" x=\"{middle}\" y=\"{}\" text-anchor=\"middle\">{numbers}</text>",
            middle - wide / 2,
            height - 10,
            height + 5
        );
        let name = |at: usize| document.actors.get(at).map_or("", |actor| &actor.name);
        sentences.push(format!("{} and {} meet in step {numbers}.", name(*one), name(*other)));
    }
    let mut boxes = String::new();
    for (actor, (x, y)) in document.actors.iter().zip(PLACES) {
        let _ = writeln!(
            boxes,
            "<rect class=\"box\" x=\"{}\" y=\"{}\" width=\"{WIDE}\" height=\"{HIGH}\" rx=\"6\"/>\
             <text class=\"inside\" x=\"{x}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
            x - WIDE / 2,
            y - HIGH / 2,
            y + 5,
            escape(&actor.name)
        );
    }
    let mut title = String::new();
    text(&mut title, 8, 22, "title", TITLE);
    image(TITLE, &sentences.join(" "), 300, &format!("{title}{lines}{boxes}{badges}"))
}

const TITLE: &str = "Who meets whom, and in which step";
