//! What the authorization server answers with an error in the fragment, and what the client makes of it.

use fragrant::client::session::Cause;
use fragrant::client::{Authorized, KeptReason, Received, Renewed};
use fragrant::message::AuthorizationRequest;
use fragrant::resource_owner::Decision;
use fragrant::value::{ErrorCode, Scope};

use super::Stage;
use super::run::{Callback, Tale, name_of, sample_scope};

impl Tale {
    /// A request that stands in the address as only a faulty client would write it.
    pub(super) fn scope_said_twice(&mut self, stage: &mut impl Stage) -> Result<(), String> {
        self.refused(stage, &ErrorCode::INVALID_REQUEST, |url| {
            let scope = url.split('&').find(|pair| pair.starts_with("scope=")).unwrap_or("scope=");
            format!("{url}&{scope}")
        })
    }

    pub(super) fn code_asked_for(&mut self, stage: &mut impl Stage) -> Result<(), String> {
        self.refused(stage, &ErrorCode::UNSUPPORTED_RESPONSE_TYPE, |url| {
            url.replace("response_type=token", "response_type=code")
        })
    }

    pub(super) fn unknown_scope(&mut self, stage: &mut impl Stage) -> Result<(), String> {
        let mut request = stage.client().authorization_request();
        request.scope = Some(Scope::new("unheard-of").map_err(|error| error.to_string())?);
        self.refused_request(stage, request, &ErrorCode::INVALID_SCOPE, str::to_owned)
    }

    /// The usual request, spoiled on its way, and refused when somebody has logged in.
    pub(super) fn refused(
        &mut self,
        stage: &mut impl Stage,
        error: &ErrorCode,
        spoil: impl FnOnce(&str) -> String,
    ) -> Result<(), String> {
        let mut request = stage.client().authorization_request();
        request.scope = sample_scope(stage)?;
        self.refused_request(stage, request, error, spoil)
    }

    fn refused_request(
        &mut self,
        stage: &mut impl Stage,
        request: AuthorizationRequest,
        error: &ErrorCode,
        spoil: impl FnOnce(&str) -> String,
    ) -> Result<(), String> {
        let client = stage.client().clone();
        let (awaiting, login) = self.set_out_with(stage, &client, request, spoil)?;
        let page = self.log_in(stage, &login)?;
        self.came_back(&page)?;
        self.is_told_of(stage, &Callback { page, awaiting }, error)
    }

    pub(super) fn failing_server(&mut self, stage: &mut impl Stage, error: &ErrorCode) -> Result<(), String> {
        stage.fail_once(error.clone())?;
        let callback = self.ask(stage, &Decision::GrantAll)?;
        self.is_told_of(stage, &callback, error)
    }

    /// Step 3 of an answer that is an error.
    fn is_told_of(
        &mut self,
        stage: &impl Stage,
        callback: &Callback,
        error: &ErrorCode,
    ) -> Result<(), String> {
        match callback.awaiting.clone().receive(callback.page.address.as_str(), stage.now()) {
            Received::Denied(denied) if denied.response.error == *error => {
                self.extracted();
                // A faulty request is for its developer, and a server that fails is for the session.
                let helps = match Cause::of_error(error) {
                    Cause::ServerRefused => String::new(),
                    cause => format!("; what helps: {}", cause.next_action().as_str()),
                };
                self.handed_over(format!(
                    "hands it over: the state is the request's own, so the error is believed: {error}{helps}"
                ));
                Ok(())
            }
            other => Err(format!("expected {error}, came {}", name_of(&other))),
        }
    }

    pub(super) fn renewal_without_consent(&mut self, stage: &mut impl Stage) -> Result<(), String> {
        let callback = self.ask(stage, &Decision::GrantAll)?;
        let mut authorized = self.receive(stage, &callback)?;
        stage.withdraw_consent()?;
        self.refused_renewal(stage, &mut authorized, &ErrorCode::CONSENT_REQUIRED)
    }

    pub(super) fn failing_renewal(
        &mut self,
        stage: &mut impl Stage,
        error: &ErrorCode,
    ) -> Result<(), String> {
        let callback = self.ask(stage, &Decision::GrantAll)?;
        let mut authorized = self.receive(stage, &callback)?;
        stage.fail_once(error.clone())?;
        self.refused_renewal(stage, &mut authorized, error)
    }

    /// A renewal that may show no page, and is refused for the want of one.
    pub(super) fn refused_renewal(
        &mut self,
        stage: &mut impl Stage,
        authorized: &mut Authorized,
        error: &ErrorCode,
    ) -> Result<(), String> {
        let (page, renewal) = self.ask_again(stage, authorized)?;
        match renewal.receive(authorized, page.address.as_str(), stage.now()) {
            Renewed::Kept { reason: KeptReason::Denied(denied), .. }
                if denied.response.error == *error && error.asks_for_interaction() =>
            {
                self.extracted();
                self.handed_over(format!(
                    "hands it over: {error}; the user has to be asked, and the token in hand works on until it ends"
                ));
                Ok(())
            }
            other => Err(format!("expected {error}, came {other:?}")),
        }
    }
}
