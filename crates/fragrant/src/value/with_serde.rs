//! Reading and writing values with `serde` (feature `serde`): each as its wire text, through its constructor.
//!
//! The secret values are left out on purpose: what is written so easily ends up in a log. A pending request and a token
//! have an `encode` and a `decode` of their own.

use alloc::string::{String, ToString};

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{
    AuthorizationEndpoint, ClientId, Display, ErrorCode, ExpiresIn, Issuer, Origin, Prompts, RedirectUri,
    ResponseType, Scope, Timestamp, TokenType,
};

macro_rules! as_text {
    ($($name:ident: $read:expr, $text:expr;)*) => {$(
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let text: fn(&Self) -> String = $text;
                serializer.serialize_str(&text(self))
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                $read(text).map_err(D::Error::custom)
            }
        }
    )*};
}

as_text! {
    AuthorizationEndpoint: Self::new, |own| own.as_str().into();
    ClientId: Self::new, |own| own.as_str().into();
    Display: Self::new, |own| own.as_str().into();
    ErrorCode: Self::new, |own| own.as_str().into();
    Issuer: Self::new, |own| own.as_str().into();
    Origin: Self::new, |own| own.as_str().into();
    Prompts: |text: String| Self::parse(&text), |own| own.to_string();
    RedirectUri: Self::new, |own| own.as_str().into();
    ResponseType: Self::new, |own| own.as_str().into();
    Scope: Self::new, |own| own.as_str().into();
    TokenType: Self::new, |own| own.as_str().into();
}

macro_rules! as_seconds {
    ($($name:ident: $from:path, $to:path;)*) => {$(
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_u64($to(*self))
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                u64::deserialize(deserializer).map($from)
            }
        }
    )*};
}

as_seconds! {
    ExpiresIn: ExpiresIn::from_seconds, ExpiresIn::as_seconds;
    Timestamp: Timestamp::from_unix_seconds, Timestamp::as_unix_seconds;
}

#[cfg(test)]
mod tests {
    use serde::de::IntoDeserializer;
    use serde::de::value::{Error, StrDeserializer, U64Deserializer};

    use super::*;

    #[test]
    fn reading_goes_through_the_constructor() {
        let read = |text: &'static str| {
            let deserializer: StrDeserializer<'_, Error> = text.into_deserializer();
            Scope::deserialize(deserializer)
        };
        assert_eq!(read("a b").unwrap(), Scope::new("a b").unwrap());
        assert!(read("a  b").unwrap_err().to_string().contains("scope: expected"));
        let seconds: U64Deserializer<Error> = 3600u64.into_deserializer();
        assert_eq!(ExpiresIn::deserialize(seconds).unwrap().as_seconds(), 3600);
    }
}
