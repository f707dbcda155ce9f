//! The whole machine at a glance: a column of boxes, arrows down on the right, arrows up on the left.

use std::collections::BTreeSet;
use std::fmt::Write;

use fragrant_model::chart::svg::{FIT, MARGIN, escape, image, text, wrap};

use super::path;
use crate::document::Machine;

/// The column.
const LEFT: usize = 112;
const RIGHT: usize = 268;
/// The distance between two arrows beside each other.
const LANE: usize = 9;
/// The distance between two ends of arrows at a box.
const PORT: usize = 9;
const LEAST_HIGH: usize = 28;
const GAP: usize = 12;
/// How many colours there are to tell arrows apart by.
const COLOURS: usize = 4;

/// A box of the column: a phase, or all that stand in another.
struct Node<'m> {
    path: Vec<&'m str>,
    high: usize,
    y: usize,
}

/// An arrow from a box to another, with the ends of it and the lane in between.
struct Edge {
    from: usize,
    to: usize,
    start: usize,
    end: usize,
    lane: usize,
}

pub(crate) fn draw(machine: &Machine, title: &str) -> String {
    let (mut nodes, mut edges) = graph(machine);
    let mut words = String::new();
    let mut y = 22;
    for line in wrap(title, FIT - 9) {
        text(&mut words, MARGIN, y, "title", &line);
        y += 18;
    }
    let mut outers = String::new();
    // Where the phase that these boxes stand in begins, if they stand in one.
    let mut outer: Option<(&str, usize)> = None;
    for (at, node) in nodes.iter_mut().enumerate() {
        let own = node.path.split_last().and_then(|(_, outer)| outer.first().copied());
        if outer.map(|(name, _)| name) != own {
            close(&mut outers, outer.take(), y);
            outer = own.map(|name| (name, y));
            if let Some((name, top)) = outer {
                text(&mut words, LEFT - 2, top + 14, "heading", name);
                y += 22;
            }
        }
        node.y = y;
        node.high = LEAST_HIGH.max(PORT * (1 + ports(&edges, at, true).max(ports(&edges, at, false))));
        y += node.high + GAP;
    }
    close(&mut outers, outer, y);
    place(&nodes, &mut edges);
    let mut arrows = String::new();
    for edge in &edges {
        let is_down = edge.to > edge.from;
        let (side, lane) = match is_down {
            true => (RIGHT, RIGHT + 18 + LANE * edge.lane),
            false => (LEFT, (LEFT - 18).saturating_sub(LANE * edge.lane)),
        };
        let _ = writeln!(
            arrows,
            "<path class=\"arrow c{}\" d=\"M{side} {} H{lane} V{} H{side}\" marker-end=\"url(#c{})\"/>",
            edge.from % COLOURS,
            edge.start,
            edge.end,
            edge.from % COLOURS
        );
    }
    let mut boxes = String::new();
    for node in &nodes {
        let _ = writeln!(
            boxes,
            "<rect class=\"box\" x=\"{LEFT}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"6\"/>\
             <text class=\"inside\" x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
            node.y,
            RIGHT - LEFT,
            node.high,
            (LEFT + RIGHT) / 2,
            node.y + node.high / 2 + 5,
            escape(node.path.last().copied().unwrap_or_default())
        );
    }
    let name = |at: usize| nodes[at].path.join(".");
    let sentences: Vec<String> =
        edges.iter().map(|edge| format!("{} leads to {}.", name(edge.from), name(edge.to))).collect();
    image(title, &sentences.join(" "), y + 4, &format!("{}{outers}{arrows}{boxes}{words}", colours()))
}

fn close(out: &mut String, outer: Option<(&str, usize)>, y: usize) {
    if let Some((_, top)) = outer {
        let _ = writeln!(
            out,
            "<rect class=\"outer\" x=\"{}\" y=\"{top}\" width=\"{}\" height=\"{}\" rx=\"8\"/>",
            LEFT - 8,
            RIGHT - LEFT + 16,
            y - top - GAP / 2
        );
    }
}

