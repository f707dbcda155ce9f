//! The authorization server's pages.

use std::fmt::Write as _;

use axum::http::StatusCode;
use axum::response::Response;
use fragrant::authorization_server::{
    Authenticated, AwaitingLogin, Received, RedirectWithError, ShowErrorPage,
};
use fragrant::value::RedirectUri;
use fragrant_profiles::Provider;

use super::AuthorizationServer;
use crate::http::{Escaped, Page, set_header};
use crate::quirks::ErrorStatus;
use crate::store::CsrfToken;

/// What somebody logs in for.
#[derive(Clone, Copy)]
pub(super) enum LoginFor<'a> {
    /// To be sent back to the client, which is told what is wrong with its request.
    Error(&'a RedirectWithError),
    /// To be asked for access.
    Request(&'a Received),
}

impl<'a> LoginFor<'a> {
    pub(super) const fn of(awaiting: &'a AwaitingLogin) -> Self {
        Self::Request(awaiting.received())
    }
}

/// The login page: who asks, and the form.
pub(super) struct LoginPage<'a> {
    pub(super) whom: LoginFor<'a>,
    pub(super) number: u64,
    pub(super) csrf: CsrfToken,
    pub(super) problem: Option<&'a str>,
}

/// The consent page: who asks for what, whose it is, where the answer goes and how long it lasts.
pub(super) struct ConsentPage<'a> {
    pub(super) authenticated: &'a Authenticated,
    pub(super) number: u64,
    pub(super) csrf: CsrfToken,
    pub(super) problem: Option<&'a str>,
}

impl AuthorizationServer {
    pub(super) fn login_page(&self, page: &LoginPage<'_>) -> Response {
        let (redirect_uri, introduction) = match page.whom {
            LoginFor::Error(error) => (
                error.redirect_uri(),
                format!(
                    "<p>The application sent a request that this server cannot answer. After you have signed in you are \
                     taken to <strong>{}</strong>, which is told so. If you do not know it, close this page.</p>\n",
                    Escaped(&destination(error.redirect_uri())),
                ),
            ),
            LoginFor::Request(received) => (
                received.redirect_uri(),
                format!(
                    "<p><strong>{}</strong> asks for access to your account. You will see what for after you have \
                     signed in.</p>\n",
                    Escaped(received.client().name()),
                ),
            ),
        };
        let main = format!(
            "{introduction}\
             {problem}\
             <form method=\"post\" action=\"/login\">\n\
             {hidden}\
             <label for=\"username\">User name</label>\n\
             <input type=\"text\" id=\"username\" name=\"username\" value=\"\" autocomplete=\"username\" \
             autocapitalize=\"none\" spellcheck=\"false\" required=\"required\">\n\
             <label for=\"password\">Password</label>\n\
             <input type=\"password\" id=\"password\" name=\"password\" value=\"\" \
             autocomplete=\"current-password\" required=\"required\">\n\
             <button type=\"submit\">Sign in</button>\n\
             </form>\n",
            problem = problem(page.problem),
            hidden = hidden(page.number, &page.csrf),
        );
        let target = form_target(redirect_uri);
        self.page("Sign in", main, Some(&target)).respond(StatusCode::OK)
    }

