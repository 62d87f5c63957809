//! Tiles: the files in which a record is published (C2SP tlog-tiles; record.md, section 3).

use core::fmt;
use std::collections::BTreeMap;

use crate::encoding::{self, INTEGER_MAX};
use crate::hash::{Hash, node_hash};
use crate::tree::NodeReader;

/// How many hashes or entries a full tile holds.
pub const WIDTH_MAX: u16 = 256;

/// The longest leaf: what the 16-bit length of an entry bundle can say.
pub const LEAF_BYTES_MAX: usize = 65_535;

/// The highest level that a path can name.
const LEVEL_MAX: u8 = 63;

/// How many tiles [`TileNodes`] keeps: a proof needs one per level on each side, and no record has eight levels.
const TILES_KEPT: usize = 64;

/// Which row of tiles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Row {
    /// The entries themselves.
    Entries,
    /// Hashes: at level L each is the root over `256^L` leaves. Levels go from 0 to 63.
    Hashes(u8),
}

/// One tile: its row, its index there, and how many hashes or entries it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tile {
    row: Row,
    index: u64,
    width: u16,
}

/// Why there is no such tile, or bytes are not the tile that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TileError {
    /// A level above 63, a width that is not 1 to 256, or an index beyond the largest record: no record has such a tile.
    #[error("there is no tile of this level, index and width")]
    Coordinate,
    /// The path is not one that C2SP's tlog-tiles gives to a tile.
    #[error("the path does not name a tile")]
    Path,
    /// The tile holds more or fewer bytes than its width asks for: it is damaged, or another tile.
    #[error("the tile does not hold what its width asks for")]
    Length,
    /// A leaf is longer than 65,535 bytes; put its content behind a digest.
    #[error("a leaf is longer than 65,535 bytes")]
    LeafTooLong,
}

impl Tile {
    /// The tile of this row and index that holds `width` hashes or entries.
    pub fn new(row: Row, index: u64, width: u16) -> Result<Tile, TileError> {
        let level_exists = !matches!(row, Row::Hashes(level) if level > LEVEL_MAX);
        let index_exists = index <= INTEGER_MAX / u64::from(WIDTH_MAX);
        if !level_exists || !index_exists || width == 0 || width > WIDTH_MAX {
            return Err(TileError::Coordinate);
        }
        Ok(Tile { row, index, width })
    }

    /// The tile of this row and index as it stands in a record of `size` leaves, or `None` if it is empty there.
    pub fn in_record(row: Row, index: u64, size: u64) -> Option<Tile> {
        let start = index.checked_mul(u64::from(WIDTH_MAX))?;
        let held = row_length(row, size).checked_sub(start)?;
        let width = u16::try_from(held.min(u64::from(WIDTH_MAX))).ok()?;
        Tile::new(row, index, width).ok()
    }

    /// Every tile that a record of `size` leaves has and one of `old_size` leaves did not, entries first.
    pub fn grown(old_size: u64, size: u64) -> Vec<Tile> {
        let levels = (0..=7).map(Row::Hashes);
        let rows = core::iter::once(Row::Entries).chain(levels);
        rows.flat_map(|row| {
            let (old, new) = (row_length(row, old_size), row_length(row, size));
            let first = old / u64::from(WIDTH_MAX);
            let end = if new > old {
                new.div_ceil(u64::from(WIDTH_MAX))
            } else {
                first
            };
            (first..end).filter_map(move |index| Tile::in_record(row, index, size))
        })
        .collect()
    }

    /// The row.
    pub fn row(&self) -> Row {
        self.row
    }

    /// The index within the row.
    pub fn index(&self) -> u64 {
        self.index
    }

    /// How many hashes or entries the tile holds.
    pub fn width(&self) -> u16 {
        self.width
    }

    /// Whether the tile is full and so never changes again.
    pub fn is_full(&self) -> bool {
        self.width == WIDTH_MAX
    }

