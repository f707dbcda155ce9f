//! The rules of step 3 as pure functions: is this an answer, is it ours, is it sound, and what does it say?
//!
//! [`judge`] is the one place where an answer is judged. The typed states, the session and the command line all call
//! it. It judges in a fixed order: limits, structure, repeated parameters, channel, issuer, state, freshness, values; and
//! within each class the leftmost fault is the one that is reported.

use alloc::borrow::Cow;
use alloc::collections::BTreeSet;
use alloc::vec::Vec;
use core::fmt;

use super::checks;
use super::rejection::{Reason, Rejection};
use crate::message::{
    AccessTokenResponse, ErrorDescription, ErrorResponse, ErrorUri, Extra, IdTokenResponse,
};
use crate::profile::Profile;
use crate::spec::ResponseParameter as P;
use crate::value::{
    AccessToken, ErrorCode, ExpiresIn, Issuer, ResponseType, Scope, State, Timestamp, TokenType,
    UnverifiedIdToken,
};
use crate::wire::form::Pair;
use crate::wire::{Flaw, FlawKind, Parameters, Redirect};

/// What the client knows of the request that it waits to have answered.
#[derive(Clone, Copy)]
#[allow(clippy::exhaustive_structs)] // complete: everything that an answer is compared with
pub struct Expected<'a> {
    /// What was asked for.
    pub response_type: &'a ResponseType,
    /// The state that was sent, if one was.
    pub state: Option<&'a str>,
    /// The issuer that the server is known by, if it is known to name itself.
    pub issuer: Option<&'a str>,
    /// Where the answer was to go; `None` if that is not known.
    pub redirect_uri: Option<&'a str>,
    /// The scope that was asked for.
    pub scope: Option<&'a Scope>,
    /// The moment at which the request stops standing; `None` if that is not known.
    pub end: Option<Timestamp>,
    /// How the provider is to be treated.
    pub profile: &'a Profile,
}

impl fmt::Debug for Expected<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Expected")
            .field("response_type", self.response_type)
            .field("has_state", &self.state.is_some())
            .field("issuer", &self.issuer)
            .field("redirect_uri", &self.redirect_uri)
            .field("scope", &self.scope)
            .field("end", &self.end)
            .field("profile", &self.profile.name)
            .finish()
    }
}

/// What an address turned out to be: exactly one of these.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums)] // complete: the four things that a loaded address can be
pub enum Verdict {
    /// A sound answer with a token.
    TokenGranted(Granted),
    /// A sound answer that says no.
    ErrorReturned(Returned),
    /// An answer that is not believed.
    ResponseRejected(Rejection),
    /// No answer at all: the address is the application's own business.
    NotOurs(Rejection),
}

/// A success that is believed. It stood in the fragment; nowhere else would it have been.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Granted {
    /// What it says.
    pub response: SuccessResponse,
    /// What was granted: the answer's scope, or the requested one if the answer names none. `None` if neither is known.
    pub scope: Option<Scope>,
    /// What was left aside, as data.
    pub notes: Vec<Note>,
}

/// The successes, by what was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums)] // complete: what the implicit response types can be answered with
#[allow(clippy::large_enum_variant)] // made once a login; a box would cost every reader more than the copy costs anybody
pub enum SuccessResponse {
    /// An access token, perhaps with an ID token beside it.
    AccessToken(AccessTokenResponse),
    /// An ID token alone.
    IdToken(IdTokenResponse),
}

/// An error that is believed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Returned {
    /// What it says.
    pub response: ErrorResponse,
    /// Where it stood: in the fragment, or where it does not belong.
    pub channel: Channel,
    /// What was left aside, as data.
    pub notes: Vec<Note>,
}

/// Where an answer stood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(clippy::exhaustive_enums)] // an address has these two places and no other
pub enum Channel {
    /// In the fragment, where it belongs.
    Fragment,
    /// In the query, where some servers put their errors. Never a success.
    Query,
}

