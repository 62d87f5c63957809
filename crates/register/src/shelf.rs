//! The port to where the record is published: tiles that never change, and the one checkpoint that does.

use record::tile::{Row, Tile, WIDTH_MAX};

/// Why the shelf did not do or answer something.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ShelfError {
    /// The tile is not there. If the record is large enough to have it, it was lost: run `fsck`, restore from a backup.
    #[error("{0} is not there")]
    Absent(Tile),
    /// A tile of this name is there with other bytes. Somebody altered the record, or two registers write one folder: nothing more may be signed.
    #[error("{0} is there already with other bytes")]
    Differs(Tile),
    /// The disk is full. Leaves stay staged and are tiled once there is room.
    #[error("the disk is full")]
    Full,
    /// Anything else; it may or may not have been done, and doing it again is safe.
    #[error("the record's folder failed: {0}")]
    Failed(String),
    /// An fsync failed. End the process; the next start writes the tiles again from the staged batch.
    #[error("the record's disk failed, the process must end: {0}")]
    Fatal(String),
}

/// Where tiles and checkpoint lie.
///
/// **Durability.** What [`Shelf::put`] and [`Shelf::publish`] returned from without error survives a crash. A crash during `put` leaves any part of
/// the tiles, each whole or absent; during `publish` the old checkpoint or the new.
/// **Concurrency.** Anybody may read at any time; only the holder of the register's lock writes.
/// **Errors.** See [`ShelfError`].
pub trait Shelf: Send + Sync {
    /// Writes tiles, create-only: one that is there with the same bytes is left alone, with other bytes it is [`ShelfError::Differs`].
    fn put(&self, tiles: &[(Tile, Vec<u8>)]) -> Result<(), ShelfError>;
    /// The bytes of exactly this tile, with this width. Reads what the disk's cache says, not what memory remembers.
    fn get(&self, tile: &Tile) -> Result<Vec<u8>, ShelfError>;
    /// Removes the partial tiles that these full ones have replaced; it need not be durable.
    fn prune(&self, full: &[Tile]) -> Result<(), ShelfError>;
    /// The published checkpoint; `None` if there is none yet.
    fn checkpoint(&self) -> Result<Option<Vec<u8>>, ShelfError>;
    /// Replaces the published checkpoint, atomically.
    fn publish(&self, checkpoint: &[u8]) -> Result<(), ShelfError>;
    /// Moves the published checkpoint aside, durably, where people can still find it: the record begins anew under another name.
    fn retire_checkpoint(&self) -> Result<(), ShelfError>;
}

impl<S: Shelf + ?Sized> Shelf for std::sync::Arc<S> {
    fn put(&self, tiles: &[(Tile, Vec<u8>)]) -> Result<(), ShelfError> {
        (**self).put(tiles)
    }

    fn get(&self, tile: &Tile) -> Result<Vec<u8>, ShelfError> {
        (**self).get(tile)
    }

    fn prune(&self, tiles: &[Tile]) -> Result<(), ShelfError> {
        (**self).prune(tiles)
    }

    fn checkpoint(&self) -> Result<Option<Vec<u8>>, ShelfError> {
        (**self).checkpoint()
    }

    fn publish(&self, checkpoint: &[u8]) -> Result<(), ShelfError> {
        (**self).publish(checkpoint)
    }

    fn retire_checkpoint(&self) -> Result<(), ShelfError> {
        (**self).retire_checkpoint()
    }
}

/// Reads a tile; where a partial one was pruned, its beginning of the full one.
pub fn read_tile(shelf: &(impl Shelf + ?Sized), tile: &Tile) -> Result<Vec<u8>, ShelfError> {
    match shelf.get(tile) {
        Err(ShelfError::Absent(_)) if !tile.is_full() => {}
        other => return other,
    }
    let absent = || ShelfError::Absent(*tile);
    let full = Tile::new(tile.row(), tile.index(), WIDTH_MAX).map_err(|_| absent())?;
    let mut bytes = shelf.get(&full).map_err(|error| match error {
        ShelfError::Absent(_) => absent(),
        other => other,
    })?;
    let length = match tile.row() {
        Row::Hashes(_) => Some(32 * usize::from(tile.width())),
        Row::Entries => leaves_length(&bytes, tile.width()),
    };
    match length {
        Some(length) if length <= bytes.len() => bytes.truncate(length),
        _ => return Err(ShelfError::Failed(format!("{full} is damaged"))),
    }
    Ok(bytes)
}

/// How many bytes the first `count` leaves of a bundle take.
fn leaves_length(bundle: &[u8], count: u16) -> Option<usize> {
    (0..count).try_fold(0, |at, _| {
        let length = bundle.get(at..)?.first_chunk::<2>()?;
        Some(at + 2 + usize::from(u16::from_be_bytes(*length)))
    })
}
