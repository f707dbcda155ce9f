//! What is read. Each is a fragment without its `#`.

/// A text with a name.
#[derive(Clone, Debug)]
pub struct Input {
    /// Its name in the table.
    pub name: &'static str,
    /// The fragment without its `#`.
    pub fragment: String,
}

impl Input {
    /// The state that the answer brings back.
    pub fn state(&self) -> String {
        self.value("state").unwrap_or_default()
    }

    /// The bytes of the token or of the error code.
    pub fn answer_len(&self) -> Option<usize> {
        self.value("access_token").or_else(|| self.value("error")).map(|value| value.len())
    }

    fn value(&self, name: &str) -> Option<String> {
        let mut pairs = form_urlencoded::parse(self.fragment.as_bytes());
        pairs.find(|(own, _)| own == name).map(|(_, value)| value.into_owned())
    }
}

/// The sound answers, in the order of the table.
pub fn all() -> Vec<Input> {
    let input = |name, fragment| Input { name, fragment };
    vec![
        input("186 B", ringcentral()),
        input("error 213 B", error()),
        input("opaque 600 B", opaque(600)),
        input("JWT 2 KB", with_token(&jwt(1_950))),
        input("two tokens 8 KB", format!("{}&id_token={}", with_token(&jwt(4_000)), jwt(4_050))),
        input("escaped 64 KB", escaped()),
        input("100,000 parameters", parameters(100_000)),
    ]
}

/// As RingCentral answers: six parameters, one escape.
pub fn ringcentral() -> String {
    "access_token=U1BCMDFUMDRKV1MwMXxzLFSvXdw5PHMsVLEn_MrtcyxUsw&token_type=bearer&expires_in=3600\
     &endpoint_id=0eTdUFwhQJa98zYssI-JFA&scope=Contacts%20ReadCallLog&state=0123456789abcdef012345"
        .to_string()
}

/// A server that says no, with fourteen escapes.
pub fn error() -> String {
    "error=access_denied&error_description=The%20resource%20owner%20or%20the%20server%20denied%20the%20request%2C%20sorry\
     &error_uri=https%3A%2F%2Fas.example%2Fdocs%2Ferrors&state=0123456789abcdef0123456789abcdef0123456"
        .to_string()
}

/// A long token of no structure, `len` bytes in all.
pub fn opaque(len: usize) -> String {
    let rest = with_token("").len();
    with_token(&"0eTdUFwhQJa98zYssI-JFA_".chars().cycle().take(len - rest).collect::<String>())
}

/// An answer with `count` parameters, nearly all of which nobody knows.
pub fn parameters(count: usize) -> String {
    let unknown: String = (0..count - 4).map(|at| format!("&p{at:05}=1")).collect();
    ringcentral()
        .split_once("&endpoint_id")
        .map_or_else(String::new, |(start, _)| format!("{start}&state=s{unknown}"))
}

/// A megabyte of one parameter that comes again and again.
pub fn duplicates() -> String {
    "state=0123456&".repeat(75_000)
}

/// An answer of which every byte of every name and value is escaped, 64 KB.
fn escaped() -> String {
    let plain = with_token(&jwt(21_650));
    let escape = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
    let pairs = plain.split('&').filter_map(|pair| pair.split_once('='));
    pairs.map(|(name, value)| format!("{}={}", escape(name), escape(value))).collect::<Vec<_>>().join("&")
}

fn with_token(token: &str) -> String {
    format!("access_token={token}&token_type=bearer&expires_in=3600&state=0123456789abcdef01234")
}

/// Text in the form of a signed token.
fn jwt(len: usize) -> String {
    "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0-_".chars().cycle().take(len).collect()
}

/// What must be refused: each breaks one rule.
pub const BAD: &[&str] = &[
    "",
    "state=x",
    "access_token=t",
    "access_token=t&token_type=mac",
    "token_type=bearer&expires_in=3600",
    "access_token=&token_type=bearer",
    "access_token=t&token_type=bearer&expires_in=-1",
    "access_token=t&token_type=bearer&expires_in=3600s",
    "access_token=t&token_type=bearer&expires_in=18446744073709551616",
    "access_token=t&token_type=bearer&access_token=t",
    "access_token=t&token_type=bearer&access%5Ftoken=t",
    "access_token=t&token_type=bearer&error=access_denied",
    "access_token=t&token_type=bearer&scope=a%20%20b",
    "access_token=t&token_type=bearer&scope=%20a",
    "access_token=t&token_type=bearer&scope=a+",
    "access_token=t&token_type=bearer&scope=a%22",
    "access_token=t%0A&token_type=bearer",
    "access_token=t%7F&token_type=bearer",
    "access_token=t%C3%A9&token_type=bearer",
    "access_token=t&token_type=bearer&x=%",
    "access_token=t&token_type=bearer&x=%4",
    "access_token=t&token_type=bearer&x=%zz",
    "access_token=t&token_type=bearer&x=%FF",
    "access_token=t&token_type=bearer&x=a b",
    "access_token=t&token_type=bearer&x=\u{1}",
    "access_token=t&token_type=bearer&x=\u{e9}",
    "access_token=t&token_type=bearer&x=#",
    "error=a%22b&state=x",
    "error=%C3%A9",
];
