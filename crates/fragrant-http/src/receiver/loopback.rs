//! The loopback receiver (RFC 8252 section 7.3).

use std::collections::VecDeque;
use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};
use std::ops::ControlFlow;
use std::thread::sleep;
use std::time::{Duration, Instant};

use fragrant::client::{AwaitingResponse, Reason, Received, Rejection};
use fragrant::value::{InvalidRedirectUri, RedirectUri, Timestamp};
use thiserror::Error;

use super::connection::Connection;
use super::key::OneTimeKeys;
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
    /// The system has no random numbers.
    #[error("loopback receiver: the system gives no random numbers")]
    Entropy,
    /// The path does not begin with one slash. What follows a host without one is another host, and what begins with two is
    /// another host wherever it stands alone.
    #[error("path: expected `/` at the beginning, and no second one after it")]
    Path,
    /// The path makes no redirection URI.
    #[error(transparent)]
    RedirectUri(#[from] InvalidRedirectUri),
    /// The system gives no port.
    #[error("loopback receiver: {address}: {source}")]
    Socket {
        /// The one that was asked for. Port 0 stands for one of the system's choice.
        address: SocketAddr,
        /// What the system says.
        source: io::Error,
    },
}

/// Why the waiting has ended without an answer. The receiver is closed either way.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ReceiveError {
    /// Nobody has come back in time.
    #[error("no answer came within {seconds} second{}{}", plural(*.seconds), also(.rejection.as_ref()))]
    TimedOut {
        /// How long the receiver has waited, in **seconds**.
        seconds: u64,
        /// Why the last address was not believed that came meanwhile, if one came.
        rejection: Option<Rejection>,
    },
}

const fn plural(number: u64) -> &'static str {
    if number == 1 { "" } else { "s" }
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
    /// Sets which of the two addresses to use. Unless set it is `127.0.0.1`, or `[::1]` where that cannot be had. A port that was
    /// set and is taken at the first is not looked for at the second: somebody is there already, and the user is to know.
    pub fn with_family(mut self, family: LoopbackFamily) -> Self {
        self.family = Some(family);
        self
    }

    /// Sets the port. Unless set the system chooses, which a server has to allow (RFC 8252 section 7.3). Set it only for a
    /// server that does not: any program can wait at a port that is known beforehand, and what any program has served there
    /// before can get the answer from the browser's cache (a permanent redirect, a service worker) while the receiver is not asked.
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
    /// [`BindError`] if the path makes none.
    pub fn to_register(&self) -> Result<Vec<RedirectUri>, BindError> {
        self.families().iter().map(|family| self.redirect_uri(*family, self.port)).collect()
    }

    /// Opens the port. It is open until the receiver is dropped or has waited, so do this right before sending the user away.
    ///
    /// # Errors
    /// [`BindError`] if the port cannot be had.
    // req: RFC8252-7.3-2, RFC8252-8.3-1, RFC8252-8.3-2
    pub fn bind(&self) -> Result<LoopbackReceiver, BindError> {
        match self.family {
            Some(family) => self.bind_to(family),
            None => {
                let first = self.bind_to(LoopbackFamily::V4);
                or_the_other(first, self.port, || self.bind_to(LoopbackFamily::V6))
            }
        }
    }

    fn bind_to(&self, family: LoopbackFamily) -> Result<LoopbackReceiver, BindError> {
        let address = SocketAddr::new(family.address(), self.port);
        let failed = |source| BindError::Socket { address, source };
        let listener = TcpListener::bind(address).map_err(failed)?;
        listener.set_nonblocking(true).map_err(failed)?;
        let port = listener.local_addr().map_err(failed)?.port();
        let redirect_uri = self.redirect_uri(family, port)?;
        let place =
            redirect_uri.http().map(|uri| Place { origin: uri.origin().into(), path: uri.path().into() });
        // An `http` address by construction.
        let place = place.ok_or(InvalidRedirectUri::Scheme)?;
        let keys = OneTimeKeys::draw().map_err(|_| BindError::Entropy)?;
        Ok(LoopbackReceiver { listener, redirect_uri, place, keys, connections: VecDeque::new() })
    }

    fn families(&self) -> &'static [LoopbackFamily] {
        match self.family {
            None => &[LoopbackFamily::V4, LoopbackFamily::V6],
            Some(LoopbackFamily::V4) => &[LoopbackFamily::V4],
            Some(LoopbackFamily::V6) => &[LoopbackFamily::V6],
        }
    }

    fn redirect_uri(&self, family: LoopbackFamily, port: u16) -> Result<RedirectUri, BindError> {
        if !self.path.starts_with('/') || self.path.starts_with("//") {
            return Err(BindError::Path);
        }
        let host = match family {
            LoopbackFamily::V4 => "127.0.0.1",
            LoopbackFamily::V6 => "[::1]",
        };
        let port = match port {
            // The scheme's own, which an address in normal form does not say.
            0 | 80 => String::new(),
            port => format!(":{port}"),
        };
        Ok(RedirectUri::new(format!("http://{host}{port}{}", self.path))?)
    }
}

