//! Reading, hashing, encrypting, hashing and writing at the same time, in constant memory.
//!
//! Three stages pass buffers of 1 MiB around a ring: the first reads and hashes the plaintext, the second encrypts in
//! place, the third hashes the ciphertext and writes. On two cores the scheduler keeps both busy. A crash leaves a payload
//! that no header belongs to; whoever wrote it deletes it.

use std::io::{self, Read, Write};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use sha2::{Digest, Sha256};
use zeroize::Zeroize;

use crate::padding::padded;
use crate::stream::{CHUNK_BYTES, Chunks, NONCE_BYTES, STORED_CHUNK_BYTES, TAG_BYTES};

/// Chunks in a buffer: 1 MiB of plaintext.
const BUFFER_CHUNKS: usize = 16;
/// Buffers in the ring: 8 MiB together, enough that a slow write does not stop the reading at once.
const BUFFERS: usize = 8;

/// What a pass over a stream found and made.
pub(crate) struct Pass {
    pub(crate) sha256: [u8; 32],
    pub(crate) size: u64,
    pub(crate) payload_sha256: [u8; 32],
    pub(crate) payload_size: u64,
}

/// Which side failed.
pub(crate) enum PassError {
    Read(io::Error),
    Write(io::Error),
}

/// Encrypts `plaintext` and its padding into `payload`.
pub(crate) fn run(
    chunks: &Chunks,
    nonce: &[u8; NONCE_BYTES],
    plaintext: impl Read + Send,
    payload: impl Write + Send,
) -> Result<Pass, PassError> {
    let mut source = Source::new(plaintext);
    let mut sink = Sink::new(payload);
    sink.write(nonce).map_err(PassError::Write)?;
    let mut first = Buffer::new();
    source.fill(&mut first).map_err(PassError::Read)?;
    if first.is_full() {
        run_overlapped(chunks, first, &mut source, &mut sink)?;
    } else {
        // All of it is in the first buffer: threads would cost more than the work.
        first.encrypt(chunks, 0, true);
        sink.write(first.stored()).map_err(PassError::Write)?;
    }
    let (sha256, size) = source.finish();
    let (payload_sha256, payload_size) = sink.finish().map_err(PassError::Write)?;
    Ok(Pass {
        sha256,
        size,
        payload_sha256,
        payload_size,
    })
}

fn run_overlapped<R: Read + Send, W: Write + Send>(
    chunks: &Chunks,
    first: Buffer,
    source: &mut Source<R>,
    sink: &mut Sink<W>,
) -> Result<(), PassError> {
    let (to_encrypt, encrypting) = sync_channel(BUFFERS);
    let (to_write, writing) = sync_channel(BUFFERS);
    let (give_back, free) = sync_channel(BUFFERS);
    for _ in 1..BUFFERS {
        // The ring has room for all of them, and its other end is held here.
        if give_back.try_send(Buffer::new()).is_err() {
            break;
        }
    }
    thread::scope(|scope| {
        let encryption = scope.spawn(move || encrypt_all(chunks, &encrypting, &to_write));
        let writer = scope.spawn(move || write_all(sink, &writing, &give_back));
        let read = read_all(source, first, &free, &to_encrypt);
        drop(to_encrypt);
        rejoin(encryption.join());
        // A failed write stops the other stages; it is the reason, whatever they say.
        rejoin(writer.join()).map_err(PassError::Write)?;
        read.map_err(PassError::Read)
    })
}

