//! Who may load the page, and who may hand an address in. Nothing is done here.

use super::request::{Header, Request};

/// The header that the page's script sends its key in. A page of another origin may not set it without asking, and nobody
/// here says yes.
pub(super) const KEY_HEADER: &str = "Fragrant-Key";
/// The type of an address that is handed in (RFC 2483 section 5). No form can send it, and a script of another origin would
/// have to ask for it, too.
const ADDRESS_TYPE: &str = "text/uri-list";

/// The receiver's own place.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// `http://127.0.0.1:49152`
    pub(super) origin: String,
    /// `/callback`
    pub(super) path: String,
}

/// What a request is for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Asked<'a> {
    /// The page at the redirection URI.
    Page,
    /// To take an address. Whether it may be is for the key to say.
    ToTake { key: &'a str, address: &'a str },
}

/// Writes the refusals with their statuses and sentences.
macro_rules! refusals {
    ($($(#[$doc:meta])* $variant:ident = $status:literal, $sentence:literal;)*) => {
        /// Why a request is refused. Nothing that came is in it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Refusal {
            $($(#[$doc])* $variant,)*
        }

        impl Refusal {
            pub(super) const fn status(self) -> &'static str {
                match self { $(Self::$variant => $status,)* }
            }

            pub(super) const fn sentence(self) -> &'static str {
                match self { $(Self::$variant => $sentence,)* }
            }
        }
    };
}

refusals! {
    /// More body than is read.
    BodyTooLong = "413 Content Too Large", "The answer is too long.";
    /// A page that the user does not see loads this one: as a frame, a picture, a script.
    Embedded = "403 Forbidden", "This page is shown on its own and in no other.";
    /// Somebody else's page sent it, or no page.
    Foreign = "403 Forbidden", "Only the page at this address may send this.";
    /// More head than is read.
    HeadTooLong = "431 Request Header Fields Too Large", "The request is too long.";
    /// It was meant for another host, whose name leads here (DNS rebinding).
    Host = "421 Misdirected Request", "This program answers to its own address only.";
    /// No key, or one that is used up.
    Key = "403 Forbidden", "This page has been used. Begin the sign-in again in the application.";
    /// No request of HTTP.
    Malformed = "400 Bad Request", "This is no request.";
    /// A method that nothing here has.
    Method = "405 Method Not Allowed", "There is nothing to do here but to load the page.";
    /// Nothing says how long the body is.
    NoLength = "411 Length Required", "The request does not say how long it is.";
    /// An address that is no text.
    NotUtf8 = "400 Bad Request", "The address is not UTF-8.";
    /// The browser loads ahead what its user may open later. A page that nobody has opened is to take no answer.
    Early = "503 Service Unavailable", "This page is loaded when it is opened, and not before.";
    /// Another path.
    Path = "404 Not Found", "There is nothing here.";
    /// A body of another type.
    Type = "415 Unsupported Media Type", "Only an address may be sent here.";
}

/// Judges a request: its host first, as that says whether the browser thinks that it speaks to us at all.
pub(super) fn judge<'a>(request: &Request<'a>, place: &Place) -> Result<Asked<'a>, Refusal> {
    let authority = place.origin.strip_prefix("http://").unwrap_or_default();
    if request.header("host") != Header::Once(authority) {
        return Err(Refusal::Host);
    }
    if request.path() != place.path {
        return Err(Refusal::Path);
    }
    match request.method {
        "GET" => page(request),
        "POST" => to_take(request, place),
        _ => Err(Refusal::Method),
    }
}

/// The page goes to whoever opens it, in a window of its own: the redirect comes from another site, so that says nothing.
/// Older browsers say nothing of the window, and their users have the headers against frames.
fn page<'a>(request: &Request<'a>) -> Result<Asked<'a>, Refusal> {
    match request.header("sec-fetch-dest") {
        Header::Absent | Header::Once("document") if is_early(request) => Err(Refusal::Early),
        Header::Absent | Header::Once("document") => Ok(Asked::Page),
        _ => Err(Refusal::Embedded),
    }
}

/// Whether a browser says that it loads the page before it is opened: `prefetch`, or `prefetch;prerender`.
fn is_early(request: &Request<'_>) -> bool {
    let is_prefetch = |value: &str| {
        value.split(';').next().is_some_and(|purpose| purpose.trim().eq_ignore_ascii_case("prefetch"))
    };
    ["sec-purpose", "purpose"].iter().any(|name| match request.header(name) {
        Header::Absent => false,
        Header::Once(value) => is_prefetch(value),
        Header::Unusable => true,
    })
}

