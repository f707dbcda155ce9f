//! Strategies: values, messages and redirects, as hostile as each of them may be.
//!
//! A value is made from text within its grammar, with every delimiter of the wire format in it; a redirect is made from
//! pieces that mean something to the parser, so that deep states are reached and not only the first refusal.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::sample::select;

use super::Question;
use crate::grammar::{ByteClass, NAME_CHAR, NQCHAR, NQSCHAR, RESPONSE_CHAR, UNRESERVED, VSCHAR};
use crate::message::{
    AccessTokenResponse, AuthorizationRequest, AuthorizationResponse, ErrorDescription, ErrorResponse,
    ErrorUri, Extra, IdTokenResponse,
};
use crate::spec::ResponseParameter;
use crate::value::{
    AccessToken, AuthorizationEndpoint, ClientId, Display, Entropy, ErrorCode, ExpiresIn, Issuer, Nonce,
    Prompts, RedirectUri, ResponseType, Scope, State, Timestamp, TokenType, UnverifiedIdToken,
};

/// One or more characters of a class.
fn text_of(class: ByteClass) -> impl Strategy<Value = String> {
    let chars: Vec<char> = (0..128u8).filter(|byte| class.contains(*byte)).map(char::from).collect();
    // Evenly drawn characters are mostly letters; what the wire format gives a meaning comes more often.
    let special: Vec<char> = chars.iter().copied().filter(|char| !char.is_ascii_alphanumeric()).collect();
    let char = match special.is_empty() {
        true => select(chars).boxed(),
        false => prop_oneof![2 => select(chars), 1 => select(special)].boxed(),
    };
    vec(char, 1..24).prop_map(String::from_iter)
}

/// Any text: delimiters, blanks, control characters, escapes that are none, everything Unicode has.
pub fn hostile_text() -> impl Strategy<Value = String> {
    let char = prop_oneof![
        4 => select("&=#%+?/;: \"\\'<>{}[]".chars().collect::<Vec<_>>()),
        4 => proptest::char::range('0', 'z'),
        2 => any::<char>(),
        1 => proptest::char::range('\0', '\u{1f}'),
    ];
    vec(char, 0..24).prop_map(String::from_iter)
}

/// A client identifier.
pub fn client_id() -> impl Strategy<Value = ClientId> {
    text_of(VSCHAR).prop_filter_map("grammar", |text| ClientId::new(text).ok())
}

/// An access token.
pub fn access_token() -> impl Strategy<Value = AccessToken> {
    text_of(VSCHAR).prop_filter_map("grammar", |text| AccessToken::new(text).ok())
}

/// An ID token; nothing reads what is in it.
pub fn id_token() -> impl Strategy<Value = UnverifiedIdToken> {
    text_of(VSCHAR).prop_filter_map("grammar", |text| UnverifiedIdToken::new(text).ok())
}

/// A nonce, brought or generated.
pub fn nonce() -> impl Strategy<Value = Nonce> {
    prop_oneof![
        text_of(VSCHAR).prop_filter_map("grammar", |text| Nonce::new(text).ok()),
        entropy().prop_map(|entropy| Nonce::generate(&entropy)),
    ]
}

/// A state, brought or generated.
pub fn state() -> impl Strategy<Value = State> {
    prop_oneof![
        3 => hostile_text().prop_filter_map("no control characters", |text| State::new(text).ok()),
        1 => entropy().prop_map(|entropy| State::generate(&entropy)),
    ]
}

/// Drawn bytes.
pub fn entropy() -> impl Strategy<Value = Entropy> {
    proptest::array::uniform32(any::<[u8; Entropy::LEN / 32]>()).prop_map(|rows| {
        let mut bytes = [0; Entropy::LEN];
        for (byte, drawn) in bytes.iter_mut().zip(rows.as_flattened()) {
            *byte = *drawn;
        }
        Entropy::new(bytes)
    })
}

/// A scope of one to four names.
pub fn scope() -> impl Strategy<Value = Scope> {
    vec(text_of(NQCHAR), 1..5).prop_filter_map("grammar", |names| Scope::new(names.join(" ")).ok())
}

/// A token type, of any kind; [`bearer`] makes those that this library can use.
pub fn token_type() -> impl Strategy<Value = TokenType> {
    let text =
        prop_oneof![text_of(NAME_CHAR), text_of(UNRESERVED).prop_map(|name| format!("urn:example:{name}"))];
    text.prop_filter_map("grammar", |text| TokenType::new(text).ok())
}

