//! The token of a call: where it is, and whether there is one at all.

use alloc::borrow::Cow;
use core::fmt;

use super::policy::Policy;
use super::refusal::{Refusal, RefusalReason};
use crate::spec::ResponseParameter;
use crate::value::AccessToken;
use crate::wire::bearer::{self, InvalidCredentials};
use crate::wire::form;

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

/// Finds the token of a call.
///
/// # Errors
/// [`Refusal`] when there is none (401, without an error code), more than one, one that was sent in a way that is not
/// taken, or nothing where one should be (400, `invalid_request`), or when it is malformed (401, `invalid_token`).
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
        Sent::Token(token) => AccessToken::new(token).map_err(|_| refuse(RefusalReason::MalformedToken))?,
        // A client that knows no other scheme is not told of an error (RFC 6750 section 3.1).
        Sent::OtherScheme => return Err(refuse(RefusalReason::NoToken)),
        Sent::Malformed(reason) => return Err(refuse(reason)),
    };
    Ok(Presented { token, method })
}

/// What stands where a token could.
enum Sent<'a> {
    Token(Cow<'a, str>),
    OtherScheme,
    Malformed(RefusalReason),
}

/// Every token of a call, and everything that stands where one could: two are two, even if they are equal or one is
/// empty, as another server on the way may have believed the other one.
fn tokens_of_call<'a>(call: &Call<'a>) -> impl Iterator<Item = (Method, Sent<'a>)> + use<'a> {
    let headers = call.authorization.iter().map(|value| {
        let sent = match bearer::token(value) {
            Ok(token) => Sent::Token(token.into()),
            Err(InvalidCredentials::OtherScheme) => Sent::OtherScheme,
            // req: RFC6750-3.1-2
            Err(InvalidCredentials::Token) => Sent::Malformed(RefusalReason::MalformedToken),
            Err(_) => Sent::Malformed(RefusalReason::MalformedRequest),
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
        Ok(pair) if !pair.name.is(NAME) => None,
        Ok(pair) => Some(match pair.value.decode() {
            none if none.is_empty() => Sent::Malformed(RefusalReason::MalformedRequest),
            token => Sent::Token(token),
        }),
        Err(bad) => {
            let is_ours = bad.name.is_some_and(|name| name.is(NAME));
            is_ours.then_some(Sent::Malformed(RefusalReason::MalformedRequest))
        }
    })
}

#[cfg(test)]
mod tests {
    use alloc::format;
    use alloc::string::{String, ToString};
    use alloc::vec::Vec;

    use super::*;
    use crate::message::Realm;

    fn policy() -> Policy {
        Policy::new(Realm::new("api").unwrap())
    }

    /// The token and how it came, or the status and the challenge.
    fn shape(call: Call<'_>, policy: &Policy) -> String {
        match credentials(&call, policy) {
            Ok(presented) => format!("{:?} {}", presented.method, presented.token.reveal_secret()),
            Err(refusal) => format!("{} {}", refusal.status(), refusal.challenge().to_header_value()),
        }
    }

    const MALFORMED_TOKEN: &str =
        r#"401 Bearer realm="api", error="invalid_token", error_description="the token is malformed""#;

    fn invalid_request(words: &str) -> String {
        format!(r#"400 Bearer realm="api", error="invalid_request", error_description="{words}""#)
    }

    #[test]
    // req(test): RFC6750-2.1-2, RFC6750-3-1, RFC6750-3.1-1, RFC6750-3.1-2, RFC6750-3.1-4, RFC6750-2-1, RFC6750-2.2-4
    fn where_the_token_is_and_what_is_said_if_it_is_not() {
        let bare = r#"401 Bearer realm="api""#.to_string();
        let nothing = invalid_request("the request is malformed where its token should be");
        let several = invalid_request("more than one token was sent");
        let not_taken = invalid_request("the token was sent in a way that is not taken here");
        for (authorization, query, form, expected) in [
            (&[][..], None, None, &bare),
            (&[], Some("a=1&b=%"), Some("%=access_token"), &bare),
            (&["Basic dTpw"], None, None, &bare),
            (&["Bearer t"], None, None, &"Header t".to_string()),
            (&["bEARER t"], Some("token=1"), Some("Access_Token=1"), &"Header t".to_string()),
            (&["Bearer"], None, None, &nothing),
            (&["Bearer  "], None, None, &nothing),
            (&[""], None, None, &nothing),
            (&["Bearer a b"], None, None, &MALFORMED_TOKEN.to_string()),
            (&["Bearer a, Bearer b"], None, None, &MALFORMED_TOKEN.to_string()),
            (&["Bearer =a"], None, None, &MALFORMED_TOKEN.to_string()),
            (&["Bearer \"a\""], None, None, &MALFORMED_TOKEN.to_string()),
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
        let no_text = Call { authorization: &[b"Bearer \xff"], ..Call::default() };
        assert_eq!(shape(no_text, &policy()), MALFORMED_TOKEN);
    }

    #[test]
    fn other_methods_are_taken_where_a_setting_says_so() {
        let lenient = Policy { accepts_form_tokens: true, dangerous_query_tokens: true, ..policy() };
        let query = |query| Call { query: Some(query), ..Call::default() };
        assert_eq!(shape(query("x=1&access_token=a%2Bb"), &lenient), "Query a+b");
        for nothing in ["access_token=", "access_token", "access_token=%", "access_token=%FF"] {
            let words = "the request is malformed where its token should be";
            assert_eq!(shape(query(nothing), &lenient), invalid_request(words), "{nothing}");
        }
        for malformed in ["access_token=%C3%A9", "access_token=%0A"] {
            assert_eq!(shape(query(malformed), &lenient), MALFORMED_TOKEN, "{malformed}");
        }
        let form = Call { form: Some("access_token=t"), ..Call::default() };
        assert_eq!(shape(form, &lenient), "Form t");
        let several = invalid_request("more than one token was sent");
        assert_eq!(shape(query("access_token=a&access_token=b"), &lenient), several);
        assert_eq!(shape(Call { authorization: &[b"Bearer a"], ..form }, &lenient), several);
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
}
