//! Procore.
//!
//! ```text
//! https://login.procore.com/oauth/authorize?response_type=token&client_id=...&redirect_uri=...&state=...
//! ```
//!
//! - **Status**: the guide was removed in September 2022. The provider's changes of that time say that support does
//!   not stand behind the grant any more, for reasons of security, although it went on working.
//! - **Hosts**: login and API have different ones, and a token goes to the API's alone. Older pages and the
//!   provider's JavaScript SDK send the browser to the API's host; current documents name the login host, and so does
//!   this module. The on-demand sandbox uses the hosts of production.
//! - **Company**: nearly every call names one in a header; see [`is_company_needed`].
//! - **Renewal** takes a new redirect: neither a scope nor a `prompt` is documented, so no silent renewal either.
//! - **Lifetime**: the sources name 2 hours, 24 hours and 90 minutes, so none is assumed: read `expires_in`.
//! - **Answer**: documented are `access_token` and `expires_in`. The core also demands a `token_type`, as RFC 6749
//!   does; a deployment that turns out to send none can be forgiven by name
//!   ([`Profile::forgive_missing_token_type`]).
//! - **CORS**: the API answers a page only if the page's origin was registered for the app.
//! - **Limits**: 3600 requests an hour; 429 with `Retry-After` beyond.

mod company_id;
mod errata;

use alloc::borrow::Cow;

use fragrant::actor::{Actor, Step};
use fragrant::profile::{Profile, Renewal};
use fragrant::spec::Place;

pub use company_id::{CompanyId, InvalidCompanyId};
pub use errata::ERRATA;

use crate::flow::{MoveKind, a_move, skippable};
use crate::habits::sample_call;
use crate::notice::AUTHORIZATION_CODE_WITH_PKCE;
use crate::{CallHeader, Environment, Habits, Move, Notice, Paths, Provider, ProviderParameter};

/// Everything that is known of it.
pub static PROVIDER: Provider = Provider {
    id: "procore",
    name: NAME,
    profile: PROFILE,
    environments: &[PRODUCTION, DEVELOPER_SANDBOX, MONTHLY_SANDBOX],
    paths: PATHS,
    parameters: PARAMETERS,
    habits: HABITS,
    moves: MOVES,
    notices: &[NOTICE, Notice::RFC_9700],
    errata: ERRATA,
};

const NAME: &str = "Procore";

/// How a client treats Procore: no parameters of its own, renewal by redirect, no lifetime assumed.
pub const PROFILE: Profile = Profile::STRICT.with_name(Cow::Borrowed(NAME)).with_renewal(Renewal::Redirect);

/// The header that says which company a call is about; its value is a [`CompanyId`].
pub const COMPANY_ID_HEADER: &str = "Procore-Company-Id";

/// The calls that need no company, each a GET: they are how a client finds out which companies there are.
const CALLS_WITHOUT_COMPANY: [&str; 2] = ["/rest/v1.0/me", "/rest/v1.0/companies"];

/// The company of the samples: the only one at a test server.
pub const SAMPLE_COMPANY: CompanyId = CompanyId::from_number(8089);

const COMPANY_HEADER: CallHeader = CallHeader {
    name: COMPANY_ID_HEADER,
    names: "company",
    sample: "8089",
    not_to_read: &CALLS_WITHOUT_COMPANY,
};

/// Whether a call must carry the header [`COMPANY_ID_HEADER`]: every call does, except a GET of `/rest/v1.0/me` or of
/// `/rest/v1.0/companies`.
///
/// `method` is the HTTP method (case counts, RFC 9110 section 9.1), `path` the path of the address; a query after it
/// makes no difference.
pub fn is_company_needed(method: &str, path: &str) -> bool {
    COMPANY_HEADER.is_needed(method, path)
}

/// The servers for real data. The on-demand sandbox lives on them too.
pub const PRODUCTION: Environment = Environment {
    id: "production",
    name: "Production",
    login_origin: "https://login.procore.com",
    api_origin: "https://api.procore.com",
    paths: PATHS,
};

/// The sandbox that comes with an app's registration. It has client identifiers of its own.
pub const DEVELOPER_SANDBOX: Environment = Environment {
    id: "developer-sandbox",
    name: "Developer sandbox",
    login_origin: "https://login-sandbox.procore.com",
    api_origin: "https://sandbox.procore.com",
    paths: PATHS,
};

/// The sandbox that is overwritten with a copy of production every month. It has the client identifiers of production.
pub const MONTHLY_SANDBOX: Environment = Environment {
    id: "monthly-sandbox",
    name: "Monthly sandbox",
    login_origin: "https://login-sandbox-monthly.procore.com",
    api_origin: "https://api-monthly.procore.com",
    paths: PATHS,
};

/// Where the endpoints are.
///
/// A token is revoked by a POST of `token` and `client_id` as a form; an app without a secret may leave
/// `client_secret` out. The answer is 200 for a token that was not valid, too.
pub const PATHS: Paths = Paths {
    authorization: "/oauth/authorize",
    revocation: Some("/oauth/revoke"),
    token_info: Some("/oauth/token/info"),
    api: "/rest/v1.0/",
    sample_call: CALLS_WITHOUT_COMPANY[0],
};

