//! Calls to the API: what the application says of one, and what it gets.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use fragrant::client::session::{HandleError, Problem};
use thiserror::Error;
use wasm_bindgen::{JsCast, JsValue};

use crate::browser::{self, Headers, when_settled};
use crate::slot::slot;

/// A call to the API: [`WebSession::fetch`](crate::WebSession::fetch) adds the token to it and makes it.
#[derive(Clone)]
#[must_use = "a call is made by `fetch`"]
pub struct ApiCall {
    pub(crate) method: String,
    pub(crate) address: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: JsValue,
    pub(crate) follows_redirects: bool,
}

impl ApiCall {
    /// A call with this HTTP method, to an address at an origin that the client lists.
    pub fn new(method: impl Into<String>, address: impl Into<String>) -> Self {
        Self {
            method: method.into(),
            address: address.into(),
            headers: Vec::new(),
            body: JsValue::UNDEFINED,
            follows_redirects: false,
        }
    }

    /// The call as `fetch` takes it, and the headers in it.
    pub(crate) fn to_init(&self) -> Result<(JsValue, Headers), CallError> {
        let (init, headers) = (browser::object(), Headers::new(&JsValue::UNDEFINED).map_err(not_fit)?);
        for (name, value) in &self.headers {
            headers.set_value(name, value).map_err(not_fit)?;
        }
        let redirect = if self.follows_redirects { "follow" } else { "error" };
        for (name, value) in [
            ("method", &JsValue::from_str(&self.method)),
            ("headers", &headers),
            ("body", &self.body),
            ("redirect", &JsValue::from_str(redirect)),
        ] {
            browser::set_property(&init, name, value);
        }
        Ok((init, headers))
    }

    /// A `GET`.
    pub fn get(address: impl Into<String>) -> Self {
        Self::new("GET", address)
    }

    /// Adds a header. `Authorization` is the session's own, whatever is added here.
    pub fn with_header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Sets the body: a text, or anything else that the browser's `fetch` takes. A stream cannot be sent a second time, when
    /// the first token was refused.
    pub fn with_body(mut self, body: impl Into<JsValue>) -> Self {
        self.body = body.into();
        self
    }

    /// Follows redirects, which otherwise are failures.
    ///
    /// **What it gives away.** The API server decides where the request goes next. Browsers of today take the token out
    /// when that is another origin; older ones sent it along, to origins that the client does not list.
    pub fn dangerously_follow_redirects(mut self) -> Self {
        self.follows_redirects = true;
        self
    }
}

impl fmt::Debug for ApiCall {
    /// Shows the method and where it goes; the query, the headers and the body may hold anything.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let end = self.address.find(['?', '#']).unwrap_or(self.address.len());
        f.debug_tuple("ApiCall").field(&self.method).field(&&self.address[..end]).finish()
    }
}

/// The API server's response, whatever its status: handed over once, its body still to be read.
#[derive(Clone)]
pub struct ApiResponse(pub(crate) browser::Response);

impl ApiResponse {
    /// The HTTP status.
    pub fn status(&self) -> u16 {
        self.0.status()
    }

    /// A header, as far as CORS shows it.
    pub fn header(&self, name: &str) -> Option<String> {
        self.0.headers().value(name).ok().flatten()
    }

    /// The body as text. It can be read once.
    ///
    /// # Errors
    /// [`CallError::Unreachable`] when the connection breaks, or the body was read before.
    pub async fn text(&self) -> Result<String, CallError> {
        let (body, came) = slot();
        when_settled(&self.0.text(), move |text| body.fill(text.as_string()));
        came.await.ok_or(CallError::Unreachable)
    }

    /// The browser's own `Response`, for what this type does not read.
    pub fn into_js(self) -> JsValue {
        self.0.unchecked_into()
    }
}

/// What is thrown where a call is put together: a header is the one thing in it that may be unfit.
pub(crate) fn not_fit(_: JsValue) -> CallError {
    CallError::Header
}

impl fmt::Debug for ApiResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ApiResponse").field(&self.status()).finish()
    }
}

/// Why there is no response.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum CallError {
    /// There is no token that serves, and none could be had.
    #[error(transparent)]
    Given(Box<Problem>),
    /// A header is none.
    #[error("header: expected a name and a value that HTTP allows")]
    Header,
    /// The session does not take the call: nobody is signed in, or the address is not one that the token may go to.
    #[error(transparent)]
    Refused(#[from] HandleError),
    /// No response came: the network failed, CORS does not let the page see it, or it was a redirect.
    #[error("the API server cannot be reached, or does not let this page see its response")]
    Unreachable,
}
