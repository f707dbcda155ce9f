//! Secrets, shortened for people: enough to tell two apart, too little to use one.

use fragrant::spec::{RequestParameter, ResponseParameter};
use fragrant::wire::form::Text;
use fragrant::wire::may_be_shown;

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

/// Whether a parameter of this decoded name may hold a secret: the protocol says so, or the name sounds like it. Case does
/// not count here, nor what stands before the last `;`: a link copied from HTML has `amp;state`.
pub fn is_secret_name(name: &str) -> bool {
    let lower = name.rsplit(';').next().unwrap_or_default().to_ascii_lowercase();
    let facts = [
        RequestParameter::from_name(&lower).map(RequestParameter::fact),
        ResponseParameter::from_name(&lower).map(ResponseParameter::fact),
    ];
    if facts.iter().any(Option::is_some) {
        return facts.into_iter().flatten().any(|fact| fact.is_secret);
    }
    let telling =
        ["token", "secret", "pass", "code", "assertion", "session", "csrf", "key", "jwt", "auth", "ticket"];
    telling.iter().any(|word| lower.contains(word))
}

/// A decoded value as it may be shown: shortened if its name tells of a secret, or if it has parameters of its own, as an
/// address that somebody has nested.
pub fn show(name: &str, value: &str) -> String {
    let has_parameters = ["=", "#", "%3D", "%3d", "%23"].iter().any(|sign| value.contains(sign));
    let is_redirect_uri = name == RequestParameter::RedirectUri.name();
    if is_secret_name(name) || (has_parameters && !is_redirect_uri) { shorten(value) } else { value.into() }
}

/// A decoded name as it may be shown: shortened if it looks like a value that has lost its name, or like a pair that was
/// encoded once too often.
pub fn show_name(name: &str, has_value: bool) -> String {
    if may_be_shown(name, has_value) { name.into() } else { shorten(name) }
}

/// An address with the values of its secret parameters shortened, in its query and in its fragment, and without user
/// information.
pub fn shorten_address(address: &str) -> String {
    let mut out = String::with_capacity(address.len());
    let mut rest = address;
    if let Some((scheme, behind)) = address.split_once("://") {
        let end = behind.find(['/', '?', '#']).unwrap_or(behind.len());
        if let Some(at) = behind[..end].rfind('@') {
            out.push_str(scheme);
            out.push_str("://…");
            rest = &behind[at..];
        }
    }
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
    let decode = |text| Text::check(text).map(Text::decode);
    match (decode(name), decode(value)) {
        (Ok(name), Ok(own)) if show(&name, &own) == own => out.push_str(value),
        // What cannot be read may be anything.
        _ => out.push_str(&shorten(value)),
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
        assert_eq!(shorten_address("https://user:planted@app/cb?x=1"), "https://…@app/cb?x=1");
        assert_eq!(
            shorten_address("#url=https%3A%2F%2Fapp%23access_token%3Dplanted&error=e"),
            "#url=http…(42)&error=e"
        );
        assert_eq!(
            shorten_address("?redirect_uri=https%3A%2F%2Fapp%2Fcb%3Fkeep%3D1"),
            "?redirect_uri=https%3A%2F%2Fapp%2Fcb%3Fkeep%3D1"
        );
    }

    #[test]
    fn names_tell() {
        for name in [
            "access_token",
            "state",
            "nonce",
            "code",
            "refresh_token",
            "vendor_token",
            "Password",
            "csrf",
            "State",
            "amp;state",
            "jwt",
        ] {
            assert!(is_secret_name(name), "{name}");
        }
        for name in ["token_type", "scope", "expires_in", "endpoint_id", "client_id", "error"] {
            assert!(!is_secret_name(name), "{name}");
        }
    }
}
