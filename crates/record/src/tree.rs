//! The record's Merkle tree (RFC 6962 with SHA-256): its right edge, its root at every size, and its proofs.
//!
//! Nodes are named by level and index: the node at `(level, index)` is the root over the `2^level` leaves from
//! `index * 2^level` on, all of which exist. Level 0 holds the leaf hashes.

use crate::hash::Hash;

mod consistency;
mod edge;
mod inclusion;

pub use consistency::{ConsistencyError, consistency_proof, verify_consistency};
pub use edge::{EdgeError, RightEdge};
pub use inclusion::{InclusionError, inclusion_proof, root_from_inclusion, verify_inclusion};

/// Where complete nodes are read from: tiles, or a list in memory.
///
/// A reader returns the very node that the record's writer computed, or an error; it is never asked for a node that
/// reaches beyond the size it was opened for. It may keep what it read.
pub trait NodeReader {
    /// Why a node could not be read.
    type Error;

    /// The root over the `2^level` leaves from `index * 2^level` on.
    fn node(&mut self, level: u8, index: u64) -> Result<Hash, Self::Error>;
}

impl<R: NodeReader + ?Sized> NodeReader for &mut R {
    type Error = R::Error;

    fn node(&mut self, level: u8, index: u64) -> Result<Hash, R::Error> {
        (**self).node(level, index)
    }
}

/// Why a proof cannot be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProofError<E> {
    /// The leaf or the smaller tree lies beyond the tree: ask for a larger one, or a smaller index.
    #[error("{asked} lies beyond the tree of {size} leaves")]
    Beyond {
        /// The index or size asked for.
        asked: u64,
        /// The leaves of the tree.
        size: u64,
    },
    /// A node could not be read.
    #[error("a node could not be read: {0}")]
    Node(E),
}

/// The root of the tree of the first `size` leaves.
pub fn root_at<R: NodeReader>(reader: &mut R, size: u64) -> Result<Hash, R::Error> {
    if size == 0 {
        return Ok(crate::hash::empty_root());
    }
    range_root(
        reader,
        Range {
            start: 0,
            end: size,
        },
    )
}

/// The right edge of the tree of the first `size` leaves, with which appending goes on.
pub fn right_edge<R: NodeReader>(reader: &mut R, size: u64) -> Result<RightEdge, R::Error> {
    let mut nodes = Vec::new();
    let mut start = 0;
    for level in (0..64u8).rev().filter(|level| size >> level & 1 == 1) {
        nodes.push(reader.node(level, start >> level)?);
        start += 1 << level;
    }
    Ok(RightEdge::from_parts(size, nodes))
}

/// Leaves `start..end`, never empty: a subtree as RFC 6962 splits them.
#[derive(Clone, Copy)]
struct Range {
    start: u64,
    end: u64,
}

impl Range {
    fn length(self) -> u64 {
        self.end - self.start
    }

    /// The largest power of two below the length, which RFC 6962 gives to the left side; `None` for one leaf.
    fn split(self) -> Option<(Range, Range)> {
        let last = self.length().checked_sub(1).filter(|last| *last > 0)?;
        let middle = self.start + (1 << last.ilog2());
        Some((
            Range {
                end: middle,
                ..self
            },
            Range {
                start: middle,
                ..self
            },
        ))
    }
}

fn range_root<R: NodeReader>(reader: &mut R, range: Range) -> Result<Hash, R::Error> {
    match range.split() {
        Some((left, right)) if !range.length().is_power_of_two() => {
            let left = range_root(reader, left)?;
            Ok(crate::hash::node_hash(&left, &range_root(reader, right)?))
        }
        // A power of two starts at a multiple of itself, because every split before it did.
        _ => {
            let level = range.length().trailing_zeros();
            reader.node(level as u8, range.start >> level)
        }
    }
}
