//! Rows: short secrets under a key, in a form of their own (vault.md, section 1).
//!
//! `0x01 || nonce (24 random bytes) || XChaCha20-Poly1305 ciphertext and tag`. What the row belongs to is the associated
//! data and stands nowhere in it, so a row that was moved does not open.

use chacha20poly1305::{AeadInOut, KeyInit, Tag, XChaCha20Poly1305};
use rand_core::CryptoRng;

use crate::secret::{Secret, SecretBytes};

const VERSION: u8 = 1;
const NONCE_BYTES: usize = 24;
const TAG_BYTES: usize = 16;

/// What a row adds to its content.
pub const ROW_OVERHEAD_BYTES: usize = 1 + NONCE_BYTES + TAG_BYTES;

/// A row that does not open: another key, another place, or damage. These cannot be told apart, on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the row does not open: it was altered, moved, or is under another key")]
pub struct RowError;

/// A key under which rows are sealed and opened.
pub(crate) struct RowKey(XChaCha20Poly1305);

impl RowKey {
    pub(crate) fn new(key: &Secret<32>) -> RowKey {
        RowKey(XChaCha20Poly1305::new(key.expose().into()))
    }

    pub(crate) fn seal(&self, place: &[u8], content: &[u8], rng: &mut impl CryptoRng) -> Vec<u8> {
        let mut nonce = [0; NONCE_BYTES];
        rng.fill_bytes(&mut nonce);
        let mut row = Vec::with_capacity(ROW_OVERHEAD_BYTES + content.len());
        row.push(VERSION);
        row.extend_from_slice(&nonce);
        row.extend_from_slice(content);
        let text = &mut row[1 + NONCE_BYTES..];
        let tag = self
            .0
            .encrypt_inout_detached(&nonce.into(), place, text.into());
        let tag = tag.expect("no row comes near the cipher's limit of 256 GiB");
        row.extend_from_slice(&tag);
        row
    }

    pub(crate) fn open(&self, place: &[u8], row: &[u8]) -> Result<SecretBytes, RowError> {
        let rest = row.strip_prefix(&[VERSION]).ok_or(RowError)?;
        let (nonce, rest) = rest.split_first_chunk::<NONCE_BYTES>().ok_or(RowError)?;
        let (text, tag) = rest.split_last_chunk::<TAG_BYTES>().ok_or(RowError)?;
        let mut content = SecretBytes::new(text.to_vec());
        self.0
            .decrypt_inout_detached(
                &(*nonce).into(),
                place,
                content.expose_mut().into(),
                &Tag::from(*tag),
            )
            .map_err(|_| RowError)?;
        Ok(content)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_core::SeedableRng as _;

    #[test]
    fn a_row_opens_in_its_place_only() {
        let mut rng = rand_chacha::ChaCha20Rng::from_seed([1; 32]);
        let key = RowKey::new(&Secret::random(&mut rng));
        let row = key.seal(b"here", b"content", &mut rng);
        assert_eq!(row.len(), 7 + ROW_OVERHEAD_BYTES);
        assert_eq!(
            key.open(b"here", &row).expect("it opens").expose(),
            b"content"
        );
        assert!(key.open(b"there", &row).is_err());
        assert!(
            RowKey::new(&Secret::random(&mut rng))
                .open(b"here", &row)
                .is_err()
        );
    }

    #[test]
    fn every_flipped_bit_is_found() {
        let mut rng = rand_chacha::ChaCha20Rng::from_seed([2; 32]);
        let key = RowKey::new(&Secret::random(&mut rng));
        let row = key.seal(b"here", b"content", &mut rng);
        for bit in 0..row.len() * 8 {
            let mut altered = row.clone();
            altered[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(
                key.open(b"here", &altered).unwrap_err(),
                RowError,
                "bit {bit}"
            );
        }
        for len in 0..row.len() {
            assert!(key.open(b"here", &row[..len]).is_err(), "cut to {len}");
        }
    }
}
