//! A call that is not let in, and what its caller is told.

use alloc::string::ToString;

use thiserror::Error;

use super::policy::Policy;
use crate::message::{BearerChallenge, ErrorDescription, Realm};
use crate::value::{ErrorCode, Scope};

/// A call that is not let in: the status, and the challenge that the `WWW-Authenticate` header holds.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Error)]
#[error("{reason}")]
pub struct Refusal {
    reason: RefusalReason,
    realm: Realm,
    required: Option<Scope>,
}

/// Why a call is not let in: for the server's own log. The caller learns less, so that nobody can find out which tokens
/// exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Error)]
#[non_exhaustive]
pub enum RefusalReason {
    /// The token's time is over.
    #[error("the token has expired")]
    Expired,
    /// What should hold a token holds none: a scheme alone, a parameter without a value, a broken escape.
    #[error("the request is malformed where its token should be")]
    MalformedRequest,
    /// The token is outside its grammar (RFC 6750 section 2.1), so nobody can have issued it.
    #[error("the token is malformed")]
    MalformedToken,
    /// The token came in a way that this server does not take.
    #[error("the token was sent in a way that is not taken here")]
    MethodNotTaken,
    /// No token, or one for another scheme of authentication.
    #[error("no token was sent")]
    NoToken,
    /// The token is for another API server.
    #[error("the token is for another API server")]
    OtherAudience,
    /// The token was taken back.
    #[error("the token was revoked")]
    Revoked,
    /// More than one token, or one sent more than once.
    #[error("more than one token was sent")]
    Several,
    /// The token does not reach that far.
    #[error("the token does not reach that far")]
    TooLittleScope,
    /// Nobody issued this token.
    #[error("no such token was issued")]
    Unknown,
}

impl RefusalReason {
    /// All of them, in alphabetical order.
    pub const ALL: &'static [Self] = &[
        Self::Expired,
        Self::MalformedRequest,
        Self::MalformedToken,
        Self::MethodNotTaken,
        Self::NoToken,
        Self::OtherAudience,
        Self::Revoked,
        Self::Several,
        Self::TooLittleScope,
        Self::Unknown,
    ];
}

impl Refusal {
    /// The HTTP status.
    // req: RFC6750-3.1-1, RFC6750-3.1-2, RFC6750-3.1-3
    pub const fn status(&self) -> u16 {
        use RefusalReason::{MalformedRequest, MethodNotTaken, Several, TooLittleScope};
        match self.reason {
            MalformedRequest | MethodNotTaken | Several => 400,
            TooLittleScope => 403,
            _ => 401,
        }
    }

    /// The challenge. It tells less than the reason: not whether the token was ever issued.
    // req: RFC6750-3-1, RFC6750-3-4, RFC6749-7.2-1
    pub fn challenge(&self) -> BearerChallenge {
        let mut challenge = BearerChallenge::new(self.realm.clone());
        challenge.scope.clone_from(&self.required);
        challenge.error = self.error();
        let words = match (self.reason, self.status()) {
            (RefusalReason::NoToken, _) => return challenge,
            // Whoever sends it sees as much, and learns nothing of what was issued.
            (RefusalReason::MalformedToken, _) => self.reason.to_string(),
            (_, 401) => "the token is expired, revoked or unknown".to_string(),
            _ => self.reason.to_string(),
        };
        challenge.error_description = ErrorDescription::new(words).ok();
        challenge
    }

    /// Why, for the server's own log.
    pub const fn reason(&self) -> RefusalReason {
        self.reason
    }

    fn error(&self) -> Option<ErrorCode> {
        match (self.reason, self.status()) {
            // req: RFC6750-3.1-4
            (RefusalReason::NoToken, _) => None,
            (_, 400) => Some(ErrorCode::INVALID_REQUEST),
            (_, 403) => Some(ErrorCode::INSUFFICIENT_SCOPE),
            _ => Some(ErrorCode::INVALID_TOKEN),
        }
    }

    pub(super) fn new(reason: RefusalReason, policy: &Policy) -> Self {
        Self { reason, realm: policy.realm.clone(), required: None }
    }

    /// The token is good for something else.
    pub(super) fn too_little_scope(required: Scope, policy: &Policy) -> Self {
        Self { required: Some(required), ..Self::new(RefusalReason::TooLittleScope, policy) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy() -> Policy {
        Policy::new(Realm::new("api").unwrap())
    }

    #[test]
    fn each_reason_in_words() {
        use RefusalReason::*;
        for (reason, text) in [
            (Expired, "the token has expired"),
            (MalformedRequest, "the request is malformed where its token should be"),
            (MalformedToken, "the token is malformed"),
            (MethodNotTaken, "the token was sent in a way that is not taken here"),
            (NoToken, "no token was sent"),
            (OtherAudience, "the token is for another API server"),
            (Revoked, "the token was revoked"),
            (Several, "more than one token was sent"),
            (TooLittleScope, "the token does not reach that far"),
            (Unknown, "no such token was issued"),
        ] {
            assert_eq!(Refusal::new(reason, &policy()).to_string(), text);
            assert!(RefusalReason::ALL.contains(&reason));
        }
    }
}