/// `bearer`, in the ways in which servers write it.
pub fn bearer() -> impl Strategy<Value = TokenType> {
    select(&["bearer", "Bearer", "BEARER", "bEARER"][..])
        .prop_filter_map("grammar", |text| TokenType::new(text).ok())
}

/// A lifetime, often at an end of the range.
pub fn expires_in() -> impl Strategy<Value = ExpiresIn> {
    prop_oneof![Just(0), Just(3600), Just(u64::MAX), any::<u64>()].prop_map(ExpiresIn::from_seconds)
}

/// A moment, often at an end of the range.
pub fn timestamp() -> impl Strategy<Value = Timestamp> {
    prop_oneof![Just(0), Just(u64::MAX), any::<u64>()].prop_map(Timestamp::from_unix_seconds)
}

/// An issuer.
pub fn issuer() -> impl Strategy<Value = Issuer> {
    (host(), path())
        .prop_filter_map("grammar", |(host, path)| Issuer::new(format!("https://{host}{path}")).ok())
}

/// An error code, one with a name or any other.
pub fn error_code() -> impl Strategy<Value = ErrorCode> {
    prop_oneof![
        select(ErrorCode::NAMED),
        text_of(NQSCHAR).prop_filter_map("grammar", |text| ErrorCode::new(text).ok()),
    ]
}

/// An error's words.
pub fn error_description() -> impl Strategy<Value = ErrorDescription> {
    text_of(NQSCHAR).prop_filter_map("grammar", |text| ErrorDescription::new(text).ok())
}

/// An error's page.
pub fn error_uri() -> impl Strategy<Value = ErrorUri> {
    (host(), path(), uri_query()).prop_filter_map("grammar", |(host, path, query)| {
        ErrorUri::new(format!("https://{host}{path}{query}#{path}")).ok()
    })
}

/// A response type, implicit or any other.
pub fn response_type() -> impl Strategy<Value = ResponseType> {
    prop_oneof![
        3 => select(&[ResponseType::TOKEN, ResponseType::ID_TOKEN, ResponseType::ID_TOKEN_TOKEN][..]),
        1 => vec(text_of(RESPONSE_CHAR), 1..4)
            .prop_filter_map("grammar", |names| ResponseType::new(names.join(" ")).ok()),
    ]
}

/// A set of prompts.
pub fn prompts() -> impl Strategy<Value = Prompts> {
    let name = prop_oneof![
        select(&["none", "login", "sso", "consent"][..]).prop_map(ToOwned::to_owned),
        text_of(NQCHAR)
    ];
    vec(name, 1..4).prop_filter_map("`none` is alone", |names| Prompts::parse(&names.join(" ")).ok())
}

/// A display mode.
pub fn display() -> impl Strategy<Value = Display> {
    text_of(NQCHAR).prop_filter_map("grammar", |text| Display::new(text).ok())
}

/// A redirection URI: `https`, loopback or a private-use scheme, with a query of its own or without.
pub fn redirect_uri() -> impl Strategy<Value = RedirectUri> {
    let base = prop_oneof![
        (host(), option::of(1024..=u16::MAX)).prop_map(|(host, port)| match port {
            Some(port) => format!("https://{host}:{port}"),
            None => format!("https://{host}"),
        }),
        Just("http://127.0.0.1:18200".to_owned()),
        Just("http://[::1]:49152".to_owned()),
        Just("com.example.app:".to_owned()),
        Just("com.example.app:/".to_owned()),
    ];
    (base, path(), uri_query()).prop_filter_map("no answer parameters", |(base, path, query)| {
        RedirectUri::new(base + path + query).ok()
    })
}

/// An authorization endpoint, with a query of its own or without.
pub fn authorization_endpoint() -> impl Strategy<Value = AuthorizationEndpoint> {
    (host(), path(), uri_query()).prop_filter_map("normal form", |(host, path, query)| {
        AuthorizationEndpoint::new(format!("https://{host}{path}{query}")).ok()
    })
}

fn host() -> impl Strategy<Value = &'static str> {
    select(&["as.example", "app.example", "localhost", "a.b-c.example", "xn--bcher-kva.example"][..])
}

