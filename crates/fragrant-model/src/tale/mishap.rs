//! What happens when something goes wrong, beyond what an honest run shows.

use fragrant::actor::{Actor, Step};
use fragrant::client::{Client, Received};
use fragrant::resource_owner::Decision;
use fragrant::value::{ErrorCode, RedirectUri, ResponseType, Scope};
use fragrant::wire::form;
use fragrant_profiles::MoveKind;

use super::run::{Callback, Tale, name_of, sample_scope, status};
use super::{ApiAnswer, Page, Stage};

use Actor::{ApiServer, AuthorizationServer, RedirectionUri, ResourceOwner, UserAgent};

/// Something that goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Mishap {
    /// The user has to say for which of several accounts a renewal without a page is.
    AccountSelectionRequired,
    /// The consent is withdrawn before a renewal without a page.
    ConsentRequired,
    /// Somebody sends the browser to the redirection URI with an answer of his own.
    ForgedAnswer,
    /// The server has something to show where a renewal allows no page.
    InteractionRequired,
    /// The client says a parameter twice.
    InvalidRequest,
    /// The answer comes after the pending request has ended.
    LateAnswer,
    /// The server meets something that it did not expect, and issues no token.
    ServerError,
    /// The server has too much to do, and issues no token for now.
    TemporarilyUnavailable,
    /// The token does not reach as far as the call.
    TooLittleScope,
    /// The client sends its token to the API in two places.
    TwoTokens,
    /// The client is not registered for the grant that it asks for.
    UnauthorizedClient,
    /// The client asks for the answer at an address that is not registered.
    UnknownAddress,
    /// The client asks for a scope that the server does not know.
    UnknownScope,
    /// The client asks for what another grant begins with.
    UnsupportedResponseType,
}

impl Mishap {
    /// All of them, in the order of the steps in which they happen.
    pub const ALL: &'static [Self] = &[
        Self::UnknownAddress,
        Self::InvalidRequest,
        Self::UnsupportedResponseType,
        Self::UnauthorizedClient,
        Self::UnknownScope,
        Self::ServerError,
        Self::TemporarilyUnavailable,
        Self::ForgedAnswer,
        Self::LateAnswer,
        Self::ConsentRequired,
        Self::AccountSelectionRequired,
        Self::InteractionRequired,
        Self::TooLittleScope,
        Self::TwoTokens,
    ];

    /// The mishap in a word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AccountSelectionRequired => "account-selection-required",
            Self::ConsentRequired => "consent-required",
            Self::ForgedAnswer => "forged-answer",
            Self::InteractionRequired => "interaction-required",
            Self::InvalidRequest => "invalid-request",
            Self::LateAnswer => "late-answer",
            Self::ServerError => "server-error",
            Self::TemporarilyUnavailable => "temporarily-unavailable",
            Self::TooLittleScope => "too-little-scope",
            Self::TwoTokens => "two-tokens",
            Self::UnauthorizedClient => "unauthorized-client",
            Self::UnknownAddress => "unknown-address",
            Self::UnknownScope => "unknown-scope",
            Self::UnsupportedResponseType => "unsupported-response-type",
        }
    }

    /// What happens, in a few words.
    pub const fn title(self) -> &'static str {
        match self {
            Self::AccountSelectionRequired => {
                "A renewal without a page, and several accounts to choose from: somebody has to be asked"
            }
            Self::ConsentRequired => {
                "A renewal without a page after the consent was withdrawn: somebody has to be asked"
            }
            Self::ForgedAnswer => {
                "An answer that nobody asked for: the request stands, and the true answer still counts"
            }
            Self::InteractionRequired => {
                "A renewal without a page where the server has one to show: somebody has to be asked"
            }
            Self::InvalidRequest => "A request that says its scope twice: the client's developer is told",
            Self::LateAnswer => "An answer that comes after the pending request has ended",
            Self::ServerError => "A server that fails: the client is told, and may try again later",
            Self::TemporarilyUnavailable => {
                "A server with too much to do: the client is told to come back later"
            }
            Self::TooLittleScope => "A call that needs more than the token was granted for",
            Self::TwoTokens => {
                "A call with the token in the header and in the address: its developer is told"
            }
            Self::UnauthorizedClient => {
                "A client that is not registered for this grant: its developer is told"
            }
            Self::UnknownAddress => "A redirection URI that is not registered: a page, and no redirect",
            Self::UnknownScope => {
                "A scope that the server does not know: the client is told when somebody has logged in"
            }
            Self::UnsupportedResponseType => {
                "A request for a code, at a server that has only this grant: the client's developer is told"
            }
        }
    }

    /// Whether it comes about only where a renewal shows no page.
    pub const fn needs_silent_renewal(self) -> bool {
        matches!(self, Self::AccountSelectionRequired | Self::ConsentRequired | Self::InteractionRequired)
    }
}

