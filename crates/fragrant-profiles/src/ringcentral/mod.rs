//! RingCentral.
//!
//! ```text
//! https://platform.ringcentral.com/restapi/oauth/authorize?response_type=token&client_id=...&state=...
//! https://app.example/cb#access_token=...&token_type=bearer&expires_in=3600&endpoint_id=...&scope=Contacts%20Faxes
//! ```
//!
//! - **Status**: the guide was removed in December 2022, and the current documents describe the authorization code
//!   grant with PKCE and JWT. What is here comes from the removed guide, the API index of that time and the
//!   provider's own SDK: take it for undocumented legacy that works where an app has been allowed it.
//! - **Writing**: a success writes a space as `%20`, an error as `+`. The core reads both and writes `%20`.
//! - **Renewal** is silent: a request with `prompt=none` in a hidden frame, for as long as the login session lives.
//!   How long that is, the sources do not agree on; it may be half an hour.
//! - **Scope** is ignored according to the current documents: an app has the permissions of its registration.
//! - **Limits**: some five sessions in parallel for one user of one app; 429 with `Retry-After` beyond the rate
//!   limits.

mod brand_id;
mod errata;

use alloc::borrow::Cow;

use fragrant::actor::{Actor, Step};
use fragrant::profile::{Profile, Renewal};
use fragrant::spec::{Place, RequestParameter};
use fragrant::value::{Display, Prompt};

pub use brand_id::{BrandId, InvalidBrandId};
pub use errata::ERRATA;

use crate::flow::{MoveKind, a_move, skippable};
use crate::habits::{AnswerFact, AnswerParameter, sample_call};
use crate::notice::AUTHORIZATION_CODE_WITH_PKCE;
use crate::{Environment, Habits, Move, Notice, Paths, Provider, ProviderParameter};

/// Everything that is known of it.
pub static PROVIDER: Provider = Provider {
    id: "ringcentral",
    name: NAME,
    profile: PROFILE,
    environments: &[PRODUCTION, SANDBOX],
    paths: PATHS,
    parameters: PARAMETERS,
    habits: HABITS,
    moves: MOVES,
    notices: &[NOTICE, Notice::RFC_9700],
    errata: ERRATA,
};

const NAME: &str = "RingCentral";

/// How a client treats RingCentral: its parameters, silent renewal, and tokens of 3600 **seconds** should an answer
/// leave `expires_in` out.
pub const PROFILE: Profile = Profile::STRICT
    .with_name(Cow::Borrowed(NAME))
    .with_request_parameters(Cow::Borrowed(OWN_REQUEST_PARAMETERS))
    .with_response_parameters(Cow::Borrowed(OWN_RESPONSE_PARAMETERS))
    .with_user_parameter(Cow::Borrowed(OWNER_ID))
    .with_renewal(Renewal::Silent)
    .with_default_lifetime(3600);

/// The brand whose login page is shown; see [`BrandId`]. One page of the documents spells it `brandId`; this is the
/// name in the guide and in the provider's SDK.
pub const BRAND_ID: &str = "brand_id";
/// The language of the pages, by the provider's own name; [`UI_LOCALES`] beats it.
pub const LOCALE_ID: &str = "localeId";
/// The languages of the pages, by OpenID Connect's name.
pub const UI_LOCALES: &str = RequestParameter::UiLocales.name();
/// What the login page shows and hides; its values are not documented.
pub const UI_OPTIONS: &str = "ui_options";

/// In an answer: the application instance that the token was issued to.
pub const ENDPOINT_ID: &str = "endpoint_id";
/// In an answer: the user (extension) that the token is for. Known from the token endpoint's answers and from the
/// types of the provider's SDK, so a client of this grant must do without it.
pub const OWNER_ID: &str = "owner_id";

