//! The text form of what a client stores: a form with a version, read strictly.

use alloc::string::String;

use thiserror::Error;

use crate::sorted_map::SortedMap;
use crate::value::{InvalidValue, Timestamp};
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
        read: fn(String) -> Result<T, E>,
    ) -> Result<Option<T>, InvalidRecord> {
        self.take(name).map(|text| read(text).map_err(|_| InvalidRecord::Invalid(name))).transpose()
    }

    /// Takes a field out that must be there, through the constructor of its value.
    pub(super) fn required<T, E>(
        &mut self,
        name: &'static str,
        read: fn(String) -> Result<T, E>,
    ) -> Result<T, InvalidRecord> {
        self.optional(name, read)?.ok_or(InvalidRecord::Missing(name))
    }

    /// Checks that nothing is left.
    pub(super) fn end(self) -> Result<(), InvalidRecord> {
        if self.0.is_empty() { Ok(()) } else { Err(InvalidRecord::Unknown) }
    }

    /// Gives what is left to whoever knows it, and checks that he does.
    pub(super) fn end_with(
        self,
        mut is_known: impl FnMut(&str, String) -> bool,
    ) -> Result<(), InvalidRecord> {
        for (name, value) in self.0 {
            if !is_known(&name, value) {
                return Err(InvalidRecord::Unknown);
            }
        }
        Ok(())
    }
}

/// Writes a record: the fields that have a value.
pub(super) fn write(fields: &[(&str, Option<&str>)]) -> String {
    form::to_text(fields.iter().filter_map(|(name, value)| Some((*name, (*value)?))))
}

/// Reads a moment.
pub(super) fn moment(text: String) -> Result<Timestamp, InvalidValue> {
    Timestamp::parse(&text)
}
