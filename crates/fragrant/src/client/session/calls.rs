//! Step 4 under way: the calls to the API, and what a refused token means for them. Each call has one last word.

use alloc::boxed::Box;
use alloc::string::String;

use super::call::Call;
use super::effect::Effect;
use super::facts::{Facts, Turn};
use super::handle_error::HandleError;
use super::names::CallId;
use super::problem::{Cause, Problem};
use super::requests::ATTEMPTS;
use crate::client::ApiRequestError;
use crate::message::{BearerChallenge, ResourceRequest};
use crate::value::ErrorCode;

impl Facts {
    /// Makes a call with the token that is there, or has it wait for the next. `false` if it could not be made with any
    /// token; then nothing is done about it.
    pub(super) fn call(&mut self, turn: &mut Turn, id: CallId, method: &str, address: &str) -> bool {
        let request = match self.request(method, address) {
            _ if self.calls.contains_key(&id) => Err(HandleError::CallRepeated),
            Some(Ok(request)) => Ok(request),
            Some(Err(error)) => Err(HandleError::ApiRequest(error)),
            None => return false,
        };
        let request = match request {
            Ok(request) => request,
            Err(error) => {
                turn.error = Some(error);
                return false;
            }
        };
        let (method, address) = (method.into(), address.into());
        let mut call = Call { method, address, token: None, was_refused: false };
        if self.serves(turn.now) {
            call.token = Some(self.token_number);
            turn.order(Effect::CallApi { call: id, request });
        }
        self.calls.insert(id, call);
        true
    }

    fn request(&self, method: &str, address: &str) -> Option<Result<Box<ResourceRequest>, ApiRequestError>> {
        Some(self.authorized.as_deref()?.api_request(method, address).map(Box::new))
    }

    /// Makes the calls that wait.
    pub(super) fn make_waiting(&mut self, turn: &mut Turn) {
        while let Some(call) = self.waiting() {
            self.make(turn, call);
        }
    }

    /// Lets the calls that are under way end with what they are answered: none is made again, with whoever's token.
    pub(super) fn make_none_again(&mut self) {
        self.calls.values_mut().for_each(|call| call.was_refused = true);
    }

    /// Gives up the calls that wait.
    pub(super) fn fail_waiting(&mut self, turn: &mut Turn, problem: &Problem) {
        while let Some(call) = self.waiting() {
            self.calls.remove(&call);
            turn.order(Effect::FailCall { call, problem: Box::new(problem.clone()) });
        }
    }

    /// The first call that waits for a token.
    fn waiting(&self) -> Option<CallId> {
        self.calls.iter().find(|(_, call)| call.token.is_none()).map(|(id, _)| *id)
    }

    /// Makes a call, which does not wait any more then, whatever comes of it.
    fn make(&mut self, turn: &mut Turn, id: CallId) {
        let Some(call) = self.calls.get(&id) else { return };
        match self.request(&call.method, &call.address) {
            Some(Ok(request)) => {
                turn.order(Effect::CallApi { call: id, request });
                if let Some(call) = self.calls.get_mut(&id) {
                    call.token = Some(self.token_number);
                }
            }
            // The address fitted when the call came; so it is the new token that no header can carry.
            Some(Err(_)) | None => {
                self.calls.remove(&id);
                turn.order(Effect::FailCall { call: id, problem: Box::new(Cause::TokenRefused.into()) });
            }
        }
    }

    /// Says the last word about a call that was made; `false` if there is no such call.
    pub(super) fn answer_call(&mut self, turn: &mut Turn, call: CallId) -> bool {
        let is_known = self.calls.get(&call).is_some_and(|known| known.token.is_some());
        if is_known {
            self.calls.remove(&call);
            turn.order(Effect::AnswerCall { call });
        }
        is_known
    }

    /// Looks at the answer to a call that was made. A refused token is worth another attempt with another token, once.
    pub(super) fn call_answered(
        &mut self,
        turn: &mut Turn,
        id: CallId,
        status: u16,
        challenges: &[String],
    ) -> Answered {
        let Some(call) = self.calls.get_mut(&id) else { return Answered::Unknown };
        let Some(token) = call.token else { return Answered::Unknown };
        let is_refusal = is_refusal(status, challenges);
        if call.was_refused && token == self.token_number {
            // The new token has helped, or it has not and the next one will not either.
            self.refusals = if is_refusal { ATTEMPTS } else { 0 };
        }
        if !is_refusal || call.was_refused {
            self.answer_call(turn, id);
            return Answered::Settled;
        }
        // req: RFC6750-3.1-5
        call.was_refused = true;
        call.token = None;
        match token == self.token_number && !self.is_refused {
            true => Answered::TokenRefused,
            // Another call has found that out before, or there is a new token already.
            false if self.serves(turn.now) => {
                self.make(turn, id);
                Answered::Settled
            }
            false => Answered::Waits,
        }
    }

    /// The last word about a refused call that nothing more is done about: its 401.
    pub(super) fn answer_refused(&mut self, turn: &mut Turn, call: CallId) {
        if self.calls.remove(&call).is_some() {
            turn.order(Effect::AnswerCall { call });
        }
    }
}

/// What an answer to a call means for the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answered {
    /// The call has had its last word, or is being made again.
    Settled,
    /// It is the first to find that the current token is refused. It waits for the next.
    TokenRefused,
    /// There is no such call.
    Unknown,
    /// It waits for the next token.
    Waits,
}

/// Whether the API server refused the token itself (RFC 6750 section 3.1). Some say 401 without a word of why, and CORS
/// hides the header of others; a 401 that names another error is about something else.
fn is_refusal(status: u16, challenges: &[String]) -> bool {
    let challenges = challenges.iter().map(String::as_str);
    status == 401 && BearerChallenge::names_nothing_but(&ErrorCode::INVALID_TOKEN, challenges)
}
