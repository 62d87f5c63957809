//! The payload of an age file: a nonce, then chunks of 64 KiB, each encrypted and numbered, the last one marked.
//!
//! The crate `age` has this too, but only with its header in the same stream and on one core; here the header lies
//! elsewhere, chunks are encrypted in place while others are hashed, and a range is read without what lies before it.

use std::io::{self, Read, Seek, SeekFrom};

use age_core::format::FileKey;
use age_core::secrecy::ExposeSecret;
use chacha20poly1305::{AeadInOut, ChaCha20Poly1305, KeyInit, Tag};
use zeroize::Zeroize;

use crate::derive::hkdf;

/// Plaintext bytes in each chunk but the last.
pub const CHUNK_BYTES: usize = 64 * 1024;
/// What encryption adds to each chunk.
pub const TAG_BYTES: usize = 16;
/// A full chunk as it is stored.
pub const STORED_CHUNK_BYTES: usize = CHUNK_BYTES + TAG_BYTES;
/// The nonce at the beginning of the payload.
pub const NONCE_BYTES: usize = 16;

/// The size of the payload that holds `size` bytes.
pub fn payload_size(size: u64) -> u64 {
    NONCE_BYTES as u64 + size + TAG_BYTES as u64 * chunks(size)
}

/// How many chunks hold `size` bytes: at least one, even if it is empty.
pub(crate) fn chunks(size: u64) -> u64 {
    size.div_ceil(CHUNK_BYTES as u64).max(1)
}

/// Encrypts and decrypts chunks of one payload.
pub(crate) struct Chunks(ChaCha20Poly1305);

/// A chunk that was altered, cut, moved, or belongs to another file.
#[derive(Debug)]
pub(crate) struct Altered;

impl Chunks {
    pub(crate) fn new(key: &FileKey, nonce: &[u8; NONCE_BYTES]) -> Chunks {
        let key = hkdf(key.expose_secret(), nonce, &[b"payload"]);
        Chunks(ChaCha20Poly1305::new(key.expose().into()))
    }

    /// Encrypts in place; the tag is to follow the bytes.
    pub(crate) fn encrypt(&self, index: u64, last: bool, chunk: &mut [u8]) -> [u8; TAG_BYTES] {
        let nonce = chunk_nonce(index, last);
        let tag = self
            .0
            .encrypt_inout_detached(&nonce.into(), b"", chunk.into());
        tag.expect("a chunk is far below the cipher's limit of 256 GiB")
            .into()
    }

    /// Decrypts a stored chunk in place and returns how many plaintext bytes it begins with.
    pub(crate) fn decrypt(
        &self,
        index: u64,
        last: bool,
        stored: &mut [u8],
    ) -> Result<usize, Altered> {
        let size = stored.len().checked_sub(TAG_BYTES).ok_or(Altered)?;
        let (chunk, tag) = stored.split_at_mut(size);
        let tag = Tag::try_from(&*tag).map_err(|_| Altered)?;
        let nonce = chunk_nonce(index, last);
        let opened = self
            .0
            .decrypt_inout_detached(&nonce.into(), b"", chunk.into(), &tag);
        opened.map(|()| size).map_err(|_| Altered)
    }
}

/// Eleven bytes of counter, one byte that marks the last chunk.
fn chunk_nonce(index: u64, last: bool) -> [u8; 12] {
    let mut nonce = [0; 12];
    nonce[3..11].copy_from_slice(&index.to_be_bytes());
    nonce[11] = u8::from(last);
    nonce
}

/// The plaintext of a payload, in order. Each byte was authenticated before it is given out, but that the payload is
/// whole is known only when the end is reached: an error there means that it was cut.
pub struct Reader<R> {
    payload: R,
    chunks: Chunks,
    index: u64,
    /// The chunk that is decrypted, and the stored bytes of the next one: the last chunk is known only by what follows.
    current: Vec<u8>,
    next: Vec<u8>,
    /// What of `current` was given out, and how much of it is plaintext.
    position: usize,
    size: usize,
    ended: bool,
}

impl<R: Read> Reader<R> {
    /// Begins to read a payload.
    pub fn new(key: &FileKey, mut payload: R) -> io::Result<Reader<R>> {
        let mut nonce = [0; NONCE_BYTES];
        payload.read_exact(&mut nonce).map_err(cut)?;
        let mut next = Vec::with_capacity(STORED_CHUNK_BYTES);
        fill(&mut payload, &mut next)?;
        let current = Vec::with_capacity(STORED_CHUNK_BYTES);
        let chunks = Chunks::new(key, &nonce);
        Ok(Reader {
            payload,
            chunks,
            index: 0,
            current,
            next,
            position: 0,
            size: 0,
            ended: false,
        })
    }

