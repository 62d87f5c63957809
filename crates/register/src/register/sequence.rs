//! Pending entries become leaves.

use record::hash::leaf_hash;
use record::tile::TileError;
use record::tree::RightEdge;

use crate::batch::{self, BATCH_BYTES_MAX, BATCH_LEAVES_MAX};
use crate::journal::{Journal, JournalError, Standing};
use crate::register::Register;
use crate::shelf::Shelf;

/// What one batch did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sequenced {
    /// How many entries have got their leaf.
    pub entries: usize,
    /// How many leaves the record has now.
    pub size: u64,
}

/// Why a batch was not sequenced. But for a fatal error the entries are still pending and nothing is lost.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SequenceError {
    /// The ledger did not take the batch; see the inner error.
    #[error(transparent)]
    Journal(JournalError),
    /// A leaf is longer than a record can hold. The ledger refuses such entries, so the ledger is damaged: run `fsck`.
    #[error("a pending entry cannot become a leaf: {0}")]
    Leaf(TileError),
    /// The register ended before, for this reason.
    #[error("the register has ended: {0}")]
    Ended(String),
}

impl SequenceError {
    /// Whether the process must end.
    pub fn is_fatal(&self) -> bool {
        matches!(
            self,
            SequenceError::Journal(JournalError::Fatal(_)) | SequenceError::Ended(_)
        )
    }
}

impl<J: Journal, S: Shelf> Register<J, S> {
    /// Gives the first pending entries (at most `entries_max`, and at most [`BATCH_LEAVES_MAX`]) their leaves, durably, in one transaction;
    /// `None` if nothing is pending.
    ///
    /// This is the commit point. A crash before it leaves the entries pending; after it, they are in the record, and their tiles follow.
    /// If it is not known which, the error is fatal: were the register to go on, it could give the same index to two leaves.
    pub fn sequence(
        &mut self,
        entries_max: usize,
        rng: &mut impl rand_core::CryptoRng,
    ) -> Result<Option<Sequenced>, SequenceError> {
        if let Some(cause) = &self.ended {
            return Err(SequenceError::Ended(cause.clone()));
        }
        let entries_max = entries_max.min(BATCH_LEAVES_MAX);
        let pending = self
            .journal
            .pending(entries_max, BATCH_BYTES_MAX)
            .map_err(SequenceError::Journal)?;
        if pending.is_empty() {
            return Ok(None);
        }
        let start = self.standing.edge.size();
        let batch =
            batch::make(start, &pending, &self.keys.filler, rng).map_err(SequenceError::Leaf)?;
        let to = Standing {
            edge: grown(&self.standing.edge, &batch.leaves),
            ..self.standing.clone()
        };
        if let Err(error) = self.journal.commit(&self.standing, &batch, &to) {
            if let JournalError::Fatal(_) = &error {
                self.end(&error);
            }
            return Err(SequenceError::Journal(error));
        }
        self.standing = to;
        Ok(Some(Sequenced {
            entries: pending.len(),
            size: self.standing.edge.size(),
        }))
    }
}

/// The edge once these leaves stand behind it.
fn grown(edge: &RightEdge, leaves: &[u8]) -> RightEdge {
    let mut edge = edge.clone();
    let leaves = batch::split(leaves).unwrap_or_default();
    edge.append_leaves(leaves.into_iter().map(leaf_hash), |_, _, _| {});
    edge
}
