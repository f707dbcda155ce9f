//! The parameters of an authorization request: a borrowed view of the authorization endpoint's query.

use alloc::borrow::Cow;
use alloc::collections::BTreeSet;
use alloc::vec::Vec;
use core::fmt;

use thiserror::Error;

use super::form::{self, BadPair, Pair, Text};
use super::{Flaw, FlawKind, Limits};
use crate::spec::RequestParameter;

/// An authorization request as it came in, each known parameter in its slot (RFC 6749 section 4.2.1).
///
/// ```text
/// response_type=token&client_id=s6BhdRkqt3&redirect_uri=https%3A%2F%2Fapp.example%2Fcb&state=xyz
/// ```
///
/// Any text can be read: a request with a flaw still says who asks and where the answer goes, if those two are sound
/// themselves, because the server may have to send its error there. So a flaw is kept beside the parameters and does
/// not replace them; whoever takes the request for valid has to ask for [`flaw`](Self::flaw) first.
///
/// The cost is linear in the text, but for the names of at most [`Limits::max_parameters`] unknown parameters, which
/// are sorted. `Debug` shows names alone.
#[derive(Clone)]
pub struct RequestQuery<'a> {
    known: [Slot<'a>; RequestParameter::COUNT],
    unknown: Vec<(Cow<'a, str>, Text<'a>)>,
    flaw: Option<Flaw>,
}

/// Why a parameter that was sent has no value that could be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Error)]
#[non_exhaustive]
pub enum Unusable {
    /// Its encoding is broken, or it is by itself longer than a whole request may be.
    #[error("its encoding is broken or it is too long")]
    Malformed,
    /// It stands there more than once, and nobody can tell which one is meant.
    #[error("it occurs more than once")]
    Repeated,
}

/// What is known of one parameter; `Ok(None)` until it is met.
type Slot<'a> = Result<Option<Text<'a>>, Unusable>;

impl<'a> RequestQuery<'a> {
    /// Reads a query, without its `?`, or the form body of a POST to the authorization endpoint.
    pub fn read(query: &'a str, limits: &Limits) -> Self {
        let mut reader = Reader::new(limits);
        for pair in form::pairs(query, 0) {
            reader.take(pair);
        }
        reader.finish(query)
    }

    /// The first flaw, if there is any: limits before structure, structure before repeated names, the leftmost of
    /// each. A repeated name is a flaw whether it is known or not (RFC 6749 section 3.1).
    pub const fn flaw(&self) -> Option<&Flaw> {
        self.flaw.as_ref()
    }

    /// A known parameter; `Ok(None)` if it was not sent or has no value (RFC 6749 section 3.1).
    ///
    /// # Errors
    /// [`Unusable`] when it was sent in a way that leaves no value.
    pub fn get(&self, parameter: RequestParameter) -> Result<Option<Text<'a>>, Unusable> {
        self.known[parameter as usize]
    }

    /// The parameters that the protocol does not know, name and value decoded, in the order in which they came. Those
    /// without a name or a value are left out, and so is what exceeds the limit.
    // req: RFC6749-3.1-9
    pub fn unknown(&self) -> impl ExactSizeIterator<Item = (&str, Cow<'a, str>)> {
        self.unknown.iter().map(|(name, value)| (&**name, value.decode()))
    }
}

impl fmt::Debug for RequestQuery<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sent = RequestParameter::ALL.iter().filter(|parameter| self.get(**parameter) != Ok(None));
        f.debug_struct("RequestQuery")
            .field("known", &sent.map(|parameter| parameter.name()).collect::<Vec<_>>())
            .field("unknown", &self.unknown.len())
            .field("flaw", &self.flaw.as_ref().map(|flaw| flaw.kind))
            .finish()
    }
}

/// One pass over the pairs.
struct Reader<'a, 'l> {
    limits: &'l Limits,
    count: usize,
    known: [Slot<'a>; RequestParameter::COUNT],
    unknown: Vec<(Cow<'a, str>, Text<'a>)>,
    unknown_names: BTreeSet<Cow<'a, str>>,
    too_many: Option<Flaw>,
    malformed: Option<Flaw>,
    duplicate: Option<Flaw>,
}

impl<'a, 'l> Reader<'a, 'l> {
    const fn new(limits: &'l Limits) -> Self {
        Self {
            limits,
            count: 0,
            known: [Ok(None); RequestParameter::COUNT],
            unknown: Vec::new(),
            unknown_names: BTreeSet::new(),
            too_many: None,
            malformed: None,
            duplicate: None,
        }
    }

    fn take(&mut self, pair: Result<Pair<'a>, BadPair<'a>>) {
        // Beyond the limit the known parameters are still looked for: one that comes again there must not be believed.
        // Nothing else of the rest is kept.
        if self.count == self.limits.max_parameters && self.too_many.is_none() {
            let (Ok(Pair { offset, .. }) | Err(BadPair { offset, .. })) = pair;
            self.too_many = Some(Flaw { kind: FlawKind::TooManyParameters, parameter: None, offset });
        }
        self.count += 1;
        match pair {
            Ok(pair) => self.take_sound(pair),
            Err(bad) => self.take_bad(bad),
        }
    }

