//! A request, read from whatever bytes have come so far.

use super::rules::Refusal;

/// The longest head that is read, in **bytes**. The cookies of everything else at this address are in it.
pub(super) const MAX_HEAD: usize = 64 * 1024;
/// The longest body that is read, in **bytes**. The core has a limit of its own, which the client's profile sets.
pub(super) const MAX_BODY: usize = 256 * 1024;
/// The most headers.
const MAX_HEADERS: usize = 100;

/// A request whose every byte has come.
#[derive(Clone)]
pub(super) struct Request<'a> {
    pub(super) method: &'a str,
    /// What is asked for, its query included.
    pub(super) target: &'a str,
    pub(super) headers: Vec<(&'a str, &'a [u8])>,
    pub(super) body: &'a [u8],
}

impl<'a> Request<'a> {
    /// Reads the bytes of one connection. `None` while some are missing.
    ///
    /// # Errors
    /// [`Refusal`] as soon as it is sure that this will be no request to answer.
    pub(super) fn read(bytes: &'a [u8]) -> Result<Option<Self>, Refusal> {
        let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
        let mut head = httparse::Request::new(&mut headers);
        let status = head.parse(bytes).map_err(|error| match error {
            httparse::Error::TooManyHeaders => Refusal::HeadTooLong,
            _ => Refusal::Malformed,
        })?;
        let length = match status {
            httparse::Status::Complete(length) => length,
            httparse::Status::Partial => bytes.len(),
        };
        if length > MAX_HEAD {
            return Err(Refusal::HeadTooLong);
        }
        if status.is_partial() {
            return Ok(None);
        }
        let request = Self {
            method: head.method.unwrap_or_default(),
            target: head.path.unwrap_or_default(),
            headers: head.headers.iter().map(|header| (header.name, header.value)).collect(),
            body: &[],
        };
        let body = bytes.get(length..).unwrap_or_default();
        Ok(body.get(..request.body_length()?).map(|body| Self { body, ..request }))
    }

    /// How long the body is, in **bytes**. Another way to say so than `Content-Length` is not spoken here: two ways are what
    /// lets one reader see another request than the next.
    fn body_length(&self) -> Result<usize, Refusal> {
        if self.header("transfer-encoding") != Header::Absent {
            return Err(Refusal::NoLength);
        }
        let text = match self.header("content-length") {
            Header::Absent if self.method == "POST" => return Err(Refusal::NoLength),
            Header::Absent => return Ok(0),
            Header::Once(text) => text,
            Header::Unusable => return Err(Refusal::Malformed),
        };
        // Rust's own reading would take a sign.
        if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Refusal::Malformed);
        }
        let length = text.parse().unwrap_or(usize::MAX);
        if length > MAX_BODY { Err(Refusal::BodyTooLong) } else { Ok(length) }
    }

    /// The header of this name; case does not count.
    pub(super) fn header(&self, name: &str) -> Header<'a> {
        let mut values = self.headers.iter().filter(|(own, _)| own.eq_ignore_ascii_case(name));
        match (values.next(), values.next()) {
            (None, _) => Header::Absent,
            (Some((_, value)), None) => std::str::from_utf8(value).map_or(Header::Unusable, Header::Once),
            (Some(_), Some(_)) => Header::Unusable,
        }
    }

    /// The path that is asked for.
    pub(super) fn path(&self) -> &'a str {
        self.target.split('?').next().unwrap_or_default()
    }
}

/// A header of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Header<'a> {
    Absent,
    Once(&'a str),
    /// It is there twice, or is no text.
    Unusable,
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    fn refusal(text: &str) -> Option<Refusal> {
        Request::read(text.as_bytes()).err()
    }

    #[test]
    fn a_request_is_there_with_its_last_byte_and_not_before() {
        let text = "POST /cb?x=1 HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc";
        for end in 0..text.len() {
            assert!(Request::read(&text.as_bytes()[..end]).unwrap().is_none(), "{end}");
        }
        let request = Request::read(text.as_bytes()).unwrap().unwrap();
        assert_eq!((request.method, request.path(), request.body), ("POST", "/cb", &b"abc"[..]));
        assert_eq!(request.header("HOST"), Header::Once("h"));
        // What follows belongs to nothing.
        let longer = format!("{text}more");
        assert_eq!(Request::read(longer.as_bytes()).unwrap().unwrap().body, b"abc");
        assert!(Request::read(b"GET / HTTP/1.1\r\n\r\n").unwrap().is_some());
    }

    #[test]
    fn a_length_is_said_once_and_in_digits() {
        let post = |headers: &str| refusal(&format!("POST / HTTP/1.1\r\n{headers}\r\n"));
        assert_eq!(post(""), Some(Refusal::NoLength));
        assert_eq!(post("Transfer-Encoding: chunked\r\n"), Some(Refusal::NoLength));
        assert_eq!(post("Content-Length: 1\r\nTransfer-Encoding: chunked\r\n"), Some(Refusal::NoLength));
        for bad in ["", "+1", "-1", "1,1", "0x1", "1 1"] {
            assert_eq!(post(&format!("Content-Length: {bad}\r\n")), Some(Refusal::Malformed), "{bad}");
        }
        assert_eq!(post("Content-Length: 1\r\nContent-Length: 1\r\n"), Some(Refusal::Malformed));
        for long in [(MAX_BODY + 1).to_string(), "9".repeat(40)] {
            assert_eq!(post(&format!("Content-Length: {long}\r\n")), Some(Refusal::BodyTooLong), "{long}");
        }
        assert_eq!(post(&format!("Content-Length: {MAX_BODY}\r\n")), None);
    }

    #[test]
    fn what_is_too_much_is_refused_before_it_has_all_come() {
        let long = format!("GET / HTTP/1.1\r\nCookie: {}", "x".repeat(MAX_HEAD));
        assert_eq!(refusal(&long), Some(Refusal::HeadTooLong));
        let many = format!("GET / HTTP/1.1\r\n{}", "A: b\r\n".repeat(MAX_HEADERS + 1));
        assert_eq!(refusal(&many), Some(Refusal::HeadTooLong));
    }

    #[test]
    fn what_is_no_http_is_malformed() {
        for bad in
            ["\u{16}\u{3}\u{1}", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "GET / HTTP/1.1\r\n: x\r\n\r\n"]
        {
            assert_eq!(refusal(bad), Some(Refusal::Malformed), "{bad:?}");
        }
    }

    /// A request, whole or not, with some of its bytes changed.
    fn nearly_a_request() -> impl Strategy<Value = Vec<u8>> {
        let good =
            b"POST /cb?x=1 HTTP/1.1\r\nHost: h\r\nOrigin: http://h\r\nContent-Length: 12\r\n\r\n#state=abc&x";
        vec((0..good.len(), any::<u8>()), 0..4).prop_map(|changes| {
            let mut bytes = good.to_vec();
            changes.into_iter().for_each(|(at, byte)| bytes[at] = byte);
            bytes
        })
    }

    proptest! {
        #[test]
        fn what_is_settled_stays_so_whatever_follows(bytes in prop_oneof![nearly_a_request(), vec(any::<u8>(), 0..200)]) {
            let outcome = |end: usize| match Request::read(&bytes[..end]) {
                Ok(None) => None,
                Ok(Some(request)) => Some(Ok((request.target, request.body))),
                Err(refusal) => Some(Err(refusal)),
            };
            let mut settled = None;
            for end in 0..=bytes.len() {
                let now = outcome(end);
                if settled.is_some() {
                    prop_assert_eq!(&now, &settled);
                }
                settled = now;
            }
        }
    }
}
