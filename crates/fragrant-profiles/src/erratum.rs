//! A mistake in a provider's guide.

/// Something that a provider's guide gets wrong, and the reading that is implemented.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Erratum {
    /// Unique among all errata: the provider's id and a number that stays (`ringcentral-1`).
    pub id: &'static str,
    /// What the guide says, in our words.
    pub guide_says: &'static str,
    /// What is right, and implemented.
    pub implemented: &'static str,
    /// Where it is known from.
    pub source: &'static str,
    /// The name of the test in this crate that shows it; `None` where the mistake is one of language or markup, or
    /// where the reading shows in no code of this crate.
    pub shown_by: Option<&'static str>,
}
