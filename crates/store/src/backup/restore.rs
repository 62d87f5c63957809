//! The return of a backup: verified to the last byte, into an empty place, and with signing off.
//!
//! Nobody can see from a backup whether it is the newest. So the office that comes out of it is marked, and its register signs nothing until
//! enough witnesses have said that they know no later head ([`register::Register::confirm`]).

use std::path::Path;

use record::hash::Hasher;
use record::ids::Origin;
use record::note::Vkey;
use register::fsck::{Expectation, Finding};
use register::journal::{Journal, JournalError, Standing};

use crate::backup::manifest::MANIFEST_BYTES_MAX;
use crate::backup::partial::Partial;
use crate::backup::{
    BackupError, CHUNK_BYTES, KEYS_FILE, KEYS_MANIFEST_FILE, MANIFEST_FILE, Manifest, ManifestError,
};
use crate::disk::{Disk, DiskError, Spot, is_there, read_all};
use crate::folder::Folder;
use crate::fsck;
use crate::ledger::{LEDGER_FILE, Ledger, LedgerError};
use crate::tiles::Tiles;

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    /// The name of the record.
    pub origin: Origin,
    /// How many leaves it has.
    pub leaves: u64,
    /// Whether the keys were there too; without them the office proves what it holds and can read nothing from before the backup.
    pub has_keys: bool,
}

/// Why nothing was restored. At the target lies nothing; the backup is untouched.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RestoreError {
    /// Something lies at the target already, or cannot be written there; see the inner error.
    #[error(transparent)]
    Target(BackupError),
    /// The manifest is missing, damaged, or names files that no office has. This is no backup, or an interrupted one.
    #[error("{0}: {1}")]
    Manifest(&'static str, ManifestError),
    /// A file is missing, has another length or other bytes than the manifest says. Use another backup.
    #[error("the backup's {0} is damaged or missing")]
    Damaged(String),
    /// The files are those of the manifest, and still contradict each other. All of what is wrong.
    #[error("the backup contradicts itself in {} places, first: {}", .0.len(), .0.first().map(ToString::to_string).unwrap_or_default())]
    Contradicts(Vec<Finding>),
    /// The backup could not be read.
    #[error(transparent)]
    Disk(DiskError),
    /// The ledger could not be made whole; see the inner error.
    #[error(transparent)]
    Ledger(LedgerError),
    /// The ledger could not be marked as restored; see the inner error.
    #[error(transparent)]
    Journal(JournalError),
}

/// Restores the backup at `backup` into a new office at `target`, where nothing may lie. `progress` is told how many bytes are copied.
///
/// Every file is compared with the manifest while it is copied, then the whole office is audited (but for what needs its keys),
/// and only then does it get its name.
pub fn restore(
    backup: &Path,
    target: &Path,
    progress: &dyn Fn(u64),
) -> Result<Restored, RestoreError> {
    let from = Folder::open(backup).map_err(RestoreError::Disk)?;
    let manifest = read_manifest(&from, MANIFEST_FILE)?;
    let not_whole = RestoreError::Manifest(MANIFEST_FILE, ManifestError::Form);
    let origin = manifest.origin.clone().ok_or(not_whole)?;
    let has_keys =
        is_there(&from, &Spot::built(KEYS_MANIFEST_FILE.to_owned())).map_err(RestoreError::Disk)?;
    let partial = Partial::begin(target).map_err(RestoreError::Target)?;
    let to = Folder::open(partial.path()).map_err(RestoreError::Disk)?;
    let mut done = 0;
    copy(&from, &to, &manifest, &mut done, progress)?;
    if has_keys {
        copy(
            &from,
            &to,
            &read_manifest(&from, KEYS_MANIFEST_FILE)?,
            &mut done,
            progress,
        )?;
    }
    let standing = make_whole(&partial, &to, has_keys, &origin)?;
    partial.finish(&to).map_err(RestoreError::Target)?;
    Ok(Restored {
        origin,
        leaves: standing.tiled.size(),
        has_keys,
    })
}

