//! What can go wrong beneath every verb, sorted by what a person can do about it.

use store::disk::DiskError;
use store::ledger::{AcceptError, LedgerError};

/// Why the house could not do what it was asked, whatever that was.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// There is no such thing, or it is not for this member. The two look alike, on purpose.
    #[error("there is no such thing here, or it is not yours to see")]
    Refused,
    /// The disk is full or read-only. Nothing was received; what was accepted before is safe. Make room.
    #[error("not received: {0}")]
    Full(String),
    /// Another process held the ledger too long. Nothing was done; try again.
    #[error("the office is busy, try again")]
    Busy,
    /// Somebody else changed what this rests on, several times over. Nothing was done; look again, then try again.
    #[error("this has changed meanwhile; look again")]
    Moved,
    /// Bytes have rotted or were altered. Nothing of them is used. Run `mahzar fsck`, restore from a backup.
    #[error("damaged: {0}")]
    Damaged(String),
    /// The disk lost what it had taken. The process must end; a new start reads what is really there.
    #[error("the disk failed and the program must end: {0}")]
    Fatal(String),
    /// Anything else. Nothing was done.
    #[error("{0}")]
    Failed(String),
}

impl Fault {
    /// Whether the process must end.
    pub fn is_fatal(&self) -> bool {
        matches!(self, Fault::Fatal(_))
    }

    /// Sorts what the ledger said.
    pub fn of_ledger(error: LedgerError) -> Fault {
        match error {
            LedgerError::Busy => Fault::Busy,
            LedgerError::ReadOnly(cause) => Fault::Full(cause),
            LedgerError::Fatal(cause) => Fault::Fatal(cause),
            damaged @ LedgerError::Damaged { .. } => Fault::Damaged(damaged.to_string()),
            other => Fault::Failed(other.to_string()),
        }
    }

    /// Sorts what an acceptance came to.
    pub fn of_accept(error: AcceptError) -> Fault {
        match error {
            AcceptError::Ledger(error) => Fault::of_ledger(error),
            AcceptError::Conflict { .. } | AcceptError::GuardMoved => Fault::Moved,
            other => Fault::Failed(other.to_string()),
        }
    }

    /// Sorts what a disk said.
    pub fn of_disk(error: DiskError) -> Fault {
        match error {
            DiskError::Full(_) => Fault::Full("the disk is full".to_owned()),
            fatal if fatal.is_fatal() => Fault::Fatal(fatal.to_string()),
            DiskError::Absent(spot) => Fault::Damaged(format!("{spot} is missing")),
            other => Fault::Failed(other.to_string()),
        }
    }

    /// Sorts an error of reading or writing a stream; a disk's error may be inside.
    pub fn of_io(error: std::io::Error) -> Fault {
        if let Some(error) = store::objects::disk_error_of(&error) {
            return Fault::of_disk(error.clone());
        }
        match error.kind() {
            std::io::ErrorKind::StorageFull => Fault::Full("the disk is full".to_owned()),
            std::io::ErrorKind::InvalidData => Fault::Damaged(error.to_string()),
            _ => Fault::Failed(error.to_string()),
        }
    }

    pub(crate) fn damaged(what: impl ToString) -> Fault {
        Fault::Damaged(what.to_string())
    }
}
