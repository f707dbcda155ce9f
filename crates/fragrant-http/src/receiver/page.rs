//! The page at the redirection URI: it hands its address, fragment and all, to the receiver.

use super::reply::Reply;

/// Of the page's headers those that are the same for every answer, are in [`Reply`].
const HTML: &str = include_str!("page.html");
const SCRIPT: &str = include_str!("page.js");

/// The page with the key that its script sends along. The nonce is what lets that script run, and no other.
// req: RFC6749-3.1.2.5-1
pub(super) fn page(key: &str, nonce: &str) -> Reply {
    // The script last, so that nothing in it is taken for a place to fill in.
    let html = HTML.replace("{nonce}", nonce).replace("{key}", key).replace("{script}", SCRIPT);
    let policy = format!(
        "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; connect-src 'self'; base-uri 'none'; \
         form-action 'none'; frame-ancestors 'none'"
    );
    Reply::page(html, policy)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    // req(test): RFC6749-3.1.2.5-1
    fn the_page_runs_its_own_script_alone_and_loads_nothing() {
        let text = String::from_utf8(page("planted-key", "planted-nonce").to_bytes()).unwrap();
        let (head, html) = text.split_once("\r\n\r\n").unwrap();
        assert!(head.contains("script-src 'nonce-planted-nonce';"), "{head}");
        assert!(!head.contains("unsafe") && !head.contains('*'), "{head}");
        assert_eq!(html.matches("<script").count(), 1);
        assert!(html.contains("<script nonce=\"planted-nonce\" data-key=\"planted-key\">"));
        for outside in ["src=", "href=", "http:", "https:", "url(", "@import"] {
            assert!(!html.contains(outside), "{outside}");
        }
        assert!(!html.contains("{nonce}") && !html.contains("{key}") && !html.contains("{script}"));
    }

    #[test]
    fn without_scripts_there_is_a_sentence_and_nothing_that_is_not_true() {
        let (_, noscript) = HTML.split_once("<noscript>").unwrap();
        assert!(noscript.split_once("</noscript>").unwrap().0.contains("needs JavaScript"));
        assert!(HTML.contains("<p id=\"status\" role=\"status\"></p>"));
    }
}
