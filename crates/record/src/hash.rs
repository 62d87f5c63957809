//! SHA-256 and the two ways in which RFC 6962 uses it.

use core::fmt;
use core::str::FromStr;

use sha2::{Digest, Sha256};

use crate::encoding::{self, EncodingError};

/// A SHA-256 digest: a leaf hash, a node, a root, or a commitment.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash([u8; 32]);

impl Hash {
    /// Thirty-two zero bytes: what stands for "nothing before this" (`prev` of a circle's first entry).
    pub const ZERO: Hash = Hash([0; 32]);

    /// Takes 32 bytes as a digest; any 32 bytes are one.
    pub const fn from_bytes(bytes: [u8; 32]) -> Hash {
        Hash(bytes)
    }

    /// The 32 bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The digest as it is written in notes and proofs: 44 characters of base64.
    pub fn to_base64(&self) -> String {
        encoding::base64_text(&self.0)
    }

    /// Reads 44 characters of base64.
    pub fn from_base64(text: &str) -> Result<Hash, EncodingError> {
        encoding::base64_array(text).map(Hash)
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        encoding::write_hex(f, &self.0)
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Hash {
    type Err = EncodingError;

    /// Reads 64 lower-case hex digits.
    fn from_str(text: &str) -> Result<Hash, EncodingError> {
        encoding::hex_array(text).map(Hash)
    }
}

/// SHA-256 over bytes that come in pieces.
#[derive(Clone, Default)]
pub struct Hasher(Sha256);

impl Hasher {
    /// Begins an empty digest.
    pub fn new() -> Hasher {
        Hasher::default()
    }

    /// Takes the next piece.
    pub fn update(&mut self, piece: &[u8]) {
        self.0.update(piece);
    }

    /// The digest of all the pieces.
    pub fn finish(self) -> Hash {
        Hash(self.0.finalize().into())
    }
}

/// SHA-256 of `bytes`.
pub fn sha256(bytes: &[u8]) -> Hash {
    Hash(Sha256::digest(bytes).into())
}

/// SHA-256 of the pieces, one after the other.
pub(crate) fn sha256_of(pieces: &[&[u8]]) -> Hash {
    let mut hasher = Hasher::new();
    for piece in pieces {
        hasher.update(piece);
    }
    hasher.finish()
}

/// The hash of a leaf in the record's tree: `SHA-256(0x00 || leaf)`.
pub fn leaf_hash(leaf: &[u8]) -> Hash {
    sha256_of(&[&[0], leaf])
}

/// The hash of two neighbours in the record's tree: `SHA-256(0x01 || left || right)`.
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    let mut bytes = [0u8; 65];
    bytes[0] = 1;
    bytes[1..33].copy_from_slice(&left.0);
    bytes[33..].copy_from_slice(&right.0);
    sha256(&bytes)
}

/// The root of a record without leaves: `SHA-256("")`.
pub fn empty_root() -> Hash {
    sha256(b"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_values_of_rfc_6962_hold() {
        assert_eq!(
            empty_root().to_string(),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
        assert_eq!(
            leaf_hash(b"").to_string(),
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
        );
        assert_eq!(
            node_hash(&leaf_hash(b""), &leaf_hash(&[0])).to_string(),
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"
        );
    }

    #[test]
    fn upper_case_hex_and_loose_base64_are_refused() {
        let hash = sha256(b"x");
        assert_eq!(hash.to_string().parse::<Hash>(), Ok(hash));
        assert!(hash.to_string().to_uppercase().parse::<Hash>().is_err());
        assert_eq!(Hash::from_base64(&hash.to_base64()), Ok(hash));
        assert!(Hash::from_base64(hash.to_base64().trim_end_matches('=')).is_err());
    }
}
