//! Where a test begins: a server of a few lines, and a client that may send its token there.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread::JoinHandle;

use fragrant::client::{Authorized, Client, StoredToken};
use fragrant::profile::Profile;
use fragrant::value::{AuthorizationEndpoint, ClientId, Origin, RedirectUri, Timestamp};
use fragrant_http::{ApiClient, ApiResponse, HttpError, ResourceRequest};

/// The planted token: every character that one may have in a header.
pub(crate) const TOKEN: &str = "2YotnFZFEjr1zCsicMWpAA-._~+/==";

/// A server that gives each connection one answer, whatever is asked, and keeps what was asked.
pub(crate) struct ApiServer {
    address: SocketAddr,
    thread: JoinHandle<Vec<String>>,
}

impl ApiServer {
    /// Serves as many connections as there are answers.
    pub(crate) fn answering(answers: impl IntoIterator<Item = impl Into<Vec<u8>>>) -> Self {
        let answers: Vec<Vec<u8>> = answers.into_iter().map(Into::into).collect();
        Self::with(move |listener| {
            let serve = |answer: Vec<u8>| {
                let (mut stream, _) = listener.accept().unwrap();
                let request = read_request(&mut stream);
                // A client that has seen enough may be gone.
                let _ = stream.write_all(&answer);
                request
            };
            answers.into_iter().map(serve).collect()
        })
    }

    /// Does with its connections what the test says.
    pub(crate) fn with(serve: impl FnOnce(TcpListener) -> Vec<String> + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        Self { address, thread: std::thread::spawn(move || serve(listener)) }
    }

    pub(crate) fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What was asked, one text for each connection.
    pub(crate) fn requests(self) -> Vec<String> {
        self.thread.join().unwrap()
    }
}

/// A request's head, and its body if it says how long that is.
pub(crate) fn read_request(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let mut byte = [0];
    while !bytes.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap() == 1 {
        bytes.push(byte[0]);
    }
    let head = String::from_utf8(bytes).unwrap();
    let length = header_values(&head, "content-length").first().map_or(0, |value| value.parse().unwrap());
    let mut body = vec![0; length];
    stream.read_exact(&mut body).unwrap();
    head + &String::from_utf8(body).unwrap()
}

/// The values of a request's headers of one name.
pub(crate) fn header_values<'a>(request: &'a str, name: &str) -> Vec<&'a str> {
    let head = request.split("\r\n\r\n").next().unwrap_or_default();
    let lines = head.lines().skip(1).filter_map(|line| line.split_once(':'));
    lines.filter(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim()).collect()
}

/// A request that carries [`TOKEN`] to `path` of a server.
pub(crate) fn request(method: &str, origin: &str, path: &str) -> ResourceRequest {
    let client = Client::new(
        Profile::STRICT,
        AuthorizationEndpoint::new("https://as.example/authorize").unwrap(),
        ClientId::new("client").unwrap(),
        RedirectUri::new("https://app.example/cb").unwrap(),
    )
    .with_api_origin(Origin::new(origin).unwrap());
    let escaped = TOKEN.replace('+', "%2B");
    let record = format!(
        "v=1&access_token={escaped}&token_type=bearer&received=0&sign_in=0123456789abcdef&client_id=client"
    );
    let token = StoredToken::decode(&record).unwrap();
    let authorized = Authorized::restore(client, token, Timestamp::from_unix_seconds(0)).unwrap();
    authorized.api_request(method, &format!("{origin}{path}")).unwrap()
}

/// What a client makes of an answer, which it gets to `GET /`.
pub(crate) fn outcome_of(answer: &[u8]) -> Result<ApiResponse, HttpError> {
    let server = ApiServer::answering([answer]);
    let outcome = ApiClient::new().send(&request("GET", &server.origin(), "/"), &[], b"");
    server.requests();
    outcome
}

/// An answer with a status line, headers (each with its line's end) and a body.
pub(crate) fn answer(status: &str, headers: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}")
        .into()
}