/// The boxes and the arrows. A phase whose neighbours have phases in them has a box of its own; the others share that of
/// the phase that they stand in.
fn graph(machine: &Machine) -> (Vec<Node<'_>>, Vec<Edge>) {
    let paths: Vec<Vec<&str>> = machine.phases.iter().map(path).collect();
    let deepest = paths.iter().map(Vec::len).max().unwrap_or_default();
    let place = |own: &[&'_ str]| -> usize {
        let outer = own.len().saturating_sub(1);
        let has_deeper = paths.iter().any(|path| path.len() > own.len() && path[..outer] == own[..outer]);
        // Where nothing stands in anything twice, each phase has its own box.
        if outer == 0 || has_deeper || deepest < 3 { own.len() } else { outer }
    };
    let boxes: Vec<Vec<&str>> = paths.iter().map(|path| path[..place(path)].to_vec()).collect();
    let mut nodes: Vec<Node<'_>> = Vec::new();
    for path in &boxes {
        if nodes.iter().all(|node| node.path != *path) {
            nodes.push(Node { path: path.clone(), high: 0, y: 0 });
        }
    }
    let index = |name: &str| {
        let phase = machine.phases.iter().position(|phase| phase.name == name).unwrap_or_default();
        nodes.iter().position(|node| node.path == boxes[phase]).unwrap_or_default()
    };
    let pairs: BTreeSet<(usize, usize)> =
        machine.transitions.iter().map(|own| (index(&own.from), index(&own.to))).collect();
    let edges = pairs
        .into_iter()
        .filter(|(from, to)| from != to)
        .map(|(from, to)| Edge { from, to, start: 0, end: 0, lane: 0 })
        .collect();
    (nodes, edges)
}

/// How many arrows begin or end at a box on one of its sides.
fn ports(edges: &[Edge], at: usize, is_down: bool) -> usize {
    edges.iter().filter(|edge| (edge.to > edge.from) == is_down && (edge.from == at || edge.to == at)).count()
}

/// Gives each arrow its ends and its lane: at a box those that come from or go above are above, the longer ones outside.
fn place(nodes: &[Node<'_>], edges: &mut [Edge]) {
    for is_down in [true, false] {
        for (at, node) in nodes.iter().enumerate() {
            // By where the other end is: first those from above, the nearest of them last; then those to below, the
            // farthest first, so that no two of a box cross.
            let mut ends: Vec<(usize, usize, bool)> = Vec::new();
            for (number, edge) in edges.iter().enumerate() {
                if (edge.to > edge.from) == is_down && (edge.from == at || edge.to == at) {
                    let other = if edge.from == at { edge.to } else { edge.from };
                    ends.push((number, other, edge.from == at));
                }
            }
            ends.sort_by_key(|(_, other, _)| match *other < at {
                true => (0, at - other),
                false => (1, nodes.len() - (other - at)),
            });
            let step = node.high / (ends.len() + 1);
            for (port, (number, _, is_start)) in (1..).zip(ends) {
                let y = node.y + step * port;
                if is_start { edges[number].start = y } else { edges[number].end = y }
            }
        }
        let mut numbers: Vec<usize> =
            (0..edges.len()).filter(|number| (edges[*number].to > edges[*number].from) == is_down).collect();
        numbers.sort_by_key(|number| edges[*number].start.abs_diff(edges[*number].end));
        let mut lanes: Vec<Vec<(usize, usize)>> = Vec::new();
        for number in numbers {
            let edge = &mut edges[number];
            let (top, bottom) = (edge.start.min(edge.end), edge.start.max(edge.end));
            let is_free = |lane: &Vec<(usize, usize)>| {
                lane.iter().all(|(from, to)| *to + 4 < top || bottom + 4 < *from)
            };
            edge.lane = lanes.iter().position(is_free).unwrap_or(lanes.len());
            if edge.lane == lanes.len() {
                lanes.push(Vec::new());
            }
            lanes[edge.lane].push((top, bottom));
        }
    }
}

/// The colours by which the arrows of one box are told from the next one's, with their heads.
fn colours() -> String {
    let mut out = String::from("<style>\n");
    for (number, (day, night)) in
        [("#0b5cad", "#6cb6ff"), ("#8a4b00", "#f0b072"), ("#0f6b3c", "#6fd39b"), ("#7a2f8f", "#d9a3e8")]
            .iter()
            .enumerate()
    {
        let _ = writeln!(
            out,
            ".c{number}{{stroke:{day}}}.h{number}{{fill:{day}}}@media(prefers-color-scheme:dark){{.c{number}{{stroke:{night}}}.h{number}{{fill:{night}}}}}"
        );
    }
    out += "</style>\n<defs>";
    for number in 0..COLOURS {
        let _ = write!(
            out,
            "<marker id=\"c{number}\" viewBox=\"0 0 10 10\" refX=\"10\" refY=\"5\" markerWidth=\"7\" markerHeight=\"7\" \
             orient=\"auto\"><path class=\"h{number}\" d=\"M0 0 L10 5 L0 10 z\"/></marker>"
        );
    }
    out + "</defs>\n"
}
