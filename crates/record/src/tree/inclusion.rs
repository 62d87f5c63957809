//! Inclusion proofs: that a leaf stands at an index of the tree (RFC 9162, section 2.1.3).

use crate::hash::{Hash, node_hash};

use super::{NodeReader, ProofError, Range, range_root};

/// Why a leaf is not shown to be in a tree. The leaf, the proof or the root was altered, or belongs to another record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InclusionError {
    /// The index is not below the size.
    #[error("the tree has no leaf at this index")]
    Beyond,
    /// The proof is longer or shorter than index and size ask for.
    #[error("the proof has another length than index and size ask for")]
    Length,
    /// The proof leads to another root.
    #[error("the proof leads to another root")]
    OtherRoot,
}

/// The proof that the tree of the first `size` leaves holds its leaf at `index`: hashes from the leaf to the root.
pub fn inclusion_proof<R: NodeReader>(
    reader: &mut R,
    index: u64,
    size: u64,
) -> Result<Vec<Hash>, ProofError<R::Error>> {
    if index >= size {
        return Err(ProofError::Beyond { asked: index, size });
    }
    let mut proof = Vec::new();
    let mut range = Range {
        start: 0,
        end: size,
    };
    while let Some((left, right)) = range.split() {
        let (inside, beside) = if index < left.end {
            (left, right)
        } else {
            (right, left)
        };
        proof.push(range_root(reader, beside).map_err(ProofError::Node)?);
        range = inside;
    }
    proof.reverse();
    Ok(proof)
}

/// The root to which a proof leads from a leaf hash.
pub fn root_from_inclusion(
    leaf_hash: &Hash,
    index: u64,
    size: u64,
    proof: &[Hash],
) -> Result<Hash, InclusionError> {
    let last_leaf = size.checked_sub(1).ok_or(InclusionError::Beyond)?;
    if index > last_leaf {
        return Err(InclusionError::Beyond);
    }
    let (mut node, mut last, mut hash) = (index, last_leaf, *leaf_hash);
    for beside in proof {
        if last == 0 {
            return Err(InclusionError::Length);
        }
        if node & 1 == 1 {
            hash = node_hash(beside, &hash);
        } else if node < last {
            hash = node_hash(&hash, beside);
        } else {
            // The last node of an odd row rises until it is a right child; it is not 0, or `last` were 0 too.
            let rise = node.trailing_zeros();
            (node, last) = (node >> rise, last >> rise);
            hash = node_hash(beside, &hash);
        }
        (node, last) = (node >> 1, last >> 1);
    }
    match last {
        0 => Ok(hash),
        _ => Err(InclusionError::Length),
    }
}

/// Checks that a leaf stands at `index` of the tree with this size and root.
pub fn verify_inclusion(
    leaf_hash: &Hash,
    index: u64,
    size: u64,
    proof: &[Hash],
    root: &Hash,
) -> Result<(), InclusionError> {
    match root_from_inclusion(leaf_hash, index, size, proof)? {
        found if found == *root => Ok(()),
        _ => Err(InclusionError::OtherRoot),
    }
}