    // req: RFC6749-10.2-2, RFC6819-5.2.4.2-1, RFC6749-3.1.2.1-2
    pub(super) fn consent_page(&self, page: &ConsentPage<'_>) -> Response {
        let authenticated = page.authenticated;
        let redirect_uri = authenticated.redirect_uri();
        let mut main = format!(
            "<p><strong>{client}</strong> asks for access to the account <strong>{owner}</strong>.</p>\n\
             {problem}\
             <form method=\"post\" action=\"/consent\">\n\
             {hidden}",
            client = Escaped(authenticated.client().name()),
            owner = Escaped(authenticated.owner().as_str()),
            problem = problem(page.problem),
            hidden = hidden(page.number, &page.csrf),
        );
        // Writing into a string cannot fail.
        match authenticated.scope() {
            Some(scope) => {
                main.push_str("<fieldset>\n<legend>It may use</legend>\n");
                for (index, name) in scope.names().enumerate() {
                    let name = Escaped(name);
                    let _ = writeln!(
                        main,
                        "<label for=\"scope-{index}\"><input type=\"checkbox\" id=\"scope-{index}\" name=\"scope\" \
                         value=\"{name}\" checked=\"checked\"> {name}</label>"
                    );
                }
                main.push_str("</fieldset>\n");
            }
            None => main.push_str("<p>It may use everything that the account may.</p>\n"),
        }
        let _ = writeln!(
            main,
            "<p>The answer goes to <strong>{destination}</strong>. Access ends after {lifetime}.</p>",
            destination = Escaped(&destination(redirect_uri)),
            lifetime = words(self.token_lifetime.as_seconds()),
        );
        if redirect_uri.is_insecure() {
            main.push_str(
                "<p class=\"problem\">That address is not protected by TLS: others on the \
                 network can take the answer.</p>\n",
            );
        }
        main.push_str(
            "<button type=\"submit\" name=\"decision\" value=\"allow\">Allow</button>\n\
             <button type=\"submit\" name=\"decision\" value=\"deny\" class=\"second\">Deny</button>\n\
             </form>\n",
        );
        self.page("Allow access?", main, Some(&form_target(redirect_uri))).respond(StatusCode::OK)
    }

    /// Nobody knows where an answer would go. Nothing that was sent is on the page.
    // req: RFC6749-3.1.2.4-2, RFC6749-4.2.2.1-1
    pub(super) fn error_page(&self, error: &ShowErrorPage) -> Response {
        let main = format!(
            "<p>The application sent a request that this server cannot answer. You can do nothing about it here; tell \
             whoever runs the application.</p>\n<p class=\"problem\">{}</p>\n",
            Escaped(&error.to_string()),
        );
        let status = StatusCode::from_u16(ShowErrorPage::STATUS).unwrap_or(StatusCode::BAD_REQUEST);
        self.page("The request cannot be answered", main, None).respond(status)
    }

    /// A page was sent in that is not ours, or was sent in before, or too late, or by another browser. Which, is not
    /// said.
    pub(super) fn stale_page(&self) -> Response {
        let main = "<p>It was used before, is too old, or was opened in another browser. Go back to the application and \
                    start again.</p>\n";
        self.page("This page can no longer be used", main.into(), None).respond(StatusCode::FORBIDDEN)
    }

    /// A frame was to show this server, which shows itself in none. The browser does not show this page there either.
    pub(super) fn framed_page(&self) -> Response {
        let main = "<p>Open it in a window of its own.</p>\n";
        self.page("This server is not shown in a frame", main.into(), None).respond(StatusCode::FORBIDDEN)
    }

    /// The server refuses to answer, as it was told to.
    pub(super) fn refusal_page(&self, status: ErrorStatus) -> Response {
        let status = StatusCode::from_u16(status.as_u16()).unwrap_or(StatusCode::SERVICE_UNAVAILABLE);
        let main = "<p>Go back to the application and try again later.</p>\n";
        self.page("This server answers no requests", main.into(), None).respond(status)
    }

    /// Somebody asks more often than is allowed.
    pub(super) fn too_often(&self) -> Response {
        let main = "<p>Wait a moment and try again.</p>\n";
        let mut response =
            self.page("Too many requests", main.into(), None).respond(StatusCode::TOO_MANY_REQUESTS);
        set_header(&mut response, "retry-after", "1");
        response
    }

    /// What was decided cannot be kept.
    pub(super) fn unavailable(&self) -> Response {
        let main = "<p>Your decision could not be kept. Go back to the application and start again.</p>\n";
        self.page("The server cannot go on", main.into(), None).respond(StatusCode::SERVICE_UNAVAILABLE)
    }

    /// What was sent is no form that a page of ours has.
    pub(super) fn bad_form(&self, status: StatusCode) -> Response {
        let main = "<p>Go back to the application and start again.</p>\n";
        self.page("This form cannot be read", main.into(), None).respond(status)
    }

