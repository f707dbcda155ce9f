//! An authorization request of which all but the state has been written.

use alloc::string::String;
use core::fmt;

use super::authorization_request::{AuthorizationRequest, AuthorizationUrl};
use crate::spec::RequestParameter;
use crate::value::{AuthorizationEndpoint, Display, Prompts, State};
use crate::wire::form;

/// A request of which everything but its state has been written: for whoever starts many logins of one kind.
///
/// A login costs a copy and its state. A request with a nonce cannot be prepared, as each needs a nonce of its own.
#[derive(Clone)]
pub struct PreparedRequest {
    /// Up to the value of the state.
    start: String,
    /// What comes behind it.
    end: String,
}

impl PreparedRequest {
    /// Writes everything but the state, whatever state the request has. `None` for a request with a nonce.
    pub fn new(request: &AuthorizationRequest, endpoint: &AuthorizationEndpoint) -> Option<Self> {
        if request.nonce.is_some() {
            return None;
        }
        // Those that come before the state, and those that come behind it.
        let mut request = request.clone();
        let (prompt, display) = (request.prompt.take(), request.display.take());
        let extra = core::mem::take(&mut request.extra);
        request.state = None;
        let mut start = request.to_url(endpoint).0;
        start.push_str("&state=");
        let prompt = prompt.as_ref().map(Prompts::to_text);
        let typed = [
            (RequestParameter::Prompt, prompt.as_deref()),
            (RequestParameter::Display, display.as_ref().map(Display::as_str)),
        ];
        let mut end = String::new();
        let mut writer = form::Writer::new(&mut end, true);
        for (parameter, value) in typed {
            if let Some(value) = value {
                writer.pair(parameter.name(), value);
            }
        }
        for (name, value) in extra.iter().filter(|(_, value)| !value.is_empty()) {
            writer.pair(name, value);
        }
        Some(Self { start, end })
    }

    /// The address with this state, in one allocation of exactly its length.
    pub fn to_url(&self, state: &State) -> AuthorizationUrl {
        let mut url = String::with_capacity(self.encoded_len(state));
        self.write_url(state, &mut url);
        AuthorizationUrl(url)
    }

    /// How many bytes the address with this state has.
    pub fn encoded_len(&self, state: &State) -> usize {
        self.start.len() + form::encoded_len(state.reveal_secret()) + self.end.len()
    }

    /// Appends the address with this state to `out`, which allocates nothing if it has the room.
    pub fn write_url(&self, state: &State, out: &mut String) {
        out.push_str(&self.start);
        form::encode(state.reveal_secret(), out);
        out.push_str(&self.end);
    }
}

impl fmt::Debug for PreparedRequest {
    /// Shows where it leads: what others call a parameter may be in it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let end = self.start.find('?').unwrap_or(self.start.len());
        write!(f, "PreparedRequest({}?(redacted))", &self.start[..end])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::{ClientId, Nonce, RedirectUri, Scope};

    #[test]
    fn a_prepared_request_writes_what_the_request_writes() {
        let redirect_uri = RedirectUri::new("https://app.example/cb").unwrap();
        let mut request = AuthorizationRequest::new(ClientId::new("s6BhdRkqt3").unwrap(), redirect_uri);
        for endpoint in ["https://as.example/authorize", "https://as.example/a?", "https://as.example/a?b=c"]
        {
            let endpoint = AuthorizationEndpoint::new(endpoint).unwrap();
            for state in ["xyz", "{\"a\": 1}", "\u{e9}"] {
                let state = State::new(state).unwrap();
                for fill in 0..4 {
                    let mut full = request.clone();
                    if fill > 0 {
                        full.scope = Some(Scope::new("a b:c").unwrap());
                        full.prompt = Some(Prompts::parse("login consent").unwrap());
                    }
                    if fill > 1 {
                        full.display = Some(Display::new("page").unwrap());
                        full.add_extra("brand id", "1&2").unwrap();
                        full.add_extra("empty", "").unwrap();
                    }
                    let prepared = PreparedRequest::new(&full, &endpoint).unwrap();
                    full.state = Some(state.clone());
                    let url = full.to_url(&endpoint);
                    assert_eq!(prepared.to_url(&state).as_str(), url.as_str());
                    assert_eq!(prepared.encoded_len(&state), url.as_str().len());
                    assert_eq!(url.0.capacity(), url.0.len());
                    let mut out = String::with_capacity(url.0.len());
                    full.write_url(&endpoint, &mut out);
                    assert_eq!((out.as_str(), out.capacity()), (url.as_str(), url.0.len()));
                    assert_eq!(full.encoded_len(), full.to_query().len());
                    assert!(url.as_str().ends_with(&full.to_query()));
                }
            }
        }
        request.nonce = Some(Nonce::new("n").unwrap());
        let endpoint = AuthorizationEndpoint::new("https://as.example/authorize").unwrap();
        assert!(PreparedRequest::new(&request, &endpoint).is_none());
    }
}