fn path() -> impl Strategy<Value = &'static str> {
    select(&["/", "/cb", "/cb/", "/CB", "/a%20b/c;d=1", "//", "/cb.html"][..])
}

fn uri_query() -> impl Strategy<Value = &'static str> {
    select(&["", "?", "?keep=1", "?a=1&b=%2F&&c", "?a=1&a=2&", "?x=?/:@!$()*+,;"][..])
}

/// A provider's own parameters.
pub fn extra() -> impl Strategy<Value = Extra> {
    vec((hostile_text(), hostile_text()), 0..4).prop_map(|pairs| {
        let mut extra = Extra::default();
        for (name, value) in pairs.into_iter().filter(|(name, _)| !name.is_empty()) {
            // One that does not fit is left out, which is what `add` is for.
            extra.add(name, value);
        }
        extra
    })
}

/// A success with an access token that this library can use.
pub fn access_token_response() -> impl Strategy<Value = AccessTokenResponse> {
    let optional = (
        option::of(expires_in()),
        option::of(scope()),
        option::of(state()),
        option::of(issuer()),
        option::of(id_token()),
    );
    (access_token(), bearer(), optional, extra()).prop_map(|(access_token, token_type, optional, extra)| {
        let (expires_in, scope, state, iss, id_token) = optional;
        AccessTokenResponse {
            expires_in,
            scope,
            state,
            iss,
            id_token,
            extra,
            ..AccessTokenResponse::new(access_token, token_type)
        }
    })
}

/// A success with an ID token alone.
pub fn id_token_response() -> impl Strategy<Value = IdTokenResponse> {
    let optional = (option::of(expires_in()), option::of(scope()), option::of(state()), option::of(issuer()));
    (id_token(), optional, extra()).prop_map(|(id_token, (expires_in, scope, state, iss), extra)| {
        IdTokenResponse { id_token, expires_in, scope, state, iss, extra }
    })
}

/// An error answer.
pub fn error_response() -> impl Strategy<Value = ErrorResponse> {
    let optional =
        (option::of(error_description()), option::of(error_uri()), option::of(state()), option::of(issuer()));
    (error_code(), optional, extra()).prop_map(|(error, (description, uri, state, iss), extra)| {
        ErrorResponse { description, uri, state, iss, extra, ..ErrorResponse::new(error) }
    })
}

/// Any answer.
pub fn authorization_response() -> impl Strategy<Value = AuthorizationResponse> {
    prop_oneof![
        access_token_response().prop_map(AuthorizationResponse::AccessToken),
        id_token_response().prop_map(AuthorizationResponse::IdToken),
        error_response().prop_map(AuthorizationResponse::Error),
    ]
}

/// A request.
pub fn authorization_request() -> impl Strategy<Value = AuthorizationRequest> {
    let fields = (
        client_id(),
        option::of(redirect_uri()),
        response_type(),
        option::of(scope()),
        option::of(state()),
        option::of(nonce()),
        option::of(prompts()),
        option::of(display()),
    );
    let name = prop_oneof![4 => hostile_text(), 1 => Just("login_hint".to_owned()), 1 => Just("brand_id".to_owned())];
    let placeholder = "com.example.app:/cb";
    (fields, vec((name, hostile_text()), 0..4)).prop_filter_map("grammar", move |(fields, extras)| {
        let (client_id, redirect_uri, response_type, scope, state, nonce, prompt, display) = fields;
        let mut request = AuthorizationRequest::new(client_id, RedirectUri::new(placeholder).ok()?);
        request.redirect_uri = redirect_uri;
        request.response_type = response_type;
        request.scope = scope;
        request.state = state;
        request.nonce = nonce;
        request.prompt = prompt;
        request.display = display;
        for (name, value) in extras {
            // A reserved, repeated or empty name is refused, which is what `add_extra` is for.
            let _ = request.add_extra(name, value);
        }
        Some(request)
    })
}

/// A question out of [`Question::samples`].
pub fn question() -> impl Strategy<Value = Question> {
    select(Question::samples())
}

