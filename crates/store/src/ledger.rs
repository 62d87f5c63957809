//! The ledger: one SQLite file with all encrypted entries by circle and sequence, what opens them, and what is on its way into the record.
//!
//! **Durability.** What [`Ledger::accept`] returned from without error survives a crash. A circle's entries form a chain without gaps,
//! each naming the commitment of the one before; the ledger refuses whatever does not fit the end of the chain.
//!
//! **Concurrency.** A `Ledger` is shared by reference among threads; several processes may have the same file open. Writers come
//! one after the other, readers see a snapshot and wait for nobody. [`GroupCommit`] lets concurrent writers of one process share an fsync.
//!
//! **Errors.** [`LedgerError::Fatal`] means that the process must end. All others leave the ledger as it was.
//!
//! It is deliberately ignorant: it reads no entry, holds no key and knows no kind.

mod accept;
mod account;
mod audit;

mod cabinet;
mod connection;
mod copy;
mod erase;
mod fault;
mod group_commit;
mod journal;

mod read;
mod rows;
mod sums;
pub(crate) mod tables;

pub use accept::{Acceptance, CabinetChange, Guard, Heads};
pub use erase::Discard;
pub use fault::{AcceptError, LedgerError};
pub use group_commit::GroupCommit;
pub use rows::{
    CabinetRow, CircleHead, EntryRow, Lock, NewEntry, ObjectId, ObjectPlace, StoredObject,
};

/// The name of the ledger's file in an office's folder and in a backup.
pub const LEDGER_FILE: &str = "ledger.db";

/// See the module.
pub struct Ledger {
    connections: connection::Connections,
}

impl std::fmt::Debug for Ledger {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ledger")
            .field("path", &self.path())
            .finish()
    }
}
