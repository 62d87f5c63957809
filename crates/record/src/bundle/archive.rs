//! The archive: POSIX ustar, narrowed so that a name and a size have exactly one header (bundle.md, section 1).

use std::io::{self, BufRead};

use crate::verdict::{Failure, Malformed};

use super::Path;

/// Where the manifest lies.
pub const MANIFEST_PATH: &str = "manifest.json";

/// The largest file: what eleven octal digits can say, 8 GiB less one byte.
pub const FILE_BYTES_MAX: u64 = (1 << 33) - 1;

pub(super) const BLOCK: usize = 512;

/// An archive is a multiple of this long.
const RECORD: u64 = 10_240;

/// The one header of a file of this name and size; the size is at most [`FILE_BYTES_MAX`].
pub(super) fn header(name: &str, size: u64) -> [u8; BLOCK] {
    let mut block = [0; BLOCK];
    let mut put = |at: usize, bytes: &[u8]| block[at..at + bytes.len()].copy_from_slice(bytes);
    put(0, name.as_bytes());
    put(100, b"0000644\0");
    put(108, b"0000000\0");
    put(116, b"0000000\0");
    put(124, format!("{size:011o}\0").as_bytes());
    put(136, b"00000000000\0");
    put(148, b"        ");
    put(156, b"0");
    put(257, b"ustar\x0000");
    put(329, b"0000000\0");
    put(337, b"0000000\0");
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    block
}

/// How many zero bytes follow a file of this size.
pub(super) fn padding(size: u64) -> u64 {
    size.next_multiple_of(BLOCK as u64) - size
}

/// How many zero bytes end an archive whose files end at `position`: two blocks, then up to a full record.
pub(super) fn ending(position: u64) -> u64 {
    (position + 2 * BLOCK as u64).next_multiple_of(RECORD) - position
}

/// An archive read once from front to back.
pub(super) struct Archive<R> {
    source: R,
    position: u64,
}

fn malformed(detail: &str) -> Failure {
    Failure::malformed(Malformed::Archive, detail)
}

impl<R: BufRead> Archive<R> {
    pub(super) fn new(source: R) -> Archive<R> {
        Archive {
            source,
            position: 0,
        }
    }

    /// Goes to the next file, which must have this path; gives its size.
    pub(super) fn enter(&mut self, path: &str) -> Result<u64, Failure> {
        match self.next_header()? {
            Some((found, size)) if found.as_str() == path => Ok(size),
            _ => {
                let detail = format!("{path} is not where it belongs");
                Err(Failure::malformed(Malformed::Files, detail))
            }
        }
    }

    /// Hands the bytes of the file just entered to `take`, piece by piece, and checks the padding.
    pub(super) fn read_file(
        &mut self,
        size: u64,
        mut take: impl FnMut(&[u8]),
    ) -> Result<(), Failure> {
        let mut left = size;
        while left > 0 {
            let piece = self.piece(left)?;
            let length = piece.len();
            take(piece);
            self.consume(length);
            left -= length as u64;
        }
        self.expect_zeros(padding(size))
    }

    /// The bytes of the file just entered, which must not be longer than `max`.
    pub(super) fn read_whole(&mut self, size: u64, max: usize) -> Result<Vec<u8>, Failure> {
        if size > max as u64 {
            let detail = format!("{size} bytes where at most {max} are allowed");
            return Err(Failure::malformed(Malformed::Limit, detail));
        }
        let mut bytes = Vec::new();
        self.read_file(size, |piece| bytes.extend_from_slice(piece))?;
        Ok(bytes)
    }

    /// Checks that no file follows, and the archive ends as it must.
    pub(super) fn finish(mut self) -> Result<(), Failure> {
        let end = self.position;
        if self.next_header()?.is_some() {
            let detail = "a file that the manifest does not name";
            return Err(Failure::malformed(Malformed::Files, detail));
        }
        let rest = ending(end) - BLOCK as u64;
        self.expect_zeros(rest)?;
        match self.fill()?.is_empty() {
            true => Ok(()),
            false => Err(malformed("something follows its end")),
        }
    }

    /// The path and size of the next file, `None` at a block of zeros.
    fn next_header(&mut self) -> Result<Option<(Path, u64)>, Failure> {
        let mut block = [0; BLOCK];
        self.read_exactly(&mut block)?;
        if block.iter().all(|byte| *byte == 0) {
            return Ok(None);
        }
        let name = block[..100]
            .split(|byte| *byte == 0)
            .next()
            .unwrap_or_default();
        let name = core::str::from_utf8(name)
            .ok()
            .and_then(|name| Path::new(name).ok());
        let name = name.ok_or_else(|| malformed("a name that is not allowed"))?;
        let size = octal(&block[124..135]).ok_or_else(|| malformed("a header is out of form"))?;
        match header(name.as_str(), size) == block {
            true => Ok(Some((name, size))),
            false => Err(malformed("a header is out of form")),
        }
    }

    fn read_exactly(&mut self, bytes: &mut [u8]) -> Result<(), Failure> {
        self.position += bytes.len() as u64;
        self.source
            .read_exact(bytes)
            .map_err(|error| match error.kind() {
                io::ErrorKind::UnexpectedEof => malformed("it ends too early"),
                _ => Failure::Unreadable(error),
            })
    }

    fn expect_zeros(&mut self, count: u64) -> Result<(), Failure> {
        let mut left = count;
        while left > 0 {
            let piece = self.piece(left)?;
            let length = piece.len();
            if piece.iter().any(|byte| *byte != 0) {
                return Err(malformed("padding that is not zero"));
            }
            self.consume(length);
            left -= length as u64;
        }
        Ok(())
    }

    /// What is read already, `most` bytes of it; never empty.
    fn piece(&mut self, most: u64) -> Result<&[u8], Failure> {
        let filled = self.fill()?;
        if filled.is_empty() {
            return Err(malformed("it ends too early"));
        }
        let length = usize::try_from(most)
            .unwrap_or(usize::MAX)
            .min(filled.len());
        Ok(&filled[..length])
    }

    /// What the source has ready, empty at its end. Asked twice because a borrow cannot leave a loop that may go on.
    fn fill(&mut self) -> Result<&[u8], Failure> {
        loop {
            match self.source.fill_buf() {
                Ok(_) => break,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(Failure::Unreadable(error)),
            }
        }
        self.source.fill_buf().map_err(Failure::Unreadable)
    }

    fn consume(&mut self, length: usize) {
        self.source.consume(length);
        self.position += length as u64;
    }
}

fn octal(digits: &[u8]) -> Option<u64> {
    digits.iter().try_fold(0u64, |number, digit| match digit {
        b'0'..=b'7' => Some(number * 8 + u64::from(digit - b'0')),
        _ => None,
    })
}
