//! Many small objects at once: age files like those of [`crate::object`], made in memory and on all cores.
//!
//! What costs here is the recipient stanza (about 0.1 ms), not the bytes; so a batch is dealt out to threads.

use std::thread;

use age_core::format::FileKey;
use rand_core::CryptoRng;

use crate::binding::Binding;
use crate::header::{self, Header, HeaderError, RecipientsError};
use crate::keys::{Identity, Recipient};
use crate::object::Sealed;
use crate::padding::padded;
use crate::secret::SecretBytes;
use crate::stream::{CHUNK_BYTES, Chunks, NONCE_BYTES, STORED_CHUNK_BYTES, TAG_BYTES, chunks};

/// The largest object that belongs here rather than in [`crate::object`]: packs hold objects under 64 KiB, and the
/// keys and shares that other modules wrap are far smaller.
pub const SMALL_BYTES_MAX: usize = 1024 * 1024;

/// Why small objects could not be encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SmallError {
    /// Over [`SMALL_BYTES_MAX`]; use [`crate::object::seal`].
    #[error("this object is too large to be encrypted in memory")]
    TooLarge,
    /// Nobody to encrypt to, or recipients that cannot stand together.
    #[error("could not encrypt: {0}")]
    Recipients(#[source] RecipientsError),
}

/// Why a small object does not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SmallOpenError {
    /// The header is damaged, for another key, or belongs to something else.
    #[error("could not open: {0}")]
    Header(#[source] HeaderError),
    /// The payload was altered or cut, or has another size than its entry says.
    #[error("the encrypted payload was altered or cut")]
    Payload,
}

/// Something small to encrypt.
#[derive(Clone, Copy)]
pub struct Small<'a> {
    /// Its bytes.
    pub plaintext: &'a [u8],
    /// Its place.
    pub binding: &'a Binding,
}

/// Something small that was encrypted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SmallSealed {
    /// Header, digests and sizes.
    pub sealed: Sealed,
    /// The payload.
    pub payload: Vec<u8>,
}

impl SmallSealed {
    /// Header and payload as one age file.
    pub fn into_file(self) -> Vec<u8> {
        let mut file = self.sealed.header;
        file.extend_from_slice(&self.payload);
        file
    }
}

/// Encrypts one small object.
pub fn seal(
    plaintext: &[u8],
    recipients: &[Recipient],
    binding: &Binding,
    rng: &mut impl CryptoRng,
) -> Result<SmallSealed, SmallError> {
    seal_one(Small { plaintext, binding }, recipients, &Draw::new(rng))
}

