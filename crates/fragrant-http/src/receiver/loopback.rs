//! The loopback receiver (RFC 8252 section 7.3).

use std::collections::VecDeque;
use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, TcpListener};
use std::ops::ControlFlow;
use std::thread::sleep;
use std::time::{Duration, Instant};

use fragrant::client::{AwaitingResponse, Received, Rejection};
use fragrant::value::{InvalidRedirectUri, RedirectUri, Timestamp};
use thiserror::Error;

use super::connection::Connection;
use super::key::{Fresh, OneTimeKeys};
use super::page::page;
use super::redirect_address::RedirectAddress;
use super::reply::Reply;
use super::request::Request;
use super::rules::{self, Asked, Place, Refusal};

/// The path of the redirection URI, unless told otherwise.
const PATH: &str = "/callback";
/// The most connections at a time. Beyond that the oldest one is closed.
const MAX_CONNECTIONS: usize = 64;
/// The most that are taken at one look. Together with the line above, each is looked at a few times before it can be the
/// oldest, however many come.
const MAX_NEW: usize = 8;
/// How long nobody is looked at. The standard library has no way to wait for several sockets and a deadline at once; a
/// thread for each would outlive the waiting.
const PAUSE: Duration = Duration::from_millis(10);

/// Where a [`LoopbackReceiver`] is to be.
#[derive(Clone, Debug)]
#[must_use]
pub struct LoopbackSettings {
    family: Option<LoopbackFamily>,
    port: u16,
    path: String,
}

/// One of the two loopback addresses. `localhost` is not among them: what it resolves to is not for this program to say
/// (RFC 8252 section 8.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(clippy::exhaustive_enums)] // there are two
pub enum LoopbackFamily {
    /// `127.0.0.1`
    V4,
    /// `[::1]`
    V6,
}

/// Why there is no receiver.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum BindError {
    /// The path or the port makes no redirection URI.
    #[error(transparent)]
    RedirectUri(#[from] InvalidRedirectUri),
    /// The system gives no port.
    #[error("loopback receiver: {0}")]
    Socket(#[source] io::Error),
}

/// Why the waiting has ended without an answer. The receiver is closed either way.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ReceiveError {
    /// The system has no random numbers.
    #[error("loopback receiver: the system gives no random numbers")]
    Entropy,
    /// Nobody has come back in time.
    #[error("no answer came within {seconds} seconds{}", also(.rejection.as_ref()))]
    TimedOut {
        /// How long the receiver has waited, in **seconds**.
        seconds: u64,
        /// Why the last address was not believed that came meanwhile, if one came.
        rejection: Option<Rejection>,
    },
}

fn also(rejection: Option<&Rejection>) -> String {
    rejection.map_or_else(String::new, |rejection| format!("; one came that was not believed: {rejection}"))
}

impl Default for LoopbackSettings {
    fn default() -> Self {
        Self { family: None, port: 0, path: PATH.into() }
    }
}

impl LoopbackSettings {
    /// Sets which of the two addresses to use. Unless set it is `127.0.0.1`, or `[::1]` where that cannot be had.
    pub fn with_family(mut self, family: LoopbackFamily) -> Self {
        self.family = Some(family);
        self
    }

    /// Sets the port. Unless set the system chooses, which a server has to allow (RFC 8252 section 7.3). Set it only for a
    /// server that does not: any program can wait at a port that is known beforehand.
    pub fn with_port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Sets the path, `/callback` unless set. A client of more than one server has a path for each (RFC 8252 section 8.10).
    // req: RFC8252-8.10-1
    pub fn with_path(mut self, path: impl Into<String>) -> Self {
        self.path = path.into();
        self
    }

    /// The redirection URIs to register with the server: without a port, unless one is set, as the server is to allow any.
    ///
    /// # Errors
    /// [`InvalidRedirectUri`] if the path makes none.
    pub fn to_register(&self) -> Result<Vec<RedirectUri>, InvalidRedirectUri> {
        self.families().iter().map(|family| self.redirect_uri(*family, self.port)).collect()
    }

