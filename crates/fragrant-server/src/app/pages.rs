//! The application's pages.

use axum::http::StatusCode;
use axum::response::Response;
use fragrant::redirection;
use fragrant::value::Origin;

use super::App;
use crate::http::{Escaped, ICON, Page, asset, no_icon, set_header};

impl App {
    pub(super) fn front_page(&self) -> Response {
        let asks = match &self.scope {
            Some(scope) => format!(" and ask for <strong>{}</strong>", Escaped(scope.as_str())),
            None => String::new(),
        };
        let main = format!(
            "<p>Sign in with {provider}{asks}. What comes back is shown here, and the API is called with it.</p>\n\
             <form method=\"post\" action=\"/sign-in\">\n\
             <button type=\"submit\">Sign in</button>\n\
             </form>\n",
            provider = Escaped(self.provider.name),
        );
        // The browser is sent on from the form's target, and asks whether it may.
        let endpoint = self.client.endpoint().origin();
        let target = as_source(&endpoint);
        self.page(&self.name, main, Some(target)).respond(StatusCode::OK)
    }

    /// The redirection URI: it takes the address out of the history, hands it over and parses nothing.
    // req: RFC6749-3.1.2.5-1, RFC6749-10.15-1, RFC6819-4.4.2.4-1
    pub(super) fn callback_page(&self) -> Response {
        let main = "<p id=\"status\" role=\"status\">Reading the answer.</p>\n\
                    <noscript><p class=\"problem\">This page needs JavaScript: only a script can read what the server \
                    has sent, as it is in a part of the address that browsers keep to themselves.</p></noscript>\n\
                    <dl id=\"facts\"></dl>\n\
                    <div id=\"calls\"></div>\n\
                    <pre id=\"result\" tabindex=\"0\" aria-label=\"The API's answer\" hidden></pre>\n\
                    <p><a href=\"/\">Back to the beginning</a></p>\n";
        let html = self.page("Signed in?", main.into(), None).to_html(Some("/callback.js"));
        let mut response = asset("text/html; charset=utf-8", html);
        for (name, value) in redirection::HEADERS {
            set_header(&mut response, name, &value.replace(CONNECT_HERE, &self.connect_to_api()));
        }
        response
    }

    /// A file of the folder, or the page that every other path leads to. Its headers are those of a redirection URI, as
    /// any path of it may be one, with what a single-page application needs besides.
    // req: RFC6749-3.1.2.5-1, RFC9700-4.2.4-1
    pub(super) fn file(&self, path: &str) -> Response {
        let Some(file) = self.folder.as_ref().and_then(|folder| folder.find(path)) else {
            return if path == ICON { no_icon() } else { self.not_found() };
        };
        let mut response = asset(file.content_type, file.content.clone());
        let endpoint = self.client.endpoint().origin();
        let authorization_server = as_source(&endpoint);
        let frames = format!("frame-src 'self' {authorization_server}; ");
        // Besides the API, a client may ask for the server's metadata and give its token back.
        let connect = format!("{} {authorization_server}", self.connect_to_api());
        for (name, value) in redirection::HEADERS {
            let value = value
                .replace(CONNECT_HERE, &connect)
                .replace(SCRIPTS_OF_OURS, "script-src 'self' 'wasm-unsafe-eval'; img-src 'self'")
                .replace(FRAMED_BY_US, &format!("{frames}{FRAMED_BY_US}"));
            set_header(&mut response, name, &value);
        }
        response
    }

    pub(super) fn not_from_here(&self) -> Response {
        let main = "<p>Open <a href=\"/\">the application's page</a> and use the button there.</p>\n";
        self.page("A login begins on our own page", main.into(), None).respond(StatusCode::FORBIDDEN)
    }

    pub(super) fn failed(&self, words: &str) -> Response {
        let main = format!("<p class=\"problem\">{}</p>\n", Escaped(words));
        self.page("The login could not begin", main, None).respond(StatusCode::INTERNAL_SERVER_ERROR)
    }

    pub(super) fn not_found(&self) -> Response {
        let main = "<p>Try <a href=\"/\">the beginning</a>.</p>\n";
        self.page("There is nothing here", main.into(), None).respond(StatusCode::NOT_FOUND)
    }

    /// This page calls the API too, so it may connect there besides.
    fn connect_to_api(&self) -> String {
        format!("{CONNECT_HERE} {}", as_source(&self.api_origin))
    }

    fn page<'a>(&self, title: &'a str, main: String, form_target: Option<&'a str>) -> Page<'a> {
        Page { title, main, server: "A sample application of Fragrant.".into(), form_target }
    }
}

/// An origin as a content security policy writes it, whose grammar has no IPv6 addresses.
fn as_source(origin: &Origin) -> &str {
    if origin.as_str().contains('[') { "http:" } else { origin.as_str() }
}

// What is written anew in the policy of [`redirection::HEADERS`].
const CONNECT_HERE: &str = "connect-src 'self'";
const FRAMED_BY_US: &str = "frame-ancestors 'self'";
const SCRIPTS_OF_OURS: &str = "script-src 'self'";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cores_policy_has_what_is_written_anew() {
        for part in [CONNECT_HERE, FRAMED_BY_US, SCRIPTS_OF_OURS] {
            let places = redirection::HEADERS.map(|(_, value)| value.matches(part).count());
            assert_eq!(places.iter().sum::<usize>(), 1, "{part}");
        }
    }
}
