//! The protocol's parameters and messages as data: each name is written here once, and the codec, the command line and
//! the generated documentation all read it here.

use crate::actor::{Actor, Step};
use crate::target::IS_SMALL;

/// Where a parameter travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Place {
    /// The query of the authorization endpoint's address.
    Query,
    /// The fragment of the redirection URI.
    Fragment,
    /// An HTTP header.
    Header,
}

impl Place {
    /// The place as the tables show it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::Fragment => "fragment",
            Self::Header => "header",
        }
    }
}

/// Whether a message must have the parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Need {
    /// Without it the message is invalid.
    Required,
    /// It should be there.
    Recommended,
    /// It may be there.
    Optional,
    /// It must be there when a condition holds; the meaning says which.
    Conditional,
    /// It must not be there.
    Forbidden,
}

impl Need {
    /// The need as the tables show it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::Recommended => "recommended",
            Self::Optional => "optional",
            Self::Conditional => "conditional",
            Self::Forbidden => "forbidden",
        }
    }
}

/// What the specifications say of one parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Parameter {
    /// The name on the wire.
    pub name: &'static str,
    /// Where it travels.
    pub place: Place,
    /// Whether it must be there.
    pub need: Need,
    /// Its grammar, as the specification's ABNF or in words.
    pub grammar: &'static str,
    /// What it means, in a sentence; units where there are any.
    pub meaning: &'static str,
    /// Where the specification says so.
    pub citation: &'static str,
    /// Whether its value must be kept out of logs, errors and pages.
    pub is_secret: bool,
}

/// One message of the protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Message {
    /// Its name: the type in [`message`](crate::message).
    pub name: &'static str,
    /// Who sends it.
    pub from: Actor,
    /// Who reads it.
    pub to: Actor,
    /// The step it belongs to.
    pub step: Step,
    /// Where the specification defines it.
    pub citation: &'static str,
    /// Its parameters.
    pub parameters: &'static [Parameter],
}

/// A fact in short form; the tables below stay readable as tables.
const fn parameter(
    name: &'static str,
    place: Place,
    need: Need,
    grammar: &'static str,
    citation: &'static str,
    meaning: &'static str,
) -> Parameter {
    Parameter { name, place, need, grammar, meaning, citation, is_secret: false }
}

const fn secret(parameter: Parameter) -> Parameter {
    Parameter { is_secret: true, ..parameter }
}

use Need::{Conditional, Forbidden, Optional, Recommended, Required};
use Place::{Fragment, Header, Query};

/// Ties the parameters of one kind of message to their facts, in the order of the specification's table.
macro_rules! parameters {
    ($(#[$enum_doc:meta])* $enum:ident: $($(#[$doc:meta])* $variant:ident = $fact:expr,)*) => {
        $(#[$enum_doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum $enum {
            $($(#[$doc])* $variant,)*
        }

        impl $enum {
            /// All of them, in the order of the specifications.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// How many there are.
            pub const COUNT: usize = Self::ALL.len();

            /// Their names on the wire, in the same order.
            pub const NAMES: &'static [&'static str] = &{
                let (mut names, mut at) = ([""; Self::COUNT], 0);
                while at < Self::COUNT {
                    names[at] = Self::FACTS[at].name;
                    at += 1;
                }
                names
            };

            /// What the specifications say of each, in the same order.
            pub const FACTS: &'static [Parameter] = &[$($fact),*];

            /// Which of them are secrets, in the same order.
            const SECRETS: &'static [bool] = &{
                let (mut secrets, mut at) = ([false; Self::COUNT], 0);
                while at < Self::COUNT {
                    secrets[at] = Self::FACTS[at].is_secret;
                    at += 1;
                }
                secrets
            };

            /// What the specifications say of it.
            pub const fn fact(self) -> &'static Parameter {
                &Self::FACTS[self as usize]
            }

            /// The name on the wire.
            pub const fn name(self) -> &'static str {
                // Without the other facts, which a small program may never ask for.
                Self::NAMES[self as usize]
            }

            /// Whether its value must be kept out of logs, errors and pages.
            pub const fn is_secret(self) -> bool {
                Self::SECRETS[self as usize]
            }

            /// Finds the parameter of this decoded name. Case counts.
            pub fn from_name(name: &str) -> Option<Self> {
                Self::from_name_bytes(name.as_bytes())
            }

            /// The same, of a name that is not known to be UTF-8.
            #[inline]
            #[allow(non_upper_case_globals)] // a constant a variant
            pub(crate) fn from_name_bytes(name: &[u8]) -> Option<Self> {
                // Names of another length cost one comparison each, and the compiler knows the text and the length that it
                // compares with: faster than a perfect hash, tried.
                if IS_SMALL {
                    let index = Self::NAMES.iter().position(|known| known.as_bytes() == name)?;
                    return Self::ALL.get(index).copied();
                }
                $(
                    const $variant: &[u8] = $enum::$variant.name().as_bytes();
                    if name == $variant {
                        return Some(Self::$variant);
                    }
                )*
                None
            }
        }
    };
}