    /// Opens the port. It is open until the receiver is dropped or has waited, so do this right before sending the user away.
    ///
    /// # Errors
    /// [`BindError`] if the port cannot be had.
    // req: RFC8252-7.3-2, RFC8252-8.3-1, RFC8252-8.3-2
    pub fn bind(&self) -> Result<LoopbackReceiver, BindError> {
        match (self.bind_to(self.family.unwrap_or(LoopbackFamily::V4)), self.family) {
            (Err(BindError::Socket(_)), None) => self.bind_to(LoopbackFamily::V6),
            (outcome, _) => outcome,
        }
    }

    fn bind_to(&self, family: LoopbackFamily) -> Result<LoopbackReceiver, BindError> {
        let listener = TcpListener::bind((family.address(), self.port)).map_err(BindError::Socket)?;
        listener.set_nonblocking(true).map_err(BindError::Socket)?;
        let port = listener.local_addr().map_err(BindError::Socket)?.port();
        let redirect_uri = self.redirect_uri(family, port)?;
        let place =
            redirect_uri.http().map(|uri| Place { origin: uri.origin().into(), path: uri.path().into() });
        // An `http` address by construction.
        let place = place.ok_or(InvalidRedirectUri::Scheme)?;
        let (keys, connections) = (OneTimeKeys::default(), VecDeque::new());
        Ok(LoopbackReceiver { listener, redirect_uri, place, keys, connections })
    }

    fn families(&self) -> &'static [LoopbackFamily] {
        match self.family {
            None => &[LoopbackFamily::V4, LoopbackFamily::V6],
            Some(LoopbackFamily::V4) => &[LoopbackFamily::V4],
            Some(LoopbackFamily::V6) => &[LoopbackFamily::V6],
        }
    }

    fn redirect_uri(&self, family: LoopbackFamily, port: u16) -> Result<RedirectUri, InvalidRedirectUri> {
        let host = match family {
            LoopbackFamily::V4 => "127.0.0.1",
            LoopbackFamily::V6 => "[::1]",
        };
        let port = match port {
            // The scheme's own, which an address in normal form does not say.
            0 | 80 => String::new(),
            port => format!(":{port}"),
        };
        RedirectUri::new(format!("http://{host}{port}{}", self.path))
    }
}

impl LoopbackFamily {
    const fn address(self) -> IpAddr {
        match self {
            Self::V4 => IpAddr::V4(Ipv4Addr::LOCALHOST),
            Self::V6 => IpAddr::V6(Ipv6Addr::LOCALHOST),
        }
    }
}

/// An open port of this machine, at which the user agent is to come back.
///
/// The browser loads a page there, and the page's script hands its whole address over, with a key that was made for this one
/// page (160 bits) and serves once. `Debug` shows the redirection URI alone.
pub struct LoopbackReceiver {
    listener: TcpListener,
    redirect_uri: RedirectUri,
    place: Place,
    keys: OneTimeKeys,
    connections: VecDeque<Connection>,
}

impl LoopbackReceiver {
    /// Opens a port that the system chooses, as [`LoopbackSettings`] does.
    ///
    /// # Errors
    /// [`BindError`] if there is none.
    pub fn bind() -> Result<Self, BindError> {
        LoopbackSettings::default().bind()
    }

    /// The redirection URI, with the port that is open: the client's, for this one sign-in.
    pub const fn redirect_uri(&self) -> &RedirectUri {
        &self.redirect_uri
    }

    /// **Step 3**, with typed states: waits until the answer to the request has come, or the request has ended. That is after the
    /// client's [pending lifetime](fragrant::client::Client::with_pending_lifetime), in **seconds** (10 minutes unless set).
    ///
    /// An address that the core does not believe before the state has matched ends nothing, as anybody can send one: the page
    /// says so to whoever sees it, and the waiting goes on. So what is given back is never a
    /// [`NotOurs`](Received::NotOurs) and never a [`Rejected`](Received::Rejected) with a request that still stands.
    ///
    /// `now` is a clock. The port closes when this returns.
    ///
    /// # Errors
    /// [`ReceiveError`] if no such answer has come.
    // req: RFC8252-8.9-1
    pub fn receive(
        self,
        awaiting: AwaitingResponse,
        now: impl Fn() -> Timestamp,
    ) -> Result<Received, ReceiveError> {
        let timeout = Duration::from_secs(awaiting.pending().end().seconds_since(now()));
        let mut standing = Some(awaiting);
        let mut last = None;
        let outcome = self.wait(timeout, |address| {
            let Some(awaiting) = standing.take() else { return ControlFlow::Continue(()) };
            match awaiting.receive(address.reveal_secret(), now()) {
                Received::Rejected { rejection, awaiting: Some(awaiting) } => {
                    (standing, last) = (Some(awaiting), Some(rejection));
                    ControlFlow::Continue(())
                }
                Received::NotOurs(awaiting) => {
                    standing = Some(awaiting);
                    ControlFlow::Continue(())
                }
                received => ControlFlow::Break(received),
            }
        });
        match outcome {
            Err(ReceiveError::TimedOut { seconds, .. }) => {
                Err(ReceiveError::TimedOut { seconds, rejection: last })
            }
            outcome => outcome,
        }
    }

