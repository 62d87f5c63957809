//! Consistency proofs: that a larger tree begins with a smaller one (RFC 9162, section 2.1.4).

use crate::hash::{Hash, empty_root, node_hash};

use super::{NodeReader, ProofError, Range, range_root};

/// Why a tree is not shown to continue another. The record was rewritten, or the proof is of other sizes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConsistencyError {
    /// The tree that should be the smaller is larger.
    #[error("the old tree is larger than the new one")]
    Shrunk,
    /// The proof is longer or shorter than the sizes ask for.
    #[error("the proof has another length than the sizes ask for")]
    Length,
    /// The proof does not lead to the old root.
    #[error("the proof does not lead to the old root")]
    OtherOldRoot,
    /// The proof does not lead to the new root.
    #[error("the proof does not lead to the new root")]
    OtherNewRoot,
}

/// The proof that the tree of `size` leaves begins with that of `old_size`. Empty for an old size of 0 or of `size`.
pub fn consistency_proof<R: NodeReader>(
    reader: &mut R,
    old_size: u64,
    size: u64,
) -> Result<Vec<Hash>, ProofError<R::Error>> {
    if old_size > size {
        return Err(ProofError::Beyond {
            asked: old_size,
            size,
        });
    }
    let mut proof = Vec::new();
    if old_size == 0 || old_size == size {
        return Ok(proof);
    }
    let mut range = Range {
        start: 0,
        end: size,
    };
    while range.end != old_size
        && let Some((left, right)) = range.split()
    {
        let (inside, beside) = if old_size <= left.end {
            (left, right)
        } else {
            (right, left)
        };
        proof.push(range_root(reader, beside).map_err(ProofError::Node)?);
        range = inside;
    }
    // A range that starts at 0 is the old tree itself, whose root the verifier holds.
    if range.start != 0 {
        proof.push(range_root(reader, range).map_err(ProofError::Node)?);
    }
    proof.reverse();
    Ok(proof)
}

/// Checks that the tree with `size` leaves and `root` begins with the tree of `old_size` leaves and `old_root`.
pub fn verify_consistency(
    old_size: u64,
    old_root: &Hash,
    size: u64,
    root: &Hash,
    proof: &[Hash],
) -> Result<(), ConsistencyError> {
    if old_size > size {
        return Err(ConsistencyError::Shrunk);
    }
    if old_size == 0 || old_size == size {
        return verify_trivial(old_size, old_root, size, root, proof);
    }
    let (found_old, found_new) = roots_from_consistency(old_size, old_root, size, proof)?;
    if found_old != *old_root {
        return Err(ConsistencyError::OtherOldRoot);
    }
    if found_new != *root {
        return Err(ConsistencyError::OtherNewRoot);
    }
    Ok(())
}

fn verify_trivial(
    old_size: u64,
    old_root: &Hash,
    size: u64,
    root: &Hash,
    proof: &[Hash],
) -> Result<(), ConsistencyError> {
    if !proof.is_empty() {
        return Err(ConsistencyError::Length);
    }
    if old_size == 0 && *old_root != empty_root() {
        return Err(ConsistencyError::OtherOldRoot);
    }
    if old_size == size && old_root != root {
        return Err(ConsistencyError::OtherNewRoot);
    }
    Ok(())
}

/// The old and the new root to which a proof leads, for `0 < old_size < size`.
fn roots_from_consistency(
    old_size: u64,
    old_root: &Hash,
    size: u64,
    proof: &[Hash],
) -> Result<(Hash, Hash), ConsistencyError> {
    let (first, rest) = match proof.split_first() {
        _ if old_size.is_power_of_two() => (old_root, proof),
        Some(split) => split,
        None => return Err(ConsistencyError::Length),
    };
    let rise = (old_size - 1).trailing_ones();
    let (mut node, mut last) = ((old_size - 1) >> rise, (size - 1) >> rise);
    let (mut old, mut new) = (*first, *first);
    for beside in rest {
        if last == 0 {
            return Err(ConsistencyError::Length);
        }
        if node & 1 == 1 {
            (old, new) = (node_hash(beside, &old), node_hash(beside, &new));
        } else if node < last {
            new = node_hash(&new, beside);
        } else {
            let rise = node.trailing_zeros();
            (node, last) = (node >> rise, last >> rise);
            (old, new) = (node_hash(beside, &old), node_hash(beside, &new));
        }
        (node, last) = (node >> 1, last >> 1);
    }
    match last {
        0 => Ok((old, new)),
        _ => Err(ConsistencyError::Length),
    }
}
