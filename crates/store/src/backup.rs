//! A backup: a consistent copy of an office in a folder of its own, that proves itself whole; and its return.
//!
//! | in the backup | what |
//! | --- | --- |
//! | `manifest` | what the backup holds, with digests; written last |
//! | `ledger.db` | the ledger, without what opens entries and objects |
//! | `keys.db`, `keys.manifest` | the wrapped keys and headers, apart: delete the two when erasures must have reached the backups too |
//! | `objects/`, `packs/`, `record/` | as in the office |
//! | the office's own small files | as named by the caller |
//!
//! The published checkpoint is copied first, then the ledger in one snapshot, then tiles, packs and objects, all of which only grow: so whatever the
//! earlier parts refer to is in the later ones. A backup grows as `NAME.partial` and is renamed when all of it is synced; what is interrupted is
//! no backup, and the next attempt removes it.

use std::path::{Path, PathBuf};

use record::checkpoint::SignedCheckpoint;
use record::hash::Hasher;
use record::note::NOTE_BYTES_MAX;
use record::tile::Tile;
use register::journal::Standing;
use register::shelf::ShelfError;

use crate::disk::{Disk, DiskError, Spot, read_all};
use crate::folder::Folder;
use crate::fsck::each_file;
use crate::ledger::{LEDGER_FILE, Ledger, LedgerError, ObjectPlace};
use crate::objects::own_spot;
use crate::packs;
use crate::tiles::{Tiles, tile_spot};

mod manifest;
mod partial;
mod restore;

pub use manifest::{Manifest, ManifestError};
pub use restore::{RestoreError, Restored, restore};

use partial::Partial;

/// What a chunk of a copy is.
const CHUNK_BYTES: usize = 1024 * 1024;
/// The name of the wrapped keys in a backup.
const KEYS_FILE: &str = "keys.db";
/// The names of the two manifests.
const MANIFEST_FILE: &str = "manifest";
const KEYS_MANIFEST_FILE: &str = "keys.manifest";

/// What was copied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackedUp {
    /// How many files.
    pub files: usize,
    /// How many bytes.
    pub size_bytes: u64,
    /// How many leaves the record in it has.
    pub leaves: u64,
}

/// Why there is no backup. What was copied is no backup and is removed by the next attempt; the office is as it was.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BackupError {
    /// Something lies at the target. Backups never replace anything: choose another name.
    #[error("something lies at {0} already")]
    Exists(PathBuf),
    /// A folder `NAME.partial` lies there that no backup of ours began. Look at it, and move it away.
    #[error("{0} is not the rest of an interrupted backup")]
    Strange(PathBuf),
    /// The office's ledger has no record.
    #[error("this is not an office")]
    NoRecord,
    /// The ledger could not be read or copied; see the inner error.
    #[error(transparent)]
    Ledger(LedgerError),
    /// A file could not be read or written.
    #[error(transparent)]
    Disk(DiskError),
    /// A tile could not be read: run `fsck`.
    #[error(transparent)]
    Tiles(ShelfError),
    /// A file of the office is not what the ledger says it is: run `fsck`. A backup of damage would hide it.
    #[error("{0} is damaged")]
    Damaged(String),
    /// An object was erased while the backup ran. Begin again.
    #[error("object {0} was erased while the backup ran: begin again")]
    ErasedMeanwhile(String),
}

/// Backs an office up into a new folder at `target`; `also` are the office's own small files, such as the wrapped house key.
/// `progress` is told how many bytes are copied. The office may be in use meanwhile.
pub fn backup(
    ledger: &Ledger,
    disk: &dyn Disk,
    tiles: &Tiles,
    also: &[Spot],
    target: &Path,
    progress: &dyn Fn(u64),
) -> Result<BackedUp, BackupError> {
    let partial = Partial::begin(target)?;
    let folder = Folder::open(partial.path()).map_err(BackupError::Disk)?;
    let mut copy = Copy {
        disk,
        folder: &folder,
        manifest: Manifest::default(),
        size_bytes: 0,
        progress,
    };
    let checkpoint = tiles.checkpoint().map_err(BackupError::Tiles)?;
    let copied = ledger.copy_into(
        &partial.path().join(LEDGER_FILE),
        &partial.path().join(KEYS_FILE),
    );
    let snapshot = copied.map_err(BackupError::Ledger)?;
    let standing = register::journal::Journal::standing(&snapshot)
        .ok()
        .flatten()
        .ok_or(BackupError::NoRecord)?;
    copy.record(tiles, &standing, checkpoint)?;
    copy.objects(&snapshot, ledger)?;
    also.iter().try_for_each(|spot| copy.small(spot))?;
    drop(snapshot);
    copy.note_file(&Spot::built(LEDGER_FILE.to_owned()))?;
    let done = BackedUp {
        files: copy.manifest.files.len() + 1,
        size_bytes: copy.size_bytes,
        leaves: standing.tiled.size(),
    };
    copy.manifest.origin = Some(standing.origin);
    let manifest = std::mem::take(&mut copy.manifest);
    copy.note_file(&Spot::built(KEYS_FILE.to_owned()))?;
    copy.write(KEYS_MANIFEST_FILE, copy.manifest.encode().as_bytes())?;
    copy.write(MANIFEST_FILE, manifest.encode().as_bytes())?;
    partial.finish(&folder)?;
    Ok(done)
}

struct Copy<'a> {
    disk: &'a dyn Disk,
    folder: &'a Folder,
    manifest: Manifest,
    size_bytes: u64,
    progress: &'a dyn Fn(u64),
}