impl Tale {
    pub(super) fn mishap(&mut self, stage: &mut impl Stage, mishap: Mishap) -> Result<(), String> {
        self.recording.begin_scene(mishap.title());
        match mishap {
            Mishap::AccountSelectionRequired => {
                self.failing_renewal(stage, &ErrorCode::ACCOUNT_SELECTION_REQUIRED)
            }
            Mishap::ConsentRequired => self.renewal_without_consent(stage),
            Mishap::ForgedAnswer => self.forged_answer(stage),
            Mishap::InteractionRequired => self.failing_renewal(stage, &ErrorCode::INTERACTION_REQUIRED),
            Mishap::InvalidRequest => self.scope_said_twice(stage),
            Mishap::LateAnswer => self.late_answer(stage),
            Mishap::ServerError => self.failing_server(stage, &ErrorCode::SERVER_ERROR),
            Mishap::TemporarilyUnavailable => self.failing_server(stage, &ErrorCode::TEMPORARILY_UNAVAILABLE),
            Mishap::TooLittleScope => self.too_little_scope(stage),
            Mishap::TwoTokens => self.two_tokens(stage),
            Mishap::UnauthorizedClient => {
                stage.register_for(ResponseType::ID_TOKEN)?;
                self.refused(stage, &ErrorCode::UNAUTHORIZED_CLIENT, str::to_owned)
            }
            Mishap::UnknownAddress => self.unknown_address(stage),
            Mishap::UnknownScope => self.unknown_scope(stage),
            Mishap::UnsupportedResponseType => self.code_asked_for(stage),
        }
    }

    fn unknown_address(&mut self, stage: &mut impl Stage) -> Result<(), String> {
        let registered = stage.client();
        let elsewhere = RedirectUri::new(format!("{}-elsewhere", registered.redirect_uri()))
            .map_err(|error| error.to_string())?;
        let client = Client::new(
            registered.profile().clone(),
            registered.endpoint().clone(),
            registered.client_id().clone(),
            elsewhere,
        );
        let (_, page) = self.set_out(stage, &client, client.authorization_request())?;
        if page.status != 400 || page.hops.iter().any(|hop| hop.location.is_some()) {
            return Err(format!("expected an error page, came status {}", page.status));
        }
        self.say(
            MoveKind::LoginShown,
            Step::Two,
            AuthorizationServer,
            ResourceOwner,
            format!("shows an error page, as nobody knows where an answer would go: {}", page.text),
        )
        .with_wire(status(page.status));
        Ok(())
    }

    fn forged_answer(&mut self, stage: &mut impl Stage) -> Result<(), String> {
        let client = stage.client().clone();
        let mut request = client.authorization_request();
        request.scope = sample_scope(stage)?;
        let scope = request.scope.clone();
        let (awaiting, login) = self.set_out(stage, &client, request)?;
        // Everything that anybody can know of the true answer is in it, so that the state alone tells. His begins
        // otherwise, too, so that the two are seen to differ where they are shortened.
        let state = "f".repeat(56);
        let mut pairs = vec![("access_token", "somebody-elses"), ("token_type", "bearer"), ("state", &state)];
        pairs.extend(client.issuer().map(|issuer| ("iss", issuer.as_str())));
        let forged = format!("{}#{}", client.redirect_uri(), form::to_text(pairs.iter().copied()));
        let page = stage.open(&forged)?;
        self.arrived(
            &page,
            "is sent to the redirect page by somebody else, with an answer that looks right",
        )?;
        let awaiting = match awaiting.receive(page.address.as_str(), stage.now()) {
            Received::Rejected { rejection, awaiting: Some(awaiting) } => {
                self.extracted();
                self.handed_over(format!(
                    "hands it over: {}, {}; the request stands",
                    rejection.reason,
                    rejection.reason.explanation()
                ));
                awaiting
            }
            other => return Err(format!("expected a rejection, came {}", name_of(&other))),
        };
        let page = self.log_in_and_decide(stage, &login, scope.as_ref(), &Decision::GrantAll)?;
        self.came_back(&page)?;
        self.receive(stage, &Callback { page, awaiting }).map(drop)
    }

