//! `token_type`: how the token is to be used.

use alloc::borrow::Cow;
use alloc::string::String;
use core::cmp::Ordering;
use core::fmt;
use core::hash::{Hash, Hasher};

use super::InvalidValue;
use crate::grammar::{self, NAME_CHAR};

/// A token type (RFC 6749 section 7.1; grammar of appendix A.13). The vocabulary is open; a client must not use a token
/// whose type it does not understand. Compared without regard to case (section 4.2.2).
#[derive(Clone, Debug)]
pub struct TokenType(Cow<'static, str>);

impl TokenType {
    /// `bearer` (RFC 6750), the one type that this library can send.
    pub const BEARER: Self = Self(Cow::Borrowed("bearer"));

    /// Checks the grammar: a name of letters, digits, `-`, `.`, `_`, or a URI.
    ///
    /// # Errors
    /// [`InvalidValue`] when it is neither.
    pub fn new(text: impl Into<String>) -> Result<Self, InvalidValue> {
        let text = text.into();
        // req: RFC6749-A.13-1, RFC6749-8.1-1
        if NAME_CHAR.is_one_or_more(text.as_bytes()) || grammar::is_uri_reference(&text) {
            return Ok(Self(Cow::Owned(text)));
        }
        Err(InvalidValue::new("token_type", None, "a type name (letters, digits, - . _) or a URI"))
    }

    /// The type as it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn lower(&self) -> impl Iterator<Item = u8> {
        self.0.bytes().map(|byte| byte.to_ascii_lowercase())
    }
}

// req: RFC6749-4.2.2-4
impl PartialEq for TokenType {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl Eq for TokenType {}

impl Hash for TokenType {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        for byte in self.lower() {
            hasher.write_u8(byte);
        }
        hasher.write_u8(0xFF);
    }
}

impl Ord for TokenType {
    fn cmp(&self, other: &Self) -> Ordering {
        self.lower().cmp(other.lower())
    }
}

impl PartialOrd for TokenType {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for TokenType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    // req(test): RFC6749-4.2.2-4
    fn case_does_not_count() {
        for text in ["bearer", "Bearer", "BEARER"] {
            assert_eq!(TokenType::new(text).unwrap(), TokenType::BEARER);
        }
        assert_ne!(TokenType::new("mac").unwrap(), TokenType::BEARER);
    }

    #[test]
    // req(test): RFC6749-A.13-1, RFC6749-8.1-1
    fn names_and_uris() {
        assert!(TokenType::new("urn:ietf:params:oauth:token-type:x").is_ok());
        assert!(TokenType::new("DPoP").is_ok());
        for bad in ["", "two words", "é", "a\"b"] {
            assert!(TokenType::new(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    // req(test): RFC6749-4.2.2-4
    fn equal_types_have_one_place_in_every_collection() {
        let types =
            ["bearer", "Bearer", "BEARER", "bearers", "beare", "DPoP", "dpop", "mac", "N_A", "urn:x:Y"]
                .map(|text| TokenType::new(text).unwrap());
        for left in &types {
            for right in &types {
                let (low, other_low) =
                    (left.as_str().to_ascii_lowercase(), right.as_str().to_ascii_lowercase());
                assert_eq!(left == right, low == other_low, "{left} {right}");
                assert_eq!(left.cmp(right), low.cmp(&other_low), "{left} {right}");
                assert_eq!(left.partial_cmp(right), Some(left.cmp(right)));
            }
        }
        let hashed: std::collections::HashSet<&TokenType> = types.iter().collect();
        assert_eq!(hashed.len(), 7);
        assert!(hashed.contains(&TokenType::new("DPOP").unwrap()));
        assert!(!hashed.contains(&TokenType::new("pop").unwrap()));
    }

    /// A list of types hashes its types one by one, and where one ends has to count.
    #[test]
    fn a_hash_tells_where_a_type_ends() {
        let [a, b, ab, c] = ["a", "b", "ab", "c"].map(|text| TokenType::new(text).unwrap());
        let hash = |types: &[&TokenType]| {
            let mut hasher = std::hash::DefaultHasher::new();
            types.iter().for_each(|own| own.hash(&mut hasher));
            hasher.finish()
        };
        assert_ne!(hash(&[&a, &b]), hash(&[&ab]));
        assert_ne!(hash(&[&a, &c]), hash(&[&a, &b]));
        assert_eq!(hash(&[&a, &b]), hash(&[&TokenType::new("A").unwrap(), &TokenType::new("B").unwrap()]));
    }
}
