//! Reading an archive, record by record, in memory bounded by the largest record that may come.

use std::io::{self, Read};

use super::{BLOCK, HEADER_NAME, Record, RecordKind, block, digest, name};
use crate::message::event::{digest_of_name, read_header};

/// The largest header record.
const HEADER_BYTES_MAX: u64 = 128;

/// The largest event.
const EVENT_BYTES_MAX: u64 = 512;

/// How large the body of a message may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BodyLimit(pub u64);

impl BodyLimit {
    /// Where lists of all voters or ballots come: what two million credentials take.
    pub const LISTS: BodyLimit = BodyLimit(512 * 1024 * 1024);
}

/// Why the bytes are no archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ArchiveFault {
    /// The file ends in the middle of a record.
    #[error("the archive ends in the middle of a record")]
    Truncated,
    /// The first record is not `BELENIOS`, or is not in its canonical form.
    #[error("the archive does not begin with its record BELENIOS in canonical form")]
    NoHeader,
    /// A name is neither `<sha256>.data.json` nor `<sha256>.event.json`.
    #[error("a record has a name that no record of an election has")]
    Name,
    /// A field of the tar header is not as every record has it: mode, owner, time, checksum, magic.
    #[error("the tar header of a record is not in its one form")]
    Form,
    /// A record is larger than what may stand in its place.
    #[error("a record is larger than any that may stand here")]
    TooLarge,
    /// The name is not the SHA-256 of the body.
    #[error("the name of a record is not the SHA-256 of its content")]
    Digest,
    /// The body is not filled up with zeros.
    #[error("a record is not filled up with zero bytes")]
    Padding,
}

impl ArchiveFault {
    /// A word for it that programs can compare.
    pub fn code(self) -> &'static str {
        match self {
            ArchiveFault::Truncated => "archive-truncated",
            ArchiveFault::NoHeader => "archive-header",
            ArchiveFault::Name => "record-name",
            ArchiveFault::Form => "record-form",
            ArchiveFault::TooLarge => "record-size",
            ArchiveFault::Digest => "record-digest",
            ArchiveFault::Padding => "record-padding",
        }
    }
}

/// Why the next record cannot be had.
#[derive(Debug)]
pub enum ReadError {
    /// There is none in the bytes.
    Fault(ArchiveFault),
    /// The source failed.
    Io(io::Error),
}

impl From<ArchiveFault> for ReadError {
    fn from(fault: ArchiveFault) -> ReadError {
        ReadError::Fault(fault)
    }
}

/// Reads the records in order.
pub struct ArchiveReader<R> {
    source: R,
    offset: u64,
    number: usize,
    time: Option<u64>,
}

impl<R: Read> ArchiveReader<R> {
    /// Begins at the first byte of an archive.
    pub fn new(source: R) -> ArchiveReader<R> {
        ArchiveReader {
            source,
            offset: 0,
            number: 0,
            time: None,
        }
    }

    /// Where the next record begins.
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// The number of the next record, from 0.
    pub fn number(&self) -> usize {
        self.number
    }

    /// The time in the archive's header.
    pub fn time(&self) -> Option<u64> {
        self.time
    }

    /// The next record; `None` at the end.
    pub fn next(&mut self, limit: BodyLimit) -> Result<Option<Record>, ReadError> {
        let mut header = [0; BLOCK];
        match fill(&mut self.source, &mut header)? {
            0 => return Ok(None),
            BLOCK => {}
            _ => return Err(ArchiveFault::Truncated.into()),
        }
        let (kind, named) = self.named(&header)?;
        let size = octal(&header[124..136]).ok_or(ArchiveFault::Form)?;
        let size_max = match kind {
            RecordKind::Header => HEADER_BYTES_MAX,
            RecordKind::Event => EVENT_BYTES_MAX,
            RecordKind::Data => limit.0,
        };
        if size > size_max {
            return Err(ArchiveFault::TooLarge.into());
        }
        let body = self.body(size)?;
        let digest = digest(&body);
        if self.time.is_none() {
            self.time = Some(read_header(&body).map_err(|_| ArchiveFault::NoHeader)?);
        }
        if header
            != block(
                &name(kind, &named.unwrap_or(digest)),
                size,
                self.time.unwrap_or(0),
            )
        {
            return Err(ArchiveFault::Form.into());
        }
        if named.is_some_and(|named| named != digest) {
            return Err(ArchiveFault::Digest.into());
        }
        let record = Record {
            kind,
            offset: self.offset,
            digest,
            body,
        };
        self.offset += (BLOCK as u64) + size.next_multiple_of(BLOCK as u64);
        self.number += 1;
        Ok(Some(record))
    }

    fn named(&self, header: &[u8; BLOCK]) -> Result<(RecordKind, Option<[u8; 32]>), ArchiveFault> {
        let length = header[..100]
            .iter()
            .position(|byte| *byte == 0)
            .unwrap_or(100);
        let name = std::str::from_utf8(&header[..length]).map_err(|_| ArchiveFault::Name)?;
        match (self.time.is_some(), name) {
            (false, HEADER_NAME) => return Ok((RecordKind::Header, None)),
            (false, _) => return Err(ArchiveFault::NoHeader),
            (true, _) => {}
        }
        let (digits, kind) = match name.strip_suffix(".data.json") {
            Some(digits) => (digits, RecordKind::Data),
            None => match name.strip_suffix(".event.json") {
                Some(digits) => (digits, RecordKind::Event),
                None => return Err(ArchiveFault::Name),
            },
        };
        let digest = digest_of_name(digits).ok_or(ArchiveFault::Name)?;
        Ok((kind, Some(digest)))
    }

    /// The body and its padding. Memory grows with what is there, not with what the header claims.
    fn body(&mut self, size: u64) -> Result<Vec<u8>, ReadError> {
        let mut body = Vec::new();
        let padded = size.next_multiple_of(BLOCK as u64);
        (&mut self.source)
            .take(padded)
            .read_to_end(&mut body)
            .map_err(ReadError::Io)?;
        if body.len() as u64 != padded {
            return Err(ArchiveFault::Truncated.into());
        }
        if body[size as usize..].iter().any(|byte| *byte != 0) {
            return Err(ArchiveFault::Padding.into());
        }
        body.truncate(size as usize);
        Ok(body)
    }
}

/// Eleven octal digits and a zero byte.
fn octal(field: &[u8]) -> Option<u64> {
    let (digits, end) = field.split_at_checked(11)?;
    let is_octal = digits.iter().all(|digit| (b'0'..=b'7').contains(digit)) && end == [0];
    is_octal.then(|| {
        digits
            .iter()
            .fold(0, |value, digit| value * 8 + u64::from(digit - b'0'))
    })
}

/// As many bytes as there are, up to the whole buffer.
fn fill(source: &mut impl Read, buffer: &mut [u8]) -> Result<usize, ReadError> {
    let mut filled = 0;
    while filled < buffer.len() {
        match source.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(length) => filled += length,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(ReadError::Io(error)),
        }
    }
    Ok(filled)
}
