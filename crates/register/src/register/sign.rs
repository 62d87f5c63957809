//! The head is read back, signed, and shown to the witnesses.

use std::collections::BTreeMap;
use std::sync::Arc;

use record::checkpoint::{Checkpoint, SignedCheckpoint};
use record::hash::Hash;
use record::tile::{Row, Tile, TileNodes};
use record::tree::consistency_proof;

use crate::batch::split;
use crate::front::{Front, FrontError};
use crate::journal::{Journal, JournalError, Standing};
use crate::register::{Register, Signing};
use crate::shelf::{Shelf, ShelfError, read_tile};
use crate::stop::Stop;
use crate::witness::{Outcome, Witness, ask_all};

/// A signed head that is not published yet.
pub struct Signed<S> {
    checkpoint: SignedCheckpoint,
    is_new: bool,
    known: BTreeMap<String, u64>,
    shelf: Arc<S>,
}

/// A signed head with what the witnesses said about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Countersigned {
    pub(crate) checkpoint: SignedCheckpoint,
    /// By the witness's name.
    pub(crate) outcomes: BTreeMap<String, Outcome>,
}

/// Why no head was signed. Nothing was signed, and the ledger does not say that it was, or says so for a size at which the same head would be signed again.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignError {
    /// The witnesses have not been asked since the start: call [`Register::confirm`].
    #[error("the witnesses have not been asked yet whether they know a later head")]
    Unconfirmed,
    /// The office was restored from a backup, and too few witnesses have answered: ask again later.
    #[error("restored from a backup: {answered} of {needed} witnesses have answered")]
    Restored {
        /// How many have answered.
        answered: usize,
        /// How many must.
        needed: usize,
    },
    /// Something contradicts the ledger; people must look.
    #[error(transparent)]
    Stopped(Stop),
    /// The ledger did not answer; see the inner error.
    #[error(transparent)]
    Journal(JournalError),
    /// The shelf did not answer; see the inner error.
    #[error(transparent)]
    Shelf(ShelfError),
    /// The register ended before, for this reason.
    #[error("the register has ended: {0}")]
    Ended(String),
}

impl SignError {
    /// Whether the process must end.
    pub fn is_fatal(&self) -> bool {
        matches!(
            self,
            SignError::Journal(JournalError::Fatal(_))
                | SignError::Shelf(ShelfError::Fatal(_))
                | SignError::Ended(_)
        )
    }
}

impl<J: Journal, S: Shelf> Register<J, S> {
    /// Signs the head of what is tiled; `None` for a record without leaves. The same head signed again gives the same bytes.
    ///
    /// Before that, every tile since the last signing is read back and derived anew from the entries that were read back, and the result
    /// compared with the ledger's own right edge: so a bit that fell over on the way is found before a signature makes it the office's word.
    pub fn sign(&mut self) -> Result<Option<Signed<S>>, SignError> {
        self.may_sign()?;
        let signed = self.sign_tiled();
        match &signed {
            Err(error) if error.is_fatal() => self.end(error),
            Err(SignError::Stopped(stop)) => self.signing = Signing::Stopped(stop.clone()),
            _ => {}
        }
        signed
    }

    fn may_sign(&self) -> Result<(), SignError> {
        if let Some(cause) = &self.ended {
            return Err(SignError::Ended(cause.clone()));
        }
        match &self.signing {
            Signing::On => Ok(()),
            Signing::Unconfirmed => Err(SignError::Unconfirmed),
            Signing::Restored { answered, needed } => Err(SignError::Restored {
                answered: *answered,
                needed: *needed,
            }),
            Signing::Stopped(stop) => Err(SignError::Stopped(stop.clone())),
        }
    }

    fn sign_tiled(&mut self) -> Result<Option<Signed<S>>, SignError> {
        let size = self.standing.tiled.size();
        if size == 0 {
            return Ok(None);
        }
        self.reread()?;
        // From here on a crash, or an error below, leaves a size that may have been signed; its root can never be another.
        if self.standing.signed_size < size {
            let to = Standing {
                signed_size: size,
                ..self.standing.clone()
            };
            self.journal
                .advance(&self.standing, &to)
                .map_err(SignError::Journal)?;
            self.standing = to;
        }
        let checkpoint = self.head_at(size, self.standing.tiled.root());
        let known = self.journal.witnessed().map_err(SignError::Journal)?;
        let published = self
            .published
            .as_ref()
            .filter(|published| published.checkpoint() == checkpoint.checkpoint());
        let is_new = published.is_none();
        let checkpoint = published.cloned().unwrap_or(checkpoint);
        Ok(Some(Signed {
            checkpoint,
            is_new,
            known,
            shelf: Arc::clone(&self.shelf),
        }))
    }

