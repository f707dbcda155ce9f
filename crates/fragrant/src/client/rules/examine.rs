//! The checks, in their order, on the text where it stands: nothing is copied, and nothing is decoded that needs no
//! decoding.

use super::verdict::{Channel, Expected, Note};
use crate::client::checks;
use crate::client::rejection::{Reason, Rejection};
use crate::spec::ResponseParameter as P;
use crate::value::{ExpiresIn, TokenType};
use crate::wire::form::Text;
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
#[inline]
// req: OAUTHRESP-2.2-2
fn channel(
    expected: &Expected<'_>,
    redirect: &Redirect<'_>,
    query: &Parameters<'_>,
    fragment: &Parameters<'_>,
    notes: &mut Notes,
) -> Result<Channel, Rejection> {
    let whole = |reason, offset| Rejection { reason, parameter: None, offset, fault: None };
    // Hardly any query holds an answer.
    let (query_token, has_query_error) =
        if query.is_answer() { (first_token(query), query.has(P::Error)) } else { (None, false) };
    let is_in_fragment = fragment.is_answer();
    if !is_in_fragment && !has_query_error && query_token.is_none() {
        return Err(whole(Reason::NoResponse, redirect.as_str().len()));
    }
    if let Some(uri) = expected.redirect_uri
        && !checks::is_own_redirect_uri(uri, redirect, &expected.profile.response_parameters)
    {
        return Err(whole(Reason::RedirectUriMismatch, 0));
    }
    if let Some((token, offset)) = query_token {
        // req: RFC9700-4.3.2-1
        return Err(Rejection::at(Reason::TokenInQuery, token, offset));
    }
    if !is_in_fragment {
        return Ok(Channel::Query);
    }
    if let Some(error) = fragment.offset(P::Error)
        && let Some((token, offset)) = first_token(fragment)
    {
        // Whichever came second is the one that contradicts.
        let (name, offset) = if error > offset { (P::Error, error) } else { (token, offset) };
        return Err(Rejection::at(Reason::ErrorAndToken, name, offset));
    }
    if has_query_error {
        notes.add(Note::QueryErrorIgnored);
    }
    Ok(Channel::Fragment)
}

/// The leftmost token of a part, and where it stands.
fn first_token(parameters: &Parameters<'_>) -> Option<(P, usize)> {
    match (parameters.offset(P::AccessToken), parameters.offset(P::IdToken)) {
        (Some(access), Some(id)) if id < access => Some((P::IdToken, id)),
        (Some(access), _) => Some((P::AccessToken, access)),
        (None, id) => id.map(|id| (P::IdToken, id)),
    }
}