impl Channel {
    /// `fragment` or `query`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Fragment => "fragment",
            Self::Query => "query",
        }
    }
}

impl fmt::Display for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Something in a believed answer that was left aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Note {
    /// An access token that was not asked for.
    AccessTokenUnrequested,
    /// An authorization code, which belongs to another grant.
    CodeIgnored,
    /// An `error_description` outside its grammar; the error stands, its text is dropped.
    ErrorDescriptionInvalid,
    /// An `error_uri` outside its grammar; the error stands, the address is dropped.
    ErrorUriInvalid,
    /// An ID token that was not asked for.
    IdTokenUnrequested,
    /// No issuer beside an ID token, which names one itself.
    IssuerMissing,
    /// An issuer, though the server is not known to name itself.
    IssuerUnexpected,
    /// No token type, which the profile forgives.
    TokenTypeMissing,
    /// An error in the query beside an answer in the fragment.
    QueryErrorIgnored,
    /// A refresh token, which the grant must not issue.
    RefreshTokenIgnored,
    /// An unknown parameter that occurs more than once; it is in no list of extras.
    UnknownParameterRepeated,
}

impl Note {
    /// The one word by which programs know it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AccessTokenUnrequested => "access_token_unrequested",
            Self::CodeIgnored => "code_ignored",
            Self::ErrorDescriptionInvalid => "error_description_invalid",
            Self::ErrorUriInvalid => "error_uri_invalid",
            Self::IdTokenUnrequested => "id_token_unrequested",
            Self::IssuerMissing => "issuer_missing",
            Self::IssuerUnexpected => "issuer_unexpected",
            Self::TokenTypeMissing => "token_type_missing",
            Self::QueryErrorIgnored => "query_error_ignored",
            Self::RefreshTokenIgnored => "refresh_token_ignored",
            Self::UnknownParameterRepeated => "unknown_parameter_repeated",
        }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Judges an address that the user agent came back to.
pub fn judge(expected: &Expected<'_>, redirect: &Redirect<'_>, now: Timestamp) -> Verdict {
    match believe(expected, redirect, now) {
        Ok(verdict) => verdict,
        Err(rejection) if rejection.reason == Reason::NoResponse => Verdict::NotOurs(rejection),
        Err(rejection) => Verdict::ResponseRejected(rejection),
    }
}