    /// The index within the row of the first hash or entry of this tile.
    pub fn start(&self) -> u64 {
        self.index * u64::from(WIDTH_MAX)
    }

    /// Where the tile lies under the record's folder or URL: `tile/0/x001/234`, `tile/entries/000.p/5`.
    pub fn path(&self) -> String {
        self.to_string()
    }

    /// Reads a path as [`Tile::path`] writes it.
    pub fn from_path(path: &str) -> Result<Tile, TileError> {
        let rest = path.strip_prefix("tile/").ok_or(TileError::Path)?;
        let (row, rest) = rest.split_once('/').ok_or(TileError::Path)?;
        let row = match row {
            "entries" => Row::Entries,
            level => Row::Hashes(small_decimal(level, u64::from(LEVEL_MAX))?),
        };
        let (index, width) = match rest.split_once(".p/") {
            Some((index, width)) => (index, u16::from(small_decimal(width, 255)?)),
            None => (rest, WIDTH_MAX),
        };
        let tile = Tile::new(row, index_from_path(index)?, width)?;
        match tile.path() == path {
            true => Ok(tile),
            false => Err(TileError::Path),
        }
    }
}

impl fmt::Display for Tile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.row {
            Row::Entries => f.write_str("tile/entries/")?,
            Row::Hashes(level) => write!(f, "tile/{level}/")?,
        }
        let mut divisor = 1;
        while self.index / divisor >= 1000 {
            divisor *= 1000;
        }
        while divisor > 1 {
            write!(f, "x{:03}/", self.index / divisor % 1000)?;
            divisor /= 1000;
        }
        write!(f, "{:03}", self.index % 1000)?;
        if !self.is_full() {
            write!(f, ".p/{}", self.width)?;
        }
        Ok(())
    }
}

fn small_decimal(text: &str, max: u64) -> Result<u8, TileError> {
    let number = encoding::decimal(text, max).map_err(|_| TileError::Path)?;
    u8::try_from(number).map_err(|_| TileError::Path)
}

/// Reads the groups of three digits; spellings that are not canonical are found by writing the path again.
fn index_from_path(path: &str) -> Result<u64, TileError> {
    path.split('/').try_fold(0u64, |index, group| {
        let digits = group.strip_prefix('x').unwrap_or(group);
        if digits.len() != 3 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(TileError::Path);
        }
        let group: u64 = digits.parse().map_err(|_| TileError::Path)?;
        let shifted = index.checked_mul(1000).ok_or(TileError::Path)?;
        shifted.checked_add(group).ok_or(TileError::Path)
    })
}

/// How many hashes or entries a row holds in a record of `size` leaves.
fn row_length(row: Row, size: u64) -> u64 {
    match row {
        Row::Entries => size,
        Row::Hashes(level) => size.checked_shr(8 * u32::from(level)).unwrap_or(0),
    }
}

/// The bytes of a tile of hashes.
pub fn encode_hashes(hashes: &[Hash]) -> Vec<u8> {
    hashes
        .iter()
        .flat_map(|hash| hash.as_bytes())
        .copied()
        .collect()
}

/// Reads a tile of exactly `width` hashes.
pub fn decode_hashes(bytes: &[u8], width: u16) -> Result<Vec<Hash>, TileError> {
    let (hashes, rest) = bytes.as_chunks::<32>();
    if !rest.is_empty() || hashes.len() != usize::from(width) {
        return Err(TileError::Length);
    }
    Ok(hashes.iter().map(|hash| Hash::from_bytes(*hash)).collect())
}

/// The bytes of an entry bundle: each leaf behind its length in 16 bits, big-endian.
pub fn encode_entries<L: AsRef<[u8]>>(
    leaves: impl IntoIterator<Item = L>,
) -> Result<Vec<u8>, TileError> {
    let mut bytes = Vec::new();
    for leaf in leaves {
        let leaf = leaf.as_ref();
        let length = u16::try_from(leaf.len()).map_err(|_| TileError::LeafTooLong)?;
        bytes.extend_from_slice(&length.to_be_bytes());
        bytes.extend_from_slice(leaf);
    }
    Ok(bytes)
}

