//! HTTP addresses: a small grammar for the few places where the protocol needs their parts.
//!
//! It takes exactly the form in which a browser hands addresses back (lower-case ASCII host, no user information, no default
//! port, a path without dot segments) and says what to write instead of anything else. So equal addresses are equal
//! texts, and no table of international host names is needed.

use core::fmt;
use core::ops::Range;

use alloc::string::String;
use thiserror::Error;

use super::ipv6;
use crate::grammar::{self, URI_CHAR};
use crate::text::{self, cut, holds, pieces, split_at_first, split_at_last};

/// A normal, absolute `http` or `https` address, in its parts. A fragment may hold a token, so `Debug` shows none.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct HttpUri {
    text: String,
    is_https: bool,
    host: Part,
    port: Option<u16>,
    path: Part,
    query: Option<Part>,
    fragment: Option<Part>,
}

/// A range of the text that can be copied and ordered; [`Range`] can be neither.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Part {
    start: usize,
    end: usize,
}

impl Part {
    fn of(self, text: &str) -> &str {
        cut(text, self.start, self.end)
    }
}

impl From<Range<usize>> for Part {
    fn from(range: Range<usize>) -> Self {
        Self { start: range.start, end: range.end }
    }
}

/// Why a text is no normal HTTP address. Each says what to write instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Error)]
#[non_exhaustive]
pub enum InvalidUri {
    /// A control character, a space, a non-ASCII byte, `"`, `<`, `>`, `\`, `^`, `` ` ``, `{`, `|` or `}`.
    #[error(fmt = write_character)]
    Character {
        /// The offset of the byte.
        at: usize,
    },
    /// A `%` without two hexadecimal digits.
    #[error("a `%` must be followed by two hexadecimal digits")]
    Escape,
    /// Not `http://` or `https://` (in lower case).
    #[error("expected an absolute address that begins with https:// (or http://), in lower case")]
    Scheme,
    /// `user@` or `user:password@` before the host.
    #[error("user information before the host is not allowed")]
    UserInfo,
    /// An empty or odd host.
    #[error(
        "expected a host of lower-case letters, digits, `-`, `.` (international names in their xn-- form)"
    )]
    Host,
    /// A host that ends in a number and is not four decimal numbers.
    #[error("expected an IPv4 address as four decimal numbers without leading zeros")]
    Ipv4,
    /// A bracketed host that is no IPv6 address in its short lower-case form.
    #[error("expected an IPv6 address in its shortest lower-case form, in brackets")]
    Ipv6,
    /// A port that is no number up to 65535.
    #[error("expected a port number from 1 to 65535, without leading zeros")]
    Port,
    /// `:80` with `http` or `:443` with `https`.
    #[error("leave the default port out")]
    DefaultPort,
    /// No `/` after the host.
    #[error("expected a path; write `/` after the host")]
    NoPath,
    /// More than an origin where one is wanted.
    #[error("expected an origin: scheme, host and port, with nothing behind them, not even a `/`")]
    NotAnOrigin,
    /// A `.` or `..` segment, which a browser would resolve.
    #[error("the path must not have `.` or `..` segments; write it as the browser shows it")]
    DotSegment,
    /// A `'` in the query, which a browser escapes.
    #[error("write %27 for ' in the query, as the browser does")]
    QuoteInQuery,
}

fn write_character(at: &usize, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    text::write(f, &["byte ", &text::decimal(*at as u64), " is not allowed in a URI; escape it as %XX"])
}

/// What kind of host an address names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(clippy::exhaustive_enums)] // the two answers that RFC 8252 section 7.3 tells apart, and the rest
pub enum Host {
    /// An IP literal of this machine: 127.0.0.0/8 or `[::1]`.
    LoopbackIp,
    /// `localhost` or a name below it.
    Localhost,
    /// Any other.
    Other,
}

