//! The parameters of an answer: a borrowed view of one part of the redirect.

use alloc::borrow::Cow;
use alloc::vec::Vec;
use core::fmt;

use super::flaw::{FlawAt, FlawKind};
use super::form::{self, BadPair, Pair, Text};
use super::known::{Known, known_parameter};
use super::slot::{Encodings, Present, Slot};
use super::text::Encoding;
use super::{blocks, escapes};
use crate::spec::ResponseParameter;
use crate::text::cut;

/// The parameters of a fragment or a query. Every name and value is sound, no known one occurs twice, and each known
/// one can be asked for; nothing is decoded until somebody asks for it. `Debug` shows the known names alone.
#[derive(Clone)]
pub struct Parameters<'a> {
    text: &'a str,
    offset: usize,
    present: Present,
    known: [Slot; ResponseParameter::COUNT],
}

/// What one pass over all parts has found so far: of each kind of flaw the first.
#[derive(Default)]
pub(super) struct Scan<'a> {
    pub(super) count: usize,
    pub(super) malformed: Option<FlawAt<'a>>,
    pub(super) duplicate: Option<FlawAt<'a>>,
}

impl<'a> Parameters<'a> {
    /// Those of a text that is still to be read. `offset` is where it begins in what it was cut from.
    #[inline]
    pub(super) fn unread(text: &'a str, offset: usize) -> Self {
        let known = [Slot::default(); ResponseParameter::COUNT];
        Self { text, offset, present: Present::default(), known }
    }

    /// Keeps the place of a known parameter; `false` if it has one already.
    #[inline]
    fn keep(&mut self, parameter: ResponseParameter, slot: Slot) -> bool {
        let is_new = !self.has(parameter);
        self.known[parameter as usize] = slot;
        self.present.0 |= 1 << parameter as u32;
        is_new
    }

    /// Reads the text if nothing is wrong with it: the way that nearly every answer takes, 64 bytes at a time. `None` at
    /// the first sign of a flaw; [`scan`](Self::scan) then says which. Otherwise the number of pairs.
    #[inline]
    pub(super) fn read_sound(&mut self, known: &Known<'_>, max: usize) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let mut reader = Reader { parameters: self, extras: Seen::default(), known, count: 0 };
        let mut pair = OpenPair::at(0);
        let mut start = 0;
        loop {
            let mut marks = blocks::marks(bytes, start);
            let is_plain = marks == 0;
            // The end of the text ends a pair as well.
            let left = bytes.len() - start;
            if left < blocks::LEN {
                marks |= 1 << left;
            }
            if blocks::may_begin_run(marks) {
                let at = start + marks.trailing_zeros() as usize;
                let runs = blocks::count_runs(bytes, at);
                if runs > 0 {
                    pair.add(Encoding::PRINTABLE);
                    start = at + blocks::RUN * runs;
                    continue;
                }
            }
            while marks != 0 {
                let at = start + marks.trailing_zeros() as usize;
                let byte = bytes.get(at).copied().unwrap_or(b'&');
                marks &= marks - 1;
                // Nearly every mark is one of these two, which are told sooner than by a jump through a table.
                if byte == b'&' {
                    reader.end_pair(&pair, bytes, at)?;
                    pair = OpenPair::at(at + 1);
                } else if byte == b'=' && pair.equals == usize::MAX {
                    // The first ends the name; any other belongs to the value.
                    pair.equals = at;
                } else {
                    match byte {
                        b'%' => pair.add(Encoding::of(escapes::value_at(bytes, at)?)),
                        b'+' => pair.add(Encoding::of(b' ')),
                        b'#' | 0..=b' ' | 0x7F.. => return None,
                        _ => {}
                    }
                }
            }
            if reader.count > max {
                return None;
            }
            if left < blocks::LEN {
                break;
            }
            start += blocks::LEN;
            // In the middle of a long value more of it is likely to follow.
            if is_plain {
                start += blocks::LEN * blocks::count_plain(bytes, start);
            }
        }
        Some(reader.count)
    }

