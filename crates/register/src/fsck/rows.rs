//! One tile of hashes against what the level below gives, and the question which of the two is right.

use record::hash::{Hash, node_hash};
use record::tile::{Row, Tile, WIDTH_MAX, decode_hashes};
use record::tree::RightEdge;

use crate::fsck::{Finding, at};
use crate::shelf::{Shelf, read_tile};

pub(crate) struct RowCheck<'a, S> {
    pub(crate) shelf: &'a S,
    pub(crate) size: u64,
    pub(crate) edge: &'a RightEdge,
}

impl<S: Shelf> RowCheck<'_, S> {
    /// Compares a tile with the hashes that the level below gives (`None`: that level cannot be read). Returns the hash for the level above, by
    /// whichever of the two is believed; `None` if the tile is not full, or nothing can be believed.
    ///
    /// If both agree, they are believed; the level above will then be found wrong if it is. If not, the one that leads to the hash above
    /// it (or for an unfinished tile: to the nodes of the ledger's right edge) is right and the other is named.
    pub(crate) fn tile(
        &self,
        row: Row,
        index: u64,
        computed: Option<&[Hash]>,
        findings: &mut Vec<Finding>,
    ) -> Option<Hash> {
        let tile = Tile::in_record(row, index, self.size)?;
        let stored = self.stored(&tile, findings);
        let computed = computed.filter(|hashes| hashes.len() == usize::from(tile.width()));
        let believed = match (&stored, computed) {
            (Some(stored), Some(computed)) if stored == computed => Some(computed),
            (Some(stored), Some(computed)) => {
                let leads = [stored, computed].map(|hashes| self.leads_up(&tile, hashes));
                name(&tile, stored, computed, leads, findings);
                Some(if leads == [true, false] {
                    stored
                } else {
                    computed
                })
            }
            (None, computed) => computed,
            // Why the level below cannot be read is a finding already.
            (Some(stored), None) => Some(&stored[..]),
        };
        believed.filter(|_| tile.is_full()).map(root)
    }

    /// The hashes that the tile has, or a finding.
    fn stored(&self, tile: &Tile, findings: &mut Vec<Finding>) -> Option<Vec<Hash>> {
        let read = read_tile(self.shelf, tile).map_err(|error| error.to_string());
        let hashes = read.and_then(|bytes| {
            decode_hashes(&bytes, tile.width()).map_err(|error| error.to_string())
        });
        hashes
            .map_err(|cause| findings.push(Finding::new(at(*tile), cause)))
            .ok()
    }

    /// Whether these hashes lead to what stands above them.
    fn leads_up(&self, tile: &Tile, hashes: &[Hash]) -> bool {
        let Row::Hashes(level) = tile.row() else {
            return false;
        };
        if !tile.is_full() {
            return self.edge_nodes(level) == subtrees(hashes);
        }
        let width = u64::from(WIDTH_MAX);
        let parent = Tile::in_record(Row::Hashes(level + 1), tile.index() / width, self.size);
        let Some(parent) = parent else { return false };
        let Ok(bytes) = read_tile(self.shelf, &parent) else {
            return false;
        };
        let Ok(above) = decode_hashes(&bytes, parent.width()) else {
            return false;
        };
        above.get((tile.index() % width) as usize) == Some(&root(hashes))
    }

    /// The ledger's right edge, as far as it belongs to the unfinished tile of a level: the nodes of the size's bits from 8·level on, eight of them.
    fn edge_nodes(&self, level: u8) -> Vec<Hash> {
        let bits = (0..64_u32).rev().filter(|bit| self.size >> bit & 1 == 1);
        let of_level = bits
            .zip(self.edge.nodes())
            .filter(|(bit, _)| bit / 8 == u32::from(level));
        of_level.map(|(_, node)| *node).collect()
    }
}

fn name(
    tile: &Tile,
    stored: &[Hash],
    computed: &[Hash],
    leads: [bool; 2],
    findings: &mut Vec<Finding>,
) {
    let differing: Vec<u64> = (tile.start()..)
        .zip(stored.iter().zip(computed))
        .filter(|(_, (stored, computed))| stored != computed)
        .map(|(index, _)| index)
        .collect();
    let list = differing
        .iter()
        .take(8)
        .map(u64::to_string)
        .collect::<Vec<_>>()
        .join(", ");
    let [stored_leads, computed_leads] = leads;
    if !stored_leads {
        findings.push(Finding::new(
            at(*tile),
            format!("hash {list} is not what lies below gives"),
        ));
    }
    if computed_leads {
        return;
    }
    for below in differing.iter().filter_map(|index| below(tile, *index)) {
        findings.push(Finding::new(
            at(below),
            format!("does not give the hash that stands for it in {tile}"),
        ));
    }
}

/// What a hash of this tile is computed from: a leaf's bundle, or a full tile of the level below.
fn below(tile: &Tile, index: u64) -> Option<Tile> {
    match tile.row() {
        Row::Hashes(0) => Tile::new(Row::Entries, tile.index(), tile.width()).ok(),
        Row::Hashes(level) => Tile::new(Row::Hashes(level - 1), index, WIDTH_MAX).ok(),
        Row::Entries => None,
    }
}

/// The roots of the full subtrees over these hashes, the largest first.
fn subtrees(mut hashes: &[Hash]) -> Vec<Hash> {
    let mut roots = Vec::new();
    while !hashes.is_empty() {
        let (full, rest) = hashes.split_at(1 << hashes.len().ilog2());
        roots.push(root(full));
        hashes = rest;
    }
    roots
}

/// The root over a power of two of hashes.
pub(crate) fn root(hashes: &[Hash]) -> Hash {
    match hashes {
        [] => Hash::ZERO,
        [one] => *one,
        _ => {
            let (left, right) = hashes.split_at(hashes.len() / 2);
            node_hash(&root(left), &root(right))
        }
    }
}
