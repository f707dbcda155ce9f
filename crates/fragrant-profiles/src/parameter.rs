//! A parameter or header that a provider adds to the protocol.

use fragrant::spec::Place;

/// What a provider says of a parameter that is its own, or that it gives values of its own.
///
/// The facts of the protocol's parameters are in [`fragrant::spec`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct ProviderParameter {
    /// The name on the wire.
    pub name: &'static str,
    /// Where it travels.
    pub place: Place,
    /// The values that the provider names, if it names any.
    pub values: &'static [&'static str],
    /// What it means, in a sentence.
    pub meaning: &'static str,
    /// Where that is known from.
    pub source: &'static str,
}