    /// Reads all pairs of the text, at most `max` of all parts together, and says what is wrong with them.
    pub(super) fn scan(
        &mut self,
        known: &Known<'_>,
        max: usize,
        scan: &mut Scan<'a>,
    ) -> Result<(), FlawAt<'a>> {
        for pair in form::pairs(self.text, self.offset) {
            if scan.count == max {
                let (Ok(Pair { offset, .. }) | Err(BadPair { offset, .. })) = pair;
                return Err(FlawAt { kind: FlawKind::TooManyParameters, parameter: None, offset });
            }
            scan.count += 1;
            match pair {
                Ok(pair) if self.take(pair, known, scan.duplicate.is_none()) => {}
                // req: RFC6749-3.1-11
                Ok(pair) => {
                    let (parameter, offset) = (Some(pair.name), pair.offset);
                    scan.duplicate = Some(FlawAt { kind: FlawKind::Duplicate, parameter, offset });
                }
                Err(bad) if scan.malformed.is_none() => {
                    let kind = FlawKind::Malformed(bad.fault);
                    scan.malformed = Some(FlawAt { kind, parameter: bad.name, offset: bad.offset });
                }
                Err(_) => {}
            }
        }
        Ok(())
    }

    /// Takes a sound pair; `false` if its name is known and has come before, and `is_first` says that this is to be told.
    fn take(&mut self, pair: Pair<'a>, known: &Known<'_>, is_first: bool) -> bool {
        // req: RFC6749-3.1-8
        if pair.value.is_empty() {
            return true;
        }
        let start = pair.offset - self.offset;
        let Some(parameter) = known_parameter(pair.name) else {
            let extra = known.extras.iter().find(|extra| pair.name.is(extra));
            return !is_first || extra.is_none_or(|extra| !self.has_before(extra, start));
        };
        // The first is the one that counts.
        if self.has(parameter) {
            return !is_first;
        }
        let equals = start + pair.name.raw().len();
        let end = equals + 1 + pair.value.raw().len();
        let encodings = Encodings::of(pair.name.encoding(), pair.value.encoding());
        self.keep(parameter, Slot::new(start, equals, end, encodings))
    }

    /// Whether a parameter of that name has stood before `start`. It is asked until one has, so once for each name at most.
    fn has_before(&self, name: &str, start: usize) -> bool {
        form::pairs(cut(self.text, 0, start), 0)
            .flatten()
            .any(|pair| pair.name.is(name) && !pair.value.is_empty())
    }

    /// A known parameter, if it is there and has a value (RFC 6749 section 3.1: one without counts as absent).
    #[inline]
    pub fn get(&self, parameter: ResponseParameter) -> Option<Pair<'a>> {
        if !self.has(parameter) {
            return None;
        }
        let slot = self.known[parameter as usize];
        let (start, equals, end) = (slot.start(), slot.equals(), slot.end());
        let (name, value) = (cut(self.text, start, equals), cut(self.text, equals + 1, end));
        Some(Pair {
            offset: self.offset + start,
            name: Text::sound(name, slot.encodings().name()),
            value: Text::sound(value, slot.encodings().value()),
        })
    }

    /// The value of a known parameter alone, if it is there and not empty.
    #[inline]
    pub fn value(&self, parameter: ResponseParameter) -> Option<Text<'a>> {
        if !self.has(parameter) {
            return None;
        }
        let slot = self.known[parameter as usize];
        let value = cut(self.text, slot.equals() + 1, slot.end());
        Some(Text::sound(value, slot.encodings().value()))
    }

    /// Where a known parameter stands in the input, if it is there and has a value.
    #[inline]
    pub fn offset(&self, parameter: ResponseParameter) -> Option<usize> {
        let slot = self.known[parameter as usize];
        self.has(parameter).then_some(self.offset + slot.start())
    }

    /// Whether a known parameter is there and has a value.
    #[inline]
    pub const fn has(&self, parameter: ResponseParameter) -> bool {
        self.present.has(parameter)
    }

    /// Whether any of them makes this an answer.
    #[inline]
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
struct OpenPair {
    start: usize,
    /// The first `=`; past every text until it has come.
    equals: usize,
    encodings: Encodings,
}

