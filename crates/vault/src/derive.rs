//! The derivations and encodings that several modules share. Every label ends with a zero byte and is used once.

use hkdf::Hkdf;
use sha2::{Digest, Sha256};

use crate::secret::Secret;

/// `HKDF-SHA-256(ikm, salt, info, 32)`, the info given in pieces.
pub(crate) fn hkdf(ikm: &[u8], salt: &[u8], info: &[&[u8]]) -> Secret<32> {
    let hkdf = Hkdf::<Sha256>::new(Some(salt), ikm);
    Secret::fill(|okm| {
        hkdf.expand_multi_info(info, okm)
            .expect("HKDF-SHA-256 gives up to 8,160 bytes");
    })
}

/// SHA-256 of the pieces, one after the other.
pub(crate) fn sha256(pieces: &[&[u8]]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    for piece in pieces {
        hasher.update(piece);
    }
    hasher.finalize().into()
}

/// `u16be(length) || text`: for texts that are at most 65,535 bytes by their type.
pub(crate) fn push_text(out: &mut Vec<u8>, text: &str) {
    let length = u16::try_from(text.len()).unwrap_or(u16::MAX);
    out.extend_from_slice(&length.to_be_bytes());
    out.extend_from_slice(text.as_bytes());
}
