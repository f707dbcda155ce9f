//! The forms of the test server's pages: just enough HTML to fill them in.

/// A form as it stands on a page.
#[derive(Debug, Default)]
pub(super) struct Form {
    pub(super) action: String,
    /// Every named field that a submission would carry as it stands: hidden ones and checked boxes.
    pub(super) fields: Vec<(String, String)>,
}

impl Form {
    /// The first form of a page.
    pub(super) fn first(html: &str) -> Option<Self> {
        let start = html.find("<form")?;
        let rest = &html[start..];
        let body = &rest[..rest.find("</form>")?];
        let mut tags = body.split('<').skip(1).filter_map(|tag| tag.split_once('>').map(|(tag, _)| tag));
        let action = attribute(tags.next()?, "action").unwrap_or_default();
        let fields = tags
            .filter(|tag| tag.starts_with("input"))
            .filter(|tag| match attribute(tag, "type").as_deref() {
                Some("hidden") => true,
                Some("checkbox") => attribute(tag, "checked").is_some(),
                _ => false,
            })
            .filter_map(|tag| Some((attribute(tag, "name")?, attribute(tag, "value").unwrap_or_default())))
            .collect();
        Some(Self { action, fields })
    }

    /// Fills a field in.
    pub(super) fn with(mut self, name: &str, value: &str) -> Self {
        self.fields.push((name.into(), value.into()));
        self
    }
}

/// The value of an attribute in double quotes.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let start = tag.find(&format!(" {name}=\""))? + name.len() + 3;
    let value = &tag[start..];
    Some(unescape(&value[..value.find('"')?]))
}

/// The five characters that the server's pages escape.
fn unescape(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&#x27;", "'")
        .replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_fields_and_checked_boxes_are_carried() {
        let form = Form::first(
            "<p><form method=\"post\" action=\"/login?a=1&amp;b=2\"><input type=\"hidden\" name=\"csrf\" value=\"x&quot;y\">\
             <input type=\"text\" name=\"username\"><input type=\"checkbox\" name=\"scope\" value=\"a\" checked=\"checked\">\
             <input type=\"checkbox\" name=\"scope\" value=\"b\"><button name=\"decision\" value=\"allow\"></form>",
        )
        .unwrap();
        assert_eq!(form.action, "/login?a=1&b=2");
        assert_eq!(form.fields, [("csrf".into(), "x\"y".into()), ("scope".into(), "a".into())]);
        assert!(Form::first("<p>no form").is_none());
    }
}