    /// Waits for addresses, and asks of each whether the waiting is over: `Break` with what came of it, or `Continue` if anybody
    /// could have sent it. This is for the core's `Session`, which takes the address as `Input::PageLoaded`, and whose waiting is
    /// over when its phase is `Phase::SigningIn` no longer. [`receive`](Self::receive) does it with typed states.
    ///
    /// The port closes when this returns. What has not been answered by then gets no answer.
    ///
    /// # Errors
    /// [`ReceiveError`] if `timeout` is over, or there are no random numbers.
    pub fn wait<T>(
        mut self,
        timeout: Duration,
        mut judge: impl FnMut(&RedirectAddress) -> ControlFlow<T>,
    ) -> Result<T, ReceiveError> {
        let start = Instant::now();
        loop {
            let now = Instant::now();
            if now.saturating_duration_since(start) >= timeout {
                return Err(ReceiveError::TimedOut { seconds: timeout.as_secs(), rejection: None });
            }
            self.accept(now);
            for connection in &mut self.connections {
                connection.step(now);
                let Some(bytes) = connection.bytes() else { continue };
                let asked = match Request::read(bytes) {
                    Ok(None) => continue,
                    Ok(Some(request)) => rules::judge(&request, &self.place).map(Owned::of),
                    Err(refusal) => Err(refusal),
                };
                let reply = match asked {
                    Ok(Owned::Page) => {
                        let fresh = Fresh::draw().map_err(|_| ReceiveError::Entropy)?;
                        page(&self.keys.issue(&fresh), &fresh.nonce())
                    }
                    Ok(Owned::Address(key, address)) if self.keys.spend(key.as_bytes()) => {
                        match judge(&address) {
                            ControlFlow::Continue(()) => Reply::not_believed(),
                            ControlFlow::Break(outcome) => {
                                connection.answer(&Reply::taken());
                                return Ok(outcome);
                            }
                        }
                    }
                    Ok(Owned::Address(..)) => Reply::refused(Refusal::Key),
                    Err(refusal) => Reply::refused(refusal),
                };
                connection.answer(&reply);
            }
            self.connections.retain(|connection| !connection.is_over());
            sleep(PAUSE.min(timeout.saturating_sub(start.elapsed())));
        }
    }

    /// Takes the connections that are there. One that fails is gone already, and a system that has no more of them may have
    /// some later; neither ends the waiting.
    fn accept(&mut self, now: Instant) {
        for _ in 0..MAX_NEW {
            let Ok((stream, _)) = self.listener.accept() else { return };
            if let Some(connection) = Connection::new(stream, now) {
                if self.connections.len() >= MAX_CONNECTIONS {
                    self.connections.pop_front();
                }
                self.connections.push_back(connection);
            }
        }
    }
}

/// What a request is for, once nothing of it is borrowed from its connection.
enum Owned {
    Page,
    Address(String, RedirectAddress),
}

impl Owned {
    fn of(asked: Asked<'_>) -> Self {
        match asked {
            Asked::Page => Self::Page,
            Asked::ToTake { key, address } => Self::Address(key.into(), RedirectAddress::new(address)),
        }
    }
}

impl fmt::Debug for LoopbackReceiver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LoopbackReceiver").field("redirect_uri", &self.redirect_uri).finish_non_exhaustive()
    }
}
