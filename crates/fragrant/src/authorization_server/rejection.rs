//! The two ways to refuse: a page of the server's own, and an error sent to the client.

use alloc::boxed::Box;

use thiserror::Error;

use super::responded::Redirection;
use crate::message::{AuthorizationResponse, ErrorResponse};
use crate::value::{ErrorCode, RedirectUri};

/// A request that gets no token.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[allow(clippy::exhaustive_enums)] // complete: RFC 6749 section 4.2.2.1 knows these two
pub enum Refusal {
    /// Nobody knows where an answer would go: tell the resource owner.
    #[error(transparent)]
    ShowErrorPage(#[from] ShowErrorPage),
    /// Tell the client; if the error [precedes the login](RedirectWithError::precedes_login), only once somebody has logged
    /// in (RFC 9700 section 4.11.2).
    #[error(transparent)]
    RedirectWithError(#[from] Box<RedirectWithError>),
}

/// A page that tells the resource owner what is wrong, because there is no address that an answer could be sent to (RFC
/// 6749 section 4.2.2.1). It holds no address and nothing else that was sent: there is nothing in it to follow or to
/// escape.
// req: RFC6749-3.1.2.4-2
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Error)]
#[error("{reason}")]
pub struct ShowErrorPage {
    reason: ErrorPageReason,
}

/// What the page says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Error)]
#[non_exhaustive]
pub enum ErrorPageReason {
    /// The encoding of `client_id` is broken.
    #[error("client_id: its encoding is broken or it is too long")]
    ClientIdMalformed,
    /// There is no `client_id`.
    #[error("client_id: the parameter is missing")]
    ClientIdMissing,
    /// `client_id` occurs more than once.
    #[error("client_id: the parameter occurs twice")]
    ClientIdRepeated,
    /// No client of this name is registered.
    #[error("client_id: no such client is registered")]
    ClientUnknown,
    /// The encoding of `redirect_uri` is broken.
    #[error("redirect_uri: its encoding is broken or it is too long")]
    RedirectUriMalformed,
    /// `redirect_uri` is not one of those that the client has registered.
    #[error("redirect_uri: the client has not registered this address")]
    RedirectUriMismatch,
    /// There is no `redirect_uri`, and the client has registered more than one.
    #[error("redirect_uri: the parameter is missing, and the client has more than one address")]
    RedirectUriMissing,
    /// `redirect_uri` occurs more than once.
    #[error("redirect_uri: the parameter occurs twice")]
    RedirectUriRepeated,
}

impl ErrorPageReason {
    /// All of them, in alphabetical order.
    pub const ALL: &'static [Self] = &[
        Self::ClientIdMalformed,
        Self::ClientIdMissing,
        Self::ClientIdRepeated,
        Self::ClientUnknown,
        Self::RedirectUriMalformed,
        Self::RedirectUriMismatch,
        Self::RedirectUriMissing,
        Self::RedirectUriRepeated,
    ];
}

impl ShowErrorPage {
    /// The HTTP status of the page.
    pub const STATUS: u16 = 400;

    pub(super) const fn new(reason: ErrorPageReason) -> Self {
        Self { reason }
    }

    /// What is wrong, in words that can be shown as they are.
    pub const fn reason(&self) -> ErrorPageReason {
        self.reason
    }
}

/// An error for the client, and the registered address that it goes to. Nothing but a checked request can make one.
// req: RFC9700-2.1-3
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("the client is told {}", .response.error)]
pub struct RedirectWithError {
    redirect_uri: RedirectUri,
    response: ErrorResponse,
    precedes_login: bool,
}

impl RedirectWithError {
    pub(super) const fn new(redirect_uri: RedirectUri, response: ErrorResponse) -> Self {
        Self { redirect_uri, response, precedes_login: false }
    }

    /// One that is found before anybody has logged in. Whoever asked for silence (`prompt=none`) is to be told without
    /// a page.
    pub(super) const fn before_login(
        redirect_uri: RedirectUri,
        response: ErrorResponse,
        is_silent: bool,
    ) -> Self {
        Self { redirect_uri, response, precedes_login: !is_silent }
    }

    /// The registered address.
    pub const fn redirect_uri(&self) -> &RedirectUri {
        &self.redirect_uri
    }

    /// The error's code.
    pub const fn error(&self) -> &ErrorCode {
        &self.response.error
    }

    /// The answer.
    pub const fn response(&self) -> &ErrorResponse {
        &self.response
    }

    /// Whether the error was found before anybody had logged in, in a request that did not ask for silence
    /// (`prompt=none`, and nothing else: a prompt that is broken or repeated asks for nothing). Then somebody has to log in
    /// before the redirect is made, unless there is a login session, or a faulty request would send people wherever a client
    /// is registered (RFC 9700 section 4.11.2).
    pub const fn precedes_login(&self) -> bool {
        self.precedes_login
    }

    /// The redirect that takes the error to the client.
    pub fn to_redirection(&self) -> Redirection {
        Redirection::new(&self.redirect_uri, &AuthorizationResponse::Error(self.response.clone()))
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    #[test]
    // req(test): RFC6749-3.1.2.4-2
    fn each_page_in_words() {
        use ErrorPageReason::*;
        for (reason, text) in [
            (ClientIdMalformed, "client_id: its encoding is broken or it is too long"),
            (ClientIdMissing, "client_id: the parameter is missing"),
            (ClientIdRepeated, "client_id: the parameter occurs twice"),
            (ClientUnknown, "client_id: no such client is registered"),
            (RedirectUriMalformed, "redirect_uri: its encoding is broken or it is too long"),
            (RedirectUriMismatch, "redirect_uri: the client has not registered this address"),
            (
                RedirectUriMissing,
                "redirect_uri: the parameter is missing, and the client has more than one address",
            ),
            (RedirectUriRepeated, "redirect_uri: the parameter occurs twice"),
        ] {
            assert!(ErrorPageReason::ALL.contains(&reason));
            let page = ShowErrorPage::new(reason);
            assert_eq!(page.to_string(), text);
            assert_eq!(Refusal::from(page).to_string(), text);
        }
    }

    #[test]
    fn an_error_for_the_client_in_words() {
        let uri = RedirectUri::new("https://app.example/cb").unwrap();
        let error = RedirectWithError::new(uri, ErrorResponse::new(ErrorCode::ACCESS_DENIED));
        assert_eq!(Refusal::from(Box::new(error)).to_string(), "the client is told access_denied");
    }
}