impl OpenPair {
    const fn at(start: usize) -> Self {
        Self { start, equals: usize::MAX, encodings: Encodings::PLAIN }
    }

    /// Adds what an escape or a `+` says of the part that it stands in.
    #[inline]
    fn add(&mut self, encoding: Encoding) {
        self.encodings.add(encoding, self.equals != usize::MAX);
    }
}

/// The state of [`Parameters::read_sound`].
struct Reader<'p, 'a, 'k> {
    parameters: &'p mut Parameters<'a>,
    extras: Seen,
    known: &'k Known<'k>,
    /// How many pairs have come.
    count: usize,
}

impl Reader<'_, '_, '_> {
    /// Takes the pair of `text` that ends before `end`. `None` if there is anything wrong with it.
    #[inline(always)] // called once, and what it reads should stay in registers
    fn end_pair(&mut self, pair: &OpenPair, text: &[u8], end: usize) -> Option<()> {
        if pair.start == end {
            return Some(());
        }
        self.count += 1;
        let (equals, encodings) = (pair.equals.min(end), pair.encodings);
        if encodings.is_odd() {
            self.check_odd(pair.start, equals, end)?;
        }
        // req: RFC6749-3.1-8
        if end <= equals + 1 {
            return Some(());
        }
        let name = text.get(pair.start..equals)?;
        let slot = Slot::new(pair.start, equals, end, encodings);
        if encodings.has_encoded_name() {
            return self.take_encoded(name, slot);
        }
        let is_new = match ResponseParameter::from_name_bytes(name) {
            Some(parameter) => self.parameters.keep(parameter, slot),
            None if self.known.extras.is_empty() => true,
            None => self.extras.take(self.known, name),
        };
        // req: RFC6749-3.1-11
        is_new.then_some(())
    }

    /// Takes a pair whose name must be decoded first.
    #[cold]
    fn take_encoded(&mut self, name: &[u8], slot: Slot) -> Option<()> {
        let name = escapes::decode(name);
        let is_new = match ResponseParameter::from_name_bytes(&name) {
            Some(parameter) => self.parameters.keep(parameter, slot),
            None => self.extras.take(self.known, &name),
        };
        is_new.then_some(())
    }

    /// Looks whether escapes of what is not ASCII decode to UTF-8.
    #[cold]
    fn check_odd(&self, start: usize, equals: usize, end: usize) -> Option<()> {
        let text = self.parameters.text;
        Text::check(text.get(start..equals)?).ok()?;
        Text::check(text.get(end.min(equals + 1)..end)?).ok()?;
        Some(())
    }
}

/// For [`Reader`], which of the profile's names have come: a bit each, and a list for the profile with more names than bits.
#[derive(Default)]
struct Seen {
    bits: u64,
    others: Vec<usize>,
}

