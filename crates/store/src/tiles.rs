//! The record as files: what any web server can host and anybody can mirror (C2SP tlog-tiles; docs/spec/record.md, section 3).
//!
//! `record/tile/…` are written once: first all of them under names in `record/incoming/`, synced; then renamed to their places, and the folders
//! synced. So a name that a reader can ask for never leads to half a tile, and a batch of any size costs two syncs.
//! A crash leaves strays in `record/incoming/`, overwritten by the next batch, or tiles in their places, compared by the next start.

use std::collections::BTreeSet;
use std::sync::Arc;

use record::hash::sha256;
use record::note::NOTE_BYTES_MAX;
use record::tile::Tile;
use register::shelf::{Shelf, ShelfError};

use crate::disk::{Disk, DiskError, Held, Spot, is_there, read_all};

/// The largest tile: 256 leaves of 65,535 bytes, each with its length.
const TILE_BYTES_MAX: u64 = 256 * (65_535 + 2);

/// The record's folder, to read from.
#[derive(Clone)]
pub struct Tiles {
    disk: Arc<dyn Disk>,
}

/// The right to sequence, tile, sign and publish: the lock of `register.lock`, held by one process of all that have the office open.
/// Given up when dropped, or when the process ends, however it ends.
pub struct RegisterLock {
    _held: Box<dyn Held>,
}

impl RegisterLock {
    /// Takes the lock; `None` if somebody else has it (then what was accepted stays pending until they sequence it).
    pub fn take(disk: &dyn Disk) -> Result<Option<RegisterLock>, DiskError> {
        let held = disk.lock(&Spot::built("register.lock".to_owned()))?;
        Ok(held.map(|held| RegisterLock { _held: held }))
    }
}

/// The record's folder, to write to: only the holder of the lock has one.
pub struct Publisher {
    tiles: Tiles,
    _lock: RegisterLock,
}

impl Tiles {
    /// Over the office's folder.
    pub fn new(disk: Arc<dyn Disk>) -> Tiles {
        Tiles { disk }
    }

    /// To write, with the lock.
    pub fn publisher(self, lock: RegisterLock) -> Publisher {
        Publisher {
            tiles: self,
            _lock: lock,
        }
    }

    /// The bytes of a tile; where a partial one was pruned, its beginning of the full one.
    pub fn tile(&self, tile: &Tile) -> Result<Vec<u8>, ShelfError> {
        register::shelf::read_tile(self, tile)
    }

    /// The published checkpoint; `None` if there is none yet.
    pub fn checkpoint(&self) -> Result<Option<Vec<u8>>, ShelfError> {
        match read_all(&*self.disk, &checkpoint_spot(), NOTE_BYTES_MAX as u64) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(DiskError::Absent(_)) => Ok(None),
            Err(error) => Err(told(error)),
        }
    }

    fn get(&self, tile: &Tile) -> Result<Vec<u8>, ShelfError> {
        read_all(&*self.disk, &tile_spot(tile), TILE_BYTES_MAX).map_err(|error| match error {
            DiskError::Absent(_) => ShelfError::Absent(*tile),
            other => told(other),
        })
    }

    fn put(&self, tiles: &[(Tile, Vec<u8>)]) -> Result<(), ShelfError> {
        let mut missing = Vec::new();
        let mut there = Vec::new();
        for (tile, bytes) in tiles {
            match self.get(tile) {
                Ok(found) if found == *bytes => there.push(tile_spot(tile)),
                Ok(_) => return Err(ShelfError::Differs(*tile)),
                Err(ShelfError::Absent(_)) => missing.push((tile_spot(tile), bytes)),
                Err(error) => return Err(error),
            }
        }
        // What is there may be so only in the cache: a process that died after renaming has not synced the folders.
        let mut folders: BTreeSet<Spot> = there.iter().map(Spot::parent).collect();
        self.stage(&missing).map_err(told)?;
        for (number, (spot, _)) in missing.iter().enumerate() {
            self.disk.make_folder(&spot.parent()).map_err(told)?;
            self.disk.rename(&incoming(number), spot).map_err(told)?;
            folders.insert(spot.parent());
        }
        let folders: Vec<Spot> = folders.into_iter().collect();
        self.disk.sync(&there, &folders).map_err(told)
    }

    /// Writes the bytes under provisional names, durably.
    fn stage(&self, missing: &[(Spot, &Vec<u8>)]) -> Result<(), DiskError> {
        self.disk.make_folder(&incoming(0).parent())?;
        let mut staged = Vec::with_capacity(missing.len());
        for (number, (_, bytes)) in missing.iter().enumerate() {
            let spot = incoming(number);
            write_over(&*self.disk, &spot, bytes)?;
            staged.push(spot);
        }
        self.disk.sync(&staged, &[])
    }

    fn prune(&self, full: &[Tile]) -> Result<(), ShelfError> {
        for tile in full {
            let folder = Spot::built(format!("{}.p", tile_spot(tile)));
            for listed in self.disk.list(&folder).map_err(told)? {
                let Some(spot) = folder.child(&listed.name) else {
                    continue;
                };
                self.disk.remove(&spot).map_err(told)?;
            }
        }
        Ok(())
    }

    fn publish(&self, checkpoint: &[u8]) -> Result<(), DiskError> {
        let new = Spot::built("record/checkpoint.new".to_owned());
        self.disk.make_folder(&new.parent())?;
        write_over(&*self.disk, &new, checkpoint)?;
        self.disk.sync(std::slice::from_ref(&new), &[])?;
        self.disk.rename(&new, &checkpoint_spot())?;
        self.disk.sync(&[], &[new.parent()])
    }

    /// The name is that of its content, so that doing it twice does no harm.
    fn retire_checkpoint(&self) -> Result<(), DiskError> {
        let bytes = match read_all(&*self.disk, &checkpoint_spot(), NOTE_BYTES_MAX as u64) {
            Err(DiskError::Absent(_)) => return Ok(()),
            other => other?,
        };
        let retired = Spot::built(format!("record/retired/{}", sha256(&bytes)));
        self.disk.make_folder(&retired.parent())?;
        self.disk.rename(&checkpoint_spot(), &retired)?;
        self.disk
            .sync(&[], &[retired.parent(), checkpoint_spot().parent()])
    }
}

