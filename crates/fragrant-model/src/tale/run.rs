//! The whole run: steps 1 to 4, a renewal, and a token that has ended.

use fragrant::actor::{Actor, Step};
use fragrant::client::{Authorized, AwaitingRenewal, AwaitingResponse, Client, Received, Renewed};
use fragrant::message::{AuthorizationRequest, ResourceRequest};
use fragrant::profile::Renewal;
use fragrant::resource_owner::Decision;
use fragrant::value::{ErrorCode, Scope};
use fragrant_profiles::MoveKind;

use super::{ApiAnswer, Hop, Page, Stage};
use crate::recorder::{Line, Recording};
use crate::redact;

use Actor::{ApiServer, AuthorizationServer, ResourceOwner, UserAgent};

/// A tale as it is told: what has been recorded of it so far.
pub(super) struct Tale {
    pub(super) recording: Recording,
}

/// The browser is back, and the client waits.
pub(super) struct Callback {
    pub(super) page: Page,
    pub(super) awaiting: AwaitingResponse,
}

impl Tale {
    pub(super) fn whole(&mut self, stage: &mut impl Stage) -> Result<(), String> {
        self.recording.begin_scene("Signing in");
        let callback = self.ask(stage, &Decision::GrantAll)?;
        let mut authorized = self.receive(stage, &callback)?;
        let old_request = self.call(stage, &authorized)?;

        self.recording.begin_scene(match authorized.client().profile().renewal {
            Renewal::Silent => "A new token before the old one ends, with prompt=none: no page is shown",
            _ => {
                "A new token before the old one ends: no prompt=none is documented here, so it is a new redirect inside \
                 the login session"
            }
        });
        self.renew(stage, &mut authorized)?;
        self.call(stage, &authorized)?;

        self.recording.begin_scene("The old token has ended");
        self.call_with_ended_token(stage, &authorized, &old_request)?;

        if authorized.client().profile().renewal == Renewal::Silent {
            self.recording.begin_scene("The login session has ended: prompt=none can only say so");
            stage.end_sessions();
            self.refused_renewal(stage, &mut authorized, &ErrorCode::LOGIN_REQUIRED)?;
        }
        Ok(())
    }

    pub(super) fn denial(&mut self, stage: &mut impl Stage) -> Result<(), String> {
        self.recording.begin_scene("The resource owner says no");
        let callback = self.ask(stage, &Decision::Deny)?;
        let address = callback.page.address.as_str();
        let text = match callback.awaiting.receive(address, stage.now()) {
            Received::Denied(denied) if denied.response.error == ErrorCode::ACCESS_DENIED => {
                "hands it over: its state is the request's own, so the error is believed: access_denied"
            }
            other => return Err(format!("expected access_denied, came {}", name_of(&other))),
        };
        self.extracted();
        self.handed_over(text);
        Ok(())
    }

    /// Steps 1 and 2: the request, the login, the consent, and the redirect.
    pub(super) fn ask(&mut self, stage: &mut impl Stage, decision: &Decision) -> Result<Callback, String> {
        let client = stage.client().clone();
        let mut request = client.authorization_request();
        request.scope = sample_scope(stage)?;
        let scope = request.scope.clone();
        let (awaiting, login) = self.set_out(stage, &client, request)?;
        let page = self.log_in_and_decide(stage, &login, scope.as_ref(), decision)?;
        self.came_back(&page)?;
        Ok(Callback { page, awaiting })
    }

    /// Step 1: the app's page is opened, the control is used, and the browser is sent off. Gives what it shows then.
    pub(super) fn set_out(
        &mut self,
        stage: &mut impl Stage,
        client: &Client,
        request: AuthorizationRequest,
    ) -> Result<(AwaitingResponse, Page), String> {
        self.set_out_with(stage, client, request, str::to_owned)
    }

