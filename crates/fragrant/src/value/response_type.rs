//! `response_type`: what the client asks the authorization endpoint for.

use alloc::borrow::Cow;
use alloc::string::String;
use core::fmt;

use super::InvalidValue;
use crate::grammar::RESPONSE_CHAR;
use crate::sorted_map::sorted;
use crate::spec::RequestParameter;
use crate::text::pieces;

/// A response type: one name or several (RFC 6749 sections 3.1.1 and 8.4). The order of the names has no meaning, so they
/// are kept sorted; the vocabulary is open.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ResponseType {
    names: Cow<'static, str>,
    /// Whether `token` and `id_token` are among the names: every judgement asks.
    has_token: bool,
    has_id_token: bool,
}

impl ResponseType {
    /// `token`: the implicit grant.
    pub const TOKEN: Self = Self { names: Cow::Borrowed("token"), has_token: true, has_id_token: false };
    /// `id_token`: an ID token alone.
    pub const ID_TOKEN: Self =
        Self { names: Cow::Borrowed("id_token"), has_token: false, has_id_token: true };
    /// `id_token token`: both.
    pub const ID_TOKEN_TOKEN: Self =
        Self { names: Cow::Borrowed("id_token token"), has_token: true, has_id_token: true };

    /// Checks the grammar: names of letters, digits and `_`, separated by single spaces.
    ///
    /// # Errors
    /// [`InvalidValue`] when it does not fit.
    pub fn new(text: impl Into<String>) -> Result<Self, InvalidValue> {
        let text = text.into();
        // req: RFC6749-A.3-1, RFC6749-8.4-1
        if !pieces(&text, b' ').all(|name| RESPONSE_CHAR.is_one_or_more(name.as_bytes())) {
            return Err(InvalidValue::new(
                "response_type",
                None,
                "names of letters, digits and _, separated by single spaces",
            ));
        }
        // req: RFC6749-3.1.1-3
        let names = sorted(pieces(&text, b' '));
        if names.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(InvalidValue::new(RequestParameter::ResponseType.name(), None, "each name once"));
        }
        let (has_token, has_id_token) = (names.contains(&"token"), names.contains(&"id_token"));
        Ok(Self { names: Cow::Owned(names.join(" ")), has_token, has_id_token })
    }

    /// The names in sorted order, separated by single spaces.
    pub fn as_str(&self) -> &str {
        &self.names
    }

    /// Whether `name` is one of the names (case counts).
    pub fn contains(&self, name: &str) -> bool {
        pieces(&self.names, b' ').any(|own| own == name)
    }

    /// Whether an answer to it holds an access token.
    pub const fn wants_access_token(&self) -> bool {
        self.has_token
    }

    /// Whether an answer to it holds an ID token.
    pub const fn wants_id_token(&self) -> bool {
        self.has_id_token
    }

    /// Whether it is one of the types whose answers come in the fragment and are read by this library.
    pub fn is_implicit(&self) -> bool {
        [Self::TOKEN, Self::ID_TOKEN, Self::ID_TOKEN_TOKEN].contains(self)
    }
}

impl fmt::Display for ResponseType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.names)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    // req(test): RFC6749-3.1.1-3, RFC6749-A.3-1, RFC6749-8.4-1
    fn order_has_no_meaning() {
        assert_eq!(ResponseType::new("token id_token").unwrap(), ResponseType::ID_TOKEN_TOKEN);
        assert!(ResponseType::ID_TOKEN_TOKEN.wants_access_token());
        assert!(!ResponseType::new("code").unwrap().is_implicit());
        assert_ne!(ResponseType::new("TOKEN").unwrap(), ResponseType::TOKEN);
        for bad in ["", " token", "token ", "id_token  token", "to-ken", "token token"] {
            assert!(ResponseType::new(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn names_are_found_whole() {
        let three = ResponseType::new("token code id_token").unwrap();
        assert_eq!(three.as_str(), "code id_token token");
        for (name, expected) in
            [("token", true), ("id_token", true), ("code", true), ("id", false), ("", false)]
        {
            assert_eq!(three.contains(name), expected, "{name:?}");
        }
        assert!(!ResponseType::ID_TOKEN.contains("token"));
        assert!(!ResponseType::ID_TOKEN.contains("ID_TOKEN"));
    }

    /// What the constants claim of themselves is what their texts are read as.
    #[test]
    fn the_constants_are_what_their_texts_say() {
        for (constant, wants_access_token, wants_id_token) in [
            (ResponseType::TOKEN, true, false),
            (ResponseType::ID_TOKEN, false, true),
            (ResponseType::ID_TOKEN_TOKEN, true, true),
        ] {
            assert_eq!(ResponseType::new(constant.as_str()).unwrap(), constant);
            assert_eq!(constant.wants_access_token(), wants_access_token);
            assert_eq!(constant.wants_id_token(), wants_id_token);
            assert!(constant.is_implicit());
        }
        for other in ["code", "code token", "code id_token", "code id_token token", "none"] {
            assert!(!ResponseType::new(other).unwrap().is_implicit(), "{other}");
        }
    }
}