/// What Procore adds to the protocol.
pub const PARAMETERS: &[ProviderParameter] = &[ProviderParameter {
    name: COMPANY_ID_HEADER,
    place: Place::Header,
    values: &[],
    meaning: "The company that a call is about; needed for all but GET /rest/v1.0/me and GET /rest/v1.0/companies.",
    source: "the provider's API documents",
}];

/// What its servers do. The documents name three lifetimes; this is the latest, 90 minutes.
pub const HABITS: Habits = Habits {
    token_type: "Bearer",
    token_lifetime: 5400,
    always_says_scope: false,
    says_issuer: false,
    answer_parameters: &[],
    sample_scope: &[],
    sample_calls: &[
        sample_call("Me", PATHS.sample_call, None),
        sample_call("Companies", CALLS_WITHOUT_COMPANY[1], None),
        sample_call("Projects", "/rest/v1.0/projects", None),
    ],
    call_header: Some(COMPANY_HEADER),
};

/// The guide's thirteen moves, from opening the page to seeing what the API answered.
#[rustfmt::skip]
pub const MOVES: &[Move] = &[
    a_move("1", Step::One, Actor::ResourceOwner, Actor::UserAgent, MoveKind::PageOpened,
        "opens the app's page"),
    a_move("2", Step::One, Actor::Client, Actor::ResourceOwner, MoveKind::ControlShown,
        "shows a control that begins the login"),
    a_move("3", Step::One, Actor::Client, Actor::AuthorizationServer, MoveKind::AuthorizationRequested,
        "sends the browser to the authorization endpoint when the control is used"),
    skippable(a_move("4", Step::Two, Actor::AuthorizationServer, Actor::ResourceOwner, MoveKind::LoginShown,
        "shows the login panel")),
    skippable(a_move("5", Step::Two, Actor::ResourceOwner, Actor::AuthorizationServer, MoveKind::CredentialsEntered,
        "enters credentials")),
    skippable(a_move("6", Step::Two, Actor::AuthorizationServer, Actor::ResourceOwner, MoveKind::ConsentShown,
        "asks for consent")),
    skippable(a_move("7", Step::Two, Actor::ResourceOwner, Actor::AuthorizationServer, MoveKind::DecisionMade,
        "allows or denies access")),
    a_move("8", Step::Two, Actor::AuthorizationServer, Actor::Client, MoveKind::AnswerRedirected,
        "redirects to the app with the token in the fragment"),
    a_move("9", Step::Three, Actor::RedirectionUri, Actor::Client, MoveKind::TokenExtracted,
        "takes the token out of the fragment"),
    a_move("10", Step::Four, Actor::Client, Actor::ApiServer, MoveKind::ApiCalled,
        "calls the API with the token on the user's behalf"),
    a_move("11", Step::Four, Actor::ApiServer, Actor::Client, MoveKind::ApiAnswered,
        "answers with a JSON object"),
    a_move("12", Step::Four, Actor::Client, Actor::UserAgent, MoveKind::ResultDisplayed,
        "displays the answer in the browser"),
    a_move("13", Step::Four, Actor::UserAgent, Actor::ResourceOwner, MoveKind::ResultViewed,
        "lets the user see it"),
];

/// The end of the guide.
pub const NOTICE: Notice = Notice {
    when: "2022-09",
    what: "Procore removed its guide to the implicit grant and the sample code",
    instead: AUTHORIZATION_CODE_WITH_PKCE,
    source: "the history of the provider's public documents",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_call_but_two_names_a_company() {
        for path in
            ["/rest/v1.0/me", "/rest/v1.0/companies", "/rest/v1.0/companies?page=2", PATHS.sample_call]
        {
            assert!(!is_company_needed("GET", path), "{path}");
        }
        for (method, path) in [
            ("GET", "/rest/v1.0/companies/1"),
            ("GET", "/rest/v1.0/companies/"),
            ("GET", "/rest/v1.0/projects"),
            ("GET", "/rest/v1.1/me"),
            ("GET", "/rest/v1.0/ME"),
            ("GET", "/vapid/me"),
            ("GET", ""),
            ("POST", "/rest/v1.0/companies"),
            ("PATCH", "/rest/v1.0/me"),
            ("get", "/rest/v1.0/me"),
        ] {
            assert!(is_company_needed(method, path), "{method} {path}");
        }
    }

    #[test]
    fn the_sample_company_is_one_and_the_same() {
        assert_eq!(CompanyId::parse(COMPANY_HEADER.sample), Ok(SAMPLE_COMPANY));
    }

    #[test]
    fn no_lifetime_is_assumed() {
        assert_eq!(PROFILE.default_lifetime, None);
        assert_eq!(PROFILE.renewal, Renewal::Redirect);
    }
}
