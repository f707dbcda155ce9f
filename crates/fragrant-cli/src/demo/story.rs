//! The story that the demo tells: steps 1 to 4, a renewal, and a token that has ended.

use fragrant::actor::{Actor, Step};
use fragrant::client::{Authorized, KeptReason, Received, Renewed};
use fragrant::message::ResourceRequest;
use fragrant::profile::Renewal;
use fragrant::value::ErrorCode;
use fragrant_http::{ApiResponse, Outcome};
use fragrant_model::{Recording, redact};
use fragrant_profiles::{MoveKind, Provider};

use super::browser::{Hop, Page};
use super::form::Form;
use super::stage::{PASSWORD, Stage, USER, entropy};

use Actor::{ApiServer, AuthorizationServer, Client, RedirectionUri, ResourceOwner, UserAgent};

/// How much of an API's answer is shown, in characters.
const SHOWN_OF_BODY: usize = 120;

/// Runs the story with one provider. What went wrong is told in the result; what happened until then in the recording.
pub(super) fn tell(provider: &'static Provider, deny: bool) -> (Recording, Result<(), String>) {
    let mut story = Story { recording: Recording::new(provider) };
    let outcome = Stage::set(provider)
        .and_then(|mut stage| if deny { story.denial(&mut stage) } else { story.whole(&mut stage) });
    (story.recording, outcome)
}

struct Story {
    recording: Recording,
}

