//! The chart in the language of Mermaid.

use std::fmt::Write;

use super::{parties, words};
use crate::gallery::Attack;

pub(super) fn draw(attack: &Attack) -> String {
    let mut out = String::from("sequenceDiagram\n");
    let parties = parties(attack);
    let name = |party| parties.iter().position(|own| *own == party).unwrap_or_default();
    for (number, party) in parties.iter().enumerate() {
        let _ = writeln!(out, "    participant p{number} as {}", escape(&party.to_string()));
    }
    for line in attack.lines() {
        let (text, wire) = words(line);
        let wire = wire.map(|wire| format!("<br/>{}", escape(&wire))).unwrap_or_default();
        let _ = writeln!(out, "    p{}->>p{}: {}{wire}", name(line.from), name(line.to), escape(&text));
    }
    if let Some(first) = parties.first() {
        let _ = writeln!(out, "    Note over p{}: breaks {}", name(*first), attack.property);
    }
    out
}

/// Mermaid ends a statement at `;` and begins an entity with `#`.
fn escape(text: &str) -> String {
    text.replace(';', ",").replace('#', "#35;")
}
