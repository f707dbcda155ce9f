//! A page, as far as somebody needs it who fills in forms, presses buttons and follows links.
//!
//! It reads tags and nothing else of HTML, which does for pages that were made to be simple.

use fragrant::user_agent::follow;
use fragrant::value::HttpUri;

/// A page that a server shows.
pub(crate) struct Page {
    pub(crate) address: String,
    pub(crate) status: u16,
    pub(crate) body: String,
}

/// A page may have a form's secrets in it.
impl std::fmt::Debug for Page {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Page").field("status", &self.status).finish_non_exhaustive()
    }
}

/// What can be done on a page.
pub(crate) enum Step {
    Open(String),
    Send { address: String, fields: Vec<(String, String)> },
}

impl Page {
    /// Whether it asks who is there.
    pub(crate) fn asks_for_a_password(&self) -> bool {
        tags(&self.body).any(|tag| tag.is("input") && tag.get("type").as_deref() == Some("password"))
    }

    /// Fills in the form's name and password, and sends it.
    pub(crate) fn log_in(&self, user: &str, password: &str) -> Step {
        let mut fields = self.fields();
        for tag in tags(&self.body).filter(|tag| tag.is("input")) {
            let value = match tag.get("type").as_deref() {
                Some("password") => password,
                None | Some("email" | "text") => user,
                Some(_) => continue,
            };
            if let Some(name) = tag.get("name") {
                fields.retain(|(own, _)| *own != name);
                fields.push((name, value.into()));
            }
        }
        Step::Send { address: self.form(), fields }
    }

    /// Presses the button, or follows the link, that has these words on it.
    pub(crate) fn press(&self, words: &str) -> Step {
        let pressed = tags(&self.body).find(|tag| tag.words().is_some_and(|own| own.contains(words)));
        let Some(tag) = pressed else { panic!("the page (status {}) has no `{words}`", self.status) };
        if let Some(link) = tag.get("href") {
            return Step::Open(self.resolve(&link));
        }
        let mut fields = self.fields();
        fields.extend(tag.get("name").map(|name| (name, tag.get("value").unwrap_or_default())));
        Step::Send { address: self.form(), fields }
    }

    /// Where its one form is sent: here, unless it says otherwise.
    fn form(&self) -> String {
        let form = tags(&self.body).find(|tag| tag.is("form"));
        let form = form.unwrap_or_else(|| panic!("the page (status {}) has no form", self.status));
        form.get("action").map_or_else(|| self.address.clone(), |action| self.resolve(&action))
    }

    /// What the form says by itself: the fields that have a value, and the boxes that are ticked.
    fn fields(&self) -> Vec<(String, String)> {
        let inputs = tags(&self.body).filter(|tag| tag.is("input"));
        let said = inputs.filter(|tag| match tag.get("type").as_deref() {
            Some("checkbox") => tag.get("checked").is_some(),
            kind => kind != Some("submit"),
        });
        said.filter_map(|tag| Some((tag.get("name")?, tag.get("value")?))).collect()
    }

    fn resolve(&self, address: &str) -> String {
        let current = HttpUri::parse(&*self.address).unwrap();
        follow(&current, address).unwrap_or_else(|error| panic!("{error}")).as_str().into()
    }
}

/// An opening tag, and the text up to the next one.
struct Tag<'a> {
    name: &'a str,
    attributes: &'a str,
    text: &'a str,
}

fn tags(body: &str) -> impl Iterator<Item = Tag<'_>> {
    body.split('<').skip(1).filter_map(|piece| {
        let (inside, text) = piece.split_once('>')?;
        let (name, attributes) = inside.split_once(char::is_whitespace).unwrap_or((inside, ""));
        Some(Tag { name, attributes, text })
    })
}

impl Tag<'_> {
    fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// What stands on it, if it can be pressed or followed.
    fn words(&self) -> Option<String> {
        match self.name.to_ascii_lowercase().as_str() {
            "a" | "button" => Some(self.text.into()),
            "input" if self.get("type").as_deref() == Some("submit") => self.get("value"),
            _ => None,
        }
    }

    /// An attribute's value; empty for one without.
    fn get(&self, name: &str) -> Option<String> {
        let mut rest = self.attributes.trim_start();
        while !rest.is_empty() {
            let end = rest.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(rest.len());
            let (own, after) = rest.split_at(end);
            let (value, after) = match after.strip_prefix('=') {
                None => ("", after),
                Some(value) => match value.chars().next() {
                    Some(quote @ ('"' | '\'')) => value[1..].split_once(quote)?,
                    _ => value.split_at(value.find(char::is_whitespace).unwrap_or(value.len())),
                },
            };
            if own.eq_ignore_ascii_case(name) {
                return Some(unescaped(value));
            }
            rest = after.trim_start();
        }
        None
    }
}

fn unescaped(text: &str) -> String {
    let pairs =
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&#x27;", "'"), ("&amp;", "&")];
    pairs.into_iter().fold(text.into(), |text: String, (from, to)| text.replace(from, to))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(body: &str) -> Page {
        Page { address: "http://127.0.0.1:1/authorize?a=b".into(), status: 200, body: body.into() }
    }

    fn sent(step: Step) -> (String, Vec<(String, String)>) {
        match step {
            Step::Open(address) => (address, Vec::new()),
            Step::Send { address, fields } => (address, fields),
        }
    }

    #[test]
    fn a_form_is_filled_in_and_sent() {
        let page = page(
            "<form action='/in?a=b&amp;c'><input type=hidden name=key value='1'><input name=who autofocus>\
             <input type=\"password\" name=\"word\"><button>Go</button></form>",
        );
        assert!(page.asks_for_a_password());
        let (address, fields) = sent(page.log_in("jane", "secret"));
        assert_eq!(address, "http://127.0.0.1:1/in?a=b&c");
        let fields: Vec<_> = fields.iter().map(|(name, value)| (&**name, &**value)).collect();
        assert_eq!(fields, [("key", "1"), ("who", "jane"), ("word", "secret")]);
    }

    #[test]
    fn a_form_without_an_address_is_sent_to_its_own_and_a_button_may_be_an_input() {
        let page = page(
            "<form method=post><input type=hidden name=key value=1><input type=submit value=Cancel />\
             <input type=\"submit\" name=\"allow\" value=\"Authorize\"/></form>",
        );
        assert_eq!(
            sent(page.press("Cancel")),
            ("http://127.0.0.1:1/authorize?a=b".into(), vec![("key".into(), "1".into())])
        );
        let (_, fields) = sent(page.press("Authorize"));
        assert_eq!(fields, [("key".into(), "1".into()), ("allow".into(), "Authorize".into())]);
    }

    #[test]
    fn a_button_says_its_own_and_a_link_leads_where_it_says() {
        let page = page(
            "<form method=post action=/decide><button name=d value=yes>Allow</button>\
             <input type=checkbox name=all value=x><a href=\"/no\">[ Cancel ]</a></form>",
        );
        assert!(!page.asks_for_a_password());
        let (address, fields) = sent(page.press("Allow"));
        assert_eq!((&*address, &*fields), ("http://127.0.0.1:1/decide", &[("d".into(), "yes".into())][..]));
        assert_eq!(sent(page.press("Cancel")).0, "http://127.0.0.1:1/no");
    }
}