/// Reads an entry bundle of exactly `width` leaves.
pub fn decode_entries(bytes: &[u8], width: u16) -> Result<Vec<&[u8]>, TileError> {
    let mut leaves = Vec::with_capacity(usize::from(width));
    let mut rest = bytes;
    for _ in 0..width {
        let (length, after) = rest.split_first_chunk::<2>().ok_or(TileError::Length)?;
        let length = usize::from(u16::from_be_bytes(*length));
        let (leaf, after) = after.split_at_checked(length).ok_or(TileError::Length)?;
        leaves.push(leaf);
        rest = after;
    }
    match rest.is_empty() {
        true => Ok(leaves),
        false => Err(TileError::Length),
    }
}

/// Nodes of a record of a certain size, read from its tiles; `fetch` gives the bytes of a tile.
pub struct TileNodes<F> {
    size: u64,
    fetch: F,
    kept: BTreeMap<Tile, Vec<Hash>>,
}

/// Why a node could not be had from tiles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TileNodeError<E> {
    /// The tile could not be fetched.
    #[error("{tile} could not be fetched: {cause}")]
    Fetch {
        /// The tile.
        tile: Tile,
        /// What its store said.
        cause: E,
    },
    /// The tile has another length than its width asks for: it is damaged.
    #[error("{tile} does not hold what its width asks for")]
    Damaged {
        /// The tile.
        tile: Tile,
    },
    /// The node reaches beyond the record; a caller's mistake.
    #[error("the record has no node {index} at level {level}")]
    Beyond {
        /// The level.
        level: u8,
        /// The index.
        index: u64,
    },
}

impl<E, F: FnMut(&Tile) -> Result<Vec<u8>, E>> TileNodes<F> {
    /// Reads the nodes of the first `size` leaves.
    pub fn new(size: u64, fetch: F) -> TileNodes<F> {
        TileNodes {
            size,
            fetch,
            kept: BTreeMap::new(),
        }
    }

    fn hashes(&mut self, tile: Tile) -> Result<&[Hash], TileNodeError<E>> {
        if !self.kept.contains_key(&tile) {
            let fetched = (self.fetch)(&tile);
            let bytes = fetched.map_err(|cause| TileNodeError::Fetch { tile, cause })?;
            let hashes =
                decode_hashes(&bytes, tile.width).map_err(|_| TileNodeError::Damaged { tile })?;
            if self.kept.len() >= TILES_KEPT {
                self.kept.clear();
            }
            self.kept.insert(tile, hashes);
        }
        Ok(self.kept.get(&tile).map_or(&[], Vec::as_slice))
    }
}

impl<E, F: FnMut(&Tile) -> Result<Vec<u8>, E>> NodeReader for TileNodes<F> {
    type Error = TileNodeError<E>;

    fn node(&mut self, level: u8, index: u64) -> Result<Hash, TileNodeError<E>> {
        let beyond = TileNodeError::Beyond { level, index };
        let (row, height) = (Row::Hashes(level / 8), level % 8);
        let width = u64::from(WIDTH_MAX);
        let Some(first) = index.checked_mul(1 << height) else {
            return Err(beyond);
        };
        let Some(tile) = Tile::in_record(row, first / width, self.size) else {
            return Err(beyond);
        };
        let (start, count) = ((first % width) as usize, 1usize << height);
        match self.hashes(tile)?.get(start..start + count) {
            Some(below) => Ok(root_of_full(below)),
            None => Err(beyond),
        }
    }
}

/// The root over a power of two of hashes.
fn root_of_full(hashes: &[Hash]) -> Hash {
    match hashes {
        [one] => *one,
        _ => {
            let (left, right) = hashes.split_at(hashes.len() / 2);
            node_hash(&root_of_full(left), &root_of_full(right))
        }
    }
}
