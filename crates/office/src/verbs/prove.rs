//! Proofs: that an entry stands in the record, under a head that outsiders countersigned.

use desk::ids::ItemId;
use record::checkpoint::SignedCheckpoint;
use record::entry::Envelope;
use record::hash::Hash;
use record::ids::EntryId;
use record::proof::{Extra, OpenedContent, Proof};
use record::tile::{Row, Tile, TileNodes, decode_entries};
use record::tree::inclusion_proof;
use vault::entry_lock::Content;

use crate::Office;
use crate::fault::Fault;
use crate::permission::Reader;
use crate::reading::Opened;

/// What asking for a proof gave.
#[derive(Clone, Debug)]
pub enum Proved {
    /// The proof.
    Proof(Box<Proof>),
    /// The entry is accepted and not yet under a published head; ask again after the next batch.
    Pending,
}

/// Why there is no proof.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// The record does not reach that far.
    #[error("the record has {size} entries")]
    Beyond {
        /// The size of the published head.
        size: u64,
    },
    /// Nothing has been published yet.
    #[error("nothing has been published yet")]
    Unpublished,
    /// Anything else.
    #[error("{0}")]
    Fault(Fault),
}

impl Office {
    /// The proof that an item's bytes were entered. With `open`, it discloses digest and size of the content, and so can be
    /// checked against a copy; without, it says nothing of what was entered.
    pub fn prove_item(
        &self,
        reader: &Reader<'_>,
        item: ItemId,
        open: bool,
    ) -> Result<Proved, Fault> {
        let found = self.held_item(reader, item)?;
        let opened = self.received_entry(reader, &found)?;
        let extra = if open {
            Some(Extra::Private(opened_content(&opened)?))
        } else {
            None
        };
        self.prove_row(opened.row.leaf_index, extra)
    }

    /// The proof of any entry by its id, without saying what it is.
    pub fn prove_entry(&self, entry: EntryId) -> Result<Proved, Fault> {
        let row = self
            .ledger()
            .entry(entry)
            .map_err(Fault::of_ledger)?
            .ok_or(Fault::Refused)?;
        self.prove_row(row.leaf_index, None)
    }

    /// The proof of a leaf by its number.
    pub fn prove_leaf(&self, number: u64) -> Result<Proof, ProofError> {
        let head = self
            .head()
            .map_err(ProofError::Fault)?
            .ok_or(ProofError::Unpublished)?;
        let size = head.checkpoint.checkpoint().size;
        if number >= size {
            return Err(ProofError::Beyond { size });
        }
        self.proof_under(&head.checkpoint, number, None)
            .map_err(ProofError::Fault)
    }

    /// The bytes of a leaf by its number.
    pub fn leaf(&self, number: u64) -> Result<Vec<u8>, ProofError> {
        let head = self
            .head()
            .map_err(ProofError::Fault)?
            .ok_or(ProofError::Unpublished)?;
        let size = head.checkpoint.checkpoint().size;
        if number >= size {
            return Err(ProofError::Beyond { size });
        }
        let tile =
            Tile::in_record(Row::Entries, number / 256, size).ok_or(ProofError::Beyond { size })?;
        let bytes = self
            .tiles
            .tile(&tile)
            .map_err(|error| ProofError::Fault(Fault::Failed(error.to_string())))?;
        let leaves = decode_entries(&bytes, tile.width())
            .map_err(|error| ProofError::Fault(Fault::damaged(error)))?;
        let at = usize::try_from(number - tile.start()).unwrap_or(usize::MAX);
        leaves
            .get(at)
            .map(|leaf| leaf.to_vec())
            .ok_or(ProofError::Beyond { size })
    }

    /// A file of the record as any web server would give it: `checkpoint`, or a tile by its C2SP path. `None` if there is none.
    pub fn record_file(&self, path: &str) -> Result<Option<Vec<u8>>, Fault> {
        if path == "checkpoint" {
            return self
                .tiles
                .checkpoint()
                .map_err(|error| Fault::Failed(error.to_string()));
        }
        let Ok(tile) = Tile::from_path(path) else {
            return Ok(None);
        };
        match self.tiles.tile(&tile) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(register::shelf::ShelfError::Absent(_)) => Ok(None),
            Err(error) => Err(Fault::Failed(error.to_string())),
        }
    }

    fn prove_row(&self, leaf_index: Option<u64>, extra: Option<Extra>) -> Result<Proved, Fault> {
        let (Some(index), Some(head)) = (leaf_index, self.head()?) else {
            return Ok(Proved::Pending);
        };
        if index >= head.checkpoint.checkpoint().size {
            return Ok(Proved::Pending);
        }
        Ok(Proved::Proof(Box::new(self.proof_under(
            &head.checkpoint,
            index,
            extra,
        )?)))
    }

    pub(crate) fn proof_under(
        &self,
        checkpoint: &SignedCheckpoint,
        index: u64,
        extra: Option<Extra>,
    ) -> Result<Proof, Fault> {
        let hashes = self.inclusion(checkpoint, index)?;
        Ok(Proof {
            extra,
            index,
            hashes,
            checkpoint: checkpoint.clone(),
        })
    }

    pub(crate) fn inclusion(
        &self,
        checkpoint: &SignedCheckpoint,
        index: u64,
    ) -> Result<Vec<Hash>, Fault> {
        let size = checkpoint.checkpoint().size;
        let mut nodes = TileNodes::new(size, |tile: &Tile| self.tiles.tile(tile));
        inclusion_proof(&mut nodes, index, size)
            .map_err(|error| Fault::Damaged(format!("the record: {error}")))
    }
}

/// What opens the content of the entry that took an item in.
pub(crate) fn opened_content(opened: &Opened) -> Result<OpenedContent, Fault> {
    let opening = opened.opening.as_ref().ok_or(Fault::Refused)?;
    match opening.content {
        Content::Object {
            salt2,
            sha256,
            size,
        } => Ok(OpenedContent {
            commitment_env: opening.c_env,
            salt: salt2,
            sha256,
            size,
        }),
        Content::None(_) => Err(Fault::damaged("an item's entry commits to no content")),
    }
}

/// A public entry as the proof of it discloses it.
pub(crate) fn public_extra(envelope: Envelope) -> Extra {
    Extra::Public(Box::new(envelope))
}
