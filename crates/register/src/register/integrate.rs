//! Leaves become tiles.

use record::tile::Tile;

use crate::batch::split;
use crate::front::Front;
use crate::journal::{Journal, JournalError, Staged, Standing};
use crate::register::{Register, Signing};
use crate::shelf::{Shelf, ShelfError};
use crate::stop::Stop;

/// How many bytes of staged leaves are tiled in one go: some sixty batches of a thousand. More saves fsyncs and costs memory.
const TOGETHER_BYTES_MAX: usize = 4 * 1024 * 1024;

/// Why tiles were not written. But for a fatal error the batches stay staged and it may be tried again.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IntegrateError {
    /// The ledger did not answer; see the inner error.
    #[error(transparent)]
    Journal(JournalError),
    /// The shelf did not take the tiles; see the inner error.
    #[error(transparent)]
    Shelf(ShelfError),
    /// The staged batches do not continue the tiles or do not lead to the head. Run `fsck`; restore from a backup.
    #[error("the staged batches are damaged: {0}")]
    Staged(String),
    /// The tiles contradict the ledger, so none is written; the batches stay staged.
    #[error(transparent)]
    Stopped(Stop),
    /// The register ended before, for this reason.
    #[error("the register has ended: {0}")]
    Ended(String),
}

impl IntegrateError {
    /// Whether the process must end.
    pub fn is_fatal(&self) -> bool {
        match self {
            IntegrateError::Journal(error) => matches!(error, JournalError::Fatal(_)),
            IntegrateError::Shelf(error) => matches!(error, ShelfError::Fatal(_)),
            IntegrateError::Ended(_) => true,
            IntegrateError::Staged(_) | IntegrateError::Stopped(_) => false,
        }
    }
}

impl<J: Journal, S: Shelf> Register<J, S> {
    /// Writes the tiles of staged batches, durably, and then drops the batches; `true` if there may be more to do.
    ///
    /// A crash leaves some of the tiles and all of the batches. The next call (after a crash: the next start) computes the same tiles,
    /// finds some of them there, compares, and writes the others.
    pub fn integrate(&mut self) -> Result<bool, IntegrateError> {
        if let Some(cause) = &self.ended {
            return Err(IntegrateError::Ended(cause.clone()));
        }
        if self.standing.tiled.size() == self.standing.edge.size() {
            return Ok(false);
        }
        if let Signing::Stopped(stop) = &self.signing {
            return Err(IntegrateError::Stopped(stop.clone()));
        }
        let done = self.tile_staged();
        if let Err(error) = &done
            && error.is_fatal()
        {
            self.end(error);
        }
        done.map(|()| self.standing.tiled.size() < self.standing.edge.size())
    }

    fn tile_staged(&mut self) -> Result<(), IntegrateError> {
        let old_size = self.front.size();
        let staged = self
            .journal
            .staged(old_size, TOGETHER_BYTES_MAX)
            .map_err(IntegrateError::Journal)?;
        let mut front = self.front.clone();
        let mut tiles = feed(&mut front, &staged)?;
        let replaced: Vec<Tile> = tiles
            .iter()
            .map(|(tile, _)| *tile)
            .filter(|tile| was_partial(tile, old_size))
            .collect();
        tiles.extend(front.partials(old_size));
        let is_head = front.size() == self.standing.edge.size();
        if front.size() == old_size || is_head && *front.edge() != self.standing.edge {
            return Err(IntegrateError::Staged(
                "they do not lead to the head".to_owned(),
            ));
        }
        self.shelf.put(&tiles).map_err(IntegrateError::Shelf)?;
        let to = Standing {
            tiled: front.edge().clone(),
            ..self.standing.clone()
        };
        self.journal
            .advance(&self.standing, &to)
            .map_err(IntegrateError::Journal)?;
        self.standing = to;
        self.front = front;
        // What stays behind when this fails is clutter, which readers do not look at.
        let _ = self.shelf.prune(&replaced);
        Ok(())
    }
}

/// Feeds the batches to the front and returns the tiles that are full now.
fn feed(front: &mut Front, staged: &[Staged]) -> Result<Vec<(Tile, Vec<u8>)>, IntegrateError> {
    let mut tiles = Vec::new();
    for batch in staged {
        let size = front.size();
        if batch.start != size {
            let cause = format!("one begins at {}, the tiles end at {size}", batch.start);
            return Err(IntegrateError::Staged(cause));
        }
        let leaves = split(&batch.leaves);
        let leaves =
            leaves.ok_or_else(|| IntegrateError::Staged(format!("the one at {size} is torn")))?;
        leaves
            .into_iter()
            .for_each(|leaf| front.append(leaf, &mut |tile, bytes| tiles.push((tile, bytes))));
    }
    Ok(tiles)
}

/// Whether the record of `old_size` leaves had this tile, though not full.
fn was_partial(tile: &Tile, old_size: u64) -> bool {
    Tile::in_record(tile.row(), tile.index(), old_size).is_some_and(|old| !old.is_full())
}