fn believe(expected: &Expected<'_>, redirect: &Redirect<'_>, now: Timestamp) -> Result<Verdict, Rejection> {
    let mut judgement = Judgement { expected, end: redirect.as_str().len(), notes: Vec::new() };
    let parts = redirect.parameters(&expected.profile.limits, &expected.profile.response_parameters)?;
    let channel = judgement.channel(redirect, &parts.query, &parts.fragment)?;
    let parameters = match channel {
        Channel::Fragment => &parts.fragment,
        Channel::Query => &parts.query,
    };
    judgement.issuer(parameters)?;
    judgement.state(parameters)?;
    // Judged once the state has matched: only then is it this request's own answer that came too late.
    if expected.end.is_some_and(|end| !checks::is_fresh(end, now)) {
        return Err(Rejection { reason: Reason::PendingExpired, parameter: None, offset: 0, fault: None });
    }
    let common = judgement.common(parameters);
    Ok(match parameters.get(P::Error) {
        Some(error) => Verdict::ErrorReturned(Returned {
            response: judgement.error(error, parameters, common)?,
            channel,
            notes: judgement.notes(),
        }),
        None => {
            let (response, scope) = judgement.success(parameters, common)?;
            Verdict::TokenGranted(Granted { response, scope, notes: judgement.notes() })
        }
    })
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

/// One judgement: its fixed facts, and what it leaves aside.
struct Judgement<'j, 'e> {
    expected: &'j Expected<'e>,
    /// The input's length: where missing things are missing.
    end: usize,
    notes: Vec<Note>,
}

/// What successes and errors have in common.
struct Common {
    state: Option<State>,
    iss: Option<Issuer>,
    extra: Extra,
}

impl Judgement<'_, '_> {
    /// Decides which part of the address holds the answer.
    // req: RFC9700-2.1-1
    fn channel(
        &mut self,
        redirect: &Redirect<'_>,
        query: &Parameters<'_>,
        fragment: &Parameters<'_>,
    ) -> Result<Channel, Rejection> {
        let query_token = first_token(query);
        let query_error = query.get(P::Error);
        let answer = fragment.first_of_answer();
        if answer.is_none() && query_error.is_none() && query_token.is_none() {
            return Err(Rejection {
                reason: Reason::NoResponse,
                parameter: None,
                offset: self.end,
                fault: None,
            });
        }
        if let Some(uri) = self.expected.redirect_uri
            && !checks::is_own_redirect_uri(uri, redirect, &self.expected.profile.response_parameters)
        {
            return Err(Rejection {
                reason: Reason::RedirectUriMismatch,
                parameter: None,
                offset: 0,
                fault: None,
            });
        }
        if let Some((token, pair)) = query_token {
            return Err(Rejection::at(Reason::TokenInQuery, token, pair.offset));
        }
        if answer.is_none() {
            return Ok(Channel::Query);
        }
        if let (Some(error), Some((token, pair))) = (fragment.get(P::Error), first_token(fragment)) {
            // Whichever came second is the one that contradicts.
            let (name, pair) = if error.offset > pair.offset { (P::Error, error) } else { (token, pair) };
            return Err(Rejection::at(Reason::ErrorAndToken, name, pair.offset));
        }
        self.note_if(query_error.is_some(), Note::QueryErrorIgnored);
        Ok(Channel::Fragment)
    }

    fn issuer(&mut self, parameters: &Parameters<'_>) -> Result<(), Rejection> {
        match (self.expected.issuer, parameters.get(P::Iss)) {
            (None, None) => {}
            // The RFC would rather have it refused, and leaves the choice to local policy (section 2.4): a client that
            // knows one server learns nothing from it.
            (None, Some(_)) => self.notes.push(Note::IssuerUnexpected),
            // req: RFC9207-2.4-2, RFC9207-2.4-3
            (Some(expected), Some(came)) if !checks::is_own_issuer(expected, &came.value.decode()) => {
                return Err(Rejection::at(Reason::IssuerMismatch, P::Iss, came.offset));
            }
            (Some(_), Some(_)) => {}
            // An ID token names its issuer itself, so servers leave it out beside one. One that nobody asked for is no
            // excuse: anybody could have added it.
            (Some(_), None)
                if self.expected.response_type.wants_id_token() && parameters.get(P::IdToken).is_some() =>
            {
                self.notes.push(Note::IssuerMissing);
            }
            // req: RFC9207-2.4-5
            (Some(_), None) => return Err(self.missing(Reason::IssuerMissing, P::Iss)),
        }
        Ok(())
    }

    fn state(&self, parameters: &Parameters<'_>) -> Result<(), Rejection> {
        // An empty parameter counts as absent (RFC 6749 section 3.1), so an empty state was no state.
        match (self.expected.state.filter(|state| !state.is_empty()), parameters.get(P::State)) {
            (None, None) => Ok(()),
            (None, Some(came)) => Err(Rejection::at(Reason::StateUnexpected, P::State, came.offset)),
            // req: RFC6749-4.2.2-9
            (Some(_), None) => Err(self.missing(Reason::StateMissing, P::State)),
            (Some(expected), Some(came)) if checks::is_own_state(expected, &came.value.decode()) => Ok(()),
            (Some(_), Some(came)) => Err(Rejection::at(Reason::StateMismatch, P::State, came.offset)),
        }
    }

    fn common(&mut self, parameters: &Parameters<'_>) -> Common {
        for (forbidden, note) in [(P::Code, Note::CodeIgnored), (P::RefreshToken, Note::RefreshTokenIgnored)]
        {
            self.note_if(parameters.get(forbidden).is_some(), note);
        }
        Common {
            // The caller's own text, which has matched; one that no `State` holds is left out.
            state: self.expected.state.and_then(|state| State::new(state).ok()),
            // What the issuer check has passed, or what nobody compares.
            iss: value(parameters, P::Iss).and_then(|text| Issuer::new(text).ok()),
            extra: self.extra(parameters),
        }
    }

    /// Collects the parameters that the protocol does not know. One that comes twice says two things, so it is kept out.
    // req: RFC6749-4.2.2-11
    fn extra(&mut self, parameters: &Parameters<'_>) -> Extra {
        let mut extra = Extra::default();
        let mut repeated = BTreeSet::new();
        for (name, pair) in parameters.unknown() {
            if !extra.add(&*name, pair.value.decode()) {
                repeated.insert(name);
            }
        }
        self.note_if(!repeated.is_empty(), Note::UnknownParameterRepeated);
        for name in repeated {
            extra.remove(&name);
        }
        extra
    }

    fn error(
        &mut self,
        error: Pair<'_>,
        parameters: &Parameters<'_>,
        Common { state, iss, extra }: Common,
    ) -> Result<ErrorResponse, Rejection> {
        let error = ErrorCode::new(error.value.decode())
            .map_err(|_| Rejection::at(Reason::ErrorInvalid, P::Error, error.offset))?;
        // Text that does not fit is dropped; the error itself is never lost for it.
        let description = value(parameters, P::ErrorDescription).map(ErrorDescription::new).transpose();
        self.note_if(description.is_err(), Note::ErrorDescriptionInvalid);
        let uri = value(parameters, P::ErrorUri).map(ErrorUri::new).transpose();
        self.note_if(uri.is_err(), Note::ErrorUriInvalid);
        let (description, uri) = (description.ok().flatten(), uri.ok().flatten());
        Ok(ErrorResponse { error, description, uri, state, iss, extra })
    }

    fn success(
        &mut self,
        parameters: &Parameters<'_>,
        Common { state, iss, extra }: Common,
    ) -> Result<(SuccessResponse, Option<Scope>), Rejection> {
        let wants = self.expected.response_type;
        for (is_wanted, token, note) in [
            (wants.wants_access_token(), P::AccessToken, Note::AccessTokenUnrequested),
            (wants.wants_id_token(), P::IdToken, Note::IdTokenUnrequested),
        ] {
            self.note_if(!is_wanted && parameters.get(token).is_some(), note);
        }
        // In the order of the reasons: of two that are missing, both at the end, the first is told.
        let mut faults = Faults::default();
        let access_token = wants.wants_access_token().then(|| self.access_token(parameters, &mut faults));
        let id_token = wants.wants_id_token().then(|| self.id_token(parameters, &mut faults)).flatten();
        let token_type =
            wants.wants_access_token().then(|| self.token_type(parameters, &mut faults)).flatten();
        let expires_in = parameters.get(P::ExpiresIn).and_then(|pair| {
            faults.take(ExpiresIn::parse(&pair.value.decode()), Reason::ExpiresInInvalid, P::ExpiresIn, pair)
        });
        let scope = parameters.get(P::Scope).and_then(|pair| {
            faults.take(Scope::new(pair.value.decode()), Reason::ScopeInvalid, P::Scope, pair)
        });
        // req: RFC6749-3.3-7
        let granted = scope.clone().or_else(|| self.expected.scope.cloned());
        let Some(access_token) = access_token else {
            let id_token =
                faults.unless_any(id_token, || self.missing(Reason::IdTokenMissing, P::IdToken))?;
            let response = IdTokenResponse { id_token, expires_in, scope, state, iss, extra };
            return Ok((SuccessResponse::IdToken(response), granted));
        };
        let (access_token, token_type) = faults.unless_any(access_token.zip(token_type), || {
            self.missing(Reason::AccessTokenMissing, P::AccessToken)
        })?;
        let response =
            AccessTokenResponse { access_token, token_type, expires_in, scope, state, iss, id_token, extra };
        Ok((SuccessResponse::AccessToken(response), granted))
    }

    fn access_token(&self, parameters: &Parameters<'_>, faults: &mut Faults) -> Option<AccessToken> {
        let pair = self.required(parameters, P::AccessToken, Reason::AccessTokenMissing, faults)?;
        faults.take(AccessToken::new(pair.value.decode()), Reason::AccessTokenInvalid, P::AccessToken, pair)
    }

    fn id_token(&self, parameters: &Parameters<'_>, faults: &mut Faults) -> Option<UnverifiedIdToken> {
        let pair = self.required(parameters, P::IdToken, Reason::IdTokenMissing, faults)?;
        faults.take(UnverifiedIdToken::new(pair.value.decode()), Reason::IdTokenInvalid, P::IdToken, pair)
    }

    // req: RFC6749-7.1-1
    fn token_type(&mut self, parameters: &Parameters<'_>, faults: &mut Faults) -> Option<TokenType> {
        if parameters.get(P::TokenType).is_none()
            && self.expected.profile.leniency.missing_token_type_is_bearer
        {
            self.notes.push(Note::TokenTypeMissing);
            return Some(TokenType::BEARER);
        }
        let pair = self.required(parameters, P::TokenType, Reason::TokenTypeMissing, faults)?;
        let supported =
            TokenType::new(pair.value.decode()).ok().filter(|own| *own == TokenType::BEARER).ok_or(());
        faults.take(supported, Reason::TokenTypeUnsupported, P::TokenType, pair)
    }

    /// A parameter that must be there; its absence is a fault.
    fn required<'a>(
        &self,
        parameters: &Parameters<'a>,
        parameter: P,
        missing: Reason,
        faults: &mut Faults,
    ) -> Option<Pair<'a>> {
        let pair = parameters.get(parameter);
        if pair.is_none() {
            faults.add(self.missing(missing, parameter));
        }
        pair
    }

    /// What is missing is missing at the input's end.
    fn missing(&self, reason: Reason, parameter: P) -> Rejection {
        Rejection::at(reason, parameter, self.end)
    }

    fn note_if(&mut self, condition: bool, note: Note) {
        if condition {
            self.notes.push(note);
        }
    }

    fn notes(mut self) -> Vec<Note> {
        self.notes.sort_unstable();
        self.notes
    }
}

