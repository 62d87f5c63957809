//! Copies of the ledger for backups, and their return.

use std::path::Path;

use rusqlite::{Connection, OpenFlags, params};

use crate::ledger::fault::{LedgerError, told};
use crate::ledger::{Ledger, tables};

const COPY: &str = "copy the ledger";

impl Ledger {
    /// Copies all of it, as it is at one moment, into two new ledgers: what opens entries and objects into `keys`, everything else into `rest`.
    /// Returns the latter. Writers are not held up.
    pub(crate) fn copy_into(&self, rest: &Path, keys: &Path) -> Result<Ledger, LedgerError> {
        let Some(path) = self.path() else {
            return Err(LedgerError::Failed {
                doing: COPY,
                cause: "it is in memory only".to_owned(),
            });
        };
        drop((Ledger::create(rest)?, Ledger::create(keys)?));
        let connection = connect(path)?;
        attach(&connection, rest, tables::COPY_ATTACH_REST)?;
        attach(&connection, keys, tables::COPY_ATTACH_KEYS)?;
        connection
            .execute_batch(tables::COPY_OUT)
            .map_err(|e| told(COPY, e))?;
        drop(connection);
        drop(Ledger::open(keys)?);
        Ledger::open(rest)
    }

    /// Takes the wrapped keys and headers out of the part that [`Ledger::copy_into`] put them in.
    pub(crate) fn take_keys_from(&self, keys: &Path) -> Result<(), LedgerError> {
        let Some(path) = self.path() else {
            return Err(LedgerError::Failed {
                doing: COPY,
                cause: "it is in memory only".to_owned(),
            });
        };
        let connection = connect(path)?;
        attach(&connection, keys, tables::COPY_ATTACH_KEYS)?;
        connection
            .execute_batch(tables::COPY_KEYS_IN)
            .map_err(|e| told(COPY, e))
    }
}

/// Foreign keys are off, since the two parts refer to each other; the audit after a restore checks them.
fn connect(path: &Path) -> Result<Connection, LedgerError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(|e| told(COPY, e))?;
    connection
        .execute_batch(tables::COPY_SETTINGS)
        .map_err(|e| told(COPY, e))?;
    Ok(connection)
}

fn attach(connection: &Connection, path: &Path, sql: &str) -> Result<(), LedgerError> {
    let path = path
        .to_str()
        .ok_or_else(|| LedgerError::Absent("the path is not UTF-8".to_owned()))?;
    connection
        .execute(sql, params![path])
        .map_err(|e| told(COPY, e))?;
    Ok(())
}
