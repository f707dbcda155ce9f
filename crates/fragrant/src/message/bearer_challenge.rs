//! What the API server demands, and why it said no: step 4's other end (RFC 6750 section 3).

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use thiserror::Error;

use super::error_response::{ErrorDescription, ErrorUri};
use crate::grammar::{TCHAR, VSCHAR};
use crate::sorted_map::{SortedMap, sorted};
use crate::spec::CHALLENGE_PARAMETERS;
use crate::value::{ErrorCode, InvalidValue, Scope};
use crate::wire::bearer::{self, Challenge};

// The names, from the one place where they are written; a test holds the order.
const REALM: &str = CHALLENGE_PARAMETERS[0].name;
const SCOPE: &str = CHALLENGE_PARAMETERS[1].name;
const ERROR: &str = CHALLENGE_PARAMETERS[2].name;
const ERROR_DESCRIPTION: &str = CHALLENGE_PARAMETERS[3].name;
const ERROR_URI: &str = CHALLENGE_PARAMETERS[4].name;
const OWN: [&str; CHALLENGE_PARAMETERS.len()] = [REALM, SCOPE, ERROR, ERROR_DESCRIPTION, ERROR_URI];

/// A challenge for a bearer token.
///
/// ```text
/// WWW-Authenticate: Bearer realm="example", error="invalid_token", error_description="The access token expired"
/// ```
///
/// Each attribute has one field, so none can be written twice.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BearerChallenge {
    /// The protected area.
    pub realm: Option<Realm>,
    /// What a token needs to be allowed in.
    pub scope: Option<Scope>,
    /// Why the token was refused; absent when none was sent.
    pub error: Option<ErrorCode>,
    /// The same in words, for the client's developer.
    pub error_description: Option<ErrorDescription>,
    /// A page about the error.
    pub error_uri: Option<ErrorUri>,
    extra: SortedMap<String, String>,
}

/// A challenge that came in, and what had to be passed over to read it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReceivedChallenge {
    /// The challenge.
    pub challenge: BearerChallenge,
    /// Where it strays from RFC 6750; empty for a proper one.
    pub faults: Vec<ChallengeFault>,
}

/// Where a challenge strays from RFC 6750. It is read all the same: the status of the answer has already said no.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Error)]
#[non_exhaustive]
pub enum ChallengeFault {
    /// An attribute whose value does not fit its grammar; it is left out.
    #[error("WWW-Authenticate: the value of {0} does not fit its grammar")]
    BadValue(String),
    /// A part that could not be read, or a quoted text without an end.
    #[error("WWW-Authenticate: a part of it could not be read")]
    Malformed,
    /// No scheme before the attributes.
    #[error("WWW-Authenticate: expected the scheme Bearer, came attributes alone")]
    NoScheme,
    /// An attribute that occurs more than once; the first one counts.
    #[error("WWW-Authenticate: {0} occurs more than once")]
    Repeated(String),
}

impl BearerChallenge {
    /// A challenge that names its realm and nothing else: the answer to a call without any token.
    // req: RFC6750-3.1-4
    pub fn new(realm: Realm) -> Self {
        Self { realm: Some(realm), ..Self::default() }
    }

    /// Adds an attribute that RFC 6750 does not know. Returns `false`, and adds nothing, when the name is one of its
    /// own, no `token` of RFC 9110 or there already, or when the value is not printable ASCII. Names are lower case
    /// here: their case does not count.
    pub fn add_extra(&mut self, name: &str, value: impl Into<String>) -> bool {
        let (name, value) = (name.to_ascii_lowercase(), value.into());
        let is_own = OWN.contains(&&*name);
        let fits = !is_own
            && TCHAR.is_one_or_more(name.as_bytes())
            && VSCHAR.is_one_or_more(value.as_bytes())
            && !self.extra.contains_key(&name);
        if fits {
            self.extra.insert(name, value);
        }
        fits
    }

