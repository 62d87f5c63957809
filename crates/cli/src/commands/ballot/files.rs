//! The files that the roles exchange, and what is said when one cannot be used.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;

use ballot::archive::ArchiveWriter;
use ballot::role::opened::Opened;
use ballot::verify::Options;
use serde_json::json;

use crate::commands::Run;
use crate::failure::{Failure, fault, malformed};
use crate::files;
use crate::words::say;

pub use crate::surroundings::random;

/// The largest archive that a role takes into memory.
const ARCHIVE_BYTES_MAX: u64 = 4 * 1024 * 1024 * 1024;

/// The largest message of a role.
const MESSAGE_BYTES_MAX: u64 = 512 * 1024 * 1024;

/// What the ballot's own library refused.
pub fn refused(cause: impl std::fmt::Display) -> Failure {
    fault("fault-ballot").text("cause", cause)
}

/// A file that has not the form that it must have.
pub fn out_of_form(path: &Path, cause: impl std::fmt::Display) -> Failure {
    malformed("fault-ballot-form")
        .text("path", path.display())
        .because(cause)
}

/// A message that somebody else wrote.
pub fn message(path: &Path) -> Result<Vec<u8>, Failure> {
    let mut bytes = files::read(path, MESSAGE_BYTES_MAX)?;
    while bytes.last() == Some(&b'\n') {
        bytes.pop();
    }
    Ok(bytes)
}

/// Writes a file that is not there yet, mode 0600, and says so.
pub fn write(run: &Run, what: &'static str, path: &Path, text: &str) -> Result<(), Failure> {
    files::write_new(path, text.as_bytes())?;
    run.screen
        .say(say("ballot-written").text("path", path.display()));
    run.screen.answer(&json!({ what: path }));
    Ok(())
}

/// Reads and verifies an archive.
pub fn archive(run: &Run, path: &Path) -> Result<Opened, Failure> {
    opened(run, &bytes(path)?)
}

/// The bytes of an archive.
pub fn bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    files::read(path, ARCHIVE_BYTES_MAX)
}

/// Verifies the bytes of an archive.
pub fn opened(run: &Run, bytes: &[u8]) -> Result<Opened, Failure> {
    let bar = run.screen.spinner(say("ballot-verifying"));
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let opened = Opened::read(bytes, &Options { threads });
    bar.finish_and_clear();
    opened.map_err(refused)
}

/// Appends what a writer holds to an archive, durably. A crash here leaves a record cut short, which `audit` names and
/// cutting the file back to where it was mends.
pub fn append(path: &Path, mut writer: ArchiveWriter) -> Result<(), Failure> {
    let file = OpenOptions::new().append(true).open(path);
    let written = file.and_then(|mut file| {
        file.write_all(&writer.take())
            .and_then(|()| file.sync_all())
    });
    written.map_err(|error| files::cannot_write(path, &error))
}
