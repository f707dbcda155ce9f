//! What is known of a token, and whether that is enough.

use super::policy::Policy;
use super::refusal::{Refusal, RefusalReason};
use crate::value::{Expiry, Origin, Scope, Timestamp};

/// What the API server knows of a token.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub struct TokenRecord {
    /// When it ends.
    pub expiry: Expiry,
    /// What it may be used for; absent for a token without scopes.
    pub scope: Option<Scope>,
    /// Which API server it is for; absent for a token that is for all of them.
    pub audience: Option<Origin>,
    /// Whether it was taken back.
    pub is_revoked: bool,
}

impl TokenRecord {
    /// A token that ends at this moment, without scopes and for every API server.
    pub const fn new(expiry: Expiry) -> Self {
        Self { expiry, scope: None, audience: None, is_revoked: false }
    }
}

/// Judges what is known of the presented token; `None` if no such token was issued. `required` is what the call needs.
///
/// # Errors
/// [`Refusal`] when the token is unknown, ended, revoked or for another API server (401), or does not reach that far
/// (403).
// req: RFC6749-7-1
pub fn judge(
    record: Option<&TokenRecord>,
    required: Option<&Scope>,
    now: Timestamp,
    policy: &Policy,
) -> Result<(), Refusal> {
    let refuse = |reason| Err(Refusal::new(reason, policy));
    let Some(record) = record else { return refuse(RefusalReason::Unknown) };
    if record.is_revoked {
        return refuse(RefusalReason::Revoked);
    }
    if record.expiry.is_past(now) {
        return refuse(RefusalReason::Expired);
    }
    // req: RFC9700-2.3-2, RFC6819-5.1.5.5-1, RFC9700-4.10.2-1
    if record.audience.is_some() && record.audience != policy.audience {
        return refuse(RefusalReason::OtherAudience);
    }
    let Some(required) = required else { return Ok(()) };
    if record.scope.as_ref().is_some_and(|scope| scope.covers(required)) {
        return Ok(());
    }
    Err(Refusal::too_little_scope(required.clone(), policy))
}

#[cfg(test)]
mod tests {
    use alloc::format;
    use alloc::string::ToString;

    use super::*;
    use crate::message::Realm;

    const NOW: Timestamp = Timestamp::from_unix_seconds(1_000);

    fn policy() -> Policy {
        Policy::new(Realm::new("api").unwrap())
    }

    fn scope(text: &str) -> Scope {
        Scope::new(text).unwrap()
    }

    #[test]
    // req(test): RFC6749-7-1, RFC6749-7.2-1, RFC6750-3-4, RFC6750-3.1-2, RFC6750-3.1-3, RFC9700-2.3-2
    // req(test): RFC6819-5.1.5.5-1, RFC9700-4.10.2-1
    fn who_is_let_in() {
        use RefusalReason::*;
        let origin = |text: &str| Origin::new(text).unwrap();
        let here = Policy { audience: Some(origin("https://api.example")), ..policy() };
        let record = TokenRecord {
            scope: Some(scope("a b")),
            ..TokenRecord::new(Expiry::at(Timestamp::from_unix_seconds(1_001)))
        };
        let ended = TokenRecord { expiry: Expiry::at(NOW), ..record.clone() };
        let revoked = TokenRecord { is_revoked: true, ..record.clone() };
        let plain = TokenRecord { scope: None, ..record.clone() };
        let ours = TokenRecord { audience: Some(origin("https://api.example")), ..record.clone() };
        let others = TokenRecord { audience: Some(origin("https://api.example:8443")), ..record.clone() };
        let invalid = r#"401 Bearer realm="api", error="invalid_token", error_description="the token is expired, revoked or unknown""#;
        for (record, required, policy, expected) in [
            (Some(&record), None, &policy(), Ok(())),
            (Some(&record), Some("b"), &policy(), Ok(())),
            (Some(&record), Some("b a"), &policy(), Ok(())),
            (Some(&plain), None, &policy(), Ok(())),
            (Some(&ours), None, &here, Ok(())),
            (Some(&record), None, &here, Ok(())),
            (None, None, &policy(), Err((Unknown, invalid))),
            (Some(&ended), Some("a"), &policy(), Err((Expired, invalid))),
            (Some(&revoked), Some("a"), &policy(), Err((Revoked, invalid))),
            (Some(&others), Some("a"), &here, Err((OtherAudience, invalid))),
            (Some(&ours), Some("a"), &policy(), Err((OtherAudience, invalid))),
            (
                Some(&record),
                Some("a c"),
                &policy(),
                Err((
                    TooLittleScope,
                    r#"403 Bearer realm="api", scope="a c", error="insufficient_scope", error_description="the token does not reach that far""#,
                )),
            ),
            (
                Some(&plain),
                Some("a"),
                &policy(),
                Err((
                    TooLittleScope,
                    r#"403 Bearer realm="api", scope="a", error="insufficient_scope", error_description="the token does not reach that far""#,
                )),
            ),
        ] {
            let judged = judge(record, required.map(scope).as_ref(), NOW, policy).map_err(|refusal| {
                let header = refusal.challenge().to_header_value();
                (refusal.reason(), format!("{} {header}", refusal.status()))
            });
            assert_eq!(judged, expected.map_err(|(reason, text)| (reason, text.to_string())));
        }
    }
}