impl Seen {
    /// Takes a name that is not the protocol's; `false` if the profile knows it and it has come before.
    fn take(&mut self, known: &Known<'_>, name: &[u8]) -> bool {
        let Some(index) = known.extra(name) else { return true };
        if index >= 64 {
            let is_new = !self.others.contains(&index);
            if is_new {
                self.others.push(index);
            }
            return is_new;
        }
        let bit = 1 << index;
        let is_new = self.bits & bit == 0;
        self.bits |= bit;
        is_new
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::String;
    use alloc::vec::Vec;

    use super::*;

    fn scan<'a>(text: &'a str, extras: &[Cow<'static, str>]) -> (Parameters<'a>, Scan<'a>) {
        let mut parameters = Parameters::unread(text, 0);
        let mut scan = Scan::default();
        assert!(parameters.scan(&Known { extras }, 64, &mut scan).is_ok());
        (parameters, scan)
    }

    #[test]
    // req(test): RFC6749-3.1-8
    fn an_empty_value_counts_as_absent() {
        let (parameters, scan) = scan("access_token=&token_type&state=x&state=", &[]);
        assert!(scan.duplicate.is_none());
        assert!(parameters.get(ResponseParameter::AccessToken).is_none());
        assert!(parameters.get(ResponseParameter::TokenType).is_none());
        assert_eq!(parameters.get(ResponseParameter::State).unwrap().value.raw(), "x");
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
            let duplicate = scan(text, &["endpoint_id".into()]).1.duplicate.unwrap();
            assert_eq!((duplicate.kind, duplicate.offset), (FlawKind::Duplicate, offset), "{text}");
        }
        assert!(scan("endpoint_id=1&endpoint_id=2", &[]).1.duplicate.is_none());
    }

    #[test]
    fn a_name_says_whether_it_is_encoded() {
        for (text, is_encoded) in [("access_token=%61", false), ("%61ccess_token=a", true)] {
            let mut parameters = Parameters::unread(text, 0);
            parameters.read_sound(&Known { extras: &[] }, 1).unwrap();
            for parameters in [parameters, scan(text, &[]).0] {
                let pair = parameters.get(ResponseParameter::AccessToken).unwrap();
                assert_eq!((pair.name.is_encoded(), pair.value.is_encoded()), (is_encoded, !is_encoded));
            }
        }
    }

    /// Everything that is told of a text without decoding it.
    fn told(text: Text<'_>) -> [bool; 5] {
        let grammars = [text.is_description(), text.is_scope(), text.is_uri_reference()];
        [text.is_encoded(), text.is_printable(), grammars[0], grammars[1], grammars[2]]
    }

    /// More of them than one run has bytes.
    #[test]
    fn any_number_of_runs_is_read_at_once() {
        let text = alloc::format!("error={}&state=x", "%61".repeat(16 * 60));
        let mut parameters = Parameters::unread(&text, 0);
        assert_eq!(parameters.read_sound(&Known { extras: &[] }, 2), Some(2));
        assert_eq!(parameters.value(ResponseParameter::State).unwrap().decode(), "x");
    }

    #[test]
    fn a_run_of_escapes_is_told_as_each_of_them_is() {
        for byte in 0..128u8 {
            // The first block has the name in it; of the rest most is read as runs.
            for place in (0..80).step_by(5) {
                let mut escapes = alloc::vec![String::from("%61"); 80];
                escapes[place] = alloc::format!("%{byte:02x}");
                let text = alloc::format!("error={}", escapes.concat());
                let mut parameters = Parameters::unread(&text, 0);
                assert_eq!(parameters.read_sound(&Known { extras: &[] }, 1), Some(1), "{text}");
                let fast = parameters.value(ResponseParameter::Error).unwrap();
                let slow = Text::check(fast.raw()).unwrap();
                assert_eq!(told(fast), told(slow), "{text}");
            }
        }
    }

