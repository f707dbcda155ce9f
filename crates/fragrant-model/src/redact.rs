//! Secrets, shortened for people: enough to tell two apart, too little to use one.

use fragrant::spec::{RequestParameter, ResponseParameter};

/// How many characters of a long secret are shown.
const SHOWN: usize = 4;
/// A secret shorter than this shows nothing of itself: four characters would be too much of it.
const LONG: usize = 20;

/// The first characters and the length, `2Yot…(22)`; of a short secret the length alone.
///
/// What is not visible ASCII is shown as `?`, so that no terminal takes it for a command.
pub fn shorten(secret: &str) -> String {
    let count = secret.chars().count();
    let shown = if count < LONG { 0 } else { SHOWN };
    let head: String =
        secret.chars().take(shown).map(|c| if c.is_ascii_graphic() { c } else { '?' }).collect();
    format!("{head}…({count})")
}

/// Whether a parameter of this decoded name may hold a secret: the protocol says so, or the name does.
pub fn is_secret_name(name: &str) -> bool {
    let by_protocol = RequestParameter::from_name(name).is_some_and(|parameter| parameter.fact().is_secret)
        || ResponseParameter::from_name(name).is_some_and(|parameter| parameter.fact().is_secret);
    let lower = name.to_ascii_lowercase();
    let telling = ["token", "secret", "password", "code", "assertion", "session", "csrf", "key"];
    // `token_type` tells a kind, and `error_codes` are no authorization codes.
    let harmless = ResponseParameter::from_name(name).is_some_and(|parameter| !parameter.fact().is_secret)
        || RequestParameter::from_name(name).is_some_and(|parameter| !parameter.fact().is_secret);
    by_protocol || (!harmless && telling.iter().any(|word| lower.contains(word)))
}

/// An address with the values of its secret parameters shortened, in its query and in its fragment.
pub fn shorten_address(address: &str) -> String {
    let mut out = String::with_capacity(address.len());
    let mut rest = address;
    while let Some(at) = rest.find(['?', '#', '&']) {
        let (pair, tail) = rest.split_at(at);
        push_pair(pair, &mut out);
        out.push_str(&tail[..1]);
        rest = &tail[1..];
    }
    push_pair(rest, &mut out);
    out
}

fn push_pair(pair: &str, out: &mut String) {
    let Some((name, value)) = pair.split_once('=') else { return out.push_str(pair) };
    out.push_str(name);
    out.push('=');
    let decoded = fragrant::wire::form::Text::check(name).map(|name| name.decode().into_owned());
    // A name that cannot be read may be any name, so its value is taken for a secret.
    if decoded.is_ok_and(|name| !is_secret_name(&name)) {
        out.push_str(value);
    } else {
        out.push_str(&shorten(value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_secret_shows_nothing_of_itself() {
        assert_eq!(shorten("2YotnFZFEjr1zCsicMWpAA"), "2Yot…(22)");
        assert_eq!(shorten("hunter2"), "…(7)");
        assert_eq!(shorten(""), "…(0)");
        assert_eq!(shorten("\u{1b}[31mredredredredredred"), "?[31…(23)");
    }

    #[test]
    fn addresses_keep_what_is_public() {
        assert_eq!(
            shorten_address(
                "https://a/cb?keep=1#access_token=2YotnFZFEjr1zCsicMWpAA&token_type=bearer&%73tate=abcdefghijklmnopqrstuvwxyz"
            ),
            "https://a/cb?keep=1#access_token=2Yot…(22)&token_type=bearer&%73tate=abcd…(26)"
        );
        assert_eq!(shorten_address("/authorize?client_id=x&nonce=1"), "/authorize?client_id=x&nonce=…(1)");
        assert_eq!(shorten_address("#%zz=planted"), "#%zz=…(7)");
        assert_eq!(shorten_address("#/route?access_token=abc"), "#/route?access_token=…(3)");
    }

    #[test]
    fn names_tell() {
        for name in
            ["access_token", "state", "nonce", "code", "refresh_token", "vendor_token", "Password", "csrf"]
        {
            assert!(is_secret_name(name), "{name}");
        }
        for name in ["token_type", "scope", "expires_in", "endpoint_id", "client_id", "error"] {
            assert!(!is_secret_name(name), "{name}");
        }
    }
}
