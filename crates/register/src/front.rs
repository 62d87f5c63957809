//! The growing end of the record: the right edge of its tree, and the tiles that are not full.
//!
//! Writing tiles and checking them are the same computation here: a front is fed leaves and gives the tiles that result. The writer puts them
//! on the shelf; the check before signing feeds a second front with the leaves that it read back, and compares.

use record::hash::{Hash, leaf_hash};
use record::tile::{Row, Tile, TileNodes, WIDTH_MAX, decode_hashes, encode_hashes};
use record::tree::{self, RightEdge};

use crate::batch::split;
use crate::shelf::{Shelf, ShelfError, read_tile};

#[derive(Clone, Debug)]
pub(crate) struct Front {
    edge: RightEdge,
    /// The bytes of the unfinished entry bundle, and how many leaves it holds.
    entries: Vec<u8>,
    entries_count: u16,
    /// The hashes of the unfinished tile of each level.
    hashes: Vec<Vec<Hash>>,
}

/// Why the growing end could not be read from the shelf.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum FrontError {
    #[error(transparent)]
    Shelf(ShelfError),
    #[error("{0} is damaged")]
    Damaged(Tile),
}

impl Front {
    /// The end of a record without leaves.
    pub(crate) fn new() -> Front {
        Front {
            edge: RightEdge::new(),
            entries: Vec::new(),
            entries_count: 0,
            hashes: Vec::new(),
        }
    }

    /// Reads the end of the record of `size` leaves: one tile of each row. Whether it leads to the right root is for the caller to compare.
    pub(crate) fn load(shelf: &(impl Shelf + ?Sized), size: u64) -> Result<Front, FrontError> {
        let mut front = Front::new();
        front.edge = read_edge(shelf, size)?;
        if let Some(tile) = unfinished(Row::Entries, size) {
            front.entries = read_tile(shelf, &tile).map_err(FrontError::Shelf)?;
            front.entries_count = tile.width();
            let leaves = split(&front.entries).map(|leaves| leaves.len());
            if leaves != Some(usize::from(tile.width())) {
                return Err(FrontError::Damaged(tile));
            }
        }
        for level in (0..8).filter(|level| size >> (8 * u32::from(*level)) > 0) {
            let tile = unfinished(Row::Hashes(level), size);
            front
                .hashes
                .push(tile.map_or(Ok(Vec::new()), |tile| read_hashes(shelf, &tile))?);
        }
        Ok(front)
    }

    pub(crate) fn edge(&self) -> &RightEdge {
        &self.edge
    }

    pub(crate) fn size(&self) -> u64 {
        self.edge.size()
    }

    /// Appends a leaf and hands the tiles that it fills to `full`.
    pub(crate) fn append(&mut self, leaf: &[u8], full: &mut impl FnMut(Tile, Vec<u8>)) {
        let index = self.size();
        // A batch is made of leaves of at most 65,535 bytes.
        self.entries
            .extend_from_slice(&(leaf.len() as u16).to_be_bytes());
        self.entries.extend_from_slice(leaf);
        self.entries_count += 1;
        if self.entries_count == WIDTH_MAX {
            emit(Row::Entries, index, std::mem::take(&mut self.entries), full);
            self.entries_count = 0;
        }
        let hashes = &mut self.hashes;
        self.edge
            .append_leaves([leaf_hash(leaf)], |level, index, node| {
                if level % 8 != 0 {
                    return;
                }
                let row = usize::from(level / 8);
                if hashes.len() <= row {
                    hashes.resize_with(row + 1, Vec::new);
                }
                hashes[row].push(*node);
                if hashes[row].len() == usize::from(WIDTH_MAX) {
                    emit(
                        Row::Hashes(level / 8),
                        index,
                        encode_hashes(&hashes[row]),
                        full,
                    );
                    hashes[row].clear();
                }
            });
    }

    /// The unfinished tiles that the record of `old_size` leaves did not have in this width.
    pub(crate) fn partials(&self, old_size: u64) -> Vec<(Tile, Vec<u8>)> {
        let grown = Tile::grown(old_size, self.size())
            .into_iter()
            .filter(|tile| !tile.is_full());
        let with_bytes = grown.map(|tile| match tile.row() {
            Row::Entries => (tile, self.entries.clone()),
            Row::Hashes(level) => (
                tile,
                encode_hashes(
                    self.hashes
                        .get(usize::from(level))
                        .map_or(&[], Vec::as_slice),
                ),
            ),
        });
        with_bytes.collect()
    }
}

/// The right edge of the first `size` leaves, read from the tiles.
pub(crate) fn read_edge(shelf: &(impl Shelf + ?Sized), size: u64) -> Result<RightEdge, FrontError> {
    let mut nodes = TileNodes::new(size, |tile| read_tile(shelf, tile));
    tree::right_edge(&mut nodes, size).map_err(|error| match error {
        record::tile::TileNodeError::Fetch { cause, .. } => FrontError::Shelf(cause),
        record::tile::TileNodeError::Damaged { tile } => FrontError::Damaged(tile),
        beyond => FrontError::Shelf(ShelfError::Failed(beyond.to_string())),
    })
}

fn read_hashes(shelf: &(impl Shelf + ?Sized), tile: &Tile) -> Result<Vec<Hash>, FrontError> {
    let bytes = read_tile(shelf, tile).map_err(FrontError::Shelf)?;
    decode_hashes(&bytes, tile.width()).map_err(|_| FrontError::Damaged(*tile))
}

/// The last tile of a row, if it is not full.
fn unfinished(row: Row, size: u64) -> Option<Tile> {
    let length = match row {
        Row::Entries => size,
        Row::Hashes(level) => size >> (8 * u32::from(level)),
    };
    let tile = Tile::in_record(row, length / u64::from(WIDTH_MAX), size)?;
    (!tile.is_full()).then_some(tile)
}

fn emit(row: Row, last: u64, bytes: Vec<u8>, full: &mut impl FnMut(Tile, Vec<u8>)) {
    if let Ok(tile) = Tile::new(row, last / u64::from(WIDTH_MAX), WIDTH_MAX) {
        full(tile, bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a front emits between two sizes is exactly what the specification says has grown.
    #[test]
    fn the_tiles_between_two_sizes_are_those_that_grew() {
        for (old, new) in [
            (0, 16),
            (16, 32),
            (240, 272),
            (256, 512),
            (0, 65_552),
            (65_520, 65_536),
            (65_536, 65_552),
        ] {
            let mut front = Front::new();
            (0..old).for_each(|n: u64| front.append(&n.to_be_bytes(), &mut |_, _| {}));
            let mut tiles = Vec::new();
            (old..new).for_each(|n: u64| {
                front.append(&n.to_be_bytes(), &mut |tile, bytes| {
                    tiles.push((tile, bytes))
                })
            });
            tiles.extend(front.partials(old));
            let mut found: Vec<Tile> = tiles.iter().map(|(tile, _)| *tile).collect();
            found.sort();
            let mut expected = Tile::grown(old, new);
            expected.sort();
            assert_eq!(found, expected, "{old} to {new}");
            for (tile, bytes) in tiles {
                let width = tile.width();
                match tile.row() {
                    Row::Entries => assert!(record::tile::decode_entries(&bytes, width).is_ok()),
                    Row::Hashes(_) => assert!(decode_hashes(&bytes, width).is_ok()),
                }
            }
        }
    }
}