const OWN_REQUEST_PARAMETERS: &[Cow<'static, str>] = &[
    Cow::Borrowed(BRAND_ID),
    Cow::Borrowed(UI_LOCALES),
    Cow::Borrowed(LOCALE_ID),
    Cow::Borrowed(UI_OPTIONS),
];
const OWN_RESPONSE_PARAMETERS: &[Cow<'static, str>] = &[Cow::Borrowed(ENDPOINT_ID), Cow::Borrowed(OWNER_ID)];

/// `prompt=sso`: show the single sign-on login. It may stand together with [`Prompt::LOGIN`] and [`Prompt::CONSENT`].
pub const PROMPT_SSO: Prompt = Prompt::from_static("sso");

/// `display=mobile`: pages for a mobile device. The guide's other modes are OpenID Connect's [`Display::PAGE`] (what
/// is shown without one), [`Display::POPUP`] and [`Display::TOUCH`].
pub const DISPLAY_MOBILE: Display = Display::from_static("mobile");

/// The servers for real data.
pub const PRODUCTION: Environment = Environment {
    id: "production",
    name: "Production",
    login_origin: "https://platform.ringcentral.com",
    api_origin: "https://platform.ringcentral.com",
    paths: PATHS,
};

/// The servers for trying things out. The current documents name production alone.
pub const SANDBOX: Environment = Environment {
    id: "sandbox",
    name: "Sandbox",
    login_origin: "https://platform.devtest.ringcentral.com",
    api_origin: "https://platform.devtest.ringcentral.com",
    paths: PATHS,
};

/// Where the endpoints are. In the API's paths `~` stands for the account and the extension that the token is for.
///
/// To revoke a token ends the whole login session. The documents ask for the client's secret there, which a browser
/// cannot have; the provider's SDK sends `client_id` in the body instead, and the documents say not to retry on an
/// error.
pub const PATHS: Paths = Paths {
    authorization: "/restapi/oauth/authorize",
    revocation: Some("/restapi/oauth/revoke"),
    token_info: None,
    api: "/restapi/v1.0/",
    sample_call: "/restapi/v1.0/account/~/extension/~",
};

const GUIDE: &str = "the provider's guide to the grant, removed in December 2022";
const API_INDEX: &str = "the provider's API index before December 2022";

/// What RingCentral adds to the protocol, or gives values of its own.
pub const PARAMETERS: &[ProviderParameter] = &[
    ProviderParameter {
        name: BRAND_ID,
        place: Place::Query,
        values: &["1210"],
        meaning: "The brand whose login page is shown; without it the app's own, or else 1210, RingCentral US.",
        source: GUIDE,
    },
    ProviderParameter {
        name: RequestParameter::Display.name(),
        place: Place::Query,
        values: &["page", "popup", "touch", "mobile"],
        meaning: "The form of the pages; `page` without it.",
        source: API_INDEX,
    },
    ProviderParameter {
        name: RequestParameter::Prompt.name(),
        place: Place::Query,
        values: &["login", "sso", "consent", "none"],
        meaning: "Which pages are shown: a set of the first three (`login sso` without it), or `none` alone to \
                  renew without any page.",
        source: API_INDEX,
    },
    ProviderParameter {
        name: UI_LOCALES,
        place: Place::Query,
        values: &[],
        meaning: "The languages of the pages, best first; beats `localeId`.",
        source: API_INDEX,
    },
    ProviderParameter {
        name: LOCALE_ID,
        place: Place::Query,
        values: &[],
        meaning: "The language of the pages; `ui_locales` beats it.",
        source: API_INDEX,
    },
    ProviderParameter {
        name: UI_OPTIONS,
        place: Place::Query,
        values: &[],
        meaning: "What the login page shows and hides.",
        source: API_INDEX,
    },
    ProviderParameter {
        name: ENDPOINT_ID,
        place: Place::Fragment,
        values: &[],
        meaning: "The application instance that the token was issued to.",
        source: GUIDE,
    },
    ProviderParameter {
        name: OWNER_ID,
        place: Place::Fragment,
        values: &[],
        meaning: "The user (extension) that the token is for.",
        source: "the provider's SDK",
    },
];

/// What its servers do: they say the scope in every answer, and for which application instance and user the token is.
pub const HABITS: Habits = Habits {
    token_type: "bearer",
    token_lifetime: 3600,
    always_says_scope: true,
    says_issuer: false,
    answer_parameters: &[
        AnswerParameter { name: ENDPOINT_ID, says: AnswerFact::ApplicationInstance },
        AnswerParameter { name: OWNER_ID, says: AnswerFact::User },
    ],
    sample_scope: &["Contacts", "ReadCallLog"],
    sample_calls: &[
        sample_call("Extension", PATHS.sample_call, None),
        sample_call("Contacts", "/restapi/v1.0/account/~/extension/~/address-book/contact", Some("Contacts")),
        sample_call("Call log", "/restapi/v1.0/account/~/extension/~/call-log", Some("ReadCallLog")),
    ],
    call_header: None,
};

/// The guide's four steps, in their single moves. Its third step ends with the renewal.
#[rustfmt::skip]
pub const MOVES: &[Move] = &[
    a_move("1", Step::One, Actor::Client, Actor::AuthorizationServer, MoveKind::AuthorizationRequested,
        "sends the browser to the authorization endpoint"),
    skippable(a_move("2", Step::Two, Actor::AuthorizationServer, Actor::ResourceOwner, MoveKind::LoginShown,
        "shows its login page")),
    skippable(a_move("2", Step::Two, Actor::ResourceOwner, Actor::AuthorizationServer, MoveKind::CredentialsEntered,
        "logs in")),
    skippable(a_move("2", Step::Two, Actor::AuthorizationServer, Actor::ResourceOwner, MoveKind::ConsentShown,
        "lists the permissions that the app asks for")),
    skippable(a_move("2", Step::Two, Actor::ResourceOwner, Actor::AuthorizationServer, MoveKind::DecisionMade,
        "allows or denies them")),
    a_move("2", Step::Two, Actor::AuthorizationServer, Actor::Client, MoveKind::AnswerRedirected,
        "redirects with the token, or an error, in the fragment"),
    a_move("3", Step::Three, Actor::RedirectionUri, Actor::Client, MoveKind::TokenExtracted,
        "takes the token out of the fragment for the app to keep"),
    a_move("3", Step::Three, Actor::Client, Actor::AuthorizationServer, MoveKind::RenewalRequested,
        "asks for the next token with prompt=none before this one ends"),
    a_move("4", Step::Four, Actor::Client, Actor::ApiServer, MoveKind::ApiCalled,
        "calls the API with the token"),
    a_move("4", Step::Four, Actor::ApiServer, Actor::Client, MoveKind::ApiAnswered,
        "answers"),
];

/// The end of the guide.
pub const NOTICE: Notice = Notice {
    when: "2022-12",
    what: "RingCentral removed its guide to the implicit grant and every mention of it from its documents",
    instead: AUTHORIZATION_CODE_WITH_PKCE,
    source: "the history of the provider's public documents",
};
