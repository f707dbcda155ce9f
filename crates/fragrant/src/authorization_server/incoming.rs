//! A request that has come in: who asks, and whether there is an address to answer to.

use alloc::boxed::Box;
use alloc::string::ToString;
use alloc::sync::Arc;

use super::received::Received;
use super::rejection::{ErrorPageReason, RedirectWithError, Refusal, ShowErrorPage};
use super::{ClientRegistration, Policy};
use crate::message::{AuthorizationRequest, ErrorDescription, ErrorResponse, InvalidAuthorizationRequest};
use crate::spec::RequestParameter as P;
use crate::value::{ClientId, ErrorCode, Prompts, RedirectUri, ResponseType, Scope, State};
use crate::wire::{RequestQuery, Unusable};

/// Receives an authorization request from a server that has its registrations at hand: `lookup` finds the client of an
/// identifier. Where that takes time, go by way of [`Incoming`].
///
/// `query` is the query of a GET without its `?`, or the form body of a POST (RFC 6749 section 3.1).
///
/// # Errors
/// [`Refusal`]: a page if the client or its redirection URI cannot be told, an error for the client otherwise. Before that
/// one is sent, ask whether it [precedes the login](RedirectWithError::precedes_login): then somebody has to log in first.
pub fn receive(
    query: &str,
    policy: &Policy,
    lookup: impl FnOnce(&ClientId) -> Option<Arc<ClientRegistration>>,
) -> Result<Received, Refusal> {
    let incoming = Incoming::read(query, policy)?;
    let client = lookup(incoming.client_id());
    incoming.received(client)
}

/// A request of which nothing is known but which client it says it comes from.
#[derive(Clone, Debug)]
pub struct Incoming<'q> {
    query: RequestQuery<'q>,
    client_id: ClientId,
    policy: &'q Policy,
}

impl<'q> Incoming<'q> {
    /// Reads a request as far as the client's identifier.
    ///
    /// # Errors
    /// [`ShowErrorPage`] when there is none, or more than one, or none that could be registered.
    // req: RFC6749-4.2.2.1-1
    pub fn read(query: &'q str, policy: &'q Policy) -> Result<Self, ShowErrorPage> {
        let query = RequestQuery::read(query, &policy.limits);
        let text = match query.get(P::ClientId) {
            Ok(Some(text)) => text.decode(),
            Ok(None) => return Err(ShowErrorPage::new(ErrorPageReason::ClientIdMissing)),
            Err(Unusable::Malformed) => return Err(ShowErrorPage::new(ErrorPageReason::ClientIdMalformed)),
            Err(Unusable::Repeated) => return Err(ShowErrorPage::new(ErrorPageReason::ClientIdRepeated)),
        };
        // What does not fit the grammar has never been registered.
        let unknown = ShowErrorPage::new(ErrorPageReason::ClientUnknown);
        let client_id = ClientId::new(text).map_err(|_| unknown)?;
        Ok(Self { query, client_id, policy })
    }

    /// The client to look up. It is no secret and proves nothing.
    pub const fn client_id(&self) -> &ClientId {
        &self.client_id
    }

    /// Judges the request by what the client has registered; `None` if there is no such client.
    ///
    /// # Errors
    /// [`Refusal`]: a page if the client is unknown or its redirection URI cannot be told, an error for the client
    /// otherwise; that one waits for a login if it [precedes it](RedirectWithError::precedes_login).
    // req: RFC6749-3.1.2.2-3
    pub fn received(self, client: Option<Arc<ClientRegistration>>) -> Result<Received, Refusal> {
        // The registration of another client would have been a slip of the lookup.
        let client = client
            .filter(|client| *client.client_id() == self.client_id)
            .ok_or(ShowErrorPage::new(ErrorPageReason::ClientUnknown))?;
        let redirect_uri = self.redirect_uri(&client)?;
        match self.judge(&client) {
            Ok((request, scope)) => Ok(Received::new(request, client, redirect_uri, scope, self.policy)),
            Err(fault) => Err(Box::new(self.refuse(redirect_uri, fault)).into()),
        }
    }

