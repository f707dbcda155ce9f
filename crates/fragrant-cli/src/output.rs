//! Text for a terminal.

/// The text with control characters escaped: what came from outside must not move the cursor or end the line.
pub(crate) fn one_line(text: &str) -> String {
    text.chars().flat_map(|c| if c.is_control() { c.escape_default().collect() } else { vec![c] }).collect()
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
    }

    #[test]
    fn durations_read_well() {
        assert_eq!(duration(3600), "1 hour");
        assert_eq!(duration(5400), "1 hour 30 minutes");
        assert_eq!(duration(86_401), "1 day 1 second");
        assert_eq!(duration(0), "0 seconds");
    }
}
