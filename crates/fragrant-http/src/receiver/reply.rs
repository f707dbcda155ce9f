//! What the receiver answers, as bytes of HTTP.

use fragrant::client::Reason;
use fragrant::redirection;

use super::rules::Refusal;

/// An answer to a browser, or to whoever else has connected. `Connection: close` is in all of them: one connection, one
/// request.
pub(super) struct Reply {
    status: &'static str,
    /// The methods that there are, where the one that was asked for is none.
    allow: Option<&'static str>,
    content_type: Option<&'static str>,
    policy: String,
    body: String,
}

/// What stands in the place of the policy where no script runs.
const NO_SCRIPT: &str = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

impl Reply {
    /// A page with this content security policy.
    pub(super) fn page(html: String, policy: String) -> Self {
        Self { content_type: Some("text/html; charset=utf-8"), policy, body: html, ..Self::empty("200 OK") }
    }

    /// The address was taken, and the waiting is over.
    pub(super) fn taken() -> Self {
        Self::empty("204 No Content")
    }

    /// The address was looked at, and the waiting goes on. One that is more than the client reads has a status of its own, as the
    /// answer itself may be at fault.
    pub(super) fn not_believed(reason: Option<Reason>) -> Self {
        match reason {
            Some(Reason::TooLong | Reason::TooManyParameters) => Self::empty("413 Content Too Large"),
            _ => Self::empty("409 Conflict"),
        }
    }

    pub(super) fn refused(refusal: Refusal) -> Self {
        Self {
            allow: (refusal == Refusal::Method).then_some("GET, POST"),
            content_type: Some("text/plain; charset=utf-8"),
            body: format!("{}\n", refusal.sentence()),
            ..Self::empty(refusal.status())
        }
    }

    fn empty(status: &'static str) -> Self {
        Self { status, allow: None, content_type: None, policy: NO_SCRIPT.into(), body: String::new() }
    }

    /// The whole answer. No header of it comes from a request.
    // req: RFC9700-4.2.4-1
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut text = format!("HTTP/1.1 {}\r\nConnection: close\r\n", self.status);
        let mut add = |name: &str, value: &str| {
            text.extend([name, ": ", value, "\r\n"]);
        };
        for (name, value) in redirection::HEADERS {
            // Nobody has a reason to frame this page; the core's headers let its own origin do so.
            match name {
                "Content-Security-Policy" => add(name, &self.policy),
                "X-Frame-Options" => add(name, "DENY"),
                _ => add(name, value),
            }
        }
        add("Cross-Origin-Opener-Policy", "same-origin");
        add("Cross-Origin-Resource-Policy", "same-origin");
        if let Some(methods) = self.allow {
            add("Allow", methods);
        }
        if let Some(content_type) = self.content_type {
            add("Content-Type", content_type);
            add("Content-Length", &self.body.len().to_string());
        }
        text.push_str("\r\n");
        text.push_str(&self.body);
        text.into_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_answer_has_what_the_core_says_of_the_page_or_stricter() {
        for reply in [Reply::taken(), Reply::not_believed(None), Reply::refused(Refusal::Path)] {
            let text = String::from_utf8(reply.to_bytes()).unwrap();
            for header in [
                "Cache-Control: no-store\r\n",
                "Referrer-Policy: no-referrer\r\n",
                "X-Content-Type-Options: nosniff\r\n",
                "X-Frame-Options: DENY\r\n",
                "frame-ancestors 'none'\r\n",
                "Connection: close\r\n",
            ] {
                assert_eq!(text.matches(header).count(), 1, "{header} in {text}");
            }
            assert!(!text.to_ascii_lowercase().contains("access-control"), "{text}");
        }
    }

    #[test]
    fn a_refusal_says_why_in_words() {
        let text = String::from_utf8(Reply::refused(Refusal::Path).to_bytes()).unwrap();
        assert!(text.starts_with("HTTP/1.1 404 Not Found\r\n"), "{text}");
        assert!(
            text.contains("\r\nContent-Length: 23\r\n") && text.ends_with("There is nothing here.\n"),
            "{text}"
        );
    }
}