impl HttpUri {
    /// Reads an address.
    ///
    /// # Errors
    /// [`InvalidUri`] says what is wrong and what to write instead.
    pub fn parse(text: impl Into<String>) -> Result<Self, InvalidUri> {
        let text = text.into();
        if let Some(at) = URI_CHAR.first_outside(text.as_bytes()) {
            return Err(InvalidUri::Character { at });
        }
        if !grammar::has_whole_escapes(&text) {
            return Err(InvalidUri::Escape);
        }
        let (is_https, authority_start) = match (text.strip_prefix("https://"), text.strip_prefix("http://"))
        {
            (Some(_), _) => (true, "https://".len()),
            (_, Some(_)) => (false, "http://".len()),
            (None, None) => return Err(InvalidUri::Scheme),
        };
        let authority_end = find_from(&text, authority_start, |byte| b"/?#".contains(&byte));
        let (host, port) = authority(&text, authority_start..authority_end, is_https)?;
        if text.as_bytes().get(authority_end) != Some(&b'/') {
            return Err(InvalidUri::NoPath);
        }
        let path_end = find_from(&text, authority_end, |byte| b"?#".contains(&byte));
        if pieces(cut(&text, authority_end, path_end), b'/').any(is_dot_segment) {
            return Err(InvalidUri::DotSegment);
        }
        let hash = find_from(&text, path_end, |byte| byte == b'#');
        // A second `#` stands nowhere in a URI (RFC 3986 section 3.5).
        if let Some(at) = text.bytes().skip(hash + 1).position(|byte| byte == b'#') {
            return Err(InvalidUri::Character { at: hash + 1 + at });
        }
        let query = (hash > path_end).then(|| Part::from(path_end + 1..hash));
        if query.is_some_and(|query| holds(query.of(&text), b'\'')) {
            return Err(InvalidUri::QuoteInQuery);
        }
        let fragment = (hash < text.len()).then(|| Part::from(hash + 1..text.len()));
        let path = Part::from(authority_end..path_end);
        Ok(Self { is_https, host: host.into(), port, path, query, fragment, text })
    }

    /// The whole address.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether the scheme is `https`.
    pub const fn is_https(&self) -> bool {
        self.is_https
    }

    /// The host; an IPv6 literal with its brackets.
    pub fn host(&self) -> &str {
        self.part(self.host)
    }

    /// What kind of host it is.
    pub fn host_kind(&self) -> Host {
        let host = self.host();
        if host == "[::1]" || (host.starts_with("127.") && is_ipv4(host)) {
            Host::LoopbackIp
        } else if host == "localhost" || host.ends_with(".localhost") {
            Host::Localhost
        } else {
            Host::Other
        }
    }

    /// The port, the scheme's own if none is written.
    pub fn port(&self) -> u16 {
        self.port.unwrap_or(if self.is_https { 443 } else { 80 })
    }

    /// Scheme, host and port as they stand in the text: `https://host` or `https://host:port`.
    pub fn origin(&self) -> &str {
        cut(&self.text, 0, self.path.start)
    }

    /// The path, `/` at least.
    pub fn path(&self) -> &str {
        self.part(self.path)
    }

    /// The query without its `?`.
    pub fn query(&self) -> Option<&str> {
        self.query.map(|query| self.part(query))
    }

    /// The fragment without its `#`.
    pub fn fragment(&self) -> Option<&str> {
        self.fragment.map(|fragment| self.part(fragment))
    }

    /// The address without its fragment: what a user agent sends to a server (RFC 9110 section 4.2.5).
    pub fn without_fragment(&self) -> &str {
        self.fragment.map_or(&self.text, |fragment| cut(&self.text, 0, fragment.start - 1))
    }

    fn part(&self, part: Part) -> &str {
        part.of(&self.text)
    }
}

impl fmt::Debug for HttpUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fragment = if self.fragment.is_some() { "#(redacted)" } else { "" };
        write!(f, "HttpUri({}{fragment})", self.without_fragment())
    }
}

