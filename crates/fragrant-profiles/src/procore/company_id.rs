//! `Procore-Company-Id`: which company a call is about.

use core::fmt;

use fragrant::grammar::DIGIT;
use thiserror::Error;

/// The number of a company at Procore, the value of the header
/// [`COMPANY_ID_HEADER`](super::COMPANY_ID_HEADER).
///
/// ```text
/// Procore-Company-Id: 8089
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CompanyId(u64);

/// A text that is no company number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Error)]
#[non_exhaustive]
#[error("Procore-Company-Id: expected decimal digits, a number that fits in 64 bits")]
pub struct InvalidCompanyId;

impl CompanyId {
    /// The company of this number, as `id` in the API's answers.
    pub const fn from_number(number: u64) -> Self {
        Self(number)
    }

    /// Reads decimal digits and nothing else; no sign and no blank.
    ///
    /// # Errors
    /// [`InvalidCompanyId`] for any other text and for a number above `u64::MAX`.
    pub fn parse(text: &str) -> Result<Self, InvalidCompanyId> {
        if !DIGIT.is_one_or_more(text.as_bytes()) {
            return Err(InvalidCompanyId);
        }
        text.parse().map(Self).map_err(|_| InvalidCompanyId)
    }

    /// The number.
    pub const fn as_number(self) -> u64 {
        self.0
    }
}

impl fmt::Display for CompanyId {
    /// The header's value.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    #[test]
    fn digits_and_nothing_else() {
        let company = CompanyId::parse("8089").unwrap();
        assert_eq!(company, CompanyId::from_number(8089));
        assert_eq!(company.to_string(), "8089");
        assert_eq!(CompanyId::parse("18446744073709551615").unwrap().as_number(), u64::MAX);
        for bad in ["", " 1", "1\r\n", "-1", "+1", "1.0", "x", "18446744073709551616"] {
            assert_eq!(CompanyId::parse(bad), Err(InvalidCompanyId), "{bad:?}");
        }
        assert_eq!(
            InvalidCompanyId.to_string(),
            "Procore-Company-Id: expected decimal digits, a number that fits in 64 bits"
        );
    }
}