/// Encrypts many small objects on `threads` threads (at least one); the results stand in the order of `batch`.
pub fn seal_batch(
    batch: &[Small<'_>],
    recipients: &[Recipient],
    threads: usize,
    rng: &mut impl CryptoRng,
) -> Result<Vec<SmallSealed>, SmallError> {
    let draws: Vec<Draw> = batch.iter().map(|_| Draw::new(rng)).collect();
    let share = batch.len().div_ceil(threads.max(1)).max(1);
    let seal_share = |(batch, draws): (&[Small<'_>], &[Draw])| {
        let pairs = batch.iter().zip(draws);
        pairs
            .map(|(small, draw)| seal_one(*small, recipients, draw))
            .collect()
    };
    let mut shares = batch.chunks(share).zip(draws.chunks(share));
    let own = shares.next();
    let results: Vec<Result<Vec<SmallSealed>, SmallError>> = thread::scope(|scope| {
        let others: Vec<_> = shares
            .map(|one| scope.spawn(move || seal_share(one)))
            .collect();
        let own = own.map(seal_share);
        let joined = others.into_iter().map(|one| {
            one.join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        });
        own.into_iter().chain(joined.collect::<Vec<_>>()).collect()
    });
    let mut sealed = Vec::with_capacity(batch.len());
    for result in results {
        sealed.extend(result?);
    }
    Ok(sealed)
}

/// Opens a small object whose true size is `size`.
pub fn open(
    header: &[u8],
    payload: &[u8],
    identity: &Identity,
    binding: &Binding,
    size: u64,
) -> Result<SecretBytes, SmallOpenError> {
    let plaintext = open_padded(header, payload, identity, binding)?;
    truncate(plaintext, size).ok_or(SmallOpenError::Payload)
}

/// Opens a small age file, header and payload together, that frames its own content; the padding stays on it.
pub(crate) fn open_file(
    file: &[u8],
    identity: &Identity,
    binding: &Binding,
) -> Result<SecretBytes, SmallOpenError> {
    let mut rest = file;
    let header = header::split(&mut rest)
        .map_err(|_| SmallOpenError::Payload)?
        .map_err(SmallOpenError::Header)?;
    open_padded(&header, rest, identity, binding)
}

/// What must be drawn for a file.
struct Draw {
    key: FileKey,
    nonce: [u8; NONCE_BYTES],
}

impl Draw {
    fn new(rng: &mut impl CryptoRng) -> Draw {
        let key = header::new_file_key(rng);
        let mut nonce = [0; NONCE_BYTES];
        rng.fill_bytes(&mut nonce);
        Draw { key, nonce }
    }
}

fn seal_one(
    small: Small<'_>,
    recipients: &[Recipient],
    draw: &Draw,
) -> Result<SmallSealed, SmallError> {
    if small.plaintext.len() > SMALL_BYTES_MAX {
        return Err(SmallError::TooLarge);
    }
    let header = header::build(&draw.key, recipients, Some(small.binding))
        .map_err(SmallError::Recipients)?;
    let payload = payload_of(small.plaintext, draw);
    let sealed = Sealed {
        header,
        sha256: crate::derive::sha256(&[small.plaintext]),
        size: small.plaintext.len() as u64,
        payload_sha256: crate::derive::sha256(&[&payload]),
        payload_size: payload.len() as u64,
    };
    Ok(SmallSealed { sealed, payload })
}

fn payload_of(plaintext: &[u8], draw: &Draw) -> Vec<u8> {
    let cipher = Chunks::new(&draw.key, &draw.nonce);
    let full = padded(plaintext.len() as u64);
    let count = chunks(full);
    // At most 1 MiB and its padding, so it fits any usize.
    let full = full as usize;
    let mut payload = Vec::with_capacity(NONCE_BYTES + full + TAG_BYTES * count as usize);
    payload.extend_from_slice(&draw.nonce);
    for index in 0..count {
        let from = index as usize * CHUNK_BYTES;
        let to = full.min(from + CHUNK_BYTES);
        let start = payload.len();
        payload.extend_from_slice(
            plaintext
                .get(from..to.min(plaintext.len()))
                .unwrap_or_default(),
        );
        payload.resize(start + to - from, 0);
        let tag = cipher.encrypt(index, index + 1 == count, &mut payload[start..]);
        payload.extend_from_slice(&tag);
    }
    payload
}

fn open_padded(
    header: &[u8],
    payload: &[u8],
    identity: &Identity,
    binding: &Binding,
) -> Result<SecretBytes, SmallOpenError> {
    let key = Header::parse(header)
        .and_then(|header| header.unwrap_bound(identity, binding))
        .map_err(SmallOpenError::Header)?;
    let (nonce, stored) = payload.split_first_chunk().ok_or(SmallOpenError::Payload)?;
    let cipher = Chunks::new(&key, nonce);
    let mut plaintext = SecretBytes::new(Vec::with_capacity(stored.len()));
    let count = stored.len().div_ceil(STORED_CHUNK_BYTES).max(1);
    for (index, chunk) in stored.chunks(STORED_CHUNK_BYTES).enumerate() {
        let mut chunk = SecretBytes::new(chunk.to_vec());
        let opened = cipher.decrypt(index as u64, index + 1 == count, chunk.expose_mut());
        let size = opened.map_err(|_| SmallOpenError::Payload)?;
        if size == 0 && index > 0 {
            return Err(SmallOpenError::Payload);
        }
        plaintext.extend(&chunk.expose()[..size]);
    }
    if stored.is_empty() {
        return Err(SmallOpenError::Payload);
    }
    Ok(plaintext)
}

fn truncate(mut plaintext: SecretBytes, size: u64) -> Option<SecretBytes> {
    let len = usize::try_from(size).ok()?;
    let padding = plaintext.expose().get(len..)?;
    let right = plaintext.len() as u64 == padded(size) && padding.iter().all(|byte| *byte == 0);
    right.then(|| {
        plaintext.truncate(len);
        plaintext
    })
}