    /// Decrypts the next chunk into `current`.
    fn advance(&mut self) -> io::Result<()> {
        core::mem::swap(&mut self.current, &mut self.next);
        (self.position, self.size) = (0, 0);
        self.next.zeroize();
        if self.current.len() == STORED_CHUNK_BYTES {
            fill(&mut self.payload, &mut self.next)?;
        }
        self.size = self.decrypt()?;
        // An empty last chunk after a full one would be a second spelling of the same file.
        if self.size == 0 && self.index > 0 {
            return Err(altered());
        }
        self.index += 1;
        Ok(())
    }

    /// What follows says whether the chunk should be the last. Where the mark of a full one says otherwise, its content is
    /// right all the same and is given out, as every age program does; the error comes with the next read.
    fn decrypt(&mut self) -> io::Result<usize> {
        let last = self.next.is_empty();
        let cipher = &self.chunks;
        if let Ok(size) = cipher.decrypt(self.index, last, &mut self.current) {
            self.ended = last;
            return Ok(size);
        }
        if self.current.len() < STORED_CHUNK_BYTES {
            return Err(altered());
        }
        let size = cipher
            .decrypt(self.index, !last, &mut self.current)
            .map_err(|Altered| altered())?;
        self.next.clear();
        Ok(size)
    }
}

impl<R: Read> Read for Reader<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.position == self.size && !self.ended {
            self.advance()?;
        }
        let count = out.len().min(self.size - self.position);
        out[..count].copy_from_slice(&self.current[self.position..self.position + count]);
        self.position += count;
        Ok(count)
    }
}

impl<R> Drop for Reader<R> {
    fn drop(&mut self) {
        self.current.zeroize();
    }
}

/// The plaintext of a payload whose size is known, from any position.
pub struct SeekReader<R> {
    payload: R,
    chunks: Chunks,
    /// Where the payload begins in the source.
    start: u64,
    size: u64,
    position: u64,
    /// The chunk that is decrypted now, and its plaintext.
    held: Option<u64>,
    chunk: Vec<u8>,
}

impl<R: Read + Seek> SeekReader<R> {
    /// Begins at the payload, to which `payload` must be sought; `size` is that of the plaintext with its padding.
    pub fn new(key: &FileKey, mut payload: R, size: u64) -> io::Result<SeekReader<R>> {
        let start = payload.stream_position()?;
        let mut nonce = [0; NONCE_BYTES];
        payload.read_exact(&mut nonce).map_err(cut)?;
        let chunks = Chunks::new(key, &nonce);
        let chunk = Vec::with_capacity(STORED_CHUNK_BYTES);
        let mut reader = SeekReader {
            payload,
            chunks,
            start,
            size,
            position: 0,
            held: None,
            chunk,
        };
        // The last chunk carries the mark of the end: if it opens, the payload has the size that it should have.
        reader.hold(chunks_last(size))?;
        Ok(reader)
    }

    fn hold(&mut self, index: u64) -> io::Result<()> {
        if self.held == Some(index) {
            return Ok(());
        }
        self.held = None;
        self.chunk.zeroize();
        let offset = NONCE_BYTES as u64 + index * STORED_CHUNK_BYTES as u64;
        self.payload.seek(SeekFrom::Start(self.start + offset))?;
        fill(&mut self.payload, &mut self.chunk)?;
        let last = index == chunks_last(self.size);
        let found = self
            .chunks
            .decrypt(index, last, &mut self.chunk)
            .map_err(|Altered| altered())?;
        let wanted = (self.size - index * CHUNK_BYTES as u64).min(CHUNK_BYTES as u64);
        if found as u64 != wanted {
            return Err(altered());
        }
        self.chunk.truncate(found);
        self.held = Some(index);
        Ok(())
    }
}

fn chunks_last(size: u64) -> u64 {
    chunks(size) - 1
}

impl<R: Read + Seek> Read for SeekReader<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.position >= self.size || out.is_empty() {
            return Ok(0);
        }
        self.hold(self.position / CHUNK_BYTES as u64)?;
        let from = (self.position % CHUNK_BYTES as u64) as usize;
        let count = out.len().min(self.chunk.len() - from);
        out[..count].copy_from_slice(&self.chunk[from..from + count]);
        self.position += count as u64;
        Ok(count)
    }
}

impl<R: Read + Seek> Seek for SeekReader<R> {
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

impl<R> Drop for SeekReader<R> {
    fn drop(&mut self) {
        self.chunk.zeroize();
    }
}

/// Reads into `buffer` up to a full stored chunk or the end.
fn fill(payload: &mut impl Read, buffer: &mut Vec<u8>) -> io::Result<()> {
    buffer.clear();
    payload
        .take(STORED_CHUNK_BYTES as u64)
        .read_to_end(buffer)?;
    Ok(())
}

fn altered() -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        "the encrypted payload was altered or cut",
    )
}

fn cut(error: io::Error) -> io::Error {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => altered(),
        _ => error,
    }
}
