//! The six actors of the implicit grant and its four steps.

use core::fmt;

/// Who takes part. RFC 6749 section 1.1 names four roles; section 4.2 adds the user agent and the web-hosted client
/// resource behind the redirection URI.
///
/// The order is that of first appearance in a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(clippy::exhaustive_enums)] // six, by the definition of the grant
pub enum Actor {
    /// The application that wants to call the API on the resource owner's behalf.
    Client,
    /// The person (or entity) who can grant access.
    ResourceOwner,
    /// The resource owner's browser: it follows redirects and keeps fragments to itself.
    UserAgent,
    /// The server that authenticates the resource owner and issues the token.
    AuthorizationServer,
    /// The web-hosted client resource that the browser is sent back to; its script reads the fragment.
    RedirectionUri,
    /// The server of the protected API; the RFC's *resource server*.
    ApiServer,
}

impl Actor {
    /// All six, in order of first appearance.
    pub const ALL: [Self; 6] = [
        Self::Client,
        Self::ResourceOwner,
        Self::UserAgent,
        Self::AuthorizationServer,
        Self::RedirectionUri,
        Self::ApiServer,
    ];

    /// The name as people write it, in lower case.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::ResourceOwner => "resource owner",
            Self::UserAgent => "user agent",
            Self::AuthorizationServer => "authorization server",
            Self::RedirectionUri => "redirection URI",
            Self::ApiServer => "API server",
        }
    }

    /// Who it is, in a sentence without its full stop.
    pub const fn explanation(self) -> &'static str {
        match self {
            Self::Client => "the application that wants to call the API on the resource owner's behalf",
            Self::ResourceOwner => "the person (or entity) who can grant access",
            Self::UserAgent => {
                "the resource owner's browser, which follows redirects and keeps fragments to itself"
            }
            Self::AuthorizationServer => {
                "the server that authenticates the resource owner and issues the token"
            }
            Self::RedirectionUri => {
                "the client's page that the browser is sent back to, whose script reads the fragment"
            }
            Self::ApiServer => "the server of the protected API; the RFC calls it the resource server",
        }
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The four steps of the grant, as the providers' guides count them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(clippy::exhaustive_enums)] // four, by the definition of the grant
pub enum Step {
    /// The client sends the user agent to the authorization server (RFC 6749 section 4.2.1).
    One,
    /// Login, consent, and the redirect whose fragment holds the token (section 4.2.2).
    Two,
    /// The client takes the token from the fragment, checks and keeps it, and renews it before it ends.
    Three,
    /// The client calls the API server with the token (section 7, RFC 6750).
    Four,
}

impl Step {
    /// All four, in order.
    pub const ALL: [Self; 4] = [Self::One, Self::Two, Self::Three, Self::Four];

    /// 1 to 4.
    pub const fn number(self) -> u8 {
        match self {
            Self::One => 1,
            Self::Two => 2,
            Self::Three => 3,
            Self::Four => 4,
        }
    }

    /// What happens in the step, in a few words.
    pub const fn title(self) -> &'static str {
        match self {
            Self::One => "authorization request",
            Self::Two => "login, consent and redirect",
            Self::Three => "token extraction and renewal",
            Self::Four => "API call",
        }
    }

    /// The same in a sentence without its full stop.
    pub const fn explanation(self) -> &'static str {
        match self {
            Self::One => "the client sends the user agent to the authorization server",
            Self::Two => {
                "the resource owner logs in and consents, and the authorization server redirects the user agent to the \
                 redirection URI with the token in the fragment"
            }
            Self::Three => {
                "the client takes the token from the fragment, checks and keeps it, and renews it before it ends"
            }
            Self::Four => "the client calls the API server with the token",
        }
    }

    /// Where the specifications describe it.
    pub const fn citation(self) -> &'static str {
        match self {
            Self::One => "RFC 6749 section 4.2.1",
            Self::Two | Self::Three => "RFC 6749 section 4.2.2",
            Self::Four => "RFC 6749 section 7, RFC 6750 section 2.1",
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "step {}: {}", self.number(), self.title())
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::{String, ToString};
    use alloc::vec::Vec;

    use super::*;

    #[test]
    fn the_actors_of_the_diagram_are_these_in_this_order() {
        let names: Vec<&str> = Actor::ALL.iter().map(|actor| actor.name()).collect();
        assert_eq!(
            names,
            [
                "client",
                "resource owner",
                "user agent",
                "authorization server",
                "redirection URI",
                "API server"
            ]
        );
        let header = include_str!("lib.rs").lines().find(|line| line.contains("client      resource owner"));
        let drawn: Vec<&str> =
            header.unwrap().split("  ").map(str::trim).filter(|name| name.len() > "//!".len()).collect();
        assert_eq!(drawn, names);
        assert!(Actor::ALL.is_sorted());
        assert!(Actor::ALL.iter().all(|actor| actor.to_string() == actor.name()));
    }

    #[test]
    fn each_is_explained_in_words_of_its_own() {
        let mut all: Vec<&str> = Actor::ALL.iter().map(|actor| actor.explanation()).collect();
        all.extend(Step::ALL.iter().map(|step| step.explanation()));
        assert!(all.iter().all(|text| text.starts_with("the ") && !text.ends_with('.')));
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
    }

    #[test]
    fn each_step_is_described_in_a_specification() {
        assert!(Step::ALL.iter().all(|step| step.citation().starts_with("RFC 6749 section ")));
    }

    #[test]
    fn the_steps_are_counted_from_one() {
        let steps: Vec<String> = Step::ALL.iter().map(Step::to_string).collect();
        assert_eq!(
            steps,
            [
                "step 1: authorization request",
                "step 2: login, consent and redirect",
                "step 3: token extraction and renewal",
                "step 4: API call",
            ]
        );
        assert!(Step::ALL.is_sorted());
    }
}
