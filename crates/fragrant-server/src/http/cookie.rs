//! The one kind of cookie there is: a key that the browser keeps.

use axum::http::{HeaderMap, header};

use crate::random::Key;

/// A cookie. Cookies know no ports, and all servers here share one host; so its name says what it is for, and at which
/// port.
#[derive(Clone, Debug)]
pub(crate) struct Cookie {
    name: String,
    is_secure: bool,
    crosses_sites: bool,
}

impl Cookie {
    pub(crate) fn new(role: &str, port: u16) -> Self {
        Self { name: format!("fragrant_{role}_{port}"), is_secure: false, crosses_sites: false }
    }

    /// The same for a server that is reached by TLS alone. By the prefix a browser knows that nobody else may set it.
    // req: RFC6749-10.12-5
    pub(crate) fn over_tls(self) -> Self {
        Self { name: format!("__Host-{}", self.name), is_secure: true, ..self }
    }

    /// The same, to be sent along with what pages of other sites cause, too.
    pub(crate) fn across_sites(self) -> Self {
        Self { crosses_sites: true, ..self }
    }

    /// What the browser says, if it is a key.
    pub(crate) fn read<const N: usize>(&self, headers: &HeaderMap) -> Option<Key<N>> {
        let values = headers.get_all(header::COOKIE);
        let texts = values.iter().filter_map(|value| value.to_str().ok());
        let mut pairs = texts.flat_map(|text| text.split(';')).filter_map(|pair| pair.trim().split_once('='));
        let (_, value) = pairs.find(|(name, _)| *name == self.name)?;
        Key::parse(value)
    }

    /// The header value that has the browser keep a key, until it is closed. No script sees it, and no form of another
    /// site brings it along unless it is to cross sites.
    // Without TLS there is no `Secure` where nothing needs it. With `SameSite=None` browsers want it, and take it from this
    // machine all the same.
    pub(crate) fn to_header_value<const N: usize>(&self, key: &Key<N>) -> String {
        let same_site = match (self.crosses_sites, self.is_secure) {
            (true, _) => "SameSite=None; Secure",
            (false, true) => "SameSite=Lax; Secure",
            (false, false) => "SameSite=Lax",
        };
        format!("{}={}; Path=/; HttpOnly; {same_site}", self.name, key.reveal_secret())
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn a_cookie_is_found_among_others() {
        let cookie = Cookie::new("session", 80);
        let key = Key::<2>::parse("00ff").unwrap();
        assert_eq!(cookie.to_header_value(&key), "fragrant_session_80=00ff; Path=/; HttpOnly; SameSite=Lax");
        let secure = cookie.clone().over_tls().to_header_value(&key);
        assert_eq!(secure, "__Host-fragrant_session_80=00ff; Path=/; HttpOnly; SameSite=Lax; Secure");
        let everywhere = cookie.clone().across_sites().to_header_value(&key);
        assert_eq!(everywhere, "fragrant_session_80=00ff; Path=/; HttpOnly; SameSite=None; Secure");
        let read = |value: &'static str| {
            let headers: HeaderMap =
                [(header::COOKIE, HeaderValue::from_static(value))].into_iter().collect();
            cookie.read::<2>(&headers)
        };
        assert_eq!(read("a=b; fragrant_session_80=00ff;x"), Some(key));
        assert_eq!(read("fragrant_session_8080=00ff"), None);
        assert_eq!(read("fragrant_session_80=00FF"), None);
        assert_eq!(read("fragrant_session_80=00ff00"), None);
        assert_eq!(read(""), None);
    }
}
