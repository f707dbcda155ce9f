//! The redirect to the client as a server with quirks writes it.

use std::borrow::Cow;

use fragrant::authorization_server::Redirection;
use fragrant::spec::ResponseParameter as P;
use fragrant::wire::form;

use super::{EchoedState, Quirks, Spaces, Written};

/// A parameter of the answer.
#[derive(Clone)]
struct Parameter<'a> {
    name: Cow<'a, str>,
    value: Cow<'a, str>,
}

impl Quirks {
    /// Where the redirect leads instead; `None` if there is nothing to write otherwise.
    ///
    /// It begins with the registered address whatever the quirks are, and every byte of it is printable ASCII.
    pub(crate) fn rewrite(&self, honest: &Redirection) -> Option<String> {
        let writes_honestly = Self { delay: self.delay, refusal: self.refusal, ..Self::default() };
        if *self == writes_honestly {
            return None;
        }
        // A redirection URI has no fragment, so this one is the answer.
        let (redirect_uri, answer) = honest.location().split_once('#')?;
        let mut answer: Vec<Parameter<'_>> = form::pairs(answer, 0)
            .flatten()
            .map(|pair| Parameter { name: pair.name.decode(), value: pair.value.decode() })
            .collect();
        let is_error = answer.iter().any(|parameter| parameter.name == P::Error.name());
        if !is_error {
            self.token_type.apply(P::TokenType, &mut answer);
            self.expires_in.apply(P::ExpiresIn, &mut answer);
        }
        self.iss.apply(P::Iss, &mut answer);
        self.state.apply(&mut answer);
        let extra = |(name, value)| Parameter { name: Cow::from(name), value: Cow::from(value) };
        answer.extend(self.extra_parameters.iter().map(extra));

        let is_in_query = if is_error { self.errors_in_query } else { self.tokens_in_query };
        let mut location = redirect_uri.to_owned();
        location.push(match (is_in_query, redirect_uri.contains('?')) {
            (false, _) => '#',
            (true, false) => '?',
            (true, true) => '&',
        });
        for (index, Parameter { name, value }) in answer.iter().enumerate() {
            if index > 0 {
                location.push('&');
            }
            self.spaces.encode(name, &mut location);
            location.push('=');
            match self.state {
                EchoedState::Raw if *name == P::State.name() => push_raw(value, &mut location),
                _ => self.spaces.encode(value, &mut location),
            }
        }
        Some(location)
    }
}

impl Written {
    fn apply<'a>(&'a self, parameter: P, answer: &mut Vec<Parameter<'a>>) {
        let name = parameter.name();
        match self {
            Self::Honestly => {}
            Self::LeftOut => answer.retain(|own| own.name != name),
            Self::As(text) => match answer.iter_mut().find(|own| own.name == name) {
                Some(own) => own.value = text.into(),
                None => answer.push(Parameter { name: name.into(), value: text.into() }),
            },
        }
    }
}

impl EchoedState {
    fn apply(self, answer: &mut Vec<Parameter<'_>>) {
        let is_state = |parameter: &Parameter<'_>| parameter.name == P::State.name();
        match self {
            Self::AsSent | Self::Raw => {}
            Self::Doubled => answer.extend(answer.iter().find(|own| is_state(own)).cloned()),
            Self::Dropped => answer.retain(|own| !is_state(own)),
        }
    }
}

impl Spaces {
    fn encode(self, text: &str, out: &mut String) {
        for (index, word) in text.split(' ').enumerate() {
            if index > 0 {
                out.push_str(match self {
                    Self::Percent => "%20",
                    Self::Plus => "+",
                });
            }
            form::encode(word, out);
        }
    }
}