/// The leftmost fault among the values; of two at one place the one found first.
#[derive(Default)]
struct Faults(Option<Rejection>);

impl Faults {
    fn add(&mut self, fault: Rejection) {
        if self.0.as_ref().is_none_or(|first| fault.offset < first.offset) {
            self.0 = Some(fault);
        }
    }

    /// Keeps a value, or notes that it does not fit.
    fn take<T, E>(&mut self, value: Result<T, E>, reason: Reason, parameter: P, pair: Pair<'_>) -> Option<T> {
        if value.is_err() {
            self.add(Rejection::at(reason, parameter, pair.offset));
        }
        value.ok()
    }

    /// The value, unless there is a fault. A value that is absent without one cannot be; `missing` would say so.
    fn unless_any<T>(self, value: Option<T>, missing: impl FnOnce() -> Rejection) -> Result<T, Rejection> {
        match self.0 {
            Some(fault) => Err(fault),
            None => value.ok_or_else(missing),
        }
    }
}

/// The leftmost token of a part.
fn first_token<'a>(parameters: &Parameters<'a>) -> Option<(P, Pair<'a>)> {
    let tokens = [P::AccessToken, P::IdToken].into_iter();
    tokens.filter_map(|token| Some((token, parameters.get(token)?))).min_by_key(|(_, pair)| pair.offset)
}

fn value<'a>(parameters: &Parameters<'a>, parameter: P) -> Option<Cow<'a, str>> {
    parameters.get(parameter).map(|pair| pair.value.decode())
}
