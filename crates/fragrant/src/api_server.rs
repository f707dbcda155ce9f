//! The API server (the RFC's *resource server*): who is let in, and what the others are told (RFC 6750), without any
//! I/O.
//!
//! A call is judged in two steps, because the token has to be looked up in between:
//!
//! ```text
//!  Call --credentials--> Presented --(look the token up)--> judge --> let in
//!             |                                               |
//!             +-----------------> Refusal <-------------------+
//! ```
//!
//! ```
//! use fragrant::api_server::{Call, Policy, TokenRecord, credentials, judge};
//! use fragrant::message::Realm;
//! use fragrant::value::{Expiry, Scope, Timestamp};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let policy = Policy::new(Realm::new("phone")?);
//! let call = Call { authorization: &[b"Bearer 2YotnFZFEjr1zCsicMWpAA"], ..Call::default() };
//! let presented = credentials(&call, &policy)?;
//!
//! let now = Timestamp::from_unix_seconds(1_760_000_000);
//! let mut record = TokenRecord::new(Expiry::at(now.saturating_add(3600)));
//! record.scope = Some(Scope::new("Contacts")?);
//! assert_eq!(presented.token.reveal_secret(), "2YotnFZFEjr1zCsicMWpAA"); // look it up
//! assert!(judge(Some(&record), Some(&Scope::new("Contacts")?), now, &policy).is_ok());
//!
//! let refusal = judge(Some(&record), Some(&Scope::new("ReadCallLog")?), now, &policy).unwrap_err();
//! assert_eq!(refusal.status(), 403);
//! assert_eq!(
//!     refusal.challenge().to_header_value(),
//!     r#"Bearer realm="phone", scope="ReadCallLog", error="insufficient_scope", error_description="the token does not reach that far""#
//! );
//! # Ok(())
//! # }
//! ```

use alloc::borrow::Cow;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;
use core::fmt;

use thiserror::Error;

use crate::message::{BearerChallenge, ErrorDescription, Realm};
use crate::spec::ResponseParameter;
use crate::value::{AccessToken, ErrorCode, Expiry, Origin, Scope, Timestamp};
use crate::wire::bearer::{self, InvalidCredentials};
use crate::wire::form;

/// The settings of an API server. The default is strict.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Policy {
    /// What its challenges call it.
    pub realm: Realm,
    /// Which API server this is. A token that was issued for certain API servers is refused by all others, and so by
    /// one that does not know its own name (RFC 9700 section 2.3).
    pub audience: Option<Origin>,
    /// Takes a token from a form body too (RFC 6750 section 2.2), which no client should need.
    pub accepts_form_tokens: bool,
    /// Takes a token from the query of the address too (RFC 6750 section 2.3).
    ///
    /// **What it gives away.** Addresses end up in logs, histories and `Referer` headers, and the token with them.
    pub dangerous_query_tokens: bool,
}

impl Policy {
    /// The strict settings: a token comes in the `Authorization` header or not at all.
    pub const fn new(realm: Realm) -> Self {
        Self { realm, audience: None, accepts_form_tokens: false, dangerous_query_tokens: false }
    }
}

/// What an API call brings, as far as the token is concerned. Holds the token, so `Debug` shows nothing.
#[derive(Clone, Copy, Default)]
#[allow(clippy::exhaustive_structs)] // complete: the three places of RFC 6750 section 2
pub struct Call<'a> {
    /// The values of its `Authorization` headers: one, if all is well.
    pub authorization: &'a [&'a [u8]],
    /// The query of its address, without the `?`.
    pub query: Option<&'a str>,
    /// Its body, if that is a form (`application/x-www-form-urlencoded`).
    pub form: Option<&'a str>,
}

impl fmt::Debug for Call<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Call(redacted)")
    }
}

/// How a token was sent (RFC 6750 section 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(clippy::exhaustive_enums)] // complete: those of RFC 6750, in its order
pub enum Method {
    /// In the `Authorization` header.
    Header,
    /// In a form body.
    Form,
    /// In the query of the address. Answer a success with `Cache-Control: private` (RFC 6750 section 2.3).
    Query,
}

/// A token that was presented and not yet judged.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Presented {
    /// The token, to be looked up.
    pub token: AccessToken,
    /// How it came.
    pub method: Method,
}