    fn late_answer(&mut self, stage: &mut impl Stage) -> Result<(), String> {
        let callback = self.ask(stage, &Decision::GrantAll)?;
        stage.wait(stage.client().pending_lifetime());
        match callback.awaiting.receive(callback.page.address.as_str(), stage.now()) {
            Received::Rejected { rejection, awaiting: None } => {
                self.extracted();
                self.handed_over(format!(
                    "hands it over, {} seconds after the request was made: {}, {}; the request is used up",
                    stage.client().pending_lifetime(),
                    rejection.reason,
                    rejection.reason.explanation()
                ));
                Ok(())
            }
            other => Err(format!("expected a rejection, came {}", name_of(&other))),
        }
    }

    fn too_little_scope(&mut self, stage: &mut impl Stage) -> Result<(), String> {
        let calls = stage.provider().habits.sample_calls;
        let call = calls.iter().find(|call| call.scope.is_some()).ok_or("no call needs a scope here")?;
        let enough = sample_scope(stage)?;
        let names = enough.iter().flat_map(Scope::names).filter(|name| Some(*name) != call.scope);
        let less = Scope::from_names(names).map_err(|error| error.to_string())?;
        let client = stage.client().clone();
        let mut request = client.authorization_request();
        request.scope.clone_from(&less);
        let (awaiting, login) = self.set_out(stage, &client, request)?;
        let page = self.log_in_and_decide(stage, &login, less.as_ref(), &Decision::GrantAll)?;
        self.came_back(&page)?;
        let authorized = self.receive(stage, &Callback { page, awaiting })?;
        let request = authorized
            .api_request("GET", &format!("{}{}", stage.api_origin(), call.path))
            .map_err(|error| format!("the API request: {error}"))?;
        let answer = self.send(stage, &request, "calls the API with the token")?;
        self.refuses(
            &answer,
            403,
            &ErrorCode::INSUFFICIENT_SCOPE,
            "refuses it, and says what would be needed",
        )
    }

    fn two_tokens(&mut self, stage: &mut impl Stage) -> Result<(), String> {
        let callback = self.ask(stage, &Decision::GrantAll)?;
        let authorized = self.receive(stage, &callback)?;
        let token = form::to_text([("access_token", authorized.access_token().reveal_secret())].into_iter());
        let request = authorized
            .api_request(
                "GET",
                &format!("{}{}?{token}", stage.api_origin(), stage.provider().paths.sample_call),
            )
            .map_err(|error| format!("the API request: {error}"))?;
        let answer =
            self.send(stage, &request, "calls the API with the token, which is in the address as well")?;
        self.refuses(&answer, 400, &ErrorCode::INVALID_REQUEST, "refuses it, whatever the token is worth")
    }

    /// The API server's refusal, which must be this one.
    fn refuses(
        &mut self,
        answer: &ApiAnswer,
        code: u16,
        error: &ErrorCode,
        text: &str,
    ) -> Result<(), String> {
        let challenge = answer.refusal(code, error)?.to_header_value();
        self.say(MoveKind::ApiAnswered, Step::Four, ApiServer, Actor::Client, text)
            .with_wire(status(answer.status))
            .with_wire(format!("WWW-Authenticate: {challenge}"));
        Ok(())
    }

    /// The browser comes to the redirect page by another way than the server's redirect.
    fn arrived(&mut self, page: &Page, how: &str) -> Result<(), String> {
        let request = page.hops.last().ok_or("nothing was asked for")?;
        self.say(MoveKind::RedirectPageRequested, Step::Three, UserAgent, RedirectionUri, how)
            .with_wire(page.address.as_str())
            .with_wire(&request.request);
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
}
