//! Material of any size, streamed in and out as an age file whose header is kept apart from its payload.
//!
//! Header and payload one after the other are a valid age v1 file. Apart, a new recipient needs a new header only
//! ([`rewrap`]), and erasure deletes the header from the part of the backup that expires. The plaintext is followed by
//! zeros up to its padded size ([`crate::padding`]); its true size is kept with the entry and given to [`open`].

use std::io::{self, Read, Seek, SeekFrom, Write};

use rand_core::CryptoRng;

use crate::binding::Binding;
use crate::header::{self, Header, HeaderError, RecipientsError};
use crate::keys::{Identity, Recipient};
use crate::padding::padded;
use crate::pipeline::{self, PassError};
use crate::stream::{Chunks, NONCE_BYTES, Reader, SeekReader};

/// An object that was encrypted: what the ledger keeps of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// The age header; with it and an identity the payload opens.
    pub header: Vec<u8>,
    /// SHA-256 of the plaintext, without padding.
    pub sha256: [u8; 32],
    /// Bytes of the plaintext, without padding.
    pub size: u64,
    /// SHA-256 of the payload, by which damage is found without a key.
    pub payload_sha256: [u8; 32],
    /// Bytes of the payload.
    pub payload_size: u64,
}

/// Why material could not be encrypted. The payload written so far is useless; delete it.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// The source failed: an interrupted upload, a disk error. Take the material in again.
    #[error("could not read the material: {0}")]
    Read(#[source] io::Error),
    /// The place for the payload failed, most often because the disk is full.
    #[error("could not write the encrypted material: {0}")]
    Write(#[source] io::Error),
    /// Nobody to encrypt to, or recipients that cannot stand together.
    #[error("could not encrypt: {0}")]
    Recipients(#[source] RecipientsError),
}

/// Why an object does not open.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The header is damaged, for another key, or belongs to something else.
    #[error("could not open the material: {0}")]
    Header(#[source] HeaderError),
    /// The payload cannot be read, or it was altered (`InvalidData`).
    #[error("could not read the encrypted material: {0}")]
    Payload(#[source] io::Error),
}

/// Why a header could not be made anew. The old one is as good as before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RewrapError {
    /// The old header does not open.
    #[error("could not open the old header: {0}")]
    Old(#[source] HeaderError),
    /// The new recipients are refused.
    #[error("could not encrypt to the new recipients: {0}")]
    New(#[source] RecipientsError),
}

/// Encrypts `plaintext` to `recipients` in one pass and constant memory (about 9 MiB), writing the payload.
///
/// Both streams are used from threads of this call. Durability is the caller's: `payload` is flushed, not synced.
pub fn seal(
    plaintext: impl Read + Send,
    payload: impl Write + Send,
    recipients: &[Recipient],
    binding: &Binding,
    rng: &mut impl CryptoRng,
) -> Result<Sealed, SealError> {
    let key = header::new_file_key(rng);
    let header = header::build(&key, recipients, Some(binding)).map_err(SealError::Recipients)?;
    let mut nonce = [0; NONCE_BYTES];
    rng.fill_bytes(&mut nonce);
    let chunks = Chunks::new(&key, &nonce);
    let pass = pipeline::run(&chunks, &nonce, plaintext, payload).map_err(|error| match error {
        PassError::Read(error) => SealError::Read(error),
        PassError::Write(error) => SealError::Write(error),
    })?;
    Ok(Sealed {
        header,
        sha256: pass.sha256,
        size: pass.size,
        payload_sha256: pass.payload_sha256,
        payload_size: pass.payload_size,
    })
}

/// Opens an object whose true size is `size` and gives its plaintext, in order.
///
/// Nothing is given out that was altered, but that the payload is whole is known only at the end: a reader that stops
/// early must not call the object checked. The padding is read and must be zeros of the right number.
pub fn open<R: Read>(
    header: &[u8],
    payload: R,
    identity: &Identity,
    binding: &Binding,
    size: u64,
) -> Result<Opened<R>, OpenError> {
    let key = unwrap(header, identity, binding).map_err(OpenError::Header)?;
    let reader = Reader::new(&key, payload).map_err(OpenError::Payload)?;
    Ok(Opened {
        reader,
        left: size,
        padding: padded(size) - size,
        ended: false,
    })
}

/// Opens an object for reading from any position. `payload` must be sought to the payload's beginning.
///
/// The end is checked at once, each range as it is read; the zeros of the padding are not.
pub fn open_ranges<R: Read + Seek>(
    header: &[u8],
    payload: R,
    identity: &Identity,
    binding: &Binding,
    size: u64,
) -> Result<OpenedRanges<R>, OpenError> {
    let key = unwrap(header, identity, binding).map_err(OpenError::Header)?;
    let reader = SeekReader::new(&key, payload, padded(size)).map_err(OpenError::Payload)?;
    Ok(OpenedRanges {
        reader,
        size,
        position: 0,
    })
}

/// Makes a header for other recipients or another place, without touching the payload. Whoever could open the old
/// header and kept it still can: to cut a reader off, encrypt anew.
pub fn rewrap(
    header: &[u8],
    identity: &Identity,
    binding: &Binding,
    new_recipients: &[Recipient],
    new_binding: &Binding,
) -> Result<Vec<u8>, RewrapError> {
    let key = unwrap(header, identity, binding).map_err(RewrapError::Old)?;
    header::build(&key, new_recipients, Some(new_binding)).map_err(RewrapError::New)
}

fn unwrap(
    header: &[u8],
    identity: &Identity,
    binding: &Binding,
) -> Result<age_core::format::FileKey, HeaderError> {
    Header::parse(header)?.unwrap_bound(identity, binding)
}

/// The plaintext of an object, in order; see [`open`].
pub struct Opened<R> {
    reader: Reader<R>,
    left: u64,
    padding: u64,
    ended: bool,
}

impl<R: Read> Read for Opened<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if out.is_empty() {
            return Ok(0);
        }
        if self.left == 0 {
            self.check_padding()?;
            return Ok(0);
        }
        let want = usize::try_from(self.left).map_or(out.len(), |left| left.min(out.len()));
        let count = self.reader.read(&mut out[..want])?;
        if count == 0 {
            return Err(wrong_size());
        }
        self.left -= count as u64;
        if self.left == 0 {
            // The last bytes are given out only if everything after them is right.
            self.check_padding()?;
        }
        Ok(count)
    }
}

impl<R: Read> Opened<R> {
    fn check_padding(&mut self) -> io::Result<()> {
        let mut zeros = [0; 4096];
        while !self.ended {
            let count = self.reader.read(&mut zeros)?;
            let fits = self.padding >= count as u64;
            if !fits || zeros[..count].iter().any(|byte| *byte != 0) {
                return Err(wrong_size());
            }
            self.padding -= count as u64;
            if count == 0 && self.padding > 0 {
                return Err(wrong_size());
            }
            self.ended = count == 0;
        }
        Ok(())
    }
}

fn wrong_size() -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        "the payload holds another size than its entry says",
    )
}

/// The plaintext of an object from any position; see [`open_ranges`].
pub struct OpenedRanges<R> {
    reader: SeekReader<R>,
    size: u64,
    position: u64,
}

impl<R: Read + Seek> Read for OpenedRanges<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let left = self.size.saturating_sub(self.position);
        let want = usize::try_from(left).map_or(out.len(), |left| left.min(out.len()));
        if want == 0 {
            return Ok(0);
        }
        self.reader.seek(SeekFrom::Start(self.position))?;
        let count = self.reader.read(&mut out[..want])?;
        self.position += count as u64;
        Ok(count)
    }
}

impl<R: Read + Seek> Seek for OpenedRanges<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let target = match to {
            SeekFrom::Start(position) => Some(position),
            SeekFrom::End(distance) => self.size.checked_add_signed(distance),
            SeekFrom::Current(distance) => self.position.checked_add_signed(distance),
        };
        self.position = target.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.position)
    }
}