impl Copy<'_> {
    /// The tiles of exactly the record that the ledger's copy knows, those of the published checkpoint, and the checkpoints.
    fn record(
        &mut self,
        tiles: &Tiles,
        standing: &Standing,
        checkpoint: Option<Vec<u8>>,
    ) -> Result<(), BackupError> {
        let mut wanted = Tile::grown(0, standing.tiled.size());
        if let Some(bytes) = checkpoint {
            let parsed = SignedCheckpoint::parse(&bytes);
            let parsed =
                parsed.map_err(|_| BackupError::Damaged("record/checkpoint".to_owned()))?;
            wanted.extend(Tile::grown(0, parsed.checkpoint().size));
            self.put(&Spot::built("record/checkpoint".to_owned()), &bytes)?;
        }
        wanted.sort();
        wanted.dedup();
        for tile in wanted {
            let bytes = tiles.tile(&tile).map_err(BackupError::Tiles)?;
            self.put(&tile_spot(&tile), &bytes)?;
        }
        let retired = Spot::built("record/retired".to_owned());
        let mut found = Vec::new();
        let walked = each_file(self.disk, &retired, &mut |spot, _| {
            found.push(spot.clone());
            Ok(())
        });
        walked.map_err(BackupError::Damaged)?;
        found.iter().try_for_each(|spot| self.small(spot))
    }

    /// The objects that the ledger's copy names; of the packs what it refers to.
    fn objects(&mut self, snapshot: &Ledger, live: &Ledger) -> Result<(), BackupError> {
        let (mut own, mut ends) = (Vec::new(), std::collections::BTreeMap::<u32, u64>::new());
        let mut findings = Vec::new();
        let read = snapshot.each_object(&mut findings, |stored, _| match stored.place {
            ObjectPlace::Own => own.push(stored),
            ObjectPlace::Pack { pack, offset } => {
                let end = ends.entry(pack).or_default();
                *end = (*end).max(offset + packs::HEADER_BYTES as u64 + stored.size_bytes);
            }
        });
        read.map_err(BackupError::Ledger)?;
        if let Some(finding) = findings.first() {
            return Err(BackupError::Damaged(finding.to_string()));
        }
        for (pack, end) in ends {
            self.stream(&packs::pack_spot(pack), end)?;
        }
        for stored in own {
            let spot = own_spot(stored.object);
            match self.stream(&spot, stored.size_bytes) {
                Ok(sha256) if sha256 == stored.sha256 => {}
                Ok(_) => return Err(BackupError::Damaged(spot.to_string())),
                Err(BackupError::Disk(DiskError::Absent(_)))
                    if live
                        .object(stored.object)
                        .map_err(BackupError::Ledger)?
                        .is_none() =>
                {
                    return Err(BackupError::ErasedMeanwhile(stored.object.to_string()));
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn small(&mut self, spot: &Spot) -> Result<(), BackupError> {
        let bytes = read_all(self.disk, spot, NOTE_BYTES_MAX as u64).map_err(BackupError::Disk)?;
        self.put(spot, &bytes)
    }

    fn put(&mut self, spot: &Spot, bytes: &[u8]) -> Result<(), BackupError> {
        self.write(spot.as_str(), bytes)?;
        let mut hasher = Hasher::new();
        hasher.update(bytes);
        self.noted(spot, hasher, bytes.len() as u64);
        Ok(())
    }

    fn write(&self, name: &str, bytes: &[u8]) -> Result<(), BackupError> {
        let spot = Spot::built(name.to_owned());
        let written = self
            .folder
            .make_folder(&spot.parent())
            .and_then(|()| self.folder.create(&spot)?.append(bytes));
        written.map_err(BackupError::Disk)
    }

    /// Copies the first `length` bytes of a file.
    fn stream(&mut self, spot: &Spot, length: u64) -> Result<record::hash::Hash, BackupError> {
        let failed = BackupError::Disk;
        self.folder.make_folder(&spot.parent()).map_err(failed)?;
        let mut to = self.folder.create(spot).map_err(failed)?;
        let mut hasher = Hasher::new();
        let mut buffer = vec![0; CHUNK_BYTES];
        let mut done = 0;
        while done < length {
            let wanted =
                usize::try_from(length - done).map_or(CHUNK_BYTES, |left| left.min(CHUNK_BYTES));
            let count = self
                .disk
                .read(spot, done, &mut buffer[..wanted])
                .map_err(failed)?;
            if count == 0 {
                return Err(BackupError::Damaged(spot.to_string()));
            }
            hasher.update(&buffer[..count]);
            to.append(&buffer[..count]).map_err(failed)?;
            done += count as u64;
            (self.progress)(self.size_bytes + done);
        }
        let sha256 = hasher.clone().finish();
        self.noted(spot, hasher, length);
        Ok(sha256)
    }

    /// Notes a file that is in the backup already.
    fn note_file(&mut self, spot: &Spot) -> Result<(), BackupError> {
        let (mut hasher, mut length, mut buffer) = (Hasher::new(), 0, vec![0; CHUNK_BYTES]);
        loop {
            match self
                .folder
                .read(spot, length, &mut buffer)
                .map_err(BackupError::Disk)?
            {
                0 => break,
                count => {
                    hasher.update(&buffer[..count]);
                    length += count as u64;
                }
            }
        }
        self.noted(spot, hasher, length);
        Ok(())
    }

    fn noted(&mut self, spot: &Spot, hasher: Hasher, length: u64) {
        self.manifest
            .files
            .push((spot.clone(), length, hasher.finish()));
        self.size_bytes += length;
        (self.progress)(self.size_bytes);
    }
}