    /// Where an answer may go, whatever else is wrong.
    // req: RFC6749-3.1.2.3-2, RFC6749-3.1.2.4-1, RFC6749-10.2-1, OIDC-3.1.2.6-1, RFC6749-10.1-2, RFC6819-5.2.3.5-1
    // req: RFC9700-2.1-3
    fn redirect_uri(&self, client: &ClientRegistration) -> Result<RedirectUri, ShowErrorPage> {
        let (found, reason) = match self.query.get(P::RedirectUri) {
            Ok(Some(text)) => {
                (client.find_redirect_uri(&text.decode()), ErrorPageReason::RedirectUriMismatch)
            }
            Ok(None) => (client.only_redirect_uri(), ErrorPageReason::RedirectUriMissing),
            Err(Unusable::Malformed) => (None, ErrorPageReason::RedirectUriMalformed),
            Err(Unusable::Repeated) => (None, ErrorPageReason::RedirectUriRepeated),
        };
        found.ok_or(ShowErrorPage::new(reason))
    }

    fn judge(&self, client: &ClientRegistration) -> Result<(AuthorizationRequest, Option<Scope>), Fault> {
        let request = AuthorizationRequest::from_query(&self.query)?;
        // The types with an ID token come with the OpenID work.
        // req: RFC6749-3.1.1-2
        if request.response_type != ResponseType::TOKEN {
            return Err(Fault::UnsupportedResponseType);
        }
        if !client.may_ask_for(&request.response_type) {
            return Err(Fault::UnauthorizedClient);
        }
        let scope = client.resolve_scope(request.scope.as_ref());
        let scope = scope.map_err(|_| Fault::Scope { is_missing: request.scope.is_none() })?;
        Ok((request, scope))
    }

    fn refuse(&self, redirect_uri: RedirectUri, fault: Fault) -> RedirectWithError {
        let (code, description) = fault.into_words();
        let mut response = ErrorResponse::new(code);
        response.description = description;
        // One that occurs twice, is broken or holds a control character is not sent back.
        // req: RFC6749-4.2.2.1-6, RFC6749-10.14-2
        let state = self.query.get(P::State).ok().flatten();
        response.state = state.and_then(|text| State::new(text.decode()).ok());
        // req: RFC9207-2-1
        response.iss.clone_from(&self.policy.issuer);
        RedirectWithError::before_login(redirect_uri, response, self.is_silent())
    }

    /// Whether the request, faulty as it is otherwise, asks for no page.
    fn is_silent(&self) -> bool {
        let prompt = self.query.get(P::Prompt).ok().flatten();
        prompt.and_then(|text| Prompts::parse(&text.decode()).ok()).is_some_and(|prompts| prompts.is_none())
    }
}

/// What is wrong with a request that has an address to answer to.
enum Fault {
    Invalid(InvalidAuthorizationRequest),
    Scope { is_missing: bool },
    UnauthorizedClient,
    UnsupportedResponseType,
}

impl From<InvalidAuthorizationRequest> for Fault {
    fn from(error: InvalidAuthorizationRequest) -> Self {
        Self::Invalid(error)
    }
}

impl Fault {
    /// The error code, and words for the client's developer.
    // req: RFC6749-4.2.2.1-3
    fn into_words(self) -> (ErrorCode, Option<ErrorDescription>) {
        use InvalidAuthorizationRequest::Value;
        let (code, words) = match self {
            Self::Invalid(error @ Value { parameter: P::Scope, .. }) => {
                (ErrorCode::INVALID_SCOPE, error.to_string())
            }
            Self::Invalid(error) => (ErrorCode::INVALID_REQUEST, error.to_string()),
            Self::Scope { is_missing: true } => {
                (ErrorCode::INVALID_SCOPE, "scope: the parameter is missing, and there is no default".into())
            }
            Self::Scope { is_missing: false } => {
                (ErrorCode::INVALID_SCOPE, "scope: the client may not ask for all of it".into())
            }
            Self::UnauthorizedClient => (
                ErrorCode::UNAUTHORIZED_CLIENT,
                "response_type: the client is not registered for this one".into(),
            ),
            Self::UnsupportedResponseType => (
                ErrorCode::UNSUPPORTED_RESPONSE_TYPE,
                "response_type: this server answers token and nothing else".into(),
            ),
        };
        (code, ErrorDescription::new(words).ok())
    }
}

#[cfg(test)]
mod tests {
    use alloc::format;
    use alloc::string::String;
    use alloc::vec::Vec;

    use super::super::scenario::{CB, Scenario, client, scope};
    use super::*;
    use crate::message::AuthorizationResponse;
    use crate::wire::{Limits, form};

