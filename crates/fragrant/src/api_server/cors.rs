//! Which pages of other origins may call the API (CORS).

use alloc::borrow::Cow;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

use crate::grammar::TCHAR;
use crate::value::Origin;

/// Which pages of other origins may call the API, and how (the CORS protocol of the Fetch standard). An application
/// registers the origins of its pages; calls from others are answered as if there were no browser.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub struct CorsPolicy {
    /// The registered origins.
    pub origins: Vec<Origin>,
    /// The methods that a page may use.
    pub methods: Vec<Cow<'static, str>>,
    /// The request headers that a page may set; `Authorization` has to be named like any other.
    pub headers: Vec<Cow<'static, str>>,
    /// Whether a page may set any other header, too. Clients name themselves and their version in headers of their own, and
    /// one that is not allowed keeps the whole call from being made.
    pub any_header: bool,
    /// Whether a page may make a call that its browser sends cookies with. Some clients ask for that with every call, and get
    /// no answer where it is not allowed. An API that looks at the token alone gives nothing away by it; one that reads
    /// cookies lets every registered page act as whoever is logged in.
    pub credentials: bool,
    /// How long a browser may remember the answer to a preflight, in **seconds**.
    pub max_age: u32,
}

impl CorsPolicy {
    /// Lets these origins read and write with a token: `GET`, `POST`, `PUT`, `PATCH`, `DELETE` and the headers
    /// `Authorization` and `Content-Type`, and no others, without cookies.
    pub fn new(origins: impl IntoIterator<Item = Origin>) -> Self {
        Self {
            origins: origins.into_iter().collect(),
            methods: ["GET", "POST", "PUT", "PATCH", "DELETE"].map(Cow::Borrowed).into(),
            headers: vec!["Authorization".into(), "Content-Type".into()],
            any_header: false,
            credentials: false,
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
    /// The `Access-Control-Request-Headers` header.
    pub requested_headers: Option<&'a str>,
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

/// Decides what a page of another origin may see. Origins are compared as a whole, `null` is nobody's, and `*` is never
/// written: where there may be credentials a browser takes it for a name.
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
        if policy.credentials {
            headers.push(("access-control-allow-credentials", "true".to_string()));
        }
        if is_preflight {
            headers.push(("access-control-allow-methods", policy.methods.join(", ")));
            headers.push(("access-control-allow-headers", allowed_headers(call, policy)));
            headers.push(("access-control-max-age", policy.max_age.to_string()));
        } else {
            headers.push(("access-control-expose-headers", "WWW-Authenticate".to_string()));
        }
    }
    Cors { is_preflight, is_allowed: origin.is_some(), headers }
}

/// The headers that the policy names, and those that the page asks for if it may have any.
fn allowed_headers(call: &CrossOrigin<'_>, policy: &CorsPolicy) -> String {
    let mut allowed: Vec<&str> = policy.headers.iter().map(|name| &**name).collect();
    let requested = call.requested_headers.filter(|_| policy.any_header).unwrap_or_default();
    for name in requested.split(',').map(str::trim) {
        let is_new = allowed.iter().all(|own| !own.eq_ignore_ascii_case(name));
        // What is no name is not written back.
        if is_new && TCHAR.is_one_or_more(name.as_bytes()) {
            allowed.push(name);
        }
    }
    allowed.join(", ")
}

#[cfg(test)]
mod tests {
    use alloc::format;

    use super::*;

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
    // req(test): BBA-Cross_origin_requests-1
    fn a_policy_may_let_a_page_set_its_own_headers_and_have_cookies_sent() {
        let mut policy = CorsPolicy::new([Origin::new("https://app.example").unwrap()]);
        let call = CrossOrigin {
            origin: Some("https://app.example"),
            is_options: true,
            requested_method: Some("GET"),
            requested_headers: Some("authorization, client-id,x-user-agent,client-id,*,,a b,x\u{e9}"),
        };
        let strict = lines(&cors(&call, &policy));
        assert!(strict.contains("access-control-allow-headers: Authorization, Content-Type\n"));
        assert!(!strict.contains("credentials"));
        (policy.any_header, policy.credentials) = (true, true);
        // `*` is a name like any other beside credentials.
        assert_eq!(
            lines(&cors(&call, &policy)),
            "vary: origin, access-control-request-method, access-control-request-headers\n\
             access-control-allow-origin: https://app.example\n\
             access-control-allow-credentials: true\n\
             access-control-allow-methods: GET, POST, PUT, PATCH, DELETE\n\
             access-control-allow-headers: Authorization, Content-Type, client-id, x-user-agent, *\n\
             access-control-max-age: 600\n"
        );
        let answer = cors(&CrossOrigin { is_options: false, requested_method: None, ..call }, &policy);
        assert_eq!(
            lines(&answer),
            "vary: origin\n\
             access-control-allow-origin: https://app.example\n\
             access-control-allow-credentials: true\n\
             access-control-expose-headers: WWW-Authenticate\n"
        );
        // And nobody else gets any of it.
        let answer = cors(&CrossOrigin { origin: Some("https://evil.example"), ..call }, &policy);
        assert_eq!(answer.headers.len(), 1);
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
        let options =
            CrossOrigin { is_options: true, requested_method: Some("GET"), ..CrossOrigin::default() };
        assert!(!cors(&options, &policy).is_preflight);
    }
}
