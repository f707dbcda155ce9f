//! Addresses in an app's own scheme (RFC 8252 section 7.1), which the operating system hands in as text.

use std::ffi::OsString;

use fragrant::value::RedirectUri;
use thiserror::Error;
use zeroize::Zeroizing;

use super::redirect_address::RedirectAddress;

/// Why there is no address among what the system has handed in. Nothing of that is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Error)]
#[non_exhaustive]
pub enum NoRedirectAddress {
    /// None of the texts is in the redirection URI's scheme: the program was started by other means.
    #[error("no argument is an address in the app's own scheme")]
    Absent,
    /// The one that is holds bytes that are no Unicode, which no address has.
    #[error("the address in the app's own scheme is not Unicode")]
    NotUnicode,
    /// The redirection URI is `http` or `https`: its answers come to a web server.
    #[error("redirect_uri: expected an app's own scheme, such as com.example.app:/callback")]
    NotPrivateUse,
    /// More than one is, and an app is started with one.
    #[error("more than one argument is an address in the app's own scheme")]
    Several,
}

/// Finds the address among the program's arguments, or among other texts that the system has handed in.
///
/// The scheme is all that is looked at. It is compared without case and written in lower case, as all spellings of it are one
/// scheme (RFC 3986 section 3.1) and some systems hand on the one that their registry has. Blanks and line ends around
/// the address are left out, as no address has any. Nothing else is repaired: whether this is where the redirection URI
/// leads, and whether there is an answer in it, the core says.
///
/// The texts are wiped, whether or not there is an address in them. The system's own copy of a program's arguments is not, and
/// stays readable as long as the process lives.
///
/// ```
/// use fragrant::value::RedirectUri;
/// use fragrant_http::receiver::redirect_address_among;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let redirect_uri = RedirectUri::new("com.example.app:/callback")?;
/// let arguments = ["app", "--minimised", "Com.Example.App:/callback#error=access_denied&state=xyz"];
/// let address = redirect_address_among(&redirect_uri, arguments)?; // in a program: std::env::args_os()
/// assert_eq!(address.reveal_secret(), "com.example.app:/callback#error=access_denied&state=xyz");
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`NoRedirectAddress`] if there is not exactly one.
pub fn redirect_address_among(
    redirect_uri: &RedirectUri,
    arguments: impl IntoIterator<Item = impl Into<OsString>>,
) -> Result<RedirectAddress, NoRedirectAddress> {
    let scheme = match (redirect_uri.http(), redirect_uri.as_str().split_once(':')) {
        (None, Some((scheme, _))) => scheme,
        _ => return Err(NoRedirectAddress::NotPrivateUse),
    };
    let mut found = None;
    for argument in arguments {
        let argument = Zeroizing::new(argument.into().into_encoded_bytes());
        let bytes = argument.trim_ascii();
        let is_ours =
            bytes.get(..scheme.len()).is_some_and(|own| own.eq_ignore_ascii_case(scheme.as_bytes()))
                && bytes.get(scheme.len()) == Some(&b':');
        if !is_ours {
            continue;
        }
        let text = std::str::from_utf8(bytes).map_err(|_| NoRedirectAddress::NotUnicode)?;
        let rest = text.get(scheme.len()..).unwrap_or_default();
        // Joined at its full length at once: a text that grows leaves copies behind.
        if found.replace(RedirectAddress::new([scheme, rest].concat())).is_some() {
            return Err(NoRedirectAddress::Several);
        }
    }
    found.ok_or(NoRedirectAddress::Absent)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(arguments: &[&str]) -> Result<String, NoRedirectAddress> {
        let redirect_uri = RedirectUri::new("com.example.app:/cb").unwrap();
        redirect_address_among(&redirect_uri, arguments).map(|address| address.reveal_secret().to_owned())
    }

    #[test]
    fn only_the_scheme_and_what_stands_around_are_normalised() {
        for (argument, expected) in [
            ("com.example.app:/cb#x=%2b&y", "com.example.app:/cb#x=%2b&y"),
            ("COM.Example.App:/CB#X", "com.example.app:/CB#X"),
            ("  com.example.app:/cb#x\r\n", "com.example.app:/cb#x"),
            // Not where the redirection URI leads, which the core is to say.
            ("com.example.app:///cb#x", "com.example.app:///cb#x"),
            ("com.example.app:", "com.example.app:"),
            ("com.example.app:/cb#é", "com.example.app:/cb#é"),
        ] {
            assert_eq!(found(&["app", argument]).as_deref(), Ok(expected), "{argument}");
        }
    }

    #[test]
    fn anything_else_is_none() {
        for other in [
            "",
            "com.example.app",
            "com.example.application:/cb",
            "https://com.example.app:/cb",
            "\"com.example.app:/cb\"",
        ] {
            assert_eq!(found(&[other]), Err(NoRedirectAddress::Absent), "{other}");
        }
        assert_eq!(found(&[]), Err(NoRedirectAddress::Absent));
        assert_eq!(
            found(&["com.example.app:/cb#a", "com.example.app:/cb#b"]),
            Err(NoRedirectAddress::Several)
        );
    }

    #[test]
    fn a_web_address_is_not_handed_in_like_this() {
        let web = RedirectUri::new("http://127.0.0.1/cb").unwrap();
        let outcome = redirect_address_among(&web, ["http://127.0.0.1/cb#x"]);
        assert_eq!(outcome.unwrap_err(), NoRedirectAddress::NotPrivateUse);
    }

    #[cfg(unix)]
    #[test]
    fn what_is_no_unicode_is_no_address() {
        use std::os::unix::ffi::OsStringExt;
        let redirect_uri = RedirectUri::new("com.example.app:/cb").unwrap();
        let of = |bytes: &[u8]| [OsString::from_vec(bytes.into())];
        let outcome = |bytes| redirect_address_among(&redirect_uri, of(bytes)).unwrap_err();
        assert_eq!(outcome(b"com.example.app:/cb#\xff"), NoRedirectAddress::NotUnicode);
        assert_eq!(outcome(b"\xff"), NoRedirectAddress::Absent);
    }
}
