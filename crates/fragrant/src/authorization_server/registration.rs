//! What a client has registered: the only addresses that its answers go to, and what it may ask for.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::fmt;

use thiserror::Error;

use crate::resource_owner::is_deceptive;
use crate::value::{ClientId, Host, HttpUri, InvalidRedirectUri, RedirectUri, ResponseType, Scope};

/// A redirection URI that a client has registered (RFC 6749 section 3.1.2.2): complete, `https`, or one that stays on
/// the resource owner's machine.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RegisteredRedirectUri(RedirectUri);

/// Why an address may not be registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Error)]
#[non_exhaustive]
pub enum InvalidRegisteredUri {
    /// `http` to another machine: the token could be read on the way (RFC 9700 section 2.6).
    #[error("redirect_uri: expected https (http only for this machine)")]
    ClearText,
    /// A private-use scheme without a dot, which no one can own (RFC 8252 section 8.4).
    #[error("redirect_uri: expected a scheme made from a domain name, such as com.example.app:/")]
    NoDotInScheme,
    /// No redirection URI at all.
    #[error(transparent)]
    RedirectUri(#[from] InvalidRedirectUri),
}

impl RegisteredRedirectUri {
    /// Checks an address for registration.
    ///
    /// # Errors
    /// [`InvalidRegisteredUri`] says what is wrong.
    // req: RFC9700-2.6-2, RFC6749-3.1.2.1-1
    pub fn new(text: impl Into<String>) -> Result<Self, InvalidRegisteredUri> {
        let uri = Self::dangerous_with_clear_text(text)?;
        if uri.0.is_insecure() {
            return Err(InvalidRegisteredUri::ClearText);
        }
        Ok(uri)
    }

    /// As [`new`](Self::new), and takes `http` to another machine too.
    ///
    /// **What it gives away.** Whoever sits between the browser and that machine can replace the page behind the
    /// address by one that takes the token. It is for samples and test networks; RFC 9700 section 2.6 forbids it.
    ///
    /// # Errors
    /// [`InvalidRegisteredUri`] says what is wrong.
    pub fn dangerous_with_clear_text(text: impl Into<String>) -> Result<Self, InvalidRegisteredUri> {
        let uri = RedirectUri::new(text)?;
        // req: RFC8252-8.4-3
        if uri.http().is_none() && !uri.has_reversed_domain_scheme() {
            return Err(InvalidRegisteredUri::NoDotInScheme);
        }
        Ok(Self(uri))
    }

    /// The address.
    pub const fn redirect_uri(&self) -> &RedirectUri {
        &self.0
    }

    /// Whether a request that names `requested` gets its answer there: equal byte by byte, and nothing else counts as
    /// equal (RFC 9700 section 2.1). Only on `http://127.0.0.1` and `http://[::1]` the port is free, because a native
    /// app takes the one that the system gives it (RFC 8252 section 7.3).
    pub fn matches(&self, requested: &str) -> bool {
        self.find(requested).is_some()
    }