    /// The attributes that RFC 6750 does not know, by name.
    pub fn extras(&self) -> impl Iterator<Item = (&str, &str)> {
        self.extra.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The value of a `WWW-Authenticate` header: printable ASCII, no line break, whatever the attributes hold.
    // req: RFC6750-3-2, RFC6750-3-3, RFC6750-3-5, RFC6750-3-6
    pub fn to_header_value(&self) -> String {
        let own = [
            (REALM, self.realm.as_ref().map(Realm::as_str)),
            (SCOPE, self.scope.as_ref().map(Scope::as_str)),
            (ERROR, self.error.as_ref().map(ErrorCode::as_str)),
            (ERROR_DESCRIPTION, self.error_description.as_ref().map(ErrorDescription::as_str)),
            (ERROR_URI, self.error_uri.as_ref().map(ErrorUri::as_str)),
        ];
        let present = own.into_iter().filter_map(|(name, value)| Some((name, value?)));
        let mut text = String::from(bearer::SCHEME);
        let mut separator = " ";
        for (name, value) in present.chain(self.extras()) {
            text.push_str(separator);
            bearer::push_parameter(&mut text, name, value);
            separator = ", ";
        }
        if separator == " " {
            // At least one attribute has to follow the scheme.
            text.push_str(separator);
            bearer::push_parameter(&mut text, REALM, "");
        }
        text
    }

    /// Reads all `WWW-Authenticate` headers of an answer: its bearer challenges in order, those of other schemes left
    /// out. Never fails.
    // req: RFC6750-3-7
    pub fn read<'a>(headers: impl IntoIterator<Item = &'a str>) -> Vec<ReceivedChallenge> {
        let challenges = bearer::challenges(headers);
        challenges.iter().filter(|challenge| challenge.is_bearer()).map(ReceivedChallenge::of).collect()
    }

    /// Whether no bearer challenge of an answer names an error, as [`read`](Self::read) would have it, or all name this one.
    #[cfg(feature = "session")]
    pub(crate) fn names_nothing_but<'a>(
        error: &ErrorCode,
        headers: impl IntoIterator<Item = &'a str>,
    ) -> bool {
        let mut names_nothing_else = true;
        bearer::errors(headers, |named| {
            names_nothing_else &= named == error.as_str() || !ErrorCode::fits(named);
        });
        names_nothing_else
    }
}

impl ReceivedChallenge {
    fn of(raw: &Challenge<'_>) -> Self {
        let mut read = Self { challenge: BearerChallenge::default(), faults: Vec::new() };
        if raw.scheme.is_none() {
            read.faults.push(ChallengeFault::NoScheme);
        }
        if raw.is_malformed || raw.token68.is_some() {
            read.faults.push(ChallengeFault::Malformed);
        }
        // In the order of their names, of which the first counts: a server may send thousands.
        let attributes = raw.parameters.iter().enumerate();
        let mut values = sorted(attributes.map(|(at, (name, value))| (name.to_ascii_lowercase(), at, value)));
        values.dedup_by(|later, first| {
            let is_repeated = later.0 == first.0;
            if is_repeated {
                read.faults.push(ChallengeFault::Repeated(first.0.clone()));
            }
            is_repeated
        });
        // An attribute without a value says nothing.
        for (name, _, value) in values.into_iter().filter(|(.., value)| !value.is_empty()) {
            if !read.challenge.set(&name, value) {
                read.faults.push(ChallengeFault::BadValue(name));
            }
        }
        read
    }
}

impl BearerChallenge {
    /// Gives an attribute its value. Returns `false` when that does not fit.
    fn set(&mut self, name: &str, value: &str) -> bool {
        fn put<T>(slot: &mut Option<T>, value: Result<T, InvalidValue>) -> bool {
            *slot = value.ok();
            slot.is_some()
        }
        match name {
            REALM => put(&mut self.realm, Realm::new(value)),
            SCOPE => put(&mut self.scope, Scope::new(value)),
            ERROR => put(&mut self.error, ErrorCode::new(value)),
            ERROR_DESCRIPTION => put(&mut self.error_description, ErrorDescription::new(value)),
            ERROR_URI => put(&mut self.error_uri, ErrorUri::new(value)),
            _ => self.add_extra(name, value.to_string()),
        }
    }
}

