//! The checks, in their order, on the text where it stands: nothing is copied, and nothing is decoded that needs no
//! decoding.

use super::verdict::{Channel, Expected, Note};
use crate::client::checks;
use crate::client::rejection::{Reason, Rejection};
use crate::grammar;
use crate::spec::ResponseParameter as P;
use crate::value::{ExpiresIn, TokenType};
use crate::wire::form::{Pair, Text};
use crate::wire::{Flaw, FlawKind, Parameters, Redirect, RedirectParameters};

/// An answer whose structure, channel and issuer have passed. It is not believed yet: its state and its values are
/// still to be checked, in this order.
#[derive(Clone, Debug)]
pub struct Examined<'a> {
    parts: RedirectParameters<'a>,
    channel: Channel,
    notes: Notes,
    /// The input's length: where missing things are missing.
    end: usize,
}

/// A set of [`Note`]s.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Notes(u16);

impl Notes {
    /// Adds a note.
    pub(super) fn add(&mut self, note: Note) {
        self.0 |= 1 << note as u16;
    }

    /// Whether the note is in the set.
    pub const fn contains(self, note: Note) -> bool {
        self.0 >> note as u16 & 1 == 1
    }

    /// The notes, in their order.
    pub fn iter(self) -> impl Iterator<Item = Note> {
        Note::ALL.iter().copied().filter(move |note| self.contains(*note))
    }
}

/// Checks everything about an answer that can be checked without knowing whose it is: limits, structure, repeated
/// parameters, the channel, and the issuer.
///
/// # Errors
/// The first [`Rejection`] in the order of judgement. [`Reason::NoResponse`] says that there is no answer at all.
pub fn examine<'a>(expected: &Expected<'_>, redirect: &Redirect<'a>) -> Result<Examined<'a>, Rejection> {
    examine_with(expected, redirect, |examined| Ok(examined.clone()))
}

/// Does what [`examine()`] does and goes on with `then`, so that nothing is moved in between.
///
/// # Errors
/// As [`examine()`], and those of `then`.
#[inline]
pub fn examine_with<'a, T>(
    expected: &Expected<'_>,
    redirect: &Redirect<'a>,
    then: impl FnOnce(&mut Examined<'a>) -> Result<T, Rejection>,
) -> Result<T, Rejection> {
    let mut examined = Examined {
        parts: redirect.unread(),
        channel: Channel::Fragment,
        notes: Notes::default(),
        end: redirect.as_str().len(),
    };
    redirect.read_into(
        &mut examined.parts,
        &expected.profile.limits,
        &expected.profile.response_parameters,
    )?;
    let parts = &examined.parts;
    examined.channel = channel(expected, redirect, &parts.query, &parts.fragment, &mut examined.notes)?;
    examined.check_issuer(expected)?;
    then(&mut examined)
}

impl From<Flaw> for Rejection {
    fn from(flaw: Flaw) -> Self {
        let (reason, fault) = match flaw.kind {
            FlawKind::TooLong => (Reason::TooLong, None),
            FlawKind::TooManyParameters => (Reason::TooManyParameters, None),
            FlawKind::Malformed(fault) => (Reason::Malformed, Some(fault)),
            FlawKind::Duplicate => (Reason::DuplicateParameter, None),
        };
        Self { reason, parameter: flaw.parameter, offset: flaw.offset, fault }
    }
}

/// Decides which part of the address holds the answer.
// req: RFC9700-2.1-1
fn channel(
    expected: &Expected<'_>,
    redirect: &Redirect<'_>,
    query: &Parameters<'_>,
    fragment: &Parameters<'_>,
    notes: &mut Notes,
) -> Result<Channel, Rejection> {
    let whole = |reason, offset| Rejection { reason, parameter: None, offset, fault: None };
    let query_token = first_token(query);
    let has_query_error = query.has(P::Error);
    let is_in_fragment = fragment.is_answer();
    if !is_in_fragment && !has_query_error && query_token.is_none() {
        return Err(whole(Reason::NoResponse, redirect.as_str().len()));
    }
    if let Some(uri) = expected.redirect_uri
        && !checks::is_own_redirect_uri(uri, redirect, &expected.profile.response_parameters)
    {
        return Err(whole(Reason::RedirectUriMismatch, 0));
    }
    if let Some((token, pair)) = query_token {
        return Err(Rejection::at(Reason::TokenInQuery, token, pair.offset));
    }
    if !is_in_fragment {
        return Ok(Channel::Query);
    }
    if let Some(error) = fragment.get(P::Error)
        && let Some((token, pair)) = first_token(fragment)
    {
        // Whichever came second is the one that contradicts.
        let (name, pair) = if error.offset > pair.offset { (P::Error, error) } else { (token, pair) };
        return Err(Rejection::at(Reason::ErrorAndToken, name, pair.offset));
    }
    if has_query_error {
        notes.add(Note::QueryErrorIgnored);
    }
    Ok(Channel::Fragment)
}