    /// The error's code and description in the fragment, and the state if it came back.
    fn error(code: &str, words: &str, state: Option<&str>) -> String {
        let mut response = ErrorResponse::new(ErrorCode::new(code).unwrap());
        response.description = Some(ErrorDescription::new(words).unwrap());
        response.state = state.map(|state| State::new(state).unwrap());
        AuthorizationResponse::Error(response).to_location(&RedirectUri::new(CB).unwrap())
    }

    fn pairs(text: &str) -> Vec<(String, String)> {
        let mut pairs: Vec<_> = form::pairs(text, 0)
            .map(|pair| pair.unwrap())
            .map(|pair| (pair.name.decode().into_owned(), pair.value.decode().into_owned()))
            .collect();
        pairs.sort();
        pairs
    }

    #[test]
    // req(test): RFC6749-3.1-9, RFC6749-3.1.2.3-2, RFC6749-4.2.1-7, OIDC-3.1.2.1-15
    fn the_sample_request_is_read_and_rebuilt() {
        let sample = "response_type=token&client_id=s6BhdRkqt3&state=xyz\
                      &redirect_uri=http%3A%2F%2Fexample%2Ecom%2Fcb&scope=Contacts";
        let uri =
            super::super::RegisteredRedirectUri::dangerous_with_clear_text("http://example.com/cb").unwrap();
        let client = ClientRegistration::new(ClientId::new("s6BhdRkqt3").unwrap(), "Sample", [uri]).unwrap();
        let client = Arc::new(client.with_scope(scope("Contacts ReadCallLog"), None).unwrap());
        // As the vendor's kit sends it, with its empty parameters, and with parameters of its own.
        for more in [
            "",
            "&brand_id=&display=&prompt=&ui_options=&ui_locales=&localeId=",
            "&brand_id=1210&ui_locales=en%20tlh",
        ] {
            let query = format!("{sample}{more}");
            let received = receive(&query, &Policy::default(), |_| Some(client.clone())).unwrap();
            assert_eq!(received.redirect_uri().as_str(), "http://example.com/cb");
            assert_eq!(received.scope(), Some(&scope("Contacts")));
            let sent = pairs(&query).into_iter().filter(|(_, value)| !value.is_empty());
            assert_eq!(pairs(&received.request().to_query()), sent.collect::<Vec<_>>(), "{more}");
        }
    }

    #[test]
    // req(test): RFC6749-4.2.2.1-1, RFC6749-3.1.2.4-1, RFC6749-3.1-10, RFC6749-10.2-1, OIDC-3.1.2.6-1
    // req(test): RFC6749-3.1.2.2-3, RFC6749-10.1-2, RFC6819-5.2.3.5-1
    fn without_a_sure_address_there_is_a_page() {
        let mismatch = "redirect_uri: the client has not registered this address";
        let unknown = "client_id: no such client is registered";
        let two = [CB, "https://app.example/other"];
        for (query, redirect_uris, expected) in [
            ("", &two[..1], "client_id: the parameter is missing"),
            ("response_type=token&client_id=", &two[..1], "client_id: the parameter is missing"),
            ("client_id=c&client_id=c", &two[..1], "client_id: the parameter occurs twice"),
            ("client_id=c&client%5fid=d", &two[..1], "client_id: the parameter occurs twice"),
            ("client_id=c%", &two[..1], "client_id: its encoding is broken or it is too long"),
            ("client_id=d", &two[..1], unknown),
            ("client_id=C", &two[..1], unknown),
            ("client_id=c%20", &two[..1], unknown),
            ("client_id=%C3%A9", &two[..1], unknown),
            ("client_id=c%00", &two[..1], unknown),
            (
                "client_id=c",
                &two[..],
                "redirect_uri: the parameter is missing, and the client has more than one address",
            ),
            (
                "client_id=c&redirect_uri=https://app.example/cb&redirect_uri=https://app.example/cb",
                &two[..1],
                "redirect_uri: the parameter occurs twice",
            ),
            (
                "client_id=c&redirect_uri=https://app.example/cb%",
                &two[..1],
                "redirect_uri: its encoding is broken or it is too long",
            ),
            ("client_id=c&redirect_uri=https://evil.example/cb", &two[..1], mismatch),
            ("client_id=c&redirect_uri=https://app.example/cb%23", &two[..1], mismatch),
            ("client_id=c&redirect_uri=https://app.example/cb%253Fx", &two[..1], mismatch),
            ("client_id=c&redirect_uri=https://app.example/cb%0d%0aX:y", &two[..1], mismatch),
            ("client_id=c&redirect_uri=https://app.example/cb/", &two[..1], mismatch),
            ("client_id=c&redirect_uri=//app.example/cb", &two[..1], mismatch),
            ("client_id=c&redirect_uri=javascript:alert(1)", &two[..1], mismatch),
            // Whatever else is wrong.
            ("client_id=c&redirect_uri=x&response_type=x&state=%00&scope=%", &two[..1], mismatch),
        ] {
            let scenario = Scenario::of(query).with_client(client(redirect_uris));
            assert_eq!(scenario.refusal(), expected, "{query}");
            assert!(matches!(scenario.receive(), Err(Refusal::ShowErrorPage(_))), "{query}");
        }
        assert_eq!(ShowErrorPage::STATUS, 400);
    }

