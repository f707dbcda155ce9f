//! The states by name, for tables and charts.

use core::fmt;

/// Where a request stands at the authorization server: the types of this module, without what they hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(clippy::exhaustive_enums)] // the tables list them all; a new one is a new version
pub enum Phase {
    /// [`Incoming`](super::Incoming).
    Incoming,
    /// [`Received`](super::Received).
    Received,
    /// [`AwaitingLogin`](super::AwaitingLogin).
    AwaitingLogin,
    /// [`Authenticated`](super::Authenticated).
    Authenticated,
    /// [`Consented`](super::Consented).
    Consented,
    /// [`Responded`](super::Responded).
    Responded,
    /// [`RedirectWithError`](super::RedirectWithError).
    RedirectWithError,
    /// [`ShowErrorPage`](super::ShowErrorPage).
    ShowErrorPage,
}

impl Phase {
    /// All of them, in the order in which a request goes through them; the two refusals last.
    pub const ALL: [Self; 8] = [
        Self::Incoming,
        Self::Received,
        Self::AwaitingLogin,
        Self::Authenticated,
        Self::Consented,
        Self::Responded,
        Self::RedirectWithError,
        Self::ShowErrorPage,
    ];

    /// The name of the type.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Incoming => "Incoming",
            Self::Received => "Received",
            Self::AwaitingLogin => "AwaitingLogin",
            Self::Authenticated => "Authenticated",
            Self::Consented => "Consented",
            Self::Responded => "Responded",
            Self::RedirectWithError => "RedirectWithError",
            Self::ShowErrorPage => "ShowErrorPage",
        }
    }

    /// What is known, in a few words.
    pub const fn known(self) -> &'static str {
        match self {
            Self::Incoming => "which client asks, by its own word",
            Self::Received => "the request is valid; the answer has a registered place to go",
            Self::AwaitingLogin => "somebody has to log in",
            Self::Authenticated => "who it is",
            Self::Consented => "what was granted",
            Self::Responded => "the answer",
            Self::RedirectWithError => "the error, and a registered place to send it",
            Self::ShowErrorPage => "what is wrong, and no place to send it",
        }
    }

    /// What comes next, in a few words.
    pub const fn next(self) -> &'static str {
        match self {
            Self::Incoming => "look the client up",
            Self::Received => "look the login session up",
            Self::AwaitingLogin => "the login page",
            Self::Authenticated => "the consent page",
            Self::Consented => "make and store a token",
            Self::Responded => "send it",
            Self::RedirectWithError => "send it; if it precedes the login, once somebody is logged in",
            Self::ShowErrorPage => "the error page",
        }
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_the_module_says_the_same() {
        let table = include_str!("mod.rs");
        for phase in Phase::ALL {
            let row = alloc::format!("//! | [`{phase}`] | {} | {} |\n", phase.known(), phase.next());
            assert!(table.contains(&row), "{row}");
        }
        assert_eq!(table.matches("\n//! | [`").count(), Phase::ALL.len());
    }
}
