//! The text form of what a client stores: a form with a version, read strictly.

use alloc::string::String;

use thiserror::Error;

use crate::sorted_map::SortedMap;
use crate::value::{ExpiresIn, InvalidValue, Timestamp};
use crate::wire::form;

/// Why a stored text is no record. It names the field and never its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Error)]
#[non_exhaustive]
pub enum InvalidRecord {
    /// Not a form at all.
    #[error("stored record: not a well-formed form")]
    Malformed,
    /// A field that stands there twice.
    #[error("stored record: a field occurs twice")]
    Repeated,
    /// A version that this library does not write.
    #[error("stored record: expected version {expected}")]
    Version {
        /// The version that is read.
        expected: &'static str,
    },
    /// A field that is not there.
    #[error("stored record: the field `{0}` is missing")]
    Missing(&'static str),
    /// A field whose content does not fit.
    #[error("stored record: the field `{0}` is not valid")]
    Invalid(&'static str),
    /// A field that no record of this version has.
    #[error("stored record: a field is not known")]
    Unknown,
}

/// The fields of a record that are still to be taken out.
pub(super) struct Fields(SortedMap<String, String>);

impl Fields {
    /// Reads a text whose field `v` is `version`.
    pub(super) fn read(text: &str, version: &'static str) -> Result<Self, InvalidRecord> {
        let mut fields = Self(SortedMap::default());
        for pair in form::pairs(text, 0) {
            let pair = pair.map_err(|_| InvalidRecord::Malformed)?;
            if fields.0.insert(pair.name.decode().into_owned(), pair.value.decode().into_owned()).is_some() {
                return Err(InvalidRecord::Repeated);
            }
        }
        match fields.take("v") {
            Some(own) if own == version => Ok(fields),
            _ => Err(InvalidRecord::Version { expected: version }),
        }
    }

    /// Takes a field out.
    pub(super) fn take(&mut self, name: &str) -> Option<String> {
        self.0.remove(name)
    }

    /// Takes a field out that may be missing, through the constructor of its value.
    pub(super) fn optional<T, E>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(String) -> Result<T, E>,
    ) -> Result<Option<T>, InvalidRecord> {
        self.take(name).map(|text| read(text).map_err(|_| InvalidRecord::Invalid(name))).transpose()
    }

    /// Takes a field out that must be there, through the constructor of its value.
    pub(super) fn required<T, E>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(String) -> Result<T, E>,
    ) -> Result<T, InvalidRecord> {
        self.optional(name, read)?.ok_or(InvalidRecord::Missing(name))
    }

    /// Takes every field whose name begins with `prefix`, without it.
    pub(super) fn take_all(&mut self, prefix: &str) -> impl Iterator<Item = (String, String)> {
        let ours = self.0.take_if(|name| name.starts_with(prefix));
        let len = prefix.len();
        ours.into_iter().map(move |(name, value)| (String::from(&name[len..]), value))
    }

    /// Checks that nothing is left.
    pub(super) fn end(self) -> Result<(), InvalidRecord> {
        if self.0.is_empty() { Ok(()) } else { Err(InvalidRecord::Unknown) }
    }
}

/// Reads a moment: **seconds** since the Unix epoch in decimal digits, as `expires_in` is read.
pub(super) fn moment(text: String) -> Result<Timestamp, InvalidValue> {
    ExpiresIn::parse(&text).map(|seconds| Timestamp::from_unix_seconds(seconds.as_seconds()))
}
