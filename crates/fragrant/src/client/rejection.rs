//! Why an answer is not believed.

use alloc::string::String;
use core::fmt;

use crate::spec::ResponseParameter;
use crate::text;
use crate::wire::form::Fault;
use crate::wire::name::Shown;

/// An answer that was rejected: the reason, and where it stands. It never holds a value. A name can be a secret that stands
/// in the wrong place, so neither `Debug` nor `Display` shows one that looks like it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Rejection {
    /// Why.
    pub reason: Reason,
    /// The decoded name of the offending parameter, if there is one. Whoever can send the browser here can choose it:
    /// ask [`may_be_shown`](crate::wire::may_be_shown) and escape it before showing it.
    pub parameter: Option<String>,
    /// The byte offset of that parameter's first byte in the input; the input's length when something is missing.
    pub offset: usize,
    /// For a malformed parameter: what is wrong with it.
    pub fault: Option<Fault>,
}

/// Writes the reasons with their words, their explanations and whether they come after the state has matched.
macro_rules! reasons {
    ($($(#[$doc:meta])* $variant:ident = $word:literal, $after_state:literal, $explanation:literal, $citation:literal;)*) => {
        /// Why an answer was rejected, in the order in which it is judged. Open: more may come.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Reason {
            $($(#[$doc])* $variant,)*
        }

        impl Reason {
            /// All of them, in the order of judgement.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The one word by which programs know it.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }

            /// What is wrong and what was expected, in a sentence without its full stop.
            pub const fn explanation(self) -> &'static str {
                match self { $(Self::$variant => $explanation,)* }
            }

            /// Where the rule stands.
            pub const fn citation(self) -> &'static str {
                match self { $(Self::$variant => $citation,)* }
            }

            /// Whether the state had matched by then. If it had, the answer was meant for this request and has used it
            /// up; if not, anybody may have sent it, and the request stands.
            pub const fn is_after_state_matched(self) -> bool {
                match self { $(Self::$variant => $after_state,)* }
            }
        }
    };
}

reasons! {
    /// Over the length limit.
    TooLong = "too_long", false,
        "the answer is longer than the limit", "Profile::limits";
    /// Over the count limit.
    TooManyParameters = "too_many_parameters", false,
        "the answer has more parameters than the limit", "Profile::limits";
    /// A name or value with bad structure.
    Malformed = "malformed", false,
        "a name or value is not well formed", "RFC 6749 appendix B, RFC 3986 section 3.5";
    /// A known parameter twice.
    DuplicateParameter = "duplicate_parameter", false,
        "the parameter occurs twice, and none may", "RFC 6749 section 3.1";
    /// No answer in the address at all.
    NoResponse = "no_response", false,
        "the address holds no answer to an authorization request", "RFC 6749 section 4.2.2";
    /// The answer came to another address.
    RedirectUriMismatch = "redirect_uri_mismatch", false,
        "the answer did not come to the redirection URI of the request", "RFC 9700 section 4.4.2.2";
    /// A token where servers and logs can see it.
    TokenInQuery = "token_in_query", false,
        "a token came in the query, where servers and logs see it; it belongs in the fragment", "RFC 6749 section 4.2.2";
    /// Both yes and no.
    ErrorAndToken = "error_and_token", false,
        "the answer holds both an error and a token", "RFC 6749 section 4.2.2.1";
    /// Another server answered.
    IssuerMismatch = "issuer_mismatch", false,
        "the answer names another issuer than the one that was asked", "RFC 9207 section 2.4";
    /// The server says that it names itself, and did not.
    IssuerMissing = "issuer_missing", false,
        "the answer names no issuer, and this server always does", "RFC 9207 section 2.4";
    /// A state was sent and none came back.
    StateMissing = "state_missing", false,
        "the answer has no state, and the request had one", "RFC 6749 section 4.2.2";
    /// Another state came back.
    StateMismatch = "state_mismatch", false,
        "the answer's state is not the request's", "RFC 6749 section 10.12";
    /// A state came though none was sent.
    StateUnexpected = "state_unexpected", false,
        "the answer has a state, and the request had none", "RFC 6749 section 4.2.2";
    /// The pending request has ended.
    PendingExpired = "pending_expired", true,
        "the answer came after the pending request had ended", "RFC 6749 section 10.12";
    /// No access token, though one was asked for.
    AccessTokenMissing = "access_token_missing", true,
        "the answer has no access_token", "RFC 6749 section 4.2.2";
    /// An access token with characters that none may have.
    AccessTokenInvalid = "access_token_invalid", true,
        "the access_token is not printable ASCII", "RFC 6749 appendix A.12";
    /// No ID token, though one was asked for.
    IdTokenMissing = "id_token_missing", true,
        "the answer has no id_token, and the request asked for one", "OpenID Connect Core 1.0 section 3.2.2.5";
    /// An ID token with characters that none may have.
    IdTokenInvalid = "id_token_invalid", true,
        "the id_token is not printable ASCII", "OpenID Connect Core 1.0 section 3.2.2.5";
    /// No token type.
    TokenTypeMissing = "token_type_missing", true,
        "the answer has no token_type", "RFC 6749 section 4.2.2";
    /// A token type that this client cannot use.
    TokenTypeUnsupported = "token_type_unsupported", true,
        "the token_type is not one that this client can use; it can use bearer", "RFC 6749 section 7.1";
    /// A lifetime that is no number of seconds.
    ExpiresInInvalid = "expires_in_invalid", true,
        "expires_in is not a whole number of seconds in decimal digits", "RFC 6749 appendix A.14";
    /// A scope outside its grammar.
    ScopeInvalid = "scope_invalid", true,
        "the scope is not a list of names separated by single spaces", "RFC 6749 section 3.3";
    /// An error code outside its grammar.
    ErrorInvalid = "error_invalid", true,
        "the error code is not printable ASCII without \" and \\", "RFC 6749 section 4.2.2.1";
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Rejection {
    pub(crate) fn at(reason: Reason, parameter: ResponseParameter, offset: usize) -> Self {
        Self { reason, parameter: Some(parameter.name().into()), offset, fault: None }
    }

    /// The offending parameter, if it is one that the protocol knows.
    fn known_parameter(&self) -> Option<&'static str> {
        let name = self.parameter.as_deref()?;
        ResponseParameter::from_name(name).map(ResponseParameter::name)
    }
}

impl fmt::Debug for Rejection {
    /// Shows the parameter's name only if [it may be shown](crate::wire::may_be_shown).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rejection")
            .field("reason", &self.reason)
            .field("parameter", &Shown::of(&self.parameter))
            .field("offset", &self.offset)
            .field("fault", &self.fault)
            .finish()
    }
}

impl fmt::Display for Rejection {
    /// Says what is wrong and where. Of the parameter's name it shows only one that the protocol knows: any other was
    /// chosen by whoever made the address.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.reason.explanation())?;
        f.write_str(" (")?;
        if let Some(name) = self.known_parameter() {
            text::write(f, &[name, ", "])?;
        }
        text::write(f, &["byte ", &text::decimal(self.offset as u64)])?;
        if let Some(fault) = self.fault {
            f.write_str(": ")?;
            fault.fmt(f)?;
        }
        f.write_str(")")
    }
}

impl core::error::Error for Rejection {}
