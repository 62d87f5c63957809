//! Small files that the verbs read and write for people.

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use crate::failure::{Failure, fault, malformed};

/// Reads a file that must not be longer than `bytes_max`.
pub fn read(path: &Path, bytes_max: u64) -> Result<Vec<u8>, Failure> {
    let unreadable = |error: &std::io::Error| cannot_read(path, error);
    let file = File::open(path).map_err(|error| unreadable(&error))?;
    let mut bytes = Vec::new();
    file.take(bytes_max + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| unreadable(&error))?;
    if bytes.len() as u64 > bytes_max {
        return Err(malformed("fault-too-long").text("path", path.display()));
    }
    Ok(bytes)
}

/// Creates a file for its owner alone; refuses to write over one that is there.
pub fn create_new(path: &Path) -> Result<File, Failure> {
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .map_err(|error| cannot_write(path, &error))
}

/// Writes a small new file, durably.
pub fn write_new(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let mut file = create_new(path)?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all());
    written.map_err(|error| {
        // What was begun is no use to anybody; the error that matters is the first.
        let _left = fs::remove_file(path);
        cannot_write(path, &error)
    })
}

/// A path that cannot be read.
pub fn cannot_read(path: &Path, error: &std::io::Error) -> Failure {
    fault("fault-read")
        .text("path", path.display())
        .because(error)
}

/// A path that cannot be written.
pub fn cannot_write(path: &Path, error: &std::io::Error) -> Failure {
    fault("fault-write")
        .text("path", path.display())
        .because(error)
}
