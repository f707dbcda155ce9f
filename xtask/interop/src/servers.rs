//! The servers that our client is tried against, and what it makes of each.

use fragrant::value::ResponseType;

use crate::rows::Row;

/// Somebody else's authorization server, in one of its ways.
#[derive(Debug)]
pub(crate) struct TestedServer {
    /// What the page calls it.
    pub(crate) title: &'static str,
    /// The program in `xtask/interop` that starts it.
    pub(crate) program: &'static str,
    /// Where its errors go, if that is for the application to say.
    pub(crate) errors: &'static str,
    pub(crate) response_type: ResponseType,
    /// One that it does not have.
    pub(crate) unsupported: &'static str,
    pub(crate) scope: &'static [&'static str],
    /// The path of its authorization endpoint.
    pub(crate) authorization: &'static str,
    /// The path of its API.
    pub(crate) api: &'static str,
    /// The words on what says yes.
    pub(crate) allow: &'static str,
    /// The words on what says no.
    pub(crate) deny: &'static str,
    /// Whether it names itself in its answers (RFC 9207), as its metadata says.
    pub(crate) says_issuer: bool,
    /// What our client makes of it, a row each.
    expected: &'static [(Row, &'static str)],
}

const AUTHLIB: TestedServer = TestedServer {
    title: "Authlib",
    program: "servers/authlib_server.py",
    errors: "",
    response_type: ResponseType::TOKEN,
    unsupported: "bogus",
    scope: &["read", "write"],
    authorization: "/authorize",
    api: "/resource",
    allow: "Allow",
    deny: "Deny",
    says_issuer: false,
    expected: &[
        (Row::Allow, "authorized"),
        (Row::Deny, "`access_denied`, in the fragment"),
        (Row::InvalidScope, "`invalid_scope`, in the fragment"),
        (Row::UnknownClient, "a page (400), no answer"),
        (Row::WrongRedirectUri, "a page (400), no answer"),
        (Row::UnsupportedResponseType, "`unsupported_response_type`, in the query"),
        (Row::OddState, "authorized"),
        (Row::NoState, "rejected: `state_missing`, on a token"),
        (Row::SilentWithoutSession, "a login page, no answer"),
        (Row::ApiWithToken, "200"),
        (Row::ApiWithWrongToken, "401, `invalid_token`"),
        (Row::ApiWithoutToken, "401, `missing_authorization`"),
    ],
};

