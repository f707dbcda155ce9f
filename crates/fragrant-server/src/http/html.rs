//! HTML: text made harmless, and the frame of every page.

use std::fmt;

use axum::http::StatusCode;
use axum::response::Response;

use super::response::{CONTENT_SECURITY_POLICY, body, set_header};

/// Text as HTML shows it: markup in it is shown and not read, in an element as well as in a double-quoted attribute.
// req: RFC6749-10.14-2
#[derive(Clone, Copy, Debug)]
pub(crate) struct Escaped<'a>(pub(crate) &'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0;
        while let Some(at) = rest.find(['&', '<', '>', '"', '\'']) {
            let (before, after) = rest.split_at(at);
            f.write_str(before)?;
            f.write_str(match after.as_bytes().first() {
                Some(b'&') => "&amp;",
                Some(b'<') => "&lt;",
                Some(b'>') => "&gt;",
                Some(b'"') => "&quot;",
                _ => "&#39;",
            })?;
            rest = &after[1..];
        }
        f.write_str(rest)
    }
}

/// A page: nobody stores or frames it, it tells nobody its address, and runs no script.
// req: RFC6749-10.13-2, RFC6819-5.2.2.6-1, RFC9700-4.16-1, RFC9700-4.16-2, RFC9700-4.2.4-1, RFC9700-4.2.4-2
#[derive(Debug)]
pub(crate) struct Page<'a> {
    pub(crate) title: &'a str,
    /// The content, as HTML.
    pub(crate) main: String,
    /// Which server this is, in words.
    pub(crate) server: String,
    /// Where a form may lead, besides this server: a browser asks that of every redirect that follows it, too.
    pub(crate) form_target: Option<&'a str>,
}

impl Page<'_> {
    /// The page as HTML, with its one script if it has any.
    pub(crate) fn to_html(&self, script: Option<&str>) -> String {
        let script = script
            .map(|path| format!("<script src=\"{}\" defer></script>", Escaped(path)))
            .unwrap_or_default();
        format!(
            "<!doctype html>\n\
             <html lang=\"en\">\n\
             <head>\n\
             <meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <title>{title}</title>\n\
             <link rel=\"stylesheet\" href=\"/style.css\">\n\
             {script}</head>\n\
             <body>\n\
             <main>\n\
             <h1>{title}</h1>\n\
             {main}\
             </main>\n\
             <footer><p>{server}</p></footer>\n\
             </body>\n\
             </html>\n",
            title = Escaped(self.title),
            main = self.main,
            server = Escaped(&self.server),
        )
    }

    /// The page as an answer.
    pub(crate) fn respond(&self, status: StatusCode) -> Response {
        let mut response = body(status, "text/html; charset=utf-8", self.to_html(None));
        let form_action = match self.form_target {
            Some(target) => format!("'self' {target}"),
            None => "'self'".to_owned(),
        };
        let policy = format!("{CONTENT_SECURITY_POLICY}; style-src 'self'; form-action {form_action}");
        set_header(&mut response, "content-security-policy", &policy);
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    // req(test): RFC6749-10.14-2
    fn markup_is_shown_and_not_read() {
        for (text, expected) in [
            ("", ""),
            ("plain é", "plain é"),
            ("<script>alert('1')</script>", "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;"),
            ("a\" onload=\"x", "a&quot; onload=&quot;x"),
            ("&amp;<", "&amp;amp;&lt;"),
            ("é<é>é&", "é&lt;é&gt;é&amp;"),
        ] {
            assert_eq!(Escaped(text).to_string(), expected, "{text}");
        }
    }

    #[test]
    // req(test): RFC6749-10.13-2, RFC6819-5.2.2.6-1, RFC9700-4.16-1, RFC9700-4.16-2
    fn a_page_is_not_framed_and_leads_nowhere_else() {
        let mut page = Page { title: "A & B", main: String::new(), server: "<s>".into(), form_target: None };
        let html = page.to_html(None);
        assert!(html.contains("<title>A &amp; B</title>") && html.contains("<p>&lt;s&gt;</p>"), "{html}");
        assert!(!html.contains("<script"), "{html}");
        let policy = |page: &Page<'_>| {
            let response = page.respond(StatusCode::OK);
            response.headers()["content-security-policy"].to_str().unwrap().to_owned()
        };
        assert_eq!(
            policy(&page),
            "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; style-src 'self'; form-action 'self'"
        );
        page.form_target = Some("https://app.example");
        assert!(policy(&page).ends_with("; form-action 'self' https://app.example"));
        assert_eq!(page.respond(StatusCode::OK).headers()["x-frame-options"], "DENY");
    }
}
