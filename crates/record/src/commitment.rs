//! What the record holds for an entry: commitments, public leaves and fillers (entry.md, sections 4 and 5).

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::entry::{EntryError, Envelope};
use crate::hash::{Hash, sha256_of};
use crate::ids::CircleId;

/// Where the ledger put an entry: its circle, its number there from 0, and the commitment before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The circle.
    pub circle: CircleId,
    /// The number within the circle, from 0.
    pub seq: u64,
    /// The commitment of the entry before it in the circle; [`Hash::ZERO`] at 0.
    pub prev: Hash,
}

/// Commits to the envelope and its place; opened only to someone who may see who did what.
pub fn c_env(salt1: &[u8; 32], place: &Place, envelope: &[u8]) -> Hash {
    sha256_of(&[
        b"mahzar/v1/env\0",
        salt1,
        place.circle.as_bytes(),
        &place.seq.to_be_bytes(),
        place.prev.as_bytes(),
        envelope,
    ])
}

/// Commits to the material: the digest and size of its plaintext. An entry without material has 32 random bytes instead.
pub fn c_content(salt2: &[u8; 32], sha256: &Hash, size: u64) -> Hash {
    sha256_of(&[
        b"mahzar/v1/content\0",
        salt2,
        sha256.as_bytes(),
        &size.to_be_bytes(),
    ])
}

/// The commitment of an entry of any circle but the public one; it is also its leaf.
pub fn private(c_env: &Hash, c_content: &Hash) -> Hash {
    sha256_of(&[b"mahzar/v1/leaf\0", c_env.as_bytes(), c_content.as_bytes()])
}

/// The commitment of an entry of the public circle, whose leaf is the envelope itself.
pub fn public(seq: u64, prev: &Hash, envelope: &[u8]) -> Hash {
    sha256_of(&[
        b"mahzar/v1/public\0",
        &seq.to_be_bytes(),
        prev.as_bytes(),
        envelope,
    ])
}

/// The leaf that fills the record at `index` where no entry stands. Without the key it looks like a commitment.
pub fn filler(key: &[u8; 32], index: u64) -> [u8; 32] {
    // HMAC fills a short key with zeros to the block of its hash; done here, where the length is certain.
    let mut block = [0; 64];
    block[..32].copy_from_slice(key);
    let mut mac = <Hmac<Sha256> as KeyInit>::new(&block.into());
    mac.update(b"mahzar/v1/filler\0");
    mac.update(&index.to_be_bytes());
    mac.finalize().into_bytes().into()
}

/// A leaf of the record, as an outsider sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Leaf {
    /// A commitment or a filler; only the office can tell which.
    Closed([u8; 32]),
    /// A public entry.
    Public(Box<Envelope>),
}

/// Why bytes cannot be a leaf. The record that holds them was not written by the rules; do not rely on it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LeafError {
    /// Not 32 bytes, and not an envelope.
    #[error("the leaf is neither 32 bytes nor an envelope: {0}")]
    Envelope(EntryError),
    /// An entry of a circle that is not public stands open in the record.
    #[error("the leaf is an entry of the circle {0}, which is not public")]
    NotPublic(CircleId),
}

impl Leaf {
    /// Reads a leaf.
    pub fn parse(bytes: &[u8]) -> Result<Leaf, LeafError> {
        if let Ok(closed) = bytes.try_into() {
            return Ok(Leaf::Closed(closed));
        }
        let envelope = Envelope::parse(bytes).map_err(LeafError::Envelope)?;
        match envelope.entry().circle {
            CircleId::PUBLIC => Ok(Leaf::Public(Box::new(envelope))),
            other => Err(LeafError::NotPublic(other)),
        }
    }

    /// The bytes that are hashed into the tree.
    pub fn bytes(&self) -> &[u8] {
        match self {
            Leaf::Closed(bytes) => bytes,
            Leaf::Public(envelope) => envelope.bytes(),
        }
    }
}