/// A redirect made of pieces that mean something: addresses, queries, routes of hash routers, known and unknown names
/// (escaped, repeated, in the wrong case), values that are right, wrong and malformed.
pub fn redirect_text() -> impl Strategy<Value = String> {
    let base = select(
        &[
            "",
            "",
            "https://app.example/cb",
            "https://app.example/cb",
            "https://evil.example/cb",
            "access_token=x",
        ][..],
    );
    let query = prop_oneof![
        8 => Just(String::new()),
        4 => Just("?keep=1".to_owned()),
        2 => form().prop_map(|form| format!("?keep=1&{form}")),
        1 => form().prop_map(|form| format!("?{form}")),
    ];
    let fragment = prop_oneof![
        10 => form().prop_map(|form| format!("#{form}")),
        3 => (route(), form()).prop_map(|(route, form)| format!("#{route}{form}")),
        1 => Just("#".to_owned()),
        2 => Just(String::new()),
    ];
    (base, query, fragment).prop_map(|(base, query, fragment)| format!("{base}{query}{fragment}"))
}

fn route() -> impl Strategy<Value = &'static str> {
    select(&["/", "/cb?", "/a/b;c=d?", "/a b?", "/cb", "/a#b?", "&", "_=_&", "?", "/x?y?"][..])
}

/// A form, sound and complete more often than not, so that the later judgements have something to judge.
fn form() -> impl Strategy<Value = String> {
    let sound = select(
        &[
            "access_token=2YotnFZFEjr1zCsicMWpAA&token_type=bearer&state=xyz",
            "expires_in=3600&state=xyz&token_type=Bearer&access_token=2YotnFZFEjr1zCsicMWpAA&iss=https://as.example",
            "id_token=eyJh.eyJz.c2ln&state=xyz",
            "id_token=eyJh.eyJz.c2ln&access_token=a+%2B/=&token_type=bearer&state=xyz&scope=read+write",
            "access_token=2YotnFZFEjr1zCsicMWpAA&token_type=bearer",
            "error=access_denied&state=xyz&iss=https%3A%2F%2Fas.example",
            "error=access_denied&error_description=no+way&state=xyz",
        ][..],
    );
    let last = select(
        &[
            "access_token=a%0Ab&token_type=bearer&state=xyz",
            "access_token=2YotnFZFEjr1zCsicMWpAA&token_type=bearer&state=xyz&scope=a%22",
            "id_token=a%0Ab&state=xyz",
            "error=a%22b&state=xyz",
        ][..],
    );
    let sound = prop_oneof![8 => sound, 1 => last];
    let some = (select(names()), select(&VALUES[..])).prop_map(|(name, value)| format!("{name}={value}"));
    // Changes little about the answer.
    let likely = select(
        &[
            "",
            "foo=1",
            "endpoint_id=1",
            "scope=read",
            "expires_in=0",
            "code=c",
            "refresh_token=r",
            "state=",
            "x",
        ][..],
    )
    .prop_map(ToOwned::to_owned);
    let junk =
        prop_oneof![Just(String::new()), Just("=".to_owned()), Just("novalue".to_owned()), hostile_text()];
    let piece = prop_oneof![6 => likely, 4 => some, 1 => junk];
    (option::weighted(0.8, sound), vec(piece, 0..4), any::<bool>()).prop_map(
        |(sound, mut pieces, is_first)| {
            if let Some(sound) = sound {
                pieces.insert(if is_first { 0 } else { pieces.len() }, sound.to_owned());
            }
            pieces.join("&")
        },
    )
}

/// The protocol's names from the table, and others that look like them or mean something elsewhere.
fn names() -> Vec<&'static str> {
    let known = ResponseParameter::ALL.iter().map(|parameter| parameter.name());
    let others = [
        "st%61te",
        "access%5Ftoken",
        "Access_Token",
        "error[]",
        "endpoint_id",
        "__proto__",
        "foo",
        "",
        "%FF",
        "b ar",
        "%2",
    ];
    known.chain(others).collect()
}

const VALUES: [&str; 31] = [
    "",
    "xyz",
    "xYz",
    "bearer",
    "BEARER",
    "mac",
    "3600",
    "0",
    "-1",
    "18446744073709551616",
    "read+write",
    "read%20%20write",
    "read write",
    "https://as.example",
    "https://as.example/",
    "https%3A%2F%2Fas.example",
    "access_denied",
    "a%22b",
    "a=b=",
    "a+b",
    "a%2Bb",
    "a%26b",
    "%",
    "%zz",
    "%FF",
    "%C3%A9",
    "é",
    "a#b",
    "%00",
    "\u{7f}",
    "2YotnFZFEjr1zCsicMWpAA",
];
