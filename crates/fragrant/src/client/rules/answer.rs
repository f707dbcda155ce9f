//! An answer that has passed every check, copied into messages.

use alloc::borrow::Cow;

use super::examine::{Examined, Notes};
use super::verdict::{Expected, Granted, Note, Returned, SuccessResponse, Verdict};
use crate::client::rejection::{Reason, Rejection};
use crate::message::{
    AccessTokenResponse, ErrorDescription, ErrorResponse, ErrorUri, Extra, IdTokenResponse,
};
use crate::sorted_map::sorted;
use crate::spec::ResponseParameter as P;
use crate::value::{AccessToken, ErrorCode, ExpiresIn, Issuer, Scope, State, TokenType, UnverifiedIdToken};
use crate::wire::Parameters;

/// Reads an answer. The constructors check each grammar once more; what they say of a value that has passed is what the
/// check would have said.
pub(super) fn read(examined: &Examined<'_>, expected: &Expected<'_>) -> Result<Verdict, Rejection> {
    let parameters = examined.parameters();
    let mut notes = examined.notes();
    // The caller's own text, which has matched; one that no `State` holds is left out.
    let state = expected.state.and_then(|state| State::new(state).ok());
    // What the issuer check has passed, or what nobody compares.
    let iss = text(parameters, P::Iss).and_then(|text| Issuer::new(text).ok());
    let extra = extra(parameters, &mut notes);
    if let Some(pair) = parameters.get(P::Error) {
        let error = ErrorCode::new(pair.value.decode())
            .map_err(|_| Rejection::at(Reason::ErrorInvalid, P::Error, pair.offset))?;
        let description =
            text(parameters, P::ErrorDescription).and_then(|text| ErrorDescription::new(text).ok());
        let uri = text(parameters, P::ErrorUri).and_then(|text| ErrorUri::new(text).ok());
        let response = ErrorResponse { error, description, uri, state, iss, extra };
        let notes = notes.iter().collect();
        return Ok(Verdict::ErrorReturned(Returned { response, channel: examined.channel(), notes }));
    }
    let expires_in = text(parameters, P::ExpiresIn).and_then(|text| ExpiresIn::parse(&text).ok());
    let scope = text(parameters, P::Scope).and_then(|text| Scope::new(text).ok());
    // req: RFC6749-3.3-7
    let granted = scope.clone().or_else(|| expected.scope.cloned());
    let id_token = expected.response_type.wants_id_token().then(|| text(parameters, P::IdToken)).flatten();
    let id_token = id_token.and_then(|text| UnverifiedIdToken::new(text).ok());
    let response = if expected.response_type.wants_access_token() {
        let access_token = text(parameters, P::AccessToken).and_then(|text| AccessToken::new(text).ok());
        let access_token =
            access_token.ok_or_else(|| examined.missing(Reason::AccessTokenMissing, P::AccessToken))?;
        // Only the profile's leniency lets an answer without a type come this far.
        let token_type = text(parameters, P::TokenType).and_then(|text| TokenType::new(text).ok());
        let token_type = token_type.unwrap_or(TokenType::BEARER);
        SuccessResponse::AccessToken(AccessTokenResponse {
            access_token,
            token_type,
            expires_in,
            scope,
            state,
            iss,
            id_token,
            extra,
        })
    } else {
        let id_token = id_token.ok_or_else(|| examined.missing(Reason::IdTokenMissing, P::IdToken))?;
        SuccessResponse::IdToken(IdTokenResponse { id_token, expires_in, scope, state, iss, extra })
    };
    Ok(Verdict::TokenGranted(Granted { response, scope: granted, notes: notes.iter().collect() }))
}

fn text<'a>(parameters: &Parameters<'a>, parameter: P) -> Option<Cow<'a, str>> {
    parameters.get(parameter).map(|pair| pair.value.decode())
}

/// Collects the parameters that the protocol does not know. One that comes twice says two things, so it is kept out.
// req: RFC6749-4.2.2-11
fn extra(parameters: &Parameters<'_>, notes: &mut Notes) -> Extra {
    let mut extra = Extra::default();
    // In the order of their names: so what is repeated stands together, and however many there are, each goes to the end.
    let pairs = sorted(parameters.unknown().map(|(name, pair)| (name, pair.value.decode())));
    for same in pairs.chunk_by(|(one, _), (other, _)| one == other) {
        match same {
            [(name, value)] => drop(extra.add(&**name, &**value)),
            _ => notes.add(Note::UnknownParameterRepeated),
        }
    }
    extra
}