fn read_manifest(from: &Folder, name: &'static str) -> Result<Manifest, RestoreError> {
    let bytes =
        read_all(from, &Spot::built(name.to_owned()), MANIFEST_BYTES_MAX).map_err(|error| {
            match error {
                DiskError::Absent(_) => RestoreError::Damaged(name.to_owned()),
                other => RestoreError::Disk(other),
            }
        })?;
    Manifest::parse(&bytes).map_err(|error| RestoreError::Manifest(name, error))
}

fn copy(
    from: &Folder,
    to: &Folder,
    manifest: &Manifest,
    done: &mut u64,
    progress: &dyn Fn(u64),
) -> Result<(), RestoreError> {
    let mut buffer = vec![0; CHUNK_BYTES];
    for (spot, length, digest) in &manifest.files {
        let damaged = || RestoreError::Damaged(spot.to_string());
        to.make_folder(&spot.parent()).map_err(RestoreError::Disk)?;
        let mut file = to.create(spot).map_err(RestoreError::Disk)?;
        let (mut hasher, mut at) = (Hasher::new(), 0);
        loop {
            let count = from
                .read(spot, at, &mut buffer)
                .map_err(|error| match error {
                    DiskError::Absent(_) => damaged(),
                    other => RestoreError::Disk(other),
                })?;
            if count == 0 {
                break;
            }
            hasher.update(&buffer[..count]);
            file.append(&buffer[..count]).map_err(RestoreError::Disk)?;
            at += count as u64;
            progress(*done + at);
        }
        if at != *length || hasher.finish() != *digest {
            return Err(damaged());
        }
        *done += at;
    }
    Ok(())
}

/// Joins the keys to the ledger, audits everything, and marks the office.
fn make_whole(
    partial: &Partial,
    to: &Folder,
    has_keys: bool,
    origin: &Origin,
) -> Result<Standing, RestoreError> {
    let ledger = Ledger::open(&partial.path().join(LEDGER_FILE)).map_err(RestoreError::Ledger)?;
    if has_keys {
        ledger
            .take_keys_from(&partial.path().join(KEYS_FILE))
            .map_err(RestoreError::Ledger)?;
        to.remove(&Spot::built(KEYS_FILE.to_owned()))
            .map_err(RestoreError::Disk)?;
    }
    let standing = ledger.standing().map_err(RestoreError::Journal)?;
    let standing = standing.filter(|standing| standing.origin == *origin);
    let standing = standing.ok_or_else(|| RestoreError::Damaged(LEDGER_FILE.to_owned()))?;
    let findings = audit(partial, &ledger, &standing, has_keys)?;
    if !findings.is_empty() {
        return Err(RestoreError::Contradicts(findings));
    }
    let marked = Standing {
        restored: true,
        ..standing.clone()
    };
    ledger
        .advance(&standing, &marked)
        .map_err(RestoreError::Journal)?;
    Ok(marked)
}

fn audit(
    partial: &Partial,
    ledger: &Ledger,
    standing: &Standing,
    has_keys: bool,
) -> Result<Vec<Finding>, RestoreError> {
    let disk = std::sync::Arc::new(Folder::open(partial.path()).map_err(RestoreError::Disk)?);
    let tiles = Tiles::new(disk.clone());
    let log = Vkey::new(
        standing.origin.clone(),
        record::note::KeyKind::Log,
        standing.log_key,
    );
    let expected = Expectation {
        standing,
        log: &log,
        witnesses: None,
        filler_key: None,
    };
    let report = fsck::office(ledger, &tiles, &*disk, &expected, 1, &|_| {});
    let lacks_keys_only =
        |finding: &&Finding| has_keys || !finding.what.ends_with("so nobody can read it");
    Ok(report.findings().filter(lacks_keys_only).cloned().collect())
}