impl fmt::Display for HttpUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// The offset of the first byte from `start` on that `is_end` takes, or the end of the text.
fn find_from(text: &str, start: usize, is_end: impl Fn(u8) -> bool) -> usize {
    text.bytes().skip(start).position(is_end).map_or(text.len(), |at| start + at)
}

fn authority(
    text: &str,
    range: Range<usize>,
    is_https: bool,
) -> Result<(Range<usize>, Option<u16>), InvalidUri> {
    let authority = cut(text, range.start, range.end);
    if holds(authority, b'@') {
        return Err(InvalidUri::UserInfo);
    }
    let host_len = if authority.starts_with('[') {
        split_at_first(authority, b']').ok_or(InvalidUri::Ipv6)?.0.len() + 1
    } else {
        find_from(authority, 0, |byte| byte == b':')
    };
    let (host, port) = (cut(authority, 0, host_len), cut(authority, host_len, authority.len()));
    let port = match port.strip_prefix(':') {
        None if port.is_empty() => None,
        None => return Err(InvalidUri::Ipv6),
        Some(digits) => Some(port_number(digits)?),
    };
    if port == Some(if is_https { 443 } else { 80 }) {
        return Err(InvalidUri::DefaultPort);
    }
    check_host(host)?;
    Ok((range.start..range.start + host_len, port))
}

fn port_number(digits: &str) -> Result<u16, InvalidUri> {
    let port = grammar::number(digits, 10).filter(|_| !digits.starts_with('0'));
    port.and_then(|port| u16::try_from(port).ok()).ok_or(InvalidUri::Port)
}

fn check_host(host: &str) -> Result<(), InvalidUri> {
    if let Some(literal) = host.strip_prefix('[') {
        let literal = literal.strip_suffix(']').ok_or(InvalidUri::Ipv6)?;
        // One address has many spellings; the browser shows the shortest, and never with a dotted end.
        return match ipv6::groups(literal) {
            Some(groups) if ipv6::shortest(groups) == literal => Ok(()),
            _ => Err(InvalidUri::Ipv6),
        };
    }
    let is_name_byte =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-._".contains(&byte);
    if host.is_empty()
        || !host.bytes().all(is_name_byte)
        || host.starts_with('.')
        || host.as_bytes().windows(2).any(|two| two == b"..")
    {
        return Err(InvalidUri::Host);
    }
    // A browser reads a host whose last label is a number as an IPv4 address, whatever its shape.
    let name = text::without_end(host, b'.');
    let last = split_at_last(name, b'.').map_or(name, |(_, last)| last);
    let is_number = last.bytes().all(|byte| byte.is_ascii_digit())
        || last.strip_prefix("0x").is_some_and(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit()));
    if is_number && !is_ipv4(host) {
        return Err(InvalidUri::Ipv4);
    }
    Ok(())
}

fn is_ipv4(host: &str) -> bool {
    let is_octet = |digits: &str| {
        (digits.len() == 1 || !digits.starts_with('0'))
            && grammar::number(digits, 10).is_some_and(|octet| octet < 256)
    };
    pieces(host, b'.').count() == 4 && pieces(host, b'.').all(is_octet)
}

