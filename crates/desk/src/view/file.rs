//! The file of a view: opened with its key, or refused.

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags};
use zeroize::Zeroizing;

use super::schema;

/// How long to wait for the other process that writes the view. Rebuilding takes longer, but in transactions that do not.
const BUSY_WAIT: Duration = Duration::from_secs(10);

/// The key of a view: 32 random bytes, which the office keeps encrypted to the circle's epoch.
pub struct ViewKey(Zeroizing<[u8; 32]>);

/// Why a view cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another key, damage, or a file of another version. It is a cache: delete it and apply the entries again.
    #[error("the view cannot be read with this key: {0}")]
    Unreadable(&'static str),
    /// The disk or another process refused; what was read is not in doubt. Free space or stop the other process, and retry.
    #[error("could not open the view: {0}")]
    Disk(#[source] rusqlite::Error),
}

impl ViewKey {
    /// Takes 32 random bytes as a key.
    #[must_use]
    pub fn new(bytes: [u8; 32]) -> ViewKey {
        ViewKey(Zeroizing::new(bytes))
    }

    /// The pragma that hands the key to SQLCipher as it is, without deriving another from it.
    fn pragma(&self) -> Zeroizing<String> {
        let mut pragma = Zeroizing::new(String::with_capacity(96));
        pragma.push_str("PRAGMA key = \"x'");
        for byte in self.0.iter() {
            for nibble in [byte >> 4, byte & 15] {
                pragma.push(char::from_digit(u32::from(nibble), 16).unwrap_or('0'));
            }
        }
        pragma.push_str("'\"");
        pragma
    }
}

impl fmt::Debug for ViewKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ViewKey(…)")
    }
}

pub(super) fn open(path: &Path, key: &ViewKey) -> Result<Connection, OpenError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(OpenError::Disk)?;
    prepare(&connection, key).map_err(sort_out)??;
    Ok(connection)
}

/// A view that is on no disk at all: no key, for nothing of it is ever written.
pub(super) fn in_memory() -> Result<Connection, OpenError> {
    let connection = Connection::open_in_memory().map_err(OpenError::Disk)?;
    connection
        .execute_batch(
            "PRAGMA temp_store = MEMORY; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF;",
        )
        .map_err(OpenError::Disk)?;
    create_tables_once(&connection).map_err(OpenError::Disk)??;
    Ok(connection)
}

/// Keys the connection, sets it up, and makes the tables of an empty view. Nothing of the file is read before the key is set.
fn prepare(connection: &Connection, key: &ViewKey) -> rusqlite::Result<Result<(), OpenError>> {
    connection.execute_batch("PRAGMA cipher_log_level = NONE;")?;
    connection.execute_batch(&key.pragma())?;
    connection.busy_timeout(BUSY_WAIT)?;
    connection.execute_batch(
        "PRAGMA cipher_log = off;
         PRAGMA temp_store = MEMORY;
         PRAGMA journal_mode = WAL;
         PRAGMA synchronous = NORMAL;
         PRAGMA secure_delete = ON;
         PRAGMA foreign_keys = ON;
         PRAGMA trusted_schema = OFF;",
    )?;
    create_tables_once(connection)
}

fn create_tables_once(connection: &Connection) -> rusqlite::Result<Result<(), OpenError>> {
    connection.execute_batch("BEGIN IMMEDIATE")?;
    let made = match schema_number(connection)? {
        0 => connection
            .execute_batch(schema::CREATE_TABLES)
            .and_then(|()| connection.pragma_update(None, "user_version", schema::SCHEMA_NUMBER))
            .map(Ok),
        schema::SCHEMA_NUMBER => Ok(Ok(())),
        _ => Ok(Err(OpenError::Unreadable("it was made by another version"))),
    };
    match &made {
        Ok(Ok(())) => connection.execute_batch("COMMIT")?,
        _ => connection.execute_batch("ROLLBACK")?,
    }
    made
}

fn schema_number(connection: &Connection) -> rusqlite::Result<i64> {
    connection.query_row("PRAGMA user_version", [], |row| row.get(0))
}

fn sort_out(error: rusqlite::Error) -> OpenError {
    if is_damage(&error) {
        OpenError::Unreadable("another key, or the file is damaged")
    } else {
        OpenError::Disk(error)
    }
}

/// Whether an error says that the bytes of the file are not what SQLCipher wrote under this key.
pub(super) fn is_damage(error: &rusqlite::Error) -> bool {
    let damaged = [ErrorCode::NotADatabase, ErrorCode::DatabaseCorrupt];
    error
        .sqlite_error_code()
        .is_some_and(|code| damaged.contains(&code))
}

pub(super) fn delete(path: &Path) -> io::Result<()> {
    for suffix in ["", "-wal", "-shm", "-journal"] {
        match fs::remove_file(beside(path, suffix)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}