impl<'a> Examined<'a> {
    /// The parameters of the part that holds the answer.
    pub const fn parameters(&self) -> &Parameters<'a> {
        answer(&self.parts, self.channel)
    }

    /// Where the answer stands.
    pub const fn channel(&self) -> Channel {
        self.channel
    }

    /// What has been left aside so far.
    pub const fn notes(&self) -> Notes {
        self.notes
    }

    #[inline]
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
            // The exception to the rule below: beside an ID token the parameter need not come if the issuer in there is
            // compared (section 4). Here nothing is, so a profile has to say that the caller does. An ID token that nobody
            // asked for is no excuse: anybody could have added it.
            // req: RFC9207-4-2
            (Some(_), None)
                if expected.profile.leniency.dangerous_missing_issuer_beside_id_token
                    && expected.response_type.wants_id_token()
                    && self.has(P::IdToken) =>
            {
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
        let came = self.parameters().get(P::State);
        let text = came.map(|came| came.value.decode());
        match (expected.state.filter(|state| !state.is_empty()), came) {
            (None, None) => Ok(()),
            (None, Some(came)) => Err(Rejection::at(Reason::StateUnexpected, P::State, came.offset)),
            // req: OIDC-3.2.2.5-4
            (Some(expected), _) if checks::is_own_state(expected, text.as_deref()) => Ok(()),
            // req: RFC6749-4.2.2-9
            (Some(_), None) => Err(self.missing(Reason::StateMissing, P::State)),
            (Some(_), Some(came)) => Err(Rejection::at(Reason::StateMismatch, P::State, came.offset)),
        }
    }

    /// Checks each value against its grammar, and that what was asked for is there.
    ///
    /// # Errors
    /// The leftmost [`Rejection`]; what is missing is missing at the end.
    #[inline]
    pub fn check_values(&mut self, expected: &Expected<'_>) -> Result<(), Rejection> {
        let parameters = answer(&self.parts, self.channel);
        let notes = &mut self.notes;
        for (forbidden, note) in [(P::Code, Note::CodeIgnored), (P::RefreshToken, Note::RefreshTokenIgnored)]
        {
            if parameters.has(forbidden) {
                notes.add(note);
            }
        }
        let mut values = Values { parameters, end: self.end, fault: None };
        if parameters.has(P::Error) {
            values.check_error(notes);
        } else {
            values.check_success(expected, notes);
        }
        match values.fault {
            None => Ok(()),
            Some((reason, parameter, offset)) => Err(Rejection::at(reason, parameter, offset)),
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

/// The parameters of the part that holds the answer.
const fn answer<'p, 'a>(parts: &'p RedirectParameters<'a>, channel: Channel) -> &'p Parameters<'a> {
    match channel {
        Channel::Fragment => &parts.fragment,
        Channel::Query => &parts.query,
    }
}

/// The check of the values.
struct Values<'p, 'a> {
    parameters: &'p Parameters<'a>,
    /// Where missing things are missing.
    end: usize,
    /// The leftmost fault so far; of two at one place the one found first.
    fault: Option<(Reason, P, usize)>,
}

impl<'a> Values<'_, 'a> {
    #[inline]
    fn check_error(&mut self, notes: &mut Notes) {
        self.check(P::Error, Text::is_description, Reason::ErrorInvalid);
        // Text that does not fit is dropped later; the error itself is never lost for it.
        if self.is_invalid(P::ErrorDescription, Text::is_description) {
            notes.add(Note::ErrorDescriptionInvalid);
        }
        if self.is_invalid(P::ErrorUri, Text::is_uri_reference) {
            notes.add(Note::ErrorUriInvalid);
        }
    }

    #[inline]
    fn check_success(&mut self, expected: &Expected<'_>, notes: &mut Notes) {
        let (wants_access, wants_id) =
            (expected.response_type.wants_access_token(), expected.response_type.wants_id_token());
        // In the order of the reasons: of two that are missing, both at the end, the first is told.
        if wants_access {
            self.require(P::AccessToken, Reason::AccessTokenMissing);
            self.check(P::AccessToken, Text::is_printable, Reason::AccessTokenInvalid);
        } else if self.parameters.has(P::AccessToken) {
            notes.add(Note::AccessTokenUnrequested);
        }
        if wants_id {
            self.require(P::IdToken, Reason::IdTokenMissing);
            self.check(P::IdToken, Text::is_printable, Reason::IdTokenInvalid);
        } else if self.parameters.has(P::IdToken) {
            notes.add(Note::IdTokenUnrequested);
        }
        // req: RFC6749-7.1-1
        if wants_access {
            if !expected.profile.leniency.missing_token_type_is_bearer {
                self.require(P::TokenType, Reason::TokenTypeMissing);
            } else if !self.parameters.has(P::TokenType) {
                notes.add(Note::TokenTypeMissing);
            }
            self.check(P::TokenType, is_bearer, Reason::TokenTypeUnsupported);
        }
        self.check(P::ExpiresIn, is_seconds, Reason::ExpiresInInvalid);
        self.check(P::Scope, Text::is_scope, Reason::ScopeInvalid);
    }

    /// A parameter that must be there.
    #[inline]
    fn require(&mut self, parameter: P, missing: Reason) {
        if !self.parameters.has(parameter) {
            self.add(missing, parameter, self.end);
        }
    }

    /// A parameter that must fit if it is there.
    #[inline]
    fn check(&mut self, parameter: P, is_valid: impl FnOnce(Text<'a>) -> bool, invalid: Reason) {
        if self.is_invalid(parameter, is_valid) {
            let offset = self.parameters.offset(parameter).unwrap_or(self.end);
            self.add(invalid, parameter, offset);
        }
    }

    #[inline]
    fn is_invalid(&self, parameter: P, is_valid: impl FnOnce(Text<'a>) -> bool) -> bool {
        self.parameters.value(parameter).is_some_and(|value| !is_valid(value))
    }

    #[cold]
    fn add(&mut self, reason: Reason, parameter: P, offset: usize) {
        if self.fault.is_none_or(|(_, _, first)| offset < first) {
            self.fault = Some((reason, parameter, offset));
        }
    }
}

fn is_bearer(text: Text<'_>) -> bool {
    // As nearly every server writes it, which is told in a few steps.
    if matches!(text.raw(), "bearer" | "Bearer") {
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
