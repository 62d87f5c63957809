//! The archive `.bel`: records in a tar file of the oldest kind, to which is only ever appended (section 4.4). There is one
//! text for given records, and the reader takes no other.

mod reader;
mod writer;

pub use reader::{ArchiveFault, ArchiveReader, BodyLimit, ReadError};
pub use writer::ArchiveWriter;

use sha2::{Digest, Sha256};

/// What a tar file is made of.
pub const BLOCK: usize = 512;

/// The name of the first record.
const HEADER_NAME: &str = "BELENIOS";

/// What a record is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordKind {
    /// The first: version and time.
    Header,
    /// A message that an event refers to.
    Data,
    /// An event.
    Event,
}

/// A record of an archive.
#[derive(Clone, Debug)]
pub struct Record {
    /// What it is.
    pub kind: RecordKind,
    /// Where it begins, in bytes.
    pub offset: u64,
    /// The SHA-256 of its body, which is also its name.
    pub digest: [u8; 32],
    /// What it holds.
    pub body: Vec<u8>,
}

/// The SHA-256 of a body.
pub fn digest(body: &[u8]) -> [u8; 32] {
    Sha256::digest(body).into()
}

/// The one header of a record: name, mode, owner and group 0, size, time, checksum, type; everything else is zero.
fn block(name: &str, size: u64, time: u64) -> [u8; BLOCK] {
    let mut block = [0; BLOCK];
    let mut put = |at: usize, text: &str| {
        for (place, byte) in block[at..].iter_mut().zip(text.bytes()) {
            *place = byte;
        }
    };
    put(0, name);
    put(100, "0000644");
    put(108, "0000000");
    put(116, "0000000");
    put(124, &format!("{size:011o}"));
    put(136, &format!("{time:011o}"));
    put(148, "        ");
    put(156, "0");
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    for (place, byte) in block[148..156]
        .iter_mut()
        .zip(format!("{sum:06o}\0 ").bytes())
    {
        *place = byte;
    }
    block
}

/// The name of a record.
fn name(kind: RecordKind, digest: &[u8; 32]) -> String {
    match kind {
        RecordKind::Header => HEADER_NAME.to_owned(),
        RecordKind::Data => format!("{}.data.json", hex::encode(digest)),
        RecordKind::Event => format!("{}.event.json", hex::encode(digest)),
    }
}
