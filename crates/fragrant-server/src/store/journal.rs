//! What outlives the server: every change of the store in an SQLite file, written by one thread that commits as many changes
//! together as have come in meanwhile.
//!
//! The tables in memory answer every question. This is read once, when the server starts, and written ever after; whoever
//! made a change waits for [`Committed`] before anybody is told of it.

use std::fmt;
use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use fragrant::api_server::TokenRecord;
use fragrant::authorization_server::PriorConsent;
use fragrant::resource_owner::ResourceOwnerId;
use fragrant::value::{ClientId, Expiry, Origin, RedirectUri, Scope, Timestamp};
use rusqlite::{Connection, OpenFlags, Row, Transaction, params};
use rusqlite_migration::{M, Migrations};
use tokio::sync::oneshot;

use super::{ConsentKey, IssuedTo, NotKept, StoreError};
use crate::random::KeyHash;

/// What the file has been, version after version. Never change one that was released: add another.
const MIGRATIONS: &[M<'static>] = &[M::up(include_str!("migrations/1.sql"))];
/// Of whom the file is, as its head says: `Frag`.
const APPLICATION_ID: i32 = i32::from_be_bytes(*b"Frag");
/// The most changes that are committed together.
const BATCH: usize = 256;

/// A change of the store.
pub(super) enum Change {
    AddSession { id: KeyHash, owner: ResourceOwnerId, end: Timestamp, now: Timestamp },
    AddToken { token: KeyHash, issued: IssuedTo, now: Timestamp },
    EndSession(KeyHash),
    EndSessions,
    Forget(ConsentKey),
    Remember { owner: ResourceOwnerId, consent: PriorConsent },
    RevokeToken(KeyHash),
    RevokeTokens,
}

/// What the file held when the server started, each list with what ends first in front.
#[derive(Default)]
pub(super) struct Kept {
    pub(super) sessions: Vec<(KeyHash, ResourceOwnerId, Timestamp)>,
    pub(super) tokens: Vec<(KeyHash, IssuedTo)>,
    pub(super) consents: Vec<(ResourceOwnerId, PriorConsent)>,
}

/// Whether a change is where no loss of power can undo it. A store that is only in memory keeps what it can at once.
#[must_use = "nobody may be told of a change before it is kept"]
pub(crate) struct Committed(Option<oneshot::Receiver<()>>);

impl Committed {
    /// What is in memory only is kept as well as it can be.
    pub(super) const fn at_once() -> Self {
        Self(None)
    }

    /// Waits until it is.
    pub(crate) async fn wait(self) -> Result<(), NotKept> {
        match self.0 {
            Some(answer) => answer.await.map_err(|_| NotKept),
            None => Ok(()),
        }
    }
}

type Order = (Change, oneshot::Sender<()>);

/// The file, and the thread that writes it. An answer waits for its changes, so a few for each connection wait at most. Dropped, it writes what it was given and closes the file.
pub(super) struct Journal {
    orders: Option<Sender<Order>>,
    thread: Option<JoinHandle<()>>,
}

impl Journal {
    /// Opens the file, or makes it, and reads what it holds that has not ended by `now`. Nobody else can open it until this is
    /// dropped.
    pub(super) fn open(file: &Path, now: Timestamp) -> Result<(Self, Kept), StoreError> {
        // Behind a folder no name means anything else than a file to SQLite.
        let file = Path::new(".").join(file);
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
        let mut connection = Connection::open_with_flags(file, flags)?;
        connection.busy_timeout(Duration::from_secs(1))?;
        connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
        let id: i32 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
        let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
        if id != APPLICATION_ID && (id, tables) != (0, 0) {
            return Err("it is the database of another program".into());
        }
        connection.pragma_update(None, "journal_mode", "WAL")?;
        // A commit is one when the disk says so.
        connection.pragma_update(None, "synchronous", "FULL")?;
        Migrations::from_slice(MIGRATIONS).to_latest(&mut connection)?;
        connection.pragma_update(None, "application_id", APPLICATION_ID)?;
        forget_what_has_ended(&connection, now)?;
        let kept = Kept::read(&connection)?;
        let (orders, taken) = channel();
        let thread = std::thread::Builder::new()
            .name("fragrant-store".into())
            .spawn(move || write_all(connection, &taken))?;
        Ok((Self { orders: Some(orders), thread: Some(thread) }, kept))
    }

    /// Hands a change over.
    pub(super) fn write(&self, change: Change) -> Committed {
        let (answer, committed) = oneshot::channel();
        if let Some(orders) = &self.orders {
            // If the thread is gone the answer is dropped here, which says that nothing was kept.
            let _ = orders.send((change, answer));
        }
        Committed(Some(committed))
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        drop(self.orders.take());
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

impl fmt::Debug for Journal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Journal")
    }
}

/// Takes what has come in and commits it together, or each alone if that fails: one change that cannot be kept is no reason to
/// lose the others. Whoever made it is told by the answer that never comes.
fn write_all(mut connection: Connection, taken: &Receiver<Order>) {
    while let Ok(first) = taken.recv() {
        let batch: Vec<Order> = std::iter::once(first).chain(taken.try_iter().take(BATCH - 1)).collect();
        let are_kept = commit(&mut connection, batch.iter().map(|(change, _)| change)).is_ok();
        for (change, answer) in batch {
            if are_kept || commit(&mut connection, std::iter::once(&change)).is_ok() {
                // Whoever asked may have gone.
                let _ = answer.send(());
            }
        }
    }
}

fn commit<'a>(
    connection: &mut Connection,
    changes: impl Iterator<Item = &'a Change>,
) -> Result<(), rusqlite::Error> {
    let transaction = connection.transaction()?;
    for change in changes {
        write(&transaction, change)?;
    }
    transaction.commit()
}