/// The leftmost token of a part.
fn first_token<'a>(parameters: &Parameters<'a>) -> Option<(P, Pair<'a>)> {
    let tokens = [P::AccessToken, P::IdToken].into_iter();
    tokens.filter_map(|token| Some((token, parameters.get(token)?))).min_by_key(|(_, pair)| pair.offset)
}

impl<'a> Examined<'a> {
    /// The parameters of the part that holds the answer.
    pub const fn parameters(&self) -> &Parameters<'a> {
        match self.channel {
            Channel::Fragment => &self.parts.fragment,
            Channel::Query => &self.parts.query,
        }
    }

    /// Where the answer stands.
    pub const fn channel(&self) -> Channel {
        self.channel
    }

    /// What has been left aside so far.
    pub const fn notes(&self) -> Notes {
        self.notes
    }

    fn check_issuer(&mut self, expected: &Expected<'_>) -> Result<(), Rejection> {
        match (expected.issuer, self.parameters().get(P::Iss)) {
            (None, None) => {}
            // The RFC would rather have it refused, and leaves the choice to local policy (section 2.4): a client that
            // knows one server learns nothing from it.
            (None, Some(_)) => self.notes.add(Note::IssuerUnexpected),
            // req: RFC9207-2.4-2, RFC9207-2.4-3
            (Some(expected), Some(came)) if !checks::is_own_issuer(expected, &came.value.decode()) => {
                return Err(Rejection::at(Reason::IssuerMismatch, P::Iss, came.offset));
            }
            (Some(_), Some(_)) => {}
            // An ID token names its issuer itself, so servers leave it out beside one. One that nobody asked for is no
            // excuse: anybody could have added it.
            (Some(_), None) if expected.response_type.wants_id_token() && self.has(P::IdToken) => {
                self.notes.add(Note::IssuerMissing);
            }
            // req: RFC9207-2.4-5
            (Some(_), None) => return Err(self.missing(Reason::IssuerMissing, P::Iss)),
        }
        Ok(())
    }

    /// Checks that the state is the request's own, on errors as well as on successes.
    ///
    /// # Errors
    /// [`Rejection`] when it is missing, another, or there although none was sent.
    pub fn check_state(&self, expected: &Expected<'_>) -> Result<(), Rejection> {
        // An empty parameter counts as absent (RFC 6749 section 3.1), so an empty state was no state.
        match (expected.state.filter(|state| !state.is_empty()), self.parameters().get(P::State)) {
            (None, None) => Ok(()),
            (None, Some(came)) => Err(Rejection::at(Reason::StateUnexpected, P::State, came.offset)),
            // req: RFC6749-4.2.2-9
            (Some(_), None) => Err(self.missing(Reason::StateMissing, P::State)),
            (Some(expected), Some(came)) if checks::is_own_state(expected, &came.value.decode()) => Ok(()),
            (Some(_), Some(came)) => Err(Rejection::at(Reason::StateMismatch, P::State, came.offset)),
        }
    }

    /// Checks each value against its grammar, and that what was asked for is there.
    ///
    /// # Errors
    /// The leftmost [`Rejection`]; what is missing is missing at the end.
    pub fn check_values(&mut self, expected: &Expected<'_>) -> Result<(), Rejection> {
        for (forbidden, note) in [(P::Code, Note::CodeIgnored), (P::RefreshToken, Note::RefreshTokenIgnored)]
        {
            if self.has(forbidden) {
                self.notes.add(note);
            }
        }
        match self.parameters().get(P::Error) {
            Some(error) => self.check_error(error),
            None => self.check_success(expected),
        }
    }

    fn check_error(&mut self, error: Pair<'_>) -> Result<(), Rejection> {
        if !error.value.is_description() {
            return Err(Rejection::at(Reason::ErrorInvalid, P::Error, error.offset));
        }
        // Text that does not fit is dropped later; the error itself is never lost for it.
        if self.parameters().get(P::ErrorDescription).is_some_and(|pair| !pair.value.is_description()) {
            self.notes.add(Note::ErrorDescriptionInvalid);
        }
        if self
            .parameters()
            .get(P::ErrorUri)
            .is_some_and(|pair| !grammar::is_uri_reference(&pair.value.decode()))
        {
            self.notes.add(Note::ErrorUriInvalid);
        }
        Ok(())
    }

    fn check_success(&mut self, expected: &Expected<'_>) -> Result<(), Rejection> {
        let (wants_access, wants_id) =
            (expected.response_type.wants_access_token(), expected.response_type.wants_id_token());
        // In the order of the reasons: of two that are missing, both at the end, the first is told.
        let mut faults = Faults { first: None };
        if wants_access {
            self.require(
                P::AccessToken,
                is_token,
                Reason::AccessTokenMissing,
                Reason::AccessTokenInvalid,
                &mut faults,
            );
        } else if self.has(P::AccessToken) {
            self.notes.add(Note::AccessTokenUnrequested);
        }
        if wants_id {
            self.require(P::IdToken, is_token, Reason::IdTokenMissing, Reason::IdTokenInvalid, &mut faults);
        } else if self.has(P::IdToken) {
            self.notes.add(Note::IdTokenUnrequested);
        }
        // req: RFC6749-7.1-1
        if wants_access && !self.has(P::TokenType) && expected.profile.leniency.missing_token_type_is_bearer {
            self.notes.add(Note::TokenTypeMissing);
        } else if wants_access {
            let (missing, unsupported) = (Reason::TokenTypeMissing, Reason::TokenTypeUnsupported);
            self.require(P::TokenType, is_bearer, missing, unsupported, &mut faults);
        }
        for (parameter, is_valid, reason) in [
            (P::ExpiresIn, is_seconds as fn(Text<'_>) -> bool, Reason::ExpiresInInvalid),
            (P::Scope, is_scope, Reason::ScopeInvalid),
        ] {
            if let Some(pair) = self.parameters().get(parameter).filter(|pair| !is_valid(pair.value)) {
                faults.add(Rejection::at(reason, parameter, pair.offset));
            }
        }
        faults.first.map_or(Ok(()), Err)
    }

    /// A parameter that must be there and fit.
    fn require(
        &self,
        parameter: P,
        is_valid: fn(Text<'_>) -> bool,
        missing: Reason,
        invalid: Reason,
        faults: &mut Faults,
    ) {
        match self.parameters().get(parameter) {
            None => faults.add(self.missing(missing, parameter)),
            Some(pair) if !is_valid(pair.value) => faults.add(Rejection::at(invalid, parameter, pair.offset)),
            Some(_) => {}
        }
    }

    const fn has(&self, parameter: P) -> bool {
        self.parameters().has(parameter)
    }

    /// What is missing is missing at the input's end.
    pub(super) fn missing(&self, reason: Reason, parameter: P) -> Rejection {
        Rejection::at(reason, parameter, self.end)
    }
}

fn is_token(text: Text<'_>) -> bool {
    text.is_printable()
}

fn is_bearer(text: Text<'_>) -> bool {
    // Only letters become these letters, with or without the bit that tells their case.
    if let Ok(raw) = <[u8; 6]>::try_from(text.raw().as_bytes())
        && raw.map(|byte| byte | 0x20) == *b"bearer"
    {
        return true;
    }
    text.decode().eq_ignore_ascii_case(TokenType::BEARER.as_str())
}

fn is_seconds(text: Text<'_>) -> bool {
    // Nineteen digits always fit into 64 bits.
    if let raw @ [_, ..] = text.raw().as_bytes()
        && raw.len() <= 19
        && raw.iter().all(u8::is_ascii_digit)
    {
        return true;
    }
    ExpiresIn::parse(&text.decode()).is_ok()
}

fn is_scope(text: Text<'_>) -> bool {
    text.is_scope()
}

/// The leftmost fault among the values; of two at one place the one found first.
struct Faults {
    first: Option<Rejection>,
}

impl Faults {
    fn add(&mut self, fault: Rejection) {
        if self.first.as_ref().is_none_or(|first| fault.offset < first.offset) {
            self.first = Some(fault);
        }
    }
}
