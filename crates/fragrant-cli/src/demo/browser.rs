//! A user agent that behaves like a browser where the grant depends on it: it never sends a fragment, keeps it across
//! redirects that bring none, follows a 303 with a GET, and holds cookies.

use std::collections::BTreeMap;
use std::time::Duration;

use fragrant::user_agent::{self, Destination};
use fragrant::value::HttpUri;
use fragrant::wire::form;
use fragrant_model::tale::{Hop, Page};
use ureq::http::Request;

use super::form::Form;

/// How many redirects are followed before it is called a loop.
const MAX_REDIRECTS: usize = 10;

pub(super) struct Browser {
    agent: ureq::Agent,
    /// By host: a port makes no difference to a cookie (RFC 6265 section 8.5).
    cookies: BTreeMap<String, BTreeMap<String, String>>,
}

impl Browser {
    pub(super) fn new() -> Self {
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(Duration::from_secs(10)))
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(None)
            .build();
        Self { agent: config.into(), cookies: BTreeMap::new() }
    }

    /// Goes to an address and follows where it leads.
    pub(super) fn open(&mut self, address: &str) -> Result<Page, String> {
        let address = HttpUri::parse(address).map_err(|error| format!("the address to open: {error}"))?;
        self.load("GET", address, String::new())
    }

    /// Sends a form in.
    pub(super) fn submit(&mut self, page: &Page, form: &Form) -> Result<Page, String> {
        let target = follow(&page.address, &form.action)?;
        let body = form::to_text(form.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        self.load("POST", target, body)
    }

    fn load(&mut self, method: &str, mut address: HttpUri, mut body: String) -> Result<Page, String> {
        let mut method = method.to_owned();
        let mut hops = Vec::new();
        while hops.len() < MAX_REDIRECTS {
            let (hop, text) = self.request(&method, &address, &body)?;
            let (status, location) = (hop.status, hop.location.clone());
            hops.push(hop);
            let Some(location) = location.filter(|_| (300..400).contains(&status)) else {
                let has_form = Form::first(&text).is_some();
                return Ok(Page { address, status, text, has_form, hops });
            };
            address = follow(&address, &location)?;
            if !user_agent::repeats_the_request(status) {
                method = "GET".into();
                body.clear();
            }
        }
        Err(format!("more than {MAX_REDIRECTS} redirects"))
    }

    fn request(&mut self, method: &str, address: &HttpUri, body: &str) -> Result<(Hop, String), String> {
        let target = user_agent::request_target(address);
        let failed = |error: &dyn std::fmt::Display| format!("{}: {error}", address.origin());
        let mut request = Request::builder().method(method).uri(target);
        let cookies = self.cookies.entry(address.host().into()).or_default();
        if !cookies.is_empty() {
            let text: Vec<String> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header("Cookie", text.join("; "));
        }
        if method == "POST" {
            request = request
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Origin", address.origin());
        }
        let request = request.body(body.to_owned()).map_err(|error| failed(&error))?;
        let mut response = self.agent.run(request).map_err(|error| failed(&error))?;
        for cookie in response.headers().get_all("set-cookie") {
            let pair = cookie.to_str().ok().and_then(|text| text.split(';').next()?.split_once('='));
            if let Some((name, value)) = pair {
                cookies.insert(name.trim().into(), value.trim().into());
            }
        }
        let location =
            response.headers().get("location").and_then(|value| value.to_str().ok()).map(str::to_owned);
        let status = response.status().as_u16();
        let text = response.body_mut().read_to_string().map_err(|error| failed(&error))?;
        let path = &target[address.origin().len()..];
        Ok((Hop { request: format!("{method} {path} HTTP/1.1"), status, location }, text))
    }
}

fn follow(from: &HttpUri, location: &str) -> Result<HttpUri, String> {
    match user_agent::follow(from, location).map_err(|error| error.to_string())? {
        Destination::Http(address) => Ok(address),
        Destination::App(_) => Err("the redirect leads to another app".into()),
    }
}