fn write(transaction: &Transaction<'_>, change: &Change) -> Result<(), rusqlite::Error> {
    let run = |sql: &str, params: &[&dyn rusqlite::ToSql]| {
        transaction.prepare_cached(sql)?.execute(params).map(|_| ())
    };
    match change {
        Change::AddSession { id, owner, end, now } => {
            forget_what_has_ended(transaction, *now)?;
            run(
                "INSERT INTO sessions (hash, owner, ends_at) VALUES (?1, ?2, ?3)",
                params![id.0, owner.as_str(), seconds(*end)],
            )
        }
        Change::AddToken { token, issued, now } => {
            forget_what_has_ended(transaction, *now)?;
            run(
                "INSERT INTO tokens (hash, owner, client_id, scope, audience, issued_at, ends_at) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                params![
                    token.0,
                    issued.owner.as_str(),
                    issued.client_id.as_str(),
                    issued.record.scope.as_ref().map(Scope::as_str),
                    issued.record.audience.as_ref().map(Origin::as_str),
                    seconds(issued.issued_at),
                    seconds(issued.record.expiry.moment()),
                ],
            )
        }
        Change::EndSession(id) => run("DELETE FROM sessions WHERE hash = ?1", params![id.0]),
        Change::EndSessions => run("DELETE FROM sessions", &[]),
        Change::Forget((owner, client_id, redirect_uri)) => run(
            "DELETE FROM consents WHERE owner = ?1 AND client_id = ?2 AND redirect_uri = ?3",
            params![owner.as_str(), client_id.as_str(), redirect_uri.as_str()],
        ),
        Change::Remember { owner, consent } => run(
            "INSERT OR REPLACE INTO consents (owner, client_id, redirect_uri, scope) VALUES (?1, ?2, ?3, ?4)",
            params![
                owner.as_str(),
                consent.client_id().as_str(),
                consent.redirect_uri().as_str(),
                consent.scope().map(Scope::as_str),
            ],
        ),
        Change::RevokeToken(token) => run("DELETE FROM tokens WHERE hash = ?1", params![token.0]),
        Change::RevokeTokens => run("DELETE FROM tokens", &[]),
    }
}

fn forget_what_has_ended(connection: &Connection, now: Timestamp) -> Result<(), rusqlite::Error> {
    for sql in ["DELETE FROM tokens WHERE ends_at <= ?1", "DELETE FROM sessions WHERE ends_at <= ?1"] {
        connection.prepare_cached(sql)?.execute([seconds(now)])?;
    }
    Ok(())
}

impl Kept {
    fn read(connection: &Connection) -> Result<Self, rusqlite::Error> {
        let mut kept = Self::default();
        let mut rows = connection.prepare("SELECT hash, owner, ends_at FROM sessions ORDER BY ends_at")?;
        for row in rows.query_map([], |row| {
            Ok((KeyHash(row.get(0)?), value(row, 1, ResourceOwnerId::new)?, moment(row, 2)?))
        })? {
            kept.sessions.push(row?);
        }
        let mut rows = connection.prepare(
            "SELECT hash, owner, client_id, scope, audience, issued_at, ends_at FROM tokens ORDER BY ends_at",
        )?;
        for row in rows.query_map([], |row| {
            let mut record = TokenRecord::new(Expiry::at(moment(row, 6)?));
            record.scope = optional(row, 3, Scope::new)?;
            record.audience = optional(row, 4, Origin::new)?;
            let issued = IssuedTo {
                owner: value(row, 1, ResourceOwnerId::new)?,
                client_id: value(row, 2, ClientId::new)?,
                issued_at: moment(row, 5)?,
                record,
            };
            Ok((KeyHash(row.get(0)?), issued))
        })? {
            kept.tokens.push(row?);
        }
        let mut rows = connection.prepare("SELECT owner, client_id, redirect_uri, scope FROM consents")?;
        for row in rows.query_map([], |row| {
            let client_id = value(row, 1, ClientId::new)?;
            let redirect_uri = value(row, 2, RedirectUri::new)?;
            let consent = PriorConsent::new(client_id, redirect_uri, optional(row, 3, Scope::new)?);
            Ok((value(row, 0, ResourceOwnerId::new)?, consent))
        })? {
            kept.consents.push(row?);
        }
        Ok(kept)
    }
}

/// A text of the file, checked as if it came from anywhere.
fn value<T, E>(row: &Row<'_>, at: usize, new: impl Fn(String) -> Result<T, E>) -> Result<T, rusqlite::Error>
where
    E: std::error::Error + Send + Sync + 'static,
{
    new(row.get(at)?).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(at, rusqlite::types::Type::Text, Box::new(error))
    })
}

fn optional<T, E>(
    row: &Row<'_>,
    at: usize,
    new: impl Fn(String) -> Result<T, E>,
) -> Result<Option<T>, rusqlite::Error>
where
    E: std::error::Error + Send + Sync + 'static,
{
    match row.get_ref(at)? {
        rusqlite::types::ValueRef::Null => Ok(None),
        _ => value(row, at, new).map(Some),
    }
}

fn moment(row: &Row<'_>, at: usize) -> Result<Timestamp, rusqlite::Error> {
    let seconds: i64 = row.get(at)?;
    Ok(Timestamp::from_unix_seconds(u64::try_from(seconds).unwrap_or(0)))
}

/// SQLite's numbers have a sign. What ends beyond them ends in 292 billion years.
fn seconds(moment: Timestamp) -> i64 {
    i64::try_from(moment.as_unix_seconds()).unwrap_or(i64::MAX)
}
