//! The answer that says no (RFC 6749 section 4.2.2.1).

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::extra::{Extra, present};
use crate::grammar::{self, NQSCHAR};
use crate::spec::ResponseParameter as P;
use crate::value::{ErrorCode, InvalidValue, Issuer, State};

/// Why the authorization server issues no token.
///
/// ```text
/// https://app.example/cb#error=access_denied&state=xyz
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorResponse {
    /// The code.
    pub error: ErrorCode,
    /// The same in words, for the client's developer.
    pub description: Option<ErrorDescription>,
    /// A page about it.
    pub uri: Option<ErrorUri>,
    /// The request's state.
    pub state: Option<State>,
    /// Who answered.
    pub iss: Option<Issuer>,
    /// The provider's own parameters.
    pub extra: Extra,
}

impl ErrorResponse {
    /// An error with nothing but its code.
    pub fn new(error: ErrorCode) -> Self {
        Self { error, description: None, uri: None, state: None, iss: None, extra: Extra::default() }
    }

    pub(super) fn pairs(&self) -> Vec<(&str, Cow<'_, str>)> {
        present(
            [
                (P::Error, Some(self.error.as_str().into())),
                (P::ErrorDescription, self.description.as_ref().map(|text| text.as_str().into())),
                (P::ErrorUri, self.uri.as_ref().map(|uri| uri.as_str().into())),
                (P::State, self.state.as_ref().map(|state| state.reveal_secret().into())),
                (P::Iss, self.iss.as_ref().map(|issuer| issuer.as_str().into())),
            ],
            &self.extra,
        )
    }
}

/// `error_description`: words for the client's developer (appendix A.8). Whoever can send the browser to the redirection
/// URI can write it, so it is text and never markup.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ErrorDescription(String);

impl ErrorDescription {
    /// Checks the grammar: printable ASCII without `"` and `\`.
    ///
    /// # Errors
    /// [`InvalidValue`] when it does not fit.
    // req: RFC6749-4.2.2.1-4, RFC6749-A.8-1
    pub fn new(text: impl Into<String>) -> Result<Self, InvalidValue> {
        let text = text.into();
        InvalidValue::unless_of(
            NQSCHAR,
            &text,
            P::ErrorDescription.name(),
            "printable ASCII without \" and \\",
        )?;
        Ok(Self(text))
    }

    /// The words.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ErrorDescription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// `error_uri`: a page about the error (appendix A.9). Not to be followed unasked, for the same reason.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ErrorUri(String);

impl ErrorUri {
    /// Checks that the text has only characters of a URI, its escapes whole.
    ///
    /// # Errors
    /// [`InvalidValue`] when it does not fit.
    // req: RFC6749-4.2.2.1-5, RFC6749-A.9-1
    pub fn new(text: impl Into<String>) -> Result<Self, InvalidValue> {
        let text = text.into();
        if grammar::is_uri_reference(&text) {
            return Ok(Self(text));
        }
        Err(InvalidValue::new(P::ErrorUri.name(), None, "the characters of a URI, escapes whole"))
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ErrorUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    #[test]
    // req(test): RFC6749-A.8-1, RFC6749-A.9-1
    fn the_texts_print_as_they_came() {
        let description = ErrorDescription::new("<b>no</b> & never").unwrap();
        assert_eq!(description.to_string(), "<b>no</b> & never");
        let uri = ErrorUri::new("https://as.example/e?id=%2F#x").unwrap();
        assert_eq!(uri.to_string(), "https://as.example/e?id=%2F#x");
    }
}
