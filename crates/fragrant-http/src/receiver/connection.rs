//! One connection, which never waits for whoever is at its other end.

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, Instant};

use zeroize::Zeroizing;

use super::reply::Reply;
use super::request::{MAX_BODY, MAX_HEAD};

/// How long a connection may be open, whatever is done with it. A browser needs milliseconds; one that keeps a connection
/// ready for later opens another.
const LIFETIME: Duration = Duration::from_secs(10);
/// The most that is read at one look, in **bytes**, so that nobody who sends without end keeps the others waiting.
const MAX_AT_ONCE: usize = MAX_HEAD + MAX_BODY;

pub(super) struct Connection {
    stream: TcpStream,
    opened: Instant,
    /// What has come and is no request yet. An answer with a token may be among it.
    read: Zeroizing<Vec<u8>>,
    /// Nothing more will come. What has come may be a request all the same.
    is_at_end: bool,
    turn: Turn,
}

enum Turn {
    /// The other end is to send its request.
    Theirs,
    /// The answer is on its way: these bytes, of which so many are sent.
    Ours(Vec<u8>, usize),
    /// The answer is sent. What still comes is read and dropped: a connection that is closed with something unread takes
    /// back what was sent last.
    Nobodys,
    Over,
}

impl Connection {
    /// `None` if it cannot be had without waiting.
    pub(super) fn new(stream: TcpStream, now: Instant) -> Option<Self> {
        // Not inherited from the listener everywhere.
        stream.set_nonblocking(true).ok()?;
        Some(Self { stream, opened: now, read: Zeroizing::default(), is_at_end: false, turn: Turn::Theirs })
    }

    /// Reads and writes as much as goes without waiting.
    pub(super) fn step(&mut self, now: Instant) {
        if now.saturating_duration_since(self.opened) > LIFETIME {
            self.turn = Turn::Over;
        }
        self.read();
        self.write();
    }

    /// What has come of the request, while it is the other end's turn.
    pub(super) fn bytes(&self) -> Option<&[u8]> {
        matches!(self.turn, Turn::Theirs).then_some(&self.read[..])
    }

    /// Answers, and takes no more.
    pub(super) fn answer(&mut self, reply: &Reply) {
        self.read = Zeroizing::default();
        self.turn = Turn::Ours(reply.to_bytes(), 0);
        self.write();
    }

    /// Whether nothing can come of it any more. To be asked once what has come was looked at.
    pub(super) const fn is_over(&self) -> bool {
        match self.turn {
            Turn::Theirs | Turn::Nobodys => self.is_at_end,
            Turn::Ours(..) => false,
            Turn::Over => true,
        }
    }

    fn read(&mut self) {
        if self.is_at_end || !matches!(self.turn, Turn::Theirs | Turn::Nobodys) {
            return;
        }
        let mut total = 0;
        let mut some = Zeroizing::new([0; 4096]);
        while total < MAX_AT_ONCE {
            match self.stream.read(&mut *some) {
                Ok(0) => self.is_at_end = true,
                Ok(length) => {
                    total += length;
                    if matches!(self.turn, Turn::Theirs) {
                        keep(&mut self.read, some.get(..length).unwrap_or_default());
                    }
                    continue;
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(_) => self.turn = Turn::Over,
            }
            return;
        }
    }

    fn write(&mut self) {
        while let Turn::Ours(bytes, sent) = &mut self.turn {
            match self.stream.write(bytes.get(*sent..).unwrap_or_default()) {
                Ok(length) if length > 0 => *sent += length,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => return,
                Ok(_) | Err(_) => {
                    self.turn = Turn::Over;
                    return;
                }
            }
            if *sent >= bytes.len() {
                self.turn = match self.stream.shutdown(Shutdown::Write) {
                    Ok(()) => Turn::Nobodys,
                    Err(_) => Turn::Over,
                };
            }
        }
    }
}

/// Adds bytes. Where there is no room for them, all moves into a larger buffer and the old one is wiped: a buffer that grows by
/// itself leaves its bytes behind.
fn keep(kept: &mut Zeroizing<Vec<u8>>, more: &[u8]) {
    let length = kept.len() + more.len();
    if length > kept.capacity() {
        let mut larger = Zeroizing::new(Vec::with_capacity(length.max(2 * kept.capacity())));
        larger.extend_from_slice(kept);
        *kept = larger;
    }
    kept.extend_from_slice(more);
}
