//! A folder that is not there until it is whole: it grows as `NAME.partial`.

use std::ffi::OsString;
use std::fs::File;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::backup::BackupError;
use crate::disk::{Disk, DiskError, Spot};
use crate::folder::Folder;

/// Lies in a folder that is not whole. Only such a folder is ever removed.
const MARK: &str = "unfinished";

pub(crate) struct Partial {
    partial: PathBuf,
    target: PathBuf,
}

impl Partial {
    /// Begins a folder that shall be at `target`, where nothing lies (an empty folder counts as nothing).
    pub(crate) fn begin(target: &Path) -> Result<Partial, BackupError> {
        if target.exists() && !is_empty(target) {
            return Err(BackupError::Exists(target.to_owned()));
        }
        let mut name = OsString::from(target);
        name.push(".partial");
        let partial = PathBuf::from(name);
        if partial.join(MARK).is_file() {
            std::fs::remove_dir_all(&partial).map_err(|e| told("remove", e))?;
        } else if partial.exists() && !is_empty(&partial) {
            return Err(BackupError::Strange(partial));
        }
        let folder = Folder::open(&partial).map_err(BackupError::Disk)?;
        folder
            .create(&Spot::built(MARK.to_owned()))
            .map_err(BackupError::Disk)?;
        Ok(Partial {
            partial,
            target: target.to_owned(),
        })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.partial
    }

    /// Syncs everything, then gives it its name. A crash leaves the one or the other.
    pub(crate) fn finish(self, folder: &Folder) -> Result<(), BackupError> {
        folder
            .remove(&Spot::built(MARK.to_owned()))
            .map_err(BackupError::Disk)?;
        folder.sync_all().map_err(BackupError::Disk)?;
        if self.target.exists() {
            std::fs::remove_dir(&self.target).map_err(|e| told("replace", e))?;
        }
        std::fs::rename(&self.partial, &self.target).map_err(|e| told("rename", e))?;
        let parent = self
            .target
            .parent()
            .filter(|parent| !parent.as_os_str().is_empty());
        let parent = File::open(parent.unwrap_or(Path::new("."))).map_err(|e| told("open", e))?;
        let kept = parent.sync_all();
        kept.map_err(|e| {
            BackupError::Disk(DiskError::NotKept {
                spot: Spot::root(),
                cause: e.to_string(),
            })
        })
    }
}

fn is_empty(folder: &Path) -> bool {
    std::fs::read_dir(folder).is_ok_and(|mut found| found.next().is_none())
}

fn told(doing: &'static str, error: std::io::Error) -> BackupError {
    BackupError::Disk(match error.kind() {
        ErrorKind::StorageFull => DiskError::Full(Spot::root()),
        _ => DiskError::Failed {
            spot: Spot::root(),
            doing,
            cause: error.to_string(),
        },
    })
}
