//! The chart in the language of Mermaid.

use std::fmt::Write;

use super::Chart;
use super::svg::wrap;

/// How many characters of an address stand on a line: more make the chart wider than a page.
const FIT: usize = 60;

pub(super) fn draw(chart: &Chart) -> String {
    let mut out = String::from("sequenceDiagram\n");
    for (number, party) in chart.parties.iter().enumerate() {
        let _ = writeln!(out, "    participant p{number} as {}", escape(party));
    }
    let last = chart.parties.len().saturating_sub(1);
    for arrow in &chart.arrows {
        if let Some(heading) = &arrow.heading {
            let _ = writeln!(out, "    Note over p0,p{last}: {}", escape(heading));
        }
        let label = arrow.label.as_ref().map(|label| format!("{}. ", escape(label))).unwrap_or_default();
        let wire = arrow.wire.iter().flat_map(|line| wrap(line, FIT));
        let wire: String = wire.map(|line| format!("<br/>{}", escape(line.trim()))).collect();
        let _ = writeln!(out, "    p{}->>p{}: {label}{}{wire}", arrow.from, arrow.to, escape(&arrow.text));
    }
    if let Some(ending) = &chart.ending {
        let _ = writeln!(out, "    Note over p0: {}", escape(ending));
    }
    out
}

/// Mermaid ends a statement at `;` and begins an entity with `#` and a tag with `<`.
fn escape(text: &str) -> String {
    text.replace(';', ",").replace('#', "#35;").replace('<', "#lt;")
}