// req: RFC6749-8.2-1, RFC6749-11.2-1, RFC6749-A.18-1
parameters! {
    /// A parameter of the authorization request that this library knows. A request may carry others.
    RequestParameter:
    /// What the client asks for.
    ResponseType = parameter("response_type", Query, Required, "response-name *( SP response-name )", "RFC 6749 section 4.2.1",
        "What the client asks for: `token` for the implicit grant."),
    /// Who asks.
    ClientId = parameter("client_id", Query, Required, "1*VSCHAR", "RFC 6749 section 2.2",
        "The client's public name at the authorization server."),
    /// Where the answer goes.
    RedirectUri = parameter("redirect_uri", Query, Optional, "URI-reference", "RFC 6749 section 3.1.2",
        "Where the answer goes; must equal a registered address byte by byte, but for the port of a native app's loopback address."),
    /// What the token is for.
    Scope = parameter("scope", Query, Optional, "scope-token *( SP scope-token )", "RFC 6749 section 3.3",
        "What the token is to be used for."),
    /// What ties the answer to the request.
    State = secret(parameter("state", Query, Recommended, "1*VSCHAR", "RFC 6749 section 10.12",
        "Ties the answer to this request; the server returns it unchanged.")),
    /// How the answer comes back.
    ResponseMode = parameter("response_mode", Query, Optional, "1*VSCHAR",
        "OAuth 2.0 Multiple Response Type Encoding Practices section 2.1",
        "How the answer comes back; `fragment` is the default for tokens, `query` is forbidden for them."),
    /// What the ID token repeats.
    Nonce = secret(parameter("nonce", Query, Conditional, "1*VSCHAR", "OpenID Connect Core 1.0 section 3.2.2.1",
        "The value that the ID token must repeat; required when one is asked for.")),
    /// Which pages to show.
    Prompt = parameter("prompt", Query, Optional, "names separated by single spaces",
        "OpenID Connect Core 1.0 section 3.1.2.1",
        "Which pages the server may or must show; `none` forbids all of them."),
    /// The form of the pages.
    Display = parameter("display", Query, Optional, "one name", "OpenID Connect Core 1.0 section 3.1.2.1",
        "The form in which the server's pages should come."),
    /// Who will log in.
    LoginHint = parameter("login_hint", Query, Optional, "text", "OpenID Connect Core 1.0 section 3.1.2.1",
        "Who the client thinks is going to log in."),
    /// A request in an object of its own.
    Request = parameter("request", Query, Forbidden, "a JWT", "OpenID Connect Core 1.0 section 6.1",
        "The whole request once more as a signed object, whose parameters would supersede all others; never sent."),
    /// The address of such an object.
    RequestUri = parameter("request_uri", Query, Forbidden, "URI", "OpenID Connect Core 1.0 section 6.2",
        "The address of such an object; never sent."),
    /// The languages of the pages.
    UiLocales = parameter("ui_locales", Query, Optional, "language tags separated by single spaces",
        "OpenID Connect Core 1.0 section 3.1.2.1",
        "The languages in which the server's pages should come, best first."),
}

impl RequestParameter {
    /// Whether [`AuthorizationRequest`](crate::message::AuthorizationRequest) has a field for it, or refuses it, so that
    /// nobody may add it as an extra parameter.
    pub const fn is_reserved(self) -> bool {
        !matches!(self, Self::LoginHint | Self::UiLocales)
    }

    /// `&name=`: what stands before its value in a form, and is written in one piece.
    pub(crate) const fn opening(self) -> &'static str {
        const MAX: usize = 16;
        const TEXTS: &[[u8; MAX]; RequestParameter::COUNT] = &{
            let (mut texts, mut parameter) = ([[b'='; MAX]; RequestParameter::COUNT], 0);
            while parameter < RequestParameter::COUNT {
                let (name, mut at) = (RequestParameter::NAMES[parameter].as_bytes(), 0);
                texts[parameter][0] = b'&';
                while at < name.len() {
                    texts[parameter][at + 1] = name[at];
                    at += 1;
                }
                parameter += 1;
            }
            texts
        };
        let (text, _) = TEXTS[self as usize].split_at(self.name().len() + 2);
        match core::str::from_utf8(text) {
            Ok(text) => text,
            Err(_) => "",
        }
    }
}

