//! The parameters of an answer: a borrowed view of one part of the redirect.

use alloc::borrow::Cow;
use alloc::collections::BTreeSet;
use alloc::string::String;
use core::fmt;

use thiserror::Error;

use super::form::{self, BadPair, Fault, Pair};
use crate::spec::ResponseParameter;

/// The parameters of a fragment or a query. Every name and value is sound, no known one occurs twice, and each known
/// one can be asked for; nothing is decoded until somebody asks for it. `Debug` shows the known names alone.
#[derive(Clone)]
pub struct Parameters<'a> {
    text: &'a str,
    offset: usize,
    known: [Option<Pair<'a>>; ResponseParameter::COUNT],
}

/// A flaw in the structure of what came back.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{kind}")]
pub struct Flaw {
    /// What it is.
    pub kind: FlawKind,
    /// The decoded name of the parameter it is in, where that is sound.
    pub parameter: Option<String>,
    /// The offset of that parameter's first byte in the input, or of the flaw where it is in none.
    pub offset: usize,
}

/// The kinds of flaws, in the order in which they are judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Error)]
#[non_exhaustive]
pub enum FlawKind {
    /// More bytes than the limit.
    #[error("longer than the limit")]
    TooLong,
    /// More parameters than the limit.
    #[error("more parameters than the limit")]
    TooManyParameters,
    /// A name or a value whose structure is bad.
    #[error("{0}")]
    Malformed(Fault),
    /// A known parameter that stands there already.
    #[error("the parameter occurs twice")]
    Duplicate,
}

/// Which names are known: the protocol's and the profile's.
pub(super) struct Known<'k> {
    pub(super) extras: &'k [Cow<'static, str>],
}

impl Known<'_> {
    /// A number for a known name: the protocol's first, then the profile's.
    pub(super) fn index(&self, name: &str) -> Option<usize> {
        let own = ResponseParameter::from_name(name).map(|parameter| parameter as usize);
        own.or_else(|| {
            let at = self.extras.iter().position(|extra| extra == name)?;
            Some(ResponseParameter::COUNT + at)
        })
    }
}

/// What one pass over a part has found.
pub(super) struct Scan<'a> {
    pub(super) parameters: Parameters<'a>,
    pub(super) count: usize,
    pub(super) malformed: Option<Flaw>,
    pub(super) duplicate: Option<Flaw>,
}

impl<'a> Parameters<'a> {
    /// Reads all pairs of `text`, at most `max` of them.
    pub(super) fn scan(
        text: &'a str,
        offset: usize,
        known: &Known<'_>,
        max: usize,
    ) -> Result<Scan<'a>, Flaw> {
        let mut scan = Scan {
            parameters: Parameters { text, offset, known: [None; ResponseParameter::COUNT] },
            count: 0,
            malformed: None,
            duplicate: None,
        };
        let mut seen = Seen::default();
        for pair in form::pairs(text, offset) {
            if scan.count == max {
                let (Ok(Pair { offset, .. }) | Err(BadPair { offset, .. })) = pair;
                return Err(Flaw { kind: FlawKind::TooManyParameters, parameter: None, offset });
            }
            scan.count += 1;
            match pair {
                Ok(pair) => scan.take(pair, known, &mut seen),
                Err(bad) if scan.malformed.is_none() => {
                    let kind = FlawKind::Malformed(bad.fault);
                    scan.malformed = Some(Flaw { kind, parameter: bad.name, offset: bad.offset });
                }
                Err(_) => {}
            }
        }
        Ok(scan)
    }

    /// A known parameter, if it is there and has a value (RFC 6749 section 3.1: one without counts as absent).
    pub const fn get(&self, parameter: ResponseParameter) -> Option<Pair<'a>> {
        self.known[parameter as usize]
    }

    /// The leftmost parameter that makes this an answer.
    pub fn first_of_answer(&self) -> Option<Pair<'a>> {
        let answers = ResponseParameter::ALL.iter().filter(|parameter| parameter.makes_an_answer());
        answers.filter_map(|parameter| self.get(*parameter)).min_by_key(|pair| pair.offset)
    }

    /// The parameters that the protocol does not know, in order: the profile's and everybody else's. Those without a
    /// name or without a value are left out; a name may come again.
    pub fn unknown(&self) -> impl Iterator<Item = (Cow<'a, str>, Pair<'a>)> + use<'a> {
        let is_whole = |pair: &Pair<'_>| !pair.name.is_empty() && !pair.value.is_empty();
        form::pairs(self.text, self.offset).flatten().filter(is_whole).filter_map(|pair| {
            let name = pair.name.decode();
            ResponseParameter::from_name(&name).is_none().then_some((name, pair))
        })
    }
}

