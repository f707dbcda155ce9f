//! The servers that our client is tried against, and what it makes of each.

use fragrant::value::ResponseType;

use crate::rows::ROWS;

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
    pub(crate) expected: [&'static str; ROWS.len()],
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
    expected: [
        "authorized",
        "`access_denied`, in the fragment",
        "`invalid_scope`, in the fragment",
        "a page (400), no answer",
        "a page (400), no answer",
        "`unsupported_response_type`, in the query",
        "authorized",
        "rejected: `state_missing`",
        "a login page, no answer",
        "200",
        "401, `invalid_token`",
        "401, `missing_authorization`",
    ],
};

pub(crate) const SERVERS: &[TestedServer] = &[
    AUTHLIB,
    TestedServer {
        title: "Authlib, `id_token token`",
        response_type: ResponseType::ID_TOKEN_TOKEN,
        scope: &["openid", "read"],
        expected: [
            "authorized, an ID token unread",
            "rejected: `state_missing`",
            "`invalid_scope`, in the fragment",
            "a page (400), no answer",
            "a page (400), no answer",
            "`unsupported_response_type`, in the query",
            "authorized, an ID token unread",
            "rejected: `state_missing`",
            "`login_required`, in the fragment",
            "200",
            "401, `invalid_token`",
            "401, `missing_authorization`",
        ],
        ..AUTHLIB
    },
    TestedServer {
        title: "oauthlib, the endpoint answers",
        program: "servers/oauthlib_server.py",
        errors: "fragment",
        expected: [
            "authorized",
            "`access_denied`, in the fragment",
            "`invalid_scope`, in the fragment",
            "a page (400), no answer",
            "a page (400), no answer",
            "`unsupported_response_type`, in the fragment",
            "authorized",
            "rejected: `state_missing`",
            "a login page, no answer",
            "200",
            "401, `invalid_token`",
            "401, a bare challenge",
        ],
        ..AUTHLIB
    },
    TestedServer {
        title: "oauthlib, the application redirects",
        program: "servers/oauthlib_server.py",
        errors: "query",
        expected: [
            "authorized",
            "`access_denied`, in the query",
            "`invalid_scope`, in the query",
            "a page (400), no answer",
            "a page (400), no answer",
            "`unsupported_response_type`, in the query",
            "authorized",
            "rejected: `state_missing`",
            "a login page, no answer",
            "200",
            "401, `invalid_token`",
            "401, a bare challenge",
        ],
        ..AUTHLIB
    },
    TestedServer {
        title: "django-oauth-toolkit",
        program: "servers/django_oauth_toolkit_server.py",
        authorization: "/o/authorize/",
        allow: "Authorize",
        deny: "Cancel",
        expected: [
            "authorized",
            "`access_denied`, in the query",
            "`invalid_scope`, in the query",
            "a page (400), no answer",
            "a page (400), no answer",
            "`unsupported_response_type`, in the query",
            "authorized",
            "rejected: `state_missing`",
            "`login_required`, in the query",
            "200",
            "403, no Bearer challenge",
            "403, no Bearer challenge",
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
        expected: [
            "authorized, an ID token unread, `issuer_missing`",
            "`access_denied`, in the fragment, with `iss`",
            "authorized, an ID token unread, without the scope `nonsense`, `issuer_missing`",
            "a page (400), no answer",
            "a page (400), no answer",
            "`unsupported_response_type`, in the fragment, with `iss`",
            "authorized, an ID token unread, `issuer_missing`",
            "rejected: `state_missing`",
            "`login_required`, in the fragment, with `iss`",
            "200",
            "401, `invalid_token`",
            "401, a bare challenge",
        ],
    },
];