    #[test]
    // req(test): RFC6749-3.1.1-2, RFC6749-3.1-10, RFC6749-3.3-5, RFC6749-4.2.2.1-2, RFC6749-4.2.2.1-3
    // req(test): RFC6749-4.2.2.1-6, RFC6749-10.14-2, OIDC-3.1.2.1-8, OAUTHRESP-2.1-2
    // req(test): RFC6749-4.2.1-7
    fn every_other_fault_is_told_to_the_client_with_its_state() {
        let xyz = Some("xyz");
        for (query, code, words, state) in [
            // The response type.
            ("client_id=c&state=xyz", "invalid_request", "response_type: the parameter is missing", xyz),
            (
                "response_type=&client_id=c&state=xyz",
                "invalid_request",
                "response_type: the parameter is missing",
                xyz,
            ),
            (
                "response_type=token%20%20x&client_id=c&state=xyz",
                "invalid_request",
                "response_type: the value does not fit its grammar",
                xyz,
            ),
            (
                "response_type=TOKEN&client_id=c&state=xyz",
                "unsupported_response_type",
                "response_type: this server answers token and nothing else",
                xyz,
            ),
            (
                "response_type=code&client_id=c&state=xyz&response_mode=query",
                "unsupported_response_type",
                "response_type: this server answers token and nothing else",
                xyz,
            ),
            (
                "response_type=token+id_token&client_id=c&nonce=n",
                "unsupported_response_type",
                "response_type: this server answers token and nothing else",
                None,
            ),
            // The response mode.
            (
                "response_type=token&client_id=c&state=xyz&scope=read&response_mode=query",
                "invalid_request",
                "response_mode: tokens are answered in the fragment only",
                xyz,
            ),
            (
                "response_type=token&client_id=c&state=xyz&scope=read&response_mode=form_post",
                "invalid_request",
                "response_mode: tokens are answered in the fragment only",
                xyz,
            ),
            // The scope.
            (
                "response_type=token&client_id=c&state=xyz",
                "invalid_scope",
                "scope: the parameter is missing, and there is no default",
                xyz,
            ),
            (
                "response_type=token&client_id=c&state=xyz&scope=read++write",
                "invalid_scope",
                "scope: the value does not fit its grammar",
                xyz,
            ),
            (
                "response_type=token&client_id=c&state=xyz&scope=read+admin",
                "invalid_scope",
                "scope: the client may not ask for all of it",
                xyz,
            ),
            // Other values.
            (
                "response_type=token&client_id=c&state=xyz&scope=read&prompt=none+login",
                "invalid_request",
                "prompt: the value does not fit its grammar",
                xyz,
            ),
            (
                "response_type=token&client_id=c&state=xyz&scope=read&display=a+b",
                "invalid_request",
                "display: the value does not fit its grammar",
                xyz,
            ),
            // Repeated names, known and unknown.
            (
                "response_type=token&response_type=token&client_id=c&state=xyz",
                "invalid_request",
                "response_type: the parameter occurs twice",
                xyz,
            ),
            (
                "response_type=token&client_id=c&state=xyz&scope=read&sc%6Fpe=read",
                "invalid_request",
                "scope: the parameter occurs twice",
                xyz,
            ),
            (
                "response_type=token&client_id=c&state=xyz&scope=read&%22%0a=1&%22%0A=2",
                "invalid_request",
                "the parameter occurs twice",
                xyz,
            ),
            // A state that cannot be believed or sent back.
            (
                "response_type=token&client_id=c&scope=read&state=xyz&state=xyz",
                "invalid_request",
                "state: the parameter occurs twice",
                None,
            ),
            (
                "response_type=token&client_id=c&scope=read&state=a%0Ab",
                "invalid_request",
                "state: the value does not fit its grammar",
                None,
            ),
            (
                "response_type=token&client_id=c&scope=read&state=a%C2%85",
                "invalid_request",
                "state: the value does not fit its grammar",
                None,
            ),
            (
                "response_type=token&client_id=c&scope=read&state=%FF",
                "invalid_request",
                "state: escapes that do not decode to UTF-8",
                None,
            ),
            // A broken encoding elsewhere.
            (
                "response_type=token&client_id=c&scope=read&state=xyz&foo=%zz",
                "invalid_request",
                "a `%` without two hexadecimal digits after it",
                xyz,
            ),
        ] {
            assert_eq!(Scenario::of(query).refusal(), error(code, words, state), "{query}");
        }
    }

