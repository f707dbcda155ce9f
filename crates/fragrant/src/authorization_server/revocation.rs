//! Giving a token back (RFC 7009).

use thiserror::Error;

use crate::value::{AccessToken, ClientId};
use crate::wire::form;

/// A request to the revocation endpoint (RFC 7009 section 2.1), of a client that has no secret to prove itself by, as no
/// client of the implicit grant has.
///
/// ```
/// use fragrant::authorization_server::{RevocationError, RevocationRequest};
/// use fragrant::value::ClientId;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let request = RevocationRequest::read("token=2YotnFZFEjr1zCsicMWpAA&client_id=s6BhdRkqt3")?;
/// let issued_to = ClientId::new("s6BhdRkqt3")?; // what is on record of the token
/// assert_eq!(request.judge(true, Some(&issued_to)), Ok(()));
/// assert_eq!(request.judge(true, None), Ok(())); // it has ended already
/// assert_eq!(request.judge(true, Some(&ClientId::new("other")?)), Err(RevocationError::OtherClient));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevocationRequest {
    token: Option<AccessToken>,
    client_id: ClientId,
}

/// Why a request to the revocation endpoint is refused (RFC 7009 section 2.2.1). Its words can be shown to the client's
/// developer as they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Error)]
#[non_exhaustive]
pub enum RevocationError {
    /// No such client is registered.
    #[error("client_id: no such client is registered")]
    ClientUnknown,
    /// Nothing says which client asks.
    #[error("client_id: the parameter is missing")]
    ClientIdMissing,
    /// The body is no form, or its escapes are broken.
    #[error("the form cannot be read")]
    Malformed,
    /// The token was issued to another client.
    #[error("token: it was issued to another client")]
    OtherClient,
    /// A parameter occurs twice.
    #[error("{0}: the parameter occurs twice")]
    Repeated(&'static str),
    /// Nothing says which token.
    #[error("token: the parameter is missing")]
    TokenMissing,
}

impl RevocationError {
    /// The HTTP status of the answer.
    pub const STATUS: u16 = 400;

    /// The code in the answer (RFC 6749 section 5.2).
    pub const fn code(self) -> &'static str {
        match self {
            Self::ClientUnknown => "invalid_client",
            Self::OtherClient => "invalid_grant",
            Self::ClientIdMissing | Self::Malformed | Self::Repeated(_) | Self::TokenMissing => {
                "invalid_request"
            }
        }
    }
}

impl RevocationRequest {
    /// Reads the form body of a POST. A parameter without a value counts as absent; `token_type_hint` and what is not
    /// known are ignored.
    ///
    /// # Errors
    /// [`RevocationError`] when it cannot be said which client gives back which token.
    // req: RFC6749-3.1-9, RFC6749-3.1-10, RFC7009-2.1-2
    pub fn read(body: &str) -> Result<Self, RevocationError> {
        let (mut token, mut client_id) = (None, None);
        for pair in form::pairs(body, 0) {
            let pair = pair.map_err(|_| RevocationError::Malformed)?;
            let (place, name) = match &*pair.name.decode() {
                "token" => (&mut token, "token"),
                "client_id" => (&mut client_id, "client_id"),
                _ => continue,
            };
            let value = pair.value.decode();
            if !value.is_empty() && place.replace(value).is_some() {
                return Err(RevocationError::Repeated(name));
            }
        }
        let token = token.ok_or(RevocationError::TokenMissing)?;
        let client_id = client_id.ok_or(RevocationError::ClientIdMissing)?;
        Ok(Self {
            // What is no token has never been issued.
            token: AccessToken::new(token).ok(),
            client_id: ClientId::new(client_id).map_err(|_| RevocationError::ClientUnknown)?,
        })
    }

    /// The token to look up; none if what was sent can be none.
    pub const fn token(&self) -> Option<&AccessToken> {
        self.token.as_ref()
    }

    /// The client to look up.
    pub const fn client_id(&self) -> &ClientId {
        &self.client_id
    }

    /// Whether the token, if there is one, is to end: `is_registered` says whether there is such a client, `issued_to` to
    /// which client the token was issued that lives. A token that nobody knows is no error (RFC 7009 section 2.2).
    ///
    /// # Errors
    /// [`RevocationError::ClientUnknown`], and [`RevocationError::OtherClient`] for a token that is not the client's own.
    // req: RFC7009-2.1-3, RFC7009-2.2-1
    pub fn judge(&self, is_registered: bool, issued_to: Option<&ClientId>) -> Result<(), RevocationError> {
        match issued_to {
            _ if !is_registered => Err(RevocationError::ClientUnknown),
            Some(owner) if *owner != self.client_id => Err(RevocationError::OtherClient),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::format;
    use alloc::string::ToString;

    use super::*;

    #[test]
    // req(test): RFC7009-2.2-1
    fn a_request_says_who_gives_back_what() {
        let request =
            RevocationRequest::read("client_id=c&token=t%2B0&token_type_hint=access_token&x=y&x=z").unwrap();
        assert_eq!(request.client_id().as_str(), "c");
        assert_eq!(request.token().map(AccessToken::reveal_secret), Some("t+0"));
        assert!(!format!("{request:?}").contains("t+0"));
        // Nobody was issued such a one, and saying so is no fault.
        let never = RevocationRequest::read("client_id=c&token=%C3%A9").unwrap();
        assert_eq!((never.token(), never.judge(true, None)), (None, Ok(())));
    }

    #[test]
    // req(test): RFC7009-2.1-3
    fn what_is_wrong_is_named() {
        for (body, code, words) in [
            ("", "invalid_request", "token: the parameter is missing"),
            ("token=&client_id=c", "invalid_request", "token: the parameter is missing"),
            ("token=t", "invalid_request", "client_id: the parameter is missing"),
            ("token=t&token=t&client_id=c", "invalid_request", "token: the parameter occurs twice"),
            ("token=t&client_id=c&client%5fid=d", "invalid_request", "client_id: the parameter occurs twice"),
            ("token=%&client_id=c", "invalid_request", "the form cannot be read"),
            ("token=t&client_id=%C3%A9", "invalid_client", "client_id: no such client is registered"),
        ] {
            let error = RevocationRequest::read(body).unwrap_err();
            assert_eq!((error.code(), &*error.to_string()), (code, words), "{body}");
        }
        let request = RevocationRequest::read("token=t&client_id=c").unwrap();
        let (own, other) = (ClientId::new("c").unwrap(), ClientId::new("d").unwrap());
        assert_eq!(request.judge(true, Some(&own)), Ok(()));
        assert_eq!(request.judge(true, Some(&other)), Err(RevocationError::OtherClient));
        assert_eq!(request.judge(false, Some(&own)), Err(RevocationError::ClientUnknown));
        assert_eq!(RevocationError::OtherClient.code(), "invalid_grant");
    }
}
