//! Calls to the API under way.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::cell::{Cell, RefCell};

use fragrant::client::session::CallId;
use fragrant::message::ResourceRequest;
use wasm_bindgen::{JsCast, JsValue};

use crate::api::{ApiResponse, CallError};
use crate::browser::{self, Headers, Promise, Response, when_settled};

/// What a call comes to.
pub(crate) type Outcome = Result<ApiResponse, CallError>;

/// The calls that have not had their last word.
#[derive(Default)]
pub(crate) struct Calls {
    last: Cell<u64>,
    open: RefCell<Vec<(CallId, Call)>>,
}

struct Call {
    init: JsValue,
    headers: Headers,
    /// The last response, until the session says that it is the caller's.
    response: Option<Response>,
    caller: Box<dyn FnOnce(Outcome)>,
}

impl Calls {
    /// Takes a call up, and says by which name it is known. `headers` are those of `init`; `caller` gets the last word.
    pub(crate) fn open(
        &self,
        init: JsValue,
        headers: Headers,
        caller: impl FnOnce(Outcome) + 'static,
    ) -> CallId {
        let id = CallId(self.last.get().wrapping_add(1));
        self.last.set(id.0);
        let call = Call { init, headers, response: None, caller: Box::new(caller) };
        self.open.borrow_mut().push((id, call));
        id
    }

    /// Makes a call; `settled` is told when there is a response, or none will come. Says whether it could be made at all.
    pub(crate) fn make(
        &self,
        id: CallId,
        request: &ResourceRequest,
        settled: impl FnOnce(JsValue) + 'static,
    ) -> bool {
        let init = self.with(id, |call| {
            call.response = None;
            let authorization = request.reveal_authorization();
            let set = call.headers.set_value(ResourceRequest::AUTHORIZATION, &authorization);
            set.is_ok().then(|| call.init.clone())
        });
        let Some(init) = init.flatten() else { return false };
        match browser::fetch(request.uri().as_str(), &init) {
            // A program may have put a function of its own in its place.
            Ok(response) => {
                when_settled(&Promise::of(&response), settled);
                true
            }
            Err(_) => false,
        }
    }

    /// Keeps the response, if it is one, and gives what the session wants to know of it.
    pub(crate) fn responded(&self, id: CallId, response: JsValue) -> Option<Response> {
        let response = response.dyn_into::<Response>().ok()?;
        self.with(id, |call| call.response = Some(response.clone()));
        Some(response)
    }

    /// Hands the response over.
    pub(crate) fn answer(&self, id: CallId) {
        if let Some(call) = self.close(id) {
            (call.caller)(call.response.map(ApiResponse).ok_or(CallError::Unreachable));
        }
    }

    /// Tells the caller why there is none.
    pub(crate) fn fail(&self, id: CallId, error: CallError) {
        if let Some(call) = self.close(id) {
            (call.caller)(Err(error));
        }
    }

    fn with<T>(&self, id: CallId, then: impl FnOnce(&mut Call) -> T) -> Option<T> {
        let mut open = self.open.borrow_mut();
        open.iter_mut().find(|(open, _)| *open == id).map(|(_, call)| then(call))
    }

    fn close(&self, id: CallId) -> Option<Call> {
        let mut open = self.open.borrow_mut();
        let at = open.iter().position(|(open, _)| *open == id)?;
        Some(open.swap_remove(at).1)
    }
}
