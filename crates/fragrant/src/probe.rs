//! The probe: a page of the authorization server's that tells, from a hidden frame, whether the server's cookies reach it there.
//!
//! A silent renewal needs two things that no page of the client's can look at: the server has to allow being framed, and the
//! user agent has to send the login session's cookies into a frame of another site. So a page of the server's own has to
//! say it. Serve [`PAGE`] with [`HEADERS`] at the authorization server's origin, or at any other of its site, over https, and
//! with the same headers about frames as the authorization endpoint has.
//!
//! It says no more than that: a login session whose cookie is `SameSite=Lax` stays away from frames of other sites even where
//! cookies are let in.

/// The page. It sets a cookie for such frames, looks whether it is there, and tells whoever has framed it, with no secret in it.
pub const PAGE: &str = include_str!("probe.html");

/// Headers with which to serve the page: it loads nothing, and only its own script runs.
pub const HEADERS: [(&str, &str); 4] = [
    ("Cache-Control", "no-store"),
    (
        "Content-Security-Policy",
        "default-src 'none'; script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'",
    ),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
];

/// What the page says where cookies are kept.
pub const KEPT: &str = "fragrant-probe:kept";

/// What the page says where the user agent keeps them away.
pub const BLOCKED: &str = "fragrant-probe:blocked";

#[cfg(test)]
mod tests {
    use alloc::format;

    use super::{BLOCKED, KEPT, PAGE};

    #[test]
    fn the_page_says_one_of_the_two() {
        let [prefix, kept, blocked] = [KEPT.split_at(15).0, KEPT.split_at(15).1, BLOCKED.split_at(15).1];
        assert!(PAGE.contains(&format!("{prefix}${{isKept ? \"{kept}\" : \"{blocked}\"}}")));
    }
}
