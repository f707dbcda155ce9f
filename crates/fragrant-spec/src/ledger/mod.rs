//! The ledger: each requirement of the specifications, the code that keeps it and the test that shows it.
//!
//! `docs/requirements.toml` lists what the specifications ask for, in our own words. Comments in the code name what they
//! keep, and comments in the tests what they show. The ledger reads both, says what does not fit together, and is
//! written down as a page. How it is kept is in CONTRIBUTING.md.
//!
//! A mark is what a person says of a line. That a marked test fails without the marked line is tried for some of them
//! by `cargo xtask marks-long`; the list says of all others why it is not (`untried`).

mod item;
mod mark;
mod page;
mod requirements;
mod source;
mod walk;

pub use mark::Place;
pub use requirements::{Actor, Exception, Kind, Level, PATH, Requirement, Specification};
pub use walk::{ReadError, read_folder};

use std::fmt;

use serde::Serialize;

use mark::Mark;
use source::Source;

/// Where the page is, from the root of the repository.
pub const PAGE: &str = "docs/spec/ledger.md";

/// What the specifications ask for, and what has been found of it.
///
/// ```
/// use fragrant_spec::ledger::Ledger;
///
/// let list = r#"
///     [RFC6749]
///     title = "The OAuth 2.0 Authorization Framework"
///     [RFC6749.requirements]
///     "RFC6749-3.1-11" = { section = "3.1", level = "MUST", actor = "client", summary = "No parameter comes twice." }
/// "#;
/// let mut ledger = Ledger::of_list(list).unwrap();
/// ledger.read("src/answer.rs", "fn is_repeated() {} // req: RFC6749-3.1-11");
/// assert_eq!(
///     ledger.complaints(),
///     ["RFC6749-3.1-11 (MUST, client) has no test: mark one with `// req(test): RFC6749-3.1-11`"]
/// );
/// ```
#[derive(Debug, Clone, Serialize)]
pub struct Ledger {
    /// In the order of the list.
    pub specifications: Vec<Specification>,
    /// What is wrong with a mark.
    #[serde(skip)]
    misplaced: Vec<String>,
}

impl Ledger {
    /// The requirements of a list, none of them marked.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with the list, a line each.
    pub fn of_list(text: &str) -> Result<Self, Vec<String>> {
        let specifications = requirements::read(text)?;
        Ok(Self { specifications, misplaced: Vec::new() })
    }

    /// Takes down the marks of one file of Rust. The path is the one to be shown, from the root of the repository and
    /// with slashes.
    pub fn read(&mut self, path: &str, text: &str) {
        let source = Source::of(text);
        let lines = source.lines();
        for (index, comment) in source.comments() {
            match Mark::read(comment) {
                Ok(None) => {}
                Err(reason) => self.misplaced.push(format!("{path}:{}: {reason}", index + 1)),
                Ok(Some(mark)) => {
                    let marked = item::marked(&lines, index);
                    let is_test = marked.as_ref().is_some_and(|marked| marked.is_test);
                    let place =
                        Place { path: path.into(), line: index + 1, item: marked.map(|marked| marked.name) };
                    self.note(&mark, &place, is_test);
                }
            }
        }
    }

    fn note(&mut self, mark: &Mark<'_>, place: &Place, is_at_a_test: bool) {
        match mark.is_test {
            true if !is_at_a_test => self.misplaced.push(format!(
                "{place}: a test's mark stands at a test, with `#[test]` or the like above it; this is none"
            )),
            false if is_at_a_test || is_of_tests(&place.path) => {
                self.misplaced
                    .push(format!("{place}: a test keeps no requirement, it shows one: `// req(test): ID`"));
            }
            _ => self.count(mark, place),
        }
    }

    fn count(&mut self, mark: &Mark<'_>, place: &Place) {
        for id in &mark.ids {
            match self.find_mut(id) {
                Some(requirement) if mark.is_test => requirement.shown.push(place.clone()),
                Some(requirement) => requirement.kept.push(place.clone()),
                None => {
                    let hint =
                        self.nearest(id).map_or_else(String::new, |near| format!("; the nearest is {near}"));
                    self.misplaced.push(format!("{place}: no requirement has the id {id}{hint}"));
                }
            }
        }
    }