parameters! {
    /// A parameter of the answer that this library knows.
    ResponseParameter:
    /// The token itself.
    AccessToken = secret(parameter("access_token", Fragment, Required, "1*VSCHAR", "RFC 6749 section 4.2.2",
        "The credential for the API. Opaque, of any length.")),
    /// How the token is used.
    TokenType = parameter("token_type", Fragment, Required, "type-name / URI-reference", "RFC 6749 section 7.1",
        "How the token is used; case does not count. A client must not use a type it does not understand."),
    /// How long the token lives.
    ExpiresIn = parameter("expires_in", Fragment, Recommended, "1*DIGIT", "RFC 6749 section 4.2.2",
        "The lifetime of the token in seconds from the moment the answer was made."),
    /// What was granted.
    Scope = parameter("scope", Fragment, Conditional, "scope-token *( SP scope-token )", "RFC 6749 section 3.3",
        "What was granted; required when it differs from what was asked for."),
    /// The request's state, back.
    State = secret(parameter("state", Fragment, Conditional, "1*VSCHAR", "RFC 6749 section 4.2.2",
        "The request's state, unchanged; required when the request had one, on errors too.")),
    /// Who answered.
    Iss = parameter("iss", Fragment, Optional, "https address without query and fragment", "RFC 9207 section 2",
        "Which authorization server answered; protects clients of several servers from mix-up."),
    /// An ID token.
    IdToken = secret(parameter("id_token", Fragment, Conditional, "1*VSCHAR", "OpenID Connect Core 1.0 section 3.2.2.5",
        "A signed statement about the login; required when the response type names it. Carried unread.")),
    /// Why the server said no.
    Error = parameter("error", Fragment, Required, "1*NQSCHAR", "RFC 6749 section 4.2.2.1",
        "A code for why the server said no."),
    /// The same in words.
    ErrorDescription = parameter("error_description", Fragment, Optional, "1*NQSCHAR", "RFC 6749 section 4.2.2.1",
        "The same in words, for the client's developer; not for the user, and never to be trusted as markup."),
    /// Where to read more.
    ErrorUri = parameter("error_uri", Fragment, Optional, "URI-reference", "RFC 6749 section 4.2.2.1",
        "A page about the error; an attacker could have written it, so it is not to be followed unasked."),
    /// An authorization code, which has no business here.
    Code = secret(parameter("code", Fragment, Forbidden, "1*VSCHAR", "RFC 6749 section 4.1.2",
        "An authorization code belongs to another grant; it is never surfaced.")),
    /// A refresh token, which the grant must not issue.
    RefreshToken = secret(parameter("refresh_token", Fragment, Forbidden, "1*VSCHAR", "RFC 6749 section 4.2.2",
        "The server must not issue one with this grant; it is never surfaced.")),
}

impl ResponseParameter {
    /// Whether its presence alone makes an address an answer: every parameter does, except `state`, which answers
    /// nothing, and what the implicit grant must not carry at all.
    pub const fn makes_an_answer(self) -> bool {
        !matches!(self, Self::State | Self::Code | Self::RefreshToken)
    }
}

/// The parameters of a Bearer challenge (RFC 6750 section 3).
#[rustfmt::skip]
pub const CHALLENGE_PARAMETERS: &[Parameter] = &[
    parameter("realm", Header, Optional, "quoted-string", "RFC 9110 section 11.5",
        "The protected area that the challenge speaks of."),
    parameter("scope", Header, Optional, "scope-token *( SP scope-token )", "RFC 6750 section 3",
        "What a token needs to be allowed in."),
    parameter("error", Header, Optional, "1*NQSCHAR", "RFC 6750 section 3.1",
        "Why the token was refused; absent when none was sent."),
    parameter("error_description", Header, Optional, "1*NQSCHAR", "RFC 6750 section 3",
        "The same in words, for the client's developer."),
    parameter("error_uri", Header, Optional, "URI-reference", "RFC 6750 section 3",
        "A page about the error."),
];

const RESOURCE_REQUEST_PARAMETERS: &[Parameter] = &[secret(parameter(
    "Authorization",
    Header,
    Required,
    "\"Bearer\" 1*SP b64token",
    "RFC 6750 section 2.1",
    "The token, sent to the API server and nowhere else.",
))];

/// The parameters of a successful answer, in their order in [`ResponseParameter::FACTS`].
const SUCCESS: &[Parameter] = ResponseParameter::FACTS.split_at(7).0;
/// Those of an error answer; `state` and `iss` come with it too.
const ERROR: &[Parameter] = &[
    *ResponseParameter::Error.fact(),
    *ResponseParameter::ErrorDescription.fact(),
    *ResponseParameter::ErrorUri.fact(),
    *ResponseParameter::State.fact(),
    *ResponseParameter::Iss.fact(),
];