/// Reading is for everybody; of the writing methods, only those of a [`Publisher`] do anything.
impl Shelf for Tiles {
    fn put(&self, _tiles: &[(Tile, Vec<u8>)]) -> Result<(), ShelfError> {
        Err(without_lock())
    }

    fn get(&self, tile: &Tile) -> Result<Vec<u8>, ShelfError> {
        Tiles::get(self, tile)
    }

    fn prune(&self, _full: &[Tile]) -> Result<(), ShelfError> {
        Err(without_lock())
    }

    fn checkpoint(&self) -> Result<Option<Vec<u8>>, ShelfError> {
        Tiles::checkpoint(self)
    }

    fn publish(&self, _checkpoint: &[u8]) -> Result<(), ShelfError> {
        Err(without_lock())
    }

    fn retire_checkpoint(&self) -> Result<(), ShelfError> {
        Err(without_lock())
    }
}

impl Shelf for Publisher {
    fn put(&self, tiles: &[(Tile, Vec<u8>)]) -> Result<(), ShelfError> {
        self.tiles.put(tiles)
    }

    fn get(&self, tile: &Tile) -> Result<Vec<u8>, ShelfError> {
        self.tiles.get(tile)
    }

    fn prune(&self, full: &[Tile]) -> Result<(), ShelfError> {
        self.tiles.prune(full)
    }

    fn checkpoint(&self) -> Result<Option<Vec<u8>>, ShelfError> {
        self.tiles.checkpoint()
    }

    fn publish(&self, checkpoint: &[u8]) -> Result<(), ShelfError> {
        self.tiles.publish(checkpoint).map_err(told)
    }

    fn retire_checkpoint(&self) -> Result<(), ShelfError> {
        self.tiles.retire_checkpoint().map_err(told)
    }
}

/// Writes a file anew, whatever lay there; not durable yet.
pub(crate) fn write_over(disk: &dyn Disk, spot: &Spot, bytes: &[u8]) -> Result<(), DiskError> {
    if is_there(disk, spot)? {
        disk.remove(spot)?;
    }
    disk.create(spot)?.append(bytes)
}

fn told(error: DiskError) -> ShelfError {
    match error {
        DiskError::Full(_) => ShelfError::Full,
        DiskError::NotKept { .. } => ShelfError::Fatal(error.to_string()),
        other => ShelfError::Failed(other.to_string()),
    }
}

fn without_lock() -> ShelfError {
    ShelfError::Failed("only the holder of register.lock writes the record".to_owned())
}

/// Where the tile lies in the office's folder.
pub(crate) fn tile_spot(tile: &Tile) -> Spot {
    Spot::built(format!("record/{}", tile.path()))
}

fn checkpoint_spot() -> Spot {
    Spot::built("record/checkpoint".to_owned())
}

fn incoming(number: usize) -> Spot {
    Spot::built(format!("record/incoming/{number}"))
}
