//! The right edge: the roots of the complete subtrees whose sizes add up to the tree's, the largest first.

use crate::encoding::INTEGER_MAX;
use crate::hash::{Hash, empty_root, node_hash};

/// All that appending needs: the size, and one node per bit that is set in it.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct RightEdge {
    size: u64,
    nodes: Vec<Hash>,
}

/// Bytes that are not an encoded right edge. They were damaged: derive the edge anew from the tiles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the right edge does not have the length that its size asks for, or a size beyond 2^53 - 1"
)]
pub struct EdgeError;

impl RightEdge {
    /// The edge of a tree without leaves.
    pub fn new() -> RightEdge {
        RightEdge::default()
    }

    pub(super) fn from_parts(size: u64, nodes: Vec<Hash>) -> RightEdge {
        RightEdge { size, nodes }
    }

    /// The number of leaves.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The roots of the complete subtrees, the largest first.
    pub fn nodes(&self) -> &[Hash] {
        &self.nodes
    }

    /// Appends one leaf by its leaf hash.
    pub fn append(&mut self, leaf_hash: Hash) {
        self.append_leaves([leaf_hash], |_, _, _| {});
    }

    /// Appends leaves by their leaf hashes and hands every node that becomes complete to `complete`, as level, index and
    /// hash, level 0 included: what goes into tiles is found on the way and not hashed twice.
    ///
    /// ```
    /// use record::{hash::leaf_hash, tree::RightEdge};
    ///
    /// let mut edge = RightEdge::new();
    /// let mut pairs = 0;
    /// let leaves = (0u8..5).map(|n| leaf_hash(&[n]));
    /// edge.append_leaves(leaves, |level, _index, _node| pairs += usize::from(level == 1));
    /// assert_eq!((edge.size(), pairs), (5, 2));
    /// ```
    pub fn append_leaves(
        &mut self,
        leaf_hashes: impl IntoIterator<Item = Hash>,
        mut complete: impl FnMut(u8, u64, &Hash),
    ) {
        for leaf_hash in leaf_hashes {
            let (mut node, mut level, mut index) = (leaf_hash, 0, self.size);
            complete(level, index, &node);
            while index & 1 == 1
                && let Some(left) = self.nodes.pop()
            {
                node = node_hash(&left, &node);
                level += 1;
                index >>= 1;
                complete(level, index, &node);
            }
            self.nodes.push(node);
            self.size += 1;
        }
    }

    /// The root of the tree.
    pub fn root(&self) -> Hash {
        let smaller_first = self.nodes.iter().rev().copied();
        smaller_first
            .reduce(|right, left| node_hash(&left, &right))
            .unwrap_or_else(empty_root)
    }

    /// Eight bytes of size, big-endian, and 32 for each node.
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = self.size.to_be_bytes().to_vec();
        bytes.extend(self.nodes.iter().flat_map(|node| node.as_bytes()));
        bytes
    }

    /// Reads what [`RightEdge::encode`] wrote.
    pub fn decode(bytes: &[u8]) -> Result<RightEdge, EdgeError> {
        let (size, rest) = bytes.split_first_chunk::<8>().ok_or(EdgeError)?;
        let size = u64::from_be_bytes(*size);
        let (nodes, remainder) = rest.as_chunks::<32>();
        let length_fits = remainder.is_empty() && nodes.len() == size.count_ones() as usize;
        if !length_fits || size > INTEGER_MAX {
            return Err(EdgeError);
        }
        let nodes = nodes.iter().map(|node| Hash::from_bytes(*node)).collect();
        Ok(RightEdge { size, nodes })
    }
}
