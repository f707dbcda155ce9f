//! The API call: step 4 (RFC 6749 section 7, RFC 6750 section 2.1).

use alloc::string::String;
use core::fmt;

use zeroize::Zeroizing;

use crate::value::{AccessToken, HttpUri};

/// A request to the API server with the token in its `Authorization` header, and nowhere else.
///
/// ```text
/// GET /restapi/v1.0/account/~/extension/~ HTTP/1.1
/// Host: api.example
/// Authorization: Bearer 2YotnFZFEjr1zCsicMWpAA
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourceRequest {
    method: String,
    uri: HttpUri,
    token: AccessToken,
}

impl ResourceRequest {
    /// The name of the header that carries the token.
    pub const AUTHORIZATION: &'static str = "Authorization";

    /// The callers have checked that the token may go there and fits into the header.
    pub(crate) const fn new(method: String, uri: HttpUri, token: AccessToken) -> Self {
        Self { method, uri, token }
    }

    /// The HTTP method.
    pub fn method(&self) -> &str {
        &self.method
    }

    /// Where the request goes.
    pub const fn uri(&self) -> &HttpUri {
        &self.uri
    }

    /// The value of the [`AUTHORIZATION`](Self::AUTHORIZATION) header: the token is in it.
    // req: RFC6750-2.1-1, RFC6750-2.3-1, RFC6750-5.3-5
    pub fn reveal_authorization(&self) -> Zeroizing<String> {
        let token = self.token.reveal_secret();
        let mut value = Zeroizing::new(String::with_capacity("Bearer ".len() + token.len()));
        value.push_str("Bearer ");
        value.push_str(token);
        value
    }
}

impl fmt::Display for ResourceRequest {
    /// The request line, without the token.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.uri)
    }
}