/// Whether a browser would resolve the segment away: `.`, `..` and their escaped forms.
fn is_dot_segment(segment: &str) -> bool {
    let mut rest = segment;
    let mut dots = 0;
    while !rest.is_empty() {
        rest = match (rest.strip_prefix('.'), rest.split_at_checked(3)) {
            (Some(tail), _) => tail,
            (None, Some((escape, tail))) if escape.eq_ignore_ascii_case("%2e") => tail,
            _ => return false,
        };
        dots += 1;
    }
    dots == 1 || dots == 2
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<HttpUri, InvalidUri> {
        HttpUri::parse(text)
    }

    #[test]
    fn parts() {
        let uri = parse("https://app.example:8443/cb/x?keep=1&y#frag?/z").unwrap();
        assert!(uri.is_https());
        assert_eq!(uri.host(), "app.example");
        assert_eq!(uri.port(), 8443);
        assert_eq!(uri.origin(), "https://app.example:8443");
        assert_eq!(uri.path(), "/cb/x");
        assert_eq!(uri.query(), Some("keep=1&y"));
        assert_eq!(uri.fragment(), Some("frag?/z"));
        assert_eq!(uri.without_fragment(), "https://app.example:8443/cb/x?keep=1&y");
        let bare = parse("http://localhost/").unwrap();
        assert_eq!((bare.port(), bare.path(), bare.query(), bare.fragment()), (80, "/", None, None));
        assert_eq!(parse("https://a/?").unwrap().query(), Some(""));
        assert_eq!(parse("https://a/#").unwrap().fragment(), Some(""));
        assert_eq!(parse("https://a/#").unwrap().without_fragment(), "https://a/");
    }

    #[test]
    fn each_refusal() {
        use InvalidUri::*;
        for (text, expected) in [
            ("https://a/b c", Character { at: 11 }),
            ("https://a\\b/", Character { at: 9 }),
            ("https://bücher.example/", Character { at: 9 }),
            ("https://a/#x#y", Character { at: 12 }),
            ("https://a/%zz", Escape),
            ("ftp://a/", Scheme),
            ("HTTPS://a/", Scheme),
            ("//a/", Scheme),
            ("https:/a/", Scheme),
            ("https://u@a/", UserInfo),
            ("https://localhost:80@evil.example/", UserInfo),
            ("https:///", Host),
            ("https://A/", Host),
            ("https://a%2e/", Host),
            ("https://a..b/", Host),
            ("https://.a/", Host),
            ("https://127.1/", Ipv4),
            ("https://0x7f.0x1/", Ipv4),
            ("https://0127.0.0.1/", Ipv4),
            ("https://127.0.0.1./", Ipv4),
            ("https://127.0.0.256/", Ipv4),
            ("https://[::01]/", Ipv6),
            ("https://[::FFFF]/", Ipv6),
            ("https://[::1/", Ipv6),
            ("https://[::1]x/", Ipv6),
            ("https://[::ffff:1.2.3.4]/", Ipv6),
            ("https://a:/", Port),
            ("https://a:0/", Port),
            ("https://a:65536/", Port),
            ("https://a:08/", Port),
            ("https://a:443/", DefaultPort),
            ("http://a:80/", DefaultPort),
            ("https://a", NoPath),
            ("https://a?x", NoPath),
            ("https://a/./b", DotSegment),
            ("https://a/b/%2E./", DotSegment),
            ("https://a/%2e", DotSegment),
            ("https://a/x/..?y", DotSegment),
            ("https://a/?'", QuoteInQuery),
        ] {
            assert_eq!(parse(text).unwrap_err(), expected, "{text}");
        }
        for good in
            ["/.well-known/x...y", "/abc", "/abcdef/", "/...", "/%2e%2e%2e", "/.%2f", "/?./..", "/#/../"]
        {
            assert!(parse(&alloc::format!("https://a{good}")).is_ok(), "{good}");
        }
    }

    #[test]
    fn an_ipv6_address_has_one_spelling() {
        for good in ["[::1]", "[::ffff:102:304]", "[2001:db8::1]", "[::]"] {
            assert!(parse(&alloc::format!("https://{good}/")).is_ok(), "{good}");
        }
    }

    #[test]
    fn loopback_is_told_from_names_that_look_like_it() {
        for (host, kind) in [
            ("127.0.0.1", Host::LoopbackIp),
            ("127.255.0.9", Host::LoopbackIp),
            ("[::1]", Host::LoopbackIp),
            ("localhost", Host::Localhost),
            ("app.localhost", Host::Localhost),
            ("testlocalhost", Host::Other),
            ("127.0.0.1.evil.example", Host::Other),
            ("localhost.evil.example", Host::Other),
            ("10.0.0.1", Host::Other),
        ] {
            assert_eq!(parse(&alloc::format!("http://{host}/")).unwrap().host_kind(), kind, "{host}");
        }
    }
}
