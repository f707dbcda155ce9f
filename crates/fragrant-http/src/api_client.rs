//! Sends a request, token and all.

use std::fmt;
use std::io::Read;
use std::time::Duration;

use fragrant::message::ResourceRequest;
use thiserror::Error;
use ureq::http::{HeaderName, HeaderValue, Request};

use crate::ApiResponse;

/// The longest body that is read, in **bytes**, unless told otherwise.
const MAX_BODY: u64 = 16 * 1024 * 1024;
/// How long a call may take, unless told otherwise.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Sends API requests.
#[derive(Clone)]
pub struct ApiClient {
    agent: ureq::Agent,
    max_body: u64,
}

/// Why there is no answer. It names the request's origin and never its headers.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum HttpError {
    /// A header that the caller added is none.
    #[error("header {name:?}: not a valid HTTP header")]
    Header {
        /// The name as it was given.
        name: String,
    },
    /// The caller tried to set the header that carries the token.
    #[error("header Authorization: it is set from the token and from nothing else")]
    AuthorizationHeader,
    /// The request did not get through, or no answer came back.
    #[error("{origin}: {reason}")]
    Transport {
        /// Where the request went.
        origin: String,
        /// What went wrong.
        reason: String,
    },
    /// The answer's body is longer than the limit.
    #[error("{origin}: the answer is longer than {limit} bytes")]
    TooLong {
        /// Where the request went.
        origin: String,
        /// The limit in **bytes**.
        limit: u64,
    },
}

impl Default for ApiClient {
    fn default() -> Self {
        Self::new()
    }
}

impl ApiClient {
    /// A client that waits 30 seconds and reads bodies up to 16 MiB.
    pub fn new() -> Self {
        Self::with_timeout(TIMEOUT)
    }

    /// A client that gives a call this long, from the connection to the body's last byte.
    pub fn with_timeout(timeout: Duration) -> Self {
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(timeout))
            // A status is an answer and not a failure.
            .http_status_as_error(false)
            // A redirect could take the token to an origin that nobody has listed.
            .max_redirects(0)
            .max_redirects_will_error(false)
            // So could a proxy that the environment names.
            .proxy(None)
            // Which methods there are is the API's business; the core has checked that it is one word.
            .allow_non_standard_methods(true)
            .build();
        Self { agent: config.into(), max_body: MAX_BODY }
    }

    /// Sets the longest body that is read, in **bytes**.
    #[must_use]
    pub const fn with_max_body(mut self, bytes: u64) -> Self {
        self.max_body = bytes;
        self
    }

    /// Sends the request with further headers and a body. The token goes into its `Authorization` header, and into
    /// nothing else.
    ///
    /// # Errors
    /// [`HttpError`] when a header is invalid or no answer came. An answer of any status is no error.
    // req: RFC6750-2-1
    pub fn send(
        &self,
        request: &ResourceRequest,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Result<ApiResponse, HttpError> {
        let mut builder = Request::builder().method(request.method()).uri(request.uri().without_fragment());
        for (name, value) in headers {
            if name.eq_ignore_ascii_case(ResourceRequest::AUTHORIZATION) {
                return Err(HttpError::AuthorizationHeader);
            }
            let invalid = || HttpError::Header { name: (*name).into() };
            let header = HeaderName::from_bytes(name.as_bytes()).map_err(|_| invalid())?;
            builder = builder.header(header, HeaderValue::from_str(value).map_err(|_| invalid())?);
        }
        let failed = |reason: String| HttpError::Transport { origin: request.uri().origin().into(), reason };
        let mut authorization = HeaderValue::from_str(&request.reveal_authorization())
            .map_err(|_| HttpError::Header { name: ResourceRequest::AUTHORIZATION.into() })?;
        // Keeps it out of the HTTP library's own logs.
        authorization.set_sensitive(true);
        let http = builder
            .header(ResourceRequest::AUTHORIZATION, authorization)
            .body(body)
            .map_err(|error| failed(error.to_string()))?;
        let mut response = self.agent.run(http).map_err(|error| failed(error.to_string()))?;
        let mut content = Vec::new();
        // One byte more than the limit tells "too long" from "just fits".
        let mut reader = response.body_mut().as_reader().take(self.max_body.saturating_add(1));
        reader.read_to_end(&mut content).map_err(|error| failed(error.to_string()))?;
        if u64::try_from(content.len()).unwrap_or(u64::MAX) > self.max_body {
            return Err(HttpError::TooLong { origin: request.uri().origin().into(), limit: self.max_body });
        }
        Ok(ApiResponse::new(response.status().as_u16(), response.headers(), content))
    }
}

impl fmt::Debug for ApiClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiClient").field("max_body", &self.max_body).finish_non_exhaustive()
    }
}