    #[test]
    // req(test): RFC9700-2.1-3, RFC6749-4.2.1-8
    fn no_request_of_a_few_parts_gets_an_answer_sent_elsewhere() {
        const PARTS: [&str; 12] = [
            "response_type=token",
            "client_id=c",
            "client_id=d",
            "redirect_uri=https://app.example/cb",
            "redirect_uri=https://evil.example/cb",
            "redirect%5Furi=https://evil.example/cb",
            "redirect_uri=%",
            "redirect_uri=",
            "state=a",
            "state=b",
            "foo",
            "%",
        ];
        let client = Arc::new(client(&[CB]));
        let policy = Policy::default();
        for number in 0..PARTS.len().pow(4) {
            let parts = [0, 1, 2, 3].map(|at| PARTS[number / PARTS.len().pow(at) % PARTS.len()]);
            let query = parts.join("&");
            let count = |start: &str| {
                parts
                    .iter()
                    .filter(|part| part.replace("%5F", "_").starts_with(start) && !part.ends_with('='))
                    .count()
            };
            let outcome = receive(&query, &policy, |id| (id.as_str() == "c").then(|| client.clone()));
            let (uri, state) = match outcome {
                Ok(received) => (received.redirect_uri().clone(), received.request().state.clone()),
                Err(Refusal::RedirectWithError(error)) => {
                    (error.redirect_uri().clone(), error.response().state.clone())
                }
                Err(Refusal::ShowErrorPage(_)) => {
                    let is_sure = count("client_id=c") == 1
                        && count("client_id=") == 1
                        && count("redirect_uri=") == count("redirect_uri=https://app.example/cb")
                        && count("redirect_uri=") <= 1;
                    assert!(!is_sure, "{query}");
                    continue;
                }
            };
            assert_eq!(uri.as_str(), CB, "{query}");
            assert_eq!((count("client_id="), count("client_id=c")), (1, 1), "{query}");
            assert!(count("redirect_uri=") <= 1 && count("redirect_uri=%") == 0, "{query}");
            assert_eq!(state.is_some(), count("state=") == 1, "{query}");
        }
    }

    #[test]
    fn a_request_beyond_the_limits_is_told_to_the_client() {
        let mut scenario = Scenario::with("&a=1&b=2");
        scenario.policy.limits = Limits { max_len: 200, max_parameters: 5 };
        let expected = error("invalid_request", "more parameters than the limit", Some("xyz"));
        assert_eq!(scenario.refusal(), expected);

        scenario.query = format!("response_type=token&client_id=c&state=xyz&scope={}", "s".repeat(200));
        assert_eq!(scenario.refusal(), error("invalid_request", "longer than the limit", Some("xyz")));

        scenario.query = format!("response_type=token&client_id=c&scope=read&state={}", "s".repeat(201));
        assert_eq!(scenario.refusal(), error("invalid_request", "longer than the limit", None));
    }

    #[test]
    // req(test): RFC6749-4.2.2-8, RFC6749-4.2.2.1-6
    fn the_state_comes_back_as_it_was_sent() {
        for state in ["a b+c&d=\u{e9}%20", "<script>'\"\\", "{\"page\":\"/\u{e4}\"}", "#"] {
            let mut encoded = String::new();
            form::encode(state, &mut encoded);
            let query = format!("response_type=token&client_id=c&state={encoded}");
            let Err(Refusal::RedirectWithError(error)) = Scenario::of(&query).receive() else { panic!() };
            assert_eq!(error.response().state.as_ref().unwrap().reveal_secret(), state);
            assert!(error.to_redirection().location().ends_with(&format!("&state={encoded}")));
        }
        for none in ["&state=", "&state", ""] {
            let query = format!("response_type=token&client_id=c{none}");
            let Err(Refusal::RedirectWithError(error)) = Scenario::of(&query).receive() else { panic!() };
            assert_eq!(error.response().state, None, "{none}");
        }
    }