    pub(crate) fn head_at(&self, size: u64, root: Hash) -> SignedCheckpoint {
        Checkpoint {
            origin: self.standing.origin.clone(),
            size,
            root,
        }
        .sign(&self.keys.log)
    }

    /// Reads back what was tiled since the last signing and derives it anew.
    fn reread(&mut self) -> Result<(), SignError> {
        let mut front = match self.checked.take() {
            Some(front) => front,
            None => Front::load(&*self.shelf, self.standing.signed_size).map_err(contradiction)?,
        };
        let (old_size, size) = (front.size(), self.standing.tiled.size());
        let mut differing = None;
        let shelf = &*self.shelf;
        let mut compare = |tile: Tile, bytes: Vec<u8>| match read_tile(shelf, &tile) {
            Ok(found) if found == bytes => {}
            Ok(_) => differing = differing.take().or(Some(Err(FrontError::Damaged(tile)))),
            Err(error) => differing = Some(Err(FrontError::Shelf(error))),
        };
        let entries = Tile::grown(old_size, size)
            .into_iter()
            .filter(|tile| tile.row() == Row::Entries);
        for tile in entries {
            let bundle =
                read_tile(shelf, &tile).map_err(|error| contradiction(FrontError::Shelf(error)))?;
            let leaves = split(&bundle).ok_or_else(|| contradiction(FrontError::Damaged(tile)))?;
            let known = usize::try_from(front.size() - tile.start()).unwrap_or(usize::MAX);
            leaves
                .into_iter()
                .skip(known)
                .for_each(|leaf| front.append(leaf, &mut compare));
        }
        front
            .partials(old_size)
            .into_iter()
            .for_each(|(tile, bytes)| compare(tile, bytes));
        differing.unwrap_or(Ok(())).map_err(contradiction)?;
        if *front.edge() != self.standing.tiled {
            return Err(SignError::Stopped(Stop::FolderDiffers(format!(
                "another root at {size} leaves"
            ))));
        }
        self.checked = Some(front);
        Ok(())
    }
}

fn contradiction(error: FrontError) -> SignError {
    match error {
        FrontError::Shelf(
            error @ (ShelfError::Full | ShelfError::Failed(_) | ShelfError::Fatal(_)),
        ) => SignError::Shelf(error),
        other => SignError::Stopped(Stop::FolderDiffers(other.to_string())),
    }
}

impl<S: Shelf> Signed<S> {
    /// The head, with the log's signature and the cosignatures that it has already.
    pub fn checkpoint(&self) -> &SignedCheckpoint {
        &self.checkpoint
    }

    /// Whether this head is not the published one.
    pub fn is_new(&self) -> bool {
        self.is_new
    }

    /// Asks those of the witnesses that have not cosigned this head, all at once. Takes as long as the slowest client allows itself;
    /// the register is free meanwhile. One that does not answer is asked again with the next head, or with this one signed again.
    pub fn countersign(self, witnesses: &[&dyn Witness]) -> Countersigned {
        let lines = self.checkpoint.note().signatures();
        let missing =
            |witness: &&&dyn Witness| !lines.iter().any(|line| line.is_by(witness.vkey()));
        let asked: Vec<&dyn Witness> = witnesses.iter().filter(missing).copied().collect();
        let size = self.checkpoint.checkpoint().size;
        let proof = |old_size| proof(&*self.shelf, old_size, size);
        let outcomes = ask_all(&asked, &self.checkpoint, &self.known, &proof);
        Countersigned {
            checkpoint: self.checkpoint,
            outcomes,
        }
    }
}

impl Countersigned {
    /// What each of the asked witnesses said, by name.
    pub fn outcomes(&self) -> &BTreeMap<String, Outcome> {
        &self.outcomes
    }
}

pub(crate) fn proof(
    shelf: &(impl Shelf + ?Sized),
    old_size: u64,
    size: u64,
) -> Result<Vec<Hash>, String> {
    let mut nodes = TileNodes::new(size, |tile| read_tile(shelf, tile));
    consistency_proof(&mut nodes, old_size, size).map_err(|error| error.to_string())
}