/// `realm`: the name of a protected area (RFC 9110 section 11.5).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Realm(String);

impl Realm {
    /// Checks that the text is printable ASCII, so that it can stand in a header.
    ///
    /// # Errors
    /// [`InvalidValue`] when it is empty or holds anything else.
    pub fn new(text: impl Into<String>) -> Result<Self, InvalidValue> {
        let text = text.into();
        InvalidValue::unless_of(VSCHAR, &text, REALM, "one or more printable ASCII characters")?;
        Ok(Self(text))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Realm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::*;

    fn full() -> BearerChallenge {
        let mut challenge = BearerChallenge::new(Realm::new(r#"the "API", \ "#).unwrap());
        challenge.scope = Some(Scope::new("Contacts ReadCallLog").unwrap());
        challenge.error = Some(ErrorCode::INSUFFICIENT_SCOPE);
        challenge.error_description = Some(ErrorDescription::new("more, please").unwrap());
        challenge.error_uri = Some(ErrorUri::new("https://api.example/e?a=b").unwrap());
        assert!(challenge.add_extra("Max_Age", "5"));
        challenge
    }

    fn read(header: &str) -> ReceivedChallenge {
        BearerChallenge::read([header]).pop().unwrap()
    }

    #[test]
    fn the_names_are_those_of_the_table() {
        assert_eq!(OWN, ["realm", "scope", "error", "error_description", "error_uri"]);
    }

    #[test]
    // req(test): RFC6750-3-2, RFC6750-3-3, RFC6750-3-5, RFC6750-3-6
    fn the_whole_header() {
        assert_eq!(
            full().to_header_value(),
            concat!(
                r#"Bearer realm="the \"API\", \\ ", scope="Contacts ReadCallLog", error="insufficient_scope", "#,
                r#"error_description="more, please", error_uri="https://api.example/e?a=b", max_age="5""#
            )
        );
        assert_eq!(BearerChallenge::default().to_header_value(), r#"Bearer realm="""#);
    }

    #[test]
    fn what_is_written_is_read_again() {
        let some = BearerChallenge::new(Realm::new("example").unwrap());
        for challenge in [full(), some, BearerChallenge::default()] {
            let read = read(&challenge.to_header_value());
            assert_eq!(read, ReceivedChallenge { challenge, faults: Vec::new() });
        }
    }

    #[test]
    // req(test): RFC6750-3-7
    fn what_real_servers_send() {
        use ChallengeFault::*;
        for (header, error, faults) in [
            (
                r#"Bearer realm="x", error="invalid_token", error_description="y""#,
                Some("invalid_token"),
                vec![],
            ),
            (r#"bearer error="missing_authorization""#, Some("missing_authorization"), vec![]),
            (r#"DPoP algs="ES256", Bearer ERROR=invalid_token"#, Some("invalid_token"), vec![]),
            (r#"error="invalid_token""#, Some("invalid_token"), vec![NoScheme]),
            (r#"Bearer error="a", Error="b""#, Some("a"), vec![Repeated("error".into())]),
            (r#"Bearer error="", error="b""#, None, vec![Repeated("error".into())]),
            (r#"Bearer error="a\"b""#, None, vec![BadValue("error".into())]),
            (r#"Bearer error="a", realm="é""#, Some("a"), vec![BadValue("realm".into())]),
            (r#"Bearer error="a", scope="b  c""#, Some("a"), vec![BadValue("scope".into())]),
            (
                "Bearer error=\"a\", realm=\"b\r\nSet-Cookie: c",
                Some("a"),
                vec![Malformed, BadValue("realm".into())],
            ),
            ("Bearer abc==", None, vec![Malformed]),
            ("Bearer", None, vec![]),
        ] {
            let read = read(header);
            assert_eq!(read.challenge.error.as_ref().map(ErrorCode::as_str), error, "{header}");
            assert_eq!(read.faults, faults, "{header}");
            #[cfg(feature = "session")]
            {
                let names_nothing_but =
                    |error: &ErrorCode| BearerChallenge::names_nothing_but(error, [header]);
                let named = read.challenge.error.as_ref();
                let token = ErrorCode::INVALID_TOKEN;
                assert_eq!(names_nothing_but(&token), named.is_none_or(|error| *error == token), "{header}");
                assert!(named.is_none_or(names_nothing_but), "{header}");
            }
        }
        assert!(BearerChallenge::read([r#"Basic realm="x""#, "DPoP"]).is_empty());
        assert!(BearerChallenge::read([]).is_empty());
    }

    /// The errors are the same whether all of a challenge is kept or nothing: of every three challenges, in one header or in
    /// several.
    #[cfg(feature = "session")]
    #[test]
    fn the_errors_are_those_of_the_challenges() {
        let pieces = [
            "Bearer",
            r#"Bearer error="invalid_token""#,
            r#"bearer realm="a", error="other", error="invalid_token""#,
            r#"Bearer error="", error="other""#,
            r#"Bearer error="no \"code\"""#,
            r#"DPoP error="other""#,
            r#"error="other""#,
            "=",
        ];
        let mut verdicts = [0, 0];
        for first in pieces {
            for second in pieces {
                for third in pieces {
                    let [one, two, three] = [vec![first, second, third], vec![first, second], vec![third]]
                        .map(|pieces| pieces.join(", "));
                    for headers in [vec![&*one], vec![&*two, &*three], vec![first, second, third]] {
                        let read = BearerChallenge::read(headers.iter().copied());
                        let mut named = read.iter().filter_map(|read| read.challenge.error.as_ref());
                        let token = ErrorCode::INVALID_TOKEN;
                        let expected = named.all(|error| *error == token);
                        let found = BearerChallenge::names_nothing_but(&token, headers.iter().copied());
                        assert_eq!(found, expected, "{headers:?}");
                        verdicts[usize::from(found)] += 1;
                    }
                }
            }
        }
        assert!(verdicts.iter().all(|verdicts| *verdicts > 100), "{verdicts:?}");
    }

    #[test]
    fn nothing_that_breaks_a_header_gets_in() {
        for bad in ["", "a\r\nb", "a\0", "é", "\u{7f}"] {
            assert!(Realm::new(bad).is_err(), "{bad:?}");
            assert!(!BearerChallenge::default().add_extra("x", bad), "{bad:?}");
        }
        for bad in ["", "a b", "a=", "é", "realm", "Scope", "ERROR_uri"] {
            assert!(!BearerChallenge::default().add_extra(bad, "x"), "{bad:?}");
        }
        let mut challenge = BearerChallenge::default();
        assert!(challenge.add_extra("x", "1"));
        assert!(!challenge.add_extra("X", "2"));
        assert_eq!(challenge.extras().collect::<Vec<_>>(), [("x", "1")]);
    }

    #[test]
    fn each_fault_in_words() {
        use ChallengeFault::*;
        for (fault, text) in [
            (BadValue("scope".into()), "WWW-Authenticate: the value of scope does not fit its grammar"),
            (Malformed, "WWW-Authenticate: a part of it could not be read"),
            (NoScheme, "WWW-Authenticate: expected the scheme Bearer, came attributes alone"),
            (Repeated("error".into()), "WWW-Authenticate: error occurs more than once"),
        ] {
            assert_eq!(fault.to_string(), text);
        }
    }

    #[test]
    fn a_realm_prints_as_named() {
        assert_eq!(Realm::new(r#"the "API""#).unwrap().to_string(), r#"the "API""#);
    }
}
