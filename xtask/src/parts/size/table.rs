//! What each row may weigh, what was aimed at, and the table of both.

use std::fmt;

/// Something that is weighed.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) name: &'static str,
    /// The most bytes that it may have, for what it had when that was last set.
    pub(super) bound: u64,
    pub(super) goals: Option<Goals>,
}

/// What was aimed at, in bytes.
#[derive(Debug)]
pub(super) struct Goals {
    pub(super) must: Must,
    pub(super) go_for: u64,
}

/// Whether the least that was aimed at has been reached. What has been reached is kept.
#[derive(Debug)]
pub(super) enum Must {
    Missed(u64),
    Reached(u64),
}

/// A row, and what was found.
#[derive(Debug)]
pub(super) struct Weighed {
    pub(super) row: &'static Row,
    pub(super) module: u64,
    pub(super) javascript: Option<u64>,
}

impl Row {
    /// The most bytes that it may have: never more than a must that has been reached.
    fn limit(&self) -> u64 {
        match &self.goals {
            Some(Goals { must: Must::Reached(must), .. }) => self.bound.min(*must),
            _ => self.bound,
        }
    }
}

impl Must {
    fn bytes(&self) -> u64 {
        match self {
            Self::Missed(bytes) | Self::Reached(bytes) => *bytes,
        }
    }
}

impl Weighed {
    fn together(&self) -> u64 {
        self.module + self.javascript.unwrap_or_default()
    }

    /// What is wrong with it, if anything is.
    pub(super) fn complaint(&self) -> Option<String> {
        let (name, size, limit) = (self.row.name, self.together(), self.row.limit());
        if size == 0 || size > limit {
            return Some(format!("{name}: {} bytes, expected 1 to {}", grouped(size), grouped(limit)));
        }
        match &self.row.goals {
            Some(Goals { must: Must::Missed(must), .. }) if size <= *must => Some(format!(
                "{name}: {} bytes are no more than its must of {}: write `Reached` into its row, and lower its bound",
                grouped(size),
                grouped(*must)
            )),
            _ => None,
        }
    }

    /// Which goals are reached, in words.
    fn reached(&self) -> String {
        let size = self.together();
        match &self.row.goals {
            None => String::new(),
            Some(goals) if size > goals.must.bytes() => {
                format!("must {}: missed", grouped(goals.must.bytes()))
            }
            Some(goals) if size > goals.go_for => "the must".into(),
            Some(_) => "both".into(),
        }
    }

    fn cells(&self) -> [String; 8] {
        let goal = |of: fn(&Goals) -> u64| self.row.goals.as_ref().map(of).map_or_else(String::new, grouped);
        [
            self.row.name.into(),
            grouped(self.module),
            self.javascript.map_or_else(String::new, grouped),
            grouped(self.together()),
            grouped(self.row.limit()),
            goal(|goals| goals.must.bytes()),
            goal(|goals| goals.go_for),
            self.reached(),
        ]
    }
}

/// The rows under each other, bytes to the right.
#[derive(Debug)]
pub(super) struct Table<'a>(pub(super) &'a [Weighed]);

impl fmt::Display for Table<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let heads = ["bytes", "module", "JavaScript", "together", "at most", "must", "go for", "reached"];
        let lines: Vec<_> =
            std::iter::once(heads.map(String::from)).chain(self.0.iter().map(Weighed::cells)).collect();
        let width = |column: usize| lines.iter().map(|cells| cells[column].len()).max().unwrap_or_default();
        for cells in &lines {
            let mut line = String::new();
            for (column, cell) in cells.iter().enumerate() {
                let width = width(column);
                line += &match column {
                    0 => format!("{cell:width$}"),
                    7 => format!("  {cell}"),
                    _ => format!("  {cell:>width$}"),
                };
            }
            writeln!(f, "   {}", line.trim_end())?;
        }
        Ok(())
    }
}

/// A number with a comma before every three digits.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Row = Row { name: "plain", bound: 4_260, goals: None };
    const REACHED: Row = Row {
        name: "reached",
        bound: 2_780,
        goals: Some(Goals { must: Must::Reached(3_000), go_for: 1_500 }),
    };
    const MISSED: Row = Row {
        name: "missed",
        bound: 56_800,
        goals: Some(Goals { must: Must::Missed(25_000), go_for: 12_000 }),
    };
    /// Somebody has raised the bound too far.
    const RAISED: Row = Row {
        name: "raised",
        bound: 3_100,
        goals: Some(Goals { must: Must::Reached(3_000), go_for: 1_500 }),
    };

    fn weighed(row: &'static Row, module: u64) -> Weighed {
        Weighed { row, module, javascript: None }
    }

    #[test]
    fn a_row_has_its_bytes_its_bound_and_its_goals_under_those_of_the_others() {
        let missed = Weighed { row: &MISSED, module: 53_704, javascript: Some(2_913) };
        let rows = [weighed(&PLAIN, 4_060), weighed(&REACHED, 2_649), weighed(&REACHED, 1_500), missed];
        let expected = "
   bytes    module  JavaScript  together  at most    must  go for  reached
   plain     4,060                 4,060    4,260
   reached   2,649                 2,649    2,780   3,000   1,500  the must
   reached   1,500                 1,500    2,780   3,000   1,500  both
   missed   53,704       2,913    56,617   56,800  25,000  12,000  must 25,000: missed
";
        assert_eq!(format!("\n{}", Table(&rows)), expected);
    }

    #[test]
    fn more_than_the_bound_is_too_much_and_so_is_nothing() {
        for (row, most) in [(&PLAIN, 4_260), (&REACHED, 2_780), (&MISSED, 56_800)] {
            assert_eq!(weighed(row, most).complaint(), None);
            for size in [0, most + 1] {
                let complaint = weighed(row, size).complaint().unwrap();
                assert!(complaint.ends_with(&format!("expected 1 to {}", grouped(most))), "{complaint}");
            }
            // The script counts.
            assert!(Weighed { row, module: most, javascript: Some(1) }.complaint().is_some());
        }
    }

    #[test]
    fn a_must_that_has_been_reached_stays_reached_whatever_the_bound() {
        assert_eq!(weighed(&RAISED, 3_000).complaint(), None);
        assert_eq!(weighed(&RAISED, 3_001).complaint().unwrap(), "raised: 3,001 bytes, expected 1 to 3,000");
    }

    #[test]
    fn a_must_that_is_reached_for_the_first_time_has_to_be_written_down() {
        assert_eq!(weighed(&MISSED, 25_001).complaint(), None);
        let complaint = weighed(&MISSED, 25_000).complaint().unwrap();
        assert!(
            complaint.starts_with("missed: 25,000 bytes are no more than its must of 25,000"),
            "{complaint}"
        );
    }

    #[test]
    fn thousands_stand_apart() {
        for (number, text) in [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(grouped(number), text);
        }
    }
}
