//! Where the tests begin: a client that waits at its receiver, and somebody who speaks HTTP by hand.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::thread::JoinHandle;
use std::time::Duration;

use fragrant::client::{Client, Received};
use fragrant::profile::Profile;
use fragrant::value::{AuthorizationEndpoint, ClientId, Entropy, State, Timestamp};
use fragrant_http::receiver::{LoopbackReceiver, ReceiveError};

pub(crate) const NOW: Timestamp = Timestamp::from_unix_seconds(1_760_000_000);
/// Far more than anything needs, for machines that are busy.
pub(crate) const LIMIT: u64 = 60;
pub(crate) const GOOD: &str =
    "#access_token=planted-token&token_type=bearer&expires_in=60&state=planted-state";

/// A client that waits in a thread of its own.
pub(crate) struct Waiting<T = Received> {
    pub(crate) redirect_uri: String,
    pub(crate) address: SocketAddr,
    thread: JoinHandle<Result<T, ReceiveError>>,
}

impl Waiting {
    pub(crate) fn start() -> Self {
        Self::at(LoopbackReceiver::bind().unwrap(), LIMIT)
    }

    /// One that waits so many seconds.
    pub(crate) fn at(receiver: LoopbackReceiver, seconds: u64) -> Self {
        let client = Client::new(
            Profile::STRICT,
            AuthorizationEndpoint::new("https://as.example/authorize").unwrap(),
            ClientId::new("client").unwrap(),
            receiver.redirect_uri().clone(),
        )
        .with_pending_lifetime(seconds);
        let mut request = client.authorization_request();
        request.state = Some(State::new("planted-state").unwrap());
        let (_, awaiting) = client.begin(request, Entropy::new([7; Entropy::LEN]), NOW).unwrap();
        Self::with(receiver, move |receiver| receiver.receive(awaiting, || NOW))
    }
}

impl<T: Send + 'static> Waiting<T> {
    /// Whoever waits as the test says.
    pub(crate) fn with(
        receiver: LoopbackReceiver,
        wait: impl FnOnce(LoopbackReceiver) -> Result<T, ReceiveError> + Send + 'static,
    ) -> Self {
        let redirect_uri = receiver.redirect_uri().as_str().to_owned();
        let authority = redirect_uri.split('/').nth(2).unwrap();
        let address = authority.parse().unwrap();
        Self { redirect_uri, address, thread: std::thread::spawn(move || wait(receiver)) }
    }

    pub(crate) fn outcome(self) -> Result<T, ReceiveError> {
        self.thread.join().unwrap()
    }

    /// Loads the page and gives its key.
    pub(crate) fn key(&self) -> String {
        let page = self.get("/callback", &[]);
        assert!(page.starts_with("HTTP/1.1 200 OK\r\n"), "{page}");
        let (_, rest) = page.split_once(" data-key=\"").unwrap();
        rest.split_once('"').unwrap().0.into()
    }

    /// Does what the page's script does, and gives the status.
    pub(crate) fn hand_in(&self, key: &str, rest: &str) -> u16 {
        let answer = self.post(key, &[], &format!("{}{rest}", self.redirect_uri));
        answer.split(' ').nth(1).unwrap().parse().unwrap()
    }

    pub(crate) fn get(&self, target: &str, headers: &[(&str, &str)]) -> String {
        self.send(format!("GET {target} HTTP/1.1\r\nHost: {}\r\n{}\r\n", self.address, lines(headers)))
    }

    /// The page's request, with these headers in the place of its own.
    pub(crate) fn post(&self, key: &str, headers: &[(&str, &str)], body: &str) -> String {
        let (host, origin) = (self.address.to_string(), format!("http://{}", self.address));
        let length = body.len().to_string();
        let own = [
            ("Host", &*host),
            ("Origin", &*origin),
            ("Content-Type", "text/uri-list"),
            ("Content-Length", &*length),
            ("Fragrant-Key", key),
        ];
        let is_own = |name: &str| headers.iter().all(|(other, _)| *other != name);
        let all: Vec<_> =
            own.into_iter().filter(|(name, _)| is_own(name)).chain(headers.iter().copied()).collect();
        self.send(format!("POST /callback HTTP/1.1\r\n{}\r\n{body}", lines(&all)))
    }

    /// Sends these bytes and reads all that comes back.
    pub(crate) fn send(&self, text: impl AsRef<[u8]>) -> String {
        let mut stream = self.connect();
        // Whoever has heard enough may have closed.
        let _ = stream.write_all(text.as_ref());
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    pub(crate) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(LIMIT))).unwrap();
        stream
    }
}

/// Nobody is at this address.
pub(crate) fn is_closed(address: SocketAddr) -> bool {
    TcpStream::connect(address).is_err()
}

fn lines(headers: &[(&str, &str)]) -> String {
    headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect()
}
