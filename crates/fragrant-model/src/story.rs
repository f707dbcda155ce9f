//! What is said in the course of a run, for people to read.

use std::fmt;

use crate::world::is_guess;

/// Who takes part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(clippy::exhaustive_enums)] // the six actors, and the attacker
pub enum Party {
    /// Whoever attacks.
    Attacker,
    /// A user.
    ResourceOwner(u8),
    /// A user's browser.
    UserAgent(u8),
    /// An honest client, with the page at its redirection URI.
    Client(u8),
    /// An authorization server.
    AuthorizationServer(u8),
    /// Its API server.
    ApiServer(u8),
}

impl fmt::Display for Party {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, number) = match self {
            Self::Attacker => return f.write_str("attacker"),
            Self::ResourceOwner(user) if *user >= super::world::ATTACKER_USER => {
                return f.write_str("attacker");
            }
            Self::UserAgent(user) if *user >= super::world::ATTACKER_USER => {
                return f.write_str("attacker's browser");
            }
            Self::ResourceOwner(user) => ("user", user),
            Self::UserAgent(user) => ("browser", user),
            Self::Client(client) => ("client", client),
            Self::AuthorizationServer(server) => ("server", server),
            Self::ApiServer(server) => ("API", server),
        };
        write!(f, "{name} {}", number + 1)
    }
}

impl Party {
    /// Reads what is printed of a party.
    pub(crate) fn read(text: &str) -> Option<Self> {
        if let Some(whose) = text.strip_prefix("attacker") {
            return match whose {
                "" => Some(Self::Attacker),
                "'s browser" => Some(Self::UserAgent(super::world::ATTACKER_USER)),
                _ => None,
            };
        }
        let (name, number) = text.rsplit_once(' ')?;
        let number = number.parse::<u8>().ok()?.checked_sub(1)?;
        Some(match name {
            "user" => Self::ResourceOwner(number),
            "browser" => Self::UserAgent(number),
            "client" => Self::Client(number),
            "server" => Self::AuthorizationServer(number),
            "API" => Self::ApiServer(number),
            _ => return None,
        })
    }
}

/// One thing that is said or done.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Line {
    /// Who speaks.
    pub from: Party,
    /// Who hears it.
    pub to: Party,
    /// What it is, in a few words.
    pub text: String,
    /// The address or the message itself, if there is one.
    pub wire: Option<String>,
    /// It is a refusal: the word or the sentence of whoever refuses.
    pub refusal: Option<String>,
}

impl Line {
    pub(crate) fn new(from: Party, to: Party, text: impl Into<String>) -> Self {
        Self { from, to, text: text.into(), wire: None, refusal: None }
    }
}

/// Shortens the hexadecimal states in a text to what tells them apart: whose request it was, and which.
pub fn shorten_states(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| c.is_ascii_hexdigit()) {
        let end = rest[at..].find(|c: char| !c.is_ascii_hexdigit()).map_or(rest.len(), |end| at + end);
        let run = &rest[at..end];
        out.push_str(&rest[..at]);
        match run.len() {
            56 => out.push_str(&name_of_state(run)),
            _ => out.push_str(run),
        }
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

fn name_of_state(state: &str) -> String {
    let number = |range: std::ops::Range<usize>| {
        state.get(range).and_then(|digits| u8::from_str_radix(digits, 16).ok()).unwrap_or_default()
    };
    let (drawer, request) = (number(0..2), number(14..16));
    match (drawer, is_guess(state)) {
        (0, true) => "guess-of-zeros".into(),
        (_, true) => format!("guess-of-state-{drawer}.{request}"),
        (0, false) => "zeros".into(),
        (drawer, false) if drawer > super::world::ATTACKER_USER => "attackers-state".into(),
        (_, false) => format!("state-{drawer}.{request}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::guess_of_state;

    #[test]
    fn states_are_named_and_other_words_left() {
        let own = crate::world::state_of(0, 1);
        let zeros = "0".repeat(56);
        let [guess, guess_of_zeros] = [&own, &zeros].map(|state| guess_of_state(&state[..16]));
        assert_eq!(
            shorten_states(&format!("a=beef&state={own}&state={guess} {zeros} {guess_of_zeros}")),
            "a=beef&state=state-1.2&state=guess-of-state-1.2 zeros guess-of-zeros"
        );
    }
}