    /// The address that `requested` is the same as.
    // req: RFC6749-3.1.2.3-3, RFC9700-2.1-1, RFC9700-4.1.3-1, RFC8252-8.4-2, BBA-Redirect_URI-2
    fn find(&self, requested: &str) -> Option<RedirectUri> {
        if self.0.as_str() == requested {
            return Some(self.0.clone());
        }
        // req: RFC8252-7.3-1
        let own = self.0.http().filter(|uri| has_free_port(uri))?;
        let requested = RedirectUri::new(requested).ok()?;
        let is_same = requested.http().is_some_and(|uri| {
            !uri.is_https()
                && uri.host() == own.host()
                && uri.path() == own.path()
                && uri.query() == own.query()
        });
        is_same.then_some(requested)
    }
}

impl fmt::Display for RegisteredRedirectUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A name such as `localhost` is not among them: what it resolves to is not for this machine alone to say (RFC 8252
/// section 8.3).
// req: RFC8252-8.3-2
fn has_free_port(uri: &HttpUri) -> bool {
    !uri.is_https() && uri.host_kind() == Host::LoopbackIp && matches!(uri.host(), "127.0.0.1" | "[::1]")
}

/// A client as the authorization server knows it. Every client of this grant is public: it has no secret, and its
/// registered redirection URIs are all that tells it from another.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ClientRegistration {
    client_id: ClientId,
    name: String,
    redirect_uris: Vec<RegisteredRedirectUri>,
    response_types: Vec<ResponseType>,
    scope: Option<RegisteredScope>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct RegisteredScope {
    allowed: Scope,
    default: Option<Scope>,
}

/// Why a client may not be registered like this.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Error)]
#[non_exhaustive]
pub enum InvalidClientRegistration {
    /// A default scope with a name that the client may not ask for.
    #[error("scope: the default scope reaches beyond the allowed one")]
    DefaultScope,
    /// A name that could not be shown as it is.
    #[error("client name: expected visible text without control, direction and invisible characters")]
    Name,
    /// No redirection URI; this grant needs one (RFC 6749 section 3.1.2.2).
    #[error("redirect_uri: expected at least one")]
    NoRedirectUri,
    /// No response type, so that there would be nothing to ask for.
    #[error("response_type: expected at least one")]
    NoResponseType,
}

impl ClientRegistration {
    /// A client that may ask for `token`, without any scope. An address that is there twice counts once.
    ///
    /// `name` is what the consent page calls the client. It is text and not markup, and it holds nothing that could
    /// make the page say something else.
    ///
    /// # Errors
    /// [`InvalidClientRegistration`] when there is no address or the name cannot be shown.
    // req: RFC6749-3.1.2.2-1, RFC6749-3.1.2.2-2, RFC6749-3.1.2.2-4
    pub fn new(
        client_id: ClientId,
        name: impl Into<String>,
        redirect_uris: impl IntoIterator<Item = RegisteredRedirectUri>,
    ) -> Result<Self, InvalidClientRegistration> {
        let name = name.into();
        if name.trim().is_empty() || name.contains(is_deceptive) {
            return Err(InvalidClientRegistration::Name);
        }
        let redirect_uris: BTreeSet<_> = redirect_uris.into_iter().collect();
        if redirect_uris.is_empty() {
            return Err(InvalidClientRegistration::NoRedirectUri);
        }
        Ok(Self {
            client_id,
            name,
            redirect_uris: redirect_uris.into_iter().collect(),
            response_types: vec![ResponseType::TOKEN],
            scope: None,
        })
    }

    /// The same client, pinned to these response types.
    ///
    /// # Errors
    /// [`InvalidClientRegistration::NoResponseType`] when there is none.
    pub fn with_response_types(
        self,
        response_types: impl IntoIterator<Item = ResponseType>,
    ) -> Result<Self, InvalidClientRegistration> {
        let response_types: Vec<_> = response_types.into_iter().collect();
        if response_types.is_empty() {
            return Err(InvalidClientRegistration::NoResponseType);
        }
        Ok(Self { response_types, ..self })
    }

    /// The same client with the names that it may ask for, and those that it gets when it asks for none. Without a
    /// default a request that names no scope is refused (RFC 6749 section 3.3).
    ///
    /// # Errors
    /// [`InvalidClientRegistration::DefaultScope`] when the default is not among the allowed.
    // req: RFC6749-10.3-5
    pub fn with_scope(
        self,
        allowed: Scope,
        default: Option<Scope>,
    ) -> Result<Self, InvalidClientRegistration> {
        if default.as_ref().is_some_and(|default| !allowed.covers(default)) {
            return Err(InvalidClientRegistration::DefaultScope);
        }
        Ok(Self { scope: Some(RegisteredScope { allowed, default }), ..self })
    }

    /// The client's identifier.
    pub const fn client_id(&self) -> &ClientId {
        &self.client_id
    }

    /// What people know the client by.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The addresses that its answers may go to, in the order of their text.
    pub fn redirect_uris(&self) -> &[RegisteredRedirectUri] {
        &self.redirect_uris
    }

    /// Whether it may ask for this.
    pub fn may_ask_for(&self, response_type: &ResponseType) -> bool {
        self.response_types.contains(response_type)
    }

    /// The names that it may ask for.
    pub fn allowed_scope(&self) -> Option<&Scope> {
        self.scope.as_ref().map(|scope| &scope.allowed)
    }

    /// Those that it gets when it asks for none.
    pub fn default_scope(&self) -> Option<&Scope> {
        self.scope.as_ref().and_then(|scope| scope.default.as_ref())
    }

    /// The registered address that `requested` is the same as.
    // req: RFC6749-3.1.2.3-2, RFC6749-4.2.1-8
    pub(super) fn find_redirect_uri(&self, requested: &str) -> Option<RedirectUri> {
        self.redirect_uris.iter().find_map(|registered| registered.find(requested))
    }

    /// The address for a request that names none: the only one there is.
    pub(super) fn only_redirect_uri(&self) -> Option<RedirectUri> {
        match &*self.redirect_uris {
            [only] => Some(only.redirect_uri().clone()),
            _ => None,
        }
    }

    /// The scope that a request comes down to, each name once: what it asks for, or the default. A name that the client
    /// may not ask for refuses the request. RFC 6749 section 3.3 would also let the server leave it out and say so;
    /// refusing tells a developer of a slip at once, and a client never gets less than it thinks.
    ///
    /// `Err` is `invalid_scope`.
    // req: RFC6749-3.3-5, RFC6819-5.1.5.1-1
    pub(super) fn resolve_scope(&self, requested: Option<&Scope>) -> Result<Option<Scope>, BeyondScope> {
        match (requested, &self.scope) {
            (None, None) => Ok(None),
            (None, Some(own)) => own.default.clone().map(Some).ok_or(BeyondScope),
            (Some(requested), Some(own)) if own.allowed.covers(requested) => {
                // No more names than are registered, so the request's length does not multiply.
                let mut names: Vec<&str> = Vec::new();
                for name in requested.names() {
                    if !names.contains(&name) {
                        names.push(name);
                    }
                }
                Scope::from_names(names).map_err(|_| BeyondScope)
            }
            (Some(_), _) => Err(BeyondScope),
        }
    }
}

/// A requested scope that the client may not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct BeyondScope;

#[cfg(test)]
mod tests {
    use alloc::format;
    use alloc::string::ToString;

    use super::*;
    use crate::value::InvalidUri;

    fn registered(text: &str) -> RegisteredRedirectUri {
        RegisteredRedirectUri::dangerous_with_clear_text(text).unwrap()
    }

    fn scope(text: &str) -> Scope {
        Scope::new(text).unwrap()
    }

    fn client(redirect_uris: &[&str]) -> ClientRegistration {
        let redirect_uris = redirect_uris.iter().map(|uri| registered(uri));
        ClientRegistration::new(ClientId::new("c").unwrap(), "Client", redirect_uris).unwrap()
    }

    #[test]
    // req(test): RFC9700-2.6-2, RFC8252-8.4-3, RFC6749-3.1.2.2-2, RFC6749-3.1.2.1-1
    fn what_may_be_registered() {
        for good in [
            "https://app.example/cb?keep=1",
            "https://localhost/cb",
            "http://127.0.0.1/cb",
            "http://127.0.0.1:18200/cb",
            "http://[::1]/cb",
            "http://localhost:8080/callback.html",
            "com.example.app:/callback",
        ] {
            assert_eq!(RegisteredRedirectUri::new(good).unwrap().to_string(), good);
        }
        let uri = |error| InvalidRegisteredUri::RedirectUri(InvalidRedirectUri::Uri(error));
        for (bad, expected) in [
            ("http://example.com/cb", InvalidRegisteredUri::ClearText),
            ("http://10.0.0.1/cb", InvalidRegisteredUri::ClearText),
            ("http://testlocalhost/cb", InvalidRegisteredUri::ClearText),
            ("http://127.0.0.1.evil.example/cb", InvalidRegisteredUri::ClearText),
            ("myapp:/callback", InvalidRegisteredUri::NoDotInScheme),
            ("javascript:alert(1)", InvalidRedirectUri::Scheme.into()),
            ("data:text/html,x", InvalidRedirectUri::Scheme.into()),
            ("https://app.example/cb#x", InvalidRedirectUri::Fragment.into()),
            ("https://user@app.example/cb", uri(InvalidUri::UserInfo)),
            ("http://localhost:80@evil.example/cb", uri(InvalidUri::UserInfo)),
            ("https://app.example/a/../cb", uri(InvalidUri::DotSegment)),
            ("//app.example/cb", InvalidRedirectUri::Relative.into()),
            ("https://*.example/cb", uri(InvalidUri::Host)),
        ] {
            assert_eq!(RegisteredRedirectUri::new(bad), Err(expected), "{bad}");
        }
        assert!(RegisteredRedirectUri::dangerous_with_clear_text("http://example.com/cb").is_ok());
        assert!(RegisteredRedirectUri::dangerous_with_clear_text("myapp:/callback").is_err());
    }

    #[test]
    // req(test): RFC6749-3.1.2.3-3, RFC9700-2.1-1, RFC9700-4.1.3-1, RFC8252-8.4-2, BBA-Redirect_URI-2
    fn only_the_same_bytes_match() {
        let own = registered("https://app.example/cb?keep=1");
        assert!(own.matches("https://app.example/cb?keep=1"));
        for other in [
            "",
            "https://app.example/cb",
            "https://app.example/cb?keep=1&x=2",
            "https://app.example/cb?keep=1#",
            "https://app.example/cb/?keep=1",
            "https://app.example/cb/../cb?keep=1",
            "https://app.example/CB?keep=1",
            "https://app.example/c%62?keep=1",
            "https://APP.example/cb?keep=1",
            "https://app.example:443/cb?keep=1",
            "https://app.example:8443/cb?keep=1",
            "http://app.example/cb?keep=1",
            "https://app.example.evil.example/cb?keep=1",
            "https://app.example@evil.example/cb?keep=1",
            "https://evil.example/https://app.example/cb?keep=1",
            "https://app.example\\@evil.example/cb?keep=1",
            " https://app.example/cb?keep=1",
            "https://app.example/cb?keep=1\n",
        ] {
            assert!(!own.matches(other), "{other:?}");
        }
        let plain = registered("https://app.example/cb");
        assert!(plain.matches("https://app.example/cb") && !plain.matches("https://app.example/cb/"));
    }

    #[test]
    // req(test): RFC8252-7.3-1, RFC8252-8.3-2
    fn the_port_is_free_on_loopback_literals_alone() {
        for (own, requested) in [
            ("http://127.0.0.1/cb", "http://127.0.0.1:49152/cb"),
            ("http://127.0.0.1:18200/cb", "http://127.0.0.1:49152/cb"),
            ("http://127.0.0.1:18200/cb", "http://127.0.0.1/cb"),
            ("http://[::1]/cb?a=b", "http://[::1]:1/cb?a=b"),
        ] {
            assert!(registered(own).matches(requested), "{own} {requested}");
            let found = client(&[own]).find_redirect_uri(requested).unwrap();
            assert_eq!(found.as_str(), requested);
        }
        for (own, requested) in [
            ("http://127.0.0.1/cb", "http://127.0.0.1:49152/cb/x"),
            ("http://127.0.0.1/cb", "http://127.0.0.1:49152/CB"),
            ("http://127.0.0.1/cb", "http://127.0.0.1:49152/cb?"),
            ("http://127.0.0.1/cb", "http://127.0.0.1:49152/cb?x=1"),
            ("http://127.0.0.1/cb", "http://127.0.0.1:49152/cb#"),
            ("http://127.0.0.1/cb", "https://127.0.0.1:49152/cb"),
            ("http://127.0.0.1/cb", "http://127.0.0.2:49152/cb"),
            ("http://127.0.0.1/cb", "http://[::1]:49152/cb"),
            ("http://127.0.0.1/cb", "http://localhost:49152/cb"),
            ("http://127.0.0.1/cb", "http://127.1:49152/cb"),
            ("http://127.0.0.1/cb", "http://127.0.0.1:49152@evil.example/cb"),
            ("http://127.0.0.1/cb", "http://127.0.0.1.evil.example:49152/cb"),
            ("http://127.0.0.1/cb", "http://127.0.0.1:0/cb"),
            ("http://127.0.0.1/cb", "http://127.0.0.1:/cb"),
            ("http://127.0.0.2/cb", "http://127.0.0.2:49152/cb"),
            ("http://localhost/cb", "http://localhost:49152/cb"),
            ("https://127.0.0.1/cb", "https://127.0.0.1:49152/cb"),
            ("http://app.example/cb", "http://app.example:49152/cb"),
        ] {
            assert!(!registered(own).matches(requested), "{own} {requested}");
        }
    }

    #[test]
    // req(test): RFC6749-3.1.2.2-1, RFC6749-3.1.2.2-4
    fn a_client_needs_an_address_and_an_honest_name() {
        let new = |name: &str, uris: &[&str]| {
            let uris = uris.iter().map(|uri| registered(uri));
            ClientRegistration::new(ClientId::new("c").unwrap(), name, uris)
        };
        assert_eq!(new("Client", &[]), Err(InvalidClientRegistration::NoRedirectUri));
        for bad in
            ["", " \u{a0}", "a\nb", "a\u{202e}b", "a\u{2066}b", "A\u{200f}B", "a\u{200b}b", "a\u{feff}"]
        {
            assert_eq!(new(bad, &["https://a/"]), Err(InvalidClientRegistration::Name), "{bad:?}");
        }
        // Markup is text like any other; the page escapes it.
        assert_eq!(new("Zoë & <b>", &["https://a/"]).unwrap().name(), "Zoë & <b>");
        let twice = new("Client", &["https://b/", "https://a/", "https://b/"]).unwrap();
        assert_eq!(twice.redirect_uris().len(), 2);
        assert_eq!(twice.only_redirect_uri(), None);
        assert!(new("Client", &["https://a/", "https://a/"]).unwrap().only_redirect_uri().is_some());
    }

    #[test]
    fn response_types_are_pinned() {
        let client = client(&["https://a/"]);
        assert!(client.may_ask_for(&ResponseType::TOKEN));
        assert!(!client.may_ask_for(&ResponseType::ID_TOKEN_TOKEN));
        assert_eq!(client.clone().with_response_types([]), Err(InvalidClientRegistration::NoResponseType));
        let client = client.with_response_types([ResponseType::ID_TOKEN]).unwrap();
        assert!(!client.may_ask_for(&ResponseType::TOKEN));
    }

    #[test]
    // req(test): RFC6749-3.3-5, RFC6749-10.3-5, RFC6819-5.1.5.1-1
    fn what_a_scope_comes_down_to() {
        let plain = client(&["https://a/"]);
        let strict = plain.clone().with_scope(scope("a b c"), None).unwrap();
        let lenient = plain.clone().with_scope(scope("a b c"), Some(scope("b"))).unwrap();
        for (client, requested, expected) in [
            (&plain, None, Ok(None)),
            (&plain, Some("a"), Err(BeyondScope)),
            (&strict, None, Err(BeyondScope)),
            (&strict, Some("c a"), Ok(Some("c a"))),
            (&strict, Some("b b a b"), Ok(Some("b a"))),
            (&strict, Some("a d"), Err(BeyondScope)),
            (&strict, Some("A"), Err(BeyondScope)),
            (&lenient, None, Ok(Some("b"))),
            (&lenient, Some("a"), Ok(Some("a"))),
        ] {
            let requested = requested.map(scope);
            let resolved = client.resolve_scope(requested.as_ref());
            assert_eq!(resolved, expected.map(|text| text.map(scope)), "{requested:?}");
        }
        assert_eq!(
            plain.with_scope(scope("a"), Some(scope("a b"))),
            Err(InvalidClientRegistration::DefaultScope)
        );
    }

    #[test]
    fn each_error_in_words() {
        for (error, text) in [
            (
                InvalidClientRegistration::DefaultScope,
                "scope: the default scope reaches beyond the allowed one",
            ),
            (
                InvalidClientRegistration::Name,
                "client name: expected visible text without control, direction and invisible characters",
            ),
            (InvalidClientRegistration::NoRedirectUri, "redirect_uri: expected at least one"),
            (InvalidClientRegistration::NoResponseType, "response_type: expected at least one"),
        ] {
            assert_eq!(format!("{error}"), text);
        }
        for (error, text) in [
            (InvalidRegisteredUri::ClearText, "redirect_uri: expected https (http only for this machine)"),
            (
                InvalidRegisteredUri::NoDotInScheme,
                "redirect_uri: expected a scheme made from a domain name, such as com.example.app:/",
            ),
            (
                InvalidRedirectUri::Fragment.into(),
                "redirect_uri: a fragment is not allowed; leave out the `#` and what follows",
            ),
        ] {
            assert_eq!(format!("{error}"), text);
        }
    }

    #[test]
    fn the_scopes_are_those_that_were_registered() {
        let plain = || client(&["https://app.example/cb"]);
        assert_eq!((plain().allowed_scope(), plain().default_scope()), (None, None));
        let without_default = plain().with_scope(scope("read write"), None).unwrap();
        assert_eq!(without_default.allowed_scope(), Some(&scope("read write")));
        assert_eq!(without_default.default_scope(), None);
        let with_default = plain().with_scope(scope("read write"), Some(scope("read"))).unwrap();
        assert_eq!(with_default.allowed_scope(), Some(&scope("read write")));
        assert_eq!(with_default.default_scope(), Some(&scope("read")));
    }
}