/// What came of the first address, or of the other where the first cannot be had. If neither can, the first one's error.
fn or_the_other<T>(
    first: Result<T, BindError>,
    port: u16,
    other: impl FnOnce() -> Result<T, BindError>,
) -> Result<T, BindError> {
    let Err(BindError::Socket { source, .. }) = &first else { return first };
    if port != 0 && source.kind() == io::ErrorKind::AddrInUse { first } else { other().or(first) }
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
            let Some(awaiting) = standing.take() else { return ControlFlow::Continue(None) };
            match awaiting.receive(address.reveal_secret(), now()) {
                Received::Rejected { rejection, awaiting: Some(awaiting) } => {
                    let reason = rejection.reason;
                    (standing, last) = (Some(awaiting), Some(rejection));
                    ControlFlow::Continue(Some(reason))
                }
                Received::NotOurs(awaiting) => {
                    standing = Some(awaiting);
                    ControlFlow::Continue(None)
                }
                received => ControlFlow::Break(received),
            }
        });
        match outcome {
            Err(ReceiveError::TimedOut { seconds, .. }) => {
                Err(ReceiveError::TimedOut { seconds, rejection: last })
            }
            Ok(received) => Ok(received),
        }
    }

    /// Waits for addresses, and asks of each whether the waiting is over: `Break` with what came of it, or `Continue` if anybody
    /// could have sent it, with the core's reason if it gave one: what the page tells its user depends on it. This is for the core's `Session`, which takes the address as `Input::PageLoaded`, and whose waiting is
    /// over when its phase is `Phase::SigningIn` no longer. [`receive`](Self::receive) does it with typed states.
    ///
    /// The port closes when this returns. What has not been answered by then gets no answer.
    ///
    /// # Errors
    /// [`ReceiveError`] if `timeout` is over.
    pub fn wait<T>(
        mut self,
        timeout: Duration,
        mut judge: impl FnMut(&RedirectAddress) -> ControlFlow<T, Option<Reason>>,
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
                        let secrets = self.keys.issue();
                        page(&secrets.key, &secrets.nonce)
                    }
                    Ok(Owned::Address(key, address)) if self.keys.spend(key.as_bytes()) => {
                        match judge(&address) {
                            ControlFlow::Continue(reason) => Reply::not_believed(reason),
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

#[cfg(test)]
mod tests {
    use super::*;

    fn failed(address: IpAddr, kind: io::ErrorKind) -> BindError {
        BindError::Socket { address: SocketAddr::new(address, 7), source: kind.into() }
    }

    #[test]
    // req(test): RFC8252-8.3-1
    fn it_listens_at_an_address_that_no_other_machine_reaches() {
        for family in [LoopbackFamily::V4, LoopbackFamily::V6] {
            let receiver = LoopbackSettings::default().with_family(family).bind().unwrap();
            let address = receiver.listener.local_addr().unwrap();
            assert!(address.ip().is_loopback(), "{address}");
        }
    }

    #[test]
    // req(test): RFC8252-7.3-2
    fn where_the_one_address_cannot_be_had_it_takes_the_other() {
        let v4 = |kind| Err(failed(Ipv4Addr::LOCALHOST.into(), kind));
        let v6 = || Err(failed(Ipv6Addr::LOCALHOST.into(), io::ErrorKind::AddrNotAvailable));
        for port in [0, 7] {
            assert_eq!(
                or_the_other(v4(io::ErrorKind::AddrNotAvailable), port, || Ok("other")).unwrap(),
                "other"
            );
            assert_eq!(or_the_other(Ok("first"), port, || Ok("other")).unwrap(), "first");
            let error = or_the_other(v4(io::ErrorKind::PermissionDenied), port, v6).unwrap_err();
            assert!(
                error.to_string().starts_with("loopback receiver: 127.0.0.1:7: permission denied"),
                "{error}"
            );
        }
        assert_eq!(or_the_other(v4(io::ErrorKind::AddrInUse), 0, || Ok("other")).unwrap(), "other");
        assert!(or_the_other(v4(io::ErrorKind::AddrInUse), 7, || Ok("other")).is_err());
    }
}