    pub(super) fn not_found(&self) -> Response {
        let main = "<p>Applications send you to this server when it is time to sign in.</p>\n";
        self.page("There is nothing here", main.into(), None).respond(StatusCode::NOT_FOUND)
    }

    fn page<'a>(&self, title: &'a str, main: String, form_target: Option<&'a str>) -> Page<'a> {
        Page { title, main, server: server(self.provider), form_target }
    }
}

/// Which server this is. One in the shape of somebody's says that it is not theirs.
fn server(provider: &Provider) -> String {
    match provider.environments {
        [] => "A test server of Fragrant.".into(),
        _ => format!("A test server of Fragrant in the shape of {0}. It is not {0}.", provider.name),
    }
}

fn hidden(number: u64, csrf: &CsrfToken) -> String {
    format!(
        "<input type=\"hidden\" name=\"transaction\" value=\"{number}\">\n\
         <input type=\"hidden\" name=\"csrf\" value=\"{}\">\n",
        csrf.reveal_secret(),
    )
}

fn problem(words: Option<&str>) -> String {
    words
        .map(|words| format!("<p class=\"problem\" role=\"alert\">{}</p>\n", Escaped(words)))
        .unwrap_or_default()
}

/// Where the answer goes, as a person understands it.
fn destination(redirect_uri: &RedirectUri) -> String {
    match redirect_uri.http() {
        Some(uri) => uri.origin().to_owned(),
        None => format!("the app that opens {}: addresses", scheme(redirect_uri)),
    }
}

/// Where the form may lead, as a content security policy writes it: browsers ask that of the redirect that follows too.
fn form_target(redirect_uri: &RedirectUri) -> String {
    match redirect_uri.http() {
        // The policy's grammar has no IPv6 addresses.
        Some(uri) if !uri.host().starts_with('[') => uri.origin().to_owned(),
        _ => format!("{}:", scheme(redirect_uri)),
    }
}

fn scheme(redirect_uri: &RedirectUri) -> &str {
    redirect_uri.as_str().split(':').next().unwrap_or_default()
}

/// A number of seconds in words.
fn words(seconds: u64) -> String {
    let (number, unit) = match seconds {
        0 => (0, "second"),
        _ if seconds.is_multiple_of(3600) => (seconds / 3600, "hour"),
        _ if seconds.is_multiple_of(60) => (seconds / 60, "minute"),
        _ => (seconds, "second"),
    };
    format!("{number} {unit}{}", if number == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_goes_where_the_page_and_the_policy_say() {
        for (uri, expected_destination, expected_target) in [
            ("https://app.example/cb", "https://app.example", "https://app.example"),
            ("http://127.0.0.1:8080/cb", "http://127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("http://[::1]:8080/cb", "http://[::1]:8080", "http:"),
            ("com.example.app:/cb", "the app that opens com.example.app: addresses", "com.example.app:"),
        ] {
            let uri = RedirectUri::new(uri).unwrap();
            assert_eq!(destination(&uri), expected_destination);
            assert_eq!(form_target(&uri), expected_target);
        }
    }

    #[test]
    fn a_server_says_what_it_is_not() {
        assert_eq!(server(&fragrant_profiles::rfc6749::PROVIDER), "A test server of Fragrant.");
        let procore = &fragrant_profiles::procore::PROVIDER;
        let expected = "A test server of Fragrant in the shape of Procore. It is not Procore.";
        assert_eq!(server(procore), expected);
        let mut other = procore.clone();
        other.name = "Example Works";
        let expected = "A test server of Fragrant in the shape of Example Works. It is not Example Works.";
        assert_eq!(server(&other), expected);
    }

    #[test]
    fn a_lifetime_in_words() {
        for (seconds, expected) in
            [(0, "0 seconds"), (1, "1 second"), (90, "90 seconds"), (5400, "90 minutes"), (3600, "1 hour")]
        {
            assert_eq!(words(seconds), expected);
        }
    }
}