fn to_take<'a>(request: &Request<'a>, place: &Place) -> Result<Asked<'a>, Refusal> {
    let is_ours = match (request.header("origin"), request.header("sec-fetch-site")) {
        (Header::Once(origin), Header::Absent | Header::Once("same-origin")) if origin == place.origin => {
            true
        }
        // A page that sends no referrer may send no origin either. Then the browser has to vouch for it in the other way; a
        // page in a sandbox, which has no origin, is none of the same site.
        (Header::Once("null"), Header::Once("same-origin")) => true,
        _ => false,
    };
    if !is_ours {
        return Err(Refusal::Foreign);
    }
    let Header::Once(content_type) = request.header("content-type") else { return Err(Refusal::Type) };
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    if !essence.eq_ignore_ascii_case(ADDRESS_TYPE) {
        return Err(Refusal::Type);
    }
    let Header::Once(key) = request.header(KEY_HEADER) else { return Err(Refusal::Key) };
    let address = std::str::from_utf8(request.body).map_err(|_| Refusal::NotUtf8)?;
    Ok(Asked::ToTake { key, address })
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &str = "http://127.0.0.1:49152";

    fn judged(method: &str, target: &str, headers: &[(&str, &str)], body: &[u8]) -> Result<String, Refusal> {
        let headers = headers.iter().map(|(name, value)| (*name, value.as_bytes())).collect();
        let request = Request { method, target, headers, body };
        let place = Place { origin: OWN.into(), path: "/callback".into() };
        judge(&request, &place).map(|asked| match asked {
            Asked::Page => "page".into(),
            Asked::ToTake { key, address } => format!("{key} {address}"),
        })
    }

    const HOST: (&str, &str) = ("Host", "127.0.0.1:49152");
    const GOOD: [(&str, &str); 4] =
        [HOST, ("Origin", OWN), ("Content-Type", "text/uri-list"), ("Fragrant-Key", "key")];

    /// The good headers of a page's request, with one in the place of another, or without it.
    fn posted(name: &str, value: Option<&str>) -> Result<String, Refusal> {
        let others = GOOD.iter().copied().filter(|(own, _)| *own != name);
        let headers: Vec<_> = others.chain(value.map(|value| (name, value))).collect();
        judged("POST", "/callback", &headers, b"#x")
    }

    #[test]
    fn the_page_is_for_a_window_of_its_own() {
        let page = Ok("page".to_owned());
        for target in ["/callback", "/callback?error=access_denied", "/callback?"] {
            assert_eq!(judged("GET", target, &[HOST], b""), page, "{target}");
        }
        for (destination, expected) in [
            ("document", page),
            ("iframe", Err(Refusal::Embedded)),
            ("script", Err(Refusal::Embedded)),
            ("empty", Err(Refusal::Embedded)),
        ] {
            let headers = [HOST, ("Sec-Fetch-Dest", destination), ("Sec-Fetch-Site", "cross-site")];
            assert_eq!(judged("GET", "/callback", &headers, b""), expected, "{destination}");
        }
    }

    #[test]
    fn the_page_is_not_loaded_ahead() {
        for header in [
            ("Sec-Purpose", "prefetch"),
            ("Sec-Purpose", "prefetch;prerender"),
            ("Sec-Purpose", "Prefetch; anonymous-client-ip"),
            ("Purpose", "prefetch"),
        ] {
            let judged_so = judged("GET", "/callback", &[HOST, header, ("Sec-Fetch-Dest", "document")], b"");
            assert_eq!(judged_so, Err(Refusal::Early), "{header:?}");
            assert_eq!(
                judged("GET", "/callback", &[HOST, header, header], b""),
                Err(Refusal::Early),
                "{header:?}"
            );
        }
        assert_eq!(judged("GET", "/callback", &[HOST, ("Sec-Purpose", "other")], b""), Ok("page".into()));
    }

    #[test]
    fn a_name_that_leads_here_is_not_ours() {
        for host in ["127.0.0.1", "127.0.0.1:80", "localhost:49152", "evil.example:49152", ""] {
            assert_eq!(judged("GET", "/callback", &[("Host", host)], b""), Err(Refusal::Host), "{host}");
            assert_eq!(posted("Host", Some(host)), Err(Refusal::Host), "{host}");
        }
        assert_eq!(judged("GET", "/callback", &[], b""), Err(Refusal::Host));
        assert_eq!(judged("GET", "/callback", &[HOST, HOST], b""), Err(Refusal::Host));
    }

    #[test]
    fn nothing_else_is_here() {
        for target in ["/", "/favicon.ico", "/callback/", "/Callback", "*", "http://127.0.0.1:49152/callback"]
        {
            assert_eq!(judged("GET", target, &[HOST], b""), Err(Refusal::Path), "{target}");
        }
        for method in ["HEAD", "OPTIONS", "PUT", "get", ""] {
            assert_eq!(judged(method, "/callback", &GOOD, b""), Err(Refusal::Method), "{method}");
        }
    }

    #[test]
    fn only_the_page_hands_an_address_in() {
        assert_eq!(posted("", None), Ok("key #x".into()));
        assert_eq!(posted("Sec-Fetch-Site", Some("same-origin")), Ok("key #x".into()));
        assert_eq!(posted("Content-Type", Some("text/uri-list; charset=utf-8")), Ok("key #x".into()));
        let without_origin = |site| {
            let others = GOOD.iter().copied().filter(|(own, _)| *own != "Origin");
            let headers: Vec<_> = others.chain([("Origin", "null"), ("Sec-Fetch-Site", site)]).collect();
            judged("POST", "/callback", &headers, b"#x")
        };
        assert_eq!(without_origin("same-origin"), Ok("key #x".into()));
        for site in ["cross-site", "same-site", "none"] {
            assert_eq!(without_origin(site), Err(Refusal::Foreign), "{site}");
        }
        let rows: [(&str, Option<&str>, Refusal); 10] = [
            ("Origin", None, Refusal::Foreign),
            ("Origin", Some("null"), Refusal::Foreign),
            ("Origin", Some("http://127.0.0.1:49153"), Refusal::Foreign),
            ("Origin", Some("https://evil.example"), Refusal::Foreign),
            ("Sec-Fetch-Site", Some("same-site"), Refusal::Foreign),
            ("Sec-Fetch-Site", Some("cross-site"), Refusal::Foreign),
            ("Content-Type", None, Refusal::Type),
            ("Content-Type", Some("text/plain"), Refusal::Type),
            ("Content-Type", Some("application/x-www-form-urlencoded"), Refusal::Type),
            ("Fragrant-Key", None, Refusal::Key),
        ];
        for (name, value, refusal) in rows {
            assert_eq!(posted(name, value), Err(refusal), "{name}: {value:?}");
        }
    }

    #[test]
    fn an_address_is_text() {
        assert_eq!(judged("POST", "/callback", &GOOD, b"\xff"), Err(Refusal::NotUtf8));
    }
}
