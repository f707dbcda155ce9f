//! Text for a terminal.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};

/// The text with what a terminal obeys escaped: what came from outside must not move the cursor, end the line or turn the
/// text around.
pub(crate) fn one_line(text: &str) -> String {
    text.chars().flat_map(|c| if is_obeyed(c) { c.escape_default().collect() } else { vec![c] }).collect()
}

/// Writes a value as JSON on one line, with the same characters escaped as in [`one_line`]. JSON itself asks for that
/// below the space only, and a terminal also obeys U+009B.
pub(crate) fn write_json(out: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    value.serialize(&mut Serializer::with_formatter(out, Inert)).map_err(io::Error::from)
}

/// Control characters, line separators, and those that set the direction of writing.
fn is_obeyed(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

struct Inert;

impl Formatter for Inert {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, out: &mut W, fragment: &str) -> io::Result<()> {
        let mut rest = fragment;
        while let Some(c) = rest.chars().find(|c| is_obeyed(*c)) {
            let (before, after) = rest.split_once(c).unwrap_or((rest, ""));
            // Each of them has four hexadecimal digits at most.
            write!(out, "{before}\\u{:04x}", u32::from(c))?;
            rest = after;
        }
        out.write_all(rest.as_bytes())
    }
}

/// A count with its noun.
pub(crate) fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

/// A span of time for people: `3600` is `1 hour`, `90` is `1 minute 30 seconds`.
pub(crate) fn duration(seconds: u64) -> String {
    const UNITS: [(u64, &str); 4] = [(86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second")];
    let mut rest = seconds;
    let mut parts = Vec::new();
    for (size, noun) in UNITS {
        let number = rest / size;
        rest %= size;
        if number > 0 {
            parts.push(if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") });
        }
    }
    if parts.is_empty() { "0 seconds".into() } else { parts.join(" ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_do_nothing() {
        assert_eq!(one_line("a\u{1b}[2Jb\nc"), "a\\u{1b}[2Jb\\nc");
        assert_eq!(one_line("\u{9b}1m \u{202e}é"), "\\u{9b}1m \\u{202e}é");
    }

    #[test]
    fn json_is_as_harmless() {
        let mut out = Vec::new();
        write_json(&mut out, &"a\u{1b}\u{7f}\u{9b}1m\"\\ \u{202e}\u{2028}é😀").unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), r#""a\u001b\u007f\u009b1m\"\\ \u202e\u2028é😀""#);
    }

    #[test]
    fn durations_read_well() {
        assert_eq!(duration(3600), "1 hour");
        assert_eq!(duration(5400), "1 hour 30 minutes");
        assert_eq!(duration(86_401), "1 day 1 second");
        assert_eq!(duration(0), "0 seconds");
    }
}
