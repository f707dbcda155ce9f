//! An answer that has passed every check, copied into messages.

use alloc::string::String;

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
    let iss = value(parameters, P::Iss, Issuer::new);
    let extra = extra(parameters, &mut notes);
    if let Some(offset) = parameters.offset(P::Error) {
        let error = value(parameters, P::Error, ErrorCode::new)
            .ok_or_else(|| Rejection::at(Reason::ErrorInvalid, P::Error, offset))?;
        let description = value(parameters, P::ErrorDescription, ErrorDescription::new);
        let uri = value(parameters, P::ErrorUri, ErrorUri::new);
        let response = ErrorResponse { error, description, uri, state, iss, extra };
        let notes = notes.iter().collect();
        return Ok(Verdict::ErrorReturned(Returned { response, channel: examined.channel(), notes }));
    }
    let expires_in = value(parameters, P::ExpiresIn, |text| ExpiresIn::parse(&text));
    let scope = value(parameters, P::Scope, Scope::new);
    // req: RFC6749-3.3-7
    let granted = scope.clone().or_else(|| expected.scope.cloned());
    let wants_id_token = expected.response_type.wants_id_token();
    let id_token = wants_id_token.then(|| value(parameters, P::IdToken, UnverifiedIdToken::new)).flatten();
    let response = if expected.response_type.wants_access_token() {
        let access_token = value(parameters, P::AccessToken, AccessToken::new);
        let access_token =
            access_token.ok_or_else(|| examined.missing(Reason::AccessTokenMissing, P::AccessToken))?;
        // Only the profile's leniency lets an answer without a type come this far.
        let token_type = value(parameters, P::TokenType, TokenType::new);
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

/// The value of a parameter, through its constructor.
fn value<T, E>(parameters: &Parameters<'_>, parameter: P, read: fn(String) -> Result<T, E>) -> Option<T> {
    parameters.value(parameter).and_then(|value| read(value.decode().into_owned()).ok())
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
