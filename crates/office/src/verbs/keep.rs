//! Backup and return.

use std::path::Path;

use store::backup::{self, BackedUp, BackupError, RestoreError, Restored};
use store::disk::Spot;

use crate::Office;
use crate::founding::{HOME_FILE, HOUSE_FILE};

impl Office {
    /// Backs the office up into a new folder, while it is in use. Who holds the backup needs the unlock secret to read anything of it,
    /// and members' passphrases to read their circles. The keys of entries lie in a part of their own, `keys.db`, which should not be kept for long:
    /// what is erased here can be read from a backup for as long as that part exists.
    pub fn back_up(&self, target: &Path, progress: &dyn Fn(u64)) -> Result<BackedUp, BackupError> {
        let also: Vec<Spot> = [HOME_FILE, HOUSE_FILE]
            .iter()
            .filter_map(|name| Spot::parse(name))
            .collect();
        backup::backup(
            self.ledger(),
            &*self.disk,
            &self.tiles,
            &also,
            target,
            progress,
        )
    }
}

/// Brings an office back from a backup into a new folder. It signs nothing before its witnesses have answered, or somebody accepts the loss.
pub fn restore(
    from: &Path,
    target: &Path,
    progress: &dyn Fn(u64),
) -> Result<Restored, RestoreError> {
    backup::restore(from, target, progress)
}