/// The messages of the grant in the order in which they are sent.
pub const MESSAGES: &[Message] = &[
    Message {
        name: "AuthorizationRequest",
        from: Actor::Client,
        to: Actor::AuthorizationServer,
        step: Step::One,
        citation: "RFC 6749 section 4.2.1",
        parameters: RequestParameter::FACTS,
    },
    Message {
        name: "AccessTokenResponse",
        from: Actor::AuthorizationServer,
        to: Actor::Client,
        step: Step::Two,
        citation: "RFC 6749 section 4.2.2",
        parameters: SUCCESS,
    },
    Message {
        name: "ErrorResponse",
        from: Actor::AuthorizationServer,
        to: Actor::Client,
        step: Step::Two,
        citation: "RFC 6749 section 4.2.2.1",
        parameters: ERROR,
    },
    Message {
        name: "ResourceRequest",
        from: Actor::Client,
        to: Actor::ApiServer,
        step: Step::Four,
        citation: "RFC 6750 section 2.1",
        parameters: RESOURCE_REQUEST_PARAMETERS,
    },
    Message {
        name: "BearerChallenge",
        from: Actor::ApiServer,
        to: Actor::Client,
        step: Step::Four,
        citation: "RFC 6750 section 3",
        parameters: CHALLENGE_PARAMETERS,
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grammar::NAME_CHAR;

    #[test]
    fn openings_are_the_names_as_a_form_has_them() {
        for parameter in RequestParameter::ALL {
            assert_eq!(parameter.opening(), alloc::format!("&{}=", parameter.name()));
        }
    }

    #[test]
    // req(test): RFC6749-11.2-1, RFC6749-8.2-1, RFC6749-A.18-1
    fn names_are_the_registered_ones_and_each_is_written_once() {
        let names: alloc::vec::Vec<&str> =
            ResponseParameter::ALL.iter().map(|parameter| parameter.name()).collect();
        assert_eq!(
            names,
            [
                "access_token",
                "token_type",
                "expires_in",
                "scope",
                "state",
                "iss",
                "id_token",
                "error",
                "error_description",
                "error_uri",
                "code",
                "refresh_token",
            ]
        );
        for (at, parameter) in ResponseParameter::ALL.iter().enumerate() {
            assert_eq!(ResponseParameter::from_name(parameter.name()), Some(*parameter));
            assert_eq!(*parameter as usize, at);
        }
        assert_eq!(ResponseParameter::from_name("Access_Token"), None);
        for parameter in RequestParameter::FACTS.iter().chain(ResponseParameter::FACTS) {
            assert!(NAME_CHAR.is_one_or_more(parameter.name.as_bytes()), "{}", parameter.name);
        }
    }

    #[test]
    fn places_and_needs_have_the_words_of_the_tables() {
        let places = [Query, Fragment, Header].map(Place::as_str);
        assert_eq!(places, ["query", "fragment", "header"]);
        let needs = [Required, Recommended, Optional, Conditional, Forbidden].map(Need::as_str);
        assert_eq!(needs, ["required", "recommended", "optional", "conditional", "forbidden"]);
    }

    #[test]
    fn the_success_table_ends_before_the_error_parameters() {
        assert_eq!(SUCCESS.last().unwrap().name, "id_token");
    }

    /// Most columns of the tables are text, which nothing but their place tells apart.
    #[test]
    fn each_column_of_a_table_is_in_its_field() {
        let expected = Parameter {
            name: "name",
            place: Place::Header,
            need: Need::Conditional,
            grammar: "grammar",
            meaning: "meaning",
            citation: "citation",
            is_secret: false,
        };
        let fact = parameter("name", Place::Header, Need::Conditional, "grammar", "citation", "meaning");
        assert_eq!(fact, expected);
        assert_eq!(secret(fact), Parameter { is_secret: true, ..expected });
    }

    #[test]
    fn the_facts_read_well_and_only_secrets_are_secret() {
        for message in MESSAGES {
            for fact in message.parameters {
                assert!(fact.meaning.ends_with('.') && fact.meaning.contains(' '), "{}", fact.name);
                assert!(["RFC ", "OpenID ", "OAuth "].iter().any(|start| fact.citation.starts_with(start)));
                let is_secret =
                    ["access_token", "Authorization", "id_token", "nonce", "state"].contains(&fact.name);
                assert_eq!(fact.is_secret, is_secret, "{}", fact.name);
            }
        }
        assert!(ResponseParameter::Code.fact().is_secret && ResponseParameter::RefreshToken.fact().is_secret);
    }
}
