//! What the attacker can know: symbolic tokens, states, passwords.

use std::collections::BTreeSet;

use fragrant::spec::ResponseParameter;
use fragrant::wire::form;

use super::cast::{ATTACKER, HONEST, HOSTILE_CLIENT};
use crate::property::{Properties, Property};

/// Something that is worth knowing.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(clippy::exhaustive_enums)] // complete: the secrets of the grant
pub enum Term {
    /// A user's password at an authorization server.
    Password {
        /// Whose.
        user: u8,
        /// Where.
        server: u8,
    },
    /// The state of a request.
    State(String),
    /// An access token.
    Token(String),
}

/// What an access token stands for. Its text says so, as nothing in the world but the servers looks into it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs)] // complete: what a plain token stands for
pub struct Token<'t> {
    /// The server that issued it.
    pub server: &'t str,
    /// Who allowed it.
    pub owner: &'t str,
    /// Whom it was issued to.
    pub client: &'t str,
}

impl<'t> Token<'t> {
    /// Reads a token's text, with or without a number behind it.
    pub fn read(text: &'t str) -> Option<Self> {
        let mut parts = text.split('.');
        let (server, owner, client) = (parts.next()?, parts.next()?, parts.next()?);
        Some(Self { server, owner, client })
    }

    /// Whether it is an honest user's.
    pub fn is_of_honest_user(&self) -> bool {
        self.owner.starts_with('u') && self.owner != ATTACKER
    }

    /// Whether it is for an honest client.
    pub fn is_for_honest_client(&self) -> bool {
        self.client != HOSTILE_CLIENT
    }
}

/// A state with the right key and a secret half that is made up: anybody can guess the one, and nobody the other. No entropy of
/// this world is so full, so it is never the right one by chance.
pub(crate) fn guess_of_state(key: &str) -> String {
    format!("{key}{GUESSED_HALF}")
}

/// Whether a state is such a guess.
pub(crate) fn is_guess(state: &str) -> bool {
    state.ends_with(GUESSED_HALF)
}

const GUESSED_HALF: &str = "ffffffffffffffffffffffffffffffffffffffff";

/// Whether an address may hold a token or a state.
pub(crate) fn is_telling(address: &str) -> bool {
    address.contains("state=") || address.contains("access_token=")
}

/// The tokens and states in an address, in its query or in its fragment.
pub(crate) fn terms_in(address: &str) -> Vec<Term> {
    let parts = address.split(['?', '#']).skip(1);
    parts.flat_map(terms_of_form).collect()
}

/// The same of one part.
pub(crate) fn terms_of_form(part: &str) -> Vec<Term> {
    form::pairs(part, 0)
        .flatten()
        .filter_map(|pair| {
            let value = || pair.value.decode().into_owned();
            match ResponseParameter::from_name(&pair.name.decode())? {
                ResponseParameter::AccessToken => Some(Term::Token(value())),
                ResponseParameter::State => Some(Term::State(value())),
                _ => None,
            }
        })
        .collect()
}

/// What a request names under this name.
pub(crate) fn parameter_of(query: &str, name: &str) -> Option<String> {
    form::pairs(query, 0)
        .flatten()
        .find(|pair| pair.name.decode() == name)
        .map(|pair| pair.value.decode().into_owned())
}

/// What it breaks that the attacker holds this.
pub(crate) fn broken_by(known: &BTreeSet<Term>) -> Properties {
    known
        .iter()
        .filter_map(|term| match term {
            Term::Password { server, .. } => (*server == HONEST).then_some(Property::PasswordSecrecy),
            Term::State(_) => None,
            Term::Token(token) => {
                let token = Token::read(token)?;
                let is_honest = token.is_of_honest_user() && token.is_for_honest_client();
                is_honest.then_some(Property::Authorization)
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_gives_away_its_tokens_and_states() {
        let address = "https://a/cb?state=s%31#access_token=as1.u1.c1&state=s2&token_type=bearer";
        let expected = [Term::State("s1".into()), Term::Token("as1.u1.c1".into()), Term::State("s2".into())];
        assert_eq!(terms_in(address), expected);
        assert_eq!(terms_in("https://a/cb"), []);
    }

    #[test]
    fn a_token_says_what_it_stands_for() {
        let token = Token::read("as1.u1.c1.7").unwrap();
        assert_eq!((token.server, token.owner, token.client), ("as1", "u1", "c1"));
        assert!(token.is_of_honest_user() && token.is_for_honest_client());
        assert!(!Token::read("as1.mallory.m").unwrap().is_of_honest_user());
        assert!(!Token::read("as1.u1.m").unwrap().is_for_honest_client());
        assert_eq!(Token::read("no token"), None);
    }
}
