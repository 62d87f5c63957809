//! What can go wrong with the ledger's file, sorted by what the caller must do.

use record::ids::{CircleId, EntryId};
use rusqlite::ErrorCode;

use crate::ledger::rows::CircleHead;

/// Why the ledger did not answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LedgerError {
    /// There is no ledger at that path, or the file is not one. Name the right folder, or make an office first.
    #[error("there is no ledger here ({0})")]
    Absent(String),
    /// A ledger lies there already and is never replaced.
    #[error("a ledger lies here already")]
    Exists,
    /// The file was written by a newer program, whose rules this one does not know. Use the newer program.
    #[error("the ledger has version {found}; this program knows version {known}")]
    Newer {
        /// The file's version.
        found: i32,
        /// This program's.
        known: i32,
    },
    /// Another process kept the ledger busy longer than the time to wait. Nothing was done; try again.
    #[error("another process keeps the ledger busy")]
    Busy,
    /// The disk is full or may not be written. Nothing was done and all that was accepted is there: the office can be read, not written.
    #[error("the ledger cannot be written: {0}")]
    ReadOnly(String),
    /// A row does not agree with its sum or cannot be read as what it should be: bytes have rotted or were altered.
    /// Nothing of the row may be used. Run `fsck`; restore from a backup.
    #[error("{table} row {row} is damaged")]
    Damaged {
        /// The table.
        table: &'static str,
        /// Its key.
        row: String,
    },
    /// The disk did not keep what was written, or it is not known whether it did. End the process at once: a new start reads what is really there.
    #[error("the ledger's disk failed, the process must end: {0}")]
    Fatal(String),
    /// Anything else. Nothing was done.
    #[error("could not {doing}: {cause}")]
    Failed {
        /// What was being done.
        doing: &'static str,
        /// SQLite's words.
        cause: String,
    },
}

impl LedgerError {
    /// Whether the process must end.
    pub fn is_fatal(&self) -> bool {
        matches!(self, LedgerError::Fatal(_))
    }

    pub(crate) fn damaged(table: &'static str, row: impl ToString) -> LedgerError {
        LedgerError::Damaged {
            table,
            row: row.to_string(),
        }
    }
}

/// Why an acceptance was not entered into the ledger. In every case but a fatal one (see [`AcceptError::is_fatal`]) nothing of it was.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AcceptError {
    /// The circle has moved on since the caller looked. Judge again by the head given here, then try again.
    #[error("circle {circle} has moved on")]
    Conflict {
        /// Which circle.
        circle: CircleId,
        /// Its head now.
        head: Option<CircleHead>,
    },
    /// A row or head that the caller's judgement rested on has changed. Judge again.
    #[error("what the acceptance rests on has changed")]
    GuardMoved,
    /// An entry with this id was accepted before: a request that was sent twice.
    #[error("entry {id} was accepted before")]
    Repeated {
        /// The entry.
        id: EntryId,
    },
    /// An object with this id is stored already, or an entry names one that is not.
    #[error("the acceptance's objects are not right: {0}")]
    Objects(String),
    /// The acceptance contradicts itself. A mistake in the program.
    #[error("the acceptance contradicts itself: {0}")]
    Malformed(&'static str),
    /// The caller's own function refused once it saw the heads; it keeps its reason itself.
    #[error("withdrawn")]
    Withdrawn,
    /// The ledger could not be read or written. See the inner error for what to do.
    #[error(transparent)]
    Ledger(LedgerError),
}

impl AcceptError {
    /// Whether the process must end.
    pub fn is_fatal(&self) -> bool {
        matches!(self, AcceptError::Ledger(LedgerError::Fatal(_)))
    }
}

/// Sorts an SQLite error. An I/O error of any kind is fatal: SQLite may hold pages that the disk does not.
/// `SQLITE_FULL` is not: a commit frame that could not be written whole has a wrong checksum and counts as never written.
pub(crate) fn told(doing: &'static str, error: rusqlite::Error) -> LedgerError {
    let Some(code) = error.sqlite_error_code() else {
        return LedgerError::Failed {
            doing,
            cause: error.to_string(),
        };
    };
    if is_without_index(&error) {
        return LedgerError::ReadOnly("there is no room for the ledger's index".to_owned());
    }
    match code {
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => LedgerError::Busy,
        ErrorCode::DiskFull => LedgerError::ReadOnly("the disk is full".to_owned()),
        ErrorCode::ReadOnly => LedgerError::ReadOnly("no permission to write".to_owned()),
        ErrorCode::SystemIoFailure => LedgerError::Fatal(error.to_string()),
        ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => {
            LedgerError::damaged("the file itself,", error)
        }
        _ => LedgerError::Failed {
            doing,
            cause: error.to_string(),
        },
    }
}

/// Whether the small file beside the ledger (`-shm`) that readers and writers share could not be made: on a full disk it comes before all else,
/// and before anything was read or written.
fn is_without_index(error: &rusqlite::Error) -> bool {
    use rusqlite::ffi::{SQLITE_IOERR_SHMMAP, SQLITE_IOERR_SHMOPEN, SQLITE_IOERR_SHMSIZE};
    let codes = [
        SQLITE_IOERR_SHMMAP,
        SQLITE_IOERR_SHMOPEN,
        SQLITE_IOERR_SHMSIZE,
    ];
    let code = error.sqlite_error().map(|error| error.extended_code);
    code.is_some_and(|code| codes.contains(&code))
}

/// Sorts an error of COMMIT itself: but for "busy" and "full", whether it was done is not known.
pub(crate) fn told_by_commit(error: rusqlite::Error) -> LedgerError {
    match told("commit", error) {
        known @ (LedgerError::Busy | LedgerError::ReadOnly(_)) => known,
        other => LedgerError::Fatal(other.to_string()),
    }
}
