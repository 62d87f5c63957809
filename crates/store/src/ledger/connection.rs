//! Opening the ledger's file: settings, version, one connection that writes and a few that read.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};

use crate::ledger::Ledger;
use crate::ledger::fault::{LedgerError, told, told_by_commit};
use crate::ledger::tables;

/// How long a writer waits for another process. Longer than any transaction of ours; a person would give up soon after.
const BUSY_WAIT: Duration = Duration::from_secs(20);
/// Reading connections kept open for reuse; more are opened when more threads read at once, then closed.
const READERS_KEPT_MAX: usize = 8;
/// Prepared statements kept for each connection: all of ours.
const STATEMENTS_KEPT_MAX: usize = 64;

/// Where the ledger's bytes are, and the connections to them.
pub(crate) struct Connections {
    /// `None`: in memory, for tests and simulations. Then the writer also reads.
    path: Option<PathBuf>,
    writer: Mutex<Connection>,
    readers: Mutex<Vec<Connection>>,
}

impl Ledger {
    /// Makes a new, empty ledger. A crash on the way leaves a file without version, which [`Ledger::create`] takes up again.
    pub fn create(path: &Path) -> Result<Ledger, LedgerError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection =
            Connection::open_with_flags(path, flags).map_err(|e| told("create the ledger", e))?;
        let ledger = Ledger::over(connection, Some(path.to_owned()))?;
        ledger.found()?;
        Ok(ledger)
    }

    /// Opens the ledger that lies at `path`.
    pub fn open(path: &Path) -> Result<Ledger, LedgerError> {
        if !path.is_file() {
            return Err(LedgerError::Absent(path.display().to_string()));
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection =
            Connection::open_with_flags(path, flags).map_err(|e| told("open the ledger", e))?;
        let ledger = Ledger::over(connection, Some(path.to_owned()))?;
        ledger.check_version()?;
        Ok(ledger)
    }

    /// A ledger in memory, gone when dropped: for tests and for the simulated crashes, where it stands for a disk that survives.
    pub fn in_memory() -> Result<Ledger, LedgerError> {
        let connection =
            Connection::open_in_memory().map_err(|e| told("make a ledger in memory", e))?;
        let ledger = Ledger::over(connection, None)?;
        ledger.found()?;
        Ok(ledger)
    }

    fn over(connection: Connection, path: Option<PathBuf>) -> Result<Ledger, LedgerError> {
        settle(&connection)?;
        let connections = Connections {
            path,
            writer: Mutex::new(connection),
            readers: Mutex::new(Vec::new()),
        };
        Ok(Ledger { connections })
    }

    fn found(&self) -> Result<(), LedgerError> {
        self.write("make the tables", |transaction| {
            let failed = |error| told("make the tables", error);
            let tables: i64 = transaction
                .query_row(COUNT_TABLES, [], |row| row.get(0))
                .map_err(failed)?;
            if tables > 0 {
                return Err(LedgerError::Exists);
            }
            transaction.execute_batch(tables::TABLES).map_err(failed)?;
            transaction
                .pragma_update(None, "application_id", tables::APPLICATION_ID)
                .map_err(failed)?;
            transaction
                .pragma_update(None, "user_version", tables::SCHEMA_VERSION)
                .map_err(failed)
        })
    }

    fn check_version(&self) -> Result<(), LedgerError> {
        let connection = held(&self.connections.writer);
        let read = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i32>(0));
        let application = read("application_id").map_err(|e| told("open the ledger", e))?;
        let version = read("user_version").map_err(|e| told("open the ledger", e))?;
        if application != tables::APPLICATION_ID || version < 1 {
            return Err(LedgerError::Absent("the file is not a ledger".to_owned()));
        }
        if version > tables::SCHEMA_VERSION {
            return Err(LedgerError::Newer {
                found: version,
                known: tables::SCHEMA_VERSION,
            });
        }
        Ok(())
    }

    /// Runs `work` in one transaction that takes the write lock at its beginning, and commits it.
    /// If `work` fails nothing of it was done.
    pub(crate) fn write<T, E: From<LedgerError>>(
        &self,
        doing: &'static str,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut connection = held(&self.connections.writer);
        let begun = connection.transaction_with_behavior(TransactionBehavior::Immediate);
        let transaction = begun.map_err(|e| told(doing, e))?;
        let done = work(&transaction)?;
        transaction.commit().map_err(told_by_commit)?;
        Ok(done)
    }

    /// Runs `work` on a connection that only reads, in one snapshot.
    pub(crate) fn read<T>(
        &self,
        doing: &'static str,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, LedgerError>,
    ) -> Result<T, LedgerError> {
        let Some(path) = &self.connections.path else {
            let mut connection = held(&self.connections.writer);
            let transaction = connection.transaction().map_err(|e| told(doing, e))?;
            return work(&transaction);
        };
        let kept = held(&self.connections.readers).pop();
        let mut connection = kept.map_or_else(|| reader(path), Ok)?;
        let transaction = connection.transaction().map_err(|e| told(doing, e))?;
        let done = work(&transaction)?;
        transaction.finish().map_err(|e| told(doing, e))?;
        let mut readers = held(&self.connections.readers);
        if readers.len() < READERS_KEPT_MAX {
            readers.push(connection);
        }
        Ok(done)
    }

    /// Copies the write-ahead log into the file and empties it, so that what was erased is in neither. May find a reader in the way; then later.
    pub fn settle_log(&self) -> Result<(), LedgerError> {
        let connection = held(&self.connections.writer);
        let checkpoint = "PRAGMA wal_checkpoint(TRUNCATE)";
        match connection
            .query_row(checkpoint, [], |_| Ok(()))
            .map_err(|e| told("settle the log", e))
        {
            Err(LedgerError::Busy) => Ok(()),
            other => other,
        }
    }

    /// Where the file is; `None` for a ledger in memory.
    pub fn path(&self) -> Option<&Path> {
        self.connections.path.as_deref()
    }
}

const COUNT_TABLES: &str = "SELECT count(*) FROM sqlite_schema";

fn settle(connection: &Connection) -> Result<(), LedgerError> {
    let failed = |error| told("open the ledger", error);
    connection.busy_timeout(BUSY_WAIT).map_err(failed)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS_KEPT_MAX);
    connection.execute_batch(tables::SETTINGS).map_err(failed)
}

fn reader(path: &Path) -> Result<Connection, LedgerError> {
    let failed = |error| told("open the ledger", error);
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(failed)?;
    settle(&connection)?;
    connection
        .execute_batch("PRAGMA query_only=ON")
        .map_err(failed)?;
    Ok(connection)
}

pub(crate) fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
