//! The chart as an SVG image.

use std::fmt::Write;

use super::{parties, words};
use crate::gallery::Attack;

/// The distance between two lifelines, and around them.
const LANE: usize = 230;
/// The height of a line of text.
const LINE: usize = 15;
/// How many characters of small text fit into the chart's width, for each lifeline.
const FIT: usize = 37;

pub(super) fn draw(attack: &Attack) -> String {
    let parties = parties(attack);
    let width = LANE * parties.len().max(3);
    let fit = FIT * parties.len().max(3);
    let x = |party| LANE / 2 + LANE * parties.iter().position(|own| *own == party).unwrap_or_default();
    let mut body = String::new();
    let mut y = 40;
    text(&mut body, 10, 20, "title", &format!("{}: {}", attack.switch.id, attack.property));
    for sentence in [
        format!("Without this: {}. {}", attack.switch.name, attack.switch.attack),
        format!("What stops it. {}", attack.switch.stopped_by),
    ] {
        for line in wrap(&sentence, fit) {
            text(&mut body, 10, y, "note", &line);
            y += LINE;
        }
    }
    y += LINE;
    let top = y + 8;
    for party in &parties {
        let _ = writeln!(
            body,
            "<text x=\"{}\" y=\"{y}\" class=\"party\" text-anchor=\"middle\">{}</text>",
            x(*party),
            escape(&party.to_string())
        );
    }
    y += 2 * LINE;
    let mut arrows = String::new();
    for line in attack.lines() {
        let (words, wire) = words(line);
        let (from, to) = (x(line.from), x(line.to));
        let left = from.min(to) + 6;
        for words in wrap(&words, fit / 2) {
            text(&mut arrows, left, y, "words", &words);
            y += LINE;
        }
        let class = if line.refusal.is_some() { "refused" } else { "arrow" };
        if from == to {
            let _ = writeln!(
                arrows,
                "<path class=\"{class}\" d=\"M{from} {} h24 v10 h-24\" marker-end=\"url(#head)\"/>",
                y - 8
            );
            y += 6;
        } else {
            let _ = writeln!(
                arrows,
                "<path class=\"{class}\" d=\"M{from} {0} H{to}\" marker-end=\"url(#head)\"/>",
                y - 8
            );
        }
        if let Some(wire) = wire {
            y += 4;
            // The small text begins at the left, where there is room for it.
            for wire in wrap(&wire, fit) {
                text(&mut arrows, 10, y, "wire", &wire);
                y += LINE - 3;
            }
        }
        y += LINE;
    }
    let _ = writeln!(
        arrows,
        "<text x=\"10\" y=\"{y}\" class=\"broken\">broken: {}</text>",
        escape(attack.property.as_str())
    );
    let lifelines = parties.iter().fold(String::new(), |mut lines, party| {
        let _ = writeln!(lines, "<path class=\"life\" d=\"M{0} {top} V{y}\"/>", x(*party));
        lines
    });
    let height = y + LINE;
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\">\n\
         <title>{}: {}</title>\n<defs><marker id=\"head\" viewBox=\"0 0 10 10\" refX=\"10\" refY=\"5\" markerWidth=\"8\" \
         markerHeight=\"8\" orient=\"auto\"><path d=\"M0 0 L10 5 L0 10 z\"/></marker></defs>\n{STYLE}<rect width=\"100%\" \
         height=\"100%\" fill=\"#fff\"/>\n{lifelines}{body}{arrows}</svg>\n",
        escape(attack.switch.id),
        escape(attack.switch.name),
    )
}

const STYLE: &str = "<style>text{font:13px sans-serif;fill:#111}.title{font-weight:bold;font-size:15px}.party{font-weight:bold}\
.wire{font:10px monospace;fill:#555}.note{fill:#333}.broken{font-weight:bold;fill:#a00}.arrow{stroke:#111;fill:none}\
.refused{stroke:#a00;stroke-dasharray:4 3;fill:none}.life{stroke:#bbb;fill:none}</style>\n";

fn text(out: &mut String, x: usize, y: usize, class: &str, text: &str) {
    let _ = writeln!(out, "<text x=\"{x}\" y=\"{y}\" class=\"{class}\">{}</text>", escape(text));
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('\'', "&#39;")
}

/// Breaks a text at blanks, and at `&` where there are none.
fn wrap(text: &str, fit: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_inclusive([' ', '&', '#', '?']) {
        let is_full = lines.last().is_some_and(|line| !line.is_empty() && line.len() + word.len() > fit);
        if is_full {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            line.push_str(word);
        }
    }
    lines
}
