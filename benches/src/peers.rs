//! What a Rust user would pick instead. Each answers with the bytes of all known values, decoded.

use std::borrow::Cow;
use std::hint::black_box;

use fragrant::spec::ResponseParameter;
use serde::Deserialize;

/// The parameters that everybody looks for.
pub const KNOWN: &[ResponseParameter] = &[
    ResponseParameter::AccessToken,
    ResponseParameter::TokenType,
    ResponseParameter::ExpiresIn,
    ResponseParameter::Scope,
    ResponseParameter::State,
    ResponseParameter::IdToken,
    ResponseParameter::Error,
    ResponseParameter::ErrorDescription,
    ResponseParameter::ErrorUri,
];

/// A peer, by its name in the table.
pub type Peer = (&'static str, fn(&str) -> Option<usize>);

/// Those that read a fragment without its `#`.
pub const PEERS: &[Peer] = &[
    ("form_urlencoded + match", form_urlencoded_match),
    ("serde_urlencoded", |text| serde_urlencoded::from_str::<Fields>(text).ok()?.len()),
    ("serde_html_form", |text| serde_html_form::from_str::<Fields>(text).ok()?.len()),
    ("serde_qs", |text| serde_qs::from_str::<Fields>(text).ok()?.len()),
    ("ada-url", ada_url_get),
    ("split + percent-decode", split_and_decode),
];

/// `form_urlencoded`, its pairs matched by hand.
pub fn form_urlencoded_match(text: &str) -> Option<usize> {
    matched(form_urlencoded::parse(text.as_bytes()))
}

/// The whole address through `url`, then its fragment as above.
pub fn whole_url(address: &str) -> Option<usize> {
    form_urlencoded_match(url::Url::parse(address).ok()?.fragment()?)
}

fn matched<'a>(pairs: impl Iterator<Item = (Cow<'a, str>, Cow<'a, str>)>) -> Option<usize> {
    let mut found: [Option<Cow<'a, str>>; 9] = [const { None }; 9];
    for (name, value) in pairs {
        let at = match &*name {
            "access_token" => 0,
            "token_type" => 1,
            "expires_in" => 2,
            "scope" => 3,
            "state" => 4,
            "id_token" => 5,
            "error" => 6,
            "error_description" => 7,
            "error_uri" => 8,
            _ => continue,
        };
        if found[at].replace(value).is_some() {
            return None;
        }
    }
    if let Some(seconds) = &found[2] {
        black_box(seconds.parse::<u64>().ok()?);
    }
    Some(black_box(&found).iter().flatten().map(|value| value.len()).sum())
}

fn ada_url_get(text: &str) -> Option<usize> {
    let parameters = ada_url::UrlSearchParams::parse(text).ok()?;
    let mut len = 0;
    for parameter in KNOWN {
        let value = black_box(parameters.get(parameter.name()));
        if *parameter == ResponseParameter::ExpiresIn
            && let Some(seconds) = value
        {
            black_box(seconds.parse::<u64>().ok()?);
        }
        len += value.map_or(0, str::len);
    }
    Some(len)
}

fn split_and_decode(text: &str) -> Option<usize> {
    let decode = |text| {
        let text = percent_encoding::percent_decode_str(text).decode_utf8_lossy();
        if text.contains('+') { Cow::Owned(text.replace('+', " ")) } else { text }
    };
    let pairs = text.split('&').map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    matched(pairs.map(|(name, value)| (decode(name), decode(value))))
}

/// What the serde crates read into.
#[derive(Debug, Deserialize)]
struct Fields {
    access_token: Option<String>,
    token_type: Option<String>,
    expires_in: Option<u64>,
    scope: Option<String>,
    state: Option<String>,
    id_token: Option<String>,
    error: Option<String>,
    error_description: Option<String>,
    error_uri: Option<String>,
}

impl Fields {
    fn len(&self) -> Option<usize> {
        let this = black_box(self);
        let texts = [
            &this.access_token,
            &this.token_type,
            &this.scope,
            &this.state,
            &this.id_token,
            &this.error,
            &this.error_description,
            &this.error_uri,
        ];
        let digits = this.expires_in.map_or(0, |seconds| seconds.checked_ilog10().unwrap_or(0) as usize + 1);
        Some(digits + texts.into_iter().flatten().map(String::len).sum::<usize>())
    }
}
