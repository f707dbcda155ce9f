//! The parameters of an answer: a borrowed view of one part of the redirect.

use alloc::borrow::Cow;
use alloc::collections::BTreeSet;
use alloc::string::String;
use core::fmt;

use thiserror::Error;

use super::blocks::{self, Masks};
use super::form::{self, BadPair, Fault, Pair, Text};
use crate::spec::ResponseParameter;

/// The parameters of a fragment or a query. Every name and value is sound, no known one occurs twice, and each known
/// one can be asked for; nothing is decoded until somebody asks for it. `Debug` shows the known names alone.
#[derive(Clone)]
pub struct Parameters<'a> {
    text: &'a str,
    offset: usize,
    present: Present,
    known: [Slot; ResponseParameter::COUNT],
}

/// Which of the protocol's parameters have come, a bit each.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Present(u16);

impl Present {
    /// Those whose presence makes an answer.
    const ANSWERS: Self = {
        let (mut bits, mut at) = (0, 0);
        while at < ResponseParameter::COUNT {
            if ResponseParameter::ALL[at].makes_an_answer() {
                bits |= 1 << at;
            }
            at += 1;
        }
        Self(bits)
    };

    const fn has(self, parameter: ResponseParameter) -> bool {
        self.0 >> parameter as u16 & 1 == 1
    }
}

/// Where a known parameter stands in the text. Small, as there is one for every name that might come.
#[derive(Clone, Copy, Default)]
struct Slot {
    start: u32,
    /// The `=`.
    equals: u32,
    /// Behind the value.
    end: u32,
    is_name_encoded: bool,
    is_value_encoded: bool,
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
    fn empty(text: &'a str, offset: usize) -> Self {
        let known = [Slot::default(); ResponseParameter::COUNT];
        Self { text, offset, present: Present::default(), known }
    }

    /// Keeps the place of a known parameter.
    fn keep(&mut self, index: usize, slot: Slot) {
        if let Some(own) = self.known.get_mut(index) {
            *own = slot;
            self.present.0 |= 1 << index;
        }
    }

    /// Reads a text in which nothing is wrong: the way that nearly every answer takes, 64 bytes at a time. `None` at the
    /// first sign of a flaw; [`scan`](Self::scan) then says which. The second value is the number of pairs.
    pub(super) fn sound(
        text: &'a str,
        offset: usize,
        known: &Known<'_>,
        max: usize,
    ) -> Option<(Self, usize)> {
        let mut reader = Reader {
            parameters: Parameters::empty(text, offset),
            seen: Seen::default(),
            known,
            pair: OpenPair::default(),
            left: max,
        };
        let bytes = text.as_bytes();
        let mut start = 0;
        while start < bytes.len() {
            let block = Masks::at(bytes, start);
            if block.forbidden != 0 {
                return None;
            }
            let (mut ends, mut encoded) = (block.ampersand | block.equals, block.encoded);
            while ends != 0 {
                // Everything below the lowest end, and the end itself.
                let until = ends ^ (ends - 1);
                reader.pair.is_encoded |= encoded & until != 0;
                encoded &= !until;
                let at = start + ends.trailing_zeros() as usize;
                if block.ampersand & (ends & until) != 0 {
                    reader.end_pair(at)?;
                } else {
                    reader.pair.end_name(at);
                }
                ends &= ends - 1;
            }
            reader.pair.is_encoded |= encoded != 0;
            start += blocks::LEN;
        }
        reader.end_pair(bytes.len())?;
        Some((reader.parameters, max - reader.left))
    }

    /// Reads all pairs of `text`, at most `max` of them, and says what is wrong with them.
    pub(super) fn scan(
        text: &'a str,
        offset: usize,
        known: &Known<'_>,
        max: usize,
    ) -> Result<Scan<'a>, Flaw> {
        let mut scan =
            Scan { parameters: Parameters::empty(text, offset), count: 0, malformed: None, duplicate: None };
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
    pub fn get(&self, parameter: ResponseParameter) -> Option<Pair<'a>> {
        if !self.has(parameter) {
            return None;
        }
        let slot = self.known[parameter as usize];
        let (start, equals, end) = (slot.start as usize, slot.equals as usize, slot.end as usize);
        // A slot holds places of this text, so both parts are there.
        let (name, value) = (self.text.get(start..equals)?, self.text.get(equals + 1..end)?);
        Some(Pair {
            offset: self.offset + start,
            name: Text::sound(name, slot.is_name_encoded),
            value: Text::sound(value, slot.is_value_encoded),
        })
    }

    /// Whether a known parameter is there and has a value.
    pub const fn has(&self, parameter: ResponseParameter) -> bool {
        self.present.has(parameter)
    }

    /// Whether any of them makes this an answer.
    pub const fn is_answer(&self) -> bool {
        self.present.0 & Present::ANSWERS.0 != 0
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
        let present = ResponseParameter::ALL.iter().filter(|parameter| self.has(**parameter));
        f.debug_set().entries(present.map(|parameter| parameter.name())).finish()
    }
}