    /// The same with an address of which something else has been made.
    pub(super) fn set_out_with(
        &mut self,
        stage: &mut impl Stage,
        client: &Client,
        request: AuthorizationRequest,
        spoil: impl FnOnce(&str) -> String,
    ) -> Result<(AwaitingResponse, Page), String> {
        self.say(MoveKind::PageOpened, Step::One, ResourceOwner, UserAgent, "opens the app's page");
        self.say(MoveKind::ControlShown, Step::One, Actor::Client, ResourceOwner, "shows a control: Sign in");
        let (url, awaiting) = client
            .begin(request, stage.entropy()?, stage.now())
            .map_err(|error| format!("the authorization request: {error}"))?;
        let url = spoil(url.as_str());
        self.say(
            MoveKind::AuthorizationRequested,
            Step::One,
            Actor::Client,
            UserAgent,
            "stores the pending request, and sends the browser off",
        )
        .with_wire(&url);
        let page = stage.open(&url)?;
        self.sent(MoveKind::AuthorizationRequested, Step::One, &page.hops);
        Ok((awaiting, page))
    }

    /// Step 2, up to the redirect.
    pub(super) fn log_in_and_decide(
        &mut self,
        stage: &mut impl Stage,
        login: &Page,
        scope: Option<&Scope>,
        decision: &Decision,
    ) -> Result<Page, String> {
        let consent = self.log_in(stage, login)?;
        consent.expect_form("the consent page")?;
        let asked = scope.map_or_else(|| "access".into(), ToString::to_string);
        self.say(
            MoveKind::ConsentShown,
            Step::Two,
            AuthorizationServer,
            ResourceOwner,
            format!("says which app asks, and for what: {asked}"),
        )
        .with_wire(status(consent.status));
        let page = stage.decide(&consent, decision)?;
        let decided = match decision {
            Decision::Deny => "deny".into(),
            Decision::Grant(scope) => format!("allow {scope}"),
            Decision::GrantAll => "allow".to_owned(),
        };
        self.say(
            MoveKind::DecisionMade,
            Step::Two,
            ResourceOwner,
            AuthorizationServer,
            format!("decides: {decided}"),
        );
        Ok(page)
    }

    /// The login, and what comes after it.
    pub(super) fn log_in(&mut self, stage: &mut impl Stage, login: &Page) -> Result<Page, String> {
        login.expect_form("the login page")?;
        self.say(MoveKind::LoginShown, Step::Two, AuthorizationServer, ResourceOwner, "shows its login page")
            .with_wire(status(login.status));
        let page = stage.log_in(login)?;
        self.say(
            MoveKind::CredentialsEntered,
            Step::Two,
            ResourceOwner,
            AuthorizationServer,
            format!("logs in as {}", stage.user()),
        );
        Ok(page)
    }

    /// Step 3: the address, fragment and all, to the client.
    pub(super) fn receive(
        &mut self,
        stage: &mut impl Stage,
        callback: &Callback,
    ) -> Result<Authorized, String> {
        let address = callback.page.address.as_str();
        let authorized = match callback.awaiting.clone().receive(address, stage.now()) {
            Received::Authorized(authorized) => authorized,
            other => return Err(format!("expected a token, came {}", name_of(&other))),
        };
        let token = redact::shorten(authorized.access_token().reveal_secret());
        self.extracted();
        let lifetime = authorized.expiry().map_or_else(
            || "an unknown time".into(),
            |expiry| format!("{} seconds", expiry.seconds_left(stage.now())),
        );
        let scope = authorized.scope().map_or_else(|| "none named".into(), |scope| scope.to_string());
        self.handed_over(format!(
            "hands it over: the state matches, the request is spent; token {token} for {lifetime}, scope: {scope}"
        ));
        Ok(authorized)
    }