/// What the API server knows of a token.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub struct TokenRecord {
    /// When it ends.
    pub expiry: Expiry,
    /// What it may be used for; absent for a token without scopes.
    pub scope: Option<Scope>,
    /// Which API server it is for; absent for a token that is for all of them.
    pub audience: Option<Origin>,
    /// Whether it was taken back.
    pub is_revoked: bool,
}

impl TokenRecord {
    /// A token that ends at this moment, without scopes and for every API server.
    pub const fn new(expiry: Expiry) -> Self {
        Self { expiry, scope: None, audience: None, is_revoked: false }
    }
}

/// A call that is not let in: the status, and the challenge that the `WWW-Authenticate` header holds.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Error)]
#[error("{reason}")]
pub struct Refusal {
    reason: RefusalReason,
    realm: Realm,
    required: Option<Scope>,
}

/// Why a call is not let in: for the server's own log. The caller learns less, so that nobody can find out which tokens
/// exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Error)]
#[non_exhaustive]
pub enum RefusalReason {
    /// The token's time is over.
    #[error("the token has expired")]
    Expired,
    /// The token, or what should have been one, is not well formed.
    #[error("the token is malformed")]
    Malformed,
    /// The token came in a way that this server does not take.
    #[error("the token was sent in a way that is not taken here")]
    MethodNotTaken,
    /// No token, or one for another scheme of authentication.
    #[error("no token was sent")]
    NoToken,
    /// The token is for another API server.
    #[error("the token is for another API server")]
    OtherAudience,
    /// The token was taken back.
    #[error("the token was revoked")]
    Revoked,
    /// More than one token, or one sent more than once.
    #[error("more than one token was sent")]
    Several,
    /// The token does not reach that far.
    #[error("the token does not reach that far")]
    TooLittleScope,
    /// Nobody issued this token.
    #[error("no such token was issued")]
    Unknown,
}

impl Refusal {
    /// The HTTP status.
    // req: RFC6750-3.1-1, RFC6750-3.1-2, RFC6750-3.1-3
    pub const fn status(&self) -> u16 {
        use RefusalReason::{Malformed, MethodNotTaken, Several, TooLittleScope};
        match self.reason {
            Malformed | MethodNotTaken | Several => 400,
            TooLittleScope => 403,
            _ => 401,
        }
    }

    /// The challenge. It tells less than the reason: not whether the token was ever issued.
    // req: RFC6750-3-1, RFC6750-3-4, RFC6749-7.2-1
    pub fn challenge(&self) -> BearerChallenge {
        let mut challenge = BearerChallenge::new(self.realm.clone());
        challenge.scope.clone_from(&self.required);
        challenge.error = self.error();
        let words = match (self.status(), &challenge.error) {
            (_, None) => return challenge,
            (401, Some(_)) => "the token is expired, revoked or unknown".to_string(),
            (_, Some(_)) => self.reason.to_string(),
        };
        challenge.error_description = ErrorDescription::new(words).ok();
        challenge
    }

    /// Why, for the server's own log.
    pub const fn reason(&self) -> RefusalReason {
        self.reason
    }

    fn error(&self) -> Option<ErrorCode> {
        match (self.reason, self.status()) {
            // req: RFC6750-3.1-4
            (RefusalReason::NoToken, _) => None,
            (_, 400) => Some(ErrorCode::INVALID_REQUEST),
            (_, 403) => Some(ErrorCode::INSUFFICIENT_SCOPE),
            _ => Some(ErrorCode::INVALID_TOKEN),
        }
    }

    fn new(reason: RefusalReason, policy: &Policy) -> Self {
        Self { reason, realm: policy.realm.clone(), required: None }
    }
}

