//! A user agent as small as it gets: cookies, forms, redirects, and fragments that stay with it.

use std::collections::BTreeMap;

use fragrant::user_agent::{Destination, follow, request_target};
use fragrant::value::HttpUri;
use fragrant::wire::form;
use ureq::http::{Request, Response};

/// An answer, and the address that it is the answer of.
pub(crate) struct Answer {
    pub(crate) address: String,
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(own, _)| own == name).map(|(_, value)| &**value)
    }

    pub(crate) fn location(&self) -> &str {
        assert_eq!(self.status, 303, "{}", self.body);
        self.header("location").unwrap()
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap()
    }

    pub(crate) fn form(&self) -> Form {
        assert_eq!(self.status, 200, "{}", self.body);
        Form::of(self)
    }
}

/// The one form of a page.
#[derive(Clone, Debug)]
pub(crate) struct Form {
    pub(crate) action: String,
    pub(crate) fields: Vec<(String, String)>,
}

impl Form {
    fn of(answer: &Answer) -> Self {
        let (_, form) =
            answer.body.split_once("<form ").unwrap_or_else(|| panic!("no form: {}", answer.body));
        let (tag, content) = form.split_once('>').unwrap();
        let (content, _) = content.split_once("</form>").unwrap();
        assert_eq!(attribute(tag, "method"), Some("post".into()));
        // The query may be broken, as browsers send it all the same, and it is no part of where a form leads.
        let page = answer.address.split('?').next().unwrap();
        let action = HttpUri::parse(page).unwrap();
        let action = follow(&action, &attribute(tag, "action").unwrap()).unwrap();
        let Destination::Http(action) = action else { panic!("{action:?}") };
        let inputs = content.split("<input ").skip(1).map(|input| input.split_once('>').unwrap().0);
        let is_sent = |tag: &&str| {
            attribute(tag, "type").as_deref() != Some("checkbox") || attribute(tag, "checked").is_some()
        };
        let field = |tag| (attribute(tag, "name").unwrap(), attribute(tag, "value").unwrap());
        Self { action: request_target(&action).into(), fields: inputs.filter(is_sent).map(field).collect() }
    }

    /// The same with these fields put in, or put in the place of others.
    pub(crate) fn with(mut self, fields: &[(&str, &str)]) -> Self {
        for (name, value) in fields {
            self.fields.retain(|(own, _)| own != name);
            self.fields.push((name.to_string(), value.to_string()));
        }
        self
    }

    pub(crate) fn values(&self, name: &str) -> Vec<&str> {
        self.fields.iter().filter(|(own, _)| own == name).map(|(_, value)| &**value).collect()
    }

    pub(crate) fn body(&self) -> String {
        form::to_text(self.fields.iter().map(|(name, value)| (&**name, &**value)))
    }
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!("{name}=\""))?;
    let value = rest.split_once('"')?.0;
    Some(value.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&"))
}

/// A browser.
pub(crate) struct Browser {
    agent: ureq::Agent,
    /// All servers of a test are on one host, so its cookies go to each of them, as a browser's do.
    pub(crate) cookies: BTreeMap<String, String>,
    /// What was said with them.
    pub(crate) cookie_attributes: BTreeMap<String, String>,
    /// Every page that it was shown.
    pub(crate) seen: Vec<String>,
}

impl Browser {
    pub(crate) fn new() -> Self {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(None)
            .allow_non_standard_methods(true)
            .build();
        Self {
            agent: config.into(),
            cookies: BTreeMap::new(),
            cookie_attributes: BTreeMap::new(),
            seen: Vec::new(),
        }
    }

    /// Sends one request. The fragment stays here.
    pub(crate) fn send(
        &mut self,
        method: &str,
        address: &str,
        headers: &[(&str, &str)],
        body: impl AsRef<[u8]>,
    ) -> Answer {
        let target = address.split('#').next().unwrap();
        let mut request = Request::builder().method(method).uri(target);
        if !self.cookies.is_empty() {
            let cookies: Vec<String> =
                self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header("cookie", cookies.join("; "));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let body = body.as_ref();
        let response: Response<ureq::Body> = match body.is_empty() {
            true => self.agent.run(request.body(()).unwrap()).unwrap(),
            false => self.agent.run(request.body(body).unwrap()).unwrap(),
        };
        let status = response.status().as_u16();
        let headers: Vec<(String, String)> = response
            .headers()
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
            .collect();
        for (_, cookie) in headers.iter().filter(|(name, _)| name == "set-cookie") {
            let (pair, attributes) = cookie.split_once("; ").unwrap();
            assert!(attributes.starts_with("Path=/; HttpOnly; SameSite="), "{attributes}");
            let (name, value) = pair.split_once('=').unwrap();
            self.cookie_attributes.insert(name.into(), attributes.into());
            self.cookies.insert(name.into(), value.into());
        }
        let body = response.into_body().read_to_string().unwrap();
        self.seen.push(body.clone());
        Answer { address: address.into(), status, headers, body }
    }

    pub(crate) fn get(&mut self, address: &str) -> Answer {
        self.send("GET", address, &[], "")
    }

    /// Sends a form in, as a page without a referrer does.
    pub(crate) fn submit(&mut self, form: &Form) -> Answer {
        let headers = [("content-type", "application/x-www-form-urlencoded"), ("origin", "null")];
        self.send("POST", &form.action, &headers, form.body())
    }

    /// Loads where a redirect leads, fragments kept as a browser keeps them.
    pub(crate) fn follow(&mut self, answer: &Answer) -> Answer {
        let current = HttpUri::parse(&*answer.address).unwrap();
        let Destination::Http(next) = follow(&current, answer.location()).unwrap() else { panic!() };
        self.get(next.as_str())
    }
}