pub(crate) const SERVERS: &[TestedServer] = &[
    AUTHLIB,
    TestedServer {
        title: "Authlib, `id_token token`",
        response_type: ResponseType::ID_TOKEN_TOKEN,
        scope: &["openid", "read"],
        expected: &[
            (Row::Allow, "authorized, an ID token unread"),
            (Row::Deny, "rejected: `state_missing`, on `access_denied`"),
            (Row::InvalidScope, "`invalid_scope`, in the fragment"),
            (Row::UnknownClient, "a page (400), no answer"),
            (Row::WrongRedirectUri, "a page (400), no answer"),
            (Row::UnsupportedResponseType, "`unsupported_response_type`, in the query"),
            (Row::OddState, "authorized, an ID token unread"),
            (Row::NoState, "rejected: `state_missing`, on a token"),
            (Row::SilentWithoutSession, "`login_required`, in the fragment"),
            (Row::ApiWithToken, "200"),
            (Row::ApiWithWrongToken, "401, `invalid_token`"),
            (Row::ApiWithoutToken, "401, `missing_authorization`"),
        ],
        ..AUTHLIB
    },
    TestedServer {
        title: "oauthlib, the endpoint answers",
        program: "servers/oauthlib_server.py",
        errors: "fragment",
        expected: &[
            (Row::Allow, "authorized"),
            (Row::Deny, "`access_denied`, in the fragment"),
            (Row::InvalidScope, "`invalid_scope`, in the fragment"),
            (Row::UnknownClient, "a page (400), no answer"),
            (Row::WrongRedirectUri, "a page (400), no answer"),
            (Row::UnsupportedResponseType, "`unsupported_response_type`, in the fragment"),
            (Row::OddState, "authorized"),
            (Row::NoState, "rejected: `state_missing`, on a token"),
            (Row::SilentWithoutSession, "a login page, no answer"),
            (Row::ApiWithToken, "200"),
            (Row::ApiWithWrongToken, "401, `invalid_token`"),
            (Row::ApiWithoutToken, "401, a bare challenge"),
        ],
        ..AUTHLIB
    },
    TestedServer {
        title: "oauthlib, the application redirects",
        program: "servers/oauthlib_server.py",
        errors: "query",
        expected: &[
            (Row::Allow, "authorized"),
            (Row::Deny, "`access_denied`, in the query"),
            (Row::InvalidScope, "`invalid_scope`, in the query"),
            (Row::UnknownClient, "a page (400), no answer"),
            (Row::WrongRedirectUri, "a page (400), no answer"),
            (Row::UnsupportedResponseType, "`unsupported_response_type`, in the query"),
            (Row::OddState, "authorized"),
            (Row::NoState, "rejected: `state_missing`, on a token"),
            (Row::SilentWithoutSession, "a login page, no answer"),
            (Row::ApiWithToken, "200"),
            (Row::ApiWithWrongToken, "401, `invalid_token`"),
            (Row::ApiWithoutToken, "401, a bare challenge"),
        ],
        ..AUTHLIB
    },
    TestedServer {
        title: "django-oauth-toolkit",
        program: "servers/django_oauth_toolkit_server.py",
        authorization: "/o/authorize/",
        allow: "Authorize",
        deny: "Cancel",
        expected: &[
            (Row::Allow, "authorized"),
            (Row::Deny, "`access_denied`, in the query"),
            (Row::InvalidScope, "`invalid_scope`, in the query"),
            (Row::UnknownClient, "a page (400), no answer"),
            (Row::WrongRedirectUri, "a page (400), no answer"),
            (Row::UnsupportedResponseType, "`unsupported_response_type`, in the query"),
            (Row::OddState, "authorized"),
            (Row::NoState, "rejected: `state_missing`, on a token"),
            (Row::SilentWithoutSession, "`login_required`, in the query"),
            (Row::ApiWithToken, "200"),
            (Row::ApiWithWrongToken, "403, no Bearer challenge"),
            (Row::ApiWithoutToken, "403, no Bearer challenge"),
        ],
        ..AUTHLIB
    },
    TestedServer {
        title: "oauth2orize",
        program: "servers/oauth2orize.mjs",
        expected: &[
            (Row::Allow, "authorized"),
            (Row::Deny, "`access_denied`, in the fragment"),
            (Row::InvalidScope, "`invalid_scope`, in the fragment"),
            (Row::UnknownClient, "a page (403), no answer"),
            (Row::WrongRedirectUri, "a page (403), no answer"),
            (Row::UnsupportedResponseType, "a page (501), no answer"),
            (Row::OddState, "authorized"),
            (Row::NoState, "rejected: `state_missing`, on a token"),
            (Row::SilentWithoutSession, "a login page, no answer"),
            (Row::ApiWithToken, "200"),
            (Row::ApiWithWrongToken, "401, `invalid_token`"),
            (Row::ApiWithoutToken, "401, a bare challenge"),
        ],
        ..AUTHLIB
    },
    TestedServer {
        title: "oidc-provider, `id_token token`",
        program: "servers/oidc_provider.mjs",
        errors: "",
        response_type: ResponseType::ID_TOKEN_TOKEN,
        unsupported: "token",
        scope: &["openid"],
        authorization: "/auth",
        api: "/me",
        allow: "Continue",
        deny: "Cancel",
        says_issuer: true,
        expected: &[
            (Row::Allow, "authorized, an ID token unread, `issuer_missing`"),
            (Row::Deny, "`access_denied`, in the fragment, with `iss`"),
            (
                Row::InvalidScope,
                "authorized, an ID token unread, without the scope `nonsense`, `issuer_missing`",
            ),
            (Row::UnknownClient, "a page (400), no answer"),
            (Row::WrongRedirectUri, "a page (400), no answer"),
            (Row::UnsupportedResponseType, "`unsupported_response_type`, in the fragment, with `iss`"),
            (Row::OddState, "authorized, an ID token unread, `issuer_missing`"),
            (Row::NoState, "rejected: `state_missing`, on a token"),
            (Row::SilentWithoutSession, "`login_required`, in the fragment, with `iss`"),
            (Row::ApiWithToken, "200"),
            (Row::ApiWithWrongToken, "401, `invalid_token`"),
            (Row::ApiWithoutToken, "401, a bare challenge"),
        ],
    },
];

impl TestedServer {
    /// What our client is to make of a row.
    pub(crate) fn expected(&self, row: Row) -> &'static str {
        let cell = self.expected.iter().find(|(own, _)| *own == row);
        cell.map(|(_, cell)| *cell)
            .unwrap_or_else(|| panic!("{}: nothing is expected of {row:?}", self.title))
    }
}