/// Finds the token of a call.
///
/// # Errors
/// [`Refusal`] when there is none (401, without an error code), more than one, one that was sent in a way that is not
/// taken, or one that is malformed (400).
// req: RFC6750-2.1-2, RFC6750-2.2-4
pub fn credentials(call: &Call<'_>, policy: &Policy) -> Result<Presented, Refusal> {
    let refuse = |reason| Refusal::new(reason, policy);
    let mut sent = tokens_of_call(call);
    let (method, token) = match (sent.next(), sent.next()) {
        (None, _) => return Err(refuse(RefusalReason::NoToken)),
        (Some(_), Some(_)) => return Err(refuse(RefusalReason::Several)),
        (Some(only), None) => only,
    };
    let is_taken = match method {
        Method::Header => true,
        Method::Form => policy.accepts_form_tokens,
        Method::Query => policy.dangerous_query_tokens,
    };
    if !is_taken {
        return Err(refuse(RefusalReason::MethodNotTaken));
    }
    let token = match token {
        Sent::Token(token) => AccessToken::new(token).map_err(|_| refuse(RefusalReason::Malformed))?,
        // A client that knows no other scheme is not told of an error (RFC 6750 section 3.1).
        Sent::OtherScheme => return Err(refuse(RefusalReason::NoToken)),
        Sent::Malformed => return Err(refuse(RefusalReason::Malformed)),
    };
    Ok(Presented { token, method })
}

/// Judges what is known of the presented token; `None` if no such token was issued. `required` is what the call needs.
///
/// # Errors
/// [`Refusal`] when the token is unknown, ended, revoked or for another API server (401), or does not reach that far
/// (403).
// req: RFC6749-7-1
pub fn judge(
    record: Option<&TokenRecord>,
    required: Option<&Scope>,
    now: Timestamp,
    policy: &Policy,
) -> Result<(), Refusal> {
    let refuse = |reason| Err(Refusal::new(reason, policy));
    let Some(record) = record else { return refuse(RefusalReason::Unknown) };
    if record.is_revoked {
        return refuse(RefusalReason::Revoked);
    }
    if record.expiry.is_past(now) {
        return refuse(RefusalReason::Expired);
    }
    // req: RFC9700-2.3-2
    if record.audience.is_some() && record.audience != policy.audience {
        return refuse(RefusalReason::OtherAudience);
    }
    let Some(required) = required else { return Ok(()) };
    if record.scope.as_ref().is_some_and(|scope| scope.covers(required)) {
        return Ok(());
    }
    Err(Refusal { required: Some(required.clone()), ..Refusal::new(RefusalReason::TooLittleScope, policy) })
}

/// What stands where a token could.
enum Sent<'a> {
    Token(Cow<'a, str>),
    OtherScheme,
    Malformed,
}

/// Every token of a call, and everything that stands where one could: two are two, even if they are equal or one is
/// empty, as another server on the way may have believed the other one.
fn tokens_of_call<'a>(call: &Call<'a>) -> impl Iterator<Item = (Method, Sent<'a>)> + use<'a> {
    let headers = call.authorization.iter().map(|value| {
        let sent = match bearer::token(value) {
            Ok(token) => Sent::Token(token.into()),
            Err(InvalidCredentials::OtherScheme) => Sent::OtherScheme,
            Err(_) => Sent::Malformed,
        };
        (Method::Header, sent)
    });
    let forms = tokens_of_form(call.form).map(|sent| (Method::Form, sent));
    let queries = tokens_of_form(call.query).map(|sent| (Method::Query, sent));
    headers.chain(forms).chain(queries)
}

/// The tokens in a form. Whatever else is in it is the API's own affair.
fn tokens_of_form(text: Option<&str>) -> impl Iterator<Item = Sent<'_>> {
    const NAME: &str = ResponseParameter::AccessToken.name();
    text.into_iter().flat_map(|text| form::pairs(text, 0)).filter_map(|pair| match pair {
        Ok(pair) => (pair.name.decode() == NAME).then(|| Sent::Token(pair.value.decode())),
        Err(bad) => (bad.name.as_deref() == Some(NAME)).then_some(Sent::Malformed),
    })
}

/// Which pages of other origins may call the API, and how (the CORS protocol of the Fetch standard). Both seeds'
/// providers let an application register its origins; others are answered as if there were no browser.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub struct CorsPolicy {
    /// The registered origins.
    pub origins: Vec<Origin>,
    /// The methods that a page may use.
    pub methods: Vec<Cow<'static, str>>,
    /// The request headers that a page may set; `Authorization` has to be named like any other.
    pub headers: Vec<Cow<'static, str>>,
    /// How long a browser may remember the answer to a preflight, in **seconds**.
    pub max_age: u32,
}

