//! The files that the roles exchange, and what is said when one cannot be used.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;

use ballot::archive::ArchiveWriter;
use ballot::role::opened::Opened;
use ballot::verify::Options;
use rand_core::{TryCryptoRng, TryRng, UnwrapErr};
use serde_json::json;

use crate::commands::Run;
use crate::failure::{Failure, fault, malformed};
use crate::files;
use crate::surroundings;
use crate::words::say;

/// The largest archive that a role takes into memory.
const ARCHIVE_BYTES_MAX: u64 = 4 * 1024 * 1024 * 1024;

/// The largest message of a role.
const MESSAGE_BYTES_MAX: u64 = 512 * 1024 * 1024;

/// The system's random source.
pub struct System;

impl TryRng for System {
    type Error = std::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        let mut bytes = [0; 4];
        surroundings::fill(&mut bytes);
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        let mut bytes = [0; 8];
        surroundings::fill(&mut bytes);
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Self::Error> {
        surroundings::fill(bytes);
        Ok(())
    }
}

impl TryCryptoRng for System {}

/// As `ballot` takes it.
pub fn random() -> UnwrapErr<System> {
    UnwrapErr(System)
}

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
    let bytes = files::read(path, ARCHIVE_BYTES_MAX)?;
    let bar = run.screen.spinner(say("ballot-verifying"));
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let opened = Opened::read(&bytes, &Options { threads });
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