    /// All requirements, in the order of the list.
    pub fn requirements(&self) -> impl Iterator<Item = &Requirement> {
        self.specifications.iter().flat_map(|specification| &specification.requirements)
    }

    fn find_mut(&mut self, id: &str) -> Option<&mut Requirement> {
        self.specifications
            .iter_mut()
            .flat_map(|specification| &mut specification.requirements)
            .find(|requirement| requirement.id == id)
    }

    /// The id that a mistyped one probably meant: none if even the nearest differs in more than half of it.
    fn nearest(&self, id: &str) -> Option<&str> {
        self.requirements()
            .map(|requirement| (strsim::levenshtein(id, &requirement.id), requirement.id.as_str()))
            .min_by_key(|(edits, _)| *edits)
            .filter(|(edits, _)| edits * 2 <= id.chars().count())
            .map(|(_, near)| near)
    }

    /// Everything that must not be, a line each: marks that say nothing, a MUST without its code or its test, and
    /// exceptions from what is kept after all.
    #[must_use]
    pub fn complaints(&self) -> Vec<String> {
        let unkept = self.requirements().filter_map(Requirement::complaint);
        self.misplaced.iter().cloned().chain(unkept).collect()
    }

    /// What nothing demands and somebody may want to see: each SHOULD that is neither kept and shown nor excepted.
    pub fn open_shoulds(&self) -> impl Iterator<Item = &Requirement> {
        self.requirements().filter(|requirement| requirement.level == Level::Should && requirement.is_open())
    }

    /// Requirements that no mark and no exception names.
    pub fn unused(&self) -> impl Iterator<Item = &Requirement> {
        self.requirements().filter(|requirement| {
            requirement.kept.is_empty() && requirement.shown.is_empty() && requirement.exception.is_none()
        })
    }

    /// The page, in Markdown.
    #[must_use]
    pub fn page(&self) -> String {
        page::page(self)
    }
}

impl Requirement {
    /// Whether code keeps it and a test shows it.
    #[must_use]
    pub fn is_kept(&self) -> bool {
        !self.kept.is_empty() && !self.shown.is_empty()
    }

    /// Whether it is neither kept and shown nor excepted.
    #[must_use]
    pub fn is_open(&self) -> bool {
        !self.is_kept() && self.exception.is_none()
    }

    fn complaint(&self) -> Option<String> {
        let Self { id, level, actor, .. } = self;
        if self.exception.is_some() {
            let place = self.kept.first().or(self.shown.first())?;
            return Some(format!(
                "{id} has an exception in {PATH} and a mark at {place}: one of them is wrong"
            ));
        }
        if self.untried.is_some() && !self.is_kept() {
            return Some(format!("{id} is untried in {PATH}, and has no marks that could be tried"));
        }
        let lacks = match (level, self.kept.is_empty(), self.shown.is_empty()) {
            (Level::Must, true, true) => format!("no code and no test, and no exception in {PATH}"),
            (Level::Must, true, false) => format!("no code: mark it with `// req: {id}`"),
            (Level::Must, false, true) => format!("no test: mark one with `// req(test): {id}`"),
            _ => return None,
        };
        Some(format!("{id} ({level}, {actor}) has {lacks}"))
    }
}

/// How many requirements of one level, or of one specification, are in which state.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Count {
    /// Kept by code and shown by a test.
    pub kept: usize,
    /// With a written exception.
    pub excepted: usize,
    /// Neither.
    pub open: usize,
}

impl Count {
    /// Counts these.
    pub fn of<'a>(requirements: impl IntoIterator<Item = &'a Requirement>) -> Self {
        let mut count = Self::default();
        for requirement in requirements {
            let of = match (&requirement.exception, requirement.is_kept()) {
                (Some(_), _) => &mut count.excepted,
                (None, true) => &mut count.kept,
                (None, false) => &mut count.open,
            };
            *of += 1;
        }
        count
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} kept and shown, {} excepted, {} open", self.kept, self.excepted, self.open)
    }
}

impl Specification {
    /// The counts of one level.
    #[must_use]
    pub fn count(&self, level: Level) -> Count {
        Count::of(self.requirements.iter().filter(|requirement| requirement.level == level))
    }
}

/// Whether a file is one of tests as a whole.
fn is_of_tests(path: &str) -> bool {
    path.split('/').any(|folder| folder == "tests")
}

#[cfg(test)]
mod tests;