impl fmt::Debug for Parameters<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let present = ResponseParameter::ALL.iter().filter(|parameter| self.get(**parameter).is_some());
        f.debug_set().entries(present.map(|parameter| parameter.name())).finish()
    }
}

/// Which known names have come: a bit each, and a set for the profile with more names than bits.
#[derive(Default)]
struct Seen {
    bits: u128,
    others: BTreeSet<usize>,
}

impl Seen {
    /// Adds a name's number; `false` if it has come before.
    fn insert(&mut self, index: usize) -> bool {
        match u32::try_from(index).ok().and_then(|index| 1u128.checked_shl(index)) {
            None => self.others.insert(index),
            Some(bit) => {
                let is_new = self.bits & bit == 0;
                self.bits |= bit;
                is_new
            }
        }
    }
}

impl<'a> Scan<'a> {
    fn take(&mut self, pair: Pair<'a>, known: &Known<'_>, seen: &mut Seen) {
        // req: RFC6749-3.1-8
        if pair.value.is_empty() {
            return;
        }
        let name = pair.name.decode();
        let Some(index) = known.index(&name) else { return };
        // req: RFC6749-3.1-11
        if !seen.insert(index) {
            if self.duplicate.is_none() {
                let parameter = Some(name.into_owned());
                self.duplicate = Some(Flaw { kind: FlawKind::Duplicate, parameter, offset: pair.offset });
            }
            return;
        }
        if let Some(slot) = self.parameters.known.get_mut(index) {
            *slot = Some(pair);
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::*;

    fn scan<'a>(text: &'a str, extras: &[Cow<'static, str>]) -> Scan<'a> {
        Parameters::scan(text, 0, &Known { extras }, 64).unwrap()
    }

    #[test]
    // req(test): RFC6749-3.1-8
    fn an_empty_value_counts_as_absent() {
        let scan = scan("access_token=&token_type&state=x&state=", &[]);
        assert!(scan.duplicate.is_none());
        assert!(scan.parameters.get(ResponseParameter::AccessToken).is_none());
        assert!(scan.parameters.get(ResponseParameter::TokenType).is_none());
        assert_eq!(scan.parameters.get(ResponseParameter::State).unwrap().value.raw(), "x");
    }

    #[test]
    // req(test): RFC6749-3.1-11
    fn known_names_may_stand_once_however_they_are_written() {
        for (text, offset) in [
            ("access_token=a&access_token=b", 15),
            ("access_token=a&%61ccess_token=a", 15),
            ("access%5Ftoken=a&x=1&access_token=b", 21),
            ("endpoint_id=1&endpoint%5fid=2", 14),
        ] {
            let duplicate = scan(text, &["endpoint_id".into()]).duplicate.unwrap();
            assert_eq!((duplicate.kind, duplicate.offset), (FlawKind::Duplicate, offset), "{text}");
        }
        assert!(scan("endpoint_id=1&endpoint_id=2", &[]).duplicate.is_none());
    }

    #[test]
    fn unknown_parameters_are_shown_as_they_come() {
        let scan = scan("a=1&state=s&b=&a=2&c%20d=x+y", &[]);
        let unknown: Vec<_> =
            scan.parameters.unknown().map(|(name, pair)| (name, pair.value.decode())).collect();
        assert_eq!(
            unknown,
            [("a".into(), "1".into()), ("a".into(), "2".into()), ("c d".into(), "x y".into())]
        );
    }

    #[test]
    fn what_makes_an_answer() {
        assert!(scan("state=x&code=y&refresh_token=z&foo=1", &[]).parameters.first_of_answer().is_none());
        assert_eq!(scan("state=x&error=y&scope=z", &[]).parameters.first_of_answer().unwrap().offset, 8);
    }
}