    #[test]
    // req(test): RFC9207-2-1
    fn errors_name_the_issuer_where_the_server_announces_one() {
        let location = Scenario::of("client_id=c&state=xyz").with_issuer().refusal();
        assert!(location.ends_with("&state=xyz&iss=https%3A%2F%2Fas.example"), "{location}");
    }

    #[test]
    fn a_client_asks_only_for_the_types_it_is_pinned_to() {
        let pinned = client(&[CB]).with_response_types([ResponseType::ID_TOKEN]).unwrap();
        let expected = error(
            "unauthorized_client",
            "response_type: the client is not registered for this one",
            Some("xyz"),
        );
        assert_eq!(Scenario::with("").with_client(pinned.clone()).refusal(), expected);
        // Being registered for a type does not make the server speak it.
        let scenario = Scenario::of("response_type=id_token&client_id=c&nonce=n").with_client(pinned);
        let expected = error(
            "unsupported_response_type",
            "response_type: this server answers token and nothing else",
            None,
        );
        assert_eq!(scenario.refusal(), expected);
    }

    #[test]
    // req(test): RFC6749-3.1.2.2-3
    fn a_lookup_that_finds_another_client_finds_none() {
        let query = "response_type=token&client_id=d&scope=read";
        let other = Arc::new(client(&[CB]));
        let refused = receive(query, &Policy::default(), |_| Some(other)).unwrap_err();
        assert_eq!(refused, ShowErrorPage::new(ErrorPageReason::ClientUnknown).into());
    }

    #[test]
    fn an_error_found_before_the_login_says_so() {
        let Err(Refusal::RedirectWithError(error)) = Scenario::of("client_id=c").receive() else { panic!() };
        assert!(error.precedes_login());
        assert_eq!(error.error(), &ErrorCode::INVALID_REQUEST);
        assert_eq!(error.redirect_uri().as_str(), CB);
    }

    #[test]
    fn only_a_silent_request_is_refused_without_a_page() {
        for (more, precedes_login) in [
            ("", true),
            ("&prompt=login", true),
            ("&prompt=none", false),
            // A request that is refused for its prompt has not asked for silence.
            ("&prompt=none+login", true),
            ("&prompt=none&prompt=none", true),
            ("&prompt=none%", true),
            ("&prompt=NONE", true),
        ] {
            let query = format!("response_type=token&client_id=c&scope=admin{more}");
            let Err(Refusal::RedirectWithError(error)) = Scenario::of(&query).receive() else { panic!() };
            assert_eq!(error.precedes_login(), precedes_login, "{more}");
        }
        let silent = Scenario::with("&prompt=none").received().failed(ErrorCode::SERVER_ERROR);
        assert!(!silent.precedes_login());
    }

    #[test]
    fn nothing_shows_the_state() {
        let policy = Policy::default();
        let query = "response_type=token&client_id=c&state=planted&scope=bad%22";
        let incoming = Incoming::read(query, &policy).unwrap();
        let refused = Scenario::of(query).receive().unwrap_err();
        let received = Scenario::of("response_type=token&client_id=c&state=planted&scope=read").received();
        for text in [format!("{incoming:?}"), format!("{refused:?} {refused}"), format!("{received:?}")] {
            assert!(!text.contains("planted"), "{text}");
        }
    }

    #[test]
    fn long_requests_are_judged_in_no_time() {
        // Names that occur over and over, and many names: neither must cost more than one pass.
        let same = "a+b+".repeat(16 * 1024);
        let query = format!("response_type=token&client_id=c&scope={}", same.trim_end_matches('+'));
        let mut scenario =
            Scenario::of(&query).with_client(client(&[CB]).with_scope(scope("a b"), None).unwrap());
        scenario.policy.limits.max_len *= 2;
        assert_eq!(scenario.received().scope(), Some(&scope("a b")));

        let many: String = (0..60_000).map(|at| format!("&p{at}=1")).collect();
        scenario.query = format!("response_type=token&client_id=c&scope=a{many}");
        scenario.policy.limits = Limits { max_len: usize::MAX, max_parameters: usize::MAX };
        assert_eq!(scenario.received().request().extras().count(), 60_000);
    }
}