/// A panic in a stage goes on in the caller.
fn rejoin<T>(result: thread::Result<T>) -> T {
    result.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// Sends full buffers on. One is held back until the next is known not to be empty, because only the last is marked.
fn read_all<R: Read>(
    source: &mut Source<R>,
    first: Buffer,
    free: &Receiver<Buffer>,
    to_encrypt: &SyncSender<(Buffer, bool)>,
) -> io::Result<()> {
    let mut held = first;
    loop {
        let Ok(mut next) = free.recv() else {
            return Ok(()); // the writer is gone, and says why
        };
        source.fill(&mut next)?;
        let last = next.size == 0;
        if to_encrypt.send((held, last)).is_err() || last {
            return Ok(());
        }
        held = next;
    }
}

fn encrypt_all(
    chunks: &Chunks,
    encrypting: &Receiver<(Buffer, bool)>,
    to_write: &SyncSender<Buffer>,
) {
    let mut index = 0;
    while let Ok((mut buffer, last)) = encrypting.recv() {
        buffer.encrypt(chunks, index, last);
        index += BUFFER_CHUNKS as u64;
        if to_write.send(buffer).is_err() {
            return;
        }
    }
}

fn write_all<W: Write>(
    sink: &mut Sink<W>,
    writing: &Receiver<Buffer>,
    give_back: &SyncSender<Buffer>,
) -> io::Result<()> {
    while let Ok(buffer) = writing.recv() {
        sink.write(buffer.stored())?;
        // At the end the reader is gone and needs no more buffers.
        let _ = give_back.try_send(buffer);
    }
    Ok(())
}

/// Plaintext at the stride of stored chunks, so that it is encrypted where it lies.
struct Buffer {
    bytes: Vec<u8>,
    /// Plaintext bytes in it.
    size: usize,
}

impl Buffer {
    fn new() -> Buffer {
        Buffer {
            bytes: vec![0; BUFFER_CHUNKS * STORED_CHUNK_BYTES],
            size: 0,
        }
    }

    fn is_full(&self) -> bool {
        self.size == BUFFER_CHUNKS * CHUNK_BYTES
    }

    /// Encrypts its chunks, which begin at `index`; the final one of the stream if it is `last`.
    fn encrypt(&mut self, chunks: &Chunks, index: u64, last: bool) {
        let count = self.chunk_count();
        let mut rest = self.size;
        let places = self.bytes.chunks_exact_mut(STORED_CHUNK_BYTES);
        for (number, place) in places.take(count).enumerate() {
            let size = rest.min(CHUNK_BYTES);
            let is_last = last && number + 1 == count;
            let tag = chunks.encrypt(index + number as u64, is_last, &mut place[..size]);
            place[size..size + TAG_BYTES].copy_from_slice(&tag);
            rest -= size;
        }
    }

    /// What is to be written once it is encrypted.
    fn stored(&self) -> &[u8] {
        &self.bytes[..self.size + self.chunk_count() * TAG_BYTES]
    }

    fn chunk_count(&self) -> usize {
        self.size.div_ceil(CHUNK_BYTES).max(1)
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        self.bytes.zeroize();
    }
}

/// The plaintext, hashed and counted as it is read, and after its end the zeros that pad it.
struct Source<R> {
    plaintext: R,
    hash: Sha256,
    size: u64,
    /// Zeros still to come; unknown until the end of the plaintext.
    padding: Option<u64>,
}

impl<R: Read> Source<R> {
    fn new(plaintext: R) -> Source<R> {
        Source {
            plaintext,
            hash: Sha256::new(),
            size: 0,
            padding: None,
        }
    }

    /// Fills the buffer; it stays partly empty only at the end.
    fn fill(&mut self, buffer: &mut Buffer) -> io::Result<()> {
        buffer.size = 0;
        for place in buffer.bytes.chunks_exact_mut(STORED_CHUNK_BYTES) {
            let count = self.fill_chunk(&mut place[..CHUNK_BYTES])?;
            buffer.size += count;
            if count < CHUNK_BYTES {
                break;
            }
        }
        Ok(())
    }

    fn fill_chunk(&mut self, chunk: &mut [u8]) -> io::Result<usize> {
        let mut filled = 0;
        while self.padding.is_none() && filled < chunk.len() {
            match self.plaintext.read(&mut chunk[filled..]) {
                Ok(0) => {
                    self.padding =
                        Some(padded(self.size + filled as u64) - self.size - filled as u64)
                }
                Ok(count) => filled += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        self.hash.update(&chunk[..filled]);
        self.size += filled as u64;
        Ok(filled + self.fill_zeros(&mut chunk[filled..]))
    }

    fn fill_zeros(&mut self, rest: &mut [u8]) -> usize {
        let Some(padding) = self.padding.as_mut() else {
            return 0;
        };
        let count = usize::try_from(*padding).map_or(rest.len(), |zeros| zeros.min(rest.len()));
        rest[..count].fill(0);
        *padding -= count as u64;
        count
    }

    fn finish(self) -> ([u8; 32], u64) {
        (self.hash.finalize().into(), self.size)
    }
}

/// The payload, hashed and counted as it is written.
struct Sink<W> {
    payload: W,
    hash: Sha256,
    size: u64,
}

impl<W: Write> Sink<W> {
    fn new(payload: W) -> Sink<W> {
        Sink {
            payload,
            hash: Sha256::new(),
            size: 0,
        }
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.hash.update(bytes);
        self.size += bytes.len() as u64;
        self.payload.write_all(bytes)
    }

    fn finish(mut self) -> io::Result<([u8; 32], u64)> {
        self.payload.flush()?;
        Ok((self.hash.finalize().into(), self.size))
    }
}
