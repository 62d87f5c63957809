//! Writing a bundle: the signed manifest, then each file in its order, streamed.

use std::collections::VecDeque;
use std::io::{self, Read, Write};

use crate::hash::Hasher;
use crate::signature::SigningKey;

use super::Path;
use super::archive::{self, FILE_BYTES_MAX, MANIFEST_PATH};
use super::manifest::{FileLine, Manifest, ManifestError};

/// How much of a file is held at a time.
const COPY_BYTES: usize = 128 * 1024;

/// Writes a bundle to `out`. What is written is a bundle only after [`Writer::finish`]; discard it on any error.
pub struct Writer<W> {
    out: W,
    position: u64,
    awaited: VecDeque<FileLine>,
}

/// Why a bundle could not be written. Discard what was written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// What the manifest says is not allowed; correct it.
    #[error("{0}")]
    Manifest(ManifestError),
    /// A file is over 8 GiB, more than the archive's headers can say; publish it in parts.
    #[error("{0} is larger than 8 GiB")]
    TooLarge(Path),
    /// The files come in another order than the manifest names them, or too many or too few; a caller's mistake.
    #[error("{found} comes where the manifest awaits {awaited}")]
    Order {
        /// What came.
        found: String,
        /// What should have come.
        awaited: String,
    },
    /// The file is not the one that the manifest describes: it changed, or was damaged where it is stored.
    #[error("{0} has another size or digest than the manifest says")]
    OtherContent(Path),
    /// The file could not be read.
    #[error("{path} could not be read: {cause}")]
    Read {
        /// The file.
        path: Path,
        /// What the system said.
        cause: io::Error,
    },
    /// The bundle could not be written: disk full, for instance.
    #[error("the bundle could not be written: {0}")]
    Write(io::Error),
}

impl<W: Write> Writer<W> {
    /// Signs the manifest and writes it.
    pub fn begin(out: W, manifest: &Manifest, key: &SigningKey) -> Result<Writer<W>, WriteError> {
        if let Some(file) = manifest
            .files
            .iter()
            .find(|file| file.size > FILE_BYTES_MAX)
        {
            return Err(WriteError::TooLarge(file.path.clone()));
        }
        let bytes = manifest.sign(key).map_err(WriteError::Manifest)?;
        let awaited = manifest.files.iter().cloned().collect();
        let mut writer = Writer {
            out,
            position: 0,
            awaited,
        };
        writer.write(&archive::header(MANIFEST_PATH, bytes.len() as u64))?;
        writer.write(&bytes)?;
        writer.write_zeros(archive::padding(bytes.len() as u64))?;
        Ok(writer)
    }

    /// Writes the next file, which must be the next that the manifest names.
    pub fn add(&mut self, path: &Path, mut content: impl Read) -> Result<(), WriteError> {
        let file = self.awaited.pop_front();
        let file = match file {
            Some(file) if file.path == *path => file,
            other => return Err(order(path.as_str(), other.as_ref())),
        };
        self.write(&archive::header(path.as_str(), file.size))?;
        self.copy(&file, &mut content)?;
        self.write_zeros(archive::padding(file.size))
    }

    /// Ends the archive and gives the output back, flushed.
    pub fn finish(mut self) -> Result<W, WriteError> {
        if let Some(file) = self.awaited.pop_front() {
            return Err(order("the end", Some(&file)));
        }
        self.write_zeros(archive::ending(self.position))?;
        self.out.flush().map_err(WriteError::Write)?;
        Ok(self.out)
    }

    fn copy(&mut self, file: &FileLine, content: &mut impl Read) -> Result<(), WriteError> {
        let other = || WriteError::OtherContent(file.path.clone());
        let mut piece = vec![0; COPY_BYTES];
        let (mut hasher, mut left) = (Hasher::new(), file.size);
        loop {
            let length = match content.read(&mut piece) {
                Ok(0) => break,
                Ok(length) => length,
                Err(cause) if cause.kind() == io::ErrorKind::Interrupted => continue,
                Err(cause) => {
                    return Err(WriteError::Read {
                        path: file.path.clone(),
                        cause,
                    });
                }
            };
            left = left.checked_sub(length as u64).ok_or_else(other)?;
            hasher.update(&piece[..length]);
            self.write(&piece[..length])?;
        }
        match left == 0 && hasher.finish() == file.sha256 {
            true => Ok(()),
            false => Err(other()),
        }
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), WriteError> {
        self.position += bytes.len() as u64;
        self.out.write_all(bytes).map_err(WriteError::Write)
    }

    fn write_zeros(&mut self, count: u64) -> Result<(), WriteError> {
        self.position += count;
        io::copy(&mut io::repeat(0).take(count), &mut self.out).map_err(WriteError::Write)?;
        Ok(())
    }
}

fn order(found: &str, awaited: Option<&FileLine>) -> WriteError {
    WriteError::Order {
        found: found.to_owned(),
        awaited: awaited
            .map_or("the end", |file| file.path.as_str())
            .to_owned(),
    }
}
