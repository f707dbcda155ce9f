//! A user agent without scripts: cookies, redirects, forms and links, and a fragment that stays with it.

use std::collections::BTreeMap;
use std::time::Duration;

use fragrant::user_agent::follow;
use fragrant::value::HttpUri;
use fragrant::wire::form;
use ureq::http::{Request, Response, StatusCode};
use ureq::{Agent, Body};

use crate::page::{Page, Step};

/// Longer than any server on this machine takes.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(30);
/// How many redirects in a row are a circle.
const MAX_REDIRECTS: usize = 20;

/// A browser of one person. All servers of a run are on one host, so its cookies go to each of them, as a browser's do.
#[derive(Debug)]
pub(crate) struct UserAgent {
    agent: Agent,
    cookies: BTreeMap<String, String>,
    redirect_uri: String,
}

/// Where it has come to.
#[derive(Debug)]
pub(crate) enum Arrival {
    /// A page of the server's.
    Page(Page),
    /// The redirection URI, with whatever came along. It is not loaded: what is there is the client.
    RedirectionUri(String),
}

impl UserAgent {
    /// One that has been nowhere yet, and stops at the redirection URI.
    pub(crate) fn new(redirect_uri: &str) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(None)
            .timeout_global(Some(TIMEOUT))
            .build();
        Self { agent: config.into(), cookies: BTreeMap::new(), redirect_uri: redirect_uri.into() }
    }

    /// Opens an address and goes where it is sent.
    pub(crate) fn open(&mut self, address: &str) -> Arrival {
        self.take(Step::Open(address.into()))
    }

    /// Takes a step from a page and goes where it is sent.
    pub(crate) fn take(&mut self, step: Step) -> Arrival {
        let mut next = step;
        for _ in 0..MAX_REDIRECTS {
            let (address, response) = self.send(&next);
            let Some(location) = location(&response) else {
                let status = response.status().as_u16();
                let body = response.into_body().read_to_string().unwrap();
                return Arrival::Page(Page { address, status, body });
            };
            // As the server wrote it: what a browser would make of bytes that no address has is not for this one to say.
            if self.is_redirection_uri(&location) {
                return Arrival::RedirectionUri(location);
            }
            let current = HttpUri::parse(&*address).unwrap();
            let to = follow(&current, &location)
                .unwrap_or_else(|error| panic!("{}: {error}", without_query(&address)));
            next = Step::Open(to.as_str().into());
        }
        panic!("{MAX_REDIRECTS} redirects in a row");
    }

    fn send(&mut self, step: &Step) -> (String, Response<Body>) {
        let (address, request) = match step {
            Step::Open(address) => (address, Request::get(without_fragment(address))),
            Step::Send { address, .. } => (
                address,
                Request::post(without_fragment(address))
                    .header("content-type", "application/x-www-form-urlencoded"),
            ),
        };
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = match &*cookies {
            [] => request,
            cookies => request.header("cookie", cookies.join("; ")),
        };
        let answer = match step {
            Step::Open(_) => self.agent.run(request.body(()).unwrap()),
            Step::Send { fields, .. } => {
                let body = form::to_text(fields.iter().map(|(name, value)| (&**name, &**value)));
                self.agent.run(request.body(body).unwrap())
            }
        };
        let response = answer.unwrap_or_else(|error| panic!("{}: {error}", without_query(address)));
        for cookie in response.headers().get_all("set-cookie") {
            self.keep(&String::from_utf8_lossy(cookie.as_bytes()));
        }
        (address.clone(), response)
    }

    fn keep(&mut self, cookie: &str) {
        let (pair, attributes) = cookie.split_once(';').unwrap_or((cookie, ""));
        let Some((name, value)) = pair.split_once('=') else { return };
        // How servers take a cookie back.
        let is_over = attributes.to_ascii_lowercase().contains("expires=thu, 01 jan 1970");
        match is_over {
            true => self.cookies.remove(name),
            false => self.cookies.insert(name.into(), value.into()),
        };
    }

    fn is_redirection_uri(&self, location: &str) -> bool {
        let rest = location.strip_prefix(&*self.redirect_uri);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['?', '#']))
    }
}

fn location(response: &Response<Body>) -> Option<String> {
    // A browser sends a form on with two of them. No server here asks for that, and what it would send is a password.
    let is_redirect = [
        StatusCode::MOVED_PERMANENTLY,
        StatusCode::FOUND,
        StatusCode::SEE_OTHER,
        StatusCode::TEMPORARY_REDIRECT,
        StatusCode::PERMANENT_REDIRECT,
    ]
    .contains(&response.status());
    let location = response.headers().get("location").filter(|_| is_redirect)?;
    Some(String::from_utf8_lossy(location.as_bytes()).into_owned())
}

fn without_fragment(address: &str) -> &str {
    address.split('#').next().unwrap_or_default()
}

/// An address as it may be shown: there is a state in its query.
fn without_query(address: &str) -> &str {
    address.split(['?', '#']).next().unwrap_or_default()
}
