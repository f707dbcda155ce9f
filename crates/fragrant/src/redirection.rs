//! The redirection URI: the web-hosted client resource that the browser comes back to.
//!
//! Its server never sees the answer, which stays in the fragment; its page does. So the page has a contract:
//!
//! 1. The client's own script runs first, and no script of anybody else runs on the page (RFC 6749 section 3.1.2.5).
//! 2. It takes the raw address, replaces it in the history by the address without the answer, and hands the raw address
//!    to the client, which judges it. The page itself parses nothing.
//! 3. In a popup or a hidden frame it hands the address to the window that opened it, at that window's exact origin, and
//!    starts nothing itself (RFC 9700 section 4.17).
//! 4. It sends the user agent nowhere that the address asks for (RFC 6749 section 10.15).
//!
//! The second takes the answer out of the address bar and of what Back leads to. It does not take it off the disk: Chromium writes
//! an address into its history before a script of the page can run, and the entry stays. So let tokens live shortly.

/// Headers with which to serve the page: nothing of it is stored, its address goes into no `Referer`, nobody frames it but
/// its own origin, and only its own scripts run.
// req: RFC6749-3.1.2.5-1, RFC9700-4.2.4-1
pub const HEADERS: [(&str, &str); 5] = [
    ("Cache-Control", "no-store"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "SAMEORIGIN"),
    (
        "Content-Security-Policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; \
         frame-ancestors 'self'",
    ),
];

#[cfg(test)]
mod tests {
    use super::HEADERS;

    #[test]
    // req(test): RFC6749-3.1.2.5-1, RFC9700-4.2.4-1
    fn the_page_allows_no_foreign_script_and_no_referrer() {
        let header = |name: &str| HEADERS.iter().find(|(own, _)| *own == name).unwrap().1;
        let policy = header("Content-Security-Policy");
        assert!(policy.starts_with("default-src 'none';"));
        assert!(!policy.contains("unsafe"));
        assert!(!policy.contains('*'));
        assert_eq!(header("Referrer-Policy"), "no-referrer");
    }
}