/// The pair that the reader is in.
#[derive(Clone, Copy, Default)]
struct OpenPair {
    start: usize,
    /// The first `=`, once it has come.
    equals: Option<usize>,
    is_name_encoded: bool,
    /// Whether the part that the reader is in, the name or the value, needs decoding.
    is_encoded: bool,
}

impl OpenPair {
    /// The first `=` ends the name; any other belongs to the value.
    fn end_name(&mut self, at: usize) {
        if self.equals.is_none() {
            self.equals = Some(at);
            self.is_name_encoded = core::mem::take(&mut self.is_encoded);
        }
    }
}

/// The state of [`Parameters::sound`].
struct Reader<'a, 'k> {
    parameters: Parameters<'a>,
    seen: Seen,
    known: &'k Known<'k>,
    pair: OpenPair,
    /// How many more pairs may come.
    left: usize,
}

impl<'a> Reader<'a, '_> {
    /// Takes the pair that ends before `end`, and begins the next behind it. `None` if there is anything wrong with it.
    fn end_pair(&mut self, end: usize) -> Option<()> {
        let pair = core::mem::replace(&mut self.pair, OpenPair { start: end + 1, ..OpenPair::default() });
        if pair.start == end {
            return Some(());
        }
        self.left = self.left.checked_sub(1)?;
        let text = self.parameters.text;
        let equals = pair.equals.unwrap_or(end);
        let is_name_encoded = if pair.equals.is_some() { pair.is_name_encoded } else { pair.is_encoded };
        let is_value_encoded = pair.equals.is_some() && pair.is_encoded;
        let name = text.get(pair.start..equals)?;
        let name = if is_name_encoded { Text::check(name).ok()?.decode() } else { Cow::Borrowed(name) };
        if is_value_encoded {
            Text::check(text.get(equals + 1..end)?).ok()?;
        }
        // req: RFC6749-3.1-8
        if end <= equals + 1 {
            return Some(());
        }
        let Some(index) = self.known.index(&name) else { return Some(()) };
        // req: RFC6749-3.1-11
        if !self.seen.insert(index) {
            return None;
        }
        let [start, equals, end] = [pair.start, equals, end].map(|at| at as u32);
        self.parameters.keep(index, Slot { start, equals, end, is_name_encoded, is_value_encoded });
        Some(())
    }
}

/// Which known names have come: a bit each, and a set for the profile with more names than bits.
#[derive(Default)]
struct Seen {
    bits: u64,
    others: BTreeSet<usize>,
}

impl Seen {
    /// Adds a name's number; `false` if it has come before.
    fn insert(&mut self, index: usize) -> bool {
        if index >= 64 {
            return self.others.insert(index);
        }
        let bit = 1 << index;
        let is_new = self.bits & bit == 0;
        self.bits |= bit;
        is_new
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
        // The caller has seen that the text is short enough for 32 bits.
        let start = (pair.offset - self.parameters.offset) as u32;
        let equals = start + pair.name.raw().len() as u32;
        let slot = Slot {
            start,
            equals,
            end: equals + 1 + pair.value.raw().len() as u32,
            is_name_encoded: pair.name.is_encoded(),
            is_value_encoded: pair.value.is_encoded(),
        };
        self.parameters.keep(index, slot);
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
    fn the_fast_way_and_the_slow_one_agree() {
        let tokens = [
            "",
            "&",
            "=",
            "a",
            "%61",
            "%",
            "+",
            "state",
            "st%61te",
            "scope",
            "é",
            "#",
            "%FF",
            "x=1&",
            "long".repeat(20).leak(),
        ];
        let mut inputs: Vec<String> = alloc::vec![String::new()];
        for _ in 0..4 {
            inputs = inputs
                .iter()
                .flat_map(|start| tokens.iter().map(move |token| alloc::format!("{start}{token}")))
                .collect();
        }
        inputs.sort_unstable();
        inputs.dedup();
        let known = Known { extras: &[] };
        for input in inputs {
            let fast = Parameters::sound(&input, 0, &known, 3);
            let slow = Parameters::scan(&input, 0, &known, 3).ok();
            let slow = slow.filter(|scan| scan.malformed.is_none() && scan.duplicate.is_none());
            assert_eq!(fast.is_some(), slow.is_some(), "{input:?}");
            if let (Some((fast, count)), Some(slow)) = (fast, slow) {
                assert_eq!(count, slow.count, "{input:?}");
                for parameter in ResponseParameter::ALL {
                    assert_eq!(fast.get(*parameter), slow.parameters.get(*parameter), "{input:?}");
                }
            }
        }
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
        assert!(!scan("state=x&code=y&refresh_token=z&foo=1", &[]).parameters.is_answer());
        assert!(scan("state=x&error=y", &[]).parameters.is_answer());
        assert!(!scan("error=", &[]).parameters.is_answer());
    }
}