impl Story {
    fn whole(&mut self, stage: &mut Stage) -> Result<(), String> {
        self.recording.begin_scene("Signing in");
        let callback = self.ask(stage, "allow")?;
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
            self.renewal_without_session(stage, &mut authorized)?;
        }
        Ok(())
    }

    fn denial(&mut self, stage: &mut Stage) -> Result<(), String> {
        self.recording.begin_scene("The resource owner says no");
        let callback = self.ask(stage, "deny")?;
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
    fn ask(&mut self, stage: &mut Stage, decision: &str) -> Result<Callback, String> {
        self.say(MoveKind::PageOpened, Step::One, ResourceOwner, UserAgent, "opens the app's page");
        self.say(MoveKind::ControlShown, Step::One, Client, ResourceOwner, "shows a control: Sign in");
        let mut request = stage.client.authorization_request();
        request.scope = stage.scope()?;
        let (url, awaiting) = stage
            .client
            .begin(request, entropy()?, stage.now())
            .map_err(|error| format!("the authorization request: {error}"))?;
        self.say(
            MoveKind::AuthorizationRequested,
            Step::One,
            Client,
            UserAgent,
            "stores the pending request, and sends the browser off",
        )
        .with_wire(url.as_str());

        let login = stage.browser.open(url.as_str())?;
        self.sent(MoveKind::AuthorizationRequested, Step::One, &login.hops);
        let form = expect_form(&login, "the login page")?;
        self.say(MoveKind::LoginShown, Step::Two, AuthorizationServer, ResourceOwner, "shows its login page")
            .with_wire(status(login.status));
        let consent =
            stage.browser.submit(&login, &form.with("username", USER).with("password", PASSWORD))?;
        self.say(
            MoveKind::CredentialsEntered,
            Step::Two,
            ResourceOwner,
            AuthorizationServer,
            format!("logs in as {USER}"),
        );
        let form = expect_form(&consent, "the consent page")?;
        let asked = stage.scope()?.map_or_else(|| "access".into(), |scope| scope.to_string());
        self.say(
            MoveKind::ConsentShown,
            Step::Two,
            AuthorizationServer,
            ResourceOwner,
            format!("says which app asks, and for what: {asked}"),
        )
        .with_wire(status(consent.status));
        let page = stage.browser.submit(&consent, &form.with("decision", decision))?;
        self.say(
            MoveKind::DecisionMade,
            Step::Two,
            ResourceOwner,
            AuthorizationServer,
            format!("decides: {decision}"),
        );
        self.came_back(&page)?;
        Ok(Callback { page, awaiting })
    }

    /// Step 3: the address, fragment and all, to the client.
    fn receive(&mut self, stage: &Stage, callback: &Callback) -> Result<Authorized, String> {
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
    fn call(&mut self, stage: &Stage, authorized: &Authorized) -> Result<ResourceRequest, String> {
        let request = authorized
            .api_request("GET", &stage.call_address())
            .map_err(|error| format!("the API request: {error}"))?;
        let response = self.send(stage, &request, "calls the API with the token")?;
        if response.outcome() != Outcome::Served {
            return Err(format!("expected the API to serve the call, came status {}", response.status));
        }
        self.say(MoveKind::ApiAnswered, Step::Four, ApiServer, Client, "answers")
            .with_wire(status(response.status))
            .with_wire(beginning(&response));
        self.say(MoveKind::ResultDisplayed, Step::Four, Client, UserAgent, "displays what the API said");
        self.say(MoveKind::ResultViewed, Step::Four, UserAgent, ResourceOwner, "shows it");
        Ok(request)
    }

    /// Step 3, again: a new token while the old one still works.
    fn renew(&mut self, stage: &mut Stage, authorized: &mut Authorized) -> Result<(), String> {
        let due = authorized.renew_at().ok_or("the server named no lifetime")?;
        stage.server.clock().advance(due.seconds_since(stage.now()));
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
    fn ask_again(
        &mut self,
        stage: &mut Stage,
        authorized: &mut Authorized,
    ) -> Result<(Page, fragrant::client::AwaitingRenewal), String> {
        let (url, renewal) =
            authorized.renew(entropy()?, stage.now()).map_err(|error| format!("the renewal: {error}"))?;
        let how = match authorized.client().profile().renewal {
            Renewal::Silent => "asks again in a hidden frame, with prompt=none",
            _ => "asks again with a new redirect",
        };
        self.say(MoveKind::RenewalRequested, Step::Three, Client, UserAgent, how).with_wire(url.as_str());
        let page = stage.browser.open(url.as_str())?;
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
        stage: &Stage,
        authorized: &Authorized,
        old_request: &ResourceRequest,
    ) -> Result<(), String> {
        let lifetime = authorized.expiry().map_or(0, |expiry| expiry.seconds_left(stage.now()));
        // The old token ends before the new one does: halfway through the new one's life it is over.
        stage.server.clock().advance(lifetime / 2);
        let response = self.send(stage, old_request, "calls the API with the old token")?;
        let refused = match response.outcome() {
            Outcome::TokenRefused(Some(challenge)) if challenge.error == Some(ErrorCode::INVALID_TOKEN) => {
                challenge
            }
            _ => return Err(format!("expected 401 invalid_token, came status {}", response.status)),
        };
        self.say(MoveKind::ApiAnswered, Step::Four, ApiServer, Client, "refuses it: the token has ended")
            .with_wire(status(response.status))
            .with_wire(format!("WWW-Authenticate: {}", refused.to_header_value()));
        self.call(stage, authorized).map(drop)
    }

    fn renewal_without_session(
        &mut self,
        stage: &mut Stage,
        authorized: &mut Authorized,
    ) -> Result<(), String> {
        stage.server.end_sessions();
        let (page, renewal) = self.ask_again(stage, authorized)?;
        match renewal.receive(authorized, page.address.as_str(), stage.now()) {
            Renewed::Kept { reason: KeptReason::Denied(denied), .. }
                if denied.response.error.asks_for_interaction() =>
            {
                let error = &denied.response.error;
                self.extracted();
                self.handed_over(format!(
                    "hands it over: {error}; the user has to be asked, and the token in hand works on until it ends"
                ));
                Ok(())
            }
            other => Err(format!("expected login_required, came {other:?}")),
        }
    }

    fn send(&mut self, stage: &Stage, request: &ResourceRequest, text: &str) -> Result<ApiResponse, String> {
        let authorization = request.reveal_authorization();
        let token = authorization.trim_start_matches("Bearer ");
        self.say(MoveKind::ApiCalled, Step::Four, Client, ApiServer, text)
            .with_wire(format!("GET {} HTTP/1.1", request.uri().path()))
            .with_wire(format!("Authorization: Bearer {}", redact::shorten(token)));
        stage.send(request)
    }

    /// The request lines that the browser sent to the authorization server.
    fn sent(&mut self, kind: MoveKind, step: Step, hops: &[Hop]) {
        if let Some(first) = hops.first() {
            self.say(kind, step, UserAgent, AuthorizationServer, "asks for the authorization endpoint")
                .with_wire(&first.request);
        }
    }

    /// The end of step 2: the redirect, and the page that it leads to.
    fn came_back(&mut self, page: &Page) -> Result<(), String> {
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
                RedirectionUri,
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
            RedirectionUri,
            UserAgent,
            "serves the page whose script sees the whole address",
        )
        .with_wire(status(page.status));
        Ok(())
    }

    /// The page's script takes the raw address; whose move that is, each guide tells in its own way.
    fn extracted(&mut self) {
        let own = self.recording.provider.moves.iter().find(|own| own.kind == MoveKind::TokenExtracted);
        let (from, to) = own.map_or((UserAgent, UserAgent), |own| (own.from, own.to));
        self.say(MoveKind::TokenExtracted, Step::Three, from, to, "takes the raw address, fragment and all");
    }

    fn handed_over(&mut self, text: impl Into<String>) {
        self.say(MoveKind::TokenHandedOver, Step::Three, UserAgent, Client, text);
    }

    fn say(
        &mut self,
        kind: MoveKind,
        step: Step,
        from: Actor,
        to: Actor,
        text: impl Into<String>,
    ) -> &mut fragrant_model::Line {
        self.recording.say(kind, step, from, to, text)
    }
}

/// The browser is back, and the client waits.
struct Callback {
    page: Page,
    awaiting: fragrant::client::AwaitingResponse,
}

fn expect_form(page: &Page, what: &str) -> Result<Form, String> {
    Form::first(&page.body)
        .filter(|_| page.status == 200)
        .ok_or_else(|| format!("expected {what}, came status {} without a form", page.status))
}

fn name_of(received: &Received) -> String {
    match received {
        Received::Authorized(_) => "a token".into(),
        Received::Denied(denied) => format!("the error {}", denied.response.error),
        Received::Rejected { rejection, .. } => format!("a rejection: {rejection}"),
        Received::NotOurs(_) => "no answer".into(),
    }
}

fn status(status: u16) -> String {
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

/// The beginning of an API's answer, on one line.
fn beginning(response: &ApiResponse) -> String {
    let text = String::from_utf8_lossy(&response.body);
    let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= SHOWN_OF_BODY {
        return crate::output::one_line(&line);
    }
    let head: String = line.chars().take(SHOWN_OF_BODY).collect();
    format!("{}…", crate::output::one_line(&head))
}