    fn take_sound(&mut self, pair: Pair<'a>) {
        // req: RFC6749-3.1-7
        if pair.value.is_empty() {
            return;
        }
        let name = pair.name.decode();
        let is_repeated = match RequestParameter::from_name(&name) {
            Some(parameter) => {
                let slot = &mut self.known[parameter as usize];
                let is_repeated = *slot != Ok(None);
                *slot = if is_repeated {
                    Err(Unusable::Repeated)
                } else if pair.value.raw().len() > self.limits.max_len {
                    Err(Unusable::Malformed)
                } else {
                    Ok(Some(pair.value))
                };
                is_repeated
            }
            None if name.is_empty() || self.too_many.is_some() => false,
            None => {
                self.unknown.push((name.clone(), pair.value));
                !self.unknown_names.insert(name.clone())
            }
        };
        // req: RFC6749-3.1-10
        if is_repeated && self.duplicate.is_none() {
            let parameter = Some(name.into_owned());
            self.duplicate = Some(Flaw { kind: FlawKind::Duplicate, parameter, offset: pair.offset });
        }
    }

    fn take_bad(&mut self, bad: BadPair<'_>) {
        let name = bad.name.map(Text::decode);
        if let Some(parameter) = name.as_deref().and_then(RequestParameter::from_name) {
            let slot = &mut self.known[parameter as usize];
            *slot = Err(if *slot == Ok(None) { Unusable::Malformed } else { Unusable::Repeated });
        }
        if self.malformed.is_none() {
            let kind = FlawKind::Malformed(bad.fault);
            let parameter = name.map(Cow::into_owned);
            self.malformed = Some(Flaw { kind, parameter, offset: bad.offset });
        }
    }

    fn finish(self, query: &str) -> RequestQuery<'a> {
        let max_len = self.limits.max_len;
        let too_long = (query.len() > max_len).then(|| Flaw {
            kind: FlawKind::TooLong,
            parameter: None,
            offset: query.floor_char_boundary(max_len),
        });
        let flaw = too_long.or(self.too_many).or(self.malformed).or(self.duplicate);
        RequestQuery { known: self.known, unknown: self.unknown, flaw }
    }
}

#[cfg(test)]
mod tests {
    use alloc::format;
    use alloc::string::{String, ToString};

    use super::*;
    use crate::wire::form::Fault;
    use RequestParameter as P;