/// As it is, but for what could end the header or is no text in it.
fn push_raw(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            ' '..='~' => out.push(c),
            _ => form::encode(c.encode_utf8(&mut [0; 4]), out),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use fragrant::authorization_server::{
        ClientRegistration, Decided, IssuedToken, LoggedIn, Next, Policy, RegisteredRedirectUri, Session,
        receive,
    };
    use fragrant::resource_owner::{Decision, ResourceOwnerId};
    use fragrant::value::{AccessToken, ClientId, ExpiresIn, Scope};

    use super::*;

    /// The honest answer to a request for `read write` with this state, which is written as in a form.
    fn answer(redirect_uri: &str, state: &str, decision: Decision) -> Redirection {
        let uri = RegisteredRedirectUri::new(redirect_uri).unwrap();
        let client = ClientRegistration::new(ClientId::new("c").unwrap(), "Client", [uri]).unwrap();
        let client = client.with_scope(Scope::new("read write").unwrap(), None).unwrap();
        let mut policy = Policy::default();
        policy.always_says_scope = true;
        let query = format!("response_type=token&client_id=c&scope=read+write&state={state}");
        let received = receive(&query, &policy, |_| Some(Arc::new(client.clone()))).unwrap();
        let Next::LogIn(awaiting) = received.proceed(None) else { panic!() };
        let session = Session::new(ResourceOwnerId::new("jane").unwrap());
        let LoggedIn::AskConsent(authenticated) = awaiting.authenticated(&session) else { panic!() };
        match authenticated.decided(decision) {
            Decided::Consented(consented) => {
                let token = AccessToken::new("t0k").unwrap();
                consented.respond(IssuedToken::new(token, ExpiresIn::from_seconds(60))).to_redirection()
            }
            Decided::Denied(error) => error.to_redirection(),
            Decided::Overreached(_) => panic!(),
        }
    }

    fn granted(quirks: &Quirks) -> Option<String> {
        quirks.rewrite(&answer("https://app.example/cb", "xyz", Decision::GrantAll))
    }

    fn denied(quirks: &Quirks) -> Option<String> {
        quirks.rewrite(&answer("https://app.example/cb", "xyz", Decision::Deny))
    }

    #[test]
    fn without_a_quirk_there_is_nothing_to_write() {
        let slow = Quirks { delay: std::time::Duration::MAX, ..Quirks::default() };
        let refusing =
            Quirks { refusal: Some(super::super::ErrorStatus::SERVICE_UNAVAILABLE), ..Quirks::default() };
        for quirks in [Quirks::default(), slow, refusing] {
            assert_eq!((granted(&quirks), denied(&quirks)), (None, None));
        }
    }

    #[test]
    fn each_quirk_in_both_answers() {
        let rest = |text: &str| Some(format!("https://app.example/cb{text}"));
        let none = Quirks::default;
        let odd = |text: &str| Written::As(text.into());
        let extra = |pairs: &[(&str, &str)]| {
            pairs.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect()
        };
        for (quirks, success, error) in [
            (
                Quirks { spaces: Spaces::Plus, ..none() },
                "#access_token=t0k&token_type=bearer&expires_in=60&scope=read+write&state=xyz",
                "#error=access_denied&state=xyz",
            ),
            (
                Quirks { errors_in_query: true, ..none() },
                "#access_token=t0k&token_type=bearer&expires_in=60&scope=read%20write&state=xyz",
                "?error=access_denied&state=xyz",
            ),
            (
                Quirks { tokens_in_query: true, ..none() },
                "?access_token=t0k&token_type=bearer&expires_in=60&scope=read%20write&state=xyz",
                "#error=access_denied&state=xyz",
            ),
            (
                Quirks { state: EchoedState::Dropped, ..none() },
                "#access_token=t0k&token_type=bearer&expires_in=60&scope=read%20write",
                "#error=access_denied",
            ),
            (
                Quirks { state: EchoedState::Doubled, ..none() },
                "#access_token=t0k&token_type=bearer&expires_in=60&scope=read%20write&state=xyz&state=xyz",
                "#error=access_denied&state=xyz&state=xyz",
            ),
            (
                Quirks { token_type: Written::LeftOut, ..none() },
                "#access_token=t0k&expires_in=60&scope=read%20write&state=xyz",
                "#error=access_denied&state=xyz",
            ),
            (
                Quirks { token_type: odd("mac"), expires_in: odd(""), ..none() },
                "#access_token=t0k&token_type=mac&expires_in=&scope=read%20write&state=xyz",
                "#error=access_denied&state=xyz",
            ),
            (
                Quirks { iss: odd("https://other.example"), ..none() },
                "#access_token=t0k&token_type=bearer&expires_in=60&scope=read%20write&state=xyz\
                 &iss=https%3A%2F%2Fother.example",
                "#error=access_denied&state=xyz&iss=https%3A%2F%2Fother.example",
            ),
            (
                Quirks { extra_parameters: extra(&[("b c", "d&e"), ("state", "")]), ..none() },
                "#access_token=t0k&token_type=bearer&expires_in=60&scope=read%20write&state=xyz&b%20c=d%26e&state=",
                "#error=access_denied&state=xyz&b%20c=d%26e&state=",
            ),
        ] {
            assert_eq!((granted(&quirks), denied(&quirks)), (rest(success), rest(error)), "{quirks:?}");
        }
    }

    #[test]
    fn a_query_of_the_address_is_kept() {
        let quirks = Quirks { errors_in_query: true, ..Quirks::default() };
        let honest = answer("https://app.example/cb?keep=1", "xyz", Decision::Deny);
        let expected = "https://app.example/cb?keep=1&error=access_denied&state=xyz";
        assert_eq!(quirks.rewrite(&honest).as_deref(), Some(expected));
    }

    #[test]
    fn a_raw_state_breaks_out_of_its_parameter_and_not_out_of_the_address() {
        let mut quirks = Quirks { state: EchoedState::Raw, ..Quirks::default() };
        for (sent, raw) in [
            ("a%20b%2Bc%26d%3D%C3%A9%2520", "a b+c&d=%C3%A9%20"),
            ("%23%3F%2F%2Fevil.example", "#?//evil.example"),
            ("%22%3E%3Cscript%3E", "\"><script>"),
            ("%E2%80%A8%F0%9F%98%80", "%E2%80%A8%F0%9F%98%80"),
        ] {
            let honest = answer("https://app.example/cb", sent, Decision::Deny);
            let expected = format!("https://app.example/cb#error=access_denied&state={raw}");
            assert_eq!(quirks.rewrite(&honest), Some(expected));
        }
        // The core lets no control character through; nor would this.
        let mut out = String::new();
        push_raw("a\r\nset-cookie: b\0\u{7f}\t", &mut out);
        assert_eq!(out, "a%0D%0Aset-cookie: b%00%7F%09");
        for c in '\0'..='\u{fff}' {
            let mut out = String::new();
            push_raw(&c.to_string(), &mut out);
            assert!(!out.is_empty() && out.bytes().all(|byte| (b' '..=b'~').contains(&byte)), "{c:?}");
        }

        quirks.errors_in_query = true;
        let honest = answer("com.example.app:/cb", "%40evil.example%2F", Decision::Deny);
        assert_eq!(
            quirks.rewrite(&honest).as_deref(),
            Some("com.example.app:/cb?error=access_denied&state=@evil.example/")
        );
    }
}
