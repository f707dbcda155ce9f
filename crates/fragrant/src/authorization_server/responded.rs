//! The end of step 2: the answer, and the redirect that takes it to the client.

use alloc::string::String;
use core::fmt;

use crate::message::AuthorizationResponse;
use crate::value::RedirectUri;

/// A request that has been answered. Nothing can be done with it but to send the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Responded {
    redirect_uri: RedirectUri,
    response: AuthorizationResponse,
}

impl Responded {
    pub(super) const fn new(redirect_uri: RedirectUri, response: AuthorizationResponse) -> Self {
        Self { redirect_uri, response }
    }

    /// The registered address.
    pub const fn redirect_uri(&self) -> &RedirectUri {
        &self.redirect_uri
    }

    /// The answer.
    pub const fn response(&self) -> &AuthorizationResponse {
        &self.response
    }

    /// The redirect that takes it to the client.
    pub fn to_redirection(&self) -> Redirection {
        Redirection::new(&self.redirect_uri, &self.response)
    }
}

/// An HTTP redirect of the user agent to a registered redirection URI, with the answer in its fragment.
///
/// ```text
/// HTTP/1.1 303 See Other
/// location: https://app.example/cb#access_token=2YotnFZFEjr1zCsicMWpAA&token_type=bearer&expires_in=3600&state=xyz
/// cache-control: no-store
/// ```
///
/// It holds the token, so `Debug` shows only where it leads.
#[derive(Clone, PartialEq, Eq)]
pub struct Redirection {
    location: String,
}

impl Redirection {
    /// The HTTP status: a 307 or 308 would make the browser send the login form on to the client (RFC 9700 section
    /// 4.12).
    // req: RFC6749-1.7-1, RFC9700-4.12-1, RFC9700-4.12-2
    pub const STATUS: u16 = 303;

    /// The answer always has a fragment of its own, so that the browser does not attach the one it came with.
    // req: RFC9700-4.1.3-3, RFC6749-4.2.2.1-2
    pub(super) fn new(redirect_uri: &RedirectUri, response: &AuthorizationResponse) -> Self {
        Self { location: response.to_location(redirect_uri) }
    }

    /// The address, for the user agent alone: it holds the token.
    pub fn location(&self) -> &str {
        &self.location
    }

    /// The headers, names in lower case: where to, and that neither a cache nor a `Referer` header gets to see it.
    // req: RFC6819-4.4.2.2-2, RFC9700-4.2.4-2
    pub fn headers(&self) -> [(&'static str, &str); 4] {
        [
            ("location", &self.location),
            ("cache-control", "no-store"),
            ("pragma", "no-cache"),
            ("referrer-policy", "no-referrer"),
        ]
    }
}

impl fmt::Debug for Redirection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let end = self.location.find('#').unwrap_or(self.location.len());
        write!(f, "Redirection({}#(redacted))", &self.location[..end])
    }
}

#[cfg(test)]
mod tests {
    use super::super::scenario::{CB, Scenario, token};
    use super::*;
    use crate::resource_owner::Decision;

    #[test]
    fn an_answer_and_its_address_are_those_of_the_redirect() {
        let responded = Scenario::with("").consented(Decision::GrantAll).respond(token());
        assert_eq!(responded.redirect_uri().as_str(), CB);
        assert!(matches!(responded.response(), AuthorizationResponse::AccessToken(_)));
        let location = responded.response().to_location(responded.redirect_uri());
        assert_eq!(location, responded.to_redirection().location());
        assert_eq!(
            location,
            "https://app.example/cb#access_token=t0k&token_type=bearer&expires_in=3600&state=xyz"
        );
    }
}