    /// Step 4.
    pub(super) fn call(
        &mut self,
        stage: &mut impl Stage,
        authorized: &Authorized,
    ) -> Result<ResourceRequest, String> {
        let request = authorized
            .api_request("GET", &format!("{}{}", stage.api_origin(), stage.provider().paths.sample_call))
            .map_err(|error| format!("the API request: {error}"))?;
        let response = self.send(stage, &request, "calls the API with the token")?;
        if !(200..300).contains(&response.status) {
            return Err(format!("expected the API to serve the call, came status {}", response.status));
        }
        self.say(MoveKind::ApiAnswered, Step::Four, ApiServer, Actor::Client, "answers")
            .with_wire(status(response.status))
            .with_wire(&response.shown);
        self.say(
            MoveKind::ResultDisplayed,
            Step::Four,
            Actor::Client,
            UserAgent,
            "displays what the API said",
        );
        self.say(MoveKind::ResultViewed, Step::Four, UserAgent, ResourceOwner, "shows it");
        Ok(request)
    }

    /// Step 3, again: a new token while the old one still works.
    fn renew(&mut self, stage: &mut impl Stage, authorized: &mut Authorized) -> Result<(), String> {
        let due = authorized.renew_at().ok_or("the server named no lifetime")?;
        stage.wait(due.seconds_since(stage.now()));
        let old = authorized.access_token().clone();
        let (page, renewal) = self.ask_again(stage, authorized)?;
        match renewal.receive(authorized, page.address.as_str(), stage.now()) {
            Renewed::Replaced if *authorized.access_token() != old => {}
            Renewed::Replaced => return Err("the renewed token is the old one".into()),
            Renewed::Kept { reason, .. } => return Err(format!("the renewal brought no token: {reason:?}")),
            Renewed::OtherUser(_) => return Err("the renewal brought another user's token".into()),
        }
        let token = redact::shorten(authorized.access_token().reveal_secret());
        self.extracted();
        self.handed_over(format!("hands it over: the new token {token} takes the old one's place"));
        Ok(())
    }

    /// Sends the browser for a renewal; whatever the answer, no page may stop it.
    pub(super) fn ask_again(
        &mut self,
        stage: &mut impl Stage,
        authorized: &mut Authorized,
    ) -> Result<(Page, AwaitingRenewal), String> {
        let (url, renewal) = authorized
            .renew(stage.entropy()?, stage.now())
            .map_err(|error| format!("the renewal: {error}"))?;
        let how = match authorized.client().profile().renewal {
            Renewal::Silent => "asks again in a hidden frame, with prompt=none",
            _ => "asks again with a new redirect",
        };
        self.say(MoveKind::RenewalRequested, Step::Three, Actor::Client, UserAgent, how)
            .with_wire(url.as_str());
        let page = stage.open(url.as_str())?;
        self.sent(MoveKind::RenewalRequested, Step::Three, &page.hops);
        // The authorization endpoint, which redirects, and the redirect page: anything more would be a page of the server's.
        if page.hops.len() != 2 {
            return Err(format!("expected a redirect straight back, came {} requests", page.hops.len()));
        }
        self.came_back(&page)?;
        Ok((page, renewal))
    }

    fn call_with_ended_token(
        &mut self,
        stage: &mut impl Stage,
        authorized: &Authorized,
        old_request: &ResourceRequest,
    ) -> Result<(), String> {
        let lifetime = authorized.expiry().map_or(0, |expiry| expiry.seconds_left(stage.now()));
        // The old token ends before the new one does: halfway through the new one's life it is over.
        stage.wait(lifetime / 2);
        let response = self.send(stage, old_request, "calls the API with the old token")?;
        let refused = response.refusal(401, &ErrorCode::INVALID_TOKEN)?;
        self.say(
            MoveKind::ApiAnswered,
            Step::Four,
            ApiServer,
            Actor::Client,
            "refuses it: the token has ended",
        )
        .with_wire(status(response.status))
        .with_wire(format!("WWW-Authenticate: {}", refused.to_header_value()));
        self.call(stage, authorized).map(drop)
    }