impl CorsPolicy {
    /// Lets these origins read and write with a token: `GET`, `POST`, `PUT`, `PATCH`, `DELETE` and the headers
    /// `Authorization` and `Content-Type`.
    pub fn new(origins: impl IntoIterator<Item = Origin>) -> Self {
        Self {
            origins: origins.into_iter().collect(),
            methods: ["GET", "POST", "PUT", "PATCH", "DELETE"].map(Cow::Borrowed).into(),
            headers: vec!["Authorization".into(), "Content-Type".into()],
            max_age: 600,
        }
    }
}

/// What a call says of the page that it comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs)] // complete: what the CORS protocol looks at
pub struct CrossOrigin<'a> {
    /// The `Origin` header.
    pub origin: Option<&'a str>,
    /// Whether the method is `OPTIONS`.
    pub is_options: bool,
    /// The `Access-Control-Request-Method` header.
    pub requested_method: Option<&'a str>,
}

/// What the CORS protocol adds to the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Cors {
    /// Whether the call is a preflight, to be answered at once with status 204 and these headers, without looking for a
    /// token: a browser sends none along.
    pub is_preflight: bool,
    /// Whether the page's origin is registered. The call is answered either way; a browser keeps the answer from a page
    /// whose origin is not.
    pub is_allowed: bool,
    /// The headers, names in lower case. Errors carry them too, or the page could not read its challenge.
    pub headers: Vec<(&'static str, String)>,
}

/// Decides what a page of another origin may see. Origins are compared as a whole, `null` is nobody's, and neither `*`
/// nor credentials are ever allowed: the token is in a header, cookies have no part in it.
// req: BBA-Cross_origin_requests-1
pub fn cors(call: &CrossOrigin<'_>, policy: &CorsPolicy) -> Cors {
    let is_preflight = call.is_options && call.origin.is_some() && call.requested_method.is_some();
    let origin = call.origin.and_then(|text| policy.origins.iter().find(|origin| origin.as_str() == text));
    // A cache must not give one page the answer that was made for another.
    let vary = match is_preflight {
        true => "origin, access-control-request-method, access-control-request-headers",
        false => "origin",
    };
    let mut headers = vec![("vary", vary.to_string())];
    if let Some(origin) = origin {
        headers.push(("access-control-allow-origin", origin.to_string()));
        if is_preflight {
            headers.push(("access-control-allow-methods", policy.methods.join(", ")));
            headers.push(("access-control-allow-headers", policy.headers.join(", ")));
            headers.push(("access-control-max-age", policy.max_age.to_string()));
        } else {
            headers.push(("access-control-expose-headers", "WWW-Authenticate".to_string()));
        }
    }
    Cors { is_preflight, is_allowed: origin.is_some(), headers }
}

#[cfg(test)]
mod tests {
    use alloc::format;

    use super::*;

    const NOW: Timestamp = Timestamp::from_unix_seconds(1_000);

    fn policy() -> Policy {
        Policy::new(Realm::new("api").unwrap())
    }

    fn scope(text: &str) -> Scope {
        Scope::new(text).unwrap()
    }

    /// The token and how it came, or the status and the challenge.
    fn shape(call: Call<'_>, policy: &Policy) -> String {
        match credentials(&call, policy) {
            Ok(presented) => format!("{:?} {}", presented.method, presented.token.reveal_secret()),
            Err(refusal) => format!("{} {}", refusal.status(), refusal.challenge().to_header_value()),
        }
    }

