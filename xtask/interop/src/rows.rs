//! The rows: what our client does to a server.

/// What is tried, in the order of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Row {
    Allow,
    Deny,
    InvalidScope,
    UnknownClient,
    WrongRedirectUri,
    UnsupportedResponseType,
    OddState,
    NoState,
    SilentWithoutSession,
    ApiWithToken,
    ApiWithWrongToken,
    ApiWithoutToken,
}

pub(crate) const ROWS: [Row; 12] = [
    Row::Allow,
    Row::Deny,
    Row::InvalidScope,
    Row::UnknownClient,
    Row::WrongRedirectUri,
    Row::UnsupportedResponseType,
    Row::OddState,
    Row::NoState,
    Row::SilentWithoutSession,
    Row::ApiWithToken,
    Row::ApiWithWrongToken,
    Row::ApiWithoutToken,
];

/// A state with everything in it that servers have been seen to damage.
pub(crate) const ODD_STATE: &str = "a b+c&d=é%20";

impl Row {
    /// What is tried, in words.
    pub(crate) const fn title(self) -> &'static str {
        match self {
            Self::Allow => "the user allows",
            Self::Deny => "the user denies",
            Self::InvalidScope => "a scope that nobody knows",
            Self::UnknownClient => "an unknown client",
            Self::WrongRedirectUri => "a redirection URI that is not registered",
            Self::UnsupportedResponseType => "a response type that is not supported",
            Self::OddState => "the state `a b+c&d=é%20`",
            Self::NoState => "the state taken out on the way",
            Self::SilentWithoutSession => "`prompt=none`, nobody logged in",
            Self::ApiWithToken => "the API, with the token",
            Self::ApiWithWrongToken => "the API, with another token",
            Self::ApiWithoutToken => "the API, without a token",
        }
    }
}