    #[test]
    fn the_fast_way_and_the_slow_one_agree() {
        let tokens = [
            "",
            "&",
            "=",
            "%61",
            "%",
            "+",
            "state",
            "st%61te",
            "é",
            "#",
            "%FF",
            "x=1&",
            "own=1&",
            "%6fwn=1&",
            "%7",
            "F",
            "%c3%a9",
            "long".repeat(20).leak(),
            "long".repeat(15).leak(),
            "%4c".repeat(30).leak(),
            "%73".repeat(16).leak(),
        ];
        // What a profile knows: nothing, or a name.
        let (none, own): (&[_], &[_]) = (&[], &["own".into()]);
        let mut inputs: Vec<String> = alloc::vec![String::new()];
        for tokens_each in 1..=4 {
            inputs = inputs
                .iter()
                .flat_map(|start| tokens.iter().map(move |token| alloc::format!("{start}{token}")))
                .collect();
            inputs.sort_unstable();
            inputs.dedup();
            // Shorter ones are among them, as a token may be nothing. Those of four are too many to be read in every way.
            let ways: &[(&[Cow<'static, str>], usize)] = match tokens_each {
                3 => &[(none, 3), (own, 0), (own, 1)],
                4 => &[(own, 3)],
                _ => &[],
            };
            for (extras, max) in ways {
                for input in &inputs {
                    agree(input, &Known { extras }, *max);
                }
            }
        }
    }

    /// Both ways take the same texts, and find the same in them.
    fn agree(input: &str, known: &Known<'_>, max: usize) {
        let mut fast = Parameters::unread(input, 7);
        let count = fast.read_sound(known, max);
        let mut slow = Parameters::unread(input, 7);
        let mut scan = Scan::default();
        let is_within = slow.scan(known, max, &mut scan).is_ok();
        let is_sound = is_within && scan.malformed.is_none() && scan.duplicate.is_none();
        assert_eq!(count, is_sound.then_some(scan.count), "{input:?}");
        if count.is_some() {
            for parameter in ResponseParameter::ALL {
                let offsets = [&fast, &slow].map(|parameters| parameters.offset(*parameter));
                let [fast, slow] = [&fast, &slow].map(|parameters| parameters.get(*parameter));
                assert_eq!(fast, slow, "{input:?}");
                let texts = [fast, slow].map(|pair| pair.map(|pair| [told(pair.name), told(pair.value)]));
                assert_eq!(texts[0], texts[1], "{input:?}");
                let offset = fast.filter(|pair| !pair.value.is_empty()).map(|pair| pair.offset);
                assert_eq!(offsets, [offset; 2], "{input:?}");
            }
        }
    }

    /// What is wrong is told at its first place, and what stands there first is what counts.
    #[test]
    fn the_first_of_several_is_told_and_kept() {
        let known = Known { extras: &[] };
        let text = "%61ccess_token=a&x=%zz&state=s&y=%&access_token=b";
        let mut parameters = Parameters::unread(text, 100);
        let mut scan = Scan::default();
        assert!(parameters.scan(&known, 64, &mut scan).is_ok());
        assert_eq!(scan.malformed.map(|flaw| flaw.offset), Some(117));
        assert_eq!(scan.duplicate.map(|flaw| flaw.offset), Some(135));
        let token = parameters.get(ResponseParameter::AccessToken).unwrap();
        assert_eq!((token.offset, token.name.raw(), token.value.raw()), (100, "%61ccess_token", "a"));
        assert_eq!(token.name.decode(), "access_token");
        assert_eq!(parameters.get(ResponseParameter::State).unwrap().offset, 123);
        let debug = alloc::format!("{:?} {:?} {:?}", parameters, token.value, form::pairs("a=secret", 7));
        assert_eq!(debug, r#"{"access_token", "state"} Text(1 bytes) Pairs(from byte 7)"#);
        let redirect = alloc::format!("{:?}", crate::wire::Redirect::split("https://app.example/?q#secret"));
        let parts = "Redirect { len: 29, has_query: true, has_route: false, has_fragment: true }";
        assert_eq!(redirect, parts);
    }

    #[test]
    fn unknown_parameters_are_shown_as_they_come() {
        let (parameters, _) = scan("a=1&state=s&b=&a=2&c%20d=x+y", &[]);
        let unknown: Vec<_> = parameters.unknown().map(|(name, pair)| (name, pair.value.decode())).collect();
        assert_eq!(
            unknown,
            [("a".into(), "1".into()), ("a".into(), "2".into()), ("c d".into(), "x y".into())]
        );
    }

    #[test]
    fn what_makes_an_answer() {
        assert!(!scan("state=x&code=y&refresh_token=z&foo=1", &[]).0.is_answer());
        assert!(scan("state=x&error=y", &[]).0.is_answer());
        assert!(!scan("error=", &[]).0.is_answer());
    }
}
