//! HTTP as all three servers need it: connections with limits, forms and cookies in, pages and redirects out.

pub(crate) mod connection;
mod cookie;
mod cors;
mod form;
pub(crate) mod guard;
mod html;
mod response;

pub(crate) use cookie::Cookie;
pub(crate) use cors::{cross_origin, with_cors};
pub(crate) use form::Form;
pub(crate) use html::{Escaped, Page};
pub(crate) use response::{
    ICON, asset, empty, json, no_icon, problem, redirect, set_header, text, with_opener_policy,
};

use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::http::{HeaderMap, StatusCode, header};

/// The longest body that is read, in **bytes**.
pub(crate) const MAX_BODY: usize = 64 * 1024;
/// How long a body may take, in **seconds**.
const BODY_TIMEOUT: Duration = Duration::from_secs(10);

/// Reads a body.
///
/// `Err` is the status to refuse it with: too long, too slow or broken off.
pub(crate) async fn read_body(body: Body) -> Result<Bytes, StatusCode> {
    match tokio::time::timeout(BODY_TIMEOUT, to_bytes(body, MAX_BODY)).await {
        Ok(Ok(bytes)) => Ok(bytes),
        // The other cause is a caller that has gone, who reads no status.
        Ok(Err(_)) => Err(StatusCode::PAYLOAD_TOO_LARGE),
        Err(_) => Err(StatusCode::REQUEST_TIMEOUT),
    }
}

/// The body of a request that has passed [`guard`], which has read it.
pub(crate) async fn whole_body(body: Body) -> Bytes {
    to_bytes(body, MAX_BODY).await.unwrap_or_default()
}

/// Whether a browser says that a frame, or what serves as one, is to show the answer. Other programs say nothing.
pub(crate) fn is_for_frame(headers: &HeaderMap) -> bool {
    let mut destinations = headers.get_all("sec-fetch-dest").iter();
    destinations
        .any(|value| matches!(value.as_bytes(), b"embed" | b"fencedframe" | b"frame" | b"iframe" | b"object"))
}

/// Whether the body is a form.
pub(crate) fn is_form(headers: &HeaderMap) -> bool {
    is_content_type(headers, "application/x-www-form-urlencoded")
}

/// Whether the body is of this type, whatever parameters the type has.
pub(crate) fn is_content_type(headers: &HeaderMap, expected: &str) -> bool {
    header_text(headers, header::CONTENT_TYPE)
        .and_then(|value| value.split(';').next())
        .is_some_and(|essence| essence.trim().eq_ignore_ascii_case(expected))
}

/// The value of a header that occurs once and is printable.
pub(crate) fn header_text(headers: &HeaderMap, name: impl header::AsHeaderName) -> Option<&str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?;
    values.next().is_none().then(|| value.to_str().ok()).flatten()
}

/// Whether a browser says that a page of somebody else's sent this. Other programs say nothing.
///
/// A page that sends no referrer sends `Origin: null` with its own forms too, so that says nothing either.
// req: RFC6749-10.12-5
pub(crate) fn is_from_elsewhere(headers: &HeaderMap, own_origin: &str) -> bool {
    let is_foreign_site = headers
        .get_all("sec-fetch-site")
        .iter()
        .any(|value| !matches!(value.as_bytes(), b"same-origin" | b"none"));
    let is_foreign_origin = headers
        .get_all(header::ORIGIN)
        .iter()
        .any(|value| value != "null" && value.as_bytes() != own_origin.as_bytes());
    is_foreign_site || is_foreign_origin
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, HeaderValue};

    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let pair = |(name, value): &(&'static str, &'static str)| {
            (HeaderName::from_static(name), HeaderValue::from_static(value))
        };
        let mut headers = HeaderMap::new();
        for (name, value) in pairs.iter().map(pair) {
            headers.append(name, value);
        }
        headers
    }

    #[test]
    // req(test): RFC6749-10.12-5
    fn a_browser_tells_where_a_form_comes_from() {
        let own = "http://127.0.0.1:8080";
        for ours in [
            &[][..],
            &[("origin", "null")],
            &[("origin", own)],
            &[("sec-fetch-site", "same-origin"), ("origin", "null")],
            &[("sec-fetch-site", "none")],
        ] {
            assert!(!is_from_elsewhere(&headers(ours), own), "{ours:?}");
        }
        for elsewhere in [
            // Another port of this machine is the same site.
            &[("sec-fetch-site", "same-site")][..],
            &[("sec-fetch-site", "cross-site"), ("origin", "null")],
            &[("origin", "http://127.0.0.1:8081")],
            &[("origin", "https://evil.example")],
            &[("origin", own), ("origin", "https://evil.example")],
        ] {
            assert!(is_from_elsewhere(&headers(elsewhere), own), "{elsewhere:?}");
        }
    }

    #[test]
    fn a_browser_tells_of_a_frame() {
        for destination in ["embed", "fencedframe", "frame", "iframe", "object"] {
            assert!(is_for_frame(&headers(&[("sec-fetch-dest", destination)])), "{destination}");
        }
        for other in [&[][..], &[("sec-fetch-dest", "document")], &[("sec-fetch-dest", "empty")]] {
            assert!(!is_for_frame(&headers(other)), "{other:?}");
        }
    }

    #[test]
    fn a_type_is_known_by_its_essence() {
        let form = |value| is_form(&headers(&[("content-type", value)]));
        assert!(form("application/x-www-form-urlencoded"));
        assert!(form("Application/X-WWW-Form-Urlencoded ; charset=UTF-8"));
        assert!(!form("application/x-www-form-urlencodedx"));
        assert!(!form("text/plain"));
        assert!(!is_form(&HeaderMap::new()));
        let twice = headers(&[("content-type", "text/plain"), ("content-type", "text/plain")]);
        assert!(!is_content_type(&twice, "text/plain"));
    }
}
