//! What a provider's servers do that no specification asks for.

/// The habits of a provider's servers: what a test server has to do the same, and what a call has to bring.
///
/// Where the documents leave something open, it is what makes a good sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Habits {
    /// How an answer writes the type of the token. Case makes no difference to a client (RFC 6749 section 4.2.2).
    pub token_type: &'static str,
    /// How long a token lives, in **seconds**.
    pub token_lifetime: u64,
    /// Whether an answer names the scope even where it is what was asked for.
    pub always_says_scope: bool,
    /// Whether every answer names the issuer (RFC 9207).
    pub says_issuer: bool,
    /// The provider's own parameters in an answer, in the order in which they are written.
    pub answer_parameters: &'static [AnswerParameter],
    /// The names of a sample scope, all of which the [`sample_calls`](Self::sample_calls) need; empty where there are
    /// no scopes.
    pub sample_scope: &'static [&'static str],
    /// Calls to try a token with, each a GET. The first is [`Paths::sample_call`](crate::Paths::sample_call), which
    /// needs no scope.
    pub sample_calls: &'static [SampleCall],
    /// The header that a call needs beside the token.
    pub call_header: Option<CallHeader>,
}

/// A parameter that a provider adds to an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct AnswerParameter {
    /// Its name.
    pub name: &'static str,
    /// What it says.
    pub says: AnswerFact,
}

/// What a provider's own parameter in an answer says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum AnswerFact {
    /// Which instance of the application the token was issued to.
    ApplicationInstance,
    /// Which user the token is for, by the identifier that the API knows.
    User,
}

/// A GET to try a token with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct SampleCall {
    /// What it gives, in a few words.
    pub title: &'static str,
    /// Its path on the API's host.
    pub path: &'static str,
    /// The scope that it needs.
    pub scope: Option<&'static str>,
}

/// A header that nearly every call needs beside the token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct CallHeader {
    /// Its name.
    pub name: &'static str,
    /// What it names, in a word.
    pub names: &'static str,
    /// The one value that a test server knows.
    pub sample: &'static str,
    /// The paths that can be read without it.
    pub not_to_read: &'static [&'static str],
}

impl CallHeader {
    /// Whether a call needs the header: every call does, except a GET of one of the paths in
    /// [`not_to_read`](Self::not_to_read).
    ///
    /// `method` is the HTTP method (case counts, RFC 9110 section 9.1), `path` the path of the address; a query after it
    /// makes no difference.
    pub fn is_needed(&self, method: &str, path: &str) -> bool {
        let path = path.split_once('?').map_or(path, |(path, _)| path);
        method != "GET" || !self.not_to_read.contains(&path)
    }
}

/// A sample call in short form; the tables stay readable as tables.
pub(crate) const fn sample_call(
    title: &'static str,
    path: &'static str,
    scope: Option<&'static str>,
) -> SampleCall {
    SampleCall { title, path, scope }
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use fragrant::spec::Place;
    use fragrant::value::{Scope, TokenType};

    use super::*;
    use crate::ALL;

    #[test]
    fn every_value_is_one_that_the_core_can_send() {
        for provider in ALL {
            let habits = provider.habits;
            assert_eq!(TokenType::new(habits.token_type), Ok(TokenType::BEARER), "{}", provider.id);
            assert_eq!(
                Scope::from_names(habits.sample_scope.iter().copied())
                    .unwrap()
                    .map(|scope| scope.names().count()),
                Some(habits.sample_scope.len()).filter(|count| *count > 0)
            );
        }
    }

    #[test]
    fn a_provider_adds_what_its_table_of_parameters_says() {
        for provider in ALL {
            let own = |place: Place| -> Vec<&str> {
                let at = provider.parameters.iter().filter(|parameter| parameter.place == place);
                at.map(|parameter| parameter.name).collect()
            };
            let parameters = provider.habits.answer_parameters;
            assert_eq!(own(Place::Fragment), parameters.iter().map(|own| own.name).collect::<Vec<_>>());
            let user = parameters.iter().find(|own| own.says == AnswerFact::User);
            assert_eq!(provider.profile.user_parameter.as_deref(), user.map(|own| own.name));
            let header = provider.habits.call_header.map(|header| header.name);
            assert_eq!(own(Place::Header), header.into_iter().collect::<Vec<_>>());
        }
    }

    #[test]
    fn every_sample_call_is_under_the_base_and_within_the_sample_scope() {
        for provider in ALL {
            let calls = provider.habits.sample_calls;
            assert_eq!((calls[0].path, calls[0].scope), (provider.paths.sample_call, None));
            for call in calls {
                assert!(call.path.starts_with(provider.paths.api), "{}", call.path);
                assert!(call.scope.is_none_or(|name| provider.habits.sample_scope.contains(&name)));
            }
        }
    }

    #[test]
    fn the_first_sample_call_needs_nothing_but_the_token() {
        for header in ALL.iter().filter_map(|provider| provider.habits.call_header) {
            let provider = ALL.iter().find(|own| own.habits.call_header == Some(header)).unwrap();
            let is_needed: Vec<bool> =
                provider.habits.sample_calls.iter().map(|call| header.is_needed("GET", call.path)).collect();
            assert_eq!((is_needed.first(), is_needed.last()), (Some(&false), Some(&true)), "{}", provider.id);
        }
    }
}
