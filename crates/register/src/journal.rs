//! The port to the ledger, as far as the register needs it: what waits, what is staged, and where the record stands.

use std::collections::BTreeMap;

use record::ids::Origin;
use record::tree::RightEdge;

/// Where the record stands. Whoever changes it names the standing it changed from, and fails if that is not the standing any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The record's name.
    pub origin: Origin,
    /// The public key that signs its checkpoints.
    pub log_key: [u8; 32],
    /// All leaves that are sequenced: this is the head, and it never shrinks.
    pub edge: RightEdge,
    /// Those of them whose tiles are durable.
    pub tiled: RightEdge,
    /// The largest size for which a checkpoint was signed. Written before the signature leaves the register, so that after a crash the
    /// register knows what a witness may have seen.
    pub signed_size: u64,
    /// Whether the office was restored from a backup and has not yet heard from enough witnesses that nothing is missing.
    pub restored: bool,
}

impl Standing {
    /// A record without leaves.
    pub fn new(origin: Origin, log_key: [u8; 32]) -> Standing {
        let (edge, tiled) = (RightEdge::new(), RightEdge::new());
        Standing {
            origin,
            log_key,
            edge,
            tiled,
            signed_size: 0,
            restored: false,
        }
    }
}

/// An accepted entry that has no leaf yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pending {
    /// Its number in the order of acceptance.
    pub number: u64,
    /// The bytes of its leaf.
    pub leaf: Vec<u8>,
}

/// Leaves that have their indexes: what becomes the record at the commit point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// The index of the first leaf.
    pub start: u64,
    /// All the leaves in order, each behind its length in 16 bits, as in an entry bundle.
    pub leaves: Vec<u8>,
    /// Which leaf each of the pending entries has become: index, number. In order of indexes.
    pub placed: Vec<(u64, u64)>,
}

/// A committed batch whose tiles may not all be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staged {
    /// The index of the first leaf.
    pub start: u64,
    /// The leaves, as in [`Batch::leaves`].
    pub leaves: Vec<u8>,
}

/// Why the journal did not do or answer something. Only after [`JournalError::Fatal`] is it unknown whether it was done.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JournalError {
    /// The standing is not what the caller thought: another process sequenced. Open the register anew.
    #[error("another process has changed the record's standing")]
    Moved,
    /// Another process keeps the ledger busy. Nothing was done; try again later.
    #[error("another process keeps the ledger busy")]
    Busy,
    /// The disk is full or read-only. Nothing was done; make room.
    #[error("the ledger cannot be written: {0}")]
    ReadOnly(String),
    /// A row is damaged. Nothing may be sequenced or signed over it: run `fsck`, restore from a backup.
    #[error("the ledger is damaged: {0}")]
    Damaged(String),
    /// Anything else that did nothing.
    #[error("the ledger failed: {0}")]
    Failed(String),
    /// It is not known whether it was done, or the disk lost what it had taken. End the process; the next start reads what is there.
    #[error("the ledger's disk failed, the process must end: {0}")]
    Fatal(String),
}

/// The ledger, as the register sees it.
///
/// **Durability.** What returned without error survives a crash. A crash during a call leaves all of it or nothing.
/// **Concurrency.** Entries may be accepted by anybody at any time. Of the writing methods only the holder of the register's lock makes use.
/// **Errors.** See [`JournalError`].
pub trait Journal: Send + Sync {
    /// Where the record stands; `None` before [`Journal::found`].
    fn standing(&self) -> Result<Option<Standing>, JournalError>;
    /// Begins the record. [`JournalError::Moved`] if there is one.
    fn found(&self, standing: &Standing) -> Result<(), JournalError>;
    /// The first pending entries in the order of acceptance: at most `leaves_max`, and no more once their leaves exceed `bytes_max`
    /// (but one at least).
    fn pending(&self, leaves_max: usize, bytes_max: usize) -> Result<Vec<Pending>, JournalError>;
    /// The commit point, one transaction: the standing goes from `from` to `to`, the batch is staged, its entries have their leaves and are
    /// no longer pending. [`JournalError::Moved`] if the standing is not `from`.
    fn commit(&self, from: &Standing, batch: &Batch, to: &Standing) -> Result<(), JournalError>;
    /// The staged batches from leaf `start` on, in order: no more once their leaves exceed `bytes_max` (but one at least, if there is one).
    fn staged(&self, start: u64, bytes_max: usize) -> Result<Vec<Staged>, JournalError>;
    /// The standing goes from `from` to `to` without new leaves, and the staged batches below `to.tiled` are dropped; one transaction.
    fn advance(&self, from: &Standing, to: &Standing) -> Result<(), JournalError>;
    /// The size that each witness last cosigned, by the witness's key name.
    fn witnessed(&self) -> Result<BTreeMap<String, u64>, JournalError>;
    /// Remembers such sizes beside the others.
    fn note_witnessed(&self, sizes: &BTreeMap<String, u64>) -> Result<(), JournalError>;
    /// Forgets all such sizes: for a record that begins anew.
    fn forget_witnessed(&self) -> Result<(), JournalError>;
}

impl<J: Journal + ?Sized> Journal for std::sync::Arc<J> {
    fn standing(&self) -> Result<Option<Standing>, JournalError> {
        (**self).standing()
    }

    fn found(&self, standing: &Standing) -> Result<(), JournalError> {
        (**self).found(standing)
    }

    fn pending(&self, leaves_max: usize, bytes_max: usize) -> Result<Vec<Pending>, JournalError> {
        (**self).pending(leaves_max, bytes_max)
    }

    fn commit(&self, from: &Standing, batch: &Batch, to: &Standing) -> Result<(), JournalError> {
        (**self).commit(from, batch, to)
    }

    fn staged(&self, start: u64, bytes_max: usize) -> Result<Vec<Staged>, JournalError> {
        (**self).staged(start, bytes_max)
    }

    fn advance(&self, from: &Standing, to: &Standing) -> Result<(), JournalError> {
        (**self).advance(from, to)
    }

    fn witnessed(&self) -> Result<BTreeMap<String, u64>, JournalError> {
        (**self).witnessed()
    }

    fn note_witnessed(&self, sizes: &BTreeMap<String, u64>) -> Result<(), JournalError> {
        (**self).note_witnessed(sizes)
    }

    fn forget_witnessed(&self) -> Result<(), JournalError> {
        (**self).forget_witnessed()
    }
}
