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
    use alloc::format;
    use core::fmt;

    use serde::de::IntoDeserializer;
    use serde::de::value::{Error, StrDeserializer, U64Deserializer};

    use super::*;

    /// What a value writes; the formatter is a serializer that takes text and numbers alone.
    struct Written<'v, T>(&'v T);

    impl<T: Serialize> fmt::Display for Written<'_, T> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            self.0.serialize(f)
        }
    }

    fn read<T: Deserialize<'static>>(text: &'static str) -> Result<T, String> {
        let deserializer: StrDeserializer<'_, Error> = text.into_deserializer();
        T::deserialize(deserializer).map_err(|error| error.to_string())
    }

    fn read_seconds<T: Deserialize<'static>>(seconds: u64) -> T {
        let deserializer: U64Deserializer<Error> = seconds.into_deserializer();
        T::deserialize(deserializer).unwrap()
    }

    #[track_caller]
    fn round_trip<T: Serialize + Deserialize<'static> + PartialEq + fmt::Debug>(
        text: &'static str,
        value: T,
    ) {
        assert_eq!(Written(&value).to_string(), text);
        assert_eq!(read(text), Ok(value));
    }

    #[test]
    fn what_is_written_is_the_wire_text_and_is_read_again() {
        let endpoint = "https://as.example/authorize?tenant=1";
        round_trip(endpoint, AuthorizationEndpoint::new(endpoint).unwrap());
        round_trip("s6BhdRkqt3", ClientId::new("s6BhdRkqt3").unwrap());
        round_trip("popup", Display::POPUP);
        round_trip("x_custom", ErrorCode::new("x_custom").unwrap());
        round_trip("https://as.example/", Issuer::new("https://as.example/").unwrap());
        round_trip("https://api.example:8443", Origin::new("https://api.example:8443").unwrap());
        round_trip("login consent", Prompts::parse("login consent").unwrap());
        round_trip("com.example.app:/cb", RedirectUri::new("com.example.app:/cb").unwrap());
        round_trip("id_token token", ResponseType::ID_TOKEN_TOKEN);
        round_trip("b a b", Scope::new("b a b").unwrap());
        round_trip("Bearer", TokenType::new("Bearer").unwrap());
        for seconds in [0, 3600, u64::MAX] {
            let (lifetime, moment) =
                (ExpiresIn::from_seconds(seconds), Timestamp::from_unix_seconds(seconds));
            assert_eq!(Written(&lifetime).to_string(), seconds.to_string());
            assert_eq!(Written(&moment).to_string(), seconds.to_string());
            assert_eq!(read_seconds::<ExpiresIn>(seconds), lifetime);
            assert_eq!(read_seconds::<Timestamp>(seconds), moment);
        }
    }

    #[track_caller]
    fn refused<T: Deserialize<'static> + fmt::Debug>(text: &'static str, start: &str) {
        let error = read::<T>(text).unwrap_err();
        assert!(error.starts_with(&format!("{start}: ")), "{error}");
    }

    #[test]
    fn reading_goes_through_the_constructor() {
        refused::<AuthorizationEndpoint>("https://as.example/#x", "authorization endpoint");
        refused::<ClientId>("", "client_id");
        refused::<Display>("two words", "display");
        refused::<ErrorCode>("a\"b", "error");
        refused::<Issuer>("http://as.example", "iss");
        refused::<Prompts>("none login", "prompt");
        refused::<RedirectUri>("https://app.example/#x", "redirect_uri");
        refused::<ResponseType>("token token", "response_type");
        refused::<Scope>("a  b", "scope");
        refused::<TokenType>("two words", "token_type");
        let error = read::<Origin>("https://api.example/").unwrap_err();
        assert!(error.starts_with("expected an origin"), "{error}");
    }
}