    pub(super) fn send(
        &mut self,
        stage: &mut impl Stage,
        request: &ResourceRequest,
        text: &str,
    ) -> Result<ApiAnswer, String> {
        let authorization = request.reveal_authorization();
        let token = authorization.trim_start_matches("Bearer ");
        self.say(MoveKind::ApiCalled, Step::Four, Actor::Client, ApiServer, text)
            .with_wire(format!("GET {} HTTP/1.1", request.uri().path()))
            .with_wire(format!("Authorization: Bearer {}", redact::shorten(token)));
        stage.call(request)
    }

    /// The request lines that the browser sent to the authorization server.
    pub(super) fn sent(&mut self, kind: MoveKind, step: Step, hops: &[Hop]) {
        if let Some(first) = hops.first() {
            self.say(kind, step, UserAgent, AuthorizationServer, "asks for the authorization endpoint")
                .with_wire(&first.request);
        }
    }

    /// The end of step 2: the redirect, and the page that it leads to.
    pub(super) fn came_back(&mut self, page: &Page) -> Result<(), String> {
        let redirect =
            page.hops.iter().rev().find_map(|hop| hop.location.as_deref().map(|to| (hop.status, to)));
        let (code, location) = redirect.ok_or("expected a redirect to the app, came a page")?;
        if page.address.fragment().is_none() {
            return Err("expected an answer in the fragment, came none".into());
        }
        self.say(
            MoveKind::AnswerRedirected,
            Step::Two,
            AuthorizationServer,
            UserAgent,
            "redirects with the answer in the fragment",
        )
        .with_wire(status(code))
        .with_wire(format!("Location: {location}"));
        if let Some(last) = page.hops.last() {
            self.say(
                MoveKind::RedirectPageRequested,
                Step::Three,
                UserAgent,
                Actor::RedirectionUri,
                "asks for the redirect page, and keeps the fragment to itself",
            )
            .with_wire(&last.request);
        }
        if page.status != 200 {
            return Err(format!("the redirect page: expected status 200, came {}", page.status));
        }
        self.say(
            MoveKind::RedirectPageServed,
            Step::Three,
            Actor::RedirectionUri,
            UserAgent,
            "serves the page whose script sees the whole address",
        )
        .with_wire(status(page.status));
        Ok(())
    }

    /// The page's script takes the raw address; whose move that is, each guide tells in its own way.
    pub(super) fn extracted(&mut self) {
        let own = self.recording.provider.moves.iter().find(|own| own.kind == MoveKind::TokenExtracted);
        let (from, to) = own.map_or((UserAgent, UserAgent), |own| (own.from, own.to));
        self.say(MoveKind::TokenExtracted, Step::Three, from, to, "takes the raw address, fragment and all");
    }

    pub(super) fn handed_over(&mut self, text: impl Into<String>) {
        self.say(MoveKind::TokenHandedOver, Step::Three, UserAgent, Actor::Client, text);
    }

    pub(super) fn say(
        &mut self,
        kind: MoveKind,
        step: Step,
        from: Actor,
        to: Actor,
        text: impl Into<String>,
    ) -> &mut Line {
        self.recording.say(kind, step, from, to, text)
    }
}

/// The scope to ask for, where the provider has scopes.
pub(super) fn sample_scope(stage: &impl Stage) -> Result<Option<Scope>, String> {
    let names = stage.provider().habits.sample_scope.iter().copied();
    Scope::from_names(names).map_err(|error| error.to_string())
}

pub(super) fn name_of(received: &Received) -> String {
    match received {
        Received::Authorized(_) => "a token".into(),
        Received::Denied(denied) => format!("the error {}", denied.response.error),
        Received::Rejected { rejection, .. } => format!("a rejection: {rejection}"),
        Received::NotOurs(_) => "no answer".into(),
    }
}

pub(super) fn status(status: u16) -> String {
    let reason = match status {
        200 => "OK",
        303 => "See Other",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        _ => "",
    };
    format!("HTTP/1.1 {status} {reason}").trim_end().into()
}
