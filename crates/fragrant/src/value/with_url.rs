//! Conversions from and to the `url` crate (feature `url`).

use url::{ParseError, Url};

use super::{AuthorizationEndpoint, HttpUri, InvalidEndpoint, InvalidRedirectUri, InvalidUri, RedirectUri};

impl TryFrom<&Url> for HttpUri {
    type Error = InvalidUri;

    /// A `Url` is normalised as a browser would do it, so most fit as they are.
    fn try_from(url: &Url) -> Result<Self, InvalidUri> {
        Self::parse(url.as_str())
    }
}

impl TryFrom<&Url> for RedirectUri {
    type Error = InvalidRedirectUri;

    /// Takes the address as the `Url` writes it. An authorization server compares it byte by byte with what is registered:
    /// register what [`RedirectUri::as_str`] shows.
    fn try_from(url: &Url) -> Result<Self, InvalidRedirectUri> {
        Self::new(url.as_str())
    }
}

impl TryFrom<&Url> for AuthorizationEndpoint {
    type Error = InvalidEndpoint;

    fn try_from(url: &Url) -> Result<Self, InvalidEndpoint> {
        Self::new(url.as_str())
    }
}

impl TryFrom<&HttpUri> for Url {
    type Error = ParseError;

    /// A normal address is one that a browser would show, and so one that `Url` reads.
    fn try_from(uri: &HttpUri) -> Result<Self, ParseError> {
        Self::parse(uri.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_in_the_form_that_a_redirect_uri_needs() {
        let url = Url::parse("HTTPS://App.Example:443").unwrap();
        assert_eq!(RedirectUri::try_from(&url).unwrap().as_str(), "https://app.example/");
        let uri = HttpUri::try_from(&url).unwrap();
        assert_eq!(Url::try_from(&uri).unwrap(), url);
    }

    #[test]
    fn what_we_take_for_normal_is_what_url_writes() {
        for text in [
            "https://a/",
            "http://127.0.0.1:8080/cb?x=1#frag",
            "http://[::1]:9/",
            "https://xn--bcher-kva.example/%C3%A9?a=b%27#c",
            "https://a_b.example/x;y=1/$&+,=@!*()",
        ] {
            let uri = HttpUri::parse(text).unwrap();
            assert_eq!(Url::try_from(&uri).unwrap().as_str(), text);
        }
    }

    #[test]
    fn what_url_would_rewrite_is_not_taken_as_it_is() {
        for text in [
            "https://A/",
            "https://a",
            "https://a:443/",
            "https://127.1/",
            "https://a/./b",
            "https://a/%2e%2E/b",
            "https://a/?'",
            "https://[::01]/",
            "https://[::ffff:1.2.3.4]/",
        ] {
            assert_ne!(Url::parse(text).unwrap().as_str(), text);
            assert!(HttpUri::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn an_endpoint_keeps_its_own_rules() {
        let endpoint = |text: &str| AuthorizationEndpoint::try_from(&Url::parse(text).unwrap());
        assert_eq!(endpoint("https://AS.example:443/a").unwrap().as_str(), "https://as.example/a");
        assert_eq!(endpoint("https://as.example/a#x"), Err(InvalidEndpoint::Fragment));
        assert_eq!(endpoint("http://as.example/a"), Err(InvalidEndpoint::Insecure));
    }
}
