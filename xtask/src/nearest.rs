//! The known word that a mistyped one probably meant.

/// The candidate with the fewest edits; none if even that one differs in more than half of the word.
pub(crate) fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    candidates
        .into_iter()
        .map(|candidate| (edits(word, candidate), candidate))
        .min_by_key(|(edits, _)| *edits)
        .filter(|(edits, _)| edits * 2 <= word.chars().count())
        .map(|(_, candidate)| candidate)
}

/// Levenshtein's distance, by rows.
fn edits(from: &str, to: &str) -> usize {
    let mut row: Vec<usize> = (0..=to.chars().count()).collect();
    for (above, left) in from.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = above + 1;
        for (column, right) in to.chars().enumerate() {
            let replaced = diagonal + usize::from(left != right);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[to.chars().count()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_are_counted() {
        for (from, to, count) in [("", "", 0), ("", "abc", 3), ("abc", "", 3), ("kitten", "sitting", 3)] {
            assert_eq!(edits(from, to), count, "{from} {to}");
        }
    }

    #[test]
    fn the_nearest_is_found_or_nothing_is_near() {
        assert_eq!(nearest("clipy", ["fmt", "clippy"]), Some("clippy"));
        assert_eq!(nearest("zzzzz", ["fmt", "clippy"]), None);
        assert_eq!(nearest("fmt", []), None);
    }
}