    fn invalid_request(words: &str) -> String {
        format!(r#"400 Bearer realm="api", error="invalid_request", error_description="{words}""#)
    }

    #[test]
    // req(test): RFC6750-2.1-2, RFC6750-3-1, RFC6750-3.1-1, RFC6750-3.1-4, RFC6750-2-1
    fn where_the_token_is_and_what_is_said_if_it_is_not() {
        let bare = r#"401 Bearer realm="api""#.to_string();
        let malformed = invalid_request("the token is malformed");
        let several = invalid_request("more than one token was sent");
        let not_taken = invalid_request("the token was sent in a way that is not taken here");
        for (authorization, query, form, expected) in [
            (&[][..], None, None, &bare),
            (&[], Some("a=1&b=%"), Some("%=access_token"), &bare),
            (&["Basic dTpw"], None, None, &bare),
            (&["Bearer t"], None, None, &"Header t".to_string()),
            (&["bEARER t"], Some("token=1"), Some("Access_Token=1"), &"Header t".to_string()),
            (&["Bearer"], None, None, &malformed),
            (&["Bearer a b"], None, None, &malformed),
            (&["Bearer a, Bearer b"], None, None, &malformed),
            (&[""], None, None, &malformed),
            (&["Bearer t", "Bearer t"], None, None, &several),
            (&["Bearer t", "Basic dTpw"], None, None, &several),
            (&["Bearer t"], Some("access_token=t"), None, &several),
            (&["Bearer t"], Some("access_token="), None, &several),
            (&["Bearer t"], Some("access_token=%"), None, &several),
            (&["Bearer t"], None, Some("a=b&%61ccess_token=t"), &several),
            (&["Basic dTpw"], Some("access_token=t"), None, &several),
            (&[], Some("access_token=t"), Some("access_token=t"), &several),
            (&[], Some("access_token=t&access_token=t"), None, &several),
            (&[], Some("access_token=t"), None, &not_taken),
            (&[], None, Some("access_token=t"), &not_taken),
        ] {
            let authorization: Vec<&[u8]> = authorization.iter().map(|value| value.as_bytes()).collect();
            let call = Call { authorization: &authorization, query, form };
            assert_eq!(shape(call, &policy()), *expected, "{authorization:?} {query:?} {form:?}");
        }
        assert_eq!(shape(Call { authorization: &[b"Bearer \xff"], ..Call::default() }, &policy()), malformed);
    }

    #[test]
    // req(test): RFC6750-2.2-4
    fn other_methods_are_taken_where_a_setting_says_so() {
        let lenient = Policy { accepts_form_tokens: true, dangerous_query_tokens: true, ..policy() };
        let query = |query| Call { query: Some(query), ..Call::default() };
        assert_eq!(shape(query("x=1&access_token=a%2Bb"), &lenient), "Query a+b");
        for malformed in
            ["access_token=", "access_token", "access_token=%C3%A9", "access_token=%0A", "access_token=%"]
        {
            assert_eq!(shape(query(malformed), &lenient), invalid_request("the token is malformed"));
        }
        let form = Call { form: Some("access_token=t"), ..Call::default() };
        assert_eq!(shape(form, &lenient), "Form t");
        let several = invalid_request("more than one token was sent");
        assert_eq!(shape(query("access_token=a&access_token=b"), &lenient), several);
        assert_eq!(shape(Call { authorization: &[b"Bearer a"], ..form }, &lenient), several);
    }

    #[test]
    // req(test): RFC6749-7-1, RFC6749-7.2-1, RFC6750-3-4, RFC6750-3.1-2, RFC6750-3.1-3, RFC9700-2.3-2
    fn who_is_let_in() {
        use RefusalReason::*;
        let origin = |text: &str| Origin::new(text).unwrap();
        let here = Policy { audience: Some(origin("https://api.example")), ..policy() };
        let record = TokenRecord {
            scope: Some(scope("a b")),
            ..TokenRecord::new(Expiry::at(Timestamp::from_unix_seconds(1_001)))
        };
        let ended = TokenRecord { expiry: Expiry::at(NOW), ..record.clone() };
        let revoked = TokenRecord { is_revoked: true, ..record.clone() };
        let plain = TokenRecord { scope: None, ..record.clone() };
        let ours = TokenRecord { audience: Some(origin("https://api.example")), ..record.clone() };
        let others = TokenRecord { audience: Some(origin("https://api.example:8443")), ..record.clone() };
        let invalid = r#"401 Bearer realm="api", error="invalid_token", error_description="the token is expired, revoked or unknown""#;
        for (record, required, policy, expected) in [
            (Some(&record), None, &policy(), Ok(())),
            (Some(&record), Some("b"), &policy(), Ok(())),
            (Some(&record), Some("b a"), &policy(), Ok(())),
            (Some(&plain), None, &policy(), Ok(())),
            (Some(&ours), None, &here, Ok(())),
            (Some(&record), None, &here, Ok(())),
            (None, None, &policy(), Err((Unknown, invalid))),
            (Some(&ended), Some("a"), &policy(), Err((Expired, invalid))),
            (Some(&revoked), Some("a"), &policy(), Err((Revoked, invalid))),
            (Some(&others), Some("a"), &here, Err((OtherAudience, invalid))),
            (Some(&ours), Some("a"), &policy(), Err((OtherAudience, invalid))),
            (
                Some(&record),
                Some("a c"),
                &policy(),
                Err((
                    TooLittleScope,
                    r#"403 Bearer realm="api", scope="a c", error="insufficient_scope", error_description="the token does not reach that far""#,
                )),
            ),
            (
                Some(&plain),
                Some("a"),
                &policy(),
                Err((
                    TooLittleScope,
                    r#"403 Bearer realm="api", scope="a", error="insufficient_scope", error_description="the token does not reach that far""#,
                )),
            ),
        ] {
            let judged = judge(record, required.map(scope).as_ref(), NOW, policy).map_err(|refusal| {
                let header = refusal.challenge().to_header_value();
                (refusal.reason(), format!("{} {header}", refusal.status()))
            });
            assert_eq!(judged, expected.map_err(|(reason, text)| (reason, text.to_string())));
        }
    }

    #[test]
    fn neither_calls_nor_refusals_show_the_token() {
        let call =
            Call { authorization: &[b"Bearer planted x"], query: Some("access_token=planted"), form: None };
        let refusal = credentials(&call, &policy()).unwrap_err();
        let presented =
            credentials(&Call { authorization: &[b"Bearer planted"], ..Call::default() }, &policy());
        for text in [format!("{call:?}"), format!("{refusal:?} {refusal}"), format!("{presented:?}")] {
            assert!(!text.contains("planted"), "{text}");
        }
    }

    #[test]
    fn each_reason_in_words() {
        use RefusalReason::*;
        for (reason, text) in [
            (Expired, "the token has expired"),
            (Malformed, "the token is malformed"),
            (MethodNotTaken, "the token was sent in a way that is not taken here"),
            (NoToken, "no token was sent"),
            (OtherAudience, "the token is for another API server"),
            (Revoked, "the token was revoked"),
            (Several, "more than one token was sent"),
            (TooLittleScope, "the token does not reach that far"),
            (Unknown, "no such token was issued"),
        ] {
            assert_eq!(Refusal::new(reason, &policy()).to_string(), text);
        }
    }

    /// The headers as lines.
    fn lines(cors: &Cors) -> String {
        cors.headers.iter().map(|(name, value)| format!("{name}: {value}\n")).collect()
    }

    #[test]
    // req(test): BBA-Cross_origin_requests-1
    fn pages_of_registered_origins_may_read_answers_and_challenges() {
        let policy = CorsPolicy::new([Origin::new("https://app.example").unwrap()]);
        let call = CrossOrigin { origin: Some("https://app.example"), ..CrossOrigin::default() };
        let answer = cors(&call, &policy);
        assert!(answer.is_allowed && !answer.is_preflight);
        assert_eq!(
            lines(&answer),
            "vary: origin\n\
             access-control-allow-origin: https://app.example\n\
             access-control-expose-headers: WWW-Authenticate\n"
        );
        let preflight =
            cors(&CrossOrigin { is_options: true, requested_method: Some("GET"), ..call }, &policy);
        assert!(preflight.is_allowed && preflight.is_preflight);
        assert_eq!(
            lines(&preflight),
            "vary: origin, access-control-request-method, access-control-request-headers\n\
             access-control-allow-origin: https://app.example\n\
             access-control-allow-methods: GET, POST, PUT, PATCH, DELETE\n\
             access-control-allow-headers: Authorization, Content-Type\n\
             access-control-max-age: 600\n"
        );
    }

    #[test]
    fn nobody_else_may() {
        let policy = CorsPolicy::new([Origin::new("https://app.example").unwrap()]);
        for origin in [
            None,
            Some("null"),
            Some("*"),
            Some(""),
            Some("http://app.example"),
            Some("https://app.example:8443"),
            Some("https://app.example/"),
            Some("https://APP.example"),
            Some("https://app.example.evil.example"),
            Some("https://app.example, https://evil.example"),
        ] {
            let answer = cors(&CrossOrigin { origin, ..CrossOrigin::default() }, &policy);
            assert!(!answer.is_allowed, "{origin:?}");
            assert_eq!(lines(&answer), "vary: origin\n", "{origin:?}");
        }
        // An OPTIONS call of a program is no preflight.
        let options = CrossOrigin { is_options: true, requested_method: Some("GET"), origin: None };
        assert!(!cors(&options, &policy).is_preflight);
    }
}