    fn read(query: &str) -> RequestQuery<'_> {
        RequestQuery::read(query, &Limits::DEFAULT)
    }

    fn value(query: &RequestQuery<'_>, parameter: P) -> Option<String> {
        query.get(parameter).unwrap().map(|text| text.decode().into_owned())
    }

    fn flaw(query: &RequestQuery<'_>) -> Option<(FlawKind, Option<String>, usize)> {
        query.flaw().map(|flaw| (flaw.kind, flaw.parameter.clone(), flaw.offset))
    }

    #[test]
    fn every_known_parameter_has_its_slot() {
        let text: String = P::ALL.iter().map(|parameter| format!("{0}=%2F{0}&", parameter.name())).collect();
        let query = read(&text);
        assert_eq!(query.flaw(), None);
        for parameter in P::ALL {
            assert_eq!(value(&query, *parameter).unwrap(), format!("/{}", parameter.name()));
        }
        assert_eq!(query.unknown().len(), 0);
    }

    #[test]
    // req(test): RFC6749-3.1-7
    fn an_empty_value_counts_as_absent() {
        // What a vendor's own kit sends.
        let query = read("brand_id=&display=&prompt=&ui_options=&ui_locales=&localeId=&state&state=x&state=");
        assert_eq!(query.flaw(), None);
        assert_eq!(value(&query, P::Prompt), None);
        assert_eq!(value(&query, P::State).as_deref(), Some("x"));
        assert_eq!(query.unknown().len(), 0);
    }

    #[test]
    // req(test): RFC6749-3.1-9
    fn unknown_parameters_are_no_flaw_and_are_shown() {
        let query = read("b%5B%5D=2+x&=nameless&=again&A=1&a=1");
        assert_eq!(query.flaw(), None);
        let unknown: Vec<_> = query.unknown().collect();
        assert_eq!(unknown, [("b[]", "2 x".into()), ("A", "1".into()), ("a", "1".into())]);
    }

    #[test]
    // req(test): RFC6749-3.1-10
    fn a_name_may_stand_once_however_it_is_written() {
        for (text, name, offset) in [
            ("state=a&state=a", "state", 8),
            ("state=a&%73tate=b", "state", 8),
            ("client_id=a&x=1&client%5Fid=b", "client_id", 16),
            ("foo=1&state=s&foo=1", "foo", 14),
            ("f+o=1&f%20o=2&state=s&state=s", "f o", 6),
        ] {
            let expected = Some((FlawKind::Duplicate, Some(name.to_string()), offset));
            assert_eq!(flaw(&read(text)), expected, "{text}");
        }
        let query = read("state=a&client_id=c&state=b&state=d");
        assert_eq!(query.get(P::State), Err(Unusable::Repeated));
        assert_eq!(value(&query, P::ClientId).as_deref(), Some("c"));
    }

    #[test]
    fn a_broken_pair_spoils_itself_and_leaves_the_others() {
        for (text, name, offset, fault) in [
            ("client_id=c&state=%zz&redirect_uri=u", Some("state"), 12, Fault::Escape),
            ("client_id=c&st%61te=%FF&redirect_uri=u", Some("state"), 12, Fault::NotUtf8),
            ("client_id=c&redirect_uri=u&state=a\nb", Some("state"), 27, Fault::Control),
            ("client_id=c&redirect_uri=u&state=a#b", Some("state"), 27, Fault::Hash),
        ] {
            let query = read(text);
            let expected = Some((FlawKind::Malformed(fault), name.map(ToString::to_string), offset));
            assert_eq!(flaw(&query), expected, "{text}");
            assert_eq!(query.get(P::State), Err(Unusable::Malformed), "{text}");
            assert_eq!(value(&query, P::ClientId).as_deref(), Some("c"), "{text}");
            assert_eq!(value(&query, P::RedirectUri).as_deref(), Some("u"), "{text}");
        }
        // A name that cannot be decoded is nobody's.
        let query = read("%=1&client_id=c&state=s");
        assert_eq!(flaw(&query), Some((FlawKind::Malformed(Fault::Escape), None, 0)));
        assert_eq!(value(&query, P::State).as_deref(), Some("s"));
        // Sound and broken together leave nothing to believe, in either order.
        for text in ["client_id=c&client_id=%", "client_id=%&client_id=c", "client_id=%&client_id=%"] {
            assert_eq!(read(text).get(P::ClientId), Err(Unusable::Repeated), "{text}");
        }
    }

    #[test]
    fn beyond_the_limits_the_known_parameters_are_still_found() {
        let limits = Limits { max_len: 40, max_parameters: 3 };
        let query = RequestQuery::read("a=1&b=2&client_id=c&d=4&state=s", &limits);
        assert_eq!(flaw(&query), Some((FlawKind::TooManyParameters, None, 20)));
        assert_eq!(value(&query, P::ClientId).as_deref(), Some("c"));
        assert_eq!(value(&query, P::State).as_deref(), Some("s"));
        assert_eq!(query.unknown().len(), 2);

        let query = RequestQuery::read("client_id=c&a=1&b=2&d=4&client_id=evil", &limits);
        assert_eq!(query.get(P::ClientId), Err(Unusable::Repeated));

        let long = format!("client_id=c&scope=s&state={}", "s".repeat(41));
        let query = RequestQuery::read(&long, &limits);
        assert_eq!(flaw(&query), Some((FlawKind::TooLong, None, 40)));
        assert_eq!(query.get(P::State), Err(Unusable::Malformed));
        assert_eq!(value(&query, P::Scope).as_deref(), Some("s"));
        // As long as the whole may be is not too long, for a value as for the whole.
        let value_of_40 = format!("client_id=c&state={}", "s".repeat(40));
        let query = RequestQuery::read(&value_of_40, &limits);
        assert_eq!(flaw(&query), Some((FlawKind::TooLong, None, 40)));
        assert_eq!(value(&query, P::State).map(|state| state.len()), Some(40));
        assert_eq!(flaw(&RequestQuery::read(&"&".repeat(40), &limits)), None);
        let split = RequestQuery::read("aa\u{e9}", &Limits { max_len: 3, max_parameters: 3 });
        assert_eq!(flaw(&split), Some((FlawKind::TooLong, None, 2)));
    }

    #[test]
    fn limits_come_before_structure_and_structure_before_repeated_names() {
        let limits = Limits { max_len: 18, max_parameters: 2 };
        for (text, kind) in [
            ("a=1&a=1&b=%&b=%&ccc", FlawKind::TooLong),
            ("a=1&a=1&b=%&b=%&cc", FlawKind::TooManyParameters),
            ("a=1&a=%", FlawKind::Malformed(Fault::Escape)),
            ("a=1&a=1", FlawKind::Duplicate),
        ] {
            let found = RequestQuery::read(text, &limits).flaw().map(|flaw| flaw.kind);
            assert_eq!(found, Some(kind), "{text}");
        }
    }

    #[test]
    fn debug_shows_names_alone() {
        let query = read("client_id=c&state=planted&foo=planted&foo=planted");
        assert_eq!(
            format!("{query:?}"),
            "RequestQuery { known: [\"client_id\", \"state\"], unknown: 2, flaw: Some(Duplicate) }"
        );
    }
}
