//! `brand_id`: whose login page is shown.

use alloc::borrow::Cow;
use alloc::string::String;
use core::fmt;

use fragrant::grammar::DIGIT;
use thiserror::Error;

/// A brand that RingCentral's service is sold under: decimal digits.
///
/// ```text
/// brand_id=1210
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BrandId(Cow<'static, str>);

/// A text that is no brand identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Error)]
#[non_exhaustive]
#[error("brand_id: expected one or more decimal digits, such as 1210")]
pub struct InvalidBrandId;

impl BrandId {
    /// RingCentral US: what the server assumes when neither the request nor the app's registration names a brand.
    pub const RINGCENTRAL_US: Self = Self(Cow::Borrowed("1210"));

    /// Checks that the text is one or more decimal digits.
    ///
    /// # Errors
    /// [`InvalidBrandId`] when it is not.
    pub fn new(text: impl Into<String>) -> Result<Self, InvalidBrandId> {
        let text = text.into();
        match DIGIT.is_one_or_more(text.as_bytes()) {
            true => Ok(Self(Cow::Owned(text))),
            false => Err(InvalidBrandId),
        }
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for BrandId {
    fn default() -> Self {
        Self::RINGCENTRAL_US
    }
}

impl fmt::Display for BrandId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    #[test]
    fn digits_and_nothing_else() {
        assert_eq!(BrandId::new("1210"), Ok(BrandId::default()));
        assert_eq!(BrandId::new("2010").unwrap().to_string(), "2010");
        for bad in ["", " 1210", "1210 ", "-1", "+1", "12a", "١٢"] {
            assert_eq!(BrandId::new(bad), Err(InvalidBrandId), "{bad:?}");
        }
        assert_eq!(InvalidBrandId.to_string(), "brand_id: expected one or more decimal digits, such as 1210");
    }
}
